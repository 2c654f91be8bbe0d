//! Plans that were read lately, in memory. A stored plan never changes, so what is kept is right until it is deleted.

use std::sync::Arc;

use moka::future::Cache;

use crate::audit::Ledger;
use crate::error::Error;
use crate::storage::Plans as _;

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
pub(crate) struct PlanCache(Cache<Key, Option<Arc<str>>>);

impl PlanCache {
    /// Of at most so many MiB.
    pub(crate) fn new(mib: u64) -> Self {
        let weight = |key: &Key, text: &Option<Arc<str>>| {
            let bytes = key.0.len() + key.1.len() + text.as_ref().map_or(0, |text| text.len());
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(mib << 20).weigher(weight).build())
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
        let entry = self.0.entry(key.clone()).or_try_insert_with(async {
            let found = ledger.connection().await?.plan_documents(org, id).await?;
            Ok::<_, Error>(found.map(|(document, map)| Arc::from(if view == View::Document { document } else { map })))
        });
        let entry = entry.await?;
        metrics::counter!("milkrun_plan_cache_total", "hit" => if entry.is_fresh() { "no" } else { "yes" })
            .increment(1);
        let text = entry.into_value();
        if text.is_none() {
            // A plan that is not there may be there soon.
            self.0.invalidate(&key).await;
        }
        Ok(text)
    }

    /// Forgets a plan that was deleted.
    pub(crate) async fn forget(&self, org: &str, id: &str) {
        for view in [View::Document, View::GeoJson] {
            self.0.invalidate(&(org.to_owned(), id.to_owned(), view)).await;
        }
    }
}
