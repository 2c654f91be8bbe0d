//! Sources that need no network.

use super::*;
use crate::travel::{Matrix, Travel, UNREACHABLE};

fn corners() -> Vec<SourcePoint> {
    vec![
        SourcePoint::new(0.0, 0.0).named("yard"),
        SourcePoint::new(0.01, 0.0),
        SourcePoint::new(0.01, 0.01).named("bin 2").approach(Approach::Curb),
    ]
}

/// Distances of which the last point can be left, but not reached.
fn table() -> TravelTable {
    let distance = Matrix::new(3, vec![0, 10, UNREACHABLE, 20, 0, UNREACHABLE, 30, 40, 0]).unwrap();
    let duration = Matrix::new(3, vec![0, 1, UNREACHABLE, 2, 0, UNREACHABLE, 3, 4, 0]).unwrap();
    TravelTable { distance, duration }
}

fn given() -> GivenTable {
    GivenTable::new("by hand", corners().iter().map(|point| point.coord).collect(), table()).unwrap()
}

#[test]
fn an_estimate_says_so_and_its_legs_are_its_cells() {
    let source: Box<dyn TravelSource> = Box::new(Estimate::new(5.0, 1.2).unwrap());
    let cancel = CancelToken::new();
    let points = corners();
    let table = source.table(&points, SourceRun::new(&cancel)).unwrap();
    // A hundredth of a degree of the equator is 1,111.95 m.
    assert_eq!((table.distance.get(0, 1), table.duration.get(1, 0)), (1_334, 267));
    assert_eq!(table.distance.get(2, 2), 0);
    let legs = source.legs(&points, SourceRun::new(&cancel)).unwrap();
    for (i, leg) in legs.iter().enumerate() {
        assert_eq!((leg.distance, leg.duration), (table.distance.get(i, i + 1), table.duration.get(i, i + 1)));
        assert_eq!(leg.geometry, [points[i].coord, points[i + 1].coord]);
    }
    assert_eq!(legs.len(), 2);
    assert!(source.is_estimate() && source.describe().contains("estimate"));
}

#[test]
fn parameters_of_an_estimate_are_checked() {
    let error = Estimate::new(f64::NAN, 1.3).unwrap_err().to_string();
    assert_eq!(error, "the speed is NaN: it must be a number from 0.1 to 100");
    assert!(Estimate::new(8.0, 0.9).is_err() && Estimate::new(0.0, 1.3).is_err());
}

#[test]
fn a_given_table_answers_any_part_of_it() {
    let (cancel, source) = (CancelToken::new(), given());
    let points: Vec<SourcePoint> = corners().into_iter().rev().collect();
    let request = TableRequest { points: &points, origins: &[0, 2], destinations: &[1], run: SourceRun::new(&cancel) };
    let block = source.block(&request).unwrap();
    assert_eq!((block.rows(), block.columns()), (2, 1));
    assert_eq!((block.get(0, 0), block.get(1, 0)), (Some((40, 4)), Some((10, 1))));
    assert_eq!(source.table(&corners(), SourceRun::new(&cancel)).unwrap(), table());
}

#[test]
fn points_without_an_array_are_named_all_at_once() {
    let cancel = CancelToken::new();
    let mut points = corners();
    points.push(SourcePoint::new(1.0, 2.0).named("new bin"));
    points.push(SourcePoint::new(3.0, 2.0));
    let error = given().table(&points, SourceRun::new(&cancel)).unwrap_err().to_string();
    assert_eq!(
        error,
        "given table: 2 faults:\n  point 3 (`new bin`): longitude 1, latitude 2: the given arrays have no such point; \
         give arrays that include it\n  point 4: longitude 3, latitude 2: the given arrays have no such point; give arrays \
         that include it"
    );
}

