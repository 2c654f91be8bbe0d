"""LightGBM and Prophet forecast what goes into bins; milkrun makes decisions of it.

Both learn from milkrun's clean increments, LightGBM from its features too, and give quantiles back. Run it with
``python forecast_plugged.py``, after ``pip install lightgbm prophet``; whichever is not installed is skipped.
"""

import importlib
import importlib.util
import logging
from typing import Any

import numpy as np

from milkrun import forecast as mf

DAY = 86_400
LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
DAYS_AHEAD = 4


def daily_waste(cleaned: mf.Cleaned) -> mf.Series:
    """What went into each bin on each day, as far as it was observed."""
    table = cleaned.increments().per_step().table()
    known = ~np.isnan(table["value"])
    return mf.Series({name: column[known] for name, column in table.items()})


def by_lightgbm(waste: mf.Series, begin: int) -> list[dict[str, Any]]:
    """A tree ensemble for each quantile, on features of the days before; the days ahead are taken to be alike."""
    lgb: Any = importlib.import_module("lightgbm")

    wanted = [
        *(mf.lag(n) for n in (1, 2, 7)),
        *(mf.rolling(stat, 28, min_samples=3) for stat in ("mean", "std", 0.9)),
        mf.seasonal_rolling("mean", 7, 4, min_samples=1),
        mf.expanding("mean"),
        mf.calendar("day_of_week"),
    ]
    matrix = mf.features(waste, wanted)
    target = waste.table()["value"]
    state = mf.FeatureState(waste, wanted)
    rows: list[dict[str, Any]] = []
    for level in LEVELS:
        settings = {"objective": "quantile", "alpha": level, "verbosity": -1, "seed": 1, "num_leaves": 15}
        model: Any = lgb.train(settings, lgb.Dataset(matrix.values, target), num_boost_round=120)
        total: Any = np.zeros(len(waste))
        for day in range(DAYS_AHEAD):
            total = total + np.maximum(0.0, np.asarray(model.predict(state.rows(begin + day * DAY))))
            rows += [
                {"id": name, "horizon": (day + 1) * DAY, "level": level, "amount": amount}
                for name, amount in zip(waste.names, total.tolist(), strict=True)
            ]
    return rows


def by_prophet(waste: mf.Series, begin: int) -> list[dict[str, Any]]:
    """A curve with a week for each bin; quantiles of its simulated futures, summed over days."""
    pd: Any = importlib.import_module("pandas")
    prophet: Any = importlib.import_module("prophet")

    logging.getLogger("cmdstanpy").disabled = True
    ahead: Any = pd.DataFrame({"ds": pd.to_datetime([begin + day * DAY for day in range(DAYS_AHEAD)], unit="s")})
    rows: list[dict[str, Any]] = []
    frames: Any = waste.table().to_pandas()
    for name, frame in frames.groupby("id", sort=False):
        history: Any = pd.DataFrame({"ds": frame["time"].astype("datetime64[ns]"), "y": frame["value"]})
        model: Any = prophet.Prophet(weekly_seasonality=True, yearly_seasonality=False, uncertainty_samples=300)
        model.fit(history, seed=1)
        futures = np.maximum(0.0, model.predictive_samples(ahead)["yhat"]).cumsum(axis=0)
        for day, amounts in enumerate(np.quantile(futures, LEVELS, axis=1).T.tolist()):
            rows += [
                {"id": name, "horizon": (day + 1) * DAY, "level": level, "amount": amount}
                for level, amount in zip(LEVELS, amounts, strict=True)
            ]
    return rows


def main() -> None:
    """Decides for one round, by each model."""
    cleaned = mf.clean(mf.City(bins=15, days=90, seed=5).readings())
    last = int(cleaned.readings.table()["time"].max().astype(np.int64))
    begin = last - last % DAY  # the days up to here are complete
    known = mf.clean(cleaned.readings.before(begin))
    waste = daily_waste(known)
    models: dict[str, mf.FillModel] = {"milkrun": mf.EmpiricalIncrements().fit(known.increments())}
    for name, make in (("lightgbm", by_lightgbm), ("prophet", by_prophet)):
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed: pip install {name}")
            continue
        models[name] = mf.quantile_table(make(waste, begin), begin=begin, names=known.readings.names)
    for name, model in models.items():
        selection = mf.select(model, known, at=begin, visit_cost=400)
        full = mf.time_to_full(model, known, [begin + (day + 1) * DAY for day in range(DAYS_AHEAD)])
        actions = selection["action"].tolist()
        counts = ", ".join(f"{actions.count(action)} {action}" for action in ("must", "may", "skip"))
        print(f"{name}: {counts}; expected to be full in a day: {full['p0'].sum():.2f} of {len(model)} bins")


if __name__ == "__main__":
    main()
