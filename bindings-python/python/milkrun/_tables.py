"""Plans as tables: a row for each visit."""

from __future__ import annotations

from typing import Any

from ._shown import ShownPlan

_TIMES = ("arrival", "start", "departure")


def records(plan: ShownPlan) -> list[dict[str, Any]]:
    """A dict for each visit, in order."""
    rows = []
    for r, route in enumerate(plan.routes):
        for t, trip in enumerate(route.trips):
            for p, visit in enumerate(trip.visits):
                x, y, _ = plan.problem.locations[visit.location]
                row: dict[str, Any] = {
                    "route": r,
                    "trip": t,
                    "position": p,
                    "vehicle_type": route.vehicle_type,
                    "vehicle_name": route.vehicle_name,
                    "kind": visit.kind,
                    "index": visit.index,
                    "name": visit.name,
                    "location": visit.location,
                    "x": x,
                    "y": y,
                    "setup": visit.setup,
                    "arrival": visit.arrival,
                    "start": visit.start,
                    "departure": visit.departure,
                    "waiting": visit.waiting,
                }
                row.update({f"load_{d}": amount for d, amount in enumerate(visit.load)})
                rows.append(row)
    return rows


def columns(plan: ShownPlan) -> list[tuple[str, str, list[Any]]]:
    """Name, type and values of each column, for Arrow."""
    units, rows = plan.problem.units, records(plan)
    whole = {
        "setup": units.time,
        "arrival": units.time,
        "start": units.time,
        "departure": units.time,
        "waiting": units.time,
    }
    names = list(rows[0]) if rows else ["route", "trip", "position"]

    def kind(name: str) -> str:
        if name in ("vehicle_name", "kind", "name"):
            return "str"
        scale = whole.get(name, units.load if name.startswith("load_") else 1)
        return "float" if name in ("x", "y") or scale != 1 else "int"

    return [(name, kind(name), [row[name] for row in rows]) for name in names]


def to_pandas(plan: ShownPlan) -> Any:
    """A frame with a row for each visit."""
    import pandas as pd

    frame = pd.DataFrame({name: values for name, _, values in columns(plan)})
    origin = plan.problem.units.origin
    if origin is not None:
        for name in set(_TIMES) & set(frame.columns):
            frame[name] = pd.Timestamp(origin) + pd.to_timedelta(frame[name], unit="s")
    return frame


def to_geopandas(plan: ShownPlan) -> Any:
    """A frame with a row for each line and point of the map."""
    import geopandas

    crs = 4326 if plan.problem.is_geographic else None
    return geopandas.GeoDataFrame.from_features(plan.to_geojson()["features"], crs=crs)
