//! Why tasks are unassigned, in the document's identifiers.

use super::answer::{Explained, kind};
use super::input::Input;
use super::schedule::What;
use crate::explain::{Explanation, Job};
use crate::model::Problem;

/// How many changes are named for a task.
const NAMED: usize = 4;

/// One entry for each task that an explanation is about.
pub(super) fn of(input: &Input, problem: &Problem, explanations: &[Explanation]) -> Vec<Explained> {
    let each = |explanation: &Explanation| {
        let tasks = match explanation.job {
            Job::Client(client) => vec![What::Job(client.index())],
            Job::Shipment(s) => vec![What::Pickup(s.index()), What::Delivery(s.index())],
        };
        let words = Words { input, problem };
        let reason = |own: &crate::explain::TypeReason| {
            let name = &problem.vehicle_types()[own.vehicle_type.index()].name;
            words.own(&format!("{name}: {}", own.text(explanation.prize)))
        };
        let reasons: Vec<String> = explanation.by_type.iter().map(reason).collect();
        let remedies = explanation.relaxations.iter().take(NAMED).map(|change| words.own(&change.to_string()));
        let remedies: Vec<String> = remedies.collect();
        let entry = move |what: What| {
            let (reasons, remedies) = (reasons.clone(), remedies.clone());
            Some(Explained { id: what.task(input)?.id, kind: kind(what), reasons, remedies })
        };
        tasks.into_iter().filter_map(entry).collect::<Vec<_>>()
    };
    explanations.iter().flat_map(each).collect()
}

/// Our numbers, in the document's words.
struct Words<'a> {
    input: &'a Input,
    problem: &'a Problem,
}

impl Words<'_> {
    fn own(&self, text: &str) -> String {
        let named = |list: &[&str], number: usize| list.get(number).map(|name| (*name).to_owned());
        let types: Vec<&str> = self.problem.vehicle_types().iter().map(|own| own.name.as_str()).collect();
        let clients: Vec<&str> = self.problem.clients().iter().map(|own| own.name.as_str()).collect();
        let shipments: Vec<&str> = self.problem.shipments().iter().map(|own| own.name.as_str()).collect();
        let text = replaced(text, "vehicle type ", |number| named(&types, number));
        let text = replaced(&text, "vehicle of type ", |number| Some(format!("vehicle like {}", types.get(number)?)));
        let text = replaced(&text, "client ", |number| named(&clients, number));
        let text = replaced(&text, "shipment ", |number| named(&shipments, number));
        match self.input.origin {
            0 => text,
            origin => format!("{text} (times from {origin})"),
        }
    }
}

/// The text, with `word` and the number after it in other words.
fn replaced(text: &str, word: &str, name: impl Fn(usize) -> Option<String>) -> String {
    let mut pieces = text.split(word);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(name) = piece[..digits].parse().ok().and_then(&name) {
            whole += &name;
            whole += &piece[digits..];
        } else {
            whole += word;
            whole += piece;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_names() {
        let name = |number: usize| (number < 2).then(|| format!("van {number}"));
        assert_eq!(replaced("type 1, and type 12; type x", "type ", name), "van 1, and type 12; type x");
    }
}
