"""Planning a period of days."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._errors import PeriodError
from ._handouts import Day, Shown, kept
from ._network import native_streets
from ._problem import Plan, Problem
from ._refs import Client, Ref, VehicleType
from ._search import asked_of, limits_of, shower
from ._stopping import Progress, Stop, StopReason
from ._units import Duration, Number, Scaler

_SECONDS = 60.0


@dataclass(frozen=True)
class Overflow:
    """What it costs that a container is expected to overflow before it is emptied, by the days that pass.

    Where ``p[n]`` is the probability that it is full within ``n + 1`` days, ``price * p[n]`` is the cost of one
    cleaning, and ``price * sum(p[: n + 1])`` that of each day on which it is full.
    """

    after: Iterable[Number]
    """The expected cost if one day passes from one visit to the next, if two do, and so on. More days than there are
    values never pass."""
    until_first: Iterable[Number] = ()
    """The expected cost until the first visit, if that is on day 0, on day 1, and so on, by how full the container is
    now. Empty: the days since the last visit count, or the period is repeated."""


@dataclass(frozen=True)
class Visits:
    """On which days a client is visited.

    Without anything else, visits are spaced as evenly as the days allow, and the period is repeated: two visits in four
    days are the first and third day, or the second and fourth.
    """

    frequency: int | None = None
    """How many visits there are in the period."""
    days: Iterable[int] | None = None
    """The days, counted from 0, on which a visit is possible."""
    min_gap: int | None = None
    """The fewest days from one visit to the next; 1: on consecutive days."""
    max_gap: int | None = None
    """The most days from one visit to the next."""
    last_visit: int | None = None
    """How many days before day 0 the last visit was. The period is then not repeated: gaps count from that visit."""
    patterns: Iterable[Iterable[int]] = ()
    """The combinations of days themselves, instead of all that frequency, days and gaps allow."""
    overflow: Overflow | None = None
    """What is expected to overflow between visits, if that is priced. Without a frequency the client is then visited as
    often as pays, at least once."""


@dataclass(frozen=True)
class Consistency:
    """What it costs when the visits to a client differ. The search weighs that against the routes' costs."""

    other_vehicle: Number = 0
    """Each visit by another vehicle than the client's usual one: the one whose :class:`Territory` it lies in, or else
    the one that makes most of its visits."""
    per_time: Number = 0
    """Each second by which a visit begins earlier or later than is usual for the client, beyond the tolerance."""
    tolerance: Duration = 0
    """Differences of time up to this cost nothing."""
    moved_day: Number = 0
    """Each visit on a day that the client was not told, of those that were told days."""


@dataclass(frozen=True)
class Territory:
    """The area of a vehicle, which is the usual one of the clients in it."""

    vehicle_type: VehicleType | str | int
    """The vehicle's type."""
    clients: Iterable[Client | str | int]
    """The clients in it."""
    unit: int = 0
    """Which of the type's vehicles it is, counted from 0."""


@dataclass(frozen=True)
class PeriodDay:
    """One day of a planned period."""

    problem: Problem
    """The day's vehicles, and the clients that are visited on it."""
    plan: Plan
    """What is driven."""
    clients: tuple[int, ...]
    """For each client of the day's problem, its index in the problem that is repeated."""
    vehicle_types: tuple[int, ...]
    """For each vehicle type of the day's problem, its index in the problem that is repeated."""

    def _repr_html_(self) -> str:
        return self.plan._repr_html_()


