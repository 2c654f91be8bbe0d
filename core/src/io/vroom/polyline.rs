//! Lines as text, five digits after the decimal point: the encoding of the routing engines.

use std::fmt::Write as _;

use crate::geometry::Coord;

/// The line's points, latitude first, each as its difference from the one before.
pub(super) fn encoded(line: &[Coord]) -> String {
    let mut text = String::new();
    let mut before = [0, 0];
    for coord in line {
        let point = [coord.y, coord.x].map(|degrees| (degrees * 1e5).round() as i64);
        for axis in 0..2 {
            number(&mut text, point[axis] - before[axis]);
        }
        before = point;
    }
    text
}

/// Groups of five bits, the lowest first; the lowest bit of all is the sign.
fn number(text: &mut String, value: i64) {
    let mut rest = if value < 0 { !(value << 1) } else { value << 1 }.cast_unsigned();
    loop {
        let group = (rest & 31) as u8;
        rest >>= 5;
        let more = if rest > 0 { 32 } else { 0 };
        // Writing to a string cannot fail.
        let _ = text.write_char(char::from(63 + group + more));
        if rest == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_encoded() {
        // Worked out by hand: 38.5 is 3,850,000, shifted 7,700,000, in groups of five bits 0, 17, 15, 11, 7.
        assert_eq!(encoded(&[Coord::new(-120.2, 38.5)]), "_p~iF~ps|U");
        assert_eq!(encoded(&[Coord::new(0.0, 0.0), Coord::new(0.0, 0.0)]), "????");
    }
}
