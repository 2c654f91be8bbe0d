//! x
use milkrun_oracle::generate::Generator;
use milkrun_oracle::shows::shows;
#[test]
fn every_problem_has_what_it_was_made_to_have() {
    let generator = Generator::new(1, 1_000);
    let mut missing = Vec::new();
    for index in 0..1_000 {
        let instance = generator.instance(index);
        missing.extend(instance.choice.levels().into_iter().filter(|&l| !shows(l, &instance)).map(|l| (index, l.factor, l.name())));
    }
    assert!(missing.is_empty(), "{} {missing:?}", missing.len());
}
