//! Street networks.

use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use milkrun::travel::road::{MapFormat, RoadProfile};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::{App, Caller, FleetRead, NetworksManage};
use super::input::{self, Input};
use super::problem::Problem;
use super::upload::{self, Upload};
use crate::ids::new_id;
use crate::networks::{self, Format, Network, Order, Refused};

/// Longest code of a network: that of the field of depots.
const LONGEST_CODE: usize = 64;

#[utoipa::path(get, path = "/v1/networks", operation_id = "list_networks", tag = "networks", security(("bearer" = ["fleet:read"])),
    responses((status = 200, description = "networks by code, the newest version first", body = [Network])))]
/// Lists the organisation's street networks.
pub(super) async fn list(State(app): State<App>, caller: Caller<FleetRead>) -> Result<Json<Vec<Network>>, Problem> {
    Ok(Json(networks::list(&app.ledger, &caller.who.org).await?))
}

#[utoipa::path(get, path = "/v1/networks/{code}", operation_id = "find_network", tag = "networks", security(("bearer" = ["fleet:read"])),
    params(("code" = String, Path, description = "its code")),
    responses((status = 200, description = "the newest version", body = Network)))]
/// One network, with how far preparing it is.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<FleetRead>,
    Path(code): Path<String>,
) -> Result<Json<Network>, Problem> {
    let found = networks::find(&app.ledger, &caller.who.org, &code).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

#[utoipa::path(delete, path = "/v1/networks/{code}", operation_id = "delete_network", tag = "networks", security(("bearer" = ["networks:manage"])),
    params(("code" = String, Path, description = "its code")),
    responses((status = 204, description = "deleted, with all its versions")))]
