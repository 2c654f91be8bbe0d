"""From what users say has happened to the document of an adaptation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, get_args

from . import _documents as documents
from . import events as ev
from ._errors import AdaptError, Issue
from ._parts import covered
from ._refs import Client, DisposalSite, Location, Ref, VehicleType
from ._units import Duration, Moment, Number, Scaler, Units, unscaled


@dataclass(frozen=True)
class ChangePrices:
    """What it costs to change a published plan. All zero: the rest of the day is planned afresh."""

    other_vehicle: Number = 0
    """A client or shipment on another vehicle than published."""
    per_time: Number = 0
    """Each second by which a service begins earlier or later than published, beyond the tolerance. Clients with a soft
    window of their own keep that instead."""
    tolerance: Duration = 0
    """Changes of time up to this cost nothing."""
    dropped: Number = 0
    """An optional client or shipment that was published and is dropped, beside its prize."""
    called_out: Number = 0
    """A vehicle that was to stand in the depot, beside its fixed cost."""
    other_order: Number = 0
    """A client or shipment stop that is out of order on its vehicle: the fewest that must be taken out for the rest of
    what the vehicle keeps to stand in published order. It is no part of the plan's cost."""


def prices_of(found: tuple[int, int, int], units: Units) -> ChangePrices:
    """Prices of the core: of another vehicle, of what is dropped, of a vehicle that is called out."""
    other_vehicle, dropped, called_out = (unscaled(price, units.cost) for price in found)
    return ChangePrices(other_vehicle, dropped=dropped, called_out=called_out)


class NamedProblem(Protocol):
    """A problem whose parts have names."""

    units: Units

    @property
    def locations(self) -> list[tuple[float, float, str]]: ...
    @property
    def clients(self) -> list[tuple[int, str]]: ...
    @property
    def vehicle_types(self) -> list[tuple[int, str, int | None, int | None]]: ...
    @property
    def disposal_sites(self) -> list[tuple[int, str]]: ...


