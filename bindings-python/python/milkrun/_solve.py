"""Solving, judging, explaining and adapting, as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from . import _documents as documents
from ._asked import ChangePrices
from ._core import CancelToken
from ._difference import Difference
from ._explain import Explanation
from ._problem import Adaptation, Plan, Problem, Result
from ._routes import Report
from ._stopping import Progress, Stop
from ._units import Duration, Moment
from .events import Event


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
    return problem.solve(stop=stop, seed=seed, threads=threads, initial=initial, progress=progress, cancel=cancel)


def check(problem: Problem, plan: Plan | str | Path) -> Report:
    """Asks the judge about a plan, or about the plan in a file or text, JSON or ``.sol``."""
    if not isinstance(plan, Plan):
        plan = problem.read_plan(plan)
    elif not plan._inner.is_for(problem._inner):
        plan = problem.read_plan(plan.to_json())
    return plan.check()


def explain(
    problem: Problem, plan: Plan, *, max_runtime: float | None = 10.0, cancel: CancelToken | None = None
) -> list[Explanation]:
    """Explains everything that a plan leaves unserved: whether it cannot be served (and by which rule) or was not
    chosen (and what it would cost), for each vehicle type, and the smallest single changes that would help.

    After ``max_runtime`` seconds (``None``: no limit), on Ctrl-C or when ``cancel`` is set, it answers with what was
    found so far; each explanation's ``searched`` says how far it got."""
    if not plan._inner.is_for(problem._inner):
        plan = problem.read_plan(plan.to_json())
    return plan.explain(max_runtime=max_runtime, cancel=cancel)


def adapt(
    problem: Problem,
    plan: Plan,
    *,
    now: Moment,
    events: Iterable[Event] = (),
    prices: ChangePrices | None = None,
    keep: documents.Keep = "nothing",
    keep_until: Moment | None = None,
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    progress: bool | Callable[[Progress], object] = False,
    cancel: CancelToken | None = None,
) -> Adaptation:
    """Adapts a published plan that is being driven.

    What vehicles have done by ``now`` stays, and so do the stops that they are driving to. ``events`` of
    :mod:`milkrun.events` have happened since, in this order. ``prices`` say what changes of the rest cost; without any,
    they are those of :meth:`milkrun.Plan.change_prices`. ``keep`` forbids changes: clients stay on their
    ``"vehicles"``, and in their ``"order"``, and at their ``"times"``: those whose service was to begin before
    ``keep_until``, or all.

    The search starts from the published plan and runs for three seconds unless ``stop`` says otherwise; the other
    parameters, Ctrl-C and other threads are as in :func:`milkrun.solve`. Raises :class:`AdaptError` with every fault of
    the events at once.
    """
    return problem.adapt(
        plan,
        now=now,
        events=events,
        prices=prices,
        keep=keep,
        keep_until=keep_until,
        stop=stop,
        seed=seed,
        threads=threads,
        progress=progress,
        cancel=cancel,
    )


def diff(problem: Problem, before: Plan, after: Plan, tolerance: Duration = 0) -> Difference:
    """What differs between two plans of a problem: routes are compared by their index. Services that begin at most
    ``tolerance`` earlier or later are the same."""
    return problem.diff(before, after, tolerance)
