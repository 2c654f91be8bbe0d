//! Trades in words.

use super::{Front, Objective};

impl Front {
    /// What it takes to get from one point to another: "one vehicle less costs 412 more". Each objective's values are divided by its
    /// scale, in the order of objectives.
    pub fn trade(&self, from: usize, to: usize, scales: &[f64]) -> String {
        let (Some(a), Some(b)) = (self.points.get(from), self.points.get(to)) else { return String::new() };
        let (mut gains, mut prices) = (Vec::new(), Vec::new());
        for (i, &objective) in self.objectives.iter().enumerate() {
            let change = b.values[i].saturating_sub(a.values[i]);
            let size = number(change.unsigned_abs() as f64 / scales.get(i).copied().unwrap_or(1.0));
            if change < 0 {
                gains.push(gain(objective, &size));
            } else if change > 0 {
                prices.push(price(objective, &size));
            }
        }
        match (gains.is_empty(), prices.is_empty()) {
            (false, false) => format!("{} {}", gains.join(" and "), prices.join(" and ")),
            (false, true) => gains.join(" and "),
            _ => prices.join(" and "),
        }
    }
}

fn gain(objective: Objective, size: &str) -> String {
    match objective {
        Objective::Cost => format!("{size} less of cost"),
        Objective::Distance => format!("{size} less of distance"),
        Objective::Vehicles if size == "1" => "one vehicle less".to_owned(),
        Objective::Vehicles => format!("{size} vehicles less"),
        Objective::Makespan => format!("an end {size} earlier"),
        Objective::Unserved => format!("{size} fewer unserved"),
        Objective::Balance => format!("durations that differ by {size} less"),
        Objective::Scatter => format!("{size} less of scatter"),
        Objective::Emissions => format!("{size} kg less of CO₂"),
    }
}

fn price(objective: Objective, size: &str) -> String {
    match objective {
        Objective::Cost => format!("costs {size} more"),
        Objective::Distance => format!("takes {size} more of distance"),
        Objective::Vehicles if size == "1" => "takes one vehicle more".to_owned(),
        Objective::Vehicles => format!("takes {size} vehicles more"),
        Objective::Makespan => format!("ends {size} later"),
        Objective::Unserved => format!("leaves {size} more unserved"),
        Objective::Balance => format!("lets durations differ by {size} more"),
        Objective::Scatter => format!("scatters routes by {size} more"),
        Objective::Emissions => format!("emits {size} kg more of CO₂"),
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
