//! What adds up over a trip, a route or a day.

use std::collections::BTreeMap;

use milkrun::units::Load;

use super::Row;
use crate::figures::Figures;

/// What rows carry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) stops: usize,
    /// What is brought and taken, by load dimension; shipments count once.
    pub(crate) loads: Vec<Load>,
    /// The same of what is taken, by material.
    materials: BTreeMap<String, Vec<Load>>,
    /// Numbers of containers by what they are called, where tags say so.
    containers: BTreeMap<String, u64>,
}

impl Totals {
    pub(crate) fn of<'r, 'a: 'r>(rows: impl IntoIterator<Item = &'r Row<'a>>, dimensions: usize) -> Self {
        let mut totals = Self { loads: vec![0; dimensions], ..Self::default() };
        rows.into_iter().filter(|row| row.order.is_some()).for_each(|row| totals.add(row));
        totals
    }

    fn add(&mut self, row: &Row<'_>) {
        self.stops += 1;
        // What was picked up on the same route has been counted there.
        let brought = if row.step.kind() == "delivery" { &[][..] } else { &row.brought };
        add(&mut self.loads, brought);
        add(&mut self.loads, &row.taken);
        if let Some(material) = row.material {
            let own = self.materials.entry(material.to_owned()).or_insert_with(|| vec![0; self.loads.len()]);
            add(own, &row.taken);
        }
        for part in row.containers().into_iter().flat_map(|text| text.split(',')) {
            let counted =
                part.split_once('×').and_then(|(count, size)| Some((count.trim().parse().ok()?, size.trim())));
            let (count, size): (u64, &str) = counted.unwrap_or((1, part.trim()));
            let own = self.containers.entry(size.to_owned()).or_default();
            *own = own.saturating_add(count);
        }
    }

    /// The containers in words: `80 × 240 l, 12 × 1100 l`; empty where no tag says so.
    pub(crate) fn containers(&self) -> String {
        // 240 l stands before 1100 l.
        let number = |size: &str| size.split(' ').next().and_then(|number| number.parse::<u64>().ok());
        let mut sizes: Vec<(&String, &u64)> = self.containers.iter().collect();
        sizes.sort_by_key(|(size, _)| number(size));
        sizes.iter().map(|(size, count)| format!("{count} × {size}")).collect::<Vec<_>>().join(", ")
    }

    /// Amounts by material in words; of a single one, its name.
    pub(crate) fn materials(&self, figures: &Figures) -> String {
        if self.materials.len() == 1 {
            return self.materials.keys().cloned().collect();
        }
        let one = |(material, loads): (&String, &Vec<Load>)| format!("{material}: {}", figures.amounts(loads));
        self.materials.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

fn add(sums: &mut [Load], loads: &[Load]) {
    for (sum, load) in sums.iter_mut().zip(loads) {
        *sum = sum.saturating_add(*load);
    }
}
