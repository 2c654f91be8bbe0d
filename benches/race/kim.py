#!/usr/bin/env python3
"""Waste collection: Kim, Kim & Sahoo's instances, vehicles first, as in the tables of docs/benchmarks.md.

    kim.py --milkrun target/shipped/milkrun --seconds 60 --core 1 instances/WCVRPTW
    kim.py --milkrun new --baseline old --only 102,335 --variant reloads --seconds 60 instances/WCVRPTW

Two variants. `full`: all that the files ask for; miles and hours of driving are those of the plan. `reloads`: the part that
other solvers can express, too, landfills as reload depots and vehicles at a million feet each, as `reloads.py` makes it.
Figures are means over the seeds, of feasible plans. Files are never copied: give the folder, or the files.
"""

import pathlib
import sys
import tempfile

import reloads
import runs

VARIANTS = ("full", "reloads")


def instances(paths, only):
    """The instances' files; those of a folder are its `*_stop.txt`, the smallest first."""
    wanted = only.split(",") if only else None
    for path in map(pathlib.Path, paths):
        number = lambda file: (int(name) if (name := short(file)).isdigit() else 0, name)
        for file in sorted(path.glob("*_stop.txt"), key=number) if path.is_dir() else [path]:
            if wanted is None or short(file) in wanted:
                yield file


def short(file):
    return file.stem.removesuffix("_stop")


def figures(run):
    """Vehicles, miles and hours of driving of a feasible plan."""
    routes = run.plan["routes"]
    feet = sum(route["distance"] for route in routes)
    return len(routes), feet / runs.FEET_A_MILE, sum(route["driving"] for route in routes) / 3600


def line(instance, variant, name, found):
    good = [figures(run) for run in found if run.feasible]
    means = [runs.mean(column) for column in zip(*good)] or [None] * 3
    whole = means[0] is not None and means[0] == int(means[0])
    feasible, speed = f"{len(good)}/{len(found)}", runs.mean(run.speed for run in found)
    return runs.row([short(instance), variant, name, runs.number(means[0], 0 if whole else 2), runs.number(means[1], 1),
                     runs.number(means[2], 1), feasible, f"{speed:.0f}"])


def main():
    parser = runs.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="time for each run (default: 60)")
    parser.add_argument("--only", help="only these instances, by commas: 102,335")
    parser.add_argument("--variant", choices=[*VARIANTS, "both"], default="full", help="default: full")
    options = parser.parse_args()
    names = ["instance", "variant", "program", "vehicles", "miles", "driving, h", "feasible", "iterations/s"]
    print(runs.head(names, words=3), flush=True)
    for instance in instances(options.files, options.only):
        for variant in VARIANTS if options.variant == "both" else [options.variant]:
            with tempfile.TemporaryDirectory() as folder:
                problem = pathlib.Path(folder) / "problem.json"
                document = runs.convert(options.milkrun, instance, problem, ["--from", "wcvrptw"])
                if variant == "reloads":
                    runs.write(reloads.common_part(document), problem)
                for name, binary in runs.binaries(options).items():
                    found = []
                    for seed in options.seeds:
                        run = runs.solve(binary, problem, seconds=options.seconds, seed=seed, core=options.core,
                                         out=pathlib.Path(folder) / "plan.json")
                        found.append(run)
                        if run.word:
                            print(f"{short(instance)}, {variant}, {name}, seed {seed}: {run.word}", file=sys.stderr)
                    print(line(instance, variant, name, found), flush=True)


if __name__ == "__main__":
    main()
