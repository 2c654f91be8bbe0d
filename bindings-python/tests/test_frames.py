"""Clients from tables of every make."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from milkrun import Model

ROWS: list[dict[str, Any]] = [
    {"x": 1.0, "y": 2.0, "kg": 5, "service": 60.0, "early": 100.0, "late": 200.0, "name": "a", "note": "red"},
    {"x": 3.0, "y": 4.0, "kg": 6, "service": None, "early": None, "late": 300.0, "name": "b", "note": None},
    {"x": 5.0, "y": 6.0, "kg": 7, "service": 30.0, "early": None, "late": None, "name": None, "note": "blue"},
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}


def clients(data: Any, **options: Any) -> list[dict[str, Any]]:
    model = Model()
    yard = model.add_depot(0, 0)
    added = model.add_clients(data, **options)
    model.add_vehicle_type(depot=yard)
    found: list[dict[str, Any]] = json.loads(model.build().to_json())["clients"]
    assert [client.index for client in added] == list(range(len(found)))
    return found


def frames() -> dict[str, Any]:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    return {
        "dicts": ROWS,
        "generator": (row for row in ROWS),
        "columns": COLUMNS,
        "pandas": pandas.DataFrame(COLUMNS),
        "pandas with types that know missing values": pandas.DataFrame(COLUMNS).convert_dtypes(),
        "polars": polars.DataFrame(COLUMNS),
        "pyarrow": pyarrow.table(COLUMNS),
        "pyarrow in pieces": pyarrow.concat_tables(
            [pyarrow.table(COLUMNS).slice(0, 1), pyarrow.table(COLUMNS).slice(1)]
        ),
        "pyarrow with categories": pyarrow.table(
            {**COLUMNS, "name": pyarrow.array(COLUMNS["name"]).dictionary_encode()}
        ),
    }


def test_all_tables_give_the_same_clients() -> None:
    expected = clients([{k: v for k, v in row.items() if v is not None} for row in ROWS], columns={"kg": "pickup"})
    assert expected[0]["pickup"] == [5]
    assert expected[0]["time_window"] == [100, 200]
    assert expected[1]["time_window"] == [0, 300]
    assert "time_window" not in expected[2]
    for name, frame in frames().items():
        assert clients(frame, columns={"kg": "pickup"}) == expected, name


def test_points_of_geopandas() -> None:
    geopandas = pytest.importorskip("geopandas")
    points = geopandas.points_from_xy([4.9, 5.0], [52.3, 52.4])
    frame = geopandas.GeoDataFrame({"pickup": [1, 2]}, geometry=points, crs=4326)
    model = Model()
    model.add_depot(lon=4.9, lat=52.3)
    for data in (frame, frame.to_crs(3857)):
        model.add_clients(data)
    model.add_vehicle_type(depot=0)
    problem = model.build()
    places = [place[:2] for place in problem.locations[1:]]
    assert places[0] == pytest.approx((4.9, 52.3))
    assert places[3] == pytest.approx((5.0, 52.4))
    assert problem.is_geographic


def test_moments_lists_and_categories_of_arrow() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    day = datetime(2026, 5, 1)
    table = pyarrow.table(
        {
            "x": pyarrow.array([1, 2], pyarrow.uint8()),
            "y": pyarrow.array([1.5, 2.5], pyarrow.float32()),
            "pickup": pyarrow.array([[1, 2], [3, 4]], pyarrow.list_(pyarrow.int16())),
            "delivery": pyarrow.array([[5, 6], None], pyarrow.list_(pyarrow.int64(), 2)),
            "service": pyarrow.array([timedelta(seconds=9), None], pyarrow.duration("ns")),
            "release": pyarrow.array([day + timedelta(hours=1), day], pyarrow.timestamp("ms")),
            "required": pyarrow.array([False, True]),
            "name": pyarrow.array(["a", "b"], pyarrow.string_view()),
        }
    )
    found = clients(table)
    assert [client.get("service", 0) for client in found] == [9, 0]
    assert [client.get("release", 0) for client in found] == [3600, 0]
    assert [client["pickup"] for client in found] == [[1, 2], [3, 4]]
    assert [client.get("delivery") for client in found] == [[5, 6], None]
    assert found[0]["required"] is False


def test_every_unit_of_time() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    for unit in ("s", "ms", "us", "ns"):
        table = pyarrow.table(
            {"release": pyarrow.array([datetime(2026, 1, 1), datetime(2026, 1, 1, 2)], pyarrow.timestamp(unit))}
        )
        assert [c.get("release", 0) for c in clients(table)] == [0, 7200]
        table = pyarrow.table({"service": pyarrow.array([timedelta(minutes=1)], pyarrow.duration(unit))})
        assert clients(table)[0]["service"] == 60


def test_defaults_and_strangers() -> None:
    found = clients([{"x": 1}, {"x": 2, "service": 7}], defaults={"service": 5, "y": 9})
    assert [client["service"] for client in found] == [5, 7]
    with pytest.raises(TypeError, match="a client has no kilos"):
        clients(ROWS, columns={"kg": "kilos"})
    for data in [7, "rows", [1, 2], None]:
        with pytest.raises(TypeError):
            clients(data)
    with pytest.raises(TypeError, match="one length"):
        clients({"x": [1], "y": [1, 2]})
    pyarrow = pytest.importorskip("pyarrow")
    with pytest.raises(TypeError, match='column "x" is of type'):
        clients(pyarrow.table({"x": pyarrow.array([b"1"], pyarrow.binary())}))


def test_no_rows() -> None:
    model = Model()
    assert model.add_clients({"x": [], "y": []}) == []
    assert model.add_clients([]) == []


def test_shapes_that_are_no_points() -> None:
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy([4.9], [52.3]).buffer(0.1))
    with pytest.raises(TypeError, match="centroid"):
        Model().add_clients(frame)
