//! The fields that hold lists: keywords, old addresses, attachments.

use super::fields::{Reader, is_empty, one_line};
use super::keys::{self, Key};
use super::locate::Part;
use super::raw::Raw;
use super::{Attachment, paths};
use crate::diagnostic::{Diagnostic, codes};
use crate::text;

impl Reader<'_, '_> {
    pub(super) fn keywords(&mut self) -> Vec<String> {
        let mut keywords = Vec::new();
        for (_, words) in self.list(Key::Keywords, "预算") {
            for word in words.split(['、', '，', ',', ';', '；', ' ', '\u{3000}']) {
                if !word.is_empty() && !keywords.iter().any(|known| known == word) {
                    keywords.push(word.to_owned());
                }
            }
        }
        keywords
    }

    pub(super) fn aliases(&mut self) -> Vec<String> {
        let mut aliases = Vec::new();
        for (part, written) in self.list(Key::Aliases, "old/page.html") {
            match paths::alias(&written) {
                Ok(alias) => aliases.push(alias),
                Err(reason) => {
                    let Some((index, _)) = self.slot(Key::Aliases) else { continue };
                    let message = text!("这个旧网址不能用", "this old address cannot be used");
                    self.fault(codes::BAD_SLUG, index, part, message).help = Some(reason);
                }
            }
        }
        aliases
    }

    /// The items of a list of words; a single word is a list of one.
    fn list(&mut self, key: Key, example: &str) -> Vec<(Part, String)> {
        let Some((index, raw)) = self.slot(key) else { return Vec::new() };
        let (mut items, mut wrong) = (Vec::new(), Vec::new());
        match raw {
            Raw::List(list) => {
                for (at, item) in list.iter().enumerate() {
                    match item {
                        _ if is_empty(item) => {}
                        Raw::Text(words) => items.push((Part::Item(at), one_line(words))),
                        Raw::Whole(number) => items.push((Part::Item(at), number.to_string())),
                        Raw::Other(number) => items.push((Part::Item(at), number.clone())),
                        _ => wrong.push(Part::Item(at)),
                    }
                }
            }
            Raw::Map(_) | Raw::Tagged => wrong.push(Part::Value),
            _ => items.extend(self.text(key).map(|words| (Part::Value, words))),
        }
        for part in wrong {
            let wanted =
                text!("每一项写一行文字，例如 `- {example}`", "each item is one line of text, such as `- {example}`");
            self.wrong_type(index, part, wanted);
        }
        items
    }

    pub(super) fn attachments(&mut self) -> Vec<Attachment> {
        let Some((index, raw)) = self.slot(Key::Attachments) else { return Vec::new() };
        let items = match raw {
            _ if is_empty(raw) => return Vec::new(),
            Raw::List(items) => items.clone(),
            one => vec![one.clone()],
        };
        let items = items.iter().enumerate().filter(|(_, item)| !is_empty(item));
        items.filter_map(|(at, item)| self.attachment(index, at, item)).collect()
    }

    fn attachment(&mut self, index: usize, at: usize, item: &Raw) -> Option<Attachment> {
        let (file, name) = match item {
            Raw::Text(file) => (file.clone(), None),
            Raw::Map(entries) => self.attachment_map(index, at, entries)?,
            _ => {
                let wanted = text!(
                    "每一项写文件名，或者写 `file: 文件名` 和 `name: 显示的名称`",
                    "each item is a file name, or `file: …` with `name: …`"
                );
                self.wrong_type(index, Part::Item(at), wanted);
                return None;
            }
        };
        match paths::attachment(&file) {
            Ok(file) => Some(Attachment { file, name }),
            Err(reason) => {
                let message = text!("这个附件的路径不能用", "this path of an attachment cannot be used");
                self.fault(codes::UNSAFE_PATH, index, Part::Item(at), message).help = Some(reason);
                None
            }
        }
    }

    fn attachment_map(
        &mut self,
        index: usize,
        at: usize,
        entries: &[(String, Raw)],
    ) -> Option<(String, Option<String>)> {
        let (mut file, mut name) = (None, None);
        for (inner, (key, value)) in entries.iter().enumerate() {
            let field = match key.as_str() {
                key if keys::is_file(key) => &mut file,
                key if keys::is_name(key) => &mut name,
                key => {
                    let near = keys::nearest_of(key, ["file", "name", "文件", "名称"].into_iter());
                    let message = text!("附件没有“{key}”这个键", "an attachment has no key `{key}`");
                    let near = near.unwrap_or("file");
                    let help = text!(
                        "是不是想写 `{near}`？附件只有 file 和 name",
                        "did you mean `{near}`? An attachment has only file and name"
                    );
                    let place = self.place(index, Part::ItemKey(at, inner));
                    self.push(Diagnostic::warning(codes::UNKNOWN_KEY, message).at(place).help(help));
                    continue;
                }
            };
            if field.is_some() {
                let message = text!("同一个附件里“{key}”写了两次", "`{key}` stands twice in one attachment");
                let help = text!("每个附件另起一项，用 `- ` 开头", "begin each attachment with `- `");
                self.fault(codes::DUPLICATE_KEY, index, Part::ItemKey(at, inner), message).help = Some(help);
                continue;
            }
            *field = match value {
                Raw::Text(words) => Some(one_line(words)),
                Raw::Whole(number) => Some(number.to_string()),
                Raw::Other(number) => Some(number.clone()),
                Raw::Null => None,
                _ => {
                    self.wrong_type(
                        index,
                        Part::ItemValue(at, inner),
                        text!("这里只能写一行文字", "one line of text belongs here"),
                    );
                    return None;
                }
            };
        }
        let Some(file) = file.filter(|file| !file.is_empty()) else {
            let message = text!("这个附件没有写 file（文件）", "this attachment names no `file`");
            let help =
                text!("加上 `file: 文件名`，文件和报告放在一起", "add `file: …`; the file lies beside the report");
            self.fault(codes::MISSING_KEY, index, Part::Item(at), message).help = Some(help);
            return None;
        };
        Some((file, name.filter(|name| !name.is_empty())))
    }
}
