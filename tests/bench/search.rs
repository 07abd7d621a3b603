//! How good the search is on a corpus whose right answers are known.
//!
//!     cargo bench --bench search -- CORPUS.jsonl QUERIES.json TRUTH.json
//!
//! A line of the corpus holds `title`, `body` and `year`; a query `id`, `q` and `cat`; the truth, for each id, the
//! lines that hold it (`docs`) and those whose titles do (`titles`).

#![expect(clippy::disallowed_methods, reason = "a benchmark reads files and the clock")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use gongkai::model::catalogue::ReportId;
use gongkai::search::instead::instead;
use gongkai::search::query::Query;
use gongkai::search::rank::{Answer, Asked, search};
use gongkai::search::reader::Index;
use gongkai::search::{Entry, Indexer, Plan};
use gongkai::source::MemoryDisk;
use serde_json::Value;

/// What one kind of query came to.
#[derive(Default)]
struct Sums {
    queries: usize,
    answered: usize,
    recall: f64,
    all_precision: f64,
    shown_precision: f64,
    titled: usize,
    title: f64,
    exact: usize,
    index_requests: usize,
    text_requests: usize,
    index_bytes: usize,
    text_bytes: usize,
    milliseconds: f64,
}

fn main() {
    let paths: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [corpus, queries, truth] = &paths[..] else {
        println!("usage: cargo bench --bench search -- CORPUS.jsonl QUERIES.json TRUTH.json");
        return;
    };
    let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let reports: Vec<Value> =
        read(corpus).lines().map(|line| serde_json::from_str(line).expect("a report a line")).collect();
    let begun = Instant::now();
    let files = index(&reports);
    println!("indexed {} reports in {:.2} s", reports.len(), begun.elapsed().as_secs_f64());
    sizes(&reports, &files);
    let queries: Vec<Value> = serde_json::from_str(&read(queries)).expect("queries");
    let truth: Value = serde_json::from_str(&read(truth)).expect("answers");
    let mut kinds: BTreeMap<String, Sums> = BTreeMap::new();
    for query in &queries {
        let answers = &truth[query["id"].as_str().map_or_else(|| query["id"].to_string(), str::to_owned)];
        let kind = query["cat"].as_str().expect("a kind of query").to_owned();
        evaluate(&files, query["q"].as_str().expect("words"), answers, kinds.entry(kind).or_default());
    }
    table(&kinds);
}

fn text<'v>(report: &'v Value, key: &str) -> &'v str {
    report[key].as_str().unwrap_or_default()
}

fn index(reports: &[Value]) -> BTreeMap<String, Vec<u8>> {
    let entry = |(number, report): (usize, &Value)| Entry {
        id: ReportId(number as u32),
        title: text(report, "title").to_owned(),
        address: format!("a/{number}.html"),
        year: report["year"].as_u64().or_else(|| text(report, "year").parse().ok()).unwrap_or(0) as u16,
        kind: 0,
        town: 0,
        day: 0,
        facts: String::new(),
        hash: number as u128,
    };
    let source = |id: ReportId| Ok(text(&reports[id.0 as usize], "body").to_owned());
    let entries = reports.iter().enumerate().map(entry).collect();
    let plan = Plan::new(entries, vec!["文件".to_owned()], Vec::new(), &source).expect("memory does not fail");
    let (disk, files) = (MemoryDisk::new(), Mutex::new(BTreeMap::new()));
    let put = |address: &str, bytes: &[u8]| {
        files.lock().expect("no thread panics").insert(address.to_owned(), bytes.to_vec());
        Ok(())
    };
    let indexer = Indexer::new(&disk, PathBuf::from("scratch"), &put, plan);
    for (number, report) in reports.iter().enumerate() {
        let escape = |line: &str| format!("<p>{}</p>\n", line.replace('&', "&amp;").replace('<', "&lt;"));
        let html: String = text(report, "body").lines().map(escape).collect();
        indexer.add(ReportId(number as u32), &html).expect("memory does not fail");
    }
    indexer.finish().expect("memory does not fail");
    files.into_inner().expect("no thread panics")
}

