//! What this machine remembers of a run that did not come to its end: who it was, which generation it made, and which
//! files of it are done. One file a target, in the site's `.gongkai/publish/`; empty after a run that did.
//!
//! The file is locked while a run goes on, and the system unlocks it however the run ends. So whoever gets the lock
//! and finds a run in it knows that this run is dead, and goes on in its name.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use super::manifest::Entry;
use crate::error::{Error, Operation, Result};
use crate::source::{LockedFile, RealDisk};

/// The journal of one target, held by this run.
pub struct Journal {
    file: Mutex<LockedFile>,
    /// What it held when it was opened.
    pub prior: Option<Prior>,
}

/// A run that did not come to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prior {
    /// Its name.
    pub run: String,
    /// The newest generation that it began.
    pub generation: u64,
    /// How often it was begun.
    pub attempts: usize,
    /// The files that it put: generation, hash, headers.
    pub done: BTreeMap<String, Done>,
}

/// A file that was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// In which generation.
    pub generation: u64,
    /// Its bytes.
    pub hash: String,
    /// Its headers.
    pub headers: String,
}

impl Done {
    /// Whether this is what a manifest names.
    pub fn is(&self, entry: &Entry) -> bool {
        self.hash == entry.hash && self.headers == entry.headers
    }
}

impl Journal {
    /// Opens the journal; `None` where another run on this machine has it.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        let Some(mut file) = RealDisk.lock(path)? else { return Ok(None) };
        let lines = file.lines().map_err(|cause| Error::new(Operation::Read, path, cause))?;
        Ok(Some(Self { file: Mutex::new(file), prior: read(&lines) }))
    }

    /// Forgets a run whose generation stands by now.
    pub fn forget(&mut self) {
        self.prior = None;
    }

    /// A run begins a generation. What is known of earlier ones stays.
    pub fn begin(&self, run: &str, generation: u64) -> io::Result<()> {
        let mut file = self.lock();
        if self.prior.is_none() {
            file.clear()?;
        }
        file.append(&format!("run\t{generation}\t{run}\n"))
    }

    /// A file is where it should be.
    pub fn put(&self, generation: u64, path: &str, hash: &str, headers: &str) -> io::Result<()> {
        let mut line = String::with_capacity(path.len() + 64);
        writeln!(line, "put\t{generation}\t{path}\t{hash}\t{headers}").expect("a string takes all");
        self.lock().append(&line)
    }

    /// The run has come to its end.
    pub fn end(&self) -> io::Result<()> {
        self.lock().clear()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LockedFile> {
        self.file.lock().expect("no thread panics while it writes a line")
    }
}

fn read(lines: &str) -> Option<Prior> {
    let mut prior: Option<Prior> = None;
    for line in lines.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["run", generation, run] => {
                let generation = generation.parse().ok()?;
                let (done, attempts) = prior.map(|prior| (prior.done, prior.attempts)).unwrap_or_default();
                prior = Some(Prior { run: run.to_owned(), generation, attempts: attempts + 1, done });
            }
            ["put", generation, path, hash, headers] => {
                let (hash, headers) = (hash.to_owned(), headers.to_owned());
                let done = Done { generation: generation.parse().ok()?, hash, headers };
                prior.as_mut()?.done.insert(path.to_owned(), done);
            }
            _ => return None,
        }
    }
    prior
}
