"""Travel times of your own: a matrix of numpy, a warm start, and a plan that is judged.

Run it with ``python own_matrix.py``; it needs numpy.
"""

import numpy as np

import milkrun


def build(clients: int = 30) -> milkrun.Problem:
    """Clients in a town whose streets cross at right angles."""
    rng = np.random.default_rng(11)
    places = rng.integers(0, 3_000, size=(clients + 1, 2))
    metres = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2)
    seconds = metres / 7.5
    model = milkrun.Model("right angles")
    depot = model.add_depot(*map(float, places[0]), name="depot")
    for x, y in places[1:]:
        model.add_client(float(x), float(y), delivery=1, service=120)
    model.add_vehicle_type(5, capacity=8, depot=depot, cost_per_duration=1, max_duration=3 * 3600)
    model.travel_matrix(metres, seconds)
    return model.build()


def main() -> None:
    """Solves, solves again from there, and asks the judge."""
    problem = build()
    first = milkrun.solve(problem, stop=milkrun.MaxIterations(200))
    second = milkrun.solve(problem, stop=milkrun.MaxIterations(2_000), initial=first.plan, seed=2)
    print(f"first {first.cost:g}, then {second.cost:g}")
    report = second.plan.check()
    print(f"feasible: {report.is_feasible}, every number right: {report.is_truthful}")


if __name__ == "__main__":
    main()
