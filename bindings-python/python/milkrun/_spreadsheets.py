"""Problems from spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from . import _core
from . import _documents as documents
from ._problem import Problem
from ._units import Units


@dataclass(frozen=True)
class Tables:
    """A problem that was read from tables, and what was understood."""

    problem: Problem
    """The problem: metres and seconds from midnight."""
    report: documents.TablesReport
    """What each column was read as, what is due, and what was assumed."""
    text: str
    """The report for people."""

    def __str__(self) -> str:
        return self.text


def read_tables(
    *sources: str | Path,
    bins: Any = None,
    trucks: Any = None,
    sites: Any = None,
    depots: Any = None,
    day: str | date | None = None,
    map: Mapping[str, str] | None = None,  # noqa: A002
    roles: Mapping[str, documents.Role] | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    decimal: Literal["point", "comma"] | None = None,
    date_order: Literal["dmy", "mdy"] | None = None,
    language: Literal["en", "de", "fr", "es", "it", "nl"] | None = None,
    defaults: str | None = None,
) -> Tables:
    """Reads a problem from tables: CSV files, workbooks (``.xlsx``, ``.ods``), or folders of them.

    ``bins``, ``trucks``, ``sites`` and ``depots`` are tables of that kind: a path, or a frame of pandas or polars. Only
    what is due on ``day`` is a client. ``map`` says what columns are (``{"Kap.": "capacity:kg", "Intern": "ignore"}``),
    ``roles`` what files and sheets are. ``defaults`` is the text of a file, TOML or JSON, that replaces what is assumed
    where tables are silent. All else is found out where it is not said: see the book's page on tables.

    Raises :class:`TablesError` with every fault at once, each with file, row, column, value and remedy.
    """
    paths = [Path(source) for source in sources]
    known = dict(roles or {})
    contents: list[tuple[str, bytes]] = []
    kinds: list[tuple[documents.Role, Any]] = [("bins", bins), ("trucks", trucks), ("sites", sites), ("depots", depots)]
    for role, table in kinds:
        if isinstance(table, str | Path):
            paths.append(Path(table))
            known[str(table)] = role
        elif table is not None:
            contents.append((role, _csv(table)))
            known[role] = role
    given = {
        "day": None if day is None else str(day),
        "map": dict(map or {}),
        "roles": known,
        "separator": separator,
        "encoding": encoding,
        "decimal": decimal,
        "date_order": date_order,
        "language": language,
        "defaults": defaults,
    }
    problem, report, text = _core.read_tables(paths, contents, given)
    return Tables(Problem(problem, Units()), report, text)


def _csv(frame: Any) -> bytes:
    """A frame as the text of a file."""
    if hasattr(frame, "write_csv"):
        return str(frame.write_csv()).encode()
    if hasattr(frame, "to_csv"):
        return str(frame.to_csv(index=False)).encode()
    raise TypeError(f"a table is a path, or a frame of pandas or polars, not {type(frame).__name__}")
