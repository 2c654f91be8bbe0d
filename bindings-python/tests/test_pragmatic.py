"""vrp's pragmatic JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

import milkrun
from milkrun import JsonContentError, JsonSyntaxError, MaxIterations, answer_pragmatic

JOB = {"id": "mill", "deliveries": [{"places": [{"location": {"index": 1}, "duration": 300}], "demand": [2]}]}
VEHICLE = {
    "typeId": "van",
    "vehicleIds": ["van_1"],
    "profile": {"matrix": "car"},
    "costs": {"fixed": 10, "distance": 0.5, "time": 0},
    "capacity": [5],
    "shifts": [{"start": {"earliest": "2026-07-04T09:00:00Z", "location": {"index": 0}}}],
}
PROBLEM: dict[str, Any] = {
    "plan": {"jobs": [JOB]},
    "fleet": {"profiles": [{"name": "car"}], "vehicles": [VEHICLE]},
}
MATRIX = {"travelTimes": [0, 60, 60, 0], "distances": [0, 800, 800, 0]}


def test_an_answer_in_the_format() -> None:
    for problem, matrix in ((PROBLEM, MATRIX), (json.dumps(PROBLEM), json.dumps(MATRIX))):
        answer = answer_pragmatic(problem, matrices=[matrix], stop=MaxIterations(50))
        statistic = answer.solution["statistic"]
        assert (statistic["cost"], statistic["distance"], statistic["duration"]) == (410.0, 800, 360)
        assert answer.solution["tours"][0]["vehicleId"] == "van_1"
        assert answer.warnings == ()


def test_faults_are_told_all_at_once() -> None:
    with pytest.raises(JsonSyntaxError):
        answer_pragmatic("{")
    faulty = {**PROBLEM, "fleet": {"profiles": [{"name": "bike"}], "vehicles": [VEHICLE]}}
    with pytest.raises(JsonContentError) as caught:
        answer_pragmatic(faulty, matrices=[MATRIX])
    assert any("profile" in issue.path for issue in caught.value.issues)


def test_a_problem_of_milkruns_own() -> None:
    place = {"lat": 52.0, "lng": 5.0}
    job = {"id": "mill", "services": [{"places": [{"location": {"lat": 52.0, "lng": 5.01}, "duration": 300}]}]}
    shift = {"start": {"earliest": "2026-07-04T09:00:00Z", "location": place}}
    text = json.dumps(
        {
            "plan": {"jobs": [job]},
            "fleet": {"profiles": [{"name": "car"}], "vehicles": [{**VEHICLE, "shifts": [shift]}]},
        }
    )
    problem = milkrun.read_text(text, format="pragmatic")
    assert problem.solve(stop=MaxIterations(20)).plan.routes
