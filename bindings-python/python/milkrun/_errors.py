"""What can go wrong, one class for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from . import _documents as documents

if TYPE_CHECKING:
    from typing_extensions import Self

_SHOWN = 20


@dataclass(frozen=True)
class Issue:
    """One fault of the input."""

    path: str
    """Where it is: ``clients[3].time_window``, or ``line 12, DEMAND_SECTION``."""
    value: str
    """The offending value; empty where there is none to show."""
    message: str
    """What is wrong with it."""
    remedy: str
    """How to mend it."""

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.path}{value}: {self.message}{remedy}"


class MilkrunError(Exception):
    """The base of all exceptions of this package."""

    code: str = "milkrun"
    """A word for the kind of error that stays the same over versions."""

    def __init__(self, message: str, issues: Iterable[Issue] = ()) -> None:
        super().__init__(message)
        self.issues: tuple[Issue, ...] = tuple(issues)

    def __reduce__(self) -> tuple[type[MilkrunError], tuple[str, tuple[Issue, ...]]]:
        return type(self), (str(self), self.issues)


class _ListedError(MilkrunError, ValueError):
    """An error that is a list of issues about one thing."""

    _what: ClassVar[str]

    @classmethod
    def of(cls, issues: Iterable[Issue]) -> Self:
        """The error whose message lists the issues."""
        issues = tuple(issues)
        return cls(_listed(cls._what, issues), issues)

    @classmethod
    def out_of_range(cls, path: str, number: int) -> Self:
        """The error about one number."""
        return cls.of([Issue(path, str(number), "is out of range", "give a whole number from 0")])


class ValidationError(_ListedError):
    """A problem is not valid. ``issues`` has every fault at once."""

    code = "validation"
    _what = "the problem"


class AdaptError(_ListedError):
    """Events or parameters of an adaptation contradict the plan or each other. ``issues`` has every fault at once."""

    code = "adapt"
    _what = "the adaptation"


class TablesError(MilkrunError, ValueError):
    """Tables cannot be read as they are. ``issues`` has every fault at once."""

    code = "tables"


class PeriodError(_ListedError):
    """What is asked of a period contradicts itself or the problem. ``issues`` has every fault at once."""

    code = "period"
    _what = "the period"


class ScenarioError(_ListedError):
    """What is uncertain contradicts itself or the problem. ``issues`` has every fault at once."""

    code = "scenarios"
    _what = "the scenarios"


class CarryError(_ListedError):
    """What is carried into another day does not fit it. ``issues`` has every fault at once."""

    code = "carry"
    _what = "what is carried over"


class CompareError(_ListedError):
    """Variants of a problem are faulty. ``issues`` has every fault of all of them at once."""

    code = "compare"
    _what = "the comparison"


class ParetoError(_ListedError):
    """What is asked of a front is faulty. ``issues`` has every fault at once."""

    code = "pareto"
    _what = "the front"


def _listed(what: str, issues: tuple[Issue, ...]) -> str:
    lines = [f"{what} has {len(issues)} fault{'' if len(issues) == 1 else 's'}:"]
    lines += [f"  {issue}" for issue in issues[:_SHOWN]]
    if len(issues) > _SHOWN:
        lines.append(f"  … and {len(issues) - _SHOWN} more")
    return "\n".join(lines)


class ReadError(MilkrunError, ValueError):
    """A text cannot be read; for VRPLIB, Solomon's and Li & Lim's formats, ``issues`` has the faulty lines."""

    code = "read"


class JsonSyntaxError(ReadError):
    """A text is not JSON."""

    code = "json_syntax"


class JsonKindError(ReadError):
    """A JSON document is of another kind than asked for."""

    code = "json_kind"


class JsonVersionError(ReadError):
    """A JSON document follows another version of the format."""

    code = "json_version"


class JsonShapeError(ReadError):
    """A JSON document does not have the right fields."""

    code = "json_shape"


class JsonContentError(ReadError):
    """The parts of a JSON document do not fit each other."""

    code = "json_content"


class FormatError(ReadError):
    """The format of a text is unknown."""

    code = "format"


class PlanError(MilkrunError, ValueError):
    """A plan names what its problem does not have, or a start that is no time."""

    code = "plan"


class WriteError(MilkrunError, ValueError):
    """A format cannot say what is to be written."""

    code = "write"


class RoadError(MilkrunError, ValueError):
    """A map, a profile or a question to a street network is faulty. ``issues`` has every fault at once."""

    code = "road"


class ForecastError(MilkrunError, ValueError):
    """Data or parameters of a forecast are invalid. ``issues`` has every fault at once."""

    code = "forecast"


class InternalError(MilkrunError, RuntimeError):
    """A fault of milkrun itself. Please report it."""

    code = "internal"


class SettingError(MilkrunError, ValueError):
    """A parameter of a search, of a model or of what is written has no meaning."""

    code = "setting"


_CLASSES: dict[str, type[MilkrunError]] = {
    kind.code: kind
    for kind in (
        ValidationError,
        ReadError,
        JsonSyntaxError,
        JsonKindError,
        JsonVersionError,
        JsonShapeError,
        JsonContentError,
        FormatError,
        PlanError,
        WriteError,
        AdaptError,
        PeriodError,
        ScenarioError,
        CarryError,
        CompareError,
        ParetoError,
        RoadError,
        ForecastError,
        TablesError,
        SettingError,
    )
}


def _of_failure(failure: documents.Failure) -> MilkrunError:
    """The exception for an error of the core, which calls this."""
    code = failure["code"]
    kind = InternalError if code == "internal" else _CLASSES.get(code, MilkrunError)
    return kind(failure["message"], (Issue(**issue) for issue in failure["issues"]))
