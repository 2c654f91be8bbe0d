//! First solutions.

use super::*;
use crate::search::classical::construct::construct;
use crate::search::classical::recreate::Recreate;
use crate::search::interrupt::{Interrupt, NEVER};

fn constructs<C: Class>(interrupt: Interrupt<'_>) -> Cost {
    let mut sum = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let problem = problem::<C>(&mut random);
        let data = Data::new(&problem);
        let mut routes: Routes<'_, C> = Routes::new(&data);
        let mut recreate = Recreate::new(0.0, &mut random);
        construct(&mut routes, &mut recreate, &mut random, interrupt);
        agrees_with_the_plan(&routes);
        // Behind the linehauls of a single route, there may be no room for all backhauls.
        let is_tight = C::ORDERED && data.pickup.iter().sum::<i64>() > 12;
        assert!(C::TIMED || C::FLEET || is_tight || routes.missing == 0, "{seed}: there are vehicles enough");
        sum += routes.cost;
    }
    sum
}

#[test]
fn all_required_clients_are_served() {
    constructs::<Capacity>(NEVER);
    constructs::<Windows>(NEVER);
    constructs::<Fleet>(NEVER);
    constructs::<TimedFleet>(NEVER);
    constructs::<CapacityWithBackhauls>(NEVER);
    constructs::<FleetWithBackhauls>(NEVER);
    constructs::<TimedFleetWithBackhauls>(NEVER);
}

#[test]
fn one_that_is_interrupted_is_sound_and_worse() {
    assert!(constructs::<Capacity>(&|| true) > constructs::<Capacity>(NEVER));
    assert!(constructs::<Windows>(&|| true) > constructs::<Windows>(NEVER));
    // Where vehicles are few, what is left for them decides.
    constructs::<Fleet>(&|| true);
    constructs::<TimedFleet>(&|| true);
    constructs::<CapacityWithBackhauls>(&|| true);
    constructs::<FleetWithBackhauls>(&|| true);
    constructs::<TimedFleetWithBackhauls>(&|| true);
}
