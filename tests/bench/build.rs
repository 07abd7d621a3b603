//! `cargo bench --bench build -- [SIZES]`: what a build costs, beside the floor and the other generators here.
//!
//! For each size (1,000 reports where none is given) one made-up set of reports is laid out for every generator
//! and built in turn, so that a busy moment of the machine meets them all alike; medians are shown. Hugo, Zola and
//! Blades take part where they are on the PATH, or where HUGO, ZOLA or BLADES name them. The reports and what is
//! built lie in memory (/dev/shm) where the system has that.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock and works on the real disk")]

mod corpus;
mod floor;
mod measure;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use corpus::Layout;
use measure::Cost;

const AS_FLOOR: &str = "--floor";

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(measure::AS_PARENT) => measure::as_parent(&arguments[1..]),
        Some(AS_FLOOR) => floor::write(Path::new(&arguments[1]), Path::new(&arguments[2])),
        _ => compare(&arguments),
    }
}

fn compare(arguments: &[String]) -> io::Result<()> {
    let sizes: Result<Vec<usize>, _> = arguments.iter().map(|size| size.replace([',', '_'], "").parse()).collect();
    let Ok(mut sizes) = sizes else {
        eprintln!("usage: cargo bench --bench build -- [SIZES]   (numbers of reports, such as 1000 10000)");
        std::process::exit(2);
    };
    if sizes.is_empty() {
        sizes.push(1_000);
    }
    for size in sizes {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
        let work = tempfile::Builder::new().prefix("gongkai-bench-").tempdir_in(parent)?;
        let contenders = contest(work.path(), size)?;
        print!("{}", table(size, &contenders));
    }
    Ok(())
}

/// What one contender does before each run that is not measured.
enum Before {
    /// Starts from nothing: what was built or remembered is taken away.
    Clear(Vec<PathBuf>),
    /// Starts from the last run's output.
    Keep,
    /// The same, with a sentence added to one report.
    Change(PathBuf, String),
}

/// One row of the table.
struct Contender {
    name: &'static str,
    folder: PathBuf,
    command: Vec<String>,
    out: PathBuf,
    before: Before,
    costs: Vec<Cost>,
    files: usize,
    bytes: u64,
}

impl Contender {
    fn new(name: &'static str, folder: &Path, command: &[&str], out: &Path, before: Before) -> Self {
        let command = command.iter().map(|&word| word.to_owned()).collect();
        let (folder, out) = (folder.to_owned(), out.to_owned());
        Self { name, folder, command, out, before, costs: Vec::new(), files: 0, bytes: 0 }
    }

    fn run(&mut self, round: usize) -> io::Result<()> {
        match &self.before {
            Before::Clear(folders) => {
                folders.iter().filter(|folder| folder.exists()).try_for_each(fs::remove_dir_all)?;
            }
            Before::Keep => {}
            Before::Change(report, text) => fs::write(report, format!("{text}\n\n第{round}次修改。\n"))?,
        }
        self.costs.push(measure::run(&self.folder, &self.command)?);
        if self.files == 0 {
            (self.files, self.bytes) = floor::count(&self.out)?;
        }
        Ok(())
    }

    fn median(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        let mut values: Vec<f64> = self.costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }
}

