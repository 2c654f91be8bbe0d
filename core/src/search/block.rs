//! A solution cut into parts that are searched side by side: routes that are near each other, with what is unserved near them and a
//! share of the vehicles that are not in use.

use crate::plan::RouteStops;
use crate::search::data::{Data, NONE, NodeOf};
use crate::search::random::Random;

/// A part of a solution that is searched on its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) routes: Vec<RouteStops>,
    /// All stops that may be visited, those that are unserved among them.
    pub(crate) stops: Vec<u32>,
    /// How many further vehicles may be used, by type.
    pub(crate) unused: Vec<usize>,
}

impl Block {
    /// All of a solution.
    pub(crate) fn whole(data: &Data<'_>, routes: Vec<RouteStops>, limit: usize) -> Self {
        let mut blocks =
            [Self { routes: Vec::new(), stops: (0..data.num_stops() as u32).collect(), unused: Vec::new() }];
        share_unused(data, routes.iter(), limit, &mut blocks, &mut Random::new(0));
        let [block] = blocks;
        Self { routes, ..block }
    }
}

/// How many stops pivots are chosen from.
const PIVOT_CANDIDATES: usize = 8;

/// Cuts a solution, of at most `limit` vehicles, into `count` blocks of about as many stops each. Every cut separates what is nearer to one of two random stops from
/// what is nearer to the other, so that coordinates are not needed, and each call cuts elsewhere.
pub(crate) fn cut(
    data: &Data<'_>,
    node_of: &NodeOf,
    routes: &[RouteStops],
    (count, limit): (usize, usize),
    random: &mut Random,
) -> Vec<Block> {
    let m = data.num_stops();
    let (routes, mut pieces): (Vec<&RouteStops>, Vec<Piece>) = routes
        .iter()
        .map(|route| (route, Piece::of(node_of, route)))
        .filter(|(_, piece)| !piece.stops.is_empty())
        .unzip();
    if routes.is_empty() {
        return vec![Block::whole(data, Vec::new(), limit)];
    }
    let mut piece_of = vec![NONE; m];
    for (at, piece) in pieces.iter().enumerate() {
        piece.stops.iter().for_each(|&u| piece_of[u as usize] = at as u32);
    }
    attach_unserved(data, &mut pieces, &piece_of);
    let mut order: Vec<u32> = (0..pieces.len() as u32).collect();
    let mut blocks = Vec::with_capacity(count);
    halve(data, &pieces, &mut order, count, random, &mut |part| {
        let mut block = Block::default();
        for &at in part {
            block.stops.extend_from_slice(&pieces[at as usize].stops);
            block.routes.push(routes[at as usize].clone());
        }
        blocks.push(block);
    });
    share_unused(data, routes.into_iter(), limit, &mut blocks, random);
    blocks
}

/// The stops of a route, and those that are unserved near it.
struct Piece {
    stops: Vec<u32>,
}

impl Piece {
    fn of(node_of: &NodeOf, route: &RouteStops) -> Self {
        let activities = route.trips.iter().flat_map(|trip| &trip.activities);
        Self { stops: activities.map(|&activity| node_of.get(activity)).filter(|&u| u != NONE).collect() }
    }
}

/// Adds each unserved stop to the route of its nearest neighbour that is served; a shipment goes where its pickup does.
fn attach_unserved(data: &Data<'_>, pieces: &mut [Piece], piece_of: &[u32]) {
    for u in (0..data.num_stops()).filter(|&u| piece_of[u] == NONE) {
        let leader = if data.partner[u] != NONE && !data.is_pickup(u) { data.partner[u] as usize } else { u };
        let near = data.neighbours.near(leader).iter().map(|&v| piece_of[v as usize]);
        let piece = near.into_iter().find(|&piece| piece != NONE).unwrap_or(0);
        if let Some(piece) = pieces.get_mut(piece as usize) {
            piece.stops.push(u as u32);
        }
    }
}

/// Cuts the listed pieces into `count` parts by bisection, and hands over each.
fn halve(
    data: &Data<'_>,
    pieces: &[Piece],
    order: &mut [u32],
    count: usize,
    random: &mut Random,
    part: &mut impl FnMut(&[u32]),
) {
    if count < 2 || order.len() < 2 {
        part(order);
        return;
    }
    let (a, b) = pivots(data, pieces, order, random);
    let mut keyed: Vec<(i64, u32)> = order
        .iter()
        .map(|&at| {
            let stops = &pieces[at as usize].stops;
            let nearer = |&u: &u32| i64::from(data.apart(u as usize, a)) - i64::from(data.apart(u as usize, b));
            (stops.iter().map(nearer).sum::<i64>() / stops.len().max(1) as i64, at)
        })
        .collect();
    keyed.sort_unstable();
    for (at, (_, piece)) in order.iter_mut().zip(keyed) {
        *at = piece;
    }
    let (first, rest) = (count / 2, count - count / 2);
    let all: usize = order.iter().map(|&at| pieces[at as usize].stops.len()).sum();
    let wanted = all * first / count;
    let (mut taken, mut cut) = (0, 0);
    while cut + 1 < order.len() && (cut == 0 || taken < wanted) {
        taken += pieces[order[cut] as usize].stops.len();
        cut += 1;
    }
    let (left, right) = order.split_at_mut(cut);
    halve(data, pieces, left, first, random, part);
    halve(data, pieces, right, rest, random, part);
}

