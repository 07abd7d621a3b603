//! The text of a source file, or the diagnostic that says why it has none.

use std::borrow::Cow;
use std::sync::Arc;

use super::decode::{Encoding, decode};
use crate::diagnostic::{Checked, Diagnostic, Place, codes};
use crate::text;

/// The text of a source with its warnings, or the error that makes it unreadable.
pub fn source_text<'a>(
    path: &Arc<str>,
    bytes: &'a [u8],
) -> std::result::Result<Checked<Cow<'a, str>>, Box<Diagnostic>> {
    let Some((text, encoding)) = decode(bytes) else {
        return Err(Box::new(
            Diagnostic::error(codes::NOT_TEXT, text!("{path} 不是文本文件", "{path} is not a text file"))
                .at(Place::file(path))
                .help(text!(
                    "可能是改了扩展名的 Word 文件，或已损坏；请另存为 UTF-8 文本",
                    "it may be a Word file with another name, or damaged; save it as UTF-8 text"
                )),
        ));
    };
    let named = match encoding {
        Encoding::Utf8 => return Ok(Checked::clean(text)),
        Encoding::Utf16 => "UTF-16",
        Encoding::Gbk => "GBK",
    };
    let warning = Diagnostic::warning(codes::OTHER_ENCODING, text!("按 {named} 编码读取", "read as {named}"))
        .at(Place::file(path))
        .help(text!("请核对文字无误，最好另存为 UTF-8", "make sure that the text is right; better save it as UTF-8"));
    Ok(Checked::new(text, vec![warning]))
}
