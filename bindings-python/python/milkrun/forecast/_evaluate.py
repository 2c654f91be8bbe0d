"""Tests on the past, scores, and monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from .. import _core
from ._arrays import Span, as_bytes, moments, reals, spans, texts
from ._models import EmpiricalIncrements, GammaProcess, SeriesModel
from ._series import Cleaned, Regular, Series, as_series
from ._table import Table


def backtest(
    series: Regular,
    models: Sequence[SeriesModel],
    *,
    horizon: int = 7,
    origins: int = 4,
    step: int = 7,
    season: int = 7,
    levels: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9),
) -> Table:
    """Models of regular series, tested from ``origins`` moments, the last ``horizon`` steps before the end and each
    other ``step`` steps earlier; a model sees only what lies before. A row for each model."""
    described = [(model.kind, model.season, model.alpha, model.beta) for model in models]
    rows = _core.backtest_series(
        described,
        0,
        series.step,
        as_bytes(series.ends),
        as_bytes(series.values),
        horizon,
        origins,
        step,
        season,
        [float(level) for level in levels],
    )
    names = ("mae", "rmse", "bias", "mase", "pinball", "crps", "coverage")
    scores = np.array([row[3] for row in rows], dtype=np.float64).reshape(-1, len(names))
    columns: dict[str, Any] = {
        "model": [row[0] for row in rows],
        "forecasts": np.array([row[1] for row in rows], dtype=np.int64),
        "failed": np.array([row[2] for row in rows], dtype=np.int64),
    }
    return Table({**columns, **{name: scores[:, i] for i, name in enumerate(names)}})


def backtest_fill(
    cleaned: Cleaned,
    model: EmpiricalIncrements | GammaProcess | None = None,
    *,
    horizons: Sequence[Span] = (timedelta(days=1), timedelta(days=2), timedelta(days=3)),
    origins: int = 20,
    first: float = 0.5,
    min_share: float = 0.7,
) -> Table:
    """A model of fill, tested from ``origins`` moments after the ``first`` share of the history. A row for each
    horizon: errors of the rise in level, and of the probability of being full."""
    asked = model or EmpiricalIncrements()
    rows = _core.backtest_fill(cleaned.inner, asked._document(), origins, first, spans(horizons), min_share)
    names = ("mae", "crps", "coverage", "brier", "calibration_error", "base_rate")
    scores = np.array([row[3] for row in rows], dtype=np.float64).reshape(-1, len(names))
    columns: dict[str, Any] = {
        "horizon": np.array([row[0] for row in rows], dtype="timedelta64[s]").astype(np.int64),
        "forecasts": np.array([row[1] for row in rows], dtype=np.int64),
        "censored": np.array([row[2] for row in rows], dtype=np.int64),
    }
    return Table({**columns, **{name: scores[:, i] for i, name in enumerate(names)}})


@dataclass(frozen=True)
class VisitScores:
    """Scores of levels at visits that were held out."""

    split: np.datetime64
    """Visits before it teach, visits from it on are tested."""
    visits: int
    """Visits tested."""
    bins: int
    """Bins tested."""
    mae: float
    """Mean absolute error of the median."""
    rmse: float
    """Root of the mean squared error."""
    bias: float
    """Mean of actual level less median."""
    coverage: float
    """Share of levels between the 10 % and the 90 % quantile."""
    mae_last: float
    """Mean absolute error of the level that the visit before found."""
    mae_mean: float
    """Mean absolute error of the bin's mean level so far."""
    mae_power: float
    """Mean absolute error of the bin's mean level in proportion to (time since the last visit)^0.4."""


def backtest_visits(
    visits: Series | Any,
    *,
    share: float = 0.6,
    min_before: int = 5,
    full: float = 100.0,
    min_gap: Span = 25_920,
    max_gap: Span = timedelta(days=14),
    min_visits: int = 3,
) -> VisitScores:
    """Forecasts of the level that visits find, for bins without sensors: the earlier ``share`` of the visits teaches,
    the later part is tested."""
    gaps = spans([min_gap, max_gap])
    split, count, bins, scores = _core.backtest_visits(
        as_series(visits).inner, share, min_before, full, gaps[0], gaps[1], min_visits
    )
    return VisitScores(moments([split])[0], count, bins, *scores)


