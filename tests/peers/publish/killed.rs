//! The program itself, killed at many moments while it publishes to a server: the next run goes on, sends again only
//! what was in flight, and leaves files of others alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::servers::{PASSWORD, Server, Speech, nginx, openssh, proftpd};

/// Moments on each of the four servers.
const MOMENTS: usize = 25;

struct Town<'a> {
    folder: tempfile::TempDir,
    server: &'a Server,
}

impl<'a> Town<'a> {
    fn new(server: &'a Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let line = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("    {name}: \"{value}\"\n")).unwrap_or_default()
        };
        let key = server.key.as_ref().map(|key| key.display().to_string());
        let settings = format!(
            "name: 测试站\ncontact: {{ host: 测试县人民政府 }}\nsearch: false\npublish:\n  - name: county\n    to: {}\n{}{}",
            server.url,
            line("fingerprint", &server.fingerprint),
            line("key", &key),
        );
        std::fs::write(folder.path().join("site.yaml"), settings).unwrap();
        std::fs::create_dir(folder.path().join("content")).unwrap();
        for n in 0..4 {
            let year = 2019 + n;
            let report = format!(
                "---\ntitle: 丁市镇{year}年预算\ntown: 丁市镇\nyear: {year}\ndate: {}-01-10\n---\n{}\n",
                year + 1,
                "正文。".repeat(300)
            );
            std::fs::write(folder.path().join(format!("content/r{n}.md")), report).unwrap();
        }
        Self { folder, server }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).arg("--site").arg(self.folder.path());
        command.env("GONGKAI_PASSWORD", PASSWORD).stdin(Stdio::null());
        command
    }

    fn done(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let said = || String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}", said());
        output
    }

    fn docroot(&self) -> PathBuf {
        let below = self.server.root().join("xxgk");
        if below.exists() { below } else { self.server.root() }
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(&inner).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            match path.is_dir() {
                true if name != ".gongkai" => folders.push(path),
                true => {}
                false => _ = found.insert(name, std::fs::read(&path).unwrap()),
            }
        }
    }
    found
}

fn goes_on(server: &Server, in_flight: usize) {
    let town = Town::new(server);
    std::fs::write(town.docroot().join("county.html"), "the county's own").unwrap();
    let began = Instant::now();
    town.done(&["publish", "--no-verify", "--with-errors"]);
    let mut took = began.elapsed().min(Duration::from_millis(400));
    let mut dice = 11u64;
    let mut cut = 0;
    for round in 0..MOMENTS {
        let url = format!("https://www.example.gov.cn/{round}/");
        let arguments = ["publish", "--no-verify", "--with-errors", "--json", "--base-url", &url];
        town.done(&["build", "--base-url", &url]);
        let mut child = town.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(took.mul_f64((dice >> 33) as f64 / (1u64 << 31) as f64));
        child.kill().unwrap();
        cut += usize::from(!child.wait().unwrap().success());
        let built = files(&town.folder.path().join("public"));
        let there = files(&town.docroot());
        let missing: usize =
            built.iter().filter(|(path, bytes)| there.get(*path) != Some(bytes)).map(|(_, bytes)| bytes.len()).sum();
        let largest = built.values().map(Vec::len).max().unwrap();
        let began = Instant::now();
        let said: serde_json::Value = serde_json::from_slice(&town.done(&arguments).stdout).unwrap();
        // Not the slowest: one slow run would let too many of the later ones come to their end.
        took = (took + began.elapsed()) / 2;
        let again = said["sent"]["bytes"].as_u64().unwrap_or(0) as usize;
        assert!(again <= missing + in_flight * largest, "round {round}: {again} again, {missing} were missing");
        let mut there = files(&town.docroot());
        assert_eq!(there.remove("county.html").as_deref(), Some(&b"the county's own"[..]));
        assert_eq!(there, built, "round {round}");
    }
    assert!(cut > MOMENTS / 4, "only {cut} of {MOMENTS} were killed in time");
}

#[test]
fn on_openssh() {
    goes_on(&openssh(), 32);
}

#[test]
fn on_proftpd_with_tls() {
    goes_on(&proftpd(Speech::Ftps), 4);
}

#[test]
fn on_proftpd_by_sftp() {
    goes_on(&proftpd(Speech::Sftp), 32);
}

#[test]
fn on_nginx() {
    goes_on(&nginx(), 8);
}