@dataclass(frozen=True)
class PeriodPlan:
    """A planned period."""

    days: tuple[PeriodDay, ...]
    """What is driven on each day."""
    visited: tuple[tuple[int, ...], ...]
    """For each client, the days on which it is visited; none: it is unserved."""
    cost: float
    """What the period costs, with the prices of consistency."""
    consistency_cost: float
    """What other vehicles and times than usual cost."""
    overflow_cost: float
    """What is expected to overflow between visits, which is in the cost of assignment."""
    other_vehicle: int
    """How many visits are by another vehicle than the client's usual one."""
    moved_days: int
    """How many visits are on days that were not told, of clients that were told days."""
    other_time: float
    """By how many seconds visits begin earlier or later than is usual, beyond the tolerance, in all."""
    problem: Problem
    """The whole period as one problem: each day's vehicles are types of their own, each visit is a client."""
    plan: Plan
    """The plan of the whole period. Ask it whether it is feasible."""
    stopped: StopReason
    """Why the search ended."""
    iterations: int
    """How many iterations it did."""
    _inner: _core.PeriodPlan = field(repr=False, compare=False)
    _day: Problem = field(repr=False, compare=False)

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        loads: Sequence[str] = (),
        currency: str = "",
    ) -> str:
        """A page of all days, which needs nothing else: who is visited when, and each day's map, timeline and tables.
        ``date`` is that of the first day; the rest is as in :meth:`Plan.to_html`."""
        return self._written("page", path, Shown(date, clock=clock, loads=loads, currency=currency))

    def sheets(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        loads: Sequence[str] = (),
    ) -> str:
        """A page with a sheet for each truck's driver on each day, made for paper."""
        return self._written("driver_sheets", path, Shown(date, clock=clock, loads=loads))

    def _written(self, handout: documents.PeriodHandout, path: str | Path | None, shown: Shown) -> str:
        ground = self._day._ground
        streets = native_streets(ground.streets)
        return kept(_core.write_period_handout(self._inner, handout, shown.document(ground), streets), path)

    @property
    def is_feasible(self) -> bool:
        """Whether the plan violates no rule."""
        return self.plan.is_feasible

    def last_visits(self, days: int) -> tuple[int | None, ...]:
        """For each client, how many days before day ``days`` its last visit was: what :attr:`Visits.last_visit` is once
        the first ``days`` have been driven. ``None``: it was not visited."""
        before = ([day for day in visited if day < days] for visited in self.visited)
        return tuple(days - max(visited) if visited else None for visited in before)

    def told(self, days: int) -> dict[Client | str | int, tuple[int, ...]]:
        """The days that are still to come once the first ``days`` have been driven, by client: what ``told`` of the
        next period is."""
        to_come = (tuple(day - days for day in visited if day >= days) for visited in self.visited)
        return {client: own for client, own in enumerate(to_come) if own}


