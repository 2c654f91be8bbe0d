//! Random problems with a hauler's constraints.

use milkrun::plan::Activity;
use milkrun::{
    Break, Client, ClientId, Compartment, Consumption, Coord, Depot, DisposalSite, DisposalSiteId, DriverRule, Effort,
    Goal, Material, MaterialId, Measure, OvertimeStep, Position, Problem, ProfileId, Rate, Relation, Rounding,
    Shipment, ShipmentStop, SoftWindow, SpeedCurve, TimeWindow, Travel, VehicleType, VehicleTypeId, WindowCovers,
};
use proptest::prelude::*;

/// Which constraints a problem may have, one bit each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Features(pub(crate) u32);

/// Names of the bits.
pub(crate) const FEATURES: [&str; 21] = [
    "disposal",
    "end_empty",
    "materials",
    "compartments",
    "totals",
    "breaks",
    "driver_rules",
    "day_limits",
    "overtime",
    "windows",
    "soft_windows",
    "service_by_type",
    "speeds",
    "skills",
    "priorities",
    "relations",
    "goals",
    "executed",
    "shipments",
    "site_limits",
    "setups",
];

impl Features {
    pub(crate) fn has(self, name: &str) -> bool {
        FEATURES.iter().position(|&f| f == name).is_some_and(|bit| self.0 >> bit & 1 == 1)
    }
}

/// An endless stream of choices from one seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as i64
    }

    fn within(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to - from + 1)
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    fn coord(&mut self) -> Coord {
        Coord::new(self.below(60) as f64, self.below(60) as f64)
    }
}

/// A set of features: none, one alone, a few, or all.
pub(crate) fn any_features() -> impl Strategy<Value = Features> {
    let all = (1u32 << FEATURES.len()) - 1;
    prop_oneof![
        2 => (0..FEATURES.len()).prop_map(|bit| Features(1 << bit)),
        3 => (0..=all, 0..=all).prop_map(|(a, b)| Features(a & b)),
        2 => (0..=all).prop_map(Features),
        1 => Just(Features(all)),
    ]
}

/// A problem with some of the features, with at most `most` clients.
pub(crate) fn day_problem(features: Features, most: usize, seed: u64) -> Problem {
    let dice = &mut Dice(seed);
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(dice.coord()).open(0, 1_000).service(dice.below(5)));
    let other = b.add_depot(Depot::at(dice.coord()));
    let dims = 1 + dice.below(2) as usize;
    let materials: Vec<MaterialId> = if features.has("materials") {
        (0..2).map(|i| b.add_material(Material::new(format!("m{i}")))).collect()
    } else {
        Vec::new()
    };
    if materials.len() == 2 && dice.chance(40) {
        b.separate_materials(materials[0], materials[1]);
    }
    let sites = if features.has("disposal") { add_sites(&mut b, dice, features, &materials, dims) } else { Vec::new() };
    let types = 1 + dice.below(3) as usize;
    let n = 1 + dice.below(most as i64) as usize;
    for i in 0..n {
        let client = client(dice, features, &materials, types, dims).name(format!("c{i}"));
        b.add_client(client);
    }
    if features.has("shipments") {
        for _ in 0..=dice.below(3) {
            let stop = |dice: &mut Dice| ShipmentStop::at(dice.coord()).service(dice.below(6));
            let shipment = Shipment::new(stop(dice), stop(dice)).amount(vec![dice.within(1, 4)]);
            b.add_shipment(if dice.chance(50) { shipment.optional(dice.below(80)) } else { shipment });
        }
    }
    for _ in 0..types {
        let mut v = vehicle_type(dice, features, &materials, &sites, dims).start(yard);
        v = match dice.below(4) {
            0 => v.end(other),
            1 => v,
            _ => v.end(yard),
        };
        if dice.chance(25) {
            v = v.reload_depots([yard]);
        }
        b.add_vehicle_type(v);
    }
    if features.has("executed") && n > 2 {
        let own = &mut b.vehicle_types_mut()[0];
        own.count = 1;
        own.executed.push(Activity::Client(ClientId::new(dice.below(n as i64) as usize)));
        if !own.disposal_sites.is_empty() && dice.chance(50) {
            let site = own.disposal_sites[0];
            own.executed.push(Activity::Dispose(site));
        }
    }
    if features.has("relations") {
        add_relations(&mut b, dice, n, types);
    }
    if features.has("goals") {
        for v in b.vehicle_types_mut() {
            v.consumption = dice.chance(70).then(|| consumption(dice));
        }
        for measure in Measure::ALL {
            if dice.chance(30) {
                let weighted = Goal::weighted(measure, dice.below(5));
                let goal = if dice.chance(30) { Goal::ranked(measure) } else { weighted };
                b.add_goal(if dice.chance(30) { goal.above(dice.below(150)) } else { goal });
            }
        }
    }
    if features.has("speeds") {
        let steps: Vec<(i64, u32)> = (0..dice.within(1, 4)).map(|i| (i * 90, dice.within(40, 160) as u32)).collect();
        b.speed(ProfileId::new(0), SpeedCurve::new(steps));
    }
    b.travel(Travel::euclidean(Rounding::Round));
    b.build().unwrap_or_else(|error| panic!("{error}"))
}

