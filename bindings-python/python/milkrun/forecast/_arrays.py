"""Columns of any kind as numpy's arrays, and back from the bytes that the core gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Array: TypeAlias = npt.NDArray[Any]

Time: TypeAlias = "datetime | np.datetime64 | str | float"
"""A moment: a ``datetime`` (without a time zone: UTC), numpy's ``datetime64``, a text such as ``2026-03-01T06:00``, or
seconds since 1970."""

Span: TypeAlias = "timedelta | np.timedelta64 | float"
"""A length of time: a ``timedelta``, numpy's ``timedelta64``, or seconds."""


def times(values: Any) -> Integers:
    """Seconds since 1970 of a column of moments."""
    array = _plain(values)
    if array.dtype.kind == "M":
        if np.isnat(array).any():
            raise ValueError(f"time[{int(np.isnat(array).argmax())}] is missing; leave out rows without a time")
        return array.astype("datetime64[s]").astype(np.int64)
    if array.dtype.kind in "iuf":
        return _whole(array, "time")
    return np.array([time(value) for value in array.tolist()], dtype=np.int64)


def time(value: Any) -> int:
    """Seconds since 1970 of a moment."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
        return int(moment.timestamp() // 1)
    if isinstance(value, np.datetime64):
        return int(times(np.array([value]))[0])
    if isinstance(value, str):
        return int(np.datetime64(value, "s").astype(np.int64))
    return int(_whole(np.array([value], dtype=np.float64), "time")[0])


def span(value: Span) -> int:
    """A length of time in seconds."""
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, np.timedelta64):
        return int(value / np.timedelta64(1, "s"))
    return int(value)


def spans(values: Iterable[Span]) -> list[int]:
    """Lengths of time in seconds."""
    return [span(value) for value in values]


def moments(seconds: Any) -> Array:
    """``datetime64`` of seconds since 1970; ``None`` becomes NaT."""
    if isinstance(seconds, np.ndarray):
        return seconds.astype("datetime64[s]")
    return np.array([np.datetime64("NaT") if s is None else np.datetime64(s, "s") for s in seconds], "datetime64[s]")


def reals(values: Any) -> Floats:
    """A column of numbers; what is missing becomes NaN."""
    array = _plain(values)
    if array.dtype == object:
        array = np.array([np.nan if value is None else value for value in array.tolist()])
    return np.ascontiguousarray(array, dtype=np.float64)


def texts(values: Any) -> list[str]:
    """A column of names."""
    return [str(value) for value in _plain(values).tolist()]


def as_bytes(values: Floats | Integers) -> bytes:
    """What the core takes."""
    return np.ascontiguousarray(values).tobytes()


def integers_of(data: bytes) -> Integers:
    """What the core gives for whole numbers."""
    return np.frombuffer(data, dtype=np.int64)


def reals_of(data: bytes, *shape: int) -> Floats:
    """What the core gives for numbers."""
    values = np.frombuffer(data, dtype=np.float64)
    return values.reshape(shape) if shape else values


def _plain(values: Any) -> Array:
    if hasattr(values, "to_numpy"):
        # Of pandas and polars. Moments with a time zone become UTC.
        dtype = getattr(values, "dtype", None)
        if getattr(dtype, "tz", None) is not None:
            values = values.dt.tz_convert("UTC").dt.tz_localize(None)
        return np.asarray(values.to_numpy())
    if isinstance(values, (list, tuple)) and any(isinstance(value, datetime) for value in values):
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array
    return np.asarray(values)


def _whole(array: Array, name: str) -> Integers:
    if array.dtype.kind == "f":
        wrong = ~np.isfinite(array)
        if wrong.any():
            raise ValueError(f"{name}[{int(wrong.argmax())}] is no number; leave out rows without a {name}")
        array = np.clip(np.floor(array), -(2.0**62), 2.0**62)
    return array.astype(np.int64)
