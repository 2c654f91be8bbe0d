//! Times of a working day, computed by hand: windows, breaks, rests, and speeds.

use crate::on_a_line;

use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::units::MAX_VALUE;
use milkrun::{
    Break, Client, Depot, DepotId, DriverRule, Effort, OvertimeStep, Plan, ProfileId, SoftWindow, SpeedCurve,
    TimeWindow, VehicleType, VehicleTypeId,
};
use on_a_line::{at, c, line, line_of, plan, round, round_of, span, times};

fn windows(windows: &[(i64, i64)]) -> Vec<TimeWindow> {
    windows.iter().map(|&(early, late)| TimeWindow::new(early, late)).collect()
}

const BREAK: Activity = Activity::Break(0);

#[test]
fn service_starts_in_the_next_window() {
    let client = Client::at(at(10)).service(2).time_windows(windows(&[(0, 5), (50, 60)]));
    let plan = plan(&line_of(VehicleType::new(1), [client]), &[round(&[c(0)])]);
    // There at 10 at the earliest, which waits until 50: the vehicle leaves 40 later.
    assert_eq!((times(&plan), span(&plan)), (vec![(50, 50, 52)], (40, 62)));
    assert!(plan.is_feasible());
}

#[test]
fn lateness_counts_from_the_last_window() {
    let client = Client::at(at(10)).time_windows(windows(&[(0, 5), (6, 8)]));
    let plan = plan(&line_of(VehicleType::new(1), [client]), &[round(&[c(0)])]);
    let late = Violation::LateService { route: 0, trip: 0, position: 0, activity: c(0), start: 10, late: 8 };
    assert_eq!((plan.violations(), span(&plan)), (&[late][..], (0, 20)));
}

#[test]
fn service_depends_on_the_vehicle() {
    let mut b = line(VehicleType::new(1));
    let crew = b.add_vehicle_type(VehicleType::new(1).depot(on_a_line::YARD));
    b.add_client(Client::at(at(10)).service(5).service_by(crew, 9));
    assert_eq!(plan(&b, &[round(&[c(0)])]).routes()[0].duration(), 25);
    assert_eq!(plan(&b, &[round_of(crew.index(), &[c(0)])]).routes()[0].duration(), 29);
}

#[test]
fn a_break_interrupts_the_drive_at_its_latest_start() {
    let driver = VehicleType::new(1).add_break(Break::new(30, 40, 20));
    let plan = plan(&line_of(driver, [Client::at(at(100))]), &[round(&[BREAK, c(0)])]);
    // 40 of the drive, the break from 40 to 60, then the other 60.
    assert_eq!((times(&plan), span(&plan)), (vec![(40, 40, 60), (120, 120, 120)], (0, 220)));
    let route = &plan.routes()[0];
    assert_eq!((route.driving, route.pauses, route.waiting, route.work, route.paid), (200, 20, 0, 200, 220));
    assert_eq!(route.trips[0].visits[0].location, route_start(&plan));
    assert!(plan.is_feasible());
}

/// Where the first route's vehicle comes from: the yard is the first location.
fn route_start(plan: &Plan) -> milkrun::LocationId {
    assert_eq!(plan.routes()[0].trips[0].start_depot, Some(on_a_line::YARD));
    milkrun::LocationId::new(0)
}

#[test]
fn a_break_waits_for_its_window_where_the_drive_ends() {
    let driver = VehicleType::new(1).cost_per_duration(1).add_break(Break::new(30, 40, 20).unpaid());
    let plan = plan(&line_of(driver, [Client::at(at(10))]), &[round(&[BREAK, c(0)])]);
    // At the client at 10, waiting for 30; so the vehicle leaves at 20. The break is unpaid.
    assert_eq!((times(&plan), span(&plan)), (vec![(30, 30, 50), (50, 50, 50)], (20, 60)));
    assert_eq!((plan.routes()[0].paid, plan.breakdown().duration), (20, 20));
}

