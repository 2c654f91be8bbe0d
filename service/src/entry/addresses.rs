//! What is known of addresses: lists of those that are odd, and where networks are, from files that an operator keeps. They are read
//! anew when they change; a file with faults leaves what was read before in place.

use std::fmt::Display;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use ipnet::IpNet;
use prefix_trie::joint::JointPrefixMap;

use super::signs::Place;
use crate::config::{AddressList, SignIns};

/// Largest file that is read, bytes.
const LARGEST: u64 = 64 << 20;
/// Faults of a file that are told.
const TOLD: usize = 20;

/// Networks, by what is known of them.
type Networks<T> = JointPrefixMap<IpNet, T>;

/// When a file was changed, and how long it is.
type Stamp = (SystemTime, u64);

/// A file with what was read from it.
struct Kept<T> {
    networks: Networks<T>,
    /// Of what was tried last, whether it could be read or not.
    tried: Option<Stamp>,
    /// When that was changed which was read.
    changed: Option<SystemTime>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { networks: Networks::new(), tried: None, changed: None }
    }
}

impl<T> Kept<T> {
    fn find(&self, address: IpAddr) -> Option<&T> {
        self.networks.get_lpm(&IpNet::from(address)).map(|(_, found)| found)
    }

    /// Reads a file if it has changed; gives what is wrong with it.
    fn refresh(&mut self, path: &Path, read: impl Fn(&str) -> Result<Networks<T>, Vec<String>>) -> Vec<String> {
        let at = |fault: &dyn Display| vec![format!("{}: {fault}", path.display())];
        let stamp = std::fs::metadata(path).and_then(|data| Ok((data.modified()?, data.len())));
        let stamp = match stamp {
            Ok(stamp) if self.tried == Some(stamp) => return Vec::new(),
            Ok(stamp) => stamp,
            Err(error) => {
                self.tried = None;
                return at(&error);
            }
        };
        self.tried = Some(stamp);
        if stamp.1 > LARGEST {
            return at(&format!("{} bytes: give at most {LARGEST}", stamp.1));
        }
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return at(&error),
        };
        match read(&text) {
            Ok(networks) => {
                self.networks = networks;
                self.changed = Some(stamp.0);
                Vec::new()
            }
            Err(faults) => {
                let more = faults.len().saturating_sub(TOLD);
                let mut told: Vec<String> = faults.into_iter().take(TOLD).flat_map(|fault| at(&fault)).collect();
                if more > 0 {
                    told.extend(at(&format!("{more} more faults")));
                }
                told
            }
        }
    }
}

/// What is known of addresses. Clones share it.
#[derive(Clone)]
pub(crate) struct Addresses {
    settings: Arc<SignIns>,
    kept: Arc<RwLock<All>>,
}

#[derive(Default)]
struct All {
    lists: Vec<Kept<()>>,
    places: Kept<Place>,
}

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Addresses(…)")
    }
}

impl Addresses {
    /// Without anything read yet.
    pub(crate) fn new(settings: &SignIns) -> Self {
        let lists = settings.lists.iter().map(|_| Kept::default()).collect();
        let kept = Arc::new(RwLock::new(All { lists, places: Kept::default() }));
        Self { settings: Arc::new(settings.clone()), kept }
    }

    /// Reads the files that have changed; gives what is wrong with them, by file and line. It blocks.
    pub(crate) fn refresh(&self) -> Vec<String> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let mut faults = Vec::new();
        let All { lists, places } = &mut *kept;
        for (list, known) in self.settings.lists.iter().zip(lists) {
            faults.extend(known.refresh(&list.path, read_list));
            metrics::gauge!("milkrun_address_list_networks", "source" => list.source.clone())
                .set(known.networks.len() as f64);
            let fresh = is_fresh(list, known.changed, SystemTime::now());
            metrics::gauge!("milkrun_address_list_fresh", "source" => list.source.clone())
                .set(f64::from(u8::from(fresh)));
        }
        if let Some(path) = &self.settings.places {
            faults.extend(places.refresh(path, read_places));
        }
        metrics::gauge!("milkrun_address_faults").set(faults.len() as f64);
        faults
    }

    /// The lists that have an address, and what each adds to a score. Lists that have grown too old say nothing.
    pub(super) fn lists(&self, address: IpAddr) -> Vec<(String, i64)> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        let with = self.settings.lists.iter().zip(&kept.lists);
        let with = with.filter(|(list, known)| known.find(address).is_some() && is_fresh(list, known.changed, now));
        with.map(|(list, _)| (list.source.clone(), list.weight)).collect()
    }

    /// Where an address is.
    pub(super) fn place(&self, address: IpAddr) -> Option<Place> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).places.find(address).cloned()
    }
}

/// Whether a list is young enough to be believed.
fn is_fresh(list: &AddressList, changed: Option<SystemTime>, now: SystemTime) -> bool {
    let longest = Duration::from_hours(u64::from(list.max_age_hours));
    // A file from the future is new.
    changed.is_some_and(|changed| now.duration_since(changed).is_ok_and(|age| age <= longest) || changed > now)
}

/// The lines of a file that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(i, line)| {
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        (!line.is_empty()).then_some((i + 1, line))
    })
}

/// A network as `203.0.113.0/24`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let network = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => {
            text.parse::<IpNet>().map_err(|_| format!("{text:?}: give a network as 203.0.113.0/24, or an address"))?
        }
    };
    if network.trunc() != network {
        return Err(format!("{text}: bits beyond the prefix are set: give {}", network.trunc()));
    }
    if network.prefix_len() == 0 {
        return Err(format!("{text}: that is every address: leave it out"));
    }
    Ok(network)
}

