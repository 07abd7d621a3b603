//! `gongkai publish` and `gongkai rollback` as they are typed, to a real folder: what is said, refused, and done; and
//! a real kill at a hundred moments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::sites::{SITE, report};

/// A site and a county's folder with a file of the county's own.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(reports: usize) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.write("site/site.yaml", &format!("{SITE}publish:\n  - name: county\n    to: ../county/xxgk\n"));
        for n in 0..reports {
            place.write(
                &format!("site/content/r{n}.md"),
                &report(&format!("丁市镇第{n}号预算"), "丁市镇", 2000 + n as i16, &"正文。".repeat(300)),
            );
        }
        place.write("county/xxgk/foreign.html", "the county's own");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        std::fs::write(self.path(path), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).arg("--site").arg(self.path("site"));
        command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it and wants it to end well; what it said.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// The built site, and what the county's folder has of it.
    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("site/public"))
    }

    fn published(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = files(&self.path("county/xxgk"));
        assert_eq!(files.remove("foreign.html").as_deref(), Some(&b"the county's own"[..]), "it was touched");
        files
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(&inner).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            match path.is_dir() {
                true if name != ".gongkai" => folders.push(path),
                true => {}
                false => _ = found.insert(name, std::fs::read(&path).unwrap()),
            }
        }
    }
    found
}

/// Files of sealed years are made by no build, so that they are looked at before each publish.
#[test]
fn a_sealed_page_that_was_lost_is_published_again() {
    let place = Place::new(3);
    let publish = ["publish", "--yes", "--no-verify"];
    place.done(&["build"]);
    place.done(&["archive", "seal", "2000"]);
    place.done(&publish);
    std::thread::sleep(Duration::from_millis(200));
    place.done(&publish);
    let page = place.path("site/public/years/2000/index.html");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::remove_file(&page).unwrap();
    place.done(&publish);
    assert!(!place.published().contains_key("years/2000/index.html"));
    std::fs::write(&page, text).unwrap();
    place.done(&publish);
    assert_eq!(place.published(), place.built());
}

/// Where nothing has changed, what is to stand is known from the last publish: no built file is looked at.
#[test]
fn an_unchanged_site_is_known_without_its_files() {
    let place = Place::new(3);
    let publish = ["publish", "--yes", "--no-verify"];
    place.done(&publish);
    let looks_at_no_file = || {
        std::fs::remove_dir_all(place.path("site/public")).unwrap();
        assert!(place.done(&publish).contains("没有要改的"));
        !place.path("site/public").exists()
    };
    // What was written a moment ago is looked at anew.
    let mut tries = 0;
    while !looks_at_no_file() {
        tries += 1;
        assert!(tries < 100, "an unchanged site is never known");
        std::thread::sleep(Duration::from_millis(50));
    }
    // Somebody else's publish, or going back, is seen all the same; and so is every change here.
    place.write("site/content/r1.md", &report("丁市镇第1号预算", "丁市镇", 2001, "另一份正文。"));
    assert!(place.done(&publish).contains("第 2 次"));
    place.done(&["rollback", "--yes", "--no-verify"]);
    assert!(place.done(&publish).contains("已发布"));
    assert_eq!(place.published(), place.built());
}

#[test]
fn publishes_says_so_and_goes_back() {
    let place = Place::new(3);
    let dry = place.done(&["publish", "--dry-run"]);
    assert!(dry.contains("占用:\n") && dry.contains("  put index.html\n") && dry.contains("什么都没有改"), "{dry}");
    assert!(!place.path("county/xxgk/.gongkai").exists());
    let said = place.done(&["publish"]);
    assert!(said.starts_with("已发布到 county（第 1 次）：上传 "), "{said}");
    assert_eq!(place.published(), place.built());
    let said = place.done(&["publish", "county", "--lang", "en"]);
    assert_eq!(said, "county is up to date (publish 1)\n");
    let before = place.built();
    place.write("site/content/r9.md", &report("丁市镇2010年预算", "丁市镇", 2010, "新。"));
    place.done(&["publish", "-y"]);
    assert_eq!(place.published(), place.built());
    assert_ne!(place.published(), before);
    let dry = place.done(&["rollback", "--dry-run"]);
    assert!(dry.contains("remove ding2shi2zhen/2010/r9.html"), "{dry}");
    let said = place.done(&["rollback"]);
    assert!(said.contains("现在是第 1 次发布的内容"), "{said}");
    assert_eq!(place.published(), before);
    let no = place.run(&["rollback", "--to", "9", "--lang", "en"]);
    assert_eq!(no.status.code(), Some(2));
    assert!(text(&no.stderr).contains("nothing to go back to (kept: 2 1)"), "{}", text(&no.stderr));
}

#[test]
fn refuses_errors_and_leaves_drafts_at_home() {
    let place = Place::new(1);
    let body = "户主张某，身份证号11010519491231002X。";
    place.write("site/content/bad.md", &report("丁市镇2011年预算", "丁市镇", 2011, body));
    let no = place.run(&["publish"]);
    assert_eq!(no.status.code(), Some(1));
    let said = text(&no.stderr);
    assert!(said.contains("错误[GK-P001]") && said.contains("没有发布") && said.contains("--with-errors"), "{said}");
    assert!(!place.path("county/xxgk/.gongkai").exists());
    place.done(&["publish", "--with-errors"]);
    assert!(place.published().contains_key("ding2shi2zhen/2011/bad.html"));
    // A report that becomes a draft is taken away again.
    let draft = report("丁市镇2011年预算", "丁市镇", 2011, "正文。").replace("title:", "draft: true\ntitle:");
    place.write("site/content/bad.md", &draft);
    let said = place.done(&["publish"]);
    assert!(said.contains("草稿 1 份没有公开"), "{said}");
    assert!(!place.published().contains_key("ding2shi2zhen/2011/bad.html"));
    // A site that cannot be built is not published, and the old one stands.
    let before = place.published();
    place.write("site/content/bad.md", "没有头");
    let no = place.run(&["publish"]);
    assert_eq!(no.status.code(), Some(1));
    assert!(text(&no.stderr).contains("没有生成，也没有发布"));
    assert_eq!(place.published(), before);
}

