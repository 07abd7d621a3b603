//! Anything that a reader may type into the search box.
#![no_main]

use gongkai::search::query::Query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    let query = Query::parse(typed);
    assert!(query.all.len() <= 16 && query.none.len() <= 16);
});
