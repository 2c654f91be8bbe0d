//! Figures of days: what was planned and what was done, worked out from plans and confirmations.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;

/// By what figures are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// One row for each day.
    Day,
    /// One row for each vehicle.
    Truck,
    /// One row for each driver.
    Driver,
    /// One row for each area.
    Area,
}

impl By {
    const fn column(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Truck => "vehicle",
            Self::Driver => "driver",
            Self::Area => "area",
        }
    }
}

/// What was planned, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Figures {
    /// Services of the plan that the day began with.
    pub(crate) planned_stops: i64,
    /// Its metres.
    pub(crate) planned_distance: i64,
    /// Its seconds, all routes together.
    pub(crate) planned_duration: i64,
    /// What it collects or delivers: kilograms, of the stored fleet.
    pub(crate) planned_load: i64,
    /// What its routes cost.
    pub(crate) planned_cost: i64,
    /// Services of the plan that holds that were done.
    pub(crate) done_stops: i64,
    /// Those that were missed.
    pub(crate) missed_stops: i64,
    /// Those of which nothing has been said.
    pub(crate) open_stops: i64,
    /// Those done more than a quarter of an hour later than the plan that holds says.
    pub(crate) late_stops: i64,
    /// Metres of the routes of which a stop was done.
    pub(crate) done_distance: i64,
    /// Their seconds; a route is longer by as much as its last done stop was late.
    pub(crate) done_duration: i64,
    /// What was collected or delivered at stops that were done.
    pub(crate) done_load: i64,
    /// What the routes cost of which a stop was done.
    pub(crate) done_cost: i64,
    /// Seconds that these routes ended after the end of the driver's shift.
    pub(crate) overtime: i64,
}

impl Figures {
    /// All of them, in the order of the columns.
    fn values(&self) -> [i64; 14] {
        [
            self.planned_stops,
            self.planned_distance,
            self.planned_duration,
            self.planned_load,
            self.planned_cost,
            self.done_stops,
            self.missed_stops,
            self.open_stops,
            self.late_stops,
            self.done_distance,
            self.done_duration,
            self.done_load,
            self.done_cost,
            self.overtime,
        ]
    }
}

/// The columns of the figures.
const COLUMNS: [&str; 14] = [
    "planned_stops",
    "planned_distance",
    "planned_duration",
    "planned_load",
    "planned_cost",
    "done_stops",
    "missed_stops",
    "open_stops",
    "late_stops",
    "done_distance",
    "done_duration",
    "done_load",
    "done_cost",
    "overtime",
];

type Row = (String, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

/// A name, since when its figures hold, and these.
pub(crate) type Dated = (String, i64, Figures);

fn dated(row: Row) -> Dated {
    let (name, as_of, a, b, c, d, e, f, g, h, i, j, k, l, m, n) = row;
    let figures = Figures {
        planned_stops: a,
        planned_distance: b,
        planned_duration: c,
        planned_load: d,
        planned_cost: e,
        done_stops: f,
        missed_stops: g,
        open_stops: h,
        late_stops: i,
        done_distance: j,
        done_duration: k,
        done_load: l,
        done_cost: m,
        overtime: n,
    };
    (name, as_of, figures)
}

/// Most days and areas that are compared.
const MOST_SKETCHES: i64 = 100_000;

/// What was planned for a day in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// The day.
    pub(crate) day: String,
    /// The area.
    pub(crate) area: String,
    /// How many vehicles.
    pub(crate) vehicles: i64,
    /// How many services.
    pub(crate) stops: i64,
    /// How much they collect or deliver.
    pub(crate) load: i64,
    /// Seconds of all routes together.
    pub(crate) duration: i64,
}

/// The key of figures within a day: vehicle, driver, area.
pub(crate) type Key = (String, String, String);

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    /// The first day.
    pub(crate) from: &'a str,
    /// The last day.
    pub(crate) until: &'a str,
}

/// Figures of days, and the days whose figures are to be worked out anew.
pub(crate) trait DayFigures {
    /// Notes that a day has changed.
    async fn day_changed(&mut self, org: &str, day: &str) -> Result<(), Error>;

    /// Takes a day that has changed: organisation, day, and the number of changes. No other transaction takes it
    /// until this one has ended.
    async fn take_changed_day(&mut self, store: &Store) -> Result<Option<(String, String, i64)>, Error>;

    /// The day is up to date, unless it has changed again.
    async fn day_is_fresh(&mut self, org: &str, day: &str, changes: i64) -> Result<(), Error>;

    /// How many days of all organisations are to be worked out anew.
    async fn count_changed_days(&mut self) -> Result<i64, Error>;

