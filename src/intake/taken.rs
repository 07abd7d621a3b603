//! What each source gave, kept between two looks: a source that did not change is not read again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::{LARGEST_SOURCE, document, too_large};
use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic, Severity};
use crate::discover::Sources;
use crate::error::Result;
use crate::model::document::Document;
use crate::source::{Clock, Disk, Stamp};

/// What all sources gave, in the order of their paths.
#[derive(Default)]
pub struct Taken {
    sources: Vec<Source>,
    /// Settings and day that the sources were read under.
    under: u128,
    /// What the next look has to look at.
    open: Open,
    /// Numbers of the sources that have an error, are drafts, or of which something was noticed: few among many, so
    /// that nobody walks over a hundred thousand sources for them.
    marked: BTreeSet<usize>,
}

/// Which sources may be others than at the last look.
#[derive(Default)]
enum Open {
    /// Any of them, and there may be other ones.
    #[default]
    All,
    /// Those with these numbers.
    These(Vec<usize>),
}

/// What came of reading one source.
struct Read {
    hash: u128,
    /// Files that it names and that are not there.
    missing: Vec<Arc<str>>,
    checked: Checked<Option<Document>>,
}

/// What one source gave, and what that was made from.
struct Source {
    path: Arc<str>,
    /// How the file looked when it was read; none where it is to be read again.
    stamp: Option<Stamp>,
    /// Hash of its bytes.
    hash: u128,
    /// Files that it names: those that were there, and those that were not.
    found: Vec<Arc<str>>,
    missing: Vec<Arc<str>>,
    document: Option<Arc<Document>>,
    diagnostics: Vec<Diagnostic>,
    faulty: bool,
    draft: bool,
}

/// What a look found to be another than at the last.
#[derive(Debug, Default)]
pub struct News {
    /// Sources that are new, have other bytes or are read in another way.
    pub changed: Vec<Arc<str>>,
    /// Sources that are gone.
    pub gone: Vec<Arc<str>>,
    /// Documents that have become others and were published before.
    pub newer: Vec<Arc<Document>>,
    /// Whether there are more or fewer documents to publish than before.
    pub others: bool,
}

impl Taken {
    /// Reads what has changed since the last look, on all cores. `tick` is called once for each source read.
    pub fn look(
        &mut self,
        (disk, site): (&dyn Disk, &Path),
        sources: &Sources,
        (config, settings): (&Config, u128),
        clock: Clock,
        tick: &(dyn Fn() + Sync),
    ) -> Result<News> {
        let mut news = News::default();
        let today = clock.today();
        let under = settings ^ xxhash_rust::xxh3::xxh3_128(format!("{today}").as_bytes());
        let same_rules = self.under == under;
        // After a look that breaks off all of them are open.
        let numbers: Vec<usize> = match std::mem::take(&mut self.open) {
            Open::These(numbers) if same_rules => numbers.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
            _ => {
                self.align(sources, &mut news);
                self.marked.clear();
                (0..self.sources.len()).collect()
            }
        };
        let outdated = |&&number: &&usize| {
            let source = &self.sources[number];
            !same_rules || source.stamp != Some(sources.documents[number].1) || !source.holds(sources)
        };
        let looked = numbers.par_iter().filter(outdated).map_init(Vec::new, |bytes, &number| {
            tick();
            let (source, (path, stamp)) = (&self.sources[number], &sources.documents[number]);
            if stamp.length > LARGEST_SOURCE {
                let checked = Checked::new(None, vec![too_large(path, stamp.length)]);
                return Ok((number, Some(Read { hash: 0, missing: Vec::new(), checked })));
            }
            disk.read_into(&site.join(&**path), bytes)?;
            let hash = xxhash_rust::xxh3::xxh3_128(bytes);
            if same_rules && source.stamp.is_some() && hash == source.hash && source.holds(sources) {
                return Ok((number, None));
            }
            let mut missing = Vec::new();
            let checked = document(path, (bytes, hash), sources, config, clock, &mut missing);
            Ok((number, Some(Read { hash, missing, checked })))
        });
        let looked: Vec<_> = looked.collect::<Result<_>>()?;
        for (number, read) in looked {
            let source = &mut self.sources[number];
            source.stamp = Some(sources.documents[number].1);
            // It may have been written anew with the bytes that it had.
            let Some(Read { hash, missing, checked }) = read else { continue };
            let before = source.document.clone();
            if !same_rules {
                // What was good under other settings may mean nothing under these.
                (source.document, source.draft) = (None, false);
            }
            source.put(checked);
            (source.hash, source.missing) = (hash, missing);
            news.changed.push(source.path.clone());
            let published = |document: Option<Arc<Document>>| document.filter(|document| !document.head.draft);
            match (published(before), published(source.document.clone())) {
                (Some(before), Some(now)) if before != now => news.newer.push(now),
                (before, now) => news.others |= before.is_some() != now.is_some(),
            }
        }
        for number in numbers {
            match self.sources[number].is_marked() {
                true => self.marked.insert(number),
                false => self.marked.remove(&number),
            };
        }
        (self.open, self.under) = (Open::These(Vec::new()), under);
        Ok(news)
    }

