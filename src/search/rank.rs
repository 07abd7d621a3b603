//! Which reports hold a query, the best first, and how each is shown. The script in the browser does the same, step
//! by step, so that both give the same answers.

use std::collections::BTreeMap;

use super::index::BLOCK;
use super::query::{Query, is_exact};
use super::reader::{Fault, Index, Text, canonical_unit};
use super::terms::of_phrase;

/// So many lists of a phrase are asked for, and each time that texts show that they do not suffice, more.
const TERMS: [usize; 5] = [2, 4, 7, 11, usize::MAX];
/// So many texts without the phrase, and more lists are asked for.
const PATIENCE: usize = 3;
/// After so many texts in vain in one answer nothing more is looked at.
const MOST_VAIN: usize = 200;
/// Characters of an excerpt before and behind the first word found.
const AROUND: (usize, usize) = (24, 96);

/// What is asked of the index.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The words.
    pub query: Query,
    /// Only reports about this year.
    pub year: Option<u16>,
    /// Only reports of this town, by its number.
    pub town: Option<u16>,
    /// Only reports of this kind, by its number.
    pub kind: Option<u16>,
    /// The newest first, not the best.
    pub by_date: bool,
    /// Passed over at the beginning.
    pub skip: usize,
    /// Wanted.
    pub take: usize,
}

/// The answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// How many reports there are.
    pub total: usize,
    /// Whether that is certain; otherwise there are not more.
    pub exact: bool,
    /// The reports wanted.
    pub hits: Vec<Hit>,
    /// How many there are of each year, town and kind, before these were chosen among.
    pub years: BTreeMap<u16, usize>,
    /// By number of the town.
    pub towns: BTreeMap<u16, usize>,
    /// By number of the kind.
    pub kinds: BTreeMap<u16, usize>,
}

/// One report found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its title.
    pub title: String,
    /// Where its page stands.
    pub address: String,
    /// The year it is about; 0 where none.
    pub year: u16,
    /// Number of its town; 0 where none.
    pub town: u16,
    /// Number of its kind.
    pub kind: u16,
    /// Days since 1970-01-01.
    pub day: i32,
    /// A stretch of its text with the words.
    pub excerpt: String,
}

/// A report that may be a hit.
struct Candidate {
    segment: usize,
    report: usize,
    score: i64,
    /// For each phrase, the units that may hold it; the same for those that must not stand there.
    all: Vec<Vec<u32>>,
    none: Vec<Vec<u32>>,
}

/// Answers a query.
pub fn search(index: &Index<'_>, asked: &Asked) -> Result<Answer, Fault> {
    let mut depth = 0;
    loop {
        let candidates = candidates(index, &asked.query, depth)?;
        if let Some(answer) = show(index, asked, candidates, depth)? {
            return Ok(answer);
        }
        depth += 1;
    }
}

/// The units of a segment that have the terms of a phrase.
fn units_of(index: &Index<'_>, segment: usize, phrase: &[u16], depth: usize) -> Result<Vec<u32>, Fault> {
    let terms = of_phrase(phrase);
    let mut units: Option<Vec<u32>> = None;
    for &term in terms.iter().take(TERMS[depth]) {
        let list = index.list(segment, term)?;
        units = Some(match units {
            None => list,
            Some(units) => common(&units, &list),
        });
    }
    Ok(units.unwrap_or_default())
}

fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut b = b.iter().peekable();
    let held = |&&unit: &&u32| {
        while b.next_if(|&&other| other < unit).is_some() {}
        b.peek() == Some(&&unit)
    };
    a.iter().filter(held).copied().collect()
}

