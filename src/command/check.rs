//! `gongkai check`: read the content as a careful editor would, say what was found, mend what has one right
//! mending.

use std::io::IsTerminal;
use std::sync::Arc;

use super::progress::Bar;
use super::{Ending, failed, say_json};
use crate::check;
use crate::cli::{Check, Format};
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language, Severity, codes, exchange};
use crate::prepare::Site;
use crate::review::due::{self, State};
use crate::review::{self, Review, Visit, sheet};
use crate::source::{Clock, Disk, RealDisk};
use crate::text;

/// Runs the verb.
pub(super) fn run(asked: &Check, language: Language) -> Ending {
    if let Some(code) = &asked.explain {
        return explain(code, language);
    }
    let site = Site { disk: &RealDisk, folder: &asked.site, base_url: None, clock: Clock::system() };
    if asked.due {
        return due(&site, asked, language);
    }
    if asked.online && !cfg!(feature = "net") {
        eprintln!(
            "{}",
            text!("错误：这个程序没有联网功能", "error: this program was built without networking")
                .in_language(language)
        );
        return Ending::Failed;
    }
    let mut review = match look(&site, asked) {
        Ok(review) => review,
        Err(error) => return failed(&error, language),
    };
    if !asked.paths.is_empty() {
        let chosen = match chosen(asked, &review) {
            Ok(chosen) => chosen,
            Err(path) => {
                eprintln!(
                    "{}",
                    text!("错误：没有文件 {path}", "error: there is no document {path}").in_language(language)
                );
                return Ending::Failed;
            }
        };
        review.keep(&chosen);
    }
    if let Some(file) = &asked.sheet {
        let written = sheet::html(&site, &review, &review.sources(), language)
            .and_then(|page| RealDisk.write_whole(file, page.as_bytes(), &file.with_extension("gongkai-tmp")));
        if let Err(error) = written {
            return failed(&error, language);
        }
    }
    let found = &review.diagnostics;
    match asked.form() {
        Format::Text => {
            let colour = if std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain };
            print!("{}", show::all(found, language, colour));
            println!("{}", summary(&review, language));
        }
        Format::Json => say_json(&show::json(found, language)),
        Format::Sarif => say_json(&exchange::sarif(found, language)),
        Format::Github => print!("{}", exchange::github(found, language)),
    }
    let no_site = found.iter().any(|fault| fault.code == codes::SITE_FILE && fault.place.is_none());
    match (no_site, count(found, Severity::Error), count(found, Severity::Warning)) {
        (true, ..) => Ending::Failed,
        (_, 0, warnings) if warnings == 0 || !asked.strict => Ending::Done,
        _ => Ending::Faulty,
    }
}

/// Looks once; where something was mended, a second time, so that what is said is what still stands.
fn look(site: &Site<'_>, asked: &Check) -> crate::error::Result<Review> {
    let bar = Bar::new(asked.form() != Format::Text);
    let visit = visit(asked);
    let mut review = review::visiting(site, &bar, visit)?;
    if asked.fix && !review.mendings.is_empty() {
        let chosen = chosen(asked, &review).unwrap_or_default();
        review.mendings.retain(|mending| asked.paths.is_empty() || chosen.contains(&mending.path));
        let mended = review::mend(site, &review.mendings)?;
        review = review::visiting(site, &bar, visit)?;
        review.mended = mended;
    }
    bar.finish();
    Ok(review)
}

#[cfg(feature = "net")]
fn visit(asked: &Check) -> Option<Visit<'static>> {
    use crate::review::online;
    asked.online.then_some(&|outside, criteria| online::visit(outside, criteria, online::Manners::default()))
}

#[cfg(not(feature = "net"))]
fn visit(_: &Check) -> Option<Visit<'static>> {
    None
}

/// The documents that were asked for, whether their paths were written from the site's folder or from here; or the
/// first path that is none.
fn chosen(asked: &Check, review: &Review) -> Result<Vec<Arc<str>>, String> {
    let site = asked.site.to_string_lossy().replace('\\', "/");
    let mut chosen = Vec::new();
    for path in &asked.paths {
        let path = path.replace('\\', "/");
        let inside = path.strip_prefix(&*site).unwrap_or(&path).trim_start_matches("./").trim_matches('/');
        let is_meant = |source: &&Arc<str>| ***source == *inside || source.starts_with(&format!("{inside}/"));
        let before = chosen.len();
        chosen.extend(review.sources().iter().filter(is_meant).cloned());
        if chosen.len() == before {
            return Err(path);
        }
    }
    Ok(chosen)
}

/// What is due. Faults of the site are said only where they leave nothing to say.
fn due(site: &Site<'_>, asked: &Check, language: Language) -> Ending {
    let bar = Bar::new(asked.form() != Format::Text);
    let looked = due::look(site, &bar);
    bar.finish();
    let duties = match looked {
        Ok((Some(duties), _)) => duties,
        Ok((None, noticed)) => {
            eprint!("{}", show::all(&noticed, language, Colour::Plain));
            return Ending::Failed;
        }
        Err(error) => return failed(&error, language),
    };
    match asked.form() {
        Format::Json => say_json(&due::as_json(&duties)),
        Format::Text | Format::Sarif | Format::Github => print!("{}", due::as_table(&duties, language)),
    }
    let is_late = |duty: &due::Duty| matches!(duty.state, State::Late | State::Missing);
    if asked.strict && duties.iter().any(is_late) { Ending::Faulty } else { Ending::Done }
}

fn explain(code: &str, language: Language) -> Ending {
    if code == "all" {
        print!("{}", check::names(language));
        return Ending::Done;
    }
    match check::explain(code, language) {
        Some(page) => {
            print!("{page}");
            Ending::Done
        }
        None => {
            match language {
                Language::Chinese => eprintln!("错误：没有规则 {code}"),
                Language::English => eprintln!("error: there is no rule {code}"),
            }
            Ending::Failed
        }
    }
}

fn count(found: &[Diagnostic], severity: Severity) -> usize {
    found.iter().filter(|fault| fault.severity == severity).count()
}

fn summary(review: &Review, language: Language) -> String {
    let count = |severity| count(&review.diagnostics, severity);
    let (errors, warnings, advice) = (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    let Review { documents, mended, .. } = review;
    let fixes: usize = review.mendings.iter().map(|mending| mending.count).sum();
    let mut lines = vec![match language {
        Language::Chinese => {
            format!("检查了 {documents} 份文件：错误 {errors} 处，警告 {warnings} 处，建议 {advice} 处")
        }
        Language::English => {
            format!("{documents} documents checked: {errors} errors, {warnings} warnings, {advice} pieces of advice")
        }
    }];
    if *mended > 0 {
        lines.push(match language {
            Language::Chinese => format!("已改正 {mended} 处"),
            Language::English => format!("{mended} places mended"),
        });
    }
    if fixes > 0 {
        lines.push(match language {
            Language::Chinese => format!("其中 {fixes} 处可以自动改正：gongkai check --fix"),
            Language::English => format!("{fixes} of them can be mended by gongkai check --fix"),
        });
    }
    lines.join("\n")
}
