//! Sources against servers that keep the services' limits, and fail in all the ways servers do.

mod cache;
mod fakes;
mod faults;
mod logs;
mod spending;
mod stub;
mod tables;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use milkrun::CancelToken;
use milkrun::travel::{Approach, SourcePoint};

use crate::web::Clock;
use crate::{
    ElementBudget, Google, GoogleOptions, HttpSettings, Mapbox, MapboxOptions, Osrm, OsrmOptions, Valhalla,
    ValhallaOptions,
};

/// A key that must be seen nowhere.
const KEY: &str = "pk.very-secret_key";

/// A clock that does not wait: time passes when it is asked to. It may cancel a token when a wait begins.
#[derive(Default)]
struct FakeClock {
    passed: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
    cancels: Mutex<Option<CancelToken>>,
}

impl FakeClock {
    fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    fn date(&self) -> SystemTime {
        // Saturday, 28 November 2026, noon.
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_867_200) + self.now()
    }

    fn wait(&self, time: Duration, cancel: &CancelToken) {
        if let Some(token) = &*self.cancels.lock().unwrap() {
            token.cancel();
        }
        assert!(!time.is_zero(), "a wait of no length would never end");
        if !cancel.is_cancelled() {
            *self.passed.lock().unwrap() += time;
            self.waits.lock().unwrap().push(time);
        }
    }
}

/// Points on a grid of a hundred metres, some of which must be approached at the curb.
fn grid(count: usize) -> Vec<SourcePoint> {
    let point = |i: usize| {
        let (x, y) = (7.4 + 0.001 * (i % 10) as f64, 43.7 + 0.001 * (i / 10) as f64);
        let approach = if i % 7 == 3 { Approach::Curb } else { Approach::Any };
        SourcePoint::new(x, y).named(format!("bin {i}")).approach(approach)
    };
    (0..count).map(point).collect()
}

fn http() -> HttpSettings {
    HttpSettings { timeout: Duration::from_secs(30), attempts: 4, ..HttpSettings::default() }
}

fn osrm(address: &str, clock: &Arc<FakeClock>, http: HttpSettings) -> Osrm {
    let mut source =
        Osrm::new(address, OsrmOptions { http, table_size: 10, route_size: 5, ..Default::default() }).unwrap();
    source.http.set_clock(Arc::clone(clock) as Arc<dyn Clock>);
    source
}

fn valhalla(address: &str, clock: &Arc<FakeClock>, options: ValhallaOptions) -> Valhalla {
    let mut source = Valhalla::new(address, ValhallaOptions { http: http(), ..options }).unwrap();
    source.http.set_clock(Arc::clone(clock) as Arc<dyn Clock>);
    source
}

fn mapbox(address: &str, clock: &Arc<FakeClock>, budget: ElementBudget) -> Mapbox {
    let options = MapboxOptions { address: address.to_owned(), http: http(), ..Default::default() };
    let mut source = Mapbox::new(KEY.to_owned(), budget, options).unwrap();
    source.http.set_clock(Arc::clone(clock) as Arc<dyn Clock>);
    source
}

fn google(address: &str, clock: &Arc<FakeClock>, budget: ElementBudget) -> Google {
    let options = GoogleOptions { address: address.to_owned(), http: http(), ..Default::default() };
    let mut source = Google::new(KEY.to_owned(), budget, options).unwrap();
    source.http.set_clock(Arc::clone(clock) as Arc<dyn Clock>);
    source
}
