//! Diagnostics as words: for people on a terminal, and as JSON for programs.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use serde_json::json;

use super::{Code, Diagnostic, Language, Place, Severity};

/// How many warnings of one code are shown whole before the rest becomes a count.
pub const HANDFUL: usize = 5;

/// Whether the words may carry colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text, for files and pipes.
    Plain,
    /// ANSI colours, for terminals.
    Ansi,
}

/// One diagnostic, underlined, as several lines without a final line break.
pub fn one(diagnostic: &Diagnostic, language: Language, colour: Colour) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::INFO,
    };
    let level = level.with_name(weight_name(diagnostic.severity, language));
    let message = diagnostic.message.in_language(language);
    let label = diagnostic.label.as_ref().map(|label| label.in_language(language));
    let mut group = Group::with_title(level.primary_title(message).id(diagnostic.code.0));
    if let Some(place) = &diagnostic.place {
        group = if place.line == 0 {
            group.element(annotate_snippets::Origin::path(&*place.path))
        } else {
            // An empty stretch is still a place: the caret stands where the thing should be.
            let annotation = AnnotationKind::Primary.span(place.underline.clone()).label(label);
            let snippet = Snippet::source(place.excerpt.as_str())
                .line_start(place.line as usize)
                .path(&*place.path)
                .fold(false)
                .annotation(annotation);
            group.element(snippet)
        };
    }
    let renderer = renderer(colour);
    // Without a place there is no margin that the help could stand beside.
    if let (None, Some(help)) = (&diagnostic.place, &diagnostic.help) {
        return format!("{}\n = {}: {}", renderer.render(&[group]), help_name(language), help.in_language(language));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.with_name(help_name(language)).message(help.in_language(language)));
    }
    let words = renderer.render(&[group]);
    match &diagnostic.place {
        Some(place) if place.line > 0 => placed(&words, place),
        _ => words,
    }
}

/// The renderer counts columns within the excerpt; a long line is cut, and its columns begin before that.
fn placed(words: &str, place: &Place) -> String {
    let within = 1 + place.excerpt[..place.underline.start].chars().count();
    let at = |column: usize| format!("{}:{}:{column}\n", place.path, place.line);
    words.replacen(&at(within), &at(place.column as usize), 1)
}

fn weight_name(severity: Severity, language: Language) -> &'static str {
    match (severity, language) {
        (Severity::Error, Language::Chinese) => "错误",
        (Severity::Warning, Language::Chinese) => "警告",
        (Severity::Advice, Language::Chinese) => "建议",
        (_, Language::English) => severity.name(),
    }
}

fn help_name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "办法",
        Language::English => "help",
    }
}

fn renderer(colour: Colour) -> Renderer {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    renderer.decor_style(DecorStyle::Ascii)
}

/// All diagnostics in the order of their files and lines. Errors are all shown; warnings of one code beyond
/// [`HANDFUL`] are folded into one line that counts them.
pub fn all(diagnostics: &[Diagnostic], language: Language, colour: Colour) -> String {
    let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
    let mut folded: BTreeMap<(Code, Severity), usize> = BTreeMap::new();
    let mut words = String::new();
    for diagnostic in sorted(diagnostics) {
        let count = shown.entry(diagnostic.code).or_default();
        if diagnostic.severity != Severity::Error && *count >= HANDFUL {
            *folded.entry((diagnostic.code, diagnostic.severity)).or_default() += 1;
            continue;
        }
        *count += 1;
        words.push_str(&one(diagnostic, language, colour));
        words.push_str("\n\n");
    }
    for ((code, severity), count) in folded {
        let weight = weight_name(severity, language);
        let line = match language {
            Language::Chinese => {
                format!("{weight}[{}]：同类还有 {count} 处，未逐一列出（--json 可看全部）\n\n", code.0)
            }
            Language::English => {
                format!("{weight}[{}]: {count} more of this kind, not shown (--json shows all)\n\n", code.0)
            }
        };
        words.push_str(&line);
    }
    words
}

/// All diagnostics as JSON: an array of objects with `code`, `severity`, `path`, `line`, `column`,
/// `message`, `help`.
pub fn json(diagnostics: &[Diagnostic], language: Language) -> serde_json::Value {
    let objects = sorted(diagnostics).into_iter().map(|diagnostic| {
        let place = diagnostic.place.as_ref();
        json!({
            "code": diagnostic.code.0,
            "severity": diagnostic.severity.name(),
            "path": place.map(|place| &*place.path),
            "line": place.map(|place| place.line).filter(|&line| line > 0),
            "column": place.map(|place| place.column).filter(|&column| column > 0),
            "message": diagnostic.message.in_language(language),
            "help": diagnostic.help.as_ref().map(|help| help.in_language(language)),
        })
    });
    objects.collect()
}

/// Diagnostics by path, line and column; what concerns the whole site comes last.
pub(super) fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted.sort_by_cached_key(|diagnostic| {
        let place = diagnostic.place.as_ref();
        let position = place.map(|place| (place.path.clone(), place.line, place.column));
        (position.is_none(), position, diagnostic.code)
    });
    sorted
}
