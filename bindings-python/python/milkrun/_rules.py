"""What rules are made of: rates, breaks, driver rules, overtime, soft windows, compartments, consumption,
zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from . import _core
from ._documents import Effort, Energy
from ._refs import Client, DisposalSite, Loads, Location, Material, Shipment, Window, Zone
from ._units import Duration, Number

Executed: TypeAlias = "Client | str | int | tuple[str, Client | Shipment | DisposalSite | Duration | str]"
"""What a vehicle has done: a client, or a kind (``client``, ``pickup``, ``delivery``, ``dispose``, ``break``, ``rest``)
and what it was; of a rest, its length."""


@dataclass(frozen=True)
class Rate:
    """So much for every so much of load; parts count in proportion, rounded up."""

    amount: Number | Duration
    """Seconds of unloading, or a tipping fee …"""
    per: Number = 1
    """… for so much load."""


@dataclass(frozen=True)
class SoftWindow:
    """A window that may be missed at a price."""

    window: Window
    """Earliest and latest time without a price."""
    cost_per_early: Number = 0
    """Cost of each second before."""
    cost_per_late: Number = 0
    """Cost of each second after."""


@dataclass(frozen=True)
class Compartment:
    """A part of a vehicle."""

    materials: Sequence[Material | str | int]
    """What it is for."""
    capacity: Loads | None = None
    """How much it holds, by load dimension; any amount if omitted."""


@dataclass(frozen=True)
class ServeOnly:
    """The vehicles serve clients and shipments in this zone, and in others with this rule, but nowhere else."""

    zone: Zone | str | int
    """Which."""


@dataclass(frozen=True)
class Closed:
    """The vehicles serve nothing in a zone, and visit no disposal site in it.

    Where the hours are given, no service may begin or last in them, and no disposal visit may begin; a vehicle that is
    early waits. Depots and the places of breaks are not held against zones, nor is the drive from stop to stop.
    """

    zone: Zone | str | int
    """Which."""
    during: Sequence[Window] | None = None
    """In which hours; always if omitted."""


VehicleClass: TypeAlias = Literal["refuse_truck", "transit_bus", "heavy_truck", "delivery_truck", "van"]
"""A kind of vehicle whose average consumption is published."""


@dataclass(frozen=True)
class Consumption:
    """What a vehicle consumes, in litres of fuel or kilowatt-hours, and what it emits.

    Engines run while vehicles drive, serve and unload, and are off while they wait, load in depots and rest.
    """

    per_distance: float
    """For each unit of distance, empty."""
    per_load_distance: Sequence[float] | float = ()
    """In addition, for each unit of load on board and each unit of distance, by load dimension."""
    per_stop: float = 0.0
    """For each stop."""
    per_idle: float = 0.0
    """For each second of service or unloading."""
    co2: float | None = None
    """Kilograms of CO₂ for each litre or kilowatt-hour; if not given, 2.69 for fuel (diesel) and 0 for electricity."""
    energy: Energy = "fuel"
    """``fuel`` or ``electricity``."""

    @classmethod
    def average(cls, vehicle_class: VehicleClass, metres: float = 1.0) -> Consumption:
        """The average of vehicles of a class, where a unit of distance is so many metres.

        The figures are those of fleets in the United States, everything included: stops, idling and what is on board
        (US Department of Energy, https://afdc.energy.gov/data/10310). Measure your own vehicles.
        """
        found = _core.average_consumption(vehicle_class)
        if found is None:
            raise ValueError(f"no class {vehicle_class!r}: use one of {', '.join(_core.vehicle_classes())}")
        per_metre, co2 = found
        return cls(per_metre * metres, co2=co2)


@dataclass(frozen=True)
class Break:
    """A break of the driver: at a place, or wherever the vehicle is."""

    start: Window
    """When it may start."""
    duration: Duration
    """How long it is."""
    x: float | None = None
    """Horizontal coordinate of its place."""
    y: float | None = None
    """Vertical coordinate of its place."""
    lon: float | None = None
    """Longitude of its place."""
    lat: float | None = None
    """Latitude of its place."""
    location: Location | str | int | None = None
    """Its place, if that was added before."""
    paid: bool = True
    """Whether it counts as paid time."""
    name: str = ""
    """A name to refer to."""


@dataclass(frozen=True)
class DriverRule:
    """So much driving, or work, and then a rest."""

    effort: Effort
    """What is limited: driving alone, or driving, loading, service and unloading."""
    max: Duration
    """The most without a rest."""
    rest: Duration
    """How long a rest is."""
    split: tuple[Duration, Duration] | None = None
    """The rest may be two, of these lengths, in this order."""
    any_pause: bool = False
    """Whether a long service counts as a rest from driving."""

    @classmethod
    def eu_561(cls) -> DriverRule:
        """Regulation (EC) No 561/2006: 45 minutes after four and a half hours of driving, or 15 and then 30."""
        return cls("driving", 16_200, 2_700, (900, 1_800))

    @classmethod
    def us_30_minutes(cls) -> DriverRule:
        """49 CFR 395.3: 30 minutes after eight hours of driving; any pause of that length counts."""
        return cls("driving", 28_800, 1_800, None, True)


@dataclass(frozen=True)
class Overtime:
    """What paid time beyond a length costs."""

    after: Duration
    """How much paid time."""
    cost_per_duration: Number
    """Cost of each second beyond it, on top of what it costs already."""
