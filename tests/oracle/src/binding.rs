//! How often a rule decides something: whether the best plan is another one without it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document;
use crate::generate::Generator;
use crate::oracle::{Limits, best_plan};
use crate::run::Rate;

/// For each field of the document, such as `vehicle_types.max_work`: in how many of the problems that have it another rank is
/// the best without it. The rate's `failed` counts those.
pub fn binding(seed: u64, problems: usize, limits: &Limits) -> BTreeMap<String, Rate> {
    let generator = Generator::new(seed, problems);
    let mut rates: BTreeMap<String, Rate> = BTreeMap::new();
    for index in 0..problems {
        let instance = generator.instance(index);
        let Some(with) = best_plan(&instance.problem, limits).map(|answer| answer.plan) else { continue };
        let document = document::write(&instance);
        for (list, field) in fields(&document["problem"]) {
            let mut less = document.clone();
            remove(&mut less["problem"], &list, &field);
            let Some(less) = document::read(&less) else { continue };
            let Some(without) = best_plan(&less.problem, limits).map(|answer| answer.plan) else { continue };
            let rank = |plan: &Option<milkrun::Plan>| plan.as_ref().map(|plan| plan.rank().to_vec());
            let rate = rates.entry(format!("{list}.{field}")).or_default();
            rate.tried += 1;
            rate.failed += usize::from(rank(&with) != rank(&without));
        }
    }
    rates
}

/// The fields of what is in the document's lists, and the lists themselves.
fn fields(problem: &Value) -> BTreeSet<(String, String)> {
    let mut fields = BTreeSet::new();
    for (list, items) in problem.as_object().into_iter().flatten() {
        fields.insert((String::new(), list.clone()));
        for item in items.as_array().into_iter().flatten().filter_map(Value::as_object) {
            fields.extend(item.keys().map(|field| (list.clone(), field.clone())));
        }
    }
    fields
}

fn remove(problem: &mut Value, list: &str, field: &str) {
    if list.is_empty() {
        if let Some(object) = problem.as_object_mut() {
            object.remove(field);
        }
        return;
    }
    for item in problem[list].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        item.remove(field);
    }
}
