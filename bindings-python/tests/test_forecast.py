"""Forecasting: the same numbers as the core's, from and to every kind of table."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import milkrun
from milkrun import forecast as mf

HOUR = 3600
DAY = 86_400


def table(rows: Sequence[tuple[str, float, float]]) -> dict[str, list[object]]:
    return {"id": [r[0] for r in rows], "time": [r[1] for r in rows], "value": [r[2] for r in rows]}


ROWS: list[tuple[str, float, float]] = [("b", 2 * HOUR, 30.0), ("a", 0, 10.0), ("b", HOUR, 20.0), ("a", HOUR, math.nan)]


def as_datetimes(rows: Sequence[tuple[str, float, float]]) -> dict[str, list[object]]:
    moments: list[object] = [datetime(1970, 1, 1) + timedelta(seconds=r[1]) for r in rows]
    return {**table(rows), "time": moments}


@pytest.mark.parametrize(
    "data",
    [
        table(ROWS),
        [dict(zip(("id", "time", "value"), row, strict=True)) for row in ROWS],
        as_datetimes(ROWS),
        pd.DataFrame(table(ROWS)),
        pd.DataFrame(as_datetimes(ROWS)),
        pd.DataFrame(as_datetimes(ROWS)).assign(
            time=lambda f: f["time"].dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
        ),
        pl.DataFrame(table(ROWS)),
        pl.DataFrame(as_datetimes(ROWS)),
        pa.table(as_datetimes(ROWS)),
    ],
    ids=["columns", "rows", "datetimes", "pandas", "pandas times", "pandas zone", "polars", "polars times", "arrow"],
)
def test_series_of_every_kind_of_table(data: object) -> None:
    series = mf.Series(data)
    assert series.names == ["b", "a"]
    found = series.table()
    assert found["id"].tolist() == ["b", "b", "a", "a"]
    assert (found["time"].astype(np.int64) // 1).tolist() == [HOUR, 2 * HOUR, 0, HOUR]
    assert found["value"][:3].tolist() == [20.0, 30.0, 10.0]
    assert math.isnan(found["value"][3])


def test_other_names_of_columns() -> None:
    series = mf.Series({"bin": ["x"], "when": [5], "fill": [7.0]}, id="bin", time="when", value="fill")
    assert series.table().to_dict() == {"id": ["x"], "time": [datetime(1970, 1, 1, 0, 0, 5)], "value": [7.0]}
    with pytest.raises(ValueError, match="there is no column 'value'; the columns are id, time"):
        mf.Series({"id": ["x"], "time": [1]})


def test_moments() -> None:
    known = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    series = mf.Series({"id": ["x"], "time": [known], "value": [1.0]})
    assert series.table()["time"][0] == np.datetime64("2026-03-01T10:00:00")
    assert len(series.before("2026-03-01").table()["id"]) == 0
    with pytest.raises(ValueError, match=r"time\[1\] is no number"):
        mf.Series({"id": ["x", "x"], "time": [1.0, math.nan], "value": [1.0, 1.0]})
    with pytest.raises(ValueError, match=r"time\[0\] is missing"):
        mf.Series({"id": ["x"], "time": np.array(["NaT"], "datetime64[s]"), "value": [1.0]})


def test_all_faults_at_once() -> None:
    with pytest.raises(mf.ForecastError) as caught:
        mf.Series({"id": ["x"] * 3, "time": [0, 2**40, 2], "value": [math.inf, 1.0, -math.inf]})
    assert len(caught.value.issues) == 3
    assert caught.value.issues[0].path.startswith("values[")
    assert caught.value.code == "forecast"
    assert isinstance(caught.value, milkrun.MilkrunError)
    with pytest.raises(mf.ForecastError) as caught:
        mf.clean(table(ROWS), full=-1, noise=math.nan, max_gap=0)
    assert {issue.path for issue in caught.value.issues} >= {"full", "noise", "max_gap"}


def test_cleaning() -> None:
    levels = [0, 20, 40, 60, 500, 80, 0, 20, math.nan, 40]
    cleaned = mf.clean(table([("a", i * 6 * HOUR, level) for i, level in enumerate(levels)]))
    report = cleaned.report().rows()[0]
    assert (report["rows"], report["missing"], report["out_of_range"]) == (10, 1, 1)
    emptyings = cleaned.emptyings().rows()
    assert [(e["level_before"], e["given"]) for e in emptyings] == [(80.0, False)]
    latest = cleaned.latest().rows()[0]
    assert (latest["level"], latest["time"]) == (40.0, datetime(1970, 1, 1) + timedelta(hours=54))
    amounts = cleaned.increments().table()["amount"]
    # 0 to 80, then 0 to 40: what went in across the emptying is not known.
    assert amounts.sum() == pytest.approx(120.0)
    given = mf.clean(table([("a", 0, 50.0), ("a", DAY, 60.0)]), emptyings={"id": ["a"], "time": [DAY // 2]})
    assert given.emptyings().rows()[0]["given"]


def test_regular_series() -> None:
    series = mf.Series(table([("a", 0, 2.0), ("a", HOUR, 4.0), ("a", 2 * DAY, 9.0)]))
    regular = series.resample(timedelta(days=1), fill="linear")
    assert regular[0].tolist() == [3.0, 6.0, 9.0]
    assert series.resample(DAY, fill=0)[0].tolist() == [3.0, 0.0, 9.0]
    assert regular.table()["time"].tolist()[1] == datetime(1970, 1, 2)
    with pytest.raises(ValueError, match='fill = "nearest"'):
        series.resample(DAY, fill="nearest")


def test_features_by_hand() -> None:
    series = mf.Series(table([("a", i * DAY, float(v)) for i, v in enumerate([1, 2, 4, 8])]))
    wanted = [
        mf.lag(1),
        mf.rolling("mean", 2),
        mf.rolling(0.5, 3, min_samples=1),
        mf.difference(1, 1),
        mf.calendar("day_of_week"),
    ]
    found = mf.features(series, wanted)
    assert found.columns[:2] == ["lag1", "rolling_mean_lag1_window2"]
    assert found.values[3].tolist() == [4.0, 3.0, 2.0, 2.0, 6.0]
    single = mf.features(series, wanted, dtype="float32")
    assert single.values.dtype == np.float32
    assert found.to_pandas().shape == (4, 8)
    assert found.to_polars().columns[:3] == ["id", "time", "value"]
    context = mf.Context(holidays=[date(1970, 1, 3)], events={"id": ["a"], "time": [DAY]}, coords=[(0.0, 0.0)])
    more = mf.features(series, [mf.holiday(), mf.holiday("days_to"), mf.since_event()], context=context)
    assert more.values[2, 0] == 1.0
    assert more.values[0, 1] == 2.0
    assert more.values[3, 2] == 2.0
    with pytest.raises(mf.ForecastError) as caught:
        mf.features(series, [mf.lag(0), mf.rolling("mean", 0), mf.ewm(2.0)])
    assert len(caught.value.issues) >= 3


def test_the_state_makes_the_row_to_come() -> None:
    rows = [(name, i * DAY, float((i * 7 + len(name)) % 11)) for name in ("a", "bb") for i in range(30)]
    wanted = [
        mf.lag(2),
        mf.rolling("std", 5),
        mf.ewm(0.3),
        mf.over(timedelta(days=3), "mean"),
        mf.fading(DAY),
        mf.expanding("max"),
    ]
    state = mf.FeatureState(mf.Series(table([row for row in rows if row[1] < 29 * DAY])), wanted)
    batch = mf.features(mf.Series(table(rows)), wanted).values.reshape(2, 30, -1)
    assert np.allclose(state.rows(29 * DAY), batch[:, 29], rtol=1e-12, atol=0, equal_nan=True)
    for name, moment, value in rows:
        if moment == 29 * DAY:
            state.update(name, moment, value)
    assert state.rows([30 * DAY, 30 * DAY])[0, 0] == rows[28][2]
    with pytest.raises(ValueError, match="no series 'c'"):
        state.update("c", 0, 1.0)
    with pytest.raises(mf.ForecastError):
        state.update("a", 0, 1.0)


def test_as_of_is_strict() -> None:
    known = mf.AsOfTable(["a", "a", "b"], [10, 20, 10], [1.0, 2.0, 3.0], known=[10, 50, 10])
    values, rows = known.join(["a", "a", "a", "b", "c"], [10, 30, 60, 11, 99])
    assert rows.tolist() == [-1, 0, 1, 2, -1]
    assert values[1:4].tolist() == [1.0, 2.0, 3.0]
    assert known.join(["a"], [10], allow_exact=True)[0].tolist() == [1.0]
    assert known.join(["b"], [1000], tolerance=timedelta(seconds=5))[1].tolist() == [-1]


def test_models_of_regular_series() -> None:
    week = [5.0, 1.0, 2.0, 3.0, 4.0, 9.0, 0.0]
    regular = mf.Regular(["a", "b"], [week * 6, [v + 1 for v in week] * 6], start=0)
    found = mf.SeriesModel("seasonal_naive").forecast(regular, 7, levels=[0.5])
    assert found["mean"].tolist() == week + [v + 1 for v in week]
    assert found["time"][0] == np.datetime64("1970-02-12")
    for kind in ("theta", "ets", "croston", "sba", "tsb"):
        assert np.isfinite(mf.SeriesModel(kind).forecast(regular, 3)["q0.9"]).all()
    scores = mf.backtest(regular, [mf.SeriesModel("seasonal_naive"), mf.SeriesModel("theta")])
    assert scores["mae"][0] == 0.0
    assert scores["forecasts"].tolist() == [56, 56]
    with pytest.raises(mf.ForecastError):
        mf.SeriesModel("theta").forecast(mf.Regular(["a"], [[]]), 3)
    with pytest.raises(ValueError, match="seasonal_naive, theta"):
        mf.SeriesModel("arima").forecast(regular, 3)


def test_a_plugged_in_table() -> None:
    # Ten points an hour, give or take two: the example of the core's documentation.
    rows = {"id": ["x"] * 3, "horizon": [timedelta(hours=1)] * 3, "level": [0.1, 0.5, 0.9], "amount": [8.0, 10.0, 12.0]}
    model = mf.quantile_table(pd.DataFrame(rows), begin=0)
    state = {"id": ["x"], "time": [0], "level": [60.0]}
    hours = [h * HOUR for h in range(1, 7)]
    found = mf.time_to_full(model, state, hours)
    assert (found["p2"][0], found["p5"][0]) == (0.0, 1.0)
    assert abs(found["full_by_0.5"].astype(np.int64)[0] / HOUR - 4.0) < 0.2
    assert model.rise(0, HOUR, levels=[0.5])["q0.5"][0] == pytest.approx(10.0, abs=0.2)
    with pytest.raises(ValueError, match="names has no 'x'"):
        mf.quantile_table(rows, begin=0, names=["y"])
    with pytest.raises(ValueError, match="knows no bin 'z'"):
        mf.time_to_full(model, {"id": ["z"], "time": [0], "level": [1.0]}, hours)
    with pytest.raises(mf.ForecastError) as caught:
        mf.quantile_table({"id": ["x"], "horizon": [0], "level": [2.0], "amount": [math.nan]}, begin=0)
    assert len(caught.value.issues) == 3


def test_decisions_become_a_problem() -> None:
    rows = [
        {"id": name, "horizon": DAY * days, "level": level, "amount": rate * days * (0.9 + 0.2 * level)}
        for name, rate in (("fast", 60.0), ("slow", 9.0))
        for days in (1, 2, 4, 8, 16)
        for level in (0.1, 0.5, 0.9)
    ]
    model = mf.quantile_table(rows, begin=0, names=["fast", "slow"])
    selection = mf.select(model, {"id": ["fast", "slow"], "time": [0, 0], "level": [50.0, 10.0]}, at=0, visit_cost=400)
    assert selection["action"].tolist() == ["must", "skip"]
    assert selection.must.tolist() == ["fast"]
    unknown = mf.select(model, {"id": ["slow"], "time": [0], "level": [10.0]}, at=0, visit_cost=400)
    assert unknown["reason"][0] == "its level is unknown"
    city = milkrun.Model(name="city")
    yard = city.add_depot(0, 0)
    for name in ("fast", "slow", "other"):
        city.add_client(3, 4, pickup=1, name=name)
    city.add_vehicle_type(1, capacity=100, start=yard, end=yard)
    applied = selection.apply(city.build(), load_when_full=80)
    assert (applied.must, applied.may, applied.skip, applied.unmatched) == (1, 0, 1, [])
    plan = milkrun.solve(applied.problem, stop=milkrun.MaxIterations(200)).plan
    served = {visit.name for route in plan.routes for trip in route.trips for visit in trip.visits}
    assert "fast" in served
    assert "other" in served
    assert milkrun.check(applied.problem, plan).is_feasible


def test_tests_on_the_past() -> None:
    city = mf.City(bins=12, days=60, seed=3)
    again = mf.City(bins=12, days=60, seed=3).readings().table()
    assert np.array_equal(city.readings().table()["value"], again["value"], equal_nan=True)
    assert city.deposits().shape == (12, 240)
    cleaned = mf.clean(city.readings())
    found = mf.backtest_fill(cleaned, mf.GammaProcess())
    assert found["horizon"].tolist() == [DAY, 2 * DAY, 3 * DAY]
    assert (found["coverage"] > 0.5).all()
    everything = mf.simulate(city, mf.Fixed(2), warm_up=42, iterations=50)
    assert everything.days == 18
    assert everything.visits == 12 * 9
    assert everything.kilometres_per_tonne > 0
    chosen = mf.simulate(city, mf.ByForecast(), iterations=50)
    assert chosen.visits < everything.visits
    spared = mf.impact(everything, chosen, kilometre=2.0, visit=3, overflow=50)
    assert spared.visits == everything.visits - chosen.visits
    assert spared.money == pytest.approx(2 * spared.kilometres + 3 * spared.visits + 50 * spared.overflows)
    assert f"{spared.visits} visits less" in str(spared)
    with pytest.raises(mf.ForecastError):
        mf.simulate(city, mf.Fixed(0))


def test_scores_by_hand() -> None:
    assert mf.pinball([10.0], [8.0], 0.9) == pytest.approx(1.8)
    assert mf.coverage([1.0, 5.0], [0.0, 0.0], [2.0, 2.0]) == 0.5
    perfect = mf.calibration([0.0, 1.0], [False, True])
    assert (perfect.brier, perfect.error) == (0.0, 0.0)
    assert mf.calibration([0.8], [False]).brier == pytest.approx(0.64)
    assert mf.crps([1.0], [0.5], [[1.0]]) == 0.0
    with pytest.raises(ValueError, match="of shape"):
        mf.crps([1.0], [0.5], [[1.0, 2.0]])
    with pytest.raises(ValueError, match="of one length"):
        mf.pinball([1.0], [1.0, 2.0], 0.5)


def test_monitoring() -> None:
    then = pd.DataFrame({"lag1": np.arange(500) % 100})
    verdict = mf.monitor(then, then + 30)
    assert verdict.retrain
    assert verdict.reasons[0].startswith("lag1: stability index")
    same = mf.monitor(then, then, losses=([1.0] * 100, [1.1] * 100), coverage=(0.8, [True] * 80 + [False] * 20))
    assert (same.retrain, same.reasons) == (False, [])
    assert mf.monitor({}, {}, losses=([1.0] * 100, [2.0] * 100)).retrain
    assert mf.psi(then["lag1"], then["lag1"]) == pytest.approx(0.0)
    assert mf.ks_test([1.0, 2.0], [1.0, 2.0])[0] == 0.0


def test_ridge() -> None:
    x = np.column_stack([np.arange(50.0), np.sin(np.arange(50.0))])
    y = 3.0 * x[:, 0] - 2.0 * x[:, 1] + 1.0
    model = mf.Ridge(x, y)
    assert np.allclose(model.predict(x), y, atol=0.2)
    assert model.predict_quantiles(x[:3], [0.1, 0.9]).shape == (3, 2)
    assert len(model.weights) == 2
    with pytest.raises(mf.ForecastError):
        mf.Ridge(x[:3], y[:3])
    with pytest.raises(ValueError, match="rows and columns"):
        mf.Ridge([1.0], [1.0])


def test_visits_without_sensors() -> None:
    dice = np.random.default_rng(1)
    rows = []
    for name in ("a", "b", "c", "d"):
        moment = 0.0
        for _ in range(60):
            gap = dice.uniform(1, 5)
            moment += gap * DAY
            rows.append((name, moment // 1, min(100.0, 20 * gap + dice.normal(0, 3))))
    scores = mf.backtest_visits(table(rows))
    assert scores.mae < scores.mae_last
    assert scores.visits > 50
    assert mf.visit_increments(table(rows)).table().num_rows > 100


def test_tables_go_everywhere() -> None:
    found = mf.City(bins=3, days=2).bins()
    assert found.to_pandas()["id"].tolist() == found["id"].tolist()
    assert pl.DataFrame(found.to_polars())["kilograms"].to_list() == found["kilograms"].tolist()
    series = mf.City(bins=3, days=2).readings().table()
    arrow = pa.table(series)
    assert arrow.column_names == ["id", "time", "value"]
    assert arrow["time"][0].as_py() == series["time"].tolist()[0]
    assert "rows of id" in repr(series)


def test_other_threads_run_meanwhile() -> None:
    city = mf.City(bins=40, days=90)
    ticks = 0
    done = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    mf.simulate(city, mf.Fixed(3), iterations=300)
    done.set()
    other.join()
    assert ticks > 10


def test_examples_of_the_documentation() -> None:
    modules = [importlib.import_module(f"milkrun.forecast.{found.name}") for found in pkgutil.iter_modules(mf.__path__)]
    results = [doctest.testmod(module, extraglobs=vars(mf)) for module in [mf, *modules]]
    assert sum(result.attempted for result in results) >= 8
    assert sum(result.failed for result in results) == 0