#[test]
fn a_break_at_a_place_is_a_stop() {
    let driver = VehicleType::new(1).add_break(Break::new(30, 40, 5).at(at(20)));
    let plan = plan(&line_of(driver, [Client::at(at(10))]), &[round(&[c(0), BREAK])]);
    assert_eq!((times(&plan), span(&plan)), (vec![(20, 20, 20), (30, 30, 35)], (10, 55)));
    assert_eq!((plan.routes()[0].distance, plan.routes()[0].pauses), (40, 5));
}

#[test]
fn a_break_that_is_missed_starts_at_once() {
    let driver = VehicleType::new(1).add_break(Break::new(30, 40, 5));
    let plan = plan(&line_of(driver, [Client::at(at(50))]), &[round(&[c(0), BREAK])]);
    // After the client, at 50, the break is 10 late.
    let late = Violation::LateService { route: 0, trip: 0, position: 1, activity: BREAK, start: 50, late: 40 };
    assert_eq!((plan.violations(), times(&plan)[1], span(&plan)), (&[late][..], (50, 50, 55), (0, 105)));
}

#[test]
fn breaks_in_a_row_are_taken_one_after_the_other() {
    let driver = VehicleType::new(1).add_break(Break::new(10, 20, 5)).add_break(Break::new(30, 40, 0));
    let plan = plan(&line_of(driver, [Client::at(at(30))]), &[round(&[BREAK, Activity::Break(1), c(0)])]);
    // 20 of the drive until 20, the first break until 25, the other 10 until 35, where the second takes no time.
    assert_eq!(times(&plan), [(20, 20, 25), (35, 35, 35), (35, 35, 35)]);
    assert_eq!((span(&plan), plan.is_feasible()), ((0, 65), true));
}

#[test]
fn rests_come_when_the_allowance_is_used_up() {
    let driver = || VehicleType::new(1).driver_rule(DriverRule::new(Effort::Driving, 60, 30)).unpaid_rests();
    let rest = Activity::Rest(30);
    let b = line_of(driver(), [Client::at(at(100))]);
    let enough = plan(&b, &[round(&[rest, c(0), rest, rest])]);
    // 60, rest until 90, 40 to the client; 20 more, rest from 150, 60, rest from 240, 20.
    assert_eq!(times(&enough), [(60, 60, 90), (130, 130, 130), (150, 150, 180), (240, 240, 270)]);
    assert_eq!((span(&enough), enough.is_feasible()), ((0, 290), true));
    assert_eq!((enough.routes()[0].paid, enough.routes()[0].pauses), (200, 90));
    let few = plan(&b, &[round(&[rest, c(0), rest])]);
    // From 180 on it is 80 without a rest.
    assert_eq!(few.violations(), [Violation::RestMissing { route: 0, rule: 0, effort: 80, limit: 60 }]);
}

#[test]
fn a_rest_may_come_in_two_parts_in_order() {
    let rule = DriverRule::new(Effort::Driving, 100, 45).split(15, 30);
    let b = line_of(VehicleType::new(1).driver_rule(rule), [Client::at(at(150))]);
    let [short, long, whole] = [15, 30, 45].map(Activity::Rest);
    let good = plan(&b, &[round(&[short, long, c(0), whole])]);
    // 100; 15 and 30 where the vehicle is; 50 to the client; 50, rest from 245, 100.
    assert_eq!(times(&good), [(100, 100, 115), (115, 115, 145), (195, 195, 195), (245, 245, 290)]);
    assert_eq!((span(&good), good.is_feasible()), ((0, 390), true));
    // The longer part first: the shorter one is no second part. The third rest comes at once, then 150 are driven.
    let bad = plan(&b, &[round(&[long, short, c(0), whole])]);
    assert_eq!(bad.violations(), [Violation::RestMissing { route: 0, rule: 0, effort: 150, limit: 100 }]);
    assert_eq!(times(&bad)[3], (195, 195, 240));
}

