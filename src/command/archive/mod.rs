//! `gongkai archive`: seal, amend, stamp, verify, export.

mod exported;
mod made;
mod stamped;
mod verified;

use super::Ending;
use crate::cli::{Archive, ArchiveVerb};
use crate::diagnostic::Language;

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
