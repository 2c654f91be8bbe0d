"""Why somebody is not served, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import _core
from ._core import CancelToken
from ._errors import SettingError
from ._units import Units, unscaled

if TYPE_CHECKING:
    from ._plan import Plan
    from ._problem import Problem


@dataclass(frozen=True)
class Obstacle:
    """What keeps a vehicle type from serving somebody, whatever else it does or leaves. ``str()`` is the text."""

    kind: str
    """``not_allowed``, ``pinned`` (to another vehicle type, by a relation), ``missing_skills``, ``no_compartment``,
    ``too_much``, ``no_site``, ``alone``: a rule that even a vehicle that serves nobody else breaks, or ``partner``: a
    client who must be served, too, and cannot be."""
    text: str
    """The same for people, in the solver's units."""
    numbers: Mapping[str, float]
    """What belongs to it: ``material``, ``dimension``, ``amount``, ``capacity``, ``relation``, ``client``."""
    words: tuple[str, ...]
    """The skills that are missing, the kind of the violation, or what is in the partner's way."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class TypeReason:
    """Why one vehicle type does not serve somebody."""

    vehicle_type: int
    """The index of the vehicle type."""
    kind: Literal["impossible", "not_found", "tied", "no_room", "possible"]
    """It cannot, which is proved; no way was found, even for a vehicle that does nothing else; there would be room
    without a relation; it could, but no room was found beside what the plan's vehicles of this type do; or it could in
    the plan as it is."""
    cost: float | None
    """What it would cost, where it is possible."""
    obstacles: tuple[Obstacle, ...]
    """What is in the way, where it is impossible; what the simplest route for it alone breaks, where no way was
    found."""
    relation: int | None
    """The index of the relation that stands in the way."""


@dataclass(frozen=True)
class Relaxation:
    """A single change that makes room: tried, with a plan that the judge accepts. ``str()`` is the text."""

    kind: str
    """What is changed: ``shift``, ``capacity``, ``vehicle``, ``site_hours``, ``skill``, …"""
    text: str
    """The same for people, in the solver's units."""
    numbers: Mapping[str, float]
    """What belongs to it: ``vehicle_type``, ``client``, ``site``, ``depot``, ``dimension``, ``relation``, ``break``,
    ``rule``; ``by`` how much more, or ``until`` when."""
    skill: str | None
    """The skill."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Explanation:
    """Why a client or a shipment is not served. ``str()`` is the text."""

    kind: Literal["client", "shipment"]
    """Which of the two."""
    index: int
    """Its index."""
    name: str
    """Its name; may be empty."""
    prize: float | None
    """What serving is worth; ``None`` where it is required."""
    is_impossible: bool
    """Whether no vehicle type can serve it, whatever else it does."""
    by_type: tuple[TypeReason, ...]
    """Why each vehicle type does not serve it."""
    relaxations: tuple[Relaxation, ...]
    """Changes, each of which alone would make room, the smallest first."""
    text: str
    """All of it for people, in the solver's units."""
    searched: Literal["everything", "reasons", "nothing"]
    """How far it got before the time was up: all is said; changes that would help were not all looked for; or it was
    not looked at."""

    @property
    def is_complete(self) -> bool:
        """Whether all is said."""
        return self.searched == "everything"

    def __str__(self) -> str:
        return self.text


def explain(
    problem: Problem, plan: Plan, *, max_runtime: float | None = 10.0, cancel: CancelToken | None = None
) -> list[Explanation]:
    """Explains everything that a plan leaves unserved: whether it cannot be served (and by which rule) or was not
    chosen (and what it would cost), for each vehicle type, and the smallest single changes that would help.

    After ``max_runtime`` seconds (``None``: no limit), on Ctrl-C or when ``cancel`` is set, it answers with what was
    found so far; each explanation's ``searched`` says how far it got."""
    if max_runtime is not None and not 0 <= max_runtime <= 1e9:
        raise SettingError(f"max_runtime is {max_runtime}: give seconds that are not negative, at most 1e9")
    if not plan._inner.is_for(problem._inner):
        plan = problem.read_plan(plan.to_json())
    units = problem.units
    found: list[Explanation] = []
    rows = _core.explain_plan(plan._inner, max_runtime, cancel or CancelToken())
    for shipment, index, prize, impossible, text, by_type, relaxations, searched in rows:
        found.append(
            Explanation(
                "shipment" if shipment else "client",
                index,
                problem.shipments[index][2] if shipment else problem.clients[index][1],
                None if prize is None else unscaled(prize, units.cost),
                impossible,
                tuple(_type_reason(row, units) for row in by_type),
                tuple(_relaxation(row, units) for row in relaxations),
                text,
                searched,  # type: ignore[arg-type]
            )
        )
    return found


def _type_reason(
    row: tuple[int, str, int | None, list[tuple[str, str, list[tuple[str, int]], list[str]]], int | None],
    units: Units,
) -> TypeReason:
    vehicle_type, kind, cost, obstacles, relation = row
    scales = {"amount": units.load, "capacity": units.load}
    return TypeReason(
        vehicle_type,
        kind,  # type: ignore[arg-type]
        None if cost is None else unscaled(cost, units.cost),
        tuple(Obstacle(word, text, _scaled(numbers, scales), tuple(words)) for word, text, numbers, words in obstacles),
        relation,
    )


def _relaxation(row: tuple[str, str, list[tuple[str, int]], str | None], units: Units) -> Relaxation:
    kind, text, numbers, skill = row
    scale = 1.0
    if kind == "prize":
        scale = units.cost
    elif kind == "max_distance":
        scale = units.distance
    elif kind in ("capacity", "route_load", "site_capacity"):
        scale = units.load
    elif kind in ("shift", "max_duration", "max_driving", "max_work", "window", "depot_hours"):
        scale = units.time
    return Relaxation(kind, text, _scaled(numbers, {"by": scale, "until": units.time}), skill)


def _scaled(numbers: list[tuple[str, int]], scales: Mapping[str, float]) -> dict[str, float]:
    return {name: unscaled(value, scales.get(name, 1)) for name, value in numbers}
