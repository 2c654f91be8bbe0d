"""Street networks: travel times that a vehicle really has, and routes that follow the streets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._units import UNREACHABLE, Duration

Point: TypeAlias = "tuple[float, float] | Sequence[float]"
"""A longitude and a latitude in degrees."""

_SHIPPED = tuple(_core.road_profiles())


@dataclass(frozen=True)
class Snap:
    """How points are snapped to streets."""

    approach: documents.Approach = "any"
    """From which side a vehicle must arrive: from either, or (``"curb"``) so that the point is on the side of the
    street on which one drives."""
    limit: float = 500.0
    """How far from a street a point may be, in metres."""
    slack: float = 1.0
    """Streets that are at most so many metres farther away than the nearest one are places to stop, too."""
    places: int = 4
    """The most places for one point."""

    def __post_init__(self) -> None:
        if self.approach not in get_args(documents.Approach):
            raise ValueError(f"approach is {self.approach!r}: use one of {', '.join(get_args(documents.Approach))}")
        if int(self.places) != self.places or self.places < 0:
            raise ValueError(f"places is {self.places}: give a whole number from 1")

    @property
    def _document(self) -> documents.Snap:
        return {
            "approach": self.approach,
            "limit": float(self.limit),
            "slack": float(self.slack),
            "places": int(self.places),
        }


@dataclass(frozen=True, kw_only=True)
class StreetChange:
    """What is not as usual on some streets, in both directions: one place and one effect."""

    at: Point | None = None
    """The street that is nearest to a point, between two junctions."""
    way: int | None = None
    """Those of a way, by the map's number of it."""
    road_class: str | None = None
    """Those of a class: ``"primary"``."""
    area: Iterable[Point] | None = None
    """Those that lie at least partly in a polygon: its corners."""
    everywhere: bool = False
    """All of them."""
    closed: bool = False
    """They are closed."""
    percent: int | None = None
    """Their speed is so many percent of the usual one: 1 to 300."""

    @property
    def _document(self) -> documents.StreetChange:
        def corner(point: Point) -> tuple[float, float]:
            ((lon, lat, _),) = _points([point])
            return (lon, lat)

        return {
            "at": None if self.at is None else corner(self.at),
            "way": None if self.way is None else int(self.way),
            "road_class": self.road_class,
            "area": None if self.area is None else [corner(point) for point in self.area],
            "everywhere": bool(self.everywhere),
            "closed": bool(self.closed),
            "percent": None if self.percent is None else _percent(self.percent),
        }


def _percent(percent: int) -> int:
    if int(percent) != percent or percent < 0:
        raise ValueError(f"percent is {percent}: give a whole number from 1 to 300")
    return int(percent)


@dataclass(frozen=True)
class LeftOut:
    """Parts of a map that are not in a network, for one reason."""

    reason: str
    """Why."""
    count: int
    """How many."""
    examples: tuple[str, ...]
    """The first of them."""

    def __str__(self) -> str:
        more = ", …" if self.count > len(self.examples) else ""
        return f"{self.count} × {self.reason} ({', '.join(self.examples)}{more})"


@dataclass(frozen=True)
class NetworkReport:
    """What a network has, and what it does not have of the map."""

    profile: str
    """The name of the profile that drives."""
    segments: int
    """Number of segments that can be driven in at least one direction."""
    directed_segments: int
    """Number of directed segments: the ways to be on a street."""
    turns: int
    """Number of turns."""
    restrictions: int
    """Number of turn restrictions that hold for the profile."""
    length: float
    """Metres of the segments."""
    disconnected_segments: int
    """Number of segments that can be driven but are not connected, there and back, with the rest."""
    disconnected_length: float
    """Metres of the disconnected segments."""
    unused: tuple[LeftOut, ...]
    """Segments that the profile does not use, by reason."""
    ignored: tuple[LeftOut, ...] | None
    """What the map says that is not applied, by reason; ``None`` of a network that was loaded."""
    data_date: int | None
    """The date that the map's data is from, in seconds since 1970; ``None`` where it does not say that."""


@dataclass(frozen=True)
class Spot:
    """A point on a street."""

    point: tuple[float, float]
    """Longitude and latitude of the point."""
    on_street: tuple[float, float]
    """Longitude and latitude of its nearest place on a street."""
    away: float
    """Metres between the two. They are in no travel time."""
    places: int
    """How many places on streets it may be reached at."""