def _pairs(**columns: Any) -> list[bytes]:
    arrays = {name: reals(values) for name, values in columns.items()}
    lengths = {name: len(values) for name, values in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"give columns of one length, not of {lengths}")
    return [as_bytes(values) for values in arrays.values()]


def pinball(actual: Any, quantiles: Any, level: float) -> float:
    """Mean pinball loss of forecasts of a quantile."""
    known, forecast = _pairs(actual=actual, quantiles=quantiles)
    return _core.pinball_loss(known, forecast, level)


def crps(actual: Any, levels: Sequence[float], quantiles: Any) -> float:
    """Mean continuous ranked probability score of quantiles of shape (rows, levels)."""
    table = np.ascontiguousarray(quantiles, dtype=np.float64)
    values = reals(actual)
    if table.shape != (len(values), len(levels)):
        raise ValueError(f"quantiles must be of shape {(len(values), len(levels))}, not {table.shape}")
    return _core.crps_score(as_bytes(values), as_bytes(reals(levels)), as_bytes(table))


def coverage(actual: Any, low: Any, high: Any) -> float:
    """Share of values from ``low`` to ``high``."""
    known, least, most = _pairs(actual=actual, low=low, high=high)
    return _core.coverage_share(known, least, most)


@dataclass(frozen=True)
class Calibration:
    """How probabilities compare with frequencies."""

    brier: float
    """Mean squared difference between probability and what happened."""
    error: float
    """Mean absolute difference between probability and frequency over classes, weighted by their size."""
    classes: list[tuple[float, float, int]]
    """Mean probability, frequency, and count of each class that has forecasts."""


def calibration(probabilities: Any, happened: Any, classes: int = 10) -> Calibration:
    """Compares probabilities with what happened, in classes of equal width."""
    outcomes = [bool(value) for value in np.asarray(happened).tolist()]
    column, _ = _pairs(probabilities=probabilities, happened=np.asarray(outcomes, dtype=np.float64))
    return Calibration(*_core.probability_scores(column, outcomes, classes))


def psi(reference: Any, current: Any, classes: int = 10) -> float:
    """The population stability index: below 0.1 little has changed, above 0.2 much."""
    return _core.stability_index(as_bytes(reals(reference)), as_bytes(reals(current)), classes)


def ks_test(a: Any, b: Any) -> tuple[float, float]:
    """Statistic and p-value of the two-sample test of Kolmogorov and Smirnov."""
    return _core.ks_two_samples(as_bytes(reals(a)), as_bytes(reals(b)))


@dataclass(frozen=True)
class Verdict:
    """Whether to train anew, and why. A report only: nothing is trained."""

    retrain: bool
    """Whether there is any reason."""
    reasons: list[str]
    """The reasons."""
    columns: Table
    """By input: ``name``, ``psi``, ``ks``, ``p_value``."""


def monitor(
    reference: Mapping[str, Any] | Any,
    current: Mapping[str, Any] | Any,
    *,
    losses: tuple[Any, Any] | None = None,
    coverage: tuple[float, Any] | None = None,
    max_psi: float = 0.2,
    ks_p: float = 0.001,
    ks_statistic: float = 0.15,
    loss_ratio: float = 1.2,
    coverage_points: float = 0.05,
    least: int = 50,
) -> Verdict:
    """Judges whether a model has aged: its inputs when it was made and now (dicts or frames with the same columns), its
    ``losses`` then and now, and the ``coverage`` that it promises with whether each recent value was inside. What has
    fewer than ``least`` recent values is not judged."""
    names = texts(list(reference.keys() if isinstance(reference, Mapping) else reference.columns))
    columns = [(name, as_bytes(reals(reference[name])), as_bytes(reals(current[name]))) for name in names]
    both = None if losses is None else (as_bytes(reals(losses[0])), as_bytes(reals(losses[1])))
    inside = None if coverage is None else (coverage[0], [bool(value) for value in np.asarray(coverage[1]).tolist()])
    limits = (max_psi, ks_p, ks_statistic, loss_ratio, coverage_points, least)
    retrain, reasons, drift = _core.monitor_model(columns, both, inside, limits)
    table = Table(
        {
            "name": [row[0] for row in drift],
            "psi": np.array([row[1] for row in drift], dtype=np.float64),
            "ks": np.array([row[2] for row in drift], dtype=np.float64),
            "p_value": np.array([row[3] for row in drift], dtype=np.float64),
        }
    )
    return Verdict(retrain, reasons, table)
