//! The alerts and the dashboard of the service, held against the real Prometheus, which scrapes the running service.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::debian;
use crate::page;
use crate::postgres::free_port;
use crate::service::{Service, get, text_of};
use crate::shell::{root, run, say, target, works};
use crate::test::programs;

/// Longest wait for Prometheus.
const LONGEST: Duration = Duration::from_secs(60);

/// Checks rules and settings by `promtool`, and has Prometheus scrape a service: every expression is worked out without a fault,
/// and alerts are those of the running service's figures. Skipped, with a word, where Prometheus cannot be had.
pub(crate) fn check() -> Result<(), String> {
    let programs_of = match installed() {
        Ok(found) => found,
        Err(why) => {
            say(&format!("skipped: Prometheus cannot be had: {why}"));
            return Ok(());
        }
    };
    let folder = root().join("service/operations/prometheus");
    let promtool = || {
        let mut command = Command::new(&programs_of.promtool);
        command.current_dir(&folder);
        command
    };
    run(promtool().args(["check", "config", "--lint-fatal", "prometheus.yaml"]))?;
    run(promtool().args(["check", "rules", "--lint-fatal", "rules.yaml"]))?;
    run(promtool().args(["test", "rules", "rules_test.yaml"]))?;
    programs()?;
    let service = Service::start(&page::service(), "monitoring", &[("MILKRUN_AUTH_ARGON2_MIB", "1")])?;
    use_it(&service)?;
    let told = service.figures_text()?;
    let path = target().join("service/monitoring/figures");
    fs::write(&path, told).map_err(|error| format!("{}: {error}", path.display()))?;
    let read = fs::File::open(&path).map_err(|error| error.to_string())?;
    // What is wrong with the names or the form of the figures.
    let linted = Command::new(&programs_of.promtool).args(["check", "metrics"]).stdin(read).output();
    let linted = linted.map_err(|error| format!("promtool: {error}"))?;
    if linted.status.code() == Some(1) {
        return Err(format!("the figures cannot be read: {}", String::from_utf8_lossy(&linted.stderr)));
    }
    let prometheus = Prometheus::start(&programs_of.prometheus, &folder, service.figures_address())?;
    prometheus.wait_for(r#"up{job="milkrun"} == 1"#)?;
    let mut counts = (0, 0);
    for expression in expressions(&folder)? {
        let told = prometheus.ask(&expression)?;
        let is_there = !told.contains(r#""result":[]"#);
        counts = (counts.0 + 1, counts.1 + u32::from(is_there));
    }
    prometheus.wait_for("milkrun_ready == 1")?;
    let rules = get(&prometheus.address, "/api/v1/rules")?;
    if rules.contains(r#""health":"err""#) || !rules.contains("MilkrunBackupOld") {
        return Err(format!("Prometheus cannot use the rules: {rules}"));
    }
    // Nobody has backed this service up.
    prometheus.wait_for(r#"ALERTS{alertname="MilkrunBackupOld"}"#)?;
    let alerts = get(&prometheus.address, "/api/v1/alerts")?;
    if !alerts.contains("MilkrunBackupOld") || alerts.contains("MilkrunNotReady") || alerts.contains("MilkrunDown") {
        return Err(format!("the alerts are not those of this service: {alerts}"));
    }
    say(&format!("Prometheus works {} expressions out, {} of which have values by now", counts.0, counts.1));
    Ok(())
}

/// Some of everything that a day brings.
fn use_it(service: &Service) -> Result<(), String> {
    let fleet = [
        ("depots", r#"[{"code": "yard", "lon": 4.9, "lat": 52.37}]"#),
        ("vehicles", r#"[{"code": "t1", "depot": "yard", "capacity_kg": 900}]"#),
        ("bins", r#"[{"code": "b1", "lon": 4.8, "lat": 52.3, "load_kg": 90}]"#),
    ];
    for (kind, things) in fleet {
        service.send("POST", &format!("/v1/fleet/{kind}/import"), Some(things))?.expect(200)?;
    }
    let asked = service.send("POST", "/v1/plans", Some(r#"{"iterations": 10}"#))?.expect(202)?;
    let plan = service.ended(text_of(&asked, "id").ok_or("the job has no id")?)?;
    let chosen = format!(r#"{{"plan_id": "{plan}", "version": 0}}"#);
    service.send("PUT", "/v1/days/2026-12-03", Some(&chosen))?.expect(200)?;
    service.send("GET", "/v1/days/2026-12-03", None)?.expect(200)?;
    service.send("POST", "/v1/days/2026-12-03/adaptations", Some(r#"{"now": 0, "seconds": 1}"#))?.expect(201)?;
    Ok(())
}

/// Every expression of the rules and of the dashboard.
fn expressions(folder: &Path) -> Result<BTreeSet<String>, String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut found = BTreeSet::new();
    let rules = read(&folder.join("rules.yaml"))?;
    let mut lines = rules.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim_start().strip_prefix("expr:") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut expression = rest.trim().trim_start_matches('|').to_owned();
        while let Some(more) = lines.next_if(|more| more.len() - more.trim_start().len() > indent) {
            expression = format!("{expression} {}", more.trim());
        }
        found.insert(expression.trim().to_owned());
    }
    let dashboard = read(&folder.join("../grafana/milkrun.json"))?;
    for part in dashboard.split(r#""expr": ""#).skip(1) {
        let end = part.find(r#"", "legendFormat""#).ok_or("an expression of the dashboard has no end")?;
        found.insert(part[..end].replace("\\\"", "\""));
    }
    Ok(found)
}

/// Where the programs are.
struct Installed {
    prometheus: PathBuf,
    promtool: PathBuf,
}

/// The system's programs, else Debian's, unpacked below the target folder.
fn installed() -> Result<Installed, String> {
    let is_there = |name: &str| works(Command::new(name).arg("--version"));
    if is_there("prometheus") && is_there("promtool") {
        return Ok(Installed { prometheus: "prometheus".into(), promtool: "promtool".into() });
    }
    let root = debian::filled_once("prometheus", |root| {
        if debian::search("^prometheus$")?.is_empty() {
            return Err("no package list has it".to_owned());
        }
        debian::unpack_alone("prometheus", root)
    })?;
    let found = Installed { prometheus: root.join("usr/bin/prometheus"), promtool: root.join("usr/bin/promtool") };
    if works(Command::new(&found.promtool).arg("--version")) {
        Ok(found)
    } else {
        Err(format!("{} does not start", found.promtool.display()))
    }
}

/// A running Prometheus; it ends when this is dropped.
struct Prometheus {
    child: Child,
    address: String,
}

impl Prometheus {
    /// With the settings that ship, but for how often and what is scraped.
    fn start(program: &Path, folder: &Path, scraped: &str) -> Result<Self, String> {
        let place = target().join("service/monitoring/prometheus");
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let settings = fs::read_to_string(folder.join("prometheus.yaml")).map_err(|error| error.to_string())?;
        let settings = settings
            .replace("127.0.0.1:9464", scraped)
            .replace("15s", "1s")
            .replace("rules.yaml", &folder.join("rules.yaml").display().to_string());
        let file = place.join("prometheus.yaml");
        fs::write(&file, settings).map_err(|error| error.to_string())?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let log = fs::File::create(place.join("log")).map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", file.display()));
        command.arg(format!("--storage.tsdb.path={}", place.join("data").display()));
        command.arg(format!("--web.listen-address={address}"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Self { child, address })
    }

    /// Works an expression out; gives the answer.
    fn ask(&self, expression: &str) -> Result<String, String> {
        let query: String = expression
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let told = get(&self.address, &format!("/api/v1/query?query={query}"))?;
        if told.contains(r#""status":"success""#) { Ok(told) } else { Err(format!("{expression}: {told}")) }
    }

    /// Waits until an expression has a value.
    fn wait_for(&self, expression: &str) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let told = self.ask(expression);
            if told.as_ref().is_ok_and(|told| !told.contains(r#""result":[]"#)) {
                return Ok(());
            }
            if start.elapsed() > LONGEST {
                return Err(format!("{expression} does not come: {told:?}"));
            }
            thread::sleep(Duration::from_millis(300));
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_found_in_both() {
        let found = expressions(&root().join("service/operations/prometheus")).unwrap();
        assert!(found.contains("milkrun_ready == 0") && found.contains("milkrun_ready"), "{found:?}");
        assert!(found.iter().any(|text| text.contains("status=~\"5..\"") && text.contains("> 0.01")), "{found:?}");
        assert!(found.len() > 40 && found.iter().all(|text| !text.is_empty() && !text.contains('\\')), "{found:?}");
    }
}
