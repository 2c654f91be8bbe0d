//! Street networks: uploaded, prepared, chosen, planned on, deleted.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use milkrun::io::json;
use milkrun::travel::road::{City, Network, RoadProfile, Snap};
use milkrun::{Coord, Travel};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, Answer, World};

over_both_stores!(
    from_an_upload_to_a_plan_on_streets,
    bad_uploads_are_told,
    nobody_sees_the_networks_of_another,
    preparing_survives_a_restart,
    versions_replace_each_other,
    vehicles_of_two_depots_drive_on_their_own_streets,
    no_bytes_make_it_fail,
);

/// The middle of the small city of tests.
const CENTRE: Coord = Coord { x: 4.90, y: 52.37 };

fn city(blocks: u32) -> City {
    City { blocks, block_length: 200.0, centre: CENTRE, ..City::default() }
}

/// The map of a small city, as an extract of `OpenStreetMap`.
pub(super) fn map(blocks: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    city(blocks).write_pbf(&mut bytes).unwrap();
    bytes
}

/// A part of a form.
pub(super) type Part<'p> = (&'p str, &'p [u8]);

/// A form with texts and files.
pub(super) fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        body.extend(format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    body
}

impl World {
    async fn send_form(&self, actor: &Actor, code: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(format!("/v1/networks/{code}/import"))
            .header(header::AUTHORIZATION, format!("Bearer {}", actor.access))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.answer(request.body(Body::from(body)).unwrap()).await
    }

    pub(super) async fn upload(&self, actor: &Actor, code: &str, parts: &[Part<'_>]) -> Answer {
        self.send_form(actor, code, form(parts)).await
    }

    /// Waits until the newest version is prepared, or has failed.
    pub(super) async fn prepared(&self, actor: &Actor, code: &str) -> Value {
        for _ in 0..1_200 {
            let network = self.get(actor, &format!("/v1/networks/{code}")).await.expect(200);
            if !["queued", "preparing"].contains(&network["state"].as_str().unwrap()) {
                return network;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the network {code} is not prepared");
    }

    pub(super) async fn choose(&self, actor: &Actor, code: Value) -> Answer {
        self.send(Some(&actor.access), "PUT", "/v1/default-network", Some(json!({ "network": code }))).await
    }

    /// A plan's id.
    pub(super) async fn planned(&self, actor: &Actor, more: Value) -> String {
        let mut body = json!({"iterations": 200, "seconds": 20, "seed": 3});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let id = self.post(actor, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
        let job = self.ended(actor, &id).await;
        assert_eq!(job["state"], "done", "{job}");
        job["plan_id"].as_str().unwrap().to_owned()
    }

    /// Bins within the small city, none of which is far from a street.
    pub(super) async fn bins_in_the_city(&self, actor: &Actor, bins: usize) {
        let depot = json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y}]);
        self.import(actor, "depots", depot).await.expect(200);
        let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 1000}]);
        self.import(actor, "vehicles", trucks).await.expect(200);
        let rows: Vec<Value> = (0..bins)
            .map(|i| {
                let (x, y) = (i as f64 * 0.618 % 1.0 - 0.5, i as f64 * 0.414 % 1.0 - 0.5);
                json!({"code": format!("b{i:04}"), "lon": CENTRE.x + x / 80.0, "lat": CENTRE.y + y / 120.0, "load_kg": 90})
            })
            .collect();
        self.import(actor, "bins", rows.into()).await.expect(200);
    }

    /// The problem and the document of a plan, and what is said of its travel.
    async fn stored_plan(&self, id: &str) -> (String, String, Value) {
        let mut connection = self.app.desk.store.connection().await.unwrap();
        let row: (String, String, String) = sqlx::query_as("SELECT problem, document, travel FROM plans WHERE id = $1")
            .bind(id.to_owned())
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        (row.0, row.1, serde_json::from_str(&row.2).unwrap())
    }
}

