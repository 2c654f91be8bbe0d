//! Pictures as phones send them, JPEG and PNG, without what the files say besides: where and when a photo was taken, with what, and
//! previews of it. What is kept is listed; all else goes, and so does whatever follows the picture's end. The type is what the bytes are.

/// Most pixels of a side, and of a picture: a file of a few kilobytes can claim any size.
const LONGEST_SIDE: usize = 16_000;
const MOST_PIXELS: usize = 64_000_000;

/// A picture, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// `image/jpeg` or `image/png`.
    pub(crate) media_type: &'static str,
    /// The file.
    pub(crate) content: Vec<u8>,
}

/// Why bytes are no picture that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unusable {
    /// The bytes begin like no known kind.
    #[error("this is neither a JPEG nor a PNG picture: send one of them")]
    Kind,
    /// The file is cut off or not well-formed.
    #[error("the picture is cut off or damaged: send it again")]
    Damaged,
    /// A coding that browsers do not show.
    #[error("the picture is of a kind that browsers do not show: send a usual JPEG or PNG")]
    Coding,
    /// It claims to be larger than photos are.
    #[error("the picture has more than 64 million pixels, or 16,000 on a side: make it smaller")]
    Large,
}

/// The picture of a file.
///
/// # Errors
///
/// [`Unusable`] says why there is none.
pub(crate) fn bare(file: &[u8]) -> Result<Picture, Unusable> {
    if file.starts_with(&[0xff, 0xd8]) {
        Ok(Picture { media_type: "image/jpeg", content: jpeg(file)? })
    } else if file.starts_with(PNG) {
        Ok(Picture { media_type: "image/png", content: png(file)? })
    } else {
        Err(Unusable::Kind)
    }
}

fn check_size(width: usize, height: usize) -> Result<(), Unusable> {
    match (width, height) {
        (0, _) | (_, 0) => Err(Unusable::Damaged),
        (w, h) if w > LONGEST_SIDE || h > LONGEST_SIDE || w * h > MOST_PIXELS => Err(Unusable::Large),
        _ => Ok(()),
    }
}

/// Two bytes as a number, the higher one first.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at + 1)?))
}

/// The segments of a JPEG file (ITU-T T.81, annex B) that a decoder needs.
fn jpeg(file: &[u8]) -> Result<Vec<u8>, Unusable> {
    let mut kept = Vec::with_capacity(file.len());
    let (mut at, mut orientation, mut has_frame, mut has_scan) = (2, None, false, false);
    loop {
        if *file.get(at).ok_or(Unusable::Damaged)? != 0xff {
            return Err(Unusable::Damaged);
        }
        let marker = *file.get(at + 1).ok_or(Unusable::Damaged)?;
        match marker {
            // Fill.
            0xff => {
                at += 1;
                continue;
            }
            0xd9 if has_scan => {
                kept.extend([0xff, 0xd9]);
                return Ok(with_orientation(&kept, orientation));
            }
            0x00..=0x01 | 0xd0..=0xd9 => return Err(Unusable::Damaged),
            _ => {}
        }
        let length = number(file, at + 2).filter(|length| *length >= 2).ok_or(Unusable::Damaged)?;
        let segment = file.get(at..at + 2 + length).ok_or(Unusable::Damaged)?;
        let content = &segment[4..];
        at += segment.len();
        match marker {
            // Baseline, extended and progressive frames.
            0xc0..=0xc2 => {
                let (height, width) = number(content, 1).zip(number(content, 3)).ok_or(Unusable::Damaged)?;
                check_size(width, height)?;
                has_frame = true;
                kept.extend_from_slice(segment);
            }
            // Tables of codes, quantisation and restarts.
            0xc4 | 0xdb | 0xdd => kept.extend_from_slice(segment),
            // How colours are stored: Adobe's marker has no room for anything else.
            0xee if content.len() == 12 && content.starts_with(b"Adobe") => kept.extend_from_slice(segment),
            0xe1 => orientation = orientation.or_else(|| turned(content)),
            0xe0..=0xef | 0xfe => {}
            0xda if has_frame => {
                has_scan = true;
                kept.extend_from_slice(segment);
                let scan = scan(&file[at..]);
                kept.extend_from_slice(scan);
                at += scan.len();
            }
            0xda => return Err(Unusable::Damaged),
            _ => return Err(Unusable::Coding),
        }
    }
}