/// All reports that may be hits, in no order yet.
fn candidates(index: &Index<'_>, query: &Query, depth: usize) -> Result<Vec<Candidate>, Fault> {
    let mut found: Vec<Candidate> = Vec::new();
    if query.all.is_empty() {
        return Ok(found);
    }
    // In how many reports each phrase stands.
    let mut spread = vec![0usize; query.all.len()];
    for segment in 0..index.segments.len() {
        let lists = |phrases: &[Vec<u16>]| -> Result<Vec<BTreeMap<usize, Vec<u32>>>, Fault> {
            phrases
                .iter()
                .map(|phrase| Ok(by_report(index, segment, units_of(index, segment, phrase, depth)?)))
                .collect()
        };
        let all = lists(&query.all)?;
        let none = lists(&query.none)?;
        spread.iter_mut().zip(&all).for_each(|(spread, reports)| *spread += reports.len());
        for (&report, first) in &all[0] {
            let others: Option<Vec<Vec<u32>>> = all[1..].iter().map(|reports| reports.get(&report).cloned()).collect();
            let excluded = |(reports, phrase): (&BTreeMap<usize, Vec<u32>>, &Vec<u16>)| {
                is_exact(phrase) && reports.contains_key(&report)
            };
            let Some(others) = others else { continue };
            if none.iter().zip(&query.none).any(excluded) {
                continue;
            }
            let none = none.iter().map(|reports| reports.get(&report).cloned().unwrap_or_default()).collect();
            let all = std::iter::once(first.clone()).chain(others).collect();
            found.push(Candidate { segment, report, score: 0, all, none });
        }
    }
    let reports: usize = index.segments.iter().map(|segment| segment.reports.len()).sum();
    let units: u32 = index.segments.iter().map(|segment| segment.units).sum();
    let average = f64::from(units) / reports.max(1) as f64 - 1.0;
    for candidate in &mut found {
        let bases = &index.segments[candidate.segment].bases;
        let base = bases[candidate.report];
        let length = f64::from(bases[candidate.report + 1] - base - 1);
        candidate.score = score(candidate, base, length / average.max(1.0), reports as f64, &spread);
    }
    Ok(found)
}

fn by_report(index: &Index<'_>, segment: usize, units: Vec<u32>) -> BTreeMap<usize, Vec<u32>> {
    let mut reports: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for unit in units {
        reports.entry(index.segments[segment].report_of(unit)).or_default().push(unit);
    }
    reports
}

/// BM25 over units, with the title counted apart: about 3 for a title and up to 2 for a text that holds the words
/// throughout. In steps of a quarter, for a reader sees no finer difference, and among reports of the same step the
/// newer come first.
fn score(candidate: &Candidate, base: u32, length: f64, reports: f64, spread: &[usize]) -> i64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (units, &spread) in candidate.all.iter().zip(spread) {
        let in_title = units.first() == Some(&base);
        let hits = units.len() as f64 - f64::from(u8::from(in_title));
        let weight = (1.0 + reports / (spread as f64 + 0.5)).ln();
        let title = if in_title { 3.0 } else { 0.0 };
        sum += weight * (title + 2.2 * hits / (hits + 1.2 * (0.25 + 0.75 * length)));
        weights += weight;
    }
    let together = candidate.all[0].iter().any(|unit| candidate.all[1..].iter().all(|units| units.contains(unit)));
    if candidate.all.len() > 1 && together {
        sum *= 1.15;
    }
    // Rounded before it is cut, so that machines that differ in a logarithm's last bit agree.
    (sum / weights * 1e6).round() as i64 / STEP
}

/// A step of relevance, in millionths.
const STEP: i64 = 250_000;

/// Chooses, orders, looks into the texts. `None` where too many were looked at in vain and more lists would help.
fn show(index: &Index<'_>, asked: &Asked, found: Vec<Candidate>, depth: usize) -> Result<Option<Answer>, Fault> {
    let mut answer = Answer { exact: true, ..Answer::default() };
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in found {
        let about = index.segments[candidate.segment].reports[candidate.report];
        let year = asked.year.is_none_or(|year| year == about.year);
        let town = asked.town.is_none_or(|town| town == about.town);
        let kind = asked.kind.is_none_or(|kind| kind == about.kind);
        let count = |map: &mut BTreeMap<u16, usize>, key: u16| *map.entry(key).or_default() += 1;
        // Each count says what choosing it would give, so that its own filter is left out.
        if town && kind {
            count(&mut answer.years, about.year);
        }
        if year && kind {
            count(&mut answer.towns, about.town);
        }
        if year && town {
            count(&mut answer.kinds, about.kind);
        }
        if year && town && kind {
            chosen.push(candidate);
        }
    }
    sort(index, asked, &mut chosen)?;
    answer.total = chosen.len();
    let exact = asked.query.all.iter().all(|phrase| is_exact(phrase))
        && chosen.iter().all(|candidate| candidate.none.iter().all(Vec::is_empty));
    let more = |phrase: &Vec<u16>| of_phrase(phrase).len() > TERMS[depth];
    let helps = depth + 1 < TERMS.len() && asked.query.all.iter().any(more);
    let mut vain = 0;
    let mut passed = 0;
    let from = if exact { asked.skip.min(chosen.len()) } else { 0 };
    let mut looked = from;
    for candidate in &chosen[from..] {
        if answer.hits.len() == asked.take || vain >= MOST_VAIN {
            break;
        }
        looked += 1;
        match look(index, &asked.query, candidate)? {
            None => {
                answer.total -= 1;
                vain += 1;
                if vain >= PATIENCE && helps {
                    return Ok(None);
                }
            }
            Some(_) if !exact && passed < asked.skip => passed += 1,
            Some(hit) => answer.hits.push(hit),
        }
    }
    answer.exact = exact || looked == chosen.len();
    Ok(Some(answer))
}