    /// Which days of an organisation are to be worked out anew, within a span.
    async fn changed_days(&mut self, org: &str, span: Span<'_>) -> Result<Vec<String>, Error>;

    /// Replaces the figures of a day.
    async fn replace_figures(
        &mut self,
        org: &str,
        day: &str,
        figures: &[(Key, Figures)],
        as_of: i64,
    ) -> Result<(), Error>;

    /// Figures of a span of days, added up, by name; each is as old as the oldest that it is made of.
    async fn figures(&mut self, org: &str, by: By, span: Span<'_>, limit: i64) -> Result<Vec<Dated>, Error>;

    /// What was planned for the days of a span, by day and area.
    async fn sketches(&mut self, org: &str, span: Span<'_>) -> Result<Vec<Sketch>, Error>;

    /// The driver of each vehicle: the first by code of those who usually drive it.
    async fn usual_drivers(&mut self, org: &str) -> Result<Vec<(String, String)>, Error>;
}

impl DayFigures for Connection {
    async fn day_changed(&mut self, org: &str, day: &str) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO days_to_refresh (org_id, day, changes) VALUES ($1, $2, 1)
             ON CONFLICT (org_id, day) DO UPDATE SET changes = days_to_refresh.changes + 1",
        )
        .bind(org.to_owned())
        .bind(day.to_owned())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn take_changed_day(&mut self, store: &Store) -> Result<Option<(String, String, i64)>, Error> {
        let text = format!(
            "SELECT org_id, day, changes FROM days_to_refresh ORDER BY org_id, day LIMIT 1 {}",
            store.backend().skip_locked()
        );
        Ok(sqlx::query_as(AssertSqlSafe(text)).fetch_optional(self).await?)
    }

    async fn day_is_fresh(&mut self, org: &str, day: &str, changes: i64) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM days_to_refresh WHERE org_id = $1 AND day = $2 AND changes = $3");
        query.bind(org.to_owned()).bind(day.to_owned()).bind(changes).execute(self).await?;
        Ok(())
    }

    async fn count_changed_days(&mut self) -> Result<i64, Error> {
        let (days,) = sqlx::query_as("SELECT COUNT(*) FROM days_to_refresh").fetch_one(self).await?;
        Ok(days)
    }

    async fn changed_days(&mut self, org: &str, span: Span<'_>) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as(
            "SELECT day FROM days_to_refresh WHERE org_id = $1 AND day >= $2 AND day <= $3 ORDER BY day LIMIT 1000",
        );
        let query = query.bind(org.to_owned()).bind(span.from.to_owned()).bind(span.until.to_owned());
        let rows: Vec<(String,)> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(|(day,)| day).collect())
    }

    async fn replace_figures(
        &mut self,
        org: &str,
        day: &str,
        figures: &[(Key, Figures)],
        as_of: i64,
    ) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM day_figures WHERE org_id = $1 AND day = $2");
        query.bind(org.to_owned()).bind(day.to_owned()).execute(&mut *self).await?;
        let row = |((vehicle, driver, area), figures): &(Key, Figures)| -> Vec<Value> {
            let names = [org.into(), day.into(), vehicle.into(), driver.into(), area.into(), as_of.into()];
            names.into_iter().chain(figures.values().map(Value::Integer)).collect()
        };
        let rows: Vec<Vec<Value>> = figures.iter().map(row).collect();
        let into = format!("day_figures (org_id, day, vehicle, driver, area, as_of, {})", COLUMNS.join(", "));
        rows::insert_slices(self, &into, "", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()).await
    }

    async fn figures(&mut self, org: &str, by: By, span: Span<'_>, limit: i64) -> Result<Vec<Dated>, Error> {
        let sums = COLUMNS.map(|column| format!("CAST(SUM({column}) AS BIGINT)")).join(", ");
        let column = by.column();
        let text = format!(
            "SELECT {column}, MIN(as_of), {sums} FROM day_figures WHERE org_id = $1 AND day >= $2 AND day <= $3
             GROUP BY {column} ORDER BY {column} LIMIT $4"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(span.from.to_owned());
        let rows: Vec<Row> = query.bind(span.until.to_owned()).bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(dated).collect())
    }

    async fn sketches(&mut self, org: &str, span: Span<'_>) -> Result<Vec<Sketch>, Error> {
        let query = sqlx::query_as(
            "SELECT day, area, COUNT(DISTINCT vehicle), CAST(SUM(planned_stops) AS BIGINT),
                    CAST(SUM(planned_load) AS BIGINT), CAST(SUM(planned_duration) AS BIGINT)
             FROM day_figures WHERE org_id = $1 AND day >= $2 AND day <= $3 GROUP BY day, area ORDER BY day DESC, area LIMIT $4",
        );
        let query = query.bind(org.to_owned()).bind(span.from.to_owned()).bind(span.until.to_owned());
        let rows: Vec<(String, String, i64, i64, i64, i64)> = query.bind(MOST_SKETCHES).fetch_all(self).await?;
        let sketch =
            |(day, area, vehicles, stops, load, duration)| Sketch { day, area, vehicles, stops, load, duration };
        Ok(rows.into_iter().map(sketch).collect())
    }

    async fn usual_drivers(&mut self, org: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as(
            "SELECT vehicle, MIN(code) FROM drivers WHERE org_id = $1 AND vehicle <> '' GROUP BY vehicle ORDER BY vehicle",
        );
        Ok(query.bind(org.to_owned()).fetch_all(self).await?)
    }
}
