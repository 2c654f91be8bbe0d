//! What is new or odd about a sign-in, in points.
//!
//! A first sign-in has nothing to be compared with: only failures and lists count then.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use geo::{Distance as _, Haversine, Point};
use serde::Serialize;

use crate::config::SignIns;
use crate::storage::sign_ins::SignIn;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// How far back sign-ins are compared with, milliseconds, and how many of them.
pub(crate) const BACK: (i64, i64) = (90 * DAY, 400);

/// A block of addresses that was never seen: lines at home change theirs, but seldom their block.
const NEW_NETWORK: i64 = 25;
/// A device that was never seen. With a new block, it is enough to ask for more than the password.
const NEW_DEVICE: i64 = 35;
/// Nobody travels so fast.
const TRAVEL: i64 = 40;
/// A country that was never seen.
const NEW_COUNTRY: i64 = 15;
/// An hour at which this person does not sign in.
const UNUSUAL_HOUR: i64 = 10;
/// Each wrong password from blocks where the right one was never given, and at most.
const STRANGERS: (i64, i64) = (5, 30);
/// Each wrong password of the last day from blocks that are known, beyond those that are forgiven, and at most.
const OWN: (i64, i64, i64) = (3, 3, 15);
/// Each wrong password for other accounts from this address, beyond those that are forgiven, and at most.
const OTHERS: (i64, i64, i64) = (5, 2, 30);

/// How long wrong passwords from elsewhere count: whoever guesses slowly needs weeks.
const STRANGERS_SINCE: i64 = 30 * DAY;
/// Faster than an airliner with the wind, kilometres an hour.
const FASTEST: f64 = 1_000.0;
/// Places of addresses are this wrong at times, kilometres.
const VAGUE: f64 = 300.0;
/// Sign-ins that make habits.
const HABIT: u32 = 20;
/// Hours before and after that count as the same.
const NEAR: usize = 2;

/// The block of an address: the /24 of version 4, the /48 of version 6.
pub(crate) fn block(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() >> 8 << 8)),
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
    }
}

/// Where an address is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// Longitude and latitude, degrees.
    pub(crate) position: (f64, f64),
    /// The country's code.
    pub(crate) country: String,
}

/// A sign-in that is judged.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// Now, milliseconds since 1970.
    pub(crate) at: i64,
    /// The block of addresses.
    pub(crate) block: String,
    /// Hash of the device's secret; empty: none was shown.
    pub(crate) device: String,
    /// Where the address is, if that is known.
    pub(crate) place: Option<Place>,
    /// Lists that have the address: their names, and what they add.
    pub(crate) lists: Vec<(String, i64)>,
    /// Wrong passwords for other accounts from this address in the last day.
    pub(crate) failures_at_others: i64,
}

/// What is known of a person's sign-ins.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    blocks: BTreeSet<String>,
    devices: BTreeSet<String>,
    countries: BTreeSet<String>,
    /// Sign-ins by hour of day (UTC: habits are compared with themselves alone).
    hours: [u32; 24],
    entered: u32,
    /// Of these, those that showed no device: a program keeps none.
    without_device: u32,
    /// The last one of which the place is known.
    last: Option<(i64, (f64, f64))>,
    /// Wrong passwords: when, and from which block.
    failures: Vec<(i64, String)>,
}

impl History {
    /// Of a person's sign-ins, the newest first.
    pub(crate) fn of(rows: &[SignIn]) -> Self {
        let mut history = Self::default();
        for row in rows {
            match row.outcome.as_str() {
                "let_in" | "told" | "confirmed" => history.add(row),
                "refused" => history.failures.push((row.at, row.network.clone())),
                // Somebody knew the password; whether it was the person, nobody knows.
                _ => {}
            }
        }
        history
    }

    fn add(&mut self, row: &SignIn) {
        self.blocks.insert(row.network.clone());
        // One that was shown and not known was not taken over: another was given for it.
        self.devices.insert(row.device_given.clone());
        if !row.country.is_empty() {
            self.countries.insert(row.country.clone());
        }
        if let Some(hour) = self.hours.get_mut(hour(row.at)) {
            *hour += 1;
        }
        self.entered += 1;
        self.without_device += u32::from(row.device_shown.is_empty());
        if self.last.is_none() {
            self.last = row.position.map(|position| (row.at, position));
        }
    }

