//! 发布晚于规定期限 / Published later than the law allows
//!
//! 主动公开的政府信息应当自形成或者变更之日起 20 个工作日内公开（《政府信息公开条例》第二十六条）。每年的放假安排各不相同，这里按放假最多的年份
//! 扣除节假日，所以提示的都确实超过了 20 个工作日。
//!
//! Information that an authority publishes of its own accord is due within 20 working days (《政府信息公开条例》 article
//! 26). Holidays differ from year to year; as many are taken off as any year had, so that what is found was late for sure.
//!
//! ```text
//! date: 2024-01-16
//! published: 2024-05-20
//! ```

use jiff::civil::Date;

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

/// What the law allows.
const DAYS: i32 = 20;

/// Month and day.
type Day = (i8, i8);

/// Between which days the holidays of 《全国年节及纪念日放假办法》 fall, and how many Mondays to
/// Fridays each takes at most. What is made up for at weekends only adds working days.
const HOLIDAYS: [(Day, Day, i32); 7] = [
    ((1, 1), (1, 3), 3),
    ((1, 20), (2, 28), 6),
    ((4, 3), (4, 7), 3),
    ((4, 29), (5, 6), 5),
    ((5, 28), (6, 28), 2),
    ((9, 8), (9, 30), 2),
    ((10, 1), (10, 8), 6),
];

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(published) = subject.head.published.map(|at| at.date()) else { return };
        let made = subject.head.date;
        let days = working_days(made, published) - holidays(made, published);
        if days > DAYS {
            let message = text!(
                "成文至少 {days} 个工作日后才发布，规定是 {DAYS} 个工作日内",
                "published at least {days} working days after it was made; the law allows {DAYS}"
            );
            findings.at_key(subject, "published", message).help(text!(
                "核对两个日期；确实迟了的，下次抓紧",
                "check the two dates; if it was late indeed, be quicker next time"
            ));
        }
    },
    ..Rule::new(codes::PUBLISHED_LATE, Severity::Advice, include_str!("published_late.rs"))
};

/// Mondays to Fridays behind `from`, up to `to`.
fn working_days(from: Date, to: Date) -> i32 {
    let days = from.until(to).map_or(0, |span| span.get_days()).max(0);
    let weekday = i32::from(from.weekday().to_monday_zero_offset());
    let whole = days / 7 * 5;
    whole + (1..=days % 7).filter(|day| (weekday + day) % 7 < 5).count() as i32
}

/// As many of the Mondays to Fridays behind `from`, up to `to`, as can be holidays.
fn holidays(from: Date, to: Date) -> i32 {
    let mut days = 0;
    for year in from.year()..=to.year() {
        for ((first_month, first_day), (last_month, last_day), most) in HOLIDAYS {
            let first = jiff::civil::date(year, first_month, first_day);
            let last = jiff::civil::date(year, last_month, last_day);
            let (first, last) = (first.max(from.saturating_add(jiff::Span::new().days(1))), last.min(to));
            if first <= last {
                days += most.min(working_days(first.saturating_sub(jiff::Span::new().days(1)), last));
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn counts_mondays_to_fridays() {
        // 2024-01-16 is a Tuesday.
        let days = |day| working_days(date(2024, 1, 16), date(2024, 1, day));
        assert_eq!([16, 17, 19, 20, 21, 22, 23, 30].map(days), [0, 1, 3, 3, 3, 4, 5, 10]);
        assert_eq!(working_days(date(2024, 1, 16), date(2023, 1, 1)), 0);
    }

    #[test]
    fn takes_off_holidays() {
        assert_eq!(holidays(date(2024, 3, 4), date(2024, 3, 29)), 0);
        assert_eq!(holidays(date(2024, 1, 16), date(2024, 3, 1)), 6);
        assert_eq!(holidays(date(2023, 12, 28), date(2024, 1, 31)), 9);
        assert_eq!(holidays(date(2024, 9, 30), date(2024, 10, 2)), 2);
    }
}
