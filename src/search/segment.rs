//! The files of one segment: lists of units by term in shards of some kilobytes, text in blocks of some units, and
//! what the root has to know of them.

use std::fmt::Write;
use std::ops::Range;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::bits::{Bits, put_list};
use super::fold::{Folded, Table};
use super::index::{Gathering, Put};
use super::pairs::is_pair;
use super::postings::{Cursor, UNIT_BITS};
use super::segments::{Entry, Sealed};
use super::{FOLDER, script};
use crate::error::Result;
use crate::model::catalogue::ReportId;
use crate::source::Disk;

/// Bytes of a shard, unless a single list is longer.
const SHARD: usize = 5_500;
/// Postings that are sorted at once by one thread, at least and at most.
const PART: Range<u32> = 1 << 18..1 << 21;
/// A part is such a part of all postings, within these bounds.
const PARTS: u64 = 64;
/// Reports, or shards, in one folder.
const FOLDER_OF: u32 = 500;

/// What the root says of a segment.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) reports: usize,
    pub(super) units: u32,
    pub(super) together: u16,
    pub(super) bits: Vec<u8>,
    /// Frequent pairs of Chinese characters, and how many units hold them.
    pub(super) pairs: Vec<(u32, u32)>,
    /// Its folder, where that is another than the index's own.
    pub(super) folder: Option<String>,
    /// What a seal keeps of it.
    pub(super) kept: Kept,
}

/// What must be known of a segment that is written, to name it in a root again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// The name of its folder.
    pub name: String,
    /// Its reports, in the order in which it numbers them.
    pub reports: Vec<ReportId>,
    /// How many of them share a text file.
    pub together: u16,
    /// Units of each of them, without the title.
    pub units: Vec<u32>,
    /// The first term of each file of lists.
    pub shards: Vec<u32>,
}

/// The name of the text file that holds a block of a report: first blocks share a file, `together` reports in each;
/// later ones have files of their own.
pub(super) fn block_name(report: u32, block: usize, together: u16) -> String {
    match block {
        0 => {
            let first = report - report % u32::from(together);
            format!("t/{}/{first}", first / FOLDER_OF)
        }
        _ => format!("t/{}/{report}-{block}", report / FOLDER_OF),
    }
}

/// What stands between the reports of one text file.
pub(super) const BETWEEN: char = '\u{1d}';
/// What stands between the units of one report.
pub(super) const UNITS: char = '\u{c}';

/// The name of the shard that begins with this term.
pub(super) fn shard_name(first: u32) -> String {
    format!("s/{:02x}/{:06x}", first >> 24, first & 0xFF_FFFF)
}

/// The name of the file that tells the days of all reports.
pub(super) const DAYS: &str = "days";

/// One block of a report as it stands in a text file: title, address, day and foldings in a line each, then the
/// units. Foldings are what the reader could not know without the whole table: words of a character and what it
/// becomes, between spaces.
pub(super) fn block_text(entry: &Entry, text: &str, units: &[Range<usize>], out: &mut String) {
    out.clear();
    let one_line = |text: &str| text.replace(['\n', '\r', UNITS, BETWEEN], " ");
    let _ = write!(out, "{}\n{}\n{}\n", one_line(&entry.title), entry.address, entry.day);
    let mut unusual: Vec<char> = Vec::new();
    let own = units.iter().flat_map(|unit| text[unit.clone()].chars());
    let table = Table::get();
    for ch in entry.title.chars().chain(own) {
        if table.is_unusual(ch) && !unusual.contains(&ch) {
            unusual.push(ch);
        }
    }
    unusual.sort_unstable();
    for (number, ch) in unusual.into_iter().enumerate() {
        out.push_str(if number > 0 { " " } else { "" });
        out.push(ch);
        match table.fold(ch) {
            Folded::Unit(unit) => out.extend(char::from_u32(u32::from(unit))),
            Folded::Pair(units) => out.push_str(&String::from_utf16_lossy(&units)),
            Folded::Units(units) => out.push_str(&String::from_utf16_lossy(units).replace('\u{1}', "|")),
            Folded::Break => out.push('|'),
            Folded::Point | Folded::Space | Folded::Nothing => {}
        }
    }
    for (number, unit) in units.iter().enumerate() {
        out.push(if number == 0 { '\n' } else { UNITS });
        let unit = &text[unit.clone()];
        let unit = unit.strip_suffix('\n').unwrap_or(unit);
        match memchr::memchr2(UNITS as u8, BETWEEN as u8, unit.as_bytes()) {
            None => out.push_str(unit),
            Some(_) => out.push_str(&unit.replace([UNITS, BETWEEN], " ")),
        }
    }
}

