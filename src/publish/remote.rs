//! What a target says of itself: which generation stands there, which were begun and never finished, and whether
//! somebody is at it. Nothing is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::journal::Prior;
use super::manifest::{Entry, Manifest};
use super::stop::Stop;
use super::target::Target;

/// The file that says which generation stands.
pub const CURRENT: &str = ".gongkai/current.json";
/// Raised whenever what lies in a target's `.gongkai/` changes its form.
pub const FORMAT: u32 = 1;
/// Whoever gives no sign of life for so long has died. Signs come four times as often.
pub const LEASE: Duration = Duration::from_secs(120);

/// `current.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// [`FORMAT`].
    pub format: u32,
    /// The generation that stands.
    pub generation: u64,
    /// Hash of its manifest.
    pub manifest: String,
    /// The run that made it.
    pub run: String,
    /// The day on which it was made.
    pub day: String,
    /// Earlier generations whose files may still lie there though this one does not have them.
    pub untidy: Vec<u64>,
    /// Earlier generations that can be restored, newest first.
    pub history: Vec<u64>,
    /// Generations that cannot be restored any more and whose records may still be there.
    pub forgotten: Vec<u64>,
}

/// `holder.json`: who makes a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The name of the run; nobody can guess it.
    pub run: String,
    /// The person and the machine.
    pub who: String,
    /// Whether the run has ended without finishing the generation.
    #[serde(default)]
    pub given_up: bool,
}

impl Holder {
    /// As it is put.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("plain data")
    }
}

/// The path of something of a generation.
pub fn of_generation(generation: u64, name: &str) -> String {
    format!(".gongkai/gen/{generation}/{name}")
}

/// The folder of a generation.
pub fn folder_of(generation: u64) -> String {
    format!(".gongkai/gen/{generation}")
}

/// A generation that was begun and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Its number.
    pub generation: u64,
    /// What it would have had; `None` where not one of its files was put.
    pub manifest: Option<Manifest>,
    /// Whether it is that of the run in this machine's journal.
    pub is_ours: bool,
}

/// A target as it is before a run.
#[derive(Debug, Clone)]
pub struct Remote {
    /// What stands; `None` where nothing of ours does.
    pub current: Option<Current>,
    /// What it has; empty where nothing stands, and not read where nothing differs.
    pub base: Manifest,
    /// What was begun since and not finished.
    pub dead: Vec<Dead>,
    /// What earlier generations had whose files were perhaps not removed yet.
    pub leftovers: BTreeSet<String>,
    /// Names of kept files of generations that will be forgotten, and of dead ones.
    pub kept: BTreeMap<u64, Vec<String>>,
    /// The generation that can be claimed next.
    pub next: u64,
    /// Whether the target already is as wanted.
    pub is_same: bool,
}

/// What to look for.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Hash of the manifest that is wanted.
    pub wanted: &'a str,
    /// What this machine's journal knows.
    pub prior: Option<&'a Prior>,
    /// Generations up to this one were found to be taken by nobody who is alive.
    pub skip: u64,
    /// How many earlier generations will be kept.
    pub keep: usize,
    /// Whether a damaged record counts as none.
    pub adopt: bool,
}

/// Looks whether a target is as wanted, and no further: what it has is left open.
pub fn glance(target: &dyn Target, question: &Question<'_>) -> Result<Remote, Stop> {
    let current = match target.read(CURRENT)? {
        None => None,
        Some(bytes) => match serde_json::from_slice::<Current>(&bytes) {
            Ok(current) if current.format == FORMAT => Some(current),
            _ if question.adopt => None,
            _ => return Err(Stop::Damaged(CURRENT.to_owned())),
        },
    };
    let stands = current.as_ref().map_or(0, |current| current.generation);
    let (dead, next) = unfinished(target, question, stands)?;
    let untidy = current.as_ref().map(|current| current.untidy.as_slice()).unwrap_or_default();
    let is_same = dead.is_empty()
        && untidy.is_empty()
        && current.as_ref().is_none_or(|current| current.forgotten.is_empty())
        && current.as_ref().is_some_and(|current| current.manifest == question.wanted);
    Ok(Remote {
        current,
        base: Manifest::default(),
        dead,
        leftovers: BTreeSet::new(),
        kept: BTreeMap::new(),
        next,
        is_same,
    })
}

/// Looks at a target.
pub fn look(target: &dyn Target, question: &Question<'_>) -> Result<Remote, Stop> {
    let mut remote = glance(target, question)?;
    if remote.is_same {
        return Ok(remote);
    }
    if let Some(current) = remote.current.clone() {
        match manifest_of(target, current.generation) {
            Ok(Some(base)) if base.hash() == current.manifest => remote.base = base,
            Ok(_) | Err(Stop::Damaged(_)) if question.adopt => {}
            Ok(_) => return Err(Stop::Damaged(of_generation(current.generation, "manifest.tsv"))),
            Err(stop) => return Err(stop),
        }
        for generation in current.untidy {
            let earlier = manifest_of(target, generation)?.unwrap_or_default();
            remote.leftovers.extend(earlier.files.into_keys());
        }
        let too_old = current.history.into_iter().skip(question.keep.saturating_sub(1));
        for generation in too_old.chain(current.forgotten) {
            remote.kept.insert(generation, kept_of(target, generation)?);
        }
    }
    for generation in remote.dead.iter().map(|dead| dead.generation).collect::<Vec<_>>() {
        remote.kept.insert(generation, kept_of(target, generation)?);
    }
    Ok(remote)
}

