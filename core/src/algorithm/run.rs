//! Which searches run, on which threads: walks, or blocks of one solution.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::algorithm::met::Met;
use crate::algorithm::settings::Class;
use crate::algorithm::termination::{Shared, Termination};
use crate::algorithm::walk::{self, Annealing, Outcome, Start};
use crate::algorithm::{Progress, SolveParams, blocks};
use crate::search::block::Block;
use crate::search::classical::{self, ClassicalSearch, Population};
use crate::search::data::{Data, FleetMix};
use crate::search::general::{GeneralGoals, GeneralSearch, Layout};
use crate::search::interrupt::Interrupt;
use crate::search::random::Random;
use crate::search::tour::{TourSearch, is_tour};
use crate::search::{Divisible, Searcher as _};

/// One call of `solve`.
pub(super) struct Run<'a> {
    pub(super) data: &'a Data<'a>,
    pub(super) general: Option<(&'a Layout<'a>, &'a GeneralGoals)>,
    pub(super) params: &'a SolveParams,
    pub(super) interrupt: Interrupt<'a>,
    pub(super) shared: &'a Shared,
    pub(super) threads: usize,
    pub(super) cores: usize,
    /// Whose solutions are recombined, where walks share a population.
    pub(super) population: Arc<Population>,
}

impl<'a> Run<'a> {
    /// Searches until the budget is spent. What the walks found, by their numbers, and how many threads there were.
    pub(super) fn all(&self, on_progress: &mut dyn FnMut(&Progress), watches: bool) -> (Vec<(usize, Outcome)>, usize) {
        let data = self.data;
        let divides = !watches && !data.vehicles_first && self.most_blocks(usize::MAX) > 1 && !self.shares_population();
        match self.general {
            Some((layout, goals)) if divides && layout.divides() => {
                let empty = |random: &mut Random| GeneralSearch::new(layout, goals, random).until(self.interrupt);
                self.blocks(on_progress, &empty, &|random| self.general_search(layout, goals, random))
            }
            None if divides && !is_tour(data) => match (data.has_order, self.has_fleet(), data.timed) {
                (false, false, false) => self.classical_blocks::<classical::Capacity>(on_progress),
                (false, false, true) => self.classical_blocks::<classical::Windows>(on_progress),
                (false, true, false) => self.classical_blocks::<classical::Fleet>(on_progress),
                (false, true, true) => self.classical_blocks::<classical::TimedFleet>(on_progress),
                (true, false, false) => self.classical_blocks::<classical::CapacityWithBackhauls>(on_progress),
                (true, true, false) => self.classical_blocks::<classical::FleetWithBackhauls>(on_progress),
                (true, _, true) => self.classical_blocks::<classical::TimedFleetWithBackhauls>(on_progress),
            },
            _ => self.walks(on_progress, f64::INFINITY, watches),
        }
    }

    /// Whether the walks of several threads share one population. What a walk finds then depends on how far the others are, so this is not
    /// done under a limit of iterations.
    pub(super) fn shares_population(&self) -> bool {
        let Self { data, params, .. } = *self;
        let class = self.class();
        let expected = Termination::new(self.shared, 1, None).expected_iterations(class.nominal_speed());
        // One vehicle type, and windows: whether several numbers of vehicles are tried instead depends on the first solution.
        let may_try_fleets = class == Class::Classical && data.timed;
        (2..=self.cores).contains(&self.threads)
            && params.stop.max_iterations.is_none()
            && !may_try_fleets
            && walk::may_recombine(class, data, params, expected)
    }

    /// Whether a classical problem has vehicles that differ, or are limited in duration.
    fn has_fleet(&self) -> bool {
        self.data.classical == Some(FleetMix::Heterogeneous)
    }

    fn classical_blocks<C: classical::Class>(
        &self,
        on_progress: &mut dyn FnMut(&Progress),
    ) -> (Vec<(usize, Outcome)>, usize) {
        self.blocks(on_progress, &|random| ClassicalSearch::<C>::new(self.data, random), &|random| {
            self.classical_search::<C>(random)
        })
    }

    /// Blocks of one solution: of the first one, or, where a walk has several starts, of the best one that they lead to.
    fn blocks<S: Divisible + Send>(
        &self,
        on_progress: &mut dyn FnMut(&Progress),
        empty: &impl Fn(&mut Random) -> S,
        first: &impl Fn(&mut Random) -> S,
    ) -> (Vec<(usize, Outcome)>, usize) {
        let mut random = self.random(0);
        let class = self.class();
        let mut search = first(&mut random);
        let count = self.most_blocks(search.best().used);
        if count < 2 {
            return self.walks(on_progress, f64::INFINITY, false);
        }
        let expected = |walks: usize, searches: usize| {
            Termination::new(self.shared, walks, None).expected_iterations(class.nominal_speed() * searches as f64)
        };
        let together = expected(1, count);
        let mut annealing = Annealing::new(&search, class, self.data, self.params, expected(self.num_walks(), 1));
        let (mut before, mut limit, mut from) = (0, search.limit(), None);
        if let Some(starts) = &annealing.starts {
            from = Some(starts.before_last());
            let (outcomes, threads) = self.walks(on_progress, starts.before_last(), false);
            before = outcomes.iter().map(|(_, outcome)| outcome.iterations).sum();
            let Some((_, best)) = outcomes.into_iter().min_by(|a, b| (&a.1.value, a.0).cmp(&(&b.1.value, b.0))) else {
                return (Vec::new(), threads);
            };
            limit = best.limit;
            search.enter(&Block::whole(self.data, best.routes, limit));
        } else {
            annealing = Annealing::new(&search, class, self.data, self.params, together);
        }
        let per_cut = blocks::iterations_between_cuts(self.data, together, count);
        let mut searches = vec![search];
        searches.extend((1..count).map(|_| empty(&mut random)));
        let mut termination = Termination::new(self.shared, 1, Some(on_progress));
        termination.go_on_from(before);
        let threads = self.threads.min(count);
        let shared = blocks::Shared { annealing, from, limit, per_cut };
        let outcome = blocks::run(searches, self.data, self.params.seed, threads, &shared, &mut termination);
        (vec![(0, outcome)], threads)
    }