/// Writes the shards and days of a segment.
pub(super) fn write(disk: &dyn Disk, gathering: &Gathering, put: Put<'_>) -> Result<Written> {
    let mut bases = Vec::with_capacity(gathering.units.len());
    let mut units = 0u32;
    for count in &gathering.units {
        bases.push(units);
        units += u32::from(count.load(Ordering::Relaxed)) + 1;
    }
    let name = &gathering.segment.name;
    let place = |place: u32| bases[(place >> UNIT_BITS) as usize] + (place & ((1 << UNIT_BITS) - 1));
    let runs = gathering.runs.lock().expect("no thread panics");
    let parts: Vec<Shards> = parts(&runs.counts)
        .into_par_iter()
        .map(|part| {
            let lists = runs.runs.iter().map(|run| run.lists(disk, &part)).collect::<Result<_>>()?;
            shards(lists, &place, units, |first, bytes, file| {
                let shard = shard_name(first);
                script(&format!("{name}/{shard}"), bytes, file);
                put(&format!("{FOLDER}{name}/{shard}.js"), file)
            })
        })
        .collect::<Result<_>>()?;
    drop(runs);
    let mut file = Vec::new();
    script(&format!("{name}/{DAYS}"), &days(&gathering.segment.entries), &mut file);
    put(&format!("{FOLDER}{name}/{DAYS}.js"), &file)?;
    let entries = &gathering.segment.entries;
    let together = gathering.segment.together;
    let kept = Kept {
        name: name.clone(),
        reports: entries.iter().map(|entry| entry.id).collect(),
        together,
        units: gathering.units.iter().map(|units| u32::from(units.load(Ordering::Relaxed))).collect(),
        shards: parts.iter().flat_map(|part| &part.firsts).copied().collect(),
    };
    let bits = directory(entries, &kept.units, &kept.shards);
    let pairs = parts.iter().flat_map(|part| &part.pairs).copied().collect();
    Ok(Written { name: name.clone(), reports: bases.len(), units, together, bits, pairs, folder: None, kept })
}

/// What the root says of a segment that was written with a sealed year. Which pairs are frequent there nobody kept.
pub(super) fn sealed(sealed: &Sealed) -> Written {
    let Sealed { kept, folder, entries } = sealed;
    Written {
        name: kept.name.clone(),
        reports: entries.len(),
        units: kept.units.iter().map(|units| units + 1).sum(),
        together: kept.together,
        bits: directory(entries, &kept.units, &kept.shards),
        pairs: Vec::new(),
        folder: Some(folder.clone()),
        kept: Kept::default(),
    }
}

/// Stretches of terms with about as many postings each. They depend on nothing but the segment's own text.
fn parts(counts: &[u32]) -> Vec<Range<u32>> {
    let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let most = (all / PARTS).clamp(PART.start.into(), PART.end.into()) as u32;
    let mut parts = Vec::new();
    let (mut from, mut sum) = (0u32, 0u32);
    for (unit, &count) in counts.iter().enumerate() {
        if sum > 0 && sum.saturating_add(count) > most {
            parts.push(from..(unit as u32) << 16);
            (from, sum) = ((unit as u32) << 16, 0);
        }
        sum += count;
    }
    parts.push(from..u32::MAX);
    parts
}

/// What was learnt while shards were written.
#[derive(Default)]
struct Shards {
    /// The first term of each.
    firsts: Vec<u32>,
    /// Pairs of Chinese characters that stand in two units or more.
    pairs: Vec<(u32, u32)>,
}

