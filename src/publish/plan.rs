//! The difference between what a target has and what it should have, as the very requests that will be made. A dry
//! run prints this value; a real run carries it out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::journal::Prior;
use super::local::{Local, Origin};
use super::manifest::Entry;
use super::order::{Stage, stage};
use super::packing;
use super::remote::{CURRENT, Current, FORMAT, Holder, Known, Remote, folder_of, of_generation};
use super::request::{Group, PutRequest, Request};
use super::target::{Abilities, Over, holder_scratch};

/// Everything that a run will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The generation that will stand.
    pub generation: u64,
    /// Whether a run that was broken off goes on.
    pub resumes: bool,
    /// How often this run was begun before.
    pub attempt: usize,
    /// What is done, in this order.
    pub groups: Vec<Group>,
    /// What it comes to.
    pub summary: Summary,
    /// Files whose bytes or headers will be others, with what stood there before; for looking at the public address
    /// afterwards.
    pub changed: BTreeMap<String, Option<Entry>>,
    /// Files that will be gone.
    pub removed: BTreeMap<String, Option<Entry>>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that the generation has.
    pub files: usize,
    /// Of them, those that are new.
    pub new: usize,
    /// Of them, those that replace others or go up again.
    pub replaced: usize,
    /// Files that are removed.
    pub removed: usize,
    /// Files of the generation that stands now.
    pub before: usize,
    /// Bytes to put, before compression.
    pub bytes: u64,
}

/// How a plan is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of this run.
    pub run: String,
    /// The person and machine that publish.
    pub who: String,
    /// The day.
    pub day: String,
    /// How many earlier generations can be restored.
    pub keep: usize,
    /// What may stand where new files go.
    pub over: Over,
    /// Whether the target has to keep publishers apart.
    pub locking: Locking,
}

impl Options {
    /// Who makes the generation.
    pub fn holder(&self) -> Holder {
        Holder { run: self.run.clone(), who: self.who.clone(), given_up: false }
    }
}

/// Whether a target has to keep two publishers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locking {
    /// It has to prove that it does.
    Proven,
    /// It need not.
    Unlocked,
}

/// Plans a run; `None` where nothing is to be done.
pub fn plan(
    remote: &Remote,
    local: &Local,
    prior: Option<&Prior>,
    abilities: Abilities,
    options: &Options,
) -> Option<Plan> {
    if remote.is_same {
        return None;
    }
    let resumed = remote.resumable(&local.manifest);
    let generation = resumed.unwrap_or(remote.next);
    let draft = Draft { remote, local, prior, abilities, options, generation, resumes: resumed.is_some() };
    Some(draft.plan())
}

struct Draft<'a> {
    remote: &'a Remote,
    local: &'a Local,
    prior: Option<&'a Prior>,
    abilities: Abilities,
    options: &'a Options,
    generation: u64,
    resumes: bool,
}

