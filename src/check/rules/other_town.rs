//! 落款或正文里是别的乡镇 / Another town's government
//!
//! 落款是别的乡镇人民政府，多半是套用别处的报告没有改全。改成本机关。正文里提到邻近乡镇是可以的，不提示。
//!
//! The report is signed by the government of another town: it was probably copied from there and not changed in all
//! places. Write your own. That the text speaks of a neighbour is no fault.
//!
//! ```text
//! town: 丁市镇
//! ……
//! 龙潭镇人民政府
//! 2024年1月16日
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    look: |subject, findings| {
        let (Some(town), Some(signature)) = (&subject.head.town, &subject.structure.signature) else { return };
        let own = town.trim_end_matches(['镇', '乡']).trim_end_matches("街道").trim_end_matches("办事处");
        let names = &signature.names;
        let Some(other) = names.iter().find(|name| is_of_a_town(name)) else { return };
        if names.iter().any(|name| name.contains(own)) {
            return;
        }
        let start = signature.range.start + subject.words(&signature.range).find(other.trim()).unwrap_or(0);
        findings
            .at(
                subject,
                start..start + other.trim().len(),
                text!("落款是“{other}”，本报告是{town}的", "signed by {other}, but this is the report of {town}"),
            )
            .help(text!("改成本机关，或者改正 town", "write your own authority, or correct the town"));
    },
    ..Rule::new(codes::OTHER_TOWN, Severity::Warning, include_str!("other_town.rs"))
};

fn is_of_a_town(name: &str) -> bool {
    ["镇人民政府", "乡人民政府", "街道办事处", "镇政府", "乡政府"].iter().any(|end| name.trim().ends_with(end))
}
