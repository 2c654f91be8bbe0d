"""Problems from the dictionaries of OR-Tools' routing tutorials."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sized
from typing import Any

from ._errors import Issue, ValidationError

_KEYS = (
    "distance_matrix",
    "time_matrix",
    "locations",
    "demands",
    "vehicle_capacities",
    "num_vehicles",
    "depot",
    "starts",
    "ends",
    "time_windows",
    "pickups_deliveries",
)


def document_of(data: Mapping[str, Any]) -> str:
    """The problem as milkrun's JSON. Raises :class:`ValidationError` with every fault at once."""
    return json.dumps(_Reader(data).document())


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = {key: _plain(value) for key, value in data.items()}
        self.issues: list[Issue] = []

    def fault(self, path: str, value: object, message: str, remedy: str) -> None:
        self.issues.append(Issue(path, str(value)[:60], message, remedy))

    def document(self) -> dict[str, Any]:
        """Checks everything before anything is built from it."""
        for key in self.data.keys() - set(_KEYS):
            self.fault(key, self.data[key], "is not known here", "remove it, and state what it means in the model")
        matrices = {key: self.matrix(key) for key in ("distance_matrix", "time_matrix")}
        points = self.points()
        tables: dict[str, Sized] = {**matrices, "locations": points}
        sizes = {key: len(table) for key, table in tables.items() if len(table)}
        size = max(sizes.values(), default=0)
        for key, found in sizes.items():
            if found != size:
                self.fault(key, found, f"has {found} rows, but others have {size}", "give one for each node")
        if size == 0:
            self.fault("distance_matrix", "", "is missing", "give distance_matrix, time_matrix or locations")
        starts, ends = self.ends(size)
        demands, windows = self.of_nodes("demands", size), self.windows(size)
        capacities = self.capacities(len(starts))
        pairs = self.pairs(size, {*starts, *ends})
        if demands and not capacities:
            self.fault("vehicle_capacities", "", "is missing", "give one for each vehicle")
        others = {*starts, *ends, *(node for pair in pairs for node in pair)}
        served = [node for node in range(size) if node not in others]
        self.check_demands(demands, served, pairs)
        if self.issues:
            raise ValidationError.of(self.issues)
        depots = sorted({*starts, *ends})
        document: dict[str, Any] = {
            "milkrun": "problem",
            "version": 1,
            "travel": _travel(matrices["distance_matrix"], matrices["time_matrix"]),
            "locations": [{"x": x, "y": y} for x, y in points or [(0, 0)] * size],
            "depots": [{"name": f"node {node}", "location": node} for node in depots],
            "vehicle_types": _fleet(starts, ends, capacities, depots, windows),
        }

        def stop(node: int) -> dict[str, Any]:
            return {"location": node, **({"time_window": windows[node]} if windows else {})}

        document["clients"] = [
            {"name": f"node {node}", **stop(node), **({"delivery": [demands[node]]} if demands else {})}
            for node in served
        ]
        document["shipments"] = [
            {
                "name": f"nodes {a} and {b}",
                "pickup": stop(a),
                "delivery": stop(b),
                **({"amount": [demands[a]]} if demands else {}),
            }
            for a, b in pairs
        ]
        return document

    def check_demands(self, demands: list[int], served: list[int], pairs: list[tuple[int, int]]) -> None:
        for node in served if demands else []:
            if demands[node] < 0:
                self.fault(f"demands[{node}]", demands[node], "is negative", "pair the node in pickups_deliveries")
        for a, b in pairs if demands else []:
            if demands[a] < 0 or demands[b] != -demands[a]:
                remedy = f"give -demands[{a}], which must not be positive"
                self.fault(f"demands[{b}]", demands[b], "is not what its pickup loads", remedy)

    def integers(self, path: str, value: object) -> list[int]:
        if not isinstance(value, list):
            self.fault(path, value, "is not a list", "give a list of whole numbers")
            return []
        for i, number in enumerate(value):
            if isinstance(number, bool) or not isinstance(number, int):
                self.fault(f"{path}[{i}]", number, "is not a whole number", "scale and round it, as for OR-Tools")
        return [number if isinstance(number, int) else 0 for number in value]

    def matrix(self, key: str) -> list[list[int]]:
        rows = self.data.get(key)
        if rows is None:
            return []
        if not isinstance(rows, list):
            self.fault(key, rows, "is not a matrix", "give a list of rows")
            return []
        table = [self.integers(f"{key}[{i}]", row) for i, row in enumerate(rows)]
        for i, row in enumerate(table):
            if len(row) != len(table):
                message = f"has {len(row)} values for {len(table)} nodes"
                self.fault(f"{key}[{i}]", len(row), message, "give a square matrix")
        return table

    def points(self) -> list[tuple[float, float]]:
        points = self.data.get("locations") or []
        for i, point in enumerate(points):
            pair = isinstance(point, list) and len(point) == 2
            if not (pair and all(isinstance(number, int | float) for number in point)):
                self.fault(f"locations[{i}]", point, "is not a point", "give a pair of numbers")
        return [(point[0], point[1]) for point in points] if not self.issues else []

    def of_nodes(self, key: str, size: int) -> list[int]:
        if key not in self.data:
            return []
        values = self.integers(key, self.data[key])
        if len(values) != size:
            self.fault(key, len(values), f"has {len(values)} values for {size} nodes", "give one for each node")
        return values

    def windows(self, size: int) -> list[list[int]]:
        if "time_windows" not in self.data:
            return []
        windows = [self.integers(f"time_windows[{i}]", window) for i, window in enumerate(self.data["time_windows"])]
        if len(windows) != size:
            message = f"has {len(windows)} windows for {size} nodes"
            self.fault("time_windows", len(windows), message, "give one for each node")
        for i, window in enumerate(windows):
            if len(window) != 2:
                remedy = "give the earliest and the latest start"
                self.fault(f"time_windows[{i}]", window, "is not a pair of times", remedy)
        return windows

    def ends(self, size: int) -> tuple[list[int], list[int]]:
        count = self.data.get("num_vehicles")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            self.fault("num_vehicles", count, "is not a number of vehicles", "give at least 1")
            return [], []
        nodes = {"depot": [self.data["depot"]]} if "depot" in self.data else {}
        nodes |= {key: self.data[key] for key in ("starts", "ends") if key in self.data}
        if not nodes:
            self.fault("depot", "", "is missing", "give depot, or starts and ends")
        for key, listed in nodes.items():
            for i, node in enumerate(self.integers(key, listed)):
                if not 0 <= node < size:
                    path = key if key == "depot" else f"{key}[{i}]"
                    self.fault(path, node, "is not a node", f"give one from 0 to {size - 1}")
        home = nodes.get("depot", [0]) * count
        starts, ends = nodes.get("starts", home), nodes.get("ends", home)
        for key, listed in (("starts", starts), ("ends", ends)):
            if len(listed) != count:
                message = f"has {len(listed)} nodes for {count} vehicles"
                self.fault(key, len(listed), message, "give one for each vehicle")
        return ([], []) if self.issues else (starts, ends)

    def capacities(self, count: int) -> list[int]:
        if "vehicle_capacities" not in self.data:
            return []
        values = self.integers("vehicle_capacities", self.data["vehicle_capacities"])
        if count and len(values) != count:
            message = f"has {len(values)} values for {count} vehicles"
            self.fault("vehicle_capacities", len(values), message, "give one for each vehicle")
        return values

    def pairs(self, size: int, depots: set[int]) -> list[tuple[int, int]]:
        pairs: list[tuple[int, int]] = []
        used: set[int] = set()
        for i, pair in enumerate(self.data.get("pickups_deliveries") or []):
            path = f"pickups_deliveries[{i}]"
            nodes = self.integers(path, pair)
            if len(nodes) != 2:
                self.fault(path, pair, "is not a pair of nodes", "give the pickup and its delivery")
                continue
            for node in nodes:
                if not 0 <= node < size or node in depots:
                    self.fault(path, node, "is not a node to be served", "name two nodes that are no depots")
                elif node in used:
                    self.fault(path, node, "is in another pair already", "duplicate the node, one for each pair")
                used.add(node)
            pairs.append((nodes[0], nodes[1]))
        return pairs


