//! Events as they are written on the command line: `truck 3 down`.

use milkrun::adapt::Event;
use milkrun::calendar::Origin;
use milkrun::{ClientId, DisposalSiteId, Plan, Problem, ProfileId, VehicleTypeId};

use crate::clock::{parse_length, parse_moment};

const HELP: &str = "`milkrun adapt --help` lists what can be said";

/// Reads an event about the published plan of a problem.
pub(crate) fn read(text: &str, problem: &Problem, plan: &Plan) -> Result<Event, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (first, rest) = words.split_first().ok_or_else(|| format!("is empty; {HELP}"))?;
    match *first {
        "truck" => of_truck(problem, plan, rest),
        "route" => {
            Err("trucks are called by their numbers in the table of the plan, from 1, or by name: truck 1 down"
                .to_owned())
        }
        "cancel" => Ok(Event::Cancelled { client: ClientId::new(client(problem, &rest.join(" "))?) }),
        "another" => another(problem, rest),
        "site" => of_site(problem, rest),
        "slow" => slow(problem.origin(), rest),
        other => Err(format!("nothing begins with `{other}`; {HELP}")),
    }
}

/// What may be said of a truck, by its first word.
const OF_TRUCK: [&str; 5] = ["down", "late", "ends", "did", "carries"];

fn of_truck(problem: &Problem, plan: &Plan, words: &[&str]) -> Result<Event, String> {
    let origin = problem.origin();
    let said = words.iter().skip(1).position(|word| OF_TRUCK.contains(word)).map_or(words.len(), |at| at + 1);
    let (name, rest) = words.split_at(said);
    let route = truck(problem, plan, &name.join(" "))?;
    match *rest {
        ["down"] => Ok(Event::BrokenDown { route }),
        ["late", by] => Ok(Event::Late { route, by: parse_length(by)? }),
        ["ends", at] => Ok(Event::ShiftEnds { route, at: parse_moment(at, origin)? }),
        ["did", count, "until", at] => {
            let activities = count.parse().map_err(|_| format!("`{count}` is no number of activities"))?;
            Ok(Event::Done { route, activities, at: parse_moment(at, origin)? })
        }
        ["carries", ref amounts @ ..] if !amounts.is_empty() => {
            let number = |word: &&str| word.parse().map_err(|_| format!("`{word}` is no amount"));
            Ok(Event::Load { route, more: amounts.iter().map(number).collect::<Result<_, _>>()? })
        }
        _ => Err(format!("says nothing of the truck that is understood; {HELP}")),
    }
}

/// The route of a truck, by its number from 1 or by its name.
fn truck(problem: &Problem, plan: &Plan, wanted: &str) -> Result<usize, String> {
    let names = plan.truck_names(problem);
    let found: Vec<usize> = (0..names.len()).filter(|&route| names[route] == wanted).collect();
    match (&found[..], wanted.parse::<usize>()) {
        ([route], _) => Ok(*route),
        (_, Ok(0)) => Err("trucks count from 1, as in the table of the plan".to_owned()),
        (_, Ok(number)) => Ok(number - 1),
        _ => Err(format!("no truck is called `{wanted}`; give its number in the table of the plan, or its name")),
    }
}

fn another(problem: &Problem, words: &[&str]) -> Result<Event, String> {
    let [name @ .., "from", time] = words else { return Err(format!("says not from when; {HELP}")) };
    let names = problem.vehicle_types().iter().map(|v| v.name.as_str());
    let index = find("vehicle type", &name.join(" "), names)?;
    Ok(Event::Available { vehicle_type: VehicleTypeId::new(index), from: parse_moment(time, problem.origin())? })
}

fn of_site(problem: &Problem, words: &[&str]) -> Result<Event, String> {
    let [name @ .., what, value] = words else { return Err(format!("names no site; {HELP}")) };
    let names = problem.disposal_sites().iter().map(|site| site.name.as_str());
    let site = DisposalSiteId::new(find("disposal site", &name.join(" "), names)?);
    match *what {
        "closed" => {
            let (from, to) = span(problem.origin(), value)?;
            Ok(Event::SiteClosed { site, from, to })
        }
        "queue" => Ok(Event::SiteQueue { site, by: parse_length(value)? }),
        other => Err(format!("`{other}` is neither closed nor queue; {HELP}")),
    }
}

fn slow(origin: Option<&Origin>, words: &[&str]) -> Result<Event, String> {
    let [when, percent] = words else { return Err(format!("gives no time and percent; {HELP}")) };
    let (from, to) = span(origin, when)?;
    let percent = percent.trim_end_matches('%').parse().map_err(|_| format!("`{percent}` is no percentage"))?;
    Ok(Event::Slow { profile: ProfileId::new(0), from, to, percent })
}

