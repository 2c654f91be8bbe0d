//! Prepares networks, one at a time; several preparers, in one process or many over one data folder, share the queue.

use std::path::Path;
use std::sync::Arc;

use milkrun::CancelToken;
use milkrun::travel::road::{
    FileError, Ignored, Network, NetworkError, Reading, RoadProfile, Streets, StreetsError, StreetsReport,
};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tracing::{Instrument as _, Span};

use super::Format;
use super::folder::{Folder, fingerprint};
use super::queue::{self, Claimed, Made};
use crate::audit::Ledger;
use crate::background::{CancelOnDrop, POLL, PULSE};
use crate::config::Networks;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::storage::networks::QUEUE;
use crate::traces;

/// Most characters of a profile's name, and of the reason of a failure: both may come from an upload.
const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 4_000;
/// Most kinds of what is not used of a map that a report names.
const KINDS: usize = 30;

/// What a preparer needs.
#[derive(Clone, Debug)]
pub(crate) struct Preparer {
    /// The database, with its log, and the time.
    pub(crate) ledger: Ledger,
    /// Where the files are.
    pub(crate) folder: Folder,
    /// Limits.
    pub(crate) settings: Networks,
    /// A network whose process has not been heard of for so long is taken over, seconds.
    pub(crate) lease_seconds: i64,
    /// Told when a network was uploaded here.
    pub(crate) wake: Arc<Notify>,
}

/// How preparing ended.
enum Ended {
    Made(Box<Made>),
    Failed(String),
    /// It was deleted, or is another preparer's by now.
    Lost,
    /// The process stops.
    Stopping,
}

