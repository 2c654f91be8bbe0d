//! Running other programs.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

thread_local! {
    /// Where a step's output goes; without it, to the terminal.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Sends everything that this thread's programs print, and what it says, to a file that is open for appending.
pub(crate) fn print_to(log: Option<File>) {
    LOG.set(log);
}

/// Another handle of the thread's log.
fn log() -> Option<File> {
    LOG.with_borrow(|log| log.as_ref().and_then(|file| file.try_clone().ok()))
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program that cargo has built, in the folder of a profile.
pub(crate) fn built(folder: &str, name: &str) -> PathBuf {
    target().join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The cargo that runs this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Says a line: in the thread's log, or on standard output.
pub(crate) fn say(line: &str) {
    match log() {
        Some(mut file) => drop(writeln!(file, "{line}")),
        None => tell(line),
    }
}

/// Prints a line on standard output. A closed pipe is no reason to stop.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    if let (Some(out), Some(err)) = (log(), log()) {
        command.stdout(out).stderr(err);
    }
    let status = command.stdin(Stdio::null()).status().map_err(|error| unstarted(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", shown(command))) }
}

/// Runs a program, passes on what it prints, and gives it back together with how the program ended.
pub(crate) fn run_and_keep(command: &mut Command) -> Result<(String, Result<(), String>), String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| unstarted(command, &error))?;
    // Readers are threads of their own, which do not know this thread's log.
    let readers = [
        child.stdout.take().map(|stream| (log(), stream)).map(|(log, stream)| thread::spawn(|| pass_on(log, stream))),
        child.stderr.take().map(|stream| (log(), stream)).map(|(log, stream)| thread::spawn(|| pass_on(log, stream))),
    ];
    let status = child.wait().map_err(|error| format!("{}: {error}", shown(command)))?;
    let text: String = readers.into_iter().flatten().filter_map(|reader| reader.join().ok()).collect();
    let ended = if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", shown(command))) };
    Ok((text, ended))
}

/// Runs a program, and gives what it prints on standard output, which is shown nowhere else.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log().map_or_else(Stdio::inherit, Stdio::from));
    let output = command.output().map_err(|error| unstarted(command, &error))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(printed) } else { Err(format!("{} ended with {}", shown(command), output.status)) }
}

/// Prints every line as it comes, and keeps it.
fn pass_on(log: Option<File>, stream: impl Read) -> String {
    print_to(log);
    let mut kept = String::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        say(&line);
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

/// Whether a program starts and ends well.
pub(crate) fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn unstarted(command: &Command, error: &io::Error) -> String {
    format!("cannot start {}: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
