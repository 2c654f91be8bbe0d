//! Halves of a piece of the street network with few streets between them: inertial flow, A. Schild, C. Sommer (2015),
//! doi:10.1007/978-3-319-20086-6_22.

use crate::travel::road::hierarchy::flow::Flow;

/// The share of junctions at either end of a direction that must stay on their side.
const SHARE: f64 = 0.25;

/// A piece of the network: where its junctions are, and the streets between them.
#[derive(Default)]
pub(super) struct Piece {
    /// Where each junction is.
    pub(super) at: Vec<[i32; 2]>,
    /// Streets: two junctions, the segment, and its number of states.
    pub(super) edges: Vec<(u32, u32, u32, u8)>,
}

impl Piece {
    /// Splits the piece at its smallest balanced cut: two pieces, and the segments between them.
    pub(super) fn split(self) -> (Self, Self, Vec<u32>) {
        let n = self.at.len();
        let edges: Vec<(u32, u32, u8)> = self.edges.iter().map(|&(u, v, _, states)| (u, v, states)).collect();
        let mut flow = Flow::new(n, &edges);
        let held = ((n as f64 * SHARE) as usize).clamp(1, n / 2);
        let mut best: Option<(u32, usize, Vec<bool>)> = None;
        let mut order: Vec<u32> = (0..n as u32).collect();
        for direction in [[1, 0], [0, 1], [1, 1], [1, -1]] {
            let along = |&node: &u32| {
                let [x, y] = self.at[node as usize].map(i64::from);
                (direction[0] * x + direction[1] * y, node)
            };
            order.sort_unstable_by_key(along);
            let mut is_sink = vec![false; n];
            order[n - held..].iter().for_each(|&node| is_sink[node as usize] = true);
            let limit = best.as_ref().map_or(u32::MAX, |best| best.0.saturating_add(1));
            let Some((value, side)) = flow.cut(&edges, &order[..held], &is_sink, limit) else { continue };
            let inside = side.iter().filter(|&&inside| inside).count();
            let balance = inside.min(n - inside);
            if best
                .as_ref()
                .is_none_or(|best| (value, std::cmp::Reverse(balance)) < (best.0, std::cmp::Reverse(best.1)))
            {
                best = Some((value, balance, side));
            }
        }
        let side = best.map_or_else(|| (0..n).map(|node| node < n / 2).collect(), |best| best.2);
        self.divide(&side)
    }

    /// The two sides, and the segments between them.
    fn divide(self, side: &[bool]) -> (Self, Self, Vec<u32>) {
        let (mut parts, mut between) = ([Self::default(), Self::default()], Vec::new());
        let mut number = vec![0_u32; self.at.len()];
        for (node, &inside) in side.iter().enumerate() {
            let part = &mut parts[usize::from(!inside)];
            number[node] = part.at.len() as u32;
            part.at.push(self.at[node]);
        }
        for (u, v, segment, states) in self.edges {
            if side[u as usize] == side[v as usize] {
                let part = &mut parts[usize::from(!side[u as usize])];
                part.edges.push((number[u as usize], number[v as usize], segment, states));
            } else {
                between.push(segment);
            }
        }
        let [inside, outside] = parts;
        (inside, outside, between)
    }

    /// The connected parts of the piece.
    pub(super) fn connected(self) -> Vec<Self> {
        let n = self.at.len();
        let mut root: Vec<u32> = (0..n as u32).collect();
        for &(u, v, ..) in &self.edges {
            let (a, b) = (find(&mut root, u), find(&mut root, v));
            root[a.max(b) as usize] = a.min(b);
        }
        let mut part_of = vec![u32::MAX; n];
        let (mut number, mut parts) = (vec![0_u32; n], Vec::<Self>::new());
        for node in 0..n {
            let of = find(&mut root, node as u32) as usize;
            if part_of[of] == u32::MAX {
                part_of[of] = parts.len() as u32;
                parts.push(Self::default());
            }
            part_of[node] = part_of[of];
            let part = &mut parts[part_of[node] as usize];
            number[node] = part.at.len() as u32;
            part.at.push(self.at[node]);
        }
        for (u, v, segment, states) in self.edges {
            let edge = (number[u as usize], number[v as usize], segment, states);
            parts[part_of[u as usize] as usize].edges.push(edge);
        }
        parts
    }
}

fn find(root: &mut [u32], node: u32) -> u32 {
    let mut node = node as usize;
    while root[node] as usize != node {
        root[node] = root[root[node] as usize];
        node = root[node] as usize;
    }
    node as u32
}