#[test]
fn work_is_driving_loading_and_service() {
    let mut b = line(VehicleType::new(1).driver_rule(DriverRule::new(Effort::Work, 50, 20)));
    b.add_client(Client::at(at(20)).service(15));
    b.add_client(Client::at(at(30)).service(15));
    let rested = plan(&b, &[round(&[c(0), Activity::Rest(20), c(1)])]);
    // 45 when the vehicle reaches the second client, where it rests before the service: 15 and 30 are left to do.
    assert_eq!(times(&rested), [(20, 20, 35), (45, 45, 65), (65, 65, 80)]);
    assert_eq!((rested.is_feasible(), rested.routes()[0].work), (true, 90));
    let without = plan(&b, &[round(&[c(0), c(1)])]);
    assert_eq!(without.violations(), [Violation::RestMissing { route: 0, rule: 0, effort: 90, limit: 50 }]);
}

#[test]
fn loading_uses_a_rule_up_too() {
    let mut b = milkrun::Problem::builder();
    let yard = b.add_depot(Depot::at(at(0)).service(6));
    b.add_vehicle_type(VehicleType::new(1).depot(yard).driver_rule(DriverRule::new(Effort::Work, 50, 20)));
    b.add_client(Client::at(at(20)).service(15));
    b.add_client(Client::at(at(30)).service(15));
    let plan = plan(&b, &[round(&[c(0), Activity::Rest(20), c(1)])]);
    // 6 + 20 + 15 leave 9 of the 10 to the second client.
    assert_eq!(times(&plan), [(26, 26, 41), (50, 50, 70), (71, 71, 86)]);
    assert!(plan.is_feasible());
}

#[test]
fn speeds_change_during_a_drive() {
    let fast_later = SpeedCurve::new([(0, 50), (100, 200)]);
    let mut b = line_of(VehicleType::new(1), [Client::at(at(60))]);
    b.speed(ProfileId::new(0), fast_later.clone());
    // Half the speed until 100: 50 of the drive. The other 10 take 5, the return 30.
    let slow = plan(&b, &[round(&[c(0)])]);
    assert_eq!((times(&slow), span(&slow)), (vec![(105, 105, 105)], (0, 135)));
    assert_eq!((slow.routes()[0].driving, slow.routes()[0].distance), (135, 120));
    // With slack, the vehicle leaves when speeds are high.
    b.clients_mut()[0].time_window = TimeWindow::new(200, 300);
    let fast = plan(&b, &[round(&[c(0)])]);
    assert_eq!((times(&fast), span(&fast)), (vec![(200, 200, 200)], (170, 230)));
}

#[test]
fn a_break_at_half_the_speed() {
    let driver = VehicleType::new(1).add_break(Break::new(20, 20, 10));
    let mut b = line_of(driver, [Client::at(at(30))]);
    b.speed(ProfileId::new(0), SpeedCurve::new([(0, 50)]));
    let plan = plan(&b, &[round(&[BREAK, c(0)])]);
    // 10 of the drive until 20; the other 20 take 40 from 30 on.
    assert_eq!((times(&plan), span(&plan)), (vec![(20, 20, 30), (70, 70, 70)], (0, 130)));
    assert_eq!(plan.routes()[0].driving, 120);
}

#[test]
fn a_vehicle_does_not_wait_for_a_soft_window() {
    let client = Client::at(at(10)).soft_window(SoftWindow::new(50, 60, 2, 3));
    let plan = plan(&line_of(VehicleType::new(1), [client]), &[round(&[c(0)])]);
    assert_eq!((times(&plan), span(&plan)), (vec![(10, 10, 10)], (0, 20)));
    assert_eq!(plan.breakdown().windows, 80);
}

#[test]
fn a_soft_window_holds_the_start_back() {
    let soft = |late| Client::at(at(10)).time_window(30, 90).soft_window(SoftWindow::new(0, late, 0, 3));
    let later = || Client::at(at(20)).time_window(100, 200);
    let driver = || VehicleType::new(1).cost_per_waiting(1);
    let stops = [round(&[c(0), c(1)])];
    // Served at 30 from the earliest start; up to 40 costs nothing. Then 50 to wait at the second client.
    let in_time = plan(&line_of(driver(), [soft(40), later()]), &stops);
    assert_eq!((times(&in_time), span(&in_time)), (vec![(40, 40, 40), (50, 100, 100)], (30, 120)));
    assert_eq!((in_time.breakdown().windows, in_time.breakdown().waiting), (0, 50));
    // 10 too late at best: it must not become later.
    let too_late = plan(&line_of(driver(), [soft(20), later()]), &stops);
    assert_eq!((times(&too_late), span(&too_late)), (vec![(30, 30, 30), (40, 100, 100)], (20, 120)));
    assert_eq!((too_late.breakdown().windows, too_late.breakdown().waiting), (30, 60));
}

