#!/usr/bin/env python3
"""VROOM's documents, answered by VROOM and by `milkrun vroom`, one run after the other.

    vroom.py --milkrun target/shipped/milkrun --vroom vroom --seconds 5,20 --core 1 instances/VROOM-JSON/*.json

Both answers are judged by `milkrun vroom -c`: their routes become `steps`, and what it says of them counts. Where it
comes to another cost than an answer states, or finds violations, standard error tells so. VROOM stops when it has
finished, at most after the same time. `vroom` is the program of that name, or that of the Python package pyvroom.
Documents without matrices are answered by milkrun alone, along straight lines.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import runs


def answered(command, document, limit):
    """The answer to a document, and how long it took; nothing where there is none."""
    start = time.perf_counter()
    try:
        ended = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True, check=False,
                               timeout=3 * limit + 120)
        answer = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None, time.perf_counter() - start
    return (answer if answer.get("code") == 0 else None), time.perf_counter() - start


def judged(milkrun, document, answer):
    """What milkrun makes of an answer's routes, with nothing but their order."""
    given = {**document, "vehicles": [dict(vehicle) for vehicle in document["vehicles"]]}
    by_id = {}
    for vehicle in given["vehicles"]:
        vehicle.pop("steps", None)
        by_id[vehicle["id"]] = vehicle
    for route in answer["routes"]:
        steps = [{"type": step["type"], **({"id": step["id"]} if "id" in step else {})} for step in route["steps"]]
        by_id[route["vehicle"]]["steps"] = steps
    return answered([milkrun, "vroom", "-c"], given, 60)[0]


def run(name, command, document, file, options, limit):
    """The cost and the number of unassigned tasks of an answer that holds, and its seconds."""
    answer, seconds = answered(command, document, limit)
    if answer is None:
        print(f"{file.name}, {name}: no answer", file=sys.stderr)
        return None
    verdict = judged(options.milkrun, document, answer)
    if verdict is None:
        print(f"{file.name}, {name}: not judged", file=sys.stderr)
        return None
    causes = [violation["cause"] for violation in verdict["summary"]["violations"]]
    if causes:
        print(f"{file.name}, {name}: violates {', '.join(causes)}", file=sys.stderr)
        return None
    stated, found = answer["summary"]["cost"], verdict["summary"]["cost"]
    if stated != found:
        print(f"{file.name}, {name}: states a cost of {stated}, but it is {found}", file=sys.stderr)
    return found, verdict["summary"]["unassigned"], seconds


def line(file, limit, name, found):
    costs = [cost for cost, _, _ in found]
    left = statistics.fmean(unassigned for _, unassigned, _ in found) if found else None
    spread = [runs.number(f(costs)) if costs else "-" for f in (statistics.fmean, min, max)]
    return runs.row([file.stem, f"{limit:g}", name, *spread, runs.number(left, 1), len(found),
                     runs.number(runs.mean(seconds for _, _, seconds in found), 2)])


def main():
    parser = runs.parser(__doc__)
    parser.add_argument("--vroom", default="vroom", metavar="BINARY", help="the VROOM program (default: vroom)")
    parser.add_argument("--seconds", type=runs.limits, default=[5.0], help="time limits, by commas (default: 5)")
    options = parser.parse_args()
    core = ["taskset", "-c", str(options.core)] if options.core is not None else []
    titles = ["problem", "seconds", "program", "mean", "min", "max", "unassigned", "runs", "took"]
    print(runs.head(titles, words=3), flush=True)
    for file in map(pathlib.Path, options.files):
        document = json.loads(file.read_text(encoding="utf-8"))
        if "vehicles" not in document:
            continue
        for limit in options.seconds:
            programs = {name: [*core, binary, "vroom", "-t", "1", "-l", f"{limit:g}s"]
                        for name, binary in runs.binaries(options).items()}
            if "matrices" in document:
                # VROOM's search knows no seed: it is run as often, for its times.
                programs["vroom"] = [*core, options.vroom, "-t", "1", "-l", f"{limit:g}"]
            for name, command in programs.items():
                found = []
                for seed in options.seeds:
                    more = [] if name == "vroom" else ["--seed", str(seed)]
                    found.append(run(name, command + more, document, file, options, limit))
                print(line(file, limit, name, [one for one in found if one]), flush=True)


if __name__ == "__main__":
    main()
