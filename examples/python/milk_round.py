"""A morning's milk round: clients from a table, two vans, and what each of them does.

Run it with ``python milk_round.py``.
"""

from datetime import datetime, timedelta

import milkrun

FARMS: list[dict[str, object]] = [
    {"name": "Brook Farm", "lon": 5.421, "lat": 52.163, "pickup": 310.5},
    {"name": "Hillside", "lon": 5.463, "lat": 52.171, "pickup": 205.0},
    {"name": "Long Meadow", "lon": 5.398, "lat": 52.189, "pickup": 420.25},
    {"name": "Mill Farm", "lon": 5.445, "lat": 52.141, "pickup": 150.75},
    {"name": "North End", "lon": 5.431, "lat": 52.214, "pickup": 380.0},
    {"name": "Old Orchard", "lon": 5.372, "lat": 52.158, "pickup": 275.5},
]


def build() -> milkrun.Problem:
    """Six farms, each open from six to nine, and a dairy."""
    morning = datetime(2026, 5, 4, 6)
    # Litres come in quarters; the solver counts in whole ones.
    model = milkrun.Model("milk round", load_scale=4)
    dairy = model.add_depot(lon=5.405, lat=52.155, name="dairy")
    model.add_clients(
        FARMS,
        defaults={"service": timedelta(minutes=8), "time_window": (morning, morning + timedelta(hours=3))},
    )
    model.add_vehicle_type(
        2, capacity=1000, depot=dairy, shift=(morning - timedelta(hours=1), morning + timedelta(hours=4)), name="tanker"
    )
    return model.build()


def main() -> None:
    """Plans the round and prints it."""
    result = milkrun.solve(build(), stop=milkrun.MaxIterations(2_000))
    for route in result.plan.routes:
        print(f"{route.vehicle_name}: leaves {result.plan.when(route.start)}, {route.distance / 1000:.1f} km")
        for visit in route.visits:
            print(f"  {result.plan.when(visit.start)}  {visit.name}  ({visit.load[0]:g} l on board)")
    print(f"{result.stopped} after {result.iterations} iterations")


if __name__ == "__main__":
    main()
