//! Dates as clerks write them: `2023-01-16`, `2023年1月16日`, `二〇二三年一月十六日`, with or without a time.
//!
//! What lost characters is refused, never guessed: `2024926` may be the 26th of September or something else.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::numerals::{Token, tokens};
use crate::diagnostic::Text;
use crate::text;

/// A date, and the time where one was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day.
    pub time: Option<Time>,
}

/// No report is older than this; an earlier year is a slip of the pen.
const FIRST_YEAR: u32 = 1900;
/// No report is dated later than this.
const LAST_YEAR: u32 = 2200;
/// The longest form, a date with a time and a zone in Han digits, is half as long.
const LONGEST: usize = 64;
/// Chinese time, in which a moment with a zone is told.
const CHINA: Offset = Offset::constant(8);

/// Reads a date. A time with a zone (`-0500`, `+08:00`, `Z`) is moved to Chinese time; one without is Chinese
/// already. The error says what is wrong with it, in words for the one who wrote it.
pub fn parse_date(written: &str) -> Result<Moment, Text> {
    // Nearly all dates are written so, and need no cutting up.
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = written.as_bytes()
        && [y1, y2, y3, y4, m1, m2, d1, d2].iter().all(|byte| byte.is_ascii_digit())
    {
        let number = |digits: &[&u8]| digits.iter().fold(0, |value, digit| value * 10 + u32::from(**digit - b'0'));
        let date = civil(number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2]))?;
        return Ok(Moment { date, time: None });
    }
    if written.chars().count() > LONGEST {
        return Err(text!("这里不是日期，文字太长", "this is not a date: it is far too long"));
    }
    let tokens = tokens(written);
    let mut words = Words { tokens: &tokens, at: 0 };
    let date = words.date()?;
    let Some(time) = words.time()? else {
        words.end()?;
        return Ok(Moment { date, time: None });
    };
    let zone = words.zone()?;
    words.end()?;
    let moment = DateTime::from_parts(date, time);
    let moment = match zone {
        Some(zone) => zone.to_timestamp(moment).map(|stamp| CHINA.to_datetime(stamp)).map_err(|_| not_a_date())?,
        None => moment,
    };
    Ok(Moment { date: moment.date(), time: Some(moment.time()) })
}

fn not_a_date() -> Text {
    text!("这不是日期", "this is not a date")
}

