"""One function for each solver that milkrun races against: solve within a time, write a `.sol` file.

Run as a program of its own by race.py: peers.py PEER PROBLEM.json INSTANCE ROUND SECONDS SEED OUT.sol
"""

import datetime
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from problem import NEVER, Problem, Unsupported

# How a peer tells race.py that it cannot take the problem.
UNSUPPORTED = 77
HORIZON = 10**8


def pyvrp(run):
    """PyVRP, by its own command line and its own reader."""
    if pathlib.Path(run.instance).suffix not in (".vrp", ".tsp"):
        raise Unsupported("its reader takes VRPLIB only")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pyvrp", run.instance, "--round_func", run.rounding, "--seed", str(run.seed),
                   "--max_runtime", str(run.seconds), "--sol_dir", folder]
        entry = shutil.which("pyvrp", path=str(pathlib.Path(sys.executable).parent)) or shutil.which("pyvrp")
        if entry:
            command[:3] = [entry]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = next(pathlib.Path(folder).glob("*.sol"))
        shutil.copyfile(found, run.out)


def hgs(run):
    """HGS-CVRP, by the hygese package."""
    import hygese

    problem = run.problem
    if problem.timed or not problem.uniform:
        raise Unsupported("capacity only")
    import numpy

    data = {
        "distance_matrix": numpy.array(problem.distances, dtype=float),
        "x_coordinates": numpy.array([x for x, _ in problem.coordinates], dtype=float),
        "y_coordinates": numpy.array([y for _, y in problem.coordinates], dtype=float),
        "demands": problem.demands,
        "service_times": numpy.zeros(len(problem.demands)),
        "vehicle_capacity": problem.vehicles[0][0],
        "num_vehicles": len(problem.vehicles),
        "depot": 0,
    }
    # Iterations without improvement must not end the run before the time does.
    parameters = hygese.AlgorithmParameters(timeLimit=run.seconds, seed=run.seed, nbIter=10**9)
    result = hygese.Solver(parameters=parameters, verbose=False).solve_cvrp(data)
    problem.write_sol(run.out, result.routes)


