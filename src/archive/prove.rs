//! Proves sealed years: in the archive, in the output, in a folder that came from elsewhere. And what stands behind a
//! proof: the log of the site, a printed code, or nothing.

use std::path::Path;

use crate::diagnostic::Text;
use crate::error::Result;
use crate::model::sealed::{Logged, version_folder};
use crate::seal::log::{self, Log};
use crate::seal::tree::{Folder, Tree};
use crate::seal::verify::{self, Difference, Proof, Scope};
use crate::source::Disk;

/// What is known of a seal from outside of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It says what the seal says.
    Holds,
    /// It says something else: the seal was made anew.
    Contradicts,
    /// There is none.
    None,
}

/// What a time-stamp token says of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// There is none.
    None,
    /// There is one, which this program cannot check.
    Unchecked,
    /// An authority has signed the code.
    Holds(Witness),
    /// It is not this seal's, or not what was signed; why.
    Broken(Text),
}

/// Who has signed a code, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The time in the token, in Beijing time: `2026-03-01 09:30:00`.
    pub at: String,
    /// The name in the signer's certificate.
    pub by: String,
    /// Whether the certificate comes from an authority that the reader trusts. If not, anybody can have made it.
    pub trusted: bool,
}

/// One year that was looked at.
#[derive(Debug)]
pub struct Finding {
    /// The year.
    pub year: i16,
    /// The version, where the tree says it or its place does.
    pub version: Option<u32>,
    /// Where it lies, as it was asked for.
    pub place: String,
    /// What was found in the tree.
    pub proof: Proof,
    /// The log of the site. It is changed as easily as the rest by whoever holds the site, but not unseen.
    pub log: Anchor,
    /// The line of the log that is not what it was.
    pub log_line: Option<usize>,
    /// A code or root that was printed.
    pub printed: Anchor,
    /// The time-stamp token beside the seal.
    pub stamp: Stamp,
    /// Where a package is not the one that its content makes.
    pub package: Vec<Text>,
}

impl Finding {
    /// Whether all is as it was sealed, as far as can be seen.
    pub fn is_sound(&self) -> bool {
        let anchors = [self.log, self.printed];
        let whole = self.proof.differences.is_empty() && self.package.is_empty();
        let contradicted = anchors.contains(&Anchor::Contradicts) || matches!(self.stamp, Stamp::Broken(_));
        whole && self.log_line.is_none() && !contradicted
    }

    /// Whether something outside of the site and its archive bears witness.
    pub fn has_outside_anchor(&self) -> bool {
        self.printed == Anchor::Holds || matches!(&self.stamp, Stamp::Holds(witness) if witness.trusted)
    }
}

impl Finding {
    /// Looks at a token, if there is one.
    pub(super) fn witnessed(&mut self, token: Option<Vec<u8>>, anchors: &Anchors) {
        let (Some(token), Some(code)) = (token, self.proof.code.as_deref()) else { return };
        #[cfg(feature = "net")]
        let stamp = super::stamp::check(&token, code, anchors.authorities.as_deref());
        #[cfg(not(feature = "net"))]
        let stamp = {
            let _ = (token, code, anchors);
            Stamp::Unchecked
        };
        self.stamp = stamp;
    }
}

/// What a seal is held against.
#[derive(Debug, Clone, Default)]
pub struct Anchors {
    /// The log, where one is at hand.
    pub log: Option<Log>,
    /// What was printed: the beginning, at least 16 digits, of a code or root.
    pub printed: Option<String>,
    /// A time-stamp token, where it does not stand beside the seal.
    pub token: Option<Vec<u8>>,
    /// Certificates (PEM) of the time-stamp authorities that the reader trusts.
    pub authorities: Option<Vec<u8>>,
}

/// Proves every version in the archive of a site, or those of one year.
pub fn archive(disk: &dyn Disk, site: &Path, year: Option<i16>, anchors: &Anchors) -> Result<Vec<Finding>> {
    let log = log::read(disk, site)?;
    let printed = anchors.printed.as_deref();
    let mut found = Vec::new();
    let wanted = log.entries.iter().filter(|entry| year.is_none_or(|year| entry.year == year));
    for entry in wanted {
        let place = version_folder(entry.year, entry.version);
        let folder = site.join(&place);
        let tree = Folder { disk, path: &folder };
        // A printed code is that of one version; the newest unless it is another's.
        let is_meant = printed.is_some_and(|printed| matches_entry(printed, entry)) || is_newest(&log, entry);
        let anchors = Anchors {
            log: Some(log.clone()),
            printed: printed.filter(|_| is_meant).map(str::to_owned),
            token: anchors.token.clone().filter(|_| is_newest(&log, entry)),
            authorities: anchors.authorities.clone(),
        };
        let mut finding = one(&tree, &place, entry.year, Scope::Whole, &anchors)?;
        if anchors.token.is_none() {
            let path = site.join(log::token(entry.year, entry.version));
            finding.witnessed(not_found_is_none(disk.read(&path))?, &anchors);
        }
        finding.version = Some(entry.version);
        finding.log = against_log(&log, entry.year, Some(entry.version), finding.proof.code.as_deref());
        if finding.log == Anchor::Holds && !follows(&finding, entry, &log) {
            finding.log = Anchor::Contradicts;
        }
        found.push(finding);
    }
    Ok(found)
}

