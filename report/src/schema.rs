//! The JSON Schema of what is asked.

use schemars::SchemaGenerator;

use crate::handout::{Handout, PeriodHandout};
use crate::options::ReportOptions;

/// The JSON Schemas (draft 2020-12) of [`ReportOptions`], [`Handout`] and [`PeriodHandout`]: definitions by name.
pub fn requests_schema() -> serde_json::Value {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<ReportOptions>();
    generator.subschema_for::<Handout>();
    generator.subschema_for::<PeriodHandout>();
    serde_json::Value::Object(generator.take_definitions(true))
}
