"""What differs between two plans."""

from __future__ import annotations

from dataclasses import dataclass

from . import _documents as documents


@dataclass(frozen=True)
class Change:
    """One change of a plan. ``str()`` is the text."""

    change: documents.ChangeKind
    """A service is on another route, or begins at another time on the same; what was to be served is not, or what was
    not is; a route is driven that was not planned, or the other way round."""
    kind: documents.ActivityKind | None
    """What is served; ``None`` of a change of a whole route."""
    index: int | None
    """The index of the client or shipment; ``None`` of a change of a whole route."""
    name: str
    """The name of the client, shipment or vehicle; may be empty."""
    route_before: int | None
    """The route before; ``None`` where there was none."""
    route_after: int | None
    """The route after; ``None`` where there is none. Routes that were not published are numbered behind the others."""
    start_before: float | None
    """When service was to begin, in seconds."""
    start_after: float | None
    """When service begins, or the route starts, in seconds."""
    cause: int | None
    """The index of the event that it is due to, where that is known."""
    text: str
    """The change in words, in the solver's units."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Difference:
    """What differs between two plans, before and after. ``str()`` has a line for each change."""

    changes: tuple[Change, ...]
    """Every change, by route and time of the plan before."""
    reordered: int
    """How many services are out of order on their route: the fewest that must be taken out for the rest to stand as
    before."""
    cost: tuple[float, float]
    """Costs; of an adaptation, without the prices of changes."""
    distance: tuple[float, float]
    """Distances of all routes."""
    duration: tuple[float, float]
    """The sums of the routes' durations."""
    routes: tuple[int, int]
    """Numbers of routes."""

    def __str__(self) -> str:
        return "\n".join(change.text for change in self.changes) or "nothing changes"


def difference_of(found: documents.Difference) -> Difference:
    """The difference of its document."""
    changes = tuple(Change(**change) for change in found["changes"])
    return Difference(changes, found["reordered"], found["cost"], found["distance"], found["duration"], found["routes"])
