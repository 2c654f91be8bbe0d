//! `milkrun where`.

use std::fs;

use crate::support::{folder, milkrun};

const PLAN: &str = r#"{"milkrun": "plan", "version": 1, "routes": [{"vehicle_type": "Red", "trips": [{"visits": [
    {"client": "Acacia Street 5", "arrival": 29520, "departure": 29700, "remarks": "key at the baker's"},
    {"rest": 900},
    {"client": "B-7", "arrival": 30000, "tags": {"address": "Acacia Street 51"}},
    {"dispose": "Landfill"}
]}]}], "unserved": {"clients": ["Mill Street 5"]}}"#;

#[test]
fn where_and_when_a_truck_comes() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("plan.json"), PLAN).unwrap();
    let answer = |words: &str| milkrun(dir, &["where", "plan.json", words]).code(0).out;
    let five = "Acacia Street 5: Red (truck 1), stop 1, 8:12 to 8:15; key at the baker's";
    assert_eq!(answer("acacia street 5"), format!("{five}\n"));
    assert_eq!(answer("Acacia, 5"), format!("{five}\n"), "51 is another number");
    assert_eq!(answer("baker"), format!("{five} [remarks]\n"));
    let second = "B-7: Red (truck 1), stop 2, 8:20 to ? [address]";
    assert_eq!(answer("Acacia"), format!("{five}\n{second}\n"), "both fit");
    assert_eq!(answer("acaccia 51"), format!("nothing is called exactly so; this is near:\n{second}\n"));
    assert_eq!(answer("mill street"), "Mill Street 5: unserved in this plan\n");
    assert_eq!(answer("landfill"), "Landfill: Red (truck 1), stop 3, ? to ?\n");
    let json = milkrun(dir, &["where", "plan.json", "B-7", "--json"]).code(0).json();
    assert_eq!((&json["visits"][0]["stop"], &json["visits"][0]["found_in"]), (&2.into(), &"name".into()));
    milkrun(dir, &["where", "plan.json", "Elm Street"]).code(2).reports(&["like \"Elm Street\"; try fewer words"]);
    milkrun(dir, &["where", "waste_day.json", "x"]).code(2).reports(&["waste_day.json: ", "a plan starts with"]);
}
