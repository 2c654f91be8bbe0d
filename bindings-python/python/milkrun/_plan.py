"""What a solver answers: routes with times, loads and costs, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from . import _core
from ._units import Units, unscaled

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ._core import CancelToken
    from ._explain import Explanation
    from ._problem import Problem

Kind: TypeAlias = Literal["client", "pickup", "delivery", "dispose", "break", "rest"]


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
    """Prizes of what is left out."""
    overtime: float = 0.0
    """Overtime."""
    waiting: float = 0.0
    """Waiting."""
    windows: float = 0.0
    """Services that start outside of their soft windows."""
    disposal: float = 0.0
    """Visits to disposal sites, and tipping fees."""
    goals: float = 0.0
    """Weighted goals; only of the whole plan."""

    @property
    def total(self) -> float:
        """All of it."""
        driven = self.fixed + self.distance + self.duration + self.unserved
        return driven + self.overtime + self.waiting + self.windows + self.disposal + self.goals


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
    arrival: float
    """When the vehicle arrives."""
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
    """Time spent driving, loading, serving and unloading."""
    pauses: float
    """Time spent on breaks and rests."""
    paid: float
    """Duration without unpaid breaks and rests."""
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
        """Whether no rule is broken."""
        return not self.violations

    @property
    def is_truthful(self) -> bool:
        """Whether every number of the plan is right."""
        return not self.discrepancies


class Plan:
    """Routes for a problem: when and where they go, what they carry and cost, and which rules they break. Immutable.

    Times are seconds from the origin of the problem's units; :meth:`when` makes a datetime of them.
    """

    def __init__(self, inner: _core.Plan, problem: Problem) -> None:
        self._inner = inner
        self.problem: Problem = problem
        """The problem that the plan is for."""

    @property
    def cost(self) -> float:
        """Total cost. Compare it between feasible plans only: broken rules are not part of it."""
        return unscaled(self._inner.cost, self._units.cost)

    @property
    def breakdown(self) -> CostBreakdown:
        """The cost by cause."""
        return _breakdown(self._inner.breakdown, self._units)

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is broken."""
        return self._inner.is_feasible

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every rule that is broken."""
        return tuple(Violation(*row) for row in self._inner.violations())

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The routes. Each visits somebody."""
        return tuple(self._route(row) for row in self._inner.routes())

    @cached_property
    def unserved_clients(self) -> tuple[int, ...]:
        """Clients that are not served, and neither is another member of their group."""
        return tuple(self._inner.unserved()[0])

    @cached_property
    def unserved_shipments(self) -> tuple[int, ...]:
        """Shipments that are not carried."""
        return tuple(self._inner.unserved()[1])

    @property
    def distance(self) -> float:
        """Distance of all routes."""
        return sum(route.distance for route in self.routes)

    @property
    def duration(self) -> float:
        """Duration of all routes."""
        return sum(route.duration for route in self.routes)

    def when(self, seconds: float) -> datetime | timedelta:
        """The moment of a time of this plan; a ``timedelta`` where the model had no datetimes."""
        return self._units.when(seconds)

    def check(self) -> Report:
        """Asks the judge, which works everything out again by code of its own."""
        cost, violations, discrepancies = self._inner.check()
        found = tuple(Violation(*row) for row in violations)
        return Report(_breakdown(cost, self._units), found, tuple(discrepancies))

    def explain(self, *, max_runtime: float | None = 10.0, cancel: CancelToken | None = None) -> list[Explanation]:
        """Why each client and shipment that is left out is not served, and what would help: see
        :func:`milkrun.explain`."""
        from ._explain import explain

        return explain(self.problem, self, max_runtime=max_runtime, cancel=cancel)

    # -- out ------------------------------------------------------------------------------------------------------

    def to_json(self) -> str:
        """The plan as milkrun's JSON, in the solver's units."""
        return self._inner.to_json()

    def to_sol(self) -> str:
        """The plan as VRPLIB's ``.sol`` text."""
        return self._inner.to_sol(self.cost)

    def to_geojson(self) -> dict[str, Any]:
        """A feature collection: a line for each trip, points for depots, visits and whatever is left out."""
        collection: dict[str, Any] = json.loads(self._inner.to_geojson())
        return collection

    def to_records(self) -> list[dict[str, Any]]:
        """A dict for each visit, in order: what :meth:`to_pandas` makes its rows of."""
        from ._tables import records

        return records(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with a row for each visit. Where the model had datetimes, so has the frame."""
        from ._tables import to_pandas

        return to_pandas(self)

    def to_geopandas(self) -> Any:
        """A ``geopandas.GeoDataFrame`` of :meth:`to_geojson`'s features."""
        from ._tables import to_geopandas

        return to_geopandas(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The visits as an Arrow stream: ``polars.DataFrame(plan)`` and ``pyarrow.table(plan)`` take it."""
        from ._tables import columns

        return _core.columns_to_arrow(columns(self))

    def write(self, path: str | Path) -> None:
        """Writes a file: ``.geojson``, ``.sol``, ``.html``, or else JSON."""
        path = Path(path)
        texts: dict[str, Callable[[], str]] = {
            ".geojson": self._inner.to_geojson,
            ".sol": self.to_sol,
            ".html": self.to_html,
        }
        path.write_text(texts.get(path.suffix.lower(), self.to_json)(), encoding="utf-8")

    # -- looks ----------------------------------------------------------------------------------------------------

    def plot(self, axes: Any = None) -> Any:
        """Draws map and timeline with matplotlib; gives the figure. ``axes`` may be two axes to draw on."""
        from ._plot import plot

        return plot(self, axes)

    def to_html(self) -> str:
        """A page with map and timeline that needs nothing else."""
        from ._html import page

        return page(self)

    def _repr_html_(self) -> str:
        from ._html import fragment

        return fragment(self)

    def __str__(self) -> str:
        return self._inner.table()

    def __repr__(self) -> str:
        feasible = "feasible" if self.is_feasible else "infeasible"
        return f"<Plan: {len(self.routes)} routes, cost {self.cost:g}, {feasible}>"

    # -- the rest -------------------------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self._inner == other._inner and self._units == other._units

    def __hash__(self) -> int:
        return hash((self._inner.cost, len(self.routes)))

    def __copy__(self) -> Plan:
        return self

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Plan:
        return self

    def __reduce__(self) -> tuple[Callable[..., Plan], tuple[Problem, str]]:
        return _restored, (self.problem, self.to_json())

    @property
    def _units(self) -> Units:
        return self.problem.units

    def _route(self, row: Any) -> Route:
        vehicle_type, start, end, distance, driving, waiting, work, pauses, paid, cost, trips = row
        units = self._units
        return Route(
            vehicle_type,
            self.problem.vehicle_types[vehicle_type][1],
            unscaled(start, units.time),
            unscaled(end, units.time),
            unscaled(distance, units.distance),
            unscaled(driving, units.time),
            unscaled(waiting, units.time),
            unscaled(work, units.time),
            unscaled(pauses, units.time),
            unscaled(paid, units.time),
            _breakdown(cost, units),
            tuple(self._trip(trip, vehicle_type) for trip in trips),
        )

    def _trip(self, row: Any, vehicle_type: int) -> Trip:
        start_depot, end_depot, start, departure, arrival, distance, load, max_load, visits = row
        units = self._units
        return Trip(
            start_depot,
            end_depot,
            unscaled(start, units.time),
            unscaled(departure, units.time),
            unscaled(arrival, units.time),
            unscaled(distance, units.distance),
            tuple(unscaled(amount, units.load) for amount in load),
            tuple(unscaled(amount, units.load) for amount in max_load),
            tuple(self._visit(visit, vehicle_type) for visit in visits),
        )

    def _visit(self, row: Any, vehicle_type: int) -> Visit:
        kind, index, location, arrival, start, departure, load = row
        units, problem = self._units, self.problem
        name = ""
        if kind == "client":
            name = problem.clients[index][1]
        elif kind in ("pickup", "delivery"):
            name = problem.shipments[index][2]
        elif kind == "dispose":
            name = problem.disposal_sites[index][1]
        elif kind == "break":
            name = problem.breaks[vehicle_type][index]
        return Visit(
            kind,
            index,
            name,
            location,
            unscaled(arrival, units.time),
            unscaled(start, units.time),
            unscaled(departure, units.time),
            tuple(unscaled(amount, units.load) for amount in load),
        )


def _restored(problem: Problem, text: str) -> Plan:
    return Plan(_core.Plan.from_json(problem._inner, text), problem)


def _breakdown(cost: tuple[int, ...], units: Units) -> CostBreakdown:
    return CostBreakdown(*(unscaled(part, units.cost) for part in cost))


def check(problem: Problem, plan: Plan | str | Path) -> Report:
    """Asks the judge about a plan, or about the plan in a file or text, JSON or ``.sol``."""
    if not isinstance(plan, Plan):
        plan = problem.read_plan(plan)
    elif not plan._inner.is_for(problem._inner):
        plan = problem.read_plan(plan.to_json())
    return plan.check()
