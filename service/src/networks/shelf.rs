//! Networks that were opened lately, shared by all who ask them.

use std::sync::Arc;

use milkrun::travel::road::Network;
use moka::future::Cache;

use super::folder::{Folder, fingerprint};

/// How many are kept open: each has its file mapped into memory, and an index of its streets.
const OPEN: u64 = 8;

/// The opened networks.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    folder: Folder,
    open: Cache<String, Arc<Network>>,
}

impl Shelf {
    /// Of the networks of a folder.
    pub(crate) fn new(folder: Folder) -> Self {
        Self { folder, open: Cache::new(OPEN) }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// A network of an organisation; else why it cannot be opened. A file with other content than it was stored with is
    /// refused.
    pub(crate) async fn open(&self, org: &str, id: &str, sha256: &str) -> Result<Arc<Network>, Arc<String>> {
        let (path, sha256) = (self.folder.file(org, id, "network"), sha256.to_owned());
        let open = async move {
            let opened = tokio::task::spawn_blocking(move || {
                let found = fingerprint(&path).map_err(|error| format!("its file cannot be read: {}", error.kind()))?;
                if found.0 != sha256 {
                    return Err("its file has other content than it was stored with: upload it again".to_owned());
                }
                Network::open(&path).map(Arc::new).map_err(|_| "its file is damaged: upload it again".to_owned())
            });
            opened.await.unwrap_or_else(|_| Err("it could not be opened".to_owned()))
        };
        let opened = self.open.try_get_with(id.to_owned(), open).await;
        opened.inspect_err(|error| tracing::warn!(network = id, %error, "a network could not be opened"))
    }

    /// Forgets a network that was deleted.
    pub(crate) async fn forget(&self, id: &str) {
        self.open.invalidate(id).await;
    }
}
