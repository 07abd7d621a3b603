//! The check sheet (发布审核表) of reports, to be printed and signed in the three readings (三审三校): what is to be
//! published with the hash of its file, what the rules find in it, and lines for those who answer for it.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::Review;
use crate::diagnostic::{Diagnostic, Language, Severity};
use crate::error::Result;
use crate::model::catalogue::{Catalogue, Report};
use crate::prepare::Site;

/// Who reads, and what each of them answers for.
const READINGS: [(&str, &str); 3] = [
    ("一审一校", "部门（科室）负责人：文字、数字、姓名、涉密自查"),
    ("二审二校", "分管领导：内容、政策依据、公开范围"),
    ("三审三校", "分管政务信息和保密的领导：保密审查、同意发布"),
];

const STYLE: &str = "@page{size:A4;margin:20mm}body{font:10.5pt/1.5 FangSong,STFangsong,serif;max-width:170mm;margin:0 auto;\
color:#000;background:#fff}h1{font:bold 18pt SimSun,serif;text-align:center}section{break-after:page}section:last-child{\
break-after:auto}table{border-collapse:collapse;width:100%;margin:0 0 12pt}tr,.sign{break-inside:avoid}th,td{border:1px solid \
#000;padding:3pt 5pt;text-align:left;vertical-align:top;overflow-wrap:anywhere}th,.found td:first-child{white-space:nowrap}\
th{font-weight:bold}caption{text-align:left;font-weight:bold}code{font:9pt monospace}.found td:nth-child(2){width:24%}\
.found td:nth-child(4){width:16%}.sign td{height:34pt}.sign td:nth-child(3){width:24%}.sign td:nth-child(4){width:18%}\
.sign td:nth-child(5){width:14%}@media screen{body{padding:0 12px}section+section{border-top:6px double #000}}";
/// Lines that are named where one thing is found in many; the rest is counted.
const MOST_LINES: usize = 5;

/// The sheets of these documents as one page of HTML, each on a sheet of its own. What is sealed is signed for already.
pub fn html(site: &Site<'_>, review: &Review, paths: &[Arc<str>], language: Language) -> Result<String> {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>发布审核表</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n"
    );
    for path in paths {
        if let Some(&id) = review.catalogue.by_source.get(path).filter(|&&id| !review.catalogue.is_sealed(id)) {
            let report = review.catalogue.report(id);
            let files = report.document.files.iter().map(|file| Ok((file, hash(site, file)?)));
            let files: Vec<(&Arc<str>, String)> = files.collect::<Result<_>>()?;
            let own = |fault: &&Diagnostic| {
                fault
                    .place
                    .as_ref()
                    .is_some_and(|place| place.path == *path || files.iter().any(|(file, _)| **file == place.path))
            };
            let found: Vec<&Diagnostic> = review.diagnostics.iter().filter(own).collect();
            sheet(
                &mut page,
                &review.catalogue,
                report,
                (&hash(site, path)?, &files),
                &found,
                site.clock.today(),
                language,
            );
        }
    }
    page.push_str("</body>\n</html>\n");
    Ok(page)
}

/// The SHA-256 of a file as it lies on the disk, which `sha256sum` and `certutil -hashfile … SHA256` give too.
fn hash(site: &Site<'_>, path: &str) -> Result<String> {
    let digest = Sha256::digest(site.disk.read(&site.folder.join(path))?);
    Ok(digest.iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}")))
}

