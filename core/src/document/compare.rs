//! What is asked of a comparison.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::compare::{CompareError, ProblemChange, Variant, apply, in_variant};
use crate::ids::{DepotId, DisposalSiteId, VehicleTypeId};
use crate::io::Error;
use crate::io::json::{JsonFault, ProblemNames, Ref, merge_problem, parse_shape};
use crate::listing::Listing;
use crate::model::{Faults, Issue, Problem};

/// The name of the variant without changes.
const AS_IT_IS: &str = "as it is";

/// Variants of a problem. They are compared with the problem as it is, which comes first.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Compare")]
pub struct CompareDocument {
    /// The variants.
    pub variants: Vec<VariantDocument>,
}

/// A variant of a problem.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Variant")]
pub struct VariantDocument {
    /// A name that no other variant has.
    pub name: String,
    /// What is different, in this order.
    #[serde(default)]
    pub changes: Vec<ProblemChangeDocument>,
}

/// A change of a problem, in the solver's numbers. Without a vehicle type, it applies to all types.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "kind")]
#[schemars(rename = "ProblemChange")]
#[expect(missing_docs, reason = "the kinds and fields are those of `ProblemChange`, which says what they are")]
pub enum ProblemChangeDocument {
    /// More vehicles of a type, or fewer.
    Vehicles { vehicle_type: Ref, by: i64 },
    /// Shifts at other times; what is omitted stays.
    Shift {
        #[serde(default)]
        vehicle_type: Option<Ref>,
        #[serde(default)]
        early: Option<i64>,
        #[serde(default)]
        late: Option<i64>,
    },
    /// Shifts start later, and end when they did.
    LaterStart {
        #[serde(default)]
        vehicle_type: Option<Ref>,
        by: i64,
    },
    /// Another capacity, by load dimension.
    Capacity { vehicle_type: Ref, capacity: Vec<i64> },
    /// Routes start and end at another depot.
    Depot {
        #[serde(default)]
        vehicle_type: Option<Ref>,
        depot: Ref,
    },
    /// Vehicles unload at these disposal sites, and at no others.
    Sites {
        #[serde(default)]
        vehicle_type: Option<Ref>,
        sites: Vec<Ref>,
    },
    /// A disposal site is closed.
    SiteClosed { site: Ref },
    /// Any other change: a JSON merge patch of the problem's document, in which elements of lists go by their names.
    Merge { patch: Map<String, Value> },
}

impl CompareDocument {
    /// Reads the document.
    ///
    /// # Errors
    ///
    /// Where the text is no such document: every fault of its shape at once.
    pub fn read(text: &str) -> Result<Self, Error> {
        Ok(parse_shape(text, "comparison", super::compare_schema)?)
    }

    /// The problem as it is, and its variants.
    ///
    /// # Errors
    ///
    /// Every fault of all variants at once; paths begin with the variant: `variants["one truck less"].changes[0].by`.
    pub fn variants(&self, problem: &Problem) -> Result<Vec<Variant>, CompareError> {
        let mut faults = Faults::default();
        let mut names = HashSet::from([AS_IT_IS]);
        let mut variants = vec![Variant::new(AS_IT_IS, problem.clone())];
        for (v, document) in self.variants.iter().enumerate() {
            let path = format!("variants[{v}].name");
            if document.name.is_empty() {
                faults.add(path, "", "the variant has no name", "give one for the table");
            } else if !names.insert(&document.name) {
                faults.add(path, &document.name, "another variant is called so", "give each a name of its own");
            } else {
                match document.changed(problem) {
                    Ok(changed) => variants.push(Variant::new(&document.name, changed)),
                    Err(issues) => {
                        for issue in issues {
                            faults.push(in_variant(&document.name, issue));
                        }
                    }
                }
            }
        }
        faults.finish::<CompareError>().map(|()| variants)
    }
}

