//! Problems, plans, and readers of what is written.

#![allow(dead_code, reason = "each test uses a part")]

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use milkrun::io::json;
use milkrun::{Plan, Problem, SolveParams, Stop, solve};
use milkrun_report::{Report, ReportOptions};

/// A page that a browser's parser has read.
pub(crate) struct Html {
    dom: RcDom,
}

impl Html {
    /// Reads a page; what a browser would have to guess is a fault.
    pub(crate) fn read(text: &str) -> Self {
        let opts = ParseOpts::default();
        let dom = parse_document(RcDom::default(), opts).one(text);
        assert_eq!(*dom.errors.borrow(), Vec::<std::borrow::Cow<'static, str>>::new(), "{text}");
        Self { dom }
    }

    fn each(&self, look: &mut dyn FnMut(&Handle)) {
        let mut open = vec![self.dom.document.clone()];
        while let Some(node) = open.pop() {
            look(&node);
            open.extend(node.children.borrow().iter().rev().cloned());
        }
    }

    /// Number of elements of that name.
    pub(crate) fn elements(&self, name: &str) -> usize {
        let mut count = 0;
        self.each(&mut |node| {
            if let NodeData::Element { name: own, .. } = &node.data {
                count += usize::from(&*own.local == name);
            }
        });
        count
    }

    /// Number of elements of that class.
    pub(crate) fn of_class(&self, class: &str) -> usize {
        let mut count = 0;
        self.each(&mut |node| {
            count += usize::from(attribute(node, "class").is_some_and(|own| own.split(' ').any(|one| one == class)));
        });
        count
    }

    /// The values of an attribute.
    pub(crate) fn attributes(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.each(&mut |node| found.extend(attribute(node, name)));
        found
    }

    /// All text that people read.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.each(&mut |node| {
            if let NodeData::Text { contents } = &node.data {
                text += &contents.borrow();
                text.push('\n');
            }
        });
        text
    }
}

fn attribute(node: &Handle, name: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|own| &*own.name.local == name).map(|own| own.value.to_string())
}

/// A problem of the examples, planned with so many iterations.
pub(crate) fn example(name: &str, iterations: u64) -> (Problem, Plan) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(name);
    let problem = json::read_problem(&std::fs::read_to_string(path).unwrap()).unwrap();
    let stop = Stop { max_iterations: Some(iterations), ..Stop::default() };
    let plan = solve(&problem, &SolveParams { stop, ..SolveParams::default() }).plan;
    (problem, plan)
}

/// Options with a day.
pub(crate) fn dated() -> ReportOptions {
    ReportOptions { date: Some("2026-12-03".into()), ..ReportOptions::default() }
}

/// Number of clients and ends of shipments that are served.
pub(crate) fn stops(plan: &Plan) -> usize {
    plan.routes().iter().flat_map(milkrun::plan::Route::visits).filter(|visit| visit.activity.is_service()).count()
}

/// Everything that a report writes is read back, and holds what the plan has.
pub(crate) fn hold(problem: &Problem, plan: &Plan, options: &ReportOptions) {
    let report = Report::new(problem, plan, options).unwrap();
    let (routes, served) = (plan.routes().len(), stops(plan));
    let page = Html::read(&report.day_page());
    assert_eq!((page.elements("details"), page.of_class("mr-find")), (routes, served));
    assert_eq!(page.of_class("mr-line"), routes);
    assert_eq!(page.of_class("mr-missed"), plan.unserved().len());
    let violations = page.text().matches("This plan violates rules").count();
    assert_eq!(violations, usize::from(!plan.is_feasible()));
    Html::read(&format!("<!doctype html><title>x</title><body>{}</body>", report.map_and_timeline()));
    let sheets = Html::read(&report.driver_sheets());
    assert_eq!(sheets.of_class("sheet"), routes.max(1));
    let disposals = plan.routes().iter().flat_map(milkrun::plan::Route::visits);
    let disposals = disposals.filter(|visit| matches!(visit.activity, milkrun::plan::Activity::Dispose(_))).count();
    assert_eq!(sheets.of_class("box"), served + disposals);
    csv(problem, plan, &report.csv());
    if let Ok(text) = report.gpx() {
        let read = gpx::read(text.as_bytes()).unwrap();
        assert_eq!(read.routes.len(), routes);
        let services = read.routes.iter().flat_map(|route| &route.points);
        let services =
            services.filter(|point| ["client", "pickup", "delivery"].map(Some).contains(&point.type_.as_deref()));
        assert_eq!(services.count(), served);
    }
    if let Ok(text) = report.ical() {
        let calendar: icalendar::Calendar = text.parse().unwrap();
        let events = calendar.components.iter().filter(|part| part.as_event().is_some()).count();
        assert_eq!(events, if options.each_stop { served } else { routes });
    }
}

/// The rows of the table are those of the plan.
fn csv(problem: &Problem, plan: &Plan, text: &str) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|own| own == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let ends =
        |trip: &milkrun::plan::Trip| usize::from(trip.start_depot.is_some()) + usize::from(trip.end_depot.is_some());
    let trips = plan.routes().iter().flat_map(|route| &route.trips);
    let expected: usize = trips.map(|trip| trip.visits.len() + ends(trip)).sum();
    assert_eq!(rows.len(), expected);
    let numbered = rows.iter().filter(|row| !row[column("stop")].is_empty()).count();
    assert_eq!(numbered, stops(plan));
    // What is on board after each visit is what the plan says.
    let visits: Vec<_> = plan.routes().iter().flat_map(milkrun::plan::Route::visits).collect();
    let of_visits = rows.iter().filter(|row| !row[column("position")].is_empty());
    for (row, visit) in of_visits.zip(&visits) {
        for d in 0..problem.load_dimensions() {
            assert_eq!(row[column(&format!("on_board_{}", d + 1))], visit.load[d].to_string());
        }
    }
}
