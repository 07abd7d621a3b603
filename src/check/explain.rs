//! `--explain`: what a rule's file says of it in the comment on top, in the user's language.
//!
//! A rule's comment begins with `中文名 / English name`; each further paragraph is Chinese or English, told by most of its
//! characters, and examples, which are fenced, belong to both.

use super::{RULES, Rule};
use crate::diagnostic::{Code, Language, Severity, codes};

/// All codes with what each finds, one a line.
pub fn names(language: Language) -> String {
    codes::ALL.iter().map(|(code, _)| format!("{} {}\n", code.0, name(*code, language))).collect()
}

/// The name of the rule; of what is noticed elsewhere, what it is in one line.
fn name(code: Code, language: Language) -> String {
    let Some(rule) = RULES.iter().find(|rule| rule.code == code) else { return code.about(language).to_owned() };
    let title = paragraphs(rule).swap_remove(0);
    let (chinese, english) = title.split_once(" / ").unwrap_or((&title, &title));
    if language == Language::Chinese { chinese.to_owned() } else { english.to_owned() }
}

/// The explanation of a code as Markdown; `None` where there is no such code.
pub fn explain(code: &str, language: Language) -> Option<String> {
    let (code, _) = *codes::ALL.iter().find(|(known, _)| known.0.eq_ignore_ascii_case(code))?;
    let mut page = format!("# {} {}\n", code.0, name(code, language));
    let rule = RULES.iter().find(|rule| rule.code == code);
    for paragraph in rule.iter().flat_map(|rule| paragraphs(rule).into_iter().skip(1)) {
        let is_example = paragraph.starts_with("```");
        if is_example || of(&paragraph) == language {
            page.push('\n');
            let lines = paragraph.lines().filter(|line| !line.starts_with("```"));
            lines.for_each(|line| page.extend([if is_example { "    " } else { "" }, line, "\n"]));
        }
    }
    let weight = rule.map(|rule| weight(rule.severity, language));
    page.extend(weight.map(|weight| format!("\n{weight}\n")));
    Some(page)
}

fn weight(severity: Severity, language: Language) -> &'static str {
    match (language, severity) {
        (Language::Chinese, Severity::Error) => "分量：错误",
        (Language::Chinese, Severity::Warning) => "分量：警告",
        (Language::Chinese, Severity::Advice) => "分量：建议",
        (Language::English, Severity::Error) => "Weight: error",
        (Language::English, Severity::Warning) => "Weight: warning",
        (Language::English, Severity::Advice) => "Weight: advice",
    }
}

/// All codes as one page of Markdown in both languages, for [`super::reference`].
pub fn reference() -> String {
    let mut page = String::from("# 规则 / Rules\n");
    for rule in RULES {
        let mut paragraphs = paragraphs(rule).into_iter();
        let title = paragraphs.next().unwrap_or_default();
        let weights = [Language::Chinese, Language::English].map(|language| weight(rule.severity, language));
        page += &format!("\n## {} {title}\n", rule.code.0);
        paragraphs.for_each(|paragraph| page += &format!("\n{paragraph}\n"));
        page += &format!("\n{}\n", weights.join(" / "));
    }
    page += "\n# 其他提示 / What is noticed elsewhere\n\n| | |\n|---|---|\n";
    for (code, about) in codes::ALL.iter().filter(|(code, _)| !RULES.iter().any(|rule| rule.code == *code)) {
        page += &format!("| {} | {about} |\n", code.0);
    }
    page
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
        for (code, about) in codes::ALL {
            assert!(about.split_once(" / ").is_some(), "{} is not told in both languages", code.0);
        }
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
