//! Bins that stand together become one stop.

use std::collections::{BTreeMap, HashMap};

use crate::cells::window::{OnDay, Span};
use crate::defaults::Covers;
use crate::loads::Amounts;
use crate::rows::bins::BinRow;
use crate::rows::{Point, Said};
use crate::vocabulary::key;

/// Most different values of a column that one stop lists.
const LISTED: usize = 20;

/// Different texts in the order in which they came: the first ones, and how many more there are.
#[derive(Clone, Debug, Default)]
struct Texts {
    kept: Vec<String>,
    omitted: usize,
}

impl Texts {
    fn add(&mut self, text: String) {
        if text.is_empty() || self.kept.contains(&text) {
            return;
        }
        if self.kept.len() < LISTED { self.kept.push(text) } else { self.omitted += 1 }
    }

    fn joined(&self) -> String {
        let more = if self.omitted > 0 { format!("; and {} more", self.omitted) } else { String::new() };
        self.kept.join("; ") + &more
    }
}

/// A stop: bins at one place that are served together.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// The row of the first bin.
    pub(crate) origin: String,
    pub(crate) name: String,
    pub(crate) point: Point,
    pub(crate) material: String,
    pub(crate) load: Amounts,
    /// Seconds, without parking.
    pub(crate) service: i64,
    /// Seconds of parking: spent once where several stops are at a place.
    pub(crate) setup: i64,
    pub(crate) windows: Option<Vec<Span>>,
    pub(crate) covers: Covers,
    pub(crate) required: bool,
    pub(crate) prize: Option<f64>,
    pub(crate) priority: u8,
    pub(crate) skills: Vec<String>,
    pub(crate) trucks: Vec<String>,
    pub(crate) said: Said,
}

/// What bins must have in common to be one stop.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Together {
    address: String,
    /// To a metre or so.
    point: (bool, i64, i64),
    material: Option<String>,
    windows: Option<Vec<Span>>,
    covers: Covers,
    required: bool,
    priority: u8,
    skills: Vec<String>,
    trucks: Vec<String>,
}

#[derive(Debug)]
struct Gathered {
    first: BinRow,
    rows: usize,
    names: Texts,
    materials: Texts,
    remarks: Texts,
    tags: BTreeMap<String, Texts>,
    /// How many bins of each size and material there are.
    bins: BTreeMap<(String, String), usize>,
    load: Amounts,
    service: i64,
    /// The longest that a row says.
    setup: Option<i64>,
    prize: Option<f64>,
}

/// Gathers bins one by one: as many stops are kept as there are places, however many bins there are.
#[derive(Debug)]
pub(crate) struct Gatherer {
    parking: i64,
    service: i64,
    /// Whether different materials are different stops, since not every truck or site takes every material.
    apart: bool,
    stops: Vec<Gathered>,
    known: HashMap<Together, usize>,
    /// Where the first bin of each place is: stops at one place have the same position, so that it is set up once.
    places: HashMap<(bool, i64, i64), Point>,
}

impl Gatherer {
    pub(crate) fn new(parking: i64, service: i64, apart: bool) -> Self {
        Self { parking, service, apart, stops: Vec::new(), known: HashMap::new(), places: HashMap::new() }
    }

    pub(crate) fn add(&mut self, mut bin: BinRow) {
        let windows = match &bin.open {
            OnDay::Windows(windows) => Some(windows.clone()),
            OnDay::Always | OnDay::Never => None,
        };
        let point = match bin.point {
            Point::Degrees(lon, lat) => (true, (lon * 1e5).round() as i64, (lat * 1e5).round() as i64),
            Point::Planar(x, y) => (false, x.round() as i64, y.round() as i64),
        };
        bin.point = *self.places.entry(point).or_insert(bin.point);
        let together = Together {
            address: key(&bin.address),
            point,
            material: self.apart.then(|| bin.material.clone()),
            windows,
            covers: bin.covers,
            required: bin.required,
            priority: bin.priority,
            skills: bin.skills.clone(),
            trucks: bin.trucks.clone(),
        };
        let said = std::mem::take(&mut bin.said);
        let index = *self.known.entry(together).or_insert(self.stops.len());
        if index == self.stops.len() {
            self.stops.push(Gathered::new(bin.clone()));
        }
        self.stops[index].add(bin, said, self.service);
    }

    /// The stops, in the order of their first bins.
    pub(crate) fn stops(self) -> Vec<Stop> {
        let (parking, apart) = (self.parking, self.apart);
        self.stops.into_iter().map(|gathered| gathered.stop(parking, apart)).collect()
    }
}

impl Gathered {
    fn new(first: BinRow) -> Self {
        let (names, materials, remarks) = Default::default();
        let (tags, bins) = Default::default();
        let load = Amounts::default();
        Self { first, rows: 0, names, materials, remarks, tags, bins, load, service: 0, setup: None, prize: None }
    }

    fn add(&mut self, bin: BinRow, said: Said, usual: i64) {
        self.rows += 1;
        self.names.add(bin.name);
        self.materials.add(bin.material.clone());
        self.remarks.add(said.remarks);
        for (name, value) in said.tags {
            self.tags.entry(name).or_default().add(value);
        }
        if let Some(size) = bin.size {
            *self.bins.entry((size.to_string(), bin.material)).or_default() += bin.number;
        }
        self.load = self.load.plus(bin.load);
        self.service = self.service.saturating_add(bin.service.unwrap_or(usual));
        self.setup = self.setup.max(bin.setup);
        self.prize = match (self.prize, bin.prize) {
            (Some(a), Some(b)) => Some(a + b),
            (one, other) => one.or(other),
        };
    }

