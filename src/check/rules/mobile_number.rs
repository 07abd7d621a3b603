//! 个人手机号码 / Private mobile number
//!
//! 手机号码多半属于个人。写成 `138****5678`，或者改写办公电话；`--fix` 会隐去中间四位。写在 `tel:`、`mailto:` 链接里的同样人人可见，`--fix` 不改，
//! 要去掉链接。前文写明是咨询、监督、值班等公开电话的不提示。
//!
//! A mobile number is most often somebody's own. Write `138****5678`, or the number of the office; `--fix` covers the
//! four digits in the middle. In `tel:` and `mailto:` links everybody can read it too; `--fix` leaves them, remove the
//! link. Numbers that the words before them call lines for the public are not found.
//!
//! ```text
//! 联系人李某，13812345678
//! ```

use std::ops::Range;

use crate::check::rule::{Reach, Rule, Subject};
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::model::structure::add_numbers;
use crate::text;

/// Words that make a number one for the public.
const PUBLIC: [&str; 9] = ["咨询", "监督", "举报", "值班", "投诉", "服务", "热线", "办公", "受理"];

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Texts,
    look: |subject, findings| {
        for (range, address) in called(subject) {
            let named = before(subject.text, range.start, 16);
            if !PUBLIC.iter().any(|word| named.contains(word)) {
                findings
                    .at(
                        subject,
                        address,
                        text!(
                            "链接里有手机号码，多半属于个人",
                            "the link holds a mobile number, probably a private one"
                        ),
                    )
                    .help(text!("去掉这个链接，或改成办公电话", "remove the link, or write the number of the office"));
            }
        }
        for range in &subject.structure.numbers {
            let number = subject.words(range);
            let named = before(subject.text, range.start, 16);
            if is_mobile(number) && !PUBLIC.iter().any(|word| named.contains(word)) {
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

fn is_mobile(number: &str) -> bool {
    number.len() == 11 && number.starts_with('1') && matches!(number.as_bytes()[1], b'3'..=b'9')
}

/// Links that call or write to a mobile number which their words do not show: where each stands, and the number in it.
fn called<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + 'a {
    let is_call = |target: &str| ["tel:", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    let links = subject.structure.links.iter().filter(move |link| is_call(&link.target));
    links.filter_map(|link| {
        let written = subject.words(&link.range);
        let address = written.rfind(&*link.target)?;
        let mut numbers = Vec::new();
        add_numbers(&mut numbers, &link.target, link.range.start + address);
        let number = numbers.into_iter().find(|number| is_mobile(subject.words(number)))?;
        Some((link.range.clone(), number))
    })
}
