#!/usr/bin/env python3
"""Races milkrun against the other solvers that are installed: same instances, equal time, one core each.

    race.py --milkrun target/shipped/milkrun --seconds 10 instances/
    race.py --milkrun milkrun --only milkrun,pyvrp --seeds 1,2,3 --cores 0,1 a.vrp b.vrp

Peers: pyvrp, hygese, ortools, pyvroom (Python packages of the Python that runs this program) and vrp-cli (on PATH). A
peer that cannot express an instance sits it out. The cost of every solution is what `milkrun check` makes it; a solution
that violates a rule counts as none. The gap is to the `.sol` file beside an instance, judged in the same way, or, where there
is none, to the best solution of the race.

milkrun's time counts from the start of its process; a peer's counts from when it begins to search.
"""

import argparse
import collections
import concurrent.futures
import csv
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile

import peers

HERE = pathlib.Path(__file__).resolve().parent
ENDINGS = (".vrp", ".tsp", ".txt")


def instances(paths):
    """The instance files given, and those of the folders given."""
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in ENDINGS)
        else:
            yield path


class Race:
    """What all runs have in common."""

    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.milkrun = str(options.milkrun)

    def prepare(self, instance):
        """Writes the instance as JSON, tells its rounding, and judges the best known solution."""
        number = len(list(self.folder.glob("*.json")))
        document = self.folder / f"{number}.json"
        rule = ["--round", self.options.round] if self.options.round else []
        convert = [self.milkrun, "convert", str(instance), str(document), *rule]
        subprocess.run(convert, check=True)
        rounding = self.options.round or self._rounding(instance)
        known = instance.with_suffix(".sol")
        best = self.judge(instance, known, rounding) if known.is_file() else None
        return document, rounding, best

    def _rounding(self, instance):
        """The convention that milkrun takes by itself."""
        look = [self.milkrun, "solve", str(instance), "--iterations", "0", "--time-limit", "0", "--json", "--quiet"]
        return json.loads(subprocess.run(look, check=False, capture_output=True).stdout)["rounding"] or "round"

    def judge(self, instance, solution, rounding):
        """The cost of a solution; None if it violates a rule or cannot be read."""
        check = [self.milkrun, "check", str(instance), str(solution), "--round", rounding, "--json"]
        answer = subprocess.run(check, check=False, capture_output=True, text=True)
        if answer.returncode not in (0, 3):
            return None
        report = json.loads(answer.stdout)
        return report["cost"]["total"] if report["feasible"] else None

    def run(self, peer, instance, prepared, seed, core):
        """One run. Returns the cost, or a word for why there is none."""
        document, rounding, _ = prepared
        out = self.folder / f"{peer}-{document.stem}-{seed}.sol"
        seconds = str(self.options.seconds)
        if peer == "milkrun":
            command = [self.milkrun, "solve", str(instance), "--round", rounding, "--time-limit", seconds, "--quiet",
                       "--seed", str(seed), "--threads", "1", "--solution", str(out)]
        else:
            command = [sys.executable, str(HERE / "peers.py"), peer, str(document), str(instance), rounding, seconds,
                       str(seed), str(out)]
        # A solver that runs on for ever must not hold up the race.
        ended = run_within(3 * self.options.seconds + 60, command, core)
        if ended is None:
            return "too late"
        code, errors = ended
        if code == peers.UNSUPPORTED and peer != "milkrun":
            return "-"
        if not out.is_file():
            print(f"{peer} on {instance}: {errors.strip()[-500:]}", file=sys.stderr)
            return "failed"
        cost = self.judge(instance, out, rounding)
        return "infeasible" if cost is None else cost


def run_within(seconds, command, core):
    """Runs a command on a core: its exit code, and what it wrote to standard error.

    `None`: it took too long, and was ended with all that it had started, which would take time from the next runs.
    """
    settings = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "preexec_fn": pin(core)}
    with subprocess.Popen(command, start_new_session=True, **settings) as process:
        try:
            errors = process.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            end = getattr(os, "killpg", os.kill)
            end(process.pid, signal.SIGKILL)
            process.communicate()
            return None
        return process.returncode, errors


