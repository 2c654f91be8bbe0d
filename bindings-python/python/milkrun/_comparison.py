"""Comparing a problem with variants of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from . import _core
from . import _documents as documents
from ._core import CancelToken
from ._errors import CompareError, SettingError
from ._problem import Plan, Problem
from ._search import asked_of, limits_of, runs_shower
from ._stopping import RunsProgress, Stop
from ._variants import Asked, Paired, Spread, faults, paired_of, seeds_of, spread_of
from .changes import Change


@dataclass(frozen=True)
class Compared:
    """A variant that was solved. ``str()`` says what it costs."""

    name: str
    """Its name."""
    problem: Problem
    """The problem."""
    plan: Plan | None
    """The best plan of all seeds; ``None`` where no search began. Ask it whether it is feasible."""
    runs: tuple[documents.ComparedRun | None, ...] = field(repr=False)
    """What each search found, in the order of seeds; ``None`` where it did not begin."""
    spreads: Mapping[documents.Figure, Spread | None]
    """``cost``, ``vehicles``, ``distance``, ``duration``, ``unserved`` and ``emissions`` (kilograms of CO₂) over the
    seeds; ``None``: no search found a feasible plan."""
    differences: Mapping[documents.Figure, Paired | None]
    """The same against the problem as it is, seed by seed; ``None`` for itself, and where no seed has a feasible plan
    for both."""
    text: str
    """What it costs against the problem as it is: "costs 412 ± 35 more", with a 95 % confidence interval."""

    def __str__(self) -> str:
        return f"{self.name}: {self.text}" if self.text else self.name


@dataclass(frozen=True)
class Comparison:
    """Variants side by side. ``str()`` has a line for each."""

    variants: tuple[Compared, ...]
    """The problem as it is, and its variants in their order."""
    seeds: int
    """How many seeds there are."""
    is_complete: bool
    """Whether every search ran to its end."""
    runtime: float
    """How many seconds it took."""

    def __getitem__(self, name: str) -> Compared:
        for variant in self.variants:
            if variant.name == name:
                return variant
        raise KeyError(name)

    def __str__(self) -> str:
        return "\n".join(map(str, self.variants))


def _compared(problem: Problem, plan: _core.Plan | None, document: documents.Compared) -> Compared:
    return Compared(
        document["name"],
        problem,
        None if plan is None else Plan(plan, problem),
        document["runs"],
        {summary["figure"]: spread_of(summary["spread"]) for summary in document["figures"]},
        {summary["figure"]: paired_of(summary["difference"]) for summary in document["figures"]},
        document["text"],
    )


def compare(
    problem: Problem,
    variants: Mapping[str, Problem | Iterable[Change]],
    *,
    stop: Stop | float | None = None,
    seeds: int = 5,
    seed: int = 1,
    threads: int = 1,
    progress: bool | Callable[[RunsProgress], object] = False,
    cancel: CancelToken | None = None,
) -> Comparison:
    """Solves a problem and variants of it with common seeds, and says what each variant costs.

    A variant is a list of :mod:`milkrun.changes`, or a problem of its own in the same units. Each is solved with the
    seeds from ``seed`` on; ``stop`` is the limit of each single search (ten seconds, if not given), and ``threads`` is
    how many searches run side by side. Differences to the problem as it is are means seed by seed, with a 95 %
    confidence interval. Ctrl-C and ``cancel`` end the comparison early: what was cut short counts for nothing in the
    figures. ``progress=True`` shows how many searches have ended; a function is called with a :class:`RunsProgress` a
    few times a second, and what it raises ends the comparison and is raised here. Raises :class:`CompareError` with
    every fault of all variants at once.
    """
    search = asked_of(limits_of(stop), seed, threads)
    problems = _variants(problem, variants)
    show = runs_shower(progress)

    def report(looked: documents.RunsProgress) -> None:
        show(RunsProgress(**looked))

    try:
        plans, found = _core.compare_problems(
            list(problems),
            [variant._inner for variant in problems.values()],
            search,
            seeds_of(seeds),
            cancel or CancelToken(),
            report,
            problem.units._scales,
        )
    finally:
        show(None)
    compared = [
        _compared(variant, plan, document)
        for variant, plan, document in zip(problems.values(), plans, found["variants"], strict=True)
    ]
    return Comparison(tuple(compared), found["seeds"], found["complete"], found["runtime"])


def _variants(problem: Problem, variants: Mapping[str, Problem | Iterable[Change]]) -> dict[str, Problem]:
    """The problem as it is, and each variant, by name."""
    asked = Asked(problem.units)
    given: dict[str, Problem] = {}
    for name, variant in variants.items():
        if isinstance(variant, Problem):
            if variant.units != problem.units:
                raise SettingError(f"variant {name!r} has other units: give all problems the same scales and origin")
            given[name] = variant
        else:
            asked.add(str(name), variant)
    try:
        made = _core.problem_variants(problem._inner, asked.document)
    except CompareError as error:
        raise faults(asked.issues, error) from None
    if asked.issues:
        raise faults(asked.issues, None)
    names = ["as it is", *(variant["name"] for variant in asked.document["variants"])]
    if "as it is" in given:
        raise SettingError("'as it is' is the name of the problem without changes: use another")
    changed = {name: problem._alike(inner) for name, inner in zip(names, made, strict=True)}
    everything = {**changed, **given}
    return {name: everything[name] for name in ("as it is", *map(str, variants))}
