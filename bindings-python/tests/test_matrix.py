"""Matrices: any type, any stride, unreachable locations, wrong shapes."""

from __future__ import annotations

from typing import Any

import pytest

from milkrun import Model, Problem, ValidationError

np = pytest.importorskip("numpy")


def build(distance: Any, duration: Any = None, size: int = 3, **units: Any) -> Problem:
    model = Model(**units)
    yard = model.add_depot()
    for _ in range(size - 1):
        model.add_client()
    model.add_vehicle_type(depot=yard)
    model.travel_matrix(distance, duration)
    return model.build()


TABLE = np.array([[0, 1, 2], [3, 0, 5], [6, 7, 0]])


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u4", "i8", "u8", "f2", "f4", "f8", ">i4", ">f8", "O"])
def test_any_type(kind: str) -> None:
    problem = build(TABLE.astype(kind))
    assert [[problem.distance(i, j) for j in range(3)] for i in range(3)] == TABLE.tolist()


def test_any_stride() -> None:
    wide = np.zeros((9, 8), dtype=np.int32)
    wide[::3, 1:7:2] = TABLE
    views = [
        np.asfortranarray(TABLE),
        TABLE.T.copy().T,
        wide[::3, 1:7:2],
        np.ascontiguousarray(TABLE[::-1, ::-1])[::-1, ::-1],
        np.broadcast_to(TABLE, (2, 3, 3))[1],
    ]
    for view in views:
        assert build(view) == build(TABLE.tolist())
    read_only = TABLE.copy()
    read_only.flags.writeable = False
    assert build(read_only) == build(TABLE.tolist())


def test_what_turns_into_an_array() -> None:
    pandas = pytest.importorskip("pandas")
    assert build(pandas.DataFrame(TABLE)) == build(TABLE)
    assert build(TABLE * np.timedelta64(1, "s"))._inner == build(TABLE)._inner
    assert build(tuple(tuple(row) for row in TABLE.tolist())) == build(TABLE)


def test_floats_are_scaled_and_rounded_to_the_nearest() -> None:
    problem = build(TABLE + 0.26, distance_scale=10, time_scale=10)
    assert problem.distance(0, 1) == pytest.approx(1.3)
    assert problem.duration(2, 1) == pytest.approx(7.3)


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_no_way(missing: Any) -> None:
    rows = [[0, 1, 2], [3, 0, missing], [6, 7, 0]]
    assert build(rows).distance(1, 2) is None
    assert build(np.array(rows, dtype=float)).distance(1, 2) is None


def test_faults_have_their_place() -> None:
    with pytest.raises(ValidationError) as caught:
        build([[0, 1, 2], [3, 0, -5], [6, 7, 0]])
    assert "travel.profiles[0].distance[1][2]" in [issue.path for issue in caught.value.issues]
    with pytest.raises(ValidationError) as caught:
        build(TABLE, np.where(TABLE == 7, 1e12, TABLE))
    assert "travel.profiles[0].duration[2][1]" in [issue.path for issue in caught.value.issues]
    with pytest.raises(ValidationError, match="locations"):
        build(TABLE, size=5)
    with pytest.raises(ValidationError, match="the distances have 3"):
        build(TABLE, TABLE[:2, :2])
    with pytest.raises(ValidationError):
        build(np.full((3, 3), -np.inf))
    with pytest.raises(ValidationError):
        build(np.full((3, 3), 2**64 - 1, dtype=np.uint64))


def test_shapes_that_are_none() -> None:
    for shape in [TABLE[:2], TABLE.ravel(), TABLE[None]]:
        with pytest.raises(TypeError, match="square"):
            build(shape)
    with pytest.raises(TypeError, match=r"distance\[1\] has 2 values"):
        build([[0, 1, 2], [3, 0], [6, 7, 0]])


def test_profiles() -> None:
    model = Model()
    yard = model.add_depot()
    model.add_client()
    assert model.travel_matrix([[0, 5], [5, 0]]) == 0
    truck = model.travel_matrix([[0, 9], [9, 0]])
    model.add_vehicle_type(depot=yard, profile=truck)
    problem = model.build()
    assert (problem.distance(0, 1), problem.distance(0, 1, truck)) == (5, 9)
    assert problem.plan([[0]]).cost == 18
    with pytest.raises(IndexError):
        problem.distance(0, 9)
