"""From what users write to the parts of a problem's document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from . import _documents as documents
from ._refs import Client, Depot, DisposalSite, Group, Location, Material, Ref, Shipment, VehicleType, Window, Zone
from ._rules import Break, Closed, Consumption, DriverRule, Rate, ServeOnly, SoftWindow
from ._units import Duration, Moment, Number, Scaler, zoned

_R = TypeVar("_R", bound=Ref)

STOP_FIELDS = frozenset({"x", "y", "lon", "lat", "location", "service", "setup", "time_window", "window_covers"})
"""What a stop of a shipment may have."""

_KINDS: dict[str, type[Ref]] = {"client": Client, "pickup": Shipment, "delivery": Shipment, "dispose": DisposalSite}


def note_down(
    part: documents.Client | documents.Shipment | documents.Depot | documents.DisposalSite | documents.VehicleType,
    remarks: str,
    tags: Mapping[str, str] | None,
) -> None:
    """Notes what people say about a part."""
    if remarks:
        part["remarks"] = str(remarks)
    if tags:
        if not isinstance(tags, Mapping):
            raise TypeError(f"tags are {tags!r}: give a dict of names and values")
        part["tags"] = {str(name): str(value) for name, value in tags.items()}


def covered(word: object, path: str) -> documents.WindowCovers:
    """What of a service its windows hold."""
    return "service" if one_of(path, word, get_args(documents.WindowCovers)) == "service" else "start"


class Parts:
    """The document of a problem as far as it has been told, and what its parts are called."""

    def __init__(self, name: str, scaler: Scaler) -> None:
        self.scaler = scaler
        self.document: documents.Problem = {"milkrun": "problem", "version": 1, "name": str(name)}
        self.locations: list[documents.Location] = []
        self.coordinates: set[str] = set()
        kinds = (Location, Depot, Group, Client, Shipment, VehicleType, Material, DisposalSite, Zone)
        self._counts: dict[type[Ref], int] = dict.fromkeys(kinds, 0)
        self._names: dict[type[Ref], dict[str, int]] = {kind: {} for kind in kinds}

    def count(self, kind: type[Ref]) -> int:
        """How many of a kind there are."""
        return self._counts[kind]

    def note(self, kind: type[Ref], name: str) -> int:
        """Counts a part that was added; gives its index."""
        index = self._counts[kind]
        self._counts[kind] = index + 1
        if name:
            # A name that is there twice refers to nothing.
            names = self._names[kind]
            names[name] = -1 if name in names else index
        return index

    def added(self, kind: type[_R], name: str) -> _R:
        """What refers to the part that was added."""
        name = str(name)
        return kind(self.note(kind, name), name)

    def index(self, kind: type[Ref], ref: Ref | str | int) -> int:
        """The index of what is referred to."""
        if isinstance(ref, Ref):
            if not isinstance(ref, kind):
                raise TypeError(f"a {kind.__name__} is needed, not {ref!r}")
            index = ref.index
        elif isinstance(ref, str):
            index = self._names[kind].get(ref, -2)
            if index < 0:
                how_many = "no" if index == -2 else "more than one"
                raise KeyError(f"{how_many} {kind.__name__} of this model is called {ref!r}")
        else:
            index = int(ref)
        if not 0 <= index < self.count(kind):
            raise IndexError(f"there is no {kind.__name__} {index} yet: the model has {self.count(kind)}, from 0")
        return index

    def indices(self, kind: type[Ref], refs: Iterable[Ref | str | int]) -> list[int]:
        """The indices of what is referred to."""
        return [self.index(kind, ref) for ref in refs]

    def location(self, x: float | None, y: float | None, lon: float | None, lat: float | None, name: str) -> int:
        """Adds a location; gives its index."""
        if (lon is None) != (lat is None) or (x is None) != (y is None) or (x is not None and lon is not None):
            raise TypeError("give x and y, or lon and lat, or neither")
        if x is not None or lon is not None:
            self.coordinates.add("xy" if x is not None else "lonlat")
        horizontal, vertical = (x, y) if x is not None else (lon, lat)
        point: documents.Location = {"x": float(horizontal or 0), "y": float(vertical or 0)}
        name = str(name)
        if name:
            point["name"] = name
        self.locations.append(point)
        return self.note(Location, name)

    def place(
        self,
        x: float | None,
        y: float | None,
        lon: float | None,
        lat: float | None,
        location: Location | str | int | None,
        name: str,
    ) -> int:
        """The location that is meant, or a new one."""
        if location is None:
            return self.location(x, y, lon, lat, name)
        if not (x is None and y is None and lon is None and lat is None):
            raise TypeError("give a location or coordinates, not both")
        return self.index(Location, location)

    def stop(self, stop: Mapping[str, Any], path: str, name: str) -> documents.Stop:
        """One end of a shipment."""
        unknown = set(stop) - STOP_FIELDS
        if unknown:
            raise TypeError(f"{path} has unknown fields {sorted(unknown)}: use {', '.join(sorted(STOP_FIELDS))}")
        get = stop.get
        return {
            "location": self.place(get("x"), get("y"), get("lon"), get("lat"), get("location"), name),
            "service": self.scaler.duration(get("service", 0), f"{path}.service"),
            "setup": self.scaler.duration(get("setup", 0), f"{path}.setup"),
            "time_window": self.scaler.window(get("time_window"), f"{path}.time_window"),
            "window_covers": covered(get("window_covers", "start"), f"{path}.window_covers"),
        }

    def tie(self, client: documents.Client, path: str, allowed: Any, forbidden: Any, services: Any, costs: Any) -> None:
        """Names the vehicle types of a client, which may have been added after it."""
        if costs:
            client["assignment_costs"] = self.assignment_costs(costs, f"{path}.assignment_costs")
        if allowed is not None:
            client["allowed_vehicles"] = self.indices(VehicleType, allowed)
        client["service_by_type"] = self.services(services, f"{path}.service_by_type")
        client["forbidden_vehicles"] = self.indices(VehicleType, forbidden)

    def note_origin(self) -> None:
        """Notes the moment from which times count, where it has a zone with a name and times are whole seconds."""
        if self.scaler.units.time == 1 and (moment := zoned(self.scaler.origin)) is not None:
            self.document["origin"] = moment

    def windows(self, one: Window | None, several: Iterable[Window], path: str) -> list[documents.Window]:
        """The windows of a client that has several."""
        listed = list(several)
        if one is not None or not listed:
            raise TypeError(f"{path}: give a time_window, or time_windows with at least one, or neither")
        return [self.scaler.window(window, f"{path}.time_windows[{w}]") for w, window in enumerate(listed)]

    def soft_window(self, soft: SoftWindow, path: str) -> documents.SoftWindow:
        """A window that may be missed."""
        early, late = self.scaler.window(soft.window, path)
        unit = self.scaler.units.time
        return {
            "early": early,
            "late": late,
            "cost_per_early": self.scaler.rate(soft.cost_per_early, unit, f"{path}.cost_per_early"),
            "cost_per_late": self.scaler.rate(soft.cost_per_late, unit, f"{path}.cost_per_late"),
        }

    def rates(self, given: Rate | Iterable[Rate] | None, path: str, *, money: bool) -> list[documents.Rate]:
        """Rates by load dimension; a single one where there is one dimension."""
        listed = [] if given is None else [given] if isinstance(given, Rate) else list(given)
        scaler = self.scaler

        def amount(rate: Rate, place: str) -> int:
            if money:
                return scaler.cost(rate.amount, place)  # type: ignore[arg-type]
            return scaler.duration(rate.amount, place)

        return [
            {
                "amount": amount(rate, f"{path}[{d}].amount"),
                "per": (scaler.loads(rate.per, f"{path}[{d}].per") or [1])[0],
            }
            for d, rate in enumerate(listed)
        ]

    def consumption(self, given: Consumption) -> documents.Consumption:
        """What a vehicle consumes, for each unit of the solver."""
        if given.energy not in get_args(documents.Energy):
            raise ValueError(f"energy is {given.energy!r}: use 'fuel' or 'electricity'")
        units, loaded = self.scaler.units, given.per_load_distance
        rates = list(loaded) if isinstance(loaded, Iterable) else [loaded]
        found: documents.Consumption = {
            "energy": given.energy,
            "per_distance": float(given.per_distance) / units.distance,
            "per_load_distance": [float(rate) / units.distance / units.load for rate in rates],
            "per_stop": float(given.per_stop),
            "per_idle": float(given.per_idle) / units.time,
        }
        if given.co2 is not None:
            found["co2"] = float(given.co2)
        return found

    def zone_rule(self, rule: ServeOnly | Closed, path: str) -> documents.ZoneRule:
        """What a zone means for vehicles."""
        zone = self.index(Zone, rule.zone)
        if isinstance(rule, ServeOnly):
            return {"serve_only": zone}
        closed: documents.ClosedZone = {"zone": zone}
        if rule.during is not None:
            hours = f"{path}.closed.during"
            closed["during"] = [self.scaler.window(window, f"{hours}[{w}]") for w, window in enumerate(rule.during)]
        return {"closed": closed}

    def pause(self, pause: Break, path: str) -> documents.Break:
        """A break."""
        found: documents.Break = {
            "name": str(pause.name),
            "start": self.scaler.window(pause.start, f"{path}.start"),
            "duration": self.scaler.duration(pause.duration, f"{path}.duration"),
            "paid": bool(pause.paid),
        }
        if any(part is not None for part in (pause.x, pause.y, pause.lon, pause.lat, pause.location)):
            found["location"] = self.place(pause.x, pause.y, pause.lon, pause.lat, pause.location, pause.name)
        return found

    def driver_rule(self, rule: DriverRule, path: str) -> documents.DriverRule:
        """A limit of driving or work without a rest."""
        if rule.effort not in get_args(documents.Effort):
            raise ValueError(f"{path}.effort is {rule.effort!r}: use 'driving' or 'work'")
        duration = self.scaler.duration
        found: documents.DriverRule = {
            "effort": rule.effort,
            "max": duration(rule.max, f"{path}.max"),
            "rest": duration(rule.rest, f"{path}.rest"),
            "any_pause": bool(rule.any_pause),
        }
        if rule.split is not None:
            first, second = rule.split
            found["split"] = (duration(first, f"{path}.split[0]"), duration(second, f"{path}.split[1]"))
        return found

    def executed(self, breaks: list[Break], stop: Any, path: str) -> documents.Activity:
        """What a vehicle has done."""
        kind, what = stop if isinstance(stop, tuple) else ("client", stop)
        if kind == "rest":
            return {"rest": self.scaler.duration(what, path)}
        if kind == "break":
            names = [pause.name for pause in breaks]
            if isinstance(what, str) and what not in names:
                raise KeyError(f"{path}: no break of this vehicle type is called {what!r}")
            return {"break": names.index(what) if isinstance(what, str) else int(what)}
        if kind not in _KINDS:
            raise ValueError(f"{path} is of the kind {kind!r}: use client, pickup, delivery, dispose, break or rest")
        return {kind: self.index(_KINDS[kind], what)}  # type: ignore[misc]

    def speed_steps(self, steps: Iterable[tuple[Moment, int]], path: str) -> list[documents.SpeedStep]:
        """From when on how fast, in per cent."""
        found: list[documents.SpeedStep] = []
        for s, (begin, percent) in enumerate(steps):
            whole = int(percent)
            if whole != percent or not 0 <= whole < 2**32:
                remedy = "give a whole number from 1 to 1000"
                whole = self.scaler.fault(f"{path}[{s}].percent", percent, "is not a whole number of per cent", remedy)
            found.append({"from": self.scaler.moment(begin, f"{path}[{s}].from"), "percent": whole})
        return found

    def services(self, services: Mapping[Any, Duration], path: str) -> list[documents.ServiceByType]:
        """How long a service takes with some vehicle types."""
        return [
            {
                "vehicle_type": self.index(VehicleType, kind),
                "service": self.scaler.duration(service, f"{path}[{s}].service"),
            }
            for s, (kind, service) in enumerate(services.items())
        ]

    def assignment_costs(self, costs: Mapping[Any, Number], path: str) -> list[documents.AssignmentCost]:
        """What vehicles of some types cost in addition."""
        return [
            {"vehicle_type": self.index(VehicleType, kind), "cost": self.scaler.cost(cost, f"{path}[{c}].cost")}
            for c, (kind, cost) in enumerate(costs.items())
        ]


def area_of(given: Any) -> documents.ZoneArea:
    """An area: the corners of a polygon, a geometry of GeoJSON, or what has one."""
    geometry = getattr(given, "__geo_interface__", given)
    if not isinstance(geometry, Mapping):
        return {"type": "Polygon", "coordinates": [[(float(x), float(y)) for x, y in geometry]]}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates", ())

    def polygon(rings: Iterable[Iterable[Sequence[float]]]) -> list[list[tuple[float, float]]]:
        return [[(float(corner[0]), float(corner[1])) for corner in ring] for ring in rings]

    if kind == "Polygon":
        return {"type": "Polygon", "coordinates": polygon(coordinates)}
    if kind == "MultiPolygon":
        return {"type": "MultiPolygon", "coordinates": [polygon(rings) for rings in coordinates]}
    raise ValueError(f"an area is a Polygon or a MultiPolygon, not a {kind}")


def words(given: Iterable[str]) -> list[str]:
    """Skills."""
    if isinstance(given, str):
        raise TypeError(f"skills must be a list of words, not {given!r}")
    return [str(word) for word in given]


def one_of(name: str, value: object, known: tuple[str, ...]) -> str:
    """A word that must be a known one."""
    if value not in known:
        raise ValueError(f'{name} is "{value}": use one of {", ".join(known)}')
    return str(value)
