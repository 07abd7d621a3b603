//! The protocol against a double: what is requested, in which order, and what is left alone.

use std::sync::Mutex;
use std::time::Duration;

use gongkai::publish::double::{Double, Moment};
use gongkai::publish::headers::Caching;
use gongkai::publish::order::Stage;
use gongkai::publish::packing::Packing;
use gongkai::publish::plan::{Locking, Plan};
use gongkai::publish::session::Outcome;
use gongkai::publish::target::{Abilities, Over, Reason};
use gongkai::publish::{Stop, Target};

use super::desk::{Desk, Site, year};

fn done(outcome: Result<Outcome, Stop>) -> Plan {
    match outcome {
        Ok(Outcome::Done(plan, _)) => plan,
        other => panic!("not published: {other:?}"),
    }
}

/// A site from addresses and texts.
fn site(files: &[(&str, &str)]) -> Site {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn doubles() -> [Double; 2] {
    [Double::like_a_server(), Double::like_a_store()]
}

#[test]
fn the_target_becomes_the_site_and_foreign_files_stay() {
    for double in doubles() {
        let desk = Desk::new("甲");
        double.put_foreign("county.html", b"foreign");
        double.put_foreign("a/notes.txt", b"foreign");
        for n in [0, 3, 1, 2] {
            done(desk.publish(&double, &year(n)));
            let mut expected = year(n);
            expected.insert("county.html".into(), b"foreign".to_vec());
            expected.insert("a/notes.txt".into(), b"foreign".to_vec());
            assert_eq!(double.public(), expected);
        }
    }
}

#[test]
fn an_unchanged_site_takes_two_requests() {
    for double in doubles() {
        let desk = Desk::new("甲");
        done(desk.publish(&double, &year(5)));
        double.take_log();
        assert!(matches!(desk.publish(&double, &year(5)), Ok(Outcome::Unchanged(1))));
        let (log, sent) = double.take_log();
        assert_eq!(log, ["read .gongkai/current.json", "read .gongkai/gen/2/holder.json"]);
        assert_eq!(sent, 0);
    }
}

/// Whoever knows the hash of what is to stand need not make its manifest, and is told just as much.
#[test]
fn what_stands_is_known_by_its_hash() {
    for double in doubles() {
        let desk = Desk::new("甲");
        let hash = |n| desk.build(&year(n)).1.manifest.hash();
        assert!(matches!(desk.stands(&double, &hash(5)), Ok(None)));
        done(desk.publish(&double, &year(5)));
        double.take_log();
        assert!(matches!(desk.stands(&double, &hash(5)), Ok(Some(1))));
        assert_eq!(double.take_log().0, ["read .gongkai/current.json", "read .gongkai/gen/2/holder.json"]);
        assert!(matches!(desk.stands(&double, &hash(4)), Ok(None)));
        // A run of this machine that did not come to its end has to be ended first.
        std::fs::write(desk.folder.path().join("journal"), "run\t2\trun-of-甲\n").unwrap();
        assert!(matches!(desk.stands(&double, &hash(5)), Ok(None)));
    }
}

#[test]
fn one_changed_report_sends_only_what_it_touches() {
    for double in doubles() {
        let desk = Desk::new("甲");
        let mut site = year(40);
        done(desk.publish(&double, &site));
        double.take_log();
        let changed = ["a/2020/r20.html", "feed.xml", "search/root.js"];
        for path in changed {
            site.get_mut(path).unwrap().extend_from_slice(b" changed");
        }
        done(desk.publish(&double, &site));
        let (log, sent) = double.take_log();
        let mut public: Vec<&str> = log
            .iter()
            .filter_map(|line| line.strip_prefix("put "))
            .filter(|path| !path.starts_with(".gongkai/"))
            .collect();
        // The page comes first; within one stage threads overtake each other.
        public[1..].sort_unstable();
        assert_eq!(public, changed);
        assert_eq!(sent, changed.iter().map(|path| site[*path].len() as u64).sum::<u64>());
        let others = log.len() - changed.len();
        assert!(others <= 16, "{others} requests beside the files: {log:#?}");
        assert!(!log.iter().any(|line| line.starts_with("remove ")), "{log:#?}");
    }
}

/// What would be done is what is done: the lines of a dry run against the requests that the target sees.
#[test]
fn a_dry_run_tells_the_requests() {
    for double in doubles() {
        let desk = Desk::new("甲");
        for n in [2, 4, 1, 1, 6, 5, 3] {
            double.take_log();
            let told: Mutex<Vec<(Stage, String)>> = Mutex::default();
            let dry = desk.publish_if(&double, &year(n), &|plan| {
                *told.lock().unwrap() = plan.lines();
                false
            });
            let (looked, sent) = double.take_log();
            assert_eq!(sent, 0);
            assert!(looked.iter().all(|line| line.starts_with("read ")), "{looked:#?}");
            let told = told.into_inner().unwrap();
            match dry.unwrap() {
                Outcome::Unchanged(_) => assert!(told.is_empty()),
                Outcome::Declined => {
                    done(desk.publish(&double, &year(n)));
                    let (log, _) = double.take_log();
                    let made = &log[looked.len()..];
                    // Within one stage threads overtake each other; stages never do.
                    let mut at = 0;
                    for stage in told.chunk_by(|(a, _), (b, _)| a == b) {
                        let mut expected: Vec<&str> = stage.iter().map(|(_, line)| line.as_str()).collect();
                        let mut seen: Vec<&str> = made[at..][..stage.len()].iter().map(String::as_str).collect();
                        expected.sort_unstable();
                        seen.sort_unstable();
                        assert_eq!(seen, expected, "stage {:?}", stage[0].0);
                        at += stage.len();
                    }
                    assert_eq!(at, made.len());
                }
                Outcome::Done(..) => panic!("a dry run was carried out"),
            }
        }
    }
}

/// Every way in which one upload can fail: nothing of a later stage, nothing removed, what stood still stands.
#[test]
fn a_failed_upload_stops_everything_behind_it() {
    let (before, after) = (year(4), year(2));
    let wanted: Vec<String> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| path.clone()).collect();
    assert!(wanted.len() >= 5);
    for failing in &wanted {
        for double in doubles() {
            let desk = Desk::new("甲");
            done(desk.publish(&double, &before));
            let plan: Mutex<Vec<(Stage, String)>> = Mutex::default();
            let remember = |told: &Plan| {
                *plan.lock().unwrap() = told.lines();
                true
            };
            double.take_log();
            double.refuse(Some(&format!("put {failing}")));
            let Err(Stop::Faults(faults)) = desk.publish_if(&double, &after, &remember) else { panic!("it must fail") };
            assert_eq!((faults[0].path.as_str(), &faults[0].reason), (failing.as_str(), &Reason::Denied));
            assert!(Stop::Faults(faults).help().zh.contains("权限"));
            double.refuse(None);
            let (log, _) = double.take_log();
            let plan = plan.into_inner().unwrap();
            let stage = plan.iter().find(|(_, line)| *line == format!("put {failing}")).unwrap().0;
            let later = plan.iter().filter(|(later, _)| *later > stage).map(|(_, line)| line);
            for line in later.filter(|line| !line.starts_with("read ")) {
                assert!(!log.contains(line), "{line} was asked for after {failing} had failed");
            }
            assert!(!log.iter().any(|line| line.starts_with("remove")), "{log:#?}");
            for (path, bytes) in &before {
                let now = &double.public()[path];
                assert!(now == bytes || Some(now) == after.get(path), "{path} is neither old nor new");
                assert!(path != failing || now == bytes);
            }
            // The next run goes on and comes to the end.
            done(desk.publish(&double, &after));
            assert_eq!(double.public(), after);
        }
    }
}