async fn from_an_upload_to_a_plan_on_streets(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    world.bins_in_the_city(&admin, 30).await;
    let pbf = map(10);
    let parts: [Part<'_>; 3] = [("profile", b"waste-truck"), ("name", b"The centre"), ("map", &pbf)];
    assert_eq!(world.upload(&viewer, "centre", &parts).await.code(), "forbidden");
    let answer = world.upload(&admin, "centre", &parts).await;
    assert_eq!(answer.headers[header::LOCATION], "/v1/networks/centre");
    let queued = answer.expect(202);
    assert_eq!(
        (&queued["state"], &queued["version"], &queued["profile"]),
        (&json!("queued"), &json!(1), &json!("waste-truck"))
    );
    assert_eq!(queued["upload_bytes"], pbf.len());
    // Chosen before it is ready, nothing is planned on it, and nothing is guessed.
    world.choose(&admin, json!("centre")).await.expect(200);
    assert_eq!(world.get(&viewer, "/v1/default-network").await.expect(200)["network"], "centre");
    let early = world.post(&admin, "/v1/plans", json!({})).await.expect(422);
    assert_eq!(early["faults"][0]["path"], "depots/yard/network", "{early}");
    let (preparing, working) = (world.prepare(), world.work());
    let ready = world.prepared(&admin, "centre").await;
    assert_eq!((&ready["state"], &ready["is_current"]), (&json!("ready"), &json!(true)), "{ready}");
    assert!(ready["report"]["segments"].as_u64().unwrap() > 100 && ready["stored_bytes"].as_i64().unwrap() > 1_000);
    let plan = world.planned(&admin, json!({"name": "on streets"})).await;
    let summary = world.get(&admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    let told = &summary["travel"][0];
    assert_eq!((&told["kind"], &told["network"], &told["version"]), (&json!("streets"), &json!("centre"), &json!(1)));
    let label = told["label"].as_str().unwrap();
    assert!(
        label.starts_with("streets of centre, version 1, data ") && label.ends_with("profile waste-truck"),
        "{label}"
    );

    is_as_the_network_says(&world, &plan, &summary).await;

    // The map follows the streets: more points than stops, and the label is in it.
    let drawn = world.get(&admin, &format!("/v1/plans/{plan}/geojson")).await.expect(200);
    assert_eq!(drawn["travel"], summary["travel"]);
    let trips = drawn["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "trip");
    let points: usize = trips.map(|trip| trip["geometry"]["coordinates"].as_array().unwrap().len()).sum();
    assert!(points > 3 * 30, "{points}");

    // Straight lines are another plan, which says so.
    let straight = world.planned(&admin, json!({"travel": "straight_lines"})).await;
    let summary = world.get(&admin, &format!("/v1/plans/{straight}/summary")).await.expect(200);
    assert_eq!(summary["travel"][0]["kind"], "straight_lines");
    assert!(summary["travel"][0]["label"].as_str().unwrap().contains("1.3"), "{summary}");

    // A bin in the sea is named, before anything is planned.
    let far = json!([{"code": "sea", "lon": CENTRE.x + 0.5, "lat": CENTRE.y, "load_kg": 5}]);
    world.import(&admin, "bins", far).await.expect(200);
    let refused = world.post(&admin, "/v1/plans", json!({})).await.expect(422);
    assert_eq!(refused["faults"].as_array().unwrap().len(), 1, "{refused}");
    assert_eq!(refused["faults"][0]["path"], "bins/sea");
    assert!(refused["faults"][0]["message"].as_str().unwrap().contains("no street within 500 m"), "{refused}");
    world.delete(&admin, "/v1/fleet/bins/sea").await.expect(204);

    // What depots drive on is not deleted.
    assert_eq!(world.delete(&admin, "/v1/networks/centre").await.code(), "in_use");
    let depot = json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y, "network": "centre"}]);
    world.import(&admin, "depots", depot).await.expect(200);
    world.choose(&admin, Value::Null).await.expect(200);
    let refused = world.delete(&admin, "/v1/networks/centre").await;
    assert!(refused.text.contains("yard"), "{}", refused.text);
    world.import(&admin, "depots", json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y}])).await.expect(200);
    assert_eq!(world.delete(&viewer, "/v1/networks/centre").await.code(), "forbidden");
    world.delete(&admin, "/v1/networks/centre").await.expect(204);
    assert_eq!(world.get(&admin, "/v1/networks").await.expect(200), json!([]));
    assert_eq!(files(&world), 0);
    let audited = world.audited().await;
    for action in ["network.uploaded", "network.ready", "network.usual", "network.deleted"] {
        assert!(audited.iter().any(|found| found == action), "{action}: {audited:?}");
    }
    preparing.send_replace(true);
    working.send_replace(true);
}

