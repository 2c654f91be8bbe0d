"""What a working day is made of: rates, breaks, driver rules, overtime, soft windows, compartments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._units import Duration, Moment, Number, Scaler

if TYPE_CHECKING:
    from ._refs import Client, DisposalSite, Loads, Location, Material, Ref, Shipment, Window

Measure: TypeAlias = Literal["vehicles", "makespan", "duration_spread", "load_spread", "stop_spread", "scatter"]
"""What a plan is measured by, besides its cost."""

Position: TypeAlias = Literal["first", "last"]
"""A place on a route."""

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
    """How much it holds, by load dimension; any amount if left out."""


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

    effort: Literal["driving", "work"]
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


Find: TypeAlias = "Callable[[type[Ref], Ref | str | int], int]"


def rates(scaler: Scaler, given: Rate | Iterable[Rate] | None, path: str, *, money: bool) -> list[tuple[int, int]]:
    """Rates by load dimension; a single one where there is one dimension."""
    listed = [] if given is None else [given] if isinstance(given, Rate) else list(given)

    def amount(rate: Rate, place: str) -> int:
        if money:
            return scaler.cost(rate.amount, place)  # type: ignore[arg-type]
        return scaler.duration(rate.amount, place)

    return [
        (amount(rate, f"{path}[{d}].amount"), (scaler.loads(rate.per, f"{path}[{d}].per") or [1])[0])
        for d, rate in enumerate(listed)
    ]


def soft_window(scaler: Scaler, soft: SoftWindow | None, path: str) -> tuple[int, int, int, int] | None:
    """Early, late, and the costs."""
    if soft is None:
        return None
    early, late = scaler.window(soft.window, path)
    unit = scaler.units.time
    return (
        early,
        late,
        scaler.rate(soft.cost_per_early, unit, f"{path}.cost_per_early"),
        scaler.rate(soft.cost_per_late, unit, f"{path}.cost_per_late"),
    )


def driver_rule(scaler: Scaler, rule: DriverRule, path: str) -> tuple[bool, int, int, tuple[int, int] | None, bool]:
    """What the core takes for a rule."""
    if rule.effort not in ("driving", "work"):
        raise ValueError(f"{path}.effort is {rule.effort!r}: use 'driving' or 'work'")
    split = None
    if rule.split is not None:
        first, second = rule.split
        split = (scaler.duration(first, f"{path}.split[0]"), scaler.duration(second, f"{path}.split[1]"))
    longest, rest = scaler.duration(rule.max, f"{path}.max"), scaler.duration(rule.rest, f"{path}.rest")
    return rule.effort == "driving", longest, rest, split, bool(rule.any_pause)


def executed(
    scaler: Scaler, find: Find, kinds: Mapping[str, type[Ref]], breaks: Sequence[Break], stop: Any, path: str
) -> tuple[str, int]:
    """Kind and number of what a vehicle has done."""
    kind, what = stop if isinstance(stop, tuple) else ("client", stop)
    if kind == "rest":
        return kind, scaler.duration(what, path)
    if kind == "break":
        names = [pause.name for pause in breaks]
        if isinstance(what, str) and what not in names:
            raise KeyError(f"{path}: no break of this vehicle type is called {what!r}")
        return kind, names.index(what) if isinstance(what, str) else int(what)
    if kind not in kinds:
        raise ValueError(f"{path} is of the kind {kind!r}: use client, pickup, delivery, dispose, break or rest")
    return kind, find(kinds[kind], what)


def speed_steps(scaler: Scaler, steps: Iterable[tuple[Moment, int]], path: str) -> list[tuple[int, int]]:
    """From when on how fast, in per cent."""
    found = []
    for s, (begin, percent) in enumerate(steps):
        whole = int(percent)
        if whole != percent or not 0 <= whole < 2**32:
            remedy = "give a whole number from 1 to 1000"
            whole = scaler.fault(f"{path}[{s}].percent", percent, "is no whole number of per cent", remedy)
        found.append((scaler.moment(begin, f"{path}[{s}].from"), whole))
    return found
