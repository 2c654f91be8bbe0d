"""Rows of clients, from frames of pandas, polars and geopandas, from Arrow, from dicts of columns and dicts of rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from . import _core

_EPOCH = datetime(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=timezone.utc)


def rows_of(data: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table; a field that is null, NaN or NaT is omitted."""
    if hasattr(data, "geometry") and hasattr(data, "crs"):
        columns = _of_geopandas(data)
    elif hasattr(data, "to_dict") and hasattr(data, "iloc"):
        columns = data.to_dict("list")
    elif isinstance(data, Mapping):
        columns = {str(name): list(values) for name, values in data.items()}
    elif hasattr(data, "__arrow_c_stream__"):
        columns = _of_arrow(data)
    elif isinstance(data, Iterable) and not isinstance(data, (str, bytes)):
        yield from _of_rows(data)
        return
    else:
        raise TypeError(f"give a frame, a dict of columns, or an iterable of dicts, not {type(data).__name__}")
    yield from _of_columns(columns)


def _of_rows(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise TypeError(f"row {index} must be a dict, not {type(row).__name__}")
        yield {str(name): value for name, value in row.items() if not is_missing(value)}


def _of_columns(columns: Mapping[Any, list[Any]]) -> Iterator[dict[str, Any]]:
    names = [str(name) for name in columns]
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise TypeError(f"all columns must be of one length, not of {sorted(lengths)}")
    for values in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if not is_missing(value)}


def is_missing(value: Any) -> bool:
    """Whether a value of a table stands for none: ``None``, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, (str, bytes, int, list, tuple, dict)):
        return False
    return type(value).__name__ in ("NaTType", "NAType")


def _of_geopandas(frame: Any) -> dict[str, list[Any]]:
    """Points become ``lon`` and ``lat`` where the frame has a coordinate reference system, else ``x`` and ``y``."""
    names = ("x", "y")
    if frame.crs is not None:
        frame = frame.to_crs(4326)
        names = ("lon", "lat")
    kinds = set(frame.geometry.geom_type.dropna()) - {"Point"}
    if kinds:
        raise TypeError(f"clients are points, not {', '.join(sorted(kinds))}: use frame.geometry.centroid")
    plain = {name: frame[name].tolist() for name in frame.columns if name != frame.geometry.name}
    return {**plain, names[0]: frame.geometry.x.tolist(), names[1]: frame.geometry.y.tolist()}


def _of_arrow(data: Any) -> dict[str, list[Any]]:
    return {name: _moments(kind, values) for name, kind, values in _core.columns_from_arrow(data)}


def _moments(kind: str, values: list[Any]) -> list[Any]:
    if kind == "timestamp":
        return [None if v is None else _EPOCH + timedelta(microseconds=v) for v in values]
    if kind == "utc":
        return [None if v is None else _EPOCH_UTC + timedelta(microseconds=v) for v in values]
    if kind == "duration":
        return [None if v is None else timedelta(microseconds=v) for v in values]
    return values