/// The library's judge, with tables from a network of the test's own, finds the same plan: feasible, and as long.
async fn is_as_the_network_says(world: &World, plan: &str, summary: &Value) {
    let (problem, document, travel) = world.stored_plan(plan).await;
    assert_eq!(travel, summary["travel"]);
    let problem = json::read_problem(&problem).unwrap();
    let network = Network::new(&city(10).streets().unwrap(), &RoadProfile::waste_truck()).unwrap();
    let points: Vec<Coord> = problem.locations().iter().map(|location| location.coord).collect();
    let spots = network.snap(&points, &Snap::default()).unwrap();
    let table = network.table(&spots, &spots).unwrap();
    let mut builder = problem.to_builder();
    let problem = builder.travel(Travel::Matrices(vec![table.to_matrices().unwrap()])).build().unwrap();
    let judged = json::read_plan(&document, &problem).unwrap();
    assert!(judged.is_feasible() && judged.unserved().clients.is_empty());
    assert_eq!(json::write_plan(&problem, &judged), document);
    let metres: i64 = judged.routes().iter().map(|route| route.distance).sum();
    assert!(metres > 0);
    assert_eq!(summary["distance"], metres);
    assert_eq!(summary["duration"], judged.routes().iter().map(milkrun::plan::Route::duration).sum::<i64>());
}

/// Waits until so many files of networks are left: they go after a network is ready or has failed, not with it.
async fn files_become(world: &World, count: usize) {
    for _ in 0..200 {
        if files(world) == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} files of networks are left, not {count}", files(world));
}

/// Files of networks in the data folder.
fn files(world: &World) -> usize {
    let folders = std::fs::read_dir(world.config.data.join("networks")).into_iter().flatten().flatten();
    folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum()
}

