//! `milkrun vroom`.

use std::io::Read as _;
use std::path::Path;

use milkrun::Coord;
use milkrun::io::vroom::{self, Effort};
use milkrun::travel::ProfileMatrices;

use super::{is_dash, prepare};
use crate::failure::{Failure, Outcome};
use crate::output::{Target, log};
use crate::vroom_args::{Router, Vroom};
use crate::{input, interrupt};

pub(super) fn run(args: &Vroom) -> Result<Outcome, Failure> {
    let inputs: Vec<_> = args.input.iter().map(|path| ("--input", path.as_path(), &[][..])).collect();
    let outputs = [("--output", args.output.as_deref())];
    let target = match prepare(outputs, &inputs) {
        Ok([target]) => target.unwrap_or(Target::Stdout),
        Err(failure) => {
            return answer(&Target::Stdout, 2, &vroom::failure(2, &failure.to_string()), &failure.to_string());
        }
    };
    let text = match text(args) {
        Ok(text) => text,
        Err(error) => return answer(&target, 2, &vroom::failure(2, &error), &error),
    };
    let effort = Effort {
        limit: args.limit,
        threads: usize::from(args.threads),
        explore: args.explore,
        seed: args.seed,
        choose_eta: args.choose_eta,
        geometry: args.geometry,
        ..Effort::default()
    };
    let cancel = interrupt::token(false);
    let found = match vroom::straight_lines(args.speed / 3.6, args.detour) {
        Ok(mut lines) if args.host.is_empty() && args.port.is_empty() => vroom::run(&text, effort, &mut lines, &cancel),
        Ok(_) => vroom::run(&text, effort, &mut |profile, points| engine(args, profile, points), &cancel),
        Err(error) => return answer(&target, 2, &vroom::failure(2, &error.to_string()), &error.to_string()),
    };
    if found.code != 0 {
        return answer(&target, found.code, &found.answer, &found.messages.join("\n"));
    }
    if found.asked_travel && args.host.is_empty() && args.port.is_empty() {
        log(&format!(
            "note: no matrices and no routing engine: ways are straight lines, {} times as long, at {} km/h",
            args.detour, args.speed
        ));
    }
    found.messages.iter().for_each(|message| log(&format!("warning: {message}")));
    target.write(&format!("{}\n", found.answer))?;
    Ok(Outcome::Done)
}

/// A failure: the answer where answers go, and the message on standard error, as VROOM has it.
fn answer(target: &Target, code: u8, answer: &str, message: &str) -> Result<Outcome, Failure> {
    log(&format!("[Error] {message}"));
    target.write(&format!("{answer}\n"))?;
    Ok(Outcome::Code(code))
}

fn text(args: &Vroom) -> Result<String, String> {
    if let Some(json) = &args.json {
        return Ok(json.clone());
    }
    let path = args.input.as_deref().unwrap_or(Path::new("-"));
    let mut content = Vec::new();
    let read = if is_dash(path) {
        std::io::stdin().lock().read_to_end(&mut content).map(drop)
    } else {
        std::fs::read(path).map(|found| content = found)
    };
    read.map_err(|error| format!("cannot read {}: {error}; check the path", input::shown(path)))?;
    String::from_utf8(content)
        .map_err(|error| format!("byte {} is not UTF-8; save the file as UTF-8", error.utf8_error().valid_up_to()))
}

/// The value for a profile among `profile:value`, or the one for all.
fn for_profile<'a>(values: &'a [String], profile: &str) -> Option<&'a str> {
    let own = values.iter().rev().find_map(|value| value.strip_prefix(profile)?.strip_prefix(':'));
    own.or_else(|| values.iter().rev().map(String::as_str).find(|value| !value.contains(':')))
}

/// Travel from a routing engine.
fn engine(args: &Vroom, profile: &str, points: &[Coord]) -> Result<ProfileMatrices, String> {
    let host = for_profile(&args.host, profile).unwrap_or("0.0.0.0");
    let port = for_profile(&args.port, profile).unwrap_or("5000");
    let url = format!("http://{host}:{port}");
    match args.router {
        Router::Osrm | Router::Valhalla => table(args.router, &url, profile, points),
        Router::Ors | Router::Libosrm => Err("this router is not available; use osrm or valhalla".to_owned()),
    }
}

#[cfg(feature = "roads")]
fn table(router: Router, url: &str, profile: &str, points: &[Coord]) -> Result<ProfileMatrices, String> {
    use crate::road_args::{Source, SourceArgs};
    use milkrun::travel::{SourcePoint, SourceRun};

    let source = if router == Router::Valhalla { Source::Valhalla } else { Source::Osrm };
    // VROOM's profiles name engines; these have one profile each.
    let own = (source == Source::Osrm).then_some(profile);
    let opened = crate::source::remote(&SourceArgs::at(source, url), &[own], Path::new(""))?;
    let points: Vec<SourcePoint> = points.iter().map(|point| SourcePoint::new(point.x, point.y)).collect();
    let cancel = milkrun::CancelToken::new();
    let source = opened.first().ok_or("there is no such source")?;
    let table = source.table(&points, SourceRun::new(&cancel)).map_err(|error| error.to_string())?;
    Ok(ProfileMatrices { distance: table.distance, duration: Some(table.duration) })
}

#[cfg(not(feature = "roads"))]
fn table(_: Router, _: &str, _: &str, _: &[Coord]) -> Result<ProfileMatrices, String> {
    Err("this milkrun was built without connections to travel services; build it with `--features sources`".to_owned())
}
