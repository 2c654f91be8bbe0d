"""Ctrl-C: the search ends within a tenth of a second and answers with its best plan."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of one process are not sent alone there")

PROGRAM = """
import json, signal, sys, time
sys.path.insert(0, {folder!r})
from conftest import star
from milkrun import MaxIterations, MaxRuntime, solve
problem = star(400, vehicles=100).build()
{before}
print("begin", flush=True)
try:
    result = {call}
    end = time.time()
    print(json.dumps([end, result.stopped, len(result.plan.routes), result.is_feasible]), flush=True)
except Exception as error:
    print(json.dumps([time.time(), type(error).__name__]), flush=True)
time.sleep(0.01)
print("alive", flush=True)
"""


SOLVE = "solve(problem, stop=MaxRuntime(60))"


def interrupted(call: str = SOLVE, before: str = "", number: int = signal.SIGINT) -> tuple[float, list[object]]:
    """Seconds from the signal to the answer, and the answer."""
    folder = str(Path(__file__).parent)
    program = PROGRAM.format(folder=folder, before=textwrap.dedent(before), call=call)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begin\n"
        time.sleep(1.0)
        sent = time.time()
        child.send_signal(number)
        end, *answer = json.loads(child.stdout.readline())
        assert child.stdout.readline() == "alive\n"
        assert child.wait(10) == 0
    return end - sent, answer


ADAPT = "problem.adapt(problem.solve(stop=MaxIterations(1)).plan, now=0, stop=MaxRuntime(60))"


@pytest.mark.parametrize("call", [SOLVE, "solve(problem, stop=MaxRuntime(60), threads=2)", ADAPT])
def test_ctrl_c_answers_with_the_incumbent(call: str) -> None:
    # A busy machine may be late once; a solver that cannot be interrupted is late always.
    tries = []
    for _ in range(3):
        seconds, (stopped, routes, feasible) = interrupted(call)
        assert (stopped, feasible) == ("interrupt", True)
        assert isinstance(routes, int)
        assert routes > 0
        tries.append(seconds)
        if seconds < 0.1:
            return
    pytest.fail(f"an interrupt took {tries} s")


def test_what_a_handler_raises_is_raised() -> None:
    handler = """
    def handler(number, frame):
        raise LookupError
    signal.signal(signal.SIGUSR1, handler)
    """
    assert interrupted(before=handler, number=signal.SIGUSR1)[1] == ["LookupError"]


PREPARING = """
import os, signal, sys, threading, time
import milkrun
milkrun.write_city(sys.argv[1], plan="radial", blocks=300)
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
begin = time.time()
try:
    milkrun.Network(sys.argv[1])
except KeyboardInterrupt:
    print(time.time() - begin)
"""


def test_ctrl_c_abandons_a_map_that_is_being_prepared(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PREPARING, str(tmp_path / "big.osm.pbf")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert 0.2 <= float(done.stdout) < 1.0, done.stderr
