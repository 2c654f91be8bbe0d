//! What is logged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use log::{LevelFilter, Log, Metadata, Record};
use milkrun::CancelToken;
use milkrun::travel::{SourceRun, TravelSource};

use super::stub::{Reply, Stub};
use super::{KEY, google, grid, mapbox};
use crate::ElementBudget;

/// Counts records, and keeps those with a key.
#[derive(Default)]
struct Watch {
    records: AtomicUsize,
    told: Mutex<Vec<String>>,
}

static WATCH: Watch = Watch { records: AtomicUsize::new(0), told: Mutex::new(Vec::new()) };

impl Log for Watch {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        self.records.fetch_add(1, Ordering::Relaxed);
        let text = record.args().to_string();
        if text.contains(KEY) {
            self.told.lock().unwrap().push(format!("{}: {text}", record.target()));
        }
    }

    fn flush(&self) {}
}

#[test]
fn no_key_is_logged() {
    log::set_logger(&WATCH).unwrap();
    log::set_max_level(LevelFilter::Debug);
    let stub = Stub::start(|asked, _| {
        let told = if asked.path.contains("moved") { Reply::status(200, "") } else { Reply::status(302, "") };
        told.with("location", format!("/moved?access_token={KEY}"))
    });
    let cancel = CancelToken::new();
    let (address, clock) = (stub.address(), std::sync::Arc::default());
    let mapbox = mapbox(&address, &clock, ElementBudget::unlimited());
    let google = google(&address, &clock, ElementBudget::unlimited());
    assert!(mapbox.table(&grid(3), SourceRun::new(&cancel)).is_err());
    assert!(google.table(&grid(3), SourceRun::new(&cancel)).is_err());
    assert!(WATCH.records.load(Ordering::Relaxed) > 0, "the HTTP library logs");
    assert_eq!(*WATCH.told.lock().unwrap(), [""; 0]);
}
