//! Several days that were planned together, laid out for people.

use jiff::ToSpan as _;
use milkrun::Problem;
use milkrun::io::geojson::Along;
use milkrun::period::PeriodPlan;

use crate::day::Day;
use crate::fault::ReportError;
use crate::figures::Figures;
use crate::ground::Ground;
use crate::handout::PeriodHandout;
use crate::options::ReportOptions;
use crate::{page, sheets};

/// The days of a period, laid out for people.
///
/// ```
/// use milkrun::period::{PeriodParams, Visits, plan_period};
/// use milkrun::{Client, Depot, Problem, Stop, Travel, VehicleType};
/// use milkrun_report::{PeriodReport, ReportOptions};
///
/// let mut b = Problem::builder();
/// b.travel(Travel::haversine(8.0));
/// let yard = b.add_depot(Depot::at((4.90, 52.37)).name("yard"));
/// let mill = b.add_client(Client::at((4.91, 52.38)).pickup([1]).name("mill"));
/// b.add_vehicle_type(VehicleType::new(1).capacity([9]).depot(yard).name("Red").shift(21_600, 57_600));
/// let day = b.build().unwrap();
/// let mut params = PeriodParams::of_days(3).visit(mill, Visits::times(2));
/// params.stop = Stop::after_iterations(50);
/// let period = plan_period(&day, &params).unwrap();
///
/// let options = ReportOptions { date: Some("2026-11-30".into()), ..ReportOptions::default() };
/// let report = PeriodReport::new(&day, &period, &options).unwrap();
/// let page = report.page();
/// assert!(page.contains("Monday, 30 November 2026 to Wednesday, 2 December 2026"));
/// assert!(page.contains("Who is visited when"));
/// assert_eq!(report.driver_sheets().matches("<section class=\"sheet\">").count(), 2);
/// ```
pub struct PeriodReport<'a> {
    template: &'a Problem,
    period: &'a PeriodPlan,
    days: Vec<Day<'a>>,
    ground: Ground,
    along: Option<&'a Along<'a>>,
}

impl std::fmt::Debug for PeriodReport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PeriodReport").field("days", &self.days.len()).finish_non_exhaustive()
    }
}

impl<'a> PeriodReport<'a> {
    /// Lays out a period: `template` is the day that is repeated. The options' date is that of the first day.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if options are invalid, or a day is beyond the calendar.
    pub fn new(template: &'a Problem, period: &'a PeriodPlan, options: &ReportOptions) -> Result<Self, ReportError> {
        let first = options.origin(template)?.map(|(moment, _)| moment);
        let day = |(d, day): (usize, &'a milkrun::period::DayPlan)| {
            let beyond = || ReportError::Beyond(86_400_i64.saturating_mul(d as i64));
            let moment = first.map(|first| first.checked_add((d as i64).days()).map_err(|_| beyond())).transpose()?;
            let date = moment.map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%S").to_string());
            let options = ReportOptions { date, route: None, ..options.clone() };
            Ok(Day::new(&day.problem, &day.plan, Figures::new(&day.problem, &options)?))
        };
        let days = period.days.iter().enumerate().map(day).collect::<Result<_, ReportError>>()?;
        Ok(Self { template, period, days, ground: Ground::new(template, options.geographic), along: None })
    }

    /// Sets what knows the streets between two locations.
    #[must_use]
    pub fn along(mut self, along: &'a Along<'a>) -> Self {
        self.along = Some(along);
        self
    }

    /// The page of all days: HTML that needs nothing else. It says who is visited when, and has map, timeline and tables of each day.
    pub fn page(&self) -> String {
        page::of_period(self.template, self.period, &self.days, &self.ground, self.along)
    }

    /// One of them, by name.
    pub fn write(&self, handout: PeriodHandout) -> String {
        match handout {
            PeriodHandout::Page => self.page(),
            PeriodHandout::DriverSheets => self.driver_sheets(),
        }
    }

    /// The sheets of all trucks' drivers, day by day, made for paper: HTML that needs nothing else.
    pub fn driver_sheets(&self) -> String {
        sheets::of_period(self.template, &self.days, &self.ground)
    }
}
