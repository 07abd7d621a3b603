//! What is said of a publish: its plan, its end, what the public address shows, and why it stopped.

use serde_json::json;

#[cfg(feature = "net")]
use super::progress::UploadBar;
use super::publish::Wish;
use super::{Ending, say_json};
use crate::diagnostic::{Language, Text};
use crate::publish::plan::Plan;
use crate::publish::run::Report;
use crate::publish::verify::Before;
use crate::publish::{Local, Stop, verify};
use crate::text;

pub(super) fn show_plan(plan: &Plan, as_json: bool, language: Language) {
    if as_json {
        let requests: Vec<_> =
            plan.lines().into_iter().map(|(stage, request)| json!({ "stage": stage, "request": request })).collect();
        say_json(&json!({ "format": 1, "generation": plan.generation, "summary": plan.summary, "requests": requests }));
        return;
    }
    let mut last = None;
    for (stage, line) in plan.lines() {
        if last != Some(stage) {
            let (zh, en) = stage.name();
            println!("{}:", text!("{zh}", "{en}").in_language(language));
            last = Some(stage);
        }
        println!("  {line}");
    }
    let summary = plan.summary;
    let (new, replaced, removed, size) = (summary.new, summary.replaced, summary.removed, bytes(summary.bytes));
    let said = text!(
        "试运行：新增 {new} 个，更新 {replaced} 个，删除 {removed} 个（{size}）；什么都没有改",
        "dry run: {new} new, {replaced} updated, {removed} removed ({size}); nothing was changed"
    );
    println!("{}", said.in_language(language));
}

pub(super) type Troubles = std::collections::BTreeMap<verify::Trouble, Vec<String>>;

#[cfg(feature = "net")]
pub(super) fn look_at(
    url: &str,
    files: (&Before, &Before),
    local: &Local,
    quiet: bool,
    language: Language,
) -> Troubles {
    let bar = UploadBar::looking(quiet, language, files.0.len() + files.1.len());
    let client = crate::publish::http::client();
    let fetch = |url: &str| crate::publish::http::fetch(&client, url);
    let troubles = verify::verify(url, files, &local.manifest, &fetch, &|| bar.looked());
    bar.finish();
    troubles
}

#[cfg(not(feature = "net"))]
pub(super) fn look_at(_: &str, _: (&Before, &Before), _: &Local, _: bool, _: Language) -> Troubles {
    let why = text!("这个程序不含网络功能", "this gongkai was built without network targets");
    Troubles::from([(verify::Trouble::Unreachable(why), Vec::new())])
}

pub(super) fn told(
    wish: &Wish<'_>,
    (plan, report): (&Plan, Report),
    troubles: Option<Troubles>,
    language: Language,
) -> Ending {
    let (name, generation, removed) = (&wish.destination.shown, plan.generation, plan.summary.removed);
    let (files, size) = (report.files, bytes(report.bytes));
    let said = text!(
        "已发布到 {name}（第 {generation} 次）：上传 {files} 个文件，{size}；删除 {removed} 个",
        "Published to {name} (publish {generation}): {files} files put, {size}; {removed} removed"
    );
    let as_json = json!({
        "format": 1,
        "published": true,
        "generation": generation,
        "resumed": plan.resumes,
        "summary": plan.summary,
        "sent": { "files": files, "bytes": report.bytes },
        "verified": wish.public,
        "troubles": troubles_as_json(troubles.as_ref(), wish, language),
    });
    ended(wish, (&said, &as_json), troubles.as_ref(), language)
}

/// Says that nothing is to be done, and what is amiss at the public address as far as somebody has looked there.
pub(super) fn up_to_date(wish: &Wish<'_>, generation: u64, troubles: Option<Troubles>, language: Language) -> Ending {
    let name = &wish.destination.shown;
    let said =
        text!("{name} 已是最新（第 {generation} 次发布），没有要改的", "{name} is up to date (publish {generation})");
    let as_json = json!({
        "format": 1,
        "published": false,
        "unchanged": true,
        "generation": generation,
        "verified": wish.public.as_ref().filter(|_| troubles.is_some()),
        "troubles": troubles_as_json(troubles.as_ref(), wish, language),
    });
    ended(wish, (&said, &as_json), troubles.as_ref(), language)
}

/// Says how it ended, to people or to a program, and what is amiss.
fn ended(
    wish: &Wish<'_>,
    (said, as_json): (&Text, &serde_json::Value),
    troubles: Option<&Troubles>,
    language: Language,
) -> Ending {
    if wish.asking.json {
        say_json(as_json);
    } else {
        println!("{}", said.in_language(language));
        say(&wish.notes, language);
    }
    tell_troubles(troubles, wish, language)
}

fn troubles_as_json(troubles: Option<&Troubles>, wish: &Wish<'_>, language: Language) -> Vec<serde_json::Value> {
    let url = wish.public.as_deref().unwrap_or_default();
    let found = troubles.into_iter().flatten().map(|(trouble, paths)| {
        let (message, help) = (trouble.message(paths, url), trouble.help());
        json!({ "message": message.in_language(language), "help": help.in_language(language), "files": paths })
    });
    found.collect()
}

/// Says what the public address shows, where it was looked at.
fn tell_troubles(troubles: Option<&Troubles>, wish: &Wish<'_>, language: Language) -> Ending {
    let Some(troubles) = troubles else { return Ending::Done };
    let url = wish.public.as_deref().unwrap_or_default();
    if !wish.asking.json {
        if troubles.is_empty() {
            let said = text!("公众地址已核对：{url}", "The public address shows it: {url}");
            println!("{}", said.in_language(language));
        }
        for (trouble, paths) in troubles {
            complain(&trouble.message(paths, url), &trouble.help(), language);
            for path in verify::Trouble::named(paths) {
                eprintln!("  {url}{path}");
            }
        }
    }
    if troubles.is_empty() { Ending::Done } else { Ending::Faulty }
}

/// Says why a run stopped, and what to do.
pub(super) fn stopped(stop: &Stop, as_json: bool, language: Language) -> Ending {
    if as_json {
        let (message, help) = (stop.message(), stop.help());
        let (message, help) = (message.in_language(language), help.in_language(language));
        say_json(&json!({ "format": 1, "published": false, "error": message, "help": help }));
    } else {
        complain(&stop.message(), &stop.help(), language);
    }
    Ending::Failed
}

/// An error and its help, in the form of diagnostics.
pub(super) fn complain(message: &Text, help: &Text, language: Language) {
    match language {
        Language::Chinese => eprintln!("错误：{}\n办法：{}", message.zh, help.zh),
        Language::English => eprintln!("error: {}\nhelp: {}", message.en, help.en),
    }
}

fn say(notes: &Option<Text>, language: Language) {
    if let Some(notes) = notes {
        println!("{}", notes.in_language(language));
    }
}

pub(super) fn bytes(bytes: u64) -> String {
    match bytes {
        0..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
