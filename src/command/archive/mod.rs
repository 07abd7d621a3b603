//! `gongkai archive`: seal, amend, stamp, verify, export.

mod exported;
mod made;
mod stamped;
mod verified;

use super::{Ending, failed};
use crate::cli::{Archive, ArchiveVerb, SealedVersion};
use crate::diagnostic::Language;
use crate::model::sealed::Logged;
use crate::seal::log;
use crate::source::RealDisk;
use crate::text;

/// Runs the verb.
pub(super) fn run(asked: &Archive, language: Language) -> Ending {
    match &asked.verb {
        ArchiveVerb::Seal(asked) => made::seal(asked, language),
        ArchiveVerb::Amend(asked) => made::amend(asked, language),
        ArchiveVerb::Verify(asked) => verified::run(asked, language),
        ArchiveVerb::Stamp(asked) => stamped::run(asked, language),
        ArchiveVerb::Export(asked) => exported::run(asked, language),
    }
}

/// What the log says of the version that is meant; says so where there is none.
fn chosen(asked: &SealedVersion, language: Language) -> Result<Logged, Ending> {
    let log = log::read(&RealDisk, &asked.site).map_err(|error| failed(&error, language))?;
    let versions = log.versions(asked.year).into_iter().rev();
    let mut wanted = versions.filter(|entry| asked.of_version.is_none_or(|version| entry.version == version));
    wanted.next().ok_or_else(|| {
        let year = asked.year;
        let said =
            text!("错误：{year}年度没有归档，或没有这一版", "error: {year} is not sealed, or has no such version");
        eprintln!("{}", said.in_language(language));
        Ending::Failed
    })
}
