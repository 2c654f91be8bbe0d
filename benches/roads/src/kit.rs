//! What the programs share: random numbers, percentiles, memory, and points on disk.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use milkrun::Coord;

pub type Outcome = Result<(), String>;

/// Numbers that are the same on every machine (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// From 0 to below 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, most: usize) -> usize {
        ((self.share() * most as f64) as usize).min(most - 1)
    }
}

/// The time that something takes, in seconds, and what comes of it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed().as_secs_f64(), result)
}

/// The value below which a share of all lies.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

/// Prints a measure for the parent.
pub fn tell(measure: &str, value: f64) {
    println!("{measure} {value}");
}

/// Tells the peak of this process's memory in megabytes, where the system says it.
pub fn tell_memory(measure: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<f64> = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
    if let Some(kilobytes) = kilobytes {
        tell(measure, kilobytes / 1024.0);
    }
}

/// Writes points as CSV.
pub fn write_points(path: &Path, points: &[Coord]) -> Outcome {
    let mut text = "lon,lat\n".to_owned();
    for point in points {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:.6},{:.6}", point.x, point.y);
    }
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads what [`write_points`] wrote.
pub fn read_points(path: &Path) -> Result<Vec<Coord>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let point = |line: &str| {
        let (lon, lat) = line.split_once(',')?;
        Some(Coord::new(lon.parse().ok()?, lat.parse().ok()?))
    };
    let points: Option<Vec<Coord>> = text.lines().skip(1).map(point).collect();
    points.ok_or_else(|| format!("{}: a line is not a longitude and a latitude", path.display()))
}
