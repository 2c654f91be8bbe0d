"""Races on the part of a waste-collection day that others can express, too: vehicles that empty at sites between trips.

python3 benches/race/reloads.py [--seconds 60] [--only milkrun,pyvrp,ortools] [--seed 1] [--core 0] MILKRUN FILE…

FILE is one of Kim, Kim & Sahoo's instances. What is left of it: the landfills as depots between trips, the load of a trip,
the time windows, and the shift. What is not asked for, because not all can say it: lunch, coming home empty, and the
limits of stops and load over a whole day. A vehicle costs a million feet, so that few are used; then feet count. All get
the same tables, one core and the same seconds; `milkrun check` says what each plan costs and whether it violates a rule.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

FIXED_COST = 1_000_000


def common_part(document):
    """The instance without what only milkrun can say."""
    sites = document.pop("disposal_sites")
    for site in sites:
        hours = site.pop("hours", [[0, 2**30 - 1]])
        if len(hours) != 1:
            raise SystemExit("a site with a break in its hours cannot be a depot")
        site["time_window"] = hours[0]
        document["depots"].append(site)
    document.pop("goals", None)
    for vehicle in document["vehicle_types"]:
        for name in ("disposal_sites", "end_empty", "max_route_load", "max_stops", "breaks"):
            vehicle.pop(name, None)
        vehicle["reload_depots"] = [site["name"] for site in sites]
        vehicle["fixed_cost"] = FIXED_COST
    return document


class Problem:
    """What the peers need of the document: depots first, then clients."""

    def __init__(self, document):
        index = {location["name"]: i for i, location in enumerate(document["locations"])}
        self.depots, self.clients = document["depots"], document["clients"]
        self.vehicle = document["vehicle_types"][0]
        self.at = [index[place["location"]] for place in self.depots + self.clients]
        profile = document["travel"]["profiles"][0]
        self.distance, self.duration = profile["distance"], profile["duration"]
        self.locations = document["locations"]
        self.capacity = self.vehicle["capacity"][0]
        self.shift = self.vehicle["shift"]


def plan(problem, routes):
    """A plan as milkrun reads it; a route is a list of trips, a trip the depots at its ends and the clients between."""

    def trip(start, clients, end):
        visits = [{"client": problem.clients[c]["name"]} for c in clients]
        return {"start_depot": problem.depots[start]["name"], "end_depot": problem.depots[end]["name"], "visits": visits}

    routes = [{"vehicle_type": 0, "trips": [trip(*t) for t in trips]} for trips in routes]
    return {"milkrun": "plan", "version": 1, "routes": routes}


def pyvrp(problem, seconds, seed):
    import numpy
    import pyvrp
    from pyvrp.stop import MaxRuntime

    locations = [pyvrp.Location(location["x"], location["y"]) for location in problem.locations]
    at = iter(problem.at)
    depots = [
        pyvrp.Depot(next(at), *depot["time_window"], service_duration=depot.get("service", 0)) for depot in problem.depots
    ]
    clients = [
        pyvrp.Client(next(at), pickup=client["pickup"], service_duration=client["service"],
                     tw_early=client["time_window"][0], tw_late=client["time_window"][1])
        for client in problem.clients
    ]
    vehicle = pyvrp.VehicleType(
        problem.vehicle["count"], [problem.capacity], fixed_cost=FIXED_COST, tw_early=problem.shift[0],
        tw_late=problem.shift[1], reload_depots=list(range(1, len(depots))),
    )
    tables = numpy.array(problem.distance), numpy.array(problem.duration)
    data = pyvrp.ProblemData(locations, clients, depots, [vehicle], [tables[0]], [tables[1]])
    best = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, display=False).best
    routes = []
    for route in best.routes():
        trips, start, stops = [], None, []
        for visit in route.schedule():
            if not visit.is_depot():
                stops.append(visit.idx)
            elif start is None:
                start = visit.idx
            else:
                # A depot between trips is listed twice by some versions: as an end and as a start.
                if stops:
                    trips.append((start, stops, visit.idx))
                start, stops = visit.idx, []
        routes.append(trips)
    return plan(problem, routes)


def ortools(problem, seconds, seed):
    """Visits of a site are optional nodes that take the whole load, as in OR-Tools' own example of reloads."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    del seed  # Its search has none.
    num_clients = len(problem.clients)
    total = sum(client["pickup"][0] for client in problem.clients)
    copies = math.ceil(1.5 * total / problem.capacity)
    # Node 0 is the yard, then the clients, then the visits of sites.
    visits = [site for site in range(1, len(problem.depots)) for _ in range(copies)]
    place = [problem.at[0]] + problem.at[len(problem.depots) :] + [problem.at[site] for site in visits]
    load = [0] + [client["pickup"][0] for client in problem.clients] + [-problem.capacity] * len(visits)
    service = [0] + [c["service"] for c in problem.clients] + [problem.depots[site].get("service", 0) for site in visits]
    windows = [problem.shift] + [c["time_window"] for c in problem.clients]
    windows += [problem.depots[site]["time_window"] for site in visits]
    vehicles = min(problem.vehicle["count"], math.ceil(total / problem.capacity) + 4)
    manager = pywrapcp.RoutingIndexManager(len(place), vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    transit = routing.RegisterTransitCallback(lambda i, j: problem.distance[place[node(i)]][place[node(j)]])
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    routing.SetFixedCostOfAllVehicles(FIXED_COST)
    lasts = routing.RegisterTransitCallback(
        lambda i, j: service[node(i)] + problem.duration[place[node(i)]][place[node(j)]]
    )
    horizon = problem.shift[1]
    routing.AddDimension(lasts, horizon, horizon, False, "time")
    takes = routing.RegisterUnaryTransitCallback(lambda i: load[node(i)])
    routing.AddDimension(takes, problem.capacity, problem.capacity, True, "load")
    times, loads = routing.GetDimensionOrDie("time"), routing.GetDimensionOrDie("load")
    for n in range(1, len(place)):
        i = manager.NodeToIndex(n)
        times.CumulVar(i).SetRange(max(windows[n][0], problem.shift[0]), min(windows[n][1], horizon))
        if n <= num_clients:
            loads.SlackVar(i).SetValue(0)
        else:
            routing.AddDisjunction([i], 0)
    for v in range(vehicles):
        for i in (routing.Start(v), routing.End(v)):
            times.CumulVar(i).SetRange(*problem.shift)
        loads.SlackVar(routing.Start(v)).SetValue(0)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * seconds))
    solution = routing.SolveWithParameters(parameters)
    if solution is None:
        return None
    routes = []
    for v in range(vehicles):
        trips, start, stops = [], 0, []
        i = solution.Value(routing.NextVar(routing.Start(v)))
        while not routing.IsEnd(i):
            n = node(i)
            if n > num_clients:
                site = visits[n - num_clients - 1]
                if stops or not trips:
                    trips.append((start, stops, site))
                    start, stops = site, []
            else:
                stops.append(n - 1)
            i = solution.Value(routing.NextVar(i))
        trips.append((start, stops, 0))
        if any(stops for _, stops, _ in trips):
            routes.append(trips)
    return plan(problem, routes)


