"""What a model says of travel: lines, circles, matrices and street networks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, get_args

from . import _documents as documents
from ._errors import Issue, RoadError
from ._matrix import MatrixLike, matrix_bytes
from ._network import Network, Snap, Streets
from ._ruled import RuledModel
from ._units import Units

Rounding: TypeAlias = documents.Rounding
"""How lengths of straight lines become integers."""

_Bytes: TypeAlias = tuple[int, bytes]
_Profile: TypeAlias = tuple[_Bytes, "_Bytes | None"]


@dataclass(frozen=True)
class _OnStreets:
    """A travel profile that is computed when the locations are known."""

    network: Network
    snap: Snap | None


class TravelModel(RuledModel):
    """The part of a :class:`milkrun.Model` that says how far it is."""

    def __init__(self, name: str, units: Units) -> None:
        super().__init__(name, units)
        self._travel: documents.Travel | None = None
        self._profiles: list[_Profile | _OnStreets] = []

    def travel_euclidean(self, rounding: Rounding = "round") -> None:
        """Takes straight lines between ``x`` and ``y``, as long as they take. Coordinates are taken as they are: the
        scales of the model do not change them."""
        if rounding not in get_args(documents.Rounding):
            raise ValueError(f"unknown rounding `{rounding}`: use one of {', '.join(get_args(documents.Rounding))}")
        self._travel = {"type": "euclidean", "rounding": rounding}

    def travel_haversine(self, speed: float = 8.3, detour: float = 1.3) -> None:
        """Takes great circles between ``lon`` and ``lat``, in metres and seconds; ``speed`` in metres per second,
        ``detour`` is road length per length as the crow flies. With coordinates in degrees and nothing else said, this
        is what a model does."""
        units = self._units
        if (units.distance, units.time) != (1, 1):
            self._scaler.fault(
                "travel",
                "haversine",
                f"gives metres and seconds, and the scales are {units.distance:g} and {units.time:g}",
                "leave distance_scale and time_scale at 1, or give matrices",
            )
        self._travel = {"type": "haversine", "speed": float(speed), "detour": float(detour)}

    def travel_matrix(self, distance: MatrixLike, duration: MatrixLike | None = None) -> int:
        """Adds a travel profile: rows are origins, columns destinations, both in the order of locations. Without
        durations, they equal the distances. Gives the profile's number, for vehicle types."""
        path, units = f"travel.profiles[{len(self._profiles)}]", self._units
        durations = None if duration is None else matrix_bytes(duration, units.time, f"{path}.duration")
        if durations is None and units.time != units.distance:
            durations = matrix_bytes(distance, units.time, f"{path}.distance")
        self._profiles.append((matrix_bytes(distance, units.distance, f"{path}.distance"), durations))
        return len(self._profiles) - 1

    def travel_network(self, network: Network, *, snap: Snap | None = None) -> int:
        """Adds a travel profile of a street network: metres and seconds between all locations, which need ``lon`` and
        ``lat``, also those that are added later. They are computed when the problem is built. Gives the profile's
        number, for vehicle types."""
        if not isinstance(network, Network):
            raise TypeError(f"network must be a milkrun.Network, not {network!r}")
        self._profiles.append(_OnStreets(network, snap))
        return len(self._profiles) - 1

    def _streets(self) -> Streets:
        """By travel profile, the network that it drives on; empty where none does."""
        found = tuple((of.network, of.snap) if isinstance(of, _OnStreets) else None for of in self._profiles)
        return found if any(found) else ()

    def _matrices(self) -> tuple[list[_Profile], list[Issue]]:
        """The matrices of all profiles, and what is wrong with the locations for those of networks."""
        profiles: list[_Profile] = []
        issues: list[Issue] = []
        for profile in self._profiles:
            if isinstance(profile, _OnStreets):
                profiles.append(self._on_streets(profile, issues))
            else:
                profiles.append(profile)
        return profiles, issues

    def _on_streets(self, profile: _OnStreets, issues: list[Issue]) -> _Profile:
        """The matrices of a network; empty ones where locations are not on its streets."""
        points = [
            (place.get("x") or 0.0, place.get("y") or 0.0, f"locations[{i}]")
            for i, place in enumerate(self._parts.locations)
        ]
        found: Iterable[Issue] = ()
        if "xy" in self._parts.coordinates:
            found = [Issue("travel", "network", "is of longitudes and latitudes", "give lon and lat of all locations")]
        else:
            scales = (self._units.distance, self._units.time)
            try:
                size, _, distances, durations = profile.network._table(points, None, profile.snap, scales)
            except RoadError as error:
                if not error.issues:
                    raise
                found = error.issues
            else:
                return (size, distances), (size, durations)
        issues.extend(issue for issue in found if issue not in issues)
        size = len(points)
        return (size, bytes(8 * size * size)), None
