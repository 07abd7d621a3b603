//! A target in memory, for tests: writes down every request, and fails on request, before a request takes effect or
//! between its effect and its answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target};
use crate::diagnostic::cause;

/// A target in memory.
pub struct Double {
    abilities: Abilities,
    state: Mutex<State>,
}

/// A file with its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its headers.
    pub headers: String,
    /// When it was put.
    written: Duration,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Stored>,
    folders: BTreeSet<String>,
    log: Vec<String>,
    sent: u64,
    now: Duration,
    cut: Option<(usize, Moment)>,
    refuse: Option<String>,
}

/// When a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the request has any effect.
    Before,
    /// After its effect, before its answer.
    After,
}

impl Double {
    /// An empty target that can do so much.
    pub fn new(abilities: Abilities) -> Self {
        Self { abilities, state: Mutex::default() }
    }

    /// Like a server with folders that serves no headers.
    pub fn like_a_server() -> Self {
        Self::new(Abilities { has_folders: true, removes_folders: true, claims: true, at_once: 3 })
    }

    /// Like an object storage.
    pub fn like_a_store() -> Self {
        Self::new(Abilities { has_folders: false, removes_folders: false, claims: true, at_once: 3 })
    }

    /// Puts a file of somebody else there.
    pub fn put_foreign(&self, path: &str, bytes: &[u8]) {
        let stored = Stored { bytes: bytes.to_owned(), headers: String::new(), written: Duration::ZERO };
        self.lock().files.insert(path.to_owned(), stored);
    }

    /// Everything that is there.
    pub fn files(&self) -> BTreeMap<String, Stored> {
        self.lock().files.clone()
    }

    /// Everything outside the target's own folder.
    pub fn public(&self) -> BTreeMap<String, Vec<u8>> {
        let public = |(path, stored): (&String, &Stored)| {
            (!path.starts_with(".gongkai/")).then(|| (path.clone(), stored.bytes.clone()))
        };
        self.lock().files.iter().filter_map(public).collect()
    }

    /// The requests since the last call, as [`super::request::Request`] shows them, and the bytes that were put.
    pub fn take_log(&self) -> (Vec<String>, u64) {
        let mut state = self.lock();
        (std::mem::take(&mut state.log), std::mem::take(&mut state.sent))
    }

    /// Lets the connection break at the n-th request from now, and everything fail from then on; `None` mends it.
    pub fn cut_at(&self, cut: Option<(usize, Moment)>) {
        let mut state = self.lock();
        state.cut = cut.map(|(n, moment)| (state.log.len() + n, moment));
    }

    /// Refuses every request whose line holds these words.
    pub fn refuse(&self, words: Option<&str>) {
        self.lock().refuse = words.map(str::to_owned);
    }

    /// Lets time pass.
    pub fn wait(&self, time: Duration) {
        self.lock().now += time;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("a test panicked while it held the target")
    }

    fn ask<T>(&self, deed: Deed, path: &str, line: String, act: impl FnOnce(&mut State) -> Answer<T>) -> Answer<T> {
        let mut state = self.lock();
        let number = state.log.len();
        let lost = || Fault::new(deed, path, Reason::Lost, cause::own("the connection broke"));
        let refused = state.refuse.as_ref().is_some_and(|words| line.contains(words));
        state.log.push(line);
        if refused {
            return Err(Fault::new(deed, path, Reason::Denied, cause::own("403")));
        }
        match state.cut {
            Some((at, moment)) if number > at || number == at && moment == Moment::Before => Err(lost()),
            Some((at, _)) if number == at => {
                act(&mut state)?;
                Err(lost())
            }
            _ => act(&mut state),
        }
    }

    fn has_parent(&self, state: &State, path: &str) -> bool {
        !self.abilities.has_folders || path.rsplit_once('/').is_none_or(|(folder, _)| state.folders.contains(folder))
    }
}

fn no_folder(deed: Deed, path: &str) -> Fault {
    Fault::new(deed, path, Reason::Other, cause::own("no such folder"))
}

impl State {
    fn store(&mut self, path: &str, bytes: &[u8], headers: &str) {
        let stored = Stored { bytes: bytes.to_owned(), headers: headers.to_owned(), written: self.now };
        self.files.insert(path.to_owned(), stored);
    }
}

impl Target for Double {
    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        let act = |state: &mut State| Ok(state.files.get(path).map(|stored| stored.bytes.clone()));
        self.ask(Deed::Read, path, format!("read {path}"), act)
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        self.ask(Deed::MakeFolder, folder, format!("claim {folder}"), |state| {
            let path = format!("{folder}/holder.json");
            if !self.has_parent(state, folder) {
                return Err(no_folder(Deed::MakeFolder, folder));
            }
            if self.abilities.claims && (state.folders.contains(folder) || state.files.contains_key(&path)) {
                return Ok(Claim::Taken);
            }
            state.folders.insert(folder.to_owned());
            state.store(&path, holder, "");
            Ok(Claim::Made)
        })
    }

    fn make_folder(&self, folder: &str) -> Answer<()> {
        self.ask(Deed::MakeFolder, folder, format!("folder {folder}"), |state| {
            if !self.has_parent(state, folder) {
                return Err(no_folder(Deed::MakeFolder, folder));
            }
            state.folders.insert(folder.to_owned());
            Ok(())
        })
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        self.ask(Deed::Put, put.path, format!("put {}", put.path), |state| {
            if !self.has_parent(state, put.path) {
                return Err(no_folder(Deed::Put, put.path));
            }
            if put.over == Over::Nothing && state.files.contains_key(put.path) {
                return Err(Fault::foreign(put.path));
            }
            if !put.path.starts_with(".gongkai/") {
                state.sent += put.bytes.len() as u64;
            }
            state.store(put.path, put.bytes, put.headers);
            Ok(())
        })
    }

    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        self.ask(Deed::Keep, from, format!("keep {from} {to}"), |state| {
            let Some(stored) = state.files.get(from).cloned() else { return Ok(()) };
            if !self.has_parent(state, to) {
                return Err(no_folder(Deed::Keep, to));
            }
            state.files.insert(to.to_owned(), stored);
            Ok(())
        })
    }

    fn remove(&self, path: &str) -> Answer<()> {
        self.ask(Deed::Remove, path, format!("remove {path}"), |state| {
            state.files.remove(path);
            Ok(())
        })
    }

    fn remove_folder(&self, folder: &str) -> Answer<()> {
        self.ask(Deed::Remove, folder, format!("remove-folder {folder}"), |state| {
            let inside = format!("{folder}/");
            let is_empty = !state.files.keys().chain(&state.folders).any(|path| path.starts_with(&inside));
            if is_empty {
                state.folders.remove(folder);
            }
            Ok(())
        })
    }

    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        let act = |state: &mut State| Ok(state.files.get(path).map(|stored| state.now.saturating_sub(stored.written)));
        self.ask(Deed::Read, path, format!("age {path}"), act)
    }
}
