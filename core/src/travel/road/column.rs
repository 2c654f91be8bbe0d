//! Arrays that are either in memory or in a mapped file.

use std::ops::Deref;
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;

/// An array of numbers, owned or mapped from a file.
#[derive(Clone, Debug)]
pub(super) enum Column<T> {
    Owned(Vec<T>),
    /// Bytes of a file that are known to be aligned and of a whole number of entries.
    Mapped {
        map: Arc<Mmap>,
        start: usize,
        bytes: usize,
    },
}

impl<T: Pod> Column<T> {
    /// A part of a mapped file; `None` if it lies outside, is not aligned, or is no whole number of entries.
    pub(super) fn mapped(map: &Arc<Mmap>, start: usize, bytes: usize) -> Option<Self> {
        let part = map.get(start..start.checked_add(bytes)?)?;
        bytemuck::try_cast_slice::<u8, T>(part).ok()?;
        Some(Self::Mapped { map: Arc::clone(map), start, bytes })
    }

    /// The entries, to be changed: copied first if they are in a file.
    pub(super) fn to_mut(&mut self) -> &mut Vec<T> {
        if let Self::Mapped { .. } = self {
            *self = Self::Owned(self.to_vec());
        }
        match self {
            Self::Owned(values) => values,
            Self::Mapped { .. } => unreachable!("it was copied"),
        }
    }
}

impl<T: Pod> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Owned(values) => values,
            Self::Mapped { map, start, bytes } => bytemuck::cast_slice(&map[*start..*start + *bytes]),
        }
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Owned(values)
    }
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self::Owned(Vec::new())
    }
}
