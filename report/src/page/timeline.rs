//! The timeline: how every truck spends its day.

use askama::Template;
use milkrun::units::Time;

use super::colours::{colours, dash};
use crate::day::{Day, Truck};
use crate::figures::Figures;
use crate::spans::{Doing, Span, spans};

/// The timeline of a day.
#[derive(Template)]
#[template(path = "timeline.html", whitespace = "minimize")]
pub(crate) struct Timeline {
    trucks: Vec<TimelineRow>,
    ticks: Vec<Tick>,
    /// What is shown, for the legend.
    legend: Vec<Doing>,
    /// Whether what it draws with is defined here: once on a page.
    patterns: bool,
}

struct TimelineRow {
    index: usize,
    number: usize,
    name: String,
    light: String,
    dark: String,
    dash: &'static str,
    title: String,
    bars: Vec<Bar>,
}

struct Bar {
    class: &'static str,
    /// Percent of the width.
    left: String,
    width: String,
    title: String,
}

struct Tick {
    left: String,
    label: String,
}

/// Seconds between marks on the axis: quarters, halves, hours, two hours, and so on for days.
const STEPS: [i64; 9] = [900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 604_800];
/// At most this many marks have a label: more would touch each other.
const MARKS: i64 = 14;

impl Timeline {
    pub(crate) fn new(day: &Day<'_>) -> Self {
        let figures = &day.figures;
        let starts = day.trucks.iter().map(|truck| truck.route.start).min();
        let ends = day.trucks.iter().map(|truck| truck.route.end).max();
        let (Some(start), Some(end)) = (starts, ends) else {
            return Self { trucks: Vec::new(), ticks: Vec::new(), legend: Vec::new(), patterns: true };
        };
        let axis = Axis::new(figures, start, end);
        let mut seen = [false; Doing::ALL.len()];
        let mut row = |truck: &Truck<'_>| {
            let spans = spans(truck);
            for span in &spans {
                seen[span.doing as usize] = true;
            }
            let (light, dark) = colours(truck.number - 1);
            let (route, stops) = (truck.route, truck.stops());
            TimelineRow {
                index: truck.number - 1,
                number: truck.number,
                name: truck.name.clone(),
                light,
                dark,
                dash: dash(truck.number - 1),
                title: format!(
                    "{}: {} to {}, {stops} stops",
                    truck.name,
                    figures.time(route.start),
                    figures.time(route.end)
                ),
                bars: spans.iter().map(|span| bar(figures, &axis, span)).collect(),
            }
        };
        let trucks = day.trucks.iter().map(&mut row).collect();
        let legend = Doing::ALL.into_iter().filter(|doing| seen[*doing as usize]).collect();
        Self { trucks, ticks: axis.ticks(figures), legend, patterns: true }
    }

    /// Sets whether what it draws with is defined here.
    pub(crate) fn with_patterns(mut self, patterns: bool) -> Self {
        self.patterns = patterns;
        self
    }
}

/// From times to the width of the drawing.
struct Axis {
    start: Time,
    end: Time,
    step: Time,
}

impl Axis {
    fn new(figures: &Figures, start: Time, end: Time) -> Self {
        let length = end.saturating_sub(start).max(1);
        let step = if figures.clock.is_some() { clock_step(figures, length) } else { round_step(length) };
        Self { start, end: end.max(start.saturating_add(1)), step }
    }

    /// Percent of the width.
    fn place(&self, time: Time) -> f64 {
        time.saturating_sub(self.start) as f64 / self.end.saturating_sub(self.start) as f64 * 100.0
    }

    fn ticks(&self, figures: &Figures) -> Vec<Tick> {
        // Times of day are round, even where the day of the problem does not begin at midnight.
        let offset = figures.clock.map_or(0, |clock| figures.units(clock.from_midnight));
        let first = (self.start.saturating_add(offset)).div_euclid(self.step) * self.step - offset;
        let marks = (0..=2 * MARKS).map(|k| first.saturating_add(k.saturating_mul(self.step)));
        let inside = marks.filter(|mark| (self.start..=self.end).contains(mark));
        inside.map(|mark| Tick { left: percent(self.place(mark)), label: figures.time(mark) }).collect()
    }
}

/// The smallest step with few enough marks.
fn clock_step(figures: &Figures, length: Time) -> Time {
    let few = |step: &Time| length / step <= MARKS;
    let steps = STEPS.map(|seconds| figures.units(seconds).max(1));
    steps.into_iter().find(few).unwrap_or_else(|| round_step(length))
}

/// The smallest of 1, 2, 5, 10, 20, … with few enough marks.
fn round_step(length: Time) -> Time {
    let mut step: Time = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = step.saturating_mul(factor);
            if length / step <= MARKS {
                return step;
            }
        }
        step = step.saturating_mul(10);
    }
}

fn bar(figures: &Figures, axis: &Axis, span: &Span<'_>) -> Bar {
    let length = figures.span(span.until.saturating_sub(span.from));
    let (from, until) = (figures.time(span.from), figures.time(span.until));
    let name = span.at.map_or("", |row| &row.name);
    let words = match span.doing {
        Doing::Driving => format!("drives to {name}"),
        Doing::SettingUp => format!("sets up at {name}"),
        Doing::Waiting if name.is_empty() => "waits".to_owned(),
        Doing::Waiting => format!("waits at {name}"),
        Doing::Serving | Doing::Unloading | Doing::Resting => {
            let what = span.at.map(|row| row.what(figures)).unwrap_or_default();
            format!("{name}: {what}")
        }
        Doing::Loading => format!("loads at {name}"),
    };
    Bar {
        class: span.doing.class(),
        left: percent(axis.place(span.from)),
        width: percent((axis.place(span.until) - axis.place(span.from)).max(0.05)),
        title: format!("{words}\n{from} to {until}, {length}"),
    }
}

fn percent(value: f64) -> String {
    format!("{value:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ReportOptions;

    fn labels(options: &ReportOptions, start: Time, end: Time) -> Vec<String> {
        let mut builder = milkrun::Problem::builder();
        builder.add_depot(milkrun::Depot::at((5.0, 52.0)));
        let problem = builder.travel(milkrun::Travel::haversine(8.0)).build().unwrap();
        let figures = Figures::new(&problem, options).unwrap();
        Axis::new(&figures, start, end).ticks(&figures).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_stand_at_round_times() {
        let clock = ReportOptions::default();
        assert_eq!(labels(&clock, 21_900, 25_000), ["6:15", "6:30", "6:45"]);
        let day = labels(&clock, 6 * 3_600, 26 * 3_600);
        assert_eq!((day.len(), day[0].as_str(), day[10].as_str()), (11, "6:00", "2:00+1"));
        let half_past_four = ReportOptions { date: Some("2026-11-30T04:20".into()), ..ReportOptions::default() };
        assert_eq!(labels(&half_past_four, 0, 3_600), ["4:30", "4:45", "5:00", "5:15"]);
        let plain = ReportOptions { clock: Some(false), ..ReportOptions::default() };
        assert_eq!(labels(&plain, 3, 60), ["5", "10", "15", "20", "25", "30", "35", "40", "45", "50", "55", "60"]);
    }

    #[test]
    fn any_span_has_few_marks() {
        for length in [1, 59, 86_400 * 30, i64::from(i32::MAX), 1 << 50] {
            for clock in [true, false] {
                let found = labels(&ReportOptions { clock: Some(clock), ..ReportOptions::default() }, 0, length);
                assert!((1..=16).contains(&found.len()), "{length}: {found:?}");
            }
        }
    }
}
