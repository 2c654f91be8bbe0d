//! Forecasts from readings to plans, and back from what came later to what they were worth.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::features::lasting;
use super::over_both_stores;
use super::world::{Actor, World, shared};
use crate::forecasts::runs;
use crate::storage::Forecasts as _;

over_both_stores!(
    a_forecast_becomes_a_plan,
    what_is_due_is_made_once_whoever_dies,
    models_are_trained_and_promoted,
    a_better_model_is_promoted_by_rule,
    days_are_reviewed_with_what_came_later,
    forecasts_are_one_s_own_and_can_be_cancelled,
);

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const BINS: usize = 10;

/// A city whose bins fill at their own rates, read every six hours, and are emptied at seven in the morning if they are rather full.
pub(super) struct Street {
    levels: Vec<f64>,
    /// The next reading.
    at: i64,
    dice: u64,
    /// How much more comes than usual.
    pub(super) surge: f64,
}

impl Street {
    /// From so many days before the day of a moment.
    fn new(now: i64, days: i64) -> Self {
        let levels = (0..BINS).map(|i| i as f64 * 7.0).collect();
        Self { levels, at: now - now.rem_euclid(DAY) - days * DAY, dice: 77, surge: 1.0 }
    }

    fn share(&mut self) -> f64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice % 1_000) as f64 / 1_000.0
    }

    /// The readings until a moment.
    fn readings(&mut self, until: i64) -> Vec<Value> {
        let mut found = Vec::new();
        while self.at <= until {
            for bin in 0..BINS {
                // From 6 points a day to 33.
                let rate = (6.0 + 3.0 * bin as f64) / 4.0 * self.surge;
                let more = rate * (0.7 + 0.6 * self.share());
                // What was rather full at six is emptied before noon.
                if self.at.rem_euclid(DAY) == 12 * HOUR && self.levels[bin] >= 70.0 {
                    self.levels[bin] = 0.0;
                }
                self.levels[bin] = (self.levels[bin] + more).min(100.0);
                let fill = (self.levels[bin] * 10.0).round() / 10.0;
                found.push(json!({"bin": format!("b{bin:04}"), "at": self.at, "fill_percent": fill}));
            }
            self.at += 6 * HOUR;
        }
        found
    }

    /// Sends the readings until now.
    pub(super) async fn send(&mut self, world: &World, actor: &Actor) {
        let all = self.readings(world.clock.now());
        for some in all.chunks(5_000) {
            world.post(actor, "/v1/readings", json!({"readings": some})).await.expect(200);
        }
    }
}

/// An organisation with two months of readings, a little after six in the evening.
pub(super) async fn evening(world: World) -> (World, Actor, Street) {
    let world = lasting(world).await;
    let admin = world.founder("ada").await;
    // Two bins are never read.
    world.city(&admin, BINS + 2).await;
    let late = world.clock.now().rem_euclid(DAY);
    world.clock.advance(DAY - late + 17 * HOUR);
    let mut street = Street::new(world.clock.now(), 60);
    street.send(&world, &admin).await;
    assert_eq!(runs::schedule(&world.app.ledger).await.unwrap(), 0, "it is not six yet");
    world.clock.advance(HOUR + HOUR / 2);
    street.send(&world, &admin).await;
    (world, admin, street)
}

/// Does all work that waits; gives how much it was.
pub(super) async fn work(world: &World) -> usize {
    let (_sender, mut stop) = watch::channel(false);
    let mut done = 0;
    while world.app.forecaster().work("worker", &mut stop).await.unwrap() {
        done += 1;
    }
    done
}