def pin(core):
    """What keeps a process on one core, where the system can."""
    if core is None or not hasattr(os, "sched_setaffinity"):
        return None
    return lambda: os.sched_setaffinity(0, {core})


def gap(cost, best):
    """By how many percent a cost is above the best."""
    return 100 * (cost / best - 1) if best else 0.0


def table(rows, names):
    """All instances as Markdown, and a last line with the mean gaps."""
    lines = ["| instance | best | " + " | ".join(names) + " |", "| --- | ---: |" + " ---: |" * len(names)]
    gaps = collections.defaultdict(list)
    for instance, (known, results) in rows.items():
        costs = [c for found in results.values() for c in found if not isinstance(c, str)]
        best = known if known is not None else min(costs, default=None)
        cells = []
        for name in names:
            numbers = [c for c in results[name] if not isinstance(c, str)]
            words = [c for c in results[name] if isinstance(c, str)]
            if numbers and not words:
                gaps[name] += [gap(c, best) for c in numbers]
                mean = sum(numbers) / len(numbers)
                cells.append(f"{mean:.0f} ({gap(mean, best):+.2f}%)")
            else:
                cells.append(words[0] if words else "-")
        lines.append(f"| {instance.stem} | {best if best is not None else '-'} | " + " | ".join(cells) + " |")
    means = [f"{sum(gaps[n]) / len(gaps[n]):+.2f}% (of {len(gaps[n])})" if gaps[n] else "-" for n in names]
    lines.append("| mean gap | | " + " | ".join(means) + " |")
    return "\n".join(lines)


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", help="instances, or folders of them")
    parser.add_argument("--milkrun", type=pathlib.Path, required=True, help="the milkrun program")
    parser.add_argument("--only", help="names of the solvers to race, by commas (default: all that are installed)")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each run (default: 10)")
    parser.add_argument("--seeds", default="1", help="one run of each instance for each seed, by commas (default: 1)")
    parser.add_argument("--cores", default="", help="cores to race on, by commas; a run at a time on each (default: any one)")
    parser.add_argument("--round", choices=["round", "trunc", "dimacs", "exact", "none"], help="rounding convention")
    parser.add_argument("--csv", type=pathlib.Path, help="write all runs to this file")
    return parser.parse_args()


def main():
    options = parse()
    names = ["milkrun"] + [name for name in peers.PEERS if peers.available(name)]
    if options.only:
        wanted = options.only.split(",")
        missing = [name for name in wanted if name not in names]
        if missing:
            sys.exit(f"not installed or not known: {', '.join(missing)}")
        names = wanted
    cores = queue.Queue()
    for core in options.cores.split(",") if options.cores else [None]:
        cores.put(None if core is None else int(core))
    seeds = [int(seed) for seed in options.seeds.split(",")]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(cores.qsize()) as pool:
        race = Race(options, folder)
        rows, records, futures = {}, [], []
        for instance in instances(options.paths):
            prepared = race.prepare(instance)
            rows[instance] = (prepared[2], collections.defaultdict(list))
            futures += [(instance, peer, seed, pool.submit(on_core, race, cores, peer, instance, prepared, seed))
                        for seed in seeds for peer in names]
        for instance, peer, seed, future in futures:
            result = future.result()
            print(f"{instance.stem} {peer} seed {seed}: {result}", file=sys.stderr, flush=True)
            rows[instance][1][peer].append(result)
            records.append((str(instance), peer, seed, options.seconds, result))
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("instance", "solver", "seed", "seconds", "result"), *records])
    print(f"{options.seconds:g} s a run, one core, {len(seeds)} seed{'s' if len(seeds) > 1 else ''}\n")
    print(table(rows, names))


def on_core(race, cores, peer, instance, prepared, seed):
    """Runs as soon as a core is free."""
    core = cores.get()
    try:
        return race.run(peer, instance, prepared, seed, core)
    finally:
        cores.put(core)


if __name__ == "__main__":
    main()
