//! Sites in memory for all tests: the one place between the tests and the program's interface.

use std::collections::BTreeMap;
use std::path::Path;

use gongkai::archive::make::{self, Made, Work};
use gongkai::build::{self, Outcome, Request};
use gongkai::prepare::{Progress, Site};
use gongkai::review::{self, Review};
use gongkai::source::{Clock, Disk, MemoryDisk};

/// The day on which all cases are built.
pub const TODAY: (i16, i8, i8) = (2026, 1, 15);

/// A site.yaml for cases that need none of their own.
/// A build of it does not let the rules look: their cases have reviews.
pub const SITE: &str = "name: 测试站\ncontact: { host: 测试县人民政府 }\ncheck: false\n";

/// A small report.
pub fn report(title: &str, town: &str, year: i16, body: &str) -> String {
    let next = year + 1;
    format!("---\ntitle: {title}\ntown: {town}\nyear: {year}\ndate: {next}-01-10\n---\n{body}\n")
}

/// How a site is built.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    pub base_url: Option<&'a str>,
    pub keep_going: bool,
    /// Another day than [`TODAY`].
    pub today: Option<(i16, i8, i8)>,
    /// Threads; 0 is as many as the machine has.
    pub threads: usize,
}

/// A disk that holds a site in `site/`.
pub fn disk(files: &[(&str, &[u8])]) -> MemoryDisk {
    let disk = MemoryDisk::new();
    if !files.iter().any(|(path, _)| *path == "site.yaml") {
        disk.put("site/site.yaml", SITE);
    }
    for (path, bytes) in files {
        disk.put(Path::new("site").join(path), *bytes);
    }
    disk
}

/// Builds the site in `site/` into `out`.
pub fn try_build(disk: &dyn Disk, out: &str, options: Options<'_>) -> gongkai::error::Result<Outcome> {
    let (year, month, day) = options.today.unwrap_or(TODAY);
    let request = Request {
        disk,
        site: Path::new("site"),
        out: Path::new(out),
        base_url: options.base_url,
        keep_going: options.keep_going,
        clock: Clock::fixed(jiff::civil::date(year, month, day)),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().expect("threads can be had");
    pool.install(|| build::build(&request, &Quiet))
}

/// Builds a site that no disk fails.
pub fn build(disk: &dyn Disk, out: &str, options: Options<'_>) -> Outcome {
    try_build(disk, out, options).expect("memory does not fail")
}

fn site(disk: &dyn Disk) -> Site<'_> {
    let (year, month, day) = TODAY;
    let clock = Clock::fixed(jiff::civil::date(year, month, day));
    Site { disk, folder: Path::new("site"), base_url: None, clock }
}

/// Seals or amends a year of the site in `site/`; its pages come into an output with the next build.
pub fn archive(disk: &dyn Disk, year: i16, work: Work<'_>, options: Options<'_>) -> Made {
    let (y, month, day) = options.today.unwrap_or(TODAY);
    let site = Site { clock: Clock::fixed(jiff::civil::date(y, month, day)), ..site(disk) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().expect("threads can be had");
    pool.install(|| make::make(&site, year, work, &Quiet)).expect("memory does not fail")
}

/// Seals a year that can be sealed.
pub fn seal(disk: &dyn Disk, year: i16) -> Made {
    let made = archive(disk, year, Work::Seal, Options::default());
    assert!(made.sealed.is_some(), "{:?}", made.diagnostics);
    made
}

/// Checks the site in `site/`.
pub fn review(disk: &MemoryDisk) -> Review {
    review::review(&site(disk), &Quiet).expect("memory does not fail")
}

/// Checks it, links to other hosts too, without long pauses.
#[cfg(feature = "net")]
pub fn review_online(disk: &MemoryDisk) -> Review {
    use std::time::Duration;

    let (pause, patience) = (Duration::from_millis(20), Duration::from_secs(10));
    let manners = review::online::Manners { pause, patience, hosts: 2 };
    let visit = |outside: &[review::Outside], criteria: &gongkai::check::Criteria<'_>| {
        review::online::visit(outside, criteria, manners)
    };
    review::visiting(&site(disk), &Quiet, Some(&visit)).expect("memory does not fail")
}

/// The check sheet of one document.
pub fn sheet(disk: &MemoryDisk, path: &str) -> String {
    let language = gongkai::diagnostic::Language::Chinese;
    review::sheet::html(&site(disk), &review(disk), &[path.into()], language).expect("memory does not fail")
}

/// SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;

    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A host on this machine that answers what a path asks for, and remembers what it was asked.
#[cfg(feature = "net")]
pub struct Host {
    listener: std::net::TcpListener,
    asked: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

#[cfg(feature = "net")]
impl Host {
    /// Begins to answer.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let asked = std::sync::Arc::default();
        let host = Self { listener, asked };
        let (own, log) = (host.listener.try_clone().unwrap(), host.asked.clone());
        std::thread::spawn(move || {
            for stream in own.incoming().flatten() {
                if !answer(stream, &log) {
                    return;
                }
            }
        });
        host
    }

    /// Where it answers.
    pub fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }

    /// Stops, and says what was asked.
    pub fn stop(self) -> Vec<String> {
        use std::io::Write;

        let mut last = std::net::TcpStream::connect(self.listener.local_addr().unwrap()).unwrap();
        let _ = last.write_all(b"GET /stop HTTP/1.1\r\n\r\n");
        self.asked.lock().unwrap().clone()
    }
}

/// Answers one request; `false` after the last.
#[cfg(feature = "net")]
fn answer(mut stream: std::net::TcpStream, log: &std::sync::Mutex<Vec<String>>) -> bool {
    use std::io::{BufRead, BufReader, Write};

    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let asked = first.rsplit_once(' ').map_or("", |(asked, _)| asked).to_owned();
    let status = match asked.as_str() {
        "GET /stop" => return false,
        "HEAD /there" | "GET /no-head" | "HEAD /there-now" => "200 OK",
        "HEAD /moved" => "302 Found\r\nLocation: /there-now",
        "HEAD /no-head" => "405 Method Not Allowed",
        "HEAD /busy" | "GET /busy" => "503 Service Unavailable",
        _ => "404 Not Found",
    };
    log.lock().unwrap().push(asked);
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    true
}

/// What is due on the site in `site/`.
pub fn due(disk: &MemoryDisk) -> Vec<review::due::Duty> {
    review::due::look(&site(disk), &Quiet).expect("memory does not fail").0.expect("the site can be prepared")
}

/// One source after everything was mended that can be.
pub fn fixed(disk: &MemoryDisk, path: &str) -> String {
    review::mend(&site(disk), &review(disk).mendings).expect("memory does not fail");
    String::from_utf8(disk.read(&Path::new("site").join(path)).unwrap()).expect("what was mended is UTF-8")
}

/// Everything in an output folder.
pub fn files(disk: &MemoryDisk, out: &str) -> BTreeMap<String, Vec<u8>> {
    disk.files_below(Path::new(out))
}

/// One page as text.
pub fn page(disk: &MemoryDisk, out: &str, address: &str) -> String {
    let files = files(disk, out);
    let bytes = files.get(address).unwrap_or_else(|| panic!("no page {address}; there are {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("pages are UTF-8")
}

/// Progress that nobody looks at.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
}
