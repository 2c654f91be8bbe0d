//! Distances, durations and speeds.

use milkrun::travel::{Matrix, ProfileMatrices, UNREACHABLE};
use milkrun::{ProfileId, Rounding, SpeedCurve, Travel};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    pub(super) fn travel(&mut self) {
        let travel = match self.of(Factor::Travel) {
            "euclidean" => Travel::euclidean(Rounding::Round),
            "great circle" => Travel::Haversine { speed: 1.0, detour: 1.1 },
            _ => Travel::Matrices((0..self.num_profiles()).map(|_| self.matrices()).collect()),
        };
        self.builder.travel(travel);
        let span = self.span;
        for profile in (0..self.num_profiles()).map(ProfileId::new) {
            match self.of(Factor::Speed) {
                "slow" => {
                    let from = self.source.part(span, 5, 40);
                    let until = from + self.source.part(span, 10, 50);
                    let percent = self.source.number(30, 90) as u32;
                    self.builder.speed(profile, SpeedCurve::new([(from, percent), (until, 100)]));
                }
                "varying" => {
                    let mut from = 0;
                    let steps: Vec<(i64, u32)> = (0..4)
                        .map(|_| {
                            from += self.source.part(span, 5, 35);
                            (from, self.source.number(40, 220) as u32)
                        })
                        .collect();
                    self.builder.speed(profile, SpeedCurve::new(steps));
                }
                _ => {}
            }
        }
    }

    fn num_profiles(&self) -> usize {
        if self.has(Factor::Profiles) { 2 } else { 1 }
    }

    /// Matrices that follow the straight distances, more or less.
    fn matrices(&mut self) -> ProfileMatrices {
        let size = self.coords.len();
        let mut table = |low: i64, high: i64| -> Vec<i64> {
            let straight: Vec<i64> = (0..size * size).map(|i| self.straight(i / size, i % size)).collect();
            straight.into_iter().map(|length| length * self.source.number(low, high) / 100).collect()
        };
        let (mut distance, duration) = (table(85, 135), table(60, 140));
        if self.of(Factor::Travel) == "unreachable" {
            // Now and then an arc between two locations, mostly in one direction only.
            let arcs = self.source.number(1, 2 + size as i64 / 3);
            for _ in 0..arcs {
                let (from, to) = (self.source.index(size), self.source.index(size));
                let to = if from == to { (to + 1) % size } else { to };
                distance[from * size + to] = UNREACHABLE;
            }
        }
        let matrix = |values| Matrix::new(size, values).expect("a square table of small numbers");
        ProfileMatrices { distance: matrix(distance), duration: self.source.percent(60).then(|| matrix(duration)) }
    }
}
