//! Files of Kim, Kim & Sahoo's form, with all their oddities.

use milkrun::io::{Format, wcvrptw};
use milkrun::plan::check::check_plan;
use milkrun::{Measure, SolveParams, Stop, solve};

const HEAD: &str = "28.0 \t\t// vehicle capacity (yards), real number\n60.0\t\t// total yardage a day\n\
    500\t\t// stops a day\n3600\t\t// lunch time\n40\t\t// speed: MPH\n\
    Stop_ID\tX(feet)\tY(feet)\tEarly_St_Time (HHMM)\tLate_St_Time (HHMM)\tSvice_Time(Sec)\tLoad (Yards)\t\"Stop_Type(0: Depot\n";
const DEPOT: &str = "0   -1000.00   2000.00  0400 1500 0  9999.00 0\n";
const LANDFILL: &str = "1   5000.00   2000.00  600 2400 900  9999.00 2\t\t\t\n";

fn file(rows: &str) -> String {
    format!("{HEAD}{DEPOT}{LANDFILL}{rows}")
}

#[test]
fn odd_columns_and_times_are_read() {
    let text = file("7\t-3000\t2500.5\t0\t700\t120\t6\t1\t\t\t\r\n8 4000 -100 0875 2400 30 4.00 1\r\n");
    let problem = wcvrptw::read(&text).expect("a valid file");
    assert_eq!(Format::detect(text.as_bytes(), None), Some(Format::Wcvrptw));
    let clients = problem.clients();
    assert_eq!((clients[0].time_window.early, clients[0].time_window.late), (0, 7 * 3_600));
    assert_eq!((clients[1].time_window.late, clients[1].name.as_str()), (86_400, "8"));
    assert_eq!(clients[1].time_window.early, 8 * 3_600 + 75 * 60);
    assert_eq!((clients[0].pickup[0], clients[0].service), (6, 120));
    let site = &problem.disposal_sites()[0];
    assert_eq!((site.hours[0].early, site.service), (6 * 3_600, 900));
    let truck = &problem.vehicle_types()[0];
    assert_eq!((truck.capacity[0], truck.max_route_load[0], truck.max_stops), (28, 60, Some(500)));
    assert_eq!((truck.breaks[0].start.early, truck.breaks[0].duration), (39_600, 3_600));
    assert!(truck.end_empty);
    assert_eq!(problem.goals()[0].measure, Measure::Vehicles);
    // 2000 feet west and 500.5 north of the depot: 2500.5, and at 58.67 feet a second 42.6 s.
    let (a, b) = (problem.depots()[0].location(), clients[0].location());
    assert_eq!((problem.distance(truck.profile, a, b), problem.duration(truck.profile, a, b)), (2_501, 43));
}

#[test]
fn decimals_of_loads_make_tenths() {
    let problem = wcvrptw::read(file("7 1 2 0 2400 120 6.5 1\n8 1 2 0 2400 120 6 1\n")).expect("a valid file");
    assert_eq!((problem.clients()[0].pickup[0], problem.clients()[1].pickup[0]), (65, 60));
    assert_eq!((problem.vehicle_types()[0].capacity[0], problem.vehicle_types()[0].max_route_load[0]), (280, 600));
}

#[test]
fn a_day_is_planned_with_landfill_and_lunch() {
    // Five stops of 12 yards: two fit on a truck of 28, five on a day of 60; each takes an hour from seven o'clock on.
    let rows: Vec<String> =
        (0..5).map(|i| format!("{} {} {} 0700 2400 3600 12 1\n", i + 2, 900 * i, 300 * i)).collect();
    let problem = wcvrptw::read(file(&rows.concat())).expect("a valid file");
    let params = SolveParams { stop: Stop::after_iterations(300), ..SolveParams::default() };
    let plan = solve(&problem, &params).plan;
    let report = check_plan(&problem, &plan);
    assert!(report.is_feasible() && report.is_truthful(), "{report}");
    assert_eq!(plan.routes().len(), 1);
    let kinds: Vec<_> = plan.routes()[0].visits().map(|visit| visit.activity).filter(|a| !a.is_service()).collect();
    assert_eq!(kinds.len(), 4, "three landfill visits and lunch: {kinds:?}");
}

#[test]
fn all_faults_are_reported_at_once() {
    let rows = "7 1 2 0 2400 120 6\n8 x 2 0 2400 120 6 1\n9 1 2 0 2500 120 6 1\n10 1 2 900 800 120 6 1\n\
        11 1 2 0 2400 -5 6 1\n12 1 2 0 2400 5 6 3\n13 1 2 0 2400 5 6 0\n";
    let text = wcvrptw::read(file(rows)).expect_err("seven faults").to_string();
    for part in
        ["line 9", "line 10", "line 14", "line 15", "7 values instead of 8", "type from 0 to 2", "already has a row"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The content of rows is examined once they are well-formed.
    let rows = "9 1 2 0 2500 120 6 1\n10 1 2 900 800 120 6 1\n11 1 2 0 2400 -5 6 1\n";
    let text = wcvrptw::read(file(rows)).expect_err("three faults").to_string();
    for part in ["HHMM", "closes before it opens", "must not be negative"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_is_missing_is_named() {
    for (text, part) in [
        (String::new(), "empty"),
        ("28 // capacity\n60\n".to_owned(), "the day's stops"),
        (HEAD.replace("40\t\t// speed", "fast\t// speed"), "not a number"),
        (format!("{HEAD}{LANDFILL}7 1 2 0 2400 120 6 1\n"), "there is no depot"),
        (format!("{HEAD}{DEPOT}{LANDFILL}"), "there is no client"),
    ] {
        let error = wcvrptw::read(&text).expect_err("a fault").to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}
