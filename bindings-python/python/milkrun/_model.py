"""Putting a problem together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._errors import ValidationError
from ._frames import rows_of
from ._parts import STOP_FIELDS, covered, note_down, words
from ._problem import Plan, Problem, Result
from ._refs import Client, Depot, DisposalSite, Group, Loads, Location, Material, Shipment, VehicleType, Window
from ._rules import Break, Closed, Compartment, Consumption, DriverRule, Executed, Overtime, ServeOnly, SoftWindow
from ._stopping import Progress, Stop
from ._travels import TravelModel
from ._units import Duration, Moment, Number, Units

_CLIENT_FIELDS = STOP_FIELDS | {"delivery", "pickup", "release", "prize", "required", "group", "name", "early", "late"}
_CLIENT_FIELDS |= {
    "time_windows",
    "soft_window",
    "material",
    "skills",
    "allowed_vehicles",
    "forbidden_vehicles",
    "service_by_type",
    "assignment_costs",
    "priority",
    "remarks",
    "tags",
}


class Model(TravelModel):
    """Collects the parts of a routing problem, and checks them all when it is built.

    Numbers may be whole or not, of Python or of numpy. Times are seconds from the planning origin, ``timedelta``,
    ``datetime`` or ``time``; the origin is the midnight before the first datetime, unless ``origin`` says otherwise.
    With datetimes of a zone, a night in which clocks are turned has 23 or 25 hours, and a time that is there twice or
    never is a fault.

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
        super().__init__(name, Units(distance_scale, time_scale, load_scale, cost_scale, origin))
        self._depots: list[documents.Depot] = []
        self._groups: list[documents.Group] = []
        self._clients: list[documents.Client] = []
        self._shipments: list[documents.Shipment] = []
        self._vehicle_types: list[documents.VehicleType] = []
        self._vehicles_of: dict[int, tuple[list[Any] | None, list[Any], dict[Any, Duration], dict[Any, Number]]] = {}
        self._costs_of: dict[int, dict[Any, Number]] = {}

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
        return Location(self._parts.location(x, y, lon, lat, name), str(name))

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
        remarks: str = "",
        tags: Mapping[str, str] | None = None,
        name: str = "",
    ) -> Depot:
        """Adds a depot, where vehicles start, end and reload.

        ``open`` is when vehicles may start to load and must be back; ``service`` is how long loading takes before each
        trip. ``remarks`` and ``tags`` are for people, and go with it into plans.
        """
        path = f"depots[{len(self._depots)}]"
        depot: documents.Depot = {
            "location": self._parts.place(x, y, lon, lat, location, name),
            "service": self._scaler.duration(service, f"{path}.service"),
            "name": str(name),
        }
        if open is not None:
            depot["time_window"] = self._scaler.window(open, f"{path}.open")
        note_down(depot, remarks, tags)
        self._depots.append(depot)
        return self._parts.added(Depot, name)

    # -- what is asked for ----------------------------------------------------------------------------------------

    def add_group(self, *, required: bool = True, name: str = "") -> Group:
        """Adds a group of clients of which at most one is served; exactly one if ``required``."""
        self._groups.append({"required": bool(required), "name": str(name)})
        return self._parts.added(Group, name)

    def set_patterns(
        self, group: Group | str | int, patterns: Iterable[Iterable[Client | str | int]], costs: Iterable[Number] = ()
    ) -> None:
        """Says which members of a group are served together: those of one of its visit patterns, and no others; and
        what each pattern costs where it is the one that is served."""
        index = self._parts.index(Group, group)
        path = f"groups[{index}].pattern_costs"
        priced = [self._scaler.cost(cost, f"{path}[{p}]") for p, cost in enumerate(costs)]
        self._groups[index]["patterns"] = [self._parts.indices(Client, pattern) for pattern in patterns]
        self._groups[index]["pattern_costs"] = priced

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
        setup: Duration = 0,
        time_window: Window | None = None,
        time_windows: Iterable[Window] | None = None,
        soft_window: SoftWindow | None = None,
        window_covers: documents.WindowCovers = "start",
        release: Moment = 0,
        prize: Number = 0,
        required: bool = True,
        group: Group | str | int | None = None,
        material: Material | str | int | None = None,
        skills: Iterable[str] = (),
        allowed_vehicles: Iterable[VehicleType | str | int] | None = None,
        forbidden_vehicles: Iterable[VehicleType | str | int] = (),
        service_by_type: Mapping[Any, Duration] | None = None,
        assignment_costs: Mapping[Any, Number] | None = None,
        priority: int = 0,
        remarks: str = "",
        tags: Mapping[str, str] | None = None,
        name: str = "",
    ) -> Client:
        """Adds a client: a single stop.

        ``delivery`` is brought from the depot, ``pickup`` taken to it. ``service`` takes so long and starts within the
        ``time_window``. The trip that serves the client starts loading no earlier than ``release``. A client that is
        not ``required`` costs its ``prize`` when it is unserved. Members of a ``group`` exclude each other. ``setup``
        is spent before the window, where the vehicle comes from another place: parking, a gate.

        ``time_windows`` are several to choose from, which ascend; a ``soft_window`` may be missed at a price. If
        ``window_covers`` the ``"service"``, that must also end within its window ("finished by 14:30"). What is
        picked up is of a ``material``. A vehicle must have all ``skills``, and be of the ``allowed_vehicles`` and not
        of the ``forbidden_vehicles``; ``service_by_type`` says how long the service takes with some of them, and
        ``assignment_costs`` what it costs in addition. Vehicle types may be added later. Of two plans, the one that
        leaves fewer of the highest ``priority`` (1 to 255; 0: none) out is better, whatever they cost. ``remarks`` and
        ``tags`` are for people, and go with the client into plans.
        """
        number = len(self._clients)
        path = f"clients[{number}]"
        scaler, parts = self._scaler, self._parts
        # Ten thousand clients cross the border: what is as usual stays behind.
        client: documents.Client = {"location": parts.place(x, y, lon, lat, location, name)}
        if name:
            client["name"] = str(name)
        if delivery is not None:
            client["delivery"] = scaler.loads(delivery, f"{path}.delivery")
        if pickup is not None:
            client["pickup"] = scaler.loads(pickup, f"{path}.pickup")
        if service:
            client["service"] = scaler.duration(service, f"{path}.service")
        if setup:
            client["setup"] = scaler.duration(setup, f"{path}.setup")
        if release:
            client["release"] = scaler.moment(release, f"{path}.release")
        if prize:
            client["prize"] = scaler.cost(prize, f"{path}.prize")
        if not required:
            client["required"] = False
        if time_windows is not None:
            client["time_windows"] = parts.windows(time_window, time_windows, path)
        elif time_window is not None:
            client["time_window"] = scaler.window(time_window, f"{path}.time_window")
        if group is not None:
            client["group"] = parts.index(Group, group)
        if material is not None:
            client["material"] = parts.index(Material, material)
        if soft_window is not None:
            client["soft_window"] = parts.soft_window(soft_window, f"{path}.soft_window")
        if window_covers != "start":
            client["window_covers"] = covered(window_covers, f"{path}.window_covers")
        if skills:
            client["skills"] = words(skills)
        note_down(client, remarks, tags)
        if priority:
            class_ = int(priority)
            if not 0 <= class_ <= 255:
                class_ = scaler.fault(f"{path}.priority", priority, "is beyond 0 to 255", "give a class from 0 to 255")
            client["priority"] = class_
        if allowed_vehicles is not None or forbidden_vehicles or service_by_type or assignment_costs:
            allowed = None if allowed_vehicles is None else list(allowed_vehicles)
            services, costs = dict(service_by_type or {}), dict(assignment_costs or {})
            self._vehicles_of[number] = (allowed, list(forbidden_vehicles), services, costs)
        self._clients.append(client)
        return parts.added(Client, name)

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
        assignment_costs: Mapping[Any, Number] | None = None,
        remarks: str = "",
        tags: Mapping[str, str] | None = None,
        name: str = "",
    ) -> Shipment:
        """Adds a shipment, taken from its pickup to its delivery by one vehicle on one trip.

        Each stop is a dict with coordinates or a ``location``, and perhaps ``service``, ``setup``, ``time_window`` and
        ``window_covers``. ``remarks`` and ``tags`` are for people, and go with the shipment into plans.
        ``assignment_costs`` say what carrying it costs in addition with some vehicle types.
        """
        path = f"shipments[{len(self._shipments)}]"
        shipment: documents.Shipment = {
            "pickup": self._parts.stop(pickup, f"{path}.pickup", name),
            "delivery": self._parts.stop(delivery, f"{path}.delivery", name),
            "amount": self._scaler.loads(amount, f"{path}.amount"),
            "prize": self._scaler.cost(prize, f"{path}.prize"),
            "required": bool(required),
            "name": str(name),
        }
        note_down(shipment, remarks, tags)
        if assignment_costs:
            self._costs_of[len(self._shipments)] = dict(assignment_costs)
        self._shipments.append(shipment)
        return self._parts.added(Shipment, name)

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
        zones: Iterable[ServeOnly | Closed] = (),
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
        consumption: Consumption | None = None,
        skills: Iterable[str] = (),
        executed: Iterable[Executed] = (),
        profile: int = 0,
        remarks: str = "",
        tags: Mapping[str, str] | None = None,
        name: str = "",
    ) -> VehicleType:
        """Adds ``count`` vehicles that are alike; each drives at most one route.

        ``depot`` is both ``start`` and ``end``; a route without a start begins at its first stop, and one without an
        end is over at its last. Without a ``capacity``, vehicles hold everything. A route lies within the ``shift``,
        and is no longer than ``max_duration`` and ``max_distance``. At ``reload_depots``, a vehicle may end a trip and
        start the next, for up to ``max_trips``. ``zones`` say where the vehicles serve, and what is closed to them.
        ``profile`` is what :meth:`travel_matrix` or :meth:`travel_network` returned.

        The working day: vehicles empty at ``disposal_sites``, and before a trip ends if they ``end_empty``; materials
        go into ``compartments``. ``max_route_load`` and ``max_stops`` limit a whole route. Each of the ``breaks`` is
        taken on a route that lasts long enough, rests as ``driver_rules`` ask; ``max_driving`` and ``max_work`` limit
        the day, and paid time beyond each step of ``overtime`` costs more. ``skills`` are for clients that need them.
        ``executed`` is what the vehicle has done already: its route begins so. With ``consumption``, every plan says
        what the vehicles consume and emit. ``remarks`` and ``tags`` are for people.
        """
        path = f"vehicle_types[{len(self._vehicle_types)}]"
        scaler, units, parts = self._scaler, self._units, self._parts
        start, end = (depot if start is None else start), (depot if end is None else end)
        pauses = list(breaks)
        vehicle_type: documents.VehicleType = {
            "count": int(count),
            "capacity": scaler.loads(capacity, f"{path}.capacity"),
            "start": None if start is None else parts.index(Depot, start),
            "end": None if end is None else parts.index(Depot, end),
            "fixed_cost": scaler.cost(fixed_cost, f"{path}.fixed_cost"),
            "cost_per_distance": scaler.rate(cost_per_distance, units.distance, f"{path}.cost_per_distance"),
            "cost_per_duration": scaler.rate(cost_per_duration, units.time, f"{path}.cost_per_duration"),
            "shift": scaler.window(shift, f"{path}.shift"),
            "max_duration": None if max_duration is None else scaler.duration(max_duration, f"{path}.max_duration"),
            "max_distance": None if max_distance is None else scaler.distance(max_distance, f"{path}.max_distance"),
            "allowed_clients": None if allowed_clients is None else parts.indices(Client, allowed_clients),
            "zones": [parts.zone_rule(rule, f"{path}.zones[{r}]") for r, rule in enumerate(zones)],
            "reload_depots": parts.indices(Depot, reload_depots),
            "max_trips": None if max_trips is None else int(max_trips),
            "disposal_sites": parts.indices(DisposalSite, disposal_sites),
            "end_empty": bool(end_empty),
            "compartments": [
                {
                    "materials": parts.indices(Material, part.materials),
                    "capacity": scaler.loads(part.capacity, f"{path}.compartments[{c}].capacity"),
                }
                for c, part in enumerate(compartments)
            ],
            "max_route_load": scaler.loads(max_route_load, f"{path}.max_route_load"),
            "max_stops": None if max_stops is None else int(max_stops),
            "breaks": [parts.pause(pause, f"{path}.breaks[{b}]") for b, pause in enumerate(pauses)],
            "driver_rules": [
                parts.driver_rule(rule, f"{path}.driver_rules[{r}]") for r, rule in enumerate(driver_rules)
            ],
            "paid_rests": bool(paid_rests),
            "max_driving": None if max_driving is None else scaler.duration(max_driving, f"{path}.max_driving"),
            "max_work": None if max_work is None else scaler.duration(max_work, f"{path}.max_work"),
            "overtime": [
                {
                    "after": scaler.duration(step.after, f"{path}.overtime[{s}].after"),
                    "cost_per_duration": scaler.rate(
                        step.cost_per_duration, units.time, f"{path}.overtime[{s}].cost_per_duration"
                    ),
                }
                for s, step in enumerate(overtime)
            ],
            "cost_per_waiting": scaler.rate(cost_per_waiting, units.time, f"{path}.cost_per_waiting"),
            "consumption": None if consumption is None else parts.consumption(consumption),
            "skills": words(skills),
            "executed": [parts.executed(pauses, stop, f"{path}.executed[{a}]") for a, stop in enumerate(executed)],
            "profile": int(profile),
            "name": str(name),
        }
        note_down(vehicle_type, remarks, tags)
        self._vehicle_types.append(vehicle_type)
        return parts.added(VehicleType, name)

    # -- the whole ------------------------------------------------------------------------------------------------

    def set_backhauls(self, order: Literal["mixed", "after_linehauls"]) -> None:
        """Sets whether pickups and deliveries of single clients may mix on a trip, or pickups come last."""
        if order not in ("mixed", "after_linehauls"):
            raise ValueError(f"order is {order!r}: use 'mixed' or 'after_linehauls'")
        self._parts.document["backhauls"] = order

    def build(self) -> Problem:
        """Checks all parts and makes the problem.

        Raises :class:`ValidationError` with every fault at once.
        """
        degrees = self._parts.coordinates == {"lonlat"}
        if self._travel is None and not self._profiles and degrees:
            self.travel_haversine()
        document = self._document()
        profiles, unplaced = self._matrices()
        issues = [*self._scaler.issues, *unplaced]
        try:
            problem = _core.Problem.of_document(document, profiles)
        except ValidationError as error:
            seen = {issue.path for issue in issues}
            issues.extend(issue for issue in error.issues if issue.path not in seen)
            raise ValidationError.of(issues) from None
        if issues:
            raise ValidationError.of(issues)
        units = Units(self._units.distance, self._units.time, self._units.load, self._units.cost, self._scaler.origin)
        return Problem(problem, units, geographic=degrees, streets=self._streets())

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
        return self.build().solve(
            stop=stop, seed=seed, threads=threads, initial=initial, progress=progress, cancel=cancel
        )

    def __repr__(self) -> str:
        parts = [(Depot, "depots"), (Client, "clients"), (Shipment, "shipments"), (VehicleType, "vehicle types")]
        counts = ", ".join(f"{self._parts.count(kind)} {name}" for kind, name in parts)
        return f"<Model: {counts}>"

    # -- inside ---------------------------------------------------------------------------------------------------

    def _document(self) -> documents.Problem:
        """The whole, with what names parts that may have been added later."""
        parts = self._parts
        for number, tied in self._vehicles_of.items():
            parts.tie(self._clients[number], f"clients[{number}]", *tied)
        self._vehicles_of.clear()
        for number, costs in self._costs_of.items():
            path = f"shipments[{number}].assignment_costs"
            self._shipments[number]["assignment_costs"] = parts.assignment_costs(costs, path)
        self._costs_of.clear()
        parts.note_origin()
        document: documents.Problem = {
            **parts.document,
            "locations": parts.locations,
            "depots": self._depots,
            "groups": self._groups,
            "clients": self._clients,
            "shipments": self._shipments,
            "vehicle_types": self._vehicle_types,
            "materials": self._materials,
            "separate_materials": self._separate,
            "disposal_sites": self._sites,
            "relations": self._relations,
            "zones": self._zones,
            "goals": self._goals,
            "speeds": self._speed_curves(max(1, len(self._profiles))),
        }
        if self._travel is not None:
            document["travel"] = self._travel
        return document
