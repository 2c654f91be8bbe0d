//! A comparison in words.

use std::fmt::Write as _;

use super::{Compared, Figure, Paired};

impl Compared {
    /// What the variant costs against the first: "costs 412 ± 35 more", with a 95 % confidence interval, costs divided by `scale`.
    /// Empty for the first variant, unless it has no feasible plan.
    pub fn sentence(&self, scale: f64) -> String {
        let (searched, feasible) = (self.searched(), self.feasible());
        if searched == 0 {
            return "no search ran to its end".to_owned();
        }
        if feasible == 0 {
            return "no feasible plan was found".to_owned();
        }
        let difference = self.figure(Figure::Cost).and_then(|summary| summary.difference);
        let mut told = difference.map_or_else(String::new, |cost| difference_in_words(&cost, scale));
        if feasible < searched {
            let also = if told.is_empty() { "" } else { "; " };
            let without = searched - feasible;
            // Writing to a string cannot fail.
            let _ = write!(told, "{also}no feasible plan was found with {without} of {searched} seeds");
        }
        told
    }
}

fn difference_in_words(cost: &Paired, scale: f64) -> String {
    let (mean, half) = (cost.mean / scale, cost.half_width.map(|half| half / scale));
    let word = if mean < 0.0 { "less" } else { "more" };
    // As many decimals as matter.
    let is_whole = mean.fract() == 0.0 && half.is_none_or(|half| half.fract() == 0.0);
    let decimals = if is_whole || mean.abs().max(half.unwrap_or(0.0)) >= 100.0 { 0 } else { 2 };
    let size = format!("{:.decimals$}", mean.abs());
    match half {
        None if mean == 0.0 => "costs the same with one seed, which tells no noise".to_owned(),
        None => format!("costs {size} {word} with one seed, which tells no noise"),
        Some(0.0) if mean == 0.0 => "costs the same".to_owned(),
        Some(half) if cost.is_significant() => format!("costs {size} ± {half:.decimals$} {word}"),
        Some(half) => format!("costs {size} ± {half:.decimals$} {word}, which may be chance"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_said_plainly() {
        let told = |differences: &[i64], scale| difference_in_words(&Paired::of(differences).unwrap(), scale);
        assert_eq!(told(&[400, 410, 420], 1.0), "costs 410 ± 25 more");
        assert_eq!(told(&[-400, -410, -420], 100.0), "costs 4.10 ± 0.25 less");
        assert_eq!(told(&[-30, 40, 20], 1.0), "costs 10.00 ± 89.57 more, which may be chance");
        assert_eq!(told(&[0, 0], 1.0), "costs the same");
        assert_eq!(told(&[5, 5], 1.0), "costs 5 ± 0 more");
        assert_eq!(told(&[-5], 1.0), "costs 5 less with one seed, which tells no noise");
        assert_eq!(told(&[0], 1.0), "costs the same with one seed, which tells no noise");
    }
}
