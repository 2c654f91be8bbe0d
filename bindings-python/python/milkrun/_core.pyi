"""
The compiled part of milkrun. Not for direct use: import `milkrun`.
"""

from _typeshed import SupportsGetItem
from os import PathLike
from typing import Any, SupportsFloat, SupportsIndex, final

__all__ = ["Builder", "CancelToken", "Plan", "Problem", "columns_from_arrow", "columns_to_arrow", "panic_on_purpose", "read_problem", "solve", "version"]

@final
class Builder:
    """
    Collects the parts of a problem as integers in the solver's units.
    """
    def __new__(cls, /) -> Builder: ...
    def add_client(self, /, location: SupportsIndex, delivery: SupportsGetItem[int, SupportsIndex], pickup: SupportsGetItem[int, SupportsIndex], service: SupportsIndex, time_window: tuple[SupportsIndex, SupportsIndex], release: SupportsIndex, prize: SupportsIndex, required: bool, group: SupportsIndex | None, name: str) -> None:
        """
        Adds a client.
        """
    def add_depot(self, /, location: SupportsIndex, service: SupportsIndex, open: tuple[SupportsIndex, SupportsIndex], name: str) -> None:
        """
        Adds a depot.
        """
    def add_group(self, /, required: bool, name: str) -> None:
        """
        Adds a group of clients.
        """
    def add_location(self, /, x: SupportsFloat | SupportsIndex, y: SupportsFloat | SupportsIndex, name: str) -> int:
        """
        Adds a location; gives its index.
        """
    def add_profile(self, /, size: SupportsIndex, distance: bytes, duration: bytes | None) -> None:
        """
        Adds a travel profile. Matrices are 64-bit integers of this machine's byte order, row-major.
        """
    def add_shipment(self, /, pickup: tuple[SupportsIndex, SupportsIndex, tuple[SupportsIndex, SupportsIndex]], delivery: tuple[SupportsIndex, SupportsIndex, tuple[SupportsIndex, SupportsIndex]], amount: SupportsGetItem[int, SupportsIndex], prize: SupportsIndex, required: bool, name: str) -> None:
        """
        Adds a shipment.
        """
    def add_vehicle_type(self, /, count: SupportsIndex, capacity: SupportsGetItem[int, SupportsIndex], start: SupportsIndex | None, end: SupportsIndex | None, fixed_cost: SupportsIndex, cost_per_distance: SupportsIndex, cost_per_duration: SupportsIndex, shift: tuple[SupportsIndex, SupportsIndex], max_duration: SupportsIndex | None, max_distance: SupportsIndex | None, allowed_clients: SupportsGetItem[int, SupportsIndex] | None, reload_depots: SupportsGetItem[int, SupportsIndex], max_trips: SupportsIndex | None, profile: SupportsIndex, name: str) -> None:
        """
        Adds a vehicle type.
        """
    def build(self, /) -> Problem:
        """
        Checks all parts and makes the problem.
        """
    def set_backhauls_after_linehauls(self, /, after: bool) -> None:
        """
        Sets whether pickups come after all deliveries of a trip.
        """
    def set_name(self, /, name: str) -> None:
        """
        Sets the problem's name.
        """
    def travel_euclidean(self, /, rounding: str) -> None:
        """
        Takes straight lines; `rounding` is one of round, trunc, dimacs, exact, none, ceil.
        """
    def travel_haversine(self, /, speed: SupportsFloat | SupportsIndex, detour: SupportsFloat | SupportsIndex) -> None:
        """
        Takes great circles.
        """

@final
class CancelToken:
    """
    Asks a running search to stop, from any thread.

    The search answers with the best plan found so far, and its result's `stopped` is `"cancelled"`.
    """
    def __new__(cls, /) -> CancelToken: ...
    def cancel(self, /) -> None:
        """
        Asks the search to stop. It answers within some milliseconds.
        """
    @property
    def is_cancelled(self, /) -> bool:
        """
        Whether `cancel` was called.
        """

