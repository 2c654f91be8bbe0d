//! The base of all windowed features: values enter, and leave in the same order.
//!
//! The matrix of a whole history and the row of a new reading run the same code, so their results cannot differ.

use super::moments::Moments;
use super::order::{Extreme, Sorted};
use super::spec::{EwmStat, Feature, Stat};

/// A window whose contents change at both ends.
pub(super) trait Window {
    /// A value enters; NaN is none.
    fn enter(&mut self, value: f64);
    /// The oldest value leaves.
    fn leave(&mut self, value: f64);
    /// A value enters, and the oldest leaves.
    #[inline]
    fn exchange(&mut self, new: f64, old: f64) {
        self.enter(new);
        self.leave(old);
    }
    /// The value of the feature.
    fn value(&self) -> f64;
    /// Recomputes from the window's contents, oldest first: sliding sums accumulate rounding errors.
    fn refresh(&mut self, _contents: &mut dyn Iterator<Item = f64>) {}
}

/// How often sums are recomputed, in rows.
pub(super) const REFRESH: usize = 512;

/// The value that entered last.
#[derive(Clone, Debug)]
pub(super) struct Newest(f64);

impl Window for Newest {
    #[inline]
    fn enter(&mut self, value: f64) {
        self.0 = value;
    }
    #[inline]
    fn leave(&mut self, _: f64) {}
    #[inline]
    fn value(&self) -> f64 {
        self.0
    }
}

/// The value that entered last, minus that which left last.
#[derive(Clone, Debug)]
pub(super) struct Change {
    newest: f64,
    left: f64,
}

impl Window for Change {
    #[inline]
    fn enter(&mut self, value: f64) {
        self.newest = value;
    }
    #[inline]
    fn leave(&mut self, value: f64) {
        self.left = value;
    }
    #[inline]
    fn value(&self) -> f64 {
        self.newest - self.left
    }
}

/// Exponentially fading memory.
#[derive(Clone, Debug)]
pub(super) struct Ewm {
    alpha: f64,
    mean: f64,
    variance: f64,
    stat: EwmStat,
}

impl Window for Ewm {
    #[inline]
    fn enter(&mut self, value: f64) {
        if self.mean.is_nan() {
            self.mean = value;
        } else if !value.is_nan() {
            let difference = value - self.mean;
            self.mean = self.alpha * value + (1.0 - self.alpha) * self.mean;
            self.variance = (1.0 - self.alpha) * (self.variance + self.alpha * difference * difference);
        }
    }
    #[inline]
    fn leave(&mut self, _: f64) {}
    #[inline]
    fn value(&self) -> f64 {
        match self.stat {
            EwmStat::Mean => self.mean,
            EwmStat::Std if self.mean.is_nan() => f64::NAN,
            EwmStat::Std => self.variance.sqrt(),
        }
    }
}

/// Any window, for collections of different kinds.
#[derive(Clone, Debug)]
pub(super) enum AnyWindow {
    Newest(Newest),
    Change(Change),
    Ewm(Ewm),
    Moments(Moments),
    Extreme(Extreme),
    Sorted(Sorted),
}

/// Runs `$body` with the kind of window that it is.
macro_rules! with_window {
    ($any:expr, $window:pat => $body:expr) => {
        match $any {
            AnyWindow::Newest($window) => $body,
            AnyWindow::Change($window) => $body,
            AnyWindow::Ewm($window) => $body,
            AnyWindow::Moments($window) => $body,
            AnyWindow::Extreme($window) => $body,
            AnyWindow::Sorted($window) => $body,
        }
    };
}
pub(super) use with_window;

impl AnyWindow {
    pub(super) fn of_stat(stat: Stat, min_samples: usize) -> Self {
        match stat {
            Stat::Mean => Self::Moments(Moments::mean(min_samples)),
            Stat::Std => Self::Moments(Moments::std(min_samples)),
            Stat::Min => Self::Extreme(Extreme::min(min_samples)),
            Stat::Max => Self::Extreme(Extreme::max(min_samples)),
            Stat::Quantile(level) => Self::Sorted(Sorted::new(level, min_samples)),
        }
    }
}

/// A feature whose window is counted in rows.
#[derive(Clone, Debug)]
pub(super) struct RowWindow {
    /// How many rows before the row the newest value lies.
    pub(super) lag: usize,
    /// How many rows after its entry a value leaves; `None`: never.
    pub(super) width: Option<usize>,
    /// One window for each phase of the season.
    pub(super) phases: Vec<AnyWindow>,
}

impl RowWindow {
    /// The windows of a feature; `None` if it does not count rows.
    pub(super) fn of(feature: Feature) -> Option<Self> {
        let one = |lag, width, window| Some(Self { lag, width, phases: vec![window] });
        let least = |min: usize, window: usize| if min == 0 { window } else { min };
        match feature {
            Feature::Lag(lag) => one(lag, None, AnyWindow::Newest(Newest(f64::NAN))),
            Feature::Difference { lag, period } => {
                one(lag, Some(period), AnyWindow::Change(Change { newest: f64::NAN, left: f64::NAN }))
            }
            Feature::Rolling { lag, window, stat, min_samples } => {
                one(lag, Some(window), AnyWindow::of_stat(stat, least(min_samples, window)))
            }
            Feature::SeasonalRolling { lag, season, window, stat, min_samples } => {
                let phase = AnyWindow::of_stat(stat, least(min_samples, window));
                Some(Self { lag, width: Some(season * window), phases: vec![phase; season] })
            }
            Feature::Expanding { lag, stat } => one(lag, None, AnyWindow::of_stat(stat, 1)),
            Feature::Ewm { lag, alpha, stat } => {
                one(lag, None, AnyWindow::Ewm(Ewm { alpha, mean: f64::NAN, variance: 0.0, stat }))
            }
            _ => None,
        }
    }

    /// How many rows of history the windows need.
    pub(super) fn reach(&self) -> usize {
        self.lag + self.width.unwrap_or(0)
    }
}
