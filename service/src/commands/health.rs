//! Whether the service that runs here can answer requests.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::{code, say};
use crate::config::Config;
use crate::error::Error;

/// Longest wait for each part of the answer.
const LONGEST: Duration = Duration::from_secs(3);

/// Asks the service at the address of the settings; a wildcard stands for this machine.
pub(super) fn ask(config: &Config) -> Result<ExitCode, Error> {
    let ip = match config.listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, config.listen.port());
    let told = answer(address).map_err(|source| Error::File { path: format!("http://{address}"), source })?;
    let status = told.split(' ').nth(1).unwrap_or("no status");
    say(&format!("http://{address}/health/ready: {status}"));
    Ok(code(status == "200"))
}

/// The first line of the answer.
fn answer(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LONGEST)?;
    stream.set_read_timeout(Some(LONGEST))?;
    stream.set_write_timeout(Some(LONGEST))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut head = [0; 64];
    let mut length = 0;
    while length < head.len() && !head[..length].contains(&b'\n') {
        match stream.read(&mut head[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(String::from_utf8_lossy(&head[..length]).into_owned())
}
