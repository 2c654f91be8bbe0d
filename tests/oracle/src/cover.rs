//! Choices of levels that together cover every pair of levels.

use std::collections::BTreeSet;

use crate::factor::{Choice, Level, at_odds, needs};
use crate::source::Source;

/// So many problems cover every pair of levels that can be in one problem.
pub const BLOCK: usize = 1_000;

/// A few rules decide each problem; with too many, hardly any plan would be feasible.
const FEWEST: i64 = 3;
const MOST: i64 = 9;

/// Of so many random levels, the one that covers most new pairs is added.
const TRIED: usize = 40;

/// Adds a level and what it needs; `None` where that is at odds with the choice.
fn with(choice: &Choice, level: Level, source: &mut Source) -> Option<Choice> {
    if choice.is(level) {
        return Some(choice.clone());
    }
    if choice.has(level.factor) {
        return None;
    }
    let mut wider = choice.clone();
    wider.set(level);
    satisfy(&wider, source)
}

/// Adds what the levels need, by a random choice that works.
fn satisfy(choice: &Choice, source: &mut Source) -> Option<Choice> {
    let levels = choice.levels();
    if levels.iter().enumerate().any(|(i, &a)| levels[..i].iter().any(|&b| at_odds(a, b))) {
        return None;
    }
    let unmet = choice
        .levels()
        .into_iter()
        .flat_map(needs)
        .find(|alternatives| !alternatives.iter().any(|&level| choice.is(level)));
    let Some(mut alternatives) = unmet else { return Some(choice.clone()) };
    source.shuffle(&mut alternatives);
    alternatives.into_iter().find_map(|level| with(choice, level, source))
}

/// Every pair of levels of two factors that can be in one problem.
pub fn pairs() -> BTreeSet<(Level, Level)> {
    let mut source = Source::new(0, 0);
    let levels = Level::all();
    let mut pairs = BTreeSet::new();
    for (i, &a) in levels.iter().enumerate() {
        let Some(alone) = with(&Choice::default(), a, &mut source) else { continue };
        for &b in levels[i + 1..].iter().filter(|b| b.factor != a.factor) {
            // What `a` needs may have been met in a way that is at odds with `b`: then from both at once.
            let both = || {
                let mut both = Choice::default();
                both.set(a);
                both.set(b);
                both
            };
            if with(&alone, b, &mut source).is_some() || satisfy(&both(), &mut source).is_some() {
                pairs.insert((a, b));
            }
        }
    }
    pairs
}

/// The pairs of levels of a choice.
pub fn covered(choice: &Choice) -> Vec<(Level, Level)> {
    let levels = choice.levels();
    (0..levels.len())
        .flat_map(|i| (i + 1..levels.len()).map(move |j| (i, j)))
        .map(|(i, j)| (levels[i], levels[j]))
        .collect()
}

/// The choices of a block of [`BLOCK`] problems.
///
/// # Panics
///
/// If [`pairs`] holds a pair that cannot be in one problem.
pub fn block(seed: u64, number: u64) -> Vec<Choice> {
    let mut source = Source::new(seed, number);
    let mut open = pairs();
    let levels = Level::all();
    let mut choices = Vec::with_capacity(BLOCK);
    while choices.len() < BLOCK {
        let mut choice = Choice::default();
        // Pairs that are open towards the end need problems with more rules.
        let late = choices.len() > BLOCK * 6 / 10 && !open.is_empty();
        let size = if late { MOST + 2 } else { source.number(FEWEST, MOST) } as usize;
        // Levels by the number of open pairs that they are in; all alike once there are none.
        let wanted: Vec<Level> = open.iter().flat_map(|&(a, b)| [a, b]).collect();
        if !wanted.is_empty() {
            let pair = 2 * source.index(open.len());
            choice.set(wanted[pair]);
            choice.set(wanted[pair + 1]);
            choice = satisfy(&choice, &mut source).expect("the pair can be in one problem");
        }
        while choice.levels().len() < size {
            let gain = |wider: &Choice| covered(wider).iter().filter(|pair| open.contains(pair)).count();
            let tried = (0..TRIED).filter_map(|i| {
                let level = source.pick(if i % 2 == 0 && !wanted.is_empty() { &wanted } else { &levels });
                with(&choice, level, &mut source).filter(|wider| *wider != choice)
            });
            let tried: Vec<Choice> = tried.collect();
            let Some(best) = tried.into_iter().max_by_key(gain) else { break };
            choice = best;
        }
        for pair in covered(&choice) {
            open.remove(&pair);
        }
        choices.push(choice);
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_covers_every_pair_of_levels() {
        let pairs = pairs();
        assert!(pairs.len() > 5_000, "{}", pairs.len());
        let covered: BTreeSet<_> = block(1, 0).iter().flat_map(covered).collect();
        let missing: Vec<_> = pairs.difference(&covered).collect();
        assert!(missing.is_empty(), "{} of {} pairs are missing: {missing:?}", missing.len(), pairs.len());
    }
}
