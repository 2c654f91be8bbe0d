"""Reading problems from files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from . import _core
from ._problem import Problem
from ._units import Units

Format: TypeAlias = Literal["vrplib", "solomon", "lilim", "cordeau", "wcvrptw", "json", "vroom", "pragmatic"]


def read(
    source: str | Path,
    *,
    format: Format | None = None,  # noqa: A002
    rounding: Literal["round", "trunc", "dimacs", "exact", "none"] | None = None,
) -> Problem:
    """Reads a problem from a file: VRPLIB, Solomon's, Li & Lim's or Cordeau's text, waste
    collection's, milkrun's, VROOM's or vrp's JSON.

    ``rounding`` is the convention by which decimals become the integers that costs are compared in; without it, the one
    that is usual for the kind of instance. Under ``dimacs`` and ``exact``, the numbers of plans are ten and a thousand
    times those of the file, as is the custom in the literature.

    Raises :class:`ReadError` or one of its kinds, or :class:`ValidationError`, with every fault at once.
    """
    path = Path(source)
    return read_text(path.read_bytes(), format=format, rounding=rounding, path=path)


def read_text(
    text: str | bytes,
    *,
    format: Format | None = None,  # noqa: A002
    rounding: Literal["round", "trunc", "dimacs", "exact", "none"] | None = None,
    path: Path | None = None,
) -> Problem:
    """Reads a problem from the text of a file: see :func:`read`."""
    content = text.encode() if isinstance(text, str) else bytes(text)
    problem, _, _, _ = _core.read_problem(content, path, format, rounding)
    return Problem(problem, Units())
