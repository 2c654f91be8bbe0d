//! Made-up requests from the interface's description, against the running service.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::load;
use crate::packages::python;
use crate::page;
use crate::service::{Service, text_of};
use crate::shell::{run, run_and_keep, target};
use crate::test::programs;

/// What makes the requests.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// What is asked of every answer: no failure of the service, and nothing that the description does not say.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,missing_required_header,\
                      ignored_auth,use_after_free";
/// Requests of each operation, at most, in each phase.
const EXAMPLES: &str = "50";
/// Whoever signs out tests nothing afterwards.
const SIGN_OUT: [&str; 2] = ["/v1/sessions/current", "/v1/me/password"];

/// Sends as many requests of each operation as the word says; the service alone is built for that.
pub(crate) fn run_with(words: &[String]) -> Result<(), String> {
    let examples = match words {
        [] => return check(),
        [word] => word.parse::<u32>().ok().filter(|examples| *examples > 0),
        _ => None,
    };
    let examples = examples.ok_or("schemathesis: give how many requests of each operation, or nothing")?;
    load::program(true)?;
    send(&examples.to_string())
}

/// The same with the usual number, after all was built.
pub(crate) fn check() -> Result<(), String> {
    programs()?;
    send(EXAMPLES)
}

/// Starts the service, signs in, and sends requests of all kinds.
fn send(examples: &str) -> Result<(), String> {
    let program = installed()?;
    let settings = [("MILKRUN_PLANNING_MAX_SECONDS", "1"), ("MILKRUN_AUTH_ARGON2_MIB", "1")];
    let mut service = Service::start(&page::service(), "schemathesis", &settings)?;
    let folder = target().join("schemathesis");
    let known = folder.join("schemathesis.toml");
    fs::write(&known, known_things(&service)?).map_err(|error| format!("{}: {error}", known.display()))?;
    let mut command = Command::new(program);
    command
        .current_dir(&folder)
        .arg("--config-file")
        .arg(&known)
        .args(["run", &format!("http://{}/v1/openapi.json", service.address)]);
    command.args(["--header", &format!("Authorization: Bearer {}", service.token)]);
    command.args(["--checks", CHECKS, "--max-examples", examples, "--seed", "7", "--continue-on-failure"]);
    command.args(["--phases", "examples,coverage,fuzzing,stateful", "--request-timeout", "20", "--no-color"]);
    for path in SIGN_OUT {
        command.args(["--exclude-path", path]);
    }
    // Signing out everywhere has the address of signing in, which stays.
    command.args(["--exclude-operation-id", "sign_out_everywhere"]);
    let (_, ended) = run_and_keep(&mut command)?;
    // The command has a token in it, which must not be printed.
    ended.map_err(|_| "schemathesis found faults".to_owned())?;
    service.send("GET", "/v1/me", None)?.expect(200)?;
    if service.lives() { Ok(()) } else { Err("the service ended".to_owned()) }
}

/// Stores a small fleet and its plan; gives the settings by which requests ask for them.
fn known_things(service: &Service) -> Result<String, String> {
    let fleet = [
        ("depots", r#"[{"code": "yard", "lon": 4.9, "lat": 52.37}]"#),
        ("vehicles", r#"[{"code": "t1", "depot": "yard", "capacity_kg": 900}]"#),
        ("bins", r#"[{"code": "b1", "lon": 4.8, "lat": 52.3, "load_kg": 90}]"#),
    ];
    for (kind, things) in fleet {
        service.send("POST", &format!("/v1/fleet/{kind}/import"), Some(things))?.expect(200)?;
    }
    let asked = service.send("POST", "/v1/plans", Some(r#"{"iterations": 10}"#))?.expect(202)?;
    let job = text_of(&asked, "id").ok_or("the job has no id")?;
    let plan = service.ended(job)?;
    let known = |name: &str, parameter: &str, value: &str| {
        format!("[[operations]]\ninclude-name = \"GET {name}\"\nparameters = {{ {parameter} = \"{value}\" }}\n")
    };
    let plans = ["/v1/plans/{id}", "/v1/plans/{id}/summary", "/v1/plans/{id}/geojson"];
    let jobs = ["/v1/jobs/{id}", "/v1/jobs/{id}/events"];
    let known_plans = plans.iter().map(|name| known(name, "id", &plan));
    let known_jobs = jobs.iter().map(|name| known(name, "id", job));
    // To delete a job, or a run, is to cancel it: it is still there.
    let cancels = ["cancel_job", "cancel_forecast_run"].map(|operation| {
        format!(
            "[[operations]]\ninclude-operation-id = \"{operation}\"\nphases = {{ stateful = {{ enabled = false }} }}\n"
        )
    });
    Ok(known_plans.chain(known_jobs).chain(cancels).collect())
}

/// The program, in an environment of its own.
pub(crate) fn installed() -> Result<PathBuf, String> {
    let environment = target().join("schemathesis");
    fs::create_dir_all(&environment).map_err(|error| format!("{}: {error}", environment.display()))?;
    let python = python::environment_in(&environment)?;
    run(python::pip(&python).arg(SCHEMATHESIS))?;
    Ok(python.with_file_name(format!("schemathesis{}", std::env::consts::EXE_SUFFIX)))
}