    fn stop(self, parking: i64, apart: bool) -> Stop {
        let first = self.first;
        let address = first.address;
        let name = match (self.names.kept.as_slice(), address.is_empty()) {
            ([one], _) if self.names.omitted == 0 => one.clone(),
            ([], _) | ([..], false) => address.clone(),
            ([one, ..], true) => format!("{one} and {} more", self.names.kept.len() + self.names.omitted - 1),
        };
        let name = if apart && !first.material.is_empty() { format!("{name} ({})", first.material) } else { name };
        let mut tags: BTreeMap<String, String> =
            self.tags.iter().map(|(name, texts)| (name.clone(), texts.joined())).collect();
        let bins: Vec<String> = self
            .bins
            .iter()
            .map(|((size, material), number)| format!("{number} × {size} l {material}").trim_end().to_owned())
            .collect();
        let all = [
            ("address", if address == name { String::new() } else { address }),
            ("bins", bins.join(", ")),
            ("names", if self.names.kept.len() > 1 { self.names.joined() } else { String::new() }),
            ("material", if bins.is_empty() { self.materials.joined() } else { String::new() }),
        ];
        for (tag, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
            tags.entry(tag.to_owned()).or_insert(value);
        }
        // A table that says how long a stop takes means all of it.
        let parking = if first.service_is_given && self.rows == 1 { 0 } else { parking };
        let windows = match first.open {
            OnDay::Windows(windows) => Some(windows),
            OnDay::Always | OnDay::Never => None,
        };
        Stop {
            origin: first.origin,
            name,
            point: first.point,
            material: if apart { first.material } else { String::new() },
            load: self.load,
            service: self.service,
            setup: self.setup.unwrap_or(parking),
            windows,
            covers: first.covers,
            required: first.required,
            prize: self.prize,
            priority: first.priority,
            skills: first.skills,
            trucks: first.trucks,
            said: Said { remarks: self.remarks.joined(), tags },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(address: &str, size: f64) -> BinRow {
        BinRow {
            origin: "bins.csv, row 2".to_owned(),
            name: format!("bin of {size}"),
            address: address.to_owned(),
            point: Point::Degrees(5.5, 52.25),
            number: 2,
            size: Some(size),
            material: "paper".to_owned(),
            load: Amounts { litres: Some(2.0 * size), ..Amounts::default() },
            service: Some(50),
            service_is_given: false,
            setup: None,
            open: OnDay::Always,
            covers: Covers::Start,
            required: true,
            prize: None,
            priority: 0,
            skills: Vec::new(),
            trucks: Vec::new(),
            said: Said {
                remarks: format!("beware of dog {size}"),
                tags: BTreeMap::from([("PLZ".to_owned(), "1234".to_owned())]),
            },
        }
    }

    #[test]
    fn bins_at_one_address_park_once() {
        let mut all = Gatherer::new(60, 90, false);
        for size in [120.0, 240.0, 120.0] {
            all.add(bin("Acacia Street 5", size));
        }
        all.add(BinRow { open: OnDay::Windows(vec![(0, 9)]), ..bin("Acacia Street 5", 60.0) });
        let stops = all.stops();
        assert_eq!(stops.len(), 2, "another window is another stop");
        let stop = &stops[0];
        assert_eq!((stop.name.as_str(), stop.service, stop.load.litres), ("Acacia Street 5", 150, Some(960.0)));
        assert_eq!((stop.setup, stops[1].setup, stops[1].point), (60, 60, stop.point), "one place, set up once");
        assert_eq!(stop.said.tags["bins"], "4 × 120 l paper, 2 × 240 l paper");
        assert_eq!(stop.said.tags["names"], "bin of 120; bin of 240");
        assert_eq!(stop.said.tags["PLZ"], "1234");
        assert_eq!(stop.said.remarks, "beware of dog 120; beware of dog 240");
        assert_eq!(stops[1].name, "bin of 60");
    }

    #[test]
    fn what_rows_say_of_setting_up_and_of_windows() {
        let mut all = Gatherer::new(60, 90, false);
        let said = BinRow { service_is_given: true, ..bin("Acacia Street 5", 120.0) };
        all.add(said.clone());
        all.add(BinRow { setup: Some(300), covers: Covers::Service, ..said.clone() });
        all.add(BinRow { setup: Some(200), covers: Covers::Service, ..said });
        let stops: Vec<_> = all.stops().iter().map(|stop| (stop.service, stop.setup, stop.covers)).collect();
        assert_eq!(stops, [(50, 0, Covers::Start), (100, 300, Covers::Service)]);
    }

    #[test]
    fn a_million_bins_at_one_place_are_one_stop() {
        let mut all = Gatherer::new(60, 90, true);
        for i in 0..100_000 {
            all.add(BinRow { name: i.to_string(), ..bin("", 120.0) });
        }
        let stops = all.stops();
        assert_eq!(stops.len(), 1);
        assert_eq!(stops[0].name, "0 and 99999 more (paper)");
        assert!(stops[0].said.tags["names"].ends_with("; 19; and 99980 more"));
    }
}
