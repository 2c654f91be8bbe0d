"""
The compiled part of milkrun. Not for direct use: import `milkrun`.
"""

from _typeshed import SupportsGetItem
from os import PathLike
from typing import Any, SupportsFloat, SupportsIndex, final

__all__ = ["AsOfTable", "CancelToken", "City", "Cleaned", "FeatureState", "FillModel", "Increments", "Network", "PeriodPlan", "Plan", "Problem", "Ridge", "Scales", "Series", "adapt_plan", "answer_pragmatic", "apply_selection", "average_consumption", "backtest_fill", "backtest_series", "backtest_visits", "carry_over", "clean_readings", "columns_from_arrow", "columns_to_arrow", "compare_policies", "compare_problems", "compute_features", "coverage_share", "crps_score", "diff_plans", "explain_plan", "feature_columns", "forecast_series", "ks_two_samples", "moderate_prices", "monitor_model", "pareto_front", "pinball_loss", "plan_period", "plan_scenarios", "probability_scores", "problem_variants", "read_problem", "read_tables", "road_profile", "road_profiles", "select_bins", "solve", "stability_index", "time_to_full", "vehicle_classes", "version", "visit_increments", "write_city", "write_handout", "write_period_handout"]

@final
class AsOfTable:
    """
    Values that happened at a time and became known at a time.
    """
    def __new__(cls, /, num_keys: SupportsIndex, key: bytes, events: bytes, known: bytes, values: bytes) -> AsOfTable:
        """
        Rows in any order: key, event time, the time at which it became known, value.
        """
    def join(self, /, key: bytes, times: bytes, tolerance: SupportsIndex | None, allow_exact: bool) -> tuple[bytes, bytes]:
        """
        For each question the row that answers it (−1: none) and its value.
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
class City:
    """
    A city of bins.
    """
    def __new__(cls, /, bins: SupportsIndex, days: SupportsIndex, seed: SupportsIndex, side: SupportsFloat | SupportsIndex, mean_percent: SupportsFloat | SupportsIndex, noise: SupportsFloat | SupportsIndex, missing: SupportsFloat | SupportsIndex, faulty: SupportsFloat | SupportsIndex) -> City:
        """
        Makes a city.
        """
    def bins(self, /) -> list[tuple[str, float, float, int]]:
        """
        Name, coordinates in metres, and kilograms of each bin when full.
        """
    def deposits(self, /) -> bytes:
        """
        What goes into each bin in each step of six hours, in percent of its size, `[bin][step]`.
        """
    def depot(self, /) -> tuple[float, float]:
        """
        Where vehicles start, in metres.
        """
    def readings(self, /) -> Series:
        """
        What sensors report.
        """
    def simulate(self, /, kind: str, number: SupportsFloat | SupportsIndex, visit_cost: SupportsIndex, overflow_cost: SupportsIndex, warm_up: SupportsIndex, vehicles: SupportsIndex, capacity: SupportsIndex, iterations: SupportsIndex) -> tuple[list[int], list[float]]:
        """
        Runs a policy: `fixed` (every so many days), `threshold` (at a level) or `forecast` (tolerance, costs of a visit and of
        an overflow).
        """
    @staticmethod
    def start() -> int:
        """
        When the first step begins.
        """

@final
class Cleaned:
    """
    Readings that can be trusted.
    """
    def counts(self, /) -> list[list[int]]:
        """
        By bin: rows, kept, missing, duplicates, out of range, clamped, spikes, unexplained falls.
        """
    def emptyings(self, /) -> list[tuple[int, int, int, float, float, bool]]:
        """
        By row: bin, after, by, level before, level after, whether it was given.
        """
    def full(self, /) -> float:
        """
        The level of a full bin.
        """
    def gaps(self, /) -> list[list[tuple[int, int]]]:
        """
        By bin: the times without readings that are longer than allowed.
        """
    def increments(self, /) -> Increments:
        """
        What went into the bins between readings.
        """
    def latest(self, /) -> list[tuple[int, float] | None]:
        """
        By bin: when its level was last known, and the level.
        """
    def readings(self, /) -> Series:
        """
        The readings that are kept.
        """
    def steps(self, /) -> list[float | None]:
        """
        By bin: the step between levels of sensors that report few of them.
        """
    def stuck(self, /) -> list[list[tuple[int, int]]]:
        """
        By bin: the times during which the sensor was stuck.
        """

@final
class FeatureState:
    """
    The features of the reading to come, of series that grow by one reading at a time.
    """
    def __new__(cls, /, series: Series, spec: str, context: tuple[SupportsGetItem[int, SupportsGetItem[int, SupportsIndex]] | None, SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]] | None]) -> FeatureState:
        """
        The state after all rows of the series.
        """
    def add_event(self, /, series: SupportsIndex, time: SupportsIndex) -> None:
        """
        Adds an event of a series.
        """
    def rows(self, /, times: bytes) -> bytes:
        """
        A row for each series, of a reading at the given time.
        """
    def update(self, /, series: SupportsIndex, time: SupportsIndex, value: SupportsFloat | SupportsIndex) -> None:
        """
        Adds a reading of a series.
        """

@final
class FillModel:
    """
    A model of what goes into bins.
    """
    @staticmethod
    def fit(model: Any, increments: Increments) -> FillModel:
        """
        Learns from increments the model that a document says.
        """
    def name(self, /) -> str:
        """
        What the model is called.
        """
    def names(self, /) -> list[str]:
        """
        The bins' names.
        """
    @staticmethod
    def of_quantiles(names: SupportsGetItem[int, str], begin: SupportsIndex, bins: bytes, horizons: bytes, levels: bytes, amounts: bytes) -> FillModel:
        """
        A table of quantiles that something else made; bins are indices into `names`.
        """
    def rise(self, /, bins: bytes, starts: bytes, ends: bytes, levels: bytes) -> tuple[bytes, bytes]:
        """
        Mean and quantiles, row-major, of what goes into each of the bins between two moments.
        """

@final
class Increments:
    """
    What went into bins.
    """
    def before(self, /, time: SupportsIndex) -> Increments:
        """
        What is known before a time.
        """
    def columns(self, /) -> tuple[bytes, bytes, list[bool]]:
        """
        By row: bin, from, to (as integers), amounts, and whether the bin was full at the end.
        """
    def full(self, /) -> float:
        """
        The level of a full bin.
        """
    def names(self, /) -> list[str]:
        """
        The bins' names.
        """
    def per_step(self, /, step: SupportsIndex, origin: SupportsIndex, min_share: SupportsFloat | SupportsIndex) -> tuple[bytes, int, bytes, bytes]:
        """
        How much went into each bin in each step.
        """

@final
class Network:
    """
    The streets of a map as one profile drives them.
    """
    def at_hour(self, /, day: Any, minute: SupportsIndex) -> Network:
        """
        The network at an hour of the week, by the traffic of its profile.
        """
    def change(self, /, changes: Any) -> Network:
        """
        The network with changes of its usual travel times: documents.
        """
    def isochrone(self, /, point: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str], seconds: SupportsIndex, reach: SupportsFloat | SupportsIndex, snap: Any) -> Any:
        """
        What is reached from a point: a document.
        """
    @staticmethod
    def load(path: str | PathLike[str]) -> Network:
        """
        Opens a file that was saved.
        """
    @staticmethod
    def prepare(map: str | PathLike[str], links: str | PathLike[str] | None, profile: str) -> Network:
        """
        Prepares a map for a profile: the name of one that is shipped, or the text of one.
        """
    def report(self, /) -> Any:
        """
        What it has, and what it does not have of the map.
        """
    def route(self, /, points: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str]], snap: Any) -> Any:
        """
        The fastest drive through points in their order: a document of each leg.
        """
    def save(self, /, path: str | PathLike[str]) -> None:
        """
        Writes a file.
        """
    def snap(self, /, points: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str]], snap: Any) -> Any:
        """
        Where points are on streets: documents.
        """
    def speed_curve(self, /, day: Any, points: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str]], midnight: SupportsIndex, snap: Any) -> list[tuple[int, int]]:
        """
        How fast the streets between points are over a day: seconds and percentages.
        """
    def table(self, /, origins: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str]], destinations: SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, str]] | None, snap: Any, distance_scale: SupportsFloat | SupportsIndex, time_scale: SupportsFloat | SupportsIndex, cancel: CancelToken) -> tuple[int, int, bytes, bytes]:
        """
        Distances and durations as 64-bit integers of this machine's byte order, row-major: metres and seconds times their
        scales, rounded to the nearest. Without destinations, they are the origins.
        """

@final
class PeriodPlan:
    """
    A planned period.
    """
    def days(self, /) -> list[tuple[Problem, Plan]]:
        """
        Problem and plan of each day.
        """
    def whole(self, /) -> tuple[Problem, Plan]:
        """
        Problem and plan of the whole period.
        """

@final
class Plan:
    """
    Routes for a problem, with times, loads and costs.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def breakdown(self, /, scales: Scales) -> Any:
        """
        The cost by cause.
        """
    def check(self, /, scales: Scales) -> Any:
        """
        Asks the judge.
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
        Whether no rule is violated.
        """
    def is_for(self, /, problem: Problem) -> bool:
        """
        Whether the plan was made for this very problem or an equal one.
        """
    @staticmethod
    def of_stops(problem: Problem, routes: Any) -> Plan:
        """
        The plan of the given stops: documents of routes.
        """
    def routes(self, /, scales: Scales) -> Any:
        """
        The routes.
        """
    def table(self, /) -> str:
        """
        The plan as a table for people, in the solver's units.
        """
    def to_geojson(self, /, streets: SupportsGetItem[int, tuple[Network, Any] | None]) -> str:
        """
        Writes `GeoJSON`, with lines along the streets of networks.
        """
    def to_json(self, /) -> str:
        """
        Writes milkrun's JSON.
        """
    def to_sol(self, /, cost: SupportsFloat | SupportsIndex | None) -> str:
        """
        Writes VRPLIB's `.sol` text.
        """
    def unserved(self, /) -> Any:
        """
        What is unserved.
        """
    def violations(self, /) -> Any:
        """
        Every violated rule.
        """

