//! Travel times that change: closed and slow streets, hours of the week.

use std::sync::Arc;

use geo::LineString;

use crate::cancel::CancelToken;
use crate::geometry::{Area, Coord};
use crate::travel::road::RoadError;
use crate::travel::road::graph::CLOSED;
use crate::travel::road::hierarchy::Weights;
use crate::travel::road::label::{LONGEST, least_time};
use crate::travel::road::network::Network;
use crate::travel::road::position::Position;
use crate::travel::road::profile::{Day, minutes};
use crate::travel::{SpeedCurve, SpeedStep};
use crate::units::Time;

/// From this share of changed states on, all weights are computed again, which is then faster.
const MANY: usize = 20;

/// What is not as usual on some streets: see [`Network::change`].
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which streets.
    pub place: ChangePlace,
    /// What holds on them.
    pub effect: Effect,
}

/// Which streets a [`Change`] concerns, in both directions.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ChangePlace {
    /// Those of a way, by the map's number of it.
    Way(i64),
    /// The one that is nearest to a point, longitude and latitude, between two junctions.
    At(Coord),
    /// Those of a class: `primary`.
    Class(String),
    /// Those that lie at least partly in an area of longitudes and latitudes.
    Area(Area),
    /// All.
    Everywhere,
}

/// What holds on changed streets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// They are closed. A path may still begin on one, also lead along it to a point on the same street, but none enters it.
    Closed,
    /// Their speed is so many percent of the usual one: 1 to 300.
    Percent(u32),
}

impl Network {
    /// The network with changes, the later ones above the earlier, to its usual travel times, not on top of earlier changes.
    /// Nothing is prepared again; few changes take milliseconds. Spots stay valid.
    pub fn change(&self, changes: &[Change]) -> Result<Self, RoadError> {
        self.change_with(changes, &CancelToken::new())
    }

    /// The same; can be cancelled, within some milliseconds.
    pub fn change_with(&self, changes: &[Change], cancel: &CancelToken) -> Result<Self, RoadError> {
        let mut times = self.base.graph.time.to_vec();
        for change in changes {
            if cancel.is_cancelled() {
                return Err(RoadError::Cancelled);
            }
            if let Effect::Percent(percent) = change.effect
                && !(1..=300).contains(&percent)
            {
                let remedy = "write a percentage from 1 to 300; close the street instead of writing 0";
                return Err(RoadError::Argument { what: "percent".to_owned(), value: percent.to_string(), remedy });
            }
            for segment in self.segments_at(&change.place)? {
                for street in [2 * segment, 2 * segment + 1] {
                    for state in self.base.graph.states(street) {
                        times[state as usize] = match change.effect {
                            Effect::Closed => CLOSED,
                            Effect::Percent(percent) => self.slowed(state, percent),
                        };
                    }
                }
            }
        }
        self.with_times(times, cancel)
    }

    /// The network at an hour of the week, by the [`traffic`](crate::travel::road::RoadProfile::traffic) of its profile:
    /// `minute` is counted from midnight.
    pub fn at_hour(&self, day: Day, minute: u32) -> Self {
        // Nobody cancels it: there is always an answer.
        self.at_hour_with(day, minute, &CancelToken::new()).unwrap_or_else(|_| self.clone())
    }

    /// The same; can be cancelled, within some milliseconds.
    pub fn at_hour_with(&self, day: Day, minute: u32, cancel: &CancelToken) -> Result<Self, RoadError> {
        let Some(rule) = self.base.profile.traffic.iter().find(|rule| rule.holds(day, minute)) else {
            return self.with_times(self.base.graph.time.to_vec(), cancel);
        };
        let percents: Vec<u32> = self.base.classes.iter().map(|class| rule.percent_of(class)).collect();
        let time = |state: u32| {
            let segment = self.base.graph.street[state as usize] / 2;
            self.slowed(state, percents[self.base.geometry.class[segment as usize] as usize])
        };
        self.with_times((0..self.base.graph.num_states() as u32).map(time).collect(), cancel)
    }

