//! Whether the arrays of a file fit together, so that no question to the network can go astray.

use crate::travel::road::graph::{CLOSED, NONE};
use crate::travel::road::label::{LONGEST, NEVER};
use crate::travel::road::network::Network;

/// What is wrong with a network from a file, if anything.
pub(super) fn check(network: &Network) -> Result<(), String> {
    graph(network)?;
    hierarchy(network)?;
    network.profile().validate().map_err(|error| error.to_string())
}

fn require(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{what} do not fit together")) }
}

/// Whether `first` cuts `total` entries into `parts`.
fn cuts(first: &[u32], parts: usize, total: usize) -> bool {
    first.len() == parts + 1
        && first[0] == 0
        && first[parts] as usize == total
        && first.windows(2).all(|pair| pair[0] <= pair[1])
}

fn graph(network: &Network) -> Result<(), String> {
    let (graph, geometry) = (&network.base.graph, &network.base.geometry);
    let (states, segments, arcs) = (graph.num_states(), geometry.num_segments(), graph.num_arcs());
    require(states > 0 && segments > 0, "streets and states")?;
    require(graph.time.len() == states && graph.length.len() == states, "states and their times")?;
    require(graph.plain.len() == 2 * segments && graph.street.iter().all(|&s| (s as usize) < 2 * segments), "streets")?;
    require(graph.turn.len() == arcs && cuts(&graph.first, states, arcs), "turns")?;
    require(graph.head.iter().all(|&head| (head as usize) < states), "turns and states")?;
    require(graph.plain.iter().all(|&state| state == NONE || (state as usize) < states), "streets and states")?;
    require(graph.histories.iter().all(|&state| (state as usize) < states), "states with a history")?;
    require(graph.time.iter().all(|&time| time <= LONGEST), "times of states")?;
    require(graph.turn.iter().all(|&turn| turn <= LONGEST), "times of turns")?;
    let times = &network.weights.times;
    require(times.len() == states && times.iter().all(|&time| time <= LONGEST || time == CLOSED), "present times")?;
    require(geometry.positions.len().is_multiple_of(2), "positions")?;
    require(cuts(&geometry.first, segments, geometry.positions.len() / 2), "positions and segments")?;
    require(geometry.first.windows(2).all(|pair| pair[1] - pair[0] >= 2), "positions of segments")?;
    let named =
        |list: &[u32], names: &[String]| list.len() == segments && list.iter().all(|&i| (i as usize) < names.len());
    require(named(&geometry.class, &network.base.classes) && named(&geometry.name, &network.base.names), "names")
}

fn hierarchy(network: &Network) -> Result<(), String> {
    let (hierarchy, weights) = (&network.base.hierarchy, &network.weights);
    let (states, arcs) = (network.base.graph.num_states(), hierarchy.head.len());
    require(hierarchy.rank.len() == states && hierarchy.rank.iter().all(|&rank| (rank as usize) < states), "ranks")?;
    require(cuts(&hierarchy.first, states, arcs) && cuts(&hierarchy.lower_first, states, arcs), "ranks and arcs")?;
    let lengths = [hierarchy.tail.len(), hierarchy.upwards.len(), hierarchy.downwards.len(), hierarchy.lower.len()];
    require(lengths == [arcs; 4] && weights.up.len() == arcs && weights.down.len() == arcs, "arcs")?;
    let turns = network.base.graph.num_arcs();
    let given = |list: &[u32]| list.iter().all(|&arc| arc == NONE || (arc as usize) < turns);
    require(given(&hierarchy.upwards) && given(&hierarchy.downwards), "arcs and turns")?;
    require(hierarchy.lower.iter().all(|&arc| (arc as usize) < arcs), "lower arcs")?;
    require(weights.up.iter().chain(weights.down.iter()).all(|&weight| weight <= NEVER), "weights")?;
    for x in 0..states as u32 {
        let heads = &hierarchy.head[hierarchy.arcs(x)];
        let ascending = heads.windows(2).all(|pair| pair[0] < pair[1]);
        let above = heads.iter().all(|&head| head > x && (head as usize) < states);
        require(ascending && above && hierarchy.arcs(x).all(|arc| hierarchy.tail[arc] == x), "ranks of arcs")?;
        // What a rank is joined with, its lowest neighbour above is joined with, too: every search relies on it.
        if let [parent, others @ ..] = heads {
            let joined = &hierarchy.head[hierarchy.arcs(*parent)];
            require(others.iter().all(|other| joined.binary_search(other).is_ok()), "arcs of the hierarchy")?;
        }
    }
    Ok(())
}
