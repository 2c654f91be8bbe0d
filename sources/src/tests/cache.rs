//! What is kept is not asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use milkrun::CancelToken;
use milkrun::travel::{
    Approach, Leg, SourceError, SourceLimits, SourcePoint, SourceRun, TableRequest, TravelBlock, TravelSource,
};

use super::fakes::{place, travel};
use super::grid;
use crate::{Cache, CacheError, CacheOptions, ElementBudget};

/// A source that counts, and fails at a request if it is told to.
struct Counting {
    date: &'static str,
    requests: AtomicU64,
    cells: AtomicU64,
    fails_at: u64,
    budget: ElementBudget,
}

impl Counting {
    fn new() -> Self {
        let [requests, cells] = Default::default();
        Self { date: "today", requests, cells, fails_at: u64::MAX, budget: ElementBudget::unlimited() }
    }
}

impl TravelSource for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn describe(&self) -> String {
        "counting".to_owned()
    }

    fn identity(&self) -> String {
        format!("counting; {}", self.date)
    }

    fn limits(&self) -> SourceLimits {
        let mut limits = SourceLimits::default();
        limits.cells = Some(625);
        limits
    }

    fn check_budget(&self, cells: u64) -> Result<(), SourceError> {
        self.budget.check("counting", cells)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) == self.fails_at {
            return Err(SourceError::answer("counting", "a table", "out of order"));
        }
        self.cells.fetch_add(request.cells(), Ordering::Relaxed);
        let mut block = TravelBlock::new(request.origins.len(), request.destinations.len());
        let of = |index: usize| {
            let point: &SourcePoint = &request.points[index];
            place(point.coord.x, point.coord.y, point.approach == Approach::Curb)
        };
        for (row, &from) in request.origins.iter().enumerate() {
            for (column, &to) in request.destinations.iter().enumerate() {
                block.set(row, column, travel(of(from), of(to))).unwrap();
            }
        }
        Ok(block)
    }

    fn legs(&self, _: &[SourcePoint], _: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        Ok(Vec::new())
    }
}

fn opened(folder: &Path, source: Counting) -> Cache<Counting> {
    Cache::open(source, CacheOptions::new(folder)).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut files: Vec<PathBuf> = list(folder).iter().flat_map(|folder| list(folder)).collect();
    files.sort();
    files
}

#[test]
fn the_second_time_nothing_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (points, cancel) = (grid(60), CancelToken::new());
    let run = SourceRun::new(&cancel);
    let first = opened(folder.path(), Counting::new());
    let table = first.table(&points, run).unwrap();
    assert_eq!(table, Counting::new().table(&points, run).unwrap());
    assert_eq!(first.stats().asked, 3_600);
    let second = opened(folder.path(), Counting::new());
    assert_eq!(second.table(&points, run).unwrap(), table);
    assert_eq!(second.source().requests.load(Ordering::Relaxed), 0);
    assert_eq!((second.stats().found, second.stats().asked, second.stats().damaged), (3_600, 0, 0));
    // Other data, and another side of the street, are other cells.
    let newer = opened(folder.path(), Counting { date: "tomorrow", ..Counting::new() });
    newer.table(&points[..2], run).unwrap();
    assert_eq!(newer.stats().asked, 4);
    let curb: Vec<SourcePoint> = points[..2].iter().map(|point| point.clone().approach(Approach::Curb)).collect();
    second.table(&curb, run).unwrap();
    assert_eq!(second.stats().asked, 4);
}

#[test]
fn a_new_point_costs_a_row_and_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let (points, cancel) = (grid(60), CancelToken::new());
    let run = SourceRun::new(&cancel);
    opened(folder.path(), Counting::new()).table(&points[..59], run).unwrap();
    let mut mixed = points.clone();
    mixed.swap(7, 59);
    let cache = opened(folder.path(), Counting::new());
    assert_eq!(cache.table(&mixed, run).unwrap(), Counting::new().table(&mixed, run).unwrap());
    // The new row with the cell to the point itself, and the rest of the new column.
    assert_eq!(cache.source().cells.load(Ordering::Relaxed), 60 + 59);
    assert!(cache.source().requests.load(Ordering::Relaxed) <= 3);
}

#[test]
fn a_point_that_is_there_twice_is_asked_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    let mut points = grid(5);
    points.push(points[1].clone().named("the same place"));
    points.push(SourcePoint::new(points[2].coord.x + 2e-8, points[2].coord.y));
    let cache = opened(folder.path(), Counting::new());
    let table = cache.table(&points, run).unwrap();
    assert_eq!(cache.source().cells.load(Ordering::Relaxed), 25);
    assert_eq!((table.distance.get(1, 5), table.duration.get(6, 2)), (0, 0));
    assert_eq!(table.distance.get(0, 5), table.distance.get(0, 1));
    assert_eq!(table.distance.get(6, 3), table.distance.get(2, 3));
}

