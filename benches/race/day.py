#!/usr/bin/env python3
"""Days: problems in milkrun's JSON, solved several times by one or two programs, one run after the other.

    day.py --milkrun target/shipped/milkrun --seeds 1,2,3 --seconds 10,60 --core 1 day-500.json day-2000.json
    day.py --milkrun new --baseline old --only city,800 --csv runs.csv days/

Every plan is judged by `check`, of the program that made it unless `--judge` names another. Costs are those of the feasible
plans; the share says how many of the plans are feasible. A plan that is infeasible, or that states wrong numbers, is told on
standard error, and does not stop the others.
"""

import csv
import pathlib
import statistics
import sys
import tempfile

import runs


def problems(paths, only):
    """The files given, and those of the folders given, whose names have one of the words in them."""
    words = only.split(",") if only else [""]
    for path in map(pathlib.Path, paths):
        for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
            if any(word in file.name for word in words):
                yield file


def line(problem, seconds, name, found):
    costs = [run.cost for run in found if run.cost is not None]
    feasible = f"{len(costs)}/{len(found)}"
    spread = [runs.number(f(costs)) if costs else "-" for f in (statistics.fmean, min, max)]
    return runs.row([problem.stem, f"{seconds:g}", name, *spread, feasible, f"{runs.mean(run.speed for run in found):.0f}"])


def main():
    parser = runs.parser(__doc__)
    parser.add_argument("--seconds", type=runs.limits, default=[10.0], help="time limits, by commas (default: 10)")
    parser.add_argument("--only", help="only files whose names contain one of these words, by commas")
    parser.add_argument("--judge", metavar="BINARY", help="the program whose `check` judges (default: the one that solved)")
    parser.add_argument("--initial", metavar="PLAN.json", help="a plan to start from")
    parser.add_argument("--csv", metavar="FILE", help="write every run to this file")
    options = parser.parse_args()
    files = list(problems(options.files, options.only))
    if not files:
        sys.exit("no problem is left: see --only")
    more = ["--initial", options.initial] if options.initial else []
    records = []
    print(runs.head(["problem", "seconds", "program", "mean", "min", "max", "feasible", "iterations/s"], words=3), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for problem in files:
            for seconds in options.seconds:
                for name, binary in runs.binaries(options).items():
                    found = []
                    for seed in options.seeds:
                        run = runs.solve(binary, problem, seconds=seconds, seed=seed, core=options.core,
                                         out=pathlib.Path(folder) / "plan.json", judge=options.judge, more=more)
                        found.append(run)
                        records.append((problem.stem, seconds, name, seed, run.cost, run.feasible, f"{run.speed:.1f}", run.word))
                        if run.word:
                            print(f"{problem.stem}, {seconds:g} s, {name}, seed {seed}: {run.word}", file=sys.stderr)
                    print(line(problem, seconds, name, found), flush=True)
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            titles = ("problem", "seconds", "program", "seed", "cost", "feasible", "iterations/s", "fault")
            csv.writer(file).writerows([titles, *records])


if __name__ == "__main__":
    main()
