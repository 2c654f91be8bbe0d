//! When things may and should be done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;
use super::time::{ClockDocument, clock, clock_or_none};
use crate::model::{SoftWindow, TimeWindow, WindowCovers};

/// Earliest and latest time, both included; null where there is none. Nothing starts before 0 unless an earliest time
/// says so.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Window")]
pub(in crate::io::json) struct WindowDocument(
    #[serde(deserialize_with = "clock_or_none")]
    #[schemars(with = "Option<ClockDocument>")]
    Option<i64>,
    #[serde(deserialize_with = "clock_or_none")]
    #[schemars(with = "Option<ClockDocument>")]
    Option<i64>,
);

impl From<TimeWindow> for WindowDocument {
    fn from(window: TimeWindow) -> Self {
        let late = (window.late != TimeWindow::UNBOUNDED_LATE).then_some(window.late);
        Self((window.early != 0 || late.is_some()).then_some(window.early), late)
    }
}

impl From<WindowDocument> for TimeWindow {
    fn from(window: WindowDocument) -> Self {
        Self::new(window.0.unwrap_or(Self::ALWAYS.early), window.1.unwrap_or(Self::UNBOUNDED_LATE))
    }
}

/// What of a service must lie within its windows.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WindowCovers")]
pub enum WindowCoversDocument {
    /// Its start: it may end after the window has closed.
    #[default]
    Start,
    /// All of it, within one window. A soft window's late end is when the service should have ended.
    Service,
}

impl From<WindowCovers> for WindowCoversDocument {
    fn from(covers: WindowCovers) -> Self {
        match covers {
            WindowCovers::Start => Self::Start,
            WindowCovers::Service => Self::Service,
        }
    }
}

impl From<WindowCoversDocument> for WindowCovers {
    fn from(document: WindowCoversDocument) -> Self {
        match document {
            WindowCoversDocument::Start => Self::Start,
            WindowCoversDocument::Service => Self::Service,
        }
    }
}

/// When a service should start, and what it costs not to. Nobody waits for it; the time window holds all the same.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SoftWindow")]
pub(in crate::io::json) struct SoftWindowDocument {
    /// Earlier starts cost.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "clock")]
    #[schemars(with = "ClockDocument")]
    early: i64,
    /// Later starts cost; none, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "clock_or_none")]
    #[schemars(with = "Option<ClockDocument>")]
    late: Option<i64>,
    /// Cost of a unit of time before `early`.
    #[serde(default, skip_serializing_if = "is_default")]
    cost_per_early: i64,
    /// Cost of a unit of time after `late`.
    #[serde(default, skip_serializing_if = "is_default")]
    cost_per_late: i64,
}

impl From<SoftWindow> for SoftWindowDocument {
    fn from(SoftWindow { early, late, cost_per_early, cost_per_late }: SoftWindow) -> Self {
        let late = (late != TimeWindow::UNBOUNDED_LATE).then_some(late);
        Self { early, late, cost_per_early, cost_per_late }
    }
}

impl From<SoftWindowDocument> for SoftWindow {
    fn from(document: SoftWindowDocument) -> Self {
        let late = document.late.unwrap_or(TimeWindow::UNBOUNDED_LATE);
        Self::new(document.early, late, document.cost_per_early, document.cost_per_late)
    }
}
