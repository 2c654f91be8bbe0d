//! What crosses a border, as documents: what is asked of the library, and what it answers.
//!
//! Bindings, the command line and services read and write values of these types, and have no records of their own. A
//! problem and a plan are documents of milkrun's [JSON](crate::io::json); these here are what goes with them: how to
//! search ([`SearchDocument`]), what is driven ([`RouteStopsDocument`]), and the answers, in the user's units
//! ([`Scales`]): [`RouteDocument`], [`ReportDocument`], [`ProgressDocument`], [`ResultDocument`],
//! [`ExplanationDocument`], [`AdaptationDocument`], [`ComparisonDocument`], [`FrontDocument`], [`PeriodPlanDocument`],
//! [`ScenarioPlanDocument`].
//!
//! Answers refer to things by index, for a program looks them up; names stand beside them, for people.

mod adapt;
mod build;
mod carry;
mod compare;
mod compared;
mod explanation;
mod failure;
#[cfg(feature = "forecast")]
mod fill;
mod front;
mod period;
mod report;
#[cfg(feature = "roads")]
mod roads;
mod routes;
mod scales;
mod scenarios;
mod search;
mod stops;
#[cfg(feature = "roads")]
mod street_changes;

pub use crate::io::json::{PlanDocument, ProblemDocument};
pub use adapt::{
    AdaptDocument, AdaptationDocument, AddedClient, ChangeDocument, ChangeKind, DifferenceDocument, EventDocument,
    KeepKind, PricesDocument, TravelTables,
};
pub use build::{MatrixValues, ProfileValues};
pub use carry::{CarriedDocument, CarriedOverDocument, MissedDocument};
pub use compare::{CompareDocument, ProblemChangeDocument, VariantDocument};
pub use compared::{
    ComparedDocument, ComparisonDocument, FigureKind, PairedDocument, RunDocument, SpreadDocument, SummaryDocument,
};
pub use explanation::{
    ExplanationDocument, JobKind, ObstacleDocument, ObstacleKind, ReasonKind, RelaxationDocument, RelaxationKind,
    SearchedKind, TypeReasonDocument,
};
pub use failure::{FailureDocument, IssueDocument, counted};
#[cfg(feature = "forecast")]
pub use fill::FillDocument;
pub use front::{FrontDocument, FrontPointDocument, ObjectiveKind, ParetoDocument};
pub use period::{
    ConsistencyDocument, DayDocument, OverflowDocument, PeriodDocument, PeriodPlanDocument, TerritoryDocument,
    ToldDocument, VisitsDocument, WorkingDaysDocument,
};
pub use report::{DiscrepancyDocument, ReportDocument, ViolationDocument};
#[cfg(feature = "roads")]
pub use roads::{
    ApproachKind, AreaDocument, LeftOutDocument, NetworkReportDocument, RoadLegDocument, SnapDocument, SpotDocument,
};
pub use routes::{CostDocument, RouteDocument, TripDocument, UnservedDocument, VisitDocument};
pub use scales::{Number, Scales};
pub use scenarios::{OutcomeDocument, OutcomesDocument, ScenarioPlanDocument, ScenariosDocument, UncertainDocument};
pub use search::{ProgressDocument, ResultDocument, RunsProgressDocument, SearchDocument, StopKind};
pub use stops::{ActivityKind, RouteStopsDocument, TripStopsDocument};
#[cfg(feature = "roads")]
pub use street_changes::{DayKind, StreetChangeDocument, StreetSpeedDocument};

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

/// The JSON Schemas (draft 2020-12) of what goes in beside a problem: definitions by name.
pub fn requests_schema() -> serde_json::Value {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<SearchDocument>();
    generator.subschema_for::<RouteStopsDocument>();
    generator.subschema_for::<AdaptDocument>();
    generator.subschema_for::<PeriodDocument>();
    generator.subschema_for::<ScenariosDocument>();
    generator.subschema_for::<MissedDocument>();
    generator.subschema_for::<CompareDocument>();
    generator.subschema_for::<ParetoDocument>();
    #[cfg(feature = "roads")]
    generator.subschema_for::<SnapDocument>();
    #[cfg(feature = "roads")]
    generator.subschema_for::<StreetChangeDocument>();
    #[cfg(feature = "roads")]
    generator.subschema_for::<DayKind>();
    #[cfg(feature = "forecast")]
    generator.subschema_for::<FillDocument>();
    definitions(generator)
}

/// The JSON Schema (draft 2020-12) of what is asked of an adaptation.
pub fn adapt_schema() -> serde_json::Value {
    schemars::schema_for!(AdaptDocument).to_value()
}

/// The JSON Schema (draft 2020-12) of what is asked of a period.
pub fn period_schema() -> serde_json::Value {
    schemars::schema_for!(PeriodDocument).to_value()
}

/// The JSON Schema (draft 2020-12) of what is uncertain about a day.
pub fn scenarios_schema() -> serde_json::Value {
    schemars::schema_for!(ScenariosDocument).to_value()
}

/// The JSON Schema (draft 2020-12) of what is asked of a comparison.
pub fn compare_schema() -> serde_json::Value {
    schemars::schema_for!(CompareDocument).to_value()
}

/// The JSON Schemas (draft 2020-12) of all answers: definitions by name.
pub fn answers_schema() -> serde_json::Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<CostDocument>();
    generator.subschema_for::<RouteDocument>();
    generator.subschema_for::<UnservedDocument>();
    generator.subschema_for::<ReportDocument>();
    generator.subschema_for::<ProgressDocument>();
    generator.subschema_for::<RunsProgressDocument>();
    generator.subschema_for::<ResultDocument>();
    generator.subschema_for::<ExplanationDocument>();
    generator.subschema_for::<FailureDocument>();
    generator.subschema_for::<AdaptationDocument>();
    generator.subschema_for::<CarriedOverDocument>();
    generator.subschema_for::<PeriodPlanDocument>();
    generator.subschema_for::<ScenarioPlanDocument>();
    generator.subschema_for::<ComparisonDocument>();
    generator.subschema_for::<FrontDocument>();
    #[cfg(feature = "roads")]
    {
        generator.subschema_for::<NetworkReportDocument>();
        generator.subschema_for::<SpotDocument>();
        generator.subschema_for::<RoadLegDocument>();
        generator.subschema_for::<AreaDocument>();
        generator.subschema_for::<StreetSpeedDocument>();
    }
    definitions(generator)
}

fn definitions(mut generator: SchemaGenerator) -> serde_json::Value {
    serde_json::Value::Object(generator.take_definitions(true))
}
