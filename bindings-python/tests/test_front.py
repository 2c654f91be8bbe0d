"""Fronts of two or three objectives."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import milkrun


def sides(**scales: Any) -> milkrun.Problem:
    """Two clients on each side of the yard: one van is home at 80, two at 40."""
    model = milkrun.Model("sides", **scales)
    yard = model.add_depot(x=0, y=0)
    for x in (10, 20, -10, -20):
        model.add_client(x=x, y=0)
    model.add_vehicle_type(2, depot=yard, fixed_cost=5, consumption=milkrun.Consumption(0.1, per_stop=1, co2=0.5))
    return model.build()


def test_an_earlier_end_costs_a_van() -> None:
    front = milkrun.pareto(sides(), ["makespan", "cost"], points=4, stop=milkrun.MaxIterations(1000))
    assert front.objectives == ("cost", "makespan")
    assert [point.values for point in front.points] == [(85, 80), (90, 40)]
    assert front.points[1].trade == "an end 40 earlier costs 5 more"
    assert str(front) == "cost 85, makespan 80\ncost 90, makespan 40: an end 40 earlier costs 5 more"
    assert front.is_complete
    assert front.runs >= 2
    assert 0 < front.covered <= 1
    for point in front.points:
        assert point.plan.is_feasible
        assert point.plan.check().is_truthful
    again = milkrun.pareto(sides(), ["makespan", "cost"], points=4, stop=milkrun.MaxIterations(1000))
    assert again.points == front.points


def test_values_are_in_the_users_units() -> None:
    problem = sides(time_scale=10, cost_scale=100)
    front = milkrun.pareto(problem, ["cost", "vehicles", "emissions"], points=4, stop=milkrun.MaxIterations(1000))
    # 80 · 0.1 and four stops are 12 litres, 6 kg.
    assert [point.values for point in front.points] == [(85, 1, 6)]
    assert front.points[0].plan.emitted == 6


def test_every_fault_is_told() -> None:
    with pytest.raises(milkrun.ParetoError) as caught:
        milkrun.pareto(sides(), ["distance", "distance", "unserved"], points=1)
    assert [issue.path for issue in caught.value.issues] == ["objectives[1]", "points"]
    with pytest.raises(ValueError, match="objective"):
        milkrun.pareto(sides(), ["beauty", "cost"])  # type: ignore[list-item]


def test_a_target_of_a_goal_is_a_limit_that_gives_way() -> None:
    model = milkrun.Model(time_scale=10)
    yard = model.add_depot(x=0, y=0)
    for x in (10, 20, -10, -20):
        model.add_client(x=x, y=0)
    model.add_vehicle_type(2, depot=yard, fixed_cost=5)
    model.add_goal("vehicles", target=2)
    assert model.solve(stop=milkrun.MaxIterations(500)).cost == 85


def test_averages_of_vehicle_classes() -> None:
    truck = milkrun.Consumption.average("refuse_truck", metres=1000)
    assert truck.per_distance == pytest.approx(0.822, abs=1e-3)
    assert truck.co2 == pytest.approx(2.69)
    for name in get_args(milkrun.VehicleClass):
        assert milkrun.Consumption.average(name).per_distance > 0
    assert list(get_args(milkrun.VehicleClass)) == milkrun._core.vehicle_classes()
    with pytest.raises(ValueError, match="use one of refuse_truck, "):
        milkrun.Consumption.average("tram")  # type: ignore[arg-type]
