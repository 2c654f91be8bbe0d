"""From lists of stops to what the core takes for a plan."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ._errors import PlanError
from ._refs import Client, Depot, Ref, VehicleType
from ._units import Scaler

if TYPE_CHECKING:
    from ._problem import Problem

_Trip = tuple["int | None", "int | None", list[tuple[str, int]]]
_Route = tuple[int, "int | None", list[_Trip]]


def stops_of(problem: Problem, routes: Iterable[Any]) -> list[_Route]:
    """Vehicle type, start and trips of each route."""
    scaler = Scaler(problem.units)
    stops = [_route(problem, scaler, f"routes[{r}]", route) for r, route in enumerate(routes)]
    if scaler.issues:
        lines = ["the routes cannot start like this:", *(f"  {issue}" for issue in scaler.issues)]
        raise PlanError("\n".join(lines), scaler.issues)
    return stops


def _route(problem: Problem, scaler: Scaler, path: str, route: Any) -> _Route:
    vehicle_type, begin, trips = 0, None, [route]
    if isinstance(route, Mapping):
        if route.get("start") is not None:
            begin = scaler.moment(route["start"], f"{path}.start")
        vehicle_type = _index(route.get("vehicle_type", 0), VehicleType)
        trips = list(route["trips"]) if "trips" in route else [route.get("visits", [])]
    known = 0 <= vehicle_type < len(problem.vehicle_types)
    start, end = problem.vehicle_types[vehicle_type][2:] if known else (None, None)
    return vehicle_type, begin, [_trip(trip, start, end) for trip in trips]


def _trip(trip: Any, start: int | None, end: int | None) -> _Trip:
    visits = trip
    if isinstance(trip, Mapping):
        start = _depot(trip["start_depot"]) if "start_depot" in trip else start
        end = _depot(trip["end_depot"]) if "end_depot" in trip else end
        visits = trip.get("visits", [])
    return start, end, [_stop(visit) for visit in visits]


def _depot(depot: Any) -> int | None:
    return None if depot is None else _index(depot, Depot)


def _stop(visit: Any) -> tuple[str, int]:
    if isinstance(visit, tuple):
        kind, index = visit
        return str(kind), _index(index, Ref)
    return "client", _index(visit, Client)


def _index(value: Any, kind: type[Ref]) -> int:
    if isinstance(value, kind):
        return value.index
    if isinstance(value, Ref):
        raise TypeError(f"a {kind.__name__} is needed, not {value!r}")
    try:
        index = operator.index(value)
    except TypeError:
        raise TypeError(f"a {kind.__name__} is needed, not {value!r}") from None
    if not 0 <= index < 2**32:
        raise IndexError(f"there is no {kind.__name__} {index}")
    return index