/// Deletes a network. Refused while depots drive on it, while it is the usual one, and while a plan is being made on it.
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller<NetworksManage>,
    Path(code): Path<String>,
) -> Result<StatusCode, Problem> {
    let ids = networks::delete(&app.ledger, &caller.who, &code).await?.map_err(refused)?;
    for id in &ids {
        app.shelf.forget(id).await;
    }
    let (folder, org) = (app.shelf.folder().clone(), caller.who.org.clone());
    upload::off_thread(move || {
        for id in &ids {
            folder.remove(&org, id);
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn refused(why: Refused) -> Problem {
    match why {
        Refused::Missing => Problem::missing(),
        Refused::InUse(users) => Problem::new(StatusCode::CONFLICT, "in_use", users),
        Refused::TooMany => Problem::new(
            StatusCode::CONFLICT,
            "too_many",
            "the organisation has as many networks as it may: delete one",
        ),
        Refused::NoRoom => {
            let text = "the organisation's networks need as many bytes as they may: delete one";
            Problem::new(StatusCode::CONFLICT, "no_room", text)
        }
    }
}

/// An upload: a `map`, or the tables `nodes` and `links`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub(super) struct NetworkUpload {
    /// `OpenStreetMap` data (PBF or XML), an edge list (`GeoJSON`), or a prepared network; XML and `GeoJSON` also with gzip.
    #[schema(value_type = Option<String>, format = Binary)]
    map: Option<Vec<u8>>,
    /// An edge list's table of nodes (CSV, also with gzip).
    #[schema(value_type = Option<String>, format = Binary)]
    nodes: Option<Vec<u8>>,
    /// An edge list's table of links.
    #[schema(value_type = Option<String>, format = Binary)]
    links: Option<Vec<u8>>,
    /// Who drives: `car` (if none is given), `truck`, `waste-truck`, `foot`, or the text of a profile (TOML). A prepared
    /// network has its own.
    profile: Option<String>,
    /// A name for people.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// SHA-256 of the map as hexadecimal digits: an upload that was cut off on its way is then refused.
    sha256: Option<String>,
}

#[utoipa::path(post, path = "/v1/networks/{code}/import", operation_id = "import_network", tag = "networks", security(("bearer" = ["networks:manage"])),
    params(("code" = String, Path, description = "the organisation's own name for it: letters, digits, -, _ and .")),
    request_body(content = NetworkUpload, content_type = "multipart/form-data"),
    responses((status = 202, description = "the network will be prepared", body = Network)))]
/// Uploads a street network, to be prepared for a profile. Under a known code it is a new version, which replaces the former
/// one once it is ready.
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller<NetworksManage>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if input::media_type(&request) != "multipart/form-data" {
        return Err(input::unsupported("multipart/form-data"));
    }
    let busy = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many uploads at a time");
    let _slot = app.uploads.try_acquire().map_err(|_| busy())?;
    let form = Multipart::from_request(request, &()).await;
    let form = form.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "broken_body", "the form has no boundary"))?;
    let (limits, who) = (&app.config.networks, &caller.who);
    let room = limits.bytes_per_organisation.saturating_sub(networks::bytes_of(&app.ledger, &who.org).await?);
    if room == 0 {
        return Err(refused(Refused::NoRoom));
    }
    let names = (&["profile", "name", "sha256"][..], &["map", "nodes", "links"][..]);
    let mut upload = Upload::receive(&app, form, names, limits.upload_bytes.min(room)).await?;
    let read = read(&mut upload, &code);
    let Some(read) = read.filter(|_| upload.faults.is_empty()) else { return Err(Problem::invalid(upload.faults)) };
    let id = new_id();
    let files: Vec<_> = read.format.endings().iter().zip([["map", "nodes"], ["links", "links"]]).collect();
    let mut moves = Vec::new();
    for (ending, parts) in files {
        let file = parts.iter().find_map(|part| upload.files.remove(*part));
        moves.extend(file.map(|file| (file, app.shelf.folder().file(&who.org, &id, ending))));
    }
    let (folder, org, made) = (app.shelf.folder().clone(), who.org.clone(), id.clone());
    upload::off_thread(move || {
        let kept = moves.into_iter().try_for_each(|(file, place)| file.keep(&place));
        kept.inspect_err(|_| folder.remove(&org, &made))
    })
    .await?;
    let order = Order {
        by: (&who.org, &who.user),
        id: &id,
        code: &code,
        name: &read.name,
        format: read.format,
        profile: (&read.profile.0, &read.profile.1),
        upload: (read.bytes, &read.sha256),
    };
    let most = (limits.per_organisation, limits.bytes_per_organisation);
    let added = networks::add(&app.ledger, &order, most).await.map_err(Problem::from);
    match added.and_then(|added| added.map_err(refused)) {
        Ok(network) => {
            app.wake_preparers.notify_one();
            let place = format!("/v1/networks/{code}");
            Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(network)).into_response())
        }
        Err(problem) => {
            app.shelf.folder().remove(&who.org, &id);
            Err(problem)
        }
    }
}

/// What an upload is.
struct Read {
    format: Format,
    name: String,
    /// Name and definition.
    profile: (String, String),
    bytes: u64,
    sha256: String,
}

/// Reads what can be told at once; all faults go to the upload.
fn read(upload: &mut Upload, code: &str) -> Option<Read> {
    let right = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !(1..=LONGEST_CODE).contains(&code.len()) || !code.chars().all(right) || code.starts_with('.') {
        let message = format!("give 1 to {LONGEST_CODE} letters, digits, -, _ and ., and no . at the beginning");
        upload.fault("code", message);
    }
    let name = upload.line("name", 200);
    let told = upload.line("sha256", LONGEST_CODE).to_lowercase();
    let format = format(upload)?;
    let profile = profile(upload, format);
    let files = ["map", "nodes", "links"].iter().filter_map(|part| upload.files.get(*part));
    let (bytes, sums): (Vec<u64>, Vec<String>) = files.map(|file| (file.bytes(), file.fingerprint())).unzip();
    let sha256 = sums.join(" ");
    if !told.is_empty() && told != sha256 && told != sums.concat() {
        let message = format!("what arrived has {sha256}: it was cut off or changed on its way; send it again");
        upload.fault("sha256", message);
    }
    Some(Read { format, name, profile, bytes: bytes.iter().sum(), sha256 })
}

