"""How much fronts cover: milkrun's, a weighted sum of milkrun's own, and OR-Tools' by repeated runs with bounds.

    python3 benches/pareto/fronts.py --binary target/shipped/milkrun --days 3 --seconds 60 --points 8

Made-up city days of deliveries with time windows, each with its table of travel times; two objectives, the time on the road and either
the vehicles or the end of the last route. Every way gets the same time in all, on one core, and its seeds. Every plan is judged by the
same lines below, so no solver's own figures count. The hypervolume is that of the box from the best values that anyone found to a tenth
beyond the worst of all fronts.
"""

import argparse
import json
import math
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

SHIFT = 8 * 3600


class Day:
    """A city day: clients in clusters, vans of one size, and seconds from place to place. The depot is place 0."""

    def __init__(self, seed, clients):
        dice = random.Random(seed)
        centres = [(dice.uniform(-6000, 6000), dice.uniform(-6000, 6000)) for _ in range(max(3, clients // 15))]
        places = [(0.0, 0.0)]
        for _ in range(clients):
            x, y = dice.choice(centres)
            places.append((x + dice.gauss(0, 900), y + dice.gauss(0, 900)))
        self.travel = [[round(1.3 * math.hypot(x - u, y - v) / 8) for u, v in places] for x, y in places]
        self.service = [0] + [dice.randint(120, 480) for _ in range(clients)]
        self.demand = [0] + [dice.randint(1, 9) for _ in range(clients)]
        self.window = [(0, SHIFT)]
        for place in range(1, clients + 1):
            early, late = 0, SHIFT - self.service[place] - self.travel[place][0]
            if dice.random() < 0.4:
                early = dice.randint(0, late // 2)
                late = min(late, early + 2 * 3600)
            self.window.append((max(early, self.travel[0][place]), late))
        self.capacity = 60
        self.vans = math.ceil(sum(self.demand) / self.capacity) + 4

    def document(self, *, goals=(), fixed_cost=0):
        """The problem as milkrun reads it: cost is the time on the road."""
        clients = [
            {"location": place, "delivery": [self.demand[place]], "service": self.service[place],
             "time_window": list(self.window[place])}
            for place in range(1, len(self.travel))
        ]
        van = {"count": self.vans, "start": 0, "end": 0, "capacity": [self.capacity], "shift": [0, SHIFT],
               "fixed_cost": fixed_cost}
        return {
            "milkrun": "problem", "version": 1,
            "locations": [{"x": 0, "y": 0} for _ in self.travel],
            "depots": [{"location": 0}], "clients": clients, "vehicle_types": [van], "goals": list(goals),
            "travel": {"type": "matrices", "profiles": [{"distance": self.travel, "duration": self.travel}]},
        }

    def values(self, routes, second):
        """Time on the road and the second objective of routes of places, from their earliest times; None: not feasible."""
        if sorted(place for route in routes for place in route) != list(range(1, len(self.travel))):
            return None
        routes = [route for route in routes if route]
        road, end = 0, 0
        for route in routes:
            clock, at = 0, 0
            if sum(self.demand[place] for place in route) > self.capacity:
                return None
            for place in route:
                road += self.travel[at][place]
                early, late = self.window[place]
                clock = max(clock + self.travel[at][place], early)
                if clock > late:
                    return None
                clock += self.service[place]
                at = place
            road += self.travel[at][0]
            end = max(end, clock + self.travel[at][0])
        if len(routes) > self.vans or end > SHIFT:
            return None
        return road, len(routes) if second == "vehicles" else end


def routes_of(plan):
    """The places of a plan of milkrun's: clients are numbered from 0, and stand at the place behind."""
    def place(visit):
        return visit["client"] + 1

    return [[place(visit) for trip in route["trips"] for visit in trip["visits"] if "client" in visit]
            for route in plan["routes"]]


def milkrun(binary, folder, command, document, *more):
    """What the command line answers as JSON."""
    path = pathlib.Path(folder) / "problem.json"
    path.write_text(json.dumps(document))
    words = [str(binary), command, str(path), "--json", "--quiet", "--threads", "1", *map(str, more)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 3):
        sys.exit(f"{' '.join(words)}: {ended.stderr}")
    return json.loads(ended.stdout)


def fronts(day, second, asked, seed, folder):
    """milkrun's front."""
    found = milkrun(asked.binary, folder, "pareto", day.document(), "--objectives", f"cost,{second}", "--points",
                    asked.points, "--seed", seed, "--time-limit", f"{asked.seconds}s")
    return [routes_of(plan) for plan in found["plans"]]


def weighted(day, second, asked, seed, folder):
    """milkrun with weights of the second objective that double from run to run."""
    plans = []
    for run in range(asked.points):
        weight = 0 if run == 0 else 2 ** (run - 1)
        if second == "vehicles":
            document = day.document(fixed_cost=60 * weight)
        else:
            document = day.document(goals=[{"measure": "makespan", "weight": weight}] if weight else [])
        found = milkrun(asked.binary, folder, "solve", document, "--seed", seed, "--time-limit",
                        f"{asked.seconds / asked.points}s")
        plans.append(routes_of(found["plan"]))
    return plans


def ortools(day, second, asked, seed, _):
    """OR-Tools with bounds of the second objective: from the loosest to the tightest that it finds a plan for. Its guided local search
    draws no random numbers, so the seed has no effect."""
    plans, begin = [], time.perf_counter()
    each = asked.seconds / asked.points
    first = ortools_once(day, None, None, each)
    if first is None:
        return plans
    plans.append(first)
    loosest = day.values(first, second)[1]
    if second == "vehicles":
        bounds = list(range(loosest - 1, 0, -1))
    else:
        least = max(day.window[p][0] + day.service[p] + day.travel[p][0] for p in range(1, len(day.travel)))
        bounds = [round(loosest - (loosest - least) * step / (asked.points - 1)) for step in range(1, asked.points)]
    for bound in bounds:
        left = asked.seconds - (time.perf_counter() - begin)
        if left < each / 2:
            break
        vans, end = (bound, None) if second == "vehicles" else (None, bound)
        found = ortools_once(day, vans, end, min(each, left))
        if found is None:
            break
        plans.append(found)
    return plans


def ortools_once(day, vans, end, seconds):
    """One run: guided local search from the cheapest insertion."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count = len(day.travel)
    manager = pywrapcp.RoutingIndexManager(count, vans or day.vans, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(day.travel))
    load = routing.RegisterUnaryTransitVector(day.demand)
    routing.AddDimension(load, 0, day.capacity, True, "load")
    transit = routing.RegisterTransitMatrix([[way + day.service[a] for way in day.travel[a]] for a in range(count)])
    routing.AddDimension(transit, SHIFT, end or SHIFT, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for place in range(1, count):
        early, late = day.window[place]
        late = min(late, (end or SHIFT))
        if early > late:
            return None
        clock.CumulVar(manager.NodeToIndex(place)).SetRange(early, late)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    solution = routing.SolveWithParameters(parameters)
    if solution is None:
        return None
    routes = []
    for vehicle in range(routing.vehicles()):
        index, route = solution.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = solution.Value(routing.NextVar(index))
        routes.append(route)
    return routes


def covering(points):
    """The points that no other one covers, by the first value."""
    front = []
    for point in sorted(set(points)):
        if not front or point[1] < front[-1][1]:
            front.append(point)
    return front


def hypervolume(front, best, worst):
    """The part of the box between two corners that a front dominates."""
    area, ceiling = 0.0, worst[1]
    for first, second in front:
        if first < worst[0] and second < ceiling:
            area += (worst[0] - first) * (ceiling - second)
            ceiling = second
    return area / ((worst[0] - best[0]) * (worst[1] - best[1]))


def corners(fronts):
    """The best values of all fronts, and a tenth of their range beyond the worst."""
    points = [point for front in fronts for point in front]
    best = [min(point[i] for point in points) for i in (0, 1)]
    worst = [max(point[i] for point in points) for i in (0, 1)]
    return best, [high + max(1.0, 0.1 * (high - low)) for low, high in zip(best, worst)]


def main():
    """Measures all ways on all days."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/shipped/milkrun", help="the command line's binary")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60, help="for each front, in all")
    parser.add_argument("--points", type=int, default=8, help="runs of each front")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--second", choices=("vehicles", "makespan"), action="append", help="the second objective")
    parser.add_argument("--only", default="fronts,weighted,ortools", help="which ways, by comma")
    asked = parser.parse_args()
    ways = {"fronts": fronts, "weighted": weighted, "ortools": ortools}
    ways = {name: ways[name] for name in asked.only.split(",")}
    print(f"{asked.days} days of {asked.clients} clients, {asked.seconds:g} s and {asked.points} runs a front, "
          f"{asked.seeds} seeds\n")
    print("| day | second objective | " + " | ".join(f"{name}: covered % | points" for name in ways) + " |")
    print("| ---: | --- | " + " | ".join("---: | ---:" for _ in ways) + " |")
    total = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, asked.days + 1):
            day = Day(number, asked.clients)
            for second in asked.second or ["vehicles", "makespan"]:
                found = {name: [] for name in ways}
                for name, way in ways.items():
                    for seed in range(1, asked.seeds + 1):
                        plans = way(day, second, asked, seed, folder)
                        values = [day.values(routes, second) for routes in plans]
                        found[name].append(covering([value for value in values if value is not None]))
                best, worst = corners([front for all_of in found.values() for front in all_of])
                cells = []
                for name, all_of in found.items():
                    covered = [100 * hypervolume(front, best, worst) for front in all_of]
                    total[name].append(statistics.mean(covered))
                    spread = statistics.stdev(covered) if len(covered) > 1 else 0.0
                    points = statistics.mean(len(front) for front in all_of)
                    cells.append(f"{statistics.mean(covered):.1f} ± {spread:.1f} | {points:.1f}")
                print(f"| {number} | {second} | " + " | ".join(cells) + " |", flush=True)
    means = " | ".join(f"{statistics.mean(values):.1f} | " for values in total.values())
    print(f"| all | | {means} |")


if __name__ == "__main__":
    main()
