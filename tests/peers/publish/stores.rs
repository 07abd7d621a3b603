//! Publishing to object storage: moto, which honours conditions, and s3rver, which ignores them.

use std::collections::BTreeMap;
use std::time::Duration;

use gongkai::publish::address::Address;
use gongkai::publish::connect::{Access, Secret, connect};
use gongkai::publish::headers::Caching;
use gongkai::publish::http::{client, fetch};
use gongkai::publish::plan::Locking;
use gongkai::publish::remote::{Holder, folder_of};
use gongkai::publish::session::Outcome;
use gongkai::publish::target::{Claim, Over, Put, Reason};
use gongkai::publish::{Stop, Target, rollback};
use gongkai::source::MemoryDisk;

use super::crawler::publish_under_a_crawler;
use super::desk::{Desk, Site, year};
use super::servers::{Server, moto, s3rver};

fn open(server: &Server) -> Box<dyn Target> {
    // The key that s3rver knows; moto takes any.
    let secret = |_: Secret| Some("S3RVER".to_owned());
    let access = Access { fingerprint: None, key: None, secret: &secret };
    connect(&Address::parse(&server.url).unwrap(), &access).unwrap_or_else(|stop| panic!("{stop:?}"))
}

fn get(server: &Server, path: &str) -> Option<Vec<u8>> {
    let reply = fetch(&client(), &format!("{}{path}", server.public.as_ref().unwrap())).ok()?;
    (reply.status == 200).then_some(reply.body)
}

/// The site as readers have it, of all paths that any of these sites ever had.
fn there(server: &Server, sites: &[&Site]) -> Site {
    let paths: std::collections::BTreeSet<&String> = sites.iter().flat_map(|site| site.keys()).collect();
    paths.into_iter().filter_map(|path| Some((path.clone(), get(server, path)?))).collect()
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
    let sites: Vec<&Site> = all.values().collect();
    let foreign = Put { path: "county.html", bytes: b"county", headers: "text/html|x", over: Over::Ours, scratch: "" };
    target.put(&foreign).unwrap();
    for n in [2, 5, 1] {
        done(desk.publish(&*target, &all[&n]));
        assert_eq!(there(&server, &sites), all[&n]);
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
    assert_eq!(there(&server, &sites), all[&5]);

    // Somebody else is at it.
    let holder = Holder { run: "another".into(), who: "丙@pc".into(), given_up: false };
    assert_eq!(target.claim(&folder_of(7), holder.text().as_bytes()).unwrap(), Claim::Made);
    assert_eq!(target.claim(&folder_of(7), b"{}").unwrap(), Claim::Taken);
    let Err(Stop::Held { by, ago }) = desk.publish(&*target, &all[&4]) else { panic!("it is held") };
    assert_eq!(by, "丙@pc");
    assert!(ago.is_some_and(|ago| ago < Duration::from_secs(60)), "{ago:?}");
    target.remove(&format!("{}/holder.json", folder_of(7))).unwrap();

    // An object of others stands in the way.
    target.put(&Put { path: "b.html", ..foreign }).unwrap();
    let mut taken = all[&5].clone();
    taken.insert("b.html".into(), b"ours".to_vec());
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &taken) else { panic!("it is in the way") };
    assert_eq!((faults[0].path.as_str(), &faults[0].reason), ("b.html", &Reason::Foreign));
    assert_eq!(get(&server, "b.html").as_deref(), Some(&b"county"[..]));
    done(desk.publish(&*target, &all[&6]));
    assert_eq!(there(&server, &sites), all[&6]);
    assert_eq!(get(&server, "county.html").as_deref(), Some(&b"county"[..]));
}

#[test]
fn a_store_is_never_seen_half_done() {
    let server = moto();
    let mut desk = Desk::new("甲");
    desk.grace = Duration::from_millis(1500);
    let sites: Vec<Site> = [4, 7, 2].map(year).into();
    publish_under_a_crawler(&desk, &*open(&server), &sites, &|path| get(&server, path));
    assert_eq!(&there(&server, &sites.iter().collect::<Vec<_>>()), sites.last().unwrap());
}

#[test]
fn a_store_that_ignores_conditions_is_refused_unless_told() {
    let server = s3rver();
    let target = open(&server);
    let mut desk = Desk::new("甲");
    let refused = desk.publish(&*target, &year(1));
    assert!(matches!(refused, Err(Stop::NoClaims)), "{refused:?}");
    assert!(get(&server, "index.html").is_none() && target.read("index.html").unwrap().is_none());
    desk.options.locking = Locking::Unlocked;
    done(desk.publish(&*target, &year(1)));
    for (path, bytes) in year(1) {
        assert_eq!(target.read(&path).unwrap(), Some(bytes), "{path}");
    }
}
