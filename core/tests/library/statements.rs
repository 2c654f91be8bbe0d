//! What plans state: as a table, as a document, and whether it is correct.

use milkrun::io::json::{read_problem, read_reported_plan, write_plan, write_problem};
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{Client, ClientId, Coord, Depot, DepotId, Plan, Problem, VehicleType, VehicleTypeId};

/// A van that reloads at the yard between the mill and the farm, and leaves the shop unserved.
fn day_out() -> (Problem, Plan) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("yard").service(5));
    b.add_client(Client::at(Coord::new(0.0, 10.0)).name("mill").delivery([6]).service(2));
    b.add_client(Client::at(Coord::new(30.0, 40.0)).name("farm").delivery([7]).time_window(120, 200));
    b.add_client(Client::at(Coord::new(0.0, 90.0)).name("shop").optional(11));
    let van = VehicleType::new(1).name("van").capacity([10]).depot(yard).reload_depots([yard]).fixed_cost(100);
    b.add_vehicle_type(van);
    b.name("day out");
    let problem = b.build().unwrap();
    let stop = |client| vec![Activity::Client(ClientId::new(client))];
    let trip =
        |client| TripStops { start: Some(DepotId::new(0)), activities: stop(client), end: Some(DepotId::new(0)) };
    let route = RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip(0), trip(1)] };
    let plan = Plan::new(&problem, vec![route]).unwrap();
    assert!(plan.is_feasible());
    (problem, plan)
}