/// What was uploaded, by the parts that there are, and by what a map begins with.
fn format(upload: &mut Upload) -> Option<Format> {
    let has = |part: &str| upload.files.contains_key(part);
    match (has("map"), has("nodes"), has("links")) {
        (true, false, false) => match MapFormat::of(upload.files["map"].head()) {
            Ok(MapFormat::Prepared) => return Some(Format::Prepared),
            Ok(_) => return Some(Format::Map),
            Err(error) => upload.fault("map", error.to_string()),
        },
        (false, true, true) => return Some(Format::Csv),
        (false, false, true) => upload.fault("nodes", "missing; an edge list has a table of nodes and one of links"),
        (false, true, false) => upload.fault("links", "missing; an edge list has a table of nodes and one of links"),
        (false, false, false) => upload.fault("map", "missing; give a map, or the tables nodes and links"),
        _ => upload.fault("map", "give either a map, or the tables nodes and links"),
    }
    None
}

/// The name and the definition of the profile; none of a prepared network, which has its own.
fn profile(upload: &mut Upload, format: Format) -> (String, String) {
    let given = upload.texts.remove("profile").filter(|text| !text.trim().is_empty());
    if format == Format::Prepared {
        if given.is_some() {
            upload.fault("profile", "a prepared network has its own: leave it out");
        }
        return (String::new(), String::new());
    }
    let given = given.unwrap_or_else(|| "car".to_owned());
    if let Some(text) = RoadProfile::shipped_toml(given.trim()) {
        return (given.trim().to_owned(), text.to_owned());
    }
    match RoadProfile::from_toml(&given) {
        Ok(profile) if profile.name.chars().count() <= LONGEST_CODE && !profile.name.chars().any(char::is_control) => {
            return (profile.name, given);
        }
        Ok(_) => upload.fault("profile", format!("its name must have at most {LONGEST_CODE} characters")),
        Err(error) => {
            let shipped = RoadProfile::SHIPPED.join(", ");
            upload.fault("profile", format!("neither one of {shipped}, nor a profile in TOML: {error}"));
        }
    }
    (String::new(), String::new())
}

/// The network of the depots that name none.
#[derive(Serialize, ToSchema)]
pub(super) struct Usual {
    /// Its code; none: straight lines.
    network: Option<String>,
}

#[utoipa::path(get, path = "/v1/default-network", tag = "networks", security(("bearer" = ["fleet:read"])),
    responses((status = 200, description = "the usual network", body = Usual)))]
/// The network of the depots that name none.
pub(super) async fn usual(State(app): State<App>, caller: Caller<FleetRead>) -> Result<Json<Usual>, Problem> {
    let code = networks::usual(&app.ledger, &caller.who.org).await?;
    Ok(Json(Usual { network: Some(code).filter(|code| !code.is_empty()) }))
}

/// A choice of a network.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct UsualChoice {
    /// Its code; null or empty: straight lines.
    #[schema(max_length = 64)]
    network: Option<String>,
}

#[utoipa::path(put, path = "/v1/default-network", tag = "networks", security(("bearer" = ["networks:manage"])),
    request_body = UsualChoice, responses((status = 200, description = "chosen", body = Usual)))]
/// Chooses the network of the depots that name none.
pub(super) async fn choose_usual(
    State(app): State<App>,
    caller: Caller<NetworksManage>,
    mut input: Input,
) -> Result<Json<Usual>, Problem> {
    let code = input.text_or_none("network", 0..=LONGEST_CODE).unwrap_or_default();
    input.finish()?;
    if !networks::choose_usual(&app.ledger, &caller.who, &code).await? {
        return Err(Problem::fault("$.network", format!("there is no network {code:?}: upload it first")));
    }
    Ok(Json(Usual { network: Some(code).filter(|code| !code.is_empty()) }))
}
