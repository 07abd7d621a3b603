//! The same promises on every server: the target becomes the site, files of others stay, two publishers do not meet,
//! a reader never sees anything half done, and an earlier generation comes back.

use std::time::Duration;

use gongkai::publish::address::Address;
use gongkai::publish::connect::{Access, Secret, connect};
use gongkai::publish::remote::{Holder, folder_of};
use gongkai::publish::session::Outcome;
use gongkai::publish::target::{Claim, Reason};
use gongkai::publish::{Stop, Target, rollback};
use gongkai::source::MemoryDisk;

use super::crawler::publish_under_a_crawler;
use super::desk::{Desk, Site, year};
use super::servers::{PASSWORD, Server, Speech, files_below, nginx, nginx_with_tls, on_each_server, openssh, proftpd};

fn open_with(server: &Server, fingerprint: Option<&str>, password: &str) -> Result<Box<dyn Target>, Stop> {
    open_at(&server.url, server, fingerprint, password)
}

/// Connects by another address than the server's own.
pub fn open_at(url: &str, server: &Server, fingerprint: Option<&str>, password: &str) -> Result<Box<dyn Target>, Stop> {
    let address = Address::parse(url).unwrap();
    // The key that s3rver knows; moto takes any.
    let secret = |secret: Secret| Some(if secret == Secret::Password { password } else { "S3RVER" }.to_owned());
    connect(&address, &Access { fingerprint, key: server.key.as_deref(), secret: &secret })
}

/// Connects as a clerk does.
pub fn open(server: &Server) -> Box<dyn Target> {
    open_with(server, server.fingerprint.as_deref(), PASSWORD).unwrap_or_else(|stop| panic!("{stop:?}"))
}

fn with_foreign(site: Site) -> Site {
    let mut site = site;
    site.insert("county.html".into(), b"the county's own".to_vec());
    site.insert("a/2003/county.html".into(), b"the county's own".to_vec());
    site
}

fn done(outcome: Result<Outcome, Stop>) {
    assert!(matches!(outcome, Ok(Outcome::Done(..))), "{outcome:?}");
}

/// Everything that a target promises, one after the other on one server.
fn keeps_its_promises(server: &Server) {
    let root = server.root();
    server.put_foreign("county.html", "the county's own");
    server.put_foreign("a/2003/county.html", "the county's own");
    let desk = Desk::new("甲");

    // First, changed, smaller, unchanged; each over a connection of its own.
    for n in [2, 5, 1] {
        done(desk.publish(&*open(server), &year(n)));
        assert_eq!(server.files(), with_foreign(year(n)));
    }
    assert!(matches!(desk.publish(&*open(server), &year(1)), Ok(Outcome::Unchanged(3))));

    // A file of some length, in many pieces.
    let mut long = year(1);
    long.insert("files/long.bin".into(), (0..3_000_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect());
    done(desk.publish(&*open(server), &long));
    assert_eq!(server.files(), with_foreign(long));

    // Back, from another machine.
    let target = open(server);
    let (generation, earlier) = rollback::earlier(&*target, Some(2)).unwrap();
    assert_eq!(generation, 2);
    done(Desk::new("乙").publish_local(&*target, (&MemoryDisk::new(), &earlier), &|_| true));
    assert_eq!(server.files(), with_foreign(year(5)));

    // Somebody else is at it.
    let holder = Holder { run: "another".into(), who: "丙@pc".into(), given_up: false };
    assert_eq!(target.claim(&folder_of(6), holder.text().as_bytes()).unwrap(), Claim::Made);
    assert_eq!(target.claim(&folder_of(6), b"{}").unwrap(), Claim::Taken);
    let Err(Stop::Held { by, ago }) = desk.publish(&*target, &year(4)) else { panic!("it is held") };
    assert_eq!(by, "丙@pc");
    assert!(ago.is_some_and(|ago| ago < Duration::from_secs(60)), "{ago:?}");
    assert_eq!(server.files(), with_foreign(year(5)));
    std::fs::remove_dir_all(root.join(".gongkai/gen/6")).unwrap();

    // A file of others stands in the way.
    server.put_foreign("b.html", "the county's own");
    let mut taken = year(5);
    taken.insert("b.html".into(), b"ours".to_vec());
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &taken) else { panic!("it is in the way") };
    assert_eq!((faults[0].path.as_str(), &faults[0].reason), ("b.html", &Reason::Foreign), "{faults:?}");
    assert_eq!(std::fs::read(root.join("b.html")).unwrap(), b"the county's own");
    std::fs::remove_file(root.join("b.html")).unwrap();

    // An upload fails: a folder stands where the feed should go. Nothing is removed, old pages stand.
    std::fs::remove_file(root.join("feed.xml")).unwrap();
    server.put_foreign("feed.xml/of-others/a", "the county's own");
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &year(2)) else { panic!("it must fail") };
    assert!(faults.iter().all(|fault| fault.path == "feed.xml"), "{faults:?}");
    for path in year(5).keys().filter(|path| *path != "feed.xml") {
        assert!(root.join(path).is_file(), "{path} was removed after a fault");
    }
    assert_eq!(std::fs::read(root.join("feed.xml/of-others/a")).unwrap(), b"the county's own");
    std::fs::remove_dir_all(root.join("feed.xml")).unwrap();
    done(desk.publish(&*open(server), &year(2)));
    assert_eq!(server.files(), with_foreign(year(2)));
    let aside = files_below(&root.join(".gongkai/tmp"), &[]);
    assert!(aside.is_empty(), "{:?}", aside.keys());
}

