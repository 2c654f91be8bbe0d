//! Counting tests by the closing lines of those who ran them.

use std::ops::AddAssign;

/// Tests that passed, failed, and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Adds up the closing lines of nextest and of cargo's own test programs.
pub(super) fn of_rust(printed: &str) -> Count {
    let mut total = Count::default();
    for line in printed.lines().map(plain) {
        if !is_of_rust(&line) {
            continue;
        }
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<u64>() else { continue };
            match pair[1].trim_matches([',', ';']) {
                "passed" => total.passed += number,
                "failed" => total.failed += number,
                "skipped" | "ignored" => total.ignored += number,
                _ => {}
            }
        }
    }
    total
}

/// The lines of a log in which a test runner says how many tests there were: of nextest, cargo, pytest, or Node.
pub(super) fn closing_lines(log: &str) -> impl Iterator<Item = String> {
    log.lines().map(plain).filter(|line| {
        let line = line.trim();
        let of_node = ["# tests ", "# pass ", "# fail "].iter().any(|start| line.starts_with(start));
        let nothing = line.contains(" 0 passed; 0 failed; 0 ignored;");
        (is_of_rust(line) && !nothing) || is_of_pytest(line) || of_node
    })
}

fn is_of_rust(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Summary [") || line.starts_with("test result:")
}

/// `12 passed, 1 skipped in 3.21s`
pub(crate) fn is_of_pytest(line: &str) -> bool {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let counted = matches!(words[..], [number, word, ..]
        if number.parse::<u64>().is_ok() && matches!(word.trim_end_matches(','), "passed" | "failed"));
    counted && line.contains(" in ")
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXTEST: &str =
        "\u{1b}[32;1m     Summary\u{1b}[0m [   4.1s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped";
    const CARGO: &str = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";

    #[test]
    fn counts_of_both_test_runners() {
        assert_eq!(of_rust(NEXTEST), Count { passed: 11, failed: 1, ignored: 2 });
        let cargo = format!("{CARGO}\ntest plan::tests::passed ... ok\n{}", CARGO.replace("1 ignored", "0 ignored"));
        assert_eq!(of_rust(&cargo), Count { passed: 6, failed: 0, ignored: 1 });
    }

    #[test]
    fn closing_lines_are_found() {
        let nothing = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        let log = format!(
            "   Compiling x v1\n{NEXTEST}\n{CARGO}\n{nothing}\n1 failed, 12 passed, 2 errors in 1.2s\n# tests 15\n# pass 12\n# all"
        );
        let found: Vec<String> = closing_lines(&log).collect();
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[0].trim_start().starts_with("Summary [   4.1s] 12 tests run"));
    }
}
