//! Solomon's text format, which Gehring & Homberger use too: clients with time windows and a uniform fleet.
//!
//! The name is on the first line, the number of vehicles and their capacity follow `VEHICLE`, and a row for each
//! location follows `CUSTOMER`: number (0 is the depot), x, y, demand, ready time, due date, service time. The depot's
//! window becomes the vehicles' shift. Costs are distances, which equal durations.

use crate::ids::LocationId;
use crate::io::fault::Faults;
use crate::io::quantity::{Place, Quantity};
use crate::io::rows::{self, NumberedRow};
use crate::io::{FaultKind, ReadError, fleet_numbers, text};
use crate::model::{Client, Coord, Depot, Location, Problem, VehicleType};
use crate::travel::{Rounding, Travel};
use crate::units::MAX_VALUE;

const CUSTOMER: &str = "CUSTOMER";
const VEHICLE: &str = "VEHICLE";

/// The problem that a Solomon text describes, its decimals and distances rounded by a convention.
///
/// Client `i` is the file's customer `i + 1`.
///
/// ```
/// use milkrun::{Rounding, io::solomon};
///
/// let text = "tiny\n\nVEHICLE\nNUMBER CAPACITY\n 3 50\n\nCUSTOMER\n\
///     CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME\n\n\
///     0 0 0 0 0 200 0\n1 3 4 10 20 60 9\n2 6 8 20 0 90 9\n";
/// let problem = solomon::read(text, Rounding::Dimacs).unwrap();
/// assert_eq!(problem.clients()[0].time_window.early, 200);
/// assert_eq!(problem.num_vehicles(), 3);
///
/// let error = solomon::read(text.replace("20 60", "60 20"), Rounding::Dimacs).unwrap_err();
/// assert!(error.to_string().contains("line 11, CUSTOMER, `60 20`: the time window closes before it opens"));
/// ```
pub fn read(content: impl AsRef<[u8]>, rounding: Rounding) -> Result<Problem, ReadError> {
    let content = content.as_ref();
    let mut faults = Faults::new("Solomon");
    let mut lines = text::lines(content).peekable();
    if lines.peek().is_none() {
        faults.push(None, "", "", FaultKind::Empty);
        return Err(faults.into_error());
    }
    // The name's line may be missing.
    let name = lines.next_if(|(_, line)| !starts_with(line, VEHICLE)).map(|(_, line)| text::decode(line).into_owned());
    for head in ["VEHICLE", "NUMBER"] {
        if lines.next_if(|(_, line)| starts_with(line, head)).is_none() {
            return Err(missing(faults, lines.peek().copied(), head));
        }
    }
    let Some((line, content)) = lines.next_if(|(_, line)| line[0].is_ascii_digit() || line[0] == b'-') else {
        return Err(missing(faults, lines.peek().copied(), "the number of vehicles and their capacity"));
    };
    let place = Place { line, section: VEHICLE };
    let mut fleet = Vec::new();
    place.numbers(&mut faults, content, &mut fleet);
    let [vehicles, capacity] = fleet[..] else {
        let kind = FaultKind::RowLength { expected: 2, found: fleet.len() };
        place.fault(&mut faults, text::shown(content), kind);
        return Err(faults.into_error());
    };
    for head in ["CUSTOMER", "CUST"] {
        if lines.next_if(|(_, line)| starts_with(line, head)).is_none() {
            return Err(missing(faults, lines.peek().copied(), head));
        }
    }
    let vehicles = place.index(&mut faults, vehicles, "number of vehicles", 1, rows::MAX_VEHICLES);
    let capacity = place.integer(&mut faults, Quantity::Limit, capacity, rounding);
    let rows: Vec<NumberedRow<6>> = rows::read(lines, CUSTOMER, "location", &mut faults);
    faults.check()?;

    let mut builder = Problem::builder();
    builder.name(name.unwrap_or_default()).travel(Travel::euclidean(rounding));
    let count = vehicles.map_or(0, |index| index + 1);
    let mut vehicle_type = VehicleType::new(count).name(fleet_numbers::name([(0, count)]));
    if capacity < MAX_VALUE {
        vehicle_type = vehicle_type.capacity([capacity]);
    }
    for (i, row) in rows.iter().enumerate() {
        let [x, y, demand, early, late, service] = row.columns;
        builder.add_location(Location { coord: Coord::new(x, y), name: String::new() });
        let window = row.place.window(&mut faults, early, late, rounding);
        if i == 0 {
            let depot = builder.add_depot(Depot::at(LocationId::new(0)));
            vehicle_type = vehicle_type.depot(depot).shift(window.early, window.late);
            continue;
        }
        let demand = row.place.integer(&mut faults, Quantity::Amount, demand, rounding);
        let service = row.place.integer(&mut faults, Quantity::Amount, service, rounding);
        let client = Client::at(LocationId::new(i)).delivery([demand]).service(service);
        builder.add_client(client.time_window(window.early, window.late));
    }
    builder.add_vehicle_type(vehicle_type);
    faults.check()?;
    faults.built(builder.build())
}

fn starts_with(line: &[u8], word: &str) -> bool {
    line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn missing(mut faults: Faults, next: Option<(usize, &[u8])>, head: &'static str) -> ReadError {
    let (line, content) = next.map_or((None, &[][..]), |(line, content)| (Some(line), content));
    faults.push(line, "", text::shown(content), FaultKind::MissingHead(head));
    faults.into_error()
}
