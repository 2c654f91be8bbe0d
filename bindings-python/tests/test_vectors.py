"""The conformance vectors: what comes out in Rust comes out here, to the last digit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT
from living import answer

import milkrun
from milkrun import Model, Plan, Problem

CASES = {path.stem: path for path in sorted((ROOT / "tests" / "vectors" / "cases").glob("*.json"))}


def test_there_are_cases() -> None:
    assert len(CASES) >= 40


def outcome(case: dict[str, Any], problem: Problem) -> dict[str, Any]:
    plan = problem.plan(routes(case["plan"])) if "plan" in case else None
    if "asked" in case:
        return {"answer": answer(case, problem, plan, record)}
    return {"plan": record(plan) if plan else searched(case, problem)}


def searched(case: dict[str, Any], problem: Problem) -> dict[str, Any]:
    parameters = case["parameters"]
    stop = milkrun.Stop(
        max_iterations=parameters["max_iterations"],
        no_improvement=parameters.get("no_improvement"),
        target_cost=parameters.get("target_cost"),
    )
    initial = problem.plan(routes(parameters["initial"])) if "initial" in parameters else None
    result = milkrun.solve(problem, stop=stop, seed=parameters["seed"], threads=parameters["threads"], initial=initial)
    return {**record(result.plan), "stopped": result.stopped, "iterations": result.iterations}


def routes(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def trip(trip: dict[str, Any]) -> dict[str, Any]:
        return {**trip, "visits": [tuple(visit) for visit in trip["visits"]]}

    return [{**route, "trips": [trip(t) for t in route["trips"]]} for route in given]


BREAKDOWN = ("fixed", "distance", "duration", "unserved", "overtime", "waiting", "windows", "disposal", "goals")


def record(plan: Plan) -> dict[str, Any]:
    cost = plan.breakdown
    return {
        "cost": plan.cost,
        "breakdown": [getattr(cost, part) for part in BREAKDOWN],
        "violations": [[v.kind, v.route, v.message] for v in plan.violations],
        "unserved": [list(plan.unserved_clients), list(plan.unserved_shipments)],
        "routes": [
            {
                "vehicle_type": route.vehicle_type,
                "trips": [
                    {
                        "start_depot": trip.start_depot,
                        "end_depot": trip.end_depot,
                        "visits": [[visit.kind, visit.index] for visit in trip.visits],
                    }
                    for trip in route.trips
                ],
            }
            for route in plan.routes
        ],
        "times": [[route.start, route.end, route.distance] for route in plan.routes],
    }


def failure(error: milkrun.MilkrunError) -> dict[str, Any]:
    issues = [[i.path, i.value, i.message, i.remedy] for i in error.issues]
    return {"code": error.code, "message": str(error), "issues": issues}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    case = json.loads(CASES[name].read_text())
    text = case["text"] if "text" in case else json.dumps(case["problem"], separators=(",", ":"), ensure_ascii=False)
    try:
        problem = milkrun.read_text(text, format=case.get("format"), rounding=case.get("rounding"))
        found = outcome(case, problem)
    except milkrun.MilkrunError as error:
        found = {"error": failure(error)}
    assert found == case["expected"]


@pytest.mark.parametrize("name", CASES)
def test_case_through_the_model(name: str) -> None:
    """Problems that are put together part by part come out the same."""
    case = json.loads(CASES[name].read_text())
    code = case["expected"].get("error", {}).get("code", "plan")
    if "problem" not in case or "asked" in case or code not in ("plan", "validation"):
        pytest.skip("no model can say this")
    model = model_of(case["problem"])
    if code == "validation":
        with pytest.raises(milkrun.ValidationError) as caught:
            model.build()
        expected = [place_of(issue[0]) for issue in case["expected"]["error"]["issues"]]
        assert sorted(issue.path for issue in caught.value.issues) == sorted(expected)
        return
    try:
        found = outcome(case, model.build())
    except milkrun.MilkrunError as error:
        found = {"error": failure(error)}
    assert found == case["expected"]


def place_of(path: str) -> str:
    """Documents name points by where they stand, models by the location that they became."""
    axes = {"x": "x", "y": "y", "lon": "x", "lat": "y"}
    return {f"depots[0].location.{name}": f"locations[0].{axis}" for name, axis in axes.items()}.get(path, path)


def model_of(document: dict[str, Any]) -> Model:
    model = Model(document.get("name", ""))
    for location in document.get("locations", []):
        model.add_location(**location)
    for depot in document.get("depots", []):
        fields = placed(depot)
        model.add_depot(**{"open" if key == "time_window" else key: value for key, value in fields.items()})
    for material in document.get("materials", []):
        model.add_material(**material)
    for pair in document.get("separate_materials", []):
        model.separate_materials(*pair)
    for group in document.get("groups", []):
        model.add_group(**group)
    for client in document.get("clients", []):
        model.add_client(**client_of(client))
    for shipment in document.get("shipments", []):
        ends = {end: placed(shipment[end]) for end in ("pickup", "delivery")}
        model.add_shipment(**{**shipment, **ends})
    for site in document.get("disposal_sites", []):
        fields = placed(site)
        for name in {"unloading", "tipping_fee"} & set(fields):
            fields[name] = [milkrun.Rate(**rate) for rate in fields[name]]
        model.add_disposal_site(**fields)
    for zone in document.get("zones", []):
        model.add_zone(**zone)
    for vehicle_type in document.get("vehicle_types", []):
        model.add_vehicle_type(**vehicle_type_of(vehicle_type))
    for relation in document.get("relations", []):
        ((kind, given),) = relation.items()
        add = getattr(model, f"add_{kind}")
        add(**given) if isinstance(given, dict) else add(given)
    for goal in document.get("goals", []):
        model.add_goal(**goal)
    for profile, steps in enumerate(document.get("speeds", [])):
        model.set_speeds([(step["from"], step["percent"]) for step in steps], profile)
    model.set_backhauls(document.get("backhauls", "mixed"))
    travel = document.get("travel", {"type": "euclidean"})
    if travel["type"] == "euclidean":
        model.travel_euclidean(travel.get("rounding", "round"))
    elif travel["type"] == "haversine":
        model.travel_haversine(travel["speed"], travel.get("detour", 1.3))
    else:
        for matrices in travel["profiles"]:
            model.travel_matrix(matrices["distance"], matrices.get("duration"))
    return model


def client_of(client: dict[str, Any]) -> dict[str, Any]:
    fields = placed(client)
    if "soft_window" in fields:
        soft = dict(fields["soft_window"])
        fields = {
            **fields,
            "soft_window": milkrun.SoftWindow((soft.pop("early", None), soft.pop("late", None)), **soft),
        }
    if "service_by_type" in fields:
        services = {row["vehicle_type"]: row["service"] for row in fields["service_by_type"]}
        fields = {**fields, "service_by_type": services}
    return costs_of(fields)


def costs_of(fields: dict[str, Any]) -> dict[str, Any]:
    if "assignment_costs" not in fields:
        return fields
    return {**fields, "assignment_costs": {row["vehicle_type"]: row["cost"] for row in fields["assignment_costs"]}}


def zone_rule_of(rule: dict[str, Any]) -> milkrun.Closed | milkrun.ServeOnly:
    return milkrun.Closed(**rule["closed"]) if "closed" in rule else milkrun.ServeOnly(rule["serve_only"])


def vehicle_type_of(vehicle_type: dict[str, Any]) -> dict[str, Any]:
    makes: dict[str, Any] = {
        "breaks": lambda row: milkrun.Break(**placed(row)),
        "compartments": lambda row: milkrun.Compartment(**row),
        "driver_rules": lambda row: milkrun.DriverRule(**row),
        "overtime": lambda row: milkrun.Overtime(**row),
        "executed": lambda row: next(iter(row.items())),
        "zones": zone_rule_of,
    }
    return {key: [makes[key](row) for row in value] if key in makes else value for key, value in vehicle_type.items()}


def placed(part: dict[str, Any]) -> dict[str, Any]:
    """The part with its point's coordinates among its fields."""
    location = part.get("location")
    if not isinstance(location, dict):
        return part
    return {**{key: value for key, value in part.items() if key != "location"}, **location}