#[test]
fn many_deletions_want_a_word() {
    let place = Place::new(14);
    place.done(&["publish"]);
    let before = place.published();
    for n in 1..14 {
        std::fs::remove_file(place.path(&format!("site/content/r{n}.md"))).unwrap();
    }
    let no = place.run(&["publish", "--yes"]);
    assert_eq!(no.status.code(), Some(2));
    let said = text(&no.stderr);
    let number: usize = said.split("--max-deletes ").nth(1).unwrap().trim().parse().unwrap();
    assert!(number > 10 && said.contains(&format!("这次要删除 {number} 个文件")), "{said}");
    assert_eq!(place.published(), before);
    place.done(&["publish", "--max-deletes", &number.to_string()]);
    assert_eq!(place.published(), place.built());
}

#[test]
fn says_what_is_wrong_with_a_target() {
    let place = Place::new(1);
    let refused = |arguments: &[&str], words: &str| {
        let no = place.run(arguments);
        assert_eq!(no.status.code(), Some(2), "{arguments:?}");
        assert!(text(&no.stderr).contains(words), "{arguments:?}: {}", text(&no.stderr));
    };
    refused(&["publish", "nowhere"], "没有名为 `nowhere` 的目标");
    refused(&["publish", "gopher://a/b"], "不认识 gopher://");
    refused(&["publish", "sftp://a:secret@b/c"], "不要写密码");
    // What the system says is said in the reader's language, whoever speaks for it.
    for scheme in ["sftp", "ftp", "ftps", "http", "https"] {
        let url = format!("{scheme}://a@127.0.0.1:1/c");
        refused(&["publish", &url], "失败：对方拒绝连接，那个端口上没有服务（系统错误");
        refused(
            &["publish", &url, "--lang", "en"],
            ": the connection was refused: nothing listens at that port (os error",
        );
    }
    place.write("county/xxgk/index.html", "the county's own");
    refused(&["publish"], "index.html 已经在那里");
    assert_eq!(std::fs::read_to_string(place.path("county/xxgk/index.html")).unwrap(), "the county's own");
    let settings = "publish:\n  - name: a\n    to: sftp://a@b/c\n    password: geheim\n";
    place.write("site/site.yaml", &format!("{SITE}{settings}"));
    let no = place.run(&["publish"]);
    let said = text(&no.stderr);
    assert!(said.contains("密码不要写在文件里") && said.contains("site.yaml:7"), "{said}");
    place.write("site/site.yaml", SITE);
    refused(&["publish"], "没有说发布到哪里");
}

#[test]
fn a_zip_is_the_same_bytes_each_time() {
    let place = Place::new(2);
    let zip = place.path("移交.zip");
    let said = place.done(&["publish", zip.to_str().unwrap()]);
    assert!(said.contains("个文件"), "{said}");
    let first = std::fs::read(&zip).unwrap();
    std::fs::remove_dir_all(place.path("site/public")).unwrap();
    place.done(&["publish", zip.to_str().unwrap()]);
    assert_eq!(std::fs::read(&zip).unwrap(), first);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&first)).unwrap();
    assert_eq!(archive.len(), place.built().len());
    for (path, bytes) in place.built() {
        let mut read = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(&path).unwrap(), &mut read).unwrap();
        assert_eq!(read, bytes, "{path}");
    }
}

#[test]
fn killed_at_a_hundred_moments() {
    let place = Place::new(6);
    place.done(&["publish"]);
    let largest = place.built().values().map(Vec::len).max().unwrap();
    // Numbers that look random and are the same in each run.
    let mut dice = 7u64;
    let mut took = Duration::from_millis(80);
    let (mut cut, mut round) = (0, 0);
    // One that came to its end before it was killed does not count.
    while cut < 100 {
        round += 1;
        assert!(round < 1000, "only {cut} of {round} were killed in time");
        let url = format!("https://www.example.gov.cn/{round}/");
        let arguments = ["publish", "--no-verify", "--with-errors", "--json", "--base-url", &url];
        place.done(&["build", "--base-url", &url]);
        let mut child = place.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(took.mul_f64((dice >> 33) as f64 / (1u64 << 31) as f64));
        child.kill().unwrap();
        cut += usize::from(!child.wait().unwrap().success());
        let (built, there) = (place.built(), place.published());
        let missing: usize =
            built.iter().filter(|(path, bytes)| there.get(*path) != Some(bytes)).map(|(_, bytes)| bytes.len()).sum();
        let began = Instant::now();
        let said: serde_json::Value = serde_json::from_str(&place.done(&arguments)).unwrap();
        // Not the slowest: one slow run would let too many of the later ones come to their end.
        took = (took + began.elapsed()) / 2;
        let again = said["sent"]["bytes"].as_u64().unwrap_or(0) as usize;
        assert!(again <= missing + 4 * largest, "round {round}: {again} bytes again, {missing} were missing");
        assert_eq!(place.published(), built, "round {round}");
    }
}
