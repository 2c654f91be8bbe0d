"""Many problems at once: the same results everywhere, retries, cancelling."""

from __future__ import annotations

import os
import pickle
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from conftest import star

from milkrun import CancelToken, MaxIterations, MaxRuntime, Problem, Result, SettingError, solve
from milkrun._backends import Dask, Failure, Local
from milkrun.distributed import SolveManyError, solve_many

DAYS = 6


@pytest.fixture(scope="module")
def days() -> list[Problem]:
    return [star(15, seed).build() for seed in range(DAYS)]


@pytest.fixture(scope="module")
def expected(days: list[Problem]) -> list[Result]:
    return [solve(day, stop=MaxIterations(100), seed=3) for day in days]


def same(found: list[Result], expected: list[Result]) -> bool:
    return [result.plan for result in found] == [result.plan for result in expected]


def test_on_this_machine(days: list[Problem], expected: list[Result]) -> None:
    seen: list[tuple[int, int]] = []
    found = solve_many(days, stop=MaxIterations(100), seed=3, progress=lambda done, of: seen.append((done, of)))
    assert same(found, expected)
    assert seen == [(i + 1, DAYS) for i in range(DAYS)]
    assert solve_many([]) == []


def test_a_seed_for_each(days: list[Problem]) -> None:
    found = solve_many(days, stop=MaxIterations(40), seed=range(DAYS))
    assert same(found, [solve(day, stop=MaxIterations(40), seed=seed) for seed, day in enumerate(days)])
    with pytest.raises(SettingError, match="2 seeds"):
        solve_many(days, seed=[1, 2])
    with pytest.raises(SettingError, match="retries"):
        solve_many(days, retries=-1)
    with pytest.raises(TypeError, match="on must be"):
        solve_many(days, on="the moon")


def test_executors(days: list[Problem], expected: list[Result]) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert same(solve_many(days, on=threads, stop=MaxIterations(100), seed=3), expected)
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert same(solve_many(days, on=processes, stop=MaxIterations(100), seed=3), expected)


class Flaky:
    """A job that fails until its file has so many letters."""

    def __init__(self, path: Path, failures: int) -> None:
        self.path, self.failures = path, failures

    def __call__(self) -> str:
        with self.path.open("a") as file:
            file.write("x")
        if len(self.path.read_text()) <= self.failures:
            raise ConnectionError("the worker is gone")
        return "done"


def run(backend: Any, job: Any, retries: int) -> list[Any]:
    from milkrun import distributed

    def quiet(done: int | None, count: int) -> None:
        pass

    return distributed._run(backend, [job], retries, quiet, CancelToken())


def test_retries(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        assert run(Local(threads), Flaky(tmp_path / "a", 2), retries=2) == ["done"]
        with pytest.raises(SolveManyError, match="the worker is gone") as caught:
            run(Local(threads), Flaky(tmp_path / "b", 9), retries=2)
    assert (tmp_path / "b").read_text() == "xxx"
    error = caught.value
    assert isinstance(error.errors[0], ConnectionError)
    assert (error.results, error.cancelled) == ([None], False)
    assert pickle.loads(pickle.dumps(error)).results == [None]


def test_faults_of_a_problem_are_not_tried_again(days: list[Problem]) -> None:
    with pytest.raises(SolveManyError) as caught:
        solve_many(days[:2], stop=MaxIterations(10), seed=[1, -1])
    assert isinstance(caught.value.errors[1], SettingError)
    assert isinstance(caught.value.results[0], Result)


class Dies:
    """A job that takes its process with it."""

    def __call__(self) -> None:
        os._exit(7)


def test_a_pool_that_broke_is_told(days: list[Problem]) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as processes, pytest.raises(SolveManyError) as caught:
        run(Local(processes), Dies(), retries=1)
    assert "Broken" in type(caught.value.errors[0]).__name__


def test_cancelling_gives_what_there_is() -> None:
    problems = [star(200, seed, vehicles=60).build() for seed in range(12)]
    event = threading.Event()
    threading.Timer(0.5, event.set).start()
    start = time.perf_counter()
    with pytest.raises(SolveManyError) as caught:
        solve_many(problems, stop=MaxRuntime(30), cancel=event)
    assert time.perf_counter() - start < 10
    assert caught.value.cancelled
    begun = [result for result in caught.value.results if result is not None]
    assert 1 <= len(begun) < 12
    assert all(result.stopped == "cancelled" for result in begun)


@pytest.fixture(scope="module")
def client() -> Any:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_dask(client: Any, days: list[Problem], expected: list[Result]) -> None:
    assert len(client.scheduler_info()["workers"]) == 2
    assert same(solve_many(days, on=client, stop=MaxIterations(100), seed=3), expected)


def test_dask_retries_and_cancels(client: Any, tmp_path: Path) -> None:
    assert run(Dask(client), Flaky(tmp_path / "a", 2), retries=2) == ["done"]
    with pytest.raises(SolveManyError, match="gone"):
        run(Dask(client), Flaky(tmp_path / "b", 9), retries=1)
    token = CancelToken()
    threading.Timer(1.0, token.cancel).start()
    start = time.perf_counter()
    with pytest.raises(SolveManyError) as caught:
        solve_many([star(60, s).build() for s in range(8)], on=client, stop=MaxRuntime(3), cancel=token)
    assert time.perf_counter() - start < 3
    assert caught.value.cancelled


def test_ray(days: list[Problem], expected: list[Result], tmp_path: Path) -> None:
    ray = pytest.importorskip("ray", reason="Ray is tested where it is installed")
    environment = {"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=environment)
    try:
        from milkrun._backends import Ray

        assert same(solve_many(days, on="ray", stop=MaxIterations(100), seed=3), expected)
        assert run(Ray(), Flaky(tmp_path / "a", 1), retries=1) == ["done"]
    finally:
        ray.shutdown()


def test_what_went_wrong_is_kept() -> None:
    error = ConnectionError("gone")
    assert Failure(error).error is error
