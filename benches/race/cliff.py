#!/usr/bin/env python3
"""What a rule costs that never binds: the same problem, once plain and once with each of twelve rules.

    cliff.py --milkrun target/shipped/milkrun X-n502-k39.vrp r1_4_1.txt
    cliff.py --milkrun new --baseline old --seconds 10 --seeds 1,2,3 --only plain,break --core 1 X-n502-k39.vrp

The aim: with each rule, at least half of the plain problem's iterations a second, and at most 0.2 points lost at 10 s. Points
are percent of the plain problem's cost. Where there is a baseline, all is compared with the baseline's plain problem, too. The
relation ties two neighbours of the plain problem's own plan, so that it does not bind, either.

Instances are whatever `milkrun convert` reads; problems without time are given none.
"""

import copy
import math
import pathlib
import sys
import tempfile

import runs

UNBOUNDED = 2**30 - 1
NIGHT = 3600


def horizon(document):
    """A time after which no vehicle can be under way in a sensible plan."""
    lates = [vehicle["shift"][1] for vehicle in document["vehicle_types"] if vehicle.get("shift")]
    depots = document["depots"]
    lates += [depot["time_window"][1] for depot in depots if depot.get("time_window")]
    bounded = [late for late in lates if late is not None and late < UNBOUNDED]
    if bounded:
        return max(bounded)
    # Without a bound: as if one vehicle drove all arcs and each were as long as the longest.
    clients = document["clients"]
    service = sum(client.get("service", 0) for client in clients)
    return min(2**29, (len(clients) + 1) * longest(document) + service)


def longest(document):
    points = [(place["x"], place["y"]) for place in document["locations"] if "x" in place]
    if not points:
        return 10_000
    spread = math.dist([min(p[i] for p in points) for i in (0, 1)], [max(p[i] for p in points) for i in (0, 1)])
    rounding = document["travel"].get("rounding", "round")
    return math.ceil(spread * {"exact": 1000, "dimacs": 10}.get(rounding, 1))


def vehicles(document, **fields):
    for vehicle in document["vehicle_types"]:
        vehicle.update(copy.deepcopy(fields))


def lone_client(document):
    """A client that is required and in no group."""
    clients = document["clients"]
    return next((c for c in clients if c.get("required", True) and "group" not in c), clients[0])


def max_stops(document, _):
    vehicles(document, max_stops=len(document["clients"]) + 2 * len(document.get("shipments", [])))


def max_work(document, _):
    vehicles(document, max_work=min(UNBOUNDED, 2 * horizon(document)))


def soft_window(document, _):
    late = horizon(document) + NIGHT
    lone_client(document)["soft_window"] = {"late": late, "cost_per_late": 1}


def priority(document, _):
    lone_client(document)["priority"] = 1


def skill(document, _):
    lone_client(document)["skills"] = ["all have it"]
    vehicles(document, skills=["all have it"])


def night_break(document, _):
    early = horizon(document) + NIGHT
    vehicles(document, breaks=[{"name": "night", "start": [early, early + NIGHT], "duration": 600}])


def same_vehicle(document, pair):
    document["relations"] = [{"same_vehicle": list(pair)}]


def speed(document, _):
    document["speeds"] = [[{"from": 0, "percent": 100}]]


def disposal(document, _):
    document["disposal_sites"] = [{"name": "unused", "location": document["depots"][0]["location"]}]
    vehicles(document, disposal_sites=["unused"])


def overtime(document, _):
    vehicles(document, overtime=[{"after": horizon(document) + NIGHT, "cost_per_duration": 1}])


def second_window(document, _):
    client, end = lone_client(document), horizon(document)
    early, late = client.pop("time_window", [0, end])
    late = end if late is None else min(late, end)
    client["time_windows"] = [[early, late], [end + NIGHT, end + 2 * NIGHT]]


def makespan(document, _):
    document["goals"] = [{"measure": "makespan", "weight": 0}]


RULES = {
    "max_stops": max_stops,
    "max_work": max_work,
    "soft_window": soft_window,
    "priority": priority,
    "skill": skill,
    "break": night_break,
    "same_vehicle": same_vehicle,
    "speed": speed,
    "disposal": disposal,
    "overtime": overtime,
    "second_window": second_window,
    "makespan": makespan,
}


