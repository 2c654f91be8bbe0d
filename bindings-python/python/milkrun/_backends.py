"""Where jobs of :func:`milkrun.distributed.solve_many` run."""

from __future__ import annotations

import concurrent.futures
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """What went wrong instead of a result."""

    error: BaseException


class Backend(ABC):
    """Runs jobs, and tells which are done."""

    @abstractmethod
    def submit(self, index: int, job: Callable[[], Any]) -> None:
        """Starts a job as soon as there is room."""

    @abstractmethod
    def wait(self, seconds: float) -> list[tuple[int, Any]]:
        """Waits until a job is done, or for so long; gives index and result, or :class:`Failure`, of those done."""

    @abstractmethod
    def cancel(self) -> list[tuple[int, Any]]:
        """Gives up what has not begun; gives what still came of the rest."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of what is left."""


def backend_of(on: Any) -> Backend:
    """The backend for what the user named."""
    if isinstance(on, concurrent.futures.Executor):
        return Local(on)
    if on == "ray":
        return Ray()
    if hasattr(on, "submit") and hasattr(on, "scheduler_info"):
        return Dask(on)
    raise TypeError(f"on must be 'local', 'ray', an executor, or a client of Dask, not {on!r}")


class Local(Backend):
    """An executor of ``concurrent.futures``. Threads will do: the solver does not hold Python's lock."""

    def __init__(self, executor: concurrent.futures.Executor) -> None:
        self._executor = executor
        self._open: dict[concurrent.futures.Future[Any], int] = {}

    def submit(self, index: int, job: Callable[[], Any]) -> None:
        try:
            future = self._executor.submit(job)
        except (RuntimeError, concurrent.futures.BrokenExecutor) as error:
            # A pool whose process died takes no more jobs: that is the job's failure, not the caller's.
            future = concurrent.futures.Future()
            future.set_exception(error)
        self._open[future] = index

    def wait(self, seconds: float) -> list[tuple[int, Any]]:
        done, _ = concurrent.futures.wait(self._open, seconds, concurrent.futures.FIRST_COMPLETED)
        return [(self._open.pop(future), _outcome(future)) for future in done]

    def cancel(self) -> list[tuple[int, Any]]:
        running = [future for future in self._open if not future.cancel()]
        concurrent.futures.wait(running)
        return [(self._open[future], _outcome(future)) for future in running]

    def close(self) -> None:
        for future in self._open:
            future.cancel()


def _outcome(future: concurrent.futures.Future[Any]) -> Any:
    error = future.exception()
    return future.result() if error is None else Failure(error)


def _call(job: Callable[[], Any]) -> Any:
    return job()


class Dask(Backend):
    """A ``distributed.Client``."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._open: dict[Any, int] = {}

    def submit(self, index: int, job: Callable[[], Any]) -> None:
        # Not pure: a second attempt must not get the first one's failure.
        self._open[self._client.submit(_call, job, pure=False)] = index

    def wait(self, seconds: float) -> list[tuple[int, Any]]:
        import distributed

        wait: Any = distributed.wait
        try:
            wait(list(self._open), timeout=seconds, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        return [self._taken(future) for future in list(self._open) if future.done()]

    def cancel(self) -> list[tuple[int, Any]]:
        done = [self._taken(future) for future in list(self._open) if future.status == "finished"]
        self._client.cancel(list(self._open))
        self._open.clear()
        return done

    def close(self) -> None:
        for future in self._open:
            future.release()

    def _taken(self, future: Any) -> tuple[int, Any]:
        index = self._open.pop(future)
        try:
            return index, future.result()
        except Exception as error:
            return index, Failure(error)
        finally:
            future.release()


class Ray(Backend):
    """The Ray cluster that this program is connected to; one of this machine where there is none."""

    def __init__(self) -> None:
        import ray

        if not ray.is_initialized():
            ray.init()
        self._ray: Any = ray
        self._run: Any = ray.remote(_call).options(max_retries=0)
        self._open: dict[Any, int] = {}

    def submit(self, index: int, job: Callable[[], Any]) -> None:
        self._open[self._run.remote(job)] = index

    def wait(self, seconds: float) -> list[tuple[int, Any]]:
        if not self._open:
            return []
        done, _ = self._ray.wait(list(self._open), num_returns=len(self._open), timeout=seconds)
        return [self._taken(reference) for reference in done]

    def cancel(self) -> list[tuple[int, Any]]:
        done = self.wait(0)
        for reference in self._open:
            self._ray.cancel(reference)
        self._open.clear()
        return done

    def close(self) -> None:
        for reference in self._open:
            self._ray.cancel(reference)

    def _taken(self, reference: Any) -> tuple[int, Any]:
        index = self._open.pop(reference)
        try:
            return index, self._ray.get(reference)
        except Exception as error:
            return index, Failure(getattr(error, "cause", None) or error)
