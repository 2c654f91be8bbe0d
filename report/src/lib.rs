//! What leaves [milkrun] for people: the page of a day, drivers' sheets, and files for other programs.
//!
//! A [`Report`] takes a problem and a plan for it. Its [page](Report::day_page) has a map, a timeline, tables of trucks and stops,
//! what is unserved and why, and costs, in one HTML file that loads nothing from elsewhere. Its [sheets](Report::driver_sheets) are
//! made for paper, one for each truck. [GPX](Report::gpx) is for navigation devices, [CSV](Report::csv) for spreadsheets,
//! [iCalendar](Report::ical) for calendars.
//!
//! ```
//! use milkrun::plan::{Activity, Plan, RouteStops, TripStops};
//! use milkrun::{Client, Depot, Problem, Travel, VehicleType};
//! use milkrun_report::{Report, ReportOptions};
//!
//! let mut builder = Problem::builder();
//! builder.travel(Travel::haversine(8.3));
//! let yard = builder.add_depot(Depot::at((4.90, 52.37)).name("yard"));
//! let mill = builder.add_client(Client::at((4.91, 52.38)).pickup([90]).name("mill").remarks("key at the baker's"));
//! let truck = builder.add_vehicle_type(VehicleType::new(1).capacity([500]).shift(25_200, 57_600).depot(yard).name("Red"));
//! let problem = builder.build().unwrap();
//! let trip = TripStops { start: Some(yard), activities: vec![Activity::Client(mill)], end: Some(yard) };
//! let plan = Plan::new(&problem, vec![RouteStops { vehicle_type: truck, start: None, trips: vec![trip] }]).unwrap();
//!
//! let options = ReportOptions { date: Some("2026-11-30".into()), loads: vec!["kg".into()], ..ReportOptions::default() };
//! let report = Report::new(&problem, &plan, &options).unwrap();
//! let page = report.day_page();
//! assert!(page.contains("Monday, 30 November 2026") && page.contains("key at the baker&#39;s"));
//! assert!(report.driver_sheets().contains("collect 90\u{a0}kg"));
//! assert!(report.csv().contains("1,Red,0,1,1,1,client,0,mill,0,2026-11-30T07:"));
//! assert!(report.gpx().unwrap().contains(r#"<rtept lat="52.38" lon="4.91">"#));
//! assert!(report.ical().unwrap().contains("DTSTART:20261130T070000"));
//! ```

mod csv;
mod day;
mod fault;
mod figures;
mod gpx;
mod ground;
mod handout;
mod ical;
mod ical_zone;
mod options;
mod page;
mod period;
mod schema;
mod sheets;
mod spans;

use milkrun::explain::Explanation;
use milkrun::io::geojson::Along;
use milkrun::{Plan, Problem};

pub use fault::ReportError;
pub use handout::{Handout, PeriodHandout, write};
pub use options::ReportOptions;
pub use period::PeriodReport;
pub use schema::requests_schema;

use day::{Day, Truck};
use figures::Figures;
use ground::Ground;

/// The style of pages, with all its rules below the class `milkrun`.
pub const fn page_style() -> &'static str {
    page::STYLE
}

/// The script of pages. It serves every element of the class `milkrun` that is there when it starts, and, where a host sends the document
/// an event `milkrun-drawn`, those that came later.
pub const fn page_script() -> &'static str {
    page::SCRIPT
}

/// A problem and a plan for it, laid out for people.
pub struct Report<'a> {
    day: Day<'a>,
    ground: Ground,
    options: ReportOptions,
    explanations: &'a [Explanation],
    along: Option<&'a Along<'a>>,
}

impl std::fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (trucks, stops) = (self.day.trucks.len(), self.day.stops());
        f.debug_struct("Report").field("trucks", &trucks).field("stops", &stops).finish_non_exhaustive()
    }
}

impl<'a> Report<'a> {
    /// Lays out a plan.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if the plan has parts that the problem does not have, or options are invalid.
    pub fn new(problem: &'a Problem, plan: &'a Plan, options: &ReportOptions) -> Result<Self, ReportError> {
        let figures = Figures::new(problem, options)?;
        // Its stops are checked against the problem once more: a plan of another problem would name what is not there.
        let same = Plan::new(problem, plan.route_stops().to_vec());
        let same = same.map_err(|error| ReportError::OtherProblem(error.to_string()))?;
        if same.routes() != plan.routes() || same.unserved() != plan.unserved() {
            return Err(ReportError::OtherProblem("its times or loads are different there".to_owned()));
        }
        let routes = plan.routes().len();
        if let Some(route) = options.route.filter(|route| *route >= routes) {
            return Err(ReportError::Route { route, routes });
        }
        Ok(Self {
            day: Day::new(problem, plan, figures),
            ground: Ground::new(problem, options.geographic),
            options: options.clone(),
            explanations: &[],
            along: None,
        })
    }

