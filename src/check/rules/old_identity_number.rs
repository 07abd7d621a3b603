//! 旧的 15 位身份证号码 / Old identity number of 15 digits
//!
//! 1999 年以前的身份证号码有 15 位，没有校验码，所以只在前文提到身份证时提示。写成 `500242******123`。
//!
//! Identity numbers of before 1999 have 15 digits and no check digit, so that the rule speaks only where the words before
//! them tell what they are. Write `500242******123`.
//!
//! ```text
//! 身份证号：110105491231002
//! ```

use jiff::civil::Date;

use crate::check::rule::Rule;
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            let named = before(subject.text, range.start, 12);
            if is_old_number(number) && (named.contains("身份") || named.contains("证件号")) {
                let mask = format!("{}******{}", &number[..6], &number[12..]);
                findings
                    .at(
                        subject,
                        range.clone(),
                        text!(
                            "这是完整的 15 位居民身份证号码",
                            "this is a whole resident identity number of 15 digits"
                        ),
                    )
                    .help(text!("写成 {mask}", "write {mask}"))
                    .fix(mask);
            }
        }
    },
    ..Rule::new(codes::OLD_IDENTITY_NUMBER, Severity::Error, include_str!("old_identity_number.rs"))
};

fn is_old_number(number: &str) -> bool {
    let part = |range: std::ops::Range<usize>| number[range].parse::<i8>().unwrap_or_default();
    number.len() == 15
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && Date::new(1900 + i16::from(part(6..8)), part(8..10), part(10..12)).is_ok()
}
