//! The words of a body as readers see them, without any markup: what an import is held against.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::events;
use super::{escape, raw};

/// All words of a body in their order, each block on a line of its own. Descriptions of pictures are none of
/// its words, and merge marks of tables (`^^`, `<<`) neither.
pub fn plain(body: &str) -> String {
    let mut words = String::with_capacity(body.len());
    let mut pictures = 0;
    let mut cell = None;
    for (event, _) in events::events(body, escape::look(body).markers) {
        match event {
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures -= 1,
            Event::Start(Tag::TableCell) => cell = Some(words.len()),
            Event::End(TagEnd::TableCell) => {
                if let Some(start) = cell.take()
                    && matches!(&words[start..], "^^" | "<<")
                {
                    words.truncate(start);
                }
                words.push('\n');
            }
            Event::Text(text) | Event::Code(text) if pictures == 0 => words.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                let is_break = cell.is_some() && raw::is_line_break(&html);
                if html.starts_with("<!--") || is_break {
                    words.push('\n');
                } else {
                    words.push_str(&html);
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                words.push('\n');
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn only_words_are_left() {
        let body = "## 一、**情况**\n\n见[附件](a.csv)[^1]，![图](a.png)40\\*4\n\n| 甲 | << |\n|---|---|\n| 一<br>二 | ^^ |\n\n[^1]: 注。\n";
        let words: Vec<String> = plain(body).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["一、情况", "见附件，40*4", "甲", "一", "二", "注。"]);
    }
}