fn is_newest(log: &Log, entry: &Logged) -> bool {
    !log.entries.iter().any(|other| other.year == entry.year && other.version > entry.version)
}

fn matches_entry(printed: &str, entry: &Logged) -> bool {
    entry.code.starts_with(printed) || entry.root.starts_with(printed)
}

/// Whether a tree is a site, in which a year is only a part, or the year alone.
pub fn scope(tree: &dyn Tree) -> Result<Scope> {
    let is_site = tree.read_whole("index.html")?.is_some() || tree.read_whole("catalogue.json")?.is_some();
    Ok(if is_site { Scope::Site } else { Scope::Whole })
}

/// Proves the years whose seals stand in a tree, or one of them. `place` is what it is called.
pub fn tree(tree: &dyn Tree, place: &str, year: Option<i16>, scope: Scope, anchors: &Anchors) -> Result<Vec<Finding>> {
    let years = match year {
        Some(year) => vec![year],
        None => verify::years(tree)?,
    };
    let one = |year| {
        let mut finding = one(tree, place, year, scope, anchors)?;
        // A site has the tokens of its newest versions at its root.
        if let (None, Some(version)) = (&anchors.token, finding.version) {
            finding.witnessed(tree.read_whole(&log::token(year, version))?, anchors);
        }
        Ok(finding)
    };
    years.into_iter().map(one).collect()
}

fn not_found_is_none(read: Result<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    match read {
        Err(error) if error.is_not_found() => Ok(None),
        read => read.map(Some),
    }
}

fn one(tree: &dyn Tree, place: &str, year: i16, scope: Scope, anchors: &Anchors) -> Result<Finding> {
    let proof = verify::prove(tree, year, scope)?;
    let version = proof.seal.as_ref().map(|seal| seal.version);
    let code = proof.code.as_deref();
    let printed = match (&anchors.printed, &proof.seal) {
        (None, _) => Anchor::None,
        (Some(printed), Some(seal)) => {
            let is = code.is_some_and(|code| code.starts_with(printed)) || seal.root.starts_with(printed);
            if is { Anchor::Holds } else { Anchor::Contradicts }
        }
        (Some(_), None) => Anchor::Contradicts,
    };
    let log = anchors.log.as_ref().map_or(Anchor::None, |log| against_log(log, year, version, code));
    let log_line = anchors.log.as_ref().and_then(|log| log.broken);
    let (place, stamp, package) = (place.to_owned(), Stamp::None, Vec::new());
    let mut finding = Finding { year, version, place, proof, log, log_line, printed, stamp, package };
    finding.witnessed(anchors.token.clone(), anchors);
    Ok(finding)
}

/// What the log says of a code; the chain must hold up to its end.
fn against_log(log: &Log, year: i16, version: Option<u32>, code: Option<&str>) -> Anchor {
    let entry = log.entries.iter().find(|entry| entry.year == year && Some(entry.version) == version);
    match (entry, code) {
        (Some(entry), Some(code)) if entry.code == code => Anchor::Holds,
        (None, _) if log.entries.is_empty() => Anchor::None,
        _ => Anchor::Contradicts,
    }
}

/// Whether a seal names the one before it in the log, which it does not where that was made anew.
fn follows(finding: &Finding, entry: &Logged, log: &Log) -> bool {
    let at = log.entries.iter().position(|other| other == entry);
    let before = at.and_then(|at| at.checked_sub(1)).map(|at| &log.entries[at].code);
    finding.proof.seal.as_ref().is_none_or(|seal| seal.previous.as_ref() == before)
}

/// A difference for programs: what it is, and of which file.
pub fn as_pair(difference: &Difference) -> (&'static str, String) {
    match difference {
        Difference::Changed(path) => ("changed", path.clone()),
        Difference::Missing(path) => ("missing", path.clone()),
        Difference::Added(path) => ("added", path.clone()),
        Difference::Renamed(from, to) => ("renamed", format!("{from} → {to}")),
        Difference::EmptyFolder(path) => ("empty-folder", path.clone()),
        Difference::NotAFile(path) => ("not-a-file", path.clone()),
        Difference::Unreadable(path, _) => ("unreadable", path.clone()),
        Difference::BrokenSeal(path) => ("broken-seal", path.clone()),
        Difference::NewerSeal(path) => ("newer-seal", path.clone()),
        Difference::OtherRoot(path) => ("other-root", path.clone()),
    }
}
