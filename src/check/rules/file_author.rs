//! 附件的属性里有个人姓名 / The properties of an attachment name a person
//!
//! Word、Excel 和 PDF 文件的属性里记着作者、最后修改者，多半是经办人的姓名，读者看得见。公开前用“检查文档”删去属性和个人信息。软件和单位的名称不算。
//!
//! The properties of Word, Excel and PDF files keep the author and who changed it last, most often the clerk's name, and
//! readers can see them. Remove them with “Inspect Document” before the file is published. Names of programs and bodies
//! are none.
//!
//! ```text
//! 作者：王小明
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::model::contents::MarkKind;
use crate::text;

/// What programs, workplaces and bodies call themselves in place of a person.
const NOBODY: [&str; 29] = [
    "administrator",
    "admin",
    "user",
    "un-named",
    "unnamed",
    "dept",
    "department",
    "www.",
    "windows",
    "microsoft",
    "office",
    "wps",
    "kingsoft",
    "openpyxl",
    "python",
    "apache",
    "poi",
    "libreoffice",
    "unknown",
    "china",
    "computer",
    "pc",
    "lenovo",
    "hp",
    "dell",
    "deepfocus",
    "xitongcheng",
    "用户",
    "微软",
];
/// Ends of the names of bodies.
const BODIES: [&str; 12] = ["政府", "办公室", "党政办", "街道", "镇", "乡", "局", "委", "中心", "公司", "科", "站"];

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Files,
    look: |subject, findings| {
        let marks = subject.contents.map_or(&[][..], |contents| &contents.marks);
        let persons =
            marks.iter().filter(|mark| mark.kind == MarkKind::Author && is_person(subject.words(&mark.range)));
        // Who made it and who changed it last are most often the same.
        if let Some(mark) = persons.into_iter().next() {
            let words = subject.words(&mark.range).to_owned();
            findings
                .at(
                    subject,
                    mark.range.clone(),
                    text!(
                        "附件的属性里有个人姓名（{words}）",
                        "the properties of the attachment name a person ({words})"
                    ),
                )
                .help(text!("用“检查文档”删去属性和个人信息", "remove them with “Inspect Document”"));
        }
    },
    ..Rule::new(codes::FILE_AUTHOR, Severity::Advice, include_str!("file_author.rs"))
};

/// Whether `作者：王小明` names somebody.
fn is_person(property: &str) -> bool {
    let name = property.split_once('：').map_or(property, |(_, name)| name).trim();
    let folded = name.to_lowercase();
    let is_program = NOBODY.iter().any(|nobody| folded.contains(nobody));
    let is_body = BODIES.iter().any(|end| name.ends_with(end));
    !is_program && !is_body && name.chars().any(char::is_alphabetic) && name.chars().count() > 1
}
