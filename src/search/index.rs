//! Reports come in as their pages are made, in any order and on all cores; their text goes out at once, their
//! postings are gathered, and when the last has come the lists are written.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::fold::{Canonical, Table};
use super::pack::Packer;
use super::phrases::Phrases;
use super::postings::{Lists, Run, UNIT_BITS};
use super::segment::Kept;
use super::segments::{Plan, Sealed, Segment};
use super::{FOLDER, pairs, root, segment, terms, text, words};
use crate::error::Result;
use crate::model::catalogue::ReportId;
use crate::model::page::{Page, Recipe};
use crate::source::Disk;

/// Takes one file: its address and its bytes.
pub type Put<'a> = &'a (dyn Fn(&str, &[u8]) -> Result<()> + Sync);

/// Units of one text file.
pub(super) const BLOCK: usize = 2;
/// Bytes of lists that all threads together hold before they are packed.
const GROWING: usize = 24 << 20;
/// Packed bytes that stay in memory; what is more waits on the disk.
const IN_MEMORY: usize = 24 << 20;

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
    /// One for each thread, so that each sees its reports nearly in order.
    workers: Vec<Mutex<Worker>>,
}

/// One segment while its reports come in.
pub(super) struct Gathering {
    pub(super) segment: Segment,
    /// Units of each report, without the title.
    pub(super) units: Vec<AtomicU16>,
    pub(super) runs: Mutex<Runs>,
    /// Text files of which some reports are still to come: the first blocks that are there, by number of the file.
    open: Mutex<BTreeMap<u32, Vec<(u32, String)>>>,
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
    packer: Packer,
    text: String,
    block: String,
    file: Vec<u8>,
    /// One for each segment.
    lists: Vec<Lists>,
}

impl<'a> Indexer<'a> {
    /// Prepares an index; an empty plan makes none. `scratch` is the beginning of a path that only this index uses.
    pub fn new(disk: &'a dyn Disk, scratch: PathBuf, put: Put<'a>, plan: Plan) -> Self {
        let Plan { segments, sealed, kinds, towns, phrases, to_site } = plan;
        let reports = segments.iter().flat_map(|segment| &segment.entries).map(|entry| entry.id.0 + 1).max();
        let mut places = vec![(u8::MAX, u32::MAX); reports.unwrap_or(0) as usize];
        for (number, segment) in segments.iter().enumerate() {
            for (at, entry) in segment.entries.iter().enumerate() {
                places[entry.id.0 as usize] = (number as u8, at as u32);
            }
        }
        let gathering = |segment: Segment| Gathering {
            units: segment.entries.iter().map(|_| AtomicU16::new(0)).collect(),
            segment,
            runs: Mutex::new(Runs { runs: Vec::new(), counts: vec![0; 1 << 16] }),
            open: Mutex::default(),
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
            workers: (0..rayon::current_num_threads()).map(|_| Mutex::default()).collect(),
        }
    }

    /// The numbers of pages in the order in which they are best made: first the reports as the index numbers them, so
    /// that texts that lie together come one after the other.
    pub fn order(&self, pages: &[impl Borrow<Page>]) -> Vec<usize> {
        let place = |recipe: &Recipe| match recipe {
            Recipe::Report(id) => self.places.get(id.0 as usize).copied(),
            _ => None,
        };
        let mut order: Vec<usize> = (0..pages.len()).collect();
        order.sort_by_cached_key(|&number| place(&pages[number].borrow().recipe).unwrap_or((u8::MAX, u32::MAX)));
        order
    }

