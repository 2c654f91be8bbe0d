"""Ten o'clock, and truck 3 is down: the others take over what it had left, and what changes is told.

Run it with ``python ten_o_clock.py``.
"""

import random
from datetime import datetime, timedelta

import milkrun
from milkrun import events

SEVEN = datetime(2026, 5, 4, 7)
TEN = datetime(2026, 5, 4, 10)


def build() -> milkrun.Problem:
    """Ninety containers in town, four trucks, and a landfill outside."""
    number = random.Random(4)
    model = milkrun.Model("a Monday")
    yard = model.add_depot(lon=4.90, lat=52.37, name="yard")
    landfill = model.add_disposal_site(lon=4.80, lat=52.42, service=timedelta(minutes=12), name="landfill")
    for i in range(90):
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
        shift=(SEVEN, SEVEN + timedelta(hours=9)),
        max_duration=timedelta(hours=8),
        name="truck",
    )
    return model.build()


def main() -> None:
    """Plans the day, and plans it again at ten."""
    problem = build()
    published = problem.solve(stop=milkrun.MaxIterations(1_000)).plan
    print(f"published: {len(published.routes)} routes, {published.distance / 1000:.0f} km")

    adapted = problem.adapt(
        published,
        now=TEN,
        events=[events.BrokenDown(route=3)],
        stop=milkrun.MaxIterations(1_000),
    )
    print(f"followed, the plan would violate {len(adapted.followed.violations)} rules")
    for change in adapted.difference.changes:
        if change.change == "moved":
            start = adapted.plan.when(change.start_after or 0)
            print(f"  {change.name}: from route {change.route_before} to route {change.route_after}, at {start:%H:%M}")
    before, after = adapted.difference.distance
    print(f"adapted: {len(adapted.plan.routes)} routes, {after / 1000:.0f} km instead of {before / 1000:.0f}")
    print("feasible" if adapted.is_feasible else [str(violation) for violation in adapted.plan.violations])


if __name__ == "__main__":
    main()
