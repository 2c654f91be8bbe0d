"""Plans: what they tell, how they are judged, written, read, pickled and copied."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import pickle
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from milkrun import MaxIterations, Model, Plan, PlanError, Problem, SettingError, WriteError, check, read, solve


def parcels() -> Problem:
    model = Model("parcels")
    yard = model.add_depot(0, 0, name="yard", service=2)
    model.add_client(30, 40, delivery=7, service=5, time_window=(60, 90), name="farm")
    model.add_client(0, 10, pickup=3, required=False, prize=4, name="mill")
    model.add_shipment({"x": 0, "y": 20}, {"x": 0, "y": 5}, 2, name="letter")
    model.add_vehicle_type(2, capacity=10, depot=yard, reload_depots=[yard], max_trips=2, name="van")
    return model.build()


def test_times_loads_and_costs_by_hand() -> None:
    problem = parcels()
    plan = problem.plan([{"trips": [[0], [("pickup", 0), ("delivery", 0)]]}])
    route = plan.routes[0]
    assert (route.vehicle_name, len(route.trips), route.distance, plan.distance) == ("van", 2, 140, 140)
    farm = route.trips[0].visits[0]
    assert (farm.kind, farm.name, farm.arrival, farm.start, farm.departure) == ("client", "farm", 60, 60, 65)
    assert (route.start, farm.waiting, farm.load) == (8, 0, (0,))
    assert (route.trips[0].load, route.trips[0].max_load) == ((7,), (7,))
    assert [visit.load for visit in route.trips[1].visits] == [(2,), (0,)]
    assert (route.end, route.duration) == (65 + 50 + 2 + 40, 149)
    assert plan.unserved_clients == (1,)
    assert (plan.breakdown.distance, plan.breakdown.unserved, plan.cost) == (140, 4, 144)
    assert plan.is_feasible
    assert len(route.visits) == 3


def test_a_route_starts_when_it_says_so() -> None:
    problem = parcels()
    trips = [[0], [("pickup", 0), ("delivery", 0)]]
    early = problem.plan([{"start": 3, "trips": trips}])
    # Five earlier than it must: it waits for the farm.
    assert (early.routes[0].start, early.routes[0].visits[0].waiting) == (3, 5)
    assert early.check().is_truthful
    assert problem.read_plan(early.to_json()) == early
    assert problem.plan([{"start": timedelta(seconds=3), "trips": trips}]) == early
    assert problem.plan([{"start": None, "trips": trips}]).routes[0].start == 8
    with pytest.raises(PlanError) as caught:
        problem.plan([{"start": math.nan, "trips": trips}])
    assert [issue.path for issue in caught.value.issues] == ["routes[0].start"]


def test_rules_that_are_broken_are_told() -> None:
    plan = parcels().plan([[1], [1]])
    kinds = {violation.kind for violation in plan.violations}
    assert kinds == {"repeated", "client_unserved", "shipment_unserved"}
    assert 'client "mill"' in next(str(v) for v in plan.violations if v.kind == "repeated")
    report = plan.check()
    assert not report.is_feasible
    assert {violation.kind for violation in report.violations} == kinds
    assert "infeasible" in repr(plan)


def test_stops_of_another_problem() -> None:
    problem = parcels()
    with pytest.raises(PlanError) as caught:
        problem.plan([[7], {"vehicle_type": 3, "trips": [[0]]}])
    assert [issue.path for issue in caught.value.issues] == [
        "routes[0].trips[0].activities[0]",
        "routes[1].vehicle_type",
    ]
    for wrong in ([[-1]], [[2**40]]):
        with pytest.raises(IndexError):
            problem.plan(wrong)
    with pytest.raises(ValueError, match="unknown stop"):
        problem.plan([[("deliver", 0)]])
    with pytest.raises(TypeError, match="a Client is needed"):
        problem.plan([["farm yard"]])


def test_writing_and_reading(tmp_path: Path, problem: Problem) -> None:
    plan = solve(problem, stop=MaxIterations(300)).plan
    for name in ("plan.json", "plan.sol"):
        plan.write(tmp_path / name)
        assert problem.read_plan(tmp_path / name) == plan
        assert check(problem, tmp_path / name).cost == plan.cost
    assert problem.read_plan(plan.to_json()) == plan
    plan.write(tmp_path / "plan.geojson")
    assert json.loads((tmp_path / "plan.geojson").read_text()) == plan.to_geojson()
    plan.write(tmp_path / "plan.html")
    assert (tmp_path / "plan.html").read_text().startswith("<!doctype html>")
    (tmp_path / "again.vrp").write_text(problem.to_vrplib())
    (tmp_path / "again.json").write_text(problem.to_json())
    assert read(tmp_path / "again.json") == problem
    assert len(read(tmp_path / "again.vrp").clients) == 40
    assert check(read(tmp_path / "again.json"), plan).is_feasible


def test_what_a_format_cannot_say() -> None:
    model = Model()
    model.add_depot(0, 0)
    model.add_client(1, 1)
    model.add_vehicle_type(1, start=0)
    with pytest.raises(WriteError) as caught:
        model.build().to_vrplib()
    assert caught.value.issues[0].path.startswith("vehicle_types[0]")


def test_pickle_and_copy(problem: Problem) -> None:
    model = Model(time_scale=10, load_scale=4)
    yard = model.add_depot(0.1, 0.2, name="yard")
    model.add_client(1 / 3, 2 / 3, delivery=0.25)
    model.add_vehicle_type(depot=yard, capacity=1.5)
    for one in (problem, model.build()):
        result = solve(one, stop=MaxIterations(50))
        things: list[Any] = [one, result.plan, result, result.plan.routes, result.plan.violations]
        for thing in things:
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
                again = pickle.loads(pickle.dumps(thing, protocol))
                assert again == thing
                assert type(again) is type(thing)
            assert copy.copy(thing) == thing
            assert copy.deepcopy(thing) == thing
        assert {one: 1}[pickle.loads(pickle.dumps(one))] == 1
        assert {result.plan: 1}[pickle.loads(pickle.dumps(result.plan))] == 1
    assert problem != model.build()


def test_tables(problem: Problem) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow, geopandas = pytest.importorskip("pyarrow"), pytest.importorskip("geopandas")
    plan = solve(problem, stop=MaxIterations(200)).plan
    frame = plan.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == 40
    assert set(frame["name"]) == {f"c{i}" for i in range(40)}
    assert frame.groupby("route")["position"].max().add(1).sum() == 40
    assert polars.DataFrame(plan).to_dicts() == plan.to_records()
    assert pyarrow.table(plan).to_pylist() == plan.to_records()
    places = plan.to_geopandas()
    assert isinstance(places, geopandas.GeoDataFrame)
    assert (places["kind"] == "client").sum() == 40
    empty = problem.plan([])
    assert len(empty.to_pandas()) == 0
    assert polars.DataFrame(empty).height == 0


def test_looks(problem: Problem) -> None:
    pytest.importorskip("matplotlib")
    import matplotlib.pyplot as plt

    plan = solve(problem, stop=MaxIterations(200)).plan
    figure = plan.plot()
    assert len(figure.axes) == 2
    assert len(figure.axes[0].lines) == sum(len(route.trips) for route in plan.routes)
    own, axes = plt.subplots(1, 2)
    assert plan.plot(axes) is own
    plt.close("all")
    empty: Plan = problem.plan([])
    assert empty.plot().axes
    plt.close("all")
    assert str(plan).startswith("route")


def test_handouts(problem: Problem, tmp_path: Path) -> None:
    plan = solve(problem, stop=MaxIterations(200)).plan
    fragment = plan._repr_html_()
    assert fragment.count('class="mr-stop"') == 40
    assert fragment.count('class="mr-line"') == len(plan.routes)
    page = plan.to_html(tmp_path / "day.html", loads=["kg"], currency="EUR")
    assert (tmp_path / "day.html").read_text(encoding="utf-8") == page
    assert page.count('class="mr-find"') == 40
    # Map and timeline of the page are those of the notebook.
    plain = plan.to_html()
    for section in ("mr-card mr-map", "mr-card mr-timeline"):
        start = fragment.index(f'<section class="{section}"')
        assert fragment[start : fragment.index("</section>", start)] in plain
    for text in (page, fragment):
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    sheets = plan.sheets(loads=["kg"])
    assert sheets.count('<section class="sheet">') == len(plan.routes)
    assert "kg on board" in sheets
    assert "unserved" in problem.plan([])._repr_html_()


def test_files_for_other_programs(tmp_path: Path) -> None:
    model = Model()
    monday = datetime(2026, 11, 30)
    yard = model.add_depot(lon=5.0, lat=52.0, name="yard")
    window = (monday + timedelta(hours=7), monday + timedelta(hours=9))
    model.add_client(lon=5.1, lat=52.0, pickup=7, time_window=window, name="=mill")
    model.add_vehicle_type(depot=yard, capacity=9, name="Red")
    plan = model.build().plan([[0]])
    rows = list(csv.DictReader(io.StringIO(plan.to_csv())))
    assert [row["kind"] for row in rows] == ["leave", "client", "return"]
    assert (rows[1]["start"], rows[1]["name"], rows[1]["collected_1"]) == ("2026-11-30T07:00:00", "'=mill", "7")
    calendar = plan.to_ical(tmp_path / "day.ics", each_stop=True)
    assert "DTSTART:20261130T070000\r\n" in calendar
    assert (tmp_path / "day.ics").read_bytes().decode() == calendar
    assert '<rtept lat="52" lon="5.1">' in plan.to_gpx()
    plan.write(tmp_path / "day.gpx")
    assert (tmp_path / "day.gpx").read_text(encoding="utf-8") == plan.to_gpx(route=0)
    assert "Monday, 30 November 2026" in plan.sheets()
    assert "2026-12-01T07:00:00" in plan.to_csv(date="2026-12-01")
    with pytest.raises(SettingError, match="route = 1: the plan has 1 routes"):
        plan.to_csv(route=1)
    with pytest.raises(SettingError, match=r"date = .someday.: "):
        plan.to_html(date="someday")
    planar = Model()
    planar.add_client(1, 1)
    planar.add_vehicle_type(depot=planar.add_depot(0, 0))
    lines = planar.build().plan([[0]])
    with pytest.raises(WriteError, match="GPX needs longitudes and latitudes"):
        lines.to_gpx()
    with pytest.raises(WriteError, match="a calendar needs"):
        lines.to_ical()


def test_names_are_no_markup() -> None:
    model = Model("<b>")
    yard = model.add_depot(0, 0, name="<script>alert(1)</script>")
    model.add_client(1, 1, name='"><img src=x>')
    model.add_vehicle_type(depot=yard, name="&<i>")
    plan = model.build().plan([[0]])
    for page in (plan.to_html(), plan.sheets(), plan._repr_html_()):
        for markup in ("<script>alert", "<img", "&<i>"):
            assert markup not in page
