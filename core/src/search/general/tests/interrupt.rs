//! A search that is interrupted in the middle of whatever it does.

use std::cell::Cell;

use super::*;
use crate::search::interrupt::Interrupt;

thread_local! {
    /// How often the interrupt may still be asked before it says so.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

const COUNTED: Interrupt<'static> = &|| {
    LEFT.set(LEFT.get().saturating_sub(1));
    LEFT.get() == 0
};

/// How often a search asks while it does something.
fn asks(act: impl FnOnce()) -> usize {
    LEFT.set(usize::MAX);
    act();
    usize::MAX - LEFT.get()
}

#[test]
fn an_iteration_that_is_interrupted_changes_nothing() {
    let mut interrupted = 0;
    each(14, 3, |kind, search, random| {
        shake(search, random);
        search.solution.interrupt = COUNTED;
        for left in 1..30 {
            search.solution.begin();
            let (before, old) = (value(&search.solution), elements(&search.solution));
            LEFT.set(left);
            let is_best = search.iterate(random, 1_000.0);
            if LEFT.get() == 0 && left < 4 {
                interrupted += 1;
                assert!(!is_best);
                assert_eq!(elements(&search.solution), old, "{kind:?}");
                assert_eq!(value(&search.solution), before, "{kind:?}");
            }
            LEFT.set(usize::MAX);
            agrees_with_the_plan(&mut search.solution);
        }
    });
    assert!(interrupted > 20, "{interrupted}");
}

#[test]
fn a_first_solution_that_is_interrupted_is_sound_and_asks_no_more() {
    for kind in KINDS {
        let problem = problem(kind, 40, &mut Random::new(7));
        let data = Data::new(&problem);
        let layout = Layout::new(&data);
        let goals = GeneralGoals::new(&layout);
        for left in [1, 2, 5, 20, 40] {
            let mut random = Random::new(left as u64);
            let mut search = GeneralSearch::new(&layout, &goals, &mut random).until(COUNTED);
            LEFT.set(left);
            search.construct(&mut random);
            assert_eq!(LEFT.get(), 0, "{kind:?}: it asks for each of the insertions");
            LEFT.set(usize::MAX);
            agrees_with_the_plan(&mut search.solution);
        }
    }
}

#[test]
fn every_insertion_asks() {
    each(30, 1, |kind, search, random| {
        search.solution.interrupt = COUNTED;
        for _ in 0..20 {
            search.solution.begin();
            search.ruin.run(&mut search.solution, random, None, &mut search.jobs);
            let waiting = search.jobs.iter().filter(|&&u| search.is_representative(u as usize)).count();
            let asked = asks(|| search.recreate(random));
            assert!(asked >= waiting, "{kind:?}: {asked} for {waiting}");
        }
    });
}