    /// A device that was seen; or none, where this person mostly shows none.
    fn knows_device(&self, device: &str) -> bool {
        if device.is_empty() { 2 * self.without_device > self.entered } else { self.devices.contains(device) }
    }

    /// Whether this device's secret was given to the person.
    pub(crate) fn has_given(&self, device: &str) -> bool {
        !device.is_empty() && self.devices.contains(device)
    }

    /// How many sign-ins there were about this hour of day.
    fn about(&self, at: i64) -> u32 {
        let around = (hour(at) + 24 - NEAR..).take(2 * NEAR + 1);
        around.filter_map(|hour| self.hours.get(hour % 24)).sum()
    }
}

fn hour(at: i64) -> usize {
    at.rem_euclid(DAY).div_euclid(HOUR) as usize
}

/// A sign that a sign-in is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sign {
    /// The block of addresses was never seen.
    NewNetwork,
    /// The device was never seen.
    NewDevice,
    /// The last sign-in was too far away for the time since.
    ImpossibleTravel,
    /// The country was never seen.
    NewCountry,
    /// The person does not sign in at this hour.
    UnusualHour,
    /// Wrong passwords before it.
    FailuresBefore,
    /// Wrong passwords for other accounts from the same address.
    FailuresElsewhere,
    /// The address is on a list.
    Listed,
}

impl Sign {
    /// Its name, as it is stored and answered.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::NewNetwork => "new_network",
            Self::NewDevice => "new_device",
            Self::ImpossibleTravel => "impossible_travel",
            Self::NewCountry => "new_country",
            Self::UnusualHour => "unusual_hour",
            Self::FailuresBefore => "failures_before",
            Self::FailuresElsewhere => "failures_elsewhere",
            Self::Listed => "listed",
        }
    }
}

/// How odd a sign-in is, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// All points.
    pub(crate) score: i64,
    /// Signs with their points.
    pub(crate) signs: Vec<(Sign, i64)>,
}

impl Judgement {
    fn add(&mut self, sign: Sign, points: i64) {
        if points > 0 {
            self.score += points;
            self.signs.push((sign, points));
        }
    }

