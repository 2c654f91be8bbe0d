//! What was missed on a day, and what became of it on the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::period::resolve;
use crate::carry::{Carried, CarriedOver, CarryError, Missed};
use crate::ids::{ClientId, ShipmentId};
use crate::io::json::{Names, Ref};
use crate::model::{Faults, Problem};
use crate::plan::Plan;

/// What was missed on a day.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Missed")]
pub struct MissedDocument {
    /// Clients that were planned and not served; they must be served on the next day.
    #[serde(default)]
    pub clients: Vec<Ref>,
    /// Shipments that were planned and not carried; they must be carried on the next day.
    #[serde(default)]
    pub shipments: Vec<Ref>,
    /// Whether what the plan leaves unserved is carried over, too, as required or optional as it was; true, if not given.
    #[serde(default = "yes")]
    pub unserved: bool,
}

fn yes() -> bool {
    true
}

impl MissedDocument {
    /// What is to be carried over, once each.
    ///
    /// # Errors
    ///
    /// References to clients and shipments that the problem does not have, all at once.
    pub fn missed(&self, problem: &Problem, plan: &Plan) -> Result<Vec<Missed>, CarryError> {
        let clients = Names::new("client", problem.clients().iter().map(|client| client.name.as_str()));
        let shipments = Names::new("shipment", problem.shipments().iter().map(|shipment| shipment.name.as_str()));
        let mut faults = Faults::default();
        let named = |names: &Names<'_>, list: &[Ref], field: &str, faults: &mut Faults| -> Vec<usize> {
            let each = list.iter().enumerate();
            each.filter_map(|(i, reference)| resolve(names, reference, &format!("{field}[{i}]"), faults)).collect()
        };
        let planned = Missed::clients(
            named(&clients, &self.clients, "clients", &mut faults).into_iter().map(ClientId::new).collect::<Vec<_>>(),
        )
        .shipments(
            named(&shipments, &self.shipments, "shipments", &mut faults)
                .into_iter()
                .map(ShipmentId::new)
                .collect::<Vec<_>>(),
        );
        faults.finish::<CarryError>()?;
        if !self.unserved {
            return Ok(vec![planned]);
        }
        let mut unserved = Missed::unserved(problem, plan);
        unserved.clients.retain(|client| !planned.clients.contains(client));
        unserved.shipments.retain(|shipment| !planned.shipments.contains(shipment));
        Ok(vec![planned, unserved])
    }
}

/// What became of what was missed.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "CarriedOver")]
pub struct CarriedOverDocument {
    /// The clients.
    pub clients: Vec<CarriedDocument>,
    /// The shipments.
    pub shipments: Vec<CarriedDocument>,
}

/// What became of a client or shipment.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Carried")]
pub struct CarriedDocument {
    /// Its name; may be empty.
    pub name: String,
    /// Which it was.
    pub missed: usize,
    /// Which it is on the next day.
    pub now: usize,
    /// Whether it was to be served on that day anyway: the amounts are added.
    pub joined: bool,
}

impl CarriedOverDocument {
    /// What became of what a day missed.
    pub fn new(day: &Problem, over: &CarriedOver) -> Self {
        let client = |&Carried { missed, now, joined }: &Carried<ClientId>| CarriedDocument {
            name: day.client(missed).name.clone(),
            missed: missed.index(),
            now: now.index(),
            joined,
        };
        let shipment = |&Carried { missed, now, joined }: &Carried<ShipmentId>| CarriedDocument {
            name: day.shipment(missed).name.clone(),
            missed: missed.index(),
            now: now.index(),
            joined,
        };
        Self {
            clients: over.clients.iter().map(client).collect(),
            shipments: over.shipments.iter().map(shipment).collect(),
        }
    }
}
