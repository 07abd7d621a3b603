//! Reads the files of an index, as the script in the browser does: root, lists of terms, texts.

use std::cell::RefCell;
use std::collections::HashMap;

use serde::Deserialize;

use super::bits::{Reader as Bits, take_list};
use super::fold::{Canonical, Table};
use super::index::BLOCK;
use super::phrases::Phrases;
use super::segment::{BETWEEN, DAYS, UNITS, block_name, shard_name};
use super::words::{WORDS, Words};
use super::{FOLDER, FORMAT, ROOT, ascii, data, pack};

/// Why an index could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The site has none.
    NoIndex,
    /// A file is missing, cut off or of another build.
    Broken(String),
}

/// Gives the bytes of a file of the site by its address.
pub type Fetch<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// An index, opened.
pub struct Index<'a> {
    fetch: Fetch<'a>,
    /// Names of the kinds.
    pub kinds: Vec<String>,
    /// Names of the towns.
    pub towns: Vec<String>,
    phrases: Phrases,
    pub(super) segments: Vec<Segment>,
    /// Addresses that were asked for, in order.
    pub asked: RefCell<Vec<String>>,
    shards: RefCell<HashMap<String, Vec<u8>>>,
    texts: RefCell<HashMap<String, String>>,
}

/// Text files that are kept unpacked; whoever asks for many asks for neighbours.
const KEPT_TEXTS: usize = 64;

#[derive(Deserialize)]
struct Root {
    format: u32,
    kinds: Vec<String>,
    towns: Vec<String>,
    phrases: String,
    segments: Vec<RootSegment>,
}

#[derive(Deserialize)]
struct RootSegment {
    name: String,
    reports: usize,
    units: u32,
    together: u16,
    bits: String,
    /// The folder of a sealed year's segment; none for those of the site.
    folder: Option<String>,
}

/// One segment, as the root tells it.
pub(super) struct Segment {
    name: String,
    /// The folder that its folder lies in.
    folder: String,
    /// Number of units, titles among them.
    pub(super) units: u32,
    /// The title unit of each report, and the number of all units at the end.
    pub(super) bases: Vec<u32>,
    pub(super) reports: Vec<About>,
    /// Reports that share a text file.
    together: u16,
    shards: Vec<u32>,
}

/// What the root says of a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) year: u16,
    pub(super) kind: u16,
    pub(super) town: u16,
}

impl Segment {
    /// The report that a unit belongs to.
    pub(super) fn report_of(&self, unit: u32) -> usize {
        self.bases.partition_point(|&base| base <= unit) - 1
    }
}

/// A report as other search engines take it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its title.
    pub title: String,
    /// Where its page stands.
    pub address: String,
    /// Days since 1970-01-01.
    pub day: i32,
    /// The year it is about; 0 where none.
    pub year: u16,
    /// Number of its kind.
    pub kind: u16,
    /// Number of its town, from 1; 0 where none.
    pub town: u16,
    /// Its text, a paragraph a line.
    pub text: String,
}

/// One text file, unpacked.
pub(super) struct Text {
    pub(super) title: String,
    pub(super) address: String,
    pub(super) day: i32,
    /// Up to [`BLOCK`] units.
    pub(super) units: Vec<String>,
}

impl<'a> Index<'a> {
    /// Opens the index of a site.
    pub fn open(fetch: Fetch<'a>) -> Result<Self, Fault> {
        let file = fetch(ROOT).ok_or(Fault::NoIndex)?;
        let broken = || Fault::Broken(ROOT.to_owned());
        let json = file.strip_prefix(b"gk(\"root\",").and_then(|rest| rest.strip_suffix(b");\n")).ok_or_else(broken)?;
        let root: Root = serde_json::from_slice(json).map_err(|_| broken())?;
        if root.format != FORMAT {
            return Err(broken());
        }
        let segments = root.segments.iter().map(segment).collect::<Option<_>>().ok_or_else(broken)?;
        let phrases = ascii::read(root.phrases.as_bytes()).and_then(|bytes| pack::unpack(&bytes, &Phrases::default()));
        let phrases = Phrases::new(phrases.ok_or_else(broken)?.lines().map(str::to_owned).collect());
        let (kinds, towns) = (root.kinds, root.towns);
        let (asked, shards, texts) = Default::default();
        Ok(Self { fetch, kinds, towns, phrases, segments, asked, shards, texts })
    }

    fn data(&self, folder: &str, name: &str) -> Result<Vec<u8>, Fault> {
        let address = format!("{folder}{name}.js");
        self.asked.borrow_mut().push(address.clone());
        let file = (self.fetch)(&address);
        file.and_then(|file| data(&file, name)).ok_or(Fault::Broken(address))
    }

    /// The units of a segment that hold a term, ascending.
    pub(super) fn list(&self, segment: usize, term: u32) -> Result<Vec<u32>, Fault> {
        let segment = &self.segments[segment];
        let Some(shard) = segment.shards.partition_point(|&first| first <= term).checked_sub(1) else {
            return Ok(Vec::new());
        };
        let first = segment.shards[shard];
        let name = format!("{}/{}", segment.name, shard_name(first));
        if !self.shards.borrow().contains_key(&name) {
            let bytes = self.data(&segment.folder, &name)?;
            self.shards.borrow_mut().insert(name.clone(), bytes);
        }
        let shards = self.shards.borrow();
        let mut bits = Bits::new(&shards[&name]);
        let mut at = first;
        while at <= term && !bits.is_past_the_end() {
            let list = take_list(&mut bits, segment.units);
            if at == term {
                return list.ok_or_else(|| Fault::Broken(format!("{}{name}.js", segment.folder)));
            }
            at = next_term(&mut bits, at);
        }
        Ok(Vec::new())
    }