#[test]
fn as_a_table() {
    let (problem, plan) = day_out();
    insta::assert_snapshot!(plan.table(&problem), @"
    route  vehicle  trips  stops  load  start–end  distance  duration  cost
        0  van          2      2     7     38–170       120       132   220
    unserved clients: 1, unserved shipments: 0
    cost: 231 = fixed 100 + distance 120 + duration 0 + unserved 11
    feasible
    ");
    let mut b = problem.to_builder();
    b.vehicle_types_mut()[0].capacity = vec![6];
    let tight = b.build().unwrap();
    let plan = Plan::new(&tight, plan.route_stops().to_vec()).unwrap();
    insta::assert_snapshot!(plan.table(&tight), @"
    route  vehicle  trips  stops  load  start–end  distance  duration  cost
        0  van          2      2     7     38–170       120       132   220
    unserved clients: 1, unserved shipments: 0
    cost: 231 = fixed 100 + distance 120 + duration 0 + unserved 11
    infeasible:
      route 0 trip 1: load 7 exceeds the capacity of 6 in dimension 0
    ");
}

#[test]
fn the_problem_as_a_document() {
    let (problem, _) = day_out();
    insta::assert_snapshot!(write_problem(&problem), @r#"
    {
      "milkrun": "problem",
      "version": 1,
      "name": "day out",
      "travel": {
        "type": "euclidean",
        "rounding": "round"
      },
      "locations": [
        {
          "name": "yard",
          "x": 0.0,
          "y": 0.0
        },
        {
          "name": "mill",
          "x": 0.0,
          "y": 10.0
        },
        {
          "name": "farm",
          "x": 30.0,
          "y": 40.0
        },
        {
          "name": "shop",
          "x": 0.0,
          "y": 90.0
        }
      ],
      "depots": [
        {
          "name": "yard",
          "location": "yard",
          "service": 5
        }
      ],
      "clients": [
        {
          "name": "mill",
          "location": "mill",
          "delivery": [6],
          "service": 2
        },
        {
          "name": "farm",
          "location": "farm",
          "delivery": [7],
          "time_window": [120, 200]
        },
        {
          "name": "shop",
          "location": "shop",
          "prize": 11,
          "required": false
        }
      ],
      "vehicle_types": [
        {
          "name": "van",
          "count": 1,
          "capacity": [10],
          "start": "yard",
          "end": "yard",
          "fixed_cost": 100,
          "cost_per_distance": 1,
          "reload_depots": ["yard"]
        }
      ]
    }
    "#);
}

#[test]
fn as_a_document() {
    let (problem, plan) = day_out();
    insta::assert_snapshot!(write_plan(&problem, &plan), @r#"
    {
      "milkrun": "plan",
      "version": 1,
      "problem": "day out",
      "feasible": true,
      "cost": {
        "fixed": 100,
        "distance": 120,
        "duration": 0,
        "unserved": 11,
        "total": 231
      },
      "routes": [
        {
          "vehicle_type": "van",
          "start": 38,
          "end": 170,
          "duration": 132,
          "driving": 120,
          "waiting": 0,
          "distance": 120,
          "cost": {
            "fixed": 100,
            "distance": 120,
            "duration": 0,
            "total": 220
          },
          "trips": [
            {
              "start_depot": "yard",
              "end_depot": "yard",
              "start": 38,
              "departure": 43,
              "arrival": 65,
              "distance": 20,
              "load": [6],
              "max_load": [6],
              "visits": [
                {
                  "client": "mill",
                  "location": "mill",
                  "arrival": 53,
                  "start": 53,
                  "departure": 55,
                  "load": [0]
                }
              ]
            },
            {
              "start_depot": "yard",
              "end_depot": "yard",
              "start": 65,
              "departure": 70,
              "arrival": 170,
              "distance": 100,
              "load": [7],
              "max_load": [7],
              "visits": [
                {
                  "client": "farm",
                  "location": "farm",
                  "arrival": 120,
                  "start": 120,
                  "departure": 120,
                  "load": [0]
                }
              ]
            }
          ]
        }
      ],
      "unserved": {
        "clients": ["shop"],
        "shipments": []
      },
      "violations": []
    }
    "#);
}

#[test]
fn true_statements() {
    let (problem, plan) = day_out();
    assert!(check_plan(&problem, &plan).is_truthful());
    let read = read_reported_plan(&write_plan(&problem, &plan), &problem).unwrap();
    assert_eq!((read.cost, read.discrepancies), (Some(231), vec![]));
}

#[test]
fn wrong_statements_are_found() {
    let (problem, plan) = day_out();
    let text = write_plan(&problem, &plan);
    let lies = [
        ("\"total\": 231", "\"total\": 230", "cost.total"),
        ("\"feasible\": true", "\"feasible\": false", "feasible"),
        ("\"problem\": \"day out\"", "\"problem\": \"day in\"", "problem"),
        ("\"waiting\": 0", "\"waiting\": 1", "routes[0].waiting"),
        ("\"arrival\": 120", "\"arrival\": 119", "routes[0].trips[1].visits[0].arrival"),
        ("\"clients\": [\"shop\"]", "\"clients\": []", "unserved.clients"),
        ("\"violations\": []", "\"violations\": [{\"kind\": \"late_service\"}]", "violations"),
    ];
    for (truth, lie, path) in lies {
        assert_eq!(text.matches(truth).count(), 1, "{truth} in\n{text}");
        let read = read_reported_plan(&text.replace(truth, lie), &problem).unwrap();
        let paths: Vec<&str> = read.discrepancies.iter().map(|m| m.path.as_str()).collect();
        assert_eq!((paths, read.plan), (vec![path], plan.clone()));
    }
}

/// The start of a route is the document's decision; the times that follow from it are not.
#[test]
fn a_stated_start_is_a_decision() {
    let (problem, plan) = day_out();
    let text = write_plan(&problem, &plan);
    let from = |start: &str| {
        let changed = text.replacen("\"start\": 38", &format!("\"start\": {start}"), 1);
        let read = read_reported_plan(&changed, &problem).unwrap();
        let paths: Vec<String> = read.discrepancies.iter().map(|m| m.path.clone()).collect();
        (read.plan.route_stops()[0].start, read.plan.routes()[0].start, paths)
    };
    // The default start is not a decision.
    assert_eq!(from("38"), (None, 38, vec![]));
    // Starting at 30 means to wait for the farm to open; the document's other times say otherwise.
    let (decided, start, paths) = from("30");
    assert_eq!((decided, start), (Some(30), 30));
    assert_eq!(
        paths,
        [
            "routes[0].duration",
            "routes[0].trips[0].arrival",
            "routes[0].trips[0].departure",
            "routes[0].trips[0].start",
            "routes[0].trips[0].visits[0].arrival",
            "routes[0].trips[0].visits[0].departure",
            "routes[0].trips[0].visits[0].start",
            "routes[0].trips[1].departure",
            "routes[0].trips[1].start",
            "routes[0].trips[1].visits[0].arrival",
            "routes[0].waiting",
        ]
    );
    // The yard is not open before 0: that start is itself a discrepancy.
    let (decided, start, paths) = from("-5");
    assert_eq!((decided, start, paths.contains(&"routes[0].start".to_owned())), (Some(-5), 0, true));

    // A document that states only the start has no discrepancies.
    let bare = r#"{"milkrun": "plan", "version": 1, "routes": [{"vehicle_type": "van", "start": 30, "trips": [
        {"start_depot": "yard", "end_depot": "yard", "visits": [{"client": "mill"}]},
        {"start_depot": "yard", "end_depot": "yard", "visits": [{"client": "farm"}]}]}]}"#;
    let read = read_reported_plan(bare, &problem).unwrap();
    assert_eq!((read.discrepancies.len(), read.plan.routes()[0].start, read.plan.routes()[0].waiting), (0, 30, 8));
    let left_to_the_rule = read_reported_plan(&bare.replace("\"start\": 30, ", ""), &problem).unwrap();
    assert_eq!(left_to_the_rule.plan, plan);
}

