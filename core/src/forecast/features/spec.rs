//! The features, and their names.

use serde::{Deserialize, Serialize};

use crate::forecast::fault::{Checks, ForecastError};
use crate::model::Coord;

/// A statistic of the values in a window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stat {
    /// The mean.
    Mean,
    /// The standard deviation of a sample (divided by n − 1).
    Std,
    /// The minimum.
    Min,
    /// The maximum.
    Max,
    /// The quantile at this level, between 0 and 1, interpolated between order statistics (Hyndman and Fan's type 7).
    Quantile(f64),
}

/// A statistic of exponentially fading memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EwmStat {
    /// `m ← α·y + (1 − α)·m`, from the first value on.
    Mean,
    /// Root of `v ← (1 − α)·(v + α·(y − m)²)`, from 0 on.
    Std,
}

/// A part of the local date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CalendarPart {
    /// 0 (Monday) to 6 (Sunday).
    DayOfWeek,
    /// Day of the month, from 1.
    Day,
    /// Month, 1 to 12.
    Month,
    /// ISO 8601 week, 1 to 53.
    Week,
    /// Day of the year, from 1.
    DayOfYear,
    /// 1 on Saturday and Sunday, else 0.
    Weekend,
    /// Hour, 0 to 23.
    Hour,
    /// Quarter of the year, 1 to 4.
    Quarter,
    /// Year.
    Year,
}

/// How a day relates to the holidays of [`FeatureSpec::holidays`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HolidayPart {
    /// 1 on a holiday, else 0.
    Is,
    /// Days to the next holiday (0 on one), at most this many.
    DaysTo(u16),
    /// Days since the last holiday (0 on one), at most this many.
    DaysSince(u16),
}

/// A feature. Lags and windows count rows of the series; missing values (NaN) are ignored in windows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Feature {
    /// The value `lag` rows before.
    Lag(usize),
    /// The value `lag` rows before, minus that `period` rows earlier.
    Difference {
        /// How many rows back; at least 1.
        lag: usize,
        /// How many rows farther back.
        period: usize,
    },
    /// A statistic of `window` rows, the latest of them `lag` rows before.
    Rolling {
        /// How many rows back the window ends; at least 1.
        lag: usize,
        /// Number of rows.
        window: usize,
        /// The statistic.
        stat: Stat,
        /// Minimum number of values; with fewer, the feature is NaN. 0 means `window`.
        min_samples: usize,
    },
    /// A statistic of `window` rows that lie `season` rows apart, the latest of them `lag` rows before.
    SeasonalRolling {
        /// How many rows back the latest lies; at least 1.
        lag: usize,
        /// Distance between them, in rows.
        season: usize,
        /// Number of rows.
        window: usize,
        /// The statistic.
        stat: Stat,
        /// Minimum number of values; with fewer, the feature is NaN. 0 means `window`.
        min_samples: usize,
    },
    /// A statistic of all rows up to `lag` rows before.
    Expanding {
        /// How many rows back; at least 1.
        lag: usize,
        /// The statistic.
        stat: Stat,
    },
    /// Exponentially weighted rows up to `lag` rows before.
    Ewm {
        /// How many rows back; at least 1.
        lag: usize,
        /// The weight of the newest, above 0 and at most 1.
        alpha: f64,
        /// The statistic.
        stat: EwmStat,
    },
    /// A statistic of the rows in `[t − delay − span, t − delay)`: for irregular times.
    Span {
        /// How long the window is, in seconds.
        span: i64,
        /// How long before the row it ends, in seconds; at least 0.
        delay: i64,
        /// The statistic.
        stat: Stat,
    },
    /// Mean of the rows before `t − delay`, whose weight halves every `half_life`.
    SpanEwm {
        /// In seconds.
        half_life: i64,
        /// How long before the row the newest may lie, in seconds; at least 0.
        delay: i64,
    },
    /// A part of the local date.
    Calendar(CalendarPart),
    /// Sine and cosine of `2πk·t/period` for `k = 1 … order`: `2·order` columns, `t` in local seconds since 1970.
    Fourier {
        /// In seconds; a week is 604,800.
        period: i64,
        /// Number of pairs.
        order: usize,
    },
    /// How the local day relates to the holidays.
    Holiday(HolidayPart),
    /// Days (with a fraction) since the last event before the row; NaN before the first.
    SinceEvent,
    /// Mean of the latest values before `t − delay` of the `k` nearest other series (straight lines between
    /// coordinates), ignoring values older than `max_age`; NaN if all are.
    NeighbourMean {
        /// Number of neighbours.
        k: usize,
        /// How long before the row the newest may lie, in seconds; at least 0.
        delay: i64,
        /// Oldest age at the row, in seconds.
        max_age: i64,
    },
}

