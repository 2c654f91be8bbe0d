//! A made-up log of a season with planted attacks and honest oddities: how many of each are noticed.

use std::collections::BTreeMap;

use super::signs::{self, Attempt, History, Place, Reaction, judge};
use crate::config::SignIns;
use crate::storage::sign_ins::SignIn;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const PEOPLE: usize = 60;
const DAYS: i64 = 90;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// How many sign-ins of a kind ended how: by [`Reaction`].
type Tally = BTreeMap<&'static str, [usize; 4]>;

/// Who signs in, as what, when, from which block, with which device, and where that is.
struct Visit<'a> {
    person: usize,
    kind: &'static str,
    at: i64,
    block: &'a str,
    device: &'a str,
    place: Option<(f64, f64, &'static str)>,
    lists: Vec<(String, i64)>,
    failures_at_others: i64,
}

struct Log {
    rows: Vec<Vec<SignIn>>,
    tally: Tally,
}

const HERE: Option<(f64, f64, &str)> = Some((4.9, 52.4, "NL"));

fn row(at: i64, block: &str, device: &str, place: Option<(f64, f64, &str)>, outcome: &str) -> SignIn {
    SignIn {
        id: String::new(),
        org: String::new(),
        user: String::new(),
        at,
        address: String::new(),
        network: block.to_owned(),
        device_shown: device.to_owned(),
        device_given: device.to_owned(),
        agent: String::new(),
        country: place.map_or("", |(.., country)| country).to_owned(),
        position: place.map(|(lon, lat, _)| (lon, lat)),
        score: 0,
        reasons: String::new(),
        outcome: outcome.to_owned(),
    }
}

impl Log {
    /// A wrong password.
    fn fail(&mut self, person: usize, at: i64, block: &str) {
        self.rows[person].push(row(at, block, "", None, "refused"));
    }

    /// A right password. Attackers do not get beyond what is asked of them, people do.
    fn visit(&mut self, visit: &Visit<'_>, is_honest: bool) {
        let rows = &mut self.rows[visit.person];
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        let (span, most) = signs::BACK;
        let known: Vec<SignIn> = rows
            .iter()
            .filter(|row| (visit.at - span..=visit.at).contains(&row.at))
            .take(most as usize)
            .cloned()
            .collect();
        let attempt = Attempt {
            at: visit.at,
            block: visit.block.to_owned(),
            device: visit.device.to_owned(),
            place: visit.place.map(|(lon, lat, country)| Place { position: (lon, lat), country: country.to_owned() }),
            lists: visit.lists.clone(),
            failures_at_others: visit.failures_at_others,
        };
        let judgement = judge(&History::of(&known), &attempt);
        let reaction = Reaction::to(judgement.score, &SignIns::default());
        self.tally.entry(visit.kind).or_default()[reaction as usize] += 1;
        let outcome = match reaction {
            Reaction::LetIn => "let_in",
            Reaction::Tell => "told",
            Reaction::StepUp if is_honest => "confirmed",
            Reaction::StepUp => "asked",
            Reaction::Block => "blocked",
        };
        rows.push(row(visit.at, visit.block, visit.device, visit.place, outcome));
    }
}

fn visit<'a>(person: usize, kind: &'static str, at: i64, block: &'a str, device: &'a str) -> Visit<'a> {
    Visit { person, kind, at, block, device, place: HERE, lists: Vec::new(), failures_at_others: 0 }
}

/// What people do on working days: at home, in the office that ten share, and on the phone's changing addresses.
fn ordinary(log: &mut Log, dice: &mut Dice) {
    for day in (0..DAYS).filter(|day| day % 7 < 5) {
        for person in 0..PEOPLE {
            let start = day * DAY + (6 + (person % 3) as i64) * HOUR;
            for part in 0..=dice.below(2) as i64 {
                let at = start + part * 5 * HOUR + dice.below(HOUR as u64) as i64;
                let (block, device) = match dice.below(10) {
                    0..4 => (format!("home {person}"), format!("laptop {person}")),
                    4..8 => (format!("office {}", person / 10), format!("laptop {person}")),
                    _ => (format!("mobile {}", dice.below(4)), format!("phone {person}")),
                };
                let wrong = match dice.below(100) {
                    0 => 4,
                    1..4 => 1,
                    _ => 0,
                };
                (0..wrong).for_each(|i| log.fail(person, at - 60_000 * (i + 1), &block));
                // A person's first week makes the habits that later sign-ins are compared with.
                let is_known = log.rows[person].iter().any(|row| row.device_shown == device);
                let kind = match (day, is_known) {
                    (..7, _) => "first week",
                    (_, true) => "ordinary",
                    (_, false) => "a device's first use",
                };
                log.visit(&visit(person, kind, at, &block, &device), true);
            }
        }
    }
}

