//! Routes for navigation devices, as GPX 1.1 (<https://www.topografix.com/GPX/1/1/>).
//!
//! Written with the XML library that reads networks: the crate `gpx` has had no release since 2024 and brings another one.

use std::io;

use milkrun::Coord;
use milkrun::io::geojson::Along;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::day::{Day, Row, Truck, called};
use crate::fault::ReportError;
use crate::ground::Ground;
use crate::page::title;

/// Writes waypoints for depots and disposal sites and a route for each truck; where `along` knows the streets, a track too.
pub(crate) fn gpx(
    day: &Day<'_>,
    ground: &Ground,
    trucks: &[&Truck<'_>],
    along: Option<&Along<'_>>,
) -> Result<String, ReportError> {
    if !ground.geographic {
        return Err(ReportError::NotGeographic("those of this problem are not"));
    }
    let visited = trucks.iter().flat_map(|truck| truck.rows()).filter_map(|row| row.location);
    if visited.into_iter().any(|location| ground.at(location).is_none()) {
        return Err(ReportError::NotGeographic("some stops have no coordinates"));
    }
    let mut file = File { writer: Writer::new_with_indent(Vec::new(), b' ', 1), day, ground };
    // Writing to memory cannot fail.
    let written = file.write(trucks, along).map(|()| file.writer.into_inner());
    Ok(written.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default() + "\n")
}

struct File<'d> {
    writer: Writer<Vec<u8>>,
    day: &'d Day<'d>,
    ground: &'d Ground,
}

impl File<'_> {
    fn write(&mut self, trucks: &[&Truck<'_>], along: Option<&Along<'_>>) -> io::Result<()> {
        self.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let space = [("version", "1.1"), ("creator", "milkrun"), ("xmlns", "http://www.topografix.com/GPX/1/1")];
        self.element("gpx", &space, |file| {
            let name = title(file.day);
            file.element("metadata", &[], |file| file.text("name", &name))?;
            file.waypoints()?;
            for truck in trucks {
                file.element("rte", &[], |file| file.route(truck))?;
            }
            for truck in trucks {
                if let Some(along) = along {
                    file.element("trk", &[], |file| file.track(truck, along))?;
                }
            }
            Ok(())
        })
    }

    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = quick_xml::events::BytesStart::new(name).with_attributes(attributes.iter().copied());
        let end = start.to_end().into_owned();
        self.writer.write_event(Event::Start(start.borrow()))?;
        content(self)?;
        self.writer.write_event(Event::End(end))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        // Characters that XML does not have.
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        self.element(name, &[], |file| file.writer.write_event(Event::Text(BytesText::new(&text))))
    }

    fn point(&mut self, kind: &str, at: Coord, told: &[(&str, String)]) -> io::Result<()> {
        let (lat, lon) = (at.y.to_string(), at.x.to_string());
        self.element(kind, &[("lat", &lat), ("lon", &lon)], |file| {
            told.iter().filter(|(_, text)| !text.is_empty()).try_for_each(|(name, text)| file.text(name, text))
        })
    }

    fn waypoints(&mut self) -> io::Result<()> {
        let problem = self.day.problem;
        let depots = problem.depots().iter().enumerate();
        let depots = depots.map(|(d, depot)| (depot.location(), called(&depot.name, "depot", d), "depot"));
        let sites = problem.disposal_sites().iter().enumerate();
        let sites = sites.map(|(s, site)| (site.location(), called(&site.name, "disposal site", s), "disposal site"));
        for (location, name, kind) in depots.chain(sites) {
            if let Some(at) = self.ground.geographic(location) {
                self.point("wpt", at, &[("name", name), ("type", kind.to_owned())])?;
            }
        }
        Ok(())
    }

    fn route(&mut self, truck: &Truck<'_>) -> io::Result<()> {
        self.text("name", &truck.name)?;
        self.text("number", &truck.number.to_string())?;
        for row in truck.rows() {
            let Some(at) = row.location.and_then(|location| self.ground.geographic(location)) else { continue };
            let told = [
                ("name", row.order.map_or_else(String::new, |order| format!("{order} ")) + &row.name),
                ("desc", self.told(row)),
                ("type", row.step.kind().to_owned()),
            ];
            self.point("rtept", at, &told)?;
        }
        Ok(())
    }

    /// When, what, and what people say about it.
    fn told(&self, row: &Row<'_>) -> String {
        let figures = &self.day.figures;
        let remarks = row.notes.map_or("", |notes| notes.remarks.trim());
        let parts = [format!("{}, {}", figures.time(row.start), row.what(figures)), remarks.to_owned()];
        parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("; ")
    }

    /// The line of streets, a segment for each trip.
    fn track(&mut self, truck: &Truck<'_>, along: &Along<'_>) -> io::Result<()> {
        self.text("name", &truck.name)?;
        self.text("number", &truck.number.to_string())?;
        for trip in &truck.trips {
            let stops: Vec<_> = trip.rows.iter().filter_map(|row| row.location).collect();
            self.element("trkseg", &[], |file| {
                for pair in stops.windows(2) {
                    let streets = along(truck.vehicle.profile, pair[0], pair[1]);
                    let straight = || pair.iter().filter_map(|location| file.ground.geographic(*location)).collect();
                    for at in streets.unwrap_or_else(straight) {
                        file.point("trkpt", at, &[])?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
