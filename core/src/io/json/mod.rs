//! milkrun's own JSON: a problem, or a plan for one.
//!
//! Both kinds of document say what they are and which version of the format they follow:
//! `{"milkrun": "problem", "version": 1, …}` and `{"milkrun": "plan", "version": 1, …}`. Things refer to each other by
//! their index, counted from 0, or by their name where that is unambiguous. Unknown fields are errors, so that
//! a misspelled limit cannot be overlooked.
//!
//! A document of numbers beyond what a problem may hold, of unknown names or with half a matrix is answered with
//! a [`JsonError`] that says where and how to mend it; no text makes the reader panic.
//!
//! ```
//! use milkrun::io::json;
//!
//! let problem = json::read_problem(r#"{
//!     "milkrun": "problem", "version": 1,
//!     "depots": [{"name": "yard", "location": {"x": 0, "y": 0}}],
//!     "clients": [{"name": "farm", "location": {"x": 30, "y": 40}, "delivery": [7], "time_window": [60, null]}],
//!     "vehicle_types": [{"capacity": [10], "start": "yard", "end": "yard"}]
//! }"#).unwrap();
//! let plan = json::read_plan(r#"{
//!     "milkrun": "plan", "version": 1,
//!     "routes": [{"vehicle_type": 0, "trips": [
//!         {"start_depot": "yard", "visits": [{"client": "farm"}], "end_depot": "yard"}
//!     ]}]
//! }"#, &problem).unwrap();
//! assert_eq!((plan.is_feasible(), plan.cost()), (true, 100));
//! assert_eq!(json::read_plan(&json::write_plan(&problem, &plan), &problem).unwrap(), plan);
//! ```

mod asked_travel;
mod error;
mod find_visits;
mod layout;
mod merge;
mod names;
mod parse;
mod plan_document;
mod problem_document;
mod read_plan;
mod read_problem;
mod reference;
mod shape;
mod stated;
mod travel;
mod write_plan;
mod write_problem;

pub use asked_travel::{AskedTravel, NetworkTravel, ProfileNames, ServiceKind, ServiceTravel};
pub use error::{JsonError, JsonFault, ShapeFault};
pub use find_visits::{FoundVisit, FoundVisits, find_visits};
pub use merge::merge_problem;
pub(crate) use names::ProblemNames;
pub(crate) use parse::parse_shape;
pub use plan_document::PlanDocument;
pub use problem_document::{ProblemDocument, WindowCoversDocument};
pub use read_plan::{ReportedPlan, read_plan, read_reported_plan};
pub use read_problem::{LookUp, read_problem, read_problem_on};
pub use reference::Ref;
pub use travel::write_travel;
pub use write_plan::write_plan;
pub use write_problem::write_problem;

pub(crate) use reference::Names;

/// The version of both formats.
pub const VERSION: u64 = 1;

/// The JSON Schema (draft 2020-12) of a problem.
pub fn problem_schema() -> serde_json::Value {
    schemars::schema_for!(problem_document::ProblemDocument).to_value()
}

/// The JSON Schema (draft 2020-12) of a plan.
pub fn plan_schema() -> serde_json::Value {
    schemars::schema_for!(plan_document::PlanDocument).to_value()
}