/// What is honest and odd, in the last month.
fn oddities(log: &mut Log) {
    for (i, person) in (0..24).enumerate() {
        let day = (62 + i as i64) * DAY;
        let laptop = format!("laptop {person}");
        match i {
            0..6 => (0..5).for_each(|night| {
                let away = Some((-3.7 + i as f64, 40.4, "ES"));
                let block = format!("hotel {i}");
                log.visit(
                    &Visit { place: away, ..visit(person, "travel", day + (20 + night * 24) * HOUR, &block, &laptop) },
                    true,
                );
            }),
            6..14 => (0..3).for_each(|time| {
                let (block, phone) = (format!("home {person}"), format!("new phone {person}"));
                log.visit(&visit(person, "new phone", day + (9 + time) * HOUR, &block, &phone), true);
            }),
            14..20 => (0..5).for_each(|night| {
                let block = format!("home {person}");
                log.visit(&visit(person, "night shift", day + (night * 24 + 2) * HOUR, &block, &laptop), true);
            }),
            _ => {
                let (block, device) = (format!("new flat {person}"), format!("new laptop {person}"));
                log.visit(&visit(person, "new laptop in a new flat", day + 9 * HOUR, &block, &device), true);
            }
        }
    }
    for person in 50..60 {
        let laptop = format!("laptop {person}");
        log.visit(&visit(person, "office moved", 80 * DAY + 8 * HOUR, "new office", &laptop), true);
    }
}

/// Attacks, in the last month.
fn attacks(log: &mut Log, dice: &mut Dice) {
    // A leaked list over many addresses in many countries: each tries one or two accounts; one of sixteen is right.
    for i in 0..400 {
        let (person, block) = (dice.below(PEOPLE as u64) as usize, format!("bot {i}"));
        let at = (65 + i / 80) * DAY + dice.below(DAY as u64) as i64;
        let place = [Some((106.8, -6.2, "ID")), Some((-46.6, -23.5, "BR")), None][i as usize % 3];
        if dice.below(16) == 0 {
            log.visit(
                &Visit { place, failures_at_others: 1, ..visit(person, "credential stuffing", at, &block, "") },
                false,
            );
        } else {
            log.fail(person, at, &block);
        }
    }
    // One usual password at every account, from four addresses; it is that of six people.
    for person in 0..PEOPLE {
        let (at, block) = (72 * DAY + person as i64 * 600_000, format!("spray {}", person % 4));
        if person % 10 == 7 {
            let others = (person / 4) as i64;
            let tried = visit(person, "password spraying", at, &block, "");
            log.visit(&Visit { place: None, failures_at_others: others, ..tried }, false);
        } else {
            log.fail(person, at, &block);
        }
    }
    for i in 0..12 {
        let at = (75 + i as i64) * DAY + dice.below(DAY as u64) as i64;
        let (person, block, device) = (2 * i, format!("thief {i}"), format!("thief's {i}"));
        let place = [None, HERE, Some((37.6, 55.7, "RU"))][i % 3];
        let lists = if i % 4 == 0 { vec![("made up".to_owned(), 40)] } else { Vec::new() };
        log.visit(&Visit { place, lists, ..visit(person, "stolen password", at, &block, &device) }, false);
    }
    // One guess a day, for three weeks.
    for person in [3, 33, 43] {
        (0..21).for_each(|day| log.fail(person, (64 + day) * DAY + 3 * HOUR, "patient"));
        let tried = visit(person, "slow guessing", 85 * DAY + 3 * HOUR, "patient", "");
        log.visit(&Visit { place: None, ..tried }, false);
    }
    // From the victim's own office, with another device: the least that can be seen.
    for person in [21, 31, 41] {
        let (block, device) = (format!("office {}", person / 10), format!("stranger's {person}"));
        log.visit(&visit(person, "a colleague's theft", 84 * DAY + 10 * HOUR, &block, &device), false);
    }
}

#[test]
fn attacks_are_noticed_and_people_are_left_alone() {
    let mut log = Log { rows: vec![Vec::new(); PEOPLE], tally: Tally::new() };
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    ordinary(&mut log, &mut dice);
    oddities(&mut log);
    attacks(&mut log, &mut dice);
    for (kind, [let_in, told, asked, blocked]) in &log.tally {
        let all = let_in + told + asked + blocked;
        eprintln!("sign-ins, {kind}: {all}: {let_in} let in, {told} told, {asked} asked for more, {blocked} blocked");
    }
    let of = |kind| log.tally[kind];
    for kind in ["credential stuffing", "password spraying", "stolen password", "slow guessing"] {
        let [let_in, told, asked, blocked] = of(kind);
        assert!(let_in + told == 0 && asked + blocked >= 3, "{kind}: {:?}", of(kind));
    }
    let [let_in, told, asked, blocked] = of("ordinary");
    assert!(let_in > 5_000 && 500 * told <= let_in && asked + blocked == 0, "{:?}", of("ordinary"));
    // Nobody honest is refused, and who has only one thing new is not asked.
    for kind in
        ["travel", "new phone", "night shift", "office moved", "new laptop in a new flat", "a device's first use"]
    {
        assert_eq!(of(kind)[3], 0, "{kind}");
    }
    for kind in ["new phone", "night shift", "office moved"] {
        assert_eq!(of(kind)[2], 0, "{kind}");
    }
    // From the victim's own block little can be seen: one device that is new, and what was tried before.
    let [let_in, told, asked, blocked] = of("a colleague's theft");
    assert!(let_in + told + asked == 3 && blocked == 0 && asked <= 1);
}
