"""Solving: limits, seeds, threads, progress, cancelling, the interpreter's lock."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from milkrun import (
    CancelToken,
    MaxIterations,
    MaxRuntime,
    Model,
    NoImprovement,
    Problem,
    Progress,
    SettingError,
    Stop,
    TargetCost,
    solve,
)


def test_iterations_and_seed_decide_everything(problem: Problem) -> None:
    results = [solve(problem, stop=MaxIterations(500), seed=5, threads=n) for n in (1, 1, 2, 2)]
    assert results[0] == results[1] or results[0].plan == results[1].plan
    assert results[2].plan == results[3].plan
    assert {result.stopped for result in results} == {"max_iterations"}
    assert results[0].iterations == 500
    for result in results:
        report = result.plan.check()
        assert report.is_feasible
        assert report.is_truthful
        assert report.cost == result.cost


def test_every_reason_to_stop(problem: Problem) -> None:
    assert solve(problem, stop=0.2).stopped == "max_runtime"
    assert solve(problem, stop=MaxRuntime(timedelta(seconds=0.1))).stopped == "max_runtime"
    assert solve(problem, stop=NoImprovement(50) | MaxIterations(10_000_000)).stopped == "no_improvement"
    assert solve(problem, stop=TargetCost(10**9) | MaxIterations(10_000_000)).stopped == "target_cost"
    token = CancelToken()
    token.cancel()
    assert token.is_cancelled
    assert solve(problem, stop=MaxIterations(10_000_000), cancel=token).stopped == "cancelled"
    model = Model()
    model.add_depot()
    assert model.solve().stopped == "trivial"


def test_limits_join_to_the_tighter() -> None:
    joined = MaxRuntime(3) | MaxRuntime(2) | MaxIterations(7) | MaxIterations(9) | TargetCost(1) | TargetCost(5)
    assert joined == Stop(max_runtime=2, max_iterations=7, target_cost=5)
    assert NoImprovement(4) | MaxRuntime(1.5) == Stop(max_runtime=1.5, no_improvement=4)


@pytest.mark.parametrize(
    "make",
    [
        lambda: MaxRuntime(-1),
        lambda: MaxRuntime(float("nan")),
        lambda: MaxIterations(-3),
        lambda: NoImprovement(1.5),  # type: ignore[arg-type, unused-ignore]
        lambda: TargetCost(float("inf")),
    ],
)
def test_limits_without_meaning(make: object) -> None:
    with pytest.raises(SettingError):
        make()  # type: ignore[operator]


def test_parameters_without_meaning(problem: Problem) -> None:
    for wrong in ({"seed": -1}, {"seed": 2**64}, {"threads": 0}, {"threads": 10**6}, {"stop": 1e12}):
        with pytest.raises(SettingError):
            solve(problem, **wrong)  # type: ignore[arg-type, unused-ignore]
    with pytest.raises(TypeError, match="progress"):
        solve(problem, stop=0.1, progress="yes")  # type: ignore[arg-type]
    other = Model()
    yard = other.add_depot(0, 0)
    other.add_client(1, 1)
    other.add_vehicle_type(depot=yard)
    with pytest.raises(SettingError, match="another problem"):
        solve(problem, stop=0.1, initial=other.solve(stop=MaxIterations(1)).plan)


def test_warm_start_is_never_worse(problem: Problem) -> None:
    good = solve(problem, stop=MaxIterations(3000)).plan
    again = solve(problem, stop=MaxIterations(1), seed=9, initial=good)
    assert again.cost <= good.cost
    awkward = problem.plan([[client] for client in range(20)])
    assert not awkward.is_feasible
    assert solve(problem, stop=MaxIterations(300), initial=awkward).is_feasible


def test_progress_a_few_times_a_second(big: Problem) -> None:
    seen: list[Progress] = []
    result = solve(big, stop=MaxRuntime(1.1), progress=seen.append)
    assert 2 <= len(seen) <= 8
    assert list(result.history) == seen
    assert seen[-1].iterations >= seen[0].iterations
    assert seen[-1].best_cost is not None
    assert seen[-1].best_cost >= result.cost


def test_what_a_callback_raises_ends_the_search(big: Problem) -> None:
    def fail(report: Progress) -> None:
        raise LookupError(f"seen {report.routes}")

    start = time.perf_counter()
    with pytest.raises(LookupError, match="seen"):
        solve(big, stop=MaxRuntime(20), progress=fail)
    assert time.perf_counter() - start < 5


def test_a_bar(big: Problem, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    solve(big, stop=MaxRuntime(0.7), progress=True)
    assert "milkrun" in capsys.readouterr().err


def test_a_line_where_there_is_no_tqdm(
    big: Problem, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    solve(big, stop=MaxRuntime(0.7), progress=True)
    assert "milkrun: 0." in capsys.readouterr().err


def test_other_threads_run_meanwhile(big: Problem) -> None:
    ticks, over = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not over.wait(0.005):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    solve(big, stop=MaxRuntime(1))
    over.set()
    thread.join()
    # Some 200 at best; none if the lock were held.
    assert ticks > 40


def test_cancelling_from_another_thread(big: Problem) -> None:
    token = CancelToken()
    timer = threading.Timer(0.3, token.cancel)
    timer.start()
    start = time.perf_counter()
    result = solve(big, stop=MaxRuntime(30), cancel=token)
    assert time.perf_counter() - start < 3
    assert result.stopped == "cancelled"
    assert result.plan.routes


def test_solving_in_many_threads_at_once(problem: Problem) -> None:
    alone = solve(problem, stop=MaxIterations(200)).plan
    found: list[object] = []

    def work() -> None:
        found.append(solve(problem, stop=MaxIterations(200)).plan)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4