def resolver(things):
    """What makes an index of a reference, which is a name or an index."""
    index = {thing["name"]: i for i, thing in enumerate(things) if "name" in thing}
    return lambda reference: reference if isinstance(reference, int) else index[reference]


def neighbours(document, plan):
    """The two nearest clients, by index, that a plan serves one right after the other."""
    location, client = resolver(document["locations"]), resolver(document["clients"])
    places = [document["locations"][location(c["location"])] for c in document["clients"]]
    at = [(place.get("x", place.get("lon")), place.get("y", place.get("lat"))) for place in places]
    pairs = []
    for route in plan["routes"]:
        for trip in route["trips"]:
            stops = [client(visit["client"]) if "client" in visit else None for visit in trip["visits"]]
            pairs += [pair for pair in zip(stops, stops[1:]) if None not in pair]
    return min(pairs, key=lambda pair: math.dist(at[pair[0]], at[pair[1]]), default=None)


class Cliff:
    """One instance, with and without rules."""

    def __init__(self, options, instance, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        rounding = ["--round", options.round] if options.round else []
        self.document = runs.convert(options.milkrun, instance, self.folder / "plain.json", rounding)
        self.pair = None

    def rules(self):
        wanted = self.options.only.split(",") if self.options.only else ["plain", *RULES]
        return ["plain"] + [rule for rule in wanted if rule != "plain"]

    def run(self, binary, rule):
        """All seeds."""
        path = self.folder / f"{rule}.json"
        if rule != "plain":
            document = copy.deepcopy(self.document)
            RULES[rule](document, self.pair)
            runs.write(document, path)
        found = [runs.solve(binary, path, seconds=self.options.seconds, seed=seed, core=self.options.core,
                            out=self.folder / "plan.json") for seed in self.options.seeds]
        if rule == "plain" and self.pair is None and found[0].plan:
            self.pair = neighbours(self.document, found[0].plan)
        return found


def cells(found, plain, reference):
    """Speed and cost of runs, beside those of the plain problem, and of the baseline's."""
    speed, cost = runs.mean(run.speed for run in found), average(found)
    share = lambda other: "-" if not other or not other[0] else f"{speed / other[0]:.2f}"
    points = lambda other: "-" if cost is None or not other or not other[1] else f"{100 * (cost / other[1] - 1):+.2f}"
    words = sorted({run.word for run in found if run.word})
    made = [f"{speed:.0f}", share(plain), words[0] if cost is None and words else runs.number(cost), points(plain)]
    return made + ([share(reference), points(reference)] if reference else [])


def average(found):
    """The mean cost; none unless all are feasible."""
    costs = [run.cost for run in found]
    return None if None in costs else runs.mean(costs)


def main():
    parser = runs.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each run (default: 10)")
    parser.add_argument("--only", help=f"rules, by commas (default: all): {', '.join(RULES)}")
    parser.add_argument("--round", choices=["round", "trunc", "dimacs", "exact", "none"], help="rounding convention")
    options = parser.parse_args()
    unknown = [rule for rule in (options.only or "plain").split(",") if rule != "plain" and rule not in RULES]
    if unknown:
        sys.exit(f"there is no rule {', '.join(unknown)}: use {', '.join(RULES)}")
    binaries = runs.binaries(options)
    names = ["rule", "iterations/s", "share of plain", "cost", "points lost"]
    for instance in options.files:
        with tempfile.TemporaryDirectory() as folder:
            cliff = Cliff(options, instance, folder)
            reference = None
            # The baseline first: the others are compared with its plain problem.
            for name in sorted(binaries):
                more = ["share of baseline's plain", "points to it"] if reference else []
                print(f"\n{pathlib.Path(instance).stem}, {name}, {options.seconds:g} s, seeds "
                      f"{', '.join(map(str, options.seeds))}\n\n{runs.head(names + more)}", flush=True)
                plain = None
                for rule in cliff.rules():
                    if rule == "same_vehicle" and cliff.pair is None:
                        print(runs.row([rule, "no plan to take neighbours from"] + [""] * (len(names + more) - 2)), flush=True)
                        continue
                    found = cliff.run(binaries[name], rule)
                    if rule == "plain":
                        plain = runs.mean(run.speed for run in found), average(found)
                    print(runs.row([rule, *cells(found, plain, reference)]), flush=True)
                if name == "baseline":
                    reference = plain


if __name__ == "__main__":
    main()