def _plain(value: Any) -> Any:
    """Arrays and tuples as lists."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return [_plain(item) for item in value]
    return value


def _travel(distances: list[list[int]], times: list[list[int]]) -> dict[str, Any]:
    if not distances and not times:
        # The tutorials' own callbacks cut decimals off.
        return {"type": "euclidean", "rounding": "trunc"}
    profile = {"distance": distances or times}
    return {"type": "matrices", "profiles": [{**profile, "duration": times} if distances and times else profile]}


def _fleet(
    starts: list[int], ends: list[int], capacities: list[int], depots: list[int], windows: list[list[int]]
) -> list[dict[str, Any]]:
    """Vehicles that do not differ are of one type."""
    alike: dict[tuple[int, int, int | None], list[int]] = {}
    for vehicle, (start, end) in enumerate(zip(starts, ends, strict=True)):
        alike.setdefault((start, end, capacities[vehicle] if capacities else None), []).append(vehicle)
    types = []
    for (start, end, capacity), vehicles in alike.items():
        name = f"vehicle{'' if len(vehicles) == 1 else 's'} {', '.join(map(str, vehicles))}"
        own: dict[str, Any] = {"name": name, "count": len(vehicles)}
        own |= {"start": depots.index(start), "end": depots.index(end)}
        if capacity is not None:
            own["capacity"] = [capacity]
        if windows:
            own["shift"] = [windows[start][0], windows[end][1]]
        types.append(own)
    return types
