"""Solving: when to stop, how it goes, and what comes out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from . import _core
from ._core import CancelToken
from ._errors import SettingError
from ._plan import Plan
from ._units import unscaled

if TYPE_CHECKING:
    from ._problem import Problem

StopReason: TypeAlias = Literal[
    "max_runtime", "max_iterations", "no_improvement", "target_cost", "interrupt", "cancelled", "trivial"
]
"""Why a search ended; ``interrupt`` is Ctrl-C, ``trivial`` that there was nothing to decide."""


@dataclass(frozen=True)
class Stop:
    """When a search ends: as soon as any of its limits is met. Join limits by ``|``.

    With a limit of iterations alone, the result depends on problem, seed and number of threads only.
    """

    max_runtime: float | None = None
    """Seconds from the call on."""
    max_iterations: int | None = None
    """Iterations of all threads together."""
    no_improvement: int | None = None
    """Iterations in a row that bring no better plan."""
    target_cost: float | None = None
    """A cost at or below which a feasible plan is good enough."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if value is None:
                continue
            if not math.isfinite(value) or (value < 0 and limit.name != "target_cost"):
                raise SettingError(f"{limit.name} is {value}: give a finite number that is not negative")
            if limit.name in ("max_iterations", "no_improvement") and int(value) != value:
                raise SettingError(f"{limit.name} is {value}: give a whole number")

    def __or__(self, other: Stop) -> Stop:
        """The limits of both; of one kind, the tighter."""

        def tighter(a: float | None, b: float | None, pick: Callable[[float, float], float]) -> float | None:
            return b if a is None else a if b is None else pick(a, b)

        iterations = tighter(self.max_iterations, other.max_iterations, min)
        improvement = tighter(self.no_improvement, other.no_improvement, min)
        return Stop(
            tighter(self.max_runtime, other.max_runtime, min),
            None if iterations is None else int(iterations),
            None if improvement is None else int(improvement),
            tighter(self.target_cost, other.target_cost, max),
        )


def MaxRuntime(seconds: float | timedelta) -> Stop:  # noqa: N802
    """Stops after so many seconds."""
    return Stop(max_runtime=seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds))


def MaxIterations(iterations: int) -> Stop:  # noqa: N802
    """Stops after so many iterations: the same result every time."""
    return Stop(max_iterations=iterations)


def NoImprovement(iterations: int) -> Stop:  # noqa: N802
    """Stops after so many iterations in a row without a better plan."""
    return Stop(no_improvement=iterations)


def TargetCost(cost: float) -> Stop:  # noqa: N802
    """Stops as soon as a feasible plan costs at most so much."""
    return Stop(target_cost=cost)


@dataclass(frozen=True)
class Progress:
    """A look at a running search."""

    elapsed: float
    """Seconds since the call."""
    iterations: int
    """Iterations so far."""
    best_cost: float | None
    """Cost of the best feasible plan so far, if there is one."""
    routes: int
    """Routes of the best plan so far."""
    unserved: int
    """Clients and shipments that must be served and are not, in the best plan so far."""


@dataclass(frozen=True)
class Result:
    """The answer of a search."""

    plan: Plan
    """The best plan found. Ask it whether it is feasible."""
    stopped: StopReason
    """Why the search ended."""
    iterations: int
    """How many iterations it did."""
    runtime: float
    """How many seconds it took."""
    history: tuple[Progress, ...] = field(default=(), repr=False, compare=False)
    """What progress reported, a few times a second."""

    @property
    def cost(self) -> float:
        """What the plan costs."""
        return self.plan.cost

    @property
    def is_feasible(self) -> bool:
        """Whether the plan breaks no rule."""
        return self.plan.is_feasible

    def _repr_html_(self) -> str:
        return self.plan._repr_html_()


def solve(
    problem: Problem,
    *,
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    initial: Plan | None = None,
    progress: bool | Callable[[Progress], object] = False,
    cancel: CancelToken | None = None,
) -> Result:
    """Solves a problem.

    ``stop`` is a limit such as ``MaxRuntime(10) | NoImprovement(5000)``, or a number of seconds; without any, a search
    runs for ten. ``initial`` is a plan to start from, feasible or not: the result is never worse. ``progress=True``
    shows tqdm's bar where tqdm is installed, else a line on standard error; a function is called with a
    :class:`Progress` a few times a second, and what it raises ends the search and is raised here.

    Other threads run meanwhile. Ctrl-C does not raise ``KeyboardInterrupt``: the search ends within a tenth of a second
    and answers with the best plan so far, and ``stopped`` is ``"interrupt"``. ``cancel`` does the same from another
    thread.
    """
    limits = stop if isinstance(stop, Stop) else Stop() if stop is None else MaxRuntime(stop)
    if limits.max_runtime is not None and limits.max_runtime > 1e9:
        raise SettingError(f"max_runtime is {limits.max_runtime}: that is longer than thirty years")
    if not 0 <= seed < 2**64:
        raise SettingError(f"seed is {seed}: it must lie in 0 ..= 2**64 - 1")
    if not 1 <= threads <= 1024:
        raise SettingError(f"threads is {threads}: it must lie in 1 ..= 1024")
    if initial is not None and not initial._inner.is_for(problem._inner):
        raise SettingError("initial is a plan for another problem: use problem.plan(…) to make one for this")
    units = problem.units
    history: list[Progress] = []
    show = _shower(progress, limits)

    def report(elapsed: float, iterations: int, best: int | None, routes: int, unserved: int) -> None:
        cost = None if best is None else unscaled(best, units.cost)
        history.append(Progress(elapsed, iterations, cost, routes, unserved))
        show(history[-1])

    try:
        plan, stopped, iterations, runtime = _core.solve(
            problem._inner,
            limits.max_runtime,
            None if limits.max_iterations is None else int(limits.max_iterations),
            None if limits.no_improvement is None else int(limits.no_improvement),
            None if limits.target_cost is None else math.floor(limits.target_cost * units.cost + 1e-9),
            seed,
            threads,
            None if initial is None else initial._inner,
            CancelToken() if cancel is None else cancel,
            report,
        )
    finally:
        show(None)
    return Result(Plan(plan, problem), stopped, iterations, runtime, tuple(history))  # type: ignore[arg-type]


def _shower(progress: bool | Callable[[Progress], object], limits: Stop) -> Callable[[Progress | None], object]:
    """What is called with each report, and with ``None`` at the end."""
    if progress is False:
        return lambda _: None
    if progress is True:
        from ._bar import bar

        return bar(limits)
    if not callable(progress):
        raise TypeError(f"progress must be True, False or a function, not {progress!r}")
    return lambda report: None if report is None else progress(report)
