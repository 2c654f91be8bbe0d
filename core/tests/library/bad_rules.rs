//! Invalid problems with the rules of the working day, one by one: each fault is reported with its path.

use milkrun::io::json::{JsonError, JsonFault, read_plan, read_problem, write_problem};

/// A small problem with every field of the working day.
const GOOD: &str = include_str!("random_rules/good.json");

/// The paths of all faults.
fn paths(error: &JsonError) -> Vec<String> {
    assert!(!error.to_string().is_empty());
    match error {
        JsonError::Shape { faults, .. } => faults.iter().map(|fault| format!("shape {}", fault.path)).collect(),
        JsonError::Content { faults, .. } => faults.iter().map(|fault| fault.path().to_owned()).collect(),
        JsonError::Invalid(error) => error.issues.iter().map(|issue| issue.path.clone()).collect(),
        other => vec![other.to_string()],
    }
}

/// The faults of the valid problem after a piece of its text is replaced.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert_eq!(GOOD.matches(from).count(), 1, "{from} must be there exactly once");
    let text = GOOD.replace(from, to);
    paths(&read_problem(&text).map(|_| ()).expect_err(&text))
}

fn expect(cases: &[(&str, &str, &[&str])]) {
    for (from, to, expected) in cases {
        assert_eq!(faults(from, to), *expected, "{to}");
    }
}

#[test]
fn the_good_problem_is_valid() {
    let problem = read_problem(GOOD).unwrap();
    assert_eq!(read_problem(&write_problem(&problem)).unwrap(), problem);
    assert_eq!(problem.load_dimensions(), 1);
}

