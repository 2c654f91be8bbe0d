//! Numbers as people read them.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use milkrun::Problem;
use milkrun::calendar::Origin;
use milkrun::document::Scales;
use milkrun::units::{Clock, Cost, Distance, Duration, Load, Time, Turns};

use crate::fault::ReportError;
use crate::options::ReportOptions;

/// How numbers are shown.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// Set where times are seconds and distances metres.
    pub(crate) clock: Option<Clock>,
    /// The moment from which times count, if it is known.
    pub(crate) origin: Option<DateTime>,
    /// The same with its time zone, if that is known.
    pub(crate) zone: Option<Origin>,
    scales: Scales,
    loads: Vec<String>,
    currency: String,
}

impl Figures {
    pub(crate) fn new(problem: &Problem, options: &ReportOptions) -> Result<Self, ReportError> {
        let mut loads = options.loads.clone();
        loads.truncate(problem.load_dimensions());
        let (origin, scales) = (options.origin(problem)?, options.scales()?);
        let (origin, zone) = origin.map_or((None, None), |(moment, zone)| (Some(moment), zone));
        let on_clock = options.clock.unwrap_or(zone.is_some() || problem.clock().is_some());
        let turns = zone.as_ref().map_or_else(Turns::default, |origin| origin.clock().turns);
        let from_midnight = origin.map_or(0, |origin| {
            i64::from(origin.hour()) * 3600 + i64::from(origin.minute()) * 60 + i64::from(origin.second())
        });
        Ok(Self {
            clock: on_clock.then_some(Clock { per_second: scales.time, from_midnight, turns }),
            origin,
            zone,
            scales,
            loads,
            currency: options.currency.clone(),
        })
    }

    /// So many seconds in the solver's units.
    pub(crate) fn units(&self, seconds: i64) -> Time {
        if is_one(self.scales.time) { seconds } else { (seconds as f64 * self.scales.time).round() as i64 }
    }

    /// The time of day, or the number.
    pub(crate) fn time(&self, time: Time) -> String {
        self.clock.map_or_else(|| number(time, self.scales.time), |clock| clock.time_of_day(time))
    }

    /// A length of time.
    pub(crate) fn span(&self, length: Duration) -> String {
        self.clock.map_or_else(|| number(length, self.scales.time), |clock| clock.span(length))
    }

    pub(crate) fn distance(&self, distance: Distance) -> String {
        match self.clock {
            Some(_) => format!("{:.1} km", distance as f64 / self.scales.distance / 1e3),
            None => number(distance, self.scales.distance),
        }
    }

    pub(crate) fn cost(&self, cost: Cost) -> String {
        let amount = number(cost, self.scales.cost);
        if self.currency.is_empty() { amount } else { format!("{amount}\u{a0}{}", self.currency) }
    }

    /// The name of a load dimension, for the head of a column.
    pub(crate) fn load_name(&self, dimension: usize, dimensions: usize) -> String {
        match self.loads.get(dimension) {
            Some(name) if !name.is_empty() => format!("load, {name}"),
            _ if dimensions == 1 => "load".to_owned(),
            _ => format!("load {}", dimension + 1),
        }
    }

    /// The name of what is on board in a load dimension, for the head of a column.
    pub(crate) fn on_board_name(&self, dimension: usize, dimensions: usize) -> String {
        match self.loads.get(dimension) {
            Some(name) if !name.is_empty() => format!("{name} on board"),
            _ if dimensions == 1 => "on board".to_owned(),
            _ => format!("load {} on board", dimension + 1),
        }
    }

    /// An amount without its unit.
    pub(crate) fn amount(&self, load: Load) -> String {
        number(load, self.scales.load)
    }

    /// Amounts with their units: `190 kg, 680 l`. Those that are zero are omitted.
    pub(crate) fn amounts(&self, loads: &[Load]) -> String {
        let one = |(dimension, &load): (usize, &Load)| match self.loads.get(dimension) {
            Some(name) if !name.is_empty() => format!("{}\u{a0}{name}", self.amount(load)),
            _ if loads.len() > 1 => format!("{} in dimension {}", self.amount(load), dimension + 1),
            _ => self.amount(load),
        };
        loads.iter().enumerate().filter(|(_, load)| **load != 0).map(one).collect::<Vec<_>>().join(", ")
    }

    /// The moment of a time as clocks show it, where the day is known.
    pub(crate) fn moment(&self, time: Time) -> Result<Option<DateTime>, ReportError> {
        let Some(clock) = self.clock else { return Ok(None) };
        let seconds = clock.seconds(time);
        let ago = SignedDuration::from_secs(seconds.saturating_add(clock.turns.shift(seconds)));
        let found = self.origin.map(|origin| origin.checked_add(ago));
        found.transpose().map_err(|_| ReportError::Beyond(time))
    }

    /// A time for programs: the moment where the day is known, else hours, minutes and seconds, or the plain number.
    pub(crate) fn stamp(&self, time: Time) -> String {
        let Some(clock) = self.clock else { return plain(time, self.scales.time) };
        if let Ok(Some(moment)) = self.moment(time) {
            return moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        }
        let seconds = clock.since_midnight(time);
        let (sign, length) = if seconds < 0 { ("-", seconds.unsigned_abs()) } else { ("", seconds.unsigned_abs()) };
        format!("{sign}{:02}:{:02}:{:02}", length / 3600, length / 60 % 60, length % 60)
    }

    /// A length of time for programs.
    pub(crate) fn length(&self, time: Duration) -> String {
        plain(time, self.scales.time)
    }

    /// An amount for programs.
    pub(crate) fn quantity(&self, load: Load) -> String {
        plain(load, self.scales.load)
    }

    /// The day in words: `Monday, 30 November 2026`.
    pub(crate) fn day(&self) -> Option<String> {
        self.origin.map(|origin| origin.strftime("%A, %-d %B %Y").to_string())
    }
}

fn is_one(scale: f64) -> bool {
    scale.to_bits() == 1.0_f64.to_bits()
}

/// A number with at most three decimals.
fn plain(value: i64, scale: f64) -> String {
    if is_one(scale) {
        return value.to_string();
    }
    let text = format!("{:.3}", value as f64 / scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// As [`plain`], with its thousands apart.
fn number(value: i64, scale: f64) -> String {
    let text = plain(value, scale);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i) % 3 == 0 {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(1_234_567, 1.0), "1\u{202f}234\u{202f}567");
        assert_eq!((number(9_999, 1.0), number(-12_345, 10.0)), ("9999".into(), "−1234.5".into()));
        assert_eq!((plain(1_000, 1_000.0), plain(1, 3.0)), ("1".into(), "0.333".into()));
    }
}
