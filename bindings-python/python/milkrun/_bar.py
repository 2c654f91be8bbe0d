"""A progress bar: tqdm's where it is installed, else one line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ._stopping import Progress, RunsProgress, Stop


def bar(limits: Stop) -> Callable[[Progress | None], object]:
    """What shows each report, and closes the bar on ``None``."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _line
    by_time = limits.max_runtime is not None or limits.max_iterations is None
    seconds = 10.0 if limits == type(limits)() else limits.max_runtime
    shown: Any = tqdm(
        total=seconds if by_time else limits.max_iterations,
        desc="milkrun",
        unit="s" if by_time else "it",
        bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}{postfix}" if seconds or not by_time else None,
    )

    def show(report: Progress | None) -> None:
        if report is None:
            shown.close()
            return
        done = report.elapsed if by_time else float(report.iterations)
        shown.n = done if shown.total is None else min(done, shown.total)
        shown.set_postfix_str(_text(report), refresh=True)

    return show


def _line(report: Progress | RunsProgress | None) -> None:
    end = "\n" if report is None else ""
    text = "" if report is None else f"\rmilkrun: {report.elapsed:.1f} s, {_text(report)}"
    sys.stderr.write(text + end)
    sys.stderr.flush()


def count_bar() -> Callable[[RunsProgress | None], object]:
    """What shows how many searches have ended, and closes the bar on ``None``."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _line
    shown: Any = tqdm(desc="milkrun", unit="search")

    def show(report: RunsProgress | None) -> None:
        if report is None:
            shown.close()
            return
        shown.total, shown.n = report.searches, report.done
        shown.refresh()

    return show


def _text(report: Progress | RunsProgress) -> str:
    if isinstance(report, RunsProgress):
        return f"{report.done} of {report.searches} searches"
    cost = "no feasible plan yet" if report.best_cost is None else f"cost {report.best_cost:,.10g}"
    return f"{cost}, {report.routes} routes, {report.iterations} iterations"
