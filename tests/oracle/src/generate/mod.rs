//! Tiny problems in which rules bind often.

mod clients;
mod disposal;
mod draft;
mod fleet;
mod start;
mod ties;
mod travel;
mod zones;

use milkrun::plan::RouteStops;
use milkrun::{Backhauls, Plan, Problem};

use crate::cover::{BLOCK, block};
use crate::factor::{Choice, Factor};
use crate::source::Source;
use draft::Draft;

/// A problem, and perhaps a plan to start from.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The problem.
    pub problem: Problem,
    /// Where the search starts.
    pub initial: Option<Vec<RouteStops>>,
    /// What it was made to have.
    pub choice: Choice,
}

impl Instance {
    /// The plan to start from.
    ///
    /// # Panics
    ///
    /// If its ids are not the problem's.
    pub fn initial_plan(&self) -> Option<Plan> {
        let routes = self.initial.clone()?;
        Some(Plan::new(&self.problem, routes).expect("the generator knows the problem's ids only"))
    }
}

/// Problems in an endless sequence, of which every [`BLOCK`] from a multiple of it on cover every pair of levels.
pub struct Generator {
    seed: u64,
    blocks: Vec<Vec<Choice>>,
}

/// After so many draws that make no valid problem, something is wrong with the generator.
const DRAWS: u64 = 200;

impl Generator {
    /// The first `problems` problems of a seed.
    pub fn new(seed: u64, problems: usize) -> Self {
        let blocks = (0..problems.div_ceil(BLOCK)).map(|number| block(seed, number as u64)).collect();
        Self { seed, blocks }
    }

    /// The problem of an index.
    ///
    /// # Panics
    ///
    /// If `index` lies beyond the number given to [`new`](Self::new).
    pub fn instance(&self, index: usize) -> Instance {
        let choice = &self.blocks[index / BLOCK][index % BLOCK];
        let mut draws = (0..DRAWS).filter_map(|draw| {
            let mut source = Source::new(self.seed ^ draw.wrapping_mul(0x2545_f491_4f6c_dd1d), index as u64 + 1);
            make(choice, &mut source, index)
        });
        draws.next().unwrap_or_else(|| panic!("no valid problem has {:?}", choice.levels()))
    }
}

/// A problem with the levels of the choice; `None` where the random values make an invalid one.
fn make(choice: &Choice, source: &mut Source, index: usize) -> Option<Instance> {
    let mut draft = Draft::new(choice, source);
    draft.builder.name(format!("tiny {index}"));
    if choice.has(Factor::Backhauls) {
        draft.builder.backhauls(Backhauls::AfterLinehauls);
    }
    draft.places();
    draft.materials();
    draft.disposal_sites();
    draft.clients();
    draft.shipments();
    draft.vehicle_types();
    draft.lists();
    draft.zones();
    draft.relations();
    draft.goals();
    draft.executed();
    draft.travel();
    let problem = draft.builder.build().ok()?;
    let initial = start::initial(&problem, choice, source);
    Some(Instance { problem, initial, choice: choice.clone() })
}
