//! Dates and years that cannot be right together.

use jiff::civil::date;

use crate::diagnostic::{Diagnostic, codes};
use crate::front_matter::place_of;
use crate::model::document::Document;
use crate::model::kind::Kind;
use crate::source::Clock;
use crate::text;

/// A report that looks back on a year is made after that year has ended: 国办公开办函〔2021〕30号 and
/// 厅字〔2019〕28号 both ask for the state of the *past* year.
pub(super) fn dated_before_year_end(document: &Document, text: &str, kind: &Kind, _: Clock) -> Option<Diagnostic> {
    let head = &document.head;
    let year = head.year.filter(|_| kind.yearly)?;
    let (made, next) = (head.date, year + 1);
    if made > date(year, 12, 31) {
        return None;
    }
    let name = &kind.name;
    Some(
        Diagnostic::warning(
            codes::DATED_BEFORE_YEAR_END,
            text!(
                "{year} 年的{name}写于 {made}，当时这一年还没有结束",
                "this yearly report about {year} ({name}) is dated {made}, before that year had ended"
            ),
        )
        .at(place_of(&document.path, text, "date"))
        .help(text!(
            "核对落款日期，多半应是 {next} 年；或者核对年度",
            "check the date of signature, which is probably in {next}; or check the year"
        )),
    )
}

/// A date in the future is published all the same, but never unsaid.
pub(super) fn in_the_future(document: &Document, text: &str, _: &Kind, clock: Clock) -> Option<Diagnostic> {
    let (head, today) = (&document.head, clock.today());
    let (key, date) = match head.published.map(|published| published.date()) {
        Some(published) if published > today => ("published", published),
        _ if head.date > today => ("date", head.date),
        _ => return None,
    };
    Some(
        Diagnostic::warning(
            codes::FUTURE_DATE,
            text!("日期 {date} 在今天（{today}）之后", "{date} lies after today ({today})"),
        )
        .at(place_of(&document.path, text, key))
        .help(text!(
            "核对日期；还不公开的写 draft: true",
            "check the date; write draft: true for what is not public yet"
        )),
    )
}

/// What is published has been made before: 国办秘函〔2019〕19号 counts a falsified publishing date as a veto item.
pub(super) fn published_before_made(document: &Document, text: &str, _: &Kind, _: Clock) -> Option<Diagnostic> {
    let (made, published) = (document.head.date, document.head.published?.date());
    (published < made).then(|| {
        Diagnostic::warning(
            codes::PUBLISHED_BEFORE_MADE,
            text!("发布日期 {published} 早于成文日期 {made}", "published on {published}, before it was made on {made}"),
        )
        .at(place_of(&document.path, text, "published"))
        .help(text!("核对这两个日期", "check the two dates"))
    })
}

/// A report filed in the folder of another year was probably copied and not changed.
pub(super) fn folder_names_another_year(document: &Document, text: &str, _: &Kind, _: Clock) -> Option<Diagnostic> {
    let year = document.head.year?;
    let folders = document.path.rsplit_once('/')?.0;
    let named = folders.split('/').filter(|part| part.len() == 4).find_map(|part| part.parse::<i16>().ok())?;
    (named != year && (1949..=2200).contains(&named)).then(|| {
        Diagnostic::warning(
            codes::PATH_YEAR_DIFFERS,
            text!(
                "文件在 {named} 年的文件夹里，年度却写 {year}",
                "the file lies in the folder of {named} but says {year}"
            ),
        )
        .at(place_of(&document.path, text, "year"))
        .help(text!("改正年度，或把文件移到 {year} 文件夹", "correct the year, or move the file to the folder {year}"))
    })
}