def plan_period(
    problem: Problem,
    *,
    days: int,
    visits: Mapping[Client | str | int, Visits | int] | None = None,
    working_days: Mapping[VehicleType | str | int, Iterable[int]] | None = None,
    consistency: Consistency | None = None,
    territories: Iterable[Territory] = (),
    told: Mapping[Client | str | int, Iterable[int]] | None = None,
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    progress: bool | Callable[[Progress], object] = False,
    cancel: CancelToken | None = None,
) -> PeriodPlan:
    """Plans several days: on which of them each client is visited, and the routes of each day, decided together.

    ``problem`` says what one day is like. ``visits`` says how often clients are visited, as a number of evenly spaced
    visits or as :class:`Visits`; clients that are not listed are visited once, on any day. Vehicle types work on all
    days but for those with ``working_days``. What differs from day to day for a client costs as ``consistency`` says;
    ``territories`` say which vehicle is usual for whom, and ``told`` which days clients know already.

    The search runs for a minute unless ``stop`` says otherwise; the other parameters, Ctrl-C and other threads are as
    in :func:`milkrun.solve`. Raises :class:`PeriodError` with every fault at once.
    """
    limits = limits_of(_SECONDS if stop is None else stop)
    scaler = Scaler(problem.units)
    prices = consistency or Consistency()
    asked: documents.Period = {
        "days": _whole(days, "days"),
        "visits": [_visits(scaler, client, given, v) for v, (client, given) in enumerate((visits or {}).items())],
        "working_days": [
            {"vehicle_type": _reference(VehicleType, kind), "days": [_whole(day, "working_days") for day in own]}
            for kind, own in (working_days or {}).items()
        ],
        "consistency": {
            "other_vehicle": scaler.cost(prices.other_vehicle, "consistency.other_vehicle"),
            "moved_day": scaler.cost(prices.moved_day, "consistency.moved_day"),
            "per_time": scaler.rate(prices.per_time, scaler.units.time, "consistency.per_time"),
            "tolerance": scaler.duration(prices.tolerance, "consistency.tolerance"),
        },
        "territories": [
            {
                "vehicle_type": _reference(VehicleType, territory.vehicle_type),
                "unit": _whole(territory.unit, f"territories[{t}].unit"),
                "clients": [_reference(Client, client) for client in territory.clients],
            }
            for t, territory in enumerate(territories)
        ],
        "told": [
            {"client": _reference(Client, client), "days": [_whole(day, f"told[{t}]") for day in own]}
            for t, (client, own) in enumerate((told or {}).items())
        ],
    }
    if scaler.issues:
        raise PeriodError.of(scaler.issues)
    show = shower(progress, limits)

    def report(looked: documents.Progress) -> None:
        show(Progress(**looked))

    try:
        inner, ended = _core.plan_period(
            problem._inner,
            asked,
            asked_of(limits, seed, threads),
            cancel or CancelToken(),
            report,
            problem.units._scales,
        )
    finally:
        show(None)

    whole, plan = inner.whole()
    made = problem._alike(whole)
    found = [(problem._alike(day), day_plan) for day, day_plan in inner.days()]
    return PeriodPlan(
        days=tuple(
            PeriodDay(day, Plan(day_plan, day), tuple(about["clients"]), tuple(about["vehicle_types"]))
            for (day, day_plan), about in zip(found, ended["days"], strict=True)
        ),
        visited=tuple(tuple(own) for own in ended["visited"]),
        cost=ended["cost"],
        consistency_cost=ended["consistency_cost"],
        overflow_cost=ended["overflow_cost"],
        other_vehicle=ended["other_vehicle"],
        moved_days=ended["moved_days"],
        other_time=ended["other_time"],
        problem=made,
        plan=Plan(plan, made),
        stopped=ended["stopped"],
        iterations=ended["iterations"],
        _inner=inner,
        _day=problem,
    )


def _visits(scaler: Scaler, client: Client | str | int, given: Visits | int, v: int) -> documents.Visits:
    path = f"visits[{v}]"
    own = given if isinstance(given, Visits) else Visits(_whole(given, path))
    document: documents.Visits = {
        "client": _reference(Client, client),
        "patterns": [[_whole(day, path) for day in pattern] for pattern in own.patterns],
    }
    if own.frequency is not None:
        document["frequency"] = _whole(own.frequency, path)
    if own.days is not None:
        document["days"] = [_whole(day, path) for day in own.days]
    if own.min_gap is not None:
        document["min_gap"] = _whole(own.min_gap, path)
    if own.max_gap is not None:
        document["max_gap"] = _whole(own.max_gap, path)
    if own.last_visit is not None:
        document["last_visit"] = _whole(own.last_visit, path)
    if own.overflow is not None:
        lists = (("after", own.overflow.after), ("until_first", own.overflow.until_first))
        after, until_first = (
            [scaler.cost(cost, f"{path}.overflow.{name}[{d}]") for d, cost in enumerate(costs)] for name, costs in lists
        )
        document["overflow"] = {"after": after, "until_first": until_first}
    return document


def _reference(kind: type[Ref], ref: Ref | str | int) -> str | int:
    """An index or a name, which the core resolves."""
    if isinstance(ref, str):
        return ref
    if isinstance(ref, Ref):
        if not isinstance(ref, kind):
            raise TypeError(f"a {kind.__name__} is needed, not {ref!r}")
        return ref.index
    return _whole(ref, kind.__name__)


def _whole(value: int, path: str) -> int:
    """A whole number from 0."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{path} must be a whole number, not {value!r}") from None
    if not 0 <= number < 2**32:
        raise PeriodError.out_of_range(path, number)
    return number
