"""What a plan holds: routes with times, loads and costs, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from . import _documents as documents

Kind: TypeAlias = documents.ActivityKind


@dataclass(frozen=True)
class CostBreakdown:
    """A cost, by cause."""

    fixed: float
    """Vehicles used."""
    distance: float
    """Distance driven."""
    duration: float
    """Time from the start to the end of each route."""
    unserved: float
    """Prizes of what is unserved."""
    overtime: float = 0.0
    """Overtime."""
    waiting: float = 0.0
    """Waiting."""
    windows: float = 0.0
    """Services that start outside of their soft windows."""
    disposal: float = 0.0
    """Visits to disposal sites, and tipping fees."""
    assignment: float = 0.0
    """Clients and shipments on vehicles of types that cost more for them."""
    goals: float = 0.0
    """Weighted goals; only of the whole plan."""

    @property
    def total(self) -> float:
        """All of it."""
        driven = self.fixed + self.distance + self.duration + self.unserved
        return driven + self.overtime + self.waiting + self.windows + self.disposal + self.assignment + self.goals


@dataclass(frozen=True)
class Visit:
    """One stop of a trip."""

    kind: Kind
    """A client's service, the pickup or delivery of a shipment, a visit to a disposal site, or the driver's break or
    rest."""
    index: int
    """The index of the client, shipment, disposal site or of the vehicle type's break; of a rest, its length in the
    solver's units."""
    name: str
    """The name of the client, shipment, disposal site or break; may be empty."""
    location: int
    """The index of the location."""
    setup: float
    """Time spent on the set-up of the place, which ends at the arrival; 0 where the vehicle was there already."""
    arrival: float
    """When the vehicle arrives, a set-up included."""
    start: float
    """When service starts; the vehicle waits from its arrival until then."""
    departure: float
    """When the vehicle leaves."""
    load: tuple[float, ...]
    """What is on board after the visit, by load dimension."""

    @property
    def waiting(self) -> float:
        """Time between arrival and the start of service."""
        return self.start - self.arrival


@dataclass(frozen=True)
class Trip:
    """From leaving a depot to reaching the next."""

    start_depot: int | None
    """Where the trip starts; ``None`` where the start is open."""
    end_depot: int | None
    """Where the trip ends; ``None`` where the end is open."""
    start: float
    """When loading starts."""
    departure: float
    """When the vehicle leaves the depot."""
    arrival: float
    """When the vehicle reaches the depot at the end."""
    distance: float
    """Distance driven."""
    load: tuple[float, ...]
    """What is on board at departure, by load dimension."""
    max_load: tuple[float, ...]
    """The most on board at any point, by load dimension."""
    visits: tuple[Visit, ...]
    """What is visited, in order."""


@dataclass(frozen=True)
class Route:
    """What one vehicle does."""

    vehicle_type: int
    """The index of the vehicle type."""
    vehicle_name: str
    """Its name; may be empty."""
    start: float
    """When the vehicle starts to load."""
    end: float
    """When the route is over."""
    distance: float
    """Distance driven."""
    driving: float
    """Time spent driving."""
    waiting: float
    """Time spent waiting."""
    work: float
    """Time spent driving, loading, on set-ups, serving and unloading."""
    pauses: float
    """Time spent on breaks and rests."""
    paid: float
    """Duration without unpaid breaks and rests."""
    consumed: float
    """What the vehicle consumes, in litres or kilowatt-hours; 0 where it does not say."""
    emitted: float
    """Kilograms of CO₂ that it emits; 0 where it does not say."""
    breakdown: CostBreakdown
    """What the route costs, by cause."""
    trips: tuple[Trip, ...]
    """What the vehicle drives."""

    @property
    def duration(self) -> float:
        """Time from start to end."""
        return self.end - self.start

    @property
    def cost(self) -> float:
        """What the route costs."""
        return self.breakdown.total

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits of all trips, in order."""
        return tuple(visit for trip in self.trips for visit in trip.visits)


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks."""

    kind: str
    """A word that stays the same over versions: ``late_service``."""
    route: int | None
    """The route that breaks it, where it is one alone."""
    message: str
    """What is wrong, in words and in the solver's units."""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Report:
    """What the judge found."""

    breakdown: CostBreakdown
    """What the stops cost."""
    violations: tuple[Violation, ...]
    """Every rule that they break."""
    discrepancies: tuple[tuple[str, str, str], ...]
    """Path, stated and true value of every number of the plan that is wrong."""

    @property
    def cost(self) -> float:
        """Total cost."""
        return self.breakdown.total

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is violated."""
        return not self.violations

    @property
    def is_truthful(self) -> bool:
        """Whether every number of the plan is right."""
        return not self.discrepancies


def routes_of(found: Iterable[documents.Route]) -> tuple[Route, ...]:
    """The routes of their documents."""
    return tuple(_route(**route) for route in found)


def _route(breakdown: documents.CostBreakdown, trips: Iterable[documents.Trip], **fields: object) -> Route:
    return Route(breakdown=CostBreakdown(**breakdown), trips=tuple(_trip(**trip) for trip in trips), **fields)  # type: ignore[arg-type]


def _trip(visits: Iterable[documents.Visit], **fields: object) -> Trip:
    return Trip(visits=tuple(Visit(**visit) for visit in visits), **fields)  # type: ignore[arg-type]


def violations_of(found: Iterable[documents.Violation]) -> tuple[Violation, ...]:
    """The broken rules of their documents."""
    return tuple(Violation(**violation) for violation in found)


def report_of(found: documents.Report) -> Report:
    """What the judge found, of its document."""
    wrong = tuple((each["path"], each["stated"], each["found"]) for each in found["discrepancies"])
    return Report(CostBreakdown(**found["breakdown"]), violations_of(found["violations"]), wrong)