fn add_sites(
    b: &mut milkrun::ProblemBuilder,
    dice: &mut Dice,
    features: Features,
    materials: &[MaterialId],
    dims: usize,
) -> Vec<DisposalSiteId> {
    (0..=dice.below(3))
        .map(|i| {
            let mut site = DisposalSite::at(dice.coord()).service(dice.below(10)).visit_cost(dice.below(9));
            if dice.chance(40) {
                site = site.unloading([Rate::new(dice.below(5), dice.within(1, 4))]);
            }
            if dice.chance(40) {
                site = site.tipping_fee([Rate::new(dice.below(5), dice.within(1, 4))]);
            }
            if features.has("site_limits") {
                let early = dice.below(150);
                site = site.hours([TimeWindow::new(early, early + 150), TimeWindow::new(early + 250, 900)]);
                if dice.chance(40) {
                    site = site.daily_capacity(vec![dice.within(10, 60); dims]);
                }
            }
            if i > 0 && !materials.is_empty() && dice.chance(50) {
                site = site.materials([materials[dice.below(2) as usize]]);
            }
            b.add_disposal_site(site)
        })
        .collect()
}

fn client(dice: &mut Dice, features: Features, materials: &[MaterialId], types: usize, dims: usize) -> Client {
    let mut c = Client::at(dice.coord()).service(dice.below(8));
    let amount: Vec<i64> = (0..dims).map(|_| dice.within(0, 6)).collect();
    c = if dice.chance(25) { c.delivery(amount) } else { c.pickup(amount) };
    if dice.chance(40) {
        let early = dice.below(250);
        c = c.time_window(early, early + dice.within(20, 300));
    }
    if features.has("windows") && dice.chance(50) {
        let early = dice.below(200);
        c = c.time_windows([TimeWindow::new(early, early + 30), TimeWindow::new(early + 90, early + 200)]);
    }
    if features.has("soft_windows") && dice.chance(50) {
        let early = dice.below(200);
        c = c.soft_window(SoftWindow::new(early, early + dice.below(60), dice.below(3), dice.below(3)));
    }
    if features.has("service_by_type") && dice.chance(50) {
        c = c.service_by(VehicleTypeId::new(dice.below(types as i64) as usize), dice.below(30));
        // From choices of its own: all others are as they were without it.
        let own = &mut Dice(dice.0 ^ 0x00A5_516E);
        c = c.assignment_cost(VehicleTypeId::new(own.below(types as i64) as usize), own.below(90));
    }
    // From choices of its own, too.
    let own = &mut Dice(dice.0 ^ 0x0C0_5E25);
    let least = c.service_by_type.iter().map(|by| by.1).chain([c.service]).min().unwrap_or(0);
    let holds = |w: TimeWindow| w.late == TimeWindow::UNBOUNDED_LATE || w.late - w.early >= least;
    if features.has("windows") && own.chance(40) && c.windows().all(holds) {
        c = c.window_covers(WindowCovers::Service);
    }
    let own = &mut Dice(dice.0 ^ 0x005E_7011);
    if features.has("setups") && own.chance(60) {
        c = c.setup(own.below(25));
    }
    if !materials.is_empty() && dice.chance(80) {
        c = c.material(materials[dice.below(2) as usize]);
    }
    if features.has("skills") {
        match dice.below(6) {
            0 => c = c.skills(["crane"]),
            1 => c = c.allowed_vehicles([VehicleTypeId::new(dice.below(types as i64) as usize)]),
            2 => c = c.forbidden_vehicles([VehicleTypeId::new(dice.below(types as i64) as usize)]),
            _ => {}
        }
    }
    if dice.chance(30) {
        c = c.optional(dice.below(120));
    }
    if features.has("priorities") && dice.chance(50) {
        c = c.optional(dice.below(20)).priority(dice.below(3) as u8);
    }
    c
}

