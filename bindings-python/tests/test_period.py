"""Periods of several days."""

from __future__ import annotations

import pytest

import milkrun
from milkrun import Consistency, MaxIterations, Model, PeriodError, Problem, Visits, plan_period

ENOUGH = MaxIterations(500)


def two_sides(**units: float) -> Problem:
    """A van that has room for two of four clients, two in the east and two in the west."""
    model = Model("two sides", **units)  # type: ignore[arg-type]
    yard = model.add_depot(0, 0, name="yard")
    for x, name in [(10, "near east"), (11, "far east"), (-10, "near west"), (-11, "far west")]:
        model.add_client(x, 0, pickup=1, name=name)
    model.add_vehicle_type(1, depot=yard, capacity=2, name="van")
    return model.build()


def test_days_and_routes_are_decided_together() -> None:
    problem = two_sides()
    names = ["near east", "far east", "near west", "far west"]
    period = plan_period(problem, days=4, visits=dict.fromkeys(names, 2), stop=ENOUGH)
    assert period.is_feasible
    assert period.plan.check().is_truthful
    assert period.cost == 4 * 22
    assert period.visited[0] == period.visited[1] != period.visited[2]
    assert set(period.visited) == {(0, 2), (1, 3)}
    assert len(period.days) == 4
    for number, day in enumerate(period.days):
        assert day.plan.check().is_truthful
        assert day.plan.cost == 22
        assert [names[client] for client in day.clients] == [name for _, name in day.problem.clients]
        assert all(number in period.visited[client] for client in day.clients)
        assert day.vehicle_types == (0,)
    assert period.last_visits(2) == tuple(2 - visited[0] for visited in period.visited)
    assert period.sheets(date="2026-11-30").count('<section class="sheet">') == 4
    page = period.to_html(loads=["bins"], currency="EUR")
    assert all(name in page for name in names)
    assert "follow the streets" not in page
    with pytest.raises(milkrun.SettingError, match="someday"):
        period.sheets(date="someday")


def test_visits_are_said_in_several_ways() -> None:
    problem = two_sides()
    visits: dict[milkrun.Client | str | int, Visits | int] = {
        0: Visits(patterns=[[1, 2]]),
        "far east": Visits(2, days=[0, 2], min_gap=1),
        2: Visits(1, last_visit=3, min_gap=1, max_gap=4),
    }
    period = plan_period(problem, days=3, visits=visits, working_days={"van": [0, 1, 2]}, stop=ENOUGH)
    assert period.visited[0] == (1, 2)
    assert period.visited[1] == (0, 2)
    assert period.visited[2] in [(0,), (1,)]
    assert len(period.visited[3]) == 1


def test_units_of_the_user() -> None:
    problem = two_sides(distance_scale=10, cost_scale=100)
    period = plan_period(problem, days=2, stop=ENOUGH, consistency=Consistency(other_vehicle=0.5, tolerance=60))
    assert period.is_feasible
    assert period.cost == pytest.approx(sum(day.plan.cost for day in period.days))
    assert (period.consistency_cost, period.other_vehicle, period.other_time) == (0, 0, 0)


def test_every_fault_at_once() -> None:
    problem = two_sides()
    with pytest.raises(PeriodError) as caught:
        plan_period(problem, days=3, visits={"no such bin": 1, 99: 1}, working_days={"tram": [0]})
    assert [issue.path for issue in caught.value.issues] == [
        "visits[0].client",
        "visits[1].client",
        "working_days[0].vehicle_type",
    ]
    assert caught.value.code == "period"
    with pytest.raises(PeriodError) as caught:
        plan_period(problem, days=29, visits={0: 0, 1: Visits(2, days=[0, 40])})
    assert {"days", "visits[0].frequency", "visits[1].days[1]"} <= {issue.path for issue in caught.value.issues}
    with pytest.raises(TypeError):
        plan_period(problem, days=2.5)  # type: ignore[arg-type]
    with pytest.raises(PeriodError):
        plan_period(problem, days=-1)


def test_groups_with_patterns() -> None:
    model = Model()
    yard = model.add_depot(0, 0)
    group = model.add_group(name="bakery")
    visits = [model.add_client(x, 0, group=group) for x in (10, -10, 30)]
    model.set_patterns(group, [[visits[0], visits[1]], [visits[2]]])
    model.add_vehicle_type(1, depot=yard)
    problem = model.build()
    result = milkrun.solve(problem, stop=ENOUGH)
    assert (result.is_feasible, result.cost) == (True, 40)
    both = problem.plan([{"trips": [[0]]}])
    assert [violation.kind for violation in both.violations] == ["pattern_broken"]
    # The longer way is cheaper once the two of the first pattern cost more together.
    model.set_patterns(group, [[visits[0], visits[1]], [visits[2]]], [25, 3])
    assert milkrun.solve(model.build(), stop=ENOUGH).cost == 63


def test_what_overflows_decides_how_often() -> None:
    problem = two_sides(cost_scale=10)
    often = Visits(overflow=milkrun.Overflow([0, 5, 100]))
    bins: dict[milkrun.Client | str | int, Visits | int] = dict.fromkeys(range(4), often)
    period = plan_period(problem, days=4, visits=bins, stop=ENOUGH)
    # Each side twice, every second day: 22 for each tour, and 5 for each of two intervals of four bins.
    assert [len(days) for days in period.visited] == [2, 2, 2, 2]
    assert (period.cost, period.overflow_cost) == (4 * 22 + 40, 40)
    assert period.plan.check().is_truthful
    # A bin that is full already is emptied at once.
    full = Visits(1, overflow=milkrun.Overflow([0, 0, 0, 0], until_first=[0, 50, 50, 50]))
    assert plan_period(problem, days=4, visits={2: full}, stop=ENOUGH).visited[2] == (0,)
    with pytest.raises(PeriodError, match="until_first"):
        plan_period(problem, days=4, visits={0: Visits(1, overflow=milkrun.Overflow([0, 1, 2, 3], [-1]))}, stop=ENOUGH)


def test_what_was_missed_comes_on_the_next_day() -> None:
    problem = two_sides(cost_scale=10, load_scale=2)
    plan = milkrun.solve(problem, stop=ENOUGH).plan
    tomorrow = two_sides(cost_scale=10, load_scale=2)
    over = milkrun.carry(plan, tomorrow, clients=["near east", 3], unserved=False)
    assert [(each.name, each.now, each.joined) for each in over.clients] == [
        ("near east", 0, True),
        ("far west", 3, True),
    ]
    assert over.shipments == ()
    assert over.problem.units == problem.units
    with pytest.raises(milkrun.CarryError) as caught:
        milkrun.carry(plan, tomorrow, clients=["unknown"], shipments=[7])
    assert [issue.path for issue in caught.value.issues] == ["clients[0]", "shipments[0]"]
    with pytest.raises(ValueError, match="same units"):
        milkrun.carry(plan, two_sides())
