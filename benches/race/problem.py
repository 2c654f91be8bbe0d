"""A problem as the peers need it: tables of integers, from milkrun's JSON.

Every peer gets the same integers, so that no reader of its own and no rounding of its own can make a difference.
"""

import json
import math

NEVER = 2**30 - 1


def _rounded(length, rule):
    if rule == "trunc":
        return int(length)
    if rule == "dimacs":
        return int(10 * length)
    if rule == "exact":
        return math.floor(1000 * length + 0.5)
    if rule == "ceil":
        return math.ceil(length)
    return math.floor(length + 0.5)


class Unsupported(Exception):
    """The problem has something that a peer cannot express."""


class Problem:
    """A problem with one load dimension, whose vehicles all start and end at depot 0."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        self.document = document
        self.fleet = document["vehicle_types"]
        self._refuse()
        self.clients = document["clients"]
        # Point 0 is the depot; point i is client i - 1.
        points = [self._location(document["depots"][0])] + [self._location(c) for c in self.clients]
        self.coordinates = [self._coordinates(p) for p in points]
        self.distances, self.durations = self._tables(points)
        self.demands = [0] + [(c.get("delivery") or [0])[0] for c in self.clients]
        self.services = [document["depots"][0].get("service", 0)] + [c.get("service", 0) for c in self.clients]
        self.windows = [self._window(document["depots"][0])] + [self._window(c) for c in self.clients]
        self.vehicles = [self._vehicle(v) for v in self.fleet for _ in range(min(v.get("count", 1), len(self.clients)))]
        self.vehicles = self.vehicles[: len(self.clients)]

    def _refuse(self):
        """Names what no peer is given here."""
        document = self.document
        odd = [name for name in ("shipments", "groups") if document.get(name)]
        if len(document.get("depots", [])) != 1:
            odd.append("depots")
        if document.get("backhauls", "mixed") != "mixed":
            odd.append("backhauls")
        for client in document.get("clients", []):
            if client.get("pickup") and any(client["pickup"]):
                odd.append("pickups")
            if client.get("release", 0) or not client.get("required", True) or client.get("prize", 0):
                odd.append("releases or prizes")
            if len(client.get("delivery") or []) > 1:
                odd.append("load dimensions")
        for vehicle in self.fleet:
            for name in ("reload_depots", "allowed_clients", "max_distance", "max_duration", "fixed_cost",
                         "cost_per_duration"):
                if vehicle.get(name):
                    odd.append(name)
            if vehicle.get("start") is None or vehicle.get("end") is None:
                odd.append("open routes")
            if vehicle.get("cost_per_distance", 1) != 1 or vehicle.get("profile", 0):
                odd.append("vehicle costs")
        if odd:
            raise Unsupported(", ".join(sorted(set(odd))))

    def _location(self, place):
        """The index of a location; the document refers to it by index or by name."""
        reference = place["location"]
        if isinstance(reference, int):
            return reference
        names = [location.get("name") for location in self.document["locations"]]
        return names.index(reference)

    def _coordinates(self, index):
        location = self.document["locations"][index]
        return location.get("x", location.get("lon", 0.0)), location.get("y", location.get("lat", 0.0))

    def _tables(self, points):
        travel = self.document["travel"]
        if travel["type"] == "euclidean":
            rule, where = travel.get("rounding", "round"), self.coordinates
            table = [[_rounded(math.hypot(a[0] - b[0], a[1] - b[1]), rule) for b in where] for a in where]
            return table, table
        if travel["type"] == "matrices":
            profile = travel["profiles"][0]

            def picked(matrix):
                return [[NEVER if matrix[a][b] is None else matrix[a][b] for b in points] for a in points]

            distances = picked(profile["distance"])
            return distances, picked(profile["duration"]) if profile.get("duration") else distances
        raise Unsupported(travel["type"])

    @staticmethod
    def _window(item, name="time_window"):
        early, late = item.get(name) or (None, None)
        return (0 if early is None else early), (NEVER if late is None else late)

    def _vehicle(self, vehicle):
        capacity = (vehicle.get("capacity") or [NEVER])[0]
        shift, depot = self._window(vehicle, "shift"), self.windows[0]
        return capacity, (max(shift[0], depot[0]), min(shift[1], depot[1]))

    @property
    def timed(self):
        """Whether time matters at all."""
        return any(w != (0, NEVER) for w in self.windows) or any(s != (0, NEVER) for _, s in self.vehicles)

    @property
    def uniform(self):
        """Whether all vehicles are alike."""
        return len(set(self.vehicles)) <= 1

    def write_sol(self, path, routes):
        """Writes routes of point numbers, one for each vehicle, as VRPLIB solution text."""
        with open(path, "w", encoding="ascii") as file:
            for number, route in enumerate(routes, 1):
                print(f"Route #{number}:", *route, file=file)
