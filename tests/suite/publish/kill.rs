//! Runs that are broken off at any request, in any order, from one machine or two: the next one comes to the end,
//! sends again only what was in flight, and never touches files of others.

use gongkai::publish::Stop;
use gongkai::publish::double::{Double, Moment};
use gongkai::publish::session::Outcome;
use proptest::prelude::*;

use super::desk::{Desk, year};

/// Every request of a run, broken off before and after its effect.
#[test]
fn broken_off_at_every_request() {
    for moment in [Moment::Before, Moment::After] {
        for number in 0.. {
            let double = Double::like_a_server();
            double.put_foreign("county.html", b"foreign");
            let desk = Desk::new("甲");
            desk.publish(&double, &year(3)).unwrap();
            let (from, to) = (double.public(), year(6));
            let whole: u64 = to
                .iter()
                .filter(|(path, bytes)| from.get(*path) != Some(bytes))
                .map(|(_, bytes)| bytes.len() as u64)
                .sum();
            let largest = to.values().map(Vec::len).max().unwrap() as u64;
            double.take_log();
            double.cut_at(Some((number, moment)));
            let first = desk.publish(&double, &to);
            double.cut_at(None);
            let (_, sent_first) = double.take_log();
            let is_cut = first.is_err();
            let second = desk.publish(&double, &to).unwrap_or_else(|stop| panic!("cut at {number}: {stop:?}"));
            let (log, sent_again) = double.take_log();
            let mut expected = to.clone();
            expected.insert("county.html".into(), b"foreign".to_vec());
            assert_eq!(double.public(), expected, "cut at {number}");
            assert!(
                sent_first + sent_again <= whole + largest * 3,
                "cut at {number}: {sent_first} and {sent_again} of {whole}"
            );
            assert!(!log.iter().any(|line| line.contains("county")), "{log:#?}");
            if !is_cut {
                assert!(matches!(second, Outcome::Unchanged(_)));
                assert!(number > 30, "there was something to cut");
                break;
            }
        }
    }
}

#[derive(Debug, Clone)]
struct Attempt {
    desk: usize,
    year: usize,
    cut: Option<(usize, bool)>,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let cut = proptest::option::weighted(0.7, (0usize..60, any::<bool>()));
    let one = (0usize..2, 0usize..7, cut).prop_map(|(desk, year, cut)| Attempt { desk, year, cut });
    proptest::collection::vec(one, 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever was tried before, the last publish that comes to its end leaves just its site, and its record.
    #[test]
    fn any_history_of_broken_runs_ends_well(attempts in attempts(), last in 0usize..7, who in 0usize..2, store in any::<bool>()) {
        let double = if store { Double::like_a_store() } else { Double::like_a_server() };
        double.put_foreign("county.html", b"foreign");
        double.put_foreign("a/2003/other.html", b"foreign");
        let desks = [Desk::new("甲"), Desk::new("乙")];
        for Attempt { desk, year: n, cut } in attempts {
            double.take_log();
            double.cut_at(cut.map(|(at, after)| (at, if after { Moment::After } else { Moment::Before })));
            let ended = desks[desk].publish(&double, &year(n));
            double.cut_at(None);
            match ended {
                Ok(_) | Err(Stop::Faults(_) | Stop::Held { .. } | Stop::TakenOver) => {}
                Err(other) => panic!("{other:?}"),
            }
            double.wait(std::time::Duration::from_secs(if n % 2 == 0 { 1 } else { 600 }));
        }
        double.wait(std::time::Duration::from_secs(600));
        let ended = desks[who].publish(&double, &year(last));
        prop_assert!(ended.is_ok(), "{:?}", ended);
        let mut expected = year(last);
        expected.insert("county.html".into(), b"foreign".to_vec());
        expected.insert("a/2003/other.html".into(), b"foreign".to_vec());
        prop_assert_eq!(double.public(), expected);
        prop_assert!(matches!(desks[who].publish(&double, &year(last)), Ok(Outcome::Unchanged(_))));
    }
}
