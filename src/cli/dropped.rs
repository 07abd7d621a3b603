//! Files that are dropped onto the program come without a verb.

use std::ffi::OsString;

use crate::import::EXTENSIONS;

/// Whoever drops files onto the program types no verb: `gongkai 年报.docx` means `gongkai import 年报.docx`.
pub fn read(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let is_file = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let extension = text.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
        !text.starts_with('-')
            && (text.contains(['/', '\\']) || extension.is_some_and(|known| EXTENSIONS.contains(&known.as_str())))
    };
    if arguments.get(1).is_some_and(is_file) {
        arguments.insert(1, "--dropped".into());
        arguments.insert(1, "import".into());
    }
    arguments
}
