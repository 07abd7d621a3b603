//! Carries a plan out: stage after stage, each on several threads, and none after a fault.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::journal::Journal;
use super::local::Origin;
use super::manifest::hash;
use super::order::Stage;
use super::packing::source_of;
use super::plan::{Locking, Options, Plan, Summary, scratch};
use super::remote::{Holder, LEASE, of_generation, read_holder};
use super::request::{Group, PutRequest, Request};
use super::stop::Stop;
use super::target::{Answer, Claim, Deed, Fault, Put, Reason, Target};
use crate::diagnostic::cause;
use crate::source::Disk;
use crate::text;

/// Is told how far a run has come.
pub trait Watcher: Sync {
    /// So much will be put.
    fn begin(&self, summary: &Summary);
    /// A stage begins.
    fn stage(&self, stage: Stage);
    /// A file was put.
    fn put(&self, bytes: u64);
}

/// What a run works with.
pub struct Job<'a> {
    /// Where to.
    pub target: &'a dyn Target,
    /// Where the built site is read.
    pub disk: &'a dyn Disk,
    /// Its folder.
    pub folder: &'a Path,
    /// The file that remembers what is done.
    pub journal: &'a Path,
    /// Who publishes.
    pub options: &'a Options,
    /// How long old listings may be in readers' hands before what they name is removed.
    pub grace: Duration,
    /// How long to wait before each new try of a request that was lost on the way.
    pub patience: &'a [Duration],
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Files of the site that were put.
    pub files: usize,
    /// Their bytes as they were sent.
    pub bytes: u64,
}

/// Carries a plan out.
pub(super) fn run(
    job: &Job<'_>,
    (plan, options): (&Plan, &Options),
    journal: &Journal,
    watcher: &dyn Watcher,
) -> Result<Report, Stop> {
    let run = Run { job, plan, options, journal, watcher, files: AtomicUsize::new(0), bytes: AtomicUsize::new(0) };
    // The journal only spares sending files again: a disk that takes none does not stop a run.
    let _ = journal.begin(&options.run, plan.generation);
    watcher.begin(&plan.summary);
    let (done, alive) = channel::<()>();
    let ending = std::thread::scope(|scope| {
        let held = Arc::new(AtomicBool::new(false));
        let holding = held.clone();
        scope.spawn(|| run.give_signs(alive, holding));
        let ending = run.all(&held);
        drop(done);
        ending
    });
    match ending {
        Ok(()) => {
            let _ = journal.end();
            Ok(Report { files: run.files.into_inner(), bytes: run.bytes.into_inner() as u64 })
        }
        Err(stop) => {
            run.give_up(&stop);
            Err(stop)
        }
    }
}

struct Run<'a> {
    job: &'a Job<'a>,
    plan: &'a Plan,
    options: &'a Options,
    journal: &'a Journal,
    watcher: &'a dyn Watcher,
    files: AtomicUsize,
    bytes: AtomicUsize,
}

