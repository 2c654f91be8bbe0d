"""Made-up cities, and policies that run through their days with routes that are really solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _core
from ._arrays import Array, reals_of
from ._series import Series
from ._table import Table


@dataclass(frozen=True)
class Fixed:
    """Every bin on every so many days."""

    every: int = 3
    """How many days lie between two visits."""


@dataclass(frozen=True)
class Threshold:
    """Bins whose last reading is at or above a level."""

    level: float = 80.0
    """In per cent."""


@dataclass(frozen=True)
class ByForecast:
    """Bins by their forecast: ``EmpiricalIncrements``, then ``select``."""

    visit_cost: int = 400
    """What one visit more adds to a route at another time, in metres."""
    overflow_cost: int = 4_000
    """What an overflow costs, in metres."""
    tolerance: float = 0.3
    """A bin that is full before the next round with a higher probability must be visited."""


@dataclass(frozen=True)
class Metrics:
    """What a policy made of a city, after the warm-up."""

    days: int
    """Days."""
    visits: int
    """Visits."""
    wasted: int
    """Visits to bins that were less than half full."""
    overflows: int
    """Times that a bin became full before it was emptied."""
    infeasible_days: int
    """Days on which no feasible plan was found."""
    service_level: float
    """Share of time and bins during which the bin was not full."""
    excess: float
    """Waste that did not fit, in per cent of a bin's size, summed."""
    kilometres: float
    """Distance driven."""
    tonnes: float
    """Waste collected."""

    @property
    def kilometres_per_tonne(self) -> float:
        """Kilometres for each tonne."""
        return self.kilometres / self.tonnes if self.tonnes else float("nan")

    @property
    def wasted_share(self) -> float:
        """Share of visits to bins that were less than half full."""
        return self.wasted / self.visits if self.visits else float("nan")


@dataclass(frozen=True)
class Impact:
    """What one policy spares against another; what it costs on top is negative. As text, a sentence."""

    kilometres: float
    """Kilometres spared."""
    visits: int
    """Visits spared."""
    overflows: int
    """Overflows avoided."""
    money: float
    """Money spared."""
    share: float
    """Money spared as a share of what the baseline costs; NaN where that is nothing."""
    text: str
    """The same as a sentence."""

    def __str__(self) -> str:
        return self.text


def impact(baseline: Metrics, policy: Metrics, *, kilometre: float, visit: float, overflow: float) -> Impact:
    """Puts the difference between two policies on the same city and days into money: what a kilometre costs, a visit
    beside its kilometres, and an overflow.

    >>> before = Metrics(30, 400, 300, 9, 0, 0.99, 0.0, 500.0, 40.0)
    >>> after = Metrics(30, 250, 60, 4, 0, 0.995, 0.0, 420.0, 40.0)
    >>> print(impact(before, after, kilometre=2.5, visit=3, overflow=40))
    80.0 km less, 150 visits less, 5 overflows less: cost 850.00 less (30.2 %)
    """
    sides = [(each.kilometres, each.visits, each.overflows) for each in (baseline, policy)]
    figures, text = _core.compare_policies(sides[0], sides[1], (kilometre, visit, overflow))
    return Impact(*figures, text)


class City:
    """A synthetic city of bins, the same for equal parameters: rates, weeks and spells of their own.

    >>> City(bins=5, days=3).bins()["id"].tolist()[:2]
    ['bin 001', 'bin 002']
    """

    def __init__(
        self,
        *,
        bins: int = 80,
        days: int = 90,
        seed: int = 1,
        side: float = 8_000.0,
        mean_percent: float = 13.0,
        noise: float = 1.0,
        missing: float = 0.03,
        faulty: float = 0.002,
    ) -> None:
        self.inner: _core.City = _core.City(bins, days, seed, side, mean_percent, noise, missing, faulty)
        self.days: int = days

    @property
    def start(self) -> np.datetime64:
        """When the first day begins: a Monday."""
        return np.datetime64(_core.City.start(), "s")

    @property
    def depot(self) -> tuple[float, float]:
        """Where vehicles start, in metres."""
        return self.inner.depot()

    def bins(self) -> Table:
        """Columns ``id``, ``x`` and ``y`` (metres), and ``kilograms`` (when full)."""
        rows = self.inner.bins()
        return Table(
            {
                "id": [row[0] for row in rows],
                "x": np.array([row[1] for row in rows], dtype=np.float64),
                "y": np.array([row[2] for row in rows], dtype=np.float64),
                "kilograms": np.array([row[3] for row in rows], dtype=np.int64),
            }
        )

    def readings(self) -> Series:
        """What sensors would report if bins were emptied only when they are full."""
        return Series._of(self.inner.readings())

    def deposits(self) -> Array:
        """What goes into each bin in each step of six hours, in per cent of its size, of shape (bins, steps)."""
        return reals_of(self.inner.deposits(), len(self.inner.bins()), -1)


def simulate(
    city: City,
    policy: Fixed | Threshold | ByForecast,
    *,
    warm_up: int = 42,
    vehicles: int = 10,
    capacity: int = 1_500,
    iterations: int = 300,
) -> Metrics:
    """Runs a policy through a city's days; each day's routes are solved, and the bins on them emptied. Waste and
    readings are the same for every policy of one city. The first ``warm_up`` days, on which every policy collects every
    third day, do not count."""
    rounds = (warm_up, vehicles, capacity, iterations)
    if isinstance(policy, Fixed):
        counts, figures = city.inner.simulate("fixed", policy.every, 0, 0, *rounds)
    elif isinstance(policy, Threshold):
        counts, figures = city.inner.simulate("threshold", policy.level, 0, 0, *rounds)
    else:
        costs = (policy.visit_cost, policy.overflow_cost)
        counts, figures = city.inner.simulate("forecast", policy.tolerance, *costs, *rounds)
    return Metrics(*counts, *figures)