/// A reader crawls what the server's files are, while they are published over it.
fn is_never_seen_half_done(server: &Server) {
    let mut desk = Desk::new("甲");
    desk.grace = Duration::from_millis(800);
    let big = |n: usize| {
        let mut site = year(n);
        for (path, bytes) in &mut site {
            if path.starts_with("a/") {
                bytes.extend(format!("<p>{n}</p>").repeat(10_000).bytes());
            }
        }
        site
    };
    let sites: Vec<Site> = [4, 7, 2, 8].map(big).into();
    publish_under_a_crawler(&desk, &*open(server), &sites, &|path| server.get(path));
    assert_eq!(&server.files(), sites.last().unwrap());
}

mod promises {
    use super::on_each_server;

    on_each_server!(super::keeps_its_promises);
}

mod crawled {
    use super::on_each_server;

    on_each_server!(super::is_never_seen_half_done);
}

#[test]
fn a_server_must_be_the_one_that_was_written_down() {
    for server in [openssh(), proftpd(Speech::Ftps), nginx_with_tls()] {
        let ask = |target: Box<dyn Target>| target.read("index.html").map(drop).map_err(Stop::from);
        let reason = |fingerprint| match open_with(&server, fingerprint, PASSWORD).and_then(ask).err() {
            Some(Stop::Faults(faults)) => faults[0].reason.clone(),
            other => panic!("{other:?}"),
        };
        let plain = |print: &str| print.replace(':', "").to_lowercase();
        let right = server.fingerprint.clone().unwrap();
        let Reason::Unknown(shown) = reason(None) else { panic!("nobody knows it") };
        assert_eq!(plain(&shown), plain(&right));
        let Reason::Changed(shown) = reason(Some("SHA256:00")) else { panic!("it is another") };
        assert_eq!(plain(&shown), plain(&right));
    }
}

#[test]
fn a_wrong_password_is_said_to_be_one() {
    for server in [proftpd(Speech::Sftp), proftpd(Speech::Ftps), nginx()] {
        let opened = open_with(&server, server.fingerprint.as_deref(), "wrong");
        let stop = match opened {
            Ok(target) => Desk::new("甲").publish(&*target, &year(0)).unwrap_err(),
            Err(stop) => stop,
        };
        let Stop::Faults(faults) = stop else { panic!("{stop:?}") };
        assert_eq!(faults[0].reason, Reason::Secret, "{}", server.url);
    }
}
