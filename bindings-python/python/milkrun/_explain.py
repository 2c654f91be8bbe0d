"""Why something is not served, and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import _documents as documents


@dataclass(frozen=True)
class Obstacle:
    """What keeps a vehicle type from serving it, whatever else it does or leaves. ``str()`` is the text."""

    kind: str
    """``not_allowed``, ``outside_zones`` and ``zone_closed``, ``pinned`` (to another vehicle type, by a relation),
    ``missing_skills``, ``no_compartment``, ``too_much``, ``no_site``, ``alone``: a rule that even a vehicle that serves
    nothing else violates, ``held_back``: such a vehicle could not set out in time, or ``partner``: a client that must
    be served, too, and cannot be."""
    text: str
    """The same for people, in the solver's units."""
    numbers: Mapping[str, float]
    """What belongs to it: ``material``, ``dimension``, ``amount``, ``capacity``, ``relation``, ``client``, ``zone``,
    ``depot``, ``until``."""
    words: tuple[str, ...]
    """The skills that are missing, the kind of the violation, or what is in the partner's way."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class TypeReason:
    """Why one vehicle type does not serve it."""

    vehicle_type: int
    """The index of the vehicle type."""
    kind: documents.ReasonKind
    """It cannot, which is proved; no feasible route was found, even for a vehicle that does nothing else; there would
    be room without a relation; it could, but no room was found beside what the plan's vehicles of this type do; or it
    could in the plan as it is."""
    cost: float | None
    """What it would cost, where it is possible."""
    obstacles: tuple[Obstacle, ...]
    """The obstacles, where it is impossible; what the simplest route for it alone violates, where no feasible route
    was found."""
    relation: int | None
    """The index of the obstructing relation."""
    rules: tuple[str, ...]
    """Where there is no room: the rules that leave none, as documents call them: ``max_trips``."""
    together: bool
    """Whether all of these rules would have to change; otherwise a change of any one of them makes room."""


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

    kind: documents.JobKind
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
    searched: documents.SearchedKind
    """How far it got before the time was up: all is said; changes that would help were not all looked for; or it was
    not examined."""

    @property
    def is_complete(self) -> bool:
        """Whether all is said."""
        return self.searched == "everything"

    def __str__(self) -> str:
        return self.text


def explanations_of(found: Iterable[documents.Explanation]) -> list[Explanation]:
    """The explanations of their documents."""
    return [_explanation(**each) for each in found]


def _explanation(
    by_type: Iterable[documents.TypeReason], relaxations: Iterable[documents.Relaxation], **fields: object
) -> Explanation:
    reasons = tuple(
        TypeReason(
            reason["vehicle_type"],
            reason["kind"],
            reason.get("cost"),
            tuple(_obstacle(**obstacle) for obstacle in reason["obstacles"]),
            reason.get("relation"),
            tuple(reason.get("rules", ())),
            reason.get("together", False),
        )
        for reason in by_type
    )
    changes = tuple(_relaxation(**change) for change in relaxations)
    return Explanation(by_type=reasons, relaxations=changes, **fields)  # type: ignore[arg-type]


def _obstacle(
    kind: str,
    text: str,
    skills: tuple[str, ...] = (),
    violation: str | None = None,
    obstacles: tuple[str, ...] = (),
    **numbers: float,
) -> Obstacle:
    words = (violation,) if violation is not None else (*skills, *obstacles)
    return Obstacle(kind, text, numbers, words)


def _relaxation(kind: str, text: str, skill: str | None = None, **numbers: float) -> Relaxation:
    return Relaxation(kind, text, numbers, skill)
