//! Requests that fail, at every point of a publish to servers that speak HTTP: a proxy refuses one, answers that it is
//! too busy, or breaks the connection. No later stage begins, nothing is removed before its time, old pages stand, and
//! the next run comes to the end.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gongkai::publish::order::Stage;
use gongkai::publish::remote::CURRENT;
use gongkai::publish::session::Outcome;
use gongkai::publish::target::Deed;
use gongkai::publish::{Fault, Stop, Target, http};
use hyper::Method;

use super::between::{self, Between};
use super::desk::{Desk, Site, year};
use super::servers::{PASSWORD, Server, nginx};
use super::targets::open_at;
use super::town::Town;

/// No request fails.
const NEVER: usize = usize::MAX;

/// A proxy before a server, which lets the n-th request that would change something fail, each time in another way.
struct Breaker {
    proxy: Between,
    number: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Breaker {
    fn before(port: u16) -> Self {
        let (number, asked) = (Arc::new(AtomicUsize::new(NEVER)), Arc::new(AtomicUsize::new(0)));
        let (broken, count) = (number.clone(), asked.clone());
        let client = http::client();
        let proxy = between::start(move |request| {
            let changes = ![Method::GET, Method::HEAD].contains(&request.method);
            if changes && count.fetch_add(1, Ordering::Relaxed) == broken.load(Ordering::Relaxed) {
                return match broken.load(Ordering::Relaxed) % 3 {
                    0 => between::status(403, "no"),
                    1 => between::status(503, "later"),
                    _ => None,
                };
            }
            between::hand_on(&client, &request, port)
        });
        Self { proxy, number, asked }
    }

    fn breaks_at(&self, number: usize) {
        self.asked.store(0, Ordering::Relaxed);
        self.number.store(number, Ordering::Relaxed);
    }
}

fn port_of(url: &str) -> u16 {
    url.rsplit("127.0.0.1:").next().unwrap().split('/').next().unwrap().parse().unwrap()
}

/// The stage of the request that failed. The record of what stands is put twice: to switch, and at the very end.
fn stage_of(fault: &Fault, plan: &[(Stage, String)], has_switched: bool) -> Stage {
    let verbs: &[&str] = match fault.deed {
        Deed::Put => &["put", "claim"],
        Deed::MakeFolder => &["folder", "claim"],
        Deed::Keep => &["keep"],
        Deed::Remove => &["remove", "remove-folder"],
        other => panic!("{other:?} changes nothing"),
    };
    let is_it = |line: &str| {
        let mut words = line.split(' ');
        let (verb, path) = (words.next().unwrap(), words.next().unwrap());
        verbs.contains(&verb) && (path == fault.path || fault.path.strip_prefix(path) == Some("/holder.json"))
    };
    let mut stages = plan.iter().filter(|(_, line)| is_it(line)).map(|(stage, _)| *stage);
    let stage = if has_switched { stages.next_back() } else { stages.next() };
    stage.unwrap_or_else(|| panic!("{fault:?} was not planned"))
}

fn with_foreign(mut site: Site) -> Site {
    site.insert("county.html".into(), b"the county's own".to_vec());
    site
}

fn done(outcome: Result<Outcome, Stop>) {
    assert!(matches!(outcome, Ok(Outcome::Done(..))), "{outcome:?}");
}

/// What stands there by the target's own record.
fn stands(target: &dyn Target) -> serde_json::Value {
    let record = target.read(CURRENT).unwrap().unwrap();
    serde_json::from_slice::<serde_json::Value>(&record).unwrap()["generation"].clone()
}

fn fails_safely(server: &Server) {
    let port = port_of(&server.url);
    let breaker = Breaker::before(port);
    let url = server.url.replace(&port.to_string(), &breaker.proxy.port.to_string());
    let target = open_at(&url, server, None, PASSWORD).unwrap();
    let desk = Desk::new("甲");
    server.put_foreign("county.html", "the county's own");
    let (old, new) = (year(5), year(2));
    done(desk.publish(&*target, &old));
    for number in 0.. {
        let (before, stood) = (server.files(), stands(&*target));
        breaker.breaks_at(number);
        let plan = RefCell::default();
        let ended = desk.publish_if(&*target, &new, &|planned| {
            *plan.borrow_mut() = planned.lines();
            true
        });
        breaker.breaks_at(NEVER);
        let faults = match ended {
            Err(Stop::Faults(faults)) => faults,
            Ok(Outcome::Done(..)) => {
                assert!(number > 20, "there was something to break");
                return;
            }
            other => panic!("at {number}: {other:?}"),
        };
        let (after, has_switched) = (server.files(), stands(&*target) != stood);
        let last = faults.iter().map(|fault| stage_of(fault, &plan.borrow(), has_switched)).max().unwrap();
        let planned = |path: &str, verb: &str| {
            let line = format!("{verb} {path}");
            plan.borrow().iter().find(|(_, planned)| *planned == line).map(|(stage, _)| *stage)
        };
        for (path, bytes) in &after {
            let stage = if before.get(path) == Some(bytes) { None } else { planned(path, "put") };
            assert!(stage <= Some(last), "at {number}: {path} went up at {stage:?} after a fault at {last:?}");
        }
        for path in before.keys().filter(|path| !after.contains_key(*path)) {
            let stage = planned(path, "remove").unwrap_or_else(|| panic!("at {number}: {path} was removed"));
            assert!(stage <= last, "at {number}: {path} was removed after a fault at {last:?}");
        }
        assert!(faults.iter().all(|fault| !fault.help().zh.is_empty() && !fault.cause.zh.is_empty()), "{faults:?}");
        let again = desk.publish(&*target, &new);
        assert!(again.is_ok(), "at {number}: {again:?}");
        assert_eq!(server.files(), with_foreign(new.clone()), "at {number}");
        done(desk.publish(&*target, &old));
    }
}

#[test]
fn on_nginx() {
    fails_safely(&nginx());
}

#[cfg(feature = "cloud")]
#[test]
fn on_a_store() {
    fails_safely(&super::servers::moto());
}

/// The program says it, and ends so that whoever started it notices.
#[test]
fn the_program_says_what_failed_and_what_to_do() {
    let server = nginx();
    let client = http::client();
    let port = port_of(&server.url);
    let proxy = between::start(move |request| match request.header("destination").ends_with("/xxgk/index.html") {
        true => between::status(507, "full"),
        false => between::hand_on(&client, &request, port),
    });
    let url = server.url.replace(&port.to_string(), &proxy.port.to_string());
    let town = Town::new(&server, &url);
    let run = |language: &str| {
        let output = town.command(&["publish", "--no-verify", "--with-errors", "--lang", language]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run("zh");
    assert!(
        said.contains("错误：上传 index.html 失败：服务器空间已满（状态 507）\n办法：服务器空间已满：请管理员"),
        "{said}"
    );
    let said = run("en");
    assert!(said.contains("error: failed to put index.html: the server is full (status 507)\nhelp: "), "{said}");
    assert!(server.get("index.html").is_none() && server.get("sitemap.xml").is_none());
}
