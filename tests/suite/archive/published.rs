//! Published copies: what readers are given over HTTP is held against the seal.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use gongkai::archive::make::Work;
use gongkai::archive::prove::Anchors;
use gongkai::archive::web::published;
use gongkai::seal::log;
use gongkai::seal::verify::Difference;
use gongkai::source::{Disk, MemoryDisk};

use super::site;
use crate::sites::{self, Options, build};

/// What a server does with one file.
#[derive(Clone)]
enum Answer {
    File(Vec<u8>),
    Status(u16),
    /// Says that it is longer than what comes.
    Cut(Vec<u8>),
    /// Packed although nobody asked for it.
    Packed(Vec<u8>),
}

/// A web server on this machine with a site below `/xxgk/`.
struct Server {
    files: Arc<Mutex<BTreeMap<String, Answer>>>,
    url: String,
}

impl Server {
    fn start(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/xxgk/", listener.local_addr().unwrap());
        let files = files.into_iter().map(|(path, bytes)| (path, Answer::File(bytes))).collect();
        let files = Arc::new(Mutex::new(files));
        let own = Arc::clone(&files);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = Arc::clone(&own);
                std::thread::spawn(move || answer(stream, &own));
            }
        });
        Self { files, url }
    }

    fn put(&self, path: &str, answer: Option<Answer>) {
        let mut files = self.files.lock().unwrap();
        match answer {
            Some(answer) => drop(files.insert(path.to_owned(), answer)),
            None => drop(files.remove(path)),
        }
    }
}