def ortools(run):
    """OR-Tools' routing library: guided local search from the cheapest insertion."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    problem = run.problem
    count = len(problem.vehicles)
    manager = pywrapcp.RoutingIndexManager(len(problem.demands), count, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(problem.distances))
    load = routing.RegisterUnaryTransitVector(problem.demands)
    routing.AddDimensionWithVehicleCapacity(load, 0, [capacity for capacity, _ in problem.vehicles], True, "load")
    if problem.timed:
        rows = zip(problem.durations, problem.services)
        transit = routing.RegisterTransitMatrix([[way + service for way in row] for row, service in rows])
        routing.AddDimension(transit, HORIZON, HORIZON, False, "time")
        time = routing.GetDimensionOrDie("time")
        for point, (early, late) in enumerate(problem.windows[1:], 1):
            time.CumulVar(manager.NodeToIndex(point)).SetRange(early, min(late, HORIZON))
        for vehicle, (_, (early, late)) in enumerate(problem.vehicles):
            for end in (routing.Start(vehicle), routing.End(vehicle)):
                time.CumulVar(end).SetRange(early, min(late, HORIZON))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * run.seconds))
    found = routing.SolveWithParameters(parameters)
    if found is None:
        return
    routes = []
    for vehicle in range(count):
        route, index = [], found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes.append(route)
    problem.write_sol(run.out, routes)


def vroom(run):
    """VROOM, by the pyvroom package."""
    import numpy
    import vroom as package

    problem = run.problem
    question = package.Input()
    question.set_durations_matrix("car", matrix_input=numpy.array(problem.durations, dtype=numpy.uint32))
    question.set_costs_matrix("car", matrix_input=numpy.array(problem.distances, dtype=numpy.uint32))
    for number, (capacity, shift) in enumerate(problem.vehicles):
        window = {"time_window": shift} if problem.timed else {}
        question.add_vehicle(package.Vehicle(number, start=0, end=0, capacity=[capacity], **window))
    for point in range(1, len(problem.demands)):
        window = {"time_windows": [problem.windows[point]]} if problem.timed else {}
        question.add_job(package.Job(point, location=point, delivery=[problem.demands[point]],
                                     default_service=problem.services[point], **window))
    timeout = datetime.timedelta(seconds=run.seconds)
    answer = question.solve(exploration_level=5, nb_threads=1, timeout=timeout)
    routes = [[] for _ in problem.vehicles]
    for step in answer.routes.to_dict("records"):
        if step["type"] == "job":
            routes[int(step["vehicle_id"])].append(int(step["location_index"]))
    problem.write_sol(run.out, routes)


def vrp_cli(run):
    """The vrp-cli crate, in its pragmatic format."""
    problem = run.problem

    def moment(seconds):
        origin = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
        return (origin + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    jobs = []
    for point in range(1, len(problem.demands)):
        place = {"location": {"index": point}, "duration": problem.services[point]}
        if problem.timed:
            place["times"] = [[moment(t) for t in problem.windows[point]]]
        jobs.append({"id": str(point), "deliveries": [{"places": [place], "demand": [problem.demands[point]]}]})
    vehicles = []
    for number, (capacity, (early, late)) in enumerate(problem.vehicles):
        late = late if late < NEVER else HORIZON
        depot = {"index": 0}
        vehicles.append({
            "typeId": f"type{number}", "vehicleIds": [str(number)], "profile": {"matrix": "car"}, "capacity": [capacity],
            "costs": {"fixed": 0, "distance": 1, "time": 0},
            "shifts": [{"start": {"earliest": moment(early), "location": depot},
                        "end": {"latest": moment(late), "location": depot}}],
        })
    question = {
        "plan": {"jobs": jobs},
        "fleet": {"vehicles": vehicles, "profiles": [{"name": "car"}]},
        "objectives": [{"type": "minimize-unassigned"}, {"type": "minimize-cost"}],
    }
    matrix = {"profile": "car", "travelTimes": sum(problem.durations, []), "distances": sum(problem.distances, [])}
    with tempfile.TemporaryDirectory() as folder:
        names = [str(pathlib.Path(folder) / name) for name in ("problem.json", "matrix.json", "solution.json")]
        for name, content in zip(names, (question, matrix)):
            pathlib.Path(name).write_text(json.dumps(content), encoding="utf-8")
        command = ["vrp-cli", "solve", "pragmatic", names[0], "-m", names[1], "-o", names[2], "--parallelism", "1,1",
                   "-t", str(max(1, int(run.seconds)))]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        answer = json.loads(pathlib.Path(names[2]).read_text(encoding="utf-8"))
    routes = [[] for _ in vehicles]
    for tour in answer["tours"]:
        steps = [activity for stop in tour["stops"] for activity in stop["activities"]]
        routes[int(tour["vehicleId"])] = [int(step["jobId"]) for step in steps if step["type"] == "delivery"]
    problem.write_sol(run.out, routes)


# Name: how to solve, and the Python module or program that it needs.
PEERS = {
    "pyvrp": (pyvrp, "pyvrp"),
    "hgs": (hgs, "hygese"),
    "ortools": (ortools, "ortools"),
    "vroom": (vroom, "vroom"),
    "vrp-cli": (vrp_cli, None),
}


def available(name):
    """Whether the peer is installed."""
    module = PEERS[name][1]
    return importlib.util.find_spec(module) is not None if module else shutil.which(name) is not None


class Run:
    """What a peer is asked."""

    def __init__(self, document, instance, rounding, seconds, seed, out):
        self.instance, self.rounding, self.out = instance, rounding, out
        self.seconds, self.seed = float(seconds), int(seed)
        self._document, self._problem = document, None

    @property
    def problem(self):
        """The problem, read once it is asked for."""
        if self._problem is None:
            self._problem = Problem(self._document)
        return self._problem


def main():
    try:
        PEERS[sys.argv[1]][0](Run(*sys.argv[2:]))
    except Unsupported as reason:
        print(reason, file=sys.stderr)
        sys.exit(UNSUPPORTED)


if __name__ == "__main__":
    main()