/// The day so many days after today, as text.
pub(super) fn date(world: &World, days: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(world.clock.now() + days * DAY).unwrap();
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

async fn a_forecast_becomes_a_plan(world: World) {
    let (world, admin, mut street) = evening(world).await;
    assert_eq!(runs::schedule(&world.app.ledger).await.unwrap(), 1);
    assert_eq!(work(&world).await, 8, "a forecast, and seven reviews");
    let tomorrow = date(&world, 1);
    let found = world.get(&admin, &format!("/v1/forecasts/{tomorrow}")).await.expect(200);
    let forecast = &found["forecast"];
    assert_eq!(
        (&forecast["state"], &forecast["cause"], &forecast["bins"]),
        (&json!("done"), &json!("schedule"), &json!(12))
    );
    assert_eq!((&found["model"]["number"], &found["model"]["state"]), (&json!(1), &json!("active")));
    assert_eq!((&forecast["as_of"], &forecast["model_id"]), (&json!(world.clock.now()), &found["model"]["id"]));
    let path = format!("/v1/forecasts/{tomorrow}/bins");
    let bins = world.get(&admin, &path).await.expect(200);
    let list = bins["bins"].as_array().unwrap();
    let of = |action: &str| -> Vec<&str> {
        list.iter().filter(|bin| bin["action"] == action).map(|bin| bin["bin"].as_str().unwrap()).collect()
    };
    for bin in list {
        let days = bin["days"].as_array().unwrap();
        if bin["level"] == Value::Null {
            assert_eq!(
                (&bin["action"], &bin["reason"], days.len()),
                (&json!("must"), &json!("its level is unknown"), 0)
            );
            continue;
        }
        assert_eq!((days.len(), &days[0]["day"]), (7, &json!(tomorrow)));
        for pair in days.windows(2) {
            assert!(pair[0]["overflow"].as_f64() <= pair[1]["overflow"].as_f64(), "{bin}");
        }
        for day in days {
            let [low, expected, high] = ["low", "expected", "high"].map(|name| day[name].as_f64().unwrap());
            assert!(low <= expected && expected <= high && high <= 100.0, "{bin}");
        }
        let overflow = days[0]["overflow"].as_f64().unwrap();
        assert_eq!(bin["action"] == "must", overflow > 0.3, "{bin}");
        assert_eq!(bin["action"] == "skip", bin["prize"] == 0, "{bin}");
    }
    // Bins fill at 6 to 33 points a day: some must be visited, some can wait.
    assert!(of("must").len() >= 3 && !of("skip").is_empty(), "{bins}");
    // Page by page it is the same.
    let first = world.get(&admin, &format!("{path}?limit=5")).await.expect(200)["bins"].clone();
    let after = first[4]["bin"].as_str().unwrap();
    let rest = world.get(&admin, &format!("{path}?after={after}")).await.expect(200)["bins"].clone();
    let both: Vec<&Value> = first.as_array().unwrap().iter().chain(rest.as_array().unwrap()).collect();
    assert_eq!(both, list.iter().collect::<Vec<_>>());
    // What was kept of features is what is worked out now as of then, although more readings have come.
    world.clock.advance(7 * HOUR);
    street.send(&world, &admin).await;
    let (id, as_of) = (forecast["id"].as_str().unwrap(), &forecast["as_of"]);
    let kept = world.app.ledger.connection().await.unwrap().outlooks(id, "", 100).await.unwrap();
    let rows = format!("/v1/feature-sets/usual/rows?day={tomorrow}&as_of={as_of}");
    let rows = world.get(&admin, &rows).await.expect(200);
    for (kept, row) in kept.iter().zip(rows["rows"].as_array().unwrap()) {
        assert_eq!(json!({"bin": kept.bin, "values": kept.features}), *row);
    }
    plans(&world, &admin, &tomorrow, (id, &of("must"), &of("may"))).await;
}

/// Plans from a forecast.
async fn plans(world: &World, admin: &Actor, day: &str, (forecast, must, may): (&str, &[&str], &[&str])) {
    let ask =
        |risk: Option<f64>| json!({"from_forecast": {"day": day, "risk": risk}, "iterations": 200, "seconds": 20});
    let stop = world.work();
    let job = world.post(admin, "/v1/plans", ask(None)).await.expect(202)["job"]["id"].clone();
    let plan = world.ended(admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    let summary = world.get(admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    let source = &summary["forecast"];
    assert_eq!((&source["id"], &source["day"], &source["risk"]), (&json!(forecast), &json!(day), &json!(0.3)));
    assert_eq!((&source["must"], &source["may"]), (&json!(must.len()), &json!(may.len())));
    assert_eq!(summary["feasible"], true, "{summary}");
    let map = world.get(admin, &format!("/v1/plans/{plan}/geojson")).await.expect(200).to_string();
    for bin in must {
        assert!(map.contains(bin), "{bin} must be visited");
    }
    let stored = world.app.ledger.connection().await.unwrap().stored(&plan).await;
    for client in stored["clients"].as_array().unwrap() {
        let name = client["name"].as_str().unwrap();
        let is_required = client["required"] != false;
        assert_eq!(is_required, must.contains(&name), "{client}");
        assert!(is_required || may.contains(&name), "{client}: bins that are skipped are not in the problem");
    }
    // Less risk, no fewer bins that must be visited; and the same request again is answered from what is there.
    let job = world.post(admin, "/v1/plans", ask(Some(0.02))).await.expect(202)["job"]["id"].clone();
    let careful = world.ended(admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    let careful = world.get(admin, &format!("/v1/plans/{careful}/summary")).await.expect(200)["forecast"].clone();
    assert!(careful["must"].as_i64() >= Some(must.len() as i64) && careful["risk"] == 0.02, "{careful}");
    assert_eq!(world.post(admin, "/v1/plans", ask(None)).await.expect(200)["plan_id"], plan);
    stop.send_replace(true);
    for (body, path) in [
        (json!({"from_forecast": {"day": "2020-01-01"}}), "$.from_forecast"),
        (json!({"from_forecast": {"day": "soon"}}), "$.from_forecast.day"),
        (json!({"from_forecast": {"day": day, "risk": 0}}), "$.from_forecast.risk"),
        (json!({"from_forecast": {"day": day}, "min_fill": 5}), "$.min_fill"),
        (json!({"from_forecast": 5}), "$.from_forecast"),
    ] {
        let refused = world.post(admin, "/v1/plans", body.clone()).await.expect(422);
        assert_eq!(refused["faults"][0]["path"], path, "{body}");
    }
}

/// The problem of a plan.
trait StoredProblem {
    async fn stored(&mut self, plan: &str) -> Value;
}

impl StoredProblem for crate::storage::Reader {
    async fn stored(&mut self, plan: &str) -> Value {
        let (problem,): (String,) = sqlx::query_as("SELECT problem FROM plans WHERE id = $1")
            .bind(plan.to_owned())
            .fetch_one(&mut **self)
            .await
            .unwrap();
        serde_json::from_str(&problem).unwrap()
    }
}

/// Workers die wherever they are, several of them are at it, and each day has one forecast.
async fn what_is_due_is_made_once_whoever_dies(world: World) {
    let (world, admin, _) = evening(world).await;
    let world = shared(world);
    let schedule = || {
        let world = world.clone();
        tokio::spawn(async move { runs::schedule(&world.app.ledger).await.unwrap() })
    };
    let due: Vec<usize> =
        futures_util::future::join_all((0..4).map(|_| schedule())).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(due.iter().sum::<usize>(), 1, "{due:?}");
    let mut killed = 0;
    for round in 0..40_u64 {
        let (of, name) = (world.clone(), format!("worker {round}"));
        let worker = tokio::spawn(async move {
            let (_sender, mut stop) = watch::channel(false);
            of.app.forecaster().work(&name, &mut stop).await
        });
        tokio::time::sleep(std::time::Duration::from_millis(round * 7 % 60)).await;
        killed += u32::from(!worker.is_finished());
        worker.abort();
        let _ = worker.await;
        // The lease of who died runs out.
        world.clock.advance(20_000);
        let runs = world.get(&admin, "/v1/forecast-runs?kind=forecast").await.expect(200);
        if runs[0]["state"] == "done" {
            break;
        }
        // Five beginnings are enough for work that ends the process: here, they begin anew.
        let mut connection = world.app.ledger.connection().await.unwrap();
        sqlx::query("UPDATE forecast_runs SET attempts = 0").execute(&mut *connection).await.unwrap();
    }
    work(&world).await;
    let runs = world.get(&admin, "/v1/forecast-runs?kind=forecast").await.expect(200);
    assert_eq!((runs.as_array().unwrap().len(), &runs[0]["state"]), (1, &json!("done")), "{runs}");
    assert_eq!(world.count("bin_forecasts").await, 12);
    let made = world.audited().await.into_iter().filter(|action| action == "forecast.made").count();
    assert_eq!((made, world.count("forecast_models").await), (1, 1));
    assert_eq!(schedule().await.unwrap(), 0, "it is due tomorrow again");
    eprintln!("forecasts: {killed} workers killed, one forecast, 12 bins, 1 entry of the log");
}

/// Asks for work, does it, and gives it.
async fn done(world: &World, actor: &Actor, path: &str, body: Value) -> Value {
    let run = world.post(actor, path, body).await.expect(202);
    work(world).await;
    let run = world.get(actor, &format!("/v1/forecast-runs/{}", run["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(run["state"], "done", "{run}");
    run
}

async fn models_are_trained_and_promoted(world: World) {
    let (world, admin, _) = evening(world).await;
    let vera = world.member(&admin, "vera", "viewer").await;
    let first = done(&world, &admin, "/v1/forecasts", json!({})).await;
    let body = json!({"method": "gamma", "parameters": {"prior_days": 2}});
    assert_eq!(world.post(&vera, "/v1/forecast-models", body.clone()).await.code(), "forbidden");
    let trained = done(&world, &admin, "/v1/forecast-models", body).await;
    let path = format!("/v1/forecast-models/{}", trained["model_id"].as_str().unwrap());
    let model = world.get(&vera, &path).await.expect(200);
    assert_eq!(
        (&model["number"], &model["state"], &model["method"]),
        (&json!(2), &json!("candidate"), &json!("gamma"))
    );
    let backtest = &model["backtest"];
    let scores = &backtest["scores"];
    // Fourteen evenings of ten bins, but for those that were full.
    assert!(scores["windows"].as_i64() > Some(120) && scores["questions"].as_i64() > Some(120), "{backtest}");
    let figure = |name: &str| scores[name].as_f64().unwrap();
    assert!(figure("mae") < 6.0 && figure("pinball") < 2.5, "{backtest}");
    assert!(figure("coverage") > 0.6 && figure("brier") < 0.1 && figure("hit_rate") > 0.8, "{backtest}");
    assert_eq!(backtest["active"][0], first["model_id"]);
    assert_eq!(world.post(&vera, &format!("{path}/promotion"), json!({})).await.code(), "forbidden");
    let promoted = world.post(&admin, &format!("{path}/promotion"), json!({})).await.expect(200);
    assert_eq!((&promoted["state"], promoted["promoted_by"].is_string()), (&json!("active"), true));
    assert_eq!(world.post(&admin, &format!("{path}/promotion"), json!({})).await.code(), "not_allowed");
    assert_eq!(world.post(&admin, &format!("{path}/retirement"), json!({})).await.code(), "not_allowed");
    let models = world.get(&admin, "/v1/forecast-models").await.expect(200);
    let states: Vec<&str> = models.as_array().unwrap().iter().map(|m| m["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["active", "retired"]);
    let second = done(&world, &admin, "/v1/forecasts", json!({})).await;
    assert_eq!(second["model_id"], trained["model_id"], "the new model makes it");
    let noted = world.details("forecast.model_promoted").await;
    assert_eq!((noted.len(), &noted[0]["rule"], &noted[1]["rule"]), (2, &json!("first"), &Value::Null));
    for (body, path) in [
        (json!({"method": "prophet"}), "$.method"),
        (json!({"parameters": {"half_life": -5}}), "$.parameters"),
        (json!({"parameters": {"moon": 1}}), "$.parameters.moon"),
    ] {
        let refused = world.post(&admin, "/v1/forecast-models", body).await.expect(422);
        assert_eq!(refused["faults"][0]["path"], path, "{refused}");
    }
    // What cannot be trained says why.
    let run = world.post(&admin, "/v1/forecast-models", json!({"feature_set": "none"})).await.expect(202);
    work(&world).await;
    let run = world.get(&admin, &format!("/v1/forecast-runs/{}", run["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&run["state"], &run["error"]), (&json!("failed"), &json!("there is no such feature set")));
}

async fn a_better_model_is_promoted_by_rule(world: World) {
    let (world, admin, _) = evening(world).await;
    let put = async |body: Value| {
        world.send(Some(&admin.access), "PUT", "/v1/forecast-settings", Some(body)).await.expect(200)
    };
    // A model for which all bins are alike.
    let alike = json!({"method": "gamma", "parameters": {"prior_days": 100_000}});
    let alike = done(&world, &admin, "/v1/forecast-models", alike).await;
    let path = format!("/v1/forecast-models/{}", alike["model_id"].as_str().unwrap());
    world.post(&admin, &format!("{path}/promotion"), json!({})).await.expect(200);
    put(json!({"auto_promote": false})).await;
    let waiting = done(&world, &admin, "/v1/forecast-models", json!({})).await;
    let waiting = world.get(&admin, &format!("/v1/forecast-models/{}", waiting["model_id"].as_str().unwrap())).await;
    let waiting = waiting.expect(200);
    assert_eq!(waiting["state"], "candidate", "no rule, no promotion");
    assert!(waiting["backtest"]["better_by"].as_f64() > Some(0.1), "{waiting}");
    put(json!({"auto_promote": true, "margin": 0.9})).await;
    done(&world, &admin, "/v1/forecast-models", json!({})).await;
    assert_eq!(world.get(&admin, &path).await.expect(200)["state"], "active", "not better by nine tenths");
    put(json!({"auto_promote": true, "margin": 0.05})).await;
    let better = done(&world, &admin, "/v1/forecast-models", json!({})).await;
    let better = world.get(&admin, &format!("/v1/forecast-models/{}", better["model_id"].as_str().unwrap())).await;
    let better = better.expect(200);
    assert_eq!((&better["state"], &better["promoted_by"]), (&json!("active"), &Value::Null));
    assert_eq!(world.get(&admin, &path).await.expect(200)["state"], "retired");
    let noted = world.details("forecast.model_promoted").await;
    assert_eq!(noted.last().unwrap()["rule"], "better than the active model");
}

async fn days_are_reviewed_with_what_came_later(world: World) {
    let (world, admin, mut street) = evening(world).await;
    let trained = done(&world, &admin, "/v1/forecast-models", json!({})).await;
    let path = format!("/v1/forecast-models/{}", trained["model_id"].as_str().unwrap());
    world.post(&admin, &format!("{path}/promotion"), json!({})).await.expect(200);
    runs::schedule(&world.app.ledger).await.unwrap();
    work(&world).await;
    let first = date(&world, 1);
    // Nothing is known of a day before it is over.
    let early = world.post(&admin, &format!("/v1/forecasts/{first}/review"), json!({})).await.expect(422);
    assert_eq!(early["faults"][0]["path"], "day");
    let evenings = async |street: &mut Street, count: i64| {
        for _ in 0..count {
            world.clock.advance(DAY);
            street.send(&world, &admin).await;
            assert_eq!(runs::schedule(&world.app.ledger).await.unwrap(), 1);
            work(&world).await;
        }
    };
    evenings(&mut street, 6).await;
    let until = date(&world, 0);
    let span = format!("from={first}&until={until}");
    let scores = world.get(&admin, &format!("/v1/analytics/forecast-performance?{span}")).await.expect(200);
    let days = scores["days"].as_array().unwrap();
    // The last two days are not over: the round of the next day, and its evening.
    assert_eq!((days.len(), &days[0]["day"]), (5, &json!(first)), "{scores}");
    assert!(scores["total"]["windows"].as_i64() >= Some(40) && scores["total"]["mae"].as_f64() < Some(8.0), "{scores}");
    let sum: i64 = days.iter().map(|day| day["windows"].as_i64().unwrap()).sum();
    assert_eq!(json!(sum), scores["total"]["windows"]);
    let model = world.get(&admin, &path).await.expect(200);
    let drift = model["review"]["drift"].as_array().unwrap();
    assert!(drift.iter().any(|column| column["name"] == "residual" && column["psi"].is_number()), "{model}");
    // Bins of the street are emptied as they become full: the rhythm comes to those that fill slowly as well.
    let impact = world.get(&admin, &format!("/v1/analytics/forecast-impact?{span}")).await.expect(200);
    let total = &impact["total"];
    assert!(total["rhythm"]["low_visits"].as_i64() > total["done"]["low_visits"].as_i64(), "{impact}");
    assert!(total["worth"]["visits_saved"].as_i64() > Some(0), "{impact}");
    assert_eq!((&total["rhythm_days"], &impact["days"][0]["low_percent"]), (&json!(3), &json!(50)));
    assert_eq!((impact["days"].as_array().unwrap().len(), &total["from_forecast"]), (5, &json!(false)));
    // Waste that comes three times as fast is seen, and said.
    street.surge = 3.0;
    evenings(&mut street, 8).await;
    let model = world.get(&admin, &path).await.expect(200);
    let review = &model["review"];
    assert_eq!(review["retrain"], true, "{review}");
    assert!(review["reasons"].to_string().contains("residual"), "{review}");
    // A review asked for again takes in what came since.
    let again = done(&world, &admin, &format!("/v1/forecasts/{first}/review"), json!({})).await;
    assert_eq!((&again["kind"], &again["cause"]), (&json!("review"), &json!("demand")));
}

async fn forecasts_are_one_s_own_and_can_be_cancelled(world: World) {
    let (world, admin, _) = evening(world).await;
    let (eve, vera) = (world.founder("eve").await, world.member(&admin, "vera", "viewer").await);
    let run = done(&world, &admin, "/v1/forecasts", json!({})).await;
    let (id, model) = (run["id"].as_str().unwrap(), run["model_id"].as_str().unwrap());
    let day = run["day"].as_str().unwrap();
    assert_eq!(day, date(&world, 1));
    for (method, path) in [
        ("GET", format!("/v1/forecasts/{day}")),
        ("GET", format!("/v1/forecasts/{day}/bins")),
        ("GET", format!("/v1/forecast-runs/{id}")),
        ("DELETE", format!("/v1/forecast-runs/{id}")),
        ("GET", format!("/v1/forecast-models/{model}")),
        ("POST", format!("/v1/forecast-models/{model}/promotion")),
        ("POST", format!("/v1/forecast-models/{model}/retirement")),
    ] {
        let body = (method == "POST").then(|| json!({}));
        let theirs = world.send(Some(&eve.access), method, &path, body).await;
        assert_eq!(theirs.code(), "not_found", "{method} {path}: {}", theirs.text);
    }
    for path in ["/v1/forecast-runs", "/v1/forecast-models"] {
        assert_eq!(world.get(&eve, path).await.expect(200), json!([]), "{path}");
        assert_eq!(world.get(&vera, path).await.expect(200).as_array().unwrap().len(), 1, "{path}");
    }
    let span = "from=2020-01-01&until=2099-12-31";
    let impact = world.get(&eve, &format!("/v1/analytics/forecast-impact?{span}")).await.expect(200);
    let scores = world.get(&eve, &format!("/v1/analytics/forecast-performance?{span}")).await.expect(200);
    assert_eq!((&impact["days"], &scores["days"], &scores["total"]["mae"]), (&json!([]), &json!([]), &Value::Null));
    let from = json!({"from_forecast": {"day": day}});
    world.city(&eve, 3).await;
    assert_eq!(world.post(&eve, "/v1/plans", from).await.expect(422)["faults"][0]["path"], "$.from_forecast");
    // Asked for twice while it waits, it is one; cancelled, it is not made.
    assert_eq!(world.post(&vera, "/v1/forecasts", json!({})).await.code(), "forbidden");
    let one = world.post(&admin, "/v1/forecasts", json!({})).await.expect(202);
    assert_eq!(world.post(&admin, "/v1/forecasts", json!({})).await.expect(202)["id"], one["id"]);
    let path = format!("/v1/forecast-runs/{}", one["id"].as_str().unwrap());
    assert_eq!(world.delete(&vera, &path).await.code(), "forbidden");
    assert_eq!(world.delete(&admin, &path).await.expect(202)["state"], "cancelled");
    assert_eq!(work(&world).await, 0);
    let past = world.post(&admin, "/v1/forecasts", json!({"day": date(&world, 0)})).await.expect(422);
    assert_eq!(past["faults"][0]["path"], "$.day");
    // More bins than are allowed, and more readings than fit into memory, are said to be.
    for (change, word) in [(0, "12 bins"), (1, "readings within the history")] {
        let run = world.post(&admin, "/v1/forecasts", json!({})).await.expect(202);
        let mut forecaster = world.app.forecaster();
        let limits = &mut forecaster.settings;
        *(if change == 0 { &mut limits.max_bins } else { &mut limits.readings_at_a_time }) = 5;
        let (_sender, mut stop) = watch::channel(false);
        assert!(forecaster.work("small", &mut stop).await.unwrap());
        let run = world.get(&admin, &format!("/v1/forecast-runs/{}", run["id"].as_str().unwrap())).await.expect(200);
        assert!(run["state"] == "failed" && run["error"].as_str().unwrap().contains(word), "{run}");
    }
    // A few at a time make a whole.
    let run = world.post(&admin, "/v1/forecasts", json!({})).await.expect(202);
    let mut forecaster = world.app.forecaster();
    forecaster.settings.bins_at_a_time = 5;
    let (_sender, mut stop) = watch::channel(false);
    assert!(forecaster.work("small", &mut stop).await.unwrap());
    let run = world.get(&admin, &format!("/v1/forecast-runs/{}", run["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&run["state"], &run["bins"]), (&json!("done"), &json!(12)));
}
