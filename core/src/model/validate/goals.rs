//! Goals.

use std::collections::HashSet;

use super::Validator;
use super::travel::spread;
use crate::model::Measure;
use crate::travel::Travel;
use crate::units::{MAX_COST, MAX_VALUE};

impl Validator<'_> {
    pub(super) fn goals(&mut self, travel: &Travel) {
        let builder = self.builder;
        let mut ranked = HashSet::new();
        for (g, goal) in builder.goals.iter().enumerate() {
            match goal.weight {
                Some(weight) => self.money(format!("goals[{g}].weight"), weight),
                None if !ranked.insert((goal.measure, goal.target)) => {
                    let message = "the measure is already ranked";
                    self.fault(format!("goals[{g}].measure"), goal.measure.name(), message, "keep one of the two");
                }
                None => {}
            }
            if let Some(target) = goal.target.filter(|target| !(0..=MAX_COST).contains(target)) {
                let (message, remedy) = ("is not a value that a measure may have", "give zero or more, at most 2^40");
                self.fault(format!("goals[{g}].target"), target, message, remedy);
            }
        }
        let scatter = builder.goals.iter().position(|goal| goal.measure == Measure::Scatter);
        if let Some(g) = scatter
            && matches!(travel, Travel::Matrices(_))
            && spread(builder) > MAX_VALUE as f64
        {
            let message = "the locations are farther apart than 1073741823 (2^30 - 1)";
            let remedy = "use a coarser unit of length, or another measure";
            self.fault(format!("goals[{g}].measure"), Measure::Scatter.name(), message, remedy);
        }
    }
}