/// Lays the reports out and lets everyone build them in turn.
fn contest(work: &Path, size: usize) -> io::Result<Vec<Contender>> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers");
    let generators: Vec<(Layout, &str, String)> = [
        (Layout::Gongkai, "gongkai", Some(env!("CARGO_BIN_EXE_gongkai").to_owned())),
        (Layout::Hugo, "hugo", program("hugo")),
        (Layout::Zola, "zola", program("zola")),
        (Layout::Blades, "blades", program("blades")),
    ]
    .into_iter()
    .filter_map(|(layout, name, program)| program.map(|program| (layout, name, program)))
    .collect();
    eprintln!("{size}: writing the reports …");
    for (_, name, _) in &generators {
        corpus::copy(&peers.join(name), &work.join(name))?;
    }
    let roots: Vec<_> = generators.iter().map(|(layout, name, _)| (*layout, work.join(name))).collect();
    let changing = corpus::write(size, &roots)?;

    let mut contenders: Vec<Contender> = Vec::new();
    for (layout, name, program) in &generators {
        contenders.extend(entries(*layout, program, work, &work.join(name), &changing)?);
    }
    // The floor writes what gongkai wrote, so that gongkai is built once before the first round.
    eprintln!("{size}: a first build, for the floor …");
    contenders[0].run(0)?;
    contenders[0].costs.clear();
    let (packed, out) = (work.join("floor.pack"), work.join("out-floor"));
    floor::pack(&contenders[0].out, &packed)?;
    let this = env::current_exe()?;
    let command = [utf8(&this), AS_FLOOR, utf8(&packed), utf8(&out)];
    contenders.insert(0, Contender::new("floor", work, &command, &out, Before::Clear(vec![out.clone()])));

    let rounds = if size < 100_000 { 5 } else { 3 };
    for round in 1..=rounds {
        for contender in &mut contenders {
            eprintln!("{size}: round {round} of {rounds}: {}", contender.name);
            contender.run(round)?;
        }
    }
    Ok(contenders)
}

/// The rows of one generator; `site` is where its reports lie.
fn entries(layout: Layout, program: &str, work: &Path, site: &Path, changing: &Path) -> io::Result<Vec<Contender>> {
    let out = match layout {
        Layout::Blades => site.join("public"),
        _ => work.join(format!("out-{layout:?}")),
    };
    let (from, to) = (utf8(site), utf8(&out));
    let clear = || Before::Clear(vec![out.clone()]);
    let entry = |name, command: &[&str], before| Contender::new(name, site, command, &out, before);
    Ok(match layout {
        Layout::Gongkai => {
            let command = [program, "build", "--site", from, "--out", to];
            let cold = Before::Clear(vec![out.clone(), site.join(".gongkai")]);
            let changed = Before::Change(changing.to_owned(), fs::read_to_string(changing)?);
            vec![
                entry("gongkai", &command, cold),
                entry("gongkai, nothing changed", &command, Before::Keep),
                entry("gongkai, one report changed", &command, changed),
            ]
        }
        Layout::Hugo => {
            vec![entry("Hugo", &[program, "--source", from, "--destination", to, "--quiet"], clear())]
        }
        Layout::Zola => vec![entry("Zola", &[program, "--root", from, "build", "--output-dir", to], clear())],
        Layout::Blades => vec![entry("Blades", &[program, "all"], clear())],
    })
}

/// The table for one size, in Markdown.
fn table(size: usize, contenders: &[Contender]) -> String {
    let (floor, gongkai) = (contenders[0].median(|cost| cost.cpu), contenders[1].median(|cost| cost.cpu));
    let memory = contenders[1].median(|cost| cost.peak);
    let mut lines = vec![
        format!("\n| {size} reports | CPU s | × floor | × gongkai | wall s | peak MiB | × gongkai | files | MB |"),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for contender in contenders {
        let (cpu, wall) = (contender.median(|cost| cost.cpu), contender.median(|cost| cost.wall));
        let peak = contender.median(|cost| cost.peak);
        lines.push(format!(
            "| {} | {cpu:.3} | {:.1} | {:.2} | {wall:.3} | {peak:.0} | {:.2} | {} | {:.1} |",
            contender.name,
            cpu / floor,
            cpu / gongkai,
            peak / memory,
            contender.files,
            contender.bytes as f64 / 1e6,
        ));
    }
    lines.join("\n") + "\n"
}

/// Where a generator is, if it is here: named by a variable, or on the PATH.
fn program(name: &str) -> Option<String> {
    let named = env::var(name.to_uppercase()).ok().filter(|path| !path.is_empty());
    let folders = env::var_os("PATH").unwrap_or_default();
    named.or_else(|| {
        env::split_paths(&folders)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
            .map(|path| utf8(&path).to_owned())
    })
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("the benchmark works in folders with plain names")
}