fn answer(mut stream: TcpStream, files: &Mutex<BTreeMap<String, Answer>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let asked = first.split(' ').nth(1).and_then(|path| path.strip_prefix("/xxgk/")).unwrap_or_default();
    let answer = files.lock().unwrap().get(asked).cloned().unwrap_or(Answer::Status(404));
    let (status, head, length, body) = match answer {
        Answer::File(bytes) => (200, "", bytes.len(), bytes),
        Answer::Status(status) => (status, "", 0, Vec::new()),
        Answer::Cut(bytes) => (200, "", bytes.len() + 9, bytes),
        Answer::Packed(bytes) => (200, "Content-Encoding: gzip\r\n", bytes.len(), bytes),
    };
    let head = format!("HTTP/1.1 {status} x\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

/// The site with the year 2021 sealed and built, and what its output holds.
fn sealed() -> (MemoryDisk, BTreeMap<String, Vec<u8>>) {
    let disk = site();
    sites::seal(&disk, 2021);
    assert!(build(&disk, "out", Options::default()).built);
    let files = output(&disk);
    (disk, files)
}

fn differences(server: &Server) -> Vec<Difference> {
    let found = published(&server.url, None, &Anchors::default()).unwrap();
    assert_eq!(found.len(), 1, "the copy of the log names one year");
    assert!(!found[0].proof.listed, "whoever asks over HTTP sees no file that was added");
    found[0].proof.differences.clone()
}

#[test]
fn what_readers_are_given_is_held_against_the_seal() {
    let (disk, files) = sealed();
    let server = Server::start(files.clone());
    assert_eq!(differences(&server), []);
    let report = "dingshi/2021/juesuan.html";
    let whole = files[report].clone();
    let half = whole[..whole.len() / 2].to_vec();
    let other = [&whole[..whole.len() - 1], b"x"].concat();
    let longer = [whole.as_slice(), b"<script src=x></script>"].concat();
    for (answer, expected) in [
        (Some(Answer::File(other)), Difference::Changed(report.into())),
        (Some(Answer::File(half.clone())), Difference::Changed(report.into())),
        (Some(Answer::File(longer)), Difference::Changed(report.into())),
        (None, Difference::Missing(report.into())),
        (Some(Answer::Status(410)), Difference::Missing(report.into())),
        (Some(Answer::Status(403)), Difference::Unreadable(report.into(), "HTTP 403".into())),
        (Some(Answer::Packed(whole.clone())), Difference::Unreadable(report.into(), "Content-Encoding: gzip".into())),
    ] {
        server.put(report, answer);
        assert_eq!(differences(&server), [expected]);
    }
    server.put(report, Some(Answer::Cut(half)));
    assert!(matches!(differences(&server).as_slice(), [Difference::Unreadable(path, _)] if path == report));
    server.put(report, Some(Answer::File(whole)));
    server.put("years/2021/seal.json", Some(Answer::File(b"{}\n".to_vec())));
    let found = differences(&server);
    assert!(found.contains(&Difference::BrokenSeal("years/2021/seal.json".into())), "{found:?}");
    server.put("years/2021/seal.json", Some(Answer::Status(500)));
    assert!(published(&server.url, None, &Anchors::default()).is_err(), "without a seal nothing can be said");

    // The clerk's own log is no copy of the site's: it sees a seal that was made anew.
    let forged = site();
    forged.put("site/content/yunling/2021/jihua.md", sites::report("云岭乡2021年计划", "云岭乡", 2021, "别的话。"));
    sites::seal(&forged, 2021);
    build(&forged, "out", Options::default());
    let server = Server::start(output(&forged));
    assert_eq!(differences(&server), []);
    let own = Anchors { log: Some(log::read(&disk, "site".as_ref()).unwrap()), ..Anchors::default() };
    assert!(!published(&server.url, None, &own).unwrap()[0].is_sound());
}

fn output(disk: &MemoryDisk) -> BTreeMap<String, Vec<u8>> {
    disk.files_below("out".as_ref())
}

#[test]
fn every_version_is_looked_at_where_it_stands() {
    let (disk, _) = sealed();
    let source = "site/content/dingshi/2021/juesuan.md";
    let text = String::from_utf8(disk.read(source.as_ref()).unwrap()).unwrap();
    disk.put(source, text.replace("120", "125"));
    let work = Work::Amend { reason: "误写", on: jiff::civil::date(2026, 3, 1) };
    assert!(sites::archive(&disk, 2021, work, Options::default()).sealed.is_some());
    assert!(build(&disk, "out", Options::default()).built);
    let server = Server::start(output(&disk));
    let versions = |url: &str, year| -> Vec<(Option<u32>, bool)> {
        let found = published(url, year, &Anchors::default()).unwrap();
        found.iter().map(|finding| (finding.version, finding.is_sound())).collect()
    };
    assert_eq!(versions(&server.url, None), [(Some(1), true), (Some(2), true)]);
    // Without a log the year has to be named, and an older version's own folder can be given.
    server.put("archive/seals.jsonl", None);
    assert_eq!(versions(&server.url, None), []);
    assert_eq!(versions(&server.url, Some(2021)), [(Some(2), true)]);
    assert_eq!(versions(&format!("{}archive/2021/v1", server.url), Some(2021)), [(Some(1), true)]);
    server.put("archive/2021/v1/yunling/2021/jihua.html", None);
    assert_eq!(versions(&format!("{}archive/2021/v1/", server.url), Some(2021)), [(Some(1), false)]);
}

#[test]
fn the_program_says_what_it_saw_and_what_nobody_can_see() {
    let (_, files) = sealed();
    let server = Server::start(files);
    let elsewhere = tempfile::tempdir().unwrap();
    let verify = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(["archive", "verify"]).args(arguments).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL");
        let output = command.current_dir(elsewhere.path()).output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), said(&output.stdout), said(&output.stderr))
    };
    let (code, said, _) = verify(&[&server.url]);
    assert_eq!(code, Some(0), "{said}");
    for words in ["2021年度第1版", "未发现改动", "无外部锚点", "看不到多出的文件"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    server.put("yunling/2021/jihua.html", None);
    let (code, said, _) = verify(&[&server.url, "--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["sound"]), (Some(1), &serde_json::json!(false)));
    let expected = serde_json::json!([{ "what": "missing", "path": "yunling/2021/jihua.html" }]);
    assert_eq!(said["years"][0]["differences"], expected);
    assert_eq!(said["years"][0]["listed"], serde_json::json!(false));
    server.put("archive/seals.jsonl", None);
    let (code, _, said) = verify(&[&server.url]);
    assert!(code == Some(2) && said.contains("--year"), "{said}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, _, said) = verify(&[&format!("http://{free}/"), "--year", "2021"]);
    assert_eq!(code, Some(2), "{said}");
}
