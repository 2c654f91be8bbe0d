//! Cordeau's texts, made up in the published format.

use milkrun::io::{Format, cordeau, read_problem};
use milkrun::period::plan_period;
use milkrun::{DepotId, Rounding, SolveParams, Stop, TimeWindow, VehicleTypeId, solve};

/// Two depots, at 0 and at 100, with two vehicles each.
const DEPOTS: &str = "2 2 4 2\n\
    50 10\n0 0\n\
    1 10 0 1 4 1 2 1 2\n2 12 0 1 4 1 2 1 2\n3 90 0 1 4 1 2 1 2\n4 95 0 1 4 1 1 2\n\
    5 0 0 0 0 0 0\n6 100 0 0 0 0 0\n";

/// One depot, three days, a vehicle.
const DAYS: &str = "5 1 2 3\n30 9\n30 9\n30 9\n\
    0 0 0 0 0 0 0 0 100\n1 3 4 1 4 2 2 3 5 0 50\n2 0 5 2 6 1 3 4 2 1 7 60\n";

fn with(text: &str, find: &str, replace: &str) -> String {
    assert!(text.contains(find), "{find}");
    text.replacen(find, replace, 1)
}

#[test]
fn several_depots() {
    let instance = read_problem(DEPOTS.as_bytes(), None, None, None).unwrap();
    assert_eq!((instance.format, instance.rounding), (Format::Cordeau, Some(Rounding::Exact)));
    let problem = cordeau::read(DEPOTS, Rounding::Round).unwrap();
    let [first, second] = problem.vehicle_types() else { panic!("two types") };
    assert_eq!((first.count, first.start, first.max_duration), (2, Some(DepotId::new(0)), Some(50)));
    assert_eq!((second.count, second.end, second.max_duration), (2, Some(DepotId::new(1)), None));
    assert_eq!(
        (&first.capacity[..], first.name.as_str(), second.name.as_str()),
        (&[10][..], "vehicles 1-2", "vehicles 3-4")
    );
    // The highest bit is the first depot: 2 is depot 1 of 2.
    assert_eq!(problem.clients()[3].allowed_vehicles, Some(vec![VehicleTypeId::new(0)]));
    assert_eq!((problem.clients()[0].allowed_vehicles.as_ref(), problem.clients()[0].service), (None, 1));
    let all = with(DEPOTS, "4 95 0 1 4 1 1 2", "4 95 0 1 4 1 2 1 2");
    let problem = cordeau::read(all, Rounding::Round).unwrap();
    let params = SolveParams { stop: Stop::after_iterations(200), ..SolveParams::default() };
    // 2 · 12 from the first depot, 2 · 10 from the second.
    let plan = solve(&problem, &params).plan;
    assert_eq!((plan.is_feasible(), plan.cost()), (true, 44));
}

#[test]
fn several_days() {
    let (day, params) = cordeau::read_period(DAYS, Rounding::Round).unwrap();
    assert_eq!((params.days, day.vehicle_types()[0].count), (3, 1));
    assert_eq!(day.vehicle_types()[0].shift, TimeWindow::new(0, 100));
    assert_eq!((day.clients()[1].time_window, day.clients()[1].delivery[0]), (TimeWindow::new(7, 60), 6));
    let patterns: Vec<_> = params.visits.iter().map(|(_, visits)| visits.patterns.clone()).collect();
    assert_eq!(patterns[0], [vec![1, 2], vec![0, 2]]);
    assert_eq!(patterns[1], [vec![0], vec![1], vec![2]]);
    let mut params = params;
    params.stop = Stop::after_iterations(300);
    // The second client goes alone: together they are too heavy.
    let period = plan_period(&day, &params).unwrap();
    assert_eq!((period.plan.is_feasible(), period.cost()), (true, 10 + 10 + 10));
    let message = cordeau::read(DAYS, Rounding::Round).unwrap_err().to_string();
    assert!(
        message.contains("the file describes a period of several days; plan it with `milkrun period`"),
        "{message}"
    );
}

#[test]
fn several_types_and_one_depot() {
    let types = "3 1 2 2\n0 9\n0 5\n0 0 0 0 0 0 0\n1 3 4 0 6 1 1 2\n2 6 8 0 5 1 2 1 2\n";
    let problem = cordeau::read(types, Rounding::Round).unwrap();
    assert_eq!(problem.clients()[0].allowed_vehicles, Some(vec![VehicleTypeId::new(0)]));
    assert_eq!(problem.vehicle_types()[1].capacity, [5]);
    let plain = "0 3 2 1\n0 9\n0 0 0 0 0 0 0\n1 3 4 0 6 1 0\n2 6 8 0 5 1 1 1\n";
    let problem = cordeau::read(plain, Rounding::Round).unwrap();
    assert_eq!((problem.vehicle_types().len(), problem.num_vehicles(), problem.clients().len()), (1, 3, 2));
}

#[test]
fn faults_have_lines() {
    for (text, find, replace, expected) in [
        (DEPOTS, "2 2 4 2\n50", "2 2 4\n50", "line 1, head, `2 2 4`: the row has 3 values instead of 4"),
        (DEPOTS, "2 2 4 2\n50", "9 2 4 2\n50", "line 1, head, `9`: must be a kind of problem from 0 to 7"),
        (DEPOTS, "2 2 4 2\n50", "2 0 4 2\n50", "line 1, head, `0`: must be a number of vehicles from 1"),
        (DEPOTS, "2 2 4 2\n50", "2 2 5 2\n50", "rows, the section has 6 rows for 7 locations"),
        (DEPOTS, "50 10", "50 ten", "line 2, limits, `ten`: not a number"),
        (DEPOTS, "50 10", "50", "line 2, limits, `50`: the row has 1 values instead of 2"),
        (DEPOTS, "50 10", "-50 10", "line 2, limits, `-50`: must not be negative"),
        (
            DEPOTS,
            "2 12 0 1 4 1 2 1 2",
            "2 12 0 1 4 1 2 1",
            "line 5, rows, `2 12 0 1 4 1 2 1`: the row has 8 values instead of 9",
        ),
        (
            DEPOTS,
            "2 12 0 1 4 1 2 1 2",
            "7 12 0 1 4 1 2 1 2",
            "line 5, rows, `7`: must be a location in sequence, from 2 to 2",
        ),
        (DEPOTS, "2 12 0 1 4 1 2 1 2", "2 12 0 1 4 1 2 1 4", "line 5, rows, `4`: must be a combination from 1 to 3"),
        (DAYS, "30 9\n30 9\n30 9", "30 9\n30 8\n30 9", "line 3, limits, the limits of this day differ"),
        (
            DAYS,
            "2 2 3 5 0 50",
            "2 2 3 7 0 50",
            "line 6, rows, `2`: there must be so many visits, but a combination has 3 days",
        ),
        (DAYS, "7 60", "70 60", "line 7, rows, `70 60`: the time window closes before it opens"),
        (DAYS, "5 1 2 3", "5 1 2 99", "line 1, head, `99`: must be a number of days from 1 to 28"),
    ] {
        let message = cordeau::read_period(with(text, find, replace), Rounding::Round).expect_err(expected).to_string();
        assert!(message.contains(expected), "expected `{expected}`, got\n{message}");
    }
    for text in ["", "\n", "2 2 4 2", "1e9 1e9 1e9 1e9\n", "2 1 1000000 50\n"] {
        assert!(cordeau::read(text, Rounding::Round).is_err(), "{text}");
    }
}