/// The features, in the order of their columns. With serde, it can be stored with a model that was trained on them.
///
/// ```
/// use milkrun::forecast::{Feature, FeatureSpec, Stat};
///
/// let kept = r#"{"features": [{"lag": 1}, {"rolling": {"lag": 1, "window": 7, "stat": "mean", "min_samples": 0}}]}"#;
/// let spec: FeatureSpec = serde_json::from_str(kept)?;
/// let week = Feature::Rolling { lag: 1, window: 7, stat: Stat::Mean, min_samples: 0 };
/// assert_eq!(spec, FeatureSpec::new([Feature::Lag(1), week]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureSpec {
    /// The features.
    pub features: Vec<Feature>,
    /// Local time minus UTC, in seconds: for calendar, holidays and Fourier terms.
    pub utc_offset: i64,
    /// Holidays as local days since 1970, in ascending order.
    pub holidays: Vec<i64>,
}

/// Data that some features need in addition to the values.
#[derive(Clone, Copy, Debug, Default)]
pub struct FeatureContext<'a> {
    /// For each series its events in ascending order, such as emptyings: for [`Feature::SinceEvent`].
    pub events: Option<&'a [Vec<i64>]>,
    /// The coordinates of each series: for [`Feature::NeighbourMean`].
    pub coords: Option<&'a [Coord]>,
}

impl FeatureSpec {
    /// Features in the given order, in UTC, without holidays.
    pub fn new(features: impl Into<Vec<Feature>>) -> Self {
        Self { features: features.into(), utc_offset: 0, holidays: Vec::new() }
    }

    /// Number of columns.
    pub fn num_columns(&self) -> usize {
        self.features.iter().map(|feature| feature.width()).sum()
    }

    /// The names of the columns: `lag7`, `rolling_mean_lag1_window28`, `sin1_604800s`, …
    pub fn columns(&self) -> Vec<String> {
        self.features.iter().flat_map(|feature| feature.columns()).collect()
    }

    pub(crate) fn check(&self, series: usize, context: &FeatureContext<'_>) -> Result<(), ForecastError> {
        let mut checks = Checks::default();
        for (i, feature) in self.features.iter().enumerate() {
            feature.check(&mut checks, &format!("features[{i}]"));
        }
        if !(-DAY..=DAY).contains(&self.utc_offset) {
            let message = "must be within a day of UTC";
            checks.fault("utc_offset", self.utc_offset, message, "give local time minus UTC, in seconds");
        }
        if let Some(i) = self.holidays.windows(2).position(|pair| pair[0] >= pair[1]) {
            let message = "is not after the previous holiday";
            checks.fault(format!("holidays[{}]", i + 1), self.holidays[i + 1], message, "sort the days");
        }
        self.check_context(&mut checks, series, context);
        checks.finish()
    }

    fn check_context(&self, checks: &mut Checks, series: usize, context: &FeatureContext<'_>) {
        if self.features.iter().any(|feature| matches!(feature, Feature::SinceEvent)) {
            match context.events {
                None => checks.fault("events", "none", "SinceEvent needs events", "give the events of each series"),
                Some(events) => {
                    checks.length("events", events.len(), "series", series);
                    for (i, list) in events.iter().enumerate().filter(|(_, list)| !list.is_sorted()) {
                        let remedy = "sort the times";
                        checks.fault(
                            format!("events[{i}]"),
                            format!("{} times", list.len()),
                            "are not in ascending order",
                            remedy,
                        );
                    }
                }
            }
        }
        if self.features.iter().any(|feature| matches!(feature, Feature::NeighbourMean { .. })) {
            match context.coords {
                None => checks.fault("coords", "none", "NeighbourMean needs coordinates", "give one for each series"),
                Some(coords) => {
                    checks.length("coords", coords.len(), "series", series);
                    for (i, c) in coords.iter().enumerate().filter(|(_, c)| !(c.x.is_finite() && c.y.is_finite())) {
                        let remedy = "give finite coordinates";
                        checks.fault(
                            format!("coords[{i}]"),
                            format!("({}, {})", c.x, c.y),
                            "is not a location",
                            remedy,
                        );
                    }
                }
            }
        }
    }
}

const DAY: i64 = 86_400;

/// The farthest that a lag or window may reach back, in rows: more is a mistake, and would waste memory.
const MAX_ROWS: usize = 1 << 24;

impl Feature {
    pub(crate) fn width(self) -> usize {
        if let Self::Fourier { order, .. } = self { 2 * order } else { 1 }
    }

    /// Whether the feature depends on the row's time alone.
    pub(crate) fn of_time_only(self) -> bool {
        matches!(self, Self::Calendar(_) | Self::Fourier { .. } | Self::Holiday(_))
    }

