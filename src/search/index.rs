//! Reports come in as their pages are made, in any order and on all cores; their text goes out at once, their
//! postings are gathered, and when the last has come the lists are written.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

use super::fold::{Canonical, Table};
use super::pack::Packer;
use super::phrases::Phrases;
use super::postings::{Batch, Run, Seen, UNIT_BITS};
use super::segment::Kept;
use super::segments::{Plan, Sealed, Segment};
use super::{FOLDER, root, segment, terms, text};
use crate::error::Result;
use crate::model::catalogue::ReportId;
use crate::source::Disk;

/// Takes one file: its address and its bytes.
pub type Put<'a> = &'a (dyn Fn(&str, &[u8]) -> Result<()> + Sync);

/// Units of one text file.
pub(super) const BLOCK: usize = 4;
/// Postings that one thread holds before it packs them, on a machine with few threads.
const BATCH: usize = 1 << 19;
/// Packed bytes that stay in memory; what is more waits on the disk.
const IN_MEMORY: usize = 48 << 20;

/// An index that is being made.
pub struct Indexer<'a> {
    disk: &'a dyn Disk,
    /// Where runs wait, and for nothing else.
    scratch: PathBuf,
    put: Put<'a>,
    kinds: Vec<String>,
    towns: Vec<String>,
    phrases: Phrases,
    segments: Vec<Gathering>,
    sealed: Vec<Sealed>,
    to_site: String,
    /// For each report of the catalogue, its segment and its number there.
    places: Vec<(u8, u32)>,
    workers: Mutex<Vec<Worker>>,
    batch: usize,
}

/// One segment while its reports come in.
pub(super) struct Gathering {
    pub(super) segment: Segment,
    /// Units of each report, without the title.
    pub(super) units: Vec<AtomicU16>,
    pub(super) runs: Mutex<Runs>,
}

/// Runs so far, and how many postings begin with each UTF-16 unit.
pub(super) struct Runs {
    pub(super) runs: Vec<Run>,
    pub(super) counts: Vec<u32>,
}

/// What one thread needs over and over.
#[derive(Default)]
struct Worker {
    canonical: Canonical,
    seen: Seen,
    packer: Packer,
    text: String,
    block: String,
    file: Vec<u8>,
    spare: Vec<u64>,
    batches: Vec<Batch>,
}

impl<'a> Indexer<'a> {
    /// Prepares an index; an empty plan makes none. `scratch` is the beginning of a path that only this index uses.
    pub fn new(disk: &'a dyn Disk, scratch: PathBuf, put: Put<'a>, plan: Plan) -> Self {
        let Plan { segments, sealed, kinds, towns, phrases, to_site } = plan;
        let reports = segments.iter().flat_map(|segment| &segment.entries).map(|entry| entry.id.0 + 1).max();
        let mut places = vec![(0, u32::MAX); reports.unwrap_or(0) as usize];
        for (number, segment) in segments.iter().enumerate() {
            for (at, entry) in segment.entries.iter().enumerate() {
                places[entry.id.0 as usize] = (number as u8, at as u32);
            }
        }
        let gathering = |segment: Segment| Gathering {
            units: segment.entries.iter().map(|_| AtomicU16::new(0)).collect(),
            segment,
            runs: Mutex::new(Runs { runs: Vec::new(), counts: vec![0; 1 << 16] }),
        };
        Self {
            disk,
            scratch,
            put,
            kinds,
            towns,
            phrases: Phrases::new(phrases),
            segments: segments.into_iter().map(gathering).collect(),
            sealed,
            to_site,
            places,
            workers: Mutex::default(),
            batch: (BATCH * 2 / rayon::current_num_threads().max(2)).max(1 << 17),
        }
    }

