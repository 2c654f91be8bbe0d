"""When bins are full, and which of them a round must, may or need not visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from .. import _core
from .._problem import Problem
from ._arrays import Array, Span, Time, as_bytes, moments, reals, reals_of, span, texts, time, times
from ._models import FillModel
from ._series import Cleaned, _columns
from ._table import Table


def _states(model: FillModel, states: Cleaned | Any) -> tuple[bytes, bytes]:
    """Times and levels in the order of the model's bins; NaN for bins of which nothing is known."""
    table = states.latest() if isinstance(states, Cleaned) else _columns(states, ["id", "time", "level"])
    levels = reals(table["level"])
    names = np.array(texts(table["id"]), dtype=object)
    known = ~np.isnan(levels)
    moments_ = times(np.asarray(table["time"])[known])
    places = {name: i for i, name in enumerate(model.names)}
    at, level = np.zeros(len(model), dtype=np.int64), np.full(len(model), np.nan)
    for name, moment, value in zip(names[known].tolist(), moments_.tolist(), levels[known].tolist(), strict=True):
        if name not in places:
            raise ValueError(f"the model knows no bin {name!r}")
        at[places[name]], level[places[name]] = moment, value
    return as_bytes(at), as_bytes(level)


def time_to_full(
    model: FillModel,
    states: Cleaned | Any,
    horizons: Sequence[Time],
    *,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
    full: float | None = None,
) -> Table:
    """When each bin will be full.

    ``states`` is what ``clean`` gave, or a table of ``id``, ``time`` and ``level``. Columns: ``id``, the probability of
    being full by each of the ``horizons`` (moments, ascending) as ``p0``, ``p1``, …, and for each level the first time
    by which the bin is full with that probability, as ``full_by_0.5``; NaT where that is not within the horizons.
    """
    at = times(list(horizons)) if not isinstance(horizons, np.ndarray) else times(horizons)
    level = states.full if full is None and isinstance(states, Cleaned) else (100.0 if full is None else full)
    asked = reals(levels)
    found, quantiles = _core.time_to_full(model.inner, *_states(model, states), level, as_bytes(at), as_bytes(asked))
    probabilities = reals_of(found, len(model), len(at))
    columns: dict[str, Any] = {"id": model.names}
    columns.update({f"p{h}": probabilities[:, h] for h in range(len(at))})
    columns.update({f"full_by_{q:g}": moments([row[i] for row in quantiles]) for i, q in enumerate(asked.tolist())})
    return Table(columns)


@dataclass(frozen=True)
class Applied:
    """A problem with decisions in it."""

    problem: Problem
    """The problem."""
    must: int
    """Clients that must be visited."""
    may: int
    """Clients that may be visited for a prize."""
    skip: int
    """Clients that need not be visited."""
    unmatched: list[str]
    """Bins that no client is named after."""


class Selection(Table):
    """A decision for each bin: ``id``, ``action`` (``must``, ``may``, ``skip``), ``prize``, ``level`` (expected),
    ``p_full_now``, ``p_full_next``, ``reason``."""

    full: float = 100.0

    @property
    def must(self) -> Array:
        """Names of the bins that must be visited."""
        chosen: Array = self["id"][self["action"] == "must"]
        return chosen

    def apply(self, problem: Problem, *, load_when_full: int | None = None) -> Applied:
        """Writes the decisions into a problem whose clients are named after bins: whether they are required, and their
        prizes. With ``load_when_full`` the pickup becomes the expected load, in the problem's own unit. Other clients
        stay as they are."""
        units = problem.units
        load = None if load_when_full is None else round(load_when_full * units.load)
        prizes = [round(prize * units.cost) for prize in self["prize"].tolist()]
        decided, counts, unmatched = _core.apply_selection(
            problem._inner,
            texts(self["id"]),
            texts(self["action"]),
            prizes,
            as_bytes(reals(self["level"])),
            self.full,
            load,
        )
        must, may, skip = counts
        return Applied(Problem(decided, units), must, may, skip, unmatched)


def select(
    model: FillModel,
    states: Cleaned | Any,
    *,
    at: Time,
    visit_cost: int,
    overflow_cost: int | None = None,
    period: Span = timedelta(days=1),
    tolerance: float = 0.3,
    full: float | None = None,
    min_share: float = 0.5,
    max_periods: int = 28,
) -> Selection:
    """Which bins a round that serves at the moment ``at`` must, may or need not visit.

    - **must**: full before the next round (``period`` later) with a probability above ``tolerance``, or nothing is
      known of it;
    - **may**, with a prize: ``visit_cost · (1 − r/c)`` if the bin is due in *r* of the *c* rounds that it takes from
      empty, and ``overflow_cost`` (ten times ``visit_cost`` if omitted) for the risk that waiting adds;
    - **skip**: the prize is below ``min_share`` of ``visit_cost``.

    ``visit_cost`` is what one visit more adds to a route at another time, in the money of the routing problem.
    """
    level = states.full if full is None and isinstance(states, Cleaned) else (100.0 if full is None else full)
    cost = 10 * visit_cost if overflow_cost is None else overflow_cost
    actions, reasons, prizes, figures = _core.select_bins(
        model.inner,
        *_states(model, states),
        time(at),
        span(period),
        level,
        tolerance,
        cost,
        visit_cost,
        min_share,
        max_periods,
    )
    numbers = reals_of(figures, len(model), 3)
    selection = Selection(
        {
            "id": model.names,
            "action": np.array(actions, dtype=object),
            "prize": np.array(prizes, dtype=np.int64),
            "level": numbers[:, 2],
            "p_full_now": numbers[:, 0],
            "p_full_next": numbers[:, 1],
            "reason": np.array(reasons, dtype=object),
        }
    )
    selection.full = level
    return selection