/// Merges the lists of all runs and cuts them into shards. A list that would make a shard too long begins a new one.
fn shards(
    mut runs: Vec<Cursor<'_>>,
    place: &dyn Fn(u32) -> u32,
    units: u32,
    mut put: impl FnMut(u32, &[u8], &mut Vec<u8>) -> Result<()>,
) -> Result<Shards> {
    let Shards { mut firsts, mut pairs } = Shards::default();
    let (mut bits, mut own, mut before) = (Bits::default(), Bits::default(), 0);
    let (mut list, mut file) = (Vec::new(), Vec::new());
    while let Some(term) = runs.iter().filter_map(Cursor::term).min() {
        list.clear();
        runs.iter_mut().filter(|run| run.term() == Some(term)).for_each(|run| run.take(place, &mut list));
        // Each run is nearly in order, which this sort makes use of.
        list.sort();
        if list.len() > 1 && is_pair(term) {
            pairs.push((term, list.len() as u32));
        }
        own.clear();
        put_list(&mut own, &list, units);
        if firsts.is_empty() || bits.len() + own.len() > SHARD * 8 {
            if let Some(&first) = firsts.last() {
                put(first, &std::mem::take(&mut bits).finish(), &mut file)?;
            }
            firsts.push(term);
        } else {
            put_term(&mut bits, before, term);
        }
        bits.append(&own);
        before = term;
    }
    if let Some(&first) = firsts.last() {
        // A term beyond all others ends the last list.
        put(first, &bits.finish(), &mut file)?;
    }
    Ok(Shards { firsts, pairs })
}

/// The distance to the next term: within those that begin alike, or on to the next beginning.
fn put_term(bits: &mut Bits, before: u32, term: u32) {
    let beginnings = (term >> 16) - (before >> 16);
    bits.put(u32::from(beginnings > 0), 1);
    if beginnings > 0 {
        bits.gamma(beginnings);
        bits.golomb(term & 0xFFFF, 4);
    } else {
        bits.golomb(term - before - 1, 5);
    }
}

fn days(entries: &[Entry]) -> Vec<u8> {
    let mut bits = Bits::default();
    let mut before = 0;
    for entry in entries {
        let step = entry.day - before;
        bits.golomb(((step << 1) ^ (step >> 31)) as u32, 5);
        before = entry.day;
    }
    bits.finish()
}

/// What every report is, and where every shard begins.
fn directory(entries: &[Entry], units: &[u32], shards: &[u32]) -> Vec<u8> {
    let mut bits = Bits::default();
    let least = units.iter().copied().min().unwrap_or(0);
    let more: Vec<u32> = units.iter().map(|units| units - least).collect();
    let k = best_k(&more);
    bits.put(k, 3);
    bits.golomb(least, 2);
    more.iter().for_each(|&more| bits.golomb(more, k));

    // Years fall, kinds rise within a year, towns within a kind. Towns of a sealed segment may have another order now:
    // then a group ends where they would fall.
    let together = |a: &Entry, b: &Entry| (a.year, a.kind) == (b.year, b.kind) && a.town <= b.town;
    let groups: Vec<&[Entry]> = entries.chunk_by(together).collect();
    let steps = |group: &[Entry]| -> Vec<u32> {
        let mut before = 0;
        group.iter().map(|entry| u32::from(entry.town - std::mem::replace(&mut before, entry.town))).collect()
    };
    let all: Vec<u32> = groups.iter().flat_map(|group| steps(group)).collect();
    let k = best_k(&all);
    bits.put(k, 3);
    for group in groups {
        bits.golomb(u32::from(group[0].year), 10);
        bits.golomb(u32::from(group[0].kind), 3);
        bits.golomb(group.len() as u32 - 1, 4);
        steps(group).into_iter().for_each(|step| bits.golomb(step, k));
    }
    bits.golomb(shards.len() as u32, 6);
    let mut before = 0u32;
    for &first in shards {
        let beginnings = (first >> 16) - (before >> 16);
        bits.gamma(beginnings + 1);
        bits.golomb(if beginnings > 0 { first & 0xFFFF } else { first - before }, 11);
        before = first;
    }
    bits.finish()
}

/// The parameter with which some numbers are shortest.
fn best_k(numbers: &[u32]) -> u32 {
    let length =
        |k: u32| -> u64 { numbers.iter().map(|number| u64::from(2 * ((number >> k) + 1).ilog2() + 1 + k)).sum() };
    (0..8).min_by_key(|&k| length(k)).unwrap_or(0)
}
