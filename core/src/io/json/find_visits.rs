//! Which truck comes when: visits of a plan's document, by words that people know them by.

use serde::Serialize;

use super::parse::parse;
use super::plan_document::{PlanDocument, RouteDocument, VisitDocument};
use super::{JsonError, Ref};

/// A visit that fits some words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FoundVisit {
    /// The route, counted from 0.
    pub route: usize,
    /// The vehicle type.
    pub vehicle: String,
    /// Which stop of the route it is, counted from 1; breaks and rests are no stops.
    pub stop: usize,
    /// The client, the shipment or the disposal site.
    pub name: String,
    /// When the vehicle arrives, if the plan says so.
    pub arrival: Option<i64>,
    /// When service starts.
    pub start: Option<i64>,
    /// When the vehicle leaves.
    pub departure: Option<i64>,
    /// What is said of it.
    pub remarks: String,
    /// What the words were found in: `name`, `location`, `remarks`, or a tag.
    pub found_in: String,
}

/// What fits some words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FoundVisits {
    /// All visits that fit as well as the best one, in the order of routes and stops.
    pub visits: Vec<FoundVisit>,
    /// Clients and shipments that fit as well, and are unserved.
    pub unserved: Vec<String>,
    /// Whether words had to be read with other letters: `Acacia` for `Acaccia`.
    pub with_slips: bool,
    /// The moment from which times count, where the plan says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// How well a text fits; a smaller one is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It says the words, and nothing else.
    Same,
    /// It has all the words.
    Words,
    /// It has all of them as parts of words.
    Parts,
    /// It has all of them, each with a slip.
    Slips,
}

/// Finds the visits of a plan's document that fit words, by the names, places, remarks and tags that the document has.
///
/// Case and signs do not count. Of all visits, those that fit best are given: those that are called so; else those that have
/// all the words; else parts of words; else words with one letter more, less or other.
///
/// ```
/// use milkrun::io::json::find_visits;
///
/// let plan = r#"{"milkrun": "plan", "version": 1, "routes": [{"vehicle_type": "Red", "trips": [{"visits": [
///     {"client": "Acacia Street 5", "arrival": 29520}, {"client": "B-7", "tags": {"address": "Acacia Street 51"}}
/// ]}]}], "unserved": {"clients": ["Mill Street 5"]}}"#;
/// let found = |words| find_visits(plan, words).unwrap();
/// let five = &found("acacia street 5").visits;
/// assert_eq!((five.len(), five[0].vehicle.as_str(), five[0].stop, five[0].arrival), (1, "Red", 1, Some(29_520)));
/// assert_eq!(found("Acacia").visits.len(), 2);
/// assert_eq!(found("Mill").unserved, ["Mill Street 5"]);
/// assert!(found("Acaccia 51").with_slips);
/// assert_eq!(found("Elm").visits, []);
/// ```
///
/// # Errors
///
/// [`JsonError`]: where the text is no plan.
pub fn find_visits(text: &str, words: &str) -> Result<FoundVisits, JsonError> {
    let plan: PlanDocument = parse(text, "plan", super::plan_schema)?;
    let wanted = split(words);
    let mut hits = Vec::new();
    for (number, route) in plan.routes.iter().enumerate() {
        let visits = route.trips.iter().flat_map(|trip| &trip.visits).filter(|visit| name(visit).is_some());
        for (stop, visit) in (1..).zip(visits) {
            hits.extend(hit(&wanted, number, route, stop, visit));
        }
    }
    let left = plan.unserved.iter().flat_map(|left| [&left.clients, &left.shipments]).flatten().flatten();
    let left = left.filter_map(|job| {
        let name = shown(job);
        Some((fit(&wanted, &name)?, name))
    });
    let left: Vec<(Fit, String)> = left.collect();
    let best = hits.iter().map(|(fit, _)| *fit).chain(left.iter().map(|(fit, _)| *fit)).min();
    let (with_slips, origin) = (best == Some(Fit::Slips), plan.origin);
    let mut found = FoundVisits { with_slips, origin, ..FoundVisits::default() };
    found.visits.extend(hits.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, visit)| visit));
    found.unserved.extend(left.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, name)| name));
    Ok(found)
}

