"""Zones: where vehicles serve, and what is closed to them."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

import milkrun
from milkrun import Closed, MaxIterations, Model, ServeOnly

SQUARE = [(5, -1), (20, -1), (20, 1), (5, 1)]


class Shape:
    """What a geometry of shapely looks like from outside."""

    def __init__(self, kind: str, coordinates: Any) -> None:
        self.__geo_interface__ = {"type": kind, "coordinates": coordinates}


def cost(area: Any, rules: list[ServeOnly | Closed]) -> float:
    """What a van pays that starts at 0, where 10 is worth 70 and -10 is worth 30."""
    model = Model()
    yard = model.add_depot(x=0, y=0)
    model.add_client(x=10, y=0, required=False, prize=70)
    model.add_client(x=-10, y=0, required=False, prize=30)
    model.add_zone(area, name="east")
    model.add_vehicle_type(1, depot=yard, zones=rules)
    result = model.solve(stop=MaxIterations(300))
    assert result.plan.check().is_truthful
    return result.cost


@pytest.mark.parametrize(
    "area",
    [
        SQUARE,
        {"type": "Polygon", "coordinates": [SQUARE]},
        Shape("MultiPolygon", [[SQUARE]]),
        Shape("Polygon", [SQUARE]),
    ],
    ids=["corners", "geojson", "shapes", "shape"],
)
def test_areas_are_said_in_several_ways(area: Any) -> None:
    assert cost(area, []) == 40
    assert cost(area, [ServeOnly("east")]) == 20 + 30
    assert cost(area, [Closed("east")]) == 20 + 70
    assert cost(area, [Closed(0, [(0, 500)])]) == 40
    assert cost(area, [Closed(0, [(time(0), None)])]) == 20 + 70


def test_faults_have_a_place() -> None:
    with pytest.raises(milkrun.ValidationError) as caught:
        cost([(0, 0), (1, 1), (1, 0), (0, 1)], [Closed("east", [])])
    assert [issue.path for issue in caught.value.issues] == ["zones[0].area", "vehicle_types[0].zones[0].closed.during"]
    with pytest.raises(KeyError, match="no Zone of this model is called 'west'"):
        cost(SQUARE, [ServeOnly("west")])
    with pytest.raises(ValueError, match="not a Point"):
        cost(Shape("Point", (1, 2)), [])


def test_explanations_name_the_zone() -> None:
    model = Model()
    yard = model.add_depot(x=0, y=0)
    model.add_client(x=10, y=0)
    zone = model.add_zone(SQUARE)
    model.add_vehicle_type(1, depot=yard, zones=[Closed(zone)])
    problem = model.build()
    plan = milkrun.solve(problem, stop=MaxIterations(100)).plan
    (explanation,) = milkrun.explain(problem, plan)
    (reason,) = explanation.by_type
    assert [(obstacle.kind, obstacle.numbers["zone"]) for obstacle in reason.obstacles] == [("zone_closed", 0)]
    assert "zones" in {change.kind for change in explanation.relaxations}
