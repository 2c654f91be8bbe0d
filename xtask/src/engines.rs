//! `cargo xtask sources`: the tests of `milkrun-sources` that need real engines, over an OSRM and a Valhalla that run on
//! Monaco.
//!
//! The programs come from the wheels of `xtask/requirements-engines.txt`, unpacked below the target folder. The map is
//! that of the shared data beside the repository; where it is not there, nothing is tested, and that is said.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::packages::python;
use crate::postgres::free_port;
use crate::shell::{root, run, target, tell};

/// Longest wait for an engine.
const LONGEST: Duration = Duration::from_secs(120);

/// Writes Valhalla's configuration.
const CONFIGURE: &str = "xtask/valhalla.py";

/// What can be tested.
pub(crate) enum Engines {
    Ready(Box<Running>),
    /// Why there is nothing to test.
    Skipped(String),
}

/// Both engines; they end when this is dropped.
pub(crate) struct Running {
    _osrm: Engine,
    _valhalla: Engine,
    /// The environment variables by which tests find them.
    pub(crate) variables: [(&'static str, String); 2],
}

/// Finds or fetches all that is needed, prepares the map, and starts the engines.
///
/// Without the map, or without wheels for the platform, that is said; but where there is a map and `CI` is set, there must
/// be wheels.
pub(crate) fn start() -> Result<Engines, String> {
    let Some(map) = map() else {
        return Ok(Engines::Skipped(
            "there is no shared data with a map of Monaco (MILKRUN_SHARED names its folder)".to_owned(),
        ));
    };
    let folder = target().join("engines");
    let wheels = match unpacked(&folder) {
        Ok(wheels) => wheels,
        Err(fault) if std::env::var_os("CI").is_none() => return Ok(Engines::Skipped(format!("no engines: {fault}"))),
        Err(fault) => return Err(fault),
    };
    let data = folder.join(format!("monaco-{}", std::process::id()));
    let osrm = start_osrm(&wheels, &map, &data.join("osrm"))?;
    let valhalla = start_valhalla(&wheels, &map, &data.join("valhalla"))?;
    let variables = [("MILKRUN_TEST_OSRM", osrm.address()), ("MILKRUN_TEST_VALHALLA", valhalla.address())];
    Ok(Engines::Ready(Box::new(Running { _osrm: osrm, _valhalla: valhalla, variables })))
}

/// Says that nothing is tested, where it is seen.
pub(crate) fn skip(why: &str) {
    tell(&format!("sources on real engines: skipped: {why}"));
}

/// Runs a program whose many words are of interest only if it fails.
fn run_quietly(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name} cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Err(format!("{name} ended with {}: {told}", output.status))
}

/// The map of Monaco in the shared data.
fn map() -> Option<PathBuf> {
    let shared = std::env::var_os("MILKRUN_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let map = shared.join("data/osm/monaco.osm.pbf");
    map.is_file().then_some(map)
}

/// What measuring needs: the wheels, with programs that can be started, and the script that configures Valhalla.
pub(crate) fn for_measuring() -> Result<[PathBuf; 2], String> {
    let wheels = unpacked(&target().join("engines"))?;
    let of_osrm =
        ["extract", "contract", "partition", "customize", "routed"].map(|name| format!("osrm/bin/osrm-{name}"));
    let of_valhalla = ["build_tiles", "service"].map(|name| format!("valhalla/bin/valhalla_{name}"));
    for name in of_osrm.iter().chain(&of_valhalla) {
        program(&wheels, name)?;
    }
    Ok([wheels, root().join(CONFIGURE)])
}

/// The folder with what is in the wheels. They are for a newer Python than the tests need, which does not matter: only
/// their programs are run.
fn unpacked(folder: &Path) -> Result<PathBuf, String> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "manylinux_2_28_x86_64",
        ("linux", "aarch64") => "manylinux_2_28_aarch64",
        (os, processor) => return Err(format!("there are no wheels for {os} on {processor}")),
    };
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let list = root().join("xtask/requirements-engines.txt");
    let wanted = fs::read_to_string(&list).map_err(|error| failed(&list, error))?;
    let (wheels, done) = (folder.join("wheels"), folder.join("unpacked.txt"));
    if fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Ok(wheels);
    }
    let _ = fs::remove_dir_all(&wheels);
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let python = python::environment_in(&target().join("tools/python"))?;
    let mut pip = python::pip(&python);
    pip.args(["--require-hashes", "--only-binary", ":all:", "--no-deps", "--implementation", "cp"]);
    pip.args(["--python-version", "3.12", "--abi", "abi3", "--platform", platform, "--target"]);
    run(pip.arg(&wheels).arg("--requirement").arg(&list))?;
    fs::write(&done, wanted).map_err(|error| failed(&done, error))?;
    Ok(wheels)
}

