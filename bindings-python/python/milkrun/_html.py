"""Plans as HTML that needs nothing else: a map and a timeline as one drawing each."""

from __future__ import annotations

from html import escape
from math import cos, radians

from ._colours import colour
from ._routes import Route, Visit
from ._shown import ShownPlan

_WIDTH, _HEIGHT, _MARGIN, _BAR = 720.0, 460.0, 16.0, 18.0


def page(plan: ShownPlan) -> str:
    """A whole page."""
    title = escape(plan.problem.name or "milkrun")
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f'{head}<body style="margin:16px">{fragment(plan)}</body></html>\n'


def fragment(plan: ShownPlan) -> str:
    """What a notebook shows."""
    left_out = len(plan.unserved_clients) + len(plan.unserved_shipments)
    words = [
        f"cost {plan.cost:,.10g}",
        f"{len(plan.routes)} routes",
        f"distance {plan.distance:,.10g}",
        "feasible" if plan.is_feasible else f"infeasible: {len(plan.violations)} violations",
    ]
    if left_out:
        words.append(f"{left_out} unserved")
    head = f'<p style="font:14px sans-serif;margin:0 0 8px">{escape(" · ".join(words))}</p>'
    return f'<div class="milkrun">{head}{_map(plan)}{_timeline(plan)}</div>'


def _map(plan: ShownPlan) -> str:
    points = plan.problem.locations
    if not points:
        return ""
    # Degrees of longitude are shorter than those of latitude.
    middle = sum(y for _, y, _ in points) / len(points)
    shrink = max(cos(radians(middle)), 0.01) if plan.problem.is_geographic else 1.0
    xs, ys = [x * shrink for x, _, _ in points], [y for _, y, _ in points]
    left, top = min(xs), max(ys)
    span = max((max(xs) - left) / (_WIDTH - 2 * _MARGIN), (top - min(ys)) / (_HEIGHT - 2 * _MARGIN)) or 1.0
    at = [(_MARGIN + (x - left) / span, _MARGIN + (top - y) / span) for x, y in zip(xs, ys, strict=True)]
    parts = [part for r, route in enumerate(plan.routes) for part in _drawn(plan, r, route, at)]
    for client in plan.unserved_clients:
        parts.append(_dot(at[plan.problem.clients[client][0]], "#999", plan.problem.clients[client][1] or "unserved"))
    for shipment in plan.unserved_shipments:
        for location in plan.problem.shipments[shipment][:2]:
            parts.append(_dot(at[location], "#999", plan.problem.shipments[shipment][2] or "unserved"))
    for location, name in plan.problem.depots:
        x, y = at[location]
        title = f"<title>{escape(name or 'depot')}</title>"
        parts.append(f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#111">{title}</rect>')
    for location, name in plan.problem.disposal_sites:
        x, y = at[location]
        title = f"<title>{escape(name or 'disposal site')}</title>"
        parts.append(f'<path d="M{x - 6:.1f} {y + 5:.1f}h12l-6 -11z" fill="#f2c14e" stroke="#111">{title}</path>')
    return _drawing(_WIDTH, _HEIGHT, parts)


def _drawn(plan: ShownPlan, number: int, route: Route, at: list[tuple[float, float]]) -> list[str]:
    parts = []
    for trip in route.trips:
        ends = [
            None if depot is None else plan.problem.depots[depot][0] for depot in (trip.start_depot, trip.end_depot)
        ]
        way = [ends[0], *(visit.location for visit in trip.visits), ends[1]]
        line = " ".join(f"{at[p][0]:.1f},{at[p][1]:.1f}" for p in way if p is not None)
        shade = colour(number)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{shade}" stroke-width="1.6"/>')
        for visit in trip.visits:
            words = f"route {number}: {_called(visit)} at {plan.when(visit.start)}"
            parts.append(_dot(at[visit.location], shade, words))
    return parts


def _called(visit: Visit) -> str:
    if visit.kind == "rest":
        return "rest"
    return visit.name or f"{visit.kind} {visit.index}"


def _dot(at: tuple[float, float], shade: str, words: str) -> str:
    title = f"<title>{escape(words)}</title>"
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="3.4" fill="{shade}">{title}</circle>'


def _timeline(plan: ShownPlan) -> str:
    routes = plan.routes
    if not routes:
        return ""
    first, last = min(route.start for route in routes), max(route.end for route in routes)
    scale = (_WIDTH - 2 * _MARGIN) / ((last - first) or 1)
    parts = []
    for r, route in enumerate(routes):
        y = r * _BAR + 2
        for start, end, shade, words in _spans(plan, r, route):
            x, width = _MARGIN + (start - first) * scale, max((end - start) * scale, 0.8)
            place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 5:.1f}"'
            parts.append(f'<rect {place} fill="{shade}"><title>{escape(words)}</title></rect>')
    low = len(routes) * _BAR + 14
    for x, anchor, seconds in ((_MARGIN, "start", first), (_WIDTH - _MARGIN, "end", last)):
        text = escape(str(plan.when(seconds)))
        style = f'style="font:11px sans-serif" text-anchor="{anchor}"'
        parts.append(f'<text x="{x}" y="{low}" {style}>{text}</text>')
    return _drawing(_WIDTH, low + 6, parts)


def _spans(plan: ShownPlan, number: int, route: Route) -> list[tuple[float, float, str, str]]:
    """The whole route pale, its services strong."""
    name = route.vehicle_name or f"vehicle type {route.vehicle_type}"
    whole = f"route {number}, {name}: {plan.when(route.start)} to {plan.when(route.end)}"
    spans = [(route.start, route.end, "#dde3ea", whole)]
    for visit in route.visits:
        words = f"{_called(visit)}: {plan.when(visit.start)}"
        shade = "#555" if visit.kind in ("break", "rest") else colour(number)
        spans.append((visit.start, visit.departure, shade, words))
    return spans


def _drawing(width: float, height: float, parts: list[str]) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    style = "width:100%;max-width:720px;display:block;background:#fff"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} style="{style}">{"".join(parts)}</svg>'
