//! The map: lines and marks, drawn without anything from elsewhere.

use std::fmt::Write as _;

use askama::Template;
use milkrun::io::geojson::Along;
use milkrun::units::Load;
use milkrun::{Coord, LocationId};

use super::colours::{colours, dash};
use crate::day::{Day, Row, Step, Truck, called};
use crate::ground::Ground;

/// The map of a day.
#[derive(Template)]
#[template(path = "map.html", whitespace = "minimize")]
pub(crate) struct Map {
    /// `0 0 1000 620`; empty where there is nothing to draw.
    view: String,
    trucks: Vec<DrawnTruck>,
    depots: Vec<Mark>,
    sites: Vec<Mark>,
    unserved: Vec<Mark>,
    /// How many locations have no coordinates.
    missing: usize,
    /// Whether lines follow streets.
    streets: bool,
    geographic: bool,
}

/// What is drawn of a truck.
struct DrawnTruck {
    index: usize,
    number: usize,
    name: String,
    light: String,
    dark: String,
    dash: &'static str,
    /// Legs between stops, and legs from and to depots and disposal sites.
    rounds: String,
    transfers: String,
    marks: Vec<Mark>,
    /// Where its number stands.
    badge: Option<(String, String)>,
    stops: usize,
}

/// A point with what is said about it.
struct Mark {
    x: String,
    y: String,
    /// The number of the stop; empty for others.
    order: String,
    title: String,
}

/// From coordinates to the drawing.
struct Frame {
    geographic: bool,
    left: f64,
    top: f64,
    unit: f64,
}

/// The width of the drawing, and what stays free around it.
const WIDTH: f64 = 1000.0;
const MARGIN: f64 = 26.0;
/// What stays free at the right, for the buttons.
const BUTTONS: f64 = 36.0;

impl Map {
    pub(crate) fn new(day: &Day<'_>, ground: &Ground, along: Option<&Along<'_>>) -> Self {
        let missing = ground.missing();
        let points: Vec<Coord> =
            (0..day.problem.locations().len()).filter_map(|l| ground.at(LocationId::new(l))).collect();
        let mut map = Self {
            view: String::new(),
            trucks: Vec::new(),
            depots: Vec::new(),
            sites: Vec::new(),
            unserved: Vec::new(),
            missing,
            streets: along.is_some(),
            geographic: ground.geographic,
        };
        let Some((frame, height)) = Frame::around(&points, ground.geographic) else { return map };
        map.view = format!("0 0 {:.0} {height:.0}", WIDTH + BUTTONS);
        let drawing = Drawing { day, ground, along, frame };
        map.trucks = day.trucks.iter().map(|truck| drawing.truck(truck)).collect();
        map.depots = drawing.depots();
        map.sites = drawing.sites();
        map.unserved = drawing.unserved();
        map
    }

    fn has_transfers(&self) -> bool {
        self.trucks.iter().any(|truck| !truck.transfers.is_empty())
    }
}

impl Frame {
    /// The frame that shows all points, and the drawing's height; `None` without points.
    fn around(points: &[Coord], geographic: bool) -> Option<(Self, f64)> {
        let flat: Vec<(f64, f64)> = points.iter().map(|point| projected(*point, geographic)).collect();
        let range = |of: fn(&(f64, f64)) -> f64| {
            flat.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
        };
        let ((left, right), (top, bottom)) = (range(|p| p.0), range(|p| p.1));
        if flat.is_empty() {
            return None;
        }
        let (width, height) = (right - left, bottom - top);
        // A city that is much taller than wide would not fit on a screen.
        let longest = width.max(height / 0.8);
        let unit = if longest > 0.0 && longest.is_finite() { longest / (WIDTH - 2.0 * MARGIN) } else { 1.0 };
        let (slack, drawn) = (WIDTH - 2.0 * MARGIN - width / unit, (height / unit).max(240.0));
        let top = top - (drawn - height / unit) / 2.0 * unit;
        let frame = Self { geographic, left: left - slack / 2.0 * unit, top, unit };
        Some((frame, drawn + 2.0 * MARGIN))
    }

