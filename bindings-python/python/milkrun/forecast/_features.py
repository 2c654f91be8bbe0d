"""Features of readings, without leaks, and joins as of a time."""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

import numpy as np

from .. import _core
from ._arrays import Array, Floats, Integers, Span, Time, as_bytes, integers_of, reals, reals_of, span, time, times
from ._series import Series, _codes, as_series

Stat: TypeAlias = "Literal['mean', 'std', 'min', 'max'] | float"
"""A statistic; a number between 0 and 1 is the level of a quantile."""
Described: TypeAlias = "dict[str, Any] | str"
Part: TypeAlias = Literal["day_of_week", "day", "month", "week", "day_of_year", "weekend", "hour", "quarter", "year"]


@dataclass(frozen=True)
class Feature:
    """A feature: made by the functions of this module, such as ``lag(1)``."""

    described: Described

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return _core.feature_columns(json.dumps({"features": [self.described]}))


def _stat(stat: Stat) -> Described:
    return stat if isinstance(stat, str) else {"quantile": float(stat)}


def _counts(**counts: int) -> dict[str, Any]:
    """Whole numbers of rows, columns or days."""
    whole = {name: operator.index(value) for name, value in counts.items()}
    for name, value in whole.items():
        if not 0 <= value < 2**31:
            raise ValueError(f"{name} is {value}: give a whole number from 0 to 2³¹ − 1")
    return whole


def lag(rows: int) -> Feature:
    """The value so many rows before."""
    return Feature({"lag": _counts(rows=rows)["rows"]})


def difference(lag: int, period: int) -> Feature:
    """The value ``lag`` rows before, less that ``period`` rows earlier."""
    return Feature({"difference": _counts(lag=lag, period=period)})


def rolling(stat: Stat, window: int, *, lag: int = 1, min_samples: int = 0) -> Feature:
    """A statistic of ``window`` rows, the latest of them ``lag`` rows before. With fewer values than ``min_samples``
    (0: ``window``) it is NaN."""
    return Feature({"rolling": {**_counts(lag=lag, window=window, min_samples=min_samples), "stat": _stat(stat)}})


def seasonal_rolling(stat: Stat, season: int, window: int, *, lag: int = 1, min_samples: int = 0) -> Feature:
    """A statistic of ``window`` rows that lie ``season`` rows apart."""
    return Feature(
        {
            "seasonal_rolling": {
                **_counts(lag=lag, season=season, window=window, min_samples=min_samples),
                "stat": _stat(stat),
            }
        }
    )


def expanding(stat: Stat, *, lag: int = 1) -> Feature:
    """A statistic of all rows up to ``lag`` rows before."""
    return Feature({"expanding": {**_counts(lag=lag), "stat": _stat(stat)}})


def ewm(alpha: float, stat: Literal["mean", "std"] = "mean", *, lag: int = 1) -> Feature:
    """Exponentially weighted rows; ``alpha`` is the weight of the newest."""
    return Feature({"ewm": {**_counts(lag=lag), "alpha": float(alpha), "stat": stat}})


def over(span_: Span, stat: Stat, *, delay: Span = 0) -> Feature:
    """A statistic of the rows within a span of time that ends ``delay`` before the row: for irregular times."""
    return Feature({"span": {"span": span(span_), "delay": span(delay), "stat": _stat(stat)}})


def fading(half_life: Span, *, delay: Span = 0) -> Feature:
    """Mean of the rows before, whose weight halves every ``half_life``."""
    return Feature({"span_ewm": {"half_life": span(half_life), "delay": span(delay)}})


def calendar(part: Part) -> Feature:
    """A part of the local date."""
    return Feature({"calendar": part})


def fourier(period: Span, order: int) -> Feature:
    """Sine and cosine of a period and its fractions: ``2 · order`` columns."""
    return Feature({"fourier": {"period": span(period), **_counts(order=order)}})


def holiday(what: Literal["is", "days_to", "days_since"] = "is", most: int = 30) -> Feature:
    """How the local day relates to the holidays: whether it is one, or days to the next or since the last, at most so
    many."""
    return Feature({"holiday": "is" if what == "is" else {what: min(_counts(most=most)["most"], 2**16 - 1)}})


def since_event() -> Feature:
    """Days since the last event before the row, such as an emptying; NaN before the first."""
    return Feature("since_event")


def neighbour_mean(k: int, *, delay: Span = 0, max_age: Span = 7 * 86_400) -> Feature:
    """Mean of the latest values of the ``k`` nearest other series, as far as they are not older than ``max_age``."""
    return Feature({"neighbour_mean": {**_counts(k=k), "delay": span(delay), "max_age": span(max_age)}})


@dataclass(frozen=True)
class Context:
    """What some features need beside the values."""

    utc_offset: Span = 0
    """Local time less UTC: for calendar, holidays and Fourier terms."""
    holidays: Sequence[date] = ()
    """Local days."""
    events: Any = None
    """Rows of ``id`` and ``time``, such as emptyings: for ``since_event``."""
    coords: Sequence[tuple[float, float]] | None = None
    """Where each series is, in their order: for ``neighbour_mean``."""

    def _spec(self, wanted: Sequence[Feature]) -> str:
        epoch = date(1970, 1, 1)
        holidays = sorted((day - epoch).days for day in self.holidays)
        features = [feature.described for feature in wanted]
        return json.dumps({"features": features, "utc_offset": span(self.utc_offset), "holidays": holidays})

    def _for(self, series: Series) -> tuple[list[list[int]] | None, list[tuple[float, float]] | None]:
        events: list[list[int]] | None = None
        if self.events is not None:
            table = Series(self.events, value=None)
            starts, at = integers_of(table.inner.starts()), integers_of(table.inner.times())
            found = {name: at[starts[i] : starts[i + 1]].tolist() for i, name in enumerate(table.names)}
            events = [found.get(name, []) for name in series.names]
        coords = None if self.coords is None else [(float(x), float(y)) for x, y in self.coords]
        return events, coords


