"""What leaves for people and other programs: pages, drivers' sheets, and files for devices, spreadsheets, calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from . import _core
from . import _documents as documents
from ._network import Streets, native_streets
from ._units import Units, unscaled, zoned

Day: TypeAlias = "str | dt.date | dt.datetime | None"
"""A day that is planned, or the moment from which times count: of the standard library, or as ISO 8601 writes it."""


@dataclass(frozen=True)
class Ground:
    """What numbers and places of a problem mean."""

    units: Units
    is_geographic: bool
    """Whether coordinates are longitudes and latitudes."""
    streets: Streets


@dataclass(frozen=True)
class Shown:
    """How a plan is shown."""

    date: Day = None
    clock: bool | None = None
    loads: Sequence[str] = ()
    currency: str = ""
    route: int | None = None
    each_stop: bool = False
    explain: float = 0.0

    def document(self, ground: Ground) -> documents.ReportOptions:
        """The same as the core takes it."""
        units = ground.units
        given = units.origin if self.date is None else self.date
        if isinstance(given, dt.datetime):
            # Times of the plan are those of its own place; where its zone has a name, calendars say it.
            given = zoned(given) or given.replace(tzinfo=None, microsecond=0)
        return {
            "date": given.isoformat() if isinstance(given, dt.date) else given,
            "clock": True if self.clock is None and units.origin is not None else self.clock,
            "geographic": True if ground.is_geographic else None,
            "loads": list(self.loads),
            "currency": self.currency,
            "scales": {"distance": units.distance, "time": units.time, "load": units.load, "cost": units.cost},
            "route": self.route,
            "each_stop": self.each_stop,
            "explain": self.explain,
        }


class Handouts:
    """What a plan is written as. All of it is text; with a ``path`` it is written there, too.

    ``date`` is the day that is planned, or the moment from which times count; it is known where the model had
    datetimes. ``clock`` says whether times are seconds and distances metres, which are shown as times of day and
    kilometres, or plain numbers; unless given, they are plain where travel is straight lines between planar points.
    ``loads`` are the names of load dimensions (``["kg", "l"]``), ``currency`` is what costs are counted in. ``route``
    is the only one that a file has, counted from 0. Trucks are numbered from 1. Raises :class:`milkrun.WriteError`
    where something cannot be written, and :class:`milkrun.SettingError` where what is given is wrong.
    """

    _inner: _core.Plan

    def _ground(self) -> Ground:
        raise NotImplementedError

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        loads: Sequence[str] = (),
        currency: str = "",
        explain: float = 2.0,
    ) -> str:
        """The page of the day, which needs nothing else: map, timeline, trucks, stops, costs, what is unserved.
        ``explain`` is for how many seconds reasons are looked for why something is unserved."""
        shown = Shown(date, clock=clock, loads=loads, currency=currency, explain=explain)
        return self._written("day_page", path, shown)

    def sheets(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        loads: Sequence[str] = (),
    ) -> str:
        """A page with a sheet for each truck's driver, made for paper."""
        return self._written("driver_sheets", path, Shown(date, clock=clock, loads=loads))

    def to_gpx(self, path: str | Path | None = None, *, clock: bool | None = None, route: int | None = None) -> str:
        """Routes for navigation devices; needs longitudes and latitudes."""
        return self._written("gpx", path, Shown(clock=clock, route=route))

    def to_csv(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        route: int | None = None,
    ) -> str:
        """A row for each thing that happens, for spreadsheets; the book lists the columns."""
        return self._written("csv", path, Shown(date, clock=clock, route=route))

    def to_ical(
        self,
        path: str | Path | None = None,
        *,
        date: Day = None,
        clock: bool | None = None,
        route: int | None = None,
        each_stop: bool = False,
    ) -> str:
        """A calendar with an event for each route, or for each stop; needs the date."""
        return self._written("ical", path, Shown(date, clock=clock, route=route, each_stop=each_stop))

    def write(self, path: str | Path) -> None:
        """Writes a file by its ending: ``.geojson``, ``.sol``, ``.html``, ``.gpx``, ``.csv``, ``.ics``; else JSON."""
        path = Path(path)
        texts: dict[str, Callable[[], str]] = {
            ".geojson": self._geojson,
            ".sol": self.to_sol,
            ".html": self.to_html,
            ".gpx": self.to_gpx,
            ".csv": self.to_csv,
            ".ics": self.to_ical,
        }
        kept(texts.get(path.suffix.lower(), self._inner.to_json)(), path)

    def to_sol(self) -> str:
        """The plan as VRPLIB's ``.sol`` text."""
        return self._inner.to_sol(unscaled(self._inner.cost, self._ground().units.cost))

    def _geojson(self) -> str:
        return self._inner.to_geojson(native_streets(self._ground().streets))

    def _repr_html_(self) -> str:
        return self._written("map_and_timeline", None, Shown())

    def _written(self, handout: documents.Handout, path: str | Path | None, shown: Shown) -> str:
        ground = self._ground()
        text = _core.write_handout(self._inner, handout, shown.document(ground), native_streets(ground.streets))
        return kept(text, path)


def kept(text: str, path: str | Path | None) -> str:
    """A text that is written to a file, if one is named. Lines end as they were written: those of CSV and calendars are
    the same everywhere."""
    if path is not None:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    return text
