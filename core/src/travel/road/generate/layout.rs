//! Where the streets of a synthetic city run, and what holds on them.

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::travel::road::generate::{City, CityMap, CityNode, CityPlan, CityRestriction, CityWay};

/// Metres in a degree of latitude.
const DEGREE: f64 = 111_195.0;

/// Lays out a city.
pub(super) fn lay_out(city: &City) -> CityMap {
    let random = Xoshiro256PlusPlus::seed_from_u64(city.seed);
    let mut builder = Builder { city, random, map: CityMap::default(), arms: Vec::new() };
    match city.plan {
        CityPlan::Grid | CityPlan::River => builder.grid(),
        CityPlan::Radial => builder.radial(),
    }
    builder.dead_ends();
    builder.restrictions();
    builder.map
}

struct Builder<'c> {
    city: &'c City,
    random: Xoshiro256PlusPlus,
    map: CityMap,
    /// The ways at each node of the street plan: the way, its other end, and whether it may be left and entered here.
    arms: Vec<Vec<Arm>>,
}

#[derive(Clone, Copy)]
struct Arm {
    way: i64,
    other: i64,
    /// Whether it can be driven towards the node, and away from it.
    in_out: (bool, bool),
}

/// Streets by their importance.
#[derive(Clone, Copy, PartialEq)]
enum Rank {
    Primary,
    Secondary,
    Tertiary,
    Residential,
}

impl Rank {
    /// The rank of the street of a number in a row of parallel ones.
    fn of(number: u32) -> Self {
        match number {
            n if n % 12 == 6 => Self::Primary,
            n if n.is_multiple_of(6) => Self::Secondary,
            n if n.is_multiple_of(3) => Self::Tertiary,
            _ => Self::Residential,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Residential => "residential",
        }
    }
}

