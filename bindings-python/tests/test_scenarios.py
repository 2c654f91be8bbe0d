"""Days that may turn out in several ways."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import milkrun
from milkrun import Outcome


def bin_problem(**scales: Any) -> milkrun.Problem:
    """A detour of 20 to a bin."""
    model = milkrun.Model(**scales)
    yard = model.add_depot(0, 0)
    model.add_client(10, 0, pickup=5, required=False, prize=0, name="bin")
    model.add_vehicle_type(1, depot=yard, capacity=10)
    return model.build()


OVERFLOWS = {"bin": [Outcome(5), Outcome(8, prize=100)]}
ENOUGH = milkrun.MaxIterations(400)


def test_what_overflows_often_enough_is_visited() -> None:
    found = milkrun.plan_scenarios(bin_problem(), OVERFLOWS, scenarios=20, stop=ENOUGH)
    assert (len(found.plan.routes), len(found.plan_for_means.routes)) == (1, 0)
    assert found.plan.check().is_truthful
    assert (found.fresh.scenarios, found.fresh.mean, found.fresh.deviation) == (200, 20, 0)
    assert found.fresh_for_means.mean == pytest.approx(50, abs=15)
    assert (found.fresh_for_means.least, found.fresh_for_means.most) == (0, 100)
    assert found.outcomes.scenarios == 20
    assert found.visited_share[0] is not None
    again = milkrun.plan_scenarios(bin_problem(), OVERFLOWS, scenarios=20, stop=ENOUGH)
    assert again == found


def test_costs_are_in_the_users_units() -> None:
    problem = bin_problem(cost_scale=10, load_scale=2)
    outcomes = {0: [Outcome(5), Outcome([2.5], prize=100)]}
    found = milkrun.plan_scenarios(problem, outcomes, scenarios=10, fresh=0, stop=ENOUGH)
    assert found.outcomes.mean == found.plan.cost == 20
    assert (found.fresh.mean, found.fresh.least, found.fresh.scenarios) == (None, None, 0)


def test_every_fault_is_told() -> None:
    with pytest.raises(milkrun.ScenarioError) as caught:
        milkrun.plan_scenarios(bin_problem(), {0: []}, scenarios=0, rounds=0, agreement=2)
    assert [issue.path for issue in caught.value.issues] == [
        "scenarios",
        "uncertain[0].outcomes",
        "agreement",
        "rounds",
    ]
    with pytest.raises(milkrun.ScenarioError, match="stranger"):
        milkrun.plan_scenarios(bin_problem(), {"stranger": [Outcome(1)]})
    with pytest.raises(milkrun.ScenarioError, match=r"uncertain\[0\].outcomes\[0\].pickup"):
        milkrun.plan_scenarios(bin_problem(), {0: [Outcome(0.5)]})


def test_a_token_ends_it_early() -> None:
    token = milkrun.CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    found = milkrun.plan_scenarios(bin_problem(), OVERFLOWS, stop=60, cancel=token)
    timer.join()
    assert found.plan.check().is_truthful


def test_progress_of_many_searches() -> None:
    looks: list[milkrun.RunsProgress] = []
    problem = bin_problem()
    milkrun.pareto(problem, ["cost", "vehicles"], points=4, stop=milkrun.MaxIterations(400), progress=looks.append)
    assert [look.done for look in looks] == list(range(1, len(looks) + 1))
    assert looks
    assert all(0 <= look.elapsed < 60 and look.done <= look.searches for look in looks)
    looks.clear()
    milkrun.compare(problem, {"same": []}, seeds=2, stop=milkrun.MaxIterations(50), progress=looks.append)
    assert (looks[-1].done, looks[-1].searches) == (4, 4)

    def fails(_: milkrun.RunsProgress) -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        milkrun.pareto(problem, ["cost", "vehicles"], stop=milkrun.MaxIterations(4000), progress=fails)
    with pytest.raises(TypeError, match="progress"):
        milkrun.compare(problem, {}, progress=3)  # type: ignore[arg-type]
