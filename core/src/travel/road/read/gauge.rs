//! Limits of reading: how much content there may be once it is unpacked, and a request to stop.

use std::cell::Cell;
use std::io::{Error, Read};

use crate::cancel::CancelToken;
use crate::travel::road::StreetsError;

/// How a map is read: see [`Streets::open_with`](crate::travel::road::Streets::open_with).
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most bytes of content once it is unpacked: a small compressed file can hold very much. What is kept of a map in
    /// memory is some ten times this at worst.
    pub most_unpacked: u64,
    /// Asks to stop.
    pub cancel: CancelToken,
}

impl Default for Reading {
    /// Without limits.
    fn default() -> Self {
        Self { most_unpacked: u64::MAX, cancel: CancelToken::new() }
    }
}

/// How much may still be unpacked.
pub(super) struct Gauge<'r> {
    reading: &'r Reading,
    left: Cell<u64>,
    ended: Cell<Option<Ended>>,
}

/// Why reading ended early.
#[derive(Clone, Copy)]
enum Ended {
    TooMuch,
    Cancelled,
}

impl<'r> Gauge<'r> {
    pub(super) fn new(reading: &'r Reading) -> Self {
        Self { reading, left: Cell::new(reading.most_unpacked), ended: Cell::new(None) }
    }

    /// Begins again: the content is read another time.
    pub(super) fn restart(&self) {
        self.left.set(self.reading.most_unpacked);
    }

    /// So many bytes more were unpacked; the error only ends the reading, [`told`](Self::told) says why.
    pub(super) fn add(&self, bytes: usize) -> Result<(), &'static str> {
        let ended = match self.left.get().checked_sub(bytes as u64) {
            _ if self.reading.cancel.is_cancelled() => Ended::Cancelled,
            None => Ended::TooMuch,
            Some(left) => {
                self.left.set(left);
                return Ok(());
            }
        };
        self.ended.set(Some(ended));
        Err("reading ended early")
    }

    /// A reader whose bytes count.
    pub(super) fn measured<R: Read>(&self, inner: R) -> Measured<'_, R> {
        Measured { inner, gauge: self }
    }

    /// What was read, or why reading ended early.
    pub(super) fn told<T>(&self, read: Result<T, StreetsError>) -> Result<T, StreetsError> {
        match self.ended.get() {
            None => read,
            Some(Ended::TooMuch) => Err(StreetsError::Unpacked { limit: self.reading.most_unpacked }),
            Some(Ended::Cancelled) => Err(StreetsError::Cancelled),
        }
    }
}

/// A reader that ends where the gauge does.
pub(super) struct Measured<'g, R> {
    inner: R,
    gauge: &'g Gauge<'g>,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.gauge.add(read).map_err(Error::other)?;
        Ok(read)
    }
}
