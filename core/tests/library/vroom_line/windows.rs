//! The choice among several windows, held against all choices.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{chosen, problem};

/// Seconds outside of windows.
fn missed(answer: &Value) -> i64 {
    let violations = answer["summary"]["violations"].as_array().unwrap();
    violations.iter().filter_map(|violation| violation["duration"].as_i64()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of several windows, those are chosen with which the fewest seconds are missed: fewer than with any others.
    #[test]
    fn windows_are_chosen_best(
        jobs in prop::collection::vec((1..5i64, 0..15i64, prop::collection::vec((0..60i64, 0..20i64), 1..4)), 1..5),
        shift in (0..20i64, 30..120i64),
    ) {
        let windows = |list: &[(i64, i64)]| {
            let mut list: Vec<[i64; 2]> = list.iter().map(|(early, length)| [*early, early + length]).collect();
            list.sort_unstable();
            list.dedup_by(|next, before| next[0] <= before[1]);
            list
        };
        let jobs: Vec<(i64, i64, Vec<[i64; 2]>)> =
            jobs.iter().map(|(at, service, list)| (*at, *service, windows(list))).collect();
        let document = |picks: Option<&[usize]>| {
            let steps: Vec<Value> = (0..jobs.len()).map(|id| json!({"type": "job", "id": id})).collect();
            let tasks = jobs.iter().enumerate().map(|(id, (at, service, windows))| {
                let windows = picks.map_or_else(|| windows.clone(), |picks| vec![windows[picks[id]]]);
                json!({"id": id, "location_index": at, "service": service, "time_windows": windows})
            });
            problem(json!([{"id": 1, "start_index": 0, "end_index": 0, "time_window": [shift.0, shift.1], "steps": steps}]),
                tasks.collect::<Vec<_>>().into())
        };
        let mut least = i64::MAX;
        let mut picks = vec![0; jobs.len()];
        loop {
            least = least.min(missed(&chosen(&document(Some(&picks)))));
            let Some(next) = (0..jobs.len()).find(|&k| picks[k] + 1 < jobs[k].2.len()) else { break };
            picks[next] += 1;
            picks[..next].fill(0);
        }
        prop_assert_eq!(missed(&chosen(&document(None))), least);
    }
}
