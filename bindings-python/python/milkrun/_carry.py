"""What was missed on a day, taken into the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import _core
from . import _documents as documents
from ._period import _reference
from ._problem import Plan, Problem
from ._refs import Client, Shipment


@dataclass(frozen=True)
class Carried:
    """What became of a client or shipment that was missed."""

    name: str
    """Its name; may be empty."""
    missed: int
    """Its index on the day that is over."""
    now: int
    """Its index on the next day."""
    joined: bool
    """Whether it was to be served on that day anyway: the amounts are added."""


@dataclass(frozen=True)
class CarriedOver:
    """The next day's problem with what was missed."""

    problem: Problem
    """The problem."""
    clients: tuple[Carried, ...]
    """What became of the clients."""
    shipments: tuple[Carried, ...]
    """What became of the shipments."""


def carry(
    plan: Plan,
    into: Problem,
    *,
    clients: Iterable[Client | str | int] = (),
    shipments: Iterable[Shipment | str | int] = (),
    unserved: bool = True,
) -> CarriedOver:
    """Takes what a day missed into the problem of the next one.

    ``clients`` and ``shipments`` were planned and missed: they must be served on the next day. Whatever the plan leaves
    unserved goes with them, as required or optional as it was, unless ``unserved`` is false. Who is there on the next
    day, too, by the same name, gets the amounts of both days; any other joins it as it was. What is carried has the tag
    ``carried``.

    Both problems have the same units. Raises :class:`CarryError` with every fault at once.
    """
    if plan.problem.units != into.units:
        raise ValueError("both days must have the same units")
    asked: documents.Missed = {
        "clients": [_reference(Client, client) for client in clients],
        "shipments": [_reference(Shipment, shipment) for shipment in shipments],
        "unserved": bool(unserved),
    }
    made, about = _core.carry_over(plan._inner, into._inner, asked)
    return CarriedOver(
        into._alike(made),
        tuple(Carried(**each) for each in about["clients"]),
        tuple(Carried(**each) for each in about["shipments"]),
    )