    /// Takes in the body of one report, as the HTML of its page. Each report comes once.
    pub fn add(&self, id: ReportId, html: &str) -> Result<()> {
        let Some(&(segment, report)) = self.places.get(id.0 as usize).filter(|place| place.1 != u32::MAX) else {
            return Ok(());
        };
        let mut worker = self.worker();
        worker.lists.resize_with(self.segments.len(), Lists::default);
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

        let Worker { canonical, lists, text, .. } = &mut *worker;
        let lists = &mut lists[usize::from(segment)];
        let bodies = units.iter().map(|unit| &text[unit.clone()]);
        for (number, unit) in std::iter::once(entry.title.as_str()).chain(bodies).enumerate() {
            canonical.clear();
            unit.lines().for_each(|line| {
                canonical.push(Table::get(), line);
                canonical.end_line();
            });
            lists.at(report << UNIT_BITS | number as u32);
            terms::each(canonical.units(), |term| lists.add(term));
        }
        if lists.weight() > GROWING / self.workers.len() {
            self.pack(&mut worker, usize::from(segment))?;
        }
        // A report without a text still has a title to be shown.
        let blocks = units.chunks(BLOCK).chain(units.is_empty().then_some(&[][..]));
        for (number, block) in blocks.enumerate() {
            let Worker { text, block: whole, .. } = &mut *worker;
            segment::block_text(entry, text, block, whole);
            if number > 0 {
                self.put_text(&mut worker, gathering, report, number)?;
            } else if let Some(blocks) = gathering.gather(report, &worker.block) {
                join(blocks, &mut worker.block);
                self.put_text(&mut worker, gathering, report, 0)?;
            }
        }
        Ok(())
    }

    fn worker(&self) -> MutexGuard<'_, Worker> {
        let number = rayon::current_thread_index().unwrap_or(0) % self.workers.len();
        self.workers[number].lock().expect("no thread panics")
    }

    /// Packs and writes the text file that lies in the worker's `block`.
    fn put_text(&self, worker: &mut Worker, gathering: &Gathering, report: u32, block: usize) -> Result<()> {
        let Worker { packer, block: whole, file, .. } = worker;
        let Segment { name, together, .. } = &gathering.segment;
        let name = format!("{name}/{}", segment::block_name(report, block, *together));
        super::script(&name, packer.pack(whole, &self.phrases), file);
        (self.put)(&format!("{FOLDER}{name}.js"), file)
    }

    fn pack(&self, worker: &mut Worker, segment: usize) -> Result<()> {
        let mut counts = vec![0; 1 << 16];
        let run = worker.lists[segment].pack(&mut counts);
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
        for worker in &self.workers {
            let mut worker = std::mem::take(&mut *worker.lock().expect("no thread panics"));
            for segment in 0..worker.lists.len() {
                if !worker.lists[segment].is_empty() {
                    self.pack(&mut worker, segment)?;
                }
            }
        }
        let mut worker = Worker::default();
        let mut written: Vec<segment::Written> = Vec::new();
        for gathering in &self.segments {
            // Files with a report whose page could not be made.
            let open = std::mem::take(&mut *gathering.open.lock().expect("no thread panics"));
            for (file, blocks) in open {
                let first = file * u32::from(gathering.segment.together);
                join(blocks, &mut worker.block);
                self.put_text(&mut worker, gathering, first, 0)?;
            }
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
        let titles = self.segments.iter().flat_map(|gathering| &gathering.segment.entries);
        let titles = titles.chain(self.sealed.iter().flat_map(|sealed| &sealed.entries));
        let pairs = pairs::line(written.into_iter().flat_map(|segment| segment.pairs));
        let words = words::text(&self.towns, &self.kinds, titles.map(|entry| entry.title.as_str()), &pairs);
        super::script(words::WORDS, worker.packer.pack(&words, &Phrases::default()), &mut worker.file);
        (self.put)(super::WORDS, &worker.file)?;
        Ok(kept)
    }
}

impl Gathering {
    /// Keeps the first block of a report until its text file is complete, and then gives all blocks of the file.
    fn gather(&self, report: u32, block: &str) -> Option<Vec<(u32, String)>> {
        let together = u32::from(self.segment.together);
        let file = report / together;
        let whole = (self.segment.entries.len() as u32 - file * together).min(together) as usize;
        let mut open = self.open.lock().expect("no thread panics");
        let blocks = open.entry(file).or_default();
        blocks.push((report % together, block.to_owned()));
        if blocks.len() < whole {
            return None;
        }
        open.remove(&file)
    }
}

/// Puts the blocks of one file together, each at its number.
fn join(mut blocks: Vec<(u32, String)>, out: &mut String) {
    blocks.sort_unstable_by_key(|&(number, _)| number);
    out.clear();
    let mut at = 0;
    for (number, block) in blocks {
        (at..number).for_each(|_| out.push(segment::BETWEEN));
        at = number;
        out.push_str(&block);
    }
}