fn sheet(
    page: &mut String,
    catalogue: &Catalogue,
    report: &Report,
    (hash, files): (&str, &[(&Arc<str>, String)]),
    found: &[&Diagnostic],
    today: Date,
    language: Language,
) {
    let head = &report.document.head;
    let town = report.town.map_or("", |town| &catalogue.town(town).name);
    let published =
        head.published.map_or("（待发布）".to_owned(), |day| day.strftime("%Y-%m-%d %H:%M").to_string());
    page.push_str("<section>\n<h1>发布审核表</h1>\n<table>\n");
    for (name, value) in [
        ("标题", head.title.clone()),
        ("发布机构", report.agency.clone()),
        ("乡镇、年度", format!("{town} {}", head.year.map(|year| year.to_string()).unwrap_or_default())),
        ("类别", catalogue.kind(report.document.kind).name.clone()),
        ("索引号", report.index.clone()),
        ("文号", head.number.clone().unwrap_or_else(|| "—".to_owned())),
        ("成文日期", head.date.to_string()),
        ("发布日期", published),
        ("网页地址", report.address.clone()),
    ] {
        row(page, name, &escaped(&value));
    }
    let of_file = |path: &str, hash: &str| format!("{}<br><code>SHA-256 {hash}</code>", escaped(path));
    row(page, "稿件", &of_file(&report.document.path, hash));
    for (file, hash) in files {
        row(page, "附件", &of_file(file, hash));
    }
    page.push_str("</table>\n");
    findings(page, &report.document.path, found, language);
    page.push_str(
        "<table class=\"sign\">\n<caption>三审三校（涉密不上网，上网不涉密；谁审核、谁签发、谁负责）</caption>\n",
    );
    page.push_str("<tr><th>环节</th><th>审核人及内容</th><th>意见</th><th>签名</th><th>日期</th></tr>\n");
    for (name, who) in READINGS {
        let _ = writeln!(page, "<tr><th>{name}</th><td>{who}</td><td></td><td></td><td></td></tr>");
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(
        page,
        "</table>\n<p>gongkai {version} 于 {today} 检查。稿件改动后 SHA-256 随之改变，须重新审核。</p>\n</section>"
    );
}

fn findings(page: &mut String, report: &str, found: &[&Diagnostic], language: Language) {
    let count = |severity| found.iter().filter(|fault| fault.severity == severity).count();
    let (errors, warnings, advice) = (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    let _ = writeln!(
        page,
        "<table class=\"found\">\n<caption>自动检查：错误 {errors} 处，警告 {warnings} 处，建议 {advice} 处</caption>\n\
         <thead><tr><th>规则</th><th>位置</th><th>内容</th><th>处理</th></tr></thead>"
    );
    for same in grouped(found) {
        let fault = same[0];
        let weight = match fault.severity {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Advice => "建议",
        };
        let (code, place) = (fault.code.0, places(&same, report));
        let words = escaped(fault.message.in_language(language));
        let _ = writeln!(page, "<tr><td>{weight}<br>{code}</td><td>{place}</td><td>{words}</td><td></td></tr>");
    }
    if found.is_empty() {
        page.push_str("<tr><td>—</td><td>—</td><td>没有发现问题</td><td></td></tr>\n");
    }
    page.push_str("</table>\n");
}

/// What was found, the heaviest first, and what is the same in many places of a file only once.
fn grouped<'d>(found: &[&'d Diagnostic]) -> Vec<Vec<&'d Diagnostic>> {
    let mut found = found.to_vec();
    found.sort_by_key(|fault| {
        let place = fault.place.as_ref().map(|place| (place.path.clone(), place.line, place.column));
        (std::cmp::Reverse(fault.severity), place, fault.code)
    });
    let path = |fault: &Diagnostic| fault.place.as_ref().map(|place| place.path.clone());
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    for fault in found {
        let is_same = |group: &&mut Vec<&Diagnostic>| {
            let first = group[0];
            first.code == fault.code && first.message == fault.message && path(first) == path(fault)
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(fault),
            None => groups.push(vec![fault]),
        }
    }
    groups
}

/// Where something stands: the file, if it is not the report itself, and the lines.
fn places(same: &[&Diagnostic], report: &str) -> String {
    let places = same.iter().filter_map(|fault| fault.place.as_ref());
    let mut lines: Vec<u32> = places.clone().map(|place| place.line).filter(|&line| line > 0).collect();
    lines.dedup();
    let file = places.clone().map(|place| &*place.path).find(|path| *path != report);
    let label = same[0].label.as_ref().filter(|_| file.is_some()).map(|label| escaped(&label.zh));
    let shown: Vec<String> = lines.iter().take(MOST_LINES).map(u32::to_string).collect();
    let rest = if lines.len() > MOST_LINES { "等" } else { "" };
    let lines = (!shown.is_empty()).then(|| format!("第 {}{rest} 行", shown.join("、")));
    let count = (same.len() > 1).then(|| format!("共 {} 处", same.len()));
    let file = file.map(|path| escaped(path.rsplit('/').next().unwrap_or(path)));
    let parts: Vec<String> = [file, label.or(lines), count].into_iter().flatten().collect();
    parts.join("<br>")
}

fn row(page: &mut String, name: &str, value: &str) {
    let _ = writeln!(page, "<tr><th>{name}</th><td>{value}</td></tr>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
