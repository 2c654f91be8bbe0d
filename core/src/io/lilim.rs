//! Li & Lim's text format: shipments with time windows and a uniform fleet.
//!
//! The first line has the number of vehicles, their capacity, and a speed that is not used. Each further row is a
//! location: number (0 is the depot), x, y, demand (negative for a delivery), earliest and latest start, service time,
//! the number of its pickup (0 for a pickup) and the number of its delivery (0 for a delivery). The depot's window
//! becomes the vehicles' shift. Costs are distances, which equal durations.

use crate::ids::LocationId;
use crate::io::fault::Faults;
use crate::io::pairs::{self, PairRow, PairRules};
use crate::io::quantity::{Place, Quantity};
use crate::io::rows::{self, NumberedRow};
use crate::io::{FaultKind, ReadError, fleet_numbers, text};
use crate::model::{Coord, Depot, Location, Problem, VehicleType};
use crate::travel::{Rounding, Travel};
use crate::units::MAX_VALUE;

const VEHICLES: &str = "vehicles";
const TASKS: &str = "tasks";

/// The problem that a Li & Lim text describes, its decimals and distances rounded by a convention.
///
/// Location `i` is the file's task `i`; shipments come in the order of their pickups.
///
/// ```
/// use milkrun::{Rounding, io::lilim};
///
/// let text = "3 50 1\n0 0 0 0 0 200 0 0 0\n1 3 4 10 20 60 9 0 2\n2 6 8 -10 0 90 9 1 0\n";
/// let problem = lilim::read(text, Rounding::Exact).unwrap();
/// assert_eq!(problem.shipments()[0].amount, [10_000]);
/// assert_eq!(problem.shipments()[0].delivery.location().index(), 2);
///
/// let error = lilim::read(text.replace("0 2\n", "0 1\n"), Rounding::Exact).unwrap_err();
/// assert!(error.to_string().contains("line 3, tasks, `1`: exactly one of the columns"));
/// ```
pub fn read(content: impl AsRef<[u8]>, rounding: Rounding) -> Result<Problem, ReadError> {
    let content = content.as_ref();
    let mut faults = Faults::new("Li & Lim");
    let mut lines = text::lines(content);
    let Some((line, head)) = lines.next() else {
        faults.push(None, "", "", FaultKind::Empty);
        return Err(faults.into_error());
    };
    let place = Place { line, section: VEHICLES };
    let mut fleet = Vec::new();
    place.numbers(&mut faults, head, &mut fleet);
    let [vehicles, capacity, _speed] = fleet[..] else {
        place.fault(&mut faults, text::shown(head), FaultKind::RowLength { expected: 3, found: fleet.len() });
        return Err(faults.into_error());
    };
    let vehicles = place.index(&mut faults, vehicles, "number of vehicles", 1, rows::MAX_VEHICLES);
    let capacity = place.integer(&mut faults, Quantity::Limit, capacity, rounding);
    let rows: Vec<NumberedRow<8>> = rows::read(lines, TASKS, "task", &mut faults);
    faults.check()?;

    let pair_rows: Vec<PairRow> = rows
        .iter()
        .map(|row| {
            let [_, _, columns @ ..] = row.columns;
            PairRow { line: row.place.line, columns }
        })
        .collect();
    let rules = PairRules { first: 0, depots: 1, section: TASKS, rounding };
    let shipments = pairs::shipments(&pair_rows, rules, &mut faults);
    let [.., early, late, _service, _pickup, _delivery] = rows[0].columns;
    let shift = rows[0].place.window(&mut faults, early, late, rounding);
    faults.check()?;

    let mut builder = Problem::builder();
    builder.travel(Travel::euclidean(rounding));
    for row in &rows {
        let [x, y, ..] = row.columns;
        builder.add_location(Location { coord: Coord::new(x, y), name: String::new() });
    }
    let depot = builder.add_depot(Depot::at(LocationId::new(0)));
    for shipment in shipments {
        builder.add_shipment(shipment);
    }
    let count = vehicles.map_or(0, |index| index + 1);
    let mut vehicle_type = VehicleType::new(count).depot(depot).shift(shift.early, shift.late);
    if capacity < MAX_VALUE {
        vehicle_type = vehicle_type.capacity([capacity]);
    }
    builder.add_vehicle_type(vehicle_type.name(fleet_numbers::name([(0, count)])));
    faults.built(builder.build())
}
