"""From the numbers of the user to the integers of the solver, and back."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import SupportsFloat, TypeAlias

from . import _core
from ._errors import Issue, SettingError

Number: TypeAlias = SupportsFloat
"""An ``int``, ``float``, ``Decimal`` or a number of numpy."""

Moment: TypeAlias = "SupportsFloat | timedelta | datetime | time"
"""A point in time: seconds or a ``timedelta`` since the planning origin, or a ``datetime``, or a ``time`` of the
origin's day."""

Duration: TypeAlias = "SupportsFloat | timedelta"
"""A length of time: seconds, or a ``timedelta``."""

UNBOUNDED = 2**30 - 1
"""What the solver takes for a time that never comes."""

UNREACHABLE = 2**30 - 1
"""What the solver takes for a pair of locations without a way."""

_LARGEST = 2**62


@dataclass(frozen=True)
class Units:
    """How many units of the solver one unit of yours is.

    The solver works in whole numbers. A time of ``v`` seconds becomes ``v * time`` of the solver's units, rounded to
    the nearest; results come back divided by the same factor. A scale of 1 keeps whole numbers as they are, and results
    are ``int``; any other scale gives ``float``.
    """

    distance: float = 1
    time: float = 1
    load: float = 1
    cost: float = 1
    origin: datetime | None = None
    """The moment from which times count."""

    def __post_init__(self) -> None:
        for name in ("distance", "time", "load", "cost"):
            scale = getattr(self, name)
            if not (math.isfinite(scale) and scale > 0):
                raise SettingError(f"{name}_scale is {scale}: it must be a positive number, for example 1 or 1000")

    @property
    def _scales(self) -> _core.Scales:
        return _core.Scales(distance=self.distance, time=self.time, load=self.load, cost=self.cost)

    def when(self, seconds: float) -> datetime | timedelta:
        """The moment at so many seconds from the origin; a ``timedelta`` where there is no origin.

        It has the origin's time zone, and shows what clocks show there: a night in which they are turned has an hour
        more or less.
        """
        ago = timedelta(seconds=float(seconds))
        if self.origin is None:
            return ago
        zone = self.origin.tzinfo
        return self.origin + ago if zone is None else (self.origin.astimezone(timezone.utc) + ago).astimezone(zone)


def unscaled(value: int, scale: float) -> float:
    """A number of the solver in the user's unit."""
    return value if scale == 1 else value / scale


def turned(value: datetime) -> bool:
    """Whether clocks of the datetime's zone show it twice, which ``fold=1`` says to be the second time, or never."""
    if value.fold == 0 and value.utcoffset() != value.replace(fold=1).utcoffset():
        return True
    there = value.astimezone(timezone.utc).astimezone(value.tzinfo)
    return there.replace(tzinfo=None) != value.replace(tzinfo=None)


def zoned(origin: datetime | None) -> str | None:
    """A moment with the name of its zone, ``2026-12-03T00:00[Europe/Amsterdam]``; ``None`` where that has none."""
    name = None if origin is None else getattr(origin.tzinfo, "key", None)
    if origin is None or not name or origin.microsecond:
        return None
    return f"{origin.isoformat(timespec='seconds')}[{name}]"


