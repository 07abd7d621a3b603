//! Measures what a whole program costs: processor time, peak memory, and time on the clock.
//!
//! The system adds up the time of finished children, so that each measured program gets a small parent of its
//! own: this same program started once more, which runs the command and prints what the system says about it.

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The argument that makes this program a measuring parent: `--measure FOLDER PROGRAM ARGUMENTS…`.
pub const AS_PARENT: &str = "--measure";

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// User and system time of the program and its children, in seconds.
    pub cpu: f64,
    /// Time on the clock, in seconds.
    pub wall: f64,
    /// The largest memory that one of its processes held, in MiB.
    pub peak: f64,
}

/// Runs a command in a folder and measures it. A command that fails is an error with what it said.
pub fn run(folder: &Path, command: &[String]) -> io::Result<Cost> {
    let parent = Command::new(env::current_exe()?).arg(AS_PARENT).arg(folder).args(command).output()?;
    let report = String::from_utf8_lossy(&parent.stdout);
    let numbers: Vec<f64> = report.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match (parent.status.success(), numbers.as_slice()) {
        (true, &[cpu, wall, peak]) => Ok(Cost { cpu, wall, peak }),
        _ => Err(io::Error::other(format!("{command:?} failed: {}", String::from_utf8_lossy(&parent.stderr)))),
    }
}

/// What the measuring parent does; `arguments` are the folder and the command.
pub fn as_parent(arguments: &[String]) -> io::Result<()> {
    let [folder, program, arguments @ ..] = arguments else {
        return Err(io::Error::other("a folder and a command are needed"));
    };
    let start = Instant::now();
    let status = Command::new(program).args(arguments).current_dir(folder).stdout(Stdio::null()).status()?;
    let wall = start.elapsed();
    if !status.success() {
        return Err(io::Error::other(format!("{program} ended with {status}")));
    }
    let (cpu, peak) = children()?;
    println!("{cpu} {} {peak}", wall.as_secs_f64());
    Ok(())
}

/// Processor seconds of all finished children, and the peak memory of the largest in MiB.
#[cfg(unix)]
fn children() -> io::Result<(f64, f64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time() + usage.system_time();
    Ok((cpu.num_microseconds() as f64 / 1e6, usage.max_rss() as f64 / PEAK_UNITS_PER_MIB))
}

#[cfg(not(unix))]
fn children() -> io::Result<(f64, f64)> {
    Err(io::Error::other("only Unix systems tell what a finished program has cost"))
}

// Linux counts memory in KiB, macOS in bytes.
#[cfg(target_os = "macos")]
const PEAK_UNITS_PER_MIB: f64 = 1_048_576.0;
#[cfg(all(unix, not(target_os = "macos")))]
const PEAK_UNITS_PER_MIB: f64 = 1_024.0;
