//! Names of things.

/// A fresh id, sortable by time. It names things and protects nothing.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
