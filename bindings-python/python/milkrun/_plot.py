"""Plans drawn with matplotlib: a map and a timeline."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from ._colours import colour
from ._shown import ShownPlan


def plot(plan: ShownPlan, axes: Any = None) -> Any:
    """Draws map and timeline; gives the figure."""
    if axes is None:
        import matplotlib.pyplot as plt

        height = 5 + 0.16 * len(plan.routes)
        ratios = {"height_ratios": [5, max(1.0, 0.16 * len(plan.routes))]}
        figure, axes = plt.subplots(2, 1, figsize=(8, height), gridspec_kw=ratios, layout="constrained")
    else:
        figure = axes[0].figure
    draw_map(plan, axes[0])
    draw_timeline(plan, axes[1])
    return figure


def draw_map(plan: ShownPlan, axis: Any) -> None:
    """Draws where routes go."""
    problem = plan.problem
    points = [(x, y) for x, y, _ in problem.locations]
    for r, route in enumerate(plan.routes):
        for trip in route.trips:
            ends = [None if d is None else problem.depots[d][0] for d in (trip.start_depot, trip.end_depot)]
            way = [ends[0], *(visit.location for visit in trip.visits), ends[1]]
            line = [points[location] for location in way if location is not None]
            axis.plot(*zip(*line, strict=True), color=colour(r), linewidth=1.2, marker=".", markersize=4)
    left_out = [points[problem.clients[c][0]] for c in plan.unserved_clients]
    left_out += [points[p] for s in plan.unserved_shipments for p in problem.shipments[s][:2]]
    depots, sites = ([points[p] for p, _ in places] for places in (problem.depots, problem.disposal_sites))
    for marked, style in ((left_out, "x"), (depots, "s"), (sites, "^")):
        if marked:
            axis.scatter(*zip(*marked, strict=True), color="black", marker=style, zorder=3)
    if problem.is_geographic and points:
        axis.set_aspect(1 / max(cos(radians(sum(y for _, y in points) / len(points))), 0.01))
    else:
        axis.set_aspect("equal")
    feasible = "" if plan.is_feasible else ", infeasible"
    axis.set_title(f"{problem.name or 'plan'}: {len(plan.routes)} routes, cost {plan.cost:,.10g}{feasible}")


def draw_timeline(plan: ShownPlan, axis: Any) -> None:
    """Draws when routes are under way and when they serve."""
    for r, route in enumerate(plan.routes):
        axis.broken_barh([(route.start, route.duration)], (r - 0.4, 0.8), color="#dde3ea")
        services = [visit for visit in route.visits if visit.kind not in ("break", "rest")]
        pauses = [visit for visit in route.visits if visit.kind in ("break", "rest")]
        for visits, shade in ((services, colour(r)), (pauses, "#555555")):
            axis.broken_barh([(v.start, v.departure - v.start) for v in visits], (r - 0.4, 0.8), color=shade)
    axis.set_yticks(range(len(plan.routes)))
    axis.set_yticklabels([route.vehicle_name or str(r) for r, route in enumerate(plan.routes)], fontsize=7)
    axis.invert_yaxis()
    axis.xaxis.set_major_formatter(lambda seconds, _: str(plan.when(round(seconds))))
    axis.tick_params(axis="x", labelsize=7)
