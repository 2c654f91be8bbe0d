"""From lists of stops to what the core takes for a plan."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from . import _documents as documents
from ._errors import PlanError
from ._refs import Client, Depot, Ref, VehicleType
from ._units import Scaler, Units

_Types: TypeAlias = "list[tuple[int, str, int | None, int | None]]"


_KINDS = get_args(documents.ActivityKind)


def stops_of(types: _Types, units: Units, routes: Iterable[Any]) -> list[documents.RouteStops]:
    """The documents of routes, for a problem's vehicle types."""
    scaler = Scaler(units)
    stops = [_route(types, scaler, f"routes[{r}]", route) for r, route in enumerate(routes)]
    if scaler.issues:
        lines = ["the routes cannot start like this:", *(f"  {issue}" for issue in scaler.issues)]
        raise PlanError("\n".join(lines), scaler.issues)
    return stops


def _route(types: _Types, scaler: Scaler, path: str, route: Any) -> documents.RouteStops:
    vehicle_type, begin, trips = 0, None, [route]
    if isinstance(route, Mapping):
        if route.get("start") is not None:
            begin = scaler.moment(route["start"], f"{path}.start")
        vehicle_type = _index(route.get("vehicle_type", 0), VehicleType)
        trips = list(route["trips"]) if "trips" in route else [route.get("visits", [])]
    start, end = types[vehicle_type][2:] if 0 <= vehicle_type < len(types) else (None, None)
    return {"vehicle_type": vehicle_type, "start": begin, "trips": [_trip(trip, start, end) for trip in trips]}


def _trip(trip: Any, start: int | None, end: int | None) -> documents.TripStops:
    visits = trip
    if isinstance(trip, Mapping):
        start = _depot(trip["start_depot"]) if "start_depot" in trip else start
        end = _depot(trip["end_depot"]) if "end_depot" in trip else end
        visits = trip.get("visits", [])
    return {"start_depot": start, "end_depot": end, "visits": [_stop(visit) for visit in visits]}


def _depot(depot: Any) -> int | None:
    return None if depot is None else _index(depot, Depot)


def _stop(visit: Any) -> tuple[documents.ActivityKind, int]:
    if isinstance(visit, tuple):
        kind, index = visit
        if kind not in _KINDS:
            raise ValueError(f"unknown stop `{kind}`: use one of {', '.join(_KINDS)}")
        return kind, _index(index, Ref)
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
