//! Stops that make room for others.

use super::*;
use crate::search::classical::recreate::Recreate;

/// Clients that are near each other and far from the depot, so that a further route costs much.
fn far_problem<C: Class>(random: &mut Random) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for i in 0..14 {
        let at = Coord::new(number(random, 400, 500) as f64, number(random, 400, 500) as f64);
        let load = [number(random, 1, 6)];
        let client = Client::at(at);
        let mut client = if C::ORDERED && i % 4 == 3 { client.pickup(load) } else { client.delivery(load) };
        if C::TIMED {
            client = client.time_window(500, number(random, 900, 2_000));
        }
        b.add_client(client);
    }
    if C::ORDERED {
        b.backhauls(model::Backhauls::AfterLinehauls);
    }
    b.add_vehicle_type(VehicleType::new(8).capacity([10]).depot(yard));
    b.build().expect("a valid problem")
}

fn ejects<C: Class>() {
    let mut made = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let problem = far_problem::<C>(&mut random);
        let data = Data::new(&problem);
        assert!(data.classical.is_some() && data.timed == C::TIMED);
        let mut routes: Routes<'_, C> = Routes::new(&data);
        let mut recreate = Recreate::new(0.0, &mut random);
        let mut stops: Vec<usize> = (0..routes.num_stops()).collect();
        stops.sort_by_key(|&u| routes.is_backhaul(u));
        for u in stops {
            routes.begin();
            let served = routes.served();
            recreate.run_at_any_price(&mut routes, &mut random, &[u as u32]);
            agrees_with_the_plan(&routes);
            let mut sizes: Vec<i32> = vec![data.demand[u]];
            sizes.extend(recreate.ejected().iter().map(|&v| data.demand[v as usize]));
            assert!(sizes.is_sorted_by(|a, b| a > b), "each is smaller than the one before: {sizes:?}");
            assert!(routes.nodes[u].route != NONE && routes.served() == served + 1, "all have found a place");
            made += sizes.len() - 1;
            routes.commit();
        }
    }
    assert!(made > 10, "{made}");
}

#[test]
fn smaller_stops_make_room() {
    ejects::<Capacity>();
    ejects::<Windows>();
    ejects::<CapacityWithBackhauls>();
}