    fn place(&self, point: Coord) -> (f64, f64) {
        let (x, y) = projected(point, self.geographic);
        (MARGIN + (x - self.left) / self.unit, MARGIN + (y - self.top) / self.unit)
    }
}

/// Mercator's projection of longitudes and latitudes; planar points as they are, with north above.
fn projected(point: Coord, geographic: bool) -> (f64, f64) {
    if !geographic {
        return (point.x, -point.y);
    }
    let latitude = point.y.clamp(-85.0, 85.0).to_radians();
    (point.x, -(std::f64::consts::FRAC_PI_4 + latitude / 2.0).tan().ln().to_degrees())
}

struct Drawing<'d> {
    day: &'d Day<'d>,
    ground: &'d Ground,
    along: Option<&'d Along<'d>>,
    frame: Frame,
}

impl Drawing<'_> {
    fn at(&self, location: LocationId) -> Option<(f64, f64)> {
        self.ground.at(location).map(|point| self.frame.place(point))
    }

    fn mark(&self, location: LocationId, order: Option<usize>, title: String) -> Option<Mark> {
        let (x, y) = self.at(location)?;
        let order = order.map_or_else(String::new, |order| order.to_string());
        Some(Mark { x: format!("{x:.1}"), y: format!("{y:.1}"), order, title })
    }

    fn truck(&self, truck: &Truck<'_>) -> DrawnTruck {
        let index = truck.number - 1;
        let (light, dark) = colours(index);
        let (mut rounds, mut transfers) = (Line::default(), Line::default());
        for trip in &truck.trips {
            let mut before: Option<&Row<'_>> = None;
            for row in trip.rows.iter().filter(|row| row.location.is_some()) {
                if let Some(from) = before {
                    let is_round = from.step.is_service() && row.step.is_service();
                    let line = if is_round { &mut rounds } else { &mut transfers };
                    self.leg(line, truck, from, row);
                }
                before = Some(row);
            }
        }
        let services = || truck.rows().filter(|row| row.order.is_some());
        let marks = services().filter_map(|row| self.mark(row.location?, row.order, self.title(truck, row))).collect();
        DrawnTruck {
            index,
            number: truck.number,
            name: truck.name.clone(),
            light,
            dark,
            dash: dash(index),
            rounds: rounds.0,
            transfers: transfers.0,
            marks,
            badge: self.badge(services()),
            stops: truck.stops(),
        }
    }

    /// Where a route's number stands: at the stop that is next to the middle of its stops.
    fn badge<'r>(&self, rows: impl Iterator<Item = &'r Row<'r>>) -> Option<(String, String)> {
        let points: Vec<(f64, f64)> = rows.filter_map(|row| self.at(row.location?)).collect();
        let count = points.len().max(1) as f64;
        let middle = (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
        let away = |p: &(f64, f64)| (p.0 - middle.0).hypot(p.1 - middle.1);
        let nearest = points.iter().min_by(|a, b| away(a).total_cmp(&away(b)))?;
        Some((format!("{:.1}", nearest.0), format!("{:.1}", nearest.1)))
    }

    fn leg(&self, line: &mut Line, truck: &Truck<'_>, from: &Row<'_>, to: &Row<'_>) {
        let (Some(start), Some(end)) = (from.location, to.location) else { return };
        let (Some(first), Some(last)) = (self.at(start), self.at(end)) else { return };
        line.go_to(first);
        let streets = self.along.and_then(|along| along(truck.vehicle.profile, start, end));
        streets.into_iter().flatten().for_each(|point| line.draw_to(self.frame.place(point)));
        line.draw_to(last);
    }

    /// What is said about a stop.
    fn title(&self, truck: &Truck<'_>, row: &Row<'_>) -> String {
        let figures = &self.day.figures;
        let order = row.order.map_or_else(String::new, |order| format!("{order} · "));
        let address = row.address(self.day.problem).map_or_else(String::new, |address| format!(", {address}"));
        let mut title = format!("{order}{}{address}\n{}, {}", row.name, truck.name, figures.time(row.start));
        if row.departure > row.start {
            // Writing to a string cannot fail.
            let _ = write!(title, " to {}", figures.time(row.departure));
        }
        title.push('\n');
        title.push_str(&row.what(figures));
        if row.load.iter().any(|load| *load != 0) {
            let _ = write!(title, "; on board: {}", figures.amounts(row.load));
        }
        for line in row.containers().map(str::to_owned).into_iter().chain(row.remarks()) {
            title.push('\n');
            title.push_str(&line);
        }
        title
    }

    fn depots(&self) -> Vec<Mark> {
        let problem = self.day.problem;
        let mut used = vec![false; problem.depots().len()];
        for row in self.day.trucks.iter().flat_map(Truck::rows) {
            if let Step::Leave(id) | Step::Return(id) = row.step {
                used[id.index()] = true;
            }
        }
        let mark = |(d, depot): (usize, &milkrun::Depot)| {
            let is_used = if used[d] { "" } else { ", not used" };
            let title = format!("{}\ndepot{is_used}", called(&depot.name, "depot", d));
            self.mark(depot.location(), None, title)
        };
        problem.depots().iter().enumerate().filter_map(mark).collect()
    }

    fn sites(&self) -> Vec<Mark> {
        let problem = self.day.problem;
        let dimensions = problem.load_dimensions();
        let mut visits = vec![0_usize; problem.disposal_sites().len()];
        let mut received: Vec<Vec<Load>> = vec![vec![0; dimensions]; visits.len()];
        for row in self.day.trucks.iter().flat_map(Truck::rows) {
            if let Step::Visit(milkrun::plan::Activity::Dispose(id)) = row.step {
                visits[id.index()] += 1;
                let own = &mut received[id.index()];
                own.iter_mut().zip(&row.brought).for_each(|(sum, load)| *sum = sum.saturating_add(*load));
            }
        }
        let mark = |(s, site): (usize, &milkrun::DisposalSite)| {
            let visits = match visits[s] {
                0 => "not visited".to_owned(),
                1 => "1 visit".to_owned(),
                many => format!("{many} visits"),
            };
            let received = self.day.figures.amounts(&received[s]);
            let received = if received.is_empty() { received } else { format!("; receives {received}") };
            let title = format!("{}\ndisposal site, {visits}{received}", called(&site.name, "disposal site", s));
            self.mark(site.location(), None, title)
        };
        problem.disposal_sites().iter().enumerate().filter_map(mark).collect()
    }

    fn unserved(&self) -> Vec<Mark> {
        let problem = self.day.problem;
        let unserved = self.day.plan.unserved();
        let client = |id: &milkrun::ClientId| {
            let client = problem.client(*id);
            let title = format!("{}\nnot served", called(&client.name, "client", id.index()));
            self.mark(client.location(), None, title)
        };
        let shipment = |id: &milkrun::ShipmentId| {
            let shipment = problem.shipment(*id);
            let name = called(&shipment.name, "shipment", id.index());
            let ends = [(&shipment.pickup, "pickup"), (&shipment.delivery, "delivery")];
            ends.map(|(end, word)| self.mark(end.location(), None, format!("{name}\n{word}, not served")))
        };
        let shipments = unserved.shipments.iter().flat_map(shipment).flatten();
        unserved.clients.iter().filter_map(client).chain(shipments).collect()
    }
}

/// The commands of a path.
#[derive(Default)]
struct Line(String, Option<(i64, i64)>);

impl Line {
    /// Hundredths: finer than a screen shows when the map is enlarged forty times.
    fn rounded(point: (f64, f64)) -> (i64, i64) {
        ((point.0 * 100.0).round() as i64, (point.1 * 100.0).round() as i64)
    }

    fn go_to(&mut self, point: (f64, f64)) {
        let point = Self::rounded(point);
        if self.1 != Some(point) {
            self.command('M', point);
        }
    }

    fn draw_to(&mut self, point: (f64, f64)) {
        let point = Self::rounded(point);
        if self.1 != Some(point) {
            self.command('L', point);
        }
    }

    fn command(&mut self, letter: char, point: (i64, i64)) {
        let _ = write!(self.0, "{letter}{} {}", point.0 as f64 / 100.0, point.1 as f64 / 100.0);
        self.1 = Some(point);
    }
}