    /// Sets why what is unserved is so.
    #[must_use]
    pub fn explained(mut self, explanations: &'a [Explanation]) -> Self {
        self.explanations = explanations;
        self
    }

    /// Sets what knows the streets between two locations: lines on the map follow them, and GPX has tracks.
    #[must_use]
    pub fn along(mut self, along: &'a Along<'a>) -> Self {
        self.along = Some(along);
        self
    }

    /// The page of the day: HTML that needs nothing else.
    pub fn day_page(&self) -> String {
        page::page(&self.day, &self.ground, self.explanations, self.along)
    }

    /// Map and timeline of the page, as HTML to stand in another page, such as a notebook.
    pub fn map_and_timeline(&self) -> String {
        page::fragment(&self.day, &self.ground, self.along)
    }

    /// The same without [style](page_style) and [script](page_script), for hosts that serve these as files of their own. Its elements have
    /// their colours in `style` attributes, which a strict content security policy keeps a browser from reading.
    pub fn drawing(&self) -> String {
        page::drawing(&self.day, &self.ground, self.along)
    }

    /// A page with a sheet for each truck's driver, made for paper: HTML that needs nothing else.
    pub fn driver_sheets(&self) -> String {
        sheets::sheets(&self.day, &self.ground)
    }

    /// GPX 1.1: waypoints for depots and disposal sites, a route for each truck and, along streets, a track.
    ///
    /// # Errors
    ///
    /// If coordinates are not longitudes and latitudes, or a stop has none.
    pub fn gpx(&self) -> Result<String, ReportError> {
        gpx::gpx(&self.day, &self.ground, &self.trucks(), self.along)
    }

    /// CSV (RFC 4180, UTF-8): a row for each thing that happens on a trip, from leaving a depot to coming back.
    ///
    /// Columns, always in this order: `truck` (from 1), `vehicle`, `vehicle_type` (its index), `trip` (from 1), `position` among the
    /// trip's visits (from 1), `stop` (the number of the service on its route, from 1), `kind` (`leave`, `client`, `pickup`, `delivery`,
    /// `dispose`, `break`, `rest`, `return`), `index`, `name`, `setup` (how long), `arrival` (after it), `start`, `departure`, `waiting`, `material`, `lat_or_y`,
    /// `lon_or_x`, `remarks`; then for each load dimension `delivered_1` …, `collected_1` …, `on_board_1` … (after the row; what a
    /// disposal site receives is delivered); then `tag:` columns, in the order of their names. Times are moments
    /// (`2026-11-30T07:05:00`) where the date is known, else `07:05:00`, or plain numbers. A text that a spreadsheet would take for a
    /// formula has an apostrophe before it.
    pub fn csv(&self) -> String {
        csv::csv(&self.day, &self.ground, &self.trucks())
    }

    /// iCalendar: an event for each route, or for each stop where that is asked for. Times have the time zone of the problem's
    /// [origin](Problem::origin), or of the date; without one they are floating, those of the place where they are read.
    ///
    /// # Errors
    ///
    /// If the date is not known, or times are no seconds.
    pub fn ical(&self) -> Result<String, ReportError> {
        ical::ical(&self.day, &self.ground, &self.trucks(), self.options.each_stop)
    }

    /// Writes one of them.
    ///
    /// # Errors
    ///
    /// As its own function.
    pub fn write(&self, handout: Handout) -> Result<String, ReportError> {
        match handout {
            Handout::DayPage => Ok(self.day_page()),
            Handout::MapAndTimeline => Ok(self.map_and_timeline()),
            Handout::DriverSheets => Ok(self.driver_sheets()),
            Handout::Gpx => self.gpx(),
            Handout::Csv => Ok(self.csv()),
            Handout::Ical => self.ical(),
        }
    }

    /// The trucks that files have.
    fn trucks(&self) -> Vec<&Truck<'a>> {
        let asked = |truck: &&Truck<'a>| self.options.route.is_none_or(|route| truck.number == route + 1);
        self.day.trucks.iter().filter(asked).collect()
    }
}
