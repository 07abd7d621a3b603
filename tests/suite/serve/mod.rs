//! The preview, without a browser: a site in memory, a server on a free port, requests as bytes.

mod edits;
mod http;
mod saves;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai::diagnostic::Language;
use gongkai::serve::{self, Eyes, Options, Running, Subject, Teller};
use gongkai::source::{Clock, Disk, MemoryDisk};

use crate::sites::TODAY;

/// A watcher double: it hears, or seems to, and tells only what a test tells.
#[derive(Default)]
pub struct Double {
    /// Whether a probe is heard. One that is deaf is what a network drive has.
    pub deaf: bool,
    /// Handed out as soon as the eyes are open.
    pub teller: Arc<std::sync::Mutex<Option<Teller>>>,
}

impl Eyes for Double {
    fn open(&mut self, _: &Path, teller: &Teller) -> bool {
        if !self.deaf {
            teller.came();
        }
        *self.teller.lock().unwrap() = Some(teller.clone());
        true
    }
}

pub fn options() -> Options {
    Options { port: 0, lan: false, follow: false, editor: None, language: Language::Chinese }
}

pub fn subject(disk: Arc<dyn Disk>, folder: impl Into<PathBuf>) -> Subject {
    let clock = || Clock::fixed(jiff::civil::date(TODAY.0, TODAY.1, TODAY.2));
    Subject { disk, folder: folder.into(), base_url: None, clock }
}

/// A preview of the site in `site/`, which hears of changes only when it is told.
pub fn preview(disk: MemoryDisk) -> Running {
    serve::start(subject(Arc::new(disk), "site"), Box::new(Double::default()), &options(), |_| {}).unwrap()
}

/// An answer as it came.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; none where it was not sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("pages are UTF-8")
    }

    /// The body without the one script tag of the preview.
    pub fn without_script(&self) -> Vec<u8> {
        let text = self.text();
        let at = text.find("<script src=\"/.gongkai/live.js\"").expect("a page has the script");
        let end = at + text[at..].find("</script>").unwrap() + "</script>".len();
        assert!(!text[end..].contains("/.gongkai/"), "the script stands there once");
        (text[..at].to_owned() + &text[end..]).into_bytes()
    }
}

/// Sends bytes and reads until the server closes.
pub fn send(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status");
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

/// One request with these further headers.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    send(address, &format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"))
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, &[])
}
