//! A time zone for calendars (RFC 5545, 3.6.5): its offset on the planned day, and the turns of the year after.

use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use milkrun::calendar::Origin;

/// So many turns are told: those of a year, in any zone.
const TURNS: usize = 4;

/// A named time zone, seen from an origin.
pub(crate) struct Zone {
    rules: TimeZone,
    name: String,
    from: Timestamp,
}

impl Zone {
    /// The zone of an origin; `None` where it has no name.
    pub(crate) fn new(origin: &Origin) -> Option<Self> {
        let rules = TimeZone::get(origin.zone()).ok()?;
        let name = rules.iana_name()?.to_owned();
        Some(Self { rules, name, from: Timestamp::from_second(origin.timestamp()).ok()? })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The calendar with the zone before its first event.
    pub(crate) fn within(&self, calendar: &str) -> String {
        match calendar.find("BEGIN:VEVENT") {
            Some(at) => format!("{}{}{}", &calendar[..at], self.component(), &calendar[at..]),
            None => calendar.to_owned(),
        }
    }

    fn component(&self) -> String {
        let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", self.name);
        // What began before the day of the origin may have been driven already.
        let begin = self.from.checked_sub(SignedDuration::from_hours(48)).unwrap_or(self.from);
        let info = self.rules.to_offset_info(begin);
        let mut offset = info.offset();
        observance(&mut text, info.dst().is_dst(), "19700101T000000", (offset, offset));
        for turn in self.rules.following(begin).take(TURNS) {
            // It is told by what clocks show as they are turned.
            let shown = offset.to_datetime(turn.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
            observance(&mut text, turn.dst().is_dst(), &shown, (offset, turn.offset()));
            offset = turn.offset();
        }
        text + "END:VTIMEZONE\r\n"
    }
}

fn observance(text: &mut String, is_dst: bool, begin: &str, (from, to): (Offset, Offset)) {
    let kind = if is_dst { "DAYLIGHT" } else { "STANDARD" };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "BEGIN:{kind}\r\nDTSTART:{begin}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nEND:{kind}\r\n",
        shown(from),
        shown(to)
    );
}

/// An offset as calendars write it: `+0100`.
fn shown(offset: Offset) -> String {
    let (sign, minutes) = (if offset.seconds() < 0 { '-' } else { '+' }, offset.seconds().unsigned_abs() / 60);
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