class Scaler:
    """Turns values into integers, and collects what is wrong with them."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.origin = units.origin
        self.issues: list[Issue] = []

    def fault(self, path: str, value: object, message: str, remedy: str) -> int:
        """Notes a fault; gives a number to go on with."""
        self.issues.append(Issue(path, str(value), message, remedy))
        return 0

    def distance(self, value: Number, path: str) -> int:
        """A distance, rounded to the nearest."""
        return self._nearest(value, self.units.distance, path)

    def nearest(self, value: Number, scale: float, path: str) -> int:
        """A number of so many of the solver's units, rounded to the nearest."""
        return self._nearest(value, scale, path)

    def cost(self, value: Number, path: str) -> int:
        """Money, rounded to the nearest."""
        return self._nearest(value, self.units.cost, path)

    def duration(self, value: Duration, path: str) -> int:
        """A length of time, rounded to the nearest."""
        if isinstance(value, timedelta):
            value = value.total_seconds()
        return self._nearest(value, self.units.time, path)

    def moment(self, value: Moment, path: str) -> int:
        """A point in time, rounded to the nearest."""
        if type(value) is int and self.units.time == 1:
            return value if abs(value) < _LARGEST else self._too_large(path, value)
        if isinstance(value, datetime):
            return self._of_datetime(value, path)
        if isinstance(value, time):
            if self.origin is not None:
                # A time of the origin's day, as clocks show it.
                zone = value.tzinfo or self.origin.tzinfo
                return self._of_datetime(datetime.combine(self.origin.date(), value, zone), path)
            value = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return self.duration(value, path)

    def window(self, value: Iterable[Moment | None] | None, path: str) -> tuple[int, int]:
        """A time window; either end may be ``None``."""
        if value is None:
            return 0, UNBOUNDED
        ends = list(value)
        if len(ends) != 2:
            raise TypeError(f"{path} must be a pair of the earliest and latest time, not {value!r}")
        early, late = ends
        return (
            0 if early is None else self.moment(early, f"{path}.early"),
            UNBOUNDED if late is None else self.moment(late, f"{path}.late"),
        )

    def loads(self, value: Number | Iterable[Number] | None, path: str) -> list[int]:
        """Amounts by load dimension. A single number is the amount in the only one."""
        if value is None:
            return []
        if isinstance(value, (str, bytes)):
            raise TypeError(f"{path} must be a number or a list of numbers, not {value!r}")
        if isinstance(value, Iterable):
            return [self._exact(v, self.units.load, f"{path}[{d}]", "load") for d, v in enumerate(value)]
        return [self._exact(value, self.units.load, f"{path}[0]", "load")]

    def rate(self, value: Number, unit: float, path: str) -> int:
        """A cost of one unit of distance or time. Rounding it could change a plan's cost at will: it must be exact."""
        return self._exact(value, self.units.cost / unit, path, "cost")

    def _of_datetime(self, value: datetime, path: str) -> int:
        if self.origin is None:
            self.origin = value.replace(hour=0, minute=0, second=0, microsecond=0)
        if (value.tzinfo is None) != (self.origin.tzinfo is None):
            remedy = "give all datetimes, and the origin, with a time zone, or all without"
            return self.fault(path, value, f"cannot be compared with the origin {self.origin}", remedy)
        if value.tzinfo is None:
            return self._nearest((value - self.origin).total_seconds(), self.units.time, path)
        if turned(value):
            remedy = "give it with its offset, as in timezone(timedelta(hours=1))"
            return self.fault(path, value, "occurs twice or never there because of a clock change", remedy)
        # Two datetimes of one zone differ by what clocks show, in UTC by what passes.
        passed = value.astimezone(timezone.utc) - self.origin.astimezone(timezone.utc)
        return self._nearest(passed.total_seconds(), self.units.time, path)

    def _nearest(self, value: Number, scale: float, path: str) -> int:
        if type(value) is int and scale == 1:
            return value if abs(value) < _LARGEST else self._too_large(path, value)
        number = self._number(value, path)
        if number is None:
            return 0
        scaled = number * scale
        if abs(scaled) >= _LARGEST:
            return self._too_large(path, value)
        return math.floor(scaled + 0.5)

    def _exact(self, value: Number, scale: float, path: str, what: str) -> int:
        if type(value) is int and scale == 1:
            return value if abs(value) < _LARGEST else self._too_large(path, value)
        number = self._number(value, path)
        if number is None:
            return 0
        scaled = number * scale
        if abs(scaled) >= _LARGEST:
            return self._too_large(path, value)
        nearest = round(scaled)
        if abs(scaled - nearest) > 1e-6 * max(1.0, abs(scaled)):
            message = f"is {scaled:g} in the solver's units, which must be whole"
            return self.fault(path, value, message, f"give Model a larger {what}_scale, for example {what}_scale=1000")
        return nearest

    def _too_large(self, path: str, value: object) -> int:
        return self.fault(path, value, "is beyond what 64 bits hold", "use a coarser unit")

    def _number(self, value: Number, path: str) -> float | None:
        try:
            number: float = float(value) if isinstance(value, float) else operator.index(value)  # type: ignore[arg-type]
        except TypeError:
            try:
                if isinstance(value, (str, bytes)):
                    raise TypeError
                number = float(value)
            except TypeError:
                raise TypeError(f"{path} must be a number, not {value!r}") from None
        if not math.isfinite(number):
            self.fault(path, value, "is not a finite number", "give a finite number, or leave the value out")
            return None
        return number