    fn columns(self) -> Vec<String> {
        let name = match self {
            Self::Lag(lag) => format!("lag{lag}"),
            Self::Difference { lag, period } => format!("difference_lag{lag}_period{period}"),
            Self::Rolling { lag, window, stat, .. } => format!("rolling_{}_lag{lag}_window{window}", stat.name()),
            Self::SeasonalRolling { lag, season, window, stat, .. } => {
                format!("seasonal_rolling_{}_lag{lag}_season{season}_window{window}", stat.name())
            }
            Self::Expanding { lag, stat } => format!("expanding_{}_lag{lag}", stat.name()),
            Self::Ewm { lag, alpha, stat: EwmStat::Mean } => format!("ewm_mean_lag{lag}_alpha{alpha}"),
            Self::Ewm { lag, alpha, stat: EwmStat::Std } => format!("ewm_std_lag{lag}_alpha{alpha}"),
            Self::Span { span, delay, stat } => format!("span_{}_{span}s{}", stat.name(), delayed(delay)),
            Self::SpanEwm { half_life, delay } => format!("span_ewm_mean_{half_life}s{}", delayed(delay)),
            Self::Calendar(part) => part.name().to_owned(),
            Self::Fourier { period, order } => {
                let pairs = (1..=order).flat_map(|k| [format!("sin{k}_{period}s"), format!("cos{k}_{period}s")]);
                return pairs.collect();
            }
            Self::Holiday(HolidayPart::Is) => "holiday".to_owned(),
            Self::Holiday(HolidayPart::DaysTo(_)) => "days_to_holiday".to_owned(),
            Self::Holiday(HolidayPart::DaysSince(_)) => "days_since_holiday".to_owned(),
            Self::SinceEvent => "days_since_event".to_owned(),
            Self::NeighbourMean { k, delay, .. } => format!("neighbour_mean_{k}{}", delayed(delay)),
        };
        vec![name]
    }

    fn check(self, checks: &mut Checks, path: &str) {
        let at = |field: &str| format!("{path}.{field}");
        let mut rows = |field: &str, value: usize| {
            checks.at_least_one(at(field), value);
            if value > MAX_ROWS {
                checks.fault(at(field), value, "exceeds 2^24 rows", "give fewer rows");
            }
        };
        match self {
            Self::Lag(lag) | Self::Expanding { lag, .. } | Self::Ewm { lag, .. } => rows("lag", lag),
            Self::Difference { lag, period } => {
                rows("lag", lag);
                rows("period", period);
            }
            Self::Rolling { lag, window, .. } => {
                rows("lag", lag);
                rows("window", window);
            }
            Self::SeasonalRolling { lag, season, window, .. } => {
                rows("lag", lag);
                rows("season", season);
                rows("window", window);
                if season.saturating_mul(window) > MAX_ROWS {
                    checks.fault(at("window"), window, "seasons exceed 2^24 rows together", "give fewer");
                }
            }
            _ => self.check_times(checks, path),
        }
        if let Self::Ewm { alpha, .. } = self
            && !(alpha > 0.0 && alpha <= 1.0)
        {
            checks.fault(at("alpha"), alpha, "must lie above 0 and not above 1", "give a weight such as 0.3");
        }
        if let Some(Stat::Quantile(level)) = self.stat()
            && !(0.0..=1.0).contains(&level)
        {
            checks.fault(at("stat"), level, "is not a level of a quantile", "give a fraction from 0 to 1");
        }
    }

    fn check_times(self, checks: &mut Checks, path: &str) {
        let at = |field: &str| format!("{path}.{field}");
        match self {
            Self::Span { span, .. } => checks.positive_time(at("span"), span),
            Self::SpanEwm { half_life, .. } => checks.positive_time(at("half_life"), half_life),
            Self::Fourier { period, order } => {
                checks.positive_time(at("period"), period);
                checks.at_least_one(at("order"), order);
                if order > 1000 {
                    checks.fault(at("order"), order, "exceeds 1000", "give fewer pairs");
                }
            }
            Self::NeighbourMean { k, max_age, .. } => {
                checks.at_least_one(at("k"), k);
                checks.positive_time(at("max_age"), max_age);
            }
            _ => {}
        }
        if let Self::Span { delay, .. } | Self::SpanEwm { delay, .. } | Self::NeighbourMean { delay, .. } = self {
            if delay < 0 {
                checks.fault(at("delay"), delay, "would look into the future", "give 0 or more seconds");
            } else if delay > 0 {
                checks.positive_time(at("delay"), delay);
            }
        }
    }

    pub(crate) fn stat(self) -> Option<Stat> {
        match self {
            Self::Rolling { stat, .. }
            | Self::SeasonalRolling { stat, .. }
            | Self::Expanding { stat, .. }
            | Self::Span { stat, .. } => Some(stat),
            _ => None,
        }
    }
}

fn delayed(delay: i64) -> String {
    if delay == 0 { String::new() } else { format!("_delay{delay}s") }
}

impl Stat {
    fn name(self) -> String {
        match self {
            Self::Mean => "mean".to_owned(),
            Self::Std => "std".to_owned(),
            Self::Min => "min".to_owned(),
            Self::Max => "max".to_owned(),
            Self::Quantile(level) => format!("q{level}"),
        }
    }
}

impl CalendarPart {
    fn name(self) -> &'static str {
        match self {
            Self::DayOfWeek => "day_of_week",
            Self::Day => "day",
            Self::Month => "month",
            Self::Week => "week",
            Self::DayOfYear => "day_of_year",
            Self::Weekend => "weekend",
            Self::Hour => "hour",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}
