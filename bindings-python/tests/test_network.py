"""Street networks: a small synthetic city, as a map in a temporary file."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import milkrun
from milkrun import MaxIterations, Model, Network, RoadError, Snap, StreetChange

CENTRE = (11.0, 48.0)
POINTS = [(11.0, 48.0), (11.004, 48.002), (10.996, 47.998), (11.002, 47.996)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map of some sixteen streets."""
    path = tmp_path_factory.mktemp("maps") / "city.osm.pbf"
    milkrun.write_city(path, blocks=12, centre=CENTRE, seed=3)
    return path


@pytest.fixture(scope="module")
def network(city: Path) -> Network:
    return Network(city, profile="truck")


def test_a_map_becomes_a_network(city: Path, network: Network) -> None:
    report = network.report
    assert report.profile == "truck"
    assert 0 < report.segments <= report.directed_segments
    assert report.length > 10_000
    assert report.ignored is not None
    assert repr(network).startswith("<Network: truck, ")
    # A truck is too high for the low bridges that a car passes, or too wide.
    unused = {left.reason: left.count for left in report.unused}
    assert unused
    assert all(str(left).startswith(f"{left.count} × {left.reason} (") for left in report.unused)
    assert Network(city, profile="foot").report.length > report.length


def test_a_table_is_that_of_the_routes(network: Network) -> None:
    table = network.table(POINTS)
    assert table.shape == (4, 4)
    assert repr(table) == "<RoadTable: 4 × 4>"
    seconds, metres = table.durations, table.distances
    assert (np.diag(seconds) == 0).all()
    assert (seconds[~np.eye(4, dtype=bool)] > 0).all()
    for i, j in [(0, 1), (1, 0), (2, 3)]:
        route = network.route([POINTS[i], POINTS[j]])
        assert (route.duration, route.distance) == (seconds[i, j], metres[i, j])
    # As the crow flies, the second point is some 370 m away.
    assert 370 < metres[0, 1] < 1_500
    assert (network.table(POINTS[:1], POINTS[1:]).durations == seconds[:1, 1:]).all()
    assert (network.table(np.array(POINTS)).distances == metres).all()


def test_a_route_follows_the_streets(network: Network) -> None:
    route = network.route([POINTS[0], POINTS[1], POINTS[3]])
    assert len(route.legs) == 2
    assert route.duration == sum(leg.duration for leg in route.legs)
    assert len(route.geometry) > 4
    assert route.legs[0].ways
    length = sum(away(a, b) for a, b in zip(route.legs[0].geometry, route.legs[0].geometry[1:], strict=False))
    assert length == pytest.approx(route.legs[0].distance, rel=0.01)


