//! What a document wants of a plan, in the order of importance.

use crate::io::fields::{Fields, Found};
use crate::model::Measure;

/// What counts after the number of unassigned jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Objective {
    /// Whether the value of what is served comes before the number of jobs.
    pub(super) by_value: bool,
    /// What comes before costs, most important first.
    pub(super) ranked: Vec<Measure>,
    pub(super) price: Price,
}

/// What costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Price {
    /// As the vehicles' costs say.
    #[default]
    Cost,
    /// Distance alone.
    Distance,
    /// Time alone.
    Duration,
}

impl Objective {
    /// What counts where the document does not say.
    fn usual(has_value: bool) -> Self {
        Self { by_value: has_value, ranked: vec![Measure::Vehicles], price: Price::Cost }
    }
}

/// What there is no other way to say.
const UNKNOWN: [(&str, &str); 8] = [
    ("maximize-tours", "leave it out"),
    ("minimize-arrival-time", "leave it out"),
    ("fast-service", "leave it out"),
    ("balance-distance", "use balance-duration, or leave it out"),
    ("compact-tour", "leave it out"),
    ("tour-order", "leave it out, or order jobs by relations"),
    ("hierarchical-areas", "leave it out"),
    ("minimize-overdue", "leave it out"),
];

/// Reads the objectives; `has_value` is whether any job has a value.
pub(super) fn read(found: &mut Found, fields: &mut Fields<'_>, has_value: bool) -> Objective {
    if fields.get("objectives").is_none() {
        return Objective::usual(has_value);
    }
    let values = fields.values(found, "objectives");
    if values.is_empty() {
        let message = "there is none";
        found.faults.add(fields.path("objectives"), "[]", message, "leave the list out for the usual objectives");
    }
    let mut objective = Objective::default();
    let (mut counted, mut priced) = (false, false);
    for (path, value) in values {
        if value.is_array() {
            let message = "objectives of equal rank are not planned";
            found.faults.add(path, "", message, "give one list, the most important first");
            continue;
        }
        let mut own = Fields::new(found, path.clone(), value);
        let kind = own.needed_text(found, "type");
        let price = match kind.as_str() {
            "minimize-cost" => Some(Price::Cost),
            "minimize-distance" => Some(Price::Distance),
            "minimize-duration" => Some(Price::Duration),
            _ => None,
        };
        if price.is_none() && priced {
            let message = "comes after costs, which hardly ever are equal";
            found.faults.add(path.clone(), &kind, message, "put it before costs, or leave it out");
        }
        match (kind.as_str(), price) {
            (_, Some(price)) => {
                if priced {
                    found.faults.add(path.clone(), &kind, "is the second kind of costs", "keep one of them");
                }
                (objective.price, priced) = (price, true);
            }
            ("minimize-unassigned", _) => {
                counted = unassigned(found, &mut own, counted || !objective.ranked.is_empty());
            }
            ("maximize-value", _) => {
                own.number(found, "reductionFactor", 0.0, 1.0);
                own.number(found, "breaks", 0.0, 1e9);
                if counted || !objective.ranked.is_empty() {
                    let message = "comes after others";
                    found.faults.add(
                        path.clone(),
                        &kind,
                        message,
                        "put it first: more jobs are served before fewer anyway",
                    );
                }
                objective.by_value = true;
            }
            ("minimize-tours", _) => objective.ranked.push(Measure::Vehicles),
            ("balance-max-load", _) => objective.ranked.push(Measure::LoadSpread),
            ("balance-activities", _) => objective.ranked.push(Measure::StopSpread),
            ("balance-duration", _) => objective.ranked.push(Measure::DurationSpread),
            ("composite" | "multi-objective", _) => {
                let message = "objectives of equal rank are not planned";
                found.faults.add(path.clone(), &kind, message, "put one after the other, the most important first");
                continue;
            }
            (other, _) => {
                let remedy = UNKNOWN.iter().find(|(name, _)| *name == other).map(|(_, remedy)| *remedy);
                let message = if remedy.is_some() { "is not planned" } else { "is not an objective" };
                found.faults.add(format!("{path}.type"), other, message, remedy.unwrap_or("correct the name"));
            }
        }
        if kind.starts_with("balance-") {
            balance(found, &mut own, &path, &kind);
        }
        own.finish(found);
    }
    if has_value && !objective.by_value && found.faults.is_empty() {
        let message =
            "objectives: jobs have values, but maximize-value is not among the objectives; values do not count";
        found.warnings.push(message.to_owned());
    }
    objective
}

/// `minimize-unassigned`, of which `late` says whether something else comes first.
fn unassigned(found: &mut Found, fields: &mut Fields<'_>, late: bool) -> bool {
    // Breaks are taken wherever they are due.
    fields.number(found, "breaks", 0.0, 1e9);
    if late {
        let message = "comes after others";
        found.faults.add(
            fields.path("type"),
            "minimize-unassigned",
            message,
            "put it first, or right after maximize-value",
        );
    }
    true
}

fn balance(found: &mut Found, fields: &mut Fields<'_>, path: &str, kind: &str) {
    let message = "has options that are not planned";
    fields.refuse(found, "options", message, "leave them out");
    let measured = "the difference between the largest and the smallest of the tours";
    found.warnings.push(format!("{path}: {kind} makes {measured} as small as possible"));
}
