//! Work on many bins, series or jobs: on all cores with the feature `rayon`, else one after the other. The results are the same.

#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// The results of `work` for `0..count`, in order. A thread takes at least `chunk` of them at a time.
#[cfg(feature = "forecast")]
pub(crate) fn map<R: Send>(count: usize, chunk: usize, work: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "rayon")]
    return (0..count).into_par_iter().with_min_len(chunk).map(work).collect();
    #[cfg(not(feature = "rayon"))]
    {
        let _ = chunk;
        (0..count).map(work).collect()
    }
}

/// Does `work` on every item, with a scratch value for those that a thread takes in a row.
pub(crate) fn for_each<T: Send, S>(
    items: Vec<T>,
    chunk: usize,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, T) + Sync + Send,
) {
    #[cfg(feature = "rayon")]
    items.into_par_iter().with_min_len(chunk).for_each_init(scratch, work);
    #[cfg(not(feature = "rayon"))]
    {
        let _ = chunk;
        let mut scratch = scratch();
        for item in items {
            work(&mut scratch, item);
        }
    }
}
