"""Columns out: one table for all answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .. import _core
from ._arrays import Array


class Table(Mapping[str, "Array"]):
    """Columns of numpy by name, all of one length.

    >>> import numpy as np
    >>> table = Table({"id": ["a", "b"], "level": np.array([40.0, 70.0])})
    >>> float(table["level"].max()), table.num_rows
    (70.0, 2)

    ``to_pandas()``, ``to_polars()`` and ``to_dict()`` make frames and lists of it; whatever takes Arrow's capsule
    (``pyarrow.table``, ``polars.DataFrame``, duckdb) takes it as it is.
    """

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns: dict[str, Array] = {}
        for name, values in columns.items():
            self._columns[name] = _column(values)
        lengths = {len(values) for values in self._columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"all columns must be of one length, not of {sorted(lengths)}")

    def __getitem__(self, name: str) -> Array:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self._columns.values()), ()))

    def rows(self) -> list[dict[str, Any]]:
        """A dict for each row; a missing time is ``None``."""
        columns = self.to_dict()
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]

    def to_dict(self) -> dict[str, list[Any]]:
        """A list for each column; times are ``datetime`` in UTC, without a zone."""
        return {name: values.tolist() for name, values in self._columns.items()}

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``."""
        import pandas as pd

        return pd.DataFrame(dict(self._columns))

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        import polars as pl

        # Polars knows no seconds.
        columns = {n: v.astype("datetime64[us]") if v.dtype.kind == "M" else v for n, v in self._columns.items()}
        return pl.DataFrame(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _core.columns_to_arrow([(name, *_arrow(values)) for name, values in self._columns.items()])

    def __repr__(self) -> str:
        shown = [{name: row[name] for name in self._columns} for row in self.rows()[:5]]
        lines = [f"{self.num_rows} rows of {', '.join(self._columns)}", *(f"  {row}" for row in shown)]
        if self.num_rows > len(shown):
            lines.append("  …")
        return "\n".join(lines)


def _column(values: Any) -> Array:
    if isinstance(values, np.ndarray):
        return values
    values = list(values)
    if values and all(isinstance(value, str) for value in values):
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array
    return np.asarray(values)


def _arrow(values: Array) -> tuple[str, list[Any]]:
    kind = values.dtype.kind
    if kind == "M":
        micros = values.astype("datetime64[us]")
        missing = np.isnat(micros)
        whole = micros.astype(np.int64).tolist()
        return "timestamp", [None if gone else v for v, gone in zip(whole, missing.tolist(), strict=True)]
    word = {"f": "float", "i": "int", "u": "int", "b": "bool"}.get(kind, "str")
    return word, [str(v) for v in values.tolist()] if word == "str" else values.tolist()
