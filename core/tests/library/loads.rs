//! Loads, costs and measures of a working day, computed by hand.

use crate::on_a_line;

use milkrun::plan::Activity;
use milkrun::{
    Client, Consumption, DisposalSite, Goal, Material, Measure, Plan, ProblemBuilder, Rate, Shipment, ShipmentId,
    ShipmentStop, VehicleType,
};
use on_a_line::{at, c, dispose, line, line_of, plan, round, round_of};

fn loads(plan: &Plan) -> Vec<i64> {
    plan.routes()[0].visits().map(|visit| visit.load[0]).collect()
}

#[test]
fn a_site_takes_what_it_accepts() {
    let mut b = line(VehicleType::new(1).cost_per_distance(0));
    let (general, glass) = (b.add_material(Material::new("general")), b.add_material(Material::new("glass")));
    let site = DisposalSite::at(at(40)).service(5).visit_cost(7).materials([general]);
    let site = b.add_disposal_site(site.unloading([Rate::new(90, 4)]).tipping_fee([Rate::new(1, 4)]));
    b.vehicle_types_mut()[0].disposal_sites = vec![site];
    b.add_client(Client::at(at(10)).pickup([4]).material(general));
    b.add_client(Client::at(at(20)).pickup([3]).material(glass));
    b.add_client(Client::at(at(30)).pickup([2]));
    b.add_client(Client::at(at(50)).delivery([1]));
    let plan = plan(&b, &[round(&[c(0), c(1), c(2), dispose(0), c(3)])]);
    // Glass and the delivery stay on board. 6 are removed: 5 + 135 of time, 7 + 2 of cost.
    assert_eq!(loads(&plan), [5, 8, 10, 4, 3]);
    let route = &plan.routes()[0];
    assert_eq!((&route.trips[0].load, &route.trips[0].max_load), (&vec![1], &vec![10]));
    let visit = &route.trips[0].visits[3];
    assert_eq!((visit.start, visit.departure), (40, 180));
    assert_eq!((route.work, route.driving, route.disposal_cost, plan.cost()), (240, 100, 9, 9));
    assert!(plan.is_feasible());
}

#[test]
fn an_empty_vehicle_may_visit_a_site() {
    let mut b = line(VehicleType::new(1));
    let site = DisposalSite::at(at(20)).service(5).visit_cost(7).unloading([Rate::new(9, 1)]);
    let site = b.add_disposal_site(site.tipping_fee([Rate::new(9, 1)]));
    b.vehicle_types_mut()[0].disposal_sites = vec![site];
    b.add_client(Client::at(at(10)).pickup([4]));
    let plan = plan(&b, &[round(&[dispose(0), c(0), dispose(0), dispose(0)])]);
    // 40 to and fro and 20 in between; 5 at every visit, 36 once; 7 for every visit, 36 once.
    let route = &plan.routes()[0];
    assert_eq!((route.driving, route.work, route.disposal_cost), (60, 60 + 15 + 36, 21 + 36));
    assert_eq!((loads(&plan), plan.is_feasible()), (vec![0, 4, 0, 0], true));
}

#[test]
fn shipments_stay_on_board() {
    let mut b = line(VehicleType::new(1).end_empty());
    let site = b.add_disposal_site(DisposalSite::at(at(20)));
    b.vehicle_types_mut()[0].disposal_sites = vec![site];
    b.add_client(Client::at(at(10)).pickup([4]));
    b.add_shipment(Shipment::new(ShipmentStop::at(at(5)), ShipmentStop::at(at(30))).amount([2]));
    let s = ShipmentId::new(0);
    let stops = [Activity::Pickup(s), c(0), dispose(0), Activity::Delivery(s)];
    let plan = plan(&b, &[round(&stops)]);
    assert_eq!((loads(&plan), plan.is_feasible()), (vec![2, 6, 2, 0], true));
}

#[test]
fn measures_of_two_routes() {
    let mut b = line_of(VehicleType::new(3), [(10, 4), (30, 1), (50, 2)].map(|(x, q)| Client::at(at(x)).pickup([q])));
    b.vehicle_types_mut()[0].consumption =
        Some(Consumption::diesel(0.01).per_load_distance([0.001]).per_stop(0.5).co2(2.0));
    for measure in Measure::ALL {
        b.add_goal(Goal::weighted(measure, 3));
    }
    let plan = plan(&b, &[round(&[c(0)]), round(&[c(1), c(2)])]);
    // Durations 20 and 100, loads 4 and 3, one stop and two; the second route's centroid is at 40. Distances of 20 and 100 take
    // 1.2 l, loads 4 · 10 + 1 · 20 + 3 · 50 and thus 0.21 l, three stops 1.5 l: together 2.91 l, and 5.82 kg.
    assert_eq!(plan.measures(), [2, 100, 80, 1, 1, 20, 5_820, 120]);
    // A weight of emissions is that of a kilogram: 17.46 is rounded.
    assert_eq!((plan.breakdown().goals, plan.cost()), (3 * 324 + 17, 120 + 3 * 324 + 17));
    assert_eq!((plan.routes()[0].consumed, plan.routes()[1].emitted), (740, 4_340));
    assert_eq!(Plan::empty(&b.build().unwrap()).measures(), [0; 8]);
}

#[test]
fn ranked_goals_come_before_cost() {
    let mut b = line_of(VehicleType::new(2), [Client::at(at(10)), Client::at(at(-10))]);
    let [one, two] = [vec![round(&[c(0), c(1)])], vec![round(&[c(0)]), round(&[c(1)])]];
    let with = |b: &ProblemBuilder, goals: &[Goal]| {
        let mut b = b.clone();
        for &goal in goals {
            b.add_goal(goal);
        }
        (plan(&b, &one), plan(&b, &two))
    };
    // Both drive 40; one vehicle takes until 40, two until 20.
    let (a, z) = with(&b, &[Goal::ranked(Measure::Makespan), Goal::ranked(Measure::Vehicles)]);
    assert_eq!((a.rank(), z.rank()), (&[40, 1, 40][..], &[20, 2, 40][..]));
    assert!(z.is_better_than(&a) && !a.is_better_than(&z) && !a.is_better_than(&a));
    let (a, z) = with(&b, &[Goal::ranked(Measure::Vehicles), Goal::ranked(Measure::Makespan)]);
    assert!(a.is_better_than(&z) && !z.is_better_than(&a));
    // An infeasible plan is worse than any feasible one.
    b.vehicle_types_mut()[0].max_duration = Some(30);
    let (a, z) = with(&b, &[Goal::ranked(Measure::Vehicles)]);
    assert!(!a.is_feasible() && z.is_better_than(&a));
}

#[test]
fn higher_classes_come_first() {
    let clients = [(10, 1, 0), (20, 2, 0), (30, 0, 500)];
    let b = line_of(
        VehicleType::new(1),
        clients.map(|(x, class, prize)| Client::at(at(x)).optional(prize).priority(class)),
    );
    let serves = |clients: &[Activity]| plan(&b, &[round_of(0, clients)]);
    // Unserved clients of class 2, of class 1, cost: class 0 counts only through its prize.
    assert_eq!(serves(&[c(1)]).rank(), [0, 1, 40 + 500]);
    assert_eq!(serves(&[c(0), c(2)]).rank(), [1, 0, 60]);
    assert_eq!(serves(&[c(2)]).rank(), [1, 1, 60]);
    assert!(serves(&[c(1)]).is_better_than(&serves(&[c(0), c(2)])));
    assert!(serves(&[c(0), c(2)]).is_better_than(&serves(&[c(2)])));
}
