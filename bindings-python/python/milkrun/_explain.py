"""Why somebody is not served, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import _core
from ._units import Units, unscaled

if TYPE_CHECKING:
    from ._plan import Plan
    from ._problem import Problem


@dataclass(frozen=True)
class Obstacle:
    """What keeps a vehicle type from serving somebody, whatever else it does or leaves. ``str()`` is the text."""

    kind: str
    """``not_allowed``, ``missing_skills``, ``no_compartment``, ``too_much``, ``no_site``, or ``alone``: a rule that
    even a vehicle that serves nobody else breaks."""
    text: str
    """The same for people, in the solver's units."""
    numbers: Mapping[str, float]
    """What belongs to it: ``material``, ``dimension``, ``amount``, ``capacity``."""
    words: tuple[str, ...]
    """The skills that are missing, or the kind of the violation."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class TypeReason:
    """Why one vehicle type does not serve somebody."""

    vehicle_type: int
    """The index of the vehicle type."""
    kind: Literal["impossible", "no_room", "possible"]
    """It cannot; it could, but not beside what the plan's vehicles of this type do; or it could in the plan as it
    is."""
    cost: float | None
    """What it would cost, where it is possible."""
    obstacles: tuple[Obstacle, ...]
    """What is in the way, where it is impossible."""


@dataclass(frozen=True)
class Relaxation:
    """A single change that would make room. ``str()`` is the text."""

    kind: str
    """What is changed: ``shift``, ``capacity``, ``vehicle``, ``site_hours``, ``skill``, …"""
    text: str
    """The same for people, in the solver's units."""
    numbers: Mapping[str, float]
    """What belongs to it: ``vehicle_type``, ``client``, ``site``, ``depot``, ``dimension``; ``by`` how much more, or
    ``until`` when."""
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

    def __str__(self) -> str:
        return self.text


def explain(problem: Problem, plan: Plan) -> list[Explanation]:
    """Explains everything that a plan leaves unserved: whether it cannot be served (and by which rule) or was not
    chosen (and what it would cost), for each vehicle type, and the smallest single changes that would help."""
    if not plan._inner.is_for(problem._inner):
        plan = problem.read_plan(plan.to_json())
    units = problem.units
    found: list[Explanation] = []
    for shipment, index, prize, impossible, text, by_type, relaxations in _core.explain_plan(plan._inner):
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
            )
        )
    return found


def _type_reason(
    row: tuple[int, str, int | None, list[tuple[str, str, list[tuple[str, int]], list[str]]]], units: Units
) -> TypeReason:
    vehicle_type, kind, cost, obstacles = row
    scales = {"amount": units.load, "capacity": units.load}
    return TypeReason(
        vehicle_type,
        kind,  # type: ignore[arg-type]
        None if cost is None else unscaled(cost, units.cost),
        tuple(Obstacle(word, text, _scaled(numbers, scales), tuple(words)) for word, text, numbers, words in obstacles),
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