struct Words<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn mark(&mut self, wanted: &[char]) -> Option<char> {
        match self.tokens.get(self.at) {
            Some(Token::Mark(mark)) if wanted.contains(mark) => {
                self.at += 1;
                Some(*mark)
            }
            _ => None,
        }
    }

    /// A number of at most two digits.
    fn small(&mut self) -> Option<u32> {
        match self.next()? {
            Token::Number { value, width, spelled, .. } if *width <= 2 || *spelled => *value,
            _ => None,
        }
    }

    fn date(&mut self) -> Result<Date, Text> {
        let Some(Token::Number { value: Some(year), width, written, .. }) = self.next() else {
            return Err(not_a_date());
        };
        match (width, self.tokens.get(1)) {
            (4, _) => {}
            (8, _) if let Some(likely) = eight_digits(written) => {
                return Err(text!(
                    "数字连在一起，分不清年、月、日；如果是 {likely}，请这样写",
                    "the digits run together; write {likely} if that is meant"
                ));
            }
            (5.., _) => {
                return Err(text!(
                    "“{written}”丢了分隔符或字，分不清年、月、日",
                    "`{written}` has lost separators or digits: year, month and day cannot be told apart"
                ));
            }
            (_, None) => return Err(not_a_date()),
            _ => return Err(text!("年份要写四位，并且写在最前面", "the year needs four digits and stands first")),
        }
        let (month, day) = match self.mark(&['年', '-', '/', '.']) {
            Some('年') => self.month_and_day('月', &['日', '号'])?,
            Some(mark) => self.month_and_day(mark, &[])?,
            None if self.tokens.len() == 1 => {
                return Err(text!("只有年份，缺少月和日", "there is only a year; month and day are missing"));
            }
            None => return Err(not_a_date()),
        };
        civil(*year, month, day)
    }

    fn month_and_day(&mut self, between: char, after: &[char]) -> Result<(u32, u32), Text> {
        let lost = || {
            text!(
                "月和日之间丢了分隔符或字，分不清是哪一天",
                "separators or digits between month and day are lost: the day cannot be told"
            )
        };
        if self.at == self.tokens.len() {
            return Err(text!("缺少月和日", "month and day are missing"));
        }
        if matches!(self.tokens.get(self.at), Some(Token::Number { width: 3.., spelled: false, .. })) {
            return Err(lost());
        }
        let month = self.small().ok_or_else(not_a_date)?;
        let parted = self.mark(&[between]).is_some();
        if self.at == self.tokens.len() {
            return Err(text!("缺少日：请写到哪一天", "the day is missing"));
        }
        if !parted {
            return Err(if after.is_empty() { not_a_date() } else { lost() });
        }
        let day = self.small().ok_or_else(not_a_date)?;
        if !after.is_empty() && self.mark(after).is_none() {
            return Err(text!("末尾缺少“日”字，可能丢了字", "`日` is missing at the end; characters may be lost"));
        }
        Ok((month, day))
    }

    fn time(&mut self) -> Result<Option<Time>, Text> {
        let marked = self.mark(&['T', 't']).is_some();
        if !marked && !matches!(self.tokens.get(self.at), Some(Token::Number { .. })) {
            return Ok(None);
        }
        let bad = || text!("时间不对，应写成 09:30", "the time is wrong; write it like 09:30");
        let hour = self.small().ok_or_else(bad)?;
        let (mut minute, mut second) = (0, 0);
        match self.mark(&[':', '时', '点']) {
            Some(':') => {
                minute = self.small().ok_or_else(bad)?;
                if self.mark(&[':']).is_some() {
                    second = self.small().ok_or_else(bad)?;
                    if self.mark(&['.']).is_some() {
                        self.next();
                    }
                }
            }
            Some(_) if matches!(self.tokens.get(self.at), Some(Token::Number { .. })) => {
                minute = self.small().ok_or_else(bad)?;
                self.mark(&['分']).ok_or_else(bad)?;
                if matches!(self.tokens.get(self.at), Some(Token::Number { .. })) {
                    second = self.small().ok_or_else(bad)?;
                    self.mark(&['秒']).ok_or_else(bad)?;
                }
            }
            Some(_) => {}
            None => return Err(bad()),
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(bad());
        }
        Ok(Some(Time::constant(hour as i8, minute as i8, second as i8, 0)))
    }

    fn zone(&mut self) -> Result<Option<Offset>, Text> {
        let bad = || text!("时区不对，应写成 +08:00", "the zone is wrong; write it like +08:00");
        let sign = match self.mark(&['Z', 'z', '+', '-']) {
            None => return Ok(None),
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return Ok(Some(Offset::UTC)),
        };
        let Some(Token::Number { value: Some(value), width, .. }) = self.next() else { return Err(bad()) };
        let (hours, minutes) = match width {
            4 => (value / 100, value % 100),
            1 | 2 if self.mark(&[':']).is_some() => (*value, self.small().ok_or_else(bad)?),
            1 | 2 => (*value, 0),
            _ => return Err(bad()),
        };
        if hours > 14 || minutes > 59 {
            return Err(bad());
        }
        Offset::from_seconds(sign * (hours * 3600 + minutes * 60) as i32).map(Some).map_err(|_| bad())
    }

    fn end(&self) -> Result<(), Text> {
        let rest: String = self.tokens[self.at..]
            .iter()
            .map(|token| match token {
                Token::Number { written, .. } => written.clone(),
                Token::Mark(mark) => mark.to_string(),
            })
            .collect();
        if rest.is_empty() {
            return Ok(());
        }
        Err(text!("日期后面多出了“{rest}”", "`{rest}` is left over after the date"))
    }
}

fn eight_digits(written: &str) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| written.get(range)?.parse::<u32>().ok();
    civil(number(0..4)?, number(4..6)?, number(6..8)?).ok()
}

