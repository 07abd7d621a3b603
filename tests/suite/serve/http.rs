//! What the preview serves is what is built, and how it serves it is HTTP.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use gongkai::serve::{self, Running};

use super::{Double, ask, get, options, preview, send, subject};
use crate::sites::{self, Options, build, files, report};

const CSV: &[u8] = "项目,金额\r\n收入,10\r\n".as_bytes();

fn site() -> gongkai::source::MemoryDisk {
    let a = report("丁市镇2023年法治政府建设情况报告", "丁市镇", 2023, "## 一、甲\n\n见[附件](附件.csv)。")
        .replace("year: 2023", "year: 2023\naliases: [old/a.html]");
    let b = report("云岭乡2024年预算", "云岭乡", 2024, "正文。");
    sites::disk(&[
        ("content/a.md", a.as_bytes()),
        ("content/b.md", b.as_bytes()),
        ("content/附件.csv", CSV),
        ("content/gbk.txt", &[0xbc, 0xd7]),
        ("content/空.md", report("云岭乡2024年决算", "云岭乡", 2024, "[一](gbk.txt)").as_bytes()),
    ])
}

fn running() -> Running {
    preview(site())
}

#[test]
fn every_page_is_what_is_built_but_for_one_script() {
    let disk = site();
    assert!(build(&disk, "out", Options::default()).built);
    let built = files(&disk, "out");
    let running = preview(disk);
    for (file, bytes) in built.iter().filter(|(file, _)| !file.starts_with(".gongkai/")) {
        let answer = get(running.address, &format!("/{file}"));
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
        match file.ends_with(".html") {
            true => assert_eq!(answer.without_script(), *bytes, "{file}"),
            false => assert_eq!(answer.body, *bytes, "{file}"),
        }
        assert!(!String::from_utf8_lossy(bytes).contains("live.js"), "{file} was built with the script");
    }
    assert!(built.len() > 30);
}

