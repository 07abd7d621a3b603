//! 导入时没有把握的内容 / What an import was not sure of
//!
//! `gongkai import --yes` 把没有把握的标题、年度、类别照填，并在后面注明“# 待核对”。核对无误后删去这一段注释；不对就改正。
//!
//! `gongkai import --yes` fills in a title, year or kind that it is not sure of, and marks it with `# 待核对`. Take the
//! comment out when the value is right, or correct the value.
//!
//! ```text
//! year: 2023  # 待核对 to confirm: 落款的前一年 the year before its signature
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::text;

/// What an import writes behind a value that it is not sure of.
const MARK: &str = "# 待核对";

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Head,
    look: |subject, findings| {
        let head = &subject.text[..subject.body.min(subject.text.len())];
        for (at, _) in head.match_indices(MARK) {
            let line = head[..at].rfind('\n').map_or(0, |end| end + 1);
            // A value may hold a number sign; only a comment stands behind a space.
            if !head[line..at].ends_with(' ') {
                continue;
            }
            let start = line + head[line..at].find(':').map_or(0, |colon| colon + 1);
            let value = head[start..at].trim();
            let start = start + (head[start..at].len() - head[start..at].trim_start().len());
            let message = text!(
                "导入时没有把握：`{value}` 还没有核对",
                "the import was not sure of `{value}`: nobody has confirmed it"
            );
            findings.at(subject, start..start + value.len(), message).help(text!(
                "核对后删去后面的“# 待核对……”，不对就改正",
                "take the comment `# 待核对 …` out when it is right, or correct the value"
            ));
        }
    },
    ..Rule::new(codes::UNCONFIRMED, Severity::Warning, include_str!("unconfirmed.rs"))
};
