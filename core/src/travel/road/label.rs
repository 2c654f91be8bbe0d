//! Travel time and distance in one number.

/// Travel time in milliseconds above distance in centimetres.
///
/// Sums of labels are labels of sums, and their order is by time, then by distance: so that one hierarchy finds the fastest
/// path, of equally fast ones the shortest, and knows both of it exactly. A time reaches 2³⁰ ms (298 hours); as nothing
/// is faster than [`GREATEST_SPEED`](super::GREATEST_SPEED), four centimetres in a millisecond with rounding, the distance
/// stays below 2³² cm until then and never overflows into the time.
pub(super) type Label = u64;

/// No path. Two of them can be added.
pub(super) const NEVER: Label = 1 << 62;

/// The longest time of one part of a path, in milliseconds.
pub(super) const LONGEST: u32 = (1 << 30) - 1;

#[inline]
pub(super) fn label(milliseconds: u32, centimetres: u32) -> Label {
    u64::from(milliseconds) << 32 | u64::from(centimetres)
}

/// Milliseconds of a label.
#[inline]
pub(super) fn time(label: Label) -> u64 {
    label >> 32
}

/// Centimetres of a label.
#[inline]
pub(super) fn distance(label: Label) -> u64 {
    label & u64::from(u32::MAX)
}

/// Whole seconds, halves up.
pub(super) fn seconds(label: Label) -> i64 {
    ((time(label) + 500) / 1000) as i64
}

/// Whole metres, halves up.
pub(super) fn metres(label: Label) -> i64 {
    ((distance(label) + 50) / 100) as i64
}

/// Milliseconds that a length takes at a speed in km/h, at least one.
pub(super) fn drive_time(metres: f64, speed: f64) -> u32 {
    (metres * 3600.0 / speed).ceil().clamp(1.0, f64::from(LONGEST)) as u32
}

/// The least time that so many centimetres may take.
pub(super) fn least_time(centimetres: u32) -> u32 {
    centimetres.div_ceil(4).max(1)
}
