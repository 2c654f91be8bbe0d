//! `milkrun completions`, `schema`, `--help` and `--version`.

use crate::support::{folder, milkrun};

#[test]
fn completions_name_the_commands() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = milkrun(folder.path(), &["completions", shell]).code(0);
        assert!(run.out.contains("solve") && run.out.contains("time-limit"), "{shell}");
    }
}

#[test]
fn schemas_are_those_of_the_documents() {
    let folder = folder();
    for (document, part) in [("problem", "vehicle_types"), ("plan", "routes")] {
        let schema = milkrun(folder.path(), &["schema", document]).code(0).json();
        assert!(schema["properties"][part].is_object(), "{document}");
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let folder = folder();
    let help = milkrun(folder.path(), &["--help"]).code(0).out;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in ["solve", "check", "convert", "bench"] {
        let help = milkrun(folder.path(), &[command, "--help"]).code(0).out;
        assert!(help.contains(&format!("milkrun {command} ")), "{help}");
    }
    assert!(milkrun(folder.path(), &["--version"]).code(0).out.starts_with("milkrun "));
}

#[test]
fn an_unknown_command_has_exit_code_2() {
    let folder = folder();
    for wrong in [&["fly"][..], &[], &["solve"], &["solve", "village.vrp", "--rond", "round"]] {
        milkrun(folder.path(), wrong).code(2);
    }
}
