//! `cargo xtask coverage`: which lines the tests run, by folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::shell::{output, root, run, say, target};
use crate::tools::fetched;

/// LLVM reads what the compiler of a newer LLVM counts, within limits: this one reads what Rust 1.90 to 1.95 write.
const OLDEST_LLVM: u32 = 19;

/// Runs the tests of the packages that are named, or of all but the bindings, which only Python and Node can load.
pub(crate) fn measure(packages: &[String]) -> Result<(), String> {
    if let Some(word) = packages.iter().find(|word| word.starts_with('-')) {
        return Err(format!("coverage: `{word}` is unknown; packages can be named, as `milkrun`"));
    }
    let folder = target().join("coverage");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let lcov = folder.join("lcov.info");
    let mut measure = Command::new(fetched("cargo-llvm-cov")?);
    measure.current_dir(root()).args(["llvm-cov", "test", "--locked", "--no-fail-fast", "--lcov", "--output-path"]);
    measure.arg(&lcov).args(["--ignore-filename-regex", "/(tests?|testing)(/|\\.rs)"]);
    if packages.is_empty() {
        measure.args(["--workspace", "--exclude", "milkrun-python", "--exclude", "milkrun-node", "--exclude", "xtask"]);
    }
    for package in packages {
        measure.args(["--package", package]);
    }
    // Everything that has tests, the library and programs among them.
    measure.arg("--tests");
    llvm()?.tell(&mut measure);
    run(&mut measure)?;
    let text = fs::read_to_string(&lcov).map_err(|error| format!("{}: {error}", lcov.display()))?;
    say(&table(&by_folder(&text, &root())));
    say(&format!("line by line: {}", lcov.display()));
    Ok(())
}

/// The programs that read what was counted.
struct Llvm {
    bin: PathBuf,
    suffix: String,
    libraries: Option<PathBuf>,
}

impl Llvm {
    fn program(&self, name: &str) -> PathBuf {
        self.bin.join(format!("{name}{}{}", self.suffix, std::env::consts::EXE_SUFFIX))
    }

    fn tell(&self, command: &mut Command) {
        command.env("LLVM_COV", self.program("llvm-cov")).env("LLVM_PROFDATA", self.program("llvm-profdata"));
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
    }
}

/// Those of rustup's component `llvm-tools`, else of the system, else of Debian's packages.
fn llvm() -> Result<Llvm, String> {
    let sysroot = output(Command::new("rustc").current_dir(root()).args(["--print", "target-libdir"]))?;
    let bin = Path::new(sysroot.trim()).with_file_name("bin");
    let own = Llvm { bin, suffix: String::new(), libraries: None };
    if own.program("llvm-cov").exists() {
        return Ok(own);
    }
    for version in (OLDEST_LLVM..OLDEST_LLVM + 10).rev() {
        let bin = PathBuf::from(format!("/usr/lib/llvm-{version}/bin"));
        if bin.join("llvm-cov").exists() {
            return Ok(Llvm { bin, suffix: String::new(), libraries: None });
        }
    }
    let version = |name: &str| name.strip_prefix("llvm-").and_then(|version| version.parse::<u32>().ok());
    let newest = debian::search("^llvm-[0-9]+$").unwrap_or_default().iter().filter_map(|name| version(name)).max();
    let newest = newest.filter(|version| *version >= OLDEST_LLVM);
    let newest = newest.ok_or("llvm-cov is missing: `rustup component add llvm-tools`")?;
    let unpack = |root: &Path| debian::unpack(&[&format!("llvm-{newest}")], root);
    let root = debian::filled_once(&format!("tools/llvm-{newest}"), unpack)?;
    let bin = root.join(format!("usr/lib/llvm-{newest}/bin"));
    Ok(Llvm { bin, suffix: String::new(), libraries: Some(debian::libraries(&root)) })
}

/// Lines that can be run, and lines that were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    all: u64,
    run: u64,
}

/// Adds up the files of each folder.
fn by_folder(lcov: &str, root: &Path) -> BTreeMap<String, Lines> {
    let mut folders: BTreeMap<String, Lines> = BTreeMap::new();
    let mut folder = String::new();
    for line in lcov.lines() {
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        if let Some(file) = line.strip_prefix("SF:") {
            let file = Path::new(file);
            let inside = file.strip_prefix(root).unwrap_or(file);
            folder = inside.parent().unwrap_or(inside).display().to_string().replace('\\', "/");
        } else if let Some(count) = line.strip_prefix("LF:") {
            folders.entry(folder.clone()).or_default().all += number(count);
        } else if let Some(count) = line.strip_prefix("LH:") {
            folders.entry(folder.clone()).or_default().run += number(count);
        }
    }
    folders
}

fn table(folders: &BTreeMap<String, Lines>) -> String {
    let line = |name: &str, lines: Lines| {
        let share = 100.0 * lines.run as f64 / lines.all.max(1) as f64;
        format!("{name:<44} {:>7} {:>7} {share:>6.1} %\n", lines.all, lines.run)
    };
    let mut text = format!("{:<44} {:>7} {:>7} {:>8}\n", "folder", "lines", "run", "share");
    let mut total = Lines::default();
    for (folder, lines) in folders {
        total.all += lines.all;
        total.run += lines.run;
        text.push_str(&line(folder, *lines));
    }
    text + line("all", total).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_added_up_by_folder() {
        let lcov = "SF:/a/core/src/x.rs\nLF:10\nLH:9\nend_of_record\nSF:/a/core/src/y.rs\nLF:10\nLH:6\nend_of_record\n\
                    SF:/a/cli/src/z.rs\nLF:4\nLH:4\n";
        let folders = by_folder(lcov, Path::new("/a"));
        assert_eq!(folders["core/src"], Lines { all: 20, run: 15 });
        let table = table(&folders);
        assert!(table.contains("75.0 %") && table.ends_with("79.2 %"), "{table}");
    }
}
