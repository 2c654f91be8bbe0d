"""Putting a problem together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from . import _core, _day
from ._day import Break, Compartment, DriverRule, Executed, Measure, Overtime, Position, Rate, SoftWindow
from ._errors import Issue, MatrixError, ValidationError
from ._frames import rows_of
from ._matrix import MatrixLike, matrix_bytes
from ._problem import Problem
from ._refs import Client, Depot, DisposalSite, Group, Loads, Location, Material, Ref, Shipment, VehicleType, Window
from ._units import Duration, Moment, Number, Scaler, Units

if TYPE_CHECKING:
    from ._core import CancelToken
    from ._plan import Plan
    from ._solve import Progress, Result, Stop

Rounding: TypeAlias = Literal["round", "trunc", "dimacs", "exact", "none", "ceil"]
"""How lengths of straight lines become integers."""


_R = TypeVar("_R", bound=Ref)

_STOP_FIELDS = frozenset({"x", "y", "lon", "lat", "location", "service", "time_window"})
_CLIENT_FIELDS = _STOP_FIELDS | {"delivery", "pickup", "release", "prize", "required", "group", "name", "early", "late"}
_CLIENT_FIELDS |= {
    "time_windows",
    "soft_window",
    "material",
    "skills",
    "allowed_vehicles",
    "forbidden_vehicles",
    "service_by_type",
    "priority",
}


class Model:
    """Collects the parts of a routing problem, and checks them all when it is built.

    Numbers may be whole or not, of Python or of numpy. Times are seconds from the planning origin, ``timedelta``,
    ``datetime`` or ``time``; the origin is the midnight before the first datetime, unless ``origin`` says otherwise.

    The solver works in whole numbers: distances, times and money are multiplied by their scale and rounded to the
    nearest; loads, capacities and costs per unit must come out whole, for rounding them could change what is possible.
    A cost per unit of distance is multiplied by ``cost_scale / distance_scale``, one per second by ``cost_scale /
    time_scale``; without a ``cost_scale``, it is the product of the two others. Results come back in your units.

    >>> from milkrun import MaxIterations, Model
    >>> m = Model()
    >>> yard = m.add_depot(x=0, y=0)
    >>> for x, y in [(3, 4), (-3, 4), (0, -5)]:
    ...     _ = m.add_client(x=x, y=y, delivery=1)
    >>> van = m.add_vehicle_type(2, capacity=2, depot=yard)
    >>> m.solve(stop=MaxIterations(1000)).cost
    26
    """

    def __init__(
        self,
        name: str = "",
        *,
        distance_scale: float = 1,
        time_scale: float = 1,
        load_scale: float = 1,
        cost_scale: float | None = None,
        origin: datetime | None = None,
    ) -> None:
        if cost_scale is None:
            cost_scale = distance_scale * time_scale
        self._units = Units(distance_scale, time_scale, load_scale, cost_scale, origin)
        self._scaler = Scaler(self._units)
        self._builder = _core.Builder()
        self._builder.set_name(name)
        self._parts: dict[type[Ref], list[Ref]] = {
            kind: [] for kind in (Location, Depot, Group, Client, Shipment, VehicleType, Material, DisposalSite)
        }
        self._names: dict[type[Ref], dict[str, int]] = {kind: {} for kind in self._parts}
        self._profiles: list[tuple[tuple[int, bytes], tuple[int, bytes] | None]] = []
        self._profiles_added = 0
        self._vehicles_of: dict[int, tuple[list[Any] | None, list[Any], dict[Any, Duration]]] = {}
        self._speeds: dict[int, list[tuple[Moment, int]]] = {}
        self._goals = 0
        self._has_travel = False
        self._coordinates: set[str] = set()

    # -- places ---------------------------------------------------------------------------------------------------

    def add_location(
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        lon: float | None = None,
        lat: float | None = None,
        name: str = "",
    ) -> Location:
        """Adds a place that others can share. Matrices have a row and a column for each, in the order of adding.

        Every depot, client and stop of a shipment that is given by coordinates, or by nothing at all, adds a location
        of its own.
        """
        if (lon is None) != (lat is None) or (x is None) != (y is None) or (x is not None and lon is not None):
            raise TypeError("give x and y, or lon and lat, or neither")
        if x is not None or lon is not None:
            self._coordinates.add("xy" if x is not None else "lonlat")
        horizontal, vertical = (x, y) if x is not None else (lon, lat)
        index = self._builder.add_location(float(horizontal or 0), float(vertical or 0), str(name))
        return self._add(Location, name, index)

    def add_depot(
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        lon: float | None = None,
        lat: float | None = None,
        location: Location | str | int | None = None,
        open: Window | None = None,  # noqa: A002
        service: Duration = 0,
        name: str = "",
    ) -> Depot:
        """Adds a depot, where vehicles start, end and reload.

        ``open`` is when vehicles may start to load and must be back; ``service`` is how long loading takes before each
        trip.
        """
        path = f"depots[{self._count(Depot)}]"
        place = self._place(x, y, lon, lat, location, name)
        service_ = self._scaler.duration(service, f"{path}.service")
        self._builder.add_depot(place, service_, self._scaler.window(open, f"{path}.open"), str(name))
        return self._add(Depot, name)

    # -- what is asked for ----------------------------------------------------------------------------------------

    def add_group(self, *, required: bool = True, name: str = "") -> Group:
        """Adds a group of clients of which at most one is served; exactly one if ``required``."""
        self._builder.add_group(bool(required), str(name))
        return self._add(Group, name)

    def add_client(
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        lon: float | None = None,
        lat: float | None = None,
        location: Location | str | int | None = None,
        delivery: Loads | None = None,
        pickup: Loads | None = None,
        service: Duration = 0,
        time_window: Window | None = None,
        time_windows: Iterable[Window] | None = None,
        soft_window: SoftWindow | None = None,
        release: Moment = 0,
        prize: Number = 0,
        required: bool = True,
        group: Group | str | int | None = None,
        material: Material | str | int | None = None,
        skills: Iterable[str] = (),
        allowed_vehicles: Iterable[VehicleType | str | int] | None = None,
        forbidden_vehicles: Iterable[VehicleType | str | int] = (),
        service_by_type: Mapping[Any, Duration] | None = None,
        priority: int = 0,
        name: str = "",
    ) -> Client:
        """Adds a client: a single stop.

        ``delivery`` is brought from the depot, ``pickup`` taken to it. ``service`` takes so long and starts within the
        ``time_window``. The trip that serves the client starts loading no earlier than ``release``. A client that is
        not ``required`` costs its ``prize`` when it is left out. Members of a ``group`` exclude each other.

        ``time_windows`` are several to choose from, which ascend; a ``soft_window`` may be missed at a price. What is
        picked up is of a ``material``. A vehicle must have all ``skills``, and be of the ``allowed_vehicles`` and not
        of the ``forbidden_vehicles``; ``service_by_type`` says how long the service takes with some of them. Vehicle
        types may be added later. Of two plans, the one that leaves fewer of the highest ``priority`` (1 to 255; 0:
        none) out is better, whatever they cost.
        """
        number = self._count(Client)
        path = f"clients[{number}]"
        scaler = self._scaler
        windows = self._windows(time_window, time_windows, path)
        self._builder.add_client(
            self._place(x, y, lon, lat, location, name),
            scaler.loads(delivery, f"{path}.delivery"),
            scaler.loads(pickup, f"{path}.pickup"),
            scaler.duration(service, f"{path}.service"),
            windows[0],
            scaler.moment(release, f"{path}.release"),
            scaler.cost(prize, f"{path}.prize"),
            bool(required),
            None if group is None else self._index(Group, group),
            str(name),
        )
        of_material = None if material is None else self._index(Material, material)
        class_ = int(priority)
        if not 0 <= class_ <= 255:
            class_ = scaler.fault(f"{path}.priority", priority, "is beyond 0 to 255", "give a class from 0 to 255")
        soft = _day.soft_window(scaler, soft_window, f"{path}.soft_window")
        _core.set_client_day(self._builder, of_material, windows[1:], soft, _words(skills), class_)
        if allowed_vehicles is not None or forbidden_vehicles or service_by_type:
            allowed = None if allowed_vehicles is None else list(allowed_vehicles)
            self._vehicles_of[number] = (allowed, list(forbidden_vehicles), dict(service_by_type or {}))
        return self._add(Client, name)

    def add_clients(
        self, data: Any, *, columns: Mapping[str, str] | None = None, defaults: Mapping[str, Any] | None = None
    ) -> list[Client]:
        """Adds a client for each row of a table: a frame of pandas, polars or geopandas, anything with
        ``__arrow_c_stream__``, a dict of columns, or an iterable of dicts.

        Columns have the names of :meth:`add_client`'s parameters; ``columns`` tells what others are called
        (``{"kg": "pickup"}``), and columns that mean nothing to a client are passed over. A time window may also be two
        columns, ``early`` and ``late``. Points of geopandas are the coordinates. A value that is missing takes that of
        ``defaults``, else the parameter's own.
        """
        renamed = dict(columns or {})
        unknown = [name for name in [*renamed.values(), *(defaults or {})] if name not in _CLIENT_FIELDS]
        if unknown:
            raise TypeError(f"a client has no {', '.join(unknown)}: use {', '.join(sorted(_CLIENT_FIELDS))}")
        added = []
        for row in rows_of(data):
            fields = dict(defaults or {})
            for name, value in row.items():
                field = renamed.get(name, name)
                if field in _CLIENT_FIELDS:
                    fields[field] = value
            early, late = fields.pop("early", None), fields.pop("late", None)
            if early is not None or late is not None:
                fields["time_window"] = (early, late)
            if "name" in fields:
                fields["name"] = str(fields["name"])
            added.append(self.add_client(**fields))
        return added

    def add_shipment(
        self,
        pickup: Mapping[str, Any],
        delivery: Mapping[str, Any],
        amount: Loads | None = None,
        *,
        prize: Number = 0,
        required: bool = True,
        name: str = "",
    ) -> Shipment:
        """Adds a shipment, taken from its pickup to its delivery by one vehicle on one trip.

        Each stop is a dict with coordinates or a ``location``, and perhaps ``service`` and ``time_window``.
        """
        path = f"shipments[{self._count(Shipment)}]"
        self._builder.add_shipment(
            self._stop(pickup, f"{path}.pickup", name),
            self._stop(delivery, f"{path}.delivery", name),
            self._scaler.loads(amount, f"{path}.amount"),
            self._scaler.cost(prize, f"{path}.prize"),
            bool(required),
            str(name),
        )
        return self._add(Shipment, name)

    # -- who goes -------------------------------------------------------------------------------------------------

    def add_vehicle_type(
        self,
        count: int = 1,
        *,
        capacity: Loads | None = None,
        depot: Depot | str | int | None = None,
        start: Depot | str | int | None = None,
        end: Depot | str | int | None = None,
        fixed_cost: Number = 0,
        cost_per_distance: Number = 1,
        cost_per_duration: Number = 0,
        shift: Window | None = None,
        max_duration: Duration | None = None,
        max_distance: Number | None = None,
        allowed_clients: Iterable[Client | str | int] | None = None,
        reload_depots: Iterable[Depot | str | int] = (),
        max_trips: int | None = None,
        disposal_sites: Iterable[DisposalSite | str | int] = (),
        end_empty: bool = False,
        compartments: Iterable[Compartment] = (),
        max_route_load: Loads | None = None,
        max_stops: int | None = None,
        breaks: Iterable[Break] = (),
        driver_rules: Iterable[DriverRule] = (),
        paid_rests: bool = True,
        max_driving: Duration | None = None,
        max_work: Duration | None = None,
        overtime: Iterable[Overtime] = (),
        cost_per_waiting: Number = 0,
        skills: Iterable[str] = (),
        executed: Iterable[Executed] = (),
        profile: int = 0,
        name: str = "",
    ) -> VehicleType:
        """Adds ``count`` vehicles that are alike; each drives at most one route.

        ``depot`` is both ``start`` and ``end``; a route without a start begins at its first stop, and one without an
        end is over at its last. Without a ``capacity``, vehicles hold everything. A route lies within the ``shift``,
        and is no longer than ``max_duration`` and ``max_distance``. At ``reload_depots``, a vehicle may end a trip and
        start the next, for up to ``max_trips``. ``profile`` is what :meth:`travel_matrix` returned.

        The working day: vehicles empty at ``disposal_sites``, and before a trip ends if they ``end_empty``; materials
        go into ``compartments``. ``max_route_load`` and ``max_stops`` limit a whole route. Each of the ``breaks`` is
        taken on a route that lasts long enough, rests as ``driver_rules`` ask; ``max_driving`` and ``max_work`` limit
        the day, and paid time beyond each step of ``overtime`` costs more. ``skills`` are for clients that need them.
        ``executed`` is what the vehicle has done already: its route begins so.
        """
        path = f"vehicle_types[{self._count(VehicleType)}]"
        scaler, units = self._scaler, self._units
        start, end = (depot if start is None else start), (depot if end is None else end)
        self._builder.add_vehicle_type(
            int(count),
            scaler.loads(capacity, f"{path}.capacity"),
            None if start is None else self._index(Depot, start),
            None if end is None else self._index(Depot, end),
            scaler.cost(fixed_cost, f"{path}.fixed_cost"),
            scaler.rate(cost_per_distance, units.distance, f"{path}.cost_per_distance"),
            scaler.rate(cost_per_duration, units.time, f"{path}.cost_per_duration"),
            scaler.window(shift, f"{path}.shift"),
            None if max_duration is None else scaler.duration(max_duration, f"{path}.max_duration"),
            None if max_distance is None else scaler.distance(max_distance, f"{path}.max_distance"),
            None if allowed_clients is None else [self._index(Client, client) for client in allowed_clients],
            [self._index(Depot, reload_depot) for reload_depot in reload_depots],
            None if max_trips is None else int(max_trips),
            int(profile),
            str(name),
        )
        pauses = list(breaks)
        kinds = {"client": Client, "pickup": Shipment, "delivery": Shipment, "dispose": DisposalSite}
        _core.set_vehicle_day(
            self._builder,
            [self._index(DisposalSite, site) for site in disposal_sites],
            bool(end_empty),
            [
                (
                    [self._index(Material, material) for material in part.materials],
                    scaler.loads(part.capacity, f"{path}.compartments[{c}].capacity"),
                )
                for c, part in enumerate(compartments)
            ],
            scaler.loads(max_route_load, f"{path}.max_route_load"),
            None if max_stops is None else int(max_stops),
            [self._break(pause, f"{path}.breaks[{b}]") for b, pause in enumerate(pauses)],
            [_day.driver_rule(scaler, rule, f"{path}.driver_rules[{r}]") for r, rule in enumerate(driver_rules)],
            bool(paid_rests),
            None if max_driving is None else scaler.duration(max_driving, f"{path}.max_driving"),
            None if max_work is None else scaler.duration(max_work, f"{path}.max_work"),
            [
                (
                    scaler.duration(step.after, f"{path}.overtime[{s}].after"),
                    scaler.rate(step.cost_per_duration, units.time, f"{path}.overtime[{s}].cost_per_duration"),
                )
                for s, step in enumerate(overtime)
            ],
            scaler.rate(cost_per_waiting, units.time, f"{path}.cost_per_waiting"),
            _words(skills),
            [
                _day.executed(scaler, self._index, kinds, pauses, stop, f"{path}.executed[{a}]")
                for a, stop in enumerate(executed)
            ],
        )
        return self._add(VehicleType, name)

    # -- where waste goes -----------------------------------------------------------------------------------------

    def add_material(self, name: str = "") -> Material:
        """Adds a kind of waste."""
        _core.add_material(self._builder, str(name))
        return self._add(Material, name)

    def separate_materials(self, a: Material | str | int, b: Material | str | int) -> None:
        """Keeps two materials from being on board at the same time, in vehicles without compartments."""
        _core.separate_materials(self._builder, self._index(Material, a), self._index(Material, b))

    def add_disposal_site(
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        lon: float | None = None,
        lat: float | None = None,
        location: Location | str | int | None = None,
        hours: Iterable[Window] = (),
        service: Duration = 0,
        unloading: Rate | Iterable[Rate] | None = None,
        visit_cost: Number = 0,
        tipping_fee: Rate | Iterable[Rate] | None = None,
        materials: Iterable[Material | str | int] | None = None,
        daily_capacity: Loads | None = None,
        name: str = "",
    ) -> DisposalSite:
        """Adds a landfill or transfer station, where vehicles empty what they picked up from clients.

        Unloading starts within one of the ``hours`` (none: always), takes ``service`` and ``unloading`` by load on top,
        and costs ``visit_cost`` and the ``tipping_fee`` by load. The site takes its ``materials`` (left out:
        everything), and no more than its ``daily_capacity`` from all vehicles together.
        """
        path = f"disposal_sites[{self._count(DisposalSite)}]"
        scaler = self._scaler
        _core.add_disposal_site(
            self._builder,
            self._place(x, y, lon, lat, location, name),
            [scaler.window(window, f"{path}.hours[{w}]") for w, window in enumerate(hours)],
            scaler.duration(service, f"{path}.service"),
            _day.rates(scaler, unloading, f"{path}.unloading", money=False),
            scaler.cost(visit_cost, f"{path}.visit_cost"),
            _day.rates(scaler, tipping_fee, f"{path}.tipping_fee", money=True),
            None if materials is None else [self._index(Material, material) for material in materials],
            scaler.loads(daily_capacity, f"{path}.daily_capacity"),
            str(name),
        )
        return self._add(DisposalSite, name)

    # -- who goes with whom ---------------------------------------------------------------------------------------

    def add_same_vehicle(self, clients: Iterable[Client | str | int]) -> None:
        """Those of the clients that are served are on one route."""
        self._relation("same_vehicle", clients)

    def add_sequence(self, clients: Iterable[Client | str | int]) -> None:
        """All or none of the clients are served, in this order and with nobody in between."""
        self._relation("sequence", clients)

    def add_precedence(self, before: Client | str | int, after: Client | str | int) -> None:
        """If both are served, one vehicle serves the first before the second."""
        self._relation("precedence", (before, after))

    def add_all_or_none(self, clients: Iterable[Client | str | int]) -> None:
        """All or none of the clients are served."""
        self._relation("all_or_none", clients)

    def add_incompatible(self, clients: Iterable[Client | str | int]) -> None:
        """No two of the clients are on one route."""
        self._relation("incompatible", clients)

    def add_pin(
        self,
        client: Client | str | int,
        vehicle_type: VehicleType | str | int | None = None,
        position: Position | None = None,
    ) -> None:
        """If served, the client is served by this vehicle type, and as the first or last stop of its route."""
        own = None if vehicle_type is None else self._index(VehicleType, vehicle_type)
        _core.add_relation(self._builder, "pin", [self._index(Client, client)], own, position)

    # -- what counts ----------------------------------------------------------------------------------------------

    def add_goal(self, measure: Measure, weight: Number | None = None) -> None:
        """Adds a goal beside cost. With a ``weight`` it is the cost of each vehicle, second, unit of load, stop, or
        unit of the coordinates; without one it is ranked: it goes before cost, and before all goals that are added
        later."""
        path, units = f"goals[{self._goals}].weight", self._units
        self._goals += 1
        unit = {"makespan": units.time, "duration_spread": units.time, "load_spread": units.load}.get(measure, 1)
        _core.add_goal(self._builder, measure, None if weight is None else self._scaler.rate(weight, unit, path))

    def set_speeds(self, steps: Iterable[tuple[Moment, int]], profile: int = 0) -> None:
        """Sets how fast a travel profile is over the day: from each moment on so many per cent of what its durations
        say. Before the first step, it is as fast as they say."""
        self._speeds[int(profile)] = list(steps)

    # -- how far it is --------------------------------------------------------------------------------------------

    def travel_euclidean(self, rounding: Rounding = "round") -> None:
        """Takes straight lines between ``x`` and ``y``, as long as they take. Coordinates are taken as they are: the
        scales of the model do not change them."""
        self._builder.travel_euclidean(rounding)
        self._has_travel = True

    def travel_haversine(self, speed: float = 8.3, detour: float = 1.3) -> None:
        """Takes great circles between ``lon`` and ``lat``, in metres and seconds; ``speed`` in metres per second,
        ``detour`` is road length per length as the crow flies. With coordinates in degrees and nothing else said, this
        is what a model does."""
        units = self._units
        if (units.distance, units.time) != (1, 1):
            self._scaler.fault(
                "travel",
                "haversine",
                f"gives metres and seconds, and the scales are {units.distance:g} and {units.time:g}",
                "leave distance_scale and time_scale at 1, or give matrices",
            )
        self._builder.travel_haversine(float(speed), float(detour))
        self._has_travel = True

    def travel_matrix(self, distance: MatrixLike, duration: MatrixLike | None = None) -> int:
        """Adds a travel profile: rows are origins, columns destinations, both in the order of locations. Without
        durations, they equal the distances. Gives the profile's number, for vehicle types."""
        path, units = f"travel.profiles[{len(self._profiles)}]", self._units
        durations = None if duration is None else matrix_bytes(duration, units.time, f"{path}.duration")
        if durations is None and units.time != units.distance:
            durations = matrix_bytes(distance, units.time, f"{path}.distance")
        self._profiles.append((matrix_bytes(distance, units.distance, f"{path}.distance"), durations))
        self._has_travel = True
        return len(self._profiles) - 1

    def set_backhauls(self, order: Literal["mixed", "after_linehauls"]) -> None:
        """Sets whether pickups and deliveries of single clients may mix on a trip, or pickups come last."""
        if order not in ("mixed", "after_linehauls"):
            raise ValueError(f"order is {order!r}: use 'mixed' or 'after_linehauls'")
        self._builder.set_backhauls_after_linehauls(order == "after_linehauls")

    # -- the whole ------------------------------------------------------------------------------------------------

    def build(self) -> Problem:
        """Checks all parts and makes the problem.

        Raises :class:`ValidationError` with every fault at once.
        """
        if not self._has_travel and self._coordinates == {"lonlat"}:
            self.travel_haversine()
        profiles = max(1, self._profiles_added + len(self._profiles))
        found = [*self._add_profiles(), *self._tie(profiles)]
        issues = [*self._scaler.issues, *found]
        try:
            problem = self._builder.build()
        except ValidationError as error:
            seen = {issue.path for issue in issues}
            issues.extend(issue for issue in error.issues if issue.path not in seen)
            raise ValidationError.of(issues) from None
        if issues:
            raise ValidationError.of(issues)
        units = Units(self._units.distance, self._units.time, self._units.load, self._units.cost, self._scaler.origin)
        return Problem(problem, units, geographic=self._coordinates == {"lonlat"})

    def solve(
        self,
        *,
        stop: Stop | float | None = None,
        seed: int = 1,
        threads: int = 1,
        initial: Plan | None = None,
        progress: bool | Callable[[Progress], object] = False,
        cancel: CancelToken | None = None,
    ) -> Result:
        """Builds the problem and solves it: see :func:`milkrun.solve`."""
        from ._solve import solve

        return solve(
            self.build(), stop=stop, seed=seed, threads=threads, initial=initial, progress=progress, cancel=cancel
        )

    def __repr__(self) -> str:
        parts = [(Depot, "depots"), (Client, "clients"), (Shipment, "shipments"), (VehicleType, "vehicle types")]
        counts = ", ".join(f"{self._count(kind)} {name}" for kind, name in parts)
        return f"<Model: {counts}>"

    # -- inside ---------------------------------------------------------------------------------------------------

    def _windows(self, one: Window | None, several: Iterable[Window] | None, path: str) -> list[tuple[int, int]]:
        if several is None:
            return [self._scaler.window(one, f"{path}.time_window")]
        listed = list(several)
        if one is not None or not listed:
            raise TypeError(f"{path}: give a time_window, or time_windows with at least one, or neither")
        return [self._scaler.window(window, f"{path}.time_windows[{w}]") for w, window in enumerate(listed)]

    def _break(self, pause: Break, path: str) -> tuple[tuple[int, int], int, int | None, bool, str]:
        somewhere = any(part is not None for part in (pause.x, pause.y, pause.lon, pause.lat, pause.location))
        place = self._place(pause.x, pause.y, pause.lon, pause.lat, pause.location, pause.name) if somewhere else None
        start = self._scaler.window(pause.start, f"{path}.start")
        return start, self._scaler.duration(pause.duration, f"{path}.duration"), place, bool(pause.paid), pause.name

    def _relation(self, kind: str, clients: Iterable[Client | str | int]) -> None:
        _core.add_relation(self._builder, kind, [self._index(Client, client) for client in clients], None, None)

    def _tie(self, profiles: int) -> list[Issue]:
        """Hands over what names parts that may have been added later; gives what is wrong with it."""
        for number, (allowed, forbidden, services) in self._vehicles_of.items():
            own = None if allowed is None else [self._index(VehicleType, kind) for kind in allowed]
            path = f"clients[{number}].service_by_type"
            by_type = [
                (self._index(VehicleType, kind), self._scaler.duration(service, f"{path}[{s}].service"))
                for s, (kind, service) in enumerate(services.items())
            ]
            others = [self._index(VehicleType, kind) for kind in forbidden]
            _core.set_client_vehicles(self._builder, number, own, others, by_type)
        issues = []
        for profile, steps in self._speeds.items():
            path = f"speeds[{profile}]"
            if not 0 <= profile < profiles:
                message = "there is no such travel profile"
                issues.append(Issue(path, str(profile), message, "add it with travel_matrix"))
                continue
            _core.set_speed(self._builder, profile, _day.speed_steps(self._scaler, steps, path))
        return issues

    def _count(self, kind: type[Ref]) -> int:
        return len(self._parts[kind])

    def _add(self, kind: type[_R], name: str, index: int | None = None) -> _R:
        ref = kind(self._count(kind) if index is None else index, str(name))
        self._parts[kind].append(ref)
        if ref.name:
            # A name that is there twice refers to nothing.
            names = self._names[kind]
            names[ref.name] = -1 if ref.name in names else ref.index
        return ref

    def _index(self, kind: type[Ref], ref: Ref | str | int) -> int:
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
        if not 0 <= index < self._count(kind):
            raise IndexError(f"there is no {kind.__name__} {index} yet: the model has {self._count(kind)}, from 0")
        return index

    def _place(
        self,
        x: float | None,
        y: float | None,
        lon: float | None,
        lat: float | None,
        location: Location | str | int | None,
        name: str,
    ) -> int:
        if location is None:
            return self.add_location(x, y, lon=lon, lat=lat, name=name).index
        if not (x is None and y is None and lon is None and lat is None):
            raise TypeError("give a location or coordinates, not both")
        return self._index(Location, location)

    def _stop(self, stop: Mapping[str, Any], path: str, name: str) -> tuple[int, int, tuple[int, int]]:
        unknown = set(stop) - _STOP_FIELDS
        if unknown:
            raise TypeError(f"{path} has unknown fields {sorted(unknown)}: use {', '.join(sorted(_STOP_FIELDS))}")
        get = stop.get
        place = self._place(get("x"), get("y"), get("lon"), get("lat"), get("location"), name)
        service = self._scaler.duration(get("service", 0), f"{path}.service")
        return place, service, self._scaler.window(get("time_window"), f"{path}.time_window")

    def _add_profiles(self) -> list[Issue]:
        """Hands the matrices over; gives what is wrong with them."""
        issues: list[Issue] = []
        for number, (distance, duration) in enumerate(self._profiles):
            path = f"travel.profiles[{number}]"
            if duration is not None and duration[0] != distance[0]:
                value = f"{duration[0]} rows"
                message = f"the distances have {distance[0]}"
                issues.append(Issue(f"{path}.duration", value, message, "give as many rows and columns"))
                continue
            try:
                self._builder.add_profile(distance[0], distance[1], None if duration is None else duration[1])
            except MatrixError as error:
                issues.extend(self._which(path, distance, error))
        self._profiles_added += len(self._profiles)
        self._profiles = []
        return issues

    def _which(self, path: str, distance: tuple[int, bytes], error: MatrixError) -> list[Issue]:
        field = "duration"
        try:
            _core.Builder().add_profile(distance[0], distance[1], None)
        except MatrixError:
            field = "distance"
        place = f"{path}.{field}"
        return [Issue(place + i.path.removeprefix("matrix"), i.value, i.message, i.remedy) for i in error.issues]


def _words(given: Iterable[str]) -> list[str]:
    if isinstance(given, str):
        raise TypeError(f"skills must be a list of words, not {given!r}")
    return [str(word) for word in given]
