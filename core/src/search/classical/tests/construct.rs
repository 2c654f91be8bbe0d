//! First solutions.

use super::*;
use crate::search::classical::construct::construct;
use crate::search::classical::recreate::Recreate;
use crate::search::interrupt::{Interrupt, NEVER};

fn constructs<const TIMED: bool>(interrupt: Interrupt<'_>) -> Cost {
    let mut sum = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let problem = problem::<TIMED>(&mut random);
        let data = Data::new(&problem);
        let mut routes: Routes<'_, TIMED> = Routes::new(&data);
        let mut recreate = Recreate::new(0.0, &mut random);
        construct(&mut routes, &mut recreate, &mut random, interrupt);
        agrees_with_the_plan(&routes);
        assert!(TIMED || routes.missing == 0, "{seed}: there are vehicles enough");
        sum += routes.cost;
    }
    sum
}

#[test]
fn all_required_clients_are_served() {
    constructs::<false>(NEVER);
    constructs::<true>(NEVER);
}

#[test]
fn one_that_is_interrupted_is_sound_and_worse() {
    assert!(constructs::<false>(&|| true) > constructs::<false>(NEVER));
    assert!(constructs::<true>(&|| true) > constructs::<true>(NEVER));
}
