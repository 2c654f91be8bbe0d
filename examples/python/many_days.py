"""A week at once, on all cores of this machine; on Dask or Ray, only ``on=`` changes.

Run it with ``python many_days.py``.
"""

import random

import milkrun
from milkrun.distributed import solve_many


def day(number: int) -> milkrun.Problem:
    """Forty clients, other ones each day."""
    rng = random.Random(number)
    model = milkrun.Model(f"day {number}")
    depot = model.add_depot(0, 0)
    for _ in range(40):
        model.add_client(rng.randint(-900, 900), rng.randint(-900, 900), delivery=rng.randint(1, 9))
    model.add_vehicle_type(12, capacity=40, depot=depot)
    return model.build()


def main() -> None:
    """Plans seven days."""
    week = [day(number) for number in range(7)]
    for problem, result in zip(week, solve_many(week, stop=milkrun.MaxIterations(500)), strict=True):
        print(f"{problem.name}: {len(result.plan.routes)} routes, {result.cost:g}")


if __name__ == "__main__":
    main()
