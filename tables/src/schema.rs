//! The JSON Schemas of what goes in beside tables, and of what comes out.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

use crate::options::TableOptions;
use crate::report::TablesReport;

/// The JSON Schemas (draft 2020-12) of [`TableOptions`]: definitions by name.
pub fn requests_schema() -> serde_json::Value {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<TableOptions>();
    serde_json::Value::Object(generator.take_definitions(true))
}

/// The JSON Schemas (draft 2020-12) of [`TablesReport`]: definitions by name.
pub fn answers_schema() -> serde_json::Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<TablesReport>();
    serde_json::Value::Object(generator.take_definitions(true))
}
