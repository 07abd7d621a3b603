//! 自称不对 / The wrong name for oneself
//!
//! 乡镇的报告自称“我局”“我厅”，多半是套用部门的报告没有改全。改成“我镇”“我乡”“我街道”。
//!
//! A town's report that calls itself 我局 or 我厅 was probably copied from a department. Write 我镇, 我乡 or 我街道.
//!
//! ```text
//! 我局高度重视政府信息公开工作
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const NEEDLES: &[&str] = &["我局", "我厅", "全局干部", "我区局", "我县局"];

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let town = subject.head.town.as_deref().unwrap_or_default();
        let is_town = town.ends_with(['镇', '乡']) || town.ends_with("街道") || town.ends_with("苏木");
        let before = subject.text[..range.start].chars().next_back();
        let after = subject.text[range.end..].chars().next();
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
