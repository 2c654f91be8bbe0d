"""Runs a search, and shows how it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import _core
from . import _documents as documents
from ._bar import bar, count_bar
from ._core import CancelToken
from ._errors import SettingError
from ._stopping import MaxRuntime, Progress, RunsProgress, Stop
from ._units import Units


def search(
    problem: _core.Problem,
    units: Units,
    *,
    stop: Stop | float | None,
    seed: int,
    threads: int,
    initial: _core.Plan | None,
    progress: bool | Callable[[Progress], object],
    cancel: CancelToken | None,
) -> tuple[_core.Plan, Any, list[Progress]]:
    """The best plan found, how the search ended, and what progress told."""
    limits = limits_of(stop)
    asked = asked_of(limits, seed, threads)
    if initial is not None and not initial.is_for(problem):
        raise SettingError("initial is a plan for another problem: use problem.plan(…) to make one for this")
    history: list[Progress] = []
    show = shower(progress, limits)

    def report(looked: documents.Progress) -> None:
        history.append(Progress(**looked))
        show(history[-1])

    try:
        plan, ended = _core.solve(problem, asked, initial, cancel or CancelToken(), report, units._scales)
    finally:
        show(None)
    return plan, ended, history


def limits_of(stop: Stop | float | None) -> Stop:
    """When to stop."""
    limits = stop if isinstance(stop, Stop) else Stop() if stop is None else MaxRuntime(stop)
    if limits.max_runtime is not None and limits.max_runtime > 1e9:
        raise SettingError(f"max_runtime is {limits.max_runtime}: that is longer than thirty years")
    return limits


def asked_of(limits: Stop, seed: int, threads: int) -> documents.Search:
    """The document of how to search."""
    if not 0 <= seed < 2**64:
        raise SettingError(f"seed is {seed}: it must lie in 0 ..= 2**64 - 1")
    if not 1 <= threads <= 1024:
        raise SettingError(f"threads is {threads}: it must lie in 1 ..= 1024")
    return {
        "max_runtime": limits.max_runtime,
        "max_iterations": None if limits.max_iterations is None else int(limits.max_iterations),
        "no_improvement": None if limits.no_improvement is None else int(limits.no_improvement),
        "target_cost": limits.target_cost,
        "seed": int(seed),
        "threads": int(threads),
    }


_Look = TypeVar("_Look", Progress, RunsProgress)


def shower(progress: bool | Callable[[Progress], object], limits: Stop) -> Callable[[Progress | None], object]:
    """What is called with each report, and with ``None`` at the end."""
    return _shower(progress, lambda: bar(limits))


def runs_shower(progress: bool | Callable[[RunsProgress], object]) -> Callable[[RunsProgress | None], object]:
    """The same, of work that consists of many searches."""
    return _shower(progress, count_bar)


def _shower(
    progress: bool | Callable[[_Look], object], usual: Callable[[], Callable[[_Look | None], object]]
) -> Callable[[_Look | None], object]:
    if progress is False:
        return lambda _: None
    if progress is True:
        return usual()
    if not callable(progress):
        raise TypeError(f"progress must be True, False or a function, not {progress!r}")
    return lambda report: None if report is None else progress(report)