async fn bad_uploads_are_told(world: World) {
    let world = world
        .restart(|config| {
            config.networks.upload_bytes = 200_000;
            config.networks.bytes_per_organisation = 400_000;
            config.networks.unpacked_bytes = 150_000;
        })
        .await;
    let admin = world.founder("ada").await;
    let pbf = map(4);
    // What can be told at once is, with all faults.
    let wrong = world.upload(&admin, "city", &[("map", b"PK\x03\x04"), ("profile", b"bicycle"), ("what", b"x")]).await;
    let wrong = wrong.expect(422);
    let paths: Vec<&str> = wrong["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.what", "$.map"], "{wrong}");
    assert!(wrong["faults"][1]["message"].as_str().unwrap().contains("zip archive"), "{wrong}");
    let profile = world.upload(&admin, "city", &[("map", &pbf), ("profile", b"bicycle")]).await.expect(422);
    assert_eq!(profile["faults"][0]["path"], "$.profile");
    let halves = world.upload(&admin, "city", &[("nodes", b"node,lon,lat\n")]).await.expect(422);
    assert_eq!(halves["faults"][0]["path"], "$.links");
    world.upload(&admin, "city", &[]).await.expect(422);
    world.upload(&admin, "a%20b", &[("map", &pbf)]).await.expect(422);
    let cut = world.upload(&admin, "city", &[("map", &pbf), ("sha256", b"00ff")]).await.expect(422);
    assert_eq!(cut["faults"][0]["path"], "$.sha256");
    // Too large, while it is read: however much would follow.
    let large = world.upload(&admin, "city", &[("map", &vec![b' '; 200_001])]).await;
    assert_eq!((large.status.as_u16(), large.code()), (413, "too_large"));
    let mut unfinished = form(&[("map", &pbf)]);
    unfinished.truncate(pbf.len() / 2);
    assert_eq!(world.send_form(&admin, "city", unfinished).await.expect(400)["code"], "broken_body");
    assert_eq!(files(&world), 0);

    // What is found while preparing is the network's error.
    let preparing = world.prepare();
    let mut prepared = tempfile::NamedTempFile::new().unwrap();
    Network::new(&city(4).streets().unwrap(), &RoadProfile::car()).unwrap().save(prepared.path()).unwrap();
    let good = std::fs::read(prepared.path()).unwrap();
    std::io::Write::flush(&mut prepared).unwrap();
    let mut damaged = good.clone();
    damaged[good.len() / 2] ^= 1;
    let mut other = good.clone();
    other[8] = 99;
    let bomb = [b"<osm>".to_vec(), vec![b' '; 160_000], b"</osm>".to_vec()].concat();
    let csv: [Part<'_>; 2] = [("nodes", b"node,lon,lat\n1,x,0\n"), ("links", b"link,from,to,highway\n1,1,2,primary\n")];
    let cases: [(&str, Vec<Part<'_>>, &str); 6] = [
        ("truncated", vec![("map", &pbf[..pbf.len() - 7])], "cut off"),
        ("damaged", vec![("map", &damaged)], "checksum"),
        ("version", vec![("map", &other)], "version 99"),
        ("large", vec![("map", &bomb)], "150000 bytes"),
        ("empty", vec![("map", b"<osm></osm>")], "no street"),
        ("tables", csv.to_vec(), "line 2"),
    ];
    for (code, parts, word) in cases {
        world.upload(&admin, code, &parts).await.expect(202);
        let failed = world.prepared(&admin, code).await;
        assert_eq!(failed["state"], "failed", "{failed}");
        assert!(failed["error"].as_str().unwrap().contains(word), "{word}: {failed}");
        assert!(!failed["error"].as_str().unwrap().contains(world.config.data.to_str().unwrap()), "{failed}");
        assert_eq!(failed["stored_bytes"], 0);
    }
    files_become(&world, 0).await;
    // Planning on a failed one is refused with its reason.
    world.bins_in_the_city(&admin, 3).await;
    world.choose(&admin, json!("nowhere")).await.expect(422);
    world.choose(&admin, json!("empty")).await.expect(200);
    let refused = world.post(&admin, "/v1/plans", json!({})).await.expect(422);
    assert!(refused["faults"][0]["message"].as_str().unwrap().contains("no street"), "{refused}");
    // A prepared one that is whole is taken as it is, and two tables become one network.
    world.upload(&admin, "whole", &[("map", &good)]).await.expect(202);
    assert_eq!(world.prepared(&admin, "whole").await["profile"], "car");
    preparing.send_replace(true);
}

async fn nobody_sees_the_networks_of_another(world: World) {
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let pbf = map(4);
    world.upload(&ada, "city", &[("map", &pbf)]).await.expect(202);
    let preparing = world.prepare();
    world.prepared(&ada, "city").await;
    assert_eq!(world.get(&eve, "/v1/networks").await.expect(200), json!([]));
    assert_eq!(world.get(&eve, "/v1/networks/city").await.code(), "not_found");
    assert_eq!(world.delete(&eve, "/v1/networks/city").await.code(), "not_found");
    world.choose(&eve, json!("city")).await.expect(422);
    world.bins_in_the_city(&eve, 3).await;
    let depot = json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y, "network": "city"}]);
    world.import(&eve, "depots", depot).await.expect(200);
    let refused = world.post(&eve, "/v1/plans", json!({})).await.expect(422);
    assert!(refused["faults"][0]["message"].as_str().unwrap().contains("there is no network"), "{refused}");
    // The same code can be one's own, and is no version of the other's.
    let own = world.upload(&eve, "city", &[("map", &pbf)]).await.expect(202);
    assert_eq!(own["version"], 1);
    world.prepared(&eve, "city").await;
    world.import(&eve, "depots", json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y}])).await.expect(200);
    world.delete(&eve, "/v1/networks/city").await.expect(204);
    assert_eq!(world.get(&ada, "/v1/networks/city").await.expect(200)["state"], "ready");
    preparing.send_replace(true);
}