impl Builder<'_> {
    fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    /// A node so many metres east and north of the centre.
    fn node(&mut self, east: f64, north: f64) -> i64 {
        let centre = self.city.centre;
        let lat = centre.y + north / DEGREE;
        let lon = centre.x + east / (DEGREE * centre.y.to_radians().cos());
        self.map.nodes.push(CityNode { lon, lat, tag: None });
        self.arms.push(Vec::new());
        self.map.nodes.len() as i64
    }

    /// A street between two nodes, with a bend in it at times.
    fn street(&mut self, from: i64, to: i64, tags: Vec<(&'static str, String)>) {
        let oneway = tags.iter().any(|tag| tag == &("oneway", "yes".to_owned()));
        let mut nodes = vec![from, to];
        if self.chance(0.2) {
            let at = |id: i64| (self.map.nodes[id as usize - 1].lon, self.map.nodes[id as usize - 1].lat);
            let ((ax, ay), (bx, by)) = (at(from), at(to));
            let bend = self.random.random_range(-0.08..0.08);
            let (lon, lat) = (f64::midpoint(ax, bx) + bend * (by - ay), f64::midpoint(ay, by) - bend * (bx - ax));
            self.map.nodes.push(CityNode { lon, lat, tag: None });
            self.arms.push(Vec::new());
            nodes.insert(1, self.map.nodes.len() as i64);
        }
        self.map.ways.push(CityWay { nodes, tags });
        let way = self.map.ways.len() as i64;
        self.arms[from as usize - 1].push(Arm { way, other: to, in_out: (!oneway, true) });
        self.arms[to as usize - 1].push(Arm { way, other: from, in_out: (true, !oneway) });
    }

    /// The tags of a street of the plan; `reverse` tells of which direction a one-way street would be.
    fn tags(&mut self, rank: Rank, name: String) -> Vec<(&'static str, String)> {
        let mut tags = vec![("highway", rank.class().to_owned()), ("name", name)];
        if rank == Rank::Residential {
            if self.chance(0.5) {
                tags.push(("maxspeed", "30".to_owned()));
            }
        } else if self.chance(0.8) {
            tags.push(("maxspeed", if rank == Rank::Primary { "60" } else { "50" }.to_owned()));
        }
        tags
    }

    /// A limit at times: a low bridge, an old one, a narrow street.
    fn limit(&mut self, rank: Rank, tags: &mut Vec<(&'static str, String)>) {
        if rank == Rank::Residential && self.chance(0.01) {
            let limits = [("maxheight", "3.2"), ("maxweight", "7.5"), ("maxwidth", "2.3"), ("hgv", "no")];
            let (key, value) = limits[self.random.random_range(0..limits.len())];
            tags.push((key, value.to_owned()));
        }
    }

    fn grid(&mut self) {
        let (blocks, length) = (self.city.blocks, self.city.block_length);
        let side = blocks + 1;
        let half = f64::from(blocks) / 2.0;
        let mut ids = Vec::with_capacity((side * side) as usize);
        for row in 0..side {
            for column in 0..side {
                let mut jitter = || self.random.random_range(-0.12..0.12);
                let (east, north) = (f64::from(column) - half + jitter(), f64::from(row) - half + jitter());
                let id = self.node(east * length, north * length);
                if Rank::of(row) != Rank::Residential && Rank::of(column) != Rank::Residential && self.chance(0.5) {
                    self.map.nodes[id as usize - 1].tag = Some(("highway", "traffic_signals"));
                }
                ids.push(id);
            }
        }
        for row in 0..side {
            for column in 0..side {
                let here = ids[(row * side + column) as usize];
                if column < blocks {
                    let next = ids[(row * side + column + 1) as usize];
                    if self.is_kept(Rank::of(row), [column, column + 1]) {
                        self.block(here, next, Rank::of(row), row, format!("Street {}", row + 1), false);
                    }
                }
                if row < blocks {
                    let next = ids[((row + 1) * side + column) as usize];
                    let crosses = self.city.plan == CityPlan::River && row == self.river(column);
                    if self.is_kept(Rank::of(column), [row, row + 1]) {
                        self.block(here, next, Rank::of(column), column, format!("Avenue {}", column + 1), crosses);
                    }
                }
            }
        }
    }

    /// Whether a block's street is there: few residential streets lead across, or into, the main ones between `ends`.
    fn is_kept(&mut self, rank: Rank, ends: [u32; 2]) -> bool {
        let meets_main = ends.iter().any(|&number| matches!(Rank::of(number), Rank::Primary | Rank::Secondary));
        rank != Rank::Residential || !meets_main || self.chance(0.35)
    }

    /// The row of blocks that the river flows through at a column.
    fn river(&self, column: u32) -> u32 {
        let blocks = f64::from(self.city.blocks);
        let bend = (f64::from(column) / blocks * std::f64::consts::TAU).sin() * blocks / 10.0;
        ((blocks / 2.0 + bend).round() as u32).min(self.city.blocks - 1)
    }

    /// A street along one block, of the parallel street `number`.
    fn block(&mut self, from: i64, to: i64, rank: Rank, number: u32, name: String, over_river: bool) {
        if over_river && rank != Rank::Primary && (rank != Rank::Secondary || self.chance(0.5)) {
            return;
        }
        if rank == Rank::Residential && self.chance(0.04) {
            return;
        }
        let mut tags = self.tags(rank, name);
        if over_river {
            tags.push(("bridge", "yes".to_owned()));
            if rank == Rank::Secondary {
                tags.push(("maxweight", "12".to_owned()));
            }
        } else {
            self.limit(rank, &mut tags);
        }
        // Of residential streets, every third one is one-way, in alternating directions.
        let oneway = rank == Rank::Residential && number % 3 == 1;
        if oneway {
            tags.push(("oneway", "yes".to_owned()));
        }
        let (from, to) = if oneway && number.is_multiple_of(2) { (to, from) } else { (from, to) };
        self.street(from, to, tags);
    }

    fn radial(&mut self) {
        let (rings, length) = ((self.city.blocks / 2).max(2), self.city.block_length);
        let centre = self.node(0.0, 0.0);
        let mut inner: Vec<i64> = vec![centre];
        for ring in 1..=rings {
            // Farther out, more streets lead outwards.
            let spokes = 6 << (ring / 8).min(6);
            let radius = f64::from(ring) * length;
            let nodes: Vec<i64> = (0..spokes)
                .map(|spoke| {
                    let jitter = self.random.random_range(-0.1..0.1);
                    let angle = (f64::from(spoke) + jitter) / f64::from(spokes) * std::f64::consts::TAU;
                    self.node(radius * angle.sin(), radius * angle.cos())
                })
                .collect();
            for (spoke, &here) in nodes.iter().enumerate() {
                let next = nodes[(spoke + 1) % nodes.len()];
                self.block(here, next, Rank::of(ring), ring, format!("Ring {ring}"), false);
                let step = nodes.len() / inner.len();
                let (within, rank) = if ring == 1 {
                    (Some(centre), Rank::Primary)
                } else {
                    let rank = if spoke % (nodes.len() / 6) == 0 { Rank::Primary } else { Rank::Tertiary };
                    ((spoke % step == 0).then(|| inner[spoke / step]), rank)
                };
                if let Some(within) = within {
                    self.block(within, here, rank, 0, format!("Radial {}", spoke + 1), false);
                }
            }
            inner = nodes;
        }
    }

    /// Culs-de-sac, driveways and paths that bollards close, at some junctions.
    fn dead_ends(&mut self) {
        let junctions: Vec<i64> =
            (1..=self.map.nodes.len() as i64).filter(|&id| !self.arms[id as usize - 1].is_empty()).collect();
        for id in junctions {
            if !self.chance(0.08) {
                continue;
            }
            let (angle, length) = (self.random.random_range(0.0..std::f64::consts::TAU), self.city.block_length * 0.4);
            let centre = self.city.centre;
            let (lon, lat) = (self.map.nodes[id as usize - 1].lon, self.map.nodes[id as usize - 1].lat);
            let east = (lon - centre.x) * DEGREE * centre.y.to_radians().cos() + length * angle.sin();
            let end = self.node(east, (lat - centre.y) * DEGREE + length * angle.cos());
            let kind = self.random.next_u32() % 4;
            let tags: &[(&'static str, &str)] = match kind {
                0 => &[("highway", "service"), ("service", "driveway"), ("access", "private")],
                1 => &[("highway", "living_street")],
                _ => &[("highway", "residential")],
            };
            let mut tags: Vec<(&'static str, String)> =
                tags.iter().map(|&(key, value)| (key, value.to_owned())).collect();
            tags.push(("name", format!("Close {id}")));
            self.street(id, end, tags);
            if kind == 3 {
                self.map.nodes[end as usize - 1].tag = Some(("barrier", "bollard"));
            }
        }
    }

    /// Forbidden and mandatory turns at some junctions, and some that lead through a street.
    fn restrictions(&mut self) {
        for node in 1..=self.arms.len() as i64 {
            let arms = self.arms[node as usize - 1].clone();
            // At real crossings only, so that there is always another turn.
            if arms.len() < 4 || !self.chance(0.06) {
                continue;
            }
            let entries: Vec<Arm> = arms.iter().copied().filter(|arm| arm.in_out.0).collect();
            let Some(from) = entries.get(self.random.random_range(0..entries.len().max(1))).copied() else { continue };
            let exits: Vec<Arm> = arms.iter().copied().filter(|arm| arm.in_out.1 && arm.way != from.way).collect();
            let Some(to) = exits.get(self.random.random_range(0..exits.len().max(1))).copied() else { continue };
            if exits.len() < 2 {
                continue;
            }
            let kinds = ["no_left_turn", "no_right_turn", "no_straight_on", "only_straight_on"];
            let kind = kinds[self.random.random_range(0..kinds.len())];
            let after = &self.arms[to.other as usize - 1];
            let beyond = after.iter().find(|arm| arm.in_out.1 && arm.way != to.way && after.len() > 2).copied();
            let (via, to) = match beyond {
                Some(beyond) if kind != "only_straight_on" && self.chance(0.3) => ((true, to.way), beyond.way),
                _ => ((false, node), to.way),
            };
            if from.way != to {
                self.map.restrictions.push(CityRestriction { kind, from: from.way, via, to });
            }
        }
    }
}
