//! Answers kept on disk, around any source.

mod missing;
mod row;
mod store;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use etcetera::BaseStrategy as _;
use milkrun::travel::{
    Leg, SourceError, SourceLimits, SourcePoint, SourceProgress, SourceRun, TableRequest, TravelBlock, TravelSource,
    UNREACHABLE,
};

use crate::chunk::shape;
use missing::{Group, Unique, groups};
use row::{Cell, PointKey, Row};
use store::{Found, Store};

/// Where answers are kept, and how much of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheOptions {
    /// The folder; it is made if it is not there. Several processes may share it.
    pub folder: PathBuf,
    /// Most bytes: what was written longest ago goes first. A gibibyte unless given, some sixty million cells.
    pub limit: u64,
}

impl CacheOptions {
    /// A gibibyte in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), limit: 1 << 30 }
    }

    /// A gibibyte in the folder that the system has for caches: `~/.cache/milkrun/travel` on Linux.
    pub fn in_user_folder() -> Result<Self, CacheError> {
        let folders = etcetera::choose_base_strategy().map_err(|_| CacheError::NoHome)?;
        Ok(Self::new(folders.cache_dir().join("milkrun").join("travel")))
    }
}

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The user has no home folder.
    #[error("the folder for caches is not known, as there is no home folder: name a folder")]
    NoHome,
    /// The folder cannot be made or written to.
    #[error("answers cannot be kept in {}: {error}; name another folder, or correct its permissions", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// What a cache did since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Cells that were found on disk.
    pub found: u64,
    /// Cells that the source was asked for.
    pub asked: u64,
    /// Files that were damaged, and ignored.
    pub damaged: u64,
    /// Why answers could not be kept, the last time this happened. They were used all the same.
    pub unwritten: Option<String>,
}

/// A source whose tables are kept on disk: of a table that grows by one point, only a row and a column are asked for.
///
/// Cells are recognised by the source's [identity](TravelSource::identity), which names profile, options and date of the
/// data, and by their two points: coordinates to a millionth of a degree, and the side of the street. Every answer is kept
/// as soon as it comes, so that nothing is paid for twice where a later one fails. Files have a version and a checksum; a
/// damaged one is asked for again. Paths along points are passed through to the source.
pub struct Cache<S> {
    source: S,
    store: Store,
    found: AtomicU64,
    asked: AtomicU64,
    damaged: AtomicU64,
    unwritten: Mutex<Option<String>>,
}

impl<S: TravelSource> Cache<S> {
    /// Keeps the answers of a source.
    pub fn open(source: S, options: CacheOptions) -> Result<Self, CacheError> {
        let CacheOptions { folder, limit } = options;
        let store = Store::open(&folder, limit).map_err(|error| CacheError::Folder { folder, error })?;
        let [found, asked, damaged] = Default::default();
        Ok(Self { source, store, found, asked, damaged, unwritten: Mutex::default() })
    }

    /// The source.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// What was done since the cache was opened.
    pub fn stats(&self) -> CacheStats {
        let [found, asked, damaged] =
            [&self.found, &self.asked, &self.damaged].map(|count| count.load(Ordering::Relaxed));
        let unwritten = self.unwritten.lock().unwrap_or_else(PoisonError::into_inner).clone();
        CacheStats { found, asked, damaged, unwritten }
    }

