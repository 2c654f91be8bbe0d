//! A plot of a front.

use std::fmt::Write as _;

use milkrun::pareto::{Front, Objective};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 440.0;
const MARGIN: f64 = 72.0;

/// The first two objectives of a front as an SVG drawing; a third is told beside each point.
pub(super) fn svg(front: &Front) -> String {
    let unit = |i: usize| front.objectives.get(i).map_or(1.0, |&objective| self::unit(objective));
    let value = |p: usize, i: usize| front.points[p].values[i] as f64 / unit(i);
    let range = |i: usize| {
        let all = (0..front.points.len()).map(|p| value(p, i));
        let (least, most) = all.fold((f64::MAX, f64::MIN), |(least, most), v| (least.min(v), most.max(v)));
        if most > least { (least, most) } else { (least - 1.0, least + 1.0) }
    };
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    let [x_name, y_name] = [0, 1].map(|i| front.objectives.get(i).map_or("", |&objective| label(objective)));
    let (right, bottom) = (WIDTH - MARGIN, HEIGHT - MARGIN);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<path d=\"M{MARGIN} {MARGIN}V{bottom}H{right}\" fill=\"none\" stroke=\"#444\"/>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{x_name}</text>\n\
         <text x=\"{MARGIN}\" y=\"{}\" text-anchor=\"middle\">{y_name}</text>",
        WIDTH / 2.0,
        HEIGHT - 20.0,
        MARGIN - 24.0
    );
    if !front.points.is_empty() {
        let (x, y) = (range(0), range(1));
        let at = |p: usize| {
            let share = |v: f64, (least, most): (f64, f64)| (v - least) / (most - least);
            let across = MARGIN + share(value(p, 0), x) * (right - MARGIN);
            (across, bottom - share(value(p, 1), y) * (bottom - MARGIN))
        };
        for (end, anchor, place) in [(x.0, "start", MARGIN), (x.1, "end", right)] {
            let line = bottom + 18.0;
            let _ = writeln!(text, "<text x=\"{place}\" y=\"{line}\" text-anchor=\"{anchor}\">{}</text>", number(end));
        }
        for (end, place) in [(y.0, bottom), (y.1, MARGIN)] {
            let line = MARGIN - 6.0;
            let _ = writeln!(text, "<text x=\"{line}\" y=\"{place}\" text-anchor=\"end\">{}</text>", number(end));
        }
        for p in 0..front.points.len() {
            let (across, down) = at(p);
            let values: Vec<String> = (0..front.objectives.len())
                .map(|i| format!("{} {}", label(front.objectives[i]), number(value(p, i))))
                .collect();
            let told = values.join(", ");
            let _ = writeln!(
                text,
                "<circle cx=\"{across:.1}\" cy=\"{down:.1}\" r=\"5\" fill=\"#0a6\"><title>{told}</title></circle>\n\
                 <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                across + 7.0,
                down - 7.0,
                p + 1
            );
        }
    }
    text + "</svg>\n"
}

/// How many of the solver's units are shown as one.
pub(super) fn unit(objective: Objective) -> f64 {
    if objective == Objective::Emissions { 1e3 } else { 1.0 }
}

/// What an objective is called for people.
pub(super) fn label(objective: Objective) -> &'static str {
    if objective == Objective::Emissions { "kg CO₂" } else { objective.name() }
}

/// A value: whole, or with one decimal.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
