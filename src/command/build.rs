//! `gongkai build`: build the site, say what was noticed, count what there is, and where to open it.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::progress::Bar;
use super::{Ending, failed, say_json};
use crate::build::{self, Outcome, Request, Summary};
use crate::cli::Build;
use crate::config::SITE_FILE;
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Language, Severity, codes};
use crate::source::{Clock, RealDisk};
use crate::text;

/// Runs the verb.
#[expect(clippy::disallowed_methods, reason = "how long a build took is for the user's eyes only")]
pub(super) fn run(asked: &Build, language: Language) -> Ending {
    let begun = Instant::now();
    let out = asked.folders.out();
    let request = Request {
        disk: &RealDisk,
        site: &asked.folders.site,
        out: &out,
        base_url: asked.base_url.as_deref(),
        keep_going: asked.keep_going,
        clock: Clock::system(),
    };
    let bar = Bar::new(asked.json);
    let outcome = build::build(&request, &bar);
    bar.finish();
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return failed(&error, language),
    };
    let ending = ending(&outcome, asked.strict);
    let took = begun.elapsed();
    if asked.json {
        say_json(&as_json(&outcome, &out, took, language));
        return ending;
    }
    let colour = if std::io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
    eprint!("{}", show::all(&outcome.diagnostics, language, colour));
    if outcome.built {
        println!("{}", summary(&outcome, &out, took, language));
        if asked.open {
            // Where there is no browser, the address has been printed all the same.
            let _ = open::that_detached(out.join("index.html"));
        }
    } else {
        eprintln!("{}", not_built(&outcome, language));
    }
    ending
}

fn ending(outcome: &Outcome, strict: bool) -> Ending {
    let no_site = outcome.diagnostics.iter().any(|fault| fault.code == codes::SITE_FILE && fault.place.is_none());
    let (errors, warnings) = counts(outcome);
    match (no_site, errors > 0 || strict && warnings > 0) {
        (true, _) => Ending::Failed,
        (false, true) => Ending::Faulty,
        (false, false) => Ending::Done,
    }
}

fn counts(outcome: &Outcome) -> (usize, usize) {
    let errors = outcome.diagnostics.iter().filter(|fault| fault.severity == Severity::Error).count();
    (errors, outcome.diagnostics.len() - errors)
}

fn summary(outcome: &Outcome, out: &Path, took: Duration, language: Language) -> String {
    let Summary { reports, standing, drafts, left_out, towns, years, pages, written, removed, .. } = outcome.summary;
    let (errors, warnings) = counts(outcome);
    let size = bytes(outcome.summary.bytes);
    let took = format!("{:.2}", took.as_secs_f64());
    let home = std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).join("index.html");
    let address = file_url(&home);
    let mut lines = vec![
        text!(
            "已生成：报告 {reports} 份（{towns} 个乡镇，{years} 个年度），常设页 {standing} 个",
            "Built {reports} reports ({towns} towns, {years} years) and {standing} standing pages"
        ),
        text!(
            "文件 {pages} 个，{size}；新写 {written} 个，删除 {removed} 个；用时 {took} 秒",
            "{pages} files, {size}; {written} written, {removed} removed; {took} s"
        ),
    ];
    if drafts + left_out > 0 {
        lines.push(text!(
            "未公开：草稿 {drafts} 份，有错而略过 {left_out} 份",
            "Not published: {drafts} drafts, {left_out} faulty reports"
        ));
    }
    if errors + warnings > 0 {
        lines.push(text!("错误 {errors} 个，警告 {warnings} 个", "{errors} errors, {warnings} warnings"));
    }
    lines.push(text!("打开：{address}", "Open {address}"));
    let lines: Vec<&str> = lines.iter().map(|line| line.in_language(language)).collect();
    lines.join("\n")
}

fn not_built(outcome: &Outcome, language: Language) -> String {
    let (errors, warnings) = counts(outcome);
    match language {
        Language::Chinese => format!("没有生成：错误 {errors} 个，警告 {warnings} 个。原有网站未作任何改动。"),
        Language::English => {
            format!("Not built: {errors} errors, {warnings} warnings. The old site was left as it was.")
        }
    }
}

fn as_json(outcome: &Outcome, out: &Path, took: Duration, language: Language) -> serde_json::Value {
    let (errors, warnings) = counts(outcome);
    json!({
        "format": 1,
        "built": outcome.built,
        "errors": errors,
        "warnings": warnings,
        "summary": outcome.summary,
        "seconds": took.as_secs_f64(),
        "site": SITE_FILE,
        "out": out,
        "diagnostics": show::json(&outcome.diagnostics, language),
    })
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// A path as a link that terminals can open.
fn file_url(path: &Path) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const SET: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');
    let path = path.to_string_lossy().replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&path, SET))
}
