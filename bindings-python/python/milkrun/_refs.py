"""What parts of a model are called by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ._units import Moment, Number

Window: TypeAlias = "tuple[Moment | None, Moment | None] | Sequence[Moment | None]"
"""Earliest and latest time; ``None`` where there is none."""

Loads: TypeAlias = "Number | Iterable[Number]"
"""Amounts by load dimension; a single number where there is one dimension."""


@dataclass(frozen=True)
class Ref:
    """A part of a model: what its ``add_…`` method returned."""

    index: int
    """In the order of adding, from 0."""
    name: str = ""
    """A name for people."""


class Location(Ref):
    """A place that others can share."""


class Depot(Ref):
    """Where vehicles start, end and reload."""


class Group(Ref):
    """Clients of which at most one is served."""


class Client(Ref):
    """A single stop."""


class Shipment(Ref):
    """A pickup with its delivery."""


class VehicleType(Ref):
    """A number of vehicles that are alike."""


class Material(Ref):
    """A kind of waste."""


class DisposalSite(Ref):
    """Where vehicles empty."""


class Zone(Ref):
    """A part of the map."""
