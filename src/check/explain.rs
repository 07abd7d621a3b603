//! `--explain`: what a rule's file says of it in the comment on top, in the user's language.
//!
//! A rule's comment begins with `中文名 / English name`; each further paragraph is Chinese or English, told by most of its
//! characters, and examples, which are fenced, belong to both.

use super::{RULES, Rule};
use crate::diagnostic::Language;

/// All rules with their names, one a line.
pub fn names(language: Language) -> String {
    let name = |rule: &&Rule| {
        let title = paragraphs(rule).swap_remove(0);
        let (chinese, english) = title.split_once(" / ").unwrap_or((&title, &title));
        format!("{} {}\n", rule.code.0, if language == Language::Chinese { chinese } else { english })
    };
    RULES.iter().map(name).collect()
}

/// The explanation of a rule as Markdown; `None` where no rule has the code.
pub fn explain(code: &str, language: Language) -> Option<String> {
    let rule = RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))?;
    let paragraphs = paragraphs(rule);
    let mut paragraphs = paragraphs.iter();
    let title = paragraphs.next()?;
    let (chinese, english) = title.split_once(" / ").unwrap_or((title, title));
    let mut page = format!("# {} {}\n", rule.code.0, if language == Language::Chinese { chinese } else { english });
    for paragraph in paragraphs {
        let is_example = paragraph.starts_with("```");
        if is_example || of(paragraph) == language {
            page.push('\n');
            let lines = paragraph.lines().filter(|line| !line.starts_with("```"));
            lines.for_each(|line| page.extend([if is_example { "    " } else { "" }, line, "\n"]));
        }
    }
    Some(page)
}

fn of(paragraph: &str) -> Language {
    let english = paragraph.chars().filter(char::is_ascii_alphabetic).count();
    let chinese = paragraph.chars().filter(|ch| !ch.is_ascii()).count();
    if english > chinese { Language::English } else { Language::Chinese }
}

/// The paragraphs of the comment on top of a rule's file.
fn paragraphs(rule: &Rule) -> Vec<String> {
    let lines = rule.source.lines().map_while(|line| line.strip_prefix("//!"));
    let text: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    text.join("\n").split("\n\n").map(|paragraph| paragraph.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_explains_itself_in_both_languages() {
        for rule in RULES {
            for language in [Language::Chinese, Language::English] {
                let page = explain(rule.code.0, language).unwrap();
                let paragraphs = page.split("\n\n").skip(1).filter(|paragraph| !paragraph.starts_with("```"));
                assert!(paragraphs.count() > 0, "{} explains nothing in {language:?}", rule.code.0);
            }
            assert!(rule.source.lines().next().unwrap().contains(" / "), "{} has no name", rule.code.0);
        }
        assert!(explain("GK-Z999", Language::Chinese).is_none());
        let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
        assert!(codes.is_sorted(), "rules stand in the order of their codes: {codes:?}");
    }
}