fn sizes(reports: &[Value], files: &BTreeMap<String, Vec<u8>>) {
    let whole: usize = reports.iter().map(|report| text(report, "title").len() + text(report, "body").len()).sum();
    let of = |part: &str| -> (usize, usize) {
        let own = files.iter().filter(|(address, _)| address.contains(part));
        own.fold((0, 0), |(count, sum), (_, bytes)| (count + 1, sum + bytes.len()))
    };
    for (name, part) in
        [("lists", "/s/"), ("texts", "/t/"), ("days", "/days"), ("root", "root.js"), ("fold", "fold.js")]
    {
        let (count, bytes) = of(part);
        println!("{name}: {count} files, {bytes} bytes, {:.1} % of the text", bytes as f64 / whole as f64 * 100.0);
    }
}

fn evaluate(files: &BTreeMap<String, Vec<u8>>, typed: &str, truth: &Value, sums: &mut Sums) {
    let numbers = |key: &str| -> BTreeSet<usize> {
        truth[key].as_array().into_iter().flatten().filter_map(Value::as_u64).map(|number| number as usize).collect()
    };
    let (right, titles) = (numbers("docs"), numbers("titles"));
    let fetch = |address: &str| files.get(address).cloned();
    let ask = |take: usize| -> (Answer, Vec<String>, f64) {
        let begun = Instant::now();
        let index = Index::open(&fetch).expect("the index is whole");
        let asked = Asked { query: Query::parse(typed), take, ..Asked::default() };
        let mut answer = search(&index, &asked).expect("the index is whole");
        if answer.total == 0
            && let Some(words) = instead(&index, &asked.query).expect("the index is whole")
        {
            let query = Query::parse(&words);
            answer = search(&index, &Asked { query, ..asked }).expect("the index is whole");
        }
        (answer, index.asked.into_inner(), begun.elapsed().as_secs_f64() * 1e3)
    };
    let found = |answer: &Answer| -> Vec<usize> {
        let number = |address: &str| address["a/".len()..].trim_end_matches(".html").parse().expect("a number");
        answer.hits.iter().map(|hit| number(&hit.address)).collect()
    };
    let (first, requests, milliseconds) = ask(10);
    let (whole, ..) = ask(usize::MAX);
    let all: BTreeSet<usize> = found(&whole).into_iter().collect();
    let shown = found(&first);
    sums.queries += 1;
    sums.exact += usize::from(first.total == right.len());
    sums.milliseconds += milliseconds;
    for address in &requests {
        let is_text = address.contains("/t/");
        *(if is_text { &mut sums.text_requests } else { &mut sums.index_requests }) += 1;
        *(if is_text { &mut sums.text_bytes } else { &mut sums.index_bytes }) += files[address].len();
    }
    if !right.is_empty() {
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        sums.answered += 1;
        sums.recall += share(all.intersection(&right).count(), right.len());
        sums.all_precision += share(all.intersection(&right).count(), all.len());
        sums.shown_precision += share(shown.iter().filter(|number| right.contains(number)).count(), shown.len());
        if share(all.intersection(&right).count(), right.len()) < 1.0
            || shown.iter().any(|number| !right.contains(number))
        {
            println!("{typed}: {} right, {} found, {} shown", right.len(), all.len(), shown.len());
        }
    }
    if !titles.is_empty() {
        sums.titled += 1;
        sums.title +=
            shown.iter().filter(|number| titles.contains(number)).count() as f64 / titles.len().min(10) as f64;
    }
}

fn table(kinds: &BTreeMap<String, Sums>) {
    println!(
        "| kind | queries | recall | precision | precision shown | title@10 | total right | lists | KB | texts | KB | ms |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (kind, sums) in kinds {
        let mean = |sum: f64, count: usize| sum / count.max(1) as f64;
        println!(
            "| {kind} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
            sums.queries,
            mean(sums.recall, sums.answered),
            mean(sums.all_precision, sums.answered),
            mean(sums.shown_precision, sums.answered),
            mean(sums.title, sums.titled),
            mean(sums.exact as f64, sums.queries),
            mean(sums.index_requests as f64, sums.queries),
            mean(sums.index_bytes as f64 / 1e3, sums.queries),
            mean(sums.text_requests as f64, sums.queries),
            mean(sums.text_bytes as f64 / 1e3, sums.queries),
            mean(sums.milliseconds, sums.queries),
        );
    }
}