#[test]
fn media_types_have_their_character_set() {
    let running = running();
    for (path, media) in [
        ("/", "text/html; charset=utf-8"),
        ("/files/fu-jian.csv", "text/csv; charset=utf-8"),
        ("/files/gbk.txt", "text/plain; charset=gb18030"),
        ("/catalogue.json", "application/json"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/.gongkai/live.js", "text/javascript; charset=utf-8"),
        ("/.gongkai/panel.css", "text/css; charset=utf-8"),
    ] {
        let answer = get(running.address, path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn head_is_get_without_a_body() {
    let running = running();
    for path in ["/", "/files/fu-jian.csv", "/not-there.html", "/.gongkai/live.js"] {
        let (whole, head) = (get(running.address, path), ask(running.address, "HEAD", path, &[]));
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.status, whole.status, "{path}");
        for name in ["content-length", "content-type", "etag", "accept-ranges"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
    }
}

#[test]
fn folders_missing_pages_and_other_methods() {
    let Running { address, .. } = running();
    let folder = get(address, "/ding2shi2zhen");
    assert_eq!((folder.status, folder.header("location")), (301, Some("/ding2shi2zhen/")));
    assert_eq!(get(address, "/ding2shi2zhen/").status, 200);
    let missing = get(address, "/no/such/page.html");
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("text/html; charset=utf-8")));
    let disk = site();
    build(&disk, "out", Options::default());
    assert_eq!(missing.without_script(), files(&disk, "out")["404.html"]);
    assert_eq!(get(address, "/.gongkai/manifest.tsv").status, 404);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let refused = ask(address, method, "/", &[]);
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[test]
fn ranges() {
    let Running { address, .. } = running();
    let path = "/files/fu-jian.csv";
    let length = CSV.len();
    let part = |range: &str| ask(address, "GET", path, &[("Range", range)]);
    for (range, bytes) in [
        ("bytes=0-2", &CSV[..3]),
        ("bytes=3-", &CSV[3..]),
        ("bytes=-4", &CSV[length - 4..]),
        ("bytes=-65558", CSV),
        ("bytes=0-99999", CSV),
    ] {
        let answer = part(range);
        assert_eq!((answer.status, &*answer.body), (206, bytes), "{range}");
        let from = length - bytes.len();
        let from = if range == "bytes=0-2" { 0 } else { from };
        let expected = format!("bytes {from}-{}/{length}", from + bytes.len() - 1);
        assert_eq!(answer.header("content-range"), Some(expected.as_str()), "{range}");
        assert_eq!(answer.header("content-length"), Some(bytes.len().to_string().as_str()));
    }
    for range in ["bytes=9999-", "bytes=-0"] {
        let answer = part(range);
        assert_eq!((answer.status, answer.body.len()), (416, 0), "{range}");
        assert_eq!(answer.header("content-range"), Some(format!("bytes */{length}").as_str()));
    }
    for range in ["lines=1-2", "bytes=5-2", "bytes=0-0,2-3", "nonsense"] {
        assert_eq!((part(range).status, part(range).body.len()), (200, length), "{range}");
    }
    assert_eq!(ask(address, "HEAD", path, &[("Range", "bytes=0-2")]).status, 200);
    assert_eq!(ask(address, "GET", "/none.html", &[("Range", "bytes=0-2")]).status, 404);
    let tag = get(address, path).header("etag").unwrap().to_owned();
    let only_if = |tag: &str| ask(address, "GET", path, &[("Range", "bytes=0-2"), ("If-Range", tag)]).status;
    assert_eq!((only_if(&tag), only_if("\"other\"")), (206, 200));
}

#[test]
fn conditions() {
    let Running { address, .. } = running();
    let tag = get(address, "/").header("etag").unwrap().to_owned();
    let status = |name: &str, value: &str| {
        let answer = ask(address, "GET", "/", &[(name, value)]);
        assert_eq!(answer.body.is_empty(), answer.status != 200, "{name}: {value}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        answer.status
    };
    assert_eq!(status("If-None-Match", &tag), 304);
    assert_eq!(status("If-None-Match", &format!("\"x\", W/{tag}")), 304);
    assert_eq!(status("If-None-Match", "*"), 304);
    assert_eq!(status("If-None-Match", "\"x\""), 200);
    assert_eq!(status("If-Match", &tag), 200);
    assert_eq!(status("If-Match", "\"x\""), 412);
    assert_eq!(status("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"), 200, "there are no dates to compare");
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let Running { address, .. } = running();
    let own = address.to_string();
    let local = format!("localhost:{}", address.port());
    let with_host = |host: &str| send(address, &format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert_eq!(with_host(&own).status, 200);
    assert_eq!(with_host(&local).status, 200);
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", ""] {
        assert_eq!(with_host(host).status, 403, "{host}");
    }
    assert_eq!(send(address, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status, 400);
    let twice = format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(send(address, &twice).status, 400);
    let proxied = format!("GET http://evil.example/ HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n");
    assert_eq!(send(address, &proxied).status, 403);
    for path in ["/", "/.gongkai/live", "/.gongkai/live.js", "/catalogue.json"] {
        for origin in ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"] {
            assert_eq!(ask(address, "GET", path, &[("Origin", origin)]).status, 403, "{path} {origin}");
        }
        let embedded = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")];
        assert_eq!(ask(address, "GET", path, &embedded).status, 403, "{path}");
    }
    assert_eq!(ask(address, "GET", "/", &[("Origin", &format!("http://{own}"))]).status, 200);
    let followed = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
    assert_eq!(ask(address, "GET", "/", &followed).status, 200, "a link may lead here");
    assert!(get(address, "/").header("access-control-allow-origin").is_none());
}

#[test]
fn no_path_leaves_the_site() {
    let disk = site();
    disk.put("secret.txt", "secret");
    disk.put("site/.env", "secret");
    disk.put("site/content/.hidden.md", "secret");
    disk.put("site/content/unnamed.txt", "secret");
    let Running { address, .. } = preview(disk);
    for path in [
        "/../secret.txt",
        "/files/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "/..\\secret.txt",
        "//secret.txt",
        "/./index.html",
        "/index.html%00",
        "/C:/secret.txt",
        "/%ff",
        "/site.yaml",
        "/content/a.md",
        "/.env",
        "/files/unnamed.txt",
        "/.gongkai/../secret.txt",
        "/.gongkai/notes.rs",
    ] {
        let answer = get(address, path);
        assert!([400, 404].contains(&answer.status), "{path} gave {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{path}");
    }
}

/// Reads the first message of a stream of news.
fn first_news(address: SocketAddr, page: &str) -> serde_json::Value {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET /.gongkai/live?page={page} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut heard = String::new();
    let mut bytes = [0; 4096];
    while !heard.contains("\n\n") {
        let count = stream.read(&mut bytes).unwrap();
        assert!(count > 0, "the stream ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    let data = heard.split_once("data: ").unwrap().1;
    serde_json::from_str(&data[..data.find("\n\n").unwrap()]).unwrap()
}

#[test]
fn a_page_is_told_what_is_wrong_with_it_and_with_no_other() {
    let disk = site();
    let body = "联系人李某，13812345678。见[没有的](没有.pdf)。";
    disk.put("site/content/a.md", report("丁市镇2023年法治政府建设情况报告", "丁市镇", 2023, body));
    disk.put("site/content/坏.md", "---\ntitle: 坏\n");
    let Running { address, .. } = preview(disk);
    let codes = |page: &str, kind: &str| -> Vec<String> {
        let news = first_news(address, page);
        news[kind].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap().to_owned()).collect()
    };
    let own = codes("/ding2shi2zhen/2023/a.html", "warnings");
    assert_eq!(own, ["GK-L001", "GK-P003"], "its broken link, and what a rule finds in its text");
    assert_eq!(codes("/yunlingxiang/2024/b.html", "warnings"), Vec::<String>::new());
    assert_eq!(codes("/", "warnings"), ["GK-S003"], "what the site lacks stands on pages of the site as a whole");
    for page in ["/", "/yunlingxiang/2024/b.html"] {
        assert_eq!(codes(page, "errors").len(), 1, "what stops the site from being built is told everywhere");
    }
    let error = &first_news(address, "/")["errors"][0];
    assert_eq!((error["path"].as_str(), error["code"].as_str().is_some()), (Some("content/坏.md"), true), "{error}");
    assert!(error["help"].as_str().is_some_and(|help| !help.is_empty()), "{error}");
    assert_eq!(first_news(address, "/none.html")["tag"], "", "there is no such page");
}

#[test]
fn a_page_is_told_what_other_documents_make_wrong_with_it() {
    let disk = site();
    let words: String = (0..400).filter_map(|number| char::from_u32(0x4E00 + number * 7)).collect();
    let body = |link: &str| format!("{words}\n\n见[前一年]({link})。");
    disk.put("site/content/a.md", report("丁市镇2023年法治政府建设情况报告", "丁市镇", 2023, &body("b.md#mei-you")));
    disk.put("site/content/b.md", report("丁市镇2022年法治政府建设情况报告", "丁市镇", 2022, &body("a.md")));
    disk.put("site/content/c.md", report("丁市镇关于防汛的通知", "丁市镇", 2023, "正文。"));
    let Running { address, .. } = preview(disk);
    let has = |page: &str, code: &str| {
        let news = first_news(address, page);
        news["warnings"].as_array().unwrap().iter().any(|note| note["code"] == code)
    };
    let pages = ["/ding2shi2zhen/2023/a.html", "/ding2shi2zhen/2022/b.html", "/ding2shi2zhen/2023/c.html"];
    for (code, told) in [
        ("GK-K001", [true, false, false]), // nearly the same as last year's
        ("GK-L001", [true, false, false]), // no such heading on the other page
        ("GK-S006", [false, false, true]), // nothing new in its column
    ] {
        assert_eq!(pages.map(|page| has(page, code)), told, "{code}");
    }
}

#[test]
fn only_a_page_of_this_run_opens_the_editor() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("content")).unwrap();
    std::fs::write(site.join("site.yaml"), sites::SITE).unwrap();
    std::fs::write(site.join("content/a.md"), report("丁市镇预算", "丁市镇", 2023, "正文。")).unwrap();
    let opened = folder.path().join("opened.txt");
    let editor = Some(format!("cp {{file}} {}", opened.display()));
    let subject = subject(Arc::new(gongkai::source::RealDisk), &site);
    let options = serve::Options { editor, ..options() };
    let running = serve::start(subject, Box::new(Double::default()), &options, |_| {}).unwrap();
    let address = running.address;
    let token = first_news(address, "/")["token"].as_str().unwrap().to_owned();
    let own = format!("http://{address}");
    let wish = |token: &str, origin: Option<&str>, path: &str| {
        let body = format!("{{\"path\":\"{path}\",\"line\":2}}");
        let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
        let length = body.len();
        let head = format!("POST /.gongkai/open HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{origin}");
        send(address, &format!("{head}X-Gongkai-Token: {token}\r\nContent-Length: {length}\r\n\r\n{body}")).status
    };
    assert_eq!(wish("wrong", Some(&own), "content/a.md"), 403);
    assert_eq!(wish("", Some(&own), "content/a.md"), 403);
    assert_eq!(wish(&token, Some("http://evil.example"), "content/a.md"), 403);
    assert_eq!(wish(&token, None, "content/a.md"), 403);
    assert_eq!(ask(address, "GET", "/.gongkai/open", &[]).status, 405);
    for path in ["/etc/passwd", "../secret.txt", "content/../../x", "content/none.md", ""] {
        assert_eq!(wish(&token, Some(&own), path), 404, "{path}");
    }
    assert!(!opened.exists());
    assert_eq!(wish(&token, Some(&own), "content/a.md"), 200);
    while !opened.exists() {
        std::thread::yield_now();
    }
}

#[test]
fn a_taken_port_is_answered_by_the_next_free_one() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = serve::Options { port, ..options() };
    let running =
        serve::start(subject(Arc::new(site()), "site"), Box::new(Double::default()), &options, |_| {}).unwrap();
    assert!(running.address.port() > port && running.address.ip().is_loopback());
    assert_eq!(get(running.address, "/").status, 200);
}
