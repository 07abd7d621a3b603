//! Diagnostics in the forms of other programs: SARIF 2.1.0 for code hosts and editors, and GitHub's own lines.

use serde_json::{Value, json};

use super::{Diagnostic, Language, Severity, codes};

/// SARIF 2.1.0 (OASIS, 2020). Columns count Unicode code points.
pub fn sarif(diagnostics: &[Diagnostic], language: Language) -> Value {
    let all = codes::ALL.iter().map(|(code, _)| *code);
    let used: Vec<super::Code> = all.filter(|code| diagnostics.iter().any(|fault| fault.code == *code)).collect();
    let rule = |code: &super::Code| json!({ "id": code.0, "shortDescription": { "text": code.about(language) } });
    let rules: Vec<Value> = used.iter().map(rule).collect();
    let results: Vec<Value> = super::show::sorted(diagnostics)
        .into_iter()
        .map(|fault| {
            let mut words = fault.message.in_language(language).to_owned();
            if let Some(help) = &fault.help {
                words.push('\n');
                words.push_str(help.in_language(language));
            }
            let locations: Vec<Value> = fault.place.iter().map(location).collect();
            json!({
                "ruleId": fault.code.0,
                "ruleIndex": used.iter().position(|code| *code == fault.code),
                "level": level(fault.severity),
                "message": { "text": words },
                "locations": locations,
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "gongkai", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn location(place: &super::Place) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if place.line > 0 {
        let length = place.excerpt[place.underline.clone()].chars().count() as u32;
        physical["region"] = json!({
            "startLine": place.line,
            "startColumn": place.column.max(1),
            "endColumn": place.column.max(1) + length,
        });
    }
    json!({ "physicalLocation": physical })
}

fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const SET: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'[').add(b'\\').add(b']');
    utf8_percent_encode(path, SET).to_string()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// One line a diagnostic, as GitHub's runners take them: `::warning file=a.md,line=1,col=2,title=GK-X001::words`.
pub fn github(diagnostics: &[Diagnostic], language: Language) -> String {
    let mut lines = String::new();
    for fault in super::show::sorted(diagnostics) {
        let level = if fault.severity == Severity::Advice { "notice" } else { fault.severity.name() };
        let mut properties = Vec::new();
        if let Some(place) = &fault.place {
            properties.push(format!("file={}", property(&place.path)));
            if place.line > 0 {
                properties.push(format!("line={},col={}", place.line, place.column));
            }
        }
        properties.push(format!("title={}", fault.code.0));
        let mut words = fault.message.in_language(language).to_owned();
        if let Some(help) = &fault.help {
            words.push('\n');
            words.push_str(help.in_language(language));
        }
        lines.push_str(&format!("::{level} {}::{}\n", properties.join(","), data(&words)));
    }
    lines
}

fn data(words: &str) -> String {
    words.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(words: &str) -> String {
    data(words).replace(':', "%3A").replace(',', "%2C")
}
