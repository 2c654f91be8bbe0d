//! Plans on the screens of dispatchers, in the engine's form and on their streets: what a board shows, and what moves start from.

use std::collections::HashMap;
use std::sync::Arc;

use milkrun::io::{geojson, json};
use milkrun::{CancelToken, Plan, Problem, Travel};
use moka::future::Cache;
use serde_json::Value;

use super::plans::{self, Stored};
use super::streets::{Measured, Opened};
use super::worker::labelled;
use crate::audit::Ledger;
use crate::background::CancelOnDrop;
use crate::error::Error;
use crate::fleet::{self, Kind};
use crate::networks::Shelf;
use crate::storage::Connection;

/// How long one is kept, seconds: names that were changed are seen after that.
const KEPT: u64 = 60;
/// About how many bytes a location takes, beside its rows in tables.
const LOCATION: usize = 2_000;
/// Names that are read at a time.
const NAMES: i64 = 1_000;

/// A stored plan that can be shown and changed.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(super) id: String,
    pub(super) stored: Stored,
    /// As it is stored, with codes in place of names.
    pub(super) problem: Problem,
    /// The same with the names that people know things by.
    pub(super) named: Problem,
    pub(super) plan: Plan,
    streets: Option<(Measured, Opened)>,
}

/// Why a plan is not ready.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unready {
    /// What is stored cannot be read, or its streets cannot be opened.
    #[error("{0}")]
    Broken(String),
    /// Something failed inside.
    #[error(transparent)]
    Inner(#[from] Error),
}

/// Plans that are ready, in memory. A stored plan never changes.
#[derive(Clone, Debug)]
pub(crate) struct ReadyPlans {
    plans: Cache<(String, String), Arc<Ready>>,
    shelf: Shelf,
}

impl ReadyPlans {
    /// Of at most so many MiB.
    pub(crate) fn new(mib: u64, shelf: Shelf) -> Self {
        let weight = |_: &(String, String), ready: &Arc<Ready>| u32::try_from(ready.bytes()).unwrap_or(u32::MAX);
        let kept = std::time::Duration::from_secs(KEPT);
        let plans = Cache::builder().max_capacity(mib << 20).weigher(weight).time_to_live(kept).build();
        Self { plans, shelf }
    }

    /// A plan of an organisation; `None` if there is none of that id.
    pub(crate) async fn plan(&self, ledger: &Ledger, org: &str, id: &str) -> Result<Option<Arc<Ready>>, Unready> {
        let key = (org.to_owned(), id.to_owned());
        let mut connection = ledger.connection().await?;
        let Some(stored) = plans::stored(&mut connection, org, id).await? else { return Ok(None) };
        if let Some(known) = self.plans.get(&key).await {
            return Ok(Some(known));
        }
        let names = names(&mut connection, org).await?;
        drop(connection);
        let opened = match &stored.streets {
            None => None,
            Some(streets) => Some(streets.open(&self.shelf, org).await.map_err(Unready::Broken)?),
        };
        let (id, cancel) = (id.to_owned(), CancelToken::new());
        let guard = CancelOnDrop(cancel.clone());
        let made = tokio::task::spawn_blocking(move || Ready::new(id, stored, opened, &names, &cancel)).await;
        drop(guard);
        let made = made.map_err(|_| Unready::Broken("a stored plan could not be read".to_owned()))?;
        let ready = Arc::new(made.map_err(Unready::Broken)?);
        self.plans.insert(key, ready.clone()).await;
        Ok(Some(ready))
    }
}

