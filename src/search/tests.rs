//! Small indexes from end to end: what is put in is found again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use proptest::prelude::*;

use super::fold::canonical;
use super::query::Query;
use super::rank::{Answer, Asked, search};
use super::reader::{Fault, Index};
use super::segments::{Entry, Plan};
use super::{Indexer, ROOT};
use crate::model::catalogue::ReportId;
use crate::source::MemoryDisk;

/// A report: year, title, body.
type Report<'a> = (u16, &'a str, String);

pub(super) fn index(reports: &[Report<'_>]) -> BTreeMap<String, Vec<u8>> {
    let entry = |(number, (year, title, _)): (usize, &Report<'_>)| Entry {
        id: ReportId(number as u32),
        title: (*title).to_owned(),
        address: format!("a/{year}/{number}.html"),
        year: *year,
        kind: (number % 3) as u16,
        town: (number % 2) as u16,
        day: i32::from(*year) * 365 + number as i32 % 50,
        facts: String::new(),
        hash: number as u128,
    };
    let kinds: Vec<String> = ["年报", "预算", "其他"].map(String::from).to_vec();
    let towns = vec!["丁市镇".to_owned()];
    let entries = reports.iter().enumerate().map(entry).collect();
    let plan = Plan::new(entries, kinds, towns, &|id| Ok(reports[id.0 as usize].2.clone())).unwrap();
    let disk = MemoryDisk::new();
    let files = Mutex::new(BTreeMap::new());
    let put = |address: &str, bytes: &[u8]| {
        assert!(files.lock().unwrap().insert(address.to_owned(), bytes.to_vec()).is_none(), "{address} twice");
        Ok(())
    };
    let indexer = Indexer::new(&disk, PathBuf::from("scratch"), &put, plan);
    for (number, (_, _, body)) in reports.iter().enumerate() {
        let paragraphs: String =
            body.lines().map(|line| format!("<p>{}</p>\n", line.replace('&', "&amp;").replace('<', "&lt;"))).collect();
        indexer.add(ReportId(number as u32), &paragraphs).unwrap();
    }
    indexer.finish().unwrap();
    files.into_inner().unwrap()
}

fn ask(files: &BTreeMap<String, Vec<u8>>, typed: &str) -> Answer {
    let asked = Asked { query: Query::parse(typed), take: 100, ..Asked::default() };
    let fetch = |address: &str| files.get(address).cloned();
    search(&Index::open(&fetch).unwrap(), &asked).unwrap()
}

fn found(answer: &Answer) -> Vec<usize> {
    let number = |address: &str| address.rsplit('/').next().unwrap().trim_end_matches(".html").parse().unwrap();
    answer.hits.iter().map(|hit| number(&hit.address)).collect()
}

#[test]
fn words_phrases_exclusions_filters_and_dates() {
    let files = index(&[
        (
            2024,
            "丁市镇2024年法治政府建设年度报告",
            "一、环境保护。二、依法行政，国办发〔2021〕30号。\n增长3.5%。".into(),
        ),
        (2023, "预算公开", "法治建设与政府采购。\n環境保護與ＧＤＰ。".into()),
        (2019, "决算公开", "政 府 信 息。PM2.5下降，二○一九年。".into()),
    ]);
    for (typed, wanted) in [
        ("环境保护", &[0, 1][..]),
        ("環境保護", &[0, 1]),
        ("环境保护 -gdp", &[0]),
        ("政府", &[0, 1, 2]),
        ("政府信息", &[2]),
        ("“政府信息”", &[2]),
        ("公开 政府", &[1, 2]),
        ("法", &[0, 1]),
        ("国办发(2021)30号", &[0]),
        ("国办发[2021]30号", &[0]),
        ("3.5%", &[0]),
        ("３．５％", &[0]),
        ("pm2.5", &[2]),
        ("二〇一九", &[2]),
        ("依法行政，国办发", &[0]),
        ("依法行政国办发", &[]),
        ("公安", &[]),
    ] {
        let answer = ask(&files, typed);
        assert_eq!(found(&answer), wanted, "{typed}");
        assert_eq!((answer.total, answer.exact), (wanted.len(), true), "{typed}");
    }
    let mut asked = Asked { query: Query::parse("政府"), take: 10, by_date: true, ..Asked::default() };
    let fetch = |address: &str| files.get(address).cloned();
    let open = Index::open(&fetch).unwrap();
    assert_eq!(found(&search(&open, &asked).unwrap()), [0, 1, 2]);
    asked.kind = Some(1);
    let answer = search(&open, &asked).unwrap();
    assert_eq!(found(&answer), [1]);
    assert_eq!(answer.years, BTreeMap::from([(2023, 1)]));
    assert_eq!(answer.kinds, BTreeMap::from([(0, 1), (1, 1), (2, 1)]));
    assert_eq!(open.kinds[1], "预算");
}

#[test]
fn the_same_reports_in_any_order_and_on_any_cores_give_the_same_bytes() {
    let body = |seed: usize| -> String {
        (0..3000).map(|n| char::from_u32(0x4E00 + ((n * 7 + seed * 31) % 700) as u32).unwrap()).collect()
    };
    let reports: Vec<Report<'_>> = (0..40).map(|n| (2010 + n as u16 % 9, "报告", body(n))).collect();
    let one = index(&reports);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(7).build().unwrap();
    assert_eq!(pool.install(|| index(&reports)), one);
}

#[test]
fn a_title_without_a_text_is_found() {
    let files = index(&[(2024, "只有标题", String::new())]);
    let answer = ask(&files, "标题");
    assert_eq!((found(&answer), answer.hits[0].excerpt.as_str()), (vec![0], ""));
}

#[test]
fn the_browser_has_the_same_frequent_characters() {
    let script = include_str!("../../themes/default/assets/search.js");
    assert!(script.contains(&format!("'{}'", super::pack::FREQUENT.replace('\n', "\\n"))));
}

#[test]
fn broken_files_are_named() {
    let files = index(&[(2024, "甲乙丙", "丁戊己庚辛".into())]);
    let asked = Asked { query: Query::parse("丁戊己"), take: 10, ..Asked::default() };
    let not_asked = ["fold.js", "days.js", "words.js"];
    for broken in files.keys().filter(|address| not_asked.iter().all(|name| !address.ends_with(name))) {
        type Cut = fn(&Vec<u8>) -> Option<Vec<u8>>;
        let wholes: [Cut; 3] =
            [|_| None, |bytes| Some(bytes[..bytes.len() / 2].to_vec()), |_| Some(b"gk(\"x\",\"y\");\n".to_vec())];
        for cut in wholes {
            let fetch = |address: &str| {
                let bytes = files.get(address)?;
                if address == broken { cut(bytes) } else { Some(bytes.clone()) }
            };
            let fault = match Index::open(&fetch) {
                Err(fault) => fault,
                Ok(index) => search(&index, &asked).unwrap_err(),
            };
            match fault {
                Fault::NoIndex => assert_eq!(broken, ROOT),
                Fault::Broken(named) => assert_eq!(&named, broken),
            }
        }
    }
}

/// Texts with all that official writing holds, and some that it does not.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[一-龥]{1,12}",
        2 => "[0-9]{1,5}(年|%|号|\\.[0-9]{1,2})?",
        1 => "[A-Za-z]{1,6}",
        1 => "[０-９Ａ-Ｚａ-ｚ]{1,4}",
        2 => "[，。；、：〔〕（）“”《》 　\n.-]",
        1 => "[環境護資訊開臺灣㎡①⾏〇○㈠𠮷𪚥é]",
    ];
    prop::collection::vec(piece, 1..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Ctrl+F over the whole site: whatever stands in a report finds it, as it stands or folded.
    #[test]
    fn every_part_of_a_report_finds_it(bodies in prop::collection::vec(text(), 1..6), picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..=12), 40)) {
        let reports: Vec<Report<'_>> = bodies.iter().enumerate().map(|(n, body)| (2020 + n as u16, "题", body.clone())).collect();
        let files = index(&reports);
        for (which, start, length) in picks {
            let number = which.index(bodies.len());
            // Quotes and a leading hyphen mean something to a query; a line is what a box can hold.
            let lines: Vec<&str> = bodies[number].lines().filter(|line| !line.is_empty()).collect();
            if lines.is_empty() {
                continue;
            }
            let chars: Vec<char> = lines[start.index(lines.len())].chars().collect();
            let from = start.index(chars.len());
            let part: String = chars[from..(from + length).min(chars.len())].iter().collect();
            let part = part.replace(['“', '”'], "，").replace(" -", "，").replace("　-", "，");
            let part = part.trim_start_matches(['-', ' ', '　']).to_owned();
            let folded = String::from_utf16(&canonical(&part)).unwrap().replace('\u{1}', "，");
            for typed in [part.clone(), folded.clone(), format!("“{part}”")] {
                if canonical(&typed).is_empty() {
                    continue;
                }
                prop_assert!(found(&ask(&files, &typed)).contains(&number), "{:?} in {:?}", typed, bodies[number]);
            }
        }
    }
}