    fn most_blocks(&self, routes: usize) -> usize {
        blocks::most_blocks(self.data, self.params, self.threads, routes)
    }

    /// How many walks share the budget of iterations. How far a search of so many iterations gets must not depend on threads.
    fn num_walks(&self) -> usize {
        let stop = &self.params.stop;
        if stop.max_runtime.is_none() && stop.max_iterations.is_some() { 1 } else { self.threads }
    }

    /// Walks, each up to a part of the budget.
    fn walks(
        &self,
        on_progress: &mut dyn FnMut(&Progress),
        until: f64,
        watches: bool,
    ) -> (Vec<(usize, Outcome)>, usize) {
        let walks = self.num_walks();
        let outcomes: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::new());
        let next_walk = AtomicUsize::new(0);
        let work = |mut termination: Termination<'_>| {
            let index = next_walk.fetch_add(1, Ordering::Relaxed);
            let outcome = self.walk(index, until, watches, &mut termination);
            if let Ok(mut outcomes) = outcomes.lock() {
                outcomes.push((index, outcome));
            }
        };
        let threads = std::thread::scope(|scope| {
            // Where the system gives no more threads, it would refuse the next one, too.
            let spawned = (1..walks).take_while(|_| {
                let work = || work(Termination::new(self.shared, walks, None));
                std::thread::Builder::new().spawn_scoped(scope, work).is_ok()
            });
            let threads = 1 + spawned.count();
            work(Termination::new(self.shared, walks, Some(on_progress)));
            threads
        });
        (outcomes.into_inner().unwrap_or_default(), threads)
    }

    fn walk(&self, index: usize, until: f64, watches: bool, termination: &mut Termination<'_>) -> Outcome {
        let Self { data, params, .. } = *self;
        let mut random = self.random(index);
        let class = self.class();
        let watched = watches.then(Met::new);
        let start = Start { class, data, params, until, watched };
        if let Some((layout, goals)) = self.general {
            let search = self.general_search(layout, goals, &mut random);
            walk::run(search, start, &mut random, termination)
        } else {
            let random = &mut random;
            match (data.has_order, self.has_fleet(), data.timed) {
                (false, false, false) => self.walk_without_windows(start, random, termination),
                (false, false, true) => self.classical_walk::<classical::Windows>(start, random, termination),
                (false, true, false) => self.classical_walk::<classical::Fleet>(start, random, termination),
                (false, true, true) => self.classical_walk::<classical::TimedFleet>(start, random, termination),
                (true, false, false) => {
                    self.classical_walk::<classical::CapacityWithBackhauls>(start, random, termination)
                }
                (true, true, false) => self.classical_walk::<classical::FleetWithBackhauls>(start, random, termination),
                (true, _, true) => {
                    self.classical_walk::<classical::TimedFleetWithBackhauls>(start, random, termination)
                }
            }
        }
    }

    fn classical_walk<C: classical::Class>(
        &self,
        start: Start<'_>,
        random: &mut Random,
        termination: &mut Termination<'_>,
    ) -> Outcome {
        let search = self.classical_search::<C>(random);
        walk::run(search, start, random, termination)
    }

    /// A walk with one vehicle type and capacity: the problem may be a tour.
    fn walk_without_windows(
        &self,
        start: Start<'_>,
        random: &mut Random,
        termination: &mut Termination<'_>,
    ) -> Outcome {
        let data = self.data;
        let mut search = self.classical_search::<classical::Capacity>(random);
        let tour = is_tour(data).then(|| TourSearch::new(data, &search.best_routes(), self.interrupt)).flatten();
        match tour {
            Some(tour) => walk::run(tour, Start { class: Class::Tour, ..start }, random, termination),
            None => walk::run(search, start, random, termination),
        }
    }

    fn class(&self) -> Class {
        match self.general {
            Some((layout, _)) if layout.is_lean => Class::Stops,
            Some(_) => Class::Halts,
            None if self.has_fleet() => Class::Fleet,
            None => Class::Classical,
        }
    }

    fn random(&self, index: usize) -> Random {
        // Streams of neighbouring walks must not be related: SplitMix's increment spreads the seeds.
        Random::new(self.params.seed.wrapping_add((index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A search with its first solution.
    fn general_search(
        &self,
        layout: &'a Layout<'a>,
        goals: &'a GeneralGoals,
        random: &mut Random,
    ) -> GeneralSearch<'a> {
        let mut search = GeneralSearch::new(layout, goals, random).until(self.interrupt);
        if let Some(initial) = &self.params.initial {
            search.load(initial.route_stops());
        }
        search.construct(random);
        search
    }

    /// A search with its first solution.
    fn classical_search<C: classical::Class>(&self, random: &mut Random) -> ClassicalSearch<'a, C> {
        let mut search = ClassicalSearch::<C>::new(self.data, random).until(self.interrupt);
        if self.shares_population() {
            search = search.share(Arc::clone(&self.population));
        }
        if let Some(initial) = &self.params.initial {
            search.load(initial.route_stops());
        }
        search.construct(random);
        search
    }
}
