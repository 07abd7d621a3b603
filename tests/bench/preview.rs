//! `cargo bench --bench preview -- [SIZES]`: how long after a save an open page has its new form.
//!
//! For each size (1,000 reports where none is given) the preview is started on made-up reports, a client opens the
//! stream of news of one report and saves that report again and again: a sentence at its end, then its title, which
//! stands on many pages, then its date, by which it moves to another place in all lists. The time runs from before the write until the client holds the new page, over the stream of
//! news and a request of its own. The reports lie in memory (/dev/shm) where the system has that.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and works on the real disk")]

#[allow(dead_code, reason = "the other benchmark lays reports out for other generators too")]
mod corpus;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use corpus::Layout;

/// Saves of each kind that are measured.
const SAVES: usize = 60;
/// The pause before a save, so that it does not meet the work of the last one.
const PAUSE: Duration = Duration::from_millis(60);

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench`.
    let sizes: Vec<usize> = env::args().skip(1).filter_map(|size| size.replace([',', '_'], "").parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000] } else { sizes };
    println!(
        "| reports | full build, s | start to first page, s | text saved: median, ms | p95, ms | title saved: median, ms | p95, ms | date saved: median, ms | p95, ms | memory, MiB |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for size in sizes {
        println!("{}", row(size)?);
    }
    Ok(())
}

fn row(size: usize) -> io::Result<String> {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    let work = tempfile::Builder::new().prefix("gongkai-preview-").tempdir_in(parent)?;
    let site = work.path().join("site");
    corpus::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers/gongkai"), &site)?;
    // Nobody is here to compare with: the site is built and shown with its search and its checks, as sites are.
    let settings = site.join("site.yaml");
    let all = fs::read_to_string(&settings)?;
    let kept = all.lines().filter(|line| !line.starts_with("search:") && !line.starts_with("check:"));
    fs::write(&settings, kept.collect::<Vec<_>>().join("\n"))?;
    let report = corpus::write(size, &[(Layout::Gongkai, site.clone())])?;

    let program = env!("CARGO_BIN_EXE_gongkai");
    let begun = Instant::now();
    let out = work.path().join("out");
    let built = Command::new(program).arg("build").arg("--site").arg(&site).arg("--out").arg(&out).output()?;
    let build = begun.elapsed();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let address = page_of(&report, &out)?;
    fs::remove_dir_all(&out)?;

    let begun = Instant::now();
    let mut server = Server::start(program, &site)?;
    assert!(server.get(&address)?.contains("</html>"));
    let start = begun.elapsed();

    let text = fs::read_to_string(&report)?;
    let mut news = server.news(&address)?;
    news.next()?;
    let mut save = |new: &dyn Fn(usize) -> (String, String)| -> io::Result<[f64; 2]> {
        let mut times = Vec::with_capacity(SAVES);
        for number in 0..SAVES {
            thread::sleep(PAUSE);
            let (text, sign) = new(number);
            let begun = Instant::now();
            fs::write(&report, text)?;
            loop {
                news.next()?;
                if server.get(&address)?.contains(&sign) {
                    break;
                }
            }
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        Ok([times[SAVES / 2], times[SAVES * 95 / 100]])
    };
    let sentence = |number| format!("第{number}次修改的一句。");
    let body = save(&|number| (format!("{text}\n\n{}\n", sentence(number)), sentence(number)))?;
    let title = |number| format!("第{number}次改名的");
    let head = save(&|number| (text.replacen("title: ", &format!("title: {}", title(number)), 1), title(number)))?;
    let date = |number| {
        let line = text.lines().find(|line| line.starts_with("date: ")).expect("a report has a date");
        let moved = text.replacen(line, &format!("date: 20{:02}-06-{:02}", number % 20, number % 28 + 1), 1);
        (format!("{moved}\n\n{}\n", sentence(number)), sentence(number))
    };
    let order = save(&date)?;
    let peak = server.memory().map_or("–".to_owned(), |mib| format!("{mib:.0}"));
    server.0.kill()?;
    server.0.wait()?;
    Ok(format!(
        "| {size} | {:.2} | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {peak} |",
        build.as_secs_f64(),
        start.as_secs_f64(),
        body[0],
        body[1],
        head[0],
        head[1],
        order[0],
        order[1]
    ))
}

/// Where the page of a report stands, found by its file's name, which is its slug.
fn page_of(report: &Path, out: &Path) -> io::Result<String> {
    let name = report.with_extension("html");
    let name = name.file_name().expect("a report has a name");
    for town in fs::read_dir(out)? {
        for year in fs::read_dir(town?.path()).into_iter().flatten() {
            let page = year?.path().join(name);
            if page.is_file() {
                let below = page.strip_prefix(out).expect("it lies in the output");
                return Ok(format!("/{}", below.display()));
            }
        }
    }
    Err(io::Error::other("the report has no page"))
}

/// A running preview, and where it is reached.
struct Server(Child, String);

impl Server {
    fn start(program: &str, site: &Path) -> io::Result<Self> {
        let arguments = ["serve", "--port", "0", "--lang", "en", "--site"];
        let mut child =
            Command::new(program).args(arguments).arg(site).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line)?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.ok_or_else(|| io::Error::other(format!("the preview says: {line}")))?.to_owned();
        Ok(Self(child, address))
    }

    fn ask(&self, path: &str, more: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.1)?;
        stream.set_nodelay(true)?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", self.1).as_bytes())?;
        Ok(stream)
    }

    fn get(&self, path: &str) -> io::Result<String> {
        let mut answer = String::new();
        self.ask(path, "Connection: close\r\n")?.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn news(&self, page: &str) -> io::Result<News> {
        Ok(News(BufReader::new(self.ask(&format!("/.gongkai/live?page={page}"), "")?)))
    }

    /// The largest memory that it held, in MiB, where the system says so.
    fn memory(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kib| kib / 1024.0)
    }
}

/// The stream of news of one page.
struct News(BufReader<TcpStream>);

impl News {
    /// Waits for the next message.
    fn next(&mut self) -> io::Result<()> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::Error::other("the stream of news ended"));
            }
            if line.starts_with("data:") {
                return Ok(());
            }
        }
    }
}
