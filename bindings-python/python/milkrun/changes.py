"""What can be different in a variant of a problem: see :func:`milkrun.compare`.

Vehicle types, depots and disposal sites are what the model returned, or an index or name. Where ``vehicle_type`` is
``None``, a change applies to all types. Numbers and times are in your units.

>>> from milkrun import changes
>>> changes.Vehicles("truck", by=-1), changes.LaterStart(by=3600)
(Vehicles(vehicle_type='truck', by=-1), LaterStart(by=3600, vehicle_type=None))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ._refs import Depot, DisposalSite, Loads, VehicleType
from ._units import Duration, Moment

__all__ = [
    "Capacity",
    "Change",
    "LaterStart",
    "Merge",
    "OtherDepot",
    "Shift",
    "SiteClosed",
    "Sites",
    "Vehicles",
]


class Change:
    """Something that is different in a variant: one of the classes below."""


@dataclass(frozen=True)
class Vehicles(Change):
    """More vehicles of a type, or fewer."""

    vehicle_type: VehicleType | str | int
    """The type."""
    by: int
    """How many more; negative: fewer."""


@dataclass(frozen=True)
class Shift(Change):
    """Shifts at other times; what is ``None`` stays."""

    early: Moment | None = None
    """The earliest start."""
    late: Moment | None = None
    """The latest end."""
    vehicle_type: VehicleType | str | int | None = None
    """The type."""


@dataclass(frozen=True)
class LaterStart(Change):
    """Shifts start later, and end when they did."""

    by: Duration
    """By how much; negative: earlier."""
    vehicle_type: VehicleType | str | int | None = None
    """The type."""


@dataclass(frozen=True)
class Capacity(Change):
    """Another capacity."""

    vehicle_type: VehicleType | str | int
    """The type."""
    capacity: Loads
    """By load dimension."""


@dataclass(frozen=True)
class OtherDepot(Change):
    """Routes start and end at another depot."""

    depot: Depot | str | int
    """The depot."""
    vehicle_type: VehicleType | str | int | None = None
    """The type."""


@dataclass(frozen=True)
class Sites(Change):
    """Vehicles unload at these disposal sites, and at no others."""

    sites: Iterable[DisposalSite | str | int]
    """The sites."""
    vehicle_type: VehicleType | str | int | None = None
    """The type."""


@dataclass(frozen=True)
class SiteClosed(Change):
    """A disposal site is closed: no vehicle unloads there."""

    site: DisposalSite | str | int
    """The site."""


@dataclass(frozen=True)
class Merge(Change):
    """Any other change: a JSON merge patch (RFC 7396) of the problem's document, in the solver's units. Elements of
    lists go by their names or indices; ``"+"`` adds one."""

    patch: Mapping[str, Any]
    """The patch: ``{"vehicle_types": {"truck": {"max_duration": 36000}}}``."""
