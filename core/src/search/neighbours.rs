//! Granular neighbourhoods (Toth & Vigo 2003, doi:10.1287/ijoc.15.4.333.24890): for each stop, the few stops that
//! a good route is likely to visit next to it.

use crate::geometry::{PointIndex, neighbours};
use crate::model::Coord;
use crate::plan::Activity;
use crate::search::data::{Data, FleetMix, NONE, location_of};
use crate::search::interrupt::Interrupt;
use crate::travel::Travel;

/// How many of the geometrically nearest stops ruin may reach.
const NEAR: usize = 100;
/// How many stops insertion and local search try.
const CANDIDATES: usize = 60;
/// The same where all stops must be served within windows of time: what lies next to what is less clear there.
const CANDIDATES_IN_TIME: usize = 90;
/// How many geometrically near stops compete to be candidates where time or the order of linehauls and backhauls counts.
const POOL: usize = 240;
/// How much farther backhauls lie from linehauls than they are: of a route's arcs, one leads from the former to the latter.
const BEYOND_ORDER: i64 = 2;
/// How many candidates of a linehaul are backhauls, and the other way round, at least.
const OTHERS: usize = 12;
/// What a unit of waiting counts beside a unit of travel (Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018).
const WAIT_WEIGHT: f64 = 0.2;
/// Up to this many stops all pairs are compared, with true distances instead of coordinates.
const ALL_PAIRS: usize = 3_000;

/// Neighbour lists of all stops, in flat arrays.
#[derive(Default)]
pub(crate) struct Neighbours {
    near: Lists,
    candidates: Lists,
    /// Candidates with their distances, in the same order.
    candidate_arcs: Vec<CandidateArc>,
}

/// A candidate neighbour of a stop, and how far it is from there to the stop on the first profile.
#[derive(Clone, Copy)]
pub(crate) struct CandidateArc {
    pub(crate) node: u32,
    pub(crate) distance: i32,
}

#[derive(Default)]
struct Lists {
    width: usize,
    flat: Vec<u32>,
}

impl Lists {
    fn new(lists: &[Vec<u32>]) -> Self {
        let width = lists.first().map_or(0, Vec::len);
        Self { width, flat: lists.iter().flatten().copied().collect() }
    }

    #[inline]
    fn of(&self, u: usize) -> &[u32] {
        &self.flat[u * self.width..(u + 1) * self.width]
    }
}

impl Neighbours {
    pub(crate) fn new(data: &Data<'_>, interrupt: Interrupt<'_>) -> Self {
        let m = data.num_stops();
        let separate = !data.problem.separate_materials().is_empty();
        let restricted = separate || data.vehicles.iter().any(|v| !v.allowed.is_empty());
        let share = per_job(data);
        let is_ordered = data.has_order && data.classical.is_some();
        let pool = (if data.timed || restricted || is_ordered { POOL } else { NEAR }) * share;
        let geometric = if m <= ALL_PAIRS {
            nearest_by_distance(data, pool)
        } else {
            nearest_by_coordinates(data, pool, interrupt)
        };
        let width = |l: &Vec<u32>| l.len().min(NEAR * share);
        // Loads that are never on board together lie beside each other all the same: ruin reaches over them.
        let all_around = if separate { geometric.clone() } else { Vec::new() };
        let geometric = compatible(data, geometric);
        let around = if separate { &all_around } else { &geometric };
        let near: Vec<Vec<u32>> = around.iter().map(|l| l[..width(l)].to_vec()).collect();
        let candidates: Vec<Vec<u32>> = if data.timed {
            let many = data.classical == Some(FleetMix::Homogeneous) && !data.has_optional;
            let most = (if many { CANDIDATES_IN_TIME } else { CANDIDATES }) * share;
            let choose = |(u, l): (usize, &Vec<u32>)| {
                if interrupt() { l[..l.len().min(most)].to_vec() } else { by_proximity(data, u, l, most) }
            };
            geometric.iter().enumerate().map(choose).collect()
        } else if is_ordered {
            geometric.iter().enumerate().map(|(u, l)| by_order(data, u, l, CANDIDATES)).collect()
        } else {
            near.iter().map(|l| l[..l.len().min(CANDIDATES * share)].to_vec()).collect()
        };
        let mut candidates = candidates;
        if is_ordered {
            for (u, list) in candidates.iter_mut().enumerate() {
                if interrupt() {
                    break;
                }
                keep_others(data, u, list, &geometric[u]);
            }
        }
        let candidate_arcs = candidates
            .iter()
            .enumerate()
            .flat_map(|(u, list)| list.iter().map(move |&node| (u, node)))
            .map(|(u, node)| CandidateArc { node, distance: data.travel.distance(0, node as usize, u) })
            .collect();
        Self { near: Lists::new(&near), candidates: Lists::new(&candidates), candidate_arcs }
    }

