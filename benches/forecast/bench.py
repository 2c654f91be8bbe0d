#!/usr/bin/env python3
"""Features, as-of joins and models of milkrun beside pandas, polars, mlforecast, coreforecast and statsforecast.

    cargo build --profile shipped --package milkrun-benches --bin forecast-bench
    python3 -m pip install numpy pandas polars mlforecast coreforecast statsforecast
    taskset -c 1 python3 benches/forecast/bench.py --binary target/shipped/forecast-bench

Every case runs in a process of its own, on one thread, on the same made-up panel of daily series (fixed seed), and
prints a line of JSON: best and median seconds of the repetitions on the clock, best seconds of the processor (steadier
on a machine that others use), memory on top of the input, and a sum over the results, so that the cases can be seen to agree.

The 21 features: lags 1, 7, 14, 28; mean and standard deviation of lag 1 over 7 and 28 rows; exponentially weighted
mean of lag 1 (alpha 0.3); day of week, day, month, ISO week, day of year, weekend; three Fourier pairs of the week.
Models forecast the last 14 days of 1,000 series.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS",
             "RAYON_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("NIXTLA_ID_AS_COL", "1")

SEED = 20261122
WEEK = 7


def panel(n, t):
    """n daily series: a level by a weekday's share, a slow wave and gamma noise; 15 % are intermittent."""
    import numpy as np
    r = np.random.default_rng(SEED)
    base = r.gamma(2.0, 6.0, n)[:, None]
    weekday = r.dirichlet(np.full(7, 20.0), n) * 7
    days = np.arange(t)
    season = 1 + 0.2 * np.sin(2 * np.pi * (days[None, :] / 365.25 + r.random(n)[:, None]))
    y = base * weekday[:, days % 7] * season * r.gamma(8.0, 1 / 8.0, (n, t))
    intermittent = r.random(n) < 0.15
    y[intermittent] *= r.random((intermittent.sum(), t)) < 0.3
    return y


def columns(n, t):
    import numpy as np
    days = np.datetime64("2025-01-01", "D") + np.arange(t)
    return np.repeat(np.arange(n, dtype=np.int64), t), np.tile(days, n), panel(n, t).ravel()


def pandas_frame(n, t):
    import pandas as pd
    uid, ds, y = columns(n, t)
    return pd.DataFrame({"unique_id": uid, "ds": ds.astype("datetime64[ns]"), "y": y})


def polars_frame(n, t):
    import polars as pl
    uid, ds, y = columns(n, t)
    return pl.DataFrame({"unique_id": uid, "ds": ds.astype("datetime64[ms]"), "y": y})


# Each case returns what is timed, and how to make a list of columns of its result.
def case_pandas(n, t):
    import numpy as np
    df = pandas_frame(n, t)

    def go():
        out = df.copy()
        g = out.groupby("unique_id", sort=False)["y"]
        for k in (1, 7, 14, 28):
            out[f"lag{k}"] = g.shift(k)
        lag1 = out.groupby("unique_id", sort=False)["lag1"]
        for w in (7, 28):
            rolling = lag1.rolling(w)
            out[f"mean{w}"] = rolling.mean().to_numpy()
            out[f"std{w}"] = rolling.std().to_numpy()
        out["ewm"] = lag1.ewm(alpha=0.3, adjust=False).mean().to_numpy()
        d = out["ds"].dt
        out["dow"], out["day"], out["month"] = d.dayofweek, d.day, d.month
        out["week"], out["doy"], out["weekend"] = d.isocalendar().week.to_numpy(), d.dayofyear, d.dayofweek >= 5
        x = (out["ds"].to_numpy().astype("datetime64[D]").astype("int64") % WEEK) * (2 * np.pi / WEEK)
        for k in (1, 2, 3):
            out[f"s{k}"], out[f"c{k}"] = np.sin(k * x), np.cos(k * x)
        return out

    return go, lambda out: [out[c].to_numpy() for c in out.columns[3:]]


