"""Plans that are adapted while they are driven."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta

import pytest

import milkrun
from milkrun import AdaptError, ChangePrices, MaxIterations, Model, Plan, Problem, events

ENOUGH = MaxIterations(50)


def two_sides(**units: float) -> tuple[Problem, Plan]:
    """Three vans in a yard; two are to serve a client at ten and one at twenty, each on its own side."""
    model = Model("two sides", **units)  # type: ignore[arg-type]
    yard = model.add_depot(0, 0, name="yard")
    for x, name in [(10, "near east"), (20, "far east"), (-10, "near west"), (-20, "far west")]:
        model.add_client(x, 0, name=name)
    model.add_vehicle_type(
        3, depot=yard, max_distance=100, shift=(0, 500), cost_per_duration=1, cost_per_distance=1, name="van"
    )
    problem = model.build()
    plan = problem.plan(
        [
            {"start": 0, "trips": [[0, 1]]},
            {"start": 0, "trips": [[2, 3]]},
        ]
    )
    return problem, plan


def test_another_van_takes_over() -> None:
    problem, plan = two_sides()
    adapted = problem.adapt(plan, now=12, events=[events.BrokenDown(route=0)], stop=ENOUGH)
    assert adapted.is_feasible
    assert adapted.plan.check().is_truthful
    moved = [change for change in adapted.difference.changes if change.change == "moved"]
    assert [(change.name, change.kind, change.index, change.route_before, change.cause) for change in moved] == [
        ("far east", "client", 1, 0, 0)
    ]
    assert str(moved[0]).startswith("client 1 (far east) moves from route 0 at 20 to route ")
    assert moved[0].text in str(adapted.difference)
    # The broken van has served the client before, and stays there; its published route cannot be followed.
    assert adapted.published_route == (0, 1, None)
    assert [visit.name for visit in adapted.plan.routes[0].visits] == ["near east"]
    assert not adapted.followed.is_feasible
    assert adapted.problem.num_vehicles == 3
    assert adapted.repaired_after > 0
    assert adapted.stopped in ("max_iterations", "trivial")
    # The function is the same.
    again = milkrun.adapt(problem, plan, now=12, events=[events.BrokenDown(route=0)], stop=ENOUGH)
    assert again.plan == adapted.plan
    # What was adapted can be adapted again, later.
    later = adapted.problem.adapt(adapted.plan, now=20, events=[events.Late(1, by=4)], keep="vehicles", stop=ENOUGH)
    assert later.is_feasible
    assert {(change.change, change.cause) for change in later.difference.changes} == {("retimed", None)}


def test_parts_are_named() -> None:
    problem, plan = two_sides()
    called = [
        events.Added(x=15, y=0, service=5, name="late call"),
        events.Changed("late call", service=6),
        events.Cancelled("far west"),
        events.Available("van", since=30),
    ]
    adapted = problem.adapt(plan, now=1, events=called, stop=ENOUGH)
    assert adapted.problem.clients[4][1] == "late call"
    assert adapted.problem.num_vehicles == 4
    assert 4 in {visit.index for route in adapted.plan.routes for visit in route.visits}
    assert {change.change for change in adapted.difference.changes if change.name == "far west"} == {"dropped"}
    with pytest.raises(KeyError, match="no Client of this problem is called 'quarry'"):
        problem.adapt(plan, now=1, events=[events.Cancelled("quarry")])
    with pytest.raises(KeyError, match="no VehicleType"):
        problem.adapt(plan, now=1, events=[events.Available("boat")])


def test_numbers_are_in_the_units_of_the_model() -> None:
    problem, plan = two_sides(time_scale=10, cost_scale=10)
    assert plan.routes[0].visits[1].start == pytest.approx(2.0)  # planar travel is not scaled: 20 tenths of a second
    adapted = problem.adapt(
        plan,
        now=0.1,
        events=[events.Done(0, 1, at=3.05), events.Late(1, by=timedelta(seconds=1.5))],
        stop=ENOUGH,
        keep="order",
    )
    starts = {visit.name: visit.start for route in adapted.plan.routes for visit in route.visits}
    # 30.5 tenths are rounded up, and ten tenths further on is the next client.
    assert starts["far east"] == pytest.approx(4.1)
    assert starts["near west"] == pytest.approx(2.5)
    change = next(change for change in adapted.difference.changes if change.name == "far east")
    assert (change.change, change.start_before, change.start_after) == ("retimed", 2.0, 4.1)
    assert adapted.difference.cost[0] == pytest.approx(plan.cost)
    assert adapted.difference.duration[1] > adapted.difference.duration[0] == pytest.approx(8.0)


def day_of_dates() -> tuple[Problem, Plan]:
    model = Model()
    eight = datetime(2026, 5, 4, 8)
    yard = model.add_depot(0, 0)
    for x in (600, 1200, 1800):
        model.add_client(x, 0, service=timedelta(minutes=10), name=f"at {x}")
    model.add_vehicle_type(2, depot=yard, shift=(eight, eight + timedelta(hours=8)))
    problem = model.build()
    return problem, problem.plan([{"start": eight, "trips": [[0, 1, 2]]}])


def test_times_are_those_of_the_model() -> None:
    problem, plan = day_of_dates()
    moments: list[tuple[datetime | time | timedelta, timedelta | float]] = [
        (datetime(2026, 5, 4, 8, 5), timedelta(minutes=20)),
        (time(8, 5), 1200),
        (timedelta(hours=8, minutes=5), 1200.0),
    ]
    for now, late in moments:
        adapted = problem.adapt(plan, now=now, events=[events.Late(0, by=late)], keep="vehicles", stop=ENOUGH)
        first = adapted.plan.routes[0].visits[0]
        assert adapted.plan.when(first.start) == datetime(2026, 5, 4, 8, 30)
    # A moment may be the first that has a date.
    other, published = two_sides()
    adapted = other.adapt(published, now=datetime(2026, 5, 4, 0, 0, 5), stop=ENOUGH)
    assert adapted.problem.units.origin == datetime(2026, 5, 4)
    assert other.units.origin is None


def test_prices_and_what_is_kept() -> None:
    problem, _ = two_sides()
    # The second van drives 80 for as long, 40 of it for a client on the other side.
    plan = problem.plan([{"start": 0, "trips": [[0]]}, {"start": 0, "trips": [[2, 3, 1]]}])

    def moved(**asked: object) -> list[str]:
        adapted = problem.adapt(plan, now=1, stop=ENOUGH, **asked)  # type: ignore[arg-type]
        return [change.name for change in adapted.difference.changes if change.change == "moved"]

    assert moved(prices=ChangePrices()) == ["far east"]
    assert moved(prices=ChangePrices(other_vehicle=1_000)) == []
    assert moved(prices=ChangePrices(), keep="vehicles") == []
    assert moved(prices=ChangePrices(), keep="vehicles", keep_until=5) == ["far east"]
    # 200 for four stops: half of 50 is less than is saved.
    assert plan.cost == 200
    assert plan.change_prices() == ChangePrices(other_vehicle=25, dropped=500, called_out=50)
    assert moved() == ["far east"]
    with pytest.raises(ValueError, match="keep is 'all'"):
        problem.adapt(plan, now=1, keep="all")  # type: ignore[arg-type]


def waste_day() -> tuple[Problem, Plan]:
    """Four containers in a row and a landfill; loads in tenths."""
    model = Model(load_scale=10)
    yard = model.add_depot(lon=5.0, lat=52.0)
    tip = model.add_disposal_site(lon=5.0, lat=52.05, service=600, name="tip")
    for i in range(4):
        model.add_client(lon=5.0 + 0.02 * (i + 1), lat=52.0, pickup=1.5, service=300, name=f"container {i}")
    model.add_vehicle_type(2, depot=yard, capacity=9, disposal_sites=[tip], end_empty=True, name="truck")
    problem = model.build()
    return problem, problem.plan([{"start": 0, "trips": [[0, 1, 2, 3, ("dispose", 0)]]}])


def test_every_kind_of_event_is_taken_in() -> None:
    problem, plan = waste_day()
    first = plan.routes[0].trips[0].visits[0]
    now = first.start + 300

    def adapted(*happened: events.Event) -> milkrun.Adaptation:
        found = problem.adapt(plan, now=now, events=happened, stop=ENOUGH, keep="order")
        assert found.plan.check().is_truthful
        return found

    def end(of: milkrun.Adaptation) -> float:
        return max(route.end for route in of.plan.routes)

    usual = end(adapted())
    assert end(adapted(events.SiteQueue("tip", by=timedelta(minutes=5)))) == usual + 300
    assert end(adapted(events.SiteClosed(0, start=0, end=timedelta(hours=6)))) > 6 * 3600
    assert end(adapted(events.Slow(now, now + 3600, percent=50))) > usual
    assert not adapted(events.ShiftEnds(0, at=usual - 60)).followed.is_feasible
    heavier = adapted(events.Load(0, more=2.5))
    assert heavier.plan.routes[0].trips[0].visits[0].load == (4.0,)
    window = (timedelta(hours=2), timedelta(hours=3))
    changed = adapted(
        events.Changed("container 3", pickup=2, service=60, time_window=window, required=False, prize=10**6)
    )
    assert end(changed) > 2 * 3600
    added = adapted(
        events.Added(location=0, pickup=0.5, time_window=(None, timedelta(hours=5)), prize=10**6, name="at the yard"),
        events.Added(lon=5.03, lat=52.0, delivery=1, service=60, name="new"),
    )
    assert [client[1] for client in added.problem.clients[4:]] == ["at the yard", "new"]
    assert {change.name for change in added.difference.changes if change.change == "inserted"} == {"at the yard", "new"}
    more = adapted(events.Available("truck"), events.BrokenDown(0))
    assert more.problem.num_vehicles == 3


def test_all_faults_come_at_once() -> None:
    problem, plan = two_sides()
    happened = [
        events.BrokenDown(7),
        events.BrokenDown(0),
        events.Late(0, by=5),
        events.Cancelled(0),
        events.Cancelled(99),
        events.ShiftEnds(1, at=3),
        events.SiteQueue(0, by=3),
        events.Slow(9, 9, percent=50),
        events.Slow(9, 10, percent=0),
    ]
    with pytest.raises(AdaptError) as caught:
        problem.adapt(plan, now=12, events=happened)
    assert caught.value.code == "adapt"
    assert [issue.path for issue in caught.value.issues] == [
        "events[0].broken_down.route",
        "events[2].late.route",
        "events[3].cancelled.client",
        "events[4].cancelled.client",
        "events[5].shift_ends.at",
        "events[6].site_queue.site",
        "events[7].slow.to",
        "events[8].slow.percent",
    ]
    # What cannot be said in the solver's units comes with the rest.
    happened = [events.BrokenDown(7), events.Late(-1, by=float("nan")), events.Changed(0, pickup=0.5)]
    with pytest.raises(AdaptError, match="the adaptation has 4 faults") as caught:
        problem.adapt(plan, now=1, events=happened)
    assert [issue.path for issue in caught.value.issues] == [
        "events[1].late.route",
        "events[1].late.by",
        "events[2].changed.pickup[0]",
        "events[0].broken_down.route",
    ]
    with pytest.raises(AdaptError, match="after the end of every route"):
        problem.adapt(plan, now=501)
    with pytest.raises(AdaptError, match="is not a plan of this problem"):
        day_of_dates()[0].adapt(plan, now=1)


def test_what_is_no_event_is_refused() -> None:
    problem, plan = two_sides()
    with pytest.raises(TypeError, match=r"events\[0\] must be one of milkrun\.events, not 'route 0 down'"):
        problem.adapt(plan, now=1, events=["route 0 down"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="give x and y, or lon and lat, or a location"):
        problem.adapt(plan, now=1, events=[events.Added(x=3)])
    with pytest.raises(TypeError, match="must be a whole number"):
        problem.adapt(plan, now=1, events=[events.BrokenDown(0.5)])  # type: ignore[arg-type]


def test_plans_are_compared() -> None:
    problem, plan = two_sides()
    other = problem.plan([{"start": 0, "trips": [[0]]}, {"start": 0, "trips": [[1, 2, 3]]}])
    difference = milkrun.diff(problem, plan, other)
    assert str(difference).splitlines() == [
        "client 1 (far east) moves from route 0 at 20 to route 1 at 20",
        "client 2 (near west) is served 40 later by route 1, at 50 instead of 10",
        "client 3 (far west) is served 40 later by route 1, at 60 instead of 20",
    ]
    assert difference.routes == (2, 2)
    assert difference.distance == (80, 100)
    assert [change.change for change in problem.diff(plan, other, tolerance=40).changes] == ["moved"]
    assert str(problem.diff(plan, plan)) == "nothing changes"
    with pytest.raises(milkrun.SettingError, match="tolerance is -1"):
        problem.diff(plan, other, tolerance=-1)
    with pytest.raises(milkrun.MilkrunError):
        day_of_dates()[0].diff(plan, other)


def test_an_adaptation_ends_when_it_is_told(big: Problem) -> None:
    plan = big.solve(stop=MaxIterations(1)).plan
    token = milkrun.CancelToken()
    heard = []

    def listen(progress: milkrun.Progress) -> None:
        heard.append(progress)
        token.cancel()

    adapted = big.adapt(plan, now=0, stop=60, progress=listen, cancel=token)
    assert (adapted.stopped, bool(heard)) == ("cancelled", True)
    assert adapted.plan.check().is_truthful
    # Other threads run meanwhile.
    seen = threading.Event()
    threading.Timer(0.05, seen.set).start()
    big.adapt(plan, now=0, stop=0.5)
    assert seen.is_set()
