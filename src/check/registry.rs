//! Every rule, once. A rule that is not named here does not exist.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use super::rule::Rule;
use super::rules;

/// All rules, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &rules::dated_before_year_end::RULE,
    &rules::future_date::RULE,
    &rules::published_before_made::RULE,
    &rules::path_year::RULE,
    &rules::title_year::RULE,
    &rules::plan_year::RULE,
    &rules::signature_date::RULE,
    &rules::published_late::RULE,
    &rules::damaged_date::RULE,
    &rules::body_year::RULE,
    &rules::near_copy::RULE,
    &rules::orphan_file::RULE,
    &rules::dead_outside::RULE,
    &rules::unreadable_file::RULE,
    &rules::other_town::RULE,
    &rules::wrong_body::RULE,
    &rules::number_brackets::RULE,
    &rules::citation::RULE,
    &rules::identity_number::RULE,
    &rules::old_identity_number::RULE,
    &rules::mobile_number::RULE,
    &rules::bank_card::RULE,
    &rules::private_column::RULE,
    &rules::photo_place::RULE,
    &rules::file_author::RULE,
    &rules::law_parts::RULE,
    &rules::disclosure_parts::RULE,
    &rules::statutory_tables::RULE,
    &rules::empty_cells::RULE,
    &rules::table_sums::RULE,
    &rules::prose_figures::RULE,
    &rules::stale_column::RULE,
    &rules::numbering::RULE,
    &rules::numeral_mark::RULE,
    &rules::half_width::RULE,
    &rules::unpaired::RULE,
    &rules::ellipsis::RULE,
    &rules::pause_mark::RULE,
    &rules::title_mark::RULE,
    &rules::own_word::RULE,
    &rules::left_overs::RULE,
    &rules::placeholder::RULE,
    &rules::doubled::RULE,
    &rules::odd_character::RULE,
    &rules::injected_reading::RULE,
    &rules::revisions::RULE,
    &rules::unconfirmed::RULE,
];

/// The needles of all rules as one machine, and whose each is.
pub(super) struct Needles {
    pub(super) machine: CharwiseDoubleArrayAhoCorasick<u32>,
    /// For each value of the machine, whose word that is: number of the rule, number of the needle among its own.
    pub(super) owners: Vec<Vec<(usize, usize)>>,
}

/// Made once: the same words are looked for in every document.
pub(super) static NEEDLES: LazyLock<Needles> = LazyLock::new(|| {
    let mut words: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, rule) in RULES.iter().enumerate() {
        for (own, needle) in rule.needles.iter().enumerate() {
            words.entry(needle).or_default().push((number, own));
        }
    }
    // Of two words that overlap only the first is seen, and of two that begin alike the longer: needles are chosen
    // so that nothing is lost by that, and to look for all of them would cost several times as much.
    let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest);
    let machine = builder.build(words.keys()).expect("a few hundred short words make a machine");
    Needles { machine, owners: words.into_values().collect() }
});