def case_polars(n, t):
    import math
    import polars as pl
    df = polars_frame(n, t)

    def go():
        y, by, d = pl.col("y"), "unique_id", pl.col("ds").dt
        lag1 = y.shift(1)
        fe = [y.shift(k).over(by).alias(f"lag{k}") for k in (1, 7, 14, 28)]
        for w in (7, 28):
            fe += [lag1.rolling_mean(w).over(by).alias(f"mean{w}"), lag1.rolling_std(w).over(by).alias(f"std{w}")]
        fe.append(lag1.ewm_mean(alpha=0.3, adjust=False).over(by).alias("ewm"))
        x = (pl.col("ds").cast(pl.Date).cast(pl.Int32) % WEEK).cast(pl.Float64) * (2 * math.pi / WEEK)
        fe += [d.weekday().alias("dow"), d.day().alias("day"), d.month().alias("month"), d.week().alias("week"),
               d.ordinal_day().alias("doy"), (d.weekday() >= 6).alias("weekend")]
        for k in (1, 2, 3):
            fe += [(x * k).sin().alias(f"s{k}"), (x * k).cos().alias(f"c{k}")]
        return df.lazy().with_columns(fe).collect()

    return go, lambda out: [out[c].to_numpy() for c in out.columns[3:]]


def case_mlforecast(n, t):
    """On polars frames, its faster engine here."""
    import math
    import polars as pl
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExponentiallyWeightedMean, RollingMean, RollingStd
    df = polars_frame(n, t)

    def weekend(d):
        return d.dt.weekday() >= 6

    dates = ["weekday", "day", "month", "ordinal_day", "week", weekend]
    for k in (1, 2, 3):
        for name in ("sin", "cos"):
            def wave(d, k=k, name=name):
                x = (d.cast(pl.Date).cast(pl.Int32) % WEEK).cast(pl.Float64) * (2 * math.pi / WEEK)
                return getattr(x * k, name)()
            wave.__name__ = f"{name}{k}"
            dates.append(wave)
    rolled = [RollingMean(7), RollingStd(7), RollingMean(28), RollingStd(28), ExponentiallyWeightedMean(0.3)]
    model = MLForecast(models=[], freq="1d", lags=[1, 7, 14, 28], lag_transforms={1: rolled}, date_features=dates,
                       num_threads=1)

    def go():
        return model.preprocess(df, id_col="unique_id", time_col="ds", target_col="y", static_features=[], dropna=False)

    return go, lambda out: [out[c].to_numpy() for c in out.columns if c not in ("unique_id", "ds", "y")]


def case_coreforecast(n, t):
    """The nine numeric columns only, as arrays."""
    import numpy as np
    from coreforecast.grouped_array import GroupedArray
    from coreforecast.lag_transforms import ExponentiallyWeightedMean, Lag, RollingMean, RollingStd
    y = panel(n, t).ravel()
    ends = np.arange(0, n * t + 1, t, dtype=np.int32)
    nine = [Lag(1), Lag(7), Lag(14), Lag(28), RollingMean(1, 7), RollingStd(1, 7), RollingMean(1, 28),
            RollingStd(1, 28), ExponentiallyWeightedMean(1, 0.3)]
    return lambda: [f.transform(GroupedArray(y, ends, num_threads=1)) for f in nine], lambda out: out


def questions(n, t, count=1_000_000):
    import numpy as np
    r = np.random.default_rng(SEED + 1)
    count = min(count, n * t)
    return r.integers(0, n, count), r.integers(0, t * 86400, count)


def case_asof_pandas(n, t):
    import numpy as np
    import pandas as pd
    rows = pandas_frame(n, t).sort_values("ds", kind="stable")
    uid, seconds = questions(n, t)
    ts = np.datetime64("2025-01-01", "s") + seconds
    q = pd.DataFrame({"unique_id": uid, "ts": ts.astype("datetime64[ns]")})
    age = pd.Timedelta("2D")
    return (lambda: pd.merge_asof(q.sort_values("ts"), rows, left_on="ts", right_on="ds", by="unique_id", tolerance=age),
            lambda out: [out["y"].to_numpy()])


def case_asof_polars(n, t):
    import numpy as np
    import polars as pl
    rows = polars_frame(n, t).sort("ds")
    uid, seconds = questions(n, t)
    ts = np.datetime64("2025-01-01", "s") + seconds
    q = pl.DataFrame({"unique_id": uid, "ts": ts.astype("datetime64[ms]")})
    return (lambda: q.sort("ts").join_asof(rows, left_on="ts", right_on="ds", by="unique_id", strategy="backward",
                                           tolerance="2d", check_sortedness=False),
            lambda out: [out["y"].to_numpy()])


def statsforecast(make):
    def case(n, t):
        import numpy as np
        from statsforecast import StatsForecast
        n, horizon = min(n, 1000), 14
        df = pandas_frame(n, t)
        last = df.groupby("unique_id").cumcount(ascending=False) < horizon
        train, test = df[~last], df[last]["y"].to_numpy().reshape(n, horizon)
        history = train["y"].to_numpy().reshape(n, t - horizon)
        scale = np.abs(history[:, 7:] - history[:, :-7]).mean(1)

        def go():
            return StatsForecast(models=[make()], freq="D", n_jobs=1).forecast(df=train, h=horizon)

        def scores(out):
            column = [c for c in out.columns if c not in ("unique_id", "ds")][0]
            errors = np.abs(out[column].to_numpy().reshape(n, horizon) - test)
            return {"mae": round(float(errors.mean()), 4), "mase": round(float((errors / scale[:, None]).mean()), 4)}

        return go, scores
    return case