async fn preparing_survives_a_restart(world: World) {
    let admin = world.founder("ada").await;
    let pbf = map(40);
    world.upload(&admin, "city", &[("map", &pbf)]).await.expect(202);
    // In good order: what is being prepared goes back to the queue, and the next process takes it up.
    let stop = world.prepare();
    for _ in 0..400 {
        if world.get(&admin, "/v1/networks/city").await.expect(200)["state"] == "preparing" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send_replace(true);
    for _ in 0..400 {
        if world.get(&admin, "/v1/networks/city").await.expect(200)["state"] != "preparing" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let state = world.get(&admin, "/v1/networks/city").await.expect(200)["state"].clone();
    assert!(["queued", "ready"].contains(&state.as_str().unwrap()), "{state}");
    // Killed: nothing is heard of it, and it is taken over when its lease has run out; what it wrote of a file is no harm.
    world.upload(&admin, "other", &[("map", &pbf)]).await.expect(202);
    let store = &world.app.desk.store;
    let mut tx = store.begin().await.unwrap();
    sqlx::query("UPDATE networks SET state = 'preparing', worker = 'killed', lease_until = $1, attempts = 1 WHERE code = 'other'")
        .bind(world.clock.now() + 15_000)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let world = world.restart(|_| {}).await;
    let admin = world.actor(&admin.email).await;
    let preparing = world.prepare();
    assert_eq!(world.prepared(&admin, "city").await["state"], "ready");
    assert_eq!(world.get(&admin, "/v1/networks/other").await.expect(200)["state"], "preparing");
    world.clock.advance(16_000);
    assert_eq!(world.prepared(&admin, "other").await["state"], "ready");
    preparing.send_replace(true);
    // One that ends every process that prepares it is given up, with a word; and so is one whose file is gone.
    for code in ["fatal", "gone"] {
        world.upload(&admin, code, &[("map", &map(4))]).await.expect(202);
    }
    let mut tx = world.app.desk.store.begin().await.unwrap();
    let killed = "UPDATE networks SET state = 'preparing', worker = 'killed', lease_until = 1, attempts = 3 WHERE code = 'fatal'";
    sqlx::query(killed).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let gone = world.get(&admin, "/v1/networks/gone").await.expect(200)["id"].as_str().unwrap().to_owned();
    let org = std::fs::read_dir(world.config.data.join("networks")).unwrap().flatten();
    let upload = org.map(|org| org.path().join(format!("{gone}.upload"))).find(|path| path.exists()).unwrap();
    std::fs::remove_file(upload).unwrap();
    let preparing = world.prepare();
    for (code, word) in [("fatal", "never ended"), ("gone", "not in the data folder")] {
        let failed = world.prepared(&admin, code).await;
        assert!(failed["error"].as_str().unwrap().contains(word), "{failed}");
    }
    preparing.send_replace(true);
}

async fn versions_replace_each_other(world: World) {
    let admin = world.founder("ada").await;
    world.bins_in_the_city(&admin, 5).await;
    let (preparing, working) = (world.prepare(), world.work());
    world.upload(&admin, "city", &[("map", &map(8))]).await.expect(202);
    world.prepared(&admin, "city").await;
    world.choose(&admin, json!("city")).await.expect(200);
    let first = world.planned(&admin, json!({})).await;
    // A version that fails leaves the former one in use.
    let bad = world.upload(&admin, "city", &[("map", b"<osm></osm>")]).await.expect(202);
    assert_eq!(bad["version"], 2);
    assert_eq!(world.prepared(&admin, "city").await["state"], "failed");
    let again = world.post(&admin, "/v1/plans", json!({"iterations": 200, "seconds": 20, "seed": 3})).await.expect(200);
    assert_eq!(again["plan_id"], first.as_str());
    // One that is ready takes its place: equal requests are planned anew.
    world.upload(&admin, "city", &[("map", &map(9)), ("profile", b"truck")]).await.expect(202);
    world.prepared(&admin, "city").await;
    let second = world.planned(&admin, json!({})).await;
    assert_ne!(first, second);
    let summary = world.get(&admin, &format!("/v1/plans/{second}/summary")).await.expect(200);
    assert_eq!(summary["travel"][0]["profile"], "truck");
    world.app.sweep_networks().await.unwrap();
    let left = world.get(&admin, "/v1/networks").await.expect(200);
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    files_become(&world, 1).await;
    // The former plan still says what it rests on.
    let old = world.get(&admin, &format!("/v1/plans/{first}/summary")).await.expect(200);
    assert_eq!((&old["travel"][0]["version"], &old["travel"][0]["profile"]), (&json!(1), &json!("car")));
    preparing.send_replace(true);
    working.send_replace(true);
}

async fn vehicles_of_two_depots_drive_on_their_own_streets(world: World) {
    let admin = world.founder("ada").await;
    world.bins_in_the_city(&admin, 8).await;
    let (preparing, working) = (world.prepare(), world.work());
    let pbf = map(8);
    for (code, profile) in [("cars", "car"), ("feet", "foot")] {
        world.upload(&admin, code, &[("map", &pbf), ("profile", profile.as_bytes())]).await.expect(202);
        world.prepared(&admin, code).await;
    }
    let depots = json!([{"code": "yard", "lon": CENTRE.x, "lat": CENTRE.y, "network": "cars"},
                        {"code": "hut", "lon": CENTRE.x + 0.002, "lat": CENTRE.y, "network": "feet"}]);
    world.import(&admin, "depots", depots).await.expect(200);
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 300},
                        {"code": "cart", "depot": "hut", "capacity_kg": 100}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    let plan = world.planned(&admin, json!({})).await;
    let summary = world.get(&admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    let networks: Vec<&str> =
        summary["travel"].as_array().unwrap().iter().map(|t| t["network"].as_str().unwrap()).collect();
    assert_eq!(networks.len(), 2, "{summary}");
    assert!(networks.contains(&"cars") && networks.contains(&"feet"), "{summary}");
    assert_eq!((&summary["feasible"], &summary["unserved"]), (&json!(true), &json!(0)));
    preparing.send_replace(true);
    working.send_replace(true);
}

/// Cut at every fiftieth, and with flipped bytes: an answer, and never a failure of the service.
async fn no_bytes_make_it_fail(world: World) {
    let world = world.restart(|config| config.networks.per_organisation = 1_000).await;
    let admin = world.founder("ada").await;
    let preparing = world.prepare();
    let saved = tempfile::NamedTempFile::new().unwrap();
    Network::new(&city(3).streets().unwrap(), &RoadProfile::car()).unwrap().save(saved.path()).unwrap();
    let geojson =
        br#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"highway": "primary"},
        "geometry": {"type": "LineString", "coordinates": [[4.9, 52.3], [4.901, 52.3]]}}]}"#;
    let xml = br#"<osm><node id="1" lon="0" lat="0"/><node id="2" lon="0.001" lat="0"/>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>"#;
    let contents = [map(3), std::fs::read(saved.path()).unwrap(), geojson.to_vec(), xml.to_vec()];
    let mut sent = 0;
    for (kind, content) in contents.iter().enumerate() {
        let code = format!("whole-{kind}");
        world.upload(&admin, &code, &[("map", content)]).await.expect(202);
        assert_eq!(world.prepared(&admin, &code).await["state"], "ready");
    }
    for (kind, content) in contents.iter().enumerate() {
        let mut bodies: Vec<Vec<u8>> = Vec::new();
        for part in 0..50 {
            let at = content.len() * part / 50;
            // The file, the form around it, and a byte.
            bodies.push(form(&[("map", &content[..at])]));
            let whole = form(&[("map", content), ("profile", b"car")]);
            bodies.push(whole[..whole.len() * part / 50].to_vec());
            let mut flipped = content.clone();
            flipped[at] ^= 1 << (part % 8);
            bodies.push(form(&[("map", &flipped)]));
        }
        for (i, body) in bodies.into_iter().enumerate() {
            let answer = world.send_form(&admin, &format!("c{kind}-{i}"), body).await;
            let status = answer.status.as_u16();
            assert!([202, 400, 422].contains(&status), "{kind} {i}: {status} {}", answer.text);
            sent += 1;
        }
    }
    // Each that was taken ends with a network or a reason, and preparing goes on.
    let mut ends = [0, 0];
    for network in world.get(&admin, "/v1/networks").await.expect(200).as_array().unwrap() {
        let ended = world.prepared(&admin, network["code"].as_str().unwrap()).await;
        assert!(!ended["error"].as_str().unwrap_or("").contains("broke off"), "{ended}");
        ends[usize::from(ended["state"] == "failed")] += 1;
    }
    eprintln!("networks: {sent} damaged uploads, {} prepared all the same, {} failed with a reason", ends[0], ends[1]);
    assert!(ends[1] > 50, "{ends:?}");
    preparing.send_replace(true);
}
