"""A problem that is built, valid and immutable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core
from ._units import UNREACHABLE, Units, unscaled

if TYPE_CHECKING:
    from ._core import CancelToken
    from ._plan import Plan
    from ._solve import Progress, Result, Stop


class Problem:
    """A routing problem: valid, immutable, cheap to copy, and fit for pickling.

    Made by :meth:`milkrun.Model.build` or :func:`milkrun.read`.
    """

    def __init__(self, inner: _core.Problem, units: Units | None = None, *, geographic: bool | None = None) -> None:
        self._inner = inner
        self.units: Units = Units() if units is None else units
        """How numbers of the solver relate to yours."""
        self.is_geographic: bool = inner.is_geographic if geographic is None else geographic
        """Whether coordinates are longitudes and latitudes, as far as is known."""

    @classmethod
    def from_json(cls, text: str) -> Problem:
        """Reads milkrun's JSON, whose numbers are the solver's."""
        return cls(_core.Problem.from_json(text))

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
        """The distance between two locations; ``None`` where there is no way."""
        return self._travel(from_location, to_location, profile)[0]

    def duration(self, from_location: int, to_location: int, profile: int = 0) -> float | None:
        """How long the way between two locations takes; ``None`` where there is no way."""
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
        from ._plan import Plan
        from ._stops import stops_of

        return Plan(_core.Plan.of_stops(self._inner, stops_of(self, routes)), self)

    def read_plan(self, source: str | Path) -> Plan:
        """Reads a plan: milkrun's JSON or VRPLIB's ``.sol``, as a path or as the text itself."""
        from ._plan import Plan

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
        from ._solve import solve

        return solve(self, stop=stop, seed=seed, threads=threads, initial=initial, progress=progress, cancel=cancel)

    def _travel(self, from_location: int, to_location: int, profile: int) -> tuple[float | None, float | None]:
        found = self._inner.travel(profile, from_location, to_location)
        if found is None:
            known = f"{len(self.locations)} locations, counted from 0"
            raise IndexError(f"there is no way from {from_location} to {to_location} in profile {profile}: {known}")
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


def name_or_number(entries: Sequence[tuple[Any, ...]], index: int) -> str:
    """The name of an entry, its last text; else its number."""
    names = [part for part in entries[index] if isinstance(part, str)]
    return names[-1] if names and names[-1] else str(index)
