//! The program itself, killed at many moments while it publishes to a server: the next run goes on, sends again only
//! what was in flight, and leaves files of others alone.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::servers::{Server, files_below, on_each_server};
use super::town::Town;

/// Kills on each server, so that there are more than a hundred on all of them.
const KILLS: usize = 20;

fn goes_on(server: &Server) {
    let town = Town::new(server, &server.url);
    let in_flight = super::targets::open(server).abilities().at_once;
    server.put_foreign("county.html", "the county's own");
    let began = Instant::now();
    town.done(&["publish", "--no-verify", "--with-errors"]);
    let mut took = began.elapsed().min(Duration::from_millis(400));
    let mut dice = 11u64;
    let (mut cut, mut round) = (0, 0);
    // One that came to its end before it was killed does not count.
    while cut < KILLS {
        round += 1;
        assert!(round < KILLS * 10, "only {cut} of {round} were killed in time");
        let url = format!("https://www.example.gov.cn/{round}/");
        let arguments = ["publish", "--no-verify", "--with-errors", "--json", "--base-url", &url];
        town.done(&["build", "--base-url", &url]);
        let mut child = town.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(took.mul_f64((dice >> 33) as f64 / (1u64 << 31) as f64));
        child.kill().unwrap();
        cut += usize::from(!child.wait().unwrap().success());
        let built = files_below(&town.folder.path().join("public"), &[".gongkai"]);
        let there = server.files();
        let missing: usize =
            built.iter().filter(|(path, bytes)| there.get(*path) != Some(bytes)).map(|(_, bytes)| bytes.len()).sum();
        let largest = built.values().map(Vec::len).max().unwrap();
        let began = Instant::now();
        let said: serde_json::Value = serde_json::from_slice(&town.done(&arguments).stdout).unwrap();
        // Not the slowest: one slow run would let too many of the later ones come to their end.
        took = (took + began.elapsed()) / 2;
        let again = said["sent"]["bytes"].as_u64().unwrap_or(0) as usize;
        assert!(again <= missing + in_flight * largest, "round {round}: {again} again, {missing} were missing");
        let mut there = server.files();
        assert_eq!(there.remove("county.html").as_deref(), Some(&b"the county's own"[..]));
        assert_eq!(there, built, "round {round}");
    }
}

on_each_server!(goes_on);

#[cfg(feature = "cloud")]
#[test]
fn on_a_store() {
    goes_on(&super::servers::moto());
}
