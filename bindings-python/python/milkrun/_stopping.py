"""When a search stops, and how it goes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Literal, TypeAlias

from . import _documents as documents
from ._errors import SettingError

StopReason: TypeAlias = documents.StopReason | Literal["interrupt"]
"""Why a search ended; ``interrupt`` is Ctrl-C, ``trivial`` that there was nothing to decide."""


@dataclass(frozen=True)
class Stop:
    """When a search ends: as soon as any of its limits is met. Join limits by ``|``.

    With a limit of iterations alone, the result depends on problem and seed only, whatever the number of threads.
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
class RunsProgress:
    """A look at work that consists of many searches."""

    elapsed: float
    """Seconds since the call."""
    done: int
    """Searches that have ended."""
    searches: int
    """All searches, as far as they are known."""
