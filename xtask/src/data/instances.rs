//! Two small instances in VRPLIB's format.

use std::fmt::Write as _;

use super::random::Random;

/// Forty farms around a village, with a quantity of milk each: a capacitated problem.
pub(super) fn village() -> String {
    let mut random = Random::new(40);
    let mut text = "NAME : village\nCOMMENT : forty made-up farms\nTYPE : CVRP\nDIMENSION : 41\n\
                    EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 100\nNODE_COORD_SECTION\n1 50 50\n"
        .to_owned();
    let mut demand = "DEMAND_SECTION\n1 0\n".to_owned();
    // Writing to a string cannot fail.
    for farm in 2..=41 {
        let _ = writeln!(text, "{farm} {} {}", random.between(0, 100), random.between(0, 100));
        let _ = writeln!(demand, "{farm} {}", random.between(5, 30));
    }
    text + &demand + "DEPOT_SECTION\n1\n-1\nEOF\n"
}

/// Fifty parcels with time windows.
pub(super) fn parcels() -> String {
    const HORIZON: i64 = 600;
    let mut random = Random::new(50);
    let mut text = "NAME : parcels\nCOMMENT : fifty made-up parcels\nTYPE : VRPTW\nDIMENSION : 51\n\
                    EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 120\nVEHICLES : 15\nSERVICE_TIME : 8\n\
                    NODE_COORD_SECTION\n1 50 50\n"
        .to_owned();
    let mut demand = "DEMAND_SECTION\n1 0\n".to_owned();
    let mut windows = format!("TIME_WINDOW_SECTION\n1 0 {HORIZON}\n");
    for parcel in 2..=51 {
        let (x, y) = (random.between(0, 100), random.between(0, 100));
        // The way from the depot and back is at most 71 long.
        let early = random.between(0, HORIZON - 200);
        let _ = writeln!(text, "{parcel} {x} {y}");
        let _ = writeln!(demand, "{parcel} {}", random.between(2, 25));
        let _ = writeln!(windows, "{parcel} {early} {}", early + random.between(75, 120));
    }
    text + &demand + &windows + "DEPOT_SECTION\n1\n-1\nEOF\n"
}