@dataclass(frozen=True)
class RoadLeg:
    """A drive from one point to the next."""

    duration: int
    """Seconds."""
    distance: int
    """Metres."""
    geometry: tuple[tuple[float, float], ...]
    """Longitudes and latitudes along the streets, at least two."""
    streets: tuple[str, ...]
    """The names of the streets that it follows, in their order, without those that have none."""
    ways: tuple[int, ...]
    """The map's numbers of the ways that it follows."""


@dataclass(frozen=True)
class RoadRoute:
    """A drive along the streets through some points."""

    legs: tuple[RoadLeg, ...]
    """From each point to the next one."""

    @property
    def duration(self) -> int:
        """Seconds of all legs."""
        return sum(leg.duration for leg in self.legs)

    @property
    def distance(self) -> int:
        """Metres of all legs."""
        return sum(leg.distance for leg in self.legs)

    @property
    def geometry(self) -> tuple[tuple[float, float], ...]:
        """Longitudes and latitudes of all legs, one after the other."""
        return tuple(point for leg in self.legs for point in leg.geometry)


class RoadTable:
    """Travel times and distances from each origin (row) to each destination (column)."""

    def __init__(self, rows: int, columns: int, distances: bytes, durations: bytes) -> None:
        self.shape: tuple[int, int] = (rows, columns)
        """Number of origins and destinations."""
        self._distances = distances
        self._durations = durations

    @property
    def distances(self) -> Any:
        """Metres along the fastest paths: an array of numpy, NaN where no path leads."""
        return self._array(self._distances)

    @property
    def durations(self) -> Any:
        """Seconds: an array of numpy, NaN where no path leads."""
        return self._array(self._durations)

    def _array(self, values: bytes) -> Any:
        import numpy as np

        whole = np.frombuffer(values, dtype=np.int64).reshape(self.shape)
        return np.where(whole == UNREACHABLE, np.nan, whole)

    def __repr__(self) -> str:
        return f"<RoadTable: {self.shape[0]} × {self.shape[1]}>"


class Network:
    """The streets of a map as one profile drives them, prepared for fast questions.

    ``map`` is a file: OpenStreetMap as PBF or XML, or an edge list as GeoJSON; or the nodes of an edge list as CSV,
    whose links are in the file ``links``. ``profile`` is ``"car"``, ``"truck"``, ``"waste-truck"`` or ``"foot"``, a
    file of TOML, or its text: :meth:`profile_text` gives one to start from. Preparing takes seconds for a city and
    minutes for a country, in which other threads run: :meth:`save` what comes of it.

    Raises :class:`RoadError` with every fault at once, and ``OSError`` where a file cannot be read.
    """

    def __init__(self, map: str | Path, *, profile: str | Path = "car", links: str | Path | None = None) -> None:  # noqa: A002
        text = str(profile)
        if isinstance(profile, Path) or (text not in _SHIPPED and "\n" not in text and "=" not in text):
            if not Path(profile).is_file():
                raise ValueError(f"profile is {text!r}: use one of {', '.join(_SHIPPED)}, a file of TOML, or its text")
            text = Path(profile).read_text(encoding="utf-8")
        self._inner = _core.Network.prepare(Path(map), None if links is None else Path(links), text)

    @classmethod
    def load(cls, path: str | Path) -> Network:
        """Opens a file that :meth:`save` wrote: at once, for it is mapped into memory."""
        network = cls.__new__(cls)
        network._inner = _core.Network.load(Path(path))
        return network

    def save(self, path: str | Path) -> None:
        """Writes a file, in place of one that is there."""
        self._inner.save(Path(path))

    @staticmethod
    def profile_text(name: str) -> str:
        """The text of a profile that is shipped."""
        text = _core.road_profile(name)
        if text is None:
            raise ValueError(f"no profile is called {name!r}: use one of {', '.join(_SHIPPED)}")
        return text

    @property
    def report(self) -> NetworkReport:
        """What it has, and what it does not have of the map."""
        return _report(**self._inner.report())

    def snap(self, points: Iterable[Point], *, snap: Snap | None = None) -> list[Spot]:
        """Where points are on streets. Points that are too far from every street are all in the :class:`RoadError`."""
        return [Spot(**spot) for spot in self._inner.snap(_points(points), _document(snap))]

    def table(
        self,
        points: Iterable[Point],
        to: Iterable[Point] | None = None,
        *,
        snap: Snap | None = None,
        cancel: CancelToken | None = None,
    ) -> RoadTable:
        """Travel times and distances from each point to each, or to each of others. Other threads run meanwhile; Ctrl-C
        and ``cancel`` end it with ``KeyboardInterrupt`` and :class:`RoadError`."""
        return RoadTable(*self._table(_points(points), None if to is None else _points(to), snap, (1.0, 1.0), cancel))

    def route(self, points: Iterable[Point], *, snap: Snap | None = None) -> RoadRoute:
        """The fastest drive through points in their order."""
        return RoadRoute(tuple(RoadLeg(**leg) for leg in self._inner.route(_points(points), _document(snap))))

    def isochrone(
        self, point: Point, seconds: Duration, *, reach: float = 40.0, snap: Snap | None = None
    ) -> dict[str, Any]:
        """What is reached from a point in time, as a ``MultiPolygon`` of GeoJSON: all within ``reach`` metres of the
        streets at which a vehicle arrives."""
        whole = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
        if not 0 <= whole < 2**32:
            raise ValueError(f"seconds is {seconds}: give a time that is not negative")
        (start,) = _points([point])
        area = self._inner.isochrone(start, int(whole), float(reach), _document(snap))
        return {"type": "MultiPolygon", "coordinates": area["polygons"]}

    def change(self, changes: Iterable[StreetChange]) -> Network:
        """The network with changes to its usual travel times, not on top of earlier ones; a later one counts above an
        earlier one. Nothing is prepared again, and this network stays as it is."""
        return self._with(self._inner.change([change._document for change in changes]))

    def at_hour(self, day: documents.Day, minute: int) -> Network:
        """The network at a time of the week, by the ``[[traffic]]`` of its profile: ``"mon"`` to ``"sun"``, and minutes
        after midnight."""
        return self._with(self._inner.at_hour(_day(day), int(minute)))

    def speed_curve(
        self, day: documents.Day, points: Iterable[Point], *, midnight: int = 0, snap: Snap | None = None
    ) -> list[tuple[int, int]]:
        """How fast the streets are over a day: the steps of :meth:`Model.set_speeds`, in which the travel times between
        the points sum up as they do at that hour. ``midnight`` is the model's time, in seconds, at which the day
        begins."""
        return list(self._inner.speed_curve(_day(day), _points(points), int(midnight), _document(snap)))

    def _with(self, inner: _core.Network) -> Network:
        network = type(self).__new__(type(self))
        network._inner = inner
        return network

    def _table(
        self,
        points: list[tuple[float, float, str]],
        to: list[tuple[float, float, str]] | None,
        snap: Snap | None,
        scales: tuple[float, float],
        cancel: CancelToken | None = None,
    ) -> tuple[int, int, bytes, bytes]:
        distance, time = scales
        return self._inner.table(points, to, _document(snap), distance, time, cancel or CancelToken())

    def __repr__(self) -> str:
        report = self.report
        return f"<Network: {report.profile}, {report.segments} segments, {report.length / 1000:.0f} km>"


