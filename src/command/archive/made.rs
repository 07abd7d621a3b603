//! `gongkai archive seal` and `amend`: make the version, put it into the built site, say its code.

use std::io::IsTerminal;

use serde_json::json;

use super::stamped::{self, Source};
use crate::archive::make::{Made, Work, make};
use crate::build::{self, Request};
use crate::cli::{Amend, Seal};
use crate::command::progress::Bar;
use crate::command::{Ending, failed, say_json};
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language, Severity};
use crate::model::sealed::Logged;
use crate::prepare::Site;
use crate::seal::ARCHIVE;
use crate::source::{Clock, RealDisk};
use crate::text;

/// Seals a year.
pub(super) fn seal(asked: &Seal, language: Language) -> Ending {
    run(asked, Work::Seal, language)
}

/// Amends a sealed year.
pub(super) fn amend(asked: &Amend, language: Language) -> Ending {
    let reason = asked.reason.trim();
    if reason.is_empty() {
        let said = text!("错误：更正理由不能为空", "error: a correction needs a reason");
        eprintln!("{}", said.in_language(language));
        return Ending::Failed;
    }
    let work = Work::Amend { reason, on: asked.on.unwrap_or_else(|| Clock::system().today()) };
    run(&asked.seal, work, language)
}

fn run(asked: &Seal, work: Work<'_>, language: Language) -> Ending {
    let clock = Clock::system();
    let site = Site { disk: &RealDisk, folder: &asked.folders.site, base_url: None, clock };
    let bar = Bar::new(asked.json);
    let made = make(&site, asked.year, work, &bar);
    bar.finish();
    let Made { mut diagnostics, sealed } = match made {
        Ok(made) => made,
        Err(error) => return failed(&error, language),
    };
    let Some((logged, seal)) = sealed else {
        said(asked, &diagnostics, None, language);
        return Ending::Faulty;
    };
    let stamp = asked
        .tsa
        .as_ref()
        .map(|url| stamped::put(&asked.folders.site, &logged, Source::Authority(url), asked.tsa_ca.as_deref()));
    let stamp = match stamp.transpose() {
        Ok(stamp) => stamp,
        Err(error) => return failed(&error, language),
    };
    // The site is built with it, so that what was sealed is what readers see.
    let request = Request {
        disk: &RealDisk,
        site: &asked.folders.site,
        out: &asked.folders.out(),
        base_url: None,
        keep_going: false,
        clock,
    };
    let bar = Bar::new(asked.json);
    let built = build::build(&request, &bar);
    bar.finish();
    let outcome = match built {
        Ok(outcome) => outcome,
        Err(error) => return failed(&error, language),
    };
    if !outcome.built {
        diagnostics.extend(outcome.diagnostics.into_iter().filter(|fault| fault.severity == Severity::Error));
    }
    said(asked, &diagnostics, Some(&logged), language);
    if !asked.json {
        let Logged { year, version, code, root, .. } = &logged;
        let (files, size, as_of) = (seal.files, seal.bytes.div_ceil(1024), seal.as_of);
        let folder = crate::model::sealed::version_folder(*year, *version);
        let lines = [
            text!(
                "已封存{year}年度（第{version}版）：{files} 个文件，{size} KB，内容截至 {as_of}",
                "Sealed {year} (version {version}): {files} files, {size} KB, as of {as_of}"
            ),
            text!("封存码：{code}", "Code: {code}"),
            text!("默克尔根：{root}", "Root: {root}"),
            text!(
                "请把封存码打印存档：只有本机以外的凭据能证明没有人重做过封存。",
                "Print the code and keep it elsewhere: only what lies elsewhere proves that nobody has sealed anew."
            ),
            text!(
                "归档文件在 {folder}/，请与 {ARCHIVE}/seals.jsonl 一起备份。",
                "The files are in {folder}/; back them up together with {ARCHIVE}/seals.jsonl."
            ),
        ];
        lines.iter().for_each(|line| println!("{}", line.in_language(language)));
        if let Some(Ok(stamp)) = &stamp {
            println!("{}", stamp.in_language(language));
        }
    }
    if let Some(Err(why)) = &stamp {
        let year = asked.year;
        let next = text!(
            "{year}年度已封存，只缺时间戳：稍后运行 `gongkai archive stamp {year} --tsa 网址`",
            "{year} is sealed and lacks only the time stamp: run `gongkai archive stamp {year} --tsa URL` later"
        );
        eprintln!("{}\n{}", why.in_language(language), next.in_language(language));
        return Ending::Faulty;
    }
    if outcome.built { Ending::Done } else { Ending::Faulty }
}

fn said(asked: &Seal, diagnostics: &[Diagnostic], logged: Option<&Logged>, language: Language) {
    if asked.json {
        let said = json!({
            "format": 1,
            "sealed": logged.is_some(),
            "seal": logged,
            "diagnostics": show::json(diagnostics, language),
        });
        say_json(&said);
        return;
    }
    let colour = if std::io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
    eprint!("{}", show::all(diagnostics, language, colour));
    if logged.is_none() {
        let year = asked.year;
        let text =
            text!("没有封存{year}年度，网站未作任何改动。", "{year} was not sealed; the site was left as it was.");
        eprintln!("{}", text.in_language(language));
    }
}
