//! Everything that the service is made of, but for HTTP: what handlers and background work reach. Tests put it
//! together with their own settings and clock.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::analytics::Refresher;
use crate::audit::{self, Ledger};
use crate::auth::sessions::{self, AuthContext};
use crate::clock::Clock;
use crate::config::Config;
use crate::driving::{self, Tracker};
use crate::entry::{Addresses, Door};
use crate::error::Error;
use crate::forecasts::{self, Forecaster};
use crate::networks::{self, Folder, Preparer, Shelf};
use crate::outbox::Deliverer;
use crate::planning::{PlanCache, ReadyPlans, Worker};
use crate::privacy::Keeper;
use crate::providers::Hub;

/// The services.
#[derive(Debug)]
pub(crate) struct Services {
    /// Settings.
    pub(crate) config: Config,
    /// Sign-in, with the database and the keys.
    pub(crate) desk: AuthContext,
    /// Signing in.
    pub(crate) door: Door,
    /// Changes, written down.
    pub(crate) ledger: Ledger,
    /// The time.
    pub(crate) clock: Clock,
    /// Plans that were read lately.
    pub(crate) cache: PlanCache,
    /// Plans that dispatchers look at.
    pub(crate) dispatch: ReadyPlans,
    /// Networks that were opened lately.
    pub(crate) shelf: Shelf,
    /// Told when a job is queued.
    pub(crate) wake: Arc<Notify>,
    /// Told when a network is to be prepared.
    pub(crate) wake_preparers: Arc<Notify>,
    /// Told when the plan of a day has changed, or what is said of it.
    pub(crate) wake_refresher: Arc<Notify>,
    /// Told when a forecast, a review or a training is asked for.
    pub(crate) wake_forecasters: Arc<Notify>,
    /// The adapters of providers.
    pub(crate) hub: Arc<Hub>,
    /// Told when something is to be sent.
    pub(crate) wake_outbox: Arc<Notify>,
    /// Told when somebody was erased.
    pub(crate) wake_keeper: Arc<Notify>,
}

impl Services {
    /// Puts the parts together.
    pub(crate) fn new(config: Config, desk: AuthContext, clock: Clock) -> Self {
        let ledger = Ledger { store: desk.store.clone(), ring: desk.ring.clone(), clock: clock.clone() };
        let door =
            Door { desk: desk.clone(), addresses: Addresses::new(&config.sign_ins), settings: config.sign_ins.clone() };
        let shelf = Shelf::new(Folder::of(&config.data));
        Self {
            dispatch: ReadyPlans::new(config.planning.cache_mib, shelf.clone()),
            hub: Arc::new(Hub::new(&config, ledger.clone())),
            wake_outbox: Arc::default(),
            wake_keeper: Arc::default(),
            cache: PlanCache::new(config.planning.cache_mib),
            shelf,
            wake: Arc::default(),
            wake_preparers: Arc::default(),
            wake_refresher: Arc::default(),
            wake_forecasters: Arc::default(),
            door,
            ledger,
            config,
            desk,
            clock,
        }
    }

    /// What solves jobs.
    pub(crate) fn worker(&self) -> Worker {
        Worker {
            ledger: self.ledger.clone(),
            settings: self.config.planning.clone(),
            shelf: self.shelf.clone(),
            wake: self.wake.clone(),
        }
    }

    /// What prepares networks.
    pub(crate) fn preparer(&self) -> Preparer {
        Preparer {
            ledger: self.ledger.clone(),
            folder: self.shelf.folder().clone(),
            settings: self.config.networks.clone(),
            lease_seconds: self.config.planning.lease_seconds,
            wake: self.wake_preparers.clone(),
        }
    }

    /// What works figures out anew.
    pub(crate) fn refresher(&self) -> Refresher {
        Refresher { ledger: self.ledger.clone(), wake: self.wake_refresher.clone() }
    }

    /// What makes forecasts.
    pub(crate) fn forecaster(&self) -> Forecaster {
        Forecaster {
            ledger: self.ledger.clone(),
            settings: self.config.forecasts.clone(),
            lease_seconds: self.config.planning.lease_seconds,
            wake: self.wake_forecasters.clone(),
        }
    }

    /// What sends messages, letters and events.
    pub(crate) fn deliverer(&self) -> Deliverer {
        Deliverer {
            ledger: self.ledger.clone(),
            settings: self.config.outside.clone(),
            hub: self.hub.clone(),
            wake: self.wake_outbox.clone(),
        }
    }

    /// What asks telematics where vehicles are.
    pub(crate) fn tracker(&self) -> Tracker {
        Tracker { ledger: self.ledger.clone(), hub: self.hub.clone() }
    }

    /// What deletes what is no longer to be kept.
    pub(crate) fn keeper(&self) -> Keeper {
        Keeper { ledger: self.ledger.clone(), wake: self.wake_keeper.clone() }
    }

    /// Starts as much work in the background as the settings say. It ends with `stop`.
    pub(crate) fn work(&self, tasks: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        for _ in 0..self.config.planning.workers {
            tasks.spawn(self.worker().run(stop.clone()));
        }
        if self.config.planning.workers > 0 {
            tasks.spawn(self.refresher().run(stop.clone()));
        }
        tasks.spawn(self.keeper().run(stop.clone()));
        for _ in 0..self.config.networks.workers {
            tasks.spawn(self.preparer().run(stop.clone()));
        }
        for _ in 0..self.config.forecasts.workers {
            tasks.spawn(self.forecaster().run(stop.clone()));
        }
        for _ in 0..self.config.outside.workers {
            tasks.spawn(self.deliverer().run(stop.clone()));
        }
        if self.config.outside.workers > 0 {
            tasks.spawn(self.tracker().run(stop.clone()));
        }
    }

    /// Looks after keys, sessions that are over, files of networks, and marks of the audit log.
    pub(crate) async fn maintain(&self) -> Result<(), Error> {
        let (Ledger { store, ring, .. }, now) = (&self.ledger, self.clock.now());
        ring.reload(&mut *store.connection().await?).await?;
        self.desk.tokens.maintain(store, ring, now, false).await?;
        sessions::sweep(&self.ledger, now).await?;
        self.refresh_addresses().await;
        driving::sweep(&self.ledger, &self.config.driving).await?;
        forecasts::runs::sweep(&self.ledger, self.config.forecasts.keep_days).await?;
        self.sweep_networks().await?;
        audit::append_if_due(&mut *store.connection().await?, &self.config.data, now).await?;
        Ok(())
    }

    /// Reads the files about addresses that have changed.
    async fn refresh_addresses(&self) {
        let addresses = self.door.addresses.clone();
        let faults = tokio::task::spawn_blocking(move || addresses.refresh()).await.unwrap_or_default();
        for fault in faults {
            tracing::warn!(fault, "a file about addresses cannot be used; what was read before stays");
        }
    }

    /// Removes versions of networks that were replaced, and files that belong to none.
    pub(crate) async fn sweep_networks(&self) -> Result<(), Error> {
        let (gone, known) = networks::sweep(&self.ledger).await?;
        for (_, id) in &gone {
            self.shelf.forget(id).await;
        }
        let folder = self.shelf.folder().clone();
        let swept = tokio::task::spawn_blocking(move || {
            for (org, id) in &gone {
                folder.remove(org, id);
            }
            folder.sweep(&known.into_iter().collect(), SystemTime::now());
        });
        if swept.await.is_err() {
            tracing::warn!("files of networks could not be looked after");
        }
        Ok(())
    }
}
