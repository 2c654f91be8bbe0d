//! Pieces of routes that join in constant time: whatever a constraint needs to know of a piece is a segment, and two
//! segments make one (Vidal et al. 2014, doi:10.1016/j.ejor.2013.09.045).

mod load;
mod time;

pub(crate) use load::LoadSegment;
pub(crate) use time::TimeSegment;
