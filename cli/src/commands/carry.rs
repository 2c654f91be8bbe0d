//! `milkrun carry`.

use std::path::Path;

use milkrun::carry::{CarryError, carry};
use milkrun::document::{CarriedDocument, CarriedOverDocument, MissedDocument};
use milkrun::io::json::{Ref, write_problem};

use super::{at_most_one, is_dash};
use crate::carry_args::Carry;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::output::{self, Target};

pub(super) fn run(args: &Carry) -> Result<Outcome, Failure> {
    let inputs = [("PROBLEM", &args.problem), ("PLAN", &args.plan), ("NEXT", &args.next)];
    at_most_one("standard input", &inputs.map(|(name, path)| (name, is_dash(path))))?;
    let read = |path: &Path| {
        input::problem(path, args.reading.format.get(), args.reading.rounding.get(), false).map(|read| read.problem)
    };
    let (day, next) = (read(&args.problem)?, read(&args.next)?);
    let plan = input::plan(&args.plan, &day)?.reported.plan;
    let target = args.out.as_deref().map(Target::prepare).transpose()?;
    let is_shipment = |name: &String| {
        day.shipments().iter().any(|shipment| shipment.name == *name)
            && !day.clients().iter().any(|client| client.name == *name)
    };
    let (shipments, clients) = args.missed.iter().cloned().partition::<Vec<String>, _>(is_shipment);
    let references = |names: Vec<String>| names.into_iter().map(Ref::Name).collect();
    let missed =
        MissedDocument { clients: references(clients), shipments: references(shipments), unserved: !args.planned_only };
    let failed = |error: CarryError| Failure::Input(error.issues.iter().map(ToString::to_string).collect());
    let over = carry(&day, &missed.missed(&day, &plan).map_err(failed)?, &next).map_err(failed)?;
    let text = write_problem(&over.problem);
    match &target {
        Some(target) => target.write(&text)?,
        None => output::stdout(&text)?,
    }
    let about = CarriedOverDocument::new(&day, &over);
    for (what, list) in [("client", &about.clients), ("shipment", &about.shipments)] {
        for carried in list {
            output::log(&line(what, carried));
        }
    }
    if about.clients.is_empty() && about.shipments.is_empty() {
        output::log("nothing was missed");
    }
    Ok(Outcome::Done)
}

fn line(what: &str, carried: &CarriedDocument) -> String {
    let CarriedDocument { name, missed, now, joined } = carried;
    let name = if name.is_empty() { format!("{what} {missed}") } else { name.clone() };
    let how = if *joined { "was planned there, too: the amounts are added" } else { "joins the next day" };
    format!("{name} ({what} {now}): {how}")
}
