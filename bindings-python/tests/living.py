"""What comes of the conformance vectors that ask for more than a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import milkrun
from milkrun import Plan, Problem, changes, events

Record = Callable[[Plan], dict[str, Any]]


def answer(case: dict[str, Any], problem: Problem, published: Plan | None, record: Record) -> dict[str, Any]:
    """The answer of a case, as the vectors have it."""
    parameters = case["parameters"]
    search = {
        "stop": milkrun.Stop(max_iterations=parameters["max_iterations"]),
        "seed": parameters["seed"],
        "threads": parameters["threads"],
    }
    ((kind, asked),) = case["asked"].items()
    answers = {
        "adapt": _adapted,
        "period": _period,
        "compare": _compared,
        "pareto": _front,
        "scenarios": _over_scenarios,
    }
    if kind == "adapt":
        asked = {**asked, "published": published}
    return answers[kind](problem, asked, search, record)


def _adapted(problem: Problem, asked: dict[str, Any], search: dict[str, Any], record: Record) -> dict[str, Any]:
    prices = asked.get("prices")
    found = milkrun.adapt(
        problem,
        asked["published"],
        now=asked["now"],
        events=[_event(event) for event in asked.get("events", [])],
        prices=None if prices is None else milkrun.ChangePrices(**prices),
        keep=asked.get("keep", "nothing"),
        keep_until=asked.get("keep_until"),
        **search,
    )
    return {
        "changes": [[change.text, change.cause] for change in found.difference.changes],
        "reordered": found.difference.reordered,
        "order_cost": found.order_cost,
        "cost": list(found.difference.cost),
        "published_route": list(found.published_route),
        "followed": record(found.followed),
        "plan": record(found.plan),
        "stopped": found.stopped,
        "iterations": found.iterations,
    }


def _event(event: dict[str, Any]) -> events.Event:
    fields = {key: value for key, value in event.items() if key != "kind"}
    kind = event["kind"]
    if kind == "added":
        fields = fields["client"]
    names = {"available": {"from": "since"}}.get(kind, {"from": "start", "to": "end"})
    made: events.Event = _named(events, kind)(**{names.get(key, key): value for key, value in fields.items()})
    return made


def _named(module: Any, kind: str) -> Any:
    """``broken_down`` is called ``BrokenDown``."""
    return getattr(module, kind.title().replace("_", ""))


def _visits(*, overflow: dict[str, Any] | None = None, **own: Any) -> milkrun.Visits:
    return milkrun.Visits(overflow=None if overflow is None else milkrun.Overflow(**overflow), **own)


def _period(problem: Problem, asked: dict[str, Any], search: dict[str, Any], record: Record) -> dict[str, Any]:
    visits = {own["client"]: _visits(**{k: v for k, v in own.items() if k != "client"}) for own in asked["visits"]}
    found = milkrun.plan_period(
        problem,
        days=asked["days"],
        visits=visits,
        working_days={own["vehicle_type"]: own["days"] for own in asked.get("working_days", [])},
        consistency=milkrun.Consistency(**asked.get("consistency", {})),
        territories=[milkrun.Territory(**own) for own in asked.get("territories", [])],
        told={own["client"]: own["days"] for own in asked.get("told", [])},
        **search,
    )
    return {
        "cost": found.cost,
        "consistency_cost": found.consistency_cost,
        "other_vehicle": found.other_vehicle,
        "moved_days": found.moved_days,
        "other_time": found.other_time,
        "visited": [list(days) for days in found.visited],
        "plans": [record(plan) for plan in (found.plan, *(day.plan for day in found.days))],
        "stopped": found.stopped,
        "iterations": found.iterations,
    }


def _compared(problem: Problem, asked: dict[str, Any], search: dict[str, Any], record: Record) -> dict[str, Any]:
    def change(change: dict[str, Any]) -> changes.Change:
        kind = {"depot": "other_depot"}.get(change["kind"], change["kind"])
        made: changes.Change = _named(changes, kind)(**{k: v for k, v in change.items() if k != "kind"})
        return made

    variants = {own["name"]: [change(each) for each in own["changes"]] for own in asked["document"]["variants"]}
    found = milkrun.compare(problem, variants, seeds=asked["seeds"], **search)

    def fields(value: Any) -> dict[str, Any] | None:
        return None if value is None else dict(vars(value))

    return {
        "variants": [
            {
                "name": variant.name,
                "costs": [None if run is None else run["cost"] for run in variant.runs],
                "spread": fields(variant.spreads["cost"]),
                "difference": fields(variant.differences["cost"]),
                "text": variant.text,
                "plan": None if variant.plan is None else record(variant.plan),
            }
            for variant in found.variants
        ]
    }


def _front(problem: Problem, asked: dict[str, Any], search: dict[str, Any], record: Record) -> dict[str, Any]:
    found = milkrun.pareto(problem, asked["objectives"], points=asked["points"], **search)
    return {
        "objectives": list(found.objectives),
        "points": [
            {"values": list(point.values), "trade": point.trade, "plan": record(point.plan)} for point in found.points
        ],
        "runs": found.runs,
        "covered": found.covered,
    }


def _over_scenarios(problem: Problem, asked: dict[str, Any], search: dict[str, Any], record: Record) -> dict[str, Any]:
    uncertain = {
        own["client"]: [milkrun.Outcome(**outcome) for outcome in own["outcomes"]] for own in asked["uncertain"]
    }
    found = milkrun.plan_scenarios(problem, uncertain, **{k: v for k, v in asked.items() if k != "uncertain"}, **search)
    told = ("outcomes", "outcomes_for_means", "fresh", "fresh_for_means")
    return {
        **{name: dict(vars(getattr(found, name))) for name in told},
        "visited_share": list(found.visited_share),
        "plan": record(found.plan),
        "plan_for_means": record(found.plan_for_means),
        "stopped": found.stopped,
    }
