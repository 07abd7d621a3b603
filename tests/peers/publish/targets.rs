//! The same promises on every server: the target becomes the site, files of others stay, two publishers do not meet,
//! a reader never sees anything half done, and an earlier generation comes back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
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
use super::servers::{PASSWORD, Server, Speech, nginx, openssh, proftpd};

fn open_with(server: &Server, fingerprint: Option<&str>, password: &str) -> Result<Box<dyn Target>, Stop> {
    let address = Address::parse(&server.url).unwrap();
    let secret = |secret: Secret| (secret == Secret::Password).then(|| password.to_owned());
    connect(&address, &Access { fingerprint, key: server.key.as_deref(), secret: &secret })
}

fn open(server: &Server) -> Box<dyn Target> {
    open_with(server, server.fingerprint.as_deref(), PASSWORD).unwrap_or_else(|stop| panic!("{stop:?}"))
}

/// Where the files of the target lie on this machine.
fn docroot(server: &Server) -> PathBuf {
    let below = server.root().join("xxgk");
    if below.exists() { below } else { server.root() }
}

fn there(folder: &Path) -> Site {
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
    let root = docroot(server);
    std::fs::create_dir_all(root.join("a/2003")).unwrap();
    std::fs::write(root.join("county.html"), "the county's own").unwrap();
    std::fs::write(root.join("a/2003/county.html"), "the county's own").unwrap();
    let desk = Desk::new("甲");

    // First, changed, smaller, unchanged; each over a connection of its own.
    for n in [2, 5, 1] {
        done(desk.publish(&*open(server), &year(n)));
        assert_eq!(there(&root), with_foreign(year(n)));
    }
    assert!(matches!(desk.publish(&*open(server), &year(1)), Ok(Outcome::Unchanged(3))));

    // A file of some length, in many pieces.
    let mut long = year(1);
    long.insert("files/long.bin".into(), (0..3_000_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect());
    done(desk.publish(&*open(server), &long));
    assert_eq!(there(&root), with_foreign(long));

    // Back, from another machine.
    let target = open(server);
    let (generation, earlier) = rollback::earlier(&*target, Some(2)).unwrap();
    assert_eq!(generation, 2);
    done(Desk::new("乙").publish_local(&*target, (&MemoryDisk::new(), &earlier), &|_| true));
    assert_eq!(there(&root), with_foreign(year(5)));

    // Somebody else is at it.
    let holder = Holder { run: "another".into(), who: "丙@pc".into(), given_up: false };
    assert_eq!(target.claim(&folder_of(6), holder.text().as_bytes()).unwrap(), Claim::Made);
    assert_eq!(target.claim(&folder_of(6), b"{}").unwrap(), Claim::Taken);
    let Err(Stop::Held { by, ago }) = desk.publish(&*target, &year(4)) else { panic!("it is held") };
    assert_eq!(by, "丙@pc");
    assert!(ago.is_some_and(|ago| ago < Duration::from_secs(60)), "{ago:?}");
    assert_eq!(there(&root), with_foreign(year(5)));
    std::fs::remove_dir_all(root.join(".gongkai/gen/6")).unwrap();

    // A file of others stands in the way.
    std::fs::write(root.join("b.html"), "the county's own").unwrap();
    let mut taken = year(5);
    taken.insert("b.html".into(), b"ours".to_vec());
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &taken) else { panic!("it is in the way") };
    assert_eq!((faults[0].path.as_str(), &faults[0].reason), ("b.html", &Reason::Foreign), "{faults:?}");
    assert_eq!(std::fs::read(root.join("b.html")).unwrap(), b"the county's own");
    std::fs::remove_file(root.join("b.html")).unwrap();

    // An upload fails: a folder stands where the feed should go. Nothing is removed, old pages stand.
    std::fs::remove_file(root.join("feed.xml")).unwrap();
    std::fs::create_dir_all(root.join("feed.xml/of-others")).unwrap();
    std::fs::write(root.join("feed.xml/of-others/a"), "the county's own").unwrap();
    let Err(Stop::Faults(faults)) = desk.publish(&*target, &year(2)) else { panic!("it must fail") };
    assert!(faults.iter().all(|fault| fault.path == "feed.xml"), "{faults:?}");
    for path in year(5).keys().filter(|path| *path != "feed.xml") {
        assert!(root.join(path).is_file(), "{path} was removed after a fault");
    }
    assert_eq!(std::fs::read(root.join("feed.xml/of-others/a")).unwrap(), b"the county's own");
    std::fs::remove_dir_all(root.join("feed.xml")).unwrap();
    done(desk.publish(&*open(server), &year(2)));
    assert_eq!(there(&root), with_foreign(year(2)));
    let own: Vec<String> = there(&root.join(".gongkai")).into_keys().collect();
    assert!(!own.iter().any(|path| path.starts_with("tmp/")), "{own:#?}");
}

/// A reader crawls what the server's files are, while they are published over it.
fn is_never_seen_half_done(server: &Server, get: &(dyn Fn(&str) -> Option<Vec<u8>> + Sync)) {
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
    publish_under_a_crawler(&desk, &*open(server), &sites, get);
    assert_eq!(&there(&docroot(server)), sites.last().unwrap());
}

fn on_the_disk(server: &Server) -> impl Fn(&str) -> Option<Vec<u8>> + Sync {
    let root = docroot(server);
    move |path| std::fs::read(root.join(path)).ok()
}

#[test]
fn openssh_keeps_its_promises() {
    keeps_its_promises(&openssh());
    let server = openssh();
    is_never_seen_half_done(&server, &on_the_disk(&server));
}

#[test]
fn proftpd_by_sftp_and_password_keeps_its_promises() {
    keeps_its_promises(&proftpd(Speech::Sftp));
}

#[test]
fn proftpd_with_tls_keeps_its_promises() {
    keeps_its_promises(&proftpd(Speech::Ftps));
    let server = proftpd(Speech::Ftps);
    is_never_seen_half_done(&server, &on_the_disk(&server));
}

#[test]
fn proftpd_without_tls_keeps_its_promises() {
    keeps_its_promises(&proftpd(Speech::Ftp));
}

#[test]
fn nginx_keeps_its_promises() {
    keeps_its_promises(&nginx());
    let server = nginx();
    let client = gongkai::publish::http::client();
    let url = server.public.clone().unwrap();
    let over_http = move |path: &str| {
        let reply = gongkai::publish::http::fetch(&client, &format!("{url}{path}")).ok()?;
        (reply.status == 200).then_some(reply.body)
    };
    is_never_seen_half_done(&server, &over_http);
}

#[test]
fn a_server_must_be_the_one_that_was_written_down() {
    for server in [openssh(), proftpd(Speech::Ftps)] {
        let reason = |fingerprint| match open_with(&server, fingerprint, PASSWORD).err() {
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
