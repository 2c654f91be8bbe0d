"""Route optimisation: who visits whom, in which order, with which vehicle.

>>> import milkrun
>>> m = milkrun.Model()
>>> yard = m.add_depot(lon=4.90, lat=52.37, name="yard")
>>> clients = m.add_clients([
...     {"lon": 4.88, "lat": 52.36, "pickup": 320, "name": "a"},
...     {"lon": 4.91, "lat": 52.39, "pickup": 150, "name": "b"},
...     {"lon": 4.93, "lat": 52.35, "pickup": 410, "name": "c"},
... ])
>>> truck = m.add_vehicle_type(2, capacity=500, depot=yard)
>>> result = m.solve(stop=milkrun.MaxIterations(1000))
>>> result.is_feasible, len(result.plan.routes)
(True, 2)
"""

from __future__ import annotations

from . import changes, events
from ._asked import ChangePrices
from ._carry import Carried, CarriedOver, carry
from ._comparison import Compared, Comparison, compare
from ._core import CancelToken, version
from ._difference import Change, Difference
from ._errors import (
    AdaptError,
    CarryError,
    CompareError,
    ForecastError,
    FormatError,
    InternalError,
    Issue,
    JsonContentError,
    JsonKindError,
    JsonShapeError,
    JsonSyntaxError,
    JsonVersionError,
    MilkrunError,
    ParetoError,
    PeriodError,
    PlanError,
    ReadError,
    RoadError,
    ScenarioError,
    SettingError,
    TablesError,
    ValidationError,
    WriteError,
)
from ._explain import Explanation, Obstacle, Relaxation, TypeReason
from ._front import Front, FrontPoint, pareto
from ._model import Model
from ._network import (
    LeftOut,
    Network,
    NetworkReport,
    RoadLeg,
    RoadRoute,
    RoadTable,
    Snap,
    Spot,
    StreetChange,
    write_city,
)
from ._period import Consistency, Overflow, PeriodDay, PeriodPlan, Territory, Visits, plan_period
from ._pragmatic import PragmaticAnswer, answer_pragmatic
from ._problem import Adaptation, Plan, Problem, Result
from ._read import read, read_text
from ._refs import Client, Depot, DisposalSite, Group, Location, Material, Shipment, VehicleType, Zone
from ._routes import CostBreakdown, Report, Route, Trip, Violation, Visit
from ._rules import (
    Break,
    Closed,
    Compartment,
    Consumption,
    DriverRule,
    Overtime,
    Rate,
    ServeOnly,
    SoftWindow,
    VehicleClass,
)
from ._scenarios import Outcome, Outcomes, ScenarioPlan, plan_scenarios
from ._solve import adapt, check, diff, explain, solve
from ._spreadsheets import Tables, read_tables
from ._stopping import MaxIterations, MaxRuntime, NoImprovement, Progress, RunsProgress, Stop, TargetCost
from ._units import UNBOUNDED, UNREACHABLE, Units
from ._variants import Paired, Spread

__version__ = version()

__all__ = [
    "UNBOUNDED",
    "UNREACHABLE",
    "AdaptError",
    "Adaptation",
    "Break",
    "CancelToken",
    "Carried",
    "CarriedOver",
    "CarryError",
    "Change",
    "ChangePrices",
    "Client",
    "Closed",
    "CompareError",
    "Compared",
    "Comparison",
    "Compartment",
    "Consistency",
    "Consumption",
    "CostBreakdown",
    "Depot",
    "Difference",
    "DisposalSite",
    "DriverRule",
    "Explanation",
    "ForecastError",
    "FormatError",
    "Front",
    "FrontPoint",
    "Group",
    "InternalError",
    "Issue",
    "JsonContentError",
    "JsonKindError",
    "JsonShapeError",
    "JsonSyntaxError",
    "JsonVersionError",
    "LeftOut",
    "Location",
    "Material",
    "MaxIterations",
    "MaxRuntime",
    "MilkrunError",
    "Model",
    "Network",
    "NetworkReport",
    "NoImprovement",
    "Obstacle",
    "Outcome",
    "Outcomes",
    "Overflow",
    "Overtime",
    "Paired",
    "ParetoError",
    "PeriodDay",
    "PeriodError",
    "PeriodPlan",
    "Plan",
    "PlanError",
    "PragmaticAnswer",
    "Problem",
    "Progress",
    "Rate",
    "ReadError",
    "Relaxation",
    "Report",
    "Result",
    "RoadError",
    "RoadLeg",
    "RoadRoute",
    "RoadTable",
    "Route",
    "RunsProgress",
    "ScenarioError",
    "ScenarioPlan",
    "ServeOnly",
    "SettingError",
    "Shipment",
    "Snap",
    "SoftWindow",
    "Spot",
    "Spread",
    "Stop",
    "StreetChange",
    "Tables",
    "TablesError",
    "TargetCost",
    "Territory",
    "Trip",
    "TypeReason",
    "Units",
    "ValidationError",
    "VehicleClass",
    "VehicleType",
    "Violation",
    "Visit",
    "Visits",
    "WriteError",
    "Zone",
    "adapt",
    "answer_pragmatic",
    "carry",
    "changes",
    "check",
    "compare",
    "diff",
    "events",
    "explain",
    "pareto",
    "plan_period",
    "plan_scenarios",
    "read",
    "read_tables",
    "read_text",
    "solve",
    "write_city",
]