#[test]
fn a_plan_for_another_problem_is_detected() {
    let (problem, plan) = day_out();
    let farther = write_problem(&problem).replace("\"y\": 10.0", "\"y\": 11.0");
    let farther = read_problem(&farther).unwrap();
    let report = check_plan(&farther, &plan);
    let paths: Vec<&str> = report.discrepancies.iter().map(|m| m.path.as_str()).collect();
    insta::assert_snapshot!(paths.join("\n"), @"
    routes[0].distance_cost
    routes[0].paid
    routes[0].start
    routes[0].distance
    routes[0].driving
    routes[0].work
    routes[0].trips[0].distance
    routes[0].trips[0].start
    routes[0].trips[0].departure
    routes[0].trips[0].visits[0].arrival
    routes[0].trips[0].visits[0].start
    routes[0].trips[0].visits[0].departure
    cost.distance
    ");
    insta::assert_snapshot!(report.discrepancies[0], @"routes[0].distance_cost is stated as 120, but is 122");
    // A plan of a larger problem does not make the judge or the writers panic, either.
    let mut b = Problem::builder();
    b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    let small = b.build().unwrap();
    assert!(!check_plan(&small, &plan).is_feasible());
    assert!(write_plan(&small, &plan).contains("\"client\": 1"));
    assert!(milkrun::io::geojson::write_plan(&small, &plan).contains("\"index\":0"));
    assert!(plan.table(&small).to_string().contains("#0"));
}

/// A vehicle without visits is unused: it takes no time, drives nowhere, carries nothing and costs nothing.
#[test]
fn wrong_statements_about_a_route_without_visits() {
    let (problem, plan) = day_out();
    let honest = r#"{"vehicle_type": "van", "start": 7, "end": 7, "duration": 0, "driving": 0, "waiting": 0, "work": 0,
        "pauses": 0, "paid": 0, "distance": 0, "cost": {"fixed": 0, "distance": 0, "duration": 0, "overtime": 0,
        "waiting": 0, "windows": 0, "disposal": 0, "total": 0}, "trips": [{"start_depot": "yard", "end_depot": "yard",
        "start": 7, "departure": 7, "arrival": 7, "distance": 0, "load": [0], "max_load": [0], "visits": []}]}"#;
    // Before the used route, after it, and both.
    for (before, after) in [(1, 0), (0, 1), (2, 3)] {
        let said = |idle: &str| {
            let mut document: serde_json::Value = serde_json::from_str(&write_plan(&problem, &plan)).unwrap();
            let idle: serde_json::Value = serde_json::from_str(idle).unwrap();
            let routes = document["routes"].as_array_mut().unwrap();
            for _ in 0..before {
                routes.insert(0, idle.clone());
            }
            routes.extend((0..after).map(|_| idle.clone()));
            let read = read_reported_plan(&document.to_string(), &problem).unwrap();
            assert_eq!(read.plan, plan);
            let paths: Vec<String> = read.discrepancies.into_iter().map(|m| m.path).collect();
            paths
        };
        let idle: Vec<usize> = (0..before).chain(before + 1..before + 1 + after).collect();
        assert_eq!(said(honest), Vec::<String>::new());
        assert_eq!(said(r#"{"vehicle_type": "van", "trips": []}"#), Vec::<String>::new());
        let in_all = |field: &str| idle.iter().map(|r| format!("routes[{r}].{field}")).collect::<Vec<_>>();
        let (route, trip) = honest.split_once(r#""trips""#).unwrap();
        for field in ["duration", "driving", "waiting", "work", "pauses", "paid", "distance"] {
            let lie = route.replacen(&format!(r#""{field}": 0"#), &format!(r#""{field}": 1"#), 1);
            assert_eq!(said(&format!(r#"{lie}"trips"{trip}"#)), in_all(field));
        }
        for field in ["fixed", "distance", "duration", "overtime", "waiting", "windows", "disposal", "total"] {
            let (head, cost) = route.split_once(r#""cost""#).unwrap();
            let lie = cost.replacen(&format!(r#""{field}": 0"#), &format!(r#""{field}": 1"#), 1);
            assert_eq!(said(&format!(r#"{head}"cost"{lie}"trips"{trip}"#)), in_all(&format!("cost.{field}")));
        }
        for (field, lie) in
            [("distance", "1"), ("departure", "8"), ("arrival", "8"), ("load", "[4]"), ("max_load", "[4]")]
        {
            let honest = match field {
                "distance" => "0",
                "load" | "max_load" => "[0]",
                _ => "7",
            };
            let lie = trip.replacen(&format!(r#""{field}": {honest}"#), &format!(r#""{field}": {lie}"#), 1);
            let path =
                if field.contains("load") { format!("trips[0].{field}[0]") } else { format!("trips[0].{field}") };
            assert_eq!(said(&format!(r#"{route}"trips"{lie}"#)), in_all(&path));
        }
        assert_eq!(said(&honest.replace(r#""end": 7"#, r#""end": 500"#)), in_all("end"));
        assert_eq!(said(&honest.replace(r#""load": [0], "#, r#""load": [0, 0], "#)), in_all("trips[0].load"));
    }
}
