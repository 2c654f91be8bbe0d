//! Parses the command line, and rewords those of clap's messages that use programmers' terms.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _, ValueHint};

use crate::args::Cli;
use crate::output;

/// The parsed command line; otherwise the exit code, after the message has been printed.
pub(crate) fn read() -> Result<Cli, ExitCode> {
    let matches = command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    matches.map_err(|error| {
        if error.kind() == ErrorKind::ValueValidation {
            output::log(in_words(&error.to_string()).trim_end());
        } else {
            let _ = error.print();
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// The command, whose options accept `-1` as a value, so that it is reported as a wrong number rather than as an
/// unknown option.
fn command() -> Command {
    fn takes_numbers(arg: Arg) -> Arg {
        let value = arg.get_action().takes_values() && !arg.is_positional();
        let path = matches!(arg.get_value_hint(), ValueHint::FilePath | ValueHint::AnyPath);
        if value && !path { arg.allow_hyphen_values(true) } else { arg }
    }
    Cli::command().mut_subcommands(|command| command.mut_args(takes_numbers))
}

/// The message, which says what number is expected instead of what is wrong with its digits.
fn in_words(message: &str) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("invalid digit found in string", "give a whole number that is not negative"),
        ("cannot parse integer from empty string", "give a whole number"),
        ("invalid float literal", "give a number"),
        ("number too large to fit in target type", "the number is too large"),
        ("number too small to fit in target type", "the number is too small"),
    ];
    WORDS.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(line: &str) -> String {
        let words = ["milkrun"].into_iter().chain(line.split(' '));
        let matches = command().try_get_matches_from(words).and_then(|matches| Cli::from_arg_matches(&matches));
        matches.map_or_else(|error| in_words(&error.to_string()), |_| String::new())
    }

    #[test]
    fn a_negative_number_is_reported_as_one() {
        command().debug_assert();
        let lines = [
            "solve a --time-limit -1",
            "solve a --time-limit -1s",
            "solve a --seed -1",
            "solve a --iterations -1",
            "solve a --threads -1",
            "solve a --no-improvement 1.5",
            "forecast a --horizons -1d",
            "select a --period -1d",
            "bench a --seed -1",
            "backtest --simulate --bins -1",
            "backtest --simulate --prices -1,2,3",
            "solve a --seed x",
            "solve a --target-cost -1.5",
            "forecast a --full x",
            "solve a --seed 99999999999999999999999",
            "demo --seed -1",
        ];
        for line in lines {
            let text = answer(line);
            assert!(text.contains("invalid value"), "{line}: {text}");
            for foreign in ["-- -1", "digit found", "literal", "target type"] {
                assert!(!text.contains(foreign), "{line}: {text}");
            }
        }
        for line in ["solve a --target-cost -5", "forecast a --now -5", "solve a --out -"] {
            assert_eq!(answer(line), "", "{line}");
        }
    }
}
