//! The words for everything that can be wrong in a body. Built only when something is.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Text, codes};
use crate::text;

/// Nobody mends more than this in one go, and each costs a look at its whole line.
const MOST: usize = 500;

/// Collects what is wrong, with places counted from the start of the file.
pub struct Faults<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    body: usize,
    found: Vec<Diagnostic>,
}

impl<'a> Faults<'a> {
    /// Nothing wrong yet. `body` is where the body starts in `text`.
    pub fn new(path: &'a Arc<str>, text: &'a str, body: usize) -> Self {
        Self { path, text, body, found: Vec::new() }
    }

    /// Everything found, in the order of the text.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        found.sort_by_key(|fault| fault.place.as_ref().map(|place| (place.line, place.column)));
        found
    }

    fn warn(&mut self, code: Code, at: Range<usize>, message: Text, help: Text) {
        if self.found.len() >= MOST {
            return;
        }
        let place = Place::new(self.path, self.text, self.body + at.start..self.body + at.end);
        self.found.push(Diagnostic::warning(code, message).at(place).help(help));
    }

    /// The body holds nothing that could be shown.
    pub fn empty(&mut self) {
        let message = text!("报告没有正文", "the report has no body");
        let help = text!("在第二个 `---` 之后写上正文", "write the body below the second `---`");
        self.warn(codes::EMPTY_REPORT, 0..0, message, help);
    }

    /// A tag of HTML, which is shown as text.
    pub fn raw_html(&mut self, at: Range<usize>, name: &str) {
        let message = text!(
            "HTML 标签 `<{name}>` 不会生效，将按文字原样显示",
            "the HTML tag `<{name}>` has no effect and is shown as text"
        );
        let help = text!(
            "改用 Markdown 写法；若确实要显示尖括号，可写成 `\\<`",
            "write it in Markdown, or `\\<` if the bracket is meant as text"
        );
        self.warn(codes::RAW_HTML, at, message, help);
    }

    /// A link that leads to nothing.
    pub fn broken_link(&mut self, at: Range<usize>, target: &str) {
        let message = text!("链接的目标不存在：{target}", "the link leads to nothing: {target}");
        let help = text!(
            "检查文件名和路径（相对于本文件），或去掉这个链接",
            "check the name and the path, which starts from this file, or remove the link"
        );
        self.warn(codes::BROKEN_LINK, at, message, help);
    }

    /// A link to a heading that this page does not have.
    pub fn broken_fragment(&mut self, at: Range<usize>, target: &str) {
        let message = text!("本页没有 `{target}` 这个标题", "this page has no heading `{target}`");
        let help = text!(
            "标题的地址是它的拼音；也可以在标题后写 `{{#名称}}` 自己指定（限英文字母、数字）",
            "a heading's address is its pinyin; `{{#name}}` behind the heading sets another, in ASCII"
        );
        self.warn(codes::BROKEN_LINK, at, message, help);
    }

    /// A link that could run script or leave the web.
    pub fn forbidden_link(&mut self, at: Range<usize>, target: &str) {
        let message = text!("不允许这样的链接：{target}", "a link of this kind is not allowed: {target}");
        let help = text!(
            "只用网址（https://）、本站文件、邮箱（mailto:）或电话（tel:）",
            "use web addresses (https://), files of this site, mailto: or tel:"
        );
        self.warn(codes::FORBIDDEN_LINK, at, message, help);
    }

    /// An image that is not there.
    pub fn missing_image(&mut self, at: Range<usize>, target: &str) {
        let message = text!("找不到图片：{target}", "the image is missing: {target}");
        let help = text!(
            "把图片放在报告旁边，并检查文件名的大小写",
            "put the image beside the report and check upper and lower case in its name"
        );
        self.warn(codes::MISSING_IMAGE, at, message, help);
    }

    /// An image on another host.
    pub fn foreign_image(&mut self, at: Range<usize>, target: &str) {
        let message = text!(
            "图片在别的网站上，这里只给出链接：{target}",
            "the image lies on another host and is only linked: {target}"
        );
        let help = text!("下载图片，放在报告旁边", "download the image and put it beside the report");
        self.warn(codes::FOREIGN_IMAGE, at, message, help);
    }

    /// An image without words for those who cannot see it.
    pub fn image_without_alt(&mut self, at: Range<usize>) {
        let message = text!("图片没有文字说明", "the image has no description");
        let help = text!(
            "在方括号里写上图片内容：`![说明](图片.png)`",
            "say between the brackets what it shows: `![description](image.png)`"
        );
        self.warn(codes::IMAGE_WITHOUT_ALT, at, message, help);
    }

    /// A mark without its note.
    pub fn footnote_missing(&mut self, at: Range<usize>, label: &str) {
        let message = text!("脚注 `[^{label}]` 没有对应的注文", "the footnote `[^{label}]` has no note");
        let help = text!("另起一行写 `[^{label}]: 注文`", "write `[^{label}]: the note` on a line of its own");
        self.warn(codes::FOOTNOTE_MISSING, at, message, help);
    }

    /// A code block without end.
    pub fn unclosed_code(&mut self, at: Range<usize>) {
        let message = text!("代码块没有结束", "the code block is never closed");
        let help = text!(
            "在代码之后另起一行，写上与开头相同的 ```` ``` ````",
            "repeat the fence of its first line on a line of its own after the code"
        );
        self.warn(codes::UNCLOSED_CODE, at, message, help);
    }

    /// A language that cannot be highlighted.
    pub fn unknown_language(&mut self, at: Range<usize>, language: &str) {
        let message = text!(
            "不认识代码语言 `{language}`，不作着色",
            "the language `{language}` is unknown, so the code stays plain"
        );
        let help = text!(
            "改成常见名称（如 json、python），或去掉它",
            "use a common name such as json or python, or leave it out"
        );
        self.warn(codes::UNKNOWN_LANGUAGE, at, message, help);
    }
}
