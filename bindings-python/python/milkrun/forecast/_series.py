"""Readings of several bins or places: from frames, and cleaned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

import numpy as np

from .. import _core
from .._frames import rows_of
from ._arrays import (
    Floats,
    Integers,
    Span,
    Time,
    as_bytes,
    integers_of,
    moments,
    reals,
    reals_of,
    span,
    texts,
    time,
    times,
)
from ._table import Table


class Series:
    """Several series in one: rows of ``id``, ``time`` and ``value``, in any order.

    ``data`` is a frame (pandas, polars, anything with Arrow's capsule), a dict of columns, or dicts of rows. Times are
    ``datetime64``, ``datetime`` or seconds since 1970 (UTC where no zone is given); NaN stands for a missing value.

    >>> readings = Series({"id": ["a", "a"], "time": [0, 3600], "value": [40.0, 43.0]})
    >>> readings.names, len(readings)
    (['a'], 1)
    """

    def __init__(
        self,
        data: Any = None,
        *,
        id: str = "id",  # noqa: A002
        time: str = "time",
        value: str | None = "value",
    ) -> None:
        columns = _columns(data, [id, time] if value is None else [id, time, value])
        moments_ = times(columns[time])
        values = np.full(len(moments_), np.nan) if value is None else reals(columns[value])
        codes, names = _codes(columns[id])
        if not len(codes) == len(moments_) == len(values):
            raise ValueError(f"{id}, {time} and {value} must be of one length")
        later, same = codes[1:] > codes[:-1], codes[1:] == codes[:-1]
        if not (later | (same & (moments_[1:] >= moments_[:-1]))).all():
            order = np.lexsort((moments_, codes))
            codes, moments_, values = codes[order], moments_[order], values[order]
        starts = np.searchsorted(codes, np.arange(len(names) + 1)).astype(np.int64)
        self.inner: _core.Series = _core.Series(names, as_bytes(starts), as_bytes(moments_), as_bytes(values))

    @classmethod
    def _of(cls, inner: _core.Series) -> Series:
        made = cls.__new__(cls)
        made.inner = inner
        return made

    @property
    def names(self) -> list[str]:
        """The ids, in the order in which they first appear."""
        return self.inner.names()

    def __len__(self) -> int:
        return len(self.inner.names())

    def __repr__(self) -> str:
        return f"Series of {len(self)} with {len(self.inner.times()) // 8} rows"

    def table(self) -> Table:
        """Columns ``id``, ``time`` and ``value``, in order of series and time."""
        ids = np.array(self.names, dtype=object)[self._codes()]
        return Table(
            {"id": ids, "time": moments(integers_of(self.inner.times())), "value": reals_of(self.inner.values())}
        )

    def before(self, moment: Time) -> Series:
        """The rows before a moment."""
        return Series._of(self.inner.before(time(moment)))

    def resample(self, step: Span = timedelta(days=1), *, origin: Time = 0, fill: str | float = "missing") -> Regular:
        """Means of steps of equal length. A step without rows stays ``missing`` (NaN), or takes the ``previous`` value,
        the ``linear`` one between its neighbours, or a number."""
        word, number = ("value", float(fill)) if isinstance(fill, (int, float)) else (fill, 0.0)
        return Regular._of(self.names, self.inner.resample(span(step), time(origin), word, number))

    def _codes(self) -> Integers:
        starts = integers_of(self.inner.starts())
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(starts))


class Regular:
    """Regular series: a value for each step, NaN where it is missing."""

    def __init__(
        self, names: Sequence[str], values: Sequence[Any], *, start: Time = 0, step: Span = timedelta(days=1)
    ) -> None:
        arrays = [reals(series) for series in values]
        if len(arrays) != len(names):
            raise ValueError(f"there are {len(names)} names and {len(arrays)} series; give one for each")
        self.names: list[str] = list(names)
        self.starts: Integers = np.full(len(arrays), time(start), dtype=np.int64)
        self.step: int = span(step)
        self.ends: Integers = np.cumsum([0, *(len(array) for array in arrays)], dtype=np.int64)
        self.values: Floats = np.concatenate(arrays) if arrays else np.zeros(0)

    @classmethod
    def _of(cls, names: list[str], grid: tuple[bytes, int, bytes, bytes]) -> Regular:
        made = cls.__new__(cls)
        made.names, made.step = names, grid[1]
        made.starts, made.ends, made.values = integers_of(grid[0]), integers_of(grid[2]), reals_of(grid[3])
        return made

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> Any:
        """The values of a series."""
        return self.values[self.ends[index] : self.ends[index + 1]]

    def table(self) -> Table:
        """Columns ``id``, ``time`` (the beginning of each step) and ``value``."""
        lengths = np.diff(self.ends)
        ids = np.repeat(np.array(self.names, dtype=object), lengths)
        steps = np.arange(len(self.values)) - np.repeat(self.ends[:-1], lengths)
        return Table(
            {"id": ids, "time": moments(np.repeat(self.starts, lengths) + steps * self.step), "value": self.values}
        )


class Cleaned:
    """Readings that can be trusted, with what was wrong."""

    def __init__(self, inner: _core.Cleaned) -> None:
        self.inner: _core.Cleaned = inner

    @property
    def readings(self) -> Series:
        """The readings that are kept: none missing, one for each time, from 0 to full."""
        return Series._of(self.inner.readings())

    @property
    def full(self) -> float:
        """The level of a full bin."""
        return self.inner.full()

    def emptyings(self) -> Table:
        """Every emptying: it happened after ``after`` and not later than ``by``."""
        names = np.array(self.inner.readings().names(), dtype=object)
        rows = self.inner.emptyings()
        bins = np.array([row[0] for row in rows], dtype=np.int64)
        return Table(
            {
                "id": names[bins],
                "after": moments([row[1] for row in rows]),
                "by": moments([row[2] for row in rows]),
                "level_before": np.array([row[3] for row in rows], dtype=np.float64),
                "level_after": np.array([row[4] for row in rows], dtype=np.float64),
                "given": np.array([row[5] for row in rows], dtype=bool),
            }
        )

    def report(self) -> Table:
        """What was wrong, by bin: counts of readings, of times of a stuck sensor and of gaps, and the step between the
        levels of a sensor that reports few of them."""
        names = ("rows", "kept", "missing", "duplicates", "out_of_range", "clamped", "spikes", "unexplained_falls")
        counts = np.array(self.inner.counts(), dtype=np.int64).reshape(-1, len(names))
        columns: dict[str, Any] = {"id": self.inner.readings().names()}
        columns.update({name: counts[:, i] for i, name in enumerate(names)})
        columns["stuck"] = np.array([len(all_) for all_ in self.inner.stuck()], dtype=np.int64)
        columns["gaps"] = np.array([len(all_) for all_ in self.inner.gaps()], dtype=np.int64)
        columns["step"] = np.array([np.nan if s is None else s for s in self.inner.steps()], dtype=np.float64)
        return Table(columns)

    def gaps(self) -> Table:
        """Times without readings that are longer than allowed, and times during which a sensor was stuck."""
        names = self.inner.readings().names()
        rows = [
            (name, kind, begin, end)
            for kind, found in (("gap", self.inner.gaps()), ("stuck", self.inner.stuck()))
            for name, all_ in zip(names, found, strict=True)
            for begin, end in all_
        ]
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        ids, kinds, begins, ends = columns
        return Table(
            {
                "id": np.array(ids, dtype=object),
                "kind": np.array(kinds, dtype=object),
                "begin": moments(list(begins)),
                "end": moments(list(ends)),
            }
        )

    def latest(self) -> Table:
        """Each bin's last known ``level`` and its ``time``; NaN and NaT where nothing is known."""
        known = self.inner.latest()
        return Table(
            {
                "id": self.inner.readings().names(),
                "time": moments([None if state is None else state[0] for state in known]),
                "level": np.array([np.nan if state is None else state[1] for state in known], dtype=np.float64),
            }
        )

    def increments(self) -> Increments:
        """What went into the bins between readings."""
        return Increments(self.inner.increments())


def clean(
    readings: Series | Any,
    *,
    emptyings: Series | Any | None = None,
    full: float = 100.0,
    tolerance: float = 5.0,
    noise: float = 2.0,
    emptying_drop: float = 20.0,
    spike: float | None = 25.0,
    stuck_after: Span | None = timedelta(days=14),
    max_gap: Span = timedelta(days=2),
    duplicates: Literal["first", "last", "mean"] = "last",
) -> Cleaned:
    """From raw readings to readings that can be trusted.

    Emptyings come from falls of the level by ``emptying_drop`` or more, or from a table of ``id``, ``time`` and, if
    known, ``value`` (the level right after). Readings beyond ``0 … full`` by more than ``tolerance``, lone ``spike``s
    and all but the first of a sensor that is stuck for longer than ``stuck_after`` are dropped; ``None`` keeps them.
    Levels are in the readings' own unit.

    Raises ``ForecastError`` with all faults at once.
    """
    table = emptyings if emptyings is None or isinstance(emptyings, Series) else _visits(emptyings)
    return Cleaned(
        _core.clean_readings(
            as_series(readings).inner,
            None if table is None else table.inner,
            full,
            tolerance,
            noise,
            emptying_drop,
            spike,
            None if stuck_after is None else span(stuck_after),
            span(max_gap),
            duplicates,
        )
    )


class Increments:
    """What went into bins between readings, censored where a bin was full at the end."""

    def __init__(self, inner: _core.Increments) -> None:
        self.inner: _core.Increments = inner

    @property
    def names(self) -> list[str]:
        """The bins' names."""
        return self.inner.names()

    def table(self) -> Table:
        """Columns ``id``, ``begin``, ``end``, ``amount`` and ``censored``."""
        whole, amounts, censored = self.inner.columns()
        rows = integers_of(whole).reshape(-1, 3)
        ids = np.array(self.names, dtype=object)[rows[:, 0]]
        columns = {"id": ids, "begin": moments(rows[:, 1]), "end": moments(rows[:, 2]), "amount": reals_of(amounts)}
        return Table({**columns, "censored": np.array(censored, dtype=bool)})

    def before(self, moment: Time) -> Increments:
        """What is known before a moment: increments that ended by then."""
        return Increments(self.inner.before(time(moment)))

    def per_step(self, step: Span = timedelta(days=1), *, origin: Time = 0, min_share: float = 0.5) -> Regular:
        """How much went into each bin in each step. A step of which less than ``min_share`` was observed is
        missing."""
        return Regular._of(self.names, self.inner.per_step(span(step), time(origin), min_share))


def visit_increments(visits: Series | Any, *, full: float = 100.0) -> Increments:
    """Increments of bins without sensors, from the levels that visits found."""
    return Increments(_core.visit_increments(as_series(visits).inner, full))


def as_series(data: Any) -> Series:
    """Series of whatever makes series."""
    return data if isinstance(data, Series) else Series(data)


def _visits(data: Any) -> Series:
    columns = _columns(data, None)
    return Series(columns, value="value" if "value" in columns else None)


def _columns(data: Any, names: list[str] | None) -> dict[str, Any]:
    """The columns of a table; those of frames as they are."""
    if isinstance(data, Mapping) or hasattr(data, "iloc") or hasattr(data, "lazy"):  # pandas and polars
        known = [str(name) for name in (data if isinstance(data, Mapping) else data.columns)]
        wanted = known if names is None else names
        missing = [name for name in wanted if name not in known]
        if missing:
            raise ValueError(f"there is no column {missing[0]!r}; the columns are {', '.join(known)}")
        return {name: data[name] for name in wanted}
    rows = list(rows_of(data))
    wanted = names if names is not None else sorted({name for row in rows for name in row})
    for name in wanted:
        if rows and not any(name in row for row in rows):
            raise ValueError(f"there is no column {name!r}; the columns are {', '.join(rows[0])}")
    return {name: [row.get(name, float("nan")) for row in rows] for name in wanted}


def _codes(ids: Any) -> tuple[Integers, list[str]]:
    """Each name's number, in the order in which they first appear."""
    if hasattr(ids, "factorize"):
        codes, names = ids.factorize()
        return codes.astype(np.int64), [str(name) for name in names]
    known: dict[str, int] = {}
    codes = np.array([known.setdefault(name, len(known)) for name in texts(ids)], dtype=np.int64)
    return codes, list(known)