/// Two stops far from each other: a random one, and the farthest of some others from it.
fn pivots(data: &Data<'_>, pieces: &[Piece], order: &[u32], random: &mut Random) -> (usize, usize) {
    let mut draw = || {
        let stops = &pieces[order[random.below(order.len())] as usize].stops;
        if stops.is_empty() { 0 } else { stops[random.below(stops.len())] as usize }
    };
    let a = draw();
    let b = (0..PIVOT_CANDIDATES).map(|_| draw()).max_by_key(|&b| data.apart(a, b));
    (a, b.unwrap_or(a))
}

/// Shares the vehicles that are not in use between the blocks.
fn share_unused<'a>(
    data: &Data<'_>,
    routes: impl Iterator<Item = &'a RouteStops>,
    limit: usize,
    blocks: &mut [Block],
    random: &mut Random,
) {
    let mut unused: Vec<usize> = data.vehicles.iter().map(|vehicle| vehicle.count).collect();
    let mut used = 0;
    for route in routes {
        let left = &mut unused[route.vehicle_type.index()];
        *left = left.saturating_sub(1);
        used += 1;
    }
    // Only where all vehicles are alike is their number limited further.
    if let [unused] = &mut unused[..] {
        *unused = (*unused).min(limit.saturating_sub(used));
    }
    let count = blocks.len();
    for left in unused {
        let first = random.below(count);
        for (at, block) in blocks.iter_mut().enumerate() {
            let further = (at + count - first) % count < left % count;
            block.unused.push(left / count + usize::from(further));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Client, Coord, Depot, Problem, VehicleType};
    use crate::plan::{Activity, TripStops};

    fn problem(clients: usize) -> Problem {
        let mut builder = Problem::builder();
        let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        for i in 0..clients {
            let angle = i as f64;
            builder.add_client(Client::at(Coord::new(100.0 * angle.cos(), 100.0 * angle.sin())).delivery([1]));
        }
        builder.add_vehicle_type(VehicleType::new(clients).capacity([10]).depot(yard));
        builder.add_vehicle_type(VehicleType::new(7).capacity([20]).depot(yard));
        builder.build().unwrap()
    }

    /// Every stop is in one block, served or not, and so is every vehicle.
    #[test]
    fn blocks_share_stops_and_vehicles_without_loss() {
        for (clients, served, count) in [(1, 0, 3), (30, 28, 2), (64, 64, 4), (30, 0, 2), (100, 61, 8), (40, 9, 5)] {
            let problem = problem(clients);
            let data = Data::new(&problem);
            let node_of = data.node_of();
            let routes: Vec<RouteStops> = (0..served)
                .collect::<Vec<usize>>()
                .chunks(5)
                .map(|chunk| {
                    let activities = chunk.iter().map(|&c| Activity::Client(crate::ids::ClientId::new(c))).collect();
                    let trips = vec![TripStops { start: None, activities, end: None }];
                    RouteStops { vehicle_type: crate::ids::VehicleTypeId::new(0), start: None, trips }
                })
                .collect();
            let blocks = cut(&data, &node_of, &routes, (count, usize::MAX), &mut Random::new(7));
            assert!(blocks.len() <= count && !blocks.is_empty());
            let mut stops: Vec<u32> = blocks.iter().flat_map(|block| block.stops.clone()).collect();
            stops.sort_unstable();
            assert_eq!(stops, (0..clients as u32).collect::<Vec<u32>>());
            assert_eq!(blocks.iter().map(|block| block.routes.len()).sum::<usize>(), routes.len());
            for (t, vehicles) in [clients - routes.len(), clients.min(7)].into_iter().enumerate() {
                assert_eq!(blocks.iter().map(|block| block.unused[t]).sum::<usize>(), vehicles);
            }
            let sizes: Vec<usize> = blocks.iter().map(|block| block.stops.len()).collect();
            assert!(sizes.iter().all(|&size| size > 0), "{sizes:?}");
        }
    }
}
