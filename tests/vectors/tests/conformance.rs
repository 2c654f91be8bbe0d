//! Every case has the expected result; generated problems are those of the generator.

use std::collections::BTreeSet;

use milkrun_vectors::case::{Case, Expected};
use milkrun_vectors::{files, make, objection, outcome};

#[test]
fn every_case_comes_out_as_expected() {
    let cases = files::load().unwrap();
    assert!(cases.len() >= 40, "there are {} cases", cases.len());
    let differ: Vec<String> = cases
        .iter()
        .filter(|(_, case)| case.expected.as_ref() != Some(&outcome(case)))
        .map(|(name, case)| format!("{name}: {:?}\n  but it is {:?}", case.expected, outcome(case)))
        .collect();
    assert!(differ.is_empty(), "if the search was changed on purpose: cargo xtask vectors\n{}", differ.join("\n"));
}

/// Stored expectations also pass the checks for new ones: recording a bug does not make it correct.
#[test]
fn no_expectation_is_one_that_would_be_refused() {
    let (mut refused, mut by_hand) = (Vec::new(), 0);
    for (name, case) in files::load().unwrap() {
        by_hand += usize::from(case.by_hand.is_some());
        let expected = case.expected.clone().unwrap();
        refused.extend(objection(&case, &expected).map(|objection| format!("{name} {objection}")));
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(by_hand >= 8, "{by_hand}");
}

#[test]
fn generated_cases_are_those_of_the_generator() {
    let kept = files::load().unwrap();
    let generated: Vec<(String, Case)> = make::cases();
    for (name, case) in &generated {
        let (_, kept) = kept.iter().find(|(other, _)| other == name).unwrap();
        assert_eq!(&Case { expected: None, ..kept.clone() }, case, "{name}");
    }
    let names: BTreeSet<&String> = generated.iter().map(|(name, _)| name).collect();
    let strangers: Vec<_> = kept.iter().filter(|(n, _)| !names.contains(n) && !n.starts_with("by_hand_")).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn every_kind_of_error_and_of_violation_that_input_can_bring_is_there() {
    let (mut codes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for (_, case) in files::load().unwrap() {
        match case.expected.unwrap() {
            Expected::Error(error) => {
                codes.insert(error.code);
            }
            Expected::Answer(_) => {}
            Expected::Plan(plan) => kinds.extend(plan.violations.into_iter().map(|(kind, ..)| kind)),
        }
    }
    let of_text = ["format", "json_content", "json_kind", "json_shape", "json_syntax", "json_version", "read"];
    let asked = ["adapt", "compare", "pareto", "period", "plan", "scenarios", "validation"];
    assert_eq!(codes, of_text.into_iter().chain(asked).map(str::to_owned).collect());
    assert!(kinds.len() >= 20, "{kinds:?}");
}
