#![allow(warnings)]
use super::*;
use std::time::Instant;
fn all(dir: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        let p = e.path();
        if p.is_dir() { all(&p, out) } else { out.push(p) }
    }
}
#[test]
fn speed() {
    let path: Arc<str> = "a.md".into();
    for src in [
        "---\ntitle: 丁市镇2023年政府信息公开工作年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\n---\n正文\n",
        "---\ntitle: 丁市镇2023年政府信息公开工作年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\nkind: nianbao\nindex: 011340000/202401-00001\n---\n正文\n",
        "---\ntitle: 丁市镇2023年政府信息公开工作年度报告\ntown: 丁市镇\nyear: 2023\ndate: 2024-01-16\nkind: nianbao\nindex: 011340000202401\n---\n正文\n",
    ] {
        for round in 0..3 {
            let t = Instant::now();
            for _ in 0..100_000 {
                std::hint::black_box(read(&path, std::hint::black_box(src), &|k| k == "zhinan"));
            }
            println!("read {:?}/head", t.elapsed() / 100_000);
        }
        let t = Instant::now();
        for _ in 0..100_000 {
            std::hint::black_box(raw::parse(std::hint::black_box(&src[4..src.len() - 11])).unwrap());
        }
        println!("raw {:?}/head", t.elapsed() / 100_000);
        let t = Instant::now();
        for _ in 0..100_000 {
            let Fence::Whole(f) = fence::find(src) else { panic!() };
            std::hint::black_box(guard::look(&path, src, &f));
        }
        println!("fence+guard {:?}/head", t.elapsed() / 100_000);
    }
}
#[test]
fn nonsense() {
    let path: Arc<str> = "a.md".into();
    let k = 60_000;
    for unit in [
        "[",
        "{a: ",
        "- ",
        "? ",
        "a: ",
        "\"",
        "'",
        "!a ",
        "&a ",
        "*a ",
        "a:\n",
        "- a\n",
        " ",
        "\t",
        "# \n",
        "%\n",
        "|\n",
        ">\n",
        "a: |\n",
        "'\n",
        "\"\n",
        "：",
        "[]",
        "{}",
        ",",
        "[a]: ",
        "a: [b]\n",
        "标题：a\n",
        "a: \"\n",
        "a: '\n",
        "@\n",
        "a: @\n",
        "x\n",
        "--- \n",
        "<<: 1\n",
        "title: 1\n",
        "附件\n",
        ": ",
        "\u{7}",
    ] {
        let source = format!("---\n{}\n---\n", unit.repeat(k / unit.len()));
        let t = Instant::now();
        let c = read(&path, &source, &|_| false);
        let d = t.elapsed();
        println!("{unit:?} {d:?} {} {:?}", c.diagnostics.len(), c.diagnostics.first().map(|d| d.code.0));
    }
    for src in ["[".repeat(200_000), "[".repeat(60_000)] {
        let source = format!("---\n{src}\n---\n");
        let t = Instant::now();
        read(&path, &source, &|_| false);
        println!("brackets {:?}", t.elapsed());
    }
}
#[test]
fn suites() {
    let mut files = Vec::new();
    for d in ["front-matter", "yaml-test-suite", "blns"] {
        all(&std::path::Path::new("/work/shared/data/suites").join(d), &mut files);
    }
    let mut worst = (std::time::Duration::ZERO, String::new());
    let (mut ok, mut bad) = (0, 0);
    let mut raws = std::collections::BTreeMap::<String, usize>::new();
    for f in &files {
        let Ok(text) = std::fs::read(f) else { continue };
        let text = String::from_utf8_lossy(&text).into_owned();
        let mut heads = vec![text.clone(), format!("---\n{text}\n---\n")];
        if f.to_string_lossy().contains("blns") {
            for l in text.lines() {
                heads.push(format!("---\ntitle: {l}\n---\n"));
                heads.push(format!("---\n{l}\n---\n"));
                heads.push(format!("---\n{l}: {l}\ndate: {l}\n---\n"));
            }
        }
        for l in text.split("\n- name:") {
            if let Some((_, y)) = l.split_once("yaml: |\n") {
                heads.push(format!(
                    "---\n{}\n---\n",
                    y.lines().map(|l| l.strip_prefix("    ").unwrap_or(l)).collect::<Vec<_>>().join("\n")
                ));
            }
        }
        for h in heads {
            let t = Instant::now();
            let c = read(&f.to_string_lossy().as_ref().into(), &h, &|_| false);
            for d in &c.diagnostics {
                crate::diagnostic::show::one(
                    d,
                    crate::diagnostic::Language::Chinese,
                    crate::diagnostic::show::Colour::Plain,
                );
                if let Some(p) = &d.place {
                    if p.line == 0 && d.code != codes::FRONT_MATTER_MISSING {
                        println!("no place: {} {:?}", f.display(), d.message.en);
                    }
                }
                if let Some(h) = &d.help {
                    if let Some(i) = h.en.find("the parser says") {
                        *raws.entry(h.en[i..].split(" at ").next().unwrap().to_owned()).or_default() += 1;
                    }
                }
            }
            if c.value.is_some() || c.diagnostics.iter().all(|d| !matches!(d.code, codes::YAML_SYNTAX)) {
                ok += 1
            } else {
                bad += 1
            }
            let e = t.elapsed();
            if e > worst.0 {
                worst = (e, f.display().to_string())
            }
        }
    }
    println!("{} files, {ok} parse, {bad} syntax; worst {worst:?}\n{raws:#?}", files.len());
}
