"""Variants of a problem side by side."""

from __future__ import annotations

from typing import Any

import pytest

import milkrun
from milkrun import changes

Variants = dict[str, "milkrun.Problem | list[changes.Change]"]

ENOUGH = milkrun.MaxIterations(200)


def two(**scales: Any) -> milkrun.Problem:
    """Two clients that are worth a van of their own, which holds one."""
    model = milkrun.Model("two", **scales)
    yard = model.add_depot(x=0, y=0, name="yard")
    for x in (30, -30):
        model.add_client(x=x, y=0, delivery=1, required=False, prize=500)
    model.add_vehicle_type(2, capacity=1, depot=yard, fixed_cost=10, shift=(0, 900), name="van")
    return model.build()


def test_what_a_van_less_costs() -> None:
    variants: Variants = {
        "again": [],
        "one van less": [changes.Vehicles("van", by=-1)],
        "large": [changes.Merge({"vehicle_types": {"van": {"capacity": [2]}}})],
    }
    found = milkrun.compare(two(), variants, stop=ENOUGH, seeds=3)
    assert [variant.name for variant in found.variants] == ["as it is", *variants]
    assert found.is_complete
    assert found.seeds == 3
    first, again, less, large = found.variants
    assert (first.text, again.text, large.text) == ("", "costs the same", "costs 10 ± 0 less")
    assert str(less) == "one van less: costs 430 ± 0 more"
    assert found["one van less"] is less
    assert less.plan is not None
    assert less.plan.problem == less.problem
    assert less.plan.check().is_truthful
    assert len(less.plan.routes) == 1
    spread, difference = less.spreads["cost"], less.differences["cost"]
    assert spread is not None
    assert (spread.mean, spread.deviation, spread.count) == (570, 0, 3)
    assert difference is not None
    assert (difference.mean, difference.half_width, difference.significant) == (430, 0, True)
    unserved = less.differences["unserved"]
    assert unserved is not None
    assert unserved.mean == 1
    assert all(run is not None and run["feasible"] for run in less.runs)
    assert first.differences["cost"] is None
    with pytest.raises(KeyError):
        found["two vans less"]


def test_a_problem_of_its_own_and_threads_that_change_nothing() -> None:
    problem = two()
    other = milkrun.read_text(problem.to_json().replace('"count": 2', '"count": 1'))
    variants: Variants = {"other": other, "again": []}
    one = milkrun.compare(problem, variants, stop=ENOUGH, seeds=2)
    assert [variant.name for variant in one.variants] == ["as it is", "other", "again"]
    assert one["other"].text == "costs 430 ± 0 more"
    many = milkrun.compare(problem, variants, stop=ENOUGH, seeds=2, threads=2)
    assert [variant.spreads for variant in one.variants] == [variant.spreads for variant in many.variants]
    with pytest.raises(milkrun.SettingError, match="other units"):
        milkrun.compare(problem, {"scaled": two(distance_scale=10)}, stop=ENOUGH)


def test_numbers_are_in_the_users_units() -> None:
    problem = two(time_scale=10, cost_scale=10)
    variants: Variants = {
        # 60 seconds are needed: the core counts 600 of its units.
        "short": [changes.Shift(late=5)],
        "less": [changes.Vehicles(0, by=-1)],
        "late": [changes.LaterStart(by=10, vehicle_type="van")],
        "small": [changes.Capacity("van", 1), changes.OtherDepot("yard")],
    }
    found = milkrun.compare(problem, variants, stop=ENOUGH, seeds=2)
    assert found["less"].text == "costs 430 ± 0 more"
    assert found["short"].text == "costs 860 ± 0 more"
    duration = found["as it is"].spreads["duration"]
    assert duration is not None
    assert (duration.mean, duration.most) == (12, 12)
    distance = found["less"].spreads["distance"]
    assert distance is not None
    assert (distance.mean, distance.least) == (60, 60)
    assert found["late"].text == found["small"].text == "costs the same"


def test_all_faults_are_told_at_once() -> None:
    variants: Variants = {
        "boats": [changes.Vehicles("boat", by=1)],
        "debt": [changes.Vehicles("van", by=-3)],
        "never": [changes.Shift(early=float("nan"))],
        "moon": [changes.SiteClosed("moon"), changes.Sites([0])],
    }
    with pytest.raises(milkrun.CompareError) as caught:
        milkrun.compare(two(), variants, stop=ENOUGH)
    assert [issue.path for issue in caught.value.issues] == [
        'variants["never"].changes[0].early',
        'variants["boats"].changes[0].vehicle_type',
        'variants["debt"].changes[0].by',
        'variants["moon"].changes[0].site',
        'variants["moon"].changes[1].sites[0]',
    ]
    with pytest.raises(TypeError, match=r"milkrun\.changes"):
        milkrun.compare(two(), {"odd": ["one van less"]})  # type: ignore[list-item]
    with pytest.raises(milkrun.SettingError, match="seeds"):
        milkrun.compare(two(), {}, seeds=0)


def test_a_cancelled_comparison_says_so() -> None:
    cancel = milkrun.CancelToken()
    cancel.cancel()
    found = milkrun.compare(two(), {"again": []}, cancel=cancel)
    assert not found.is_complete
    assert found.variants[0].plan is None
    assert found.variants[1].runs == (None,) * 5
    assert found.variants[1].text == "no search ran to its end"
