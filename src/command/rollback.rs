//! `gongkai rollback`: an earlier publish stands again, from what the target itself has kept.

use super::Ending;
use super::publish::{Asking, Wish, carry_out, options, public, unchanged};
use super::published::stopped;
use super::target;
use crate::cli::Rollback;
use crate::diagnostic::Language;
use crate::publish::address::Address;
use crate::publish::target::Over;
use crate::publish::{Stop, connect, rollback};
use crate::text;

/// Runs the verb.
pub(super) fn run(asked: &Rollback, language: Language) -> Ending {
    let at = &asked.at;
    let destination = match target::find(&asked.site, at.target.as_deref(), language) {
        Ok(destination) => destination,
        Err(ending) => return ending,
    };
    if let Address::Zip(_) = destination.address {
        let why = text!("zip 文件没有以前的版本", "a zip file has no earlier generation");
        return stopped(&Stop::Settings(why), at.json, language);
    }
    let target = match connect::connect(&destination.address, &destination.access(language)) {
        Ok(target) => target,
        Err(stop) => return stopped(&stop, at.json, language),
    };
    let (generation, local) = match rollback::earlier(&*target, asked.to) {
        Ok(earlier) => earlier,
        Err(stop) => return stopped(&stop, at.json, language),
    };
    let wish = Wish {
        destination: &destination,
        folder: &asked.site.join("public"),
        own: &asked.site.join(".gongkai/publish"),
        options: options(destination.entry.keep, Over::Nothing, at),
        // Whoever goes back wants what is newer to be gone.
        asking: Asking { yes: at.yes, dry_run: at.dry_run, json: at.json, max_deletes: Some(usize::MAX) },
        public: public(at, &asked.site, &destination),
        unchanged: unchanged(at),
        notes: Some(text!("现在是第 {generation} 次发布的内容", "it now shows what publish {generation} showed")),
    };
    carry_out(&wish, &*target, &local, language)
}
