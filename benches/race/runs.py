"""Runs of milkrun, one after the other, on one core: what the other programs of this folder share."""

import argparse
import json
import pathlib
import shutil
import subprocess

FEET_A_MILE = 5280


class Run:
    """What one search came to. `cost` is None where there is no feasible plan."""

    def __init__(self, answer, verdict, fault=None):
        self.fault = fault
        self.feasible = bool(verdict and verdict["feasible"])
        self.truthful = bool(verdict) and not verdict.get("wrong_statements")
        self.kinds = sorted({violation["kind"] for violation in verdict["violations"]}) if verdict else []
        self.cost = verdict["cost"]["total"] if self.feasible else None
        self.iterations = answer["iterations"] if answer else 0
        self.seconds = answer["runtime_seconds"] if answer else 0.0
        self.plan = answer["plan"] if answer else None

    @property
    def speed(self):
        """Iterations a second."""
        return self.iterations / self.seconds if self.seconds else 0.0

    @property
    def word(self):
        """What is wrong, for people; empty where nothing is."""
        if self.fault:
            return self.fault
        if not self.feasible:
            return "infeasible: " + ", ".join(self.kinds)
        return "" if self.truthful else "states wrong numbers"


def solve(binary, problem, *, seconds, seed, core=None, out, judge=None, more=()):
    """Solves a problem, lets `judge` (the binary itself unless given) say what the plan is worth, and goes on whatever
    happens."""
    out = pathlib.Path(out)
    out.unlink(missing_ok=True)
    command = [str(binary), "solve", str(problem), "--time-limit", f"{seconds:g}s", "--seed", str(seed), "--threads", "1",
               "--json", "--quiet", "--out", str(out), *more]
    if core is not None and shutil.which("taskset"):
        command = ["taskset", "-c", str(core), *command]
    try:
        # A search that runs on for ever must not hold up the others.
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3 * seconds + 120)
    except subprocess.TimeoutExpired:
        return Run(None, None, "too late")
    # 3: no feasible plan was found.
    if ended.returncode not in (0, 3):
        return Run(None, None, f"exit {ended.returncode}: {last_line(ended.stderr)}")
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        return Run(None, None, "no answer")
    if not out.exists():
        return Run(answer, None, "no plan")
    return Run(answer, *judged(judge or binary, problem, out))


def judged(binary, problem, plan):
    """What `check` says, and the fault where it says nothing."""
    command = [str(binary), "check", str(problem), str(plan), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(ended.stdout), None
    except ValueError:
        return None, f"not judged: {last_line(ended.stderr)}"


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "no message"


def convert(binary, instance, document, more=()):
    """The instance as milkrun JSON."""
    subprocess.run([str(binary), "convert", str(instance), str(document), *more], check=True)
    return json.loads(pathlib.Path(document).read_text(encoding="utf-8"))


def write(document, path):
    path = pathlib.Path(path)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def number(value, digits=0):
    """For a table; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(names, words=1):
    """The first two lines of a table whose first columns, `words` of them, are words."""
    return row(names) + "\n" + row(["---"] * words + ["---:"] * (len(names) - words))


def parser(doc):
    """The options that all programs have."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--milkrun", required=True, metavar="BINARY", help="the milkrun program")
    made.add_argument("--baseline", metavar="BINARY", help="another one, to compare with")
    made.add_argument("--seeds", type=numbers, default=[1], help="one run for each, by commas (default: 1)")
    made.add_argument("--core", type=int, help="the core to run on, where `taskset` is there (default: any)")
    made.add_argument("files", nargs="+", help="instances")
    return made


def numbers(text):
    return [int(part) for part in text.split(",")]


def limits(text):
    return [float(part) for part in text.split(",")]


def binaries(options):
    """The programs that run, by the name that they have in a table."""
    found = {"milkrun": options.milkrun}
    if options.baseline:
        found["baseline"] = options.baseline
    return found
