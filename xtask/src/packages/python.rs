//! The Python package: its wheel in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Compiled, PROFILE, remove, same};
use crate::shell::{root, run, run_and_keep, say, target};
use crate::test::{Count, is_of_pytest};

/// What builds wheels; another release may write another stub.
const MATURIN: &str = "maturin==1.16.0";
/// Wheels larger than this are too large for some deployments. Five megabytes are the aim; readers of spreadsheets, writers of pages and
/// a search that is compiled for each class of problems have taken more.
const LARGEST_WHEEL: u64 = 6_200_000;

/// The same for one that is compiled quickly, for tests: it is a ninth larger than the one that is shipped.
const LARGEST_QUICK_WHEEL: u64 = 6_800_000;

/// Builds the wheel. Its stub file must be the one that is kept.
pub(crate) fn build(compiled: Compiled) -> Result<(), String> {
    let tools = tools()?;
    same(&stub(&tools, compiled)?, &kept_stub())?;
    build_wheel(&tools, compiled)
}

/// The environment of the tests, with all that they need but the package; gives its Python. It stays between runs.
pub(crate) fn environment() -> Result<PathBuf, String> {
    filled(&folder().join("tests"), &package().join("requirements-test.txt"), &[])
}

/// An environment with what a list names, which is installed once; gives its Python.
pub(crate) fn filled(environment: &Path, list: &Path, options: &[&str]) -> Result<PathBuf, String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let wanted = fs::read_to_string(list).map_err(|error| failed(list, error))?;
    let done = environment.join("installed.txt");
    let python = environment_in(environment)?;
    if fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    run(pip(&python).args(options).arg("--requirement").arg(list))?;
    fs::write(&done, wanted).map_err(|error| failed(&done, error))?;
    Ok(python)
}

/// Installs the wheel, in place of one from before, and runs the tests.
pub(crate) fn test() -> Result<Count, String> {
    let python = environment()?;
    run(pip(&python).args(["--force-reinstall", "--no-deps"]).arg(wheel()?))?;
    let mut tests = Command::new(&python);
    // Not the sources: what is installed.
    tests.current_dir(package()).args(["-m", "pytest", "--quiet", "--color=no"]).env_remove("PYTHONPATH");
    let (printed, ended) = run_and_keep(&mut tests)?;
    let count = count(&printed);
    ended.map_err(|fault| format!("{} tests failed, {} passed; {fault}", count.failed, count.passed))?;
    if count.passed == 0 { Err("no test was run".to_owned()) } else { Ok(count) }
}

/// Writes the stub file again.
pub(crate) fn write_stub() -> Result<(), String> {
    let generated = stub(&tools()?, Compiled::Shipped)?;
    fs::copy(&generated, kept_stub()).map(drop).map_err(|error| format!("{}: {error}", generated.display()))
}

fn package() -> PathBuf {
    root().join("bindings-python")
}

fn kept_stub() -> PathBuf {
    package().join("python/milkrun/_core.pyi")
}

fn folder() -> PathBuf {
    target().join("python")
}

/// The environment with what builds wheels; gives its Python.
fn tools() -> Result<PathBuf, String> {
    let python = environment_in(&folder().join("tools"))?;
    run(pip(&python).arg(MATURIN))?;
    Ok(python)
}

/// Makes an environment, unless it is there; gives its Python.
pub(crate) fn environment_in(environment: &Path) -> Result<PathBuf, String> {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = environment.join(programs).join(format!("python{}", std::env::consts::EXE_SUFFIX));
    if !python.exists() {
        say(&format!("an environment is made in {}", environment.display()));
        let system = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        run(Command::new(system).args(["-m", "venv"]).arg(environment))?;
    }
    Ok(python)
}

/// An installation into an environment.
pub(crate) fn pip(python: &Path) -> Command {
    let mut command = Command::new(python);
    // What is never imported need not be compiled.
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]);
    command
}

/// A command of maturin.
fn maturin(python: &Path, command: &str) -> Command {
    let mut maturin = Command::new(python);
    maturin.current_dir(package()).args(["-m", "maturin", command, "--locked", "--profile", PROFILE, "--quiet"]);
    maturin
}

/// Generates the stub file.
fn stub(python: &Path, compiled: Compiled) -> Result<PathBuf, String> {
    let out = folder().join("stubs");
    remove(&out)?;
    run(compiled.tell(&mut maturin(python, "generate-stubs")).arg("--out").arg(&out))?;
    Ok(out.join("milkrun").join("_core.pyi"))
}

/// Builds the wheel.
fn build_wheel(python: &Path, compiled: Compiled) -> Result<(), String> {
    remove(&wheels())?;
    // Names of functions, which the stub file is made from, are a sixth of the wheel.
    run(compiled.tell(&mut maturin(python, "build")).arg("--strip").arg("--out").arg(wheels()))?;
    let wheel = wheel()?;
    let size = fs::metadata(&wheel).map_err(|error| format!("{}: {error}", wheel.display()))?.len();
    say(&format!("{} is {:.1} MB", wheel.display(), size as f64 / 1e6));
    let largest = match compiled {
        Compiled::Shipped => LARGEST_WHEEL,
        Compiled::Quickly => LARGEST_QUICK_WHEEL,
    };
    if size > largest {
        return Err(format!("the wheel has {size} bytes, more than {largest}"));
    }
    Ok(())
}

fn wheels() -> PathBuf {
    folder().join("wheels")
}

/// The wheel that was built.
fn wheel() -> Result<PathBuf, String> {
    let folder = fs::read_dir(wheels()).map_err(|error| format!("{}: {error}", wheels().display()))?;
    let mut files = folder.filter_map(Result::ok).map(|entry| entry.path());
    let wheel = files.find(|path| path.extension().is_some_and(|ending| ending == "whl"));
    wheel.ok_or_else(|| format!("there is no wheel in {}", wheels().display()))
}

/// Reads pytest's closing line: `12 passed, 1 skipped in 3.21s`.
fn count(printed: &str) -> Count {
    let mut total = Count::default();
    let closing = printed.lines().rfind(|line| is_of_pytest(line));
    let words: Vec<&str> = closing.unwrap_or_default().split_ascii_whitespace().collect();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else { continue };
        match pair[1].trim_matches(',') {
            "passed" => total.passed += number,
            "failed" | "error" | "errors" => total.failed += number,
            "skipped" => total.ignored += number,
            _ => {}
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_pytest() {
        let printed =
            "test_a.py ..s\nSKIPPED [1] x.py: in need of y\n1 failed, 12 passed, 3 skipped, 2 errors in 1.2s\n";
        assert_eq!(count(printed), Count { passed: 12, failed: 3, ignored: 3 });
        assert_eq!(count("nothing"), Count::default());
    }
}