def run_peer(name, file, seconds, seed, out):
    problem = Problem(json.loads(pathlib.Path(file).read_text(encoding="utf-8")))
    found = {"pyvrp": pyvrp, "ortools": ortools}[name](problem, seconds, seed)
    if found is not None:
        pathlib.Path(out).write_text(json.dumps(found), encoding="utf-8")


def race(arguments, instance, folder):
    problem = f"{folder}/problem.json"
    subprocess.run([arguments.milkrun, "convert", "--from", "wcvrptw", instance, problem], check=True)
    document = common_part(json.loads(pathlib.Path(problem).read_text(encoding="utf-8")))
    pathlib.Path(problem).write_text(json.dumps(document), encoding="utf-8")
    for peer in arguments.only.split(","):
        out = pathlib.Path(f"{folder}/{peer}.json")
        if peer == "milkrun":
            command = [arguments.milkrun, "solve", problem, "--time-limit", f"{arguments.seconds}s", "--threads", "1",
                       "--seed", str(arguments.seed), "--out", str(out), "--quiet"]
        else:
            command = [sys.executable, __file__, "--peer", peer, problem, str(arguments.seconds), str(arguments.seed),
                       str(out)]
        if arguments.core is not None:
            command = ["taskset", "-c", str(arguments.core), *command]
        start = time.time()
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        took = time.time() - start
        if not out.exists():
            print(f"| {pathlib.Path(instance).stem} | {peer} | no plan | | {took:.0f} |", flush=True)
            print((ended.stderr or ended.stdout)[-2000:], file=sys.stderr)
            continue
        judged = subprocess.run([arguments.milkrun, "check", problem, str(out), "--json"], capture_output=True, text=True)
        verdict = json.loads(judged.stdout)
        routes = len(json.loads(out.read_text(encoding="utf-8"))["routes"])
        miles = (verdict["cost"]["total"] - FIXED_COST * routes) / 5280
        word = "" if verdict["feasible"] else f" breaks {len(verdict['violations'])} rules"
        print(f"| {pathlib.Path(instance).stem} | {peer} | {routes} | {miles:.1f}{word} | {took:.0f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--peer"]:
        peer, file, seconds, seed, out = sys.argv[2:]
        run_peer(peer, file, float(seconds), int(seed), out)
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="milkrun,pyvrp,ortools")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--core", type=int)
    parser.add_argument("milkrun")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    print("| instance | solver | vehicles | miles | seconds |\n| --- | --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for file in arguments.files:
            for left in os.listdir(folder):
                os.remove(f"{folder}/{left}")
            race(arguments, file, folder)


if __name__ == "__main__":
    main()
