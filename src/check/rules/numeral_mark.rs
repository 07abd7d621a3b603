//! 序号后面的标点不对 / The wrong mark behind a number
//!
//! “一”后面用顿号，“（一）”后面不加标点，“第一”后面用逗号（GB/T 15834—2011；GB/T 9704—2012 第7.3.3条）。`--fix` 会改“一，”和“（一）、”。
//!
//! Behind 一 stands a pause mark, behind （一） none (GB/T 15834—2011; GB/T 9704—2012, 7.3.3). `--fix` mends both.
//!
//! ```text
//! 一，主要举措
//! （一）、加强领导
//! ```

use crate::check::rule::Rule;
use crate::check::words::is_numeral;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        for heading in &subject.structure.headings {
            let words = subject.words(&heading.range);
            let skipped = words.len() - words.trim_start_matches(['#', ' ', '*', '　']).len();
            let line = &words[skipped..];
            let start = heading.range.start + skipped;
            if let Some(inside) = line.strip_prefix('（') {
                let rest = inside.trim_start_matches(is_numeral);
                let Some(rest) = rest.strip_prefix('）').filter(|_| inside.starts_with(is_numeral)) else { continue };
                if let Some(mark) = rest.chars().next().filter(|ch| "、，.．：".contains(*ch)) {
                    let at = start + line.len() - rest.len();
                    findings
                        .at(
                            subject,
                            at..at + mark.len_utf8(),
                            text!("带括号的序号后面不加“{mark}”", "no {mark} stands behind a number in brackets"),
                        )
                        .help(text!("删去", "delete it"))
                        .fix("");
                }
                continue;
            }
            let rest = line.trim_start_matches(is_numeral);
            if let Some(mark) = rest.chars().next().filter(|ch| rest.len() < line.len() && "，,.．：".contains(*ch))
            {
                let at = start + line.len() - rest.len();
                findings
                    .at(
                        subject,
                        at..at + mark.len_utf8(),
                        text!("序号后面的“{mark}”应是顿号", "behind the number should stand a pause mark, not {mark}"),
                    )
                    .help(text!("改成“、”", "write 、"))
                    .fix("、");
            }
        }
    },
    ..Rule::new(codes::NUMERAL_MARK, Severity::Warning, include_str!("numeral_mark.rs"))
};
