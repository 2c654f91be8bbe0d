//! From plans and confirmations to figures.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::audit::Ledger;
use crate::error::Error;
use crate::operations::{Operation, watched};
use crate::storage::confirmations::Words;
use crate::storage::days::{DayRoute, DayStop};
use crate::storage::figures::{By, Dated, Figures, Key, Span};
use crate::storage::{Confirmations as _, Connection, DayFigures as _, Days as _};

/// Later than this many seconds is late.
pub(crate) const LATE: i64 = 900;
/// Kilograms of a tonne.
const TONNE: f64 = 1_000.0;

/// Figures of a day, a truck, a driver or an area.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Performance {
    /// Of which day, truck, driver or area; empty: of none that is known.
    pub(crate) name: String,
    /// Since when the oldest of these figures hold, milliseconds since 1970.
    pub(crate) as_of: i64,
    /// What was planned, and what was done.
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// What a tonne costs that was collected or delivered; none where nothing was.
    pub(crate) cost_per_tonne: Option<f64>,
    /// What a stop costs that was done.
    pub(crate) cost_per_stop: Option<f64>,
}

impl Performance {
    /// With what follows from the figures.
    pub(super) fn of((name, as_of, figures): Dated) -> Self {
        let cost = figures.done_cost as f64;
        let cost_per_tonne = (figures.done_load > 0).then(|| cost * TONNE / figures.done_load as f64);
        let cost_per_stop = (figures.done_stops > 0).then(|| cost / figures.done_stops as f64);
        Self { name, as_of, figures, cost_per_tonne, cost_per_stop }
    }
}

/// Figures of a span of days, and the days of it that have changed since.
pub(crate) async fn performance(
    ledger: &Ledger,
    org: &str,
    by: By,
    span: Span<'_>,
    limit: i64,
) -> Result<(Vec<Performance>, Vec<String>), Error> {
    watched(Operation::Figures, || read(ledger, org, by, span, limit)).await
}

async fn read(
    ledger: &Ledger,
    org: &str,
    by: By,
    span: Span<'_>,
    limit: i64,
) -> Result<(Vec<Performance>, Vec<String>), Error> {
    let mut connection = ledger.connection().await?;
    // First what has changed: what is worked out meanwhile is then at worst said to be old.
    let changed = connection.changed_days(org, span).await?;
    let found = connection.figures(org, by, span, limit).await?;
    Ok((found.into_iter().map(Performance::of).collect(), changed))
}

/// The figures of a day by vehicle, driver and area, from its plans and what drivers say.
pub(super) async fn of_day(connection: &mut Connection, org: &str, day: &str) -> Result<Vec<(Key, Figures)>, Error> {
    let (Some(first), Some(holding)) =
        (connection.day_version_of(org, day, 1).await?, connection.day_version(org, day).await?)
    else {
        return Ok(Vec::new());
    };
    let planned = connection.plan_routes(&first.plan_id).await?;
    let driven = connection.plan_routes(&holding.plan_id).await?;
    let words = connection.words(org, day).await?;
    let drivers = connection.usual_drivers(org).await?.into_iter().collect();
    Ok(compared(&planned, &driven, &words, &drivers))
}

/// What was planned in the morning, and what was done of the plan that holds.
fn compared(
    planned: &[DayRoute],
    driven: &[DayRoute],
    words: &Words,
    drivers: &HashMap<String, String>,
) -> Vec<(Key, Figures)> {
    let mut found: BTreeMap<Key, Figures> = BTreeMap::new();
    let key = |route: &DayRoute| {
        let driver = drivers.get(&route.vehicle).cloned().unwrap_or_default();
        (route.vehicle.clone(), driver, route.depot.clone())
    };
    for route in planned {
        let own = found.entry(key(route)).or_default();
        own.planned_stops += services(route).count() as i64;
        own.planned_load += services(route).map(|stop| stop.load).sum::<i64>();
        own.planned_distance += route.distance;
        own.planned_duration += route.end_at - route.start_at;
        own.planned_cost += route.cost;
    }
    for route in driven {
        add_done(found.entry(key(route)).or_default(), route, words);
    }
    found.into_iter().collect()
}