#[test]
fn unknown_fields() {
    expect(&[
        (r#""visit_cost": 3"#, r#""visit_price": 3"#, &["shape disposal_sites[0].visit_price"]),
        (r#""amount": 9"#, r#""amounts": 9"#, &["shape disposal_sites[0].unloading[0].amounts"]),
        (r#""cost_per_early""#, r#""early_cost""#, &["shape clients[0].soft_window.early_cost"]),
        (
            r#""duration": 5"#,
            r#""length": 5"#,
            &["shape vehicle_types[0].breaks[0].length", "shape vehicle_types[0].breaks[0]"],
        ),
        (r#""any_pause""#, r#""any_break""#, &["shape vehicle_types[0].driver_rules[0].any_break"]),
        (r#""effort": "driving""#, r#""effort": "sleeping""#, &["shape vehicle_types[0].driver_rules[0].effort"]),
        (r#""capacity": [8]"#, r#""size": [8]"#, &["shape vehicle_types[0].compartments[0].size"]),
        (r#"{"rest": 6}"#, r#"{"nap": 6}"#, &["shape vehicle_types[0].executed[5].nap"]),
        (r#"{"rest": 6}"#, r#"{"rest": 6, "client": 1}"#, &["shape vehicle_types[0].executed[5]"]),
        (r#"{"all_or_none""#, r#"{"all_or_nothing""#, &["shape relations[3].all_or_nothing"]),
        (r#""after": 1}"#, r#""then": 1}"#, &["shape relations[2].precedence.then", "shape relations[2].precedence"]),
        (r#""position": "last""#, r#""position": "middle""#, &["shape relations[5].pin.position"]),
        (r#""measure": "vehicles""#, r#""measure": "smiles""#, &["shape goals[0].measure"]),
        (r#""from": 10"#, r#""since": 10"#, &["shape speeds[0][0].since", "shape speeds[0][0]"]),
        (r#""priority": 2"#, r#""priority": 256"#, &["shape clients[2].priority"]),
        (r#""time_window": [0, 70]"#, r#""time_window": null"#, &["shape clients[1].time_window"]),
        (r#""split": [3, 4]"#, r#""split": [3]"#, &["shape vehicle_types[0].driver_rules[0].split"]),
    ]);
}

#[test]
fn unknown_references() {
    expect(&[
        (r#"[["glass", "paper"]]"#, r#"[["glas", 7]]"#, &["separate_materials[0][0]", "separate_materials[0][1]"]),
        (
            r#""materials": ["glass", 1]"#,
            r#""materials": ["tin", 2]"#,
            &["disposal_sites[0].materials[0]", "disposal_sites[0].materials[1]"],
        ),
        (r#""material": "glass""#, r#""material": "tin""#, &["clients[0].material"]),
        (r#""vehicle_type": "truck""#, r#""vehicle_type": 2"#, &["clients[1].service_by_type[0].vehicle_type"]),
        (
            r#"["truck"], "forbidden_vehicles": ["van"]"#,
            r#"[2], "forbidden_vehicles": ["bus"]"#,
            &["clients[1].allowed_vehicles[0]", "clients[1].forbidden_vehicles[0]"],
        ),
        (r#""disposal_sites": ["tip"]"#, r#""disposal_sites": ["top"]"#, &["vehicle_types[0].disposal_sites[0]"]),
        (
            r#"[{"materials": ["glass"]"#,
            r#"[{"materials": ["tin"]"#,
            &["vehicle_types[0].compartments[0].materials[0]"],
        ),
        (r#""location": "a", "paid""#, r#""location": "c", "paid""#, &["vehicle_types[0].breaks[0].location"]),
        (
            r#"{"client": "farm"}, {"pickup": "box"}, {"dispose": "tip"}, {"delivery": 0}, {"break": "lunch"}"#,
            r#"{"client": 3}, {"pickup": 1}, {"dispose": 1}, {"delivery": "bag"}, {"break": 1}"#,
            &[
                "vehicle_types[0].executed[0].client",
                "vehicle_types[0].executed[1].pickup",
                "vehicle_types[0].executed[2].dispose",
                "vehicle_types[0].executed[3].delivery",
                "vehicle_types[0].executed[4].break",
            ],
        ),
        (r#"["farm", "mill"]"#, r#"["farm", "mil"]"#, &["relations[0].same_vehicle[1]"]),
        (r#"["mill", 0]"#, r#"["mill", 3]"#, &["relations[1].sequence[1]"]),
        (
            r#"{"before": 0, "after": 1}"#,
            r#"{"before": 9, "after": "x"}"#,
            &["relations[2].precedence.before", "relations[2].precedence.after"],
        ),
        (r#"["mill", "inn"]"#, r#"["mill", "in"]"#, &["relations[3].all_or_none[1]"]),
        (r#"["farm", "inn"]"#, r#"["farms", "inn"]"#, &["relations[4].incompatible[0]"]),
        (
            r#"{"client": "inn", "vehicle_type": "van""#,
            r#"{"client": "in", "vehicle_type": "car""#,
            &["relations[5].pin.client", "relations[5].pin.vehicle_type"],
        ),
        (
            r#""hours": ["#,
            r#""hours": [], "hours": ["#,
            &["shape disposal_sites[0].hours", "shape disposal_sites[0].hours"],
        ),
    ]);
}

#[test]
fn windows() {
    expect(&[
        (
            r#""time_windows": [[0, 9], [20, 29]]"#,
            r#""time_windows": [[0, 9]], "time_window": [0, 9]"#,
            &["clients[0].time_windows"],
        ),
        ("[[0, 9], [20, 29]]", "[[9, 0], [20, 29]]", &["clients[0].time_windows[0]"]),
        ("[[0, 9], [20, 29]]", "[[0, 20], [20, 29]]", &["clients[0].time_windows[1]"]),
        ("[[0, 9], [20, 29]]", "[[20, 29], [0, 9]]", &["clients[0].time_windows[1]"]),
        ("[[0, 9], [20, 29]]", "[[0, null], [20, 29]]", &["clients[0].time_windows[1]"]),
        ("[[0, 9], [20, 29]]", "[[0, 9], [20, 1073741824]]", &["clients[0].time_windows[1].late"]),
        ("[0, 70]", "[70, 0]", &["clients[1].time_window"]),
        ("[[0, 50], [60, 90]]", "[[0, 50], [40, 90]]", &["disposal_sites[0].hours[1]"]),
        (
            "[[0, 50], [60, 90]]",
            "[[50, 0], [-1073741824, 90]]",
            &["disposal_sites[0].hours[0]", "disposal_sites[0].hours[1].early", "disposal_sites[0].hours[1]"],
        ),
        (r#""early": 1, "late": 8"#, r#""early": 9, "late": 8"#, &["clients[0].soft_window"]),
        (r#""early": 1, "late": 8"#, r#""early": -9223372036854775808, "late": 8"#, &["clients[0].soft_window.early"]),
        (
            r#""cost_per_early": 2, "cost_per_late": 4"#,
            r#""cost_per_early": -2, "cost_per_late": 1073741824"#,
            &["clients[0].soft_window.cost_per_early", "clients[0].soft_window.cost_per_late"],
        ),
        (r#""start": [10, 30]"#, r#""start": [30, 10]"#, &["vehicle_types[0].breaks[0].start"]),
    ]);
}

/// Points become locations in the order of the document; a fault of one is reported at the point's path.
#[test]
fn points_are_reported_where_they_occur() {
    let text = GOOD
        .replace(r#""version": 1,"#, r#""version": 1, "travel": {"type": "haversine", "speed": 8},"#)
        .replace(r#""name": "tip", "location": "b""#, r#""name": "tip", "location": {"lon": 200, "lat": 5}"#)
        .replace(r#""duration": 5, "location": "a""#, r#""duration": 5, "location": {"lon": 5, "lat": 100}"#)
        .replace(r#""name": "inn", "location": "a""#, r#""name": "inn", "location": {"lon": 5, "lat": -91}"#)
        .replace("\"x\":", "\"lon\":")
        .replace("\"y\":", "\"lat\":");
    let expected =
        ["clients[2].location.lat", "disposal_sites[0].location.lon", "vehicle_types[0].breaks[0].location.lat"];
    assert_eq!(paths(&read_problem(&text).unwrap_err()), expected);
}

#[test]
fn disposal() {
    expect(&[
        (r#"["glass", "paper"]"#, r#"["glass", 0]"#, &["separate_materials[0]"]),
        (r#""service": 5"#, r#""service": -5"#, &["disposal_sites[0].service"]),
        (
            r#""amount": 9, "per": 10"#,
            r#""amount": -9, "per": 0"#,
            &["disposal_sites[0].unloading[0].amount", "disposal_sites[0].unloading[0].per"],
        ),
        // 7 units are picked up.
        (r#""amount": 9, "per": 10"#, r#""amount": 153391690, "per": 1"#, &["disposal_sites[0].unloading[0]"]),
        (r#""visit_cost": 3"#, r#""visit_cost": 1099511627777"#, &["disposal_sites[0].visit_cost"]),
        (
            r#""amount": 1, "per": 2"#,
            r#""amount": -1, "per": -1"#,
            &["disposal_sites[0].tipping_fee[0].amount", "disposal_sites[0].tipping_fee[0].per"],
        ),
        (
            r#"[{"amount": 1, "per": 2}]"#,
            r#"[{"amount": 1, "per": 2}, {"amount": 1, "per": 2}]"#,
            &["disposal_sites[0].tipping_fee"],
        ),
        (
            r#"[{"amount": 9, "per": 10}]"#,
            r#"[{"amount": 9, "per": 10}, {"amount": 1, "per": 2}]"#,
            &["disposal_sites[0].unloading"],
        ),
        // A site does not add load dimensions to a problem.
        (
            r#""daily_capacity": [99]"#,
            r#""daily_capacity": [99, -1]"#,
            &["disposal_sites[0].daily_capacity[1]", "disposal_sites[0].daily_capacity"],
        ),
        (
            r#"{"materials": ["paper"]}"#,
            r#"{"materials": ["paper", "glass", 1]}"#,
            &["vehicle_types[0].compartments[1].materials[1]", "vehicle_types[0].compartments[1].materials[2]"],
        ),
        (r#""capacity": [8]"#, r#""capacity": [8, 8]"#, &["vehicle_types[0].compartments[0].capacity"]),
        (r#""capacity": [8]"#, r#""capacity": [-8]"#, &["vehicle_types[0].compartments[0].capacity[0]"]),
        (r#""max_route_load": [70]"#, r#""max_route_load": [70, 1]"#, &["vehicle_types[0].max_route_load"]),
        (r#""max_stops": 6"#, r#""max_stops": 0"#, &["vehicle_types[0].max_stops"]),
    ]);
}

#[test]
fn drivers() {
    expect(&[
        (r#""duration": 5"#, r#""duration": -5"#, &["vehicle_types[0].breaks[0].duration"]),
        (
            r#""max": 40, "rest": 6, "split": [3, 4]"#,
            r#""max": 0, "rest": 0, "split": [0, 1073741824]"#,
            &[
                "vehicle_types[0].driver_rules[0].max",
                "vehicle_types[0].driver_rules[0].rest",
                "vehicle_types[0].driver_rules[0].split[0]",
                "vehicle_types[0].driver_rules[0].split[1]",
            ],
        ),
        (
            r#""max_driving": 200, "max_work": 300"#,
            r#""max_driving": -1, "max_work": -1"#,
            &["vehicle_types[0].max_driving", "vehicle_types[0].max_work"],
        ),
        (r#""cost_per_waiting": 1"#, r#""cost_per_waiting": -1"#, &["vehicle_types[0].cost_per_waiting"]),
        (r#""after": 150"#, r#""after": 100"#, &["vehicle_types[0].overtime[1].after"]),
        (
            r#"{"after": 100, "cost_per_duration": 1}"#,
            r#"{"after": -1, "cost_per_duration": -1}"#,
            &["vehicle_types[0].overtime[0].after", "vehicle_types[0].overtime[0].cost_per_duration"],
        ),
        (r#""max_stops": 6"#, r#""count": 2"#, &["vehicle_types[0].executed"]),
        (
            r#"{"dispose": "tip"}, {"delivery": 0}, {"break": "lunch"}"#,
            r#"{"client": 0}, {"delivery": 0}, {"break": 0}, {"break": 0}, {"dispose": 0}, {"dispose": 0}"#,
            &["vehicle_types[0].executed[2]", "vehicle_types[0].executed[5]"],
        ),
        (r#"{"pickup": "box"}, "#, "", &["vehicle_types[0].executed[2]"]),
        (r#"{"rest": 6}"#, r#"{"rest": 0}"#, &["vehicle_types[0].executed[5]"]),
        (r#""count": 2"#, r#""executed": [{"client": "farm"}]"#, &["vehicle_types[1].executed[0]"]),
        (
            r#"[{"vehicle_type": "truck", "service": 7}]"#,
            r#"[{"vehicle_type": 0, "service": 7}, {"vehicle_type": 0, "service": -7}]"#,
            &["clients[1].service_by_type[1].service", "clients[1].service_by_type[1].vehicle_type"],
        ),
    ]);
}

#[test]
fn zones() {
    let rule = r#"{"zone": "north", "during": [[500, 600], [700, 800]]}"#;
    let corners = "[[-7, -7], [700, -7], [700, 700], [-7, 700]]";
    expect(&[
        (rule, r#"{"zone": "south"}"#, &["vehicle_types[0].zones[0].closed.zone"]),
        (rule, r#"{"zone": "north", "during": []}"#, &["vehicle_types[0].zones[0].closed.during"]),
        (rule, r#"{"zone": 0, "during": [[600, 500]]}"#, &["vehicle_types[0].zones[0].closed.during[0]"]),
        (rule, r#"{"zone": 0, "during": [[5, 5]]}"#, &["vehicle_types[0].zones[0].closed.during[0]"]),
        (rule, r#"{"zone": 0, "during": null}"#, &["shape vehicle_types[0].zones[0].closed.during"]),
        (rule, r#"{"zone": 0, "hours": []}"#, &["shape vehicle_types[0].zones[0].closed.hours"]),
        (r#"{"closed": {"#, r#"{"shut": {"#, &["shape vehicle_types[0].zones[0].shut"]),
        (corners, "[[-7, -7], [700, 700], [700, -7], [-7, 700]]", &["zones[0].area"]),
        (corners, "[[-7, -7], [700, 700]]", &["zones[0].area"]),
        (corners, "", &["zones[0].area"]),
        (&format!("[{corners}]"), "[]", &["zones[0].area"]),
        (r#""type": "Polygon""#, r#""type": "Circle""#, &["shape zones[0].area.type"]),
    ]);
}

#[test]
fn relations() {
    let inn = r#"{"pin": {"client": "inn", "vehicle_type": "van", "position": "last"}}"#;
    let also = |more: &str| format!("{inn}, {more}");
    expect(&[
        (r#"["farm", "mill"]"#, r#"["farm"]"#, &["relations[0].same_vehicle"]),
        (r#"["mill", 0]"#, "[]", &["relations[1].sequence"]),
        (r#"["mill", "inn"]"#, r#"["mill", "inn", "mill"]"#, &["relations[3].all_or_none[2]"]),
        (r#"{"before": 0, "after": 1}"#, r#"{"before": 0, "after": 0}"#, &["relations[2].precedence"]),
        (r#", "vehicle_type": "van", "position": "last""#, "", &["relations[5].pin"]),
        (inn, &also(r#"{"pin": {"client": "inn", "vehicle_type": "truck"}}"#), &["relations[6].pin.vehicle_type"]),
        (inn, &also(r#"{"precedence": {"before": 1, "after": 0}}"#), &["relations[6].precedence"]),
        // Both are required, and three relations put them on the same route.
        (
            r#"["farm", "inn"]"#,
            r#"["farm", "mill"]"#,
            &["relations[4].incompatible", "relations[4].incompatible", "relations[4].incompatible"],
        ),
    ]);
    // A repetition is not a contradiction, nor is a conflict that an optional client can avoid.
    for more in [inn, r#"{"precedence": {"before": 0, "after": 1}}"#, r#"{"same_vehicle": ["farm", "inn"]}"#] {
        read_problem(&GOOD.replace(inn, &also(more))).unwrap();
    }
}

#[test]
fn goals_and_speeds() {
    expect(&[
        (r#""weight": 2"#, r#""weight": -2"#, &["goals[1].weight"]),
        (r#"{"measure": "makespan", "weight": 2}"#, r#"{"measure": "vehicles"}"#, &["goals[1].measure"]),
        (r#""percent": 50"#, r#""percent": 0"#, &["speeds[0][0].percent"]),
        (r#""percent": 50"#, r#""percent": 1001"#, &["speeds[0][0].percent"]),
        (r#"{"from": 20, "percent": 100}]"#, r#"{"from": 10, "percent": 100}]"#, &["speeds[0][1].from"]),
        (r#""from": 10"#, r#""from": -1073741824"#, &["speeds[0][0].from"]),
        (r#""percent": 100}]"#, r#""percent": 100}], [{"from": 0, "percent": 90}]"#, &["speeds[1]"]),
        (r#""x": 3, "y": 4"#, r#""x": 900000000, "y": 4"#, &["speeds[0][0].percent"]),
    ]);
    let far = GOOD
        .replace(
            r#""version": 1,"#,
            r#""version": 1, "travel": {"type": "matrices", "profiles": [{"distance": [[0, 1], [1, 0]]}]},"#,
        )
        .replace(r#""measure": "vehicles""#, r#""measure": "scatter""#);
    read_problem(&far).unwrap();
    let missing = far.replace(r#", "x": 3, "y": 4"#, "");
    assert_eq!(paths(&read_problem(&missing).unwrap_err()), ["locations[1]"]);
    let too_far = far.replace(r#""x": 3"#, r#""x": 1e300"#);
    assert_eq!(paths(&read_problem(&too_far).unwrap_err()), ["goals[0].measure"]);
}

#[test]
fn costs_that_could_pass_64_bits() {
    let most = "1073741823";
    expect(&[
        (r#""cost_per_waiting": 1"#, &format!(r#""cost_per_waiting": {most}"#), &["costs"]),
        (
            r#"{"after": 150, "cost_per_duration": 2}"#,
            &format!(r#"{{"after": 150, "cost_per_duration": {most}}}"#),
            &["costs"],
        ),
        (r#""cost_per_late": 4"#, &format!(r#""cost_per_late": {most}"#), &["costs"]),
        (r#""weight": 2"#, r#""weight": 1099511627776"#, &["costs"]),
    ]);
    // Seven units at the highest fee are far from the bound; with heavier loads, they are not.
    let fee = GOOD.replace(r#""amount": 1, "per": 2"#, r#""amount": 1099511627776, "per": 1"#);
    read_problem(&fee).unwrap();
    let heavy = fee
        .replace(r#""pickup": [5]"#, r#""pickup": [1073741823]"#)
        .replace(r#""amount": 9, "per": 10"#, r#""amount": 1, "per": 10"#);
    assert_eq!(paths(&read_problem(&heavy).unwrap_err()), ["costs"]);
}

#[test]
fn all_faults_at_once_with_value_and_remedy() {
    let text = GOOD
        .replace("[[0, 50], [60, 90]]", "[[0, 50], [50, 90]]")
        .replace(r#"{"materials": ["paper"]}"#, r#"{"materials": ["glass"]}"#)
        .replace(r#""percent": 50"#, r#""percent": 5000"#);
    let message = |text: &str| read_problem(text).unwrap_err().to_string();
    insta::assert_snapshot!(message(&text), @"
    the problem has 3 faults:
      disposal_sites[0].hours[1] = [50, 90]: opens before the previous window closes, at 50; give the windows in ascending order, and merge those that touch or overlap
      vehicle_types[0].compartments[1].materials[0] = 0: the material already has a compartment in the vehicle; keep one of the two
      speeds[0][0].percent = 5000: is outside 1 ..= 1000; give percent of the speed that the durations assume; 100 changes nothing
    ");
    let twice = GOOD.replace(r#""time_window": [0, 70]"#, r#""time_window": [0, 70], "time_windows": [[0, 70]]"#);
    insta::assert_snapshot!(message(&twice), @"
    the document has 1 fault:
      clients[1].time_windows: there is a time_window already; give one of the two, and all windows in it
    ");
    let both = GOOD.replace(r#"{"rest": 6}"#, r#"{"rest": 6, "client": 1}"#);
    insta::assert_snapshot!(message(&both), @r#"
    the document has 1 fault:
      vehicle_types[0].executed[5] (line 33, column 23): expected an object with one field, found 2; name one thing by its kind: "client", "pickup", "delivery", "dispose", "break", "rest"
    "#);
    assert_eq!(faults(r#"{"rest": 6}"#, "{}"), faults(r#"{"rest": 6}"#, "5"));
    let nap = GOOD.replace(r#"{"rest": 6}"#, r#"{"nap": 6}"#);
    insta::assert_snapshot!(message(&nap), @r#"
    the document has 1 fault:
      vehicle_types[0].executed[5].nap (line 33, column 24): there is no field "nap" here; remove it, or call it one of "client", "pickup", "delivery", "dispose", "break", "rest"
    "#);
}

const PLAN: &str = r#"{
    "milkrun": "plan", "version": 1,
    "routes": [{"vehicle_type": "truck", "trips": [{
        "start_depot": "yard", "end_depot": "yard",
        "visits": [{"client": "farm"}, {"break": "lunch"}, {"dispose": "tip"}, {"rest": 6}, {"client": "mill"}]
    }]}]
}"#;

#[test]
fn plans() {
    let problem = read_problem(GOOD).unwrap();
    let plan = read_plan(PLAN, &problem).unwrap();
    assert_eq!(plan.route_stops()[0].trips[0].activities.len(), 5);
    let visit = |v: usize, field: &str| vec![format!("routes[0].trips[0].visits[{v}]{field}")];
    let cases = [
        (r#"{"break": "lunch"}"#, r#"{"break": "tea"}"#, visit(1, ".break")),
        (r#"{"break": "lunch"}"#, r#"{"break": 1}"#, visit(1, ".break")),
        (r#"{"break": "lunch"}"#, r#"{"break": 0, "rest": 5}"#, visit(1, "")),
        (r#"{"dispose": "tip"}"#, r#"{"dispose": "top"}"#, visit(2, ".dispose")),
        (r#"{"rest": 6}"#, r#"{"rest": 0}"#, visit(3, ".rest")),
        (r#"{"rest": 6}"#, r#"{"rest": 9223372036854775807}"#, visit(3, ".rest")),
        // A van has no breaks; those of an unknown vehicle type are unknown.
        (r#""vehicle_type": "truck""#, r#""vehicle_type": "van""#, visit(1, ".break")),
        (r#""vehicle_type": "truck""#, r#""vehicle_type": "bus""#, vec!["routes[0].vehicle_type".to_owned()]),
    ];
    for (from, to, expected) in cases {
        assert_eq!(PLAN.matches(from).count(), 1, "{from}");
        let error = read_plan(&PLAN.replace(from, to), &problem).unwrap_err();
        assert_eq!(paths(&error), expected, "{to}");
        if to.contains("rest\": 5") {
            assert!(
                matches!(error, JsonError::Content { faults, .. } if matches!(faults[..], [JsonFault::OddVisit { found: 2, .. }]))
            );
        }
    }
}

proptest::proptest! {
    /// Reading a changed document never panics.
    #[test]
    fn damaged_documents_are_reported(
        at in proptest::prelude::any::<proptest::sample::Index>(),
        cut in 0_usize..20,
        paste in "[\\[\\]{}\",:0-9eE.+-]{0,6}|null|true|-9e99|18446744073709551615|9223372036854775807",
    ) {
        let problem = read_problem(GOOD).unwrap();
        for (document, is_plan) in [(GOOD, false), (PLAN, true)] {
            let from = at.index(document.len());
            let damaged = format!("{}{paste}{}", &document[..from], &document[(from + cut).min(document.len())..]);
            let error = if is_plan { read_plan(&damaged, &problem).err() } else { read_problem(&damaged).err() };
            if let Some(error) = error {
                paths(&error);
            }
        }
    }
}