@dataclass(frozen=True)
class FeatureMatrix:
    """Features by row and column."""

    columns: list[str]
    """The names of the columns."""
    values: Array
    """Of shape (rows, columns), row-major; rows in the order of ``series.table()``."""
    series: Series = field(repr=False)
    """What they are features of."""

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with ``id``, ``time``, ``value`` and the features."""
        import pandas as pd

        return self.series.table().to_pandas().join(pd.DataFrame(self.values, columns=self.columns))

    def to_polars(self) -> Any:
        """A ``polars.DataFrame`` with ``id``, ``time``, ``value`` and the features."""
        import polars as pl

        return self.series.table().to_polars().hstack(pl.DataFrame(self.values, schema=self.columns))


def features(
    series: Series | Any,
    wanted: Sequence[Feature],
    *,
    context: Context | None = None,
    dtype: Literal["float64", "float32"] = "float64",
) -> FeatureMatrix:
    """Features of every row. A row at time *t* holds nothing that was learned at *t* or later, and nothing of other
    series but what ``neighbour_mean`` asks for.

    >>> readings = Series({"id": ["a"] * 3, "time": [0, 60, 120], "value": [1.0, 2.0, 4.0]})
    >>> features(readings, [lag(1), rolling("mean", 2)]).values.tolist()
    [[nan, nan], [1.0, nan], [2.0, 1.5]]
    """
    data = as_series(series)
    given = context or Context()
    spec = given._spec(wanted)
    single = np.dtype(dtype) == np.float32
    found = _core.compute_features(data.inner, spec, given._for(data), single)
    columns = _core.feature_columns(spec)
    values = np.frombuffer(found, dtype=np.float32 if single else np.float64)
    return FeatureMatrix(columns, values.reshape(-1, len(columns)), data)


class FeatureState:
    """The features of the reading to come, of series that grow by one reading at a time: equal to what ``features``
    gives for that row."""

    def __init__(self, series: Series | Any, wanted: Sequence[Feature], *, context: Context | None = None) -> None:
        data = as_series(series)
        given = context or Context()
        spec = given._spec(wanted)
        self._places = {name: i for i, name in enumerate(data.names)}
        self.inner: _core.FeatureState = _core.FeatureState(data.inner, spec, given._for(data))
        self.columns: list[str] = _core.feature_columns(spec)

    def update(self, name: str, moment: Time, value: float) -> None:
        """Adds a reading."""
        self.inner.update(self._place(name), time(moment), value)

    def add_event(self, name: str, moment: Time) -> None:
        """Adds an event, such as an emptying."""
        self.inner.add_event(self._place(name), time(moment))

    def rows(self, moment: Time | Sequence[Time]) -> Floats:
        """A row for each series, of a reading at the given time (or at one time for each)."""
        each = isinstance(moment, (list, tuple, np.ndarray)) or hasattr(moment, "to_numpy")
        at = times(moment) if each else np.full(len(self._places), time(moment), dtype=np.int64)
        return reals_of(self.inner.rows(as_bytes(at)), len(self._places), len(self.columns))

    def _place(self, name: str) -> int:
        if name not in self._places:
            raise ValueError(f"there is no series {name!r}")
        return self._places[name]


class AsOfTable:
    """Values that happened at a time, and became known at a time. ``known`` is the event's time where it is left
    out."""

    def __init__(self, ids: Any, events: Any, values: Any, *, known: Any = None) -> None:
        codes, self._names = _codes(ids)
        happened = times(events)
        learned = happened if known is None else times(known)
        columns = (as_bytes(codes), as_bytes(happened), as_bytes(learned), as_bytes(reals(values)))
        self.inner: _core.AsOfTable = _core.AsOfTable(len(self._names), *columns)

    def join(
        self, ids: Any, at: Any, *, tolerance: Span | None = None, allow_exact: bool = False
    ) -> tuple[Floats, Integers]:
        """For each question the latest value that had happened and was known, and the row that it came from (NaN and
        −1: none). Strict unless ``allow_exact``: what happened, or became known, at the very time of a question does
        not answer it. ``tolerance`` bounds the age of an answer."""
        places = {name: i for i, name in enumerate(self._names)}
        asked, names = _codes(ids)
        known = np.array([places.get(name, -1) for name in names], dtype=np.int64)[asked]
        moments = times(at)
        if len(known) != len(moments):
            raise ValueError(f"there are {len(known)} ids and {len(moments)} times; give one for each")
        values, rows = np.full(len(known), np.nan), np.full(len(known), -1, dtype=np.int64)
        have = known >= 0
        age = None if tolerance is None else span(tolerance)
        found = self.inner.join(as_bytes(known[have]), as_bytes(moments[have]), age, allow_exact)
        rows[have], values[have] = integers_of(found[0]), reals_of(found[1])
        return values, rows
