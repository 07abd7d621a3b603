//! Going back: bytes and headers of an earlier generation stand again.

use gongkai::publish::Stop;
use gongkai::publish::double::Double;
use gongkai::publish::headers::Caching;
use gongkai::publish::packing::Packing;
use gongkai::publish::rollback;
use gongkai::publish::session::Outcome;
use gongkai::source::MemoryDisk;

use super::desk::{Desk, year};

fn back(desk: &Desk, double: &Double, to: Option<u64>) -> u64 {
    let (generation, local) = rollback::earlier(double, to).unwrap();
    let ended = desk.publish_local(double, (&MemoryDisk::new(), &local), &|_| true);
    assert!(matches!(ended, Ok(Outcome::Done(..))), "{ended:?}");
    generation
}

#[test]
fn goes_back_to_bytes_and_headers() {
    for double in [Double::like_a_server(), Double::like_a_store()] {
        let mut desk = Desk::new("甲");
        let mut states = Vec::new();
        for (n, cache) in [(1, "a"), (4, "b"), (2, "b"), (2, "c")] {
            desk.wanted.caching = Some(Caching { others: cache.into(), ..Caching::default() });
            desk.wanted.packings = vec![Packing::Gzip];
            desk.publish(&double, &year(n)).unwrap();
            states.push(public(&double));
        }
        // One back, and the same again undoes it.
        assert_eq!(back(&desk, &double, None), 3);
        assert_eq!(public(&double), states[2]);
        assert_eq!(back(&desk, &double, None), 4);
        assert_eq!(public(&double), states[3]);
        // Further back, as far as is kept.
        assert_eq!(back(&desk, &double, Some(3)), 3);
        assert_eq!(public(&double), states[2]);
        let Err(Stop::NothingToRestore(kept)) = rollback::earlier(&double, Some(1)) else { panic!("it is forgotten") };
        assert_eq!(kept, [6, 5, 4]);
        // From another machine, and then a publish as usual.
        let other = Desk::new("乙");
        back(&other, &double, None);
        assert_eq!(public(&double), states[3]);
        desk.publish(&double, &year(5)).unwrap();
        assert_eq!(double.public(), year(5));
    }
}

#[test]
fn reaches_over_several_generations() {
    let double = Double::like_a_server();
    let desk = Desk::new("甲");
    for n in [3, 0, 5, 1] {
        desk.publish(&double, &year(n)).unwrap();
    }
    back(&desk, &double, Some(1));
    assert_eq!(double.public(), year(3));
}

#[test]
fn a_target_without_history_has_nothing_to_go_back_to() {
    let double = Double::like_a_server();
    assert!(matches!(rollback::earlier(&double, None), Err(Stop::NothingToRestore(kept)) if kept.is_empty()));
    Desk::new("甲").publish(&double, &year(0)).unwrap();
    assert!(matches!(rollback::earlier(&double, None), Err(Stop::NothingToRestore(_))));
}

fn public(double: &Double) -> Vec<(String, Vec<u8>, String)> {
    let files = double.files().into_iter().filter(|(path, _)| !path.starts_with(".gongkai/"));
    files.map(|(path, stored)| (path, stored.bytes, stored.headers)).collect()
}
