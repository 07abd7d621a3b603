//! 自称不对 / The wrong name for oneself
//!
//! 乡镇的报告自称“我局”“我厅”，或者以“全省”“全市”的口气报告公开了多少、收到多少申请，多半是套用部门或上级的报告没有改全。改成“我镇”“全镇”。
//! 只提到全省、全市（“全省先进”）的不提示。
//!
//! A town's report that calls itself 我局 or 我厅, or says how much was published or received 全省 or 全市, was probably
//! copied from a department or from the level above. Write 我镇, 全镇 and the like. That it mentions the whole province
//! (全省先进) is no fault.
//!
//! ```text
//! 我局高度重视政府信息公开工作
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["我局", "我厅", "全局干部", "我区局", "我县局", "全省", "全市", "全自治区"];
/// Numbers of the needles that name a whole area.
const AREAS: usize = 5;
/// What only the authority of that area reports of itself.
const DONE: [&str; 9] = [
    "共主动公开",
    "主动公开政府信息",
    "各级行政机关",
    "行政机关共",
    "共收到",
    "共受理",
    "共新收",
    "政府信息公开工作年度",
    "各乡镇共",
];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let town = subject.head.town.as_deref().unwrap_or_default();
        let is_town = town.ends_with(['镇', '乡']) || town.ends_with("街道") || town.ends_with("苏木");
        let before = subject.text[..range.start].chars().next_back();
        let after = subject.text[range.end..].chars().next();
        if needle >= AREAS {
            let rest = &subject.text[range.end..];
            if is_town && subject.kind.yearly && DONE.iter().any(|done| rest.starts_with(done)) {
                let words = NEEDLES[needle];
                findings
                    .at(subject, range, text!("{town}的报告写的是“{words}”", "the report of {town} speaks for {words}"))
                    .help(text!("改成“全镇”一类的说法", "write 全镇 or the like"));
            }
            return;
        }
        // 自我局限, 我局部.
        let inside = before == Some('自') || matches!(after, Some('限' | '部' | '面' | '势'));
        if is_town && subject.kind.yearly && !inside {
            let words = NEEDLES[needle];
            findings
                .at(subject, range, text!("{town}的报告里写“{words}”", "the report of {town} calls itself {words}"))
                .help(text!("改成“我镇”一类的自称", "write 我镇 or the like"));
        }
    },
    ..Rule::new(codes::WRONG_BODY, Severity::Warning, include_str!("wrong_body.rs"))
};
