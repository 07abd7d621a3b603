//! `cargo bench --bench check -- [SIZES]`: what the rules of `gongkai check` cost, beside reading and parsing alone.
//!
//! For each size (1,000 reports where none is given) made-up reports are checked with all rules, with all but the search
//! for near copies, and with every rule switched off in site.yaml, in turn. What remains then is reading the reports and
//! their front matter, parsing them, and looking at their links: the floor of any check, as whose multiple (×) the others
//! are given.
#![allow(clippy::disallowed_methods, reason = "a benchmark works on the real disk")]

#[allow(dead_code, reason = "another benchmark lays reports out for other generators too")]
mod corpus;
#[allow(dead_code, reason = "another benchmark shows the time on the clock too")]
mod measure;

use std::path::Path;
use std::{env, fs, io};

use corpus::Layout;
use measure::Cost;

const ROUNDS: usize = 5;

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().map(String::as_str) == Some(measure::AS_PARENT) {
        return measure::as_parent(&arguments[1..]);
    }
    let sizes: Vec<usize> = arguments.iter().filter_map(|size| size.replace([',', '_'], "").parse().ok()).collect();
    println!(
        "| reports | parsing alone, CPU s | all rules but near copies, CPU s | × | all rules, CPU s | × | near copies alone, CPU s | peak MiB |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for size in if sizes.is_empty() { vec![1_000] } else { sizes } {
        println!("{}", row(size)?);
    }
    Ok(())
}

fn row(size: usize) -> io::Result<String> {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    let work = tempfile::Builder::new().prefix("gongkai-check-").tempdir_in(parent)?;
    let site = work.path().join("site");
    corpus::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers/gongkai"), &site)?;
    corpus::write(size, &[(Layout::Gongkai, site.clone())])?;
    let settings = site.join("site.yaml");
    let as_usual = fs::read_to_string(&settings)?;
    let off: String = gongkai::check::RULES.iter().map(|rule| format!("  {}: off\n", rule.code.0)).collect();

    let command: Vec<String> =
        [env!("CARGO_BIN_EXE_gongkai"), "check", "--site", ".", "--format", "json"].map(str::to_owned).into();
    let (mut alone, mut without, mut with): (Vec<Cost>, Vec<Cost>, Vec<Cost>) = Default::default();
    for _ in 0..ROUNDS {
        fs::write(&settings, format!("{as_usual}\nrules:\n{off}"))?;
        alone.push(measure::run(&site, &command)?);
        fs::write(&settings, format!("{as_usual}\nrules:\n  GK-K001: off\n"))?;
        without.push(measure::run(&site, &command)?);
        fs::write(&settings, &as_usual)?;
        with.push(measure::run(&site, &command)?);
    }
    let [alone, without, with_all] = [&alone, &without, &with].map(|costs| median(costs, |cost| cost.cpu));
    let peak = median(&with, |cost| cost.peak);
    let (rules, times, copies) = (without / alone, with_all / alone, with_all - without);
    Ok(format!(
        "| {size} | {alone:.2} | {without:.2} | {rules:.2} | {with_all:.2} | {times:.2} | {copies:.2} | {peak:.0} |"
    ))
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