/// The coded part of a scan: up to the next marker that is neither a stuffed byte nor a restart.
fn scan(bytes: &[u8]) -> &[u8] {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    let end = bytes.windows(2).position(ends).unwrap_or(bytes.len());
    &bytes[..end]
}

/// How a camera was held, of the content of an Exif segment: 2 to 8 where the picture must be turned to be shown.
fn turned(content: &[u8]) -> Option<u8> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at.checked_add(1)?)?];
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| {
        let (first, second) = (usize::from(short(at)?), usize::from(short(at + 2)?));
        Some(if is_little { second << 16 | first } else { first << 16 | second })
    };
    let first = long(4)?;
    let entries = usize::from(short(first)?);
    (0..entries).map(|i| first + 2 + 12 * i).find_map(|entry| {
        let is_orientation = short(entry)? == 0x0112 && short(entry + 2)? == 3;
        let value = is_orientation.then(|| short(entry + 8)).flatten()?;
        u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
    })
}

/// The file, with an Exif segment that says nothing but how the camera was held.
fn with_orientation(segments: &[u8], orientation: Option<u8>) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    if let Some(orientation) = orientation {
        file.extend([0xff, 0xe1, 0, 34]);
        file.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
        file.extend([orientation, 0, 0, 0, 0, 0, 0]);
    }
    file.extend_from_slice(segments);
    file
}

/// What PNG files begin with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that a decoder needs, and those that say of which colours and size the pixels are.
const CHUNKS: [&[u8; 4]; 10] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"];