    /// Lets this source be read at the next look, whatever the file system says of it.
    pub fn doubt(&mut self, path: &str) {
        if let Ok(number) = self.sources.binary_search_by(|source| (*source.path).cmp(path)) {
            // Another stamp than any file has, so that the bytes are compared.
            self.sources[number].stamp = self.sources[number].stamp.map(|_| Stamp::default());
            if let Open::These(numbers) = &mut self.open {
                numbers.push(number);
            }
        }
    }

    /// Lets the next look go over all sources. To be called whenever there are other documents or files than at the
    /// last; which of the sources are read depends on what the file system says of them.
    pub fn doubt_all(&mut self) {
        self.open = Open::All;
    }

    /// Documents without an error, drafts left out. A source that has an error now stands in with its last good
    /// document, where one is known.
    pub fn documents(&self) -> Vec<Arc<Document>> {
        self.sources.iter().filter(|source| !source.draft).filter_map(|source| source.document.clone()).collect()
    }

    /// Every file that some source names; of a source that has an error now, those that it named before too.
    pub fn named(&self) -> BTreeSet<&Arc<str>> {
        let before =
            self.sources.iter().filter_map(|source| source.document.as_ref()).flat_map(|document| &document.files);
        self.sources.iter().flat_map(|source| &source.found).chain(before).collect()
    }

    /// Paths of the sources that have an error.
    pub fn faulty(&self) -> Vec<Arc<str>> {
        self.marked().filter(|source| source.faulty).map(|source| source.path.clone()).collect()
    }

    /// How many drafts were left out.
    pub fn drafts(&self) -> usize {
        self.marked().filter(|source| source.draft).count()
    }

    /// Everything that was noticed in the sources.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.marked().flat_map(|source| &source.diagnostics).cloned().collect()
    }

    fn marked(&self) -> impl Iterator<Item = &Source> {
        self.marked.iter().map(|&number| &self.sources[number])
    }

    /// Makes one entry for each source, keeping those that there were.
    fn align(&mut self, sources: &Sources, news: &mut News) {
        let same = |(source, (path, _)): (&Source, &(Arc<str>, Stamp))| {
            Arc::ptr_eq(&source.path, path) || source.path == *path
        };
        if self.sources.len() == sources.documents.len() && self.sources.iter().zip(&sources.documents).all(same) {
            return;
        }
        let mut old = std::mem::take(&mut self.sources).into_iter().peekable();
        let gone = |source: Source, news: &mut News| {
            news.others |= source.document.is_some();
            news.gone.push(source.path);
        };
        for (path, _) in &sources.documents {
            while let Some(source) = old.next_if(|source| source.path < *path) {
                gone(source, news);
            }
            self.sources.push(old.next_if(|source| source.path == *path).unwrap_or_else(|| Source::new(path)));
        }
        old.for_each(|source| gone(source, news));
    }
}

impl Source {
    fn new(path: &Arc<str>) -> Self {
        let (path, stamp, hash) = (path.clone(), None, 0);
        let (found, missing, diagnostics) = (Vec::new(), Vec::new(), Vec::new());
        Self { path, stamp, hash, found, missing, document: None, diagnostics, faulty: false, draft: false }
    }

    /// Whether the files that it names are there, or not there, as they were when it was read.
    fn holds(&self, sources: &Sources) -> bool {
        !self.missing.iter().any(|file| sources.files.contains_key(file))
            && self.found.iter().all(|file| sources.files.contains_key(file))
    }

    fn is_marked(&self) -> bool {
        self.faulty || self.draft || !self.diagnostics.is_empty()
    }

    fn put(&mut self, checked: Checked<Option<Document>>) {
        self.faulty = checked.diagnostics.iter().any(|fault| fault.severity == Severity::Error);
        self.diagnostics = checked.diagnostics;
        self.found = checked.value.as_ref().map(|document| document.files.clone()).unwrap_or_default();
        if !self.faulty {
            self.draft = checked.value.as_ref().is_some_and(|document| document.head.draft);
            self.document = checked.value.map(Arc::new);
        }
    }
}
