"""The data models of OR-Tools' tutorials."""

from typing import Any

import pytest

import milkrun
from milkrun import Problem, Stop

LINE = [[abs(a - b) for b in range(5)] for a in range(5)]


def solved(data: dict[str, Any], **changes: Any) -> milkrun.Plan:
    """A plan for the data with some of its keys changed."""
    result = Problem.from_ortools_data({**data, **changes}).solve(stop=Stop(max_iterations=200))
    assert result.plan.is_feasible
    return result.plan


def test_a_tour() -> None:
    assert solved({"distance_matrix": LINE, "num_vehicles": 1, "depot": 0}).cost == 8


def test_capacities_starts_and_ends() -> None:
    data = {
        "distance_matrix": LINE,
        "demands": [0, 1, 1, 1, 1],
        "num_vehicles": 2,
        "vehicle_capacities": [2, 2],
        "depot": 0,
    }
    assert solved(data).cost == 8 + 4
    apart = {**data, "demands": [0, 1, 1, 1, 0], "starts": [0, 4], "ends": [0, 4]}
    del apart["depot"]
    plan = solved(apart)
    assert plan.cost == 2 * 2 + 2 * 1


def test_numpy_windows_and_times() -> None:
    numpy = pytest.importorskip("numpy")
    data = {
        "time_matrix": numpy.array(LINE),
        "num_vehicles": 1,
        "depot": 0,
        "time_windows": numpy.array([(0, 20), (9, 9), (0, 20), (0, 20), (4, 4)]),
    }
    plan = solved(data)
    assert plan.cost == 4 + 3 + 1
    assert solved(data, distance_matrix=[[10 * d for d in row] for row in LINE]).cost == 80


def test_pairs() -> None:
    data = {"distance_matrix": LINE, "num_vehicles": 1, "depot": 0, "pickups_deliveries": [[4, 1], (3, 2)]}
    assert solved(data).cost == 8
    assert solved(data, demands=[0, -2, -1, 1, 2], vehicle_capacities=[2]).cost == 8 + 2 * 1


def test_points() -> None:
    data = {"locations": [(0, 0), (3, 4), (1, 1)], "num_vehicles": 1, "depot": 0}
    assert solved(data).cost == 5 + 3 + 1


def test_all_faults_at_once() -> None:
    with pytest.raises(milkrun.ValidationError) as error:
        Problem.from_ortools_data(
            {
                "distance_matrix": [[0, 1.5], [1, 0]],
                "demands": [0, 1, 1],
                "num_vehicles": 2,
                "starts": [0, 7],
                "ends": [0],
                "time_windows": [[0, 5], [1]],
                "pickups_deliveries": [[0, 1]],
                "vehicle_load_time": 5,
            }
        )
    paths = {issue.path for issue in error.value.issues}
    assert paths >= {
        "distance_matrix[0][1]",
        "demands",
        "starts[1]",
        "ends",
        "time_windows[1]",
        "vehicle_capacities",
        "vehicle_load_time",
    }
    with pytest.raises(milkrun.ValidationError, match="demands\\[2\\] = 1: is not what its pickup loads"):
        Problem.from_ortools_data(
            {
                "distance_matrix": LINE,
                "demands": [0, 1, 1, 0, 0],
                "num_vehicles": 1,
                "depot": 0,
                "vehicle_capacities": [3],
                "pickups_deliveries": [[1, 2]],
            }
        )
