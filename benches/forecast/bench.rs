//! The part of the forecasting benchmark that runs in Rust: reads a panel that `bench.py` wrote, prints one JSON line.
//!
//! `features PANEL SERIES DAYS REPS nine|all`, `as-of PANEL SERIES DAYS REPS QUESTIONS`, `models PANEL SERIES DAYS`

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use milkrun::forecast::{
    AsOfParams, AsOfTable, BacktestParams, CalendarPart, Croston, Ets, EwmStat, Feature, FeatureContext, FeatureSpec,
    Regular, SeasonalNaive, SeriesModel, SeriesSet, Stat, Theta, backtest, features,
};

/// 1 January 2025, in days since 1970.
const START: i64 = 20_089;
const DAY: i64 = 86_400;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |i: usize| -> Result<usize, Failure> { Ok(arguments.get(i).ok_or("an argument is missing")?.parse()?) };
    let word = |i: usize| arguments.get(i).map(String::as_str);
    let panel = floats(word(1).ok_or("the panel is missing")?)?;
    let (series, days) = (number(2)?, number(3)?);
    let line = match word(0) {
        Some("features") => bench_features(panel, series, days, number(4)?, word(5) == Some("nine"))?,
        Some("as-of") => bench_as_of(&panel, series, days, number(4)?, word(5).ok_or("the questions are missing")?)?,
        Some("models") => bench_models(&panel, series, days)?,
        _ => return Err("say features, as-of or models".into()),
    };
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn bytes(path: &str) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    std::fs::File::open(path)?.read_to_end(&mut content)?;
    Ok(content)
}

fn floats(path: &str) -> Result<Vec<f64>, Failure> {
    Ok(bytes(path)?.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect())
}

/// Resident memory in MiB, where the system tells.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()));
    pages.unwrap_or(f64::NAN) * 4096.0 / 1_048_576.0
}

/// Time that the processor gave to all threads, where the system tells: on a machine that others use, the clock tells less.
fn processor() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// Times on the clock and of the processor.
#[derive(Default)]
struct Times {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl Times {
    fn of<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (start, spent) = (Instant::now(), processor());
        let result = work();
        self.wall.push(start.elapsed());
        self.cpu.push(processor().saturating_sub(spent));
        result
    }

    fn line(&mut self, rest: &str) -> String {
        self.wall.sort();
        self.cpu.sort();
        let seconds = |times: &[Duration], i: usize| times.get(i).map_or(f64::NAN, Duration::as_secs_f64);
        let middle = self.wall.len() / 2;
        format!(
            "{{\"best_s\": {:.3}, \"median_s\": {:.3}, \"best_cpu_s\": {:.3}, {rest}}}",
            seconds(&self.wall, 0),
            seconds(&self.wall, middle),
            seconds(&self.cpu, 0)
        )
    }
}

fn names(series: usize) -> Vec<String> {
    (0..series).map(|i| i.to_string()).collect()
}

fn days_of(series: usize, days: usize) -> Vec<i64> {
    (0..series).flat_map(|_| (0..days as i64).map(|day| (START + day) * DAY)).collect()
}

fn spec(nine: bool) -> FeatureSpec {
    let rolling = |window, stat| Feature::Rolling { lag: 1, window, stat, min_samples: 0 };
    let mut all = [1, 7, 14, 28].map(Feature::Lag).to_vec();
    all.extend([rolling(7, Stat::Mean), rolling(7, Stat::Std), rolling(28, Stat::Mean), rolling(28, Stat::Std)]);
    all.push(Feature::Ewm { lag: 1, alpha: 0.3, stat: EwmStat::Mean });
    if !nine {
        let parts = [
            CalendarPart::DayOfWeek,
            CalendarPart::Day,
            CalendarPart::Month,
            CalendarPart::Week,
            CalendarPart::DayOfYear,
            CalendarPart::Weekend,
        ];
        all.extend(parts.map(Feature::Calendar));
        all.push(Feature::Fourier { period: 7 * DAY, order: 3 });
    }
    FeatureSpec::new(all)
}

fn bench_features(panel: Vec<f64>, series: usize, days: usize, reps: usize, nine: bool) -> Result<String, Failure> {
    let starts = (0..=series).map(|i| i * days).collect();
    let set = SeriesSet::from_parts(names(series), starts, days_of(series, days), panel)?;
    let spec = spec(nine);
    let base = resident();
    let mut times = Times::default();
    let (mut sum, mut peak) = (0.0, 0.0_f64);
    for _ in 0..reps {
        let matrix = times.of(|| features::<f32>(&set, &spec, &FeatureContext::default()))?;
        // Everything it holds is resident now, and nothing it used meanwhile is larger.
        peak = peak.max(resident() - base);
        let first = matrix.values.columns().into_iter().take(9);
        sum = first.flat_map(|column| column.into_iter().copied()).filter(|v| !v.is_nan()).map(f64::from).sum();
    }
    Ok(times.line(&format!("\"peak_extra_mb\": {peak:.0}, \"check\": {sum:.1}")))
}

fn bench_as_of(panel: &[f64], series: usize, days: usize, reps: usize, questions: &str) -> Result<String, Failure> {
    let rows = panel.len();
    let keys: Vec<u32> = (0..rows).map(|row| (row / days) as u32).collect();
    let events = days_of(series, days);
    let start = Instant::now();
    let table = AsOfTable::new(series, &keys, &events, &events, panel)?;
    let built = start.elapsed();
    let questions = bytes(questions)?;
    let whole: Vec<i64> = questions.as_chunks().0.iter().map(|chunk| i64::from_le_bytes(*chunk)).collect();
    let (asked, times) = whole.split_at(whole.len() / 2);
    let asked: Vec<u32> = asked.iter().map(|&key| key as u32).collect();
    let params = AsOfParams { tolerance: Some(2 * DAY), allow_exact: true };
    let base = resident();
    let (mut spent, mut sum, mut peak) = (Times::default(), 0.0, 0.0_f64);
    for _ in 0..reps {
        let found = spent.of(|| table.join_values(&asked, times, &params))?;
        peak = peak.max(resident() - base);
        sum = found.iter().filter(|v| !v.is_nan()).sum();
    }
    let rest = format!("\"peak_extra_mb\": {peak:.0}, \"build_s\": {:.3}, \"check\": {sum:.1}", built.as_secs_f64());
    Ok(spent.line(&rest))
}

fn bench_models(panel: &[f64], series: usize, days: usize) -> Result<String, Failure> {
    let regular: Vec<Regular> =
        panel.chunks(days).take(series).map(|v| Regular { start: 0, step: DAY, values: v.to_vec() }).collect();
    let models: Vec<Box<dyn SeriesModel>> = vec![
        Box::new(SeasonalNaive { season: 7 }),
        Box::new(Croston::default()),
        Box::new(Theta { season: 7 }),
        Box::new(Ets { season: 7 }),
    ];
    let params = BacktestParams { horizon: 14, origins: 1, step: 14, season: 7, levels: vec![0.1, 0.9] };
    let mut lines = Vec::new();
    for model in models {
        let start = processor();
        let scores = backtest(&regular, std::slice::from_ref(&model), &params)?.remove(0);
        let ms = processor().saturating_sub(start).as_secs_f64() * 1e3 / regular.len() as f64;
        lines.push(format!(
            "{{\"model\": {:?}, \"ms_per_series\": {ms:.4}, \"mae\": {:.4}, \"mase\": {:.4}, \"in_80\": {:.3}}}",
            scores.model, scores.mae, scores.mase, scores.coverage
        ));
    }
    Ok(format!("[{}]", lines.join(", ")))
}
