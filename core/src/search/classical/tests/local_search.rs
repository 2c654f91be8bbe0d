//! Moves around the stops that an iteration has changed.

use super::*;
use crate::search::classical::local_search::LocalSearch;

fn ends<C: Class>() {
    let mut better = 0;
    each::<C>(20, |routes, _| {
        let mut local_search = LocalSearch::new(routes.num_stops());
        let all: Vec<u32> = (0..routes.num_stops() as u32).collect();
        let first = routes.cost;
        let ended = (0..20).any(|_| {
            let (old, before) = (sequences(routes), routes.cost);
            local_search.change_vehicles(routes);
            local_search.exchange_vehicles(routes);
            local_search.run(routes, &all);
            local_search.intensify(routes, &all);
            agrees_with_the_plan(routes);
            assert!(routes.cost < before || sequences(routes) == old, "a change is for the better");
            routes.cost == before
        });
        assert!(ended);
        better += usize::from(routes.cost < first);
    });
    assert!(better > 15, "{better}");
}

#[test]
fn they_end_where_none_is_better() {
    ends::<Capacity>();
    ends::<Windows>();
    ends::<Fleet>();
    ends::<TimedFleet>();
    ends::<CapacityWithBackhauls>();
    ends::<FleetWithBackhauls>();
    ends::<TimedFleetWithBackhauls>();
}