fn sort(index: &Index<'_>, asked: &Asked, chosen: &mut [Candidate]) -> Result<(), Fault> {
    if asked.by_date {
        let days: Vec<Vec<i32>> =
            (0..index.segments.len()).map(|segment| index.days(segment)).collect::<Result<_, _>>()?;
        chosen.sort_by_key(|candidate| {
            (std::cmp::Reverse(days[candidate.segment][candidate.report]), candidate.segment, candidate.report)
        });
    } else {
        chosen.sort_by_key(|candidate| (std::cmp::Reverse(candidate.score), candidate.segment, candidate.report));
    }
    Ok(())
}

/// Reads as much of a candidate's text as shows whether it is a hit, and cuts an excerpt.
fn look(index: &Index<'_>, query: &Query, candidate: &Candidate) -> Result<Option<Hit>, Fault> {
    let segment = &index.segments[candidate.segment];
    let base = segment.bases[candidate.report];
    let mut report = Report { index, candidate, base, blocks: BTreeMap::new() };
    let best = best_unit(candidate, base);
    report.block(best)?;
    let mut shown = None;
    for (phrase, units) in query.all.iter().zip(&candidate.all) {
        // The block that is there anyway comes first, then the others that may hold the phrase.
        let block = (best.max(1) - 1) / BLOCK as u32;
        let here = (block * BLOCK as u32 + 1)..=(block + 1) * BLOCK as u32;
        let mut order: Vec<u32> = vec![best, 0];
        order.extend(here);
        order.extend(units.iter().map(|unit| unit - base));
        let mut holder = None;
        for unit in order {
            if units.contains(&(base + unit)) && report.holds(unit, phrase)? {
                holder = Some(unit);
                break;
            }
        }
        let Some(holder) = holder else { return Ok(None) };
        if holder > 0 && (shown.is_none() || holder == best) {
            shown = Some(holder);
        }
    }
    for (phrase, units) in query.none.iter().zip(&candidate.none) {
        for unit in units {
            if report.holds(unit - base, phrase)? {
                return Ok(None);
            }
        }
    }
    let about = segment.reports[candidate.report];
    let unit = shown.unwrap_or(1.max(best));
    let text = report.block(unit)?;
    let words = text.units.get((unit as usize - 1) % BLOCK).map(String::as_str).unwrap_or_default();
    Ok(Some(Hit {
        title: text.title.clone(),
        address: text.address.clone(),
        year: about.year,
        town: about.town,
        kind: about.kind,
        day: text.day,
        excerpt: super::excerpt::excerpt(words, &query.all, AROUND),
    }))
}

/// The unit, numbered within the report, that may hold the most phrases; the title only where there is no other.
fn best_unit(candidate: &Candidate, base: u32) -> u32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for &unit in candidate.all.iter().flatten().filter(|&&unit| unit > base) {
        *counts.entry(unit - base).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(unit, count)| (count, std::cmp::Reverse(unit))).map_or(0, |(unit, _)| unit)
}

/// The texts of one report, as far as they were read.
struct Report<'a, 'i> {
    index: &'a Index<'i>,
    candidate: &'a Candidate,
    base: u32,
    blocks: BTreeMap<usize, Text>,
}

impl Report<'_, '_> {
    fn block(&mut self, unit: u32) -> Result<&Text, Fault> {
        let block = (unit.max(1) - 1) as usize / BLOCK;
        if !self.blocks.contains_key(&block) {
            let text = self.index.text(self.candidate.segment, self.candidate.report, unit)?;
            self.blocks.insert(block, text);
        }
        Ok(&self.blocks[&block])
    }

    /// Whether a unit of the report holds a phrase.
    fn holds(&mut self, unit: u32, phrase: &[u16]) -> Result<bool, Fault> {
        debug_assert!(self.base + unit < self.index.segments[self.candidate.segment].units);
        let words = if unit == 0 {
            // Every block bears the title.
            let any = self.blocks.values().next().map(|text| text.title.clone());
            any.unwrap_or_default()
        } else {
            let text = self.block(unit)?;
            text.units.get((unit as usize - 1) % BLOCK).cloned().unwrap_or_default()
        };
        let canonical = canonical_unit(&words);
        Ok(canonical.windows(phrase.len()).any(|window| window == phrase))
    }
}
