//! `cargo bench --bench archive -- [REPORTS]`: what sealed years cost a build, and how quickly they are proven.
//!
//! Builds: a site with the given number of open reports (2,000 where none is given) and one small sealed year, beside the
//! same with one large and with thirty small ones, which have as many reports; one open report is another in each
//! round. Proofs: as many reports with an attachment of 100 KB each,
//! every year sealed; `gongkai archive verify` beside `sha256sum` over the same folder on the same cores, in turn.
#![allow(clippy::disallowed_methods, reason = "a benchmark works on the real disk")]

#[allow(dead_code, reason = "another benchmark lays reports out for other generators too")]
mod corpus;
mod measure;

use std::path::{Path, PathBuf};
use std::{env, fs, io, thread};

use corpus::Layout;
use measure::Cost;

const ROUNDS: usize = 7;
/// Sealed years of each site, all before the first of the made-up reports, and how many reports each has.
const SEALED: [(std::ops::Range<i16>, usize); 3] = [(1999..2000, 10), (1999..2000, 300), (1970..2000, 10)];
const ATTACHMENT: usize = 100_000;

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().map(String::as_str) == Some(measure::AS_PARENT) {
        return measure::as_parent(&arguments[1..]);
    }
    let size = arguments.iter().find_map(|size| size.replace([',', '_'], "").parse().ok()).unwrap_or(2_000);
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    let work = tempfile::Builder::new().prefix("gongkai-archive-").tempdir_in(parent)?;
    builds(size, work.path())?;
    proofs(size, work.path())
}

fn builds(size: usize, work: &Path) -> io::Result<()> {
    let mut sites = Vec::new();
    for (number, (years, reports)) in SEALED.into_iter().enumerate() {
        let site = work.join(format!("site-{number}"));
        let opened = new_site(&site, size)?;
        for year in years.clone() {
            for number in 0..reports {
                let path = site.join(format!("content/云溪镇/{year}/n{number}.md"));
                fs::create_dir_all(path.parent().expect("a report lies in a folder"))?;
                let date = year + 1;
                let head = format!("---\ntitle: 云溪镇{year}年第{number}号工作报告\ntown: 云溪镇\nyear: {year}\n");
                fs::write(path, format!("{head}date: {date}-01-10\nslug: n{number}\n---\n\n全年工作情况如下。\n"))?;
            }
        }
        for year in years {
            measure::run(&site, &gongkai(&["archive", "seal", &year.to_string(), "--site", "."]))?;
        }
        sites.push((site, opened));
    }
    let mut costs: [Vec<Cost>; SEALED.len()] = Default::default();
    for round in 0..ROUNDS {
        for ((site, opened), costs) in sites.iter().zip(&mut costs) {
            let text = fs::read_to_string(opened)?;
            fs::write(opened, format!("{text}\n第{round}次补记。\n"))?;
            costs.push(measure::run(site, &gongkai(&["build", "--site", "."]))?);
        }
    }
    let cpu = costs.map(|costs| median(&costs, |cost| cost.cpu));
    println!("| {size} open reports and | CPU s | × |\n| --- | ---: | ---: |");
    for ((years, reports), cpu_of_it) in SEALED.iter().zip(cpu) {
        let (years, times) = (years.len(), cpu_of_it / cpu[0]);
        println!("| {years} sealed years of {reports} reports | {cpu_of_it:.3} | {times:.2} |");
    }
    println!();
    sites.into_iter().try_for_each(|(site, _)| fs::remove_dir_all(site))
}

fn proofs(size: usize, work: &Path) -> io::Result<()> {
    let site = work.join("proofs");
    new_site(&site, size)?;
    attach(&site.join("content"))?;
    for year in 2007..2025 {
        measure::run(&site, &gongkai(&["archive", "seal", &year.to_string(), "--site", "."]))?;
    }
    let folder = site.join("archive");
    let cores = thread::available_parallelism()?.get();
    let theirs = format!("find . -type f -print0 | xargs -0 -n 64 -P {cores} sha256sum");
    let theirs = ["sh", "-c", &theirs].map(str::to_owned);
    let ours = gongkai(&["archive", "verify", "--site", ".."]);
    let mut costs: [Vec<Cost>; 2] = Default::default();
    for _ in 0..ROUNDS {
        costs[0].push(measure::run(&folder, &theirs)?);
        costs[1].push(measure::run(&folder, &ours)?);
    }
    let mib = weight(&folder)? as f64 / f64::from(1 << 20);
    println!(
        "| {mib:.0} MiB, {cores} cores | CPU s | s | MiB/s | × | peak MiB |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    );
    let theirs = median(&costs[0], |cost| cost.wall);
    for (name, costs) in ["sha256sum (SHA-256)", "gongkai archive verify (SHA-256, SM3)"].iter().zip(&costs) {
        let [cpu, wall, peak] =
            [|cost: &Cost| cost.cpu, |cost: &Cost| cost.wall, |cost: &Cost| cost.peak].map(|of| median(costs, of));
        println!("| {name} | {cpu:.2} | {wall:.2} | {:.0} | {:.2} | {peak:.0} |", mib / wall, theirs / wall);
    }
    Ok(())
}

/// A site of made-up reports; gives the path of one.
fn new_site(site: &Path, size: usize) -> io::Result<PathBuf> {
    corpus::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers/gongkai"), site)?;
    corpus::write(size, &[(Layout::Gongkai, site.to_owned())])
}

/// Gives every report below a folder an attachment that no two have alike.
fn attach(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            attach(&path)?;
            continue;
        }
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = fs::read_to_string(&path)?;
        fs::write(&path, text.replacen("\nslug:", &format!("\nattachments: [{name}.wps]\nslug:"), 1))?;
        let mut bytes = Vec::with_capacity(ATTACHMENT + 64);
        for number in 0u64.. {
            if bytes.len() >= ATTACHMENT {
                break;
            }
            bytes.extend_from_slice(blake3::hash(format!("{name} {number}").as_bytes()).as_bytes());
        }
        fs::write(path.with_extension("wps"), bytes)?;
    }
    Ok(())
}

fn weight(folder: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { weight(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}

fn gongkai(arguments: &[&str]) -> Vec<String> {
    [&[env!("CARGO_BIN_EXE_gongkai")], arguments].concat().into_iter().map(str::to_owned).collect()
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