fn civil(year: u32, month: u32, day: u32) -> Result<Date, Text> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(text!("{year} 年不可能是报告的年份", "{year} cannot be the year of a report"));
    }
    if !(1..=12).contains(&month) {
        return Err(text!("没有 {month} 月", "there is no month {month}"));
    }
    let date = i8::try_from(day).ok().and_then(|day| Date::new(year as i16, month as i8, day).ok());
    date.ok_or_else(|| text!("{year} 年 {month} 月没有 {day} 日", "there is no day {day} in month {month} of {year}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    use super::*;

    fn day(written: &str) -> Option<String> {
        parse_date(written).ok().map(|moment| match moment.time {
            Some(time) => format!("{} {time}", moment.date),
            None => moment.date.to_string(),
        })
    }

    #[test]
    fn reads_what_reports_hold() {
        for written in [
            "2023-01-16",
            "2023/1/16",
            "2023.1.16",
            "2023-1-6",
            "2023年1月16日",
            "2023 年 1 月 16 日",
            "２０２３年１月１６日",
            "２０23－01－16",
            "二〇二三年一月十六日",
            "二○二三年一月十六日",
            "二零二三年元月十六日",
        ] {
            let expected = if written == "2023-1-6" { "2023-01-06" } else { "2023-01-16" };
            assert_eq!(day(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(day("二〇二六年一月二十七日").as_deref(), Some("2026-01-27"));
        assert_eq!(day("二〇二五年十二月三十一日").as_deref(), Some("2025-12-31"));
        assert_eq!(day("2020-09-09 08:44:00 -0500").as_deref(), Some("2020-09-09 21:44:00"));
        assert_eq!(day("2020-09-09T20:44:00Z").as_deref(), Some("2020-09-10 04:44:00"));
        assert_eq!(day("2024-01-18T09:30").as_deref(), Some("2024-01-18 09:30:00"));
        assert_eq!(day("2024年2月10日 07时41分").as_deref(), Some("2024-02-10 07:41:00"));
    }

    #[test]
    fn refuses_what_lost_characters() {
        for written in [
            "201911日",
            "20251231日",
            "2024926",
            "20230116",
            "2023-02-30",
            "23-01-16",
            "1/16/2023",
            "２０２３年１月",
            "2023",
            "2023年",
            "2023年0116日",
            "2023年1月16",
            "2023-01/16",
            "2023-13-01",
            "2023-01-16 25:00",
            "今天",
            "",
            "2023-01-1609:30",
            "2023-01-16 09:30 +99:00",
            "十十年一月一日",
            "2023-01-16 星期一",
            "0203-01-16",
        ] {
            assert_eq!(day(written), None, "{written}");
        }
        assert!(parse_date("20230116").unwrap_err().en.contains("2023-01-16"));
    }

    fn han(mut number: u32) -> String {
        let digits: Vec<char> = "〇一二三四五六七八九".chars().collect();
        let mut out = String::new();
        if number >= 20 {
            out.push(digits[number as usize / 10]);
        }
        if number >= 10 {
            out.push('十');
            number %= 10;
        }
        if number > 0 {
            out.push(digits[number as usize]);
        }
        out
    }

    proptest! {
        #[test]
        fn never_panics(written in "\\PC*") {
            let _ = parse_date(&written);
        }

        #[test]
        fn never_panics_on_what_looks_like_dates(written in "[0-9０-９〇一二三十廿年月日时分:./TZ+ -]{0,24}") {
            if let Ok(moment) = parse_date(&written) {
                prop_assert!((1899..=2201).contains(&moment.date.year()));
            }
        }

        #[test]
        fn all_forms_of_one_day_agree(days in 0i64..90_000, hour in 0i8..24, minute in 0i8..60) {
            let day = date(1950, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let (y, m, d) = (day.year(), day.month(), day.day());
            let year: String = y.to_string().chars().map(|c| han(c.to_digit(10).unwrap()).chars().next().unwrap_or('〇')).collect();
            let forms = [
                format!("{y}-{m:02}-{d:02}"),
                format!("{y}/{m}/{d}"),
                format!("{y}.{m}.{d}"),
                format!("{y}年{m}月{d}日"),
                format!("{y} 年 {m:02} 月 {d:02} 日"),
                format!("{year}年{}月{}日", han(m as u32), han(d as u32)),
            ];
            for form in forms {
                prop_assert_eq!(parse_date(&form), Ok(Moment { date: day, time: None }), "{}", form);
                let timed = format!("{form} {hour}:{minute:02}");
                let time = time(hour, minute, 0, 0);
                prop_assert_eq!(parse_date(&timed), Ok(Moment { date: day, time: Some(time) }), "{}", timed);
            }
        }
    }
}
