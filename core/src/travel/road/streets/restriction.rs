//! Turn restrictions: from ways and nodes of the map to chains of segments.

use std::collections::HashMap;
use std::ops::Range;

use crate::travel::road::streets::{Segment, Tally, Way};

/// Which turns a [`Restriction`] forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestrictionKind {
    /// The whole chain must not be driven.
    No,
    /// A vehicle on the last street but one of the chain that came along it must take the last one. Through several
    /// streets, one that drives onto the second must follow the chain to its end.
    Only,
}

/// A turn restriction: a chain of segments, each followed along its geometry or against it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restriction {
    /// The map's number of it.
    pub id: i64,
    /// What it forbids.
    pub kind: RestrictionKind,
    /// The chain, at least two segments: index, and whether it is followed along its geometry.
    pub chain: Vec<(u32, bool)>,
    /// The only mode it holds for (`hgv`); empty: all vehicles.
    pub only_for: String,
    /// Modes it does not hold for.
    pub except: Vec<String>,
}

/// What a restriction leads through.
#[derive(Clone, Debug)]
pub(in crate::travel::road) enum Via {
    /// A node.
    Node(i64),
    /// Ways, in their order.
    Ways(Vec<i64>),
}

/// A restriction as the map has it.
#[derive(Clone, Debug)]
pub(in crate::travel::road) struct RawRestriction {
    pub(in crate::travel::road) id: i64,
    pub(in crate::travel::road) from: Vec<i64>,
    pub(in crate::travel::road) via: Via,
    pub(in crate::travel::road) to: Vec<i64>,
    pub(in crate::travel::road) kind: RestrictionKind,
    pub(in crate::travel::road) only_for: String,
    pub(in crate::travel::road) except: Vec<String>,
}

impl RawRestriction {
    /// A restriction from the tags and members of a relation: `(is a way, id, role)`. `None` where it is none, or none
    /// that can be applied, which is counted.
    pub(in crate::travel::road) fn read<'t>(
        id: i64,
        tags: &[(&'t str, &'t str)],
        members: &[(bool, i64, &'t str)],
        ignored: &mut Tally,
    ) -> Option<Self> {
        let tag = |key: &str| tags.iter().find(|tag| tag.0 == key).map(|tag| tag.1);
        if !tag("type").is_some_and(|kind| kind == "restriction" || kind.starts_with("restriction:")) {
            return None;
        }
        if tags.iter().any(|tag| tag.0.starts_with("restriction") && tag.0.ends_with(":conditional")) {
            ignored.add("restriction:conditional: rules by the hour are not applied", id);
        }
        if tag("day_on").is_some() || tag("hour_on").is_some() {
            ignored.add("restriction with hours: rules by the hour are not applied", id);
            return None;
        }
        let stated = tags.iter().find(|tag| tag.0 == "restriction").map(|tag| (tag.1, String::new())).or_else(|| {
            let named = |key: &str| {
                key.strip_prefix("restriction:").filter(|mode| !mode.contains("conditional")).map(str::to_owned)
            };
            tags.iter().find_map(|tag| named(tag.0).map(|mode| (tag.1, mode)))
        });
        let (value, only_for) = stated?;
        let kind = if value.starts_with("no_") {
            RestrictionKind::No
        } else if value.starts_with("only_") {
            RestrictionKind::Only
        } else {
            ignored.add(&format!("restriction={value}, which is not known"), id);
            return None;
        };
        let ways = |role: &str| members.iter().filter(|m| m.0 && m.2 == role).map(|m| m.1).collect::<Vec<i64>>();
        let (from, to, vias) = (ways("from"), ways("to"), ways("via"));
        let node = members.iter().find(|member| !member.0 && member.2 == "via").map(|member| member.1);
        let via = match node {
            Some(node) if vias.is_empty() => Via::Node(node),
            None if !vias.is_empty() => Via::Ways(vias),
            _ => {
                ignored.add("restriction without a clear via", id);
                return None;
            }
        };
        let several = from.len() > 1 || to.len() > 1;
        if from.is_empty() || to.is_empty() || (several && kind == RestrictionKind::Only) {
            ignored.add("restriction without a clear from and to", id);
            return None;
        }
        let except = tag("except").unwrap_or_default().split(';').map(|mode| mode.trim().to_owned()).collect();
        Some(Self { id, from, via, to, kind, only_for, except })
    }
}

/// Resolves restrictions to chains of segments.
pub(super) struct Resolver<'m> {
    pub(super) segments: &'m [Segment],
    pub(super) ways: &'m [Way],
    /// The segments of each way, by the map's number of the way, in its order.
    pub(super) of_way: HashMap<i64, Range<usize>>,
    /// The index of the junction at a node.
    pub(super) junction: HashMap<i64, u32>,
}