    /// The geometrically nearest stops, nearest first.
    #[inline]
    pub(crate) fn near(&self, u: usize) -> &[u32] {
        self.near.of(u)
    }

    /// The stops worth being next to, best first, with the distance from each.
    #[inline]
    pub(crate) fn candidate_arcs(&self, u: usize) -> &[CandidateArc] {
        &self.candidate_arcs[u * self.candidates.width..(u + 1) * self.candidates.width]
    }

    /// The stops worth being next to, best first.
    #[inline]
    pub(crate) fn candidates(&self, u: usize) -> &[u32] {
        self.candidates.of(u)
    }
}

/// How many stops there are for each that is served: of a group, one is.
pub(crate) fn per_job(data: &Data<'_>) -> usize {
    let grouped: usize = data.members.iter().map(Vec::len).sum();
    let jobs = data.num_stops() - grouped + data.members.len();
    data.num_stops().div_ceil(jobs.max(1)).clamp(1, 8)
}

/// Moves stops that no vehicle may serve together with the list's own to the end of each list.
fn compatible(data: &Data<'_>, lists: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    let separate = !data.problem.separate_materials().is_empty();
    if data.vehicles.iter().all(|v| v.allowed.is_empty()) && data.members.is_empty() && !separate {
        return lists;
    }
    let together = |u: usize, v: u32| {
        let other_group = data.group[u] == NONE || data.group[u] != data.group[v as usize];
        other_group && may_share(data, u, v as usize)
    };
    let split =
        |(u, list): (usize, Vec<u32>)| -> (Vec<u32>, Vec<u32>) { list.into_iter().partition(|&v| together(u, v)) };
    lists
        .into_iter()
        .enumerate()
        .map(split)
        .map(|(mut first, others)| {
            first.extend(others);
            first
        })
        .collect()
}

/// Whether any vehicle may have what two stops load on board at the same time.
fn may_share(data: &Data<'_>, u: usize, v: usize) -> bool {
    let material = |u: usize| match data.activity[u] {
        Activity::Client(c) => data.problem.client(c).material,
        _ => None,
    };
    let apart = match (material(u), material(v)) {
        (Some(a), Some(b)) => data.problem.separate_materials().iter().any(|&pair| pair == (a, b) || pair == (b, a)),
        _ => false,
    };
    data.permissions.share(u, v, apart)
}

fn nearest_by_distance(data: &Data<'_>, k: usize) -> Vec<Vec<u32>> {
    let m = data.num_stops();
    let k = k.min(m.saturating_sub(1));
    let profiles = data.problem.travel().num_profiles();
    let mut order: Vec<(i32, u32)> = Vec::with_capacity(m);
    (0..m)
        .map(|u| {
            order.clear();
            order.extend((0..m).filter(|&v| v != u).map(|v| {
                let d = (0..profiles)
                    .map(|p| data.travel.distance(p, u, v).min(data.travel.distance(p, v, u)))
                    .min()
                    .unwrap_or(0);
                (d, v as u32)
            }));
            if k < order.len() {
                order.select_nth_unstable(k);
                order.truncate(k);
            }
            order.sort_unstable();
            order.iter().map(|&(_, v)| v).collect()
        })
        .collect()
}

