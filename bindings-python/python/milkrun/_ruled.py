"""What a model says beside places, demands and vehicles: waste, relations, goals and speeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from . import _documents as documents
from ._errors import Issue
from ._parts import Parts, area_of, note_down, one_of
from ._refs import Client, DisposalSite, Loads, Location, Material, VehicleType, Window, Zone
from ._rules import Rate
from ._units import Duration, Moment, Number, Scaler, Units

Measure: TypeAlias = documents.Measure
"""What a plan is measured by, besides its cost."""

Position: TypeAlias = documents.Position
"""A place on a route."""


class RuledModel:
    """The part of a :class:`milkrun.Model` that has rules."""

    def __init__(self, name: str, units: Units) -> None:
        self._units = units
        self._scaler = Scaler(units)
        self._parts = Parts(name, self._scaler)
        self._materials: list[documents.Material] = []
        self._separate: list[tuple[documents.Reference, documents.Reference]] = []
        self._sites: list[documents.DisposalSite] = []
        self._relations: list[documents.Relation] = []
        self._zones: list[documents.Zone] = []
        self._goals: list[documents.Goal] = []
        self._speeds: dict[int, list[tuple[Moment, int]]] = {}

    # -- where waste goes -----------------------------------------------------------------------------------------

    def add_material(self, name: str = "") -> Material:
        """Adds a kind of waste."""
        self._materials.append({"name": str(name)})
        return self._parts.added(Material, name)

    def separate_materials(self, a: Material | str | int, b: Material | str | int) -> None:
        """Keeps two materials from being on board at the same time, in vehicles without compartments."""
        self._separate.append((self._parts.index(Material, a), self._parts.index(Material, b)))

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
        remarks: str = "",
        tags: Mapping[str, str] | None = None,
        name: str = "",
    ) -> DisposalSite:
        """Adds a landfill or transfer station, where vehicles empty what they picked up from clients.

        Unloading starts within one of the ``hours`` (none: always), takes ``service`` and ``unloading`` by load on top,
        and costs ``visit_cost`` and the ``tipping_fee`` by load. The site takes its ``materials`` (omitted:
        everything), and no more than its ``daily_capacity`` from all vehicles together. ``remarks`` and ``tags`` are
        for people, and go with it into plans.
        """
        path = f"disposal_sites[{len(self._sites)}]"
        scaler, parts = self._scaler, self._parts
        site: documents.DisposalSite = {
            "location": parts.place(x, y, lon, lat, location, name),
            "hours": [scaler.window(window, f"{path}.hours[{w}]") for w, window in enumerate(hours)],
            "service": scaler.duration(service, f"{path}.service"),
            "unloading": parts.rates(unloading, f"{path}.unloading", money=False),
            "visit_cost": scaler.cost(visit_cost, f"{path}.visit_cost"),
            "tipping_fee": parts.rates(tipping_fee, f"{path}.tipping_fee", money=True),
            "materials": None if materials is None else parts.indices(Material, materials),
            "daily_capacity": scaler.loads(daily_capacity, f"{path}.daily_capacity"),
            "name": str(name),
        }
        note_down(site, remarks, tags)
        self._sites.append(site)
        return parts.added(DisposalSite, name)

    # -- who may go where -----------------------------------------------------------------------------------------

    def add_zone(self, area: Any, *, name: str = "") -> Zone:
        """Adds a part of the map, for the ``zones`` of vehicle types.

        The ``area`` is a list of corners, each ``x, y`` or ``lon, lat``; or a polygon of GeoJSON as a mapping; or
        anything with a ``__geo_interface__``, for example a polygon of shapely.
        """
        self._zones.append({"area": area_of(area), "name": str(name)})
        return self._parts.added(Zone, name)

    # -- who goes with whom ---------------------------------------------------------------------------------------

    def add_same_vehicle(self, clients: Iterable[Client | str | int]) -> None:
        """Those of the clients that are served are on one route."""
        self._relations.append({"same_vehicle": self._parts.indices(Client, clients)})

    def add_sequence(self, clients: Iterable[Client | str | int]) -> None:
        """All or none of the clients are served, in this order and with no other client in between."""
        self._relations.append({"sequence": self._parts.indices(Client, clients)})

    def add_precedence(self, before: Client | str | int, after: Client | str | int) -> None:
        """If both are served, one vehicle serves the first before the second."""
        pair: documents.Precedence = {
            "before": self._parts.index(Client, before),
            "after": self._parts.index(Client, after),
        }
        self._relations.append({"precedence": pair})

    def add_all_or_none(self, clients: Iterable[Client | str | int]) -> None:
        """All or none of the clients are served."""
        self._relations.append({"all_or_none": self._parts.indices(Client, clients)})

    def add_incompatible(self, clients: Iterable[Client | str | int]) -> None:
        """No two of the clients are on one route."""
        self._relations.append({"incompatible": self._parts.indices(Client, clients)})

    def add_pin(
        self,
        client: Client | str | int,
        vehicle_type: VehicleType | str | int | None = None,
        position: Position | None = None,
    ) -> None:
        """If served, the client is served by this vehicle type, and as the first or last stop of its route."""
        pin: documents.Pin = {"client": self._parts.index(Client, client)}
        if vehicle_type is not None:
            pin["vehicle_type"] = self._parts.index(VehicleType, vehicle_type)
        if position is not None:
            one_of("position", position, get_args(documents.Position))
            pin["position"] = position
        self._relations.append({"pin": pin})

    # -- what counts ----------------------------------------------------------------------------------------------

    def add_goal(self, measure: Measure, weight: Number | None = None, *, target: Number | None = None) -> None:
        """Adds a goal besides cost. With a ``weight`` it is the cost of each vehicle, second, unit of load, stop, unit
        of distance or of the coordinates, or kilogram of CO₂; without one it is ranked: it goes before cost, and before
        all goals that are added later. With a ``target``, only what exceeds it counts: ranked, it is a limit that gives
        way where it must. That of emissions is in kilograms."""
        path, units = f"goals[{len(self._goals)}]", self._units
        one_of("measure", measure, get_args(documents.Measure))
        scales = {"load_spread": units.load, "distance": units.distance}
        unit = units.time if measure in ("makespan", "duration_spread") else scales.get(measure, 1)
        goal: documents.Goal = {"measure": measure}
        if weight is not None:
            goal["weight"] = self._scaler.rate(weight, unit, f"{path}.weight")
        if target is not None:
            # Emissions are measured in grams.
            scale = 1e3 if measure == "emissions" else unit
            goal["target"] = self._scaler.nearest(target, scale, f"{path}.target")
        self._goals.append(goal)

    def set_speeds(self, steps: Iterable[tuple[Moment, int]], profile: int = 0) -> None:
        """Sets how fast a travel profile is over the day: from each moment on so many per cent of what its durations
        say. Before the first step, it is as fast as they say."""
        self._speeds[int(profile)] = list(steps)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _speed_curves(self, profiles: int) -> list[list[documents.SpeedStep]]:
        curves: list[list[documents.SpeedStep]] = [[] for _ in range(profiles)] if self._speeds else []
        for profile, steps in self._speeds.items():
            path = f"speeds[{profile}]"
            if 0 <= profile < profiles:
                curves[profile] = self._parts.speed_steps(steps, path)
            else:
                message = "there is no such travel profile"
                self._scaler.issues.append(Issue(path, str(profile), message, "add it with travel_matrix"))
        return curves
