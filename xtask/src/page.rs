//! The service's page in a real browser.

use std::fs;
use std::process::Command;

use crate::packages::node::{count, npm};
use crate::shell::{cargo, root, run, run_and_keep, say, target, works};
use crate::test::Count;

/// The browser for machines that have none, from the npm registry.
const CHROMIUM: &str = "@sparticuz/chromium@153.0.0";

/// Builds the service, finds or fetches a browser, and runs the page's tests. Pictures of it come to `target/page/pictures`.
pub(crate) fn check() -> Result<Count, String> {
    run(&mut cargo(&["build", "--locked", "--package", "milkrun-service"]))?;
    let (from, folder) = (root().join("service/page/test"), target().join("page"));
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for entry in fs::read_dir(&from).map_err(failed)?.flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.join(entry.file_name())).map_err(failed)?;
    }
    let install = ["--no-audit", "--no-fund", "--loglevel=error"];
    run(npm().current_dir(&folder).arg("ci").args(install))?;
    let finds = "import('./browser.mjs').then((browser) => process.exit(browser.installed() ? 0 : 1))";
    if !works(Command::new("node").current_dir(&folder).args(["--eval", finds])) {
        say("the system has no browser: one is fetched from the npm registry");
        run(npm().current_dir(&folder).args(["install", "--no-save", CHROMIUM]).args(install))?;
    }
    let service = target().join("debug").join(format!("milkrun-service{}", std::env::consts::EXE_SUFFIX));
    let mut tests = Command::new("node");
    tests.current_dir(&folder).args(["--test", "--test-reporter=tap", "page.test.mjs"]);
    let (printed, ended) = run_and_keep(tests.env("SERVICE", service).env("PICTURES", folder.join("pictures")))?;
    let count = count(&printed);
    ended.map_err(|fault| format!("{} tests failed, {} passed; {fault}", count.failed, count.passed))?;
    if count.passed == 0 { Err("no test was run".to_owned()) } else { Ok(count) }
}

/// The page's tests alone.
pub(crate) fn run_alone() -> Result<(), String> {
    let count = check()?;
    say(&format!("{} tests passed in the browser", count.passed));
    Ok(())
}
