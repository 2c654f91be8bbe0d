//! What things are called.

use std::collections::BTreeMap;

/// The name, or kind and index where there is none, as violations name it.
pub(crate) fn called(name: &str, kind: &str, index: usize) -> String {
    if name.trim().is_empty() { format!("{kind} {index}") } else { name.to_owned() }
}

/// The value of the first tag that goes by one of these names, in any case.
pub(crate) fn own_tag<'t>(tags: &'t BTreeMap<String, String>, names: &[&str]) -> Option<(&'t str, &'t str)> {
    let is_own = |tag: &str| names.iter().any(|name| tag.trim().eq_ignore_ascii_case(name));
    tags.iter().find(|(tag, value)| is_own(tag) && !value.trim().is_empty()).map(|(tag, value)| (&**tag, &**value))
}
