//! `milkrun where`.

use std::fmt::Write as _;

use milkrun::calendar::Origin;
use milkrun::io::json::{FoundVisit, FoundVisits, find_visits};
use milkrun::units::Clock;

use crate::failure::{Failure, Outcome};
use crate::where_args::Where;
use crate::{input, output, report};

pub(super) fn run(args: &Where) -> Result<Outcome, Failure> {
    let text = input::text(&args.plan)?;
    let found = find_visits(&text, &args.words)
        .map_err(|error| Failure::input(format!("{}: {error}", input::shown(&args.plan))))?;
    if found.visits.is_empty() && found.unserved.is_empty() {
        return Err(Failure::input(format!(
            "the plan has no name, address, remark or tag like {:?}; try fewer words",
            args.words
        )));
    }
    if args.json {
        output::stdout(&report::to_text(&found))?;
    } else {
        output::stdout(&lines(&found))?;
    }
    Ok(Outcome::Done)
}

/// A line for each visit, and for what is unserved.
fn lines(found: &FoundVisits) -> String {
    let mut text = String::new();
    let origin = found.origin.as_ref().and_then(|origin| Origin::new(origin).ok());
    let clock = origin.map_or_else(Clock::default, |origin| origin.clock());
    if found.with_slips {
        text.push_str("nothing is called exactly so; this is near:\n");
    }
    for visit in &found.visits {
        let FoundVisit { route, vehicle, stop, name, arrival, departure, remarks, found_in, .. } = visit;
        let time = |time: &Option<i64>| time.map_or("?".to_owned(), |time| clock.time_of_day(time));
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{name}: {vehicle} (truck {}), stop {stop}, {} to {}",
            route + 1,
            time(arrival),
            time(departure)
        );
        let by =
            if ["name", "location"].contains(&found_in.as_str()) { String::new() } else { format!(" [{found_in}]") };
        let remarks = if remarks.is_empty() { String::new() } else { format!("; {remarks}") };
        let _ = writeln!(text, "{remarks}{by}");
    }
    for name in &found.unserved {
        let _ = writeln!(text, "{name}: unserved in this plan");
    }
    text
}
