//! 日期在将来 / A date in the future
//!
//! 成文日期或发布日期晚于今天。将来的日期照样公开，但不会不声不响。核对日期；还不公开的写 `draft: true`。
//!
//! The date of making or publishing lies after today. It is published all the same, but never unsaid. Check the
//! date, or write `draft: true` for what is not public yet.
//!
//! ```text
//! date: 2062-01-16
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Head,
    look: |subject, findings| {
        let (head, today) = (subject.head, subject.clock.today());
        let (key, date) = match head.published.map(|published| published.date()) {
            Some(published) if published > today => ("published", published),
            _ if head.date > today => ("date", head.date),
            _ => return,
        };
        let message = text!("日期 {date} 在今天（{today}）之后", "{date} lies after today ({today})");
        findings.at_key(subject, key, message).help(text!(
            "核对日期；还不公开的写 draft: true",
            "check the date; write draft: true for what is not public yet"
        ));
    },
    ..Rule::new(codes::FUTURE_DATE, Severity::Warning, include_str!("future_date.rs"))
};
