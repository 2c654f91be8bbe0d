"""From readings to the bins that must be visited: cleaning, features, forecasts, decisions, and tests on the past.

>>> from milkrun import forecast as mf
>>> city = mf.City(bins=20, days=60)
>>> cleaned = mf.clean(city.readings())
>>> model = mf.EmpiricalIncrements().fit(cleaned.increments())
>>> now = cleaned.readings.table()["time"].max()
>>> selection = mf.select(model, cleaned, at=now, visit_cost=400)
>>> sorted(set(selection["action"].tolist())) <= ["may", "must", "skip"]
True

Tables come in as frames of pandas or polars, anything with Arrow's capsule, or dicts of columns; answers are columns of
numpy (``Table``) with ``to_pandas()`` and ``to_polars()``. Times are UTC. Needs numpy: ``pip install
milkrun[forecast]``.
"""

from __future__ import annotations

from .._errors import ForecastError
from ._decide import Applied, Selection, select, time_to_full
from ._evaluate import (
    Calibration,
    Verdict,
    VisitScores,
    backtest,
    backtest_fill,
    backtest_visits,
    calibration,
    coverage,
    crps,
    ks_test,
    monitor,
    pinball,
    psi,
)
from ._features import (
    AsOfTable,
    Context,
    Feature,
    FeatureMatrix,
    FeatureState,
    calendar,
    difference,
    ewm,
    expanding,
    fading,
    features,
    fourier,
    holiday,
    lag,
    neighbour_mean,
    over,
    rolling,
    seasonal_rolling,
    since_event,
)
from ._models import EmpiricalIncrements, FillModel, GammaProcess, Ridge, SeriesModel, quantile_table
from ._series import Cleaned, Increments, Regular, Series, clean, visit_increments
from ._simulate import ByForecast, City, Fixed, Impact, Metrics, Threshold, impact, simulate
from ._table import Table

__all__ = [
    "Applied",
    "AsOfTable",
    "ByForecast",
    "Calibration",
    "City",
    "Cleaned",
    "Context",
    "EmpiricalIncrements",
    "Feature",
    "FeatureMatrix",
    "FeatureState",
    "FillModel",
    "Fixed",
    "ForecastError",
    "GammaProcess",
    "Impact",
    "Increments",
    "Metrics",
    "Regular",
    "Ridge",
    "Selection",
    "Series",
    "SeriesModel",
    "Table",
    "Threshold",
    "Verdict",
    "VisitScores",
    "backtest",
    "backtest_fill",
    "backtest_visits",
    "calendar",
    "calibration",
    "clean",
    "coverage",
    "crps",
    "difference",
    "ewm",
    "expanding",
    "fading",
    "features",
    "fourier",
    "holiday",
    "impact",
    "ks_test",
    "lag",
    "monitor",
    "neighbour_mean",
    "over",
    "pinball",
    "psi",
    "quantile_table",
    "rolling",
    "seasonal_rolling",
    "select",
    "simulate",
    "since_event",
    "time_to_full",
    "visit_increments",
]
