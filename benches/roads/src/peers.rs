//! Other programs on the same graph: states of streets and turns between them, in milliseconds. They neither snap points nor
//! draw lines.

use std::time::{Duration, Instant};

use fast_paths::InputGraph;
use milkrun::internals::{RoadGraph, road_graph, road_state};
use milkrun::travel::road::Snap;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::kit::{Outcome, percentile, read_points, tell, tell_memory, timed};
use crate::maps::Map;
use crate::own::{POINTS, pairs};

/// Pairs of which all programs must find the same travel times.
pub const CHECKED: usize = 20;
/// Pairs that Dijkstra is asked for, within a time.
const PAIRS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(20);
/// Rows of a table by Dijkstra, from which larger ones are estimated.
const ROWS: usize = 10;

/// The graph, and the states of the points.
fn graph(map: &Map) -> Result<(RoadGraph, Vec<usize>), String> {
    let network = map.network()?;
    let points = read_points(&map.file("points.csv"))?;
    let spots = network.snap(&points, &Snap::default()).map_err(|error| error.to_string())?;
    let states: Option<Vec<usize>> =
        spots.iter().map(|spot| road_state(&network, spot).map(|state| state as usize)).collect();
    Ok((road_graph(&network), states.ok_or("a point has no state")?))
}

/// Times of single pairs: percentiles, and the sum of the first ones.
fn ask(states: &[usize], number: usize, mut time: impl FnMut(usize, usize) -> Option<u64>) {
    let (mut times, mut sum, start) = (Vec::new(), 0, Instant::now());
    for (i, (a, b)) in pairs(number).enumerate() {
        let (seconds, found) = timed(|| time(states[a], states[b]));
        times.push(seconds * 1e6);
        if i < CHECKED {
            sum += found.unwrap_or_default();
        } else if start.elapsed() > PATIENCE {
            break;
        }
    }
    tell("sum", sum as f64);
    tell("p50", percentile(&times, 0.5));
    // Of fewer, it would be the longest one.
    if times.len() >= 100 {
        tell("p99", percentile(&times, 0.99));
    }
}

/// petgraph's Dijkstra.
pub fn petgraph(map: &Map) -> Outcome {
    let (RoadGraph { states: size, arcs }, states) = graph(map)?;
    let (seconds, graph) = timed(|| {
        let mut graph: DiGraph<(), u32> = DiGraph::with_capacity(size, arcs.len());
        for _ in 0..size {
            graph.add_node(());
        }
        for &(from, to, time) in &arcs {
            graph.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), time);
        }
        graph
    });
    tell("prepare", seconds);
    let from = |from: usize, to: Option<usize>| {
        dijkstra(&graph, NodeIndex::new(from), to.map(NodeIndex::new), |edge| u64::from(*edge.weight()))
    };
    ask(&states, PAIRS, |a, b| from(a, Some(b)).get(&NodeIndex::new(b)).copied());
    let (seconds, reached) = timed(|| states[..ROWS].iter().map(|&state| from(state, None).len()).sum::<usize>());
    if reached == 0 {
        return Err("nothing is reached".to_owned());
    }
    let row = seconds * 1e3 / ROWS as f64;
    tell("table_100_estimate", row * 100.0);
    tell("table_1000_estimate", row * POINTS as f64);
    tell_memory("memory_ask");
    Ok(())
}

/// The contraction hierarchy of `fast_paths`, which has no tables: one path for each cell.
pub fn fast_paths(map: &Map) -> Outcome {
    let (RoadGraph { states: size, arcs }, states) = graph(map)?;
    let mut input = InputGraph::new();
    for &(from, to, time) in arcs.iter().filter(|(from, to, _)| from != to) {
        input.add_edge(from as usize, to as usize, time as usize);
    }
    drop(arcs);
    input.freeze();
    let (seconds, graph) = timed(|| ::fast_paths::prepare(&input));
    tell("prepare", seconds);
    tell_memory("memory_prepare");
    if graph.get_num_nodes() != size {
        return Err(format!("{} nodes of {size}", graph.get_num_nodes()));
    }
    let mut calculator = ::fast_paths::create_calculator(&graph);
    ask(&states, 2_000, |a, b| calculator.calc_path(&graph, a, b).map(|path| path.get_weight() as u64));
    let (seconds, found) = timed(|| {
        let cells = states[..100].iter().flat_map(|&a| states[..100].iter().map(move |&b| (a, b)));
        cells.filter(|&(a, b)| calculator.calc_path(&graph, a, b).is_some()).count()
    });
    if found == 0 {
        return Err("nothing is reached".to_owned());
    }
    tell("table_100", seconds * 1e3);
    tell("table_1000_estimate", seconds * 1e3 * 100.0);
    tell_memory("memory_ask");
    Ok(())
}