def model(name, **options):
    def make():
        import statsforecast.models as models
        return getattr(models, name)(**options)
    return statsforecast(make)


MODELS = {
    "sf_seasonal_naive": model("SeasonalNaive", season_length=7),
    "sf_croston_sba": model("CrostonSBA"),
    "sf_theta": model("Theta", season_length=7),
    "sf_ets_ana": model("AutoETS", season_length=7, model="ANA"),
    "sf_auto_ets": model("AutoETS", season_length=7),
}
CASES = {
    "pandas": case_pandas,
    "polars": case_polars,
    "mlforecast": case_mlforecast,
    "coreforecast (nine)": case_coreforecast,
    "as-of pandas": case_asof_pandas,
    "as-of polars": case_asof_polars,
    **MODELS,
}
OWN = ["milkrun", "milkrun (nine)", "as-of milkrun", "milkrun models"]


def resident_mb():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * resource.getpagesize() / 2**20


class Peak(threading.Thread):
    """The highest resident memory while it runs: the system's own maximum would count the set-up, too."""

    def __init__(self):
        super().__init__(daemon=True)
        self.running, self.peak = True, 0.0

    def run(self):
        while self.running:
            self.peak = max(self.peak, resident_mb())
            time.sleep(0.005)


def child(name, n, t, reps):
    import gc
    import numpy as np
    warm, _ = CASES[name](20, 120)
    warm()
    go, look = CASES[name](n, t)
    reps = 1 if name in MODELS else reps
    gc.collect()
    base, wall, cpu, out = resident_mb(), [], [], None
    peak = Peak()
    peak.start()
    for _ in range(reps):
        out = None
        gc.collect()
        w, c = time.perf_counter(), time.process_time()
        out = go()
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
    peak.running = False
    peak.join()
    line = {"best_s": round(min(wall), 3), "median_s": round(statistics.median(wall), 3), "best_cpu_s": round(min(cpu), 3),
            "peak_extra_mb": round(peak.peak - base)}
    if name in MODELS:
        line.update(ms_per_series=round(min(cpu) / min(n, 1000) * 1e3, 4), **look(out))
    else:
        line["check"] = round(float(sum(np.nansum(np.asarray(c, dtype=np.float64)) for c in look(out)[:9])), 1)
    print(json.dumps(line))


def own(name, binary, n, t, reps, folder):
    import numpy as np
    data, asked, few = (os.path.join(folder, name) for name in ("panel", "questions", "few"))
    if not os.path.exists(data):
        panel(min(n, 1000), t).astype("<f8").tofile(few)
        panel(n, t).astype("<f8").tofile(data)
        uid, seconds = questions(n, t)
        start = int(np.datetime64("2025-01-01", "s").astype("int64"))
        np.concatenate([uid, start + seconds]).astype("<i8").tofile(asked)
    arguments = {
        "milkrun": ["features", data, n, t, reps, "all"],
        "milkrun (nine)": ["features", data, n, t, reps, "nine"],
        "as-of milkrun": ["as-of", data, n, t, reps, asked],
        "milkrun models": ["models", few, min(n, 1000), t],
    }[name]
    return [binary, *map(str, arguments)]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default="target/shipped/forecast-bench")
    p.add_argument("--series", type=int, default=10_000)
    p.add_argument("--days", type=int, default=365)
    p.add_argument("--reps", type=int, default=5)
    p.add_argument("--only", help="cases, separated by commas")
    p.add_argument("--case", help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.case:
        return child(a.case, a.series, a.days, a.reps)
    with tempfile.TemporaryDirectory() as folder:
        for name in a.only.split(",") if a.only else [*OWN, *CASES]:
            command = own(name, a.binary, a.series, a.days, a.reps, folder) if name in OWN else [
                sys.executable, __file__, "--case", name, "--series", str(a.series), "--days", str(a.days),
                "--reps", str(a.reps)]
            run = subprocess.run(command, capture_output=True, text=True)
            last = (run.stdout.strip().splitlines() or [""])[-1]
            print(f"{name:<22} {last if run.returncode == 0 else run.stderr.strip()[-300:]}", flush=True)


if __name__ == "__main__":
    main()