impl Draft<'_> {
    fn plan(&self) -> Plan {
        let mut sends: Vec<(&str, &Entry, Known<'_>)> = Vec::new();
        for (path, entry) in &self.local.manifest.files {
            match self.remote.known(path, self.prior) {
                Known::There(there) if there.is_same(entry) => {}
                known => sends.push((path, entry, known)),
            }
        }
        let removed = self.removed();
        let mut groups = self.claim();
        groups.extend(self.prepare(&sends, &removed));
        groups.extend(self.contents(&sends));
        groups.push(self.watch(Stage::Switch));
        groups.push(one(Stage::Switch, self.current(self.untidy(&removed), self.forgotten())));
        groups.extend(self.remove(&removed));
        groups.extend(self.tidy(&removed));
        let is_new = |known: &Known<'_>| *known == Known::Absent;
        let new = sends.iter().filter(|(.., known)| is_new(known)).count();
        Plan {
            generation: self.generation,
            resumes: self.resumes,
            attempt: self.attempt(),
            summary: Summary {
                files: self.local.manifest.files.len(),
                new,
                replaced: sends.len() - new,
                removed: removed.len(),
                before: self.remote.base.files.len(),
                bytes: sends.iter().map(|(_, entry, _)| entry.size).sum(),
            },
            changed: sends.iter().map(|(path, ..)| ((*path).to_owned(), self.before(path))).collect(),
            removed: removed.iter().map(|path| ((*path).to_owned(), self.before(path))).collect(),
            groups: groups.into_iter().filter(|group| !group.units.is_empty()).collect(),
        }
    }

    fn attempt(&self) -> usize {
        self.prior.map_or(0, |prior| prior.attempts)
    }

    fn before(&self, path: &str) -> Option<Entry> {
        self.remote.base.files.get(path).cloned()
    }

    /// What earlier generations of ours put there and this one does not have.
    fn removed(&self) -> BTreeSet<&str> {
        let dead = self.remote.dead.iter().filter_map(|dead| dead.manifest.as_ref());
        let begun = dead.flat_map(|manifest| manifest.files.keys());
        let ours = self.remote.base.files.keys().chain(&self.remote.leftovers).chain(begun);
        ours.map(String::as_str).filter(|path| !self.local.manifest.files.contains_key(*path)).collect()
    }

    fn claim(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        if self.resumes {
            // It is claimed; somebody is at it again.
            let path = of_generation(self.generation, "holder.json");
            groups.push(one(Stage::Claim, own(path, self.options.holder().text())));
            return groups;
        }
        if self.remote.current.is_none() && self.abilities.has_folders {
            for folder in ["", ".gongkai", ".gongkai/gen", ".gongkai/tmp"] {
                groups.push(one(Stage::Claim, Request::MakeFolder(folder.to_owned())));
            }
        }
        groups.push(one(Stage::Claim, Request::Claim(self.generation)));
        if self.options.locking == Locking::Proven {
            // A server that lets a folder be made twice does not keep publishers apart.
            groups.push(one(Stage::Claim, Request::Claim(self.generation)));
        }
        groups
    }

    /// Makes folders, keeps old bytes, and says what may be touched from now on.
    fn prepare(&self, sends: &[(&str, &Entry, Known<'_>)], removed: &BTreeSet<&str>) -> Vec<Group> {
        let mut groups = vec![self.watch(Stage::Prepare)];
        let there = folders(self.remote.base.files.keys().map(String::as_str));
        let mut missing: BTreeSet<String> = folders(sends.iter().map(|(path, ..)| *path));
        missing.retain(|folder| !there.contains(folder));
        let replaced = sends.iter().map(|(path, ..)| *path).chain(removed.iter().copied());
        let old: BTreeMap<&str, &str> =
            replaced.filter_map(|path| Some((self.remote.base.files.get(path)?.hash.as_str(), path))).collect();
        let keeps = !self.resumes && !old.is_empty();
        if keeps {
            missing.insert(of_generation(self.generation, "old"));
        }
        if self.abilities.has_folders {
            for depth in by_depth(missing) {
                let units = depth.into_iter().map(|folder| vec![Request::MakeFolder(folder)]);
                groups.push(Group { stage: Stage::Prepare, units: units.collect() });
            }
        }
        if keeps {
            let names: String = old.keys().map(|hash| format!("{hash}\n")).collect();
            groups.push(one(Stage::Prepare, own(of_generation(self.generation, "kept.tsv"), names)));
            let units = old.iter().map(|(hash, path)| {
                let from = match self.remote.kept_by_the_dead(hash) {
                    Some(dead) => of_generation(dead, &format!("old/{hash}")),
                    None => (*path).to_owned(),
                };
                vec![Request::Keep(from, of_generation(self.generation, &format!("old/{hash}")))]
            });
            groups.push(Group { stage: Stage::Prepare, units: units.collect() });
        }
        if !self.resumes {
            let text = self.local.manifest.write();
            groups.push(one(Stage::Prepare, own(of_generation(self.generation, "manifest.tsv"), text)));
        }
        groups
    }

    /// The files themselves, a group a stage.
    fn contents(&self, sends: &[(&str, &Entry, Known<'_>)]) -> Vec<Group> {
        let mut stages: BTreeMap<Stage, BTreeMap<&str, Vec<Request>>> = BTreeMap::new();
        for (path, entry, known) in sends {
            let is_new = !self.remote.base.files.contains_key(*path);
            let over = match known {
                Known::Absent => self.options.over,
                _ => Over::Ours,
            };
            let put = PutRequest {
                path: (*path).to_owned(),
                origin: self.local.origins[*path].clone(),
                entry: Some((*entry).clone()),
                over,
            };
            // A sibling goes with its source. Its path is longer, so that it comes behind.
            let unit = packing::source_of(path).filter(|source| self.local.manifest.files.contains_key(*source));
            let units = stages.entry(stage(entry.role, is_new)).or_default();
            units.entry(unit.unwrap_or(path)).or_default().push(Request::Put(put));
        }
        let groups = stages
            .into_iter()
            .flat_map(|(stage, units)| [self.watch(stage), Group { stage, units: units.into_values().collect() }]);
        groups.collect()
    }

    fn watch(&self, stage: Stage) -> Group {
        one(stage, Request::Watch(self.generation + 1))
    }

    /// The generations whose files may lie there when this one begins to stand.
    fn untidy(&self, removed: &BTreeSet<&str>) -> Vec<u64> {
        if removed.is_empty() {
            return Vec::new();
        }
        let current = self.remote.current.as_ref();
        let before = current.map(|current| current.generation).into_iter();
        let earlier = current.map(|current| current.untidy.clone()).unwrap_or_default();
        let dead = self.remote.dead.iter().map(|dead| dead.generation);
        let all: BTreeSet<u64> = before.chain(earlier).chain(dead).filter(|&old| old != self.generation).collect();
        all.into_iter().collect()
    }

    fn history(&self) -> Vec<u64> {
        let Some(current) = &self.remote.current else { return Vec::new() };
        let all = std::iter::once(current.generation).chain(current.history.iter().copied());
        all.take(self.options.keep).collect()
    }

    /// Generations whose records are removed at the end: those that are too old, and those that died.
    fn forgotten(&self) -> Vec<u64> {
        self.remote.kept.keys().copied().filter(|&generation| generation != self.generation).collect()
    }

    fn current(&self, untidy: Vec<u64>, forgotten: Vec<u64>) -> Request {
        let current = Current {
            format: FORMAT,
            generation: self.generation,
            manifest: self.local.manifest.hash(),
            run: self.options.run.clone(),
            day: self.options.day.clone(),
            untidy,
            history: self.history(),
            forgotten,
        };
        own(CURRENT.to_owned(), serde_json::to_string_pretty(&current).expect("plain data"))
    }

    /// Siblings go before their source: a server would hand out one whose source is gone.
    fn remove(&self, removed: &BTreeSet<&str>) -> Vec<Group> {
        let mut units: BTreeMap<&str, Vec<Request>> = BTreeMap::new();
        for path in removed.iter().rev() {
            let unit = packing::source_of(path).filter(|source| removed.contains(source));
            units.entry(unit.unwrap_or(path)).or_default().push(Request::Remove((*path).to_owned()));
        }
        let mut groups = vec![Group { stage: Stage::Remove, units: units.into_values().collect() }];
        if self.abilities.removes_folders {
            let used = folders(self.local.manifest.files.keys().map(String::as_str));
            let mut empty = folders(removed.iter().copied());
            empty.retain(|folder| !used.contains(folder));
            groups.extend(by_depth(empty).into_iter().rev().map(|depth| remove_folders(Stage::Remove, depth)));
        }
        groups
    }

    /// Forgets generations that are too old and those that died, and says that nothing is left over.
    fn tidy(&self, removed: &BTreeSet<&str>) -> Vec<Group> {
        let forgotten = self.forgotten();
        let mut files = Vec::new();
        let mut olds = Vec::new();
        for &generation in &forgotten {
            let kept = &self.remote.kept[&generation];
            files.extend(kept.iter().map(|hash| of_generation(generation, &format!("old/{hash}"))));
            files.extend(["kept.tsv", "manifest.tsv", "holder.json"].map(|name| of_generation(generation, name)));
            if !kept.is_empty() {
                olds.push(of_generation(generation, "old"));
            }
        }
        // What runs that were killed were just writing.
        for dead in &self.remote.dead {
            files.push(holder_scratch(&folder_of(dead.generation)));
            let attempts = if dead.is_ours { self.attempt() } else { 1 };
            for attempt in 0..attempts {
                files.extend((0..self.abilities.at_once).map(|worker| scratch(dead.generation, attempt, worker)));
            }
        }
        let units = files.into_iter().map(|path| vec![Request::Remove(path)]).collect();
        let mut groups = vec![Group { stage: Stage::Tidy, units }];
        if self.abilities.removes_folders {
            groups.push(remove_folders(Stage::Tidy, olds));
            groups.push(remove_folders(Stage::Tidy, forgotten.iter().copied().map(folder_of).collect()));
        }
        if !removed.is_empty() || !forgotten.is_empty() {
            groups.push(one(Stage::Tidy, self.current(Vec::new(), Vec::new())));
        }
        groups
    }
}

/// The file that a worker writes before it gets its name. A server may still be busy with the last requests of a run
/// that was killed, so that no attempt writes the files of another.
pub fn scratch(generation: u64, attempt: usize, worker: usize) -> String {
    format!(".gongkai/tmp/{generation}-{attempt}-{worker}")
}

fn own(path: String, text: String) -> Request {
    Request::Put(PutRequest { path, origin: Origin::Text(text), entry: None, over: Over::Ours })
}

fn one(stage: Stage, request: Request) -> Group {
    Group { stage, units: vec![vec![request]] }
}

fn remove_folders(stage: Stage, folders: Vec<String>) -> Group {
    Group { stage, units: folders.into_iter().map(|folder| vec![Request::RemoveFolder(folder)]).collect() }
}

/// The folders that files lie in, with all above them.
fn folders<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for path in paths {
        let mut rest = path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if !all.insert(folder.to_owned()) {
                break;
            }
            rest = folder;
        }
    }
    all
}

/// Folders by their depth, the highest first.
fn by_depth(folders: BTreeSet<String>) -> Vec<Vec<String>> {
    let mut depths: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for folder in folders {
        depths.entry(folder.matches('/').count()).or_default().push(folder);
    }
    depths.into_values().collect()
}

impl Plan {
    /// All requests as lines, each with its stage.
    pub fn lines(&self) -> Vec<(Stage, String)> {
        let of = |group: &Group| {
            let stage = group.stage;
            group.units.iter().flatten().map(move |request| (stage, request.to_string())).collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(of).collect()
    }
}
