"""Solving many problems at once: on the cores of this machine, on Dask, or on Ray.

>>> import milkrun
>>> from milkrun.distributed import solve_many
>>> def day(seed):
...     m = milkrun.Model(f"day {seed}")
...     yard = m.add_depot(0, 0)
...     for i in range(6):
...         _ = m.add_client((7 * i + seed) % 11, (5 * i) % 13, delivery=1)
...     _ = m.add_vehicle_type(2, capacity=3, depot=yard)
...     return m.build()
>>> results = solve_many([day(1), day(2)], stop=milkrun.MaxIterations(200))
>>> [result.is_feasible for result in results]
[True, True]
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ._backends import Backend, Failure, backend_of
from ._core import CancelToken
from ._errors import InternalError, MilkrunError, SettingError
from ._problem import Problem, Result
from ._solve import solve
from ._stopping import Stop

On: TypeAlias = "Executor | Literal['local', 'ray'] | Any"
"""Where to solve: ``"local"``, ``"ray"``, an executor, or a ``distributed.Client`` of Dask."""


class SolveManyError(MilkrunError):
    """Not every problem was solved."""

    code = "solve_many"

    def __init__(self, results: Sequence[Result | None], errors: dict[int, BaseException], *, cancelled: bool) -> None:
        missing = sum(result is None for result in results)
        reason = "cancelled" if cancelled else "failed"
        first = next(iter(errors.items()), None)
        detail = "" if first is None else f"; problem {first[0]}: {first[1]}"
        super().__init__(f"{missing} of {len(results)} problems were not solved ({reason}){detail}")
        self.results: list[Result | None] = list(results)
        """What was solved, in the order of the problems; ``None`` where nothing was."""
        self.errors: dict[int, BaseException] = errors
        """Why a problem was not solved, by its index."""
        self.cancelled: bool = cancelled
        """Whether the rest was cancelled."""

    def __reduce__(self) -> Any:
        return _restored, (self.results, self.errors, self.cancelled)


def _restored(results: list[Result | None], errors: dict[int, BaseException], cancelled: bool) -> SolveManyError:
    return SolveManyError(results, errors, cancelled=cancelled)


@dataclass(frozen=True)
class _Job:
    """One problem and how to solve it: what travels to a worker."""

    problem: Problem
    stop: Stop | float | None
    seed: int
    threads: int
    cancel: CancelToken | None = None
    """Stops the search; only for jobs that stay in this process."""

    def __call__(self) -> Result:
        return solve(self.problem, stop=self.stop, seed=self.seed, threads=self.threads, cancel=self.cancel)


def solve_many(
    problems: Iterable[Problem],
    *,
    on: On = "local",
    stop: Stop | float | None = None,
    seed: int | Sequence[int] = 1,
    threads: int = 1,
    retries: int = 2,
    progress: bool | Callable[[int, int], object] = False,
    cancel: CancelToken | threading.Event | None = None,
) -> list[Result]:
    """Solves independent problems (days, regions, scenarios) and gives their results in the same order.

    With a limit of iterations, results are the same wherever they are solved. ``seed`` is one for all, or one for each.
    A worker that is lost, or fails for reasons of its own, is tried again up to ``retries`` times; faults of a problem
    are not. ``progress`` is called with how many are done, of how many; ``True`` shows tqdm's bar.

    Raises :class:`SolveManyError`, which holds all results there are, if a problem could not be solved, or if
    ``cancel`` was set or Ctrl-C pressed: then what has not begun is given up, and what runs in this process ends early
    with its best plan so far.
    """
    problems = list(problems)
    seeds = [seed] * len(problems) if isinstance(seed, int) else list(seed)
    if len(seeds) != len(problems):
        raise SettingError(f"{len(seeds)} seeds were given for {len(problems)} problems: give one, or one for each")
    if retries < 0:
        raise SettingError(f"retries is {retries}: give 0 or more")
    if not problems:
        return []
    own, halt = None, CancelToken() if on == "local" else None
    jobs = [_Job(problem, stop, s, threads, halt) for problem, s in zip(problems, seeds, strict=True)]
    if on == "local":
        on = own = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // max(threads, 1)), "milkrun")
    backend = backend_of(on)
    try:
        return _run(backend, jobs, retries, _reporter(progress), cancel)
    finally:
        backend.close()
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)


def _run(
    backend: Backend,
    jobs: list[_Job],
    retries: int,
    report: Callable[[int | None, int], object],
    cancel: CancelToken | threading.Event | None,
) -> list[Result]:
    results: list[Result | None] = [None] * len(jobs)
    errors: dict[int, BaseException] = {}
    attempts = [0] * len(jobs)
    cancelled = False
    try:
        for index, job in enumerate(jobs):
            backend.submit(index, job)
        open_jobs = len(jobs)
        while open_jobs and not cancelled:
            for index, outcome in backend.wait(0.1):
                if isinstance(outcome, Failure) and _is_worth_retrying(outcome.error) and attempts[index] < retries:
                    attempts[index] += 1
                    backend.submit(index, jobs[index])
                    continue
                open_jobs -= 1
                if isinstance(outcome, Failure):
                    errors[index] = outcome.error
                else:
                    results[index] = outcome
                report(len(jobs) - open_jobs, len(jobs))
            cancelled = _is_set(cancel)
    except KeyboardInterrupt:
        cancelled = True
    finally:
        report(None, len(jobs))
    if cancelled:
        if jobs[0].cancel is not None:
            jobs[0].cancel.cancel()
        for index, outcome in backend.cancel():
            if not isinstance(outcome, Failure):
                results[index] = outcome
    done = [result for result in results if result is not None]
    if len(done) < len(jobs):
        raise SolveManyError(results, errors, cancelled=cancelled)
    return done


def _is_worth_retrying(error: BaseException) -> bool:
    """Faults of the input stay what they are; anything else may be the worker's."""
    return isinstance(error, InternalError) or not isinstance(error, (MilkrunError, TypeError))


def _is_set(cancel: CancelToken | threading.Event | None) -> bool:
    if cancel is None:
        return False
    return cancel.is_cancelled if isinstance(cancel, CancelToken) else cancel.is_set()


def _reporter(progress: bool | Callable[[int, int], object]) -> Callable[[int | None, int], object]:
    if progress is False:
        return lambda done, count: None
    if progress is not True:
        return lambda done, count: None if done is None else progress(done, count)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return lambda done, count: None if done is None else print(f"milkrun: {done} of {count} solved")
    shown: Any = tqdm(desc="milkrun", unit="problem")

    def show(done: int | None, count: int) -> None:
        if done is None:
            shown.close()
            return
        shown.total, shown.n = count, done
        shown.refresh()

    return show
