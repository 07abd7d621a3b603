//! 银行卡号 / Bank card number
//!
//! 16 到 19 位、通过 Luhn 校验、以 62 开头的数字是银联卡号，以 4 或 5 开头的在前文提到卡号、账号时提示。公开补贴名单时最容易漏出。写成
//! `622202*********0128`。
//!
//! Sixteen to nineteen digits that pass Luhn's check and begin with 62 are a UnionPay card; those that begin with 4 or 5
//! are found where the words before them speak of a card or an account. They slip out with lists of subsidies. Write
//! `622202*********0128`.
//!
//! ```text
//! 开户行农行，卡号 6222020200112230120
//! ```

use super::identity_number::is_identity_number;
use crate::check::rule::{Reach, Rule};
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
    look: |subject, findings| {
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            if !(16..=19).contains(&number.len())
                || !passes_luhn(number)
                || is_identity_number(number, subject.clock.today())
                || is_credit_code(subject.text, range.start, number)
            {
                continue;
            }
            let named = before(subject.text, range.start, 16);
            let is_named = ["卡号", "账号", "帐号", "账户", "银行"].iter().any(|word| named.contains(word));
            if number.starts_with("62") || is_named && number.starts_with(['4', '5']) {
                let mask = format!("{}{}{}", &number[..6], "*".repeat(number.len() - 10), &number[number.len() - 4..]);
                findings
                    .at(subject, range.clone(), text!("这是银行卡号", "this is the number of a bank card"))
                    .help(text!("写成 {mask}", "write {mask}"))
                    .fix(mask);
            }
        }
    },
    ..Rule::new(codes::BANK_CARD, Severity::Warning, include_str!("bank_card.rs"))
};

/// The signs of a unified social credit code (GB 32100), by their values.
const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a number is the unified social credit code of a body or a firm, which is public: its check sign is right,
/// and the words before it call it one or it stands in an index number.
pub(super) fn is_credit_code(text: &str, at: usize, number: &str) -> bool {
    let named = before(text, at, 24);
    let is_named = ["信用代码", "机构代码", "代码证", "登记证号", "索引号"].iter().any(|word| named.contains(word));
    let is_index = text[at + number.len()..].starts_with('/');
    (is_named || is_index) && has_right_sign(number)
}

/// GB 32100, annex: the values of seventeen signs weighed with the powers of three, modulo 31.
fn has_right_sign(code: &str) -> bool {
    let values: Option<Vec<usize>> = code.chars().map(|sign| SIGNS.find(sign)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let mut power = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * power;
        power = power * 3 % 31;
    }
    (31 - sum % 31) % 31 == values[17]
}

/// ISO/IEC 7812-1, annex B.
fn passes_luhn(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u32 =
        digits.enumerate().map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }).sum();
    number.bytes().all(|byte| byte.is_ascii_digit()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A credit code with its check sign, from seventeen signs.
    fn whole(first: &str) -> String {
        let signs = SIGNS.chars().map(|sign| format!("{first}{sign}"));
        signs.into_iter().find(|code| has_right_sign(code)).expect("one of 31 signs is right")
    }

    #[test]
    fn knows_real_codes() {
        // Published codes of authorities; they are no secrets.
        assert!(has_right_sign("113708280043326001") && has_right_sign("11341702486344515H"));
        assert!(!has_right_sign("113708280043326002") && !has_right_sign("1137082800433260"));
    }

    proptest! {
        #[test]
        fn credit_codes_are_never_found(first in "[159][1-39][1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{9}", digits in "1[12][1-6][0-9]{14}") {
            for code in [whole(&first), whole(&digits)] {
                prop_assert_eq!(SIGNS.chars().filter(|sign| has_right_sign(&format!("{}{sign}", &code[..17]))).count(), 1);
                for body in [format!("统一社会信用代码：{code}"), format!("索引号 {code}/2024-00001")] {
                    prop_assert_eq!(crate::check::rules::tests::only(&body, &RULE).0, None);
                    prop_assert_eq!(crate::check::rules::tests::only(&body, &super::super::identity_number::RULE).0, None);
                }
            }
        }

        #[test]
        fn cards_are_found_and_covered(first in "62[0-9]{13,16}") {
            let card = (0..10).map(|last| format!("{first}{last}")).find(|card| passes_luhn(card)).unwrap();
            let today = jiff::civil::date(2026, 1, 15);
            prop_assume!(!is_identity_number(&card, today));
            let (found, mask) = crate::check::rules::tests::only(&format!("卡号{card}。"), &RULE);
            prop_assert_eq!(found.as_deref(), Some(card.as_str()));
            let mask = mask.unwrap();
            prop_assert_eq!(mask.len(), card.len());
            prop_assert!(mask.starts_with(&card[..6]) && mask.ends_with(&card[card.len() - 4..]));
            prop_assert_eq!(mask.matches('*').count(), card.len() - 10);
            let forged = format!("{first}{}", (card.as_bytes()[card.len() - 1] - b'0' + 1) % 10);
            prop_assert_eq!(crate::check::rules::tests::only(&format!("卡号{forged}。"), &RULE).0, None);
        }

        #[test]
        fn one_of_ten_last_digits_is_right(first in "62[0-9]{13,16}") {
            let right = (0..10).filter(|last| passes_luhn(&format!("{first}{last}"))).count();
            prop_assert_eq!(right, 1);
        }
    }
}