/// The generations above the one that stands. One that somebody is working at stops everything.
fn unfinished(target: &dyn Target, question: &Question<'_>, stands: u64) -> Result<(Vec<Dead>, u64), Stop> {
    let mut dead = Vec::new();
    let mut next = stands + 1;
    loop {
        let holder = read_holder(target, next)?;
        let is_ours = match (&holder, question.prior) {
            (Some(holder), Some(prior)) => holder.run == prior.run,
            // Killed between making the folder and saying who made it.
            (None, Some(prior)) => prior.generation == next && question.skip >= next,
            _ => false,
        };
        match holder {
            None if question.skip < next => return Ok((dead, next)),
            Some(holder) if !is_ours && !holder.given_up => {
                let ago = target.age(&of_generation(next, "holder.json"))?;
                if ago.is_none_or(|ago| ago < LEASE) {
                    return Err(Stop::Held { by: holder.who, ago });
                }
            }
            _ => {}
        }
        dead.push(Dead { generation: next, manifest: manifest_of(target, next)?, is_ours });
        next += 1;
    }
}

/// Who makes a generation.
pub fn read_holder(target: &dyn Target, generation: u64) -> Result<Option<Holder>, Stop> {
    let path = of_generation(generation, "holder.json");
    let bytes = target.read(&path)?;
    // Half a holder is that of somebody who is just writing it.
    let unknown = || Holder { run: String::new(), who: "?".to_owned(), given_up: false };
    Ok(bytes.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_else(|_| unknown())))
}

/// What a generation has; `None` where its manifest was never put.
pub fn manifest_of(target: &dyn Target, generation: u64) -> Result<Option<Manifest>, Stop> {
    let path = of_generation(generation, "manifest.tsv");
    match target.read(&path)? {
        None => Ok(None),
        Some(bytes) => Manifest::read(&bytes).map(Some).ok_or(Stop::Damaged(path)),
    }
}

/// The names of the old bytes that a generation has kept.
fn kept_of(target: &dyn Target, generation: u64) -> Result<Vec<String>, Stop> {
    let bytes = target.read(&of_generation(generation, "kept.tsv"))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|line| super::manifest::is_hash(line)).map(str::to_owned).collect())
}

/// What is known of one path of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// Nothing of ours is there, and never was.
    Absent,
    /// This is there.
    There(&'a Entry),
    /// One of several files of ours is there, or none.
    Unsure,
}

impl Remote {
    /// What is at a path, from the manifests and from what the journal says of runs that were killed.
    pub fn known<'a>(&'a self, path: &str, prior: Option<&Prior>) -> Known<'a> {
        let base = self.base.files.get(path);
        let dead = self.dead.iter().filter_map(|dead| Some((dead.generation, dead.manifest.as_ref()?)));
        let begun: Vec<(u64, Option<&Entry>)> =
            dead.map(|(generation, manifest)| (generation, manifest.files.get(path))).collect();
        if begun.iter().all(|(_, entry)| *entry == base) {
            return match base {
                Some(entry) => Known::There(entry),
                None if self.leftovers.contains(path) => Known::Unsure,
                None => Known::Absent,
            };
        }
        // What the journal saw put is there unless a later run can have put something else.
        let Some(done) = prior.and_then(|prior| prior.done.get(path)) else { return Known::Unsure };
        let mut since = begun.iter().filter(|(generation, _)| *generation >= done.generation).map(|(_, entry)| *entry);
        match since.next_back().flatten() {
            Some(newest) if done.is(newest) && since.all(|entry| entry.is_some_and(|entry| done.is(entry))) => {
                Known::There(newest)
            }
            _ => Known::Unsure,
        }
    }

    /// Where the old bytes of a file of the base are safe, if a dead run has kept them.
    pub fn kept_by_the_dead(&self, hash: &str) -> Option<u64> {
        let whole = self.dead.iter().filter(|dead| dead.manifest.is_some());
        let has = |generation: &u64| self.kept.get(generation).is_some_and(|kept| kept.iter().any(|name| name == hash));
        whole.map(|dead| dead.generation).find(has)
    }

    /// The dead generation that this run can go on with: it is ours, the newest, and wants the same. One that has no
    /// manifest yet is left: what it has kept may be half of something.
    pub fn resumable(&self, wanted: &Manifest) -> Option<u64> {
        let newest = self.dead.last().filter(|dead| dead.is_ours)?;
        (newest.manifest.as_ref() == Some(wanted)).then_some(newest.generation)
    }
}
