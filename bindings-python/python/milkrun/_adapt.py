"""Runs an adaptation, and shows how it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import _core
from . import _documents as documents
from ._asked import Asked, faults
from ._core import CancelToken
from ._errors import AdaptError
from ._search import asked_of, limits_of, shower
from ._stopping import Progress, Stop

_SECONDS = 3.0
"""The repaired plan is there long before."""


def adapted(
    problem: _core.Problem,
    plan: _core.Plan,
    asked: Asked,
    *,
    stop: Stop | float | None,
    seed: int,
    threads: int,
    progress: bool | Callable[[Progress], object],
    cancel: CancelToken | None,
) -> tuple[_core.Problem, _core.Plan, _core.Plan, Any]:
    """The problem as it is now, the adapted plan, the followed one, and how it ended."""
    limits = limits_of(_SECONDS if stop is None else stop)
    search = asked_of(limits, seed, threads)
    if asked.issues:
        raise faults(asked.issues, _checked(problem, plan, asked))
    show = shower(progress, limits)

    def report(looked: documents.Progress) -> None:
        show(Progress(**looked))

    scales = asked.units._scales
    try:
        return _core.adapt_plan(problem, plan, asked.document, search, cancel or CancelToken(), report, scales)
    finally:
        show(None)


def _checked(problem: _core.Problem, plan: _core.Plan, asked: Asked) -> AdaptError | None:
    """What the core has to say about the rest of what is asked: an adaptation that ends at once."""
    cancel = CancelToken()
    cancel.cancel()
    search = asked_of(Stop(max_iterations=0), 1, 1)
    try:
        _core.adapt_plan(problem, plan, asked.document, search, cancel, None, asked.units._scales)
    except AdaptError as error:
        return error
    return None
