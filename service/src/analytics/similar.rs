//! Days that were like a day: what happened on them, and what of that day's plan they do not bear out.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::f64::consts::TAU;

use jiff::ToSpan as _;
use jiff::civil::Date;
use milkrun::CancelToken;
use milkrun_providers::{CallError, Neighbours, Similarity as _};
use serde::Serialize;

use super::figures::Performance;
use crate::audit::Ledger;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::DayFigures as _;
use crate::storage::figures::{By, Figures, Sketch, Span};

/// One of a day's figures.
type Of = fn(&Figures) -> i64;

/// How many days back similar ones are looked for: two years.
const BACK: i64 = 731;
/// How many similar days something must be beyond to be unusual.
const FEWEST: usize = 4;
/// Areas that are compared each by itself: those with the most stops. What else there is counts as one more.
const AREAS: usize = 400;
/// What a year has.
const DAYS_OF_YEAR: f64 = 365.25;

/// A day that was like the one that is asked about.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SimilarDay {
    /// How far it is from that day, the less the more similar; 1 is as much as being of another day of the week.
    pub(crate) distance: f64,
    /// What was planned and done.
    #[serde(flatten)]
    pub(crate) performance: Performance,
}

/// From the least to the greatest of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Range {
    /// The least.
    pub(crate) low: i64,
    /// The one in the middle.
    pub(crate) middle: i64,
    /// The greatest.
    pub(crate) high: i64,
}

/// What happened on the similar days of which drivers have said something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Expected {
    /// How many days they are.
    pub(crate) days: usize,
    /// Kilograms that were collected or delivered.
    pub(crate) done_load: Range,
    /// Seconds of the routes.
    pub(crate) done_duration: Range,
    /// Seconds after the end of shifts.
    pub(crate) overtime: Range,
    /// Stops that were missed.
    pub(crate) missed_stops: Range,
    /// Stops that were late.
    pub(crate) late_stops: Range,
}

/// A figure of a plan that is unlike those of similar days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Unusual {
    /// Which: `planned_stops`, `planned_distance`, `planned_duration`, `planned_load` or `planned_cost`.
    pub(crate) figure: &'static str,
    /// That of the day.
    pub(crate) value: i64,
    /// Those of the similar days.
    pub(crate) similar: Range,
}

/// What similar days say of a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Likeness {
    /// Whether the day has a plan. If it has none, days are similar by the calendar alone.
    pub(crate) planned: bool,
    /// The most similar days before it, the most similar first.
    pub(crate) days: Vec<SimilarDay>,
    /// What happened on them; none where nothing is known of any.
    pub(crate) expected: Option<Expected>,
    /// What of the day's plan is far from theirs; told of four similar days or more.
    pub(crate) unusual: Vec<Unusual>,
    /// How many areas were compared as if they were one: those with the fewest stops, beyond 400. Usually none.
    pub(crate) areas_together: usize,
}

impl Outcome for Likeness {}

/// The days before one that were most like it.
pub(crate) async fn similar(ledger: &Ledger, org: &str, day: Date, count: usize) -> Result<Likeness, Error> {
    watched(Operation::SimilarDays, || read(ledger, org, day, count)).await
}

async fn read(ledger: &Ledger, org: &str, day: Date, count: usize) -> Result<Likeness, Error> {
    let (first, last) = (day.saturating_sub(BACK.days()).to_string(), day.to_string());
    let span = Span { from: &first, until: &last };
    let mut connection = ledger.connection().await?;
    let sketches = connection.sketches(org, span).await?;
    let figures = connection.figures(org, By::Day, span, BACK + 1).await?;
    drop(connection);
    let mut performances: BTreeMap<Date, Performance> =
        figures.into_iter().filter_map(|dated| Some((dated.0.parse().ok()?, Performance::of(dated)))).collect();
    let own = performances.remove(&day).filter(|own| own.figures.planned_stops > 0);
    performances.retain(|_, performance| performance.figures.planned_stops > 0);
    let areas = Areas::of(&sketches);
    let vectors = vectors(&sketches, &areas, day, own.is_some());
    let found = nearest(&vectors, day, |date| performances.contains_key(&date), count);
    let found = found.map_err(|error| Error::Stored(format!("days cannot be compared: {error}")))?;
    let days: Vec<SimilarDay> = found
        .into_iter()
        .filter_map(|(date, distance)| Some(SimilarDay { distance, performance: performances.remove(&date)? }))
        .collect();
    let expected = expected(&days);
    let unusual = own.as_ref().map_or_else(Vec::new, |own| unusual(&own.figures, &days));
    Ok(Likeness { planned: own.is_some(), days, expected, unusual, areas_together: areas.together })
}