#[test]
fn what_was_answered_before_a_failure_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (points, cancel) = (grid(60), CancelToken::new());
    let run = SourceRun::new(&cancel);
    let failing = opened(folder.path(), Counting { fails_at: 2, ..Counting::new() });
    assert!(failing.table(&points, run).is_err());
    let kept = failing.stats().asked;
    assert!(kept > 1_000, "two parts of the table: {kept}");
    let cache = opened(folder.path(), Counting::new());
    cache.table(&points, run).unwrap();
    assert_eq!(cache.source().cells.load(Ordering::Relaxed), 3_600 - kept);
}

#[test]
fn the_budget_holds_for_what_is_missing_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (points, cancel) = (grid(60), CancelToken::new());
    let run = SourceRun::new(&cancel);
    let poor = || Counting { budget: ElementBudget::new(1_000), ..Counting::new() };
    let error = opened(folder.path(), poor()).table(&points, run).unwrap_err();
    assert!(matches!(error, SourceError::OverBudget { needed: 3_600, left: 1_000, .. }), "{error}");
    assert_eq!(files(folder.path()).len(), 0);
    opened(folder.path(), Counting::new()).table(&points[..55], run).unwrap();
    assert!(opened(folder.path(), poor()).table(&points, run).is_ok());
}

#[test]
fn a_damaged_file_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let (points, cancel) = (grid(20), CancelToken::new());
    let run = SourceRun::new(&cancel);
    let table = opened(folder.path(), Counting::new()).table(&points, run).unwrap();
    let files = files(folder.path());
    assert_eq!(files.len(), 20);
    let whole = fs::read(&files[0]).unwrap();
    fs::write(&files[0], &whole[..whole.len() - 1]).unwrap();
    fs::write(&files[1], "").unwrap();
    // A file of another row.
    fs::write(&files[2], &whole).unwrap();
    let cache = opened(folder.path(), Counting::new());
    assert_eq!(cache.table(&points, run).unwrap(), table);
    assert_eq!((cache.stats().damaged, cache.source().cells.load(Ordering::Relaxed)), (3, 60));
    let cache = opened(folder.path(), Counting::new());
    cache.table(&points, run).unwrap();
    assert_eq!((cache.stats().damaged, cache.stats().asked), (0, 0));
}

#[test]
fn what_was_written_longest_ago_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    let points = grid(60);
    let old = opened(folder.path(), Counting::new());
    old.table(&points[..10], run).unwrap();
    let written = files(folder.path());
    let size = fs::metadata(&written[0]).unwrap().len();
    for file in &written {
        let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
        fs::File::options().write(true).open(file).unwrap().set_modified(hour_ago).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "not a cache's").unwrap();
    fs::write(written[0].with_file_name("notes.txt"), "nor this").unwrap();
    let options = CacheOptions { limit: size * 15, ..CacheOptions::new(folder.path()) };
    let cache = Cache::open(Counting::new(), options).unwrap();
    cache.table(&points[50..], run).unwrap();
    let rows = |file: &&PathBuf| file.exists() && file.extension().is_some_and(|ending| ending == "row");
    assert_eq!(written.iter().filter(rows).count(), 5, "ten new rows, and five of the old ones");
    assert!(folder.path().join("notes.txt").exists() && written[0].with_file_name("notes.txt").exists());
    let again = opened(folder.path(), Counting::new());
    again.table(&points[50..], run).unwrap();
    assert_eq!(again.stats().asked, 0);
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_and_one_that_vanishes_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Cache::open(Counting::new(), CacheOptions::new(file.join("below"))).map(drop).unwrap_err();
    assert!(matches!(error, CacheError::Folder { .. }) && error.to_string().contains("name another folder"), "{error}");
    let below = folder.path().join("cache");
    let cache = opened(&below, Counting::new());
    fs::remove_dir(&below).unwrap();
    fs::write(&below, "in its place").unwrap();
    let cancel = CancelToken::new();
    assert!(cache.table(&grid(5), SourceRun::new(&cancel)).is_ok());
    assert!(cache.stats().unwritten.is_some());
}

#[test]
fn a_cancelled_request_ends_before_the_source_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let cancel = CancelToken::new();
    cancel.cancel();
    let cache = opened(folder.path(), Counting::new());
    assert!(matches!(cache.table(&grid(5), SourceRun::new(&cancel)), Err(SourceError::Cancelled { .. })));
    assert_eq!(cache.stats().asked, 0);
}

#[test]
fn threads_share_a_cache() {
    let folder = tempfile::tempdir().unwrap();
    let points = grid(40);
    let cache = opened(folder.path(), Counting::new());
    let cancel = CancelToken::new();
    let expected = Counting::new().table(&points, SourceRun::new(&cancel)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(cache.table(&points, SourceRun::new(&cancel)).unwrap(), expected));
        }
    });
    let again = opened(folder.path(), Counting::new());
    again.table(&points, SourceRun::new(&cancel)).unwrap();
    assert_eq!((again.stats().asked, again.stats().damaged), (0, 0));
}
