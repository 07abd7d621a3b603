//! Whether a site is fit to be published: built, and checked without errors; and whether that is known from before.

use std::io::{self, IsTerminal};
use std::path::Path;

use super::Ending;
use super::progress::Bar;
use super::publish::{Unchanged, Wish};
use super::published::complain;
use crate::build::{self, Request};
use crate::cli::Publish;
use crate::diagnostic::show::{self, Colour};
use crate::diagnostic::{Diagnostic, Language, Severity, Text};
use crate::error::Result;
use crate::output::Written;
use crate::prepare::Site;
use crate::publish::address::Address;
use crate::publish::local::{self, Local, Wanted};
use crate::review::review;
use crate::source::{Disk, RealDisk};
use crate::text;

/// Where manifests of the last build are noted, in our own folder.
const NOTES: &str = "manifests.tsv";
/// The build that was found to be without errors.
const CHECKED: &str = "checked";

/// The hash of the manifest that is to stand, and how many drafts it leaves out, if the last build was of the very same
/// and is fit to be published. Not where the public address is asked about each file, or all files are wanted in a zip.
pub(super) fn known(
    asked: &Publish,
    request: &Request<'_>,
    wish: &Wish<'_>,
    wanted: &Wanted,
) -> Result<Option<(String, usize)>> {
    let is_zip = matches!(wish.destination.address, Address::Zip(_));
    if is_zip || wish.unchanged == Unchanged::Verified {
        return Ok(None);
    }
    let Some((key, summary)) = build::remembered(request)? else { return Ok(None) };
    if !asked.with_errors && !is_checked(wish.own, &key) {
        return Ok(None);
    }
    let manifest = local::noted(&RealDisk, &wish.own.join(NOTES), &key, wanted);
    Ok(manifest.map(|manifest| (manifest, summary.drafts)))
}

/// Writes down what [`known`] asks for.
pub(super) fn note(own: &Path, key: &[u8; 32], wanted: &Wanted, local: &Local) {
    local::note(&RealDisk, &own.join(NOTES), key, wanted, &local.manifest.hash());
}

fn is_checked(own: &Path, key: &[u8; 32]) -> bool {
    RealDisk.read(&own.join(CHECKED)).is_ok_and(|known| known == blake3::Hash::from(*key).to_hex().as_bytes())
}

/// A site that can be published.
pub(super) struct Ready {
    /// Hash of everything that it was made from.
    pub(super) key: Option<[u8; 32]>,
    /// How many drafts were left out.
    pub(super) drafts: usize,
    /// The files that the build has left.
    pub(super) left: Vec<Written>,
}

/// Builds and checks; how it ended where the site is not fit to be published.
pub(super) fn ready(
    asked: &Publish,
    request: &Request<'_>,
    language: Language,
) -> Result<std::result::Result<Ready, Ending>> {
    let Request { disk, site: folder, base_url, clock, .. } = *request;
    let site = Site { disk, folder, base_url, clock };
    let own = folder.join(".gongkai/publish");
    let bar = Bar::new(asked.at.json);
    let outcome = build::build(request, &bar);
    bar.finish();
    let outcome = outcome?;
    let refuse = |found: &[Diagnostic], why: &Text, help: &Text| {
        let colour = if io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
        let errors: Vec<Diagnostic> = found.iter().filter(|fault| fault.severity == Severity::Error).cloned().collect();
        eprint!("{}", show::all(&errors, language, colour));
        complain(why, help, language);
        Ok(Err(Ending::Faulty))
    };
    if !outcome.built {
        let why = text!("网站有错，没有生成，也没有发布", "the site has errors: it was neither built nor published");
        return refuse(&outcome.diagnostics, &why, &text!("改正后再运行一次", "mend them, then run this again"));
    }
    // Whatever was found sound stays so until one of its inputs changes.
    if !asked.with_errors && !outcome.key.is_some_and(|key| is_checked(&own, &key)) {
        let found = review(&site, &bar);
        bar.finish();
        let found = found?.diagnostics;
        let errors = found.iter().filter(|fault| fault.severity == Severity::Error).count();
        if errors > 0 {
            let why = text!("检查发现 {errors} 处错误，没有发布", "{errors} errors were found; nothing was published");
            let help = text!(
                "改正后再运行一次；确实要带着错误发布时加 --with-errors",
                "mend them, then run this again; --with-errors publishes all the same"
            );
            return refuse(&found, &why, &help);
        }
        if let Some(key) = outcome.key {
            let (key, path) = (blake3::Hash::from(key).to_hex(), own.join(CHECKED));
            let _ = RealDisk.write_whole(&path, key.as_bytes(), &path.with_extension("tmp"));
        }
    }
    Ok(Ok(Ready { key: outcome.key, drafts: outcome.summary.drafts, left: outcome.written }))
}