@final
class Plan:
    """
    Routes for a problem, with times, loads and costs.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    @property
    def breakdown(self, /) -> tuple[int, int, int, int, int, int, int, int, int]:
        """
        Fixed cost, cost of distance, of duration, of what is unserved, of overtime, of waiting, of soft windows, of
        disposal, and of goals.
        """
    def check(self, /) -> tuple[tuple[int, int, int, int, int, int, int, int, int], list[tuple[str, int | None, str]], list[tuple[str, str, str]]]:
        """
        Asks the judge: cost, violations, and numbers of the plan that are wrong.
        """
    @property
    def cost(self, /) -> int:
        """
        Total cost.
        """
    @staticmethod
    def from_json(problem: Problem, text: str) -> Plan:
        """
        Reads a plan from milkrun's JSON.
        """
    @staticmethod
    def from_sol(problem: Problem, content: bytes) -> Plan:
        """
        Reads a plan from VRPLIB's `.sol` text.
        """
    @property
    def is_feasible(self, /) -> bool:
        """
        Whether no rule is broken.
        """
    def is_for(self, /, problem: Problem) -> bool:
        """
        Whether the plan was made for this very problem or an equal one.
        """
    @staticmethod
    def of_stops(problem: Problem, routes: SupportsGetItem[int, tuple[SupportsIndex, SupportsGetItem[int, tuple[SupportsIndex | None, SupportsIndex | None, SupportsGetItem[int, tuple[str, SupportsIndex]]]]]]) -> Plan:
        """
        The plan of the given stops: vehicle type and trips of each route.
        """
    def routes(self, /) -> list[tuple[int, int, int, int, int, int, tuple[int, int, int, int, int, int, int, int, int], list[tuple[int | None, int | None, int, int, int, int, list[int], list[int], list[tuple[str, int, int, int, int, int, list[int]]]]]]]:
        """
        The routes.
        """
    def table(self, /) -> str:
        """
        The plan as a table for people, in the solver's units.
        """
    def to_geojson(self, /) -> str:
        """
        Writes `GeoJSON`.
        """
    def to_json(self, /) -> str:
        """
        Writes milkrun's JSON.
        """
    def to_sol(self, /, cost: SupportsFloat | SupportsIndex | None) -> str:
        """
        Writes VRPLIB's `.sol` text.
        """
    def unserved(self, /) -> tuple[list[int], list[int]]:
        """
        Clients and shipments left out.
        """
    def violations(self, /) -> list[tuple[str, int | None, str]]:
        """
        Kind, route and message of every rule that is broken.
        """

@final
class Problem:
    """
    A problem that is built and valid.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def clients(self, /) -> list[tuple[int, str]]:
        """
        Location and name of each client.
        """
    def depots(self, /) -> list[tuple[int, str]]:
        """
        Location and name of each depot.
        """
    @staticmethod
    def from_json(text: str) -> Problem:
        """
        Reads milkrun's JSON.
        """
    @property
    def is_geographic(self, /) -> bool:
        """
        Whether travel is computed from longitudes and latitudes.
        """
    @property
    def load_dimensions(self, /) -> int:
        """
        How many load dimensions there are.
        """
    def locations(self, /) -> list[tuple[float, float, str]]:
        """
        Horizontal and vertical coordinate and name of each location.
        """
    @property
    def name(self, /) -> str:
        """
        The name.
        """
    @property
    def num_vehicles(self, /) -> int:
        """
        How many vehicles of all types there are.
        """
    def shipments(self, /) -> list[tuple[int, int, str]]:
        """
        Locations of pickup and delivery, and name, of each shipment.
        """
    def to_json(self, /) -> str:
        """
        Writes milkrun's JSON.
        """
    def to_vrplib(self, /) -> str:
        """
        Writes a VRPLIB file.
        """
    def travel(self, /, profile: SupportsIndex, from_location: SupportsIndex, to_location: SupportsIndex) -> tuple[int, int] | None:
        """
        Distance and duration from one location to another; `None` if the problem has no such location or profile.
        """
    def vehicle_types(self, /) -> list[tuple[int, str, int | None, int | None]]:
        """
        Count, name, start and end depot of each vehicle type.
        """

def columns_from_arrow(table: Any) -> list[tuple[str, str, list[Any | None]]]:
    """
    Reads the columns of anything that has `__arrow_c_stream__`. Gives, for each column, its name, what its values are
    (`plain`, `timestamp`, `utc` or `duration`, the latter three in microseconds), and the values, null as `None`.
    """

def columns_to_arrow(columns: SupportsGetItem[int, tuple[str, str, Any]]) -> Any:
    """
    Makes an Arrow stream of columns; each has a name, a type (`int`, `float`, `str` or `bool`) and values.
    """

def panic_on_purpose(message: str) -> None:
    """
    Panics inside, to show that it ends as an `InternalError`.
    """

def read_problem(content: bytes, path: str | PathLike[str] | None, format: str | None, rounding: str | None) -> tuple[Problem, str, str | None, float]:
    """
    Reads a problem of any format. Gives the problem, the format, the rounding, and the factor by which it scales.
    """

def solve(problem: Problem, max_runtime: SupportsFloat | SupportsIndex | None, max_iterations: SupportsIndex | None, no_improvement: SupportsIndex | None, target_cost: SupportsIndex | None, seed: SupportsIndex, threads: SupportsIndex, initial: Plan | None, cancel: CancelToken, on_progress: Any | None) -> tuple[Plan, str, int, float]:
    """
    Solves a problem. Gives plan, why the search stopped, iterations and seconds.
    """

def version() -> str:
    """
    The version of the package.
    """
