//! The search from end to end: what a site holds is found by the program, is let go with it, and stays still where
//! nothing changed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use gongkai::search::fold::canonical;
use gongkai::search::query::Query;
use gongkai::search::rank::{Asked, search};
use gongkai::search::reader::Index;
use gongkai::source::MemoryDisk;

use crate::sites::{self, Options, build, disk, files};

/// Words of which the reports of the evaluation are made.
const WORDS: &[&str] = &[
    "政府信息公开",
    "法治政府",
    "依申请公开",
    "行政处罚",
    "行政许可",
    "营商环境",
    "乡村振兴",
    "食品安全",
    "环境保护",
    "污染防治",
    "义务教育",
    "养老服务",
    "垃圾分类",
    "物业管理",
    "预算执行",
    "决算草案",
    "安全生产",
    "应急管理",
    "基层治理",
    "人民调解",
    "同比增长3.5%",
    "完成投资1200万元",
    "国办发〔2021〕30号",
    "PM2.5浓度",
    "5G基站",
    "2023年5月15日",
    "ＧＤＰ总量",
    "環境整治",
    "二○二三年",
];
const JOINTS: &[&str] = &["，", "。", "、", "和", "的", "工作，", "；", "：", "（", "）", "“", "”", " "];

/// A number that looks random and is the same everywhere.
fn dice(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % below
}

fn corpus() -> Vec<(String, String)> {
    let mut seed = 7;
    (0..120)
        .map(|number| {
            let word = WORDS[dice(&mut seed, WORDS.len())];
            let title = format!("第{number}号关于{word}的报告");
            let mut body = String::new();
            for _ in 0..20 + dice(&mut seed, 60) {
                body.push_str(WORDS[dice(&mut seed, WORDS.len())]);
                body.push_str(JOINTS[dice(&mut seed, JOINTS.len())]);
                if dice(&mut seed, 9) == 0 {
                    body.push_str("\n\n");
                }
            }
            (title, body)
        })
        .collect()
}

