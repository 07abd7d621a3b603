//! 居民身份证号码 / Resident identity number
//!
//! 正文或表格里有完整的身份证号码（GB 11643：18 位带校验码）。行政机关不得公开涉及个人隐私的信息（《政府信息公开条例》第十五条；个人信息保护法
//! 第二十八条）。隐去出生日期，写成 `500242********1234`；`--fix` 会这样改。全国统一社会信用代码不是身份证号码，不在此列。
//!
//! A whole resident identity number (GB 11643: 18 digits with a check digit) stands in the text. Personal data must not
//! be published (《政府信息公开条例》 article 15; 个人信息保护法 article 28). Cover the date of birth:
//! `500242********1234`, which is what `--fix` does. Unified social credit codes are no identity numbers.
//!
//! ```text
//! 户主张某，身份证号 11010519491231002X
//! ```

use jiff::civil::Date;

use super::bank_card::is_credit_code;
use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// First two digits of a division: GB/T 2260.
pub(super) const PROVINCES: [u8; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82,
];
/// GB 11643, annex: weights, and check digits by remainder.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
    look: |subject, findings| {
        let today = subject.clock.today();
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            if is_identity_number(number, today) && !is_credit_code(subject.text, range.start, number) {
                let mask = format!("{}********{}", &number[..6], &number[14..]);
                findings
                    .at(
                        subject,
                        range.clone(),
                        text!("这是完整的居民身份证号码", "this is a whole resident identity number"),
                    )
                    .help(text!("写成 {mask}", "write {mask}"))
                    .fix(mask);
            }
        }
    },
    ..Rule::new(codes::IDENTITY_NUMBER, Severity::Error, include_str!("identity_number.rs"))
};

/// Whether 18 characters are an identity number of somebody who may live: division, day of birth, check digit.
pub(in crate::check) fn is_identity_number(number: &str, today: Date) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let part = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or_default();
    let born = Date::new(part(6..10), part(10..12) as i8, part(12..14) as i8);
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    PROVINCES.contains(&(part(0..2) as u8))
        && born.is_ok_and(|born| born.year() >= 1900 && born <= today)
        && CHECKS[sum as usize % 11] == bytes[17].to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn whole(first: &str) -> String {
        let sum: u32 = first.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        format!("{first}{}", char::from(CHECKS[sum as usize % 11]))
    }

    proptest! {
        #[test]
        fn knows_numbers_by_division_birth_and_check_digit(
            province in prop::sample::select(&PROVINCES[..]),
            (area, days, serial) in (0..10_000u32, 0..40_000i32, 0..1_000u32),
            wrong in 1..11usize,
        ) {
            let born = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let today = date(2026, 1, 15);
            let number = whole(&format!("{province}{area:04}{:04}{:02}{:02}{serial:03}", born.year(), born.month(), born.day()));
            prop_assert_eq!(is_identity_number(&number, today), born <= today);
            prop_assert_eq!(is_identity_number(&number.to_lowercase(), today), born <= today);
            // Another check digit, an impossible day, an unknown province.
            let at = CHECKS.iter().position(|check| char::from(*check) == number.chars().last().unwrap()).unwrap();
            let other = char::from(CHECKS[(at + wrong) % 11]);
            let forged = format!("{}{other}", &number[..17]);
            prop_assert!(!is_identity_number(&forged, today));
            let never = format!("{}1332{}", &number[..10], &number[14..17]);
            prop_assert!(!is_identity_number(&whole(&never), today));
            let nowhere = format!("99{}", &number[2..17]);
            prop_assert!(!is_identity_number(&whole(&nowhere), today));
            // The official mask covers the date of birth, and leaves nothing that is found again.
            let body = format!("身份证号{number}，");
            let (found, mask) = crate::check::rules::tests::only(&body, &RULE);
            prop_assert_eq!(found, (born <= today).then(|| number.clone()));
            if let Some(mask) = mask {
                prop_assert_eq!(&mask, &format!("{}********{}", &number[..6], &number[14..]));
                prop_assert_eq!(crate::check::rules::tests::only(&mask, &RULE).0, None);
            }
        }
    }
}