/// The only client between its window's ends, and a route that starts when it says so.
fn started(driver: VehicleType, client: Client, start: i64) -> Plan {
    plan(&line_of(driver, [client]), &[RouteStops { start: Some(start), ..round(&[c(0)]) }])
}

#[test]
fn a_stated_start_keeps_a_soft_window() {
    let client = || Client::at(at(10)).soft_window(SoftWindow::new(50, 60, 2, 3));
    let kept = started(VehicleType::new(1), client(), 40);
    assert_eq!((times(&kept), span(&kept), kept.breakdown().windows), (vec![(50, 50, 50)], (40, 60), 0));
    let late = started(VehicleType::new(1), client(), 55);
    assert_eq!((times(&late), span(&late), late.breakdown().windows), (vec![(65, 65, 65)], (55, 75), 15));
    assert!(late.is_feasible());
}

#[test]
fn a_stated_start_waits_only_for_windows() {
    let client = || Client::at(at(10)).time_window(30, 90);
    // Without it, the vehicle would leave at 20.
    let early = started(VehicleType::new(1), client(), 5);
    assert_eq!((times(&early), span(&early), early.routes()[0].waiting), (vec![(15, 30, 30)], (5, 40), 15));
    let late = started(VehicleType::new(1), client(), 85);
    let violation = Violation::LateService { route: 0, trip: 0, position: 0, activity: c(0), start: 95, late: 90 };
    assert_eq!((late.violations(), span(&late)), (&[violation][..], (85, 105)));
}

#[test]
fn a_stated_start_does_not_open_shift_depot_or_release() {
    let shift = started(VehicleType::new(1).shift(20, 500), Client::at(at(10)), 5);
    assert_eq!((times(&shift), span(&shift)), (vec![(30, 30, 30)], (20, 40)));
    let release = started(VehicleType::new(1), Client::at(at(10)).release(25), 5);
    assert_eq!((times(&release), span(&release)), (vec![(35, 35, 35)], (25, 45)));
    let mut b = line_of(VehicleType::new(1), [Client::at(at(10))]);
    b.add_depot(Depot::at(at(0)).service(3).open(7, 50));
    let gate = Some(DepotId::new(1));
    (b.vehicle_types_mut()[0].start, b.vehicle_types_mut()[0].end) = (gate, gate);
    let from = |start| {
        let trip = TripStops { start: gate, activities: vec![c(0)], end: gate };
        plan(&b, &[RouteStops { start: Some(start), vehicle_type: VehicleTypeId::new(0), trips: vec![trip] }])
    };
    assert_eq!((times(&from(-4)), span(&from(-4))), (vec![(20, 20, 20)], (7, 30)));
    let depot = DepotId::new(1);
    let (start, late) = (60, 50);
    let violations = [
        Violation::LateLoading { route: 0, trip: 0, depot, start, late },
        Violation::LateReturn { route: 0, trip: 0, depot, arrival: 83, late },
    ];
    assert_eq!(from(60).violations(), violations);
}

#[test]
fn a_stated_start_of_an_open_route_is_in_a_window_of_the_first_stop() {
    let mut b = line_of(VehicleType::new(1), [Client::at(at(10)).time_windows(windows(&[(0, 5), (20, 30)]))]);
    b.vehicle_types_mut()[0].start = None;
    let trip = TripStops { start: None, activities: vec![c(0)], end: Some(on_a_line::YARD) };
    let open = |start| RouteStops { start, vehicle_type: VehicleTypeId::new(0), trips: vec![trip.clone()] };
    // The first stop is served in the window that it can be served in first.
    for (start, expected) in [(None, 0), (Some(-3), 0), (Some(3), 3), (Some(6), 20), (Some(31), 31)] {
        let plan = plan(&b, &[open(start)]);
        assert_eq!((span(&plan), plan.is_feasible()), ((expected, expected + 10), expected <= 30), "{start:?}");
    }
}