#[test]
fn files_of_others_in_the_way_are_all_named_and_never_replaced() {
    for double in doubles() {
        let mut desk = Desk::new("甲");
        double.put_foreign("index.html", b"county");
        double.put_foreign("a/2000/r0.html", b"county");
        double.put_foreign("a/2001/r1.html", b"county");
        let Err(Stop::Faults(faults)) = desk.publish(&double, &year(2)) else { panic!("it must stop") };
        let named: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(named, ["a/2000/r0.html", "a/2001/r1.html"]);
        assert!(faults.iter().all(|fault| fault.reason == Reason::Foreign));
        assert_eq!(double.public()["index.html"], b"county");
        desk.options.over = Over::Ours;
        done(desk.publish(&double, &year(2)));
        assert_eq!(double.public(), year(2));
    }
}

#[test]
fn of_two_publishers_one_wins_and_the_other_hears_who() {
    for double in doubles() {
        let (first, second) = (Desk::new("甲"), Desk::new("乙"));
        done(first.publish(&double, &year(1)));
        // The first is stopped in the middle, as by a closed laptop.
        double.take_log();
        double.cut_at(Some((12, Moment::After)));
        assert!(first.publish(&double, &year(3)).is_err());
        double.cut_at(None);
        let Err(Stop::Held { by, .. }) = second.publish(&double, &year(2)) else { panic!("it is held") };
        assert_eq!(by, "甲@pc");
        // After a while without a sign the second takes over, and the first cannot spoil it any more.
        double.wait(Duration::from_secs(600));
        done(second.publish(&double, &year(2)));
        assert_eq!(double.public(), year(2));
        done(first.publish(&double, &year(3)));
        assert_eq!(double.public(), year(3));
    }
}