/// The nearest days with figures, the nearest first, exactly.
fn nearest(
    vectors: &BTreeMap<Date, Vec<f32>>,
    day: Date,
    is_known: impl Fn(Date) -> bool,
    count: usize,
) -> Result<Vec<(Date, f64)>, CallError> {
    let (known, never) = (Neighbours::new(), CancelToken::new());
    for (date, vector) in vectors.iter().filter(|(date, _)| **date != day && is_known(**date)) {
        known.keep(&date.to_string(), vector, &never)?;
    }
    let near = vectors.get(&day).map_or_else(|| Ok(Vec::new()), |own| known.nearest(own, count, &never))?;
    Ok(near.into_iter().filter_map(|near| Some((near.id.parse().ok()?, near.distance))).collect())
}

/// Areas by their places in vectors.
struct Areas<'a> {
    places: BTreeMap<&'a str, usize>,
    /// How many places there are.
    count: usize,
    /// How many areas share the last one.
    together: usize,
}

impl<'a> Areas<'a> {
    /// Those with the most stops have a place each; all others share one, if there are so many.
    fn of(sketches: &'a [Sketch]) -> Self {
        let mut stops: BTreeMap<&str, i64> = BTreeMap::new();
        for sketch in sketches {
            *stops.entry(&sketch.area).or_default() += sketch.stops;
        }
        let mut areas: Vec<(&str, i64)> = stops.into_iter().collect();
        areas.sort_by_key(|&(area, stops)| (Reverse(stops), area));
        let places = areas.iter().enumerate().map(|(i, (area, _))| (*area, i.min(AREAS))).collect();
        Self { places, count: areas.len().min(AREAS + 1), together: areas.len().saturating_sub(AREAS) }
    }
}

/// The days as vectors: the day of the week, the season, and, `with_plan`, stops and load by area, vehicles and hours. Amounts are measured
/// by how much they differ from day to day.
fn vectors(sketches: &[Sketch], areas: &Areas<'_>, day: Date, with_plan: bool) -> BTreeMap<Date, Vec<f32>> {
    let mut amounts: BTreeMap<Date, Vec<f64>> = BTreeMap::from([(day, vec![0.0; 2 + 2 * areas.count])]);
    for sketch in sketches {
        let Ok(date) = sketch.day.parse::<Date>() else { continue };
        let own = amounts.entry(date).or_insert_with(|| vec![0.0; 2 + 2 * areas.count]);
        own[0] += sketch.vehicles as f64;
        own[1] += sketch.duration as f64;
        let at = 2 + 2 * areas.places[sketch.area.as_str()];
        own[at] += sketch.stops as f64;
        own[at + 1] += sketch.load as f64;
    }
    let spreads: Vec<f64> = (0..2 + 2 * areas.count).map(|i| spread(amounts.values().map(|own| own[i]))).collect();
    // However many areas there are, all of them together weigh as much as vehicles and hours.
    let weight = |i: usize| if i < 2 { 1.0 } else { 1.0 / (areas.count as f64).sqrt() };
    let vector = |(date, own): (&Date, &Vec<f64>)| {
        let mut vector = calendar(*date);
        if with_plan {
            vector.extend(own.iter().zip(&spreads).enumerate().map(|(i, (value, spread))| value / spread * weight(i)));
        }
        (*date, vector.into_iter().map(|value| value as f32).collect())
    };
    amounts.iter().map(vector).collect()
}

/// The day of the week and the season. Two days of the week are 1 apart, summer and winter 2.
fn calendar(date: Date) -> Vec<f64> {
    let mut vector = vec![0.0; 7];
    vector[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())] = 0.5_f64.sqrt();
    let turn = f64::from(date.day_of_year()) / DAYS_OF_YEAR * TAU;
    vector.extend([turn.sin(), turn.cos()]);
    vector
}

/// The standard deviation; 1 of what never differs.
fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    if variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// What happened on days of which drivers have said something.
fn expected(days: &[SimilarDay]) -> Option<Expected> {
    let done: Vec<&Figures> =
        days.iter().map(|day| &day.performance.figures).filter(|own| own.done_stops > 0).collect();
    let range = |of: Of| range(done.iter().map(|figures| of(figures)));
    Some(Expected {
        days: done.len(),
        done_load: range(|own| own.done_load)?,
        done_duration: range(|own| own.done_duration)?,
        overtime: range(|own| own.overtime)?,
        missed_stops: range(|own| own.missed_stops)?,
        late_stops: range(|own| own.late_stops)?,
    })
}

fn range(values: impl Iterator<Item = i64>) -> Option<Range> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    Some(Range { low: *values.first()?, middle: values[values.len() / 2], high: *values.last()? })
}