    /// Takes in the body of one report, as the HTML of its page. Each report comes once.
    pub fn add(&self, id: ReportId, html: &str) -> Result<()> {
        let Some(&(segment, report)) = self.places.get(id.0 as usize).filter(|place| place.1 != u32::MAX) else {
            return Ok(());
        };
        let mut worker = self.workers.lock().expect("no thread panics").pop().unwrap_or_default();
        worker.batches.resize_with(self.segments.len(), Batch::default);
        let gathering = &self.segments[usize::from(segment)];
        let entry = &gathering.segment.entries[report as usize];
        worker.text.clear();
        text::plain(html, &mut worker.text);
        if !entry.facts.is_empty() {
            worker.text.push_str(&entry.facts);
            worker.text.push('\n');
        }
        let units = text::units(&worker.text);
        gathering.units[report as usize].store(units.len() as u16, Ordering::Relaxed);

        let Worker { canonical, seen, batches, text, .. } = &mut worker;
        let batch = &mut batches[usize::from(segment)];
        let bodies = units.iter().map(|unit| &text[unit.clone()]);
        for (number, unit) in std::iter::once(entry.title.as_str()).chain(bodies).enumerate() {
            canonical.clear();
            unit.lines().for_each(|line| {
                canonical.push(Table::get(), line);
                canonical.end_line();
            });
            seen.clear();
            batch.at(report << UNIT_BITS | number as u32);
            terms::each(canonical.units(), |term| {
                if seen.insert(term) {
                    batch.push(term);
                }
            });
        }
        if batch.len() >= self.batch {
            self.pack(&mut worker, usize::from(segment))?;
        }
        // A report without a text still has a title to be shown.
        let blocks = units.chunks(BLOCK).chain(units.is_empty().then_some(&[][..]));
        for (number, block) in blocks.enumerate() {
            let Worker { packer, text, block: whole, file, .. } = &mut worker;
            segment::block_text(entry, text, block, whole);
            let name = segment::block_name(report, number);
            super::script(&format!("{}/{name}", gathering.segment.name), packer.pack(whole, &self.phrases), file);
            (self.put)(&format!("{FOLDER}{}/{name}.js", gathering.segment.name), file)?;
        }
        self.workers.lock().expect("no thread panics").push(worker);
        Ok(())
    }

    fn pack(&self, worker: &mut Worker, segment: usize) -> Result<()> {
        let mut counts = vec![0; 1 << 16];
        let run = worker.batches[segment].pack(&mut worker.spare, &mut counts);
        let mut runs = self.segments[segment].runs.lock().expect("no thread panics");
        runs.counts.iter_mut().zip(counts).for_each(|(all, own)| *all += own);
        runs.runs.push(run);
        let weight: usize = runs.runs.iter().map(Run::weight).sum();
        if weight > IN_MEMORY {
            let number = runs.runs.len();
            let path = self.scratch.with_extension(format!("{segment}-{number}"));
            let heaviest = runs.runs.iter_mut().max_by_key(|run| run.weight());
            heaviest.map_or(Ok(()), |run| run.spill(self.disk, path))?;
        }
        Ok(())
    }

    /// Writes the lists of all segments, and the root. Returns what must be known of the segments later.
    pub fn finish(self) -> Result<Vec<Kept>> {
        let mut workers = std::mem::take(&mut *self.workers.lock().expect("no thread panics"));
        for worker in &mut workers {
            for segment in 0..worker.batches.len() {
                if worker.batches[segment].len() > 0 {
                    self.pack(worker, segment)?;
                }
            }
        }
        drop(workers);
        let mut written: Vec<segment::Written> = Vec::new();
        for gathering in &self.segments {
            written.push(segment::write(self.disk, gathering, self.put)?);
            let runs = gathering.runs.lock().expect("no thread panics");
            for file in runs.runs.iter().filter_map(Run::file) {
                self.disk.remove_file(file)?;
            }
        }
        let kept = written.iter_mut().map(|segment| std::mem::take(&mut segment.kept)).collect();
        if self.kinds.is_empty() {
            return Ok(kept);
        }
        written.extend(self.sealed.iter().map(segment::sealed));
        let root = root::write(&written, (&self.kinds, &self.towns), &self.phrases, &self.to_site);
        (self.put)(super::ROOT, root.as_bytes())?;
        (self.put)(super::FOLD, root::fold_script().as_bytes())?;
        Ok(kept)
    }
}
