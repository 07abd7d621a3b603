//! The year that a report is about, which is seldom that of its date: a yearly report looks back.

use std::collections::BTreeMap;

use super::dates;
use super::lines::Lines;
use super::{Guess, Guesses};
use crate::config::Config;
use crate::text;

/// Finds the year.
pub(super) fn find(lines: &Lines, title: &str, guesses: &Guesses, config: &Config) -> Option<Guess<i16>> {
    let in_title = years(title);
    if let [year] = in_title.as_slice() {
        return Guess::sure(*year, 0, text!("标题", "from the title"));
    }
    let is_yearly = guesses.kind.as_ref().is_some_and(|kind| config.kinds[kind.value].yearly);
    if is_yearly {
        // 2023年，我市……
        let first = lines
            .all
            .iter()
            .skip(guesses.title_places.len())
            .take(4)
            .find_map(|line| leading_year(&line.text).map(|year| (year, line.place)));
        if let Some((year, place)) = first {
            return Guess::sure(year, place, text!("正文开头", "the text begins with it"));
        }
        let date = guesses.date.as_ref()?;
        return Guess::likely(
            date.value.year() - 1,
            date.place,
            text!("落款的前一年", "the year before its signature"),
        );
    }
    if let Some(date) = &guesses.date {
        return Guess::sure(date.value.year(), date.place, text!("成文日期的年份", "the year of its date"));
    }
    if let Some(number) = &guesses.number
        && let [year] = years(&number.value.replace(['〔', '〕'], "年")).as_slice()
    {
        return Guess::sure(*year, number.place, text!("文号", "from the document number"));
    }
    // 一、2024年工作回顾 is what next year's report begins with.
    let review = lines.all.iter().find_map(|line| {
        let at = line.text.find("年工作回顾")?;
        let year: i16 = line.text.get(at.checked_sub(4)?..at)?.parse().ok()?;
        (line.text.chars().count() < 40).then_some((year + 1, line.place))
    });
    if let Some((year, place)) = review {
        return Guess::likely(year, place, text!("回顾的下一年", "the year after the one it looks back on"));
    }
    // The latest day on which a law was passed or amended.
    let passed = lines.head().iter().chain(lines.all.get(lines.head)).filter(|line| {
        ["通过", "修正", "修订", "公布"].iter().any(|word| line.text.contains(word)) && line.text.chars().count() < 400
    });
    if let Some((date, place)) =
        passed.flat_map(|line| dates::days(&line.text).into_iter().map(|(date, _)| (date, line.place))).max()
    {
        return Guess::sure(
            date.year(),
            place,
            text!("最近一次通过或公布的年份", "the year in which it was last passed or promulgated"),
        );
    }
    // 本规定自二〇〇四年十月一日起施行。
    let effect = lines.all.iter().rev().take(12).find_map(|line| {
        let at = line.text.find("起施行").or_else(|| line.text.find("起实施"))?;
        let (date, _) = dates::days(&line.text[..at]).pop()?;
        Some((date, line.place))
    });
    if let Some((date, place)) = effect {
        return Guess::likely(date.year(), place, text!("施行日期的年份", "the year in which it comes into force"));
    }
    only_year(lines)
}

/// The one year that the first lines of text speak of.
fn only_year(lines: &Lines) -> Option<Guess<i16>> {
    let mut seen: BTreeMap<i16, usize> = BTreeMap::new();
    let text = lines.all.iter().filter(|line| line.text.chars().count() > 40).take(4);
    for line in text {
        for year in years(&line.text) {
            *seen.entry(year).or_default() += 1;
        }
    }
    match seen.into_iter().collect::<Vec<_>>().as_slice() {
        [(year, count)] if *count > 1 => {
            Guess::likely(*year, 0, text!("正文只说到这一年", "the only year that the text speaks of"))
        }
        _ => None,
    }
}

/// The year that a line begins with: `2023年，`.
fn leading_year(line: &str) -> Option<i16> {
    let year: i16 = line.get(..4)?.parse().ok()?;
    let rest = line[4..].strip_prefix("年度").or_else(|| line[4..].strip_prefix('年'))?;
    (plausible(year)
        && (rest.starts_with(['，', ',', '是'])
            || rest.starts_with('，')
            || rest.chars().next().is_some_and(|ch| ch > '一')))
    .then_some(year)
}

/// All different years of a text, each four digits before 年; those of a range are none.
fn years(text: &str) -> Vec<i16> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('年') {
        let Some(start) = at.checked_sub(4) else { continue };
        let Some(year) = text.get(start..at).and_then(|year| year.parse::<i16>().ok()) else { continue };
        let before = text[..start].chars().next_back();
        let is_part =
            before.is_some_and(|ch| ch.is_ascii_digit() || matches!(ch, '-' | '—' | '－' | '至' | '～' | '~'));
        if plausible(year) && !is_part && !found.contains(&year) {
            found.push(year);
        }
    }
    found
}

fn plausible(year: i16) -> bool {
    (1949..=2200).contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_titles() {
        assert_eq!(years("丁市镇2023年法治政府建设年度报告"), [2023]);
        assert_eq!(years("2021—2025年规划"), Vec::<i16>::new());
        assert_eq!(years("2022年决算和2023年预算"), [2022, 2023]);
        assert_eq!(leading_year("2023年，我镇"), Some(2023));
    }
}
