//! Packages of a sealed year in the hands of others: the validators of WACZ, WARC and BagIt, and `sha256sum`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A program of the environment that `tests/run` sets up.
fn python(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/venv/bin").join(name)
}

fn run(program: &Path, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().expect("tests/run installs what is needed")
}

fn must(output: &Output) {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
}

/// The sealed and exported year 2023 of the example site.
fn exported() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let gongkai = Path::new(env!("CARGO_BIN_EXE_gongkai"));
    let example = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    for name in ["site.yaml", "content"] {
        must(&run(Path::new("cp"), &["-r", example.join(name).to_str().unwrap(), "."], &site));
    }
    must(&run(gongkai, &["archive", "seal", "2023", "--site", "site"], folder.path()));
    let base = "https://www.example.gov.cn/xxgk/";
    let to = ["archive", "export", "2023", "--site", "site", "--to", "out", "--base-url", base];
    must(&run(gongkai, &to, folder.path()));
    folder
}

#[test]
fn validators_of_others_take_the_packages() {
    let folder = exported();
    let out = folder.path().join("out");
    must(&run(&python("wacz"), &["validate", "-f", "2023-v1.wacz"], &out));
    must(&run(&python("python"), &["-m", "zipfile", "-e", "2023-v1.wacz", "unpacked"], &out));
    must(&run(&python("warcio"), &["check", "unpacked/archive/data.warc.gz"], &out));
    must(&run(&python("python"), &["-m", "bagit", "--validate", "2023-v1-bag"], &out));
    must(&run(&python("python"), &["-m", "zipfile", "-e", "2023-v1.zip", "plain"], &out));
    for root in [out.join("plain"), out.join("2023-v1-bag/data"), folder.path().join("site/public")] {
        must(&run(Path::new("sha256sum"), &["--check", "--quiet", "years/2023/manifest-sha256.txt"], &root));
    }
}
