"""From changes of a problem to the document of variants."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import _documents as documents
from . import changes as ch
from ._errors import CompareError, Issue, SettingError
from ._refs import Depot, DisposalSite, Ref, VehicleType
from ._units import Scaler, Units


@dataclass(frozen=True)
class Spread:
    """A figure over several seeds."""

    count: int
    """How many values there are."""
    mean: float
    """Their mean."""
    deviation: float | None
    """Their standard deviation; ``None`` with one value."""
    least: float
    """The least of them."""
    most: float
    """The largest."""


@dataclass(frozen=True)
class Paired:
    """The mean of differences seed by seed, and its noise."""

    pairs: int
    """How many pairs there are."""
    mean: float
    """The mean difference."""
    standard_error: float | None
    """The standard error of the mean; ``None`` with one pair."""
    half_width: float | None
    """Half the width of the 95 % confidence interval of the mean; ``None`` with one pair."""
    significant: bool
    """Whether the interval excludes zero."""


def spread_of(spread: documents.Spread | None) -> Spread | None:
    """The spread of a document."""
    return None if spread is None else Spread(**spread)


def paired_of(paired: documents.Paired | None) -> Paired | None:
    """The difference of a document."""
    return None if paired is None else Paired(**paired)


def seeds_of(seeds: int) -> int:
    """How many seeds, within reason."""
    if not 1 <= operator.index(seeds) <= 1000:
        raise SettingError(f"seeds is {seeds}: it must lie in 1 ..= 1000")
    return operator.index(seeds)


class Asked:
    """The document of variants, and what is wrong with it."""

    def __init__(self, units: Units) -> None:
        self._scaler = Scaler(units)
        self.document: documents.Compare = {"variants": []}

    @property
    def issues(self) -> list[Issue]:
        """What cannot be said in the solver's units."""
        return self._scaler.issues

    def add(self, name: str, changes: Iterable[ch.Change]) -> None:
        """Adds a variant."""
        path = f'variants["{name}"]'
        written = [self._change(change, f"{path}.changes[{i}]") for i, change in enumerate(changes)]
        self.document["variants"] = [*self.document["variants"], {"name": name, "changes": written}]

    def _change(self, change: ch.Change, path: str) -> Any:
        scaler = self._scaler
        match change:
            case ch.Vehicles(vehicle_type, by):
                return {"kind": "vehicles", "vehicle_type": _ref(VehicleType, vehicle_type), "by": operator.index(by)}
            case ch.Shift(early, late, vehicle_type):
                shift = {
                    "early": None if early is None else scaler.moment(early, f"{path}.early"),
                    "late": None if late is None else scaler.moment(late, f"{path}.late"),
                }
                return {"kind": "shift", **_type(vehicle_type), **shift}
            case ch.LaterStart(by, vehicle_type):
                return {"kind": "later_start", **_type(vehicle_type), "by": scaler.duration(by, f"{path}.by")}
            case ch.Capacity(vehicle_type, capacity):
                amounts = scaler.loads(capacity, f"{path}.capacity")
                return {"kind": "capacity", "vehicle_type": _ref(VehicleType, vehicle_type), "capacity": amounts}
            case ch.OtherDepot(depot, vehicle_type):
                return {"kind": "depot", **_type(vehicle_type), "depot": _ref(Depot, depot)}
            case ch.Sites(sites, vehicle_type):
                refs = [_ref(DisposalSite, site) for site in sites]
                return {"kind": "sites", **_type(vehicle_type), "sites": refs}
            case ch.SiteClosed(site):
                return {"kind": "site_closed", "site": _ref(DisposalSite, site)}
            case ch.Merge(patch):
                return {"kind": "merge", "patch": dict(patch)}
            case _:
                raise TypeError(f"{path} must be one of milkrun.changes, not {change!r}")


def faults(own: list[Issue], error: CompareError | None) -> CompareError:
    """The error that lists what was found here, and what the core has found beside it."""
    seen = {issue.path for issue in own}
    return CompareError.of([*own, *(issue for issue in (error.issues if error else ()) if issue.path not in seen)])


def _type(vehicle_type: VehicleType | str | int | None) -> dict[str, Any]:
    return {} if vehicle_type is None else {"vehicle_type": _ref(VehicleType, vehicle_type)}


def _ref(kind: type[Ref], ref: Ref | str | int) -> str | int:
    """How a document refers to a part. Whether there is one is for the core to say."""
    if isinstance(ref, str):
        return ref
    if isinstance(ref, Ref):
        if not isinstance(ref, kind):
            raise TypeError(f"a {kind.__name__} is needed, not {ref!r}")
        return ref.index
    index = operator.index(ref)
    if index < 0:
        raise TypeError(f"a {kind.__name__} is counted from 0, not {index}")
    return index
