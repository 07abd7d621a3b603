//! Publishing to object storage: moto, which honours conditions, and s3rver, which ignores them.

use std::collections::BTreeMap;
use std::time::Duration;

use gongkai::publish::headers::Caching;
use gongkai::publish::http::client;
use gongkai::publish::plan::Locking;
use gongkai::publish::remote::{Holder, folder_of};
use gongkai::publish::session::Outcome;
use gongkai::publish::target::{Claim, Reason};
use gongkai::publish::{Stop, rollback};
use gongkai::source::MemoryDisk;

use super::crawler::publish_under_a_crawler;
use super::desk::{Desk, Site, year};
use super::servers::{Server, moto, s3rver};
use super::targets::open;

/// The site as it is there, without the county's own files.
fn there(server: &Server) -> Site {
    let mut files = server.files();
    files.retain(|_, bytes| bytes != b"county");
    files
}

/// `Cache-Control` as it is served.
fn cache(server: &Server, path: &str) -> String {
    let url = format!("{}{path}", server.public.as_ref().unwrap());
    let answer = client().get(&url).call().unwrap();
    answer.headers()["cache-control"].to_str().unwrap().to_owned()
}

fn done(outcome: Result<Outcome, Stop>) {
    assert!(matches!(outcome, Ok(Outcome::Done(..))), "{outcome:?}");
}

#[test]
fn an_honest_store_keeps_its_promises() {
    let server = moto();
    let target = open(&server);
    let mut desk = Desk::new("甲");
    desk.wanted.caching = Some(Caching::default());
    let all: BTreeMap<usize, Site> = (0..7).map(|n| (n, year(n))).collect();
    server.put_foreign("county.html", "county");
    for n in [2, 5, 1] {
        done(desk.publish(&*target, &all[&n]));
        assert_eq!(there(&server), all[&n]);
    }
    assert!(matches!(desk.publish(&*open(&server), &all[&1]), Ok(Outcome::Unchanged(3))));
    assert_eq!(cache(&server, "index.html"), "no-cache");
    assert_eq!(cache(&server, "assets/style-00000001.css"), "public, max-age=31536000, immutable");

    // Headers alone, and back.
    desk.wanted.caching = Some(Caching { others: "max-age=60".into(), ..Caching::default() });
    done(desk.publish(&*target, &all[&1]));
    assert_eq!(cache(&server, "index.html"), "max-age=60");
    let back = |to| {
        let (_, earlier) = rollback::earlier(&*target, to).unwrap();
        done(Desk::new("乙").publish_local(&*target, (&MemoryDisk::new(), &earlier), &|_| true));
    };
    back(None);
    assert_eq!(cache(&server, "index.html"), "no-cache");
    back(Some(2));
    assert_eq!(there(&server), all[&5]);

    // Somebody else is at it.
    let holder = Holder { run: "another".into(), who: "丙@pc".into(), given_up: false };
    assert_eq!(target.claim(&folder_of(7), holder.text().as_bytes()).unwrap(), Claim::Made);
    assert_eq!(target.claim(&folder_of(7), b"{}").unwrap(), Claim::Taken);
    let Err(Stop::Held { by, ago }) = desk.publish(&*target, &all[&4]) else { panic!("it is held") };
    assert_eq!(by, "丙@pc");
    assert!(ago.is_some_and(|ago| ago < Duration::from_secs(60)), "{ago:?}");
    target.remove(&format!("{}/holder.json", folder_of(7))).unwrap();

    // An object of others stands in the way.
    server.put_foreign("b.html", "county");
    let mut taken = all[&5].clone();
    taken.insert("b.html".into(), b"ours".to_vec());
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &taken) else { panic!("it is in the way") };
    assert_eq!((faults[0].path.as_str(), &faults[0].reason), ("b.html", &Reason::Foreign));
    assert_eq!(server.get("b.html").as_deref(), Some(&b"county"[..]));
    done(desk.publish(&*target, &all[&6]));
    assert_eq!(there(&server), all[&6]);
    assert_eq!(server.get("county.html").as_deref(), Some(&b"county"[..]));
}

#[test]
fn a_store_is_never_seen_half_done() {
    let server = moto();
    let mut desk = Desk::new("甲");
    desk.grace = Duration::from_millis(1500);
    let sites: Vec<Site> = [4, 7, 2].map(year).into();
    publish_under_a_crawler(&desk, &*open(&server), &sites, &|path| server.get(path));
    assert_eq!(&there(&server), sites.last().unwrap());
}

#[test]
fn a_store_that_ignores_conditions_is_refused_unless_told() {
    let server = s3rver();
    let target = open(&server);
    let mut desk = Desk::new("甲");
    let refused = desk.publish(&*target, &year(1));
    assert!(matches!(refused, Err(Stop::NoClaims)), "{refused:?}");
    assert!(server.get("index.html").is_none() && target.read("index.html").unwrap().is_none());
    desk.options.locking = Locking::Unlocked;
    done(desk.publish(&*target, &year(1)));
    for (path, bytes) in year(1) {
        assert_eq!(target.read(&path).unwrap(), Some(bytes), "{path}");
    }
}
