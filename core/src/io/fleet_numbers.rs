//! Vehicles by number: VRPLIB lists single vehicles, a problem holds types of them.
//!
//! A reader that merges vehicles into a type records their numbers in the type's name: `vehicles 1-3,7`, counted from
//! one. If every name has this form and together they cover all vehicles exactly, these numbers apply. Otherwise (the
//! problem has another origin, or was renamed) vehicles are numbered type by type, in the order of types.

use crate::ids::VehicleTypeId;
use crate::model::Problem;

/// The numbers, from zero, of the vehicles of every type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FleetNumbers {
    /// First number, first number after the range, and type, in ascending order without gaps.
    ranges: Vec<(usize, usize, VehicleTypeId)>,
}

impl FleetNumbers {
    pub(super) fn new(problem: &Problem) -> Self {
        Self { ranges: Self::from_names(problem).unwrap_or_else(|| Self::in_order(problem)) }
    }

    fn from_names(problem: &Problem) -> Option<Vec<(usize, usize, VehicleTypeId)>> {
        let mut ranges = Vec::new();
        for (t, vehicle_type) in problem.vehicle_types().iter().enumerate() {
            let parsed = parse_name(&vehicle_type.name)?;
            let count = parsed.iter().map(|(a, b)| b - a).fold(0, usize::saturating_add);
            if count != vehicle_type.count {
                return None;
            }
            ranges.extend(parsed.into_iter().map(|(a, b)| (a, b, VehicleTypeId::new(t))));
        }
        ranges.sort_unstable_by_key(|&(start, ..)| start);
        let starts_at_zero = ranges.first().is_some_and(|&(start, ..)| start == 0);
        let no_gaps = ranges.windows(2).all(|pair| pair[0].1 == pair[1].0);
        (starts_at_zero && no_gaps).then_some(ranges)
    }

    fn in_order(problem: &Problem) -> Vec<(usize, usize, VehicleTypeId)> {
        let mut next = 0usize;
        let mut ranges = Vec::new();
        for (t, vehicle_type) in problem.vehicle_types().iter().enumerate() {
            let end = next.saturating_add(vehicle_type.count);
            if end > next {
                ranges.push((next, end, VehicleTypeId::new(t)));
            }
            next = end;
        }
        ranges
    }

    /// Number of vehicles.
    pub(super) fn len(&self) -> usize {
        self.ranges.last().map_or(0, |&(_, end, _)| end)
    }

    /// The type of a vehicle.
    pub(super) fn type_of(&self, vehicle: usize) -> Option<VehicleTypeId> {
        let i = self.ranges.partition_point(|&(_, end, _)| end <= vehicle);
        self.ranges.get(i).map(|&(.., vehicle_type)| vehicle_type)
    }

    /// The vehicles of a type, ascending.
    pub(super) fn vehicles_of(&self, vehicle_type: VehicleTypeId) -> impl Iterator<Item = usize> {
        self.ranges.iter().filter(move |&&(.., t)| t == vehicle_type).flat_map(|&(start, end, _)| start..end)
    }

    /// Whether all vehicles are of one type.
    pub(super) fn is_uniform(&self) -> bool {
        self.ranges.windows(2).all(|pair| pair[0].2 == pair[1].2)
    }
}

/// The name of a type whose vehicles have the given numbers from zero, ascending.
pub(super) fn name(vehicles: impl IntoIterator<Item = (usize, usize)>) -> String {
    let range = |(start, end): (usize, usize)| match start + 1 {
        first if first == end => end.to_string(),
        first => format!("{first}-{end}"),
    };
    let ranges: Vec<String> = vehicles.into_iter().map(range).collect();
    let single = ranges.len() == 1 && !ranges[0].contains('-');
    format!("{} {}", if single { "vehicle" } else { "vehicles" }, ranges.join(","))
}

/// The ranges of numbers from zero in a name of the form that [`name`] produces.
fn parse_name(name: &str) -> Option<Vec<(usize, usize)>> {
    let list = name.strip_prefix("vehicles ").or_else(|| name.strip_prefix("vehicle "))?;
    let range = |piece: &str| {
        let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        (1 <= first && first <= last).then(|| (first - 1, last))
    };
    list.split(',').map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Problem, VehicleType};

    fn fleet(types: &[(usize, &str)]) -> FleetNumbers {
        let mut builder = Problem::builder();
        for &(count, name) in types {
            builder.add_vehicle_type(VehicleType::new(count).name(name));
        }
        FleetNumbers::new(&builder.build().unwrap())
    }

    #[test]
    fn names_list_ranges() {
        assert_eq!(name([(0, 3), (6, 7)]), "vehicles 1-3,7");
        assert_eq!(name([(3, 4)]), "vehicle 4");
        assert_eq!(parse_name("vehicles 1-3,7"), Some(vec![(0, 3), (6, 7)]));
        assert_eq!(parse_name("vehicles 0-3"), None);
        assert_eq!(parse_name("vehicles 3-1"), None);
        assert_eq!(parse_name("vehicles 1-99999999999999999999999"), None);
    }

    #[test]
    fn names_that_fit_decide() {
        let fleet = fleet(&[(2, "vehicles 1,3"), (1, "vehicle 2")]);
        let types: Vec<_> = (0..4).map(|v| fleet.type_of(v).map(VehicleTypeId::index)).collect();
        assert_eq!(types, [Some(0), Some(1), Some(0), None]);
        assert_eq!(fleet.vehicles_of(VehicleTypeId::new(0)).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(fleet.len(), 3);
        assert!(!fleet.is_uniform());
    }

    #[test]
    fn other_names_leave_the_order_of_types() {
        for names in [["vehicles 1,3", "van"], ["vehicles 1-2", "vehicle 2"], ["vehicles 1,2", "vehicle 4"]] {
            let fleet = fleet(&[(2, names[0]), (1, names[1])]);
            let types: Vec<_> = (0..3).map(|v| fleet.type_of(v).map(VehicleTypeId::index)).collect();
            assert_eq!(types, [Some(0), Some(0), Some(1)], "{names:?}");
        }
        assert_eq!(fleet(&[(usize::MAX, ""), (5, "")]).len(), usize::MAX);
        assert_eq!(fleet(&[(0, ""), (1, "")]).type_of(0), Some(VehicleTypeId::new(1)));
    }
}