/// The visit, if it fits.
fn hit(
    wanted: &[String],
    number: usize,
    route: &RouteDocument,
    stop: usize,
    visit: &VisitDocument,
) -> Option<(Fit, FoundVisit)> {
    let called = name(visit).map(shown)?;
    let place = visit.location.as_ref().map(shown).unwrap_or_default();
    let said = [("name", called.as_str()), ("location", &place), ("remarks", &visit.remarks)];
    let tags = visit.tags.iter().map(|(tag, value)| (tag.as_str(), value.as_str()));
    let all = said.into_iter().chain(tags);
    let (best, found_in) = all.filter_map(|(of, text)| Some((fit(wanted, text)?, of))).min_by_key(|(fit, _)| *fit)?;
    let found = FoundVisit {
        route: number,
        vehicle: shown(&route.vehicle_type),
        stop,
        arrival: visit.arrival,
        start: visit.start,
        departure: visit.departure,
        remarks: visit.remarks.clone(),
        found_in: found_in.to_owned(),
        name: called,
    };
    Some((best, found))
}

/// What is visited; nothing for breaks and rests.
fn name(visit: &VisitDocument) -> Option<&Ref> {
    visit.client.as_ref().or(visit.pickup.as_ref()).or(visit.delivery.as_ref()).or(visit.dispose.as_ref())
}

fn shown(reference: &Ref) -> String {
    match reference {
        Ref::Index(index) => index.to_string(),
        Ref::Name(name) => name.clone(),
    }
}

fn split(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// How well a text fits the words; nothing where it does not.
fn fit(wanted: &[String], text: &str) -> Option<Fit> {
    let words = split(text);
    if wanted.is_empty() || words.is_empty() {
        return None;
    }
    let all = |fits: &dyn Fn(&str, &str) -> bool| wanted.iter().all(|want| words.iter().any(|word| fits(want, word)));
    match () {
        () if wanted == words => Some(Fit::Same),
        () if all(&|want, word| want == word) => Some(Fit::Words),
        // A number is a whole one: 5 is not part of 51.
        () if all(&|want, word| want == word || (!is_number(want) && word.contains(want))) => Some(Fit::Parts),
        () if all(&|want, word| want == word || (!is_number(want) && is_slip(want, word))) => Some(Fit::Slips),
        () => None,
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// Whether two words of some length differ in one letter, which is more, less or another, or in two that are swapped.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - front;
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count().min(rest);
    let (middle_a, middle_b) = (&a[front..a.len() - back], &b[front..b.len() - back]);
    match (middle_a, middle_b) {
        ([] | [_], [] | [_]) => true,
        ([x, y], [u, v]) => x == v && y == u,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_single_letters() {
        for (a, b) in
            [("acacia", "acaccia"), ("acacia", "acaci"), ("mill", "mall"), ("street", "steret"), ("abcd", "abcd")]
        {
            assert!(is_slip(a, b) && is_slip(b, a), "{a} {b}");
        }
        for (a, b) in [("mil", "mal"), ("acacia", "accaccia"), ("street", "strasse"), ("abcd", "dcba")] {
            assert!(!is_slip(a, b) && !is_slip(b, a), "{a} {b}");
        }
    }

    #[test]
    fn numbers_are_whole_ones() {
        let fit = |words: &str, text: &str| fit(&split(words), text).map(|fit| fit as u8);
        assert_eq!(fit("Acacia Street 5", "acacia street, 5"), Some(0));
        assert_eq!(fit("street 5", "Acacia Street 5"), Some(1));
        assert_eq!(fit("acac 5", "Acacia Street 5"), Some(2));
        assert_eq!(fit("acacai 5", "Acacia Street 5"), Some(3));
        assert_eq!(fit("Acacia 5", "Acacia Street 51"), None);
        assert_eq!(fit("", "Acacia"), None);
        assert_eq!(fit("…", "Acacia"), None);
    }
}
