//! Every date of a line, and what its line says it is the date of.

use jiff::civil::Date;

use crate::front_matter::dates::parse_date;

/// What a date is the date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A report held before an assembly: `——2026年1月28日在……会议上`.
    Delivery,
    /// A line of its own, as below a signature.
    Alone,
    /// The day of publishing, by its label or the hour behind it.
    Posting,
    /// The day of making, by its label.
    Making,
    /// A law passed or amended.
    Passing,
    /// A law promulgated.
    Promulgation,
    /// In force from then on.
    Effect,
}

/// A date with its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The day.
    pub date: Date,
    /// What it is the date of.
    pub of: Of,
}

/// All days named in a folded line, in their order, each with the bytes that it takes.
pub fn days(line: &str) -> Vec<(Date, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let step = rest.chars().next().map_or(1, char::len_utf8);
        let before = line[..at].chars().next_back();
        let starts = rest.starts_with(is_digit) && !before.is_some_and(is_digit);
        match if starts { day_at(rest) } else { None } {
            Some((date, length)) => {
                found.push((date, at..at + length));
                at += length;
            }
            None => at += step,
        }
    }
    found
}

fn is_digit(ch: char) -> bool {
    ch.is_ascii_digit() || "〇○零一二三四五六七八九十元".contains(ch)
}

/// The day that a text begins with, and its length in bytes.
fn day_at(text: &str) -> Option<(Date, usize)> {
    let digits = |text: &str| text.len() - text.trim_start_matches(is_digit).len();
    let year = digits(text);
    let mark = text[year..].chars().next()?;
    let month = digits(&text[year + mark.len_utf8()..]);
    let month_at = year + mark.len_utf8();
    let second = text[month_at + month..].chars().next()?;
    let day_at = month_at + month + second.len_utf8();
    let day = digits(&text[day_at..]);
    if month == 0 || day == 0 {
        return None;
    }
    let end = match (mark, second) {
        ('年', '月') => {
            let last = text[day_at + day..].chars().next().filter(|ch| matches!(ch, '日' | '号'))?;
            day_at + day + last.len_utf8()
        }
        ('-' | '/' | '.', same) if same == mark => day_at + day,
        _ => return None,
    };
    parse_date(&text[..end]).ok().map(|moment| (moment.date, end))
}

/// Labels in front of dates, longest first.
const LABELS: &[(&str, Of)] = &[
    ("成文日期", Of::Making),
    ("成文时间", Of::Making),
    ("发文日期", Of::Making),
    ("生成日期", Of::Making),
    ("印发日期", Of::Making),
    ("发布日期", Of::Posting),
    ("发布时间", Of::Posting),
    ("发表时间", Of::Posting),
    ("公开日期", Of::Posting),
    ("公开时间", Of::Posting),
    ("publish_date", Of::Posting),
    ("时间", Of::Posting),
    ("生效日期", Of::Effect),
    ("实施日期", Of::Effect),
];

/// The date of a line that says what it is the date of; `before` is the line above, which may be the label.
pub fn of_line(line: &str, before: Option<&str>) -> Option<Found> {
    let days = days(line);
    let (date, range) = days.last().cloned()?;
    let found = |of| Some(Found { date, of });
    let rest = line[range.end..].trim();
    let front = line[..range.start].trim();
    let label = |text: &str| {
        let text = text.trim_start_matches(['-', '*', '#', ' ', '【', '[']).trim_end_matches(['：', ':', ' ']);
        LABELS.iter().find(|(label, _)| text == *label).map(|(_, of)| *of)
    };
    let is_clock = !rest.is_empty() && rest.chars().all(|ch| ch.is_ascii_digit() || ":时点分秒 ".contains(ch));
    if let Some(of) = label(front).or_else(|| if front.is_empty() { label(before?) } else { None })
        && (rest.is_empty() || is_clock)
    {
        return found(of);
    }
    if days.len() == 1 && line.chars().count() <= 90 {
        let is_dash = |ch: char| matches!(ch, '-' | '—' | '–' | '―' | '─' | '－' | '（' | '(' | ' ' | '一');
        let held =
            rest.starts_with('在') && (rest.contains("届") || rest.contains("会议上") || rest.contains("大会上"));
        if held && front.chars().all(is_dash) {
            return found(Of::Delivery);
        }
        if front.is_empty() && is_clock {
            return found(Of::Posting);
        }
        let bare = |text: &str| text.chars().all(|ch| matches!(ch, '（' | '）' | '(' | ')' | ' '));
        if bare(front) && bare(rest) {
            return found(Of::Alone);
        }
    }
    let ending = line.trim_end_matches(['）', ')', '。', ' ']);
    if line.chars().count() <= 120 {
        let endings: [(&[&str], Of); 3] = [
            (&["公布", "发布", "颁布"], Of::Promulgation),
            (&["通过", "批准", "修正", "修订"], Of::Passing),
            (&["施行", "实施"], Of::Effect),
        ];
        for (words, of) in endings {
            if words.iter().any(|word| ending.ends_with(word)) && front.chars().count() <= 2 {
                return found(of);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Option<(String, Of)> {
        of_line(line, None).map(|found| (found.date.to_string(), found.of))
    }

    #[test]
    fn dates_are_told_apart_by_their_lines() {
        let is = |date: &str, of| Some((date.to_owned(), of));
        assert_eq!(said("——2026年1月28日在云南省第十四届人民代表大会第四次会议上"), is("2026-01-28", Of::Delivery));
        assert_eq!(said("----2012年2月29日在海拉尔区第十三届人民代表大会上"), is("2012-02-29", Of::Delivery));
        assert_eq!(
            said("——二〇二六年一月二十七日在甘肃省十四届人民代表大会第四次会议上"),
            is("2026-01-27", Of::Delivery)
        );
        assert_eq!(said("2026-02-03 09:02:33"), is("2026-02-03", Of::Posting));
        assert_eq!(said("2026年02月10日07时41分"), is("2026-02-10", Of::Posting));
        assert_eq!(said("时间：2026-02-12"), is("2026-02-12", Of::Posting));
        assert_eq!(said("成文日期：2024年1月16日"), is("2024-01-16", Of::Making));
        assert_eq!(said("（2024年1月16日）"), is("2024-01-16", Of::Alone));
        assert_eq!(
            said("2011年12月7日杭州市第十一届人民代表大会常务委员会公告第56号公布"),
            is("2011-12-07", Of::Promulgation)
        );
        assert_eq!(said("2012年3月1日施行"), is("2012-03-01", Of::Effect));
        assert_eq!(said("2023年4月3日下午，局党组书记主持召开会议。"), None);
        assert_eq!(said("201911日"), None);
        assert_eq!(of_line("2026-02-09 09:45:30", Some("发表时间：")).map(|found| found.of), Some(Of::Posting));
    }

    #[test]
    fn all_days_of_a_line() {
        let days: Vec<String> =
            days("2010年7月30日通过，根据2020年11月27日修正").iter().map(|(date, _)| date.to_string()).collect();
        assert_eq!(days, ["2010-07-30", "2020-11-27"]);
        assert!(super::days("2023年1月至3月").is_empty());
    }
}