impl VariantDocument {
    /// The problem with the changes, or all faults.
    fn changed(&self, problem: &Problem) -> Result<Problem, Vec<Issue>> {
        let mut problem = problem.clone();
        let mut changes = self.changes.iter().enumerate().peekable();
        while changes.peek().is_some() {
            problem = typed(&problem, &mut changes)?;
            if let Some((i, ProblemChangeDocument::Merge { patch })) = changes.next() {
                problem = merge_problem(&problem, &Value::Object(patch.clone())).map_err(|error| {
                    let error = Error::from(error);
                    let whole = || Issue {
                        path: String::new(),
                        value: String::new(),
                        message: error.to_string(),
                        remedy: String::new(),
                    };
                    let issues = Some(error.issues()).filter(|issues| !issues.is_empty());
                    let issues = issues.unwrap_or_else(|| vec![whole()]);
                    let within = |issue: Issue| Issue { path: format!("changes[{i}].patch: {}", issue.path), ..issue };
                    issues.into_iter().map(within).collect::<Vec<_>>()
                })?;
            }
        }
        Ok(problem)
    }
}

/// Applies changes up to the next patch.
fn typed<'a>(
    problem: &Problem,
    changes: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'a ProblemChangeDocument)>>,
) -> Result<Problem, Vec<Issue>> {
    let mut faults = Faults::default();
    let mut builder = problem.to_builder();
    let names = ProblemNames::from(problem);
    while let Some((i, document)) =
        changes.next_if(|(_, change)| !matches!(change, ProblemChangeDocument::Merge { .. }))
    {
        let path = format!("changes[{i}]");
        let mut unknown = Listing::default();
        let change = Resolver { names: &names, path: &path, faults: &mut unknown }.change(document);
        let is_known = unknown.is_empty();
        unknown.kept.iter().for_each(|fault| faults.push(fault.issue()));
        if let Some(change) = change.filter(|_| is_known) {
            apply(&mut builder, &change, &path, &mut faults);
        }
    }
    if !faults.is_empty() {
        return Err(faults.into_listing().kept);
    }
    builder.build().map_err(|error| error.issues)
}

/// Finds what references mean.
struct Resolver<'a> {
    names: &'a ProblemNames<'a>,
    path: &'a str,
    faults: &'a mut Listing<JsonFault>,
}

impl Resolver<'_> {
    /// The change; `None`: it is a patch.
    fn change(&mut self, document: &ProblemChangeDocument) -> Option<ProblemChange> {
        use ProblemChangeDocument as Document;
        Some(match document {
            Document::Vehicles { vehicle_type, by } => {
                ProblemChange::Vehicles { vehicle_type: self.vehicle_type(vehicle_type), by: *by }
            }
            Document::Shift { vehicle_type, early, late } => {
                ProblemChange::Shift { vehicle_type: self.any_type(vehicle_type.as_ref()), early: *early, late: *late }
            }
            Document::LaterStart { vehicle_type, by } => {
                ProblemChange::LaterStart { vehicle_type: self.any_type(vehicle_type.as_ref()), by: *by }
            }
            Document::Capacity { vehicle_type, capacity } => {
                ProblemChange::Capacity { vehicle_type: self.vehicle_type(vehicle_type), capacity: capacity.clone() }
            }
            Document::Depot { vehicle_type, depot } => {
                let index = self.names.depots.resolve(depot, || format!("{}.depot", self.path), self.faults);
                let vehicle_type = self.any_type(vehicle_type.as_ref());
                ProblemChange::Depot { vehicle_type, depot: DepotId::new(index.unwrap_or(0)) }
            }
            Document::Sites { vehicle_type, sites } => ProblemChange::Sites {
                vehicle_type: self.any_type(vehicle_type.as_ref()),
                sites: sites.iter().enumerate().map(|(i, site)| self.site(site, &format!("sites[{i}]"))).collect(),
            },
            Document::SiteClosed { site } => ProblemChange::SiteClosed { site: self.site(site, "site") },
            Document::Merge { .. } => return None,
        })
    }

    fn vehicle_type(&mut self, reference: &Ref) -> VehicleTypeId {
        let path = || format!("{}.vehicle_type", self.path);
        VehicleTypeId::new(self.names.vehicle_types.resolve(reference, path, self.faults).unwrap_or(0))
    }

    fn any_type(&mut self, reference: Option<&Ref>) -> Option<VehicleTypeId> {
        reference.map(|reference| self.vehicle_type(reference))
    }

    fn site(&mut self, reference: &Ref, field: &str) -> DisposalSiteId {
        let path = || format!("{}.{field}", self.path);
        DisposalSiteId::new(self.names.disposal_sites.resolve(reference, path, self.faults).unwrap_or(0))
    }
}
