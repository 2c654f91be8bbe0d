//! Travel tables for [milkrun] from services that know the streets: [`Osrm`] and [`Valhalla`], which one runs oneself,
//! [`Mapbox`] and [`Google`], which bill by element; and a [`Cache`] on disk around any of them.
//!
//! All implement [`TravelSource`](milkrun::travel::TravelSource). They ask for large tables in parts within the service's
//! limits, try again where that can help, wait as long as the service wants, spend no more than an [`ElementBudget`],
//! and stop when they are cancelled. Errors name the source, the request, the status and what helps, and never a key.
//!
//! ```no_run
//! use milkrun::CancelToken;
//! use milkrun::travel::{SourcePoint, SourceRun, Travel, TravelSource};
//! use milkrun_sources::{Cache, CacheOptions, Osrm, OsrmOptions};
//!
//! let osrm = Osrm::new("http://127.0.0.1:5000", OsrmOptions { data_date: "2026-11-01".into(), ..Default::default() })?;
//! let source = Cache::open(osrm, CacheOptions::in_user_folder()?)?;
//! let points = [SourcePoint::new(7.4174, 43.7311).named("yard"), SourcePoint::new(7.4279, 43.7396)];
//! let table = source.table(&points, SourceRun::new(&CancelToken::new()))?;
//! let travel = Travel::from_tables([table])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
mod cache;
mod chunk;
mod google;
mod http;
mod legs;
mod mapbox;
mod osrm;
mod setup;
#[cfg(test)]
mod tests;
mod valhalla;
pub mod web;
mod wire;

pub use budget::ElementBudget;
pub use cache::{Cache, CacheError, CacheOptions, CacheStats};
pub use google::{Google, GoogleMode, GoogleOptions};
pub use mapbox::{Mapbox, MapboxOptions, MapboxProfile};
pub use osrm::{Osrm, OsrmOptions};
pub use setup::SetupError;
pub use valhalla::{Costing, Truck, Valhalla, ValhallaOptions};
pub use web::HttpSettings;
