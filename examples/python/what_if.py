"""What if there were one truck less, or trucks that start later? And what does an earlier end of the day cost?

Run it with ``python what_if.py``.
"""

import random
from datetime import datetime, timedelta

import milkrun
from milkrun import changes

SEVEN = datetime(2026, 5, 4, 7)


def build() -> milkrun.Problem:
    """Forty containers in town, four trucks that say what they consume, and a landfill outside."""
    number = random.Random(7)
    model = milkrun.Model("a Monday")
    yard = model.add_depot(lon=4.90, lat=52.37, name="yard")
    landfill = model.add_disposal_site(lon=4.80, lat=52.42, service=timedelta(minutes=12), name="landfill")
    for i in range(40):
        model.add_client(
            lon=4.90 + number.uniform(-0.08, 0.08),
            lat=52.37 + number.uniform(-0.05, 0.05),
            pickup=number.randint(200, 900),
            service=timedelta(minutes=12),
            name=f"container {i}",
        )
    model.add_vehicle_type(
        4,
        capacity=9_000,
        depot=yard,
        disposal_sites=[landfill],
        end_empty=True,
        fixed_cost=20_000,
        shift=(SEVEN, SEVEN + timedelta(hours=9)),
        consumption=milkrun.Consumption(0.00045, per_load_distance=1e-8, per_stop=0.015, per_idle=0.00095),
        name="truck",
    )
    return model.build()


def main() -> None:
    """Compares variants of the day, and trades its cost for an earlier end."""
    problem = build()
    variants: dict[str, list[changes.Change]] = {
        "two trucks less": [changes.Vehicles("truck", by=-2)],
        "larger trucks": [changes.Capacity("truck", 14_000)],
    }
    found = milkrun.compare(problem, variants, stop=milkrun.MaxIterations(300), seeds=3)
    for variant in found.variants:
        emitted = variant.spreads["emissions"]
        print(variant, "" if emitted is None else f"({emitted.mean:.0f} kg of CO₂)")

    front = milkrun.pareto(problem, ["cost", "makespan"], points=4, stop=milkrun.MaxIterations(2_000))
    print(front)


if __name__ == "__main__":
    main()
