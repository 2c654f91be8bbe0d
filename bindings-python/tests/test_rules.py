"""The working day: what the model says, what plans and explanations tell of it."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from conftest import ROOT
from test_vectors import model_of

import milkrun
from milkrun import Break, Compartment, DriverRule, MaxIterations, Model, Overtime, Rate, SoftWindow

RULES = sorted((ROOT / "examples" / "data" / "rules").glob("*.json"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_can_be_said(path: Any) -> None:
    text = path.read_text()
    built, read = model_of(json.loads(text)).build(), milkrun.read(path)
    assert json.loads(built.to_json()) == json.loads(read.to_json())
    stop = MaxIterations(100)
    plan = milkrun.solve(built, stop=stop).plan
    assert plan.to_json() == milkrun.solve(read, stop=stop).plan.to_json()
    assert plan.check().is_truthful


def test_there_are_days() -> None:
    assert len(RULES) >= 13


def city(**vehicle: Any) -> Model:
    """Three bins along a line, a landfill at its end, and a truck that takes two of them at a time."""
    model = Model()
    yard = model.add_depot(0, 0, name="yard")
    for i in range(3):
        model.add_client(100 * (i + 1), 0, pickup=4, service=60, name=f"bin {i}")
    tip = model.add_disposal_site(
        400, 0, service=30, unloading=Rate(2), visit_cost=7, tipping_fee=Rate(3, per=2), name="tip"
    )
    fields = {"capacity": 8, "depot": yard, "disposal_sites": [tip], "end_empty": True, "cost_per_duration": 1}
    model.add_vehicle_type(**{**fields, **vehicle})
    return model


def test_disposal_is_part_of_the_plan() -> None:
    plan = city().solve(stop=MaxIterations(300)).plan
    assert plan.is_feasible
    visits = [visit for visit in plan.routes[0].visits if visit.kind == "dispose"]
    assert [visit.name for visit in visits] == ["tip", "tip"]
    assert visits[-1].load == (0,)
    # Two visits at 7, and 12 units at three for every two.
    assert plan.breakdown.disposal == 2 * 7 + 18
    assert plan.problem.disposal_sites[0][1] == "tip"
    assert "tip" in plan.to_html()
    assert set(plan.to_pandas()["kind"]) == {"client", "dispose"}
    points = [f for f in plan.to_geojson()["features"] if f["properties"].get("kind") == "dispose"]
    assert len(points) == 2


def test_breaks_rules_and_figures() -> None:
    model = city(
        shift=(time(6), time(20)),
        breaks=[
            Break((timedelta(hours=6), timedelta(hours=6, minutes=5)), timedelta(minutes=20), paid=False, name="tea")
        ],
        driver_rules=[DriverRule.eu_561(), DriverRule("work", 36_000, 600)],
        overtime=[Overtime(300, 2)],
    )
    route = model.solve(stop=MaxIterations(300)).plan.routes[0]
    tea = next(visit for visit in route.visits if visit.kind == "break")
    assert (tea.name, tea.departure - tea.start) == ("tea", 1200)
    assert (route.pauses, route.paid) == (1200, route.duration - 1200)
    assert route.breakdown.overtime == 2 * (route.paid - 300)
    assert route.work >= route.driving
    assert DriverRule.us_30_minutes().any_pause


def test_numbers_are_scaled() -> None:
    model = Model(time_scale=10, load_scale=100, cost_scale=10)
    yard = model.add_depot(0, 0)
    model.add_client(10, 0, pickup=1.5, soft_window=SoftWindow((None, 1), cost_per_late=2))
    tip = model.add_disposal_site(20, 0, tipping_fee=Rate(2.5, per=0.5), unloading=Rate(timedelta(seconds=3)))
    model.add_vehicle_type(capacity=2, depot=yard, disposal_sites=[tip], end_empty=True)
    model.travel_matrix([[0, 10, 20], [10, 0, 10], [20, 10, 0]])
    plan = model.solve(stop=MaxIterations(50)).plan
    assert plan.breakdown.disposal == 7.5
    dispose = plan.routes[0].visits[-1]
    assert dispose.departure - dispose.start == pytest.approx(4.5)
    assert plan.breakdown.windows == 2 * 9


def test_materials_and_ties() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    glass, paper = model.add_material("glass"), model.add_material("paper")
    model.separate_materials(glass, "paper")
    clients = [model.add_client(10 * i, 5, pickup=1, material=(glass, paper)[i % 2], name=str(i)) for i in range(6)]
    site = model.add_disposal_site(0, 50, materials=[glass, paper])
    model.add_vehicle_type(
        capacity=10,
        depot=yard,
        disposal_sites=[site],
        compartments=[Compartment([glass], 3), Compartment(["paper"])],
        name="two chambers",
    )
    model.add_vehicle_type(2, capacity=10, depot=yard, disposal_sites=[site], name="packer")
    model.add_sequence([clients[0], clients[2]])
    model.add_precedence(clients[1], clients[3])
    model.add_incompatible(["4", "5"])
    model.add_same_vehicle([0, 1])
    model.add_all_or_none([4, 5])
    model.add_pin("3", "two chambers", "last")
    model.add_goal("vehicles")
    model.add_goal("makespan", 2)
    plan = model.solve(stop=MaxIterations(500)).plan
    assert plan.is_feasible
    assert plan.check().is_truthful
    assert plan.problem.materials == ["glass", "paper"]
    assert plan.breakdown.goals > 0


def test_vehicles_may_be_named_before_they_are_added() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    model.add_client(1, 0, allowed_vehicles=["van"], name="old town")
    model.add_client(2, 0, forbidden_vehicles=["van"], service_by_type={"truck": 30}, service=60)
    model.add_client(3, 0, skills=["crane"], priority=2)
    model.add_vehicle_type(depot=yard, name="van")
    model.add_vehicle_type(depot=yard, skills=["crane"], name="truck")
    plan = model.solve(stop=MaxIterations(100)).plan
    assert {visit.name for visit in plan.routes[0].visits} <= {"old town", ""}
    assert len(plan.routes) == 2
    unknown = Model()
    unknown.add_client(0, 0, allowed_vehicles=["unknown"])
    with pytest.raises(KeyError, match="no VehicleType of this model is called 'unknown'"):
        unknown.build()


def test_what_is_done_stays_done() -> None:
    model = city(executed=["bin 1", ("dispose", "tip")])
    first = model.solve(stop=MaxIterations(100)).plan.routes[0].visits
    assert [(visit.kind, visit.name) for visit in first[:2]] == [("client", "bin 1"), ("dispose", "tip")]
    with pytest.raises(ValueError, match="of the kind 'lunch'"):
        city(executed=[("lunch", 0)])
    with pytest.raises(KeyError, match="no break of this vehicle type is called 'tea'"):
        city(executed=[("break", "tea")])


def test_speeds_and_frames() -> None:
    model = Model(origin=datetime(2026, 3, 2))
    yard = model.add_depot(0, 0)
    model.add_material("glass")
    rows = {
        "x": [600, 0],
        "y": [0, 600],
        "pickup": [1, 1],
        "material": ["glass", None],
        "priority": [1, 0],
        "skills": [["a"], []],
    }
    model.add_clients(rows)
    model.add_disposal_site(0, 0)
    model.add_vehicle_type(depot=yard, disposal_sites=[0], skills=["a"], shift=(datetime(2026, 3, 2, 8), None))
    model.travel_matrix([[0, 600, 600, 1], [600, 0, 800, 600], [600, 800, 0, 600], [1, 600, 600, 0]])
    model.set_speeds([(time(0), 50)])
    route = model.solve(stop=MaxIterations(50)).plan.routes[0]
    assert route.driving == 2 * route.distance


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"breaks": [Break((10, 5), 60)]}, "vehicle_types[0].breaks[0].start"),
        ({"breaks": [Break((0, 5), -1)]}, "vehicle_types[0].breaks[0].duration"),
        ({"driver_rules": [DriverRule("driving", 0, 10)]}, "vehicle_types[0].driver_rules[0].max"),
        ({"driver_rules": [DriverRule("work", 10, 10, (0, 5))]}, "vehicle_types[0].driver_rules[0].split"),
        ({"overtime": [Overtime(10, 1), Overtime(5, 1)]}, "vehicle_types[0].overtime[1].after"),
        ({"max_driving": -5}, "vehicle_types[0].max_driving"),
        ({"max_work": -5}, "vehicle_types[0].max_work"),
        ({"cost_per_waiting": -1}, "vehicle_types[0].cost_per_waiting"),
        ({"max_route_load": [1, 2]}, "vehicle_types[0].max_route_load"),
        ({"compartments": [Compartment([], -3)]}, "vehicle_types[0].compartments[0].capacity"),
        ({"cost_per_waiting": 0.5}, "vehicle_types[0].cost_per_waiting"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults_have_places(change: dict[str, Any], path: str) -> None:
    with pytest.raises(milkrun.ValidationError) as caught:
        city(**change).build()
    assert [issue.path for issue in caught.value.issues if issue.path.startswith(path)]


def test_other_faults_have_places_too() -> None:
    model = city()
    model.add_client(0, 0, time_windows=[(5, 9), (7, 8)], priority=300)
    model.add_client(0, 0, soft_window=SoftWindow((9, 5), -1))
    model.add_disposal_site(0, 0, hours=[(9, 5)], visit_cost=-1, tipping_fee=Rate(-1, per=0), daily_capacity=[-1])
    model.add_goal("makespan", -1)
    model.set_speeds([(0, 0)])
    model.set_speeds([(0, 50)], profile=7)
    with pytest.raises(milkrun.ValidationError) as caught:
        model.build()
    paths = {issue.path for issue in caught.value.issues}
    for start in (
        "clients[3].time_windows[1]",
        "clients[3].priority",
        "clients[4].soft_window",
        "disposal_sites[1].hours[0]",
        "disposal_sites[1].visit_cost",
        "disposal_sites[1].tipping_fee[0]",
        "disposal_sites[1].daily_capacity",
        "goals[0].weight",
        "speeds[0]",
        "speeds[7]",
    ):
        assert any(path.startswith(start) for path in paths), (start, paths)
    with pytest.raises(TypeError, match="give a time_window, or time_windows"):
        model.add_client(0, 0, time_window=(0, 1), time_windows=[(0, 1)])
    with pytest.raises(TypeError, match="skills must be a list of words"):
        model.add_client(0, 0, skills="crane")
    with pytest.raises(ValueError, match="effort is 'sleep'"):
        city(driver_rules=[DriverRule("sleep", 1, 1)])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='measure is "beauty"'):
        model.add_goal("beauty")  # type: ignore[arg-type]


def test_why_somebody_is_left_out() -> None:
    model = Model(load_scale=10)
    yard = model.add_depot(0, 0)
    model.add_client(10, 0, pickup=9.5, required=False, prize=1000, name="heavy")
    model.add_client(20, 0, pickup=1, skills=["crane"], required=False, prize=1000, name="high")
    model.add_client(5000, 0, pickup=1, required=False, prize=3, name="far")
    model.add_vehicle_type(capacity=5, depot=yard, name="truck")
    plan = model.solve(stop=MaxIterations(100)).plan
    assert plan.explain() == milkrun.explain(plan.problem, plan)
    heavy, high, far = plan.explain()
    assert (heavy.kind, heavy.index, heavy.name, heavy.prize, heavy.is_impossible) == ("client", 0, "heavy", 1000, True)
    obstacle = heavy.by_type[0].obstacles[0]
    assert (obstacle.kind, dict(obstacle.numbers)) == ("too_much", {"dimension": 0, "amount": 9.5, "capacity": 5})
    relaxation = next(r for r in heavy.relaxations if r.kind == "capacity")
    assert relaxation.numbers["by"] == 4.5
    assert high.by_type[0].obstacles[0].words == ("crane",)
    assert any(r.kind == "skill" and r.skill == "crane" for r in high.relaxations)
    assert (far.is_impossible, far.by_type[0].kind, far.by_type[0].cost) == (False, "possible", 10_000)
    assert any(r.kind == "prize" and r.numbers["by"] == 9_998 for r in far.relaxations)
    assert "far" in str(far) or "client 2" in str(far)
    assert str(obstacle) == obstacle.text
    assert str(relaxation) == relaxation.text
    assert model.build().plan([]).explain()
    assert all(each.is_complete for each in plan.explain())


def test_an_explanation_that_runs_out_of_time_says_so() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    model.add_client(10, 0)
    model.add_vehicle_type(depot=yard)
    plan = model.build().plan([])
    token = milkrun.CancelToken()
    token.cancel()
    for explanations in (plan.explain(max_runtime=0), plan.explain(cancel=token, max_runtime=None)):
        assert [(each.searched, each.is_complete, each.by_type) for each in explanations] == [("nothing", False, ())]
        assert "not examined" in str(explanations[0])
    with pytest.raises(milkrun.SettingError, match="max_runtime"):
        plan.explain(max_runtime=-1)


def test_relations_that_stand_in_the_way_are_named() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    early = model.add_client(10, 0, time_window=(500, 600))
    late = model.add_client(20, 0, time_window=(100, 300))
    model.add_vehicle_type(depot=yard)
    model.add_precedence(early, late)
    (why,) = model.solve(stop=MaxIterations(100)).plan.explain()
    assert (why.by_type[0].kind, why.by_type[0].relation) == ("tied", 0)
    assert any(r.kind == "relation" and r.numbers["relation"] == 0 for r in why.relaxations)
    assert "precedence" in str(why)


def test_what_people_say_goes_into_the_problem() -> None:
    said: dict[str, Any] = {"remarks": "mind the dog", "tags": {"order": "A7"}}
    model = Model()
    yard = model.add_depot(0, 0, **said)
    model.add_client(10, 0, name="farm", **said)
    model.add_shipment({"x": 1, "y": 0}, {"x": 2, "y": 0}, **said)
    tip = model.add_disposal_site(5, 0, **said)
    model.add_vehicle_type(depot=yard, disposal_sites=[tip], **said)
    document = json.loads(model.build().to_json())
    for kind in ("depots", "clients", "shipments", "disposal_sites", "vehicle_types"):
        assert {key: document[kind][0][key] for key in said} == said, kind
    with pytest.raises(TypeError, match="tags"):
        model.add_client(1, 0, tags="A7")  # type: ignore[arg-type]


def test_a_place_is_set_up_once() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    gate = model.add_location(10, 0)
    for _ in range(2):
        model.add_client(location=gate, service=5, setup=30)
    model.add_shipment({"location": gate, "setup": 7}, {"x": 20, "y": 0, "setup": 3})
    model.add_vehicle_type(depot=yard)
    problem = model.build()
    assert [client["setup"] for client in json.loads(problem.to_json())["clients"]] == [30, 30]
    plan = model.solve(stop=MaxIterations(200)).plan
    [route] = plan.routes
    # 40 of driving; one of the three stops sets up the first place, whichever costs least time is not asked for.
    document = json.loads(plan.to_json())
    setups = [visit.get("setup", 0) for trip in document["routes"][0]["trips"] for visit in trip["visits"]]
    assert sorted(setups)[:3] == [0, 0, 3]
    assert max(setups) in (7, 30)
    assert route.duration == 40 + 10 + sum(setups)


def test_a_window_that_covers_the_service() -> None:
    def unserved(late: int, covers: str) -> int:
        model = Model()
        yard = model.add_depot(0, 0)
        window: dict[str, Any] = {"time_window": (0, late), "window_covers": covers}
        model.add_client(10, 0, service=5, required=False, prize=99, **window)
        model.add_vehicle_type(depot=yard)
        return len(model.solve(stop=MaxIterations(100)).plan.unserved_clients)

    assert [unserved(14, "service"), unserved(15, "service"), unserved(14, "start")] == [1, 0, 0]
    with pytest.raises(ValueError, match="window_covers"):
        unserved(14, "end")
    stop = {"x": 1, "y": 0, "service": 5, "time_window": (0, 9), "window_covers": "service"}
    model = Model()
    model.add_shipment(stop, {"x": 2, "y": 0})
    model.add_vehicle_type(depot=model.add_depot(0, 0))
    assert json.loads(model.build().to_json())["shipments"][0]["pickup"]["window_covers"] == "service"
