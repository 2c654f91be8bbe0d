//! Plans that were read lately, in memory. A stored plan never changes, so what is kept is right until it is deleted.

use std::sync::Arc;

use moka::future::Cache;

use crate::audit::Ledger;
use crate::error::Error;
use crate::storage::days::DayRoute;
use crate::storage::{Days as _, Plans as _};

/// In which form a plan is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum View {
    /// milkrun's own JSON.
    Document,
    /// A map.
    GeoJson,
}

type Key = (String, String, View);

/// The cache. Requests for the same plan at the same time wait for one look at the database.
#[derive(Clone, Debug)]
pub(crate) struct PlanCache {
    texts: Cache<Key, Option<Arc<str>>>,
    /// By the plan's id: who asks has found it as that of a day of its own.
    routes: Cache<String, Arc<[DayRoute]>>,
}

/// One part in so many of the memory is for routes.
const FOR_ROUTES: u64 = 4;
/// About how many bytes a stop takes in memory.
const STOP: usize = 160;

impl PlanCache {
    /// Of at most so many MiB.
    pub(crate) fn new(mib: u64) -> Self {
        let weight = |key: &Key, text: &Option<Arc<str>>| {
            let bytes = key.0.len() + key.1.len() + text.as_ref().map_or(0, |text| text.len());
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let stops = |id: &String, routes: &Arc<[DayRoute]>| {
            let stops = routes.iter().map(|route| route.stops.len() + 1).sum::<usize>();
            u32::try_from(id.len() + stops * STOP).unwrap_or(u32::MAX)
        };
        let bytes = mib << 20;
        Self {
            texts: Cache::builder().max_capacity(bytes - bytes / FOR_ROUTES).weigher(weight).build(),
            routes: Cache::builder().max_capacity(bytes / FOR_ROUTES).weigher(stops).build(),
        }
    }

    /// A plan of an organisation. The organisation is part of the key: what one may see, another does not get.
    pub(crate) async fn get(
        &self,
        ledger: &Ledger,
        org: &str,
        id: &str,
        view: View,
    ) -> Result<Option<Arc<str>>, Arc<Error>> {
        let key = (org.to_owned(), id.to_owned(), view);
        let entry = self.texts.entry(key.clone()).or_try_insert_with(async {
            let found = ledger.connection().await?.plan_documents(org, id).await?;
            Ok::<_, Error>(found.map(|(document, map)| Arc::from(if view == View::Document { document } else { map })))
        });
        let entry = entry.await?;
        metrics::counter!("milkrun_plan_cache_total", "hit" => if entry.is_fresh() { "no" } else { "yes" })
            .increment(1);
        let text = entry.into_value();
        if text.is_none() {
            // A plan that is not there may be there soon.
            self.texts.invalidate(&key).await;
        }
        Ok(text)
    }

    /// The routes of a plan, which is that of a day of the caller's organisation: such a plan is kept.
    pub(crate) async fn routes(&self, ledger: &Ledger, plan: &str) -> Result<Arc<[DayRoute]>, Error> {
        if let Some(known) = self.routes.get(plan).await {
            metrics::counter!("milkrun_route_cache_total", "hit" => "yes").increment(1);
            return Ok(known);
        }
        metrics::counter!("milkrun_route_cache_total", "hit" => "no").increment(1);
        let found: Arc<[DayRoute]> = ledger.connection().await?.plan_routes(plan).await?.into();
        self.routes.insert(plan.to_owned(), found.clone()).await;
        Ok(found)
    }

    /// Forgets a plan that was deleted.
    pub(crate) async fn forget(&self, org: &str, id: &str) {
        for view in [View::Document, View::GeoJson] {
            self.texts.invalidate(&(org.to_owned(), id.to_owned(), view)).await;
        }
        self.routes.invalidate(id).await;
    }
}