/// Where that is interrupted, the nearest on the space-filling curve, along which stops are numbered, have to do.
fn nearest_by_coordinates(data: &Data<'_>, k: usize, interrupt: Interrupt<'_>) -> Vec<Vec<u32>> {
    let problem = data.problem;
    let coords: Vec<Coord> = data.activity.iter().map(|&a| problem.coord(location_of(problem, a))).collect();
    let geographic = matches!(problem.travel(), Travel::Haversine { .. });
    let index = if geographic { PointIndex::geographic(&coords) } else { PointIndex::planar(&coords) };
    let mut lists = neighbours(&index, &coords, k, interrupt);
    let m = coords.len();
    let k = k.min(m.saturating_sub(1));
    for u in lists.len()..m {
        let from = u.saturating_sub(k / 2).min(m - 1 - k);
        let mut near: Vec<u32> = (from..=from + k).filter(|&v| v != u).map(|v| v as u32).collect();
        near.sort_by_key(|&v| u.abs_diff(v as usize));
        lists.push(near);
    }
    // Many equal coordinates can leave a list short of others: level them, so that they stay flat.
    let width = lists.iter().map(Vec::len).min().unwrap_or(0);
    for list in &mut lists {
        list.truncate(width);
    }
    lists
}

/// The nearest of `pool`, where linehauls and backhauls are farther from each other than they lie.
fn by_order(data: &Data<'_>, u: usize, pool: &[u32], most: usize) -> Vec<u32> {
    let farness = |v: u32| {
        let v = v as usize;
        let beyond = if data.order[u] == data.order[v] { 1 } else { BEYOND_ORDER };
        i64::from(data.apart(u, v)) * beyond + if may_share(data, u, v) { 0 } else { 1 << 40 }
    };
    let mut order: Vec<(i64, u32)> = pool.iter().map(|&v| (farness(v), v)).collect();
    order.sort_unstable();
    order.truncate(most);
    order.into_iter().map(|(_, v)| v).collect()
}

/// Keeps some of the other kind among the candidates of a linehaul or backhaul: where the two lie in places of their own, only they
/// show on which routes it may stand.
fn keep_others(data: &Data<'_>, u: usize, list: &mut Vec<u32>, pool: &[u32]) {
    let is_own = |v: u32| data.order[v as usize] == data.order[u];
    let is_other = |v: u32| !is_own(v) && may_share(data, u, v as usize);
    let own = list.iter().filter(|&&v| is_own(v)).count();
    let known = list.iter().filter(|&&v| is_other(v)).count();
    let missing = OTHERS.saturating_sub(known).min(own / 2);
    if missing == 0 {
        return;
    }
    let is_new = |v: &u32| is_other(*v) && !list.contains(v);
    let mut others: Vec<u32> = pool.iter().copied().filter(is_new).take(missing).collect();
    if others.len() < missing {
        let all = (0..data.num_stops() as u32).filter(is_new);
        let mut all: Vec<(i32, u32)> = all.map(|v| (data.apart(u, v as usize), v)).collect();
        if missing < all.len() {
            all.select_nth_unstable(missing);
            all.truncate(missing);
        }
        all.sort_unstable();
        others = all.into_iter().map(|(_, v)| v).collect();
    }
    for v in others {
        // In place of the last one of its own kind.
        if let Some(at) = list.iter().rposition(|&w| is_own(w)) {
            list.remove(at);
            list.push(v);
        }
    }
}

/// The best of `pool` by travel, waiting and lateness in the better of the two directions.
fn by_proximity(data: &Data<'_>, u: usize, pool: &[u32], most: usize) -> Vec<u32> {
    let mut order: Vec<(i64, u32)> = pool
        .iter()
        .map(|&v| {
            let w = v as usize;
            let together = may_share(data, u, w);
            let proximity = directed(data, u, w).min(directed(data, w, u)) * 16.0;
            (proximity as i64 + if together { 0 } else { 1 << 40 }, v)
        })
        .collect();
    order.sort_unstable();
    order.truncate(most);
    order.into_iter().map(|(_, v)| v).collect()
}

fn directed(data: &Data<'_>, u: usize, v: usize) -> f64 {
    let travel = i64::from(data.travel.duration(0, u, v));
    let ready = i64::from(data.service[u]) + travel;
    let wait = (i64::from(data.early[v]) - ready - i64::from(data.late[u])).max(0);
    let late = (i64::from(data.early[u]) + ready - i64::from(data.late[v])).max(0);
    f64::from(data.travel.distance(0, u, v)) + WAIT_WEIGHT * wait as f64 + late as f64
}
