//! Street networks over real connections: a service that is killed while it prepares one, and uploads that are too large.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use milkrun::travel::road::City;

use super::support::{Place, Service, json_of, request_of, rounds};

/// A form with a map.
fn form(blocks: u32) -> Vec<u8> {
    let mut body = b"--cut\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n".to_vec();
    City { blocks, ..City::default() }.write_pbf(&mut body).unwrap();
    body.extend(b"\r\n--cut--\r\n");
    body
}

const FORM: &str = "multipart/form-data; boundary=cut";

#[test]
fn a_killed_service_prepares_its_network_after_all() {
    prepares("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_killed_service_prepares_its_network_after_all_over_postgres() {
    prepares("PostgreSQL", &Place::postgres("networks"));
}

fn prepares(store: &str, place: &Place) {
    let body = form(60);
    let mut service = Service::start(place);
    let mut access = service.sign_up(place);
    let mut cut = 0;
    for round in 0..rounds() {
        let path = format!("/v1/networks/city-{round}/import");
        json_of(request_of(&service.address, ("POST", &path), Some(&access), (FORM, &body)), 202);
        sleep(Duration::from_millis(50 + round * 41 % 400));
        service.kill();
        service = Service::start(place);
        let started = Instant::now();
        access = service.sign_in();
        loop {
            let path = format!("/v1/networks/city-{round}");
            let network = json_of(service.request("GET", &path, Some(&access), None), 200);
            match network["state"].as_str().unwrap() {
                "ready" => break,
                "failed" => panic!("{network}"),
                _ => cut += 1,
            }
            assert!(started.elapsed() < Duration::from_mins(2), "{network}");
            sleep(Duration::from_millis(100));
        }
        json_of(service.request("DELETE", &format!("/v1/networks/city-{round}"), Some(&access), None), 204);
    }
    // Only what is in the folder of uploads may be left of it, and that goes with time.
    let left = std::fs::read_dir(place.path().join("networks")).unwrap().flatten();
    let left = left.filter(|folder| folder.file_name() != "incoming");
    assert_eq!(left.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum::<usize>(), 0);
    service.stop();
    eprintln!(
        "kills ({store}): {} while a network is prepared, all of them ready later ({cut} looks before)",
        rounds()
    );
    assert!(cut > 0, "the service was killed too late");
}

#[test]
fn an_upload_that_is_too_large_ends_while_it_is_sent() {
    let place = Place::sqlite();
    let mut program = place.program();
    program.env("MILKRUN_NETWORKS_UPLOAD_BYTES", "100000");
    let service = Service::start_by(&place, program);
    let access = service.sign_up(&place);
    let mut stream = TcpStream::connect(&service.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A gigabyte is announced, and some of it sent.
    let head = format!(
        "POST /v1/networks/city/import HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {access}\r\n\
         content-type: {FORM}\r\ncontent-length: 1000000000\r\n\r\n\
         --cut\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut sent = 0;
    while sent < 1_000_000 && stream.write_all(&[b' '; 10_000]).is_ok() {
        sent += 10_000;
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    // Nothing of it is kept, nor of one whose sender hangs up.
    let mut gone = TcpStream::connect(&service.address).unwrap();
    gone.write_all(head.as_bytes()).unwrap();
    gone.write_all(&[b' '; 10_000]).unwrap();
    sleep(Duration::from_millis(200));
    drop(gone);
    let incoming = place.path().join("networks/incoming");
    let begun = Instant::now();
    while std::fs::read_dir(&incoming).unwrap().count() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        sleep(Duration::from_millis(50));
    }
    service.stop();
}
