"""Problems that are built, and plans for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from . import _core, _plot, _tables
from . import _documents as documents
from ._adapt import adapted
from ._asked import Asked, ChangePrices, prices_of
from ._core import CancelToken
from ._difference import Difference, difference_of
from ._errors import SettingError
from ._explain import Explanation, explanations_of
from ._handouts import Ground, Handouts
from ._network import Streets
from ._ortools import document_of
from ._route_stops import stops_of
from ._routes import CostBreakdown, Report, Route, Violation, report_of, routes_of, violations_of
from ._search import search
from ._stopping import Progress, Stop, StopReason
from ._units import UNREACHABLE, Duration, Moment, Scaler, Units, unscaled
from .events import Event


class Problem:
    """A routing problem: valid, immutable, cheap to copy, and fit for pickling.

    Made by :meth:`milkrun.Model.build` or :func:`milkrun.read`.
    """

    def __init__(
        self,
        inner: _core.Problem,
        units: Units | None = None,
        *,
        geographic: bool | None = None,
        streets: Streets = (),
    ) -> None:
        self._inner = inner
        self.units: Units = Units() if units is None else units
        """How numbers of the solver relate to yours."""
        self.is_geographic: bool = inner.is_geographic if geographic is None else geographic
        """Whether coordinates are longitudes and latitudes, as far as is known."""
        self._streets = streets

    @property
    def _ground(self) -> Ground:
        return Ground(self.units, self.is_geographic, self._streets)

    def _alike(self, inner: _core.Problem, units: Units | None = None) -> Problem:
        """Another problem in the same place."""
        return Problem(inner, units or self.units, geographic=self.is_geographic, streets=self._streets)

    @classmethod
    def from_json(cls, text: str) -> Problem:
        """Reads milkrun's JSON, whose numbers are the solver's."""
        return cls(_core.Problem.from_json(text))

    @classmethod
    def from_ortools_data(cls, data: Mapping[str, Any]) -> Problem:
        """A problem from the dictionary that OR-Tools' routing tutorials call the data model: ``distance_matrix``,
        ``time_matrix`` or ``locations``; ``num_vehicles`` with ``depot`` or ``starts`` and ``ends``; ``demands`` with
        ``vehicle_capacities``; ``time_windows``; ``pickups_deliveries``. Lists or numpy arrays of whole numbers. With
        both matrices, distances cost and times take time. Every node that is no depot must be served.

        Raises :class:`ValidationError` with every fault at once; other keys are faults."""
        return cls.from_json(document_of(data))

    def to_json(self) -> str:
        """The problem as milkrun's JSON, in the solver's units."""
        return self._inner.to_json()

    def to_vrplib(self) -> str:
        """The problem as a VRPLIB file, in the solver's units. Raises :class:`WriteError` where that format has no
        words for it."""
        return self._inner.to_vrplib()

    @property
    def name(self) -> str:
        """The name."""
        return self._inner.name

    @property
    def remarks(self) -> list[str]:
        """What is valid but probably a mistake, in words: degrees taken for planar coordinates, places far from all
        others, windows before any vehicle can arrive, more to carry than vehicles hold."""
        return self._inner.remarks

    @property
    def load_dimensions(self) -> int:
        """How many load dimensions there are."""
        return self._inner.load_dimensions

    @property
    def num_vehicles(self) -> int:
        """How many vehicles of all types there are."""
        return self._inner.num_vehicles

    @cached_property
    def locations(self) -> list[tuple[float, float, str]]:
        """Horizontal and vertical coordinate and name of each location."""
        return self._inner.locations()

    @cached_property
    def depots(self) -> list[tuple[int, str]]:
        """Location and name of each depot."""
        return self._inner.depots()

    @cached_property
    def clients(self) -> list[tuple[int, str]]:
        """Location and name of each client."""
        return self._inner.clients()

    @cached_property
    def shipments(self) -> list[tuple[int, int, str]]:
        """Locations of pickup and delivery, and name, of each shipment."""
        return self._inner.shipments()

    @cached_property
    def disposal_sites(self) -> list[tuple[int, str]]:
        """Location and name of each disposal site."""
        return self._inner.disposal_sites()

    @cached_property
    def materials(self) -> list[str]:
        """The name of each material."""
        return self._inner.materials()

    @cached_property
    def breaks(self) -> list[list[str]]:
        """The names of the breaks of each vehicle type."""
        return self._inner.breaks()

    @cached_property
    def vehicle_types(self) -> list[tuple[int, str, int | None, int | None]]:
        """Count, name, start and end depot of each vehicle type."""
        return self._inner.vehicle_types()

    def distance(self, from_location: int, to_location: int, profile: int = 0) -> float | None:
        """The distance between two locations; ``None`` where the second is unreachable."""
        return self._travel(from_location, to_location, profile)[0]

    def duration(self, from_location: int, to_location: int, profile: int = 0) -> float | None:
        """How long the drive between two locations takes; ``None`` where the second is unreachable."""
        return self._travel(from_location, to_location, profile)[1]

    def plan(self, routes: Iterable[Any]) -> Plan:
        """The plan of bare stops, with times, loads and costs.

        A route is a list of clients, each by index or as the ``Client`` of the model, driven by a vehicle of the first
        type; or a dict with ``vehicle_type``, ``trips`` and, where the plan is to decide it, ``start``: from when on
        the route is driven. Without it, the route ends as early and then starts as late as possible. A trip is a list
        of stops, or a dict with ``start_depot``, ``end_depot`` and ``visits``. A stop of a shipment is ``("pickup",
        index)`` or ``("delivery", index)``. A visit to a disposal site is ``("dispose", index)``, the vehicle type's
        break ``("break", index)``, and a rest
        ``("rest", length)`` in the solver's units. Raises :class:`PlanError` where the problem has no such thing; a
        plan that breaks rules is no error.
        """
        stops = stops_of(self.vehicle_types, self.units, routes)
        return Plan(_core.Plan.of_stops(self._inner, stops), self)

    def read_plan(self, source: str | Path) -> Plan:
        """Reads a plan: milkrun's JSON or VRPLIB's ``.sol``, as a path or as the text itself."""
        is_text = isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{"))
        content = str(source).encode() if is_text else Path(source).read_bytes()
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return Plan(_core.Plan.from_json(self._inner, content.decode("utf-8-sig")), self)
        return Plan(_core.Plan.from_sol(self._inner, content), self)

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
        """Solves the problem: see :func:`milkrun.solve`."""
        inner = None if initial is None else initial._inner
        plan, ended, history = search(
            self._inner,
            self.units,
            stop=stop,
            seed=seed,
            threads=threads,
            initial=inner,
            progress=progress,
            cancel=cancel,
        )
        return Result(Plan(plan, self), ended["stopped"], ended["iterations"], ended["runtime"], tuple(history))

    def adapt(
        self,
        plan: Plan,
        *,
        now: Moment,
        events: Iterable[Event] = (),
        prices: ChangePrices | None = None,
        keep: documents.Keep = "nothing",
        keep_until: Moment | None = None,
        stop: Stop | float | None = None,
        seed: int = 1,
        threads: int = 1,
        progress: bool | Callable[[Progress], object] = False,
        cancel: CancelToken | None = None,
    ) -> Adaptation:
        """Adapts a plan of this problem that is being driven: see :func:`milkrun.adapt`."""
        asked = Asked(self, now, events, prices, keep, keep_until)
        problem, made, followed, ended = adapted(
            self._inner, plan._inner, asked, stop=stop, seed=seed, threads=threads, progress=progress, cancel=cancel
        )
        present = self._alike(problem, asked.units)
        return Adaptation(
            problem=present,
            plan=Plan(made, present),
            followed=Plan(followed, present),
            difference=difference_of(ended["difference"]),
            order_cost=ended["order_cost"],
            published_route=ended["published_route"],
            repaired_after=ended["repaired_after"],
            stopped=ended["stopped"],
            iterations=ended["iterations"],
        )

    def diff(self, before: Plan, after: Plan, tolerance: Duration = 0) -> Difference:
        """What differs between two plans of this problem: see :func:`milkrun.diff`."""
        scaler = Scaler(self.units)
        within = scaler.duration(tolerance, "tolerance")
        if scaler.issues or within < 0:
            raise SettingError(f"tolerance is {tolerance}: give a length of time that is not negative")
        plans = [
            plan if plan._inner.is_for(self._inner) else self.read_plan(plan.to_json()) for plan in (before, after)
        ]
        return difference_of(_core.diff_plans(plans[0]._inner, plans[1]._inner, within, self.units._scales))

    def _travel(self, from_location: int, to_location: int, profile: int) -> tuple[float | None, float | None]:
        found = self._inner.travel(profile, from_location, to_location)
        if found is None:
            known = f"{len(self.locations)} locations, counted from 0"
            raise IndexError(f"profile {profile} has no arc from {from_location} to {to_location}: {known}")
        distance, duration = found
        return (
            None if distance == UNREACHABLE else unscaled(distance, self.units.distance),
            None if duration == UNREACHABLE else unscaled(duration, self.units.time),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._inner == other._inner and self.units == other.units

    def __hash__(self) -> int:
        return hash((len(self.locations), len(self.clients), self.name))

    def __copy__(self) -> Problem:
        return self

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Problem:
        return self

    def __reduce__(self) -> tuple[Callable[..., Problem], tuple[str, Units, bool]]:
        return _restored, (self.to_json(), self.units, self.is_geographic)

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        counts = f"{len(self.depots)} depots, {len(self.clients)} clients, {len(self.shipments)} shipments"
        return f"<Problem{name}: {counts}, {self.num_vehicles} vehicles>"


def _restored(text: str, units: Units, geographic: bool) -> Problem:
    return Problem(_core.Problem.from_json(text), units, geographic=geographic)


class Plan(Handouts):
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
        return CostBreakdown(**self._inner.breakdown(self._units._scales))

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is violated."""
        return self._inner.is_feasible

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every violated rule."""
        return violations_of(self._inner.violations())

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The routes. Each has a visit."""
        return routes_of(self._inner.routes(self._units._scales))

    @property
    def unserved_clients(self) -> tuple[int, ...]:
        """Clients that are not served, and neither is another member of their group."""
        return self._unserved["clients"]

    @property
    def unserved_shipments(self) -> tuple[int, ...]:
        """Shipments that are not carried."""
        return self._unserved["shipments"]

    @property
    def distance(self) -> float:
        """Distance of all routes."""
        return sum(route.distance for route in self.routes)

    @property
    def duration(self) -> float:
        """Duration of all routes."""
        return sum(route.duration for route in self.routes)

    @property
    def emitted(self) -> float:
        """Kilograms of CO₂ of all vehicles that say what they consume."""
        return sum(route.emitted for route in self.routes)

    def when(self, seconds: float) -> datetime | timedelta:
        """The moment of a time of this plan; a ``timedelta`` where the model had no datetimes."""
        return self._units.when(seconds)

    def check(self) -> Report:
        """Asks the judge, which works everything out again by code of its own."""
        return report_of(self._inner.check(self._units._scales))

    def explain(self, *, max_runtime: float | None = 10.0, cancel: CancelToken | None = None) -> list[Explanation]:
        """Why each unserved client and shipment is so, and what would help: see
        :func:`milkrun.explain`."""
        if max_runtime is not None and not 0 <= max_runtime <= 1e9:
            raise SettingError(f"max_runtime is {max_runtime}: give seconds that are not negative, at most 1e9")
        scales = self._units._scales
        return explanations_of(_core.explain_plan(self._inner, max_runtime, cancel or CancelToken(), scales))

    def change_prices(self) -> ChangePrices:
        """Moderate prices of changes of this plan: half of what a stop costs on average for another vehicle, all of it
        for a vehicle that is called out, and ten times that for what is dropped. They apply where no others are
        given."""
        return prices_of(_core.moderate_prices(self._inner), self._units)

    # -- out ------------------------------------------------------------------------------------------------------

    def to_json(self) -> str:
        """The plan as milkrun's JSON, in the solver's units."""
        return self._inner.to_json()

    def to_geojson(self) -> dict[str, Any]:
        """A feature collection: a line for each trip, points for depots, visits and whatever is unserved."""
        collection: dict[str, Any] = json.loads(self._geojson())
        return collection

    def to_records(self) -> list[dict[str, Any]]:
        """A dict for each visit, in order: what :meth:`to_pandas` makes its rows of."""
        return _tables.records(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with a row for each visit. Where the model had datetimes, so has the frame."""
        return _tables.to_pandas(self)

    def to_geopandas(self) -> Any:
        """A ``geopandas.GeoDataFrame`` of :meth:`to_geojson`'s features."""
        return _tables.to_geopandas(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The visits as an Arrow stream: ``polars.DataFrame(plan)`` and ``pyarrow.table(plan)`` take it."""
        return _core.columns_to_arrow(_tables.columns(self))

    # -- looks ----------------------------------------------------------------------------------------------------

    def plot(self, axes: Any = None) -> Any:
        """Draws map and timeline with matplotlib; gives the figure. ``axes`` may be two axes to draw on."""
        return _plot.plot(self, axes)

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
        return _restored_plan, (self.problem, self.to_json())

    @property
    def _units(self) -> Units:
        return self.problem.units

    def _ground(self) -> Ground:
        return self.problem._ground

    @cached_property
    def _unserved(self) -> documents.Unserved:
        unserved: documents.Unserved = self._inner.unserved()
        return unserved


def _restored_plan(problem: Problem, text: str) -> Plan:
    return Plan(_core.Plan.from_json(problem._inner, text), problem)


@dataclass(frozen=True)
class Result:
    """The answer of a search."""

    plan: Plan
    """The best plan found. Ask it whether it is feasible."""
    stopped: StopReason
    """Why the search ended."""
    iterations: int
    """How many iterations it did."""
    runtime: float
    """How many seconds it took."""
    history: tuple[Progress, ...] = field(default=(), repr=False, compare=False)
    """What progress reported, a few times a second."""

    @property
    def cost(self) -> float:
        """What the plan costs."""
        return self.plan.cost

    @property
    def is_feasible(self) -> bool:
        """Whether the plan violates no rule."""
        return self.plan.is_feasible

    def _repr_html_(self) -> str:
        return self.plan._repr_html_()


@dataclass(frozen=True)
class Adaptation:
    """A plan that was adapted while it is driven."""

    problem: Problem
    """The problem as it is now: each vehicle has a type of its own, with what it has done. The prices of changes are
    its assignment costs, soft windows, prizes and fixed costs."""
    plan: Plan
    """The adapted plan, of this problem. Ask it whether it is feasible."""
    followed: Plan
    """What becomes of the published plan if it is followed, with the rules that it violates now."""
    difference: Difference
    """What changed, against the published plan."""
    order_cost: float
    """What it costs that services are out of order on their vehicles; no part of the plan's cost."""
    published_route: tuple[int | None, ...]
    """For each vehicle type of the problem, the published route of its vehicle; ``None``: it stood in the depot."""
    repaired_after: float
    """How many seconds it took until there was a repaired plan."""
    stopped: StopReason
    """Why the search ended."""
    iterations: int
    """How many iterations it did."""

    @property
    def is_feasible(self) -> bool:
        """Whether the plan violates no rule."""
        return self.plan.is_feasible

    def _repr_html_(self) -> str:
        return self.plan._repr_html_()