#[test]
fn a_break_is_due_by_the_stated_start() {
    let driver = || VehicleType::new(1).add_break(Break::new(0, 15, 5));
    assert_eq!(
        started(driver(), Client::at(at(10)), 15).violations(),
        [Violation::BreakMissing { route: 0, pause: 0 }]
    );
    assert_eq!(started(driver(), Client::at(at(10)), 16).violations(), []);
}

#[test]
fn overtime_steps_add_up() {
    let steps = |v: VehicleType| v.overtime(OvertimeStep::new(50, 2)).overtime(OvertimeStep::new(80, 3));
    let driver = steps(VehicleType::new(1)).add_break(Break::new(0, 20, 15).unpaid());
    let b = line_of(driver, [Client::at(at(50))]);
    // 100 of paid time: 50 beyond the first step, 20 beyond the second.
    let plan = plan(&b, &[round(&[BREAK, c(0)])]);
    assert_eq!((plan.routes()[0].paid, plan.routes()[0].duration()), (100, 115));
    assert_eq!(plan.breakdown().overtime, 2 * 50 + 3 * 20);
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    // With more, validation says that a client may cost more than 2^53.
    const RATE: i64 = MAX_VALUE >> 10;
    let soft = SoftWindow::new(0, 0, RATE, RATE);
    let mut driver = VehicleType::new(1).cost_per_duration(RATE).cost_per_waiting(RATE);
    driver = driver.overtime(OvertimeStep::new(0, RATE)).add_break(Break::new(MAX_VALUE, MAX_VALUE, MAX_VALUE));
    driver = driver.driver_rule(DriverRule::new(Effort::Work, MAX_VALUE, MAX_VALUE));
    let client = || Client::at(at(10_000_000)).service(MAX_VALUE).soft_window(soft);
    let mut b = line_of(driver, (0..4).map(|_| client()));
    b.speed(ProfileId::new(0), SpeedCurve::new([(0, 1)]));
    let plan = plan(&b, &[round(&[BREAK, c(0), Activity::Rest(MAX_VALUE), c(1), c(2), c(3)])]);
    assert!(plan.cost() > 0);
    // Nothing in the stops can make it panic, either.
    let problem = b.build().unwrap();
    for length in [i64::MAX, i64::MIN, -1] {
        let stops = [c(0), Activity::Rest(length), c(1), Activity::Rest(length), c(2)];
        let plan = Plan::new(&problem, vec![round(&stops)]).unwrap();
        assert_eq!(plan.routes()[0].num_visits(), 5);
        let stops = [c(0), c(1), c(2), c(3)];
        let plan = Plan::new(&problem, vec![RouteStops { start: Some(length), ..round(&stops) }]).unwrap();
        let report = check_plan(&problem, &plan);
        assert_eq!((report.cost(), report.discrepancies), (plan.cost(), vec![]));
    }
}

#[test]
fn executed_activities_span_trips() {
    let mut b = line(VehicleType::new(1).executed([c(0), BREAK, c(1)]).add_break(Break::new(0, 500, 5)));
    b.vehicle_types_mut()[0].reload_depots = vec![on_a_line::YARD];
    for i in 1..=3 {
        b.add_client(Client::at(at(10 * i)));
    }
    let two = |first: &[Activity], second: &[Activity]| milkrun::plan::RouteStops {
        vehicle_type: VehicleTypeId::new(0),
        start: None,
        trips: vec![on_a_line::trip(first), on_a_line::trip(second)],
    };
    let kept = plan(&b, &[two(&[c(0), BREAK], &[c(1), c(2)])]);
    assert_eq!(kept.violations(), []);
    let changed = plan(&b, &[two(&[c(0)], &[c(1), BREAK, c(2)])]);
    assert_eq!(changed.violations(), [Violation::ExecutedChanged { vehicle_type: VehicleTypeId::new(0) }]);
}
