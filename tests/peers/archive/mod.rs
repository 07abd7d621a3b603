//! The archive in the hands of others: validators of packages, `strace` for what a build opens, OpenSSL as a time-stamp
//! authority.

#[cfg(target_os = "linux")]
mod opens;
mod packages;
mod stamps;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A program of the environment that `tests/run` sets up.
fn python(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/venv/bin").join(name)
}

fn run(program: &Path, arguments: &[&str], folder: &Path) -> Output {
    let output = Command::new(program).args(arguments).current_dir(folder).env("LANG", "zh_CN.UTF-8").output();
    output.unwrap_or_else(|error| panic!("tests/run installs what is needed: {}: {error}", program.display()))
}

fn gongkai(arguments: &[&str], folder: &Path) -> Output {
    run(Path::new(env!("CARGO_BIN_EXE_gongkai")), arguments, folder)
}

fn must(output: &Output) -> String {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
    said(&output.stdout)
}

/// The example site with its year 2023 sealed, in the folder `site`.
fn sealed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    for name in ["site.yaml", "content"] {
        must(&run(Path::new("cp"), &["-r", example.join(name).to_str().unwrap(), "."], &site));
    }
    must(&gongkai(&["archive", "seal", "2023", "--site", "site"], folder.path()));
    folder
}
