//! Adapters against servers that answer as providers do, and as they do when they fail.

mod adapters;
mod endpoints;
mod faults;
mod payments;
#[path = "../../../sources/src/tests/stub.rs"]
mod stub;
mod telematics;
mod webhooks;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use milkrun::CancelToken;
use milkrun_sources::web::{Clock, HttpSettings};

use crate::client::{Account, ClientOptions};
use crate::guard::BreakerSettings;
use crate::meter::{Meter, Metered};

/// What no error, and no debug text, may hold.
pub(crate) const SECRET: &str = "canary-key-4711";

/// A clock that only waiting moves.
#[derive(Default)]
pub(crate) struct Still(Mutex<Duration>);

impl Still {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for Still {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn date(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_hours(500_000) + self.now()
    }

    fn wait(&self, time: Duration, _: &CancelToken) {
        self.advance(time);
    }
}

/// Keeps what is counted.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Mutex<Vec<Metered>>);

impl Meter for Kept {
    fn called(&self, call: &Metered) {
        self.0.lock().unwrap().push(*call);
    }
}

/// Options with a clock that stands still, short timeouts, and a breaker that opens after five failures.
pub(crate) fn options(clock: &Arc<Still>) -> ClientOptions {
    let usual = ClientOptions::default();
    ClientOptions {
        http: HttpSettings { timeout: Duration::from_millis(400), longest_body: 100_000, ..usual.http.clone() },
        breaker: BreakerSettings { failures: 5, ..BreakerSettings::default() },
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        chance: || 0.0,
        ..usual
    }
}

pub(crate) fn account(address: &str) -> Account {
    Account { address: Some(address.to_owned()), secret: SECRET.into(), price: 70_000 }
}