    /// The signs in words, with spaces between them.
    pub(crate) fn reasons(&self) -> String {
        self.signs.iter().map(|(sign, _)| sign.name()).collect::<Vec<_>>().join(" ")
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reaction {
    /// Nothing.
    LetIn,
    /// Let in, and tell the person.
    Tell,
    /// Ask for more than the password.
    StepUp,
    /// Refuse.
    Block,
}

impl Reaction {
    /// What the settings say of a score.
    pub(crate) fn to(score: i64, settings: &SignIns) -> Self {
        match score {
            score if score >= settings.block_at => Self::Block,
            score if score >= settings.step_up_at => Self::StepUp,
            score if score >= settings.tell_at => Self::Tell,
            _ => Self::LetIn,
        }
    }
}

/// Judges a sign-in with the right password.
pub(crate) fn judge(history: &History, attempt: &Attempt) -> Judgement {
    let mut judgement = Judgement::default();
    let known_block = history.blocks.contains(&attempt.block);
    if history.entered > 0 {
        judgement.add(Sign::NewNetwork, if known_block { 0 } else { NEW_NETWORK });
        judgement.add(Sign::NewDevice, if history.knows_device(&attempt.device) { 0 } else { NEW_DEVICE });
        if let Some(place) = &attempt.place {
            judgement.add(Sign::ImpossibleTravel, travel(history, attempt.at, place));
            let is_known = history.countries.is_empty() || history.countries.contains(&place.country);
            judgement.add(Sign::NewCountry, if is_known { 0 } else { NEW_COUNTRY });
        }
        // Fewer than one of fifty.
        let is_unusual = history.entered >= HABIT && history.about(attempt.at) * 50 < history.entered;
        judgement.add(Sign::UnusualHour, if is_unusual { UNUSUAL_HOUR } else { 0 });
    }
    judgement.add(Sign::FailuresBefore, failures(history, attempt.at));
    if !known_block {
        // In an office, many share an address, and some of them mistype.
        let (each, forgiven, most) = OTHERS;
        judgement.add(Sign::FailuresElsewhere, (each * (attempt.failures_at_others - forgiven)).clamp(0, most));
    }
    judgement.add(Sign::Listed, attempt.lists.iter().map(|(_, weight)| weight).sum());
    judgement
}

/// Points for being where nobody could have come since the last sign-in.
fn travel(history: &History, at: i64, place: &Place) -> i64 {
    let Some((before, (lon, lat))) = history.last else { return 0 };
    let kilometres = Haversine.distance(Point::new(lon, lat), Point::from(place.position)) / 1_000.0;
    let hours = (at - before).max(0) as f64 / HOUR as f64;
    if kilometres - VAGUE > FASTEST * hours { TRAVEL } else { 0 }
}

/// Points for wrong passwords before this right one.
fn failures(history: &History, at: i64) -> i64 {
    let is_own = |network: &String| history.blocks.contains(network);
    let strangers = history.failures.iter().filter(|(when, network)| *when >= at - STRANGERS_SINCE && !is_own(network));
    let own = history.failures.iter().filter(|(when, network)| *when >= at - DAY && is_own(network));
    let (each, most) = STRANGERS;
    let from_strangers = (each * strangers.count() as i64).min(most);
    let (each, forgiven, most) = OWN;
    from_strangers + (each * (own.count() as i64 - forgiven)).clamp(0, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sign-in of a day and an hour.
    fn row(day: i64, hour: i64, network: &str, device: &str, outcome: &str) -> SignIn {
        SignIn {
            id: String::new(),
            org: String::new(),
            user: String::new(),
            at: day * DAY + hour * HOUR,
            address: String::new(),
            network: network.to_owned(),
            device_shown: device.to_owned(),
            device_given: device.to_owned(),
            agent: String::new(),
            country: "NL".to_owned(),
            position: Some((4.9, 52.4)),
            score: 0,
            reasons: String::new(),
            outcome: outcome.to_owned(),
        }
    }

    fn attempt(hour: i64, block: &str, device: &str) -> Attempt {
        Attempt {
            at: 100 * DAY + hour * HOUR,
            block: block.to_owned(),
            device: device.to_owned(),
            place: None,
            lists: Vec::new(),
            failures_at_others: 0,
        }
    }

    fn habits() -> Vec<SignIn> {
        (70..100).rev().map(|day| row(day, 8, "home", "phone", "let_in")).collect()
    }

    #[track_caller]
    fn is(history: &[SignIn], attempt: &Attempt, expected: &[(Sign, i64)]) {
        let judgement = judge(&History::of(history), attempt);
        assert_eq!(judgement.signs, expected);
        assert_eq!(judgement.score, expected.iter().map(|(_, points)| points).sum::<i64>());
    }

    #[test]
    fn blocks_are_those_of_lines() {
        let of = |text: &str| block(text.parse().unwrap());
        assert_eq!(of("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(of("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(of("2001:db8:1:2:3::4"), "2001:db8:1::/48");
    }

    #[test]
    fn what_is_usual_is_let_in_and_what_is_new_has_its_points() {
        is(&habits(), &attempt(9, "home", "phone"), &[]);
        is(&habits(), &attempt(9, "cafe", "phone"), &[(Sign::NewNetwork, 25)]);
        is(&habits(), &attempt(9, "home", "tablet"), &[(Sign::NewDevice, 35)]);
        is(&habits(), &attempt(9, "home", ""), &[(Sign::NewDevice, 35)]);
        is(&habits(), &attempt(11, "home", "phone"), &[(Sign::UnusualHour, 10)]);
        is(&habits()[..19], &attempt(20, "home", "phone"), &[]);
        // With nothing to compare with, nothing is new.
        is(&[], &attempt(3, "anywhere", ""), &[]);
        // Blocked and asked ones make nothing known.
        let mut tried = habits();
        tried.insert(0, row(99, 20, "cafe", "tablet", "asked"));
        tried.insert(0, row(99, 21, "cafe", "tablet", "blocked"));
        is(&tried, &attempt(9, "cafe", "tablet"), &[(Sign::NewNetwork, 25), (Sign::NewDevice, 35)]);
    }

    #[test]
    fn a_program_has_no_device() {
        let rows: Vec<SignIn> = (90..100).map(|day| row(day, 8, "home", "", "let_in")).collect();
        is(&rows, &attempt(8, "home", ""), &[]);
        // Given a device at the first sign-in, it is known at the second; none is then new.
        let mut first = row(99, 8, "home", "", "let_in");
        first.device_given = "phone".to_owned();
        is(&[first.clone()], &attempt(8, "home", "phone"), &[]);
        let second = row(99, 9, "home", "phone", "let_in");
        is(&[second, first], &attempt(8, "home", ""), &[(Sign::NewDevice, 35)]);
    }

    #[test]
    fn nobody_is_at_two_places() {
        let at = |hour, lon, lat, country: &str| Attempt {
            place: Some(Place { position: (lon, lat), country: country.to_owned() }),
            ..attempt(hour, "home", "phone")
        };
        let mut rows = habits();
        rows.insert(0, row(100, 8, "home", "phone", "let_in"));
        // New York is 5,900 km from Amsterdam: not within five hours, but within seven.
        let signs = [(Sign::ImpossibleTravel, 40), (Sign::NewCountry, 15)];
        is(&rows, &at(10, -74.0, 40.7, "US"), &signs);
        is(&rows, &at(8 + 5, -74.0, 40.7, "US"), &[signs[0], signs[1], (Sign::UnusualHour, 10)]);
        is(&rows, &at(8 + 7, -74.0, 40.7, "US"), &[signs[1], (Sign::UnusualHour, 10)]);
        // Where a provider's addresses are is vague: Brussels at the same moment.
        is(&rows, &at(8, 4.35, 50.85, "NL"), &[]);
        // Places that were unknown so far make no country new.
        let unknown = habits().into_iter().map(|row| SignIn { country: String::new(), position: None, ..row });
        is(&unknown.collect::<Vec<_>>(), &at(9, -74.0, 40.7, "US"), &[]);
    }

    #[test]
    fn failures_count_by_whose_they_are() {
        let with = |failures: &[(i64, i64, &str)]| {
            let mut rows = habits();
            rows.extend(failures.iter().map(|(day, hour, network)| row(*day, *hour, network, "", "refused")));
            rows
        };
        let mistyped = [(100, 7, "home"), (100, 7, "home"), (100, 7, "home")];
        is(&with(&mistyped), &attempt(8, "home", "phone"), &[]);
        is(&with(&[mistyped, mistyped].concat()), &attempt(8, "home", "phone"), &[(Sign::FailuresBefore, 9)]);
        is(&with(&[(98, 7, "home"); 9]), &attempt(8, "home", "phone"), &[]);
        is(&with(&[(72, 7, "far")]), &attempt(8, "home", "phone"), &[(Sign::FailuresBefore, 5)]);
        is(&with(&[(69, 7, "far")]), &attempt(8, "home", "phone"), &[]);
        is(&with(&[(90, 7, "far"); 50]), &attempt(8, "home", "phone"), &[(Sign::FailuresBefore, 30)]);
        // Of an address, those at other accounts: nothing at home.
        let many = |block| Attempt { failures_at_others: 4, ..attempt(8, block, "phone") };
        is(&habits(), &many("home"), &[]);
        is(&habits(), &many("far"), &[(Sign::NewNetwork, 25), (Sign::FailuresElsewhere, 10)]);
        let more = Attempt { failures_at_others: 400, ..many("far") };
        is(&habits(), &more, &[(Sign::NewNetwork, 25), (Sign::FailuresElsewhere, 30)]);
    }

    #[test]
    fn lists_add_up_and_thresholds_decide() {
        let lists = vec![("tor".to_owned(), 40), ("own".to_owned(), 7)];
        is(&[], &Attempt { lists, ..attempt(8, "far", "") }, &[(Sign::Listed, 47)]);
        let settings = SignIns::default();
        let reactions = [0, 39, 40, 59, 60, 119, 120].map(|score| Reaction::to(score, &settings));
        assert!(reactions.is_sorted());
        let count = |wanted| reactions.iter().filter(|reaction| **reaction == wanted).count();
        assert_eq!([Reaction::LetIn, Reaction::Tell, Reaction::StepUp, Reaction::Block].map(count), [2, 2, 2, 1]);
    }
}
