"""Fronts: plans of which none is better than another in all respects."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import get_args

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._errors import SettingError
from ._parts import one_of
from ._problem import Plan, Problem
from ._search import asked_of, limits_of, runs_shower
from ._stopping import RunsProgress, Stop


@dataclass(frozen=True)
class FrontPoint:
    """A plan of a front."""

    values: tuple[float, ...]
    """The values of the objectives, in their order."""
    plan: Plan
    """The plan."""
    trade: str
    """What it takes to get here from the point before: "one vehicle less costs 412 more"; empty for the first."""


@dataclass(frozen=True)
class Front:
    """Feasible plans of which none is nowhere worse than another. ``str()`` has a line for each."""

    objectives: tuple[documents.Objective, ...]
    """The objectives: cost, if it is one, and the others in their order."""
    points: tuple[FrontPoint, ...]
    """The points, by their values. Empty: no feasible plan was found."""
    runs: int
    """How many searches there were."""
    covered: float
    """How much of the box between the best values and a tenth beyond the worst the front covers, from 0 to 1."""
    is_complete: bool
    """Whether the front was not cut short."""
    runtime: float
    """How many seconds it took."""

    def __str__(self) -> str:
        lines = []
        for point in self.points:
            values = ", ".join(f"{name} {value:g}" for name, value in zip(self.objectives, point.values, strict=True))
            lines.append(f"{values}: {point.trade}" if point.trade else values)
        return "\n".join(lines)


def pareto(
    problem: Problem,
    objectives: Iterable[documents.Objective],
    *,
    points: int = 8,
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    progress: bool | Callable[[RunsProgress], object] = False,
    cancel: CancelToken | None = None,
) -> Front:
    """Looks for plans of which none is better than another in two or three ``objectives``: ``"cost"``, ``"distance"``,
    ``"vehicles"``, ``"makespan"``, ``"unserved"``, ``"balance"``, ``"scatter"`` and
    ``"emissions"`` (kilograms of CO₂).

    The first objective, cost wherever it stands, is made small while limits of the others tighten, in about so many
    runs as there are to be ``points``. ``stop`` limits all of them together: a minute, if not given. With a limit of
    iterations alone, the same seed gives the same front. ``progress=True`` shows how many runs
    have ended; a function is called with a :class:`RunsProgress` after each of them, and what it raises ends the
    search and is raised here. Raises :class:`ParetoError` with every fault of what is asked at once.
    """
    asked: documents.Pareto = {"objectives": list(objectives), "points": operator.index(points)}
    for objective in asked["objectives"]:
        one_of("objective", objective, get_args(documents.Objective))
    if not 0 <= asked["points"] < 2**32:
        raise SettingError(f"points is {points}: it must be a number of points")
    search = asked_of(limits_of(60.0 if stop is None else stop), seed, threads)
    show = runs_shower(progress)

    def report(looked: documents.RunsProgress) -> None:
        show(RunsProgress(**looked))

    token = cancel or CancelToken()
    try:
        plans, found = _core.pareto_front(problem._inner, asked, search, token, report, problem.units._scales)
    finally:
        show(None)
    made = [
        FrontPoint(point["values"], Plan(plan, problem), point["trade"])
        for point, plan in zip(found["points"], plans, strict=True)
    ]
    return Front(found["objectives"], tuple(made), found["runs"], found["covered"], found["complete"], found["runtime"])