@final
class Problem:
    """
    A problem that is built and valid.
    """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def breaks(self, /) -> list[list[str]]:
        """
        The names of the breaks of each vehicle type.
        """
    def clients(self, /) -> list[tuple[int, str]]:
        """
        Location and name of each client.
        """
    def depots(self, /) -> list[tuple[int, str]]:
        """
        Location and name of each depot.
        """
    def disposal_sites(self, /) -> list[tuple[int, str]]:
        """
        Location and name of each disposal site.
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
    def materials(self, /) -> list[str]:
        """
        The names of materials.
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
    @staticmethod
    def of_document(document: Any, profiles: SupportsGetItem[int, tuple[tuple[SupportsIndex, bytes], tuple[SupportsIndex, bytes] | None]]) -> Problem:
        """
        The problem of a document and of travel profiles beside it, each with its distances and perhaps durations: the number of
        rows, and 64-bit integers of this machine's byte order, row-major.
        """
    @property
    def remarks(self, /) -> list[str]:
        """
        What is valid but probably a mistake.
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

@final
class Ridge:
    """
    Least squares with a penalty on the weights.
    """
    @staticmethod
    def fit(x: bytes, columns: SupportsIndex, y: bytes, penalties: SupportsGetItem[int, SupportsFloat | SupportsIndex] | None, neighbourhood: SupportsFloat | SupportsIndex | None) -> Ridge:
        """
        Fits weights to rows of features and their targets.
        """
    def penalty(self, /) -> float:
        """
        The chosen penalty.
        """
    def predict(self, /, x: bytes, columns: SupportsIndex) -> bytes:
        """
        Predictions, one for each row.
        """
    def predict_quantiles(self, /, x: bytes, columns: SupportsIndex, levels: bytes) -> bytes:
        """
        Quantiles, `[row][level]`.
        """
    def weights(self, /) -> list[float]:
        """
        The weights of columns of unit variance.
        """

@final
class Scales:
    """
    How many units of the solver one unit of the user is.
    """
    def __new__(cls, /, *, distance: SupportsFloat | SupportsIndex, time: SupportsFloat | SupportsIndex, load: SupportsFloat | SupportsIndex, cost: SupportsFloat | SupportsIndex) -> Scales: ...

@final
class Series:
    """
    Several series, grouped and in order of time.
    """
    def __new__(cls, /, names: SupportsGetItem[int, str], starts: bytes, times: bytes, values: bytes) -> Series:
        """
        Series `i` has the rows from `starts[i]` to `starts[i + 1]`; times are 64-bit integers, values 64-bit floats.
        """
    def before(self, /, time: SupportsIndex) -> Series:
        """
        The rows before a time.
        """
    def names(self, /) -> list[str]:
        """
        The names.
        """
    def resample(self, /, step: SupportsIndex, origin: SupportsIndex, fill: str, value: SupportsFloat | SupportsIndex) -> tuple[bytes, int, bytes, bytes]:
        """
        Means of steps of equal length; what has no reading is filled by `fill`: missing, previous, linear or value.
        """
    def starts(self, /) -> bytes:
        """
        Where the rows of each series begin, and the last end.
        """
    def times(self, /) -> bytes:
        """
        Times, seconds since 1970.
        """
    def values(self, /) -> bytes:
        """
        Values.
        """

def adapt_plan(problem: Problem, published: Plan, asked: Any, search: Any, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[Problem, Plan, Plan, Any]:
    """
    Adapts a published plan as documents say. Gives the problem as it is now, the plan for it, what becomes of the published plan
    in it, and a document of how it ended.
    """

def answer_pragmatic(text: str, matrices: SupportsGetItem[int, str], search: Any, cancel: CancelToken) -> tuple[str, list[str]]:
    """
    Answers a document with the texts of its matrices: the solution, and what was understood in another way.
    """

def apply_selection(problem: Problem, bins: SupportsGetItem[int, str], actions: SupportsGetItem[int, str], prizes: SupportsGetItem[int, SupportsIndex], levels: bytes, full: SupportsFloat | SupportsIndex, load_when_full: SupportsIndex | None) -> tuple[Problem, list[int], list[str]]:
    """
    Writes decisions into a problem whose clients are named after bins. Gives it with the number of clients that must, may and
    need not be visited, and the bins that no client is named after.
    """

def average_consumption(vehicle_class: str) -> tuple[float, float] | None:
    """
    What vehicles of a class consume on average for each metre, and the CO₂ of that; `None` if no class has the name.
    """

def backtest_fill(cleaned: Cleaned, model: Any, origins: SupportsIndex, first: SupportsFloat | SupportsIndex, horizons: SupportsGetItem[int, SupportsIndex], min_share: SupportsFloat | SupportsIndex) -> list[tuple[int, int, int, list[float]]]:
    """
    Tests the model of fill that a document says.
    """

def backtest_series(models: SupportsGetItem[int, tuple[str, SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]], start: SupportsIndex, step_seconds: SupportsIndex, ends: bytes, values: bytes, horizon: SupportsIndex, origins: SupportsIndex, step: SupportsIndex, season: SupportsIndex, levels: SupportsGetItem[int, SupportsFloat | SupportsIndex]) -> list[tuple[str, int, int, list[float]]]:
    """
    Tests models of regular series: each is a kind with season, alpha and beta.
    """

def backtest_visits(visits: Series, share: SupportsFloat | SupportsIndex, min_before: SupportsIndex, full: SupportsFloat | SupportsIndex, min_gap: SupportsIndex, max_gap: SupportsIndex, min_visits: SupportsIndex) -> tuple[int, int, int, list[float]]:
    """
    Tests forecasts of the level that visits find.
    """

def carry_over(plan: Plan, next: Problem, asked: Any) -> tuple[Problem, Any]:
    """
    The next day's problem with what a plan's day missed, and a document of what became of it.
    """

def clean_readings(readings: Series, emptyings: Series | None, full: SupportsFloat | SupportsIndex, tolerance: SupportsFloat | SupportsIndex, noise: SupportsFloat | SupportsIndex, emptying_drop: SupportsFloat | SupportsIndex, spike: SupportsFloat | SupportsIndex | None, stuck_after: SupportsIndex | None, max_gap: SupportsIndex, duplicates: str) -> Cleaned:
    """
    Cleans readings. Emptyings come from falls of the level, or from a table.
    """

def columns_from_arrow(table: Any) -> list[tuple[str, str, list[Any | None]]]:
    """
    Reads the columns of anything that has `__arrow_c_stream__`. Gives, for each column, its name, what its values are
    (`plain`, `timestamp`, `utc` or `duration`, the latter three in microseconds), and the values, null as `None`.
    """

def columns_to_arrow(columns: SupportsGetItem[int, tuple[str, str, Any]]) -> Any:
    """
    Makes an Arrow stream of columns; each has a name, a type (`int`, `float`, `str`, `bool`, or `timestamp` in
    microseconds) and values.
    """

def compare_policies(baseline: tuple[SupportsFloat | SupportsIndex, SupportsIndex, SupportsIndex], policy: tuple[SupportsFloat | SupportsIndex, SupportsIndex, SupportsIndex], costs: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]) -> tuple[tuple[float, int, int, float, float], str]:
    """
    Compares two policies, each given by its kilometres, visits and overflows, at the costs of one of each: what is spared
    of them, in money and as a share, and a sentence.
    """

def compare_problems(names: SupportsGetItem[int, str], problems: SupportsGetItem[int, Problem], search: Any, seeds: SupportsIndex, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[list[Plan | None], Any]:
    """
    Solves problems with common seeds. Gives the best plan of each, where a search began, and a document of how they compare.
    """

def compute_features(series: Series, spec: str, context: tuple[SupportsGetItem[int, SupportsGetItem[int, SupportsIndex]] | None, SupportsGetItem[int, tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex]] | None], single: bool) -> bytes:
    """
    Features of every row, row-major; single precision on demand.
    """

def coverage_share(actual: bytes, low: bytes, high: bytes) -> float:
    """
    Share of values within bounds.
    """

def crps_score(actual: bytes, levels: bytes, quantiles: bytes) -> float:
    """
    Mean continuous ranked probability score of quantiles, `[row][level]`.
    """

def diff_plans(before: Plan, after: Plan, tolerance: SupportsIndex, scales: Scales) -> Any:
    """
    What differs between two plans of the same problem: a document.
    """

def explain_plan(plan: Plan, max_runtime: SupportsFloat | SupportsIndex | None, cancel: CancelToken, scales: Scales) -> Any:
    """
    Explains everything that a plan leaves unserved, on a thread of its own, while the calling thread looks at signals. Ctrl-C
    ends it early, as the time limit does.
    """

def feature_columns(spec: str) -> list[str]:
    """
    The names of the columns of features.
    """

def forecast_series(kind: str, season: SupportsIndex, alpha: SupportsFloat | SupportsIndex, beta: SupportsFloat | SupportsIndex, ends: bytes, values: bytes, horizon: SupportsIndex, levels: bytes) -> tuple[bytes, bytes]:
    """
    Continues each of several regular series; gives means, `[series][step]`, and quantiles, `[series][step][level]`.
    """

def ks_two_samples(a: bytes, b: bytes) -> tuple[float, float]:
    """
    Statistic and p-value of the test of Kolmogorov and Smirnov.
    """

def moderate_prices(plan: Plan) -> tuple[int, int, int]:
    """
    Prices of changes in proportion to a plan's cost: of another vehicle, of what is dropped, and of a vehicle that is called out.
    """

def monitor_model(columns: SupportsGetItem[int, tuple[str, SupportsGetItem[int, SupportsIndex], SupportsGetItem[int, SupportsIndex]]], losses: tuple[SupportsGetItem[int, SupportsIndex], SupportsGetItem[int, SupportsIndex]] | None, coverage: tuple[SupportsFloat | SupportsIndex, SupportsGetItem[int, bool]] | None, limits: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex, SupportsIndex]) -> tuple[bool, list[str], list[tuple[str, float, float, float]]]:
    """
    Judges whether a model has aged. Limits: stability index, p-value, statistic, ratio of losses, coverage, least values.
    """

def pareto_front(problem: Problem, asked: Any, search: Any, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[list[Plan], Any]:
    """
    The plans of a front, and a document of the rest.
    """

def pinball_loss(actual: bytes, quantiles: bytes, level: SupportsFloat | SupportsIndex) -> float:
    """
    Mean pinball loss of quantiles.
    """

def plan_period(day: Problem, asked: Any, search: Any, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[PeriodPlan, Any]:
    """
    Plans a period as documents say: the problem says what one day is like. Gives the plan, and a document of the rest.
    """

def plan_scenarios(problem: Problem, asked: Any, search: Any, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[Plan, Plan, Any]:
    """
    Plans over scenarios as documents say. Gives the plan, the plan for what is expected, and a document of the rest.
    """

def probability_scores(probabilities: bytes, happened: SupportsGetItem[int, bool], classes: SupportsIndex) -> tuple[float, float, list[tuple[float, float, int]]]:
    """
    Brier score, expected calibration error, and by class mean probability, frequency and count.
    """

def problem_variants(problem: Problem, asked: Any) -> list[Problem]:
    """
    The problem as it is, and the variants that a document describes.
    """

def read_problem(content: bytes, path: str | PathLike[str] | None, format: str | None, rounding: str | None) -> tuple[Problem, str, str | None, float]:
    """
    Reads a problem of any format. Gives the problem, the format, the rounding, and the factor by which it scales.
    """

def read_tables(paths: SupportsGetItem[int, str | PathLike[str]], contents: SupportsGetItem[int, tuple[str, SupportsGetItem[int, SupportsIndex]]], options: Any) -> tuple[Problem, Any, str]:
    """
    Reads tables: files and folders, and contents by name. Gives the problem, the report, and the report as text.
    """

def road_profile(name: str) -> str | None:
    """
    The text of a shipped profile, to start another from; `None` if there is none of that name.
    """

def road_profiles() -> list[str]:
    """
    The names of the profiles that are shipped.
    """

def select_bins(model: FillModel, times: bytes, levels: bytes, service: SupportsIndex, period: SupportsIndex, full: SupportsFloat | SupportsIndex, tolerance: SupportsFloat | SupportsIndex, overflow_cost: SupportsIndex, visit_cost: SupportsIndex, min_share: SupportsFloat | SupportsIndex, max_periods: SupportsIndex) -> tuple[list[str], list[str], list[int], bytes]:
    """
    Decides for every bin.
    """

def solve(problem: Problem, search: Any, initial: Plan | None, cancel: CancelToken, on_progress: Any | None, scales: Scales) -> tuple[Plan, Any]:
    """
    Solves a problem as a document says. Gives the plan, and a document of how the search ended.
    """

def stability_index(reference: bytes, current: bytes, classes: SupportsIndex) -> float:
    """
    Population stability index, in `classes` classes.
    """

def time_to_full(model: FillModel, times: bytes, levels: bytes, full: SupportsFloat | SupportsIndex, horizons: bytes, asked: bytes) -> tuple[bytes, list[list[int | None]]]:
    """
    The probability of being full by each horizon (`[bin][horizon]`), and when each level is reached. A bin of unknown level
    has NaN.
    """

def vehicle_classes() -> list[str]:
    """
    The names of the vehicle classes whose average consumption is known.
    """

def version() -> str:
    """
    The version of the package.
    """

def visit_increments(visits: Series, full: SupportsFloat | SupportsIndex) -> Increments:
    """
    Increments between visits that found a level, for bins without sensors.
    """

def write_city(path: str | PathLike[str], plan: str, blocks: SupportsIndex, block_length: SupportsFloat | SupportsIndex, centre: tuple[SupportsFloat | SupportsIndex, SupportsFloat | SupportsIndex], seed: SupportsIndex) -> None:
    """
    Writes the map of a synthetic city as an OSM PBF file.
    """

def write_handout(plan: Plan, handout: Any, options: Any, streets: SupportsGetItem[int, tuple[Network, Any] | None]) -> str:
    """
    Writes a page, sheets or a file of a plan, with lines along the streets of networks. The interpreter is free for other threads
    meanwhile.
    """

def write_period_handout(period: PeriodPlan, handout: Any, options: Any, streets: SupportsGetItem[int, tuple[Network, Any] | None]) -> str:
    """
    Writes the page or the sheets of a period.
    """