/// The chunks of a PNG file (W3C, third edition) that a decoder needs.
fn png(file: &[u8]) -> Result<Vec<u8>, Unusable> {
    let mut kept = PNG.to_vec();
    let (mut at, mut has_pixels) = (PNG.len(), false);
    loop {
        let head = file.get(at..at + 8).ok_or(Unusable::Damaged)?;
        let length = head[..4].iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let end = at.checked_add(12).and_then(|end| end.checked_add(length)).ok_or(Unusable::Damaged)?;
        let chunk = file.get(at..end).ok_or(Unusable::Damaged)?;
        let (kind, content) = (&chunk[4..8], &chunk[8..8 + length]);
        if (at == PNG.len()) != (kind == b"IHDR") {
            return Err(Unusable::Damaged);
        }
        if kind == b"IHDR" {
            if length != 13 {
                return Err(Unusable::Damaged);
            }
            let side =
                |at: usize| content[at..at + 4].iter().fold(0_usize, |side, byte| side << 8 | usize::from(*byte));
            check_size(side(0), side(4))?;
        }
        has_pixels |= kind == b"IDAT";
        if CHUNKS.iter().any(|known| kind == *known) {
            kept.extend_from_slice(chunk);
        } else if kind[0].is_ascii_uppercase() {
            // A decoder would need it, and none knows it.
            return Err(Unusable::Coding);
        }
        at = end;
        if kind == b"IEND" {
            return if has_pixels { Ok(kept) } else { Err(Unusable::Damaged) };
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len() as u16 + 2;
        [&[0xff, marker], length.to_be_bytes().as_slice(), content].concat()
    }

    /// A JPEG file of eight pixels squared, with a position, a preview, a comment, and something behind its end.
    pub(crate) fn photo() -> Vec<u8> {
        let gps = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x40\0\0\0CANARY-POSITION";
        [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01CANARY-PREVIEW"),
            segment(0xe1, gps),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0CANARY-XMP"),
            segment(0xed, b"Photoshop 3.0\0CANARY-IPTC"),
            segment(0xfe, b"CANARY-COMMENT"),
            segment(0xdb, &[0; 65]),
            segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
            segment(0xc4, &[0; 20]),
            segment(0xda, &[1, 1, 0, 0, 63, 0]),
            vec![0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
            vec![0xff, 0xd9],
            b"CANARY-BEHIND".to_vec(),
        ]
        .concat()
    }

    fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32).to_be_bytes(), kind.as_slice(), content, &[0; 4]].concat()
    }

    fn drawn() -> Vec<u8> {
        [
            PNG.to_vec(),
            chunk(*b"IHDR", &[0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]),
            chunk(*b"eXIf", b"CANARY-POSITION"),
            chunk(*b"iTXt", b"CANARY-TEXT"),
            chunk(*b"tIME", b"CANARY-"),
            chunk(*b"IDAT", b"pixels"),
            chunk(*b"IEND", b""),
            b"CANARY-BEHIND".to_vec(),
        ]
        .concat()
    }

    fn has_canary(bytes: &[u8]) -> bool {
        bytes.windows(7).any(|part| part == b"CANARY-")
    }

    #[test]
    fn positions_and_all_other_words_go() {
        for (file, media_type) in [(photo(), "image/jpeg"), (drawn(), "image/png")] {
            assert!(has_canary(&file));
            let found = bare(&file).unwrap();
            assert_eq!(found.media_type, media_type);
            assert!(!has_canary(&found.content), "{media_type}");
            // What is bare stays as it is.
            assert_eq!(bare(&found.content).unwrap(), found);
        }
        let found = bare(&photo()).unwrap().content;
        assert_eq!(turned(&found[6..]), Some(6), "how the camera was held stays");
        assert!(
            found.windows(7).any(|part| part == [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
            "and so do the pixels"
        );
    }

    #[test]
    fn what_is_no_picture_says_why() {
        let damaged = |file: &[u8]| assert_eq!(bare(file), Err(Unusable::Damaged), "{file:?}");
        assert_eq!(bare(b"<svg onload=alert(1)>"), Err(Unusable::Kind));
        assert_eq!(bare(b"GIF89a"), Err(Unusable::Kind));
        assert_eq!(bare(b""), Err(Unusable::Kind));
        damaged(b"\xff\xd8");
        damaged(b"\xff\xd8\xff\xd9");
        damaged(&[&[0xff, 0xd8][..], &segment(0xda, &[0; 6]), &[0xff, 0xd9]].concat());
        let whole = photo();
        let end = whole.len() - b"CANARY-BEHIND".len();
        for cut in 2..end {
            assert!(bare(&whole[..cut]).is_err(), "cut at {cut}");
        }
        for cut in PNG.len()..drawn().len() - b"CANARY-BEHIND".len() {
            assert!(bare(&drawn()[..cut]).is_err(), "cut at {cut}");
        }
        let sized = |height: u16, width: u16| {
            let [[a, b], [c, d]] = [height.to_be_bytes(), width.to_be_bytes()];
            [&[0xff, 0xd8][..], &segment(0xc0, &[8, a, b, c, d, 1])].concat()
        };
        assert_eq!(bare(&sized(65_000, 1)), Err(Unusable::Large));
        assert_eq!(bare(&sized(9_000, 9_000)), Err(Unusable::Large));
        assert_eq!(bare(&sized(0, 9)), Err(Unusable::Damaged));
        assert_eq!(bare(&[&[0xff, 0xd8][..], &segment(0xc9, &[0; 9])].concat()), Err(Unusable::Coding));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_make_it_panic(mut file in any::<Vec<u8>>(), kind in 0..2, flips in prop::collection::vec((0..400_usize, any::<u8>()), 0..6)) {
            let start = if kind == 0 { photo() } else { drawn() };
            if !flips.is_empty() {
                file = start;
                for (at, value) in flips {
                    if let Some(byte) = file.get_mut(at) {
                        *byte = value;
                    }
                }
            }
            if let Ok(found) = bare(&file) {
                prop_assert!(found.content.len() <= file.len() + 36);
                prop_assert_eq!(bare(&found.content).unwrap().content, found.content);
            }
        }
    }
}
