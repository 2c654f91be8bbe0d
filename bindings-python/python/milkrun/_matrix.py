"""Matrices of travel: from whatever holds numbers in two dimensions to the bytes that the core takes."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from ._units import UNREACHABLE

MatrixLike: TypeAlias = "Sequence[Sequence[float | None]] | Any"
"""A square array of numpy (of any type and stride), whatever turns into one, or rows of numbers. ``None``, NaN and
infinity stand for a pair without a way."""


def matrix_bytes(matrix: MatrixLike, scale: float, path: str) -> tuple[int, bytes]:
    """Number of rows, and the scaled values as 64-bit integers, row-major."""
    if "numpy" in sys.modules and (hasattr(matrix, "__array__") or hasattr(matrix, "__array_interface__")):
        return _of_numpy(matrix, scale, path)
    return _of_rows(matrix, scale, path)


def _of_numpy(matrix: Any, scale: float, path: str) -> tuple[int, bytes]:
    import numpy as np

    values = np.asarray(matrix)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise TypeError(f"{path} must be square, not of shape {values.shape}")
    if values.dtype.kind == "m":
        values = np.where(np.isnat(values), np.nan, values / np.timedelta64(1, "s"))
    if values.dtype.kind in "iub" and scale == 1:
        # Nothing that large is a valid entry; an unsigned one must not turn negative.
        whole = values if values.dtype.kind != "u" else np.minimum(values, np.uint64(2**62))
        return len(values), whole.astype(np.int64, order="C").tobytes()
    scaled = values.astype(np.float64, order="C")  # a copy of our own, worked on in place
    if scale != 1:
        scaled *= scale
    scaled += 0.5
    np.floor(scaled, out=scaled)
    if not np.isfinite(scaled).all():
        missing = ~np.isfinite(scaled) & (scaled != -np.inf)
        scaled[missing] = UNREACHABLE
    np.clip(scaled, -(2.0**62), 2.0**62, out=scaled)
    return len(values), scaled.astype(np.int64).tobytes()


def _of_rows(matrix: Any, scale: float, path: str) -> tuple[int, bytes]:
    rows = [list(row) for row in matrix]
    values = array("q")
    for i, row in enumerate(rows):
        if len(row) != len(rows):
            raise TypeError(f"{path}[{i}] has {len(row)} values; give {len(rows)}, one for each row")
        values.extend(_entry(value, scale) for value in row)
    return len(rows), values.tobytes()


def _entry(value: Any, scale: float) -> int:
    if value is None:
        return UNREACHABLE
    number = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if number != -math.inf and not math.isfinite(number):
        return UNREACHABLE
    return math.floor(min(max(number * scale, -(2.0**62)), 2.0**62) + 0.5)
