//! `gongkai rollback`: an earlier publish stands again, from what the target itself has kept.

use super::Ending;
use super::publish::{Asking, Unchanged, Wish, carry_out, options};
use super::published::stopped;
use super::target;
use crate::cli::Rollback;
use crate::diagnostic::Language;
use crate::publish::address::Address;
use crate::publish::plan::Locking;
use crate::publish::target::Over;
use crate::publish::{Stop, connect, rollback};
use crate::text;

/// Runs the verb.
pub(super) fn run(asked: &Rollback, language: Language) -> Ending {
    let destination = match target::find(&asked.site, asked.target.as_deref(), language) {
        Ok(destination) => destination,
        Err(ending) => return ending,
    };
    if let Address::Zip(_) = destination.address {
        let why = text!("zip 文件没有以前的版本", "a zip file has no earlier generation");
        return stopped(&Stop::Settings(why), asked.json, language);
    }
    let target = match connect::connect(&destination.address, &destination.access(language)) {
        Ok(target) => target,
        Err(stop) => return stopped(&stop, asked.json, language),
    };
    let (generation, local) = match rollback::earlier(&*target, asked.to) {
        Ok(earlier) => earlier,
        Err(stop) => return stopped(&stop, asked.json, language),
    };
    let locking = if asked.unlocked { Locking::Unlocked } else { Locking::Proven };
    let wish = Wish {
        destination: &destination,
        folder: &asked.site.join("public"),
        own: &asked.site.join(".gongkai/publish"),
        options: options(destination.entry.keep, Over::Nothing, locking),
        // Whoever goes back wants what is newer to be gone.
        asking: Asking { yes: asked.yes, dry_run: asked.dry_run, json: asked.json, max_deletes: Some(usize::MAX) },
        public: target::public_address(&asked.site, &destination, asked.base_url.as_deref())
            .filter(|_| !asked.no_verify)
            .filter(|(_, named)| *named || asked.verify)
            .map(|(url, _)| url),
        unchanged: if asked.verify { Unchanged::Verified } else { Unchanged::Trusted },
        notes: Some(text!("现在是第 {generation} 次发布的内容", "it now shows what publish {generation} showed")),
    };
    carry_out(&wish, &*target, &local, language)
}
