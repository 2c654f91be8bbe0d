//! The service's page in a real browser.

use std::path::PathBuf;
use std::process::Command;

use crate::packages::node;
use crate::shell::{built, root, run, run_and_keep, say, target, works};
use crate::test::{Count, programs};

/// Names of the browser on the systems that bring it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What is tested: a first day, stops that are moved by hand, every screen, a day without a mouse, the drivers' page, passkeys, and
/// invoices.
const TESTS: [&str; 7] = [
    "page.test.mjs",
    "moves.test.mjs",
    "screens.test.mjs",
    "keyboard.test.mjs",
    "driver.test.mjs",
    "passkey.test.mjs",
    "billing.test.mjs",
];

/// Builds the service, starts it, and uses its page as a person would.
pub(crate) fn check() -> Result<Count, String> {
    programs()?;
    install()?;
    let browser = browser();
    let pictures = target().join("page");
    let mut test = Command::new("node");
    test.current_dir(folder()).args(["--test", "--test-reporter=tap", "--test-concurrency=1"]).args(TESTS);
    test.env("SERVICE", service()).env("PICTURES", &pictures).env("CHROMIUM", browser.unwrap_or_default());
    let (printed, ended) = run_and_keep(&mut test)?;
    let count = node::count_steps(&printed);
    ended.map_err(|fault| format!("{} steps failed, {} passed; {fault}", count.failed, count.passed))?;
    say(&format!("pictures of the page are in {}", pictures.display()));
    if count.passed == 0 { Err("no test was run".to_owned()) } else { Ok(count) }
}

/// The service's program, as tests build it.
pub(crate) fn service() -> PathBuf {
    built("debug", "milkrun-service")
}

/// The browser that `CHROMIUM` names, else the system's; none if there is none, or `CHROMIUM` is empty.
fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return (!named.is_empty()).then(|| PathBuf::from(named));
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file() && works(Command::new(place).arg("--version")))
}

fn folder() -> PathBuf {
    root().join("service/page/test")
}

/// Installs what drives the browser, and the browser too where the system has none.
pub(crate) fn install() -> Result<(), String> {
    let mut install = node::npm();
    install.current_dir(folder()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    if browser().is_some() {
        install.arg("--omit=optional");
    }
    run(&mut install)
}