/// A program of a wheel, which pip does not always leave executable.
fn program(wheels: &Path, name: &str) -> Result<Command, String> {
    let path = wheels.join(name);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = fs::metadata(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut rights = about.permissions();
        rights.set_mode(rights.mode() | 0o755);
        fs::set_permissions(&path, rights).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(Command::new(path))
}

fn start_osrm(wheels: &Path, map: &Path, data: &Path) -> Result<Engine, String> {
    fs::create_dir_all(data).map_err(|error| format!("{}: {error}", data.display()))?;
    let (own, network) = (data.join("monaco.osm.pbf"), data.join("monaco.osrm"));
    // It writes its files beside the map.
    fs::copy(map, &own).map_err(|error| format!("{}: {error}", own.display()))?;
    let profile = wheels.join("osrm/share/profiles/car.lua");
    run_quietly(program(wheels, "osrm/bin/osrm-extract")?.arg("--profile").arg(profile).arg(&own))?;
    run_quietly(program(wheels, "osrm/bin/osrm-contract")?.arg(&network))?;
    let port = free_port()?;
    let mut server = program(wheels, "osrm/bin/osrm-routed")?;
    server.args(["--ip", "127.0.0.1", "--port", &port.to_string()]).arg(&network);
    Engine::start(server, port, data, "/nearest/v1/driving/7.42,43.73")
}

fn start_valhalla(wheels: &Path, map: &Path, data: &Path) -> Result<Engine, String> {
    let tiles = data.join("tiles");
    fs::create_dir_all(&tiles).map_err(|error| format!("{}: {error}", tiles.display()))?;
    let (port, config) = (free_port()?, data.join("valhalla.json"));
    // Names of sockets must be short, so that they are not below the target folder.
    let sockets = std::env::temp_dir().join(format!("milkrun-{}-", std::process::id()));
    let mut configure = Command::new(python::environment_in(&target().join("tools/python"))?);
    configure.arg(root().join(CONFIGURE)).arg(wheels.join("valhalla/valhalla_build_config.py")).arg(&tiles);
    run(configure.arg(format!("tcp://127.0.0.1:{port}")).arg(&sockets).arg(&config))?;
    run_quietly(program(wheels, "valhalla/bin/valhalla_build_tiles")?.arg("--config").arg(&config).arg(map))?;
    let mut server = program(wheels, "valhalla/bin/valhalla_service")?;
    server.arg(&config).arg("1");
    let mut engine = Engine::start(server, port, data, "/status")?;
    engine.sockets = Some(sockets);
    Ok(engine)
}

/// An engine that runs. It ends when this is dropped, and its data are deleted.
struct Engine {
    child: Child,
    port: u16,
    data: PathBuf,
    /// How the names of its sockets begin.
    sockets: Option<PathBuf>,
}

impl Engine {
    /// Starts a server, and waits until it answers a request.
    fn start(mut server: Command, port: u16, data: &Path, path: &str) -> Result<Self, String> {
        let log = data.join("log");
        let file = fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let copy = file.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
        let child = server.stdin(Stdio::null()).stdout(file).stderr(copy).spawn();
        let child = child.map_err(|error| format!("{} cannot be started: {error}", server.get_program().display()))?;
        let mut engine = Self { child, port, data: data.to_owned(), sockets: None };
        let start = Instant::now();
        while !engine.answers(path) {
            let ended = engine.child.try_wait().ok().flatten().is_some();
            if ended || start.elapsed() > LONGEST {
                let told = fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("{} does not start: {told}", server.get_program().display()));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(engine)
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether a request succeeds.
    fn answers(&self, path: &str) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
            let mut status = [0; 12];
            stream.read_exact(&mut status)?;
            Ok::<bool, std::io::Error>(&status == b"HTTP/1.1 200")
        };
        ask().unwrap_or(false)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
        // The folder of both, after the second.
        let _ = self.data.parent().map(fs::remove_dir);
        let Some((folder, start)) = self.sockets.as_ref().and_then(|path| Some((path.parent()?, path.file_name()?)))
        else {
            return;
        };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(start.as_encoded_bytes()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
