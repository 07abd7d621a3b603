//! Code blocks: highlighted into classes, so that one stylesheet serves every page and no style stands inline.
//! syntect lives only here; its grammars are loaded when the first code block with a language is met.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

/// Longer code stays plain: a grammar made of regular expressions can be slow on it, and no report needs it.
const MOST: usize = 128 * 1024;
/// A longer line stays plain for the same reason.
const LONGEST_LINE: usize = 4 * 1024;

/// Words behind a fence that mean: no highlighting.
const PLAIN: [&str; 4] = ["text", "txt", "plain", "plaintext"];

static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();

/// What came of highlighting.
pub enum Highlighted {
    /// HTML with spans; balanced and escaped.
    Html(String),
    /// The code is to be shown as it is.
    Plain,
    /// Nobody knows the language.
    UnknownLanguage,
}

/// Highlights code in a language as named behind the fence.
pub fn highlight(code: &str, language: &str) -> Highlighted {
    if PLAIN.contains(&language) {
        return Highlighted::Plain;
    }
    let grammars = GRAMMARS.get_or_init(SyntaxSet::load_defaults_newlines);
    let Some(grammar) = grammars.find_syntax_by_token(language) else {
        return Highlighted::UnknownLanguage;
    };
    if code.len() > MOST || code.lines().any(|line| line.len() > LONGEST_LINE) {
        return Highlighted::Plain;
    }
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(grammar, grammars, style);
    for line in LinesWithEndings::from(code) {
        if generator.parse_html_for_line_which_includes_newline(line).is_err() {
            return Highlighted::Plain;
        }
    }
    Highlighted::Html(generator.finalize())
}

/// The language named first behind a fence, if it is a name at all.
pub fn language(info: &str) -> Option<&str> {
    let name = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte);
    (!name.is_empty() && name.len() <= 40 && name.bytes().all(fits)).then_some(name)
}

/// Whether the source of a fenced block ends with the fence that closes it.
pub fn is_closed(source: &str) -> bool {
    let bare = |line: &str| line.trim_matches([' ', '\t', '>', '\r', '\n']).to_owned();
    let mut lines = source.lines();
    let Some(first) = lines.next() else { return true };
    let first = first.trim_start_matches([' ', '\t', '>']);
    let Some(fence) = first.chars().next() else { return true };
    let length = first.chars().take_while(|&ch| ch == fence).count();
    let last = lines.next_back().map(bare).unwrap_or_default();
    last.chars().count() >= length && last.chars().all(|ch| ch == fence)
}

/// CSS for highlighted code. Every colour has a contrast of at least 4.5 : 1 on its ground (WCAG 2.2, 1.4.3).
pub fn code_stylesheet() -> &'static str {
    "pre.code{background:#f5f5f5;color:#24292e;overflow-x:auto;padding:.8em 1em;tab-size:4}\n\
     pre.code code{background:none;color:inherit;font-family:ui-monospace,Consolas,Menlo,monospace;padding:0}\n\
     .hl-comment,.hl-punctuation.hl-definition.hl-comment{color:#57606a;font-style:italic}\n\
     .hl-string,.hl-punctuation.hl-definition.hl-string{color:#0a5b2a}\n\
     .hl-constant,.hl-variable.hl-language{color:#0b4f9e}\n\
     .hl-keyword,.hl-storage{color:#a3212c}\n\
     .hl-entity.hl-name,.hl-support.hl-function{color:#6133a8}\n\
     .hl-entity.hl-name.hl-tag,.hl-support.hl-type{color:#1b5e20}\n\
     .hl-entity.hl-other.hl-attribute-name{color:#7a4300}\n\
     .hl-markup.hl-inserted{color:#0a5b2a}\n\
     .hl-markup.hl-deleted,.hl-invalid{color:#a3212c}\n\
     @media print{pre.code{background:none;border:1px solid #999;white-space:pre-wrap}}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    #[test]
    fn every_colour_can_be_read() {
        let ground = luminance("f5f5f5");
        for colour in code_stylesheet().split("color:#").skip(1) {
            let contrast = (ground + 0.05) / (luminance(&colour[..6]) + 0.05);
            assert!(contrast >= 4.5, "{} has {contrast:.2}", &colour[..6]);
        }
    }

    #[test]
    fn knows_languages_and_ends() {
        assert_eq!(language("rust,ignore"), Some("rust"));
        assert_eq!(language("<b>"), None);
        assert!(is_closed("```\na\n```\n"));
        assert!(is_closed("> ~~~~ x\n> a\n> ~~~~~"));
        assert!(!is_closed("````\na\n```\n"));
        assert!(!is_closed("```"));
        assert!(matches!(highlight("{}", "json"), Highlighted::Html(_)));
        assert!(matches!(highlight("{}", "yuyan"), Highlighted::UnknownLanguage));
    }
}