impl Ready {
    fn new(
        id: String,
        stored: Stored,
        opened: Option<Opened>,
        names: &Names,
        cancel: &CancelToken,
    ) -> Result<Self, String> {
        let mut problem = stored.problem()?;
        // Where something else refers to a code, all keep theirs.
        let named = json::read_problem(&renamed(&stored.problem, names));
        let mut named = named.or_else(|_| stored.problem())?;
        let mut streets = None;
        if let Some((on, opened)) = stored.streets.as_ref().zip(opened) {
            let measured = match problem.travel() {
                // A plan that was adapted has its tables with it.
                Travel::Matrices(_) => Measured::with_tables(&problem, &opened),
                _ => on.measure(&problem, &opened, cancel, &|_| {})?,
            };
            problem = measured.problem.clone();
            streets = Some((measured, opened));
        }
        let mut builder = named.to_builder();
        builder.travel(problem.travel().clone());
        for (own, known) in builder.vehicle_types_mut().iter_mut().zip(problem.vehicle_types()) {
            own.profile = known.profile;
        }
        if streets.is_some() {
            named = builder.build().map_err(|error| error.to_string())?;
        }
        let plan = stored.plan(&problem)?;
        Ok(Self { id, stored, problem, named, plan, streets })
    }

    /// The streets between two locations, where the plan is on streets.
    pub(super) fn along(
        &self,
    ) -> impl Fn(milkrun::ProfileId, milkrun::LocationId, milkrun::LocationId) -> Option<Vec<milkrun::Coord>> + '_ {
        |profile, from, to| {
            let (measured, opened) = self.streets.as_ref()?;
            measured.along(opened, profile, from, to)
        }
    }

    /// Whether lines follow streets.
    pub(super) const fn is_on_streets(&self) -> bool {
        self.streets.is_some()
    }

    /// The map of a plan for its problem.
    pub(super) fn map(&self, plan: &Plan) -> String {
        labelled(&geojson::write_plan_along(&self.problem, plan, &self.along()), &self.stored.travel)
    }

    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        let locations = self.problem.locations().len();
        let tables = match self.problem.travel() {
            Travel::Matrices(profiles) => profiles.len(),
            _ => 0,
        };
        locations * LOCATION
            + tables * locations * locations * 16 * 3
            + self.stored.problem.len()
            + self.stored.document.len()
    }
}

/// What things are called, by the problem's list that they are in, and their code.
type Names = HashMap<(&'static str, String), String>;

/// The names of an organisation's fleet that are not its codes.
async fn names(connection: &mut Connection, org: &str) -> Result<Names, Error> {
    let mut names = Names::new();
    let kinds = [
        (Kind::Depot, "depots"),
        (Kind::DisposalSite, "disposal_sites"),
        (Kind::Vehicle, "vehicle_types"),
        (Kind::Bin, "clients"),
    ];
    for (kind, list) in kinds {
        let mut after = String::new();
        loop {
            let page = fleet::page(connection, kind, org, &after, NAMES).await?;
            for record in &page {
                let name = record.get(kind, "name").text();
                if !name.is_empty() && name != record.code() {
                    names.insert((list, record.code().to_owned()), name.to_owned());
                }
            }
            match page.last() {
                Some(last) if page.len() as i64 == NAMES => last.code().clone_into(&mut after),
                _ => break,
            }
        }
    }
    Ok(names)
}

/// A problem's document with names for codes. Bins keep theirs beside the name: many may be called alike.
fn renamed(document: &str, names: &Names) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(document) else { return document.to_owned() };
    for list in ["depots", "disposal_sites", "vehicle_types", "clients"] {
        let items = value.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for name in items.filter_map(|item| item.get_mut("name")) {
            let Some(code) = name.as_str() else { continue };
            if let Some(known) = names.get(&(list, code.to_owned())) {
                let shown = if list == "clients" { format!("{known} ({code})") } else { known.clone() };
                *name = Value::String(shown);
            }
        }
    }
    let vehicles = value.get_mut("vehicle_types").and_then(Value::as_array_mut).into_iter().flatten();
    for vehicle in vehicles {
        for (field, list) in
            [("start", "depots"), ("end", "depots"), ("reload_depots", "depots"), ("disposal_sites", "disposal_sites")]
        {
            let Some(field) = vehicle.get_mut(field) else { continue };
            let references = match field {
                Value::Array(items) => items.iter_mut().collect(),
                one => vec![one],
            };
            for reference in references {
                let known = reference.as_str().and_then(|code| names.get(&(list, code.to_owned())));
                if let Some(known) = known.cloned() {
                    *reference = Value::String(known);
                }
            }
        }
    }
    value.to_string()
}