    /// Asks for a group's cells, some rows at a time, and keeps them.
    fn ask(
        &self,
        request: &TableRequest<'_>,
        (origins, destinations): (&Unique, &Unique),
        group: &Group,
        whole: &mut TravelBlock,
        progress: &dyn Fn(u64),
    ) -> Result<(), SourceError> {
        let columns: Vec<usize> = group.columns.iter().map(|&column| destinations.points[column]).collect();
        let all: Vec<usize> = group.rows.iter().map(|&row| origins.points[row]).collect();
        let (height, _) = shape(&all, &columns, &self.source.limits());
        let mut done = 0;
        for rows in group.rows.chunks(height) {
            let points: Vec<usize> = rows.iter().map(|&row| origins.points[row]).collect();
            let before = done;
            let hear = |part: SourceProgress| progress(before + part.done);
            let run = SourceRun { progress: &hear, ..request.run };
            let part = TableRequest { points: request.points, origins: &points, destinations: &columns, run };
            let block = self.source.block(&part)?;
            for (i, &row) in rows.iter().enumerate() {
                let cells = group.columns.iter().enumerate().map(|(j, &column)| {
                    let (distance, duration) = block.get(i, j).unwrap_or((UNREACHABLE, UNREACHABLE));
                    let cell =
                        Cell { to: destinations.keys[column], metres: distance as i32, seconds: duration as i32 };
                    put(whole, (row, column), cell);
                    cell
                });
                self.keep(origins.keys[row], cells.collect());
            }
            done += part.cells();
            self.asked.fetch_add(part.cells(), Ordering::Relaxed);
        }
        Ok(())
    }

    fn keep(&self, from: PointKey, cells: Vec<Cell>) {
        if let Err(error) = self.store.merge(&self.source.identity(), from, cells) {
            *self.unwritten.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
        }
    }

    /// The row from a point, as far as it is kept.
    fn row(&self, from: PointKey) -> Row {
        match self.store.load(&self.source.identity(), from) {
            Found::Row(row) => row,
            Found::Nothing => Row::default(),
            Found::Damaged => {
                self.damaged.fetch_add(1, Ordering::Relaxed);
                Row::default()
            }
        }
    }
}

fn put(block: &mut TravelBlock, (row, column): (usize, usize), cell: Cell) {
    let open = i64::from(cell.metres) < UNREACHABLE && i64::from(cell.seconds) < UNREACHABLE;
    let set = block.set(row, column, open.then(|| (f64::from(cell.metres), f64::from(cell.seconds))));
    debug_assert_eq!(set, Ok(()), "what comes from a block or was checked when it was read is within range");
}

impl<S: TravelSource> TravelSource for Cache<S> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn describe(&self) -> String {
        self.source.describe()
    }

    fn identity(&self) -> String {
        self.source.identity()
    }

    fn is_estimate(&self) -> bool {
        self.source.is_estimate()
    }

    fn limits(&self) -> SourceLimits {
        self.source.limits()
    }

    fn check_budget(&self, cells: u64) -> Result<(), SourceError> {
        self.source.check_budget(cells)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        request.check(self.name())?;
        let origins = Unique::new(request.points, request.origins);
        let destinations = Unique::new(request.points, request.destinations);
        let mut whole = TravelBlock::new(origins.points.len(), destinations.points.len());
        let mut missing = Vec::with_capacity(origins.points.len());
        for (i, &from) in origins.keys.iter().enumerate() {
            request.run.check(self.name())?;
            let row = self.row(from);
            let mut lacks = Vec::new();
            for (j, &to) in destinations.keys.iter().enumerate() {
                match row.get(to) {
                    _ if from == to => put(&mut whole, (i, j), Cell { to, metres: 0, seconds: 0 }),
                    Some(cell) => put(&mut whole, (i, j), cell),
                    None => lacks.push(j),
                }
            }
            missing.push(lacks);
        }
        let groups = groups(&origins.keys, &destinations.keys, missing);
        let needed: u64 = groups.iter().map(Group::cells).sum();
        self.found.fetch_add((whole.rows() as u64 * whole.columns() as u64).saturating_sub(needed), Ordering::Relaxed);
        self.source.check_budget(needed)?;
        let total = request.cells();
        let mut done = total.saturating_sub(needed);
        (request.run.progress)(SourceProgress { done, total });
        for group in &groups {
            let before = done;
            let hear = |part: u64| (request.run.progress)(SourceProgress { done: (before + part).min(total), total });
            self.ask(request, (&origins, &destinations), group, &mut whole, &hear)?;
            done += group.cells();
        }
        if !groups.is_empty() {
            self.store.evict();
        }
        Ok(missing::expanded(&whole, &origins, &destinations))
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        self.source.legs(points, run)
    }
}

impl<S: fmt::Debug> fmt::Debug for Cache<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("source", &self.source).field("store", &self.store).finish_non_exhaustive()
    }
}