/// The services of a route, in order.
fn services(route: &DayRoute) -> impl Iterator<Item = &DayStop> {
    route.stops.iter().filter(|stop| matches!(stop.activity.as_str(), "client" | "pickup" | "delivery"))
}

/// What was done of a route.
fn add_done(own: &mut Figures, route: &DayRoute, words: &Words) {
    // How late the last stop was that was done.
    let mut delay = None;
    for stop in services(route) {
        match words.get(&(stop.activity.clone(), stop.code.clone())) {
            None => own.open_stops += 1,
            Some((false, _)) => own.missed_stops += 1,
            Some((true, at)) => {
                own.done_stops += 1;
                own.done_load += stop.load;
                own.late_stops += i64::from(at - stop.start_at > LATE);
                delay = Some((at - stop.start_at).max(0));
            }
        }
    }
    let Some(delay) = delay else { return };
    own.done_distance += route.distance;
    own.done_cost += route.cost;
    own.done_duration += route.end_at - route.start_at + delay;
    own.overtime += route.shift_until.map_or(0, |until| (route.end_at + delay - until).max(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(code: &str, start_at: i64) -> DayStop {
        let (activity, code) = ("client".to_owned(), code.to_owned());
        DayStop { trip: 0, activity, code, arrival: start_at, start_at, departure: start_at + 60, load: 200 }
    }

    fn route(vehicle: &str, stops: Vec<DayStop>) -> DayRoute {
        let (vehicle, depot) = (vehicle.to_owned(), "yard".to_owned());
        let (start_at, end_at, shift_until) = (1_000, 9_000, Some(10_000));
        DayRoute {
            route: 0,
            vehicle,
            depot,
            start_at,
            end_at,
            distance: 5_000,
            driving: 500,
            waiting: 0,
            cost: 70,
            shift_until,
            stops,
        }
    }

    #[test]
    fn a_day_worked_out_by_hand() {
        let morning = [route("t1", vec![stop("a", 2_000), stop("b", 3_000)]), route("t2", vec![stop("c", 2_000)])];
        // At noon, b and c are on the first truck, and the second one stays at home.
        let noon = [route("t1", vec![stop("a", 2_000), stop("b", 3_000), stop("c", 4_000)])];
        let word = |code: &str, done: bool, at: i64| (("client".to_owned(), code.to_owned()), (done, at));
        let words = Words::from([word("a", true, 2_100), word("b", true, 4_900), word("c", false, 5_000)]);
        let drivers = HashMap::from([("t1".to_owned(), "dora".to_owned())]);
        let found = compared(&morning, &noon, &words, &drivers);
        let name = |key: &Key| format!("{} {} {}", key.0, key.1, key.2);
        assert_eq!(found.iter().map(|(key, _)| name(key)).collect::<Vec<_>>(), ["t1 dora yard", "t2  yard"]);
        let first = Figures {
            planned_stops: 2,
            planned_distance: 5_000,
            planned_duration: 8_000,
            planned_load: 400,
            planned_cost: 70,
            done_stops: 2,
            missed_stops: 1,
            open_stops: 0,
            late_stops: 1,
            done_distance: 5_000,
            // The last stop that was done was 1,900 late: home at 10,900, 900 after the shift.
            done_duration: 9_900,
            done_load: 400,
            done_cost: 70,
            overtime: 900,
        };
        assert_eq!(found[0].1, first);
        let second = Figures {
            planned_stops: 1,
            planned_distance: 5_000,
            planned_duration: 8_000,
            planned_load: 200,
            planned_cost: 70,
            ..Figures::default()
        };
        assert_eq!(found[1].1, second);
    }

    #[test]
    fn who_is_early_has_no_overtime() {
        let routes = [route("t1", vec![stop("a", 2_000), stop("b", 3_000)])];
        let words = Words::from([(("client".to_owned(), "b".to_owned()), (true, 1_500))]);
        let found = compared(&routes, &routes, &words, &HashMap::new());
        let Figures { done_duration, overtime, open_stops, late_stops, .. } = found[0].1;
        assert_eq!((done_duration, overtime, open_stops, late_stops), (8_000, 0, 1, 0));
    }
}
