//! 发布晚于规定期限 / Published later than the law allows
//!
//! 主动公开的政府信息应当自形成或者变更之日起 20 个工作日内公开（《政府信息公开条例》第二十六条）。这里按周一至周五计算，不扣节假日，所以只在
//! 超过 30 个工作日时提示。
//!
//! Information that an authority publishes of its own accord is due within 20 working days (《政府信息公开条例》 article
//! 26). Only Monday to Friday are counted here and no holidays are taken off, so that the rule speaks from 31 days on.
//!
//! ```text
//! date: 2024-01-16
//! published: 2024-05-20
//! ```

use jiff::civil::Date;

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

/// Twenty days, and the longest holidays that can lie between.
const DAYS: i32 = 30;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let Some(published) = subject.head.published.map(|at| at.date()) else { return };
        let made = subject.head.date;
        let days = working_days(made, published);
        if days > DAYS {
            let message = text!(
                "成文 {days} 个工作日后才发布，规定是 20 个工作日内",
                "published {days} working days after it was made; the law allows 20"
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
}
