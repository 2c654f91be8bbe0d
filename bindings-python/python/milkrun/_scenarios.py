"""Planning a day that may turn out in several ways."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._errors import ScenarioError
from ._period import _reference
from ._problem import Plan, Problem
from ._refs import Client, Loads
from ._search import asked_of, limits_of, shower
from ._stopping import Progress, Stop, StopReason
from ._units import Number, Scaler


@dataclass(frozen=True)
class Outcome:
    """What a client turns out to be."""

    pickup: Loads
    """What it hands over."""
    prize: Number = 0
    """What it costs to leave it unserved."""


ByClient: TypeAlias = (
    Mapping[Client | str | int, Iterable[Outcome]]
    | Mapping[Client, Iterable[Outcome]]
    | Mapping[str, Iterable[Outcome]]
    | Mapping[int, Iterable[Outcome]]
)
"""What clients may turn out to be."""


@dataclass(frozen=True)
class Outcomes:
    """What a plan costs as days turn out. What is ``None`` needs more scenarios."""

    scenarios: int
    """How many scenarios there are."""
    mean: float | None
    """The mean cost, with the prizes of what is left unserved."""
    deviation: float | None
    """The standard deviation of the cost."""
    standard_error: float | None
    """The standard error of the mean."""
    least: float | None
    """The least cost."""
    most: float | None
    """The largest."""
    infeasible: int
    """In how many scenarios no feasible plan could be made of it."""
    missed: int
    """How many visits that were planned could not be made, over all scenarios."""


@dataclass(frozen=True)
class ScenarioPlan:
    """A plan over scenarios, and the plan for what is expected beside it."""

    plan: Plan
    """The plan."""
    plan_for_means: Plan
    """The plan that looks at what is expected alone. It may be the same."""
    fresh: Outcomes
    """What the plan costs in scenarios that it was not made for."""
    fresh_for_means: Outcomes
    """What the plan for what is expected costs in them."""
    outcomes: Outcomes
    """What the plan costs in the scenarios that it was made for."""
    outcomes_for_means: Outcomes
    """What the plan for what is expected costs in them."""
    visited_share: tuple[float | None, ...]
    """By client, the share of scenarios of the last round in which it was undecided that visited it; ``None``: it never
    was undecided."""
    stopped: StopReason
    """Why the search ended."""


def plan_scenarios(
    problem: Problem,
    uncertain: ByClient,
    *,
    scenarios: int = 20,
    fresh: int = 200,
    rounds: int = 3,
    agreement: float = 0.9,
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    progress: bool | Callable[[Progress], object] = False,
    cancel: CancelToken | None = None,
) -> ScenarioPlan:
    """Plans a day that may turn out in several ways. ``problem`` says what is expected.

    Each client of ``uncertain`` turns out to be one of its outcomes, each as likely as the others and whatever other
    clients are. So many ``scenarios`` are drawn and planned one by one; optional clients that nearly all of these plans
    visit are visited, those that hardly any visits are left, in ``rounds`` that ask for less and less agreement, from
    the share ``agreement`` to a half. The plan, and the one for what is expected, are then driven in so many ``fresh``
    scenarios, which tells what they cost: that comes after the limits of ``stop``.

    The search runs for ten seconds unless ``stop`` says otherwise; the other parameters, Ctrl-C and other threads are
    as in :func:`milkrun.solve`. Raises :class:`ScenarioError` with every fault at once.
    """
    limits = limits_of(10.0 if stop is None else stop)
    scaler = Scaler(problem.units)
    asked: documents.Scenarios = {
        "uncertain": [
            {
                "client": _reference(Client, client),
                "outcomes": [
                    _outcome(scaler, outcome, f"uncertain[{u}].outcomes[{o}]") for o, outcome in enumerate(outcomes)
                ],
            }
            for u, (client, outcomes) in enumerate(uncertain.items())
        ],
        "scenarios": _count(scenarios, "scenarios"),
        "fresh": _count(fresh, "fresh"),
        "rounds": _count(rounds, "rounds"),
        "agreement": float(agreement),
    }
    if scaler.issues:
        raise ScenarioError.of(scaler.issues)
    show = shower(progress, limits)

    def report(looked: documents.Progress) -> None:
        show(Progress(**looked))

    search = asked_of(limits, seed, threads)
    token = cancel or CancelToken()
    try:
        plan, for_means, ended = _core.plan_scenarios(
            problem._inner, asked, search, token, report, problem.units._scales
        )
    finally:
        show(None)
    return ScenarioPlan(
        Plan(plan, problem),
        Plan(for_means, problem),
        Outcomes(**ended["fresh"]),
        Outcomes(**ended["fresh_for_means"]),
        Outcomes(**ended["outcomes"]),
        Outcomes(**ended["outcomes_for_means"]),
        tuple(ended["visited_share"]),
        ended["stopped"],
    )


def _outcome(scaler: Scaler, outcome: Outcome, path: str) -> documents.Outcome:
    return {
        "pickup": scaler.loads(outcome.pickup, f"{path}.pickup"),
        "prize": scaler.cost(outcome.prize, f"{path}.prize"),
    }


def _count(value: int, path: str) -> int:
    number = operator.index(value)
    if not 0 <= number < 2**32:
        raise ScenarioError.out_of_range(path, number)
    return number