/// What is beyond those of similar days by more than half of how far they are apart, and by more than a tenth.
fn unusual(own: &Figures, days: &[SimilarDay]) -> Vec<Unusual> {
    if days.len() < FEWEST {
        return Vec::new();
    }
    let figures: [(&'static str, Of); 5] = [
        ("planned_stops", |own| own.planned_stops),
        ("planned_distance", |own| own.planned_distance),
        ("planned_duration", |own| own.planned_duration),
        ("planned_load", |own| own.planned_load),
        ("planned_cost", |own| own.planned_cost),
    ];
    let far = |(figure, of): (&'static str, Of)| {
        let similar = range(days.iter().map(|day| of(&day.performance.figures)))?;
        let room = ((similar.high - similar.low) / 2).max(similar.middle.abs() / 10);
        let value = of(own);
        let is_far = value < similar.low.saturating_sub(room) || value > similar.high.saturating_add(room);
        is_far.then_some(Unusual { figure, value, similar })
    };
    figures.into_iter().filter_map(far).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(day: &str, area: &str, stops: i64) -> Sketch {
        let (load, duration) = (stops * 100, stops * 600);
        Sketch { day: day.to_owned(), area: area.to_owned(), vehicles: 1 + stops / 10, stops, load, duration }
    }

    fn found(sketches: &[Sketch], day: &str, with_plan: bool) -> Vec<String> {
        let day = day.parse().unwrap();
        let near = nearest(&vectors(sketches, &Areas::of(sketches), day, with_plan), day, |_| true, 3);
        near.unwrap().into_iter().map(|(date, _)| date.to_string()).collect()
    }

    #[test]
    fn without_a_plan_the_calendar_says_what_is_similar() {
        let days = ["2026-06-04", "2026-11-26", "2026-11-27", "2026-11-19", "2025-12-04"];
        let sketches: Vec<Sketch> = days.iter().map(|day| sketch(day, "yard", 20)).collect();
        // 3 December 2026 is a Thursday, as all are but 27 November.
        assert_eq!(found(&sketches, "2026-12-03", false), ["2025-12-04", "2026-11-26", "2026-11-19"]);
    }

    #[test]
    fn with_a_plan_so_do_amounts_by_area() {
        let mut sketches = vec![sketch("2026-12-03", "east", 60), sketch("2026-12-03", "west", 5)];
        for (day, east, west) in
            [("2026-11-26", 5, 60), ("2026-11-19", 58, 6), ("2026-11-12", 61, 5), ("2026-11-05", 30, 30)]
        {
            sketches.extend([sketch(day, "east", east), sketch(day, "west", west)]);
        }
        assert_eq!(found(&sketches, "2026-12-03", true)[..2], ["2026-11-12", "2026-11-19"]);
    }

    #[test]
    fn however_many_areas_there_are_days_are_found() {
        for count in [399, 400, 401, 600, 5_000] {
            let of = |day: &str, other: i64| {
                let stops = move |area: usize| if area.is_multiple_of(2) { other } else { 9 };
                (0..count).map(|area| sketch(day, &format!("a{area:05}"), stops(area))).collect::<Vec<_>>()
            };
            let sketches =
                [of("2026-12-03", 4), of("2026-11-26", 40), of("2026-11-19", 4), of("2026-11-12", 30)].concat();
            assert_eq!(found(&sketches, "2026-12-03", true), ["2026-11-19", "2026-11-12", "2026-11-26"], "{count}");
            let areas = Areas::of(&sketches);
            assert_eq!((areas.count, areas.together), (count.min(401), count.saturating_sub(400)));
            assert!(areas.places.values().all(|place| *place < areas.count));
        }
    }

    fn day(planned_load: i64, done: Option<(i64, i64)>) -> SimilarDay {
        let (done_load, overtime) = done.unwrap_or_default();
        let done_stops = i64::from(done.is_some());
        let figures =
            Figures { planned_stops: 10, planned_load, done_stops, done_load, overtime, ..Figures::default() };
        SimilarDay { distance: 0.0, performance: Performance::of(("2026-11-26".to_owned(), 1, figures)) }
    }

    #[test]
    fn what_is_far_from_all_similar_days_is_unusual() {
        let days: Vec<SimilarDay> = [5_000, 5_200, 5_400, 5_600].map(|load| day(load, None)).into();
        let own = |planned_load| Figures { planned_stops: 10, planned_load, ..Figures::default() };
        // A tenth of the one in the middle is more than half of how far they are apart.
        for (load, count) in [(4_459, 1), (4_461, 0), (5_300, 0), (6_139, 0), (6_141, 1)] {
            assert_eq!(unusual(&own(load), &days).len(), count, "{load}");
        }
        assert_eq!(unusual(&own(9_999), &days[..3]), []);
        let similar = Range { low: 5_000, middle: 5_400, high: 5_600 };
        assert_eq!(unusual(&own(9_000), &days), [Unusual { figure: "planned_load", value: 9_000, similar }]);
    }

    #[test]
    fn what_is_expected_comes_from_days_that_drivers_spoke_of() {
        assert_eq!(expected(&[day(5_000, None)]), None);
        let days = [day(1, Some((900, 60))), day(1, None), day(1, Some((700, 0))), day(1, Some((800, 600)))];
        let told = expected(&days).unwrap();
        assert_eq!((told.days, told.done_load), (3, Range { low: 700, middle: 800, high: 900 }));
        assert_eq!(told.overtime, Range { low: 0, middle: 60, high: 600 });
    }
}
