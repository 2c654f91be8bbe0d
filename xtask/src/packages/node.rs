//! The Node package: its tarballs in an empty folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Compiled, remove};
use crate::shell::{root, run, run_and_keep, target};
use crate::test::Count;

/// Builds the package and the one of this platform.
pub(crate) fn build(compiled: Compiled) -> Result<(), String> {
    tools()?;
    build_with(compiled, &[])
}

/// Packs the package, installs it into an empty folder, and runs the tests there.
pub(crate) fn test() -> Result<Count, String> {
    let app = app()?;
    let tests = app.join("test");
    copy(&package().join("test"), &tests)?;
    let pages = ["README.md", "bindings-node/README.md", "docs/node.md"].map(|page| root().join(page));
    let pages = pages.map(|page| page.display().to_string()).join(",");
    let mut node = Command::new("node");
    node.current_dir(&app).args(["--test", "--test-reporter=tap", "test"]);
    node.env("EXAMPLES", root().join("examples/node")).env("TOOLS", package()).env("PAGES", pages);
    node.env("VECTORS", root().join("tests/vectors/cases"));
    let (printed, ended) = run_and_keep(&mut node)?;
    let count = count_steps(&printed);
    ended.map_err(|fault| format!("{} tests failed, {} passed; {fault}", count.failed, count.passed))?;
    if count.passed == 0 { Err("no test was run".to_owned()) } else { Ok(count) }
}

/// Writes the types of the compiled part again.
pub(crate) fn write_types() -> Result<(), String> {
    tools()?;
    build_with(Compiled::Shipped, &["--write-types"])
}

fn package() -> PathBuf {
    root().join("bindings-node")
}

fn folder() -> PathBuf {
    target().join("node")
}

/// npm is a script on some systems, which only a shell starts.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// What builds the package, as the lock file says.
pub(crate) fn tools() -> Result<(), String> {
    let mut install = npm();
    install.current_dir(package()).args([
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    run(&mut install)
}

fn build_with(compiled: Compiled, more: &[&str]) -> Result<(), String> {
    let mut build = Command::new("node");
    // The builder of napi-rs looks for the library where cargo puts it.
    build.env("CARGO_TARGET_DIR", target());
    compiled.tell(&mut build);
    run(build.current_dir(package()).arg("scripts/build.mjs").arg(folder()).args(more))
}

/// An empty folder with nothing but the two packages, as npm installs them from their tarballs.
fn app() -> Result<PathBuf, String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    for old in tarballs()? {
        fs::remove_file(&old).map_err(|error| failed(&old, error))?;
    }
    run(npm().current_dir(folder()).args(["pack", "./milkrun", "./native", "--silent"]))?;
    let app = folder().join("app");
    remove(&app)?;
    fs::create_dir_all(&app).map_err(|error| failed(&app, error))?;
    fs::write(app.join("package.json"), "{\"private\":true}\n").map_err(|error| failed(&app, error))?;
    let mut install = npm();
    install.current_dir(&app).args(["install", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(install.args(tarballs()?))?;
    Ok(app)
}

fn tarballs() -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder()).map_err(|error| format!("{}: {error}", folder().display()))?;
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|ending| ending == "tgz")).collect())
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(failed)?;
    }
    Ok(())
}

/// Reads the closing lines of Node's test runner: `# pass 12`.
pub(crate) fn count_steps(printed: &str) -> Count {
    let number = |word: &str| {
        let lines = printed.lines().filter_map(|line| line.trim().strip_prefix("# ")?.strip_prefix(word));
        lines.filter_map(|rest| rest.trim().parse::<u64>().ok()).sum::<u64>()
    };
    Count { passed: number("pass "), failed: number("fail ") + number("cancelled "), ignored: number("skipped ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_node() {
        let printed = "ok 1 - pass 3\n1..2\n# tests 15\n# pass 12\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
        assert_eq!(count_steps(printed), Count { passed: 12, failed: 2, ignored: 1 });
    }
}
