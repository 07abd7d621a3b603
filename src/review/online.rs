//! `gongkai check --online`: goes and looks at links to other hosts, politely: one page of a host at a time, with a
//! pause between two, each page once however often it is linked, HEAD before GET, and nothing of it is kept.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use ureq::Agent;

use super::{Outside, lock};
use crate::check::Criteria;
use crate::diagnostic::{Diagnostic, Severity, Text, codes};
use crate::text;

/// How other hosts are treated.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// Between two questions to one host.
    pub pause: Duration,
    /// How long an answer may take, redirections and all.
    pub patience: Duration,
    /// Hosts that are asked at one time.
    pub hosts: usize,
}

impl Default for Manners {
    fn default() -> Self {
        Self { pause: Duration::from_secs(1), patience: Duration::from_secs(15), hosts: 4 }
    }
}

/// A page that moves more often is going round in circles.
const MOST_REDIRECTS: u32 = 5;

/// What came of asking for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// It is there, or its host keeps it from programs.
    There,
    /// The host says that it is no more.
    Gone(u16),
    /// Nobody knows the host.
    NoHost,
    /// It could not be had just now.
    Unclear(String),
}

/// Asks for every page once and says what is wrong with the links to them.
pub fn visit(outside: &[Outside], criteria: &Criteria<'_>, manners: Manners) -> Vec<Diagnostic> {
    let Some(severity) = criteria.weight_of(codes::DEAD_OUTSIDE) else { return Vec::new() };
    let mut pages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for link in outside {
        let page = page(&link.url);
        let of_host = pages.entry(host(page)).or_default();
        if !of_host.contains(&page) {
            of_host.push(page);
        }
    }
    let answers = ask(pages.into_values().collect(), manners);
    // A machine without a network knows no host; that is no fault of the links.
    let is_online = answers.values().any(|answer| matches!(answer, Answer::There | Answer::Gone(_)));
    let mut found = Vec::new();
    for link in outside {
        let Some((is_dead, why)) = answers.get(page(&link.url)).and_then(Answer::fault) else { continue };
        let Text { zh, en } = why;
        let url = &link.url;
        let message = text!("外部链接打不开：{url}（{zh}）", "the link cannot be opened: {url} ({en})");
        let severity = if is_dead && is_online { severity } else { Severity::Advice.min(severity) };
        let help = if is_dead {
            text!("改成新的地址，或者去掉链接", "write its new address, or remove the link")
        } else {
            text!("过些时候再查一次", "look again in a while")
        };
        let fault = Diagnostic { severity, ..Diagnostic::warning(codes::DEAD_OUTSIDE, message) };
        found.push(fault.at(link.place.clone()).help(help));
    }
    found
}

impl Answer {
    /// What is wrong, if something is: whether the link is dead for sure, and why.
    fn fault(&self) -> Option<(bool, Text)> {
        match self {
            Self::There => None,
            Self::Gone(status) => Some((true, text!("对方回答 {status}", "the answer is {status}"))),
            Self::NoHost => Some((true, text!("没有这个网站", "there is no such host"))),
            Self::Unclear(why) => Some((false, text!("{why}", "{why}"))),
        }
    }
}

/// Asks for the pages of each host one after the other, several hosts at a time.
fn ask(hosts: Vec<Vec<&str>>, manners: Manners) -> BTreeMap<String, Answer> {
    let config = Agent::config_builder()
        .timeout_global(Some(manners.patience))
        .max_redirects(MOST_REDIRECTS)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("gongkai/", env!("CARGO_PKG_VERSION"), " (looks whether links are dead)"))
        .build();
    let agent = Agent::from(config);
    let queue = Mutex::new(hosts.into_iter());
    let answers = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..manners.hosts {
            scope.spawn(|| {
                loop {
                    let Some(pages) = lock(&queue).next() else { return };
                    for (number, page) in pages.into_iter().enumerate() {
                        if number > 0 {
                            thread::sleep(manners.pause);
                        }
                        let answer = answer(&agent, page, manners.pause);
                        lock(&answers).insert(page.to_owned(), answer);
                    }
                }
            });
        }
    });
    answers.into_inner().unwrap_or_default()
}

fn answer(agent: &Agent, page: &str, pause: Duration) -> Answer {
    let first = agent.head(page).call();
    if first.as_ref().is_ok_and(|response| response.status().is_success()) {
        return Answer::There;
    }
    if let Err(ureq::Error::HostNotFound) = first {
        return Answer::NoHost;
    }
    // Many servers answer HEAD with nonsense.
    thread::sleep(pause);
    match agent.get(page).call().map(|response| response.status().as_u16()) {
        Ok(status @ (404 | 410)) => Answer::Gone(status),
        Ok(status @ 500..) => Answer::Unclear(status.to_string()),
        Ok(_) => Answer::There,
        Err(ureq::Error::HostNotFound) => Answer::NoHost,
        Err(error) => Answer::Unclear(error.to_string()),
    }
}

/// An address without its fragment, which is the reader's own.
fn page(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

fn host(page: &str) -> &str {
    page.split("//").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default()
}
