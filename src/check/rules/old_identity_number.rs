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

use super::identity_number::PROVINCES;
use crate::check::rule::{Reach, Rule};
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
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
        && PROVINCES.contains(&(part(0..2) as u8))
        && Date::new(1900 + i16::from(part(6..8)), part(8..10), part(10..12)).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn knows_old_numbers_by_division_and_birth(
            province in prop::sample::select(&PROVINCES[..]),
            (area, year, month, day, serial) in (0..10_000u32, 0..100u32, 1..13u32, 1..29u32, 0..1_000u32),
        ) {
            let number = format!("{province}{area:04}{year:02}{month:02}{day:02}{serial:03}");
            prop_assert!(is_old_number(&number));
            let nowhere = format!("90{}", &number[2..]);
            prop_assert!(!is_old_number(&nowhere));
            let never = format!("{}13{}", &number[..8], &number[10..]);
            prop_assert!(!is_old_number(&never));
            let longer = format!("{}0", number);
            prop_assert!(!is_old_number(&longer));
        }
    }
}
