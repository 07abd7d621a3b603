//! Every rule, once. A rule that is not named here does not exist.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::needles::Needles;
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

/// Whose a needle is: number of the rule, number of the needle among its own.
type Owner = (usize, usize);

/// The needles of all rules, each with those whose it is. Needles are chosen so that nothing is lost where two overlap.
pub(super) static NEEDLES: LazyLock<(Needles, Vec<Vec<Owner>>)> = LazyLock::new(|| {
    let mut words: BTreeMap<&str, Vec<Owner>> = BTreeMap::new();
    for (number, rule) in RULES.iter().enumerate() {
        for (own, needle) in rule.needles.iter().enumerate() {
            words.entry(needle).or_default().push((number, own));
        }
    }
    let needles = Needles::new(words.keys().enumerate().map(|(number, word)| (*word, number)));
    (needles, words.into_values().collect())
});