impl Preparer {
    /// Works until a signal to stop; what is being prepared then goes back to the queue.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Ok(name) = bearer_secret() else { return };
        while !*stop.borrow() {
            let lease = self.lease_seconds * 1_000;
            match queue::claim(&self.ledger, &name, lease).await {
                Ok(Some(claimed)) => {
                    let span = traces::work("network", &claimed.id, claimed.trace.as_deref());
                    if let Err(error) = self.work(&name, &claimed, &mut stop).instrument(span).await {
                        // The lease runs out, and it is taken up again.
                        tracing::error!(network = claimed.id, %error, "a network was left behind");
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the queue of networks cannot be read"),
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn work(&self, name: &str, claimed: &Claimed, stop: &mut watch::Receiver<bool>) -> Result<(), Error> {
        let (id, org) = (&claimed.id, &claimed.org);
        let start = std::time::Instant::now();
        let mut ended = self.prepare(name, claimed, stop).await?;
        metrics::histogram!("milkrun_network_seconds").record(start.elapsed().as_secs_f64());
        if let Ended::Made(made) = &ended {
            match queue::ready(&self.ledger, (name, claimed), made, self.settings.bytes_per_organisation).await? {
                Ok(()) => self.folder.remove_upload(org, id),
                Err("") => ended = Ended::Lost,
                Err(why) => ended = Ended::Failed(why.to_owned()),
            }
        }
        let word = match ended {
            Ended::Made(_) => "ready",
            Ended::Failed(why) => {
                let why = printable(&why, LONGEST_REASON);
                queue::fail(&self.ledger, name, (org, id), &why).await?;
                self.folder.remove(org, id);
                "failed"
            }
            Ended::Stopping => {
                QUEUE.give_back(&self.ledger.store, name, id).await?;
                "given back"
            }
            // Its files are those of whoever has it now; of a deleted one, maintenance removes them.
            Ended::Lost => "lost",
        };
        metrics::counter!("milkrun_networks_total", "ended" => word).increment(1);
        traces::ended(&Span::current(), word);
        tracing::info!(network = id, ended = word, "preparing a network ended");
        Ok(())
    }

    async fn prepare(&self, name: &str, claimed: &Claimed, stop: &mut watch::Receiver<bool>) -> Result<Ended, Error> {
        let cancel = CancelToken::new();
        // However this function ends, preparing ends.
        let guard = CancelOnDrop(cancel.clone());
        let (sender, progress) = watch::channel(shown("reading", 0.0));
        let (folder, settings, task) = (self.folder.clone(), self.settings.clone(), claimed.clone());
        let mut preparing = tokio::task::spawn_blocking(move || {
            make(&folder, &settings, &task, &cancel, &|step, share| {
                sender.send_replace(shown(step, share));
            })
        });
        let mut ended = None;
        loop {
            tokio::select! {
                made = &mut preparing => {
                    let made = made.unwrap_or_else(|_| Err(Some("preparing it broke off".to_owned())));
                    return Ok(ended.unwrap_or(match made {
                        Ok(made) => Ended::Made(Box::new(made)),
                        Err(Some(why)) => Ended::Failed(why),
                        Err(None) => Ended::Lost,
                    }));
                }
                _ = stop.changed(), if ended.is_none() => {
                    guard.0.cancel();
                    ended = Some(Ended::Stopping);
                }
                () = tokio::time::sleep(PULSE), if ended.is_none() => {
                    let shown = progress.borrow().clone();
                    let lease = self.lease_seconds * 1_000;
                    // While the database is away the work goes on: the lease may last longer than that.
                    match queue::report(&self.ledger, name, &claimed.id, &shown, lease).await {
                        Ok(true) => {}
                        Ok(false) => {
                            guard.0.cancel();
                            ended = Some(Ended::Lost);
                        }
                        Err(error) => tracing::warn!(network = claimed.id, %error, "progress could not be reported"),
                    }
                }
            }
        }
    }
}

/// Text from an upload, without control characters (a database does not take all of them), and not too long.
fn printable(text: &str, longest: usize) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).take(longest).collect()
}

fn shown(step: &str, share: f64) -> String {
    json!({"step": step, "share": (share * 100.0).round() / 100.0}).to_string()
}

/// Why nothing was made: in words for people, or `None` if it was cancelled.
type Unmade = Option<String>;

/// Makes the file of a network from what was uploaded.
fn make(
    folder: &Folder,
    settings: &Networks,
    task: &Claimed,
    cancel: &CancelToken,
    told: &(dyn Fn(&'static str, f64) + Sync),
) -> Result<Made, Unmade> {
    let (org, id) = (&task.org, &task.id);
    let file = folder.file(org, id, "network");
    let uploads: Vec<_> = task.format.endings().iter().map(|ending| folder.file(org, id, ending)).collect();
    let mut sums = Vec::new();
    for upload in &uploads {
        let found = fingerprint(upload).map_err(|error| {
            tracing::warn!(file = %upload.display(), %error, "an upload cannot be read");
            "what was uploaded is not in the data folder: upload it again; processes share the folder".to_owned()
        })?;
        sums.push(found.0);
    }
    if sums.join(" ") != task.upload_sha256 {
        return Err(Some("what was uploaded has changed in the data folder: upload it again".to_owned()));
    }
    let report = if task.format == Format::Prepared {
        let opened = Network::open(&uploads[0]).map_err(|error| foreign(&error))?;
        std::fs::copy(&uploads[0], &file).map_err(|error| unwritten(&file, &error))?;
        report(&opened, None)
    } else {
        let reading = Reading { most_unpacked: settings.unpacked_bytes, cancel: cancel.clone() };
        let streets = match &uploads[..] {
            [nodes, links] => Streets::open_csv_with(nodes, links, &reading),
            _ => Streets::open_with(&uploads[0], &reading),
        };
        let streets = streets.map_err(unread)?;
        let profile = RoadProfile::from_toml(&task.profile_toml).map_err(|error| error.to_string())?;
        let network = Network::new_with(&streets, &profile, cancel, &|share| told("preparing", share));
        let network = network.map_err(|error| match error {
            NetworkError::Cancelled => None,
            error => Some(error.to_string()),
        })?;
        told("saving", 1.0);
        network.save(&file).map_err(|error| unwritten(&file, &error))?;
        report(&network, Some(streets.report()))
    };
    let (sha256, bytes) = fingerprint(&file).map_err(|error| unwritten(&file, &error))?;
    let (profile, data_date, report) = report;
    Ok(Made { profile: printable(&profile, LONGEST_NAME), sha256, bytes, data_date, report })
}

/// The name of the profile, the date of the data, and what there is, as JSON.
fn report(network: &Network, streets: Option<&StreetsReport>) -> (String, Option<i64>, String) {
    let found = network.report();
    let told = |list: &[Ignored]| list.iter().take(KINDS).map(ToString::to_string).collect::<Vec<_>>();
    let text = json!({
        "segments": found.segments,
        "directed_segments": found.directed_segments,
        "metres": found.length.round(),
        "turns": found.turns,
        "restrictions": found.restrictions,
        "disconnected_segments": found.disconnected_segments,
        "disconnected_metres": found.disconnected_length.round(),
        "unused": told(&found.unused),
        "ignored": streets.map(|streets| told(&streets.ignored)),
    });
    (network.profile().name.clone(), network.data_date(), text.to_string())
}

/// Why a map cannot be read, without the names of files here.
fn unread(error: StreetsError) -> Unmade {
    match error {
        StreetsError::Cancelled => None,
        StreetsError::Io { source, .. } => Some(format!("the upload cannot be read: {source}")),
        error => Some(error.to_string()),
    }
}

/// Why a prepared network cannot be used, without the names of files here.
fn foreign(error: &FileError) -> String {
    match error {
        FileError::Version { found, expected, .. } => format!(
            "it has version {found} of the format of prepared networks, this service reads version {expected}: prepare it again"
        ),
        FileError::Damaged { what, .. } => format!("the prepared network is damaged: {what}"),
        FileError::Foreign { .. } => "it is not a prepared network: upload the map".to_owned(),
        _ => "the prepared network cannot be read here: upload the map".to_owned(),
    }
}

fn unwritten(file: &Path, error: &dyn std::fmt::Display) -> String {
    tracing::error!(file = %file.display(), %error, "a network cannot be written");
    "the network cannot be written to the data folder".to_owned()
}