#[test]
fn two_at_the_very_same_moment() {
    for _ in 0..30 {
        let double = Double::like_a_server();
        done(Desk::new("丙").publish(&double, &year(0)));
        let (a, b) = (Desk::new("甲"), Desk::new("乙"));
        let (one, other) = std::thread::scope(|scope| {
            let one = scope.spawn(|| a.publish(&double, &year(3)));
            let other = scope.spawn(|| b.publish(&double, &year(4)));
            (one.join().unwrap(), other.join().unwrap())
        });
        let stopped = |ended: &Result<Outcome, Stop>| {
            matches!(ended, Err(Stop::Held { .. } | Stop::TakenOver | Stop::Contended(_)))
        };
        let published = |ended: &Result<Outcome, Stop>| matches!(ended, Ok(Outcome::Done(..)));
        let (first, second) = (published(&one), published(&other));
        assert!(first || second, "{one:?} {other:?}");
        assert!(first || stopped(&one), "{one:?}");
        assert!(second || stopped(&other), "{other:?}");
        let now = double.public();
        match (first, second) {
            (true, true) => assert!(now == year(3) || now == year(4), "one came after the other"),
            (true, false) => assert_eq!(now, year(3)),
            _ => assert_eq!(now, year(4)),
        }
    }
}

#[test]
fn a_server_that_ignores_conditions_is_refused_unless_told() {
    for has_folders in [true, false] {
        let lax = Abilities { has_folders, removes_folders: has_folders, claims: true, at_once: 2 };
        let lax = Ignoring(Double::new(Abilities { claims: false, ..lax }), lax);
        let mut desk = Desk::new("甲");
        assert!(matches!(desk.publish(&lax, &year(1)), Err(Stop::NoClaims)));
        assert!(lax.0.public().is_empty(), "nothing was published");
        desk.options.locking = Locking::Unlocked;
        done(desk.publish(&lax, &year(1)));
        assert_eq!(lax.0.public(), year(1));
    }
    // One that says so itself is not even asked.
    let honest = Double::new(Abilities { claims: false, ..Double::like_a_store().abilities() });
    assert!(matches!(Desk::new("甲").publish(&honest, &year(1)), Err(Stop::NoClaims)));
}

/// A server that promises to make folders once and does not.
struct Ignoring(Double, Abilities);

impl Target for Ignoring {
    fn abilities(&self) -> Abilities {
        self.1
    }
    fn read(&self, path: &str) -> gongkai::publish::target::Answer<Option<Vec<u8>>> {
        self.0.read(path)
    }
    fn claim(&self, folder: &str, holder: &[u8]) -> gongkai::publish::target::Answer<gongkai::publish::target::Claim> {
        self.0.claim(folder, holder)
    }
    fn make_folder(&self, folder: &str) -> gongkai::publish::target::Answer<()> {
        self.0.make_folder(folder)
    }
    fn put(&self, put: &gongkai::publish::target::Put<'_>) -> gongkai::publish::target::Answer<()> {
        self.0.put(put)
    }
    fn keep(&self, from: &str, to: &str) -> gongkai::publish::target::Answer<()> {
        self.0.keep(from, to)
    }
    fn remove(&self, path: &str) -> gongkai::publish::target::Answer<()> {
        self.0.remove(path)
    }
    fn remove_folder(&self, folder: &str) -> gongkai::publish::target::Answer<()> {
        self.0.remove_folder(folder)
    }
    fn age(&self, path: &str) -> gongkai::publish::target::Answer<Option<Duration>> {
        self.0.age(path)
    }
}

