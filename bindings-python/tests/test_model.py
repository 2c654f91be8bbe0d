"""The model: what its parts mean, and that nothing is lost between a model and the solver."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from milkrun import MaxIterations, Model, Problem, SettingError, ValidationError


def document(problem: Problem) -> dict[str, Any]:
    """The problem as JSON says it."""
    read: dict[str, Any] = json.loads(problem.to_json())
    return read


def small(**units: Any) -> tuple[Model, Any]:
    model = Model(**units)
    return model, model.add_depot(0, 0, name="yard")


def test_every_field_reaches_the_solver() -> None:
    model = Model("all")
    spot = model.add_location(1, 2, name="spot")
    yard = model.add_depot(0, 0, open=(10, 900), service=5, name="yard")
    tip = model.add_depot(location=spot, name="tip")
    group = model.add_group(required=False, name="either")
    client = model.add_client(
        location="spot",
        delivery=[1, 2],
        pickup=[3, 4],
        service=6,
        time_window=(20, 80),
        release=7,
        prize=50,
        required=False,
        group="either",
        name="bakery",
    )
    model.add_client(5, 6, group=group)
    model.add_shipment(
        {"location": spot, "service": 2, "time_window": (None, 70)},
        {"x": 9, "y": 9},
        [1, 0],
        prize=3,
        required=False,
        name="parcel",
    )
    model.add_vehicle_type(
        2,
        capacity=[9, 9],
        start=yard,
        end="tip",
        fixed_cost=100,
        cost_per_distance=2,
        cost_per_duration=3,
        shift=(0, 800),
        max_duration=700,
        max_distance=600,
        allowed_clients=[client],
        reload_depots=[tip],
        max_trips=2,
        name="van",
    )
    model.set_backhauls("after_linehauls")
    model.travel_euclidean("exact")
    read = document(model.build())
    assert read["name"] == "all"
    assert read["travel"] == {"type": "euclidean", "rounding": "exact"}
    assert read["backhauls"] == "after_linehauls"
    assert [place.get("name", "") for place in read["locations"]] == ["spot", "yard", "", "parcel"]
    assert read["depots"][0] == {"name": "yard", "location": "yard", "time_window": [10, 900], "service": 5}
    assert read["clients"][0] == {
        "name": "bakery",
        "location": "spot",
        "delivery": [1, 2],
        "pickup": [3, 4],
        "service": 6,
        "time_window": [20, 80],
        "release": 7,
        "prize": 50,
        "required": False,
        "group": "either",
    }
    assert read["clients"][1]["group"] == "either"
    shipment = read["shipments"][0]
    assert (shipment["amount"], shipment["prize"], shipment["required"]) == ([1, 0], 3, False)
    assert shipment["pickup"] == {"location": "spot", "service": 2, "time_window": [0, 70]}
    assert read["vehicle_types"][0] == {
        "name": "van", "count": 2, "capacity": [9, 9], "start": "yard", "end": "tip", "fixed_cost": 100,
        "cost_per_distance": 2, "cost_per_duration": 3, "shift": [0, 800], "max_duration": 700, "max_distance": 600,
        "allowed_clients": ["bakery"], "reload_depots": ["tip"], "max_trips": 2,
    }  # fmt: skip


def test_scales_go_in_and_come_back() -> None:
    model, yard = small(distance_scale=100, time_scale=10, load_scale=2, cost_scale=1000)
    model.add_client(delivery=1.5, service=0.3, time_window=(0.5, 99.9), name="a")
    model.add_vehicle_type(1, capacity=2.5, depot=yard, fixed_cost=0.25, cost_per_distance=0.5, cost_per_duration=0.02)
    model.travel_matrix([[0, 1.25], [2.75, 0]], [[0, 10.0], [20.0, 0]])
    problem = model.build()
    read = document(problem)
    assert read["travel"]["profiles"][0] == {"distance": [[0, 125], [275, 0]], "duration": [[0, 100], [200, 0]]}
    assert read["clients"][0]["time_window"] == [5, 999]
    assert (read["clients"][0]["delivery"], read["vehicle_types"][0]["capacity"]) == ([3], [5])
    vehicle = read["vehicle_types"][0]
    assert (vehicle["fixed_cost"], vehicle["cost_per_distance"], vehicle["cost_per_duration"]) == (250, 5, 2)
    plan = problem.plan([[0]])
    assert plan.distance == pytest.approx(4.0)
    assert plan.routes[0].duration == pytest.approx(30.3)
    assert plan.cost == pytest.approx(0.25 + 4.0 * 0.5 + 30.3 * 0.02)
    assert plan.breakdown.total == pytest.approx(plan.cost)
    assert plan.routes[0].trips[0].load == (1.5,)
    assert problem.distance(0, 1) == pytest.approx(1.25)


def test_whole_numbers_stay_whole() -> None:
    model, yard = small()
    model.add_client(3, 4, delivery=1)
    model.add_vehicle_type(depot=yard)
    result = model.solve(stop=MaxIterations(10))
    assert (result.cost, type(result.cost)) == (10, int)


def test_datetimes_count_from_the_midnight_before_the_first() -> None:
    model, yard = small()
    model.add_client(
        3, 4, service=timedelta(minutes=5), time_window=(datetime(2026, 3, 1, 8), datetime(2026, 3, 1, 9, 30))
    )
    model.add_vehicle_type(depot=yard, shift=(time(6, 30), timedelta(hours=18)), max_duration=timedelta(hours=9))
    problem = model.build()
    read = document(problem)
    assert read["clients"][0]["time_window"] == [8 * 3600, 9 * 3600 + 1800]
    assert read["vehicle_types"][0]["shift"] == [6 * 3600 + 1800, 18 * 3600]
    assert problem.units.origin == datetime(2026, 3, 1)
    plan = problem.plan([[0]])
    visit = plan.routes[0].visits[0]
    assert plan.when(visit.start) == datetime(2026, 3, 1, 8)
    frame = plan.to_pandas()
    assert frame["start"][0] == datetime(2026, 3, 1, 8)


def test_origin_and_time_zones() -> None:
    origin = datetime(2026, 3, 1, tzinfo=timezone.utc)
    model, yard = small(origin=origin)
    east = timezone(timedelta(hours=2))
    model.add_client(1, 1, time_window=(datetime(2026, 3, 1, 10, tzinfo=east), None))
    model.add_client(1, 1, release=datetime(2026, 3, 1, 10))
    model.add_vehicle_type(depot=yard)
    with pytest.raises(ValidationError) as caught:
        model.build()
    assert [issue.path for issue in caught.value.issues] == ["clients[1].release"]
    assert "time zone" in caught.value.issues[0].remedy


def test_clocks_are_turned() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    model, yard = small(origin=datetime(2026, 10, 25, tzinfo=zone))
    model.add_client(1, 1, time_window=(datetime(2026, 10, 25, 8, tzinfo=zone), time(9)))
    model.add_vehicle_type(depot=yard)
    problem = model.build()
    read = document(problem)
    assert read["clients"][0]["time_window"] == [9 * 3600, 10 * 3600]
    assert read["origin"] == "2026-10-25T00:00:00+02:00[Europe/Amsterdam]"
    plan = problem.plan([[0]])
    assert plan.when(9 * 3600) == datetime(2026, 10, 25, 8, tzinfo=zone)
    assert str(plan.when(9 * 3600)) == "2026-10-25 08:00:00+01:00"
    assert "DTSTART;TZID=Europe/Amsterdam:20261025T0" in plan.to_ical()
    model.add_client(1, 1, release=datetime(2026, 10, 25, 2, 30, tzinfo=zone))
    model.add_client(1, 1, release=datetime(2026, 3, 29, 2, 30, tzinfo=zone))
    model.add_client(1, 1, release=datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=zone))
    with pytest.raises(ValidationError) as caught:
        model.build()
    assert [issue.path for issue in caught.value.issues] == ["clients[1].release", "clients[2].release"]
    assert "offset" in caught.value.issues[0].remedy


def test_numbers_of_numpy_and_decimals() -> None:
    np = pytest.importorskip("numpy")
    model, yard = small()
    model.add_client(
        np.float32(3),
        np.int64(4),
        delivery=np.array([2, 3]),
        service=np.timedelta64(90, "s").item(),
        time_window=(np.int32(0), Decimal("99.4")),
    )
    model.add_vehicle_type(np.int64(2), capacity=[Decimal(5), np.uint8(6)], depot=yard)
    read = document(model.build())
    assert read["clients"][0]["delivery"] == [2, 3]
    assert read["clients"][0]["service"] == 90
    assert read["clients"][0]["time_window"] == [0, 99]


def test_all_faults_at_once_those_of_python_and_those_of_the_core() -> None:
    model, yard = small()
    model.add_client(1, 2, delivery=1.5)
    model.add_client(1, 2, service=float("nan"), prize=-3)
    model.add_client(1, 2, time_window=(9, 3))
    model.add_vehicle_type(capacity=-5, depot=yard, cost_per_distance=0.001)
    with pytest.raises(ValidationError) as caught:
        model.build()
    paths = [issue.path for issue in caught.value.issues]
    assert paths == [
        "clients[0].delivery[0]",
        "clients[1].service",
        "vehicle_types[0].cost_per_distance",
        "clients[1].prize",
        "clients[2].time_window",
        "vehicle_types[0].capacity[0]",
    ]
    assert "load_scale" in caught.value.issues[0].remedy
    assert str(caught.value).count("\n") == 6


def test_what_has_no_meaning_is_said_at_once() -> None:
    model, yard = small()
    with pytest.raises(TypeError, match=r"clients\[0\].service must be a number"):
        model.add_client(1, 2, service="soon")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="lon and lat"):
        model.add_client(1, 2, lon=3)
    with pytest.raises(TypeError, match="not both"):
        model.add_client(1, 2, location=0)
    with pytest.raises(KeyError, match="no Depot of this model is called 'tip'"):
        model.add_vehicle_type(depot="tip")
    with pytest.raises(IndexError, match="no Depot 4 yet"):
        model.add_vehicle_type(depot=4)
    with pytest.raises(TypeError, match="a Depot is needed"):
        model.add_vehicle_type(depot=model.add_client(1, 2))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pair"):
        model.add_depot(1, 2, open=(1, 2, 3))
    with pytest.raises(TypeError, match="unknown fields"):
        model.add_shipment({"x": 1, "y": 2, "when": 3}, {"x": 1, "y": 2})
    with pytest.raises(ValueError, match="after_linehauls"):
        model.set_backhauls("never")  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="time_scale is 0"):
        Model(time_scale=0)
    assert yard.index == 0


@pytest.mark.parametrize("value", [10**30, -(10**30), 1e300])
def test_huge_numbers_are_faults_and_no_crash(value: float) -> None:
    model, yard = small()
    model.add_client(1, 2, service=value, delivery=value, time_window=(0, value), prize=value)
    model.add_vehicle_type(depot=yard)
    with pytest.raises(ValidationError) as caught:
        model.build()
    assert {"clients[0].service", "clients[0].delivery[0]", "clients[0].prize"} <= {i.path for i in caught.value.issues}


def test_a_name_that_is_there_twice_refers_to_nothing() -> None:
    model, _ = small()
    model.add_depot(1, 1, name="yard")
    with pytest.raises(KeyError, match="more than one Depot"):
        model.add_vehicle_type(depot="yard")


def test_degrees_alone_mean_great_circles() -> None:
    model = Model()
    yard = model.add_depot(lon=0, lat=0)
    model.add_client(lon=1, lat=0)
    model.add_vehicle_type(depot=yard)
    problem = model.build()
    assert problem.is_geographic
    assert problem.distance(0, 1) == pytest.approx(111_195 * 1.3, rel=1e-4)


def test_great_circles_have_units_of_their_own() -> None:
    model = Model(distance_scale=10)
    yard = model.add_depot(lon=0, lat=0)
    model.add_client(lon=1, lat=0)
    model.add_vehicle_type(depot=yard)
    with pytest.raises(ValidationError, match="distance_scale"):
        model.build()


def test_a_model_can_be_built_again_after_a_mend() -> None:
    model, yard = small()
    model.add_client(1, 2)
    with pytest.raises(ValidationError, match="no vehicle can serve"):
        model.build()
    model.add_vehicle_type(depot=yard)
    assert model.build().num_vehicles == 1
    assert repr(model) == "<Model: 1 depots, 1 clients, 0 shipments, 1 vehicle types>"