impl Resolver<'_> {
    /// The chains of a restriction; what cannot be resolved is counted.
    pub(super) fn resolve(&self, raw: &RawRestriction, found: &mut Vec<Restriction>, ignored: &mut Tally) {
        for &from in &raw.from {
            for &to in &raw.to {
                let chains = match &raw.via {
                    Via::Node(node) => self.through_node(from, *node, to),
                    Via::Ways(ways) => self.through_ways(from, ways, to),
                };
                let turns_back = |chain: &[(u32, bool)]| chain.len() == 2 && chain[0].0 == chain[1].0;
                match chains.len() {
                    0 => ignored.add("restriction whose parts are not in the map or do not meet", raw.id),
                    1 => {}
                    _ if chains.iter().all(|chain| turns_back(chain)) => {}
                    _ => {
                        ignored.add("restriction that is ambiguous: its ways are not split at via", raw.id);
                        continue;
                    }
                }
                found.extend(chains.into_iter().map(|chain| Restriction {
                    id: raw.id,
                    kind: raw.kind,
                    chain,
                    only_for: raw.only_for.clone(),
                    except: raw.except.clone(),
                }));
            }
        }
    }

    /// The segments of a way that may be followed, each in its directions.
    fn directed(&self, way: i64) -> impl Iterator<Item = (u32, bool)> {
        let range = self.of_way.get(&way).cloned().unwrap_or(0..0);
        let both = range.flat_map(|segment| [(segment as u32, true), (segment as u32, false)]);
        both.filter(|&(segment, forward)| {
            self.ways[self.segments[segment as usize].way as usize].direction.allows(forward)
        })
    }

    fn head(&self, (segment, forward): (u32, bool)) -> u32 {
        let segment = &self.segments[segment as usize];
        if forward { segment.to } else { segment.from }
    }

    fn tail(&self, (segment, forward): (u32, bool)) -> u32 {
        self.head((segment, !forward))
    }

    fn through_node(&self, from: i64, node: i64, to: i64) -> Vec<Vec<(u32, bool)>> {
        let Some(&via) = self.junction.get(&node) else { return Vec::new() };
        let mut chains = Vec::new();
        for entry in self.directed(from).filter(|&entry| self.head(entry) == via) {
            for exit in self.directed(to).filter(|&exit| self.tail(exit) == via) {
                // A way that turns back on itself does so on the same segment.
                if from != to || exit == (entry.0, !entry.1) {
                    chains.push(vec![entry, exit]);
                }
            }
        }
        chains
    }

    fn through_ways(&self, from: i64, vias: &[i64], to: i64) -> Vec<Vec<(u32, bool)>> {
        let mut chains: Vec<Vec<(u32, bool)>> = self.directed(from).map(|entry| vec![entry]).collect();
        for (i, &via) in vias.iter().enumerate() {
            let next = vias.get(i + 1).copied().unwrap_or(to);
            chains = chains.iter().flat_map(|chain| self.along(chain, via, next)).collect();
        }
        let mut complete = Vec::new();
        for chain in &chains {
            let last = chain[chain.len() - 1];
            for exit in self.directed(to).filter(|&exit| self.tail(exit) == self.head(last)) {
                if exit != (last.0, !last.1) {
                    complete.push([chain.as_slice(), &[exit]].concat());
                }
            }
        }
        complete
    }

    /// Continues a chain along a way, in either direction, until it meets the next way.
    fn along(&self, chain: &[(u32, bool)], way: i64, next: i64) -> Vec<Vec<(u32, bool)>> {
        let range = self.of_way.get(&way).cloned().unwrap_or(0..0);
        let meets = |junction: u32| self.directed(next).any(|exit| self.tail(exit) == junction);
        let mut found = Vec::new();
        for start in self.directed(way).filter(|&start| self.tail(start) == self.head(chain[chain.len() - 1])) {
            let mut longer = chain.to_vec();
            let mut at = start;
            loop {
                longer.push(at);
                if meets(self.head(at)) {
                    found.push(longer);
                    break;
                }
                let step = if at.1 { (at.0 as usize).checked_add(1) } else { (at.0 as usize).checked_sub(1) };
                match step.filter(|step| range.contains(step)).map(|step| (step as u32, at.1)) {
                    Some(following) if self.tail(following) == self.head(at) => at = following,
                    _ => break,
                }
            }
        }
        found
    }
}
