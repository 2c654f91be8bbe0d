//! Time along a piece of route.

/// How long a piece of route takes, and when it is best begun (Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018).
///
/// All starts in `early ..= late` give the least duration and the least lateness. Lateness is counted as time warp: what
/// one would have to travel back in time so as to serve every stop in its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeSegment {
    /// Least duration, waiting and service included.
    pub(crate) duration: i64,
    /// Least time warp; zero: feasible.
    pub(crate) time_warp: i64,
    /// Earliest start of service at the first stop that gives the least duration.
    pub(crate) early: i64,
    /// Latest start of service at the first stop that gives the least time warp.
    pub(crate) late: i64,
}

impl TimeSegment {
    /// A single stop.
    pub(crate) const fn stop(early: i64, late: i64, service: i64) -> Self {
        Self { duration: service, time_warp: 0, early, late }
    }

    /// This piece, then `travel`, then `next`.
    #[inline]
    pub(crate) fn then(self, travel: i64, next: Self) -> Self {
        let delta = self.duration - self.time_warp + travel;
        let wait = (next.early - delta - self.late).max(0);
        let warp = (self.early + delta - next.late).max(0);
        Self {
            duration: self.duration + travel + wait + next.duration,
            time_warp: self.time_warp + warp + next.time_warp,
            early: (next.early - delta).max(self.early) - wait,
            late: (next.late - delta).min(self.late) + warp,
        }
    }

    /// This piece, begun no earlier than `time`.
    #[inline]
    pub(crate) fn not_before(self, time: i64) -> Self {
        Self {
            time_warp: self.time_warp + (time - self.late).max(0),
            early: self.early.max(time),
            late: self.late.max(time),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment() -> impl Strategy<Value = TimeSegment> {
        (0i64..100, 0i64..50, 0i64..20)
            .prop_map(|(early, width, service)| TimeSegment::stop(early, early + width, service))
    }

    /// Drives the stops from `start` on, and returns duration and time warp.
    fn drive(stops: &[(i64, TimeSegment)], start: i64) -> (i64, i64) {
        let (mut now, mut warp) = (start, 0);
        for (i, &(travel, stop)) in stops.iter().enumerate() {
            now += if i == 0 { 0 } else { travel };
            if i == 0 && now < stop.early {
                return (i64::MAX, i64::MAX);
            }
            now = now.max(stop.early);
            warp += (now - stop.late).max(0);
            now = now.min(stop.late) + stop.duration;
        }
        (now - start + warp, warp)
    }

    proptest! {
        #[test]
        fn joining_is_associative(a in segment(), b in segment(), c in segment(), s in 0i64..50, t in 0i64..50) {
            prop_assert_eq!(a.then(s, b).then(t, c), a.then(s, b.then(t, c)));
        }

        #[test]
        fn agrees_with_driving(stops in prop::collection::vec((0i64..40, segment()), 1..7)) {
            let joined = stops[1..].iter().fold(stops[0].1, |all, &(travel, stop)| all.then(travel, stop));
            let tried: Vec<(i64, i64)> = (0..=150).map(|start| drive(&stops, start)).collect();
            let least_warp = tried.iter().map(|t| t.1).min().unwrap();
            prop_assert_eq!(joined.time_warp, least_warp);
            let least_duration = tried.iter().filter(|t| t.1 == least_warp).map(|t| t.0).min().unwrap();
            prop_assert_eq!(joined.duration, least_duration);
        }
    }
}