Streets: TypeAlias = "tuple[tuple[Network, Snap | None] | None, ...]"
"""By travel profile: the network that vehicles drive on, and how locations are snapped to its streets."""


def native_streets(streets: Streets) -> list[tuple[_core.Network, documents.Snap] | None]:
    """The same as the core takes it."""
    return [None if own is None else (own[0]._inner, _document(own[1])) for own in streets]


def write_city(
    path: str | Path,
    *,
    plan: Literal["grid", "radial", "river"] = "grid",
    blocks: int = 40,
    block_length: float = 120.0,
    centre: Point = (11.0, 48.0),
    seed: int = 1,
) -> None:
    """Writes the map of a synthetic city as an OSM PBF file: ``blocks`` along each side, ``block_length`` metres long,
    around ``centre``, with one-way streets, dead ends, turn restrictions, low bridges and traffic signals."""
    lon, lat = centre
    _core.write_city(Path(path), plan, int(blocks), float(block_length), (float(lon), float(lat)), int(seed))


def _points(points: Iterable[Point]) -> list[tuple[float, float, str]]:
    """Longitude, latitude, and what errors call it."""
    found = []
    for i, point in enumerate(points):
        pair = tuple(point)
        if len(pair) != 2:
            raise TypeError(f"point {i} must be a longitude and a latitude, not {point!r}")
        found.append((float(pair[0]), float(pair[1]), f"point {i}"))
    return found


def _day(day: str) -> documents.Day:
    if day not in get_args(documents.Day):
        raise ValueError(f"day is {day!r}: use one of {', '.join(get_args(documents.Day))}")
    return day  # type: ignore[return-value]


def _document(snap: Snap | None) -> documents.Snap:
    return (Snap() if snap is None else snap)._document


def _report(unused: Any, ignored: Any, **fields: Any) -> NetworkReport:
    def each(found: Iterable[documents.LeftOut]) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(**left) for left in found)

    return NetworkReport(unused=each(unused), ignored=None if ignored is None else each(ignored), **fields)