/// Recall and precision 1.00 by every kind of query, and the right title among the first ten.
#[test]
fn evaluation() {
    let corpus = corpus();
    let sources: Vec<(String, String)> = corpus
        .iter()
        .enumerate()
        .map(|(number, (title, body))| {
            let year = 2010 + number as i16 % 14;
            (format!("content/r{number}.md"), sites::report(title, "丁市镇", year, body))
        })
        .collect();
    let given: Vec<(&str, &[u8])> = sources.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let disk = disk(&given);
    build(&disk, "out", Options::default());
    let files = files(&disk, "out");
    let fetch = |address: &str| files.get(address).cloned();
    let index = Index::open(&fetch).unwrap();
    // A page also shows who made the report, and its index number.
    let catalogue: serde_json::Value = serde_json::from_slice(&files["catalogue.json"]).unwrap();
    let text = |report: &serde_json::Value, key: &str| report[key].as_str().unwrap().to_owned();
    let facts: BTreeMap<String, String> = catalogue["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| (text(report, "title"), format!("{} | {}", text(report, "agency"), text(report, "index"))))
        .collect();

    let mut queries: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut seed = 11;
    for word in WORDS {
        let chars: Vec<char> = word.chars().collect();
        queries.insert(("whole", (*word).to_owned()));
        queries.insert(("one", chars[0].to_string()));
        queries.insert(("two", chars[..2].iter().collect()));
        queries.insert(("inside", chars[1..chars.len().min(4)].iter().collect()));
        queries.insert(("phrase", format!("“{word}”")));
        queries.insert(("several", format!("{word} {}", WORDS[dice(&mut seed, WORDS.len())])));
    }
    for (title, _) in corpus.iter().step_by(5) {
        queries.insert(("title", title.clone()));
    }
    for (kind, typed) in &queries {
        let asked = Asked { query: Query::parse(typed), take: usize::MAX, ..Asked::default() };
        let found: BTreeSet<String> = search(&index, &asked).unwrap().hits.into_iter().map(|hit| hit.title).collect();
        let phrases = asked.query.all.clone();
        let right: BTreeSet<String> = corpus
            .iter()
            .filter(|(title, body)| {
                let shown = [title.as_str(), &facts[title.as_str()]];
                let lines: Vec<Vec<u16>> = shown.into_iter().chain(body.lines()).map(canonical).collect();
                let holds = |line: &Vec<u16>, phrase: &Vec<u16>| line.windows(phrase.len()).any(|part| part == phrase);
                phrases.iter().all(|phrase| lines.iter().any(|line| holds(line, phrase)))
            })
            .map(|(title, _)| title.clone())
            .collect();
        assert!(!right.is_empty() || *kind == "several" || *kind == "inside", "{kind} {typed} tests nothing");
        assert_eq!(found, right, "{kind}: {typed}");
        if *kind == "title" {
            let first = search(&index, &Asked { take: 10, ..asked }).unwrap();
            assert!(first.hits.iter().any(|hit| hit.title == *typed), "{typed}");
        }
    }
}

fn two_segments() -> MemoryDisk {
    let report = |year: i16, body: &str| sites::report(&format!("丁市镇{year}年报告"), "丁市镇", year, body);
    disk(&[
        ("content/a.md", report(2019, "旧的正文。").as_bytes()),
        ("content/b.md", report(2020, "也是旧的。").as_bytes()),
        ("content/c.md", report(2023, "去年的正文。").as_bytes()),
        ("content/d.md", report(2024, "今年的正文。").as_bytes()),
    ])
}

fn below(files: &BTreeMap<String, Vec<u8>>, folder: &str) -> BTreeMap<String, Vec<u8>> {
    files.iter().filter(|(address, _)| address.starts_with(folder)).map(|(a, b)| (a.clone(), b.clone())).collect()
}

#[test]
fn old_years_stay_byte_for_byte_and_stale_files_go() {
    let disk = two_segments();
    build(&disk, "out", Options::default());
    let before = files(&disk, "out");
    disk.put("site/content/d.md", sites::report("丁市镇2024年报告", "丁市镇", 2024, "改过的正文。"));
    build(&disk, "out", Options::default());
    let after = files(&disk, "out");
    assert_eq!(below(&before, "search/2019-2020-"), below(&after, "search/2019-2020-"));
    assert!(!below(&before, "search/2019-2020-").is_empty());
    let new = |files| below(files, "search/2023-2024-").into_keys().collect::<BTreeSet<_>>();
    assert!(new(&before).is_disjoint(&new(&after)), "another text has another name, so that no cache is stale");

    build(&disk, "clean", Options::default());
    assert!(after == files(&disk, "clean"), "a second build is a clean build");
    build(&disk, "one", Options { threads: 1, ..Options::default() });
    assert!(after == files(&disk, "one"), "one core or many");
}

#[test]
fn a_site_may_go_without() {
    let disk = two_segments();
    build(&disk, "out", Options::default());
    disk.put("site/site.yaml", format!("{}search: false\n", sites::SITE));
    build(&disk, "out", Options::default());
    let files = files(&disk, "out");
    assert!(files.keys().all(|address| !address.starts_with("search")), "{:?}", files.keys());
    assert!(!String::from_utf8_lossy(&files["index.html"]).contains("search"));
}

fn gongkai(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    let done = command.args(arguments).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

#[test]
fn the_verbs_search_and_export() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().to_str().unwrap();
    std::fs::create_dir_all(folder.path().join("content")).unwrap();
    std::fs::write(folder.path().join("site.yaml"), sites::SITE).unwrap();
    let report = sites::report("丁市镇2024年法治报告", "丁市镇", 2024, "第一段，依法行政。\n\n第二段。");
    std::fs::write(folder.path().join("content/a.md"), report).unwrap();

    assert_eq!(gongkai(&["search", "法治", "--site", site]).0, Some(2), "nothing is built yet");
    assert_eq!(gongkai(&["build", "--site", site]).0, Some(0));
    let (code, said) = gongkai(&["search", "依法行政", "--site", site]);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("找到 1 份") && said.contains("第一段，【依法行政】。"), "{said}");
    let (_, json) = gongkai(&["search", "法治 -预算", "--json", "--year", "2024", "--town", "丁市镇", "--site", site]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["total"].as_u64(), json["hits"][0]["year"].as_u64()), (Some(1), Some(2024)));
    assert_eq!(gongkai(&["search", "法治", "--town", "没有镇", "--site", site]).0, Some(2));

    let (_, bulk) = gongkai(&["export", "opensearch", "--site", site]);
    let lines: Vec<serde_json::Value> = bulk.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (_, settings) = gongkai(&["export", "opensearch", "--settings"]);
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    assert_eq!(lines.len(), 2, "an action and a document");
    assert_eq!(lines[0]["index"]["_id"], lines[1]["id"]);
    let known = settings["mappings"]["properties"].as_object().unwrap();
    assert!(lines[1].as_object().unwrap().keys().all(|key| known.contains_key(key)), "the mapping is strict");
    assert!(lines[1]["text"].as_str().unwrap().starts_with("第一段，依法行政。\n第二段。"));
    let (_, documents) = gongkai(&["export", "meilisearch", "--site", site]);
    let document: serde_json::Value = serde_json::from_str(documents.trim()).unwrap();
    assert_eq!(document["address"], json["hits"][0]["address"]);
    assert!(document["id"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_alphanumeric()));

    std::fs::write(folder.path().join("public/search/root.js"), "gk(").unwrap();
    let (code, said) = gongkai(&["search", "法治", "--site", site]);
    assert!(code == Some(2) && said.contains("root.js 缺失或损坏"), "{said}");
}
