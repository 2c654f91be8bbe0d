//! The schema's version.

use std::process::ExitCode;

use super::arguments::Schema;
use super::{make_folder, say};
use crate::config::Config;
use crate::error::Error;
use crate::storage::{NEWEST, Store};

pub(super) async fn run(config: &Config, command: Schema) -> Result<ExitCode, Error> {
    make_folder(config)?;
    let store = Store::open(config).await?;
    match command {
        Schema::Up { to } => store.migrate_up(to).await?,
        Schema::Down { to, delete_data } => {
            let lost = store.lost_below(to).await?;
            if !lost.is_empty() && !delete_data {
                let lost: Vec<String> = lost.iter().map(|(table, rows)| format!("{table}: {rows}")).collect();
                return Err(Error::Refused(format!(
                    "version {to} has no place for rows that are there ({}): confirm with --delete-data",
                    lost.join(", ")
                )));
            }
            store.migrate_down(to).await?;
        }
        Schema::Version => {}
    }
    say(&format!("{} of {NEWEST} ({})", store.version().await?, store.backend().name()));
    Ok(ExitCode::SUCCESS)
}
