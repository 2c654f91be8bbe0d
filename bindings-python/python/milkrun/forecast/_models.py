"""Models of fill and of regular series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from .. import _core
from .. import _documents as documents
from ._arrays import Floats, Span, Time, as_bytes, moments, reals, reals_of, span, texts, time
from ._series import Increments, Regular, _codes, _columns
from ._table import Table


class FillModel:
    """What goes into bins between any two moments: made by ``EmpiricalIncrements``, ``GammaProcess`` or
    ``quantile_table``."""

    def __init__(self, inner: _core.FillModel) -> None:
        self.inner: _core.FillModel = inner

    @property
    def names(self) -> list[str]:
        """The bins' names."""
        return self.inner.names()

    def __len__(self) -> int:
        return len(self.inner.names())

    def __repr__(self) -> str:
        return f"{self.inner.name()} of {len(self)} bins"

    def rise(self, begin: Time, end: Time, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> Table:
        """How much goes into each bin from one moment to a later one: ``mean``, and a column for each quantile."""
        n = len(self)
        asked = reals(levels)
        means, quantiles = self.inner.rise(
            as_bytes(np.arange(n, dtype=np.int64)),
            as_bytes(np.full(n, time(begin), dtype=np.int64)),
            as_bytes(np.full(n, time(end), dtype=np.int64)),
            as_bytes(asked),
        )
        table = reals_of(quantiles, n, len(asked))
        columns: dict[str, Any] = {"id": self.names, "mean": reals_of(means)}
        return Table({**columns, **{f"q{level:g}": table[:, i] for i, level in enumerate(asked.tolist())}})


@dataclass(frozen=True)
class GammaProcess:
    """A rate and a scale for each bin, drawn towards those of all bins."""

    half_life: Span | None = timedelta(days=60)
    """The age at which an increment counts half; ``None``: all count the same."""
    prior_days: float = 3.0
    """How many days of its own outweigh what is known from all bins together."""

    def fit(self, increments: Increments) -> FillModel:
        """Learns from increments."""
        return FillModel(_core.FillModel.fit(self._document(), increments.inner))

    def _params(self) -> documents.GammaParams:
        half_life = None if self.half_life is None else span(self.half_life)
        return {"half_life": half_life, "prior_days": self.prior_days}

    def _document(self) -> documents.FillModel:
        params = self._params()
        return {"model": "gamma", "half_life": params["half_life"], "prior_days": params["prior_days"]}


@dataclass(frozen=True)
class EmpiricalIncrements:
    """What went into the bin in past windows of the same length and time of day: the default for fill."""

    half_life: Span = timedelta(days=60)
    """The age at which a window counts half."""
    max_days: int = 366
    """The oldest window, in days."""
    weekday_weight: float = 3.0
    """How much more a window on the same weekday counts; for windows shorter than a week."""
    min_share: float = 0.7
    """Least share of a window that must have been observed."""
    prior_windows: float = 8.0
    """How many separate windows outweigh the gamma process that stands in for what was never seen."""
    gamma: GammaProcess = GammaProcess()
    """The gamma process."""

    def fit(self, increments: Increments) -> FillModel:
        """Learns from increments."""
        return FillModel(_core.FillModel.fit(self._document(), increments.inner))

    def _document(self) -> documents.FillModel:
        return {
            "model": "empirical",
            "half_life": span(self.half_life),
            "max_days": self.max_days,
            "weekday_weight": self.weekday_weight,
            "min_share": self.min_share,
            "prior_windows": self.prior_windows,
            "gamma": self.gamma._params(),
        }


def quantile_table(
    data: Any,
    *,
    begin: Time,
    names: Sequence[str] | None = None,
    id: str = "id",  # noqa: A002
    horizon: str = "horizon",
    level: str = "level",
    amount: str = "amount",
) -> FillModel:
    """Quantiles that something else forecast (gradient boosting, Prophet, …) as a model of fill.

    Each row says how much will go into a bin within ``horizon`` (seconds or ``timedelta``) from ``begin`` on, at a
    quantile ``level``. ``names`` gives the order of bins; without it, they come as they first appear. Between levels
    and horizons amounts are interpolated; quantiles that cross are sorted.
    """
    columns = _columns(data, [id, horizon, level, amount])
    if names is None:
        codes, order = _codes(columns[id])
    else:
        order = list(names)
        places = {name: i for i, name in enumerate(order)}
        unknown = [name for name in texts(columns[id]) if name not in places]
        if unknown:
            raise ValueError(f"names has no {unknown[0]!r}, of which the table has quantiles")
        codes = np.array([places[name] for name in texts(columns[id])], dtype=np.int64)
    horizons = _horizons(columns[horizon])
    values = (as_bytes(reals(columns[level])), as_bytes(reals(columns[amount])))
    return FillModel(_core.FillModel.of_quantiles(order, time(begin), as_bytes(codes), as_bytes(horizons), *values))


def _horizons(values: Any) -> Any:
    array = np.asarray(values.to_numpy() if hasattr(values, "to_numpy") else values)
    if array.dtype.kind == "m":
        return (array / np.timedelta64(1, "s")).astype(np.int64)
    if array.dtype == object:
        return np.array([span(value) for value in array.tolist()], dtype=np.int64)
    return array.astype(np.int64)


@dataclass(frozen=True)
class SeriesModel:
    """A model of regular series: ``seasonal_naive``, ``theta``, ``ets``, ``croston``, ``sba`` or ``tsb``."""

    kind: str
    """Which one."""
    season: int = 7
    """How many steps a season has; 1: none."""
    alpha: float = 0.1
    """Croston and its successors: the weight of a new size."""
    beta: float = 0.1
    """TSB: the weight of a new step in the probability of demand."""

    def forecast(self, series: Regular, horizon: int, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> Table:
        """The next ``horizon`` steps of each series: ``id``, ``time``, ``mean``, and a column for each quantile."""
        asked = reals(levels)
        means, quantiles = _core.forecast_series(
            self.kind,
            self.season,
            self.alpha,
            self.beta,
            as_bytes(series.ends),
            as_bytes(series.values),
            horizon,
            as_bytes(asked),
        )
        n = len(series)
        ends = series.starts + np.diff(series.ends) * series.step
        steps = np.arange(horizon) * series.step
        table = reals_of(quantiles, n * horizon, len(asked))
        columns: dict[str, Any] = {
            "id": np.repeat(np.array(series.names, dtype=object), horizon),
            "time": moments((ends[:, None] + steps[None, :]).ravel()),
            "mean": reals_of(means),
        }
        return Table({**columns, **{f"q{level:g}": table[:, i] for i, level in enumerate(asked.tolist())}})


class Ridge:
    """Least squares with a penalty on the weights, chosen by the errors of leaving rows out; a missing feature counts
    as its mean. Quantiles are those of such errors among rows with similar predictions."""

    def __init__(
        self, x: Any, y: Any, *, penalties: Sequence[float] | None = None, neighbourhood: float | None = None
    ) -> None:
        rows = _matrix(x)
        fitted = None if penalties is None else [float(p) for p in penalties]
        self.inner: _core.Ridge = _core.Ridge.fit(
            as_bytes(rows), rows.shape[1], as_bytes(reals(y)), fitted, neighbourhood
        )

    @property
    def penalty(self) -> float:
        """The chosen penalty."""
        return self.inner.penalty()

    @property
    def weights(self) -> list[float]:
        """The weights of columns of unit variance."""
        return self.inner.weights()

    def predict(self, x: Any) -> Floats:
        """A prediction for each row."""
        rows = _matrix(x)
        return reals_of(self.inner.predict(as_bytes(rows), rows.shape[1]))

    def predict_quantiles(self, x: Any, levels: Sequence[float]) -> Floats:
        """Quantiles, of shape (rows, levels)."""
        rows, asked = _matrix(x), reals(levels)
        return reals_of(
            self.inner.predict_quantiles(as_bytes(rows), rows.shape[1], as_bytes(asked)), len(rows), len(asked)
        )


def _matrix(x: Any) -> Floats:
    array = np.asarray(x.to_numpy() if hasattr(x, "to_numpy") else x, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"x must have rows and columns, not {array.ndim} dimensions")
    return np.ascontiguousarray(array)