def away(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two points that are near to each other."""
    shrink = math.cos(math.radians(a[1]))
    return math.hypot((b[0] - a[0]) * shrink, b[1] - a[1]) * 111_195


def test_points_are_snapped(network: Network) -> None:
    spots = network.snap(POINTS)
    assert [spot.point for spot in spots] == POINTS
    assert all(spot.away == pytest.approx(away(spot.point, spot.on_street), abs=1) for spot in spots)
    assert all(spot.places >= 1 for spot in spots)
    # On the right side of the street, a vehicle drives farther.
    loose = network.table(POINTS, snap=Snap(places=1)).durations
    curb = network.table(POINTS, snap=Snap(places=1, approach="curb")).durations
    assert (curb >= loose).all()
    assert (curb > loose).any()
    with pytest.raises(RoadError) as caught:
        network.snap([POINTS[0], (12.0, 48.0), (99.0, 99.0)])
    assert caught.value.code == "road"
    assert [(issue.path, issue.value) for issue in caught.value.issues] == [
        ("point 1", "12, 48"),
        ("point 2", "99, 99"),
    ]
    with pytest.raises(RoadError, match=r"snap\.limit is 0"):
        network.snap(POINTS, snap=Snap(limit=0))
    with pytest.raises(ValueError, match="approach is 'left'"):
        Snap(approach="left")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="point 0 must be a longitude and a latitude"):
        network.snap([(1.0, 2.0, 3.0)])


def test_an_isochrone_grows(network: Network) -> None:
    def size(seconds: float | timedelta) -> int:
        area = network.isochrone(CENTRE, seconds)
        assert area["type"] == "MultiPolygon"
        ring = area["coordinates"][0][0]
        assert ring[0] == ring[-1]
        return max(len(ring) for polygon in area["coordinates"] for ring in polygon)

    assert size(timedelta(seconds=60)) > size(10)
    with pytest.raises(RoadError, match="seconds is 99999"):
        network.isochrone(CENTRE, 99_999)
    with pytest.raises(ValueError, match="seconds is -1"):
        network.isochrone(CENTRE, -1)


def test_a_network_is_kept_in_a_file(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "city.network"
    network.save(path)
    kept = Network.load(path)
    assert (kept.table(POINTS).durations == network.table(POINTS).durations).all()
    assert kept.report.segments == network.report.segments
    assert kept.report.ignored is None
    path.write_bytes(b"something else, which is long enough")
    with pytest.raises(RoadError, match="not a prepared network"):
        Network.load(path)
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "nothing.network")


def test_what_is_wrong_with_maps_and_profiles(city: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.osm\.pbf"):
        Network(tmp_path / "nothing.osm.pbf")
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(city.read_bytes()[:-200])
    with pytest.raises(RoadError, match="damaged"):
        Network(bad)
    with pytest.raises(ValueError, match="profile is 'tank': use one of car, truck, waste-truck, foot"):
        Network(city, profile="tank")
    with pytest.raises(RoadError) as caught:
        Network(city, profile=Network.profile_text("car") + "\n[wings]\nspan = 3\n")
    assert [issue.path for issue in caught.value.issues] == ["wings"]
    slow = tmp_path / "slow.toml"
    slow.write_text(Network.profile_text("car").replace("max_speed = ", "max_speed = 9 # "))
    table = Network(city, profile=slow).table(POINTS)
    assert table.durations[0, 1] >= table.distances[0, 1] / (9 / 3.6)
    with pytest.raises(ValueError, match="no profile is called 'tank'"):
        Network.profile_text("tank")


def model_of(network: Network, **units: float) -> Model:
    model = Model("in town", **units)  # type: ignore[arg-type]
    yard = model.add_depot(lon=POINTS[0][0], lat=POINTS[0][1])
    profile = model.travel_network(network)
    # What is added later has its rows, too.
    for i, (lon, lat) in enumerate(POINTS[1:]):
        model.add_client(lon=lon, lat=lat, name=f"stop {i}")
    model.add_vehicle_type(depot=yard, profile=profile)
    return model


def test_a_model_travels_along_streets(network: Network) -> None:
    problem = model_of(network).build()
    table = network.table(POINTS)
    for i in range(4):
        for j in range(4):
            assert problem.distance(i, j) == table.distances[i, j]
            assert problem.duration(i, j) == table.durations[i, j]
    assert problem.is_geographic
    plan = problem.solve(stop=MaxIterations(50)).plan
    assert plan.is_feasible
    assert plan.distance == plan.cost
    # Tenths of metres and seconds are not rounded first.
    fine = model_of(network, distance_scale=10, time_scale=10).build()
    off = [(fine.duration(i, j) or 0) - float(table.durations[i, j]) for i in range(4) for j in range(4)]
    assert max(abs(each) for each in off) <= 0.5
    assert any(each != 0 for each in off)


def test_pages_and_files_follow_the_streets(network: Network, tmp_path: Path) -> None:
    problem = model_of(network).build()
    plan = problem.solve(stop=MaxIterations(50)).plan
    assert "Lines follow the streets." in plan.to_html()
    assert "<trkseg>" in plan.to_gpx()
    features = plan.to_geojson()["features"]
    (line,) = [each["geometry"]["coordinates"] for each in features if each["geometry"]["type"] == "LineString"]
    assert len(line) > 8
    period = milkrun.plan_period(problem, days=2, visits={"stop 0": 2}, stop=MaxIterations(100))
    page = period.to_html(tmp_path / "week.html", date="2026-11-30", loads=["kg"])
    assert "Lines follow the streets." in page
    assert "Who is visited when" in page
    assert "Tuesday, 1 December 2026" in page
    assert (tmp_path / "week.html").read_text(encoding="utf-8") == page
    assert "Lines follow the streets." in period.days[0].plan.to_html()
    # A problem that was read again does not know the network.
    again = milkrun.Problem.from_json(problem.to_json())
    assert "Lines follow the streets." not in again.read_plan(plan.to_json()).to_html()


def test_two_networks_are_two_profiles(city: Path, network: Network) -> None:
    model = model_of(network)
    foot = model.travel_network(Network(city, profile="foot"))
    assert foot == 1
    model.add_vehicle_type(depot=0, profile=foot, name="cart")
    problem = model.build()
    assert (problem.duration(0, 1, foot) or 0) > (problem.duration(0, 1) or 0)


def test_locations_off_the_streets_are_faults_of_the_model(network: Network) -> None:
    model = model_of(network)
    model.add_client(lon=12.0, lat=48.0, delivery=-3)
    model.add_client(name="nowhere")
    with pytest.raises(milkrun.ValidationError) as caught:
        model.build()
    assert {"locations[4]", "locations[5]", "clients[3].delivery[0]"} <= {issue.path for issue in caught.value.issues}
    planar = Model()
    yard = planar.add_depot(1, 2)
    planar.add_vehicle_type(depot=yard, profile=planar.travel_network(network))
    with pytest.raises(milkrun.ValidationError, match="give lon and lat of all locations"):
        planar.build()
    with pytest.raises(TypeError, match=r"network must be a milkrun\.Network"):
        planar.travel_network("city.osm.pbf")  # type: ignore[arg-type]


def test_streets_are_closed_and_slow_by_any_place(network: Network) -> None:
    usual = network.table(POINTS).durations

    def changed(*changes: StreetChange) -> Any:
        return network.change(changes).table(POINTS).durations

    half = changed(StreetChange(everywhere=True, percent=50))
    assert (half >= usual).all()
    assert half[0, 1] > 1.2 * usual[0, 1]
    way = network.route(POINTS[:2]).legs[0].ways[0]
    area = [(11, 47.999), (11.003, 47.999), (11.003, 48.003), (11, 48.003)]
    for change in (
        StreetChange(way=way, percent=10),
        StreetChange(at=POINTS[0], percent=5),
        StreetChange(area=area, percent=20),
    ):
        assert (changed(change) > usual).any(), change
    closed = changed(StreetChange(area=area, closed=True))
    assert (np.isnan(closed) | (closed > usual)).any()
    assert (changed() == usual).all()
    assert repr(network.change([])) == repr(network)
    with pytest.raises(RoadError) as caught:
        network.change([StreetChange(way=way, closed=True), StreetChange(way=way), StreetChange(closed=True)])
    assert [issue.path for issue in caught.value.issues] == ["changes[1]", "changes[2]"]
    with pytest.raises(RoadError, match="canal"):
        network.change([StreetChange(road_class="canal", closed=True)])
    with pytest.raises(RoadError, match="percent is 900"):
        network.change([StreetChange(everywhere=True, percent=900)])
    with pytest.raises(ValueError, match=r"percent is 0\.5"):
        network.change([StreetChange(everywhere=True, percent=0.5)])  # type: ignore[arg-type]


def test_streets_are_slower_at_some_hours(city: Path) -> None:
    peak = '[[traffic]]\nname = "peak"\ndays = ["mon"]\nfrom = "07:00"\nto = "09:00"\npercent = 50\n'
    busy = Network(city, profile=f"{Network.profile_text('car')}\n{peak}")
    quiet = busy.table(POINTS).durations
    assert busy.at_hour("mon", 450).table(POINTS).durations[0, 1] > quiet[0, 1]
    assert (busy.at_hour("tue", 450).table(POINTS).durations == quiet).all()
    curve = busy.speed_curve("mon", POINTS, midnight=-3600)
    assert [since for since, _ in curve] == [-3600, 6 * 3600, 8 * 3600]
    before, during, after = (percent for _, percent in curve)
    assert before == after == 100
    assert 50 <= during < 100
    model = model_of(busy)
    model.set_speeds(curve)
    assert model.solve(stop=MaxIterations(20)).is_feasible
    with pytest.raises(ValueError, match="day is 'monday': use one of mon, "):
        busy.at_hour("monday", 450)  # type: ignore[arg-type]


def test_a_table_can_be_cancelled(network: Network) -> None:
    token = milkrun.CancelToken()
    token.cancel()
    with pytest.raises(RoadError, match="cancelled"):
        network.table(POINTS, cancel=token)