    /// The minutes after midnight at which the traffic of a day changes, the first one 0.
    pub fn traffic_steps(&self, day: Day) -> Vec<u32> {
        let rules = self.base.profile.traffic.iter().filter(|rule| rule.days.contains(&day));
        let mut steps: Vec<u32> = rules.flat_map(|rule| [minutes(&rule.from), minutes(&rule.to)]).flatten().collect();
        steps.push(0);
        steps.retain(|&minute| minute < 24 * 60);
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// How fast the streets are over a day, as one curve for the solver: in each step, the percentage by which the travel
    /// times between `spots` sum up to those of the quiet network. `midnight` is the time of the problem at which the day
    /// begins. Pairs that no path joins do not count.
    ///
    /// Curves are first-in, first-out. They hold for a whole travel profile: streets that a peak slows more than others
    /// are slower than they should be in some arcs, and faster in others.
    pub fn speed_curve(
        &self,
        day: Day,
        spots: &[crate::travel::road::Spot],
        midnight: Time,
    ) -> Result<SpeedCurve, RoadError> {
        self.speed_curve_with(day, spots, midnight, &CancelToken::new())
    }

    /// The same; can be cancelled, within some milliseconds.
    pub fn speed_curve_with(
        &self,
        day: Day,
        spots: &[crate::travel::road::Spot],
        midnight: Time,
        cancel: &CancelToken,
    ) -> Result<SpeedCurve, RoadError> {
        let table = |network: Self| network.table_with(spots, spots, cancel, &|_| {});
        let quiet = table(self.with_times(self.base.graph.time.to_vec(), cancel)?)?;
        let total = |table: &crate::travel::road::RoadTable| -> u64 {
            let (rows, columns) = table.shape();
            let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
            cells.filter_map(|(row, column)| table.exact(row, column)).map(|exact| exact.0).sum()
        };
        let usual = total(&quiet).max(1);
        let mut curve = SpeedCurve::default();
        for minute in self.traffic_steps(day) {
            let now = total(&table(self.at_hour_with(day, minute, cancel)?)?).max(1);
            let percent = ((usual as f64 / now as f64 * 100.0).round() as u32).max(1);
            if curve.steps.last().is_none_or(|step| step.percent != percent) {
                curve.steps.push(SpeedStep { from: midnight.saturating_add(i64::from(minute) * 60), percent });
            }
        }
        Ok(curve)
    }

    /// The time of a state at a percentage of its usual speed.
    fn slowed(&self, state: u32, percent: u32) -> u32 {
        let (usual, length) = (self.base.graph.time[state as usize], self.base.graph.length[state as usize]);
        let time = (u64::from(usual) * 100).div_ceil(u64::from(percent.max(1)));
        (time.min(u64::from(LONGEST)) as u32).max(least_time(length))
    }

    /// The network at other times of its states.
    fn with_times(&self, times: Vec<u32>, cancel: &CancelToken) -> Result<Self, RoadError> {
        let (graph, hierarchy) = (&self.base.graph, &self.base.hierarchy);
        let before = self.weights.times.iter().zip(&times).enumerate();
        let changes: Vec<(u32, u32)> =
            before.filter(|(_, (old, new))| old != new).map(|(state, (_, &new))| (state as u32, new)).collect();
        let all = |times| Weights::new(hierarchy, graph, times, cancel).ok_or(RoadError::Cancelled);
        let weights = if changes.is_empty() {
            Arc::clone(&self.weights)
        } else if changes.len() * MANY > times.len() {
            Arc::new(all(times)?)
        } else {
            let few = (*self.weights).clone().changed(hierarchy, graph, &changes, cancel);
            Arc::new(few.map_or_else(|| all(times), Ok)?)
        };
        Ok(Self { base: Arc::clone(&self.base), weights })
    }

    /// The segments of a place. A way or class that the network does not have is an error.
    fn segments_at(&self, place: &ChangePlace) -> Result<Vec<u32>, RoadError> {
        let geometry = &self.base.geometry;
        let all = 0..geometry.num_segments() as u32;
        let found: Vec<u32> = match place {
            ChangePlace::Way(way) => all.filter(|&segment| geometry.way[segment as usize] == *way).collect(),
            ChangePlace::Class(name) => {
                let class = self.base.classes.iter().position(|class| class == name);
                all.filter(|&segment| Some(geometry.class[segment as usize] as usize) == class).collect()
            }
            ChangePlace::At(at) => {
                // A point far from every street is an error of its own.
                let spots = self.snap(&[*at], &crate::travel::road::Snap::default())?;
                vec![spots[0].places[0].segment]
            }
            ChangePlace::Area(area) => {
                if let Some(fault) = area.faults().into_iter().next() {
                    let remedy = "give the corners of a polygon that does not cross itself";
                    return Err(RoadError::Argument { what: "area".to_owned(), value: fault, remedy });
                }
                let area = area.shape();
                let inside = |segment: &u32| {
                    let line: LineString = geometry.line(*segment).map(Position::point).collect();
                    area.is_touched(&line)
                };
                // Nothing in the area is no mistake.
                return Ok(all.filter(inside).collect());
            }
            ChangePlace::Everywhere => return Ok(all.collect()),
        };
        if found.is_empty() {
            let remedy = "the network has no street of it; see the report of what its profile does not use";
            let what = if matches!(place, ChangePlace::Way(_)) { "way" } else { "class" };
            let value = match place {
                ChangePlace::Class(class) => class.clone(),
                ChangePlace::Way(way) => way.to_string(),
                _ => String::new(),
            };
            return Err(RoadError::Argument { what: what.to_owned(), value, remedy });
        }
        Ok(found)
    }
}