impl Run<'_> {
    fn all(&self, held: &AtomicBool) -> Result<(), Stop> {
        let mut stage = None;
        let mut claims = 0;
        held.store(self.plan.resumes, Ordering::Relaxed);
        for group in &self.plan.groups {
            if stage != Some(group.stage) {
                stage = Some(group.stage);
                if group.stage == Stage::Remove {
                    std::thread::sleep(self.job.grace);
                }
                self.watcher.stage(group.stage);
            }
            match group.units[0][0] {
                Request::Claim(generation) => {
                    claims += 1;
                    self.claim(generation, claims)?;
                    held.store(true, Ordering::Relaxed);
                }
                Request::Watch(generation) => {
                    if read_holder(self.job.target, generation)?.is_some() {
                        return Err(Stop::TakenOver);
                    }
                }
                _ => self.group(group)?,
            }
        }
        Ok(())
    }

    /// Takes the generation. Of two claims by one run the first must be granted and the second refused: a server that
    /// grants both would grant them to two publishers.
    fn claim(&self, generation: u64, number: usize) -> Result<(), Stop> {
        let target = self.job.target;
        if !target.abilities().claims && self.options.locking == Locking::Proven {
            return Err(Stop::NoClaims);
        }
        let folder = super::remote::folder_of(generation);
        let claim = target.claim(&folder, self.options.holder().text().as_bytes())?;
        match (claim, number) {
            (Claim::Made, 1) | (Claim::Taken, 2..) => Ok(()),
            (Claim::Taken, _) => Err(Stop::Contended(generation)),
            (Claim::Made, _) => {
                let _ = target.remove(&of_generation(generation, "holder.json"));
                Err(Stop::NoClaims)
            }
        }
    }

    /// Does the units of a group on as many threads as the target likes. The first fault lets no further unit begin;
    /// only files of others are looked for to the end, so that all are named in one run.
    fn group(&self, group: &Group) -> Result<(), Stop> {
        let next = AtomicUsize::new(0);
        let stopped = AtomicBool::new(false);
        let faults = Mutex::new(Vec::new());
        let threads = self.job.target.abilities().at_once.clamp(1, group.units.len().max(1));
        let work = |worker: usize| {
            while !stopped.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(unit) = group.units.get(number) else { break };
                if let Err(fault) = unit.iter().try_for_each(|request| self.request(request, worker)) {
                    if fault.reason != Reason::Foreign {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    faults.lock().expect("no thread panics").push(fault);
                }
            }
        };
        if threads == 1 {
            work(0);
        } else {
            std::thread::scope(|scope| {
                for worker in 0..threads {
                    let work = &work;
                    scope.spawn(move || work(worker));
                }
            });
        }
        let mut faults = faults.into_inner().expect("no thread panics");
        faults.sort_by(|a, b| a.path.cmp(&b.path));
        if faults.is_empty() { Ok(()) } else { Err(Stop::Faults(faults)) }
    }

    fn request(&self, request: &Request, worker: usize) -> Answer<()> {
        let target = self.job.target;
        match request {
            Request::Claim(_) | Request::Watch(_) => Ok(()),
            Request::MakeFolder(folder) => self.patiently(|| target.make_folder(folder)),
            Request::Keep(from, to) => self.patiently(|| target.keep(from, to)),
            Request::Put(put) => self.put(put, worker),
            Request::Remove(path) => self.patiently(|| target.remove(path)),
            Request::RemoveFolder(folder) => self.patiently(|| target.remove_folder(folder)),
        }
    }

    fn put(&self, request: &PutRequest, worker: usize) -> Answer<()> {
        let bytes = self.bytes_of(request)?;
        let headers = request.entry.as_ref().map(|entry| entry.headers.as_str()).unwrap_or_default();
        let scratch = scratch(self.plan.generation, self.plan.attempt, worker);
        let put = |over| Put { path: &request.path, bytes: &bytes, headers, over, scratch: &scratch };
        let mut over = request.over;
        self.patiently(|| {
            let answer = self.job.target.put(&put(over));
            if let Err(fault) = &answer
                && fault.reason == Reason::Lost
            {
                // It may have arrived all the same, and then it is ours.
                over = super::target::Over::Ours;
            }
            answer
        })?;
        if let Some(entry) = &request.entry {
            let _ = self.journal.put(self.plan.generation, &request.path, &entry.hash, &entry.headers);
            self.files.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
            self.watcher.put(entry.size);
        }
        Ok(())
    }

    /// The bytes of a file, which must be those that the manifest names.
    fn bytes_of(&self, request: &PutRequest) -> Answer<Vec<u8>> {
        let read = |address: &str| {
            let bytes = self.job.disk.read(&self.job.folder.join(address));
            bytes.map_err(|error| Fault::new(Deed::Read, address, Reason::Other, cause::of_system(error.cause())))
        };
        let is = |bytes: &[u8]| request.entry.as_ref().is_none_or(|entry| hash(bytes) == entry.hash);
        let bytes = match &request.origin {
            Origin::Text(text) => return Ok(text.clone().into_bytes()),
            Origin::Packed(address, packing) => return Ok(packing.pack(&read(address)?)),
            Origin::Built(address) => read(address)?,
            Origin::Kept(generation, hash) => {
                let path = of_generation(*generation, &format!("old/{hash}"));
                let kept = self.patiently(|| self.job.target.read(&path))?;
                let gone = || Fault::new(Deed::Read, &path, Reason::Other, text!("它不见了", "it is gone"));
                let bytes = kept.ok_or_else(gone)?;
                // A sibling is named by what it was made from.
                if source_of(&request.path).is_some() {
                    return Ok(bytes);
                }
                bytes
            }
        };
        if is(&bytes) {
            return Ok(bytes);
        }
        let cause = text!("文件在发布时被改动", "the file was changed meanwhile");
        Err(Fault::new(Deed::Read, &request.path, Reason::Other, cause))
    }

    /// Tries a request again that was lost on the way.
    fn patiently<T>(&self, mut ask: impl FnMut() -> Answer<T>) -> Answer<T> {
        for wait in self.job.patience {
            match ask() {
                Err(fault) if fault.reason == Reason::Lost => std::thread::sleep(*wait),
                answer => return answer,
            }
        }
        ask()
    }

    /// Shows again and again that somebody is at it, until the run has ended.
    fn give_signs(&self, alive: std::sync::mpsc::Receiver<()>, held: Arc<AtomicBool>) {
        while alive.recv_timeout(LEASE / 4) == Err(RecvTimeoutError::Timeout) {
            if held.load(Ordering::Relaxed) {
                let _ = self.put_holder(&self.options.holder());
            }
        }
    }

    /// Lets others begin at once. Where even that cannot be said, they wait until no sign has come for a while.
    fn give_up(&self, stop: &Stop) {
        if matches!(stop, Stop::Faults(_) | Stop::Machine(_)) {
            let generation = self.plan.generation;
            let is_ours = |holder: &Holder| holder.run == self.options.run;
            if read_holder(self.job.target, generation).is_ok_and(|holder| holder.as_ref().is_some_and(is_ours)) {
                let _ = self.put_holder(&Holder { given_up: true, ..self.options.holder() });
            }
        }
    }

    fn put_holder(&self, holder: &Holder) -> Answer<()> {
        let path = of_generation(self.plan.generation, "holder.json");
        let scratch = scratch(self.plan.generation, self.plan.attempt, usize::MAX);
        let text = holder.text();
        let over = super::target::Over::Ours;
        self.job.target.put(&Put { path: &path, bytes: text.as_bytes(), headers: "", over, scratch: &scratch })
    }
}