fn vehicle_type(
    dice: &mut Dice,
    features: Features,
    materials: &[MaterialId],
    sites: &[DisposalSiteId],
    dims: usize,
) -> VehicleType {
    let mut v = VehicleType::new(dice.within(1, 3) as usize).fixed_cost(dice.below(40));
    v = v.capacity(vec![dice.within(6, 20); dims]).cost_per_duration(dice.below(2));
    v = v.shift(0, dice.within(300, 700));
    if !sites.is_empty() {
        v = v.disposal_sites(sites.iter().copied().filter(|_| dice.chance(80)).collect::<Vec<_>>());
        if features.has("end_empty") {
            v = v.end_empty();
        }
    }
    if features.has("compartments") && materials.len() == 2 && dice.chance(60) {
        v = v.compartment(Compartment::new([materials[0]], vec![dice.within(6, 12); dims]));
        v = v.compartment(Compartment::new([materials[1]], vec![dice.within(6, 12); dims]));
    }
    if features.has("totals") {
        v = v.max_stops(dice.within(1, 8) as usize).max_route_load(vec![dice.within(10, 40); dims]);
        if dice.chance(40) {
            v = v.max_trips(dice.within(1, 3) as usize);
        }
    }
    if features.has("breaks") {
        let early = dice.within(50, 200);
        let mut lunch = Break::new(early, early + dice.below(80), dice.below(40));
        if dice.chance(30) {
            lunch = lunch.at(dice.coord());
        }
        v = v.add_break(if dice.chance(50) { lunch.unpaid() } else { lunch });
        if dice.chance(30) {
            v = v.add_break(Break::new(early + 120, early + 180, 10));
        }
    }
    if features.has("driver_rules") {
        let effort = if dice.chance(60) { Effort::Driving } else { Effort::Work };
        let mut rule = DriverRule::new(effort, dice.within(30, 150), dice.within(5, 30));
        rule.any_pause = dice.chance(30);
        if dice.chance(40) {
            rule.split = Some((3, 5));
        }
        v = v.driver_rule(rule);
        if dice.chance(30) {
            v = v.driver_rule(DriverRule::new(Effort::Driving, dice.within(60, 200), 20)).unpaid_rests();
        }
    }
    if features.has("day_limits") {
        v = v.max_driving(dice.within(60, 300)).max_work(dice.within(80, 400)).max_duration(dice.within(150, 600));
    }
    if features.has("overtime") {
        v = v
            .overtime(OvertimeStep::new(dice.within(50, 200), 2))
            .overtime(OvertimeStep::new(dice.within(201, 300), 3));
        v = v.cost_per_waiting(dice.below(3));
    }
    if features.has("skills") && dice.chance(60) {
        v = v.skills(["crane", "key"]);
    }
    v
}

/// What a vehicle consumes: so much that grams of CO₂ tell plans apart.
fn consumption(dice: &mut Dice) -> Consumption {
    let tenths = |tenths: i64| tenths as f64 / 10.0;
    Consumption::diesel(tenths(dice.below(20)))
        .per_load_distance([tenths(dice.below(5))])
        .per_stop(tenths(dice.below(30)))
        .per_idle(tenths(dice.below(10)))
        .co2(0.01)
}

fn add_relations(b: &mut milkrun::ProblemBuilder, dice: &mut Dice, n: usize, types: usize) {
    // The relations have disjoint clients, so that no two contradict each other.
    let mut free: Vec<ClientId> = (0..n).map(ClientId::new).collect();
    if !b.vehicle_types_mut().iter().all(|v| v.executed.is_empty()) {
        return;
    }
    while free.len() >= 3 {
        let own: Vec<ClientId> = free.drain(..3).collect();
        let relation = match dice.below(8) {
            0 => Relation::SameVehicle(own),
            1 => Relation::Sequence(own),
            2 => Relation::Precedence(own[0], own[1]),
            3 => Relation::AllOrNone(own),
            4 => Relation::Incompatible(own),
            5 => {
                let position = [Position::Any, Position::First, Position::Last][dice.below(3) as usize];
                let vehicle_type = (position == Position::Any || dice.chance(50))
                    .then(|| VehicleTypeId::new(dice.below(types as i64) as usize));
                Relation::Pin { client: own[0], vehicle_type, position }
            }
            _ => continue,
        };
        b.add_relation(relation);
    }
}
