//! 个人手机号码 / Private mobile number
//!
//! 手机号码多半属于个人。写成 `138****5678`，或者改写办公电话；`--fix` 会隐去中间四位。前文写明是咨询、监督、值班等公开电话的不提示。
//!
//! A mobile number is most often somebody's own. Write `138****5678`, or the number of the office; `--fix` covers the
//! four digits in the middle. Numbers that the words before them call lines for the public are not found.
//!
//! ```text
//! 联系人李某，13812345678
//! ```

use crate::check::rule::{Reach, Rule};
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

/// Words that make a number one for the public.
const PUBLIC: [&str; 9] = ["咨询", "监督", "举报", "值班", "投诉", "服务", "热线", "办公", "受理"];

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
    look: |subject, findings| {
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            let is_mobile =
                number.len() == 11 && number.starts_with('1') && matches!(number.as_bytes()[1], b'3'..=b'9');
            let named = before(subject.text, range.start, 16);
            if is_mobile && !PUBLIC.iter().any(|word| named.contains(word)) {
                let mask = format!("{}****{}", &number[..3], &number[7..]);
                findings
                    .at(
                        subject,
                        range.clone(),
                        text!("这是手机号码，多半属于个人", "this is a mobile number, probably a private one"),
                    )
                    .help(text!("写成 {mask}，或改写办公电话", "write {mask}, or the number of the office"))
                    .fix(mask);
            }
        }
    },
    ..Rule::new(codes::MOBILE_NUMBER, Severity::Warning, include_str!("mobile_number.rs"))
};
