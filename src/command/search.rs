//! `gongkai search`: what the site's own search would find, in the terminal.

use std::io::IsTerminal;
use std::path::Path;

use serde_json::json;

use super::{Ending, say_json};
use crate::cli::Search;
use crate::diagnostic::Language;
use crate::search::instead::instead;
use crate::search::query::Query;
use crate::search::rank::{Answer, Asked, Hit, search};
use crate::search::reader::{Fault, Index};
use crate::source::{Disk, RealDisk};

/// Runs the verb.
pub(super) fn run(asked: &Search, language: Language) -> Ending {
    let out = asked.folders.out();
    let fetch = |address: &str| RealDisk.read(&out.join(address)).ok();
    let index = match Index::open(&fetch) {
        Ok(index) => index,
        Err(fault) => return faulty(&fault, &out, language),
    };
    let named = |names: &[String], name: &Option<String>| match name {
        None => Ok(None),
        Some(name) => names.iter().position(|known| known == name).map(Some).ok_or_else(|| name.clone()),
    };
    let (town, kind) = match (named(&index.towns, &asked.town), named(&index.kinds, &asked.kind)) {
        (Ok(town), Ok(kind)) => (town, kind),
        (Err(name), _) | (_, Err(name)) => {
            match language {
                Language::Chinese => eprintln!("错误：没有名为“{name}”的乡镇或类别"),
                Language::English => eprintln!("error: there is no town or kind `{name}`"),
            }
            return Ending::Failed;
        }
    };
    let question = Asked {
        query: Query::parse(&asked.query.join(" ")),
        year: asked.year,
        town: town.map(|town| town as u16 + 1),
        kind: kind.map(|kind| kind as u16),
        by_date: asked.by_date,
        skip: 0,
        take: asked.limit,
    };
    match nearest(&index, question) {
        Err(fault) => faulty(&fault, &out, language),
        Ok((answer, instead)) if asked.json => {
            say_json(&as_json(&answer, instead.as_deref(), &index));
            Ending::Done
        }
        Ok((answer, instead)) => {
            if let Some(words) = instead {
                match language {
                    Language::Chinese => println!("没有找到“{}”；以下按“{words}”查找。", asked.query.join(" ")),
                    Language::English => println!("nothing holds `{}`; showing `{words}`", asked.query.join(" ")),
                }
            }
            print!("{}", shown(&answer, &index, language));
            Ending::Done
        }
    }
}

/// The answer; where there is none, that of the nearest query, with its words.
fn nearest(index: &Index<'_>, question: Asked) -> Result<(Answer, Option<String>), Fault> {
    let answer = search(index, &question)?;
    let is_filtered = question.year.is_some() || question.town.is_some() || question.kind.is_some();
    if answer.total > 0 || is_filtered {
        return Ok((answer, None));
    }
    let Some(words) = instead(index, &question.query)? else { return Ok((answer, None)) };
    let query = Query::parse(&words);
    Ok((search(index, &Asked { query, ..question })?, Some(words)))
}

pub(super) fn faulty(fault: &Fault, out: &Path, language: Language) -> Ending {
    let out = out.display();
    match (fault, language) {
        (Fault::NoIndex, Language::Chinese) => {
            eprintln!("错误：{out} 里没有查找用的文件；先运行 gongkai build（site.yaml 里没有 search: false）")
        }
        (Fault::NoIndex, Language::English) => {
            eprintln!("error: there is no index in {out}; run gongkai build first (without search: false in site.yaml)")
        }
        (Fault::Broken(file), Language::Chinese) => {
            eprintln!("错误：{out}/{file} 缺失或损坏；重新运行 gongkai build")
        }
        (Fault::Broken(file), Language::English) => {
            eprintln!("error: {out}/{file} is missing or damaged; run gongkai build again")
        }
    }
    Ending::Failed
}

fn shown(answer: &Answer, index: &Index<'_>, language: Language) -> String {
    let (total, about) = (answer.total, !answer.exact);
    let mut text = match language {
        Language::Chinese => format!("找到{} {total} 份\n", if about { "约" } else { "" }),
        Language::English => format!("{}{total} found\n", if about { "about " } else { "" }),
    };
    let colour = std::io::stdout().is_terminal();
    let (on, off) = if colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("【", "】") };
    for hit in &answer.hits {
        let excerpt = hit.excerpt.replace('\u{2}', on).replace('\u{3}', off);
        let (town, kind) = names(hit, index);
        let about: Vec<&str> = [town, Some(kind)].into_iter().flatten().collect();
        text.push_str(&format!("\n{}\n  {}  {}  {}\n", hit.title, hit.address, about.join(" · "), date(hit.day)));
        if !excerpt.is_empty() {
            text.push_str(&format!("  {excerpt}\n"));
        }
    }
    text
}

fn as_json(answer: &Answer, instead: Option<&str>, index: &Index<'_>) -> serde_json::Value {
    let hits = answer.hits.iter().map(|hit| {
        let (town, kind) = names(hit, index);
        json!({
            "title": hit.title,
            "address": hit.address,
            "year": (hit.year > 0).then_some(hit.year),
            "town": town,
            "kind": kind,
            "date": date(hit.day),
            "excerpt": hit.excerpt.replace(['\u{2}', '\u{3}'], ""),
        })
    });
    let hits: Vec<_> = hits.collect();
    json!({ "format": 1, "instead": instead, "total": answer.total, "exact": answer.exact, "hits": hits })
}

fn names<'i>(hit: &Hit, index: &'i Index<'_>) -> (Option<&'i str>, &'i str) {
    let town = usize::from(hit.town).checked_sub(1).and_then(|town| index.towns.get(town));
    (town.map(String::as_str), index.kinds.get(usize::from(hit.kind)).map_or("", String::as_str))
}

pub(super) fn date(day: i32) -> String {
    let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day));
    date.map(|date| date.to_string()).unwrap_or_default()
}
