//! `cargo bench --bench publish -- [REPORTS [ROUNDS]]`: what a publish costs beside rsync and rclone, to a folder and over SFTP.
//!
//! Made-up reports (6,000 where nothing is given: some 10,000 files) are built once and checked once. Then each program
//! brings the same files to a folder of its own: first an empty one, then with nothing changed. The server is OpenSSH on
//! loopback. rsync and rclone take part where they are on the `PATH`.
#![allow(clippy::disallowed_methods, reason = "a benchmark works on the real disk")]

#[allow(dead_code, reason = "another benchmark lays reports out for other generators too")]
mod corpus;
#[allow(dead_code, reason = "another benchmark shows other costs")]
mod measure;
#[allow(dead_code, reason = "the tests start other servers too")]
#[path = "../peers/publish/servers.rs"]
mod servers;

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use corpus::Layout;
use measure::Cost;

const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().map(String::as_str) == Some(measure::AS_PARENT) {
        return measure::as_parent(&arguments[1..]);
    }
    let number = |place: usize| arguments.get(place).and_then(|size| size.replace([',', '_'], "").parse().ok());
    let (reports, rounds) = (number(0).unwrap_or(6_000), number(1).unwrap_or(ROUNDS));
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    let work = tempfile::Builder::new().prefix("gongkai-publish-").tempdir_in(&parent)?;
    let site = work.path().join("site");
    corpus::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers/gongkai"), &site)?;
    corpus::write(reports, &[(Layout::Gongkai, site.clone())])?;
    let server = servers::openssh();
    let settings = fs::read_to_string(site.join("site.yaml"))?;
    let at = |path: &Path| path.display().to_string();
    let key = at(server.key.as_deref().unwrap_or(Path::new("")));
    let print = server.fingerprint.clone().unwrap_or_default();
    let targets = format!(
        "\npublish:\n  - {{ name: folder, to: ../gongkai }}\n  - {{ name: sftp, to: \"{}/gongkai\", fingerprint: \"{print}\", \
         key: \"{key}\" }}\n",
        server.url
    );
    fs::write(site.join("site.yaml"), settings + &targets)?;
    let words = |line: &str| -> Vec<String> { line.split(' ').map(str::to_owned).collect() };
    let gongkai = |target: &str| {
        let arguments = ["publish", target, "--site", ".", "--yes", "--with-errors", "--no-verify"].map(str::to_owned);
        [vec![env!("CARGO_BIN_EXE_gongkai").to_owned()], arguments.to_vec()].concat()
    };
    measure::run(&site, &words(&format!("{} build --site .", env!("CARGO_BIN_EXE_gongkai"))))?;

    let (user, port) = user_and_port(&server.url);
    let remote = at(&server.root());
    let ssh = format!("ssh -p {port} -i {key} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -q");
    let rclone = |to: &str| words(&format!("rclone sync public {to}"));
    // Without the last setting rclone starts a program on the server for each file, to have its hash, and takes minutes.
    let sftp = format!(":sftp,host=127.0.0.1,port={port},user={user},key_file={key},shell_type=none:{remote}/rclone");
    let rsync = |to: &str| words(&format!("rsync -a --delete public/ {to}"));
    let over_ssh =
        [words("rsync -a --delete -e"), vec![ssh], words(&format!("public/ {user}@127.0.0.1:{remote}/rsync/"))];
    let runs = [
        ("gongkai, folder", gongkai("folder"), work.path().join("gongkai")),
        ("rsync, folder", rsync("../rsync/"), work.path().join("rsync")),
        ("rclone, folder", rclone("../rclone"), work.path().join("rclone")),
        ("gongkai, SFTP", gongkai("sftp"), server.root().join("gongkai")),
        ("rsync, SSH", over_ssh.concat(), server.root().join("rsync")),
        ("rclone, SFTP", rclone(&sftp), server.root().join("rclone")),
    ];
    println!(
        "| {} files, {} MiB | first, s | CPU s | unchanged, s | CPU s |",
        count(&site.join("public"))?.0,
        count(&site.join("public"))?.1 >> 20
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    let mut costs: Vec<Vec<(Cost, Cost)>> = vec![Vec::new(); runs.len()];
    let there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    for _ in 0..rounds {
        for ((name, command, into), costs) in runs.iter().zip(&mut costs) {
            if !name.starts_with("gongkai") && !there(&command[0]) {
                continue;
            }
            let _ = fs::remove_dir_all(into);
            // Hashes of the last round would spare this one its reading.
            let _ = fs::remove_file(site.join(".gongkai/publish/hashes.tsv"));
            let first = measure::run(&site, command)?;
            let again = measure::run(&site, command)?;
            costs.push((first, again));
        }
    }
    for ((name, ..), costs) in runs.iter().zip(&costs).filter(|(_, costs)| !costs.is_empty()) {
        let median = |of: &dyn Fn(&(Cost, Cost)) -> f64| {
            let mut values: Vec<f64> = costs.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let (first, first_cpu) = (median(&|cost| cost.0.wall), median(&|cost| cost.0.cpu));
        let (again, again_cpu) = (median(&|cost| cost.1.wall), median(&|cost| cost.1.cpu));
        println!("| {name} | {first:.2} | {first_cpu:.2} | {again:.3} | {again_cpu:.3} |");
    }
    Ok(())
}

fn user_and_port(url: &str) -> (String, String) {
    let rest = url.trim_start_matches("sftp://");
    let (user, rest) = rest.split_once('@').unwrap_or(("", rest));
    let port = rest.split_once(':').and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    (user.to_owned(), port.to_owned())
}

/// Files below a folder, and their bytes.
fn count(folder: &Path) -> io::Result<(usize, u64)> {
    let mut counted = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let inner = count(&entry.path())?;
            counted = (counted.0 + inner.0, counted.1 + inner.1);
        } else {
            counted = (counted.0 + 1, counted.1 + entry.metadata()?.len());
        }
    }
    Ok(counted)
}