#[test]
fn other_headers_alone_are_published() {
    let double = Double::like_a_store();
    let mut desk = Desk::new("甲");
    desk.wanted.caching = Some(Caching::default());
    done(desk.publish(&double, &year(2)));
    assert_eq!(double.files()["index.html"].headers, "text/html; charset=utf-8|no-cache");
    let style = "assets/style-00000002.css";
    assert_eq!(double.files()[style].headers, "text/css; charset=utf-8|public, max-age=31536000, immutable");
    double.take_log();
    desk.wanted.caching = Some(Caching { others: "max-age=60".into(), ..Caching::default() });
    let plan = done(desk.publish(&double, &year(2)));
    assert_eq!(plan.summary.replaced, year(2).len() - 1, "all but the stylesheet");
    assert_eq!(double.files()["index.html"].headers, "text/html; charset=utf-8|max-age=60");
    assert!(!double.take_log().0.contains(&format!("put {style}")));
}

#[test]
fn compressed_siblings_come_and_go_with_their_source() {
    let double = Double::like_a_server();
    let mut desk = Desk::new("甲");
    let long = "政府信息公开。".repeat(200);
    let first = site(&[("index.html", &long), ("a/2020/r.html", &long), ("small.html", "短"), ("p.png", &long)]);
    desk.wanted.packings = Packing::ALL.to_vec();
    done(desk.publish(&double, &first));
    let names: Vec<String> = double.public().into_keys().collect();
    let expected = [
        "a/2020/r.html",
        "a/2020/r.html.br",
        "a/2020/r.html.gz",
        "index.html",
        "index.html.br",
        "index.html.gz",
        "p.png",
        "small.html",
    ];
    assert_eq!(names, expected);
    assert_eq!(double.public()["index.html.gz"], Packing::Gzip.pack(long.as_bytes()));
    double.take_log();
    assert!(matches!(desk.publish(&double, &first), Ok(Outcome::Unchanged(_))));
    double.take_log();
    let mut second = first.clone();
    second.insert("index.html".into(), format!("{long}新").into_bytes());
    second.remove("a/2020/r.html");
    done(desk.publish(&double, &second));
    let (log, _) = double.take_log();
    let position =
        |line: &str| log.iter().position(|asked| asked == line).unwrap_or_else(|| panic!("{line}: {log:#?}"));
    assert!(position("put index.html") < position("put index.html.br"));
    assert!(position("remove a/2020/r.html.gz") < position("remove a/2020/r.html"));
    assert!(!double.public().contains_key("a/2020/r.html.br"));
    desk.wanted.packings.clear();
    done(desk.publish(&double, &second));
    assert!(!double.public().keys().any(|path| path.ends_with(".gz") || path.ends_with(".br")));
}

#[test]
fn a_damaged_record_stops_and_can_be_replaced() {
    for path in [".gongkai/current.json", ".gongkai/gen/1/manifest.tsv"] {
        let double = Double::like_a_server();
        let mut desk = Desk::new("甲");
        done(desk.publish(&double, &year(1)));
        double.put_foreign(path, b"{\"format\":9}");
        let Err(Stop::Damaged(named)) = desk.publish(&double, &year(2)) else { panic!("it is damaged") };
        assert_eq!(named, path);
        assert!(double.public() == year(1));
        desk.options.over = Over::Ours;
        double.wait(Duration::from_secs(600));
        done(desk.publish(&double, &year(2)));
        for (path, bytes) in year(2) {
            assert_eq!(double.public()[&path], bytes);
        }
    }
}

/// Somebody has removed a file of ours: it comes back when it changes, and nothing stops on its account.
#[test]
fn a_file_that_others_removed_stops_nothing() {
    let double = Double::like_a_server();
    let desk = Desk::new("甲");
    done(desk.publish(&double, &year(2)));
    double.remove("feed.xml").unwrap();
    done(desk.publish(&double, &year(3)));
    assert_eq!(double.public(), year(3));
}

#[test]
fn old_generations_are_forgotten_and_nothing_is_left_of_them() {
    for double in doubles() {
        let desk = Desk::new("甲");
        for n in 0..9 {
            done(desk.publish(&double, &year(n % 4 + n / 4)));
        }
        let own: Vec<String> = double.files().into_keys().filter(|path| path.starts_with(".gongkai/")).collect();
        let generations: std::collections::BTreeSet<&str> =
            own.iter().filter_map(|path| path.strip_prefix(".gongkai/gen/")?.split('/').next()).collect();
        assert_eq!(generations.into_iter().collect::<Vec<_>>(), ["6", "7", "8", "9"], "{own:#?}");
        assert!(!own.iter().any(|path| path.starts_with(".gongkai/tmp/")));
    }
}