#[test]
fn a_leg_without_a_path_names_both_points() {
    let cancel = CancelToken::new();
    let error = given().legs(&corners(), SourceRun::new(&cancel)).unwrap_err().to_string();
    assert_eq!(
        error,
        "given table: no path between 1 fault:\n  from point 1 to point 2 (`bin 2`): check both coordinates and the \
         profile's limits"
    );
}

#[test]
fn what_is_not_a_longitude_and_a_latitude_is_refused_only_where_it_is_used() {
    let cancel = CancelToken::new();
    let mut points = corners();
    points.push(SourcePoint::new(f64::NAN, 0.0));
    points.push(SourcePoint::new(-29.9, -171.2).named("exchanged"));
    let source = Estimate::new(5.0, 1.2).unwrap();
    let run = SourceRun::new(&cancel);
    let SourceError::Points { faults, omitted: 0, .. } = source.table(&points, run).unwrap_err() else { panic!() };
    assert_eq!(faults.iter().map(|fault| fault.index).collect::<Vec<_>>(), [3, 4]);
    assert!(faults[1].to_string().contains("`exchanged`") && faults[1].to_string().contains("exchanged?"));
    let request = TableRequest { points: &points, origins: &[0], destinations: &[1, 2], run };
    assert!(source.block(&request).is_ok());
    let beyond = TableRequest { points: &points, origins: &[0, 9], destinations: &[1], run };
    let error = source.block(&beyond).unwrap_err().to_string();
    assert!(error.contains("point 9: there is no such point: the request has 5"), "{error}");
}

#[test]
fn a_cancelled_request_ends() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let source = Estimate::new(5.0, 1.2).unwrap();
    for outcome in [
        source.table(&corners(), SourceRun::new(&cancel)).map(drop),
        source.legs(&corners(), SourceRun::new(&cancel)).map(drop),
        given().table(&corners(), SourceRun::new(&cancel)).map(drop),
    ] {
        assert!(matches!(outcome, Err(SourceError::Cancelled { .. })), "{outcome:?}");
    }
}

#[test]
fn unreachable_pairs_and_isolated_points_are_found() {
    let table = table();
    assert_eq!(table.unreachable().collect::<Vec<_>>(), [(0, 2), (1, 2)]);
    assert_eq!(table.isolated(), [2]);
    let error = table.check_connected("hand", &corners()).unwrap_err().to_string();
    assert!(error.starts_with("hand: 1 fault:\n  point 2 (`bin 2`): no other point can be reached"), "{error}");
    assert!(matches!(SourceError::of_pairs("hand", &corners(), table.unreachable()), Err(SourceError::NoPath { .. })));
}

#[test]
fn cells_are_rounded_and_checked() {
    let mut block = TravelBlock::new(1, 2);
    assert_eq!(block.get(0, 1), None);
    block.set(0, 1, Some((10.5, 0.49))).unwrap();
    assert_eq!(block.get(0, 1), Some((11, 0)));
    for wrong in [-1.0, f64::NAN, f64::INFINITY, UNREACHABLE as f64] {
        assert!(block.set(0, 1, Some((1.0, wrong))).is_err(), "{wrong}");
        assert!(block.set(0, 1, Some((wrong, 1.0))).is_err(), "{wrong}");
    }
    assert_eq!(block.get(0, 1), Some((11, 0)));
    assert!(block.clone().into_table().is_err());
    let mut large = TravelBlock::new(3, 3);
    large.paste(2, 1, &block);
    assert_eq!((large.get(2, 2), large.get(2, 1), large.get(1, 2)), (Some((11, 0)), None, None));
}

#[test]
fn tables_of_several_profiles_become_travel() {
    let small = TravelTable { distance: Matrix::new(1, vec![0]).unwrap(), duration: Matrix::new(1, vec![0]).unwrap() };
    assert_eq!(Travel::from_tables([table(), table()]).unwrap().num_profiles(), 2);
    let error = Travel::from_tables([table(), small]).unwrap_err();
    assert_eq!(error.sizes, [3, 1]);
}
