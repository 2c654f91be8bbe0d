"""What can happen to a plan while it is driven: see :meth:`milkrun.Problem.adapt`.

Routes are those of the published plan, by index. Clients, disposal sites, vehicle types and locations are what the
model returned, or an index or name; clients that earlier events add are numbered behind the others. Numbers and times
are in your units.

>>> from datetime import time
>>> from milkrun import events
>>> events.BrokenDown(route=3), events.Late(route=1, by=600), events.ShiftEnds(route=0, at=time(15))
(BrokenDown(route=3), Late(route=1, by=600), ShiftEnds(route=0, at=datetime.time(15, 0)))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from . import _documents as documents
from ._refs import Client, DisposalSite, Loads, Location, VehicleType, Window
from ._units import Duration, Moment, Number

__all__ = [
    "Added",
    "Area",
    "Available",
    "BrokenDown",
    "Cancelled",
    "Changed",
    "Done",
    "Event",
    "Late",
    "Load",
    "ShiftEnds",
    "SiteClosed",
    "SiteQueue",
    "Slow",
    "Travel",
]


Table: TypeAlias = Sequence[Sequence[Number | None]]
"""A square table: a row for each origin."""


class Event:
    """Something that has happened since a plan was published: one of the classes below."""


@dataclass(frozen=True)
class Done(Event):
    """A route has done its first activities. Without such a report, what the plan says counts as done."""

    route: int
    """The route."""
    activities: int
    """How many of its visits are done, at least one."""
    at: Moment
    """When the vehicle left, or will leave, the last of them."""


@dataclass(frozen=True)
class Late(Event):
    """A vehicle reaches its next stop later than it would have, because of traffic, say."""

    route: int
    """Its route."""
    by: Duration
    """By how much."""


@dataclass(frozen=True)
class BrokenDown(Event):
    """A vehicle stays where it is, and serves no further client."""

    route: int
    """Its route."""


@dataclass(frozen=True)
class Available(Event):
    """Another vehicle of a type can be used."""

    vehicle_type: VehicleType | str | int
    """The type."""
    since: Moment = 0
    """From when on."""


@dataclass(frozen=True)
class ShiftEnds(Event):
    """A shift ends at another time than planned."""

    route: int
    """The route of the vehicle."""
    at: Moment
    """When."""


@dataclass(frozen=True)
class Load(Event):
    """What a vehicle has on board differs from the plan, as if the last client had given it."""

    route: int
    """Its route."""
    more: Loads
    """By how much, by load dimension; negative: less than planned."""


@dataclass(frozen=True)
class Added(Event):
    """A client that the problem does not have is to be served, too: at a location of the problem or, where travel is
    not given by matrices, at coordinates."""

    x: float | None = None
    """Horizontal coordinate."""
    y: float | None = None
    """Vertical coordinate."""
    lon: float | None = None
    """Longitude in degrees."""
    lat: float | None = None
    """Latitude in degrees."""
    location: Location | str | int | None = None
    """A location of the problem."""
    pickup: Loads | None = None
    """What is taken from it."""
    delivery: Loads | None = None
    """What is brought to it."""
    service: Duration = 0
    """How long service takes."""
    setup: Duration = 0
    """Time that is spent before it where the vehicle comes from another place."""
    time_window: Window | None = None
    """When it may start, or last."""
    window_covers: documents.WindowCovers = "start"
    """Whether the window holds the ``"start"`` of the service or all of the ``"service"``."""
    prize: Number | None = None
    """What it costs to leave the client unserved; without a prize, it must be served."""
    name: str = ""
    """A name for people."""


@dataclass(frozen=True)
class Cancelled(Event):
    """A client is no longer to be served."""

    client: Client | str | int
    """The client."""


@dataclass(frozen=True)
class Changed(Event):
    """Something about a client is different; what is ``None`` stays."""

    client: Client | str | int
    """The client."""
    pickup: Loads | None = None
    """What is taken from it."""
    delivery: Loads | None = None
    """What is brought to it."""
    service: Duration | None = None
    """How long service takes."""
    time_window: Window | None = None
    """When it may start."""
    required: bool | None = None
    """Whether it must be served."""
    prize: Number | None = None
    """What it costs not to serve it."""


@dataclass(frozen=True)
class SiteClosed(Event):
    """A disposal site takes no waste for a time."""

    site: DisposalSite | str | int
    """The site."""
    start: Moment
    """From when."""
    end: Moment
    """To when."""


@dataclass(frozen=True)
class SiteQueue(Event):
    """Visits to a disposal site take longer from now on."""

    site: DisposalSite | str | int
    """The site."""
    by: Duration
    """By how much."""


@dataclass(frozen=True)
class Area(Event):
    """Roads in an area are closed or slower for a time.

    Closed: services inside begin before the time or from its end on; where travel is straight, no vehicle drives
    across. Slower: drives take longer that begin or end inside or, where travel is straight, cross the area. A drive
    that may be made during the time is planned as slow as then, also where it is made later: adapt again when roads are
    free."""

    corners: Iterable[tuple[float, float]]
    """The corners: x and y, or longitude and latitude."""
    start: Moment
    """From when."""
    end: Moment
    """To when."""
    percent: int = 0
    """The speed that remains, in per cent of what it would have been; 0: closed."""


@dataclass(frozen=True)
class Travel(Event):
    """Travel is known anew: tables of a street network with closed streets, say. What has been driven stays as it was.
    Tables have a row and a column for each location, with those that added clients bring, in their order."""

    profiles: Iterable[tuple[Table, Table | None]]
    """For each travel profile, distances and durations; without durations, distances count as those, too. ``None`` in a
    table: not reachable."""


@dataclass(frozen=True)
class Slow(Event):
    """All roads are slower for a time."""

    start: Moment
    """From when."""
    end: Moment
    """To when."""
    percent: int
    """The speed that remains, in per cent of what it would have been."""
    profile: int = 0
    """The travel profile."""
