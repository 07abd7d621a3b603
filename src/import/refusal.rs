//! Why a file cannot be imported, in words for the clerk who chose it.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Text, codes};
use crate::text;

/// A file that cannot be imported, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
    message: Text,
    help: Text,
}

/// What every reader of files of others returns.
pub type Result<T> = std::result::Result<T, Refusal>;

impl Refusal {
    /// The file is damaged, or no document at all.
    pub fn damaged(what: Text) -> Self {
        let help = text!(
            "用 Word 或 WPS 打开看看；能打开的话，另存为新的 .docx 再导入",
            "open it in Word or WPS; if that works, save it as a new .docx and import that"
        );
        Self { code: codes::NOT_A_DOCUMENT, message: what, help }
    }

    /// The file is larger or deeper than any report.
    pub fn beyond(what: Text) -> Self {
        let help = text!(
            "报告不会这么大；请核对文件的来源，或分成几份再导入",
            "no report is like this; make sure where the file comes from, or cut it into several"
        );
        Self { code: codes::IMPORT_BOUND, message: what, help }
    }

    /// An entry of the file leads out of it.
    pub fn unsafe_entry(name: &str) -> Self {
        let name: String = name.chars().take(80).filter(|ch| !ch.is_control()).collect();
        Self {
            code: codes::IMPORT_UNSAFE,
            message: text!(
                "文件里的“{name}”指向文件之外，可能是恶意文件",
                "`{name}` inside the file leads out of it: it may be meant to do harm"
            ),
            help: text!("不要打开，核对来源", "do not open it; make sure where it comes from"),
        }
    }

    /// The file is locked with a password.
    pub fn encrypted() -> Self {
        Self {
            code: codes::IMPORT_ENCRYPTED,
            message: text!("文件有密码保护", "the file is protected by a password"),
            help: text!(
                "用 Word 或 WPS 打开，去掉密码后另存",
                "open it in Word or WPS, take the password off, and save it"
            ),
        }
    }

    /// The file needs LibreOffice, which is missing or could not do it.
    pub fn office(what: Text) -> Self {
        let help = text!(
            "用 Word 或 WPS 另存为 .docx，或安装 LibreOffice",
            "save it as .docx in Word or WPS, or install LibreOffice"
        );
        Self { code: codes::IMPORT_OFFICE, message: what, help }
    }

    /// The text was destroyed before it came here.
    pub fn lost_text() -> Self {
        Self {
            code: codes::LOST_TEXT,
            message: text!(
                "文字已经损坏，成片的字变成了问号",
                "the text is destroyed: whole runs of characters have become question marks"
            ),
            help: text!("找到原来的文件，再导入", "find the original file and import that"),
        }
    }

    /// Whether the file goes beyond a bound, and not merely against a rule.
    pub fn is_bound(&self) -> bool {
        self.code == codes::IMPORT_BOUND
    }

    /// As a diagnostic of the file.
    pub fn diagnostic(self, path: &Arc<str>) -> Diagnostic {
        Diagnostic::error(self.code, self.message).at(Place::file(path)).help(self.help)
    }
}