    /// The block that holds a unit of a report; units are numbered from 1, the title is 0.
    pub(super) fn text(&self, segment: usize, report: usize, unit: u32) -> Result<Text, Fault> {
        let block = (unit.max(1) - 1) as usize / BLOCK;
        let Segment { name, folder, together, .. } = &self.segments[segment];
        let name = format!("{name}/{}", block_name(report as u32, block, *together));
        let broken = || Fault::Broken(format!("{folder}{name}.js"));
        if !self.texts.borrow().contains_key(&name) {
            let file = pack::unpack(&self.data(folder, &name)?, &self.phrases).ok_or_else(broken)?;
            let mut texts = self.texts.borrow_mut();
            if texts.len() >= KEPT_TEXTS {
                texts.clear();
            }
            texts.insert(name.clone(), file);
        }
        let texts = self.texts.borrow();
        let number = if block == 0 { report % usize::from(*together) } else { 0 };
        let text = texts[&name].split(BETWEEN).nth(number).ok_or_else(broken)?;
        let mut parts = text.splitn(5, '\n');
        let mut next = || parts.next().ok_or_else(broken);
        let (title, address) = (next()?.to_owned(), next()?.to_owned());
        let day = next()?.parse().map_err(|_| broken())?;
        next()?;
        let units = parts.next().unwrap_or_default().split(UNITS).map(str::to_owned).collect();
        Ok(Text { title, address, day, units })
    }

    /// The words of the site by sound.
    pub(super) fn words(&self) -> Result<Words, Fault> {
        let text = pack::unpack(&self.data(FOLDER, WORDS)?, &Phrases::default());
        text.and_then(|text| Words::read(&text)).ok_or_else(|| Fault::Broken(super::WORDS.to_owned()))
    }

    /// Hands over every report with its whole text, until `take` has had enough.
    pub fn each_record(&self, mut take: impl FnMut(Record) -> bool) -> Result<(), Fault> {
        for (number, segment) in self.segments.iter().enumerate() {
            for (report, about) in segment.reports.iter().enumerate() {
                let units = segment.bases[report + 1] - segment.bases[report] - 1;
                let mut whole: Option<Text> = None;
                for unit in (1..=units.max(1)).step_by(BLOCK).take_while(|_| units > 0) {
                    let text = self.text(number, report, unit)?;
                    match &mut whole {
                        None => whole = Some(text),
                        Some(whole) => whole.units.extend(text.units),
                    }
                }
                let Some(Text { title, address, day, units }) = whole else { continue };
                let About { year, kind, town } = *about;
                if !take(Record { title, address, day, year, kind, town, text: units.join("\n") }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The day each report of a segment was made.
    pub(super) fn days(&self, segment: usize) -> Result<Vec<i32>, Fault> {
        let segment = &self.segments[segment];
        let bytes = self.data(&segment.folder, &format!("{}/{DAYS}", segment.name))?;
        let mut bits = Bits::new(&bytes);
        let mut day = 0i32;
        let days = segment.reports.iter().map(|_| {
            let step = bits.golomb(5);
            day = day.wrapping_add((step >> 1) as i32 ^ -((step & 1) as i32));
            day
        });
        Ok(days.collect())
    }
}

fn next_term(bits: &mut Bits<'_>, before: u32) -> u32 {
    if bits.take(1) == 1 {
        let beginning = (before >> 16).saturating_add(bits.gamma());
        beginning << 16 | bits.golomb(4) & 0xFFFF
    } else {
        before.saturating_add(bits.golomb(5)).saturating_add(1)
    }
}

fn segment(root: &RootSegment) -> Option<Segment> {
    let bytes = ascii::read(root.bits.as_bytes())?;
    let mut bits = Bits::new(&bytes);
    let (mut bases, mut reports) = (vec![0u32], Vec::new());
    let (k, least) = (bits.take(3), bits.golomb(2));
    for _ in 0..root.reports {
        bases.push(bases.last()?.checked_add(least)?.checked_add(bits.golomb(k))?.checked_add(1)?);
    }
    let k = bits.take(3);
    while reports.len() < root.reports {
        let (year, kind, count) = (bits.golomb(10) as u16, bits.golomb(3) as u16, bits.golomb(4) as usize + 1);
        if reports.len() + count > root.reports {
            return None;
        }
        let mut town = 0u16;
        for _ in 0..count {
            town = town.checked_add(bits.golomb(k) as u16)?;
            reports.push(About { year, kind, town });
        }
    }
    let mut shards = Vec::new();
    let mut first = 0u32;
    for _ in 0..bits.golomb(6) {
        let beginnings = bits.gamma() - 1;
        let rest = bits.golomb(11);
        first = if beginnings > 0 { ((first >> 16) + beginnings) << 16 | rest } else { first.checked_add(rest)? };
        shards.push(first);
    }
    let whole = !bits.is_past_the_end() && bases.last() == Some(&root.units);
    let (name, folder) = (root.name.clone(), root.folder.clone().unwrap_or_else(|| FOLDER.to_owned()));
    let together = root.together.max(1);
    whole.then_some(Segment { name, folder, units: root.units, bases, reports, together, shards })
}

/// The canonical form of one unit, or of a title.
pub(super) fn canonical_unit(unit: &str) -> Vec<u16> {
    let mut canonical = Canonical::default();
    for line in unit.lines() {
        canonical.push(Table::get(), line);
        canonical.end_line();
    }
    canonical.units().to_vec()
}