/// A network or an address in each line; `#` and `;` begin remarks.
fn read_list(text: &str) -> Result<Networks<()>, Vec<String>> {
    read(text, |line| Ok((network(line)?, ())))
}

/// `network,lon,lat,country` in each line.
fn read_places(text: &str) -> Result<Networks<Place>, Vec<String>> {
    read(text, |line| {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [range, lon, lat, country] = fields[..] else {
            return Err(format!("{} fields: give network,lon,lat,country", fields.len()));
        };
        let degrees = |name: &str, text: &str, most: f64| {
            let value = text.parse::<f64>().ok().filter(|value| value.abs() <= most);
            value.ok_or_else(|| format!("{name} {text:?}: give degrees from -{most} to {most}"))
        };
        let position = (degrees("lon", lon, 180.0)?, degrees("lat", lat, 90.0)?);
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!("country {country:?}: give two capital letters, as NL"));
        }
        Ok((network(range)?, Place { position, country: country.to_owned() }))
    })
}

fn read<T>(text: &str, one: impl Fn(&str) -> Result<(IpNet, T), String>) -> Result<Networks<T>, Vec<String>> {
    let mut networks = Networks::new();
    let mut faults = Vec::new();
    for (number, line) in lines(text) {
        match one(line) {
            Ok((network, known)) => {
                networks.insert(network, known);
            }
            Err(fault) => faults.push(format!("line {number}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(networks) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_narrowest_network_counts() {
        let places = read_places(
            "# made up\n198.51.100.0/24,4.9,52.4,NL ; home\n\n198.51.100.128/25, -74.0, 40.7, US\n2001:db8::/32,0,0,FR\n",
        );
        let kept = Kept { networks: places.unwrap(), ..Kept::default() };
        let country = |text| kept.find(address(text)).map_or("", |place| place.country.as_str());
        assert_eq!(country("198.51.100.127"), "NL");
        assert_eq!(country("198.51.100.128"), "US");
        assert_eq!(country("198.51.101.1"), "");
        assert_eq!(country("2001:db8:77::1"), "FR");
        assert_eq!(country("2001:db9::1"), "");
    }

    #[test]
    fn faults_are_told_by_line() {
        let faults = |read: Result<(), Vec<String>>| read.unwrap_err();
        let list = "203.0.113.0/24\n203.0.113.7/24\nnobody\n0.0.0.0/0\n203.0.113.9 # one\n203.0.113.0/33\n::/0";
        let told = faults(read_list(list).map(|_| ()));
        assert_eq!(
            told,
            [
                "line 2: 203.0.113.7/24: bits beyond the prefix are set: give 203.0.113.0/24",
                "line 3: \"nobody\": give a network as 203.0.113.0/24, or an address",
                "line 4: 0.0.0.0/0: that is every address: leave it out",
                "line 6: \"203.0.113.0/33\": give a network as 203.0.113.0/24, or an address",
                "line 7: ::/0: that is every address: leave it out",
            ]
        );
        let places = "203.0.113.0/24,1,2\n203.0.113.0/24,181,0,NL\n203.0.113.0/24,0,NaN,NL\n203.0.113.0/24,0,0,nl";
        let told = faults(read_places(places).map(|_| ()));
        assert_eq!(
            told,
            [
                "line 1: 3 fields: give network,lon,lat,country",
                "line 2: lon \"181\": give degrees from -180 to 180",
                "line 3: lat \"NaN\": give degrees from -90 to 90",
                "line 4: country \"nl\": give two capital letters, as NL",
            ]
        );
    }

    /// Writes a file that is so many hours old.
    fn write(path: &Path, text: &str, hours: u64) {
        std::fs::write(path, text).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(hours)).unwrap();
    }

    #[test]
    fn files_are_read_anew_when_they_change_and_end_when_they_are_old() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        let list = AddressList { path: path.clone(), source: "made up".to_owned(), max_age_hours: 24, weight: 30 };
        let known = Addresses::new(&SignIns { lists: vec![list], ..SignIns::default() });
        let has = |text: &str| !known.lists(address(text)).is_empty();
        assert!(known.refresh()[0].starts_with(&format!("{}: ", path.display())), "a file that is not there is told");
        write(&path, "203.0.113.0/24", 3);
        assert_eq!(known.refresh(), [""; 0]);
        assert_eq!(known.lists(address("203.0.113.9")), [("made up".to_owned(), 30)]);
        assert!(!has("203.0.114.9"));
        // Damaged: what was there stays, and it is told once.
        write(&path, "203.0.114.0/24\nx", 2);
        assert_eq!(known.refresh().len(), 1);
        assert_eq!(known.refresh(), [""; 0]);
        assert!(has("203.0.113.9") && !has("203.0.114.9"));
        write(&path, "203.0.114.0/24", 1);
        assert_eq!(known.refresh(), [""; 0]);
        assert!(!has("203.0.113.9") && has("203.0.114.9"));
        // Gone: the same. Old: it says nothing.
        std::fs::remove_file(&path).unwrap();
        assert_eq!(known.refresh().len(), 1);
        assert!(has("203.0.114.9"));
        write(&path, "203.0.114.0/24", 25);
        assert_eq!(known.refresh(), [""; 0]);
        assert!(!has("203.0.114.9"));
        // Of very many faults, the first.
        write(&path, &"x\n".repeat(1_000), 0);
        let told = known.refresh();
        assert_eq!((told.len(), told[20].contains("980 more faults")), (21, true));
    }
}