/// `10:00-12:00`
fn span(origin: Option<&Origin>, text: &str) -> Result<(i64, i64), String> {
    let (from, to) = text.split_once('-').ok_or_else(|| format!("`{text}` is not a span such as 10:00-12:00"))?;
    Ok((parse_moment(from, origin)?, parse_moment(to, origin)?))
}

fn client(problem: &Problem, name: &str) -> Result<usize, String> {
    find("client", name, problem.clients().iter().map(|client| client.name.as_str()))
}

/// The index of something by its name, or by the index itself.
fn find<'n>(what: &str, wanted: &str, names: impl Iterator<Item = &'n str>) -> Result<usize, String> {
    let found: Vec<usize> = names.enumerate().filter(|&(_, name)| name == wanted).map(|(index, _)| index).collect();
    match found[..] {
        [index] => Ok(index),
        [] => wanted.parse().map_err(|_| format!("no {what} is called `{wanted}`; give a name or an index")),
        _ => Err(format!("{} {what}s are called `{wanted}`; give an index", found.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use milkrun::plan::{Activity, RouteStops, TripStops};
    use milkrun::{Client, Coord, Depot, VehicleType};

    fn problem() -> Problem {
        let mut b = Problem::builder();
        let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        for name in ["old mill", "quay", "quay"] {
            b.add_client(Client::at(Coord::new(1.0, 1.0)).name(name));
        }
        b.add_disposal_site(milkrun::DisposalSite::at(Coord::new(5.0, 5.0)).name("landfill"));
        b.add_vehicle_type(VehicleType::new(2).depot(yard).name("rear loader"));
        b.build().unwrap()
    }

    fn driven(problem: &Problem) -> Plan {
        let route = |client: usize| RouteStops {
            vehicle_type: VehicleTypeId::new(0),
            start: None,
            trips: vec![TripStops {
                start: problem.vehicle_types()[0].start,
                activities: vec![Activity::Client(ClientId::new(client))],
                end: problem.vehicle_types()[0].end,
            }],
        };
        Plan::new(problem, vec![route(0), route(1)]).unwrap()
    }

    #[test]
    fn what_can_be_said() {
        let problem = problem();
        let plan = driven(&problem);
        let read = |text: &str| read(text, &problem, &plan).unwrap();
        assert_eq!(read("truck 3 down"), Event::BrokenDown { route: 2 });
        assert_eq!(read("truck rear loader 2 down"), Event::BrokenDown { route: 1 });
        assert_eq!(read("truck rear loader 1 late 20m"), Event::Late { route: 0, by: 1_200 });
        assert_eq!(read("truck 2 did 4 until 10:12"), Event::Done { route: 1, activities: 4, at: 36_720 });
        assert_eq!(read("truck 2 ends 14:00"), Event::ShiftEnds { route: 1, at: 50_400 });
        assert_eq!(read("truck 2 carries +300 -2"), Event::Load { route: 1, more: vec![300, -2] });
        assert_eq!(read("cancel old mill"), Event::Cancelled { client: ClientId::new(0) });
        assert_eq!(read("cancel 2"), Event::Cancelled { client: ClientId::new(2) });
        let another = Event::Available { vehicle_type: VehicleTypeId::new(0), from: 39_600 };
        assert_eq!(read("another rear loader from 11:00"), another);
        let site = DisposalSiteId::new(0);
        assert_eq!(read("site landfill closed 10:00-12:00"), Event::SiteClosed { site, from: 36_000, to: 43_200 });
        assert_eq!(read("site 0 queue 25m"), Event::SiteQueue { site, by: 1_500 });
        let slow = Event::Slow { profile: ProfileId::new(0), from: 36_000, to: 43_200, percent: 60 };
        assert_eq!(read("slow 10:00-12:00 60%"), slow);
    }

    #[test]
    fn what_cannot() {
        let problem = problem();
        let plan = driven(&problem);
        for (text, told) in [
            ("", "is empty"),
            ("boat 1 sinks", "nothing begins with `boat`"),
            ("truck x down", "no truck is called `x`"),
            ("truck 0 down", "count from 1"),
            ("truck", "no truck is called"),
            ("truck 1 flies", "no truck is called `1 flies`"),
            ("truck 1 late", "says nothing of the truck"),
            ("route 1 down", "from 1, or by name"),
            ("cancel quay", "2 clients are called `quay`"),
            ("cancel pier", "no client is called `pier`"),
            ("site landfill open 1-2", "neither closed nor queue"),
            ("slow 10:00 60%", "is not a span"),
        ] {
            let fault = read(text, &problem, &plan).unwrap_err();
            assert!(fault.contains(told), "{text}: {fault}");
        }
    }
}