class Asked:
    """The document of what is asked of an adaptation, and what is wrong with it."""

    def __init__(
        self,
        problem: NamedProblem,
        now: Moment,
        events: Iterable[ev.Event],
        prices: ChangePrices | None,
        keep: documents.Keep,
        keep_until: Moment | None,
    ) -> None:
        if keep not in get_args(documents.Keep):
            raise ValueError(f"keep is {keep!r}: use one of {', '.join(get_args(documents.Keep))}")
        self._problem = problem
        self._scaler = Scaler(problem.units)
        self._added: list[str] = []
        self.document: documents.Adapt = {
            "now": self._scaler.moment(now, "now"),
            "events": [self._event(event, f"events[{e}]") for e, event in enumerate(events)],
            "prices": None if prices is None else self._prices(prices),
            "keep": keep,
            "keep_until": None if keep_until is None else self._scaler.moment(keep_until, "keep_until"),
        }

    @property
    def units(self) -> Units:
        """Those of the problem, with the midnight before the first datetime where it had no origin."""
        units = self._problem.units
        return Units(units.distance, units.time, units.load, units.cost, self._scaler.origin)

    @property
    def issues(self) -> list[Issue]:
        """What cannot be said in the solver's units."""
        return self._scaler.issues

    def _prices(self, prices: ChangePrices) -> documents.ChangePrices:
        scaler = self._scaler
        return {
            "other_vehicle": scaler.cost(prices.other_vehicle, "prices.other_vehicle"),
            "other_order": scaler.cost(prices.other_order, "prices.other_order"),
            "per_time": scaler.rate(prices.per_time, scaler.units.time, "prices.per_time"),
            "tolerance": scaler.duration(prices.tolerance, "prices.tolerance"),
            "dropped": scaler.cost(prices.dropped, "prices.dropped"),
            "called_out": scaler.cost(prices.called_out, "prices.called_out"),
        }

    def _event(self, event: ev.Event, path: str) -> documents.Event:
        documented = _DOCUMENTED.get(type(event))
        if documented is None:
            raise TypeError(f"{path} must be one of milkrun.events, not {event!r}")
        kind, write = documented
        fields = write(self, event, f"{path}.{kind}")
        return {"kind": kind, **fields}  # type: ignore[typeddict-item]

    # -- one of each kind -----------------------------------------------------------------------------------------

    def _done(self, event: ev.Done, path: str) -> dict[str, Any]:
        return {
            "route": self._count(event.route, f"{path}.route"),
            "activities": self._count(event.activities, f"{path}.activities"),
            "at": self._scaler.moment(event.at, f"{path}.at"),
        }

    def _late(self, event: ev.Late, path: str) -> dict[str, Any]:
        return {"route": self._count(event.route, f"{path}.route"), "by": self._scaler.duration(event.by, f"{path}.by")}

    def _broken_down(self, event: ev.BrokenDown, path: str) -> dict[str, Any]:
        return {"route": self._count(event.route, f"{path}.route")}

    def _available(self, event: ev.Available, path: str) -> dict[str, Any]:
        names = [name for _, name, _, _ in self._problem.vehicle_types]
        kind = self._index(VehicleType, event.vehicle_type, names, f"{path}.vehicle_type")
        return {"vehicle_type": kind, "from": self._scaler.moment(event.since, f"{path}.from")}

    def _shift_ends(self, event: ev.ShiftEnds, path: str) -> dict[str, Any]:
        return {"route": self._count(event.route, f"{path}.route"), "at": self._scaler.moment(event.at, f"{path}.at")}

    def _load(self, event: ev.Load, path: str) -> dict[str, Any]:
        return {
            "route": self._count(event.route, f"{path}.route"),
            "more": self._scaler.loads(event.more, f"{path}.more"),
        }

    def _client_added(self, event: ev.Added, path: str) -> dict[str, Any]:
        scaler = self._scaler
        client: documents.AddedClient = {
            "pickup": scaler.loads(event.pickup, f"{path}.pickup"),
            "delivery": scaler.loads(event.delivery, f"{path}.delivery"),
            "service": scaler.duration(event.service, f"{path}.service"),
            "setup": scaler.duration(event.setup, f"{path}.setup"),
            "name": str(event.name),
        }
        planar, geographic = (event.x, event.y), (event.lon, event.lat)
        given = [point for point in (planar, geographic) if point != (None, None)]
        if event.location is not None and not given:
            names = [name for _, _, name in self._problem.locations]
            client["location"] = self._index(Location, event.location, names, f"{path}.location")
        elif event.location is None and len(given) == 1 and None not in given[0]:
            client["x"], client["y"] = (float(value or 0) for value in given[0])
        else:
            raise TypeError(f"{path}: give x and y, or lon and lat, or a location")
        if event.time_window is not None:
            client["time_window"] = scaler.window(event.time_window, f"{path}.time_window")
        if event.window_covers != "start":
            client["window_covers"] = covered(event.window_covers, f"{path}.window_covers")
        if event.prize is not None:
            client["prize"] = scaler.cost(event.prize, f"{path}.prize")
        self._added.append(str(event.name))
        return {"client": client}

    def _cancelled(self, event: ev.Cancelled, path: str) -> dict[str, Any]:
        return {"client": self._client(event.client, path)}

    def _changed(self, event: ev.Changed, path: str) -> dict[str, Any]:
        scaler = self._scaler
        fields: dict[str, Any] = {"client": self._client(event.client, path)}
        if event.pickup is not None:
            fields["pickup"] = scaler.loads(event.pickup, f"{path}.pickup")
        if event.delivery is not None:
            fields["delivery"] = scaler.loads(event.delivery, f"{path}.delivery")
        if event.service is not None:
            fields["service"] = scaler.duration(event.service, f"{path}.service")
        if event.time_window is not None:
            fields["time_window"] = scaler.window(event.time_window, f"{path}.time_window")
        if event.required is not None:
            fields["required"] = bool(event.required)
        if event.prize is not None:
            fields["prize"] = scaler.cost(event.prize, f"{path}.prize")
        return fields

    def _site_closed(self, event: ev.SiteClosed, path: str) -> dict[str, Any]:
        return {"site": self._site(event.site, path), **self._span(event.start, event.end, path)}

    def _site_queue(self, event: ev.SiteQueue, path: str) -> dict[str, Any]:
        return {"site": self._site(event.site, path), "by": self._scaler.duration(event.by, f"{path}.by")}

    def _slow(self, event: ev.Slow, path: str) -> dict[str, Any]:
        return {
            "profile": self._count(event.profile, f"{path}.profile"),
            **self._span(event.start, event.end, path),
            "percent": self._count(event.percent, f"{path}.percent"),
        }

    def _area(self, event: ev.Area, path: str) -> dict[str, Any]:
        return {
            "corners": [(float(x), float(y)) for x, y in event.corners],
            **self._span(event.start, event.end, path),
            "percent": self._count(event.percent, f"{path}.percent"),
        }

    def _travel(self, event: ev.Travel, path: str) -> dict[str, Any]:
        scaler = self._scaler

        def table(rows: ev.Table, path: str, scale: float) -> list[list[int | None]]:
            return [[None if value is None else scaler.nearest(value, scale, path) for value in row] for row in rows]

        def tables(profile: tuple[ev.Table, ev.Table | None], path: str) -> dict[str, Any]:
            distance, duration = profile
            found: dict[str, Any] = {"distance": table(distance, f"{path}.distance", scaler.units.distance)}
            if duration is not None:
                found["duration"] = table(duration, f"{path}.duration", scaler.units.time)
            return found

        return {"profiles": [tables(profile, f"{path}[{p}]") for p, profile in enumerate(event.profiles)]}

    # -- what they are made of ------------------------------------------------------------------------------------

    def _span(self, start: Moment, end: Moment, path: str) -> dict[str, int]:
        return {"from": self._scaler.moment(start, f"{path}.from"), "to": self._scaler.moment(end, f"{path}.to")}

    def _client(self, client: Client | str | int, path: str) -> int:
        names = [*(name for _, name in self._problem.clients), *self._added]
        return self._index(Client, client, names, f"{path}.client")

    def _site(self, site: DisposalSite | str | int, path: str) -> int:
        return self._index(DisposalSite, site, [name for _, name in self._problem.disposal_sites], f"{path}.site")

    def _index(self, kind: type[Ref], ref: Ref | str | int, names: list[str], path: str) -> int:
        """The index of what is referred to. Whether there is one so high is for the core to say."""
        if isinstance(ref, str):
            if names.count(ref) != 1:
                how_many = "more than one" if ref in names else "no"
                raise KeyError(f"{path}: {how_many} {kind.__name__} of this problem is called {ref!r}")
            return names.index(ref)
        if isinstance(ref, Ref):
            if not isinstance(ref, kind):
                raise TypeError(f"{path}: a {kind.__name__} is needed, not {ref!r}")
            return ref.index
        return self._count(ref, path)

    def _count(self, value: int, path: str) -> int:
        """A whole number from 0."""
        try:
            number = operator.index(value)
        except TypeError:
            raise TypeError(f"{path} must be a whole number, not {value!r}") from None
        if not 0 <= number < 2**32:
            return self._scaler.fault(path, number, "is out of range", "give a whole number from 0")
        return number


_Writer = Callable[[Asked, Any, str], "dict[str, Any]"]

_DOCUMENTED: dict[type, tuple[str, _Writer]] = {
    ev.Done: ("done", Asked._done),
    ev.Late: ("late", Asked._late),
    ev.BrokenDown: ("broken_down", Asked._broken_down),
    ev.Available: ("available", Asked._available),
    ev.ShiftEnds: ("shift_ends", Asked._shift_ends),
    ev.Load: ("load", Asked._load),
    ev.Added: ("added", Asked._client_added),
    ev.Cancelled: ("cancelled", Asked._cancelled),
    ev.Changed: ("changed", Asked._changed),
    ev.SiteClosed: ("site_closed", Asked._site_closed),
    ev.SiteQueue: ("site_queue", Asked._site_queue),
    ev.Slow: ("slow", Asked._slow),
    ev.Area: ("area", Asked._area),
    ev.Travel: ("travel", Asked._travel),
}


def faults(own: list[Issue], error: AdaptError | None) -> AdaptError:
    """The error that lists what was found here, and what the core has found beside it."""
    seen = {issue.path for issue in own}
    return AdaptError.of([*own, *(issue for issue in (error.issues if error else ()) if issue.path not in seen)])
