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
use crate::check::rule::Rule;
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            if !(16..=19).contains(&number.len())
                || !passes_luhn(number)
                || is_identity_number(number, subject.clock.today())
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

    proptest! {
        #[test]
        fn one_of_ten_last_digits_is_right(first in "62[0-9]{13,16}") {
            let right = (0..10).filter(|last| passes_luhn(&format!("{first}{last}"))).count();
            prop_assert_eq!(right, 1);
        }
    }
}
