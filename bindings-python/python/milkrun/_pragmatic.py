"""vrp's pragmatic JSON, answered as vrp would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import _core
from ._core import CancelToken
from ._search import asked_of, limits_of
from ._stopping import Stop


@dataclass(frozen=True)
class PragmaticAnswer:
    """The answer to a document in vrp's pragmatic format."""

    solution: dict[str, Any]
    """The solution, with the keys and units of the format."""
    warnings: tuple[str, ...]
    """What was understood in another way, or not at all."""


def answer_pragmatic(
    problem: str | Mapping[str, Any],
    *,
    matrices: Iterable[str | Mapping[str, Any]] = (),
    stop: Stop | float | None = None,
    seed: int = 1,
    threads: int = 1,
    cancel: CancelToken | None = None,
) -> PragmaticAnswer:
    """Solves a problem in vrp's pragmatic format, with its routing matrices, and answers in that format.

    Without matrices, ways are great circles. :func:`milkrun.read` reads such a problem as one of milkrun's.

    Texts are JSON; mappings become it. Raises :class:`ReadError` or one of its kinds, with every fault at once.
    """
    asked = asked_of(limits_of(stop), seed, threads)
    tables = [_text(matrix) for matrix in matrices]
    solution, warnings = _core.answer_pragmatic(_text(problem), tables, asked, cancel or CancelToken())
    return PragmaticAnswer(json.loads(solution), tuple(warnings))


def _text(document: str | Mapping[str, Any]) -> str:
    return document if isinstance(document, str) else json.dumps(document)
