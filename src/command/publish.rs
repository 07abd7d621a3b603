//! `gongkai publish`: build, check, show what will change, put it where the public reads it, and look at it there.

use std::cell::Cell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::progress::UploadBar;
use super::published::{bytes, complain, look_at, show_plan, stopped, told, up_to_date};
use super::ready::{self, Ready};
use super::target::{self, Destination};
use super::{Ending, failed, say_json};
use crate::build::Request;
use crate::cli::{AtTarget, Publish};
use crate::config::PublishEntry;
use crate::diagnostic::{Language, Text};
use crate::output::Written;
use crate::publish::address::Address;
use crate::publish::headers::Caching;
use crate::publish::local::{self, Local, Wanted};
use crate::publish::packing::Packing;
use crate::publish::plan::{Locking, Options, Plan};
use crate::publish::run::Job;
use crate::publish::session::{self, Outcome};
use crate::publish::target::Over;
use crate::publish::verify::Before;
use crate::publish::{Target, connect, handover};
use crate::source::{Clock, RealDisk};
use crate::text;

/// How long an old listing may be in a reader's hands before what it names is removed.
const GRACE: Duration = Duration::from_secs(3);
/// A request that was lost is tried again after so long.
const PATIENCE: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];
/// Fewer files than this are removed without asking.
const FEW: usize = 10;

/// Runs the verb.
pub(super) fn run(asked: &Publish, language: Language) -> Ending {
    let out = asked.folders.out();
    let at = &asked.at;
    let destination = match target::find(&asked.folders.site, at.target.as_deref(), language) {
        Ok(destination) => destination,
        Err(ending) => return ending,
    };
    let base_url = at.base_url.as_deref().or(destination.entry.base_url.as_deref());
    let own = asked.folders.site.join(".gongkai/publish");
    let clock = Clock::system();
    let request = Request { disk: &RealDisk, site: &asked.folders.site, out: &out, base_url, keep_going: false, clock };
    let wanted = wanted(&destination.entry, destination.address.takes_headers());
    let over = if asked.adopt { Over::Ours } else { Over::Nothing };
    let mut wish = Wish {
        destination: &destination,
        folder: &out,
        own: &own,
        options: options(destination.entry.keep, over, at),
        asking: Asking { yes: at.yes, dry_run: at.dry_run, json: at.json, max_deletes: asked.max_deletes },
        public: public(at, &asked.folders.site, &destination),
        unchanged: unchanged(at),
        notes: None,
    };
    let connect = || connect::connect(&destination.address, &destination.access(language));

    // Where nothing has changed since the last publish there is nothing to make: only the target is looked at.
    let known = match ready::known(asked, &request, &wish, &wanted) {
        Ok(known) => known,
        Err(error) => return failed(&error, language),
    };
    let mut connected = None;
    if let Some((manifest, drafts)) = known {
        let looked = connect().and_then(|target| {
            let stands = with_job(&wish, &*target, |job| session::stands(job, &manifest));
            connected = Some(target);
            stands
        });
        match looked {
            Ok(Some(generation)) => {
                wish.notes = about_drafts(drafts);
                return up_to_date(&wish, generation, None, language);
            }
            Ok(None) => {}
            Err(stop) => return stopped(&stop, at.json, language),
        }
    }

    let Ready { key, drafts, left } = match ready::ready(asked, &request, language) {
        Ok(Ok(ready)) => ready,
        Ok(Err(ending)) => return ending,
        Err(error) => return failed(&error, language),
    };
    wish.notes = about_drafts(drafts);
    if let Address::Zip(path) = &destination.address {
        return hand_over(asked, (&out, &left), (&own, path), &destination.entry, language);
    }
    // The way to a server takes about as long as looking at what will go there.
    let (target, local) = std::thread::scope(|scope| {
        let local = scope.spawn(|| {
            let local = local::of(&RealDisk, &out, &left, &own.join("hashes.tsv"), &wanted)?;
            if let Some(key) = key {
                ready::note(&own, &key, &wanted, &local);
            }
            Ok(local)
        });
        let target = connected.map_or_else(connect, Ok);
        (target, local.join().expect("a thread ends as the program does"))
    });
    let target = match target {
        Ok(target) => target,
        Err(stop) => return stopped(&stop, at.json, language),
    };
    match local {
        Ok(local) => carry_out(&wish, &*target, &local, language),
        Err(error) => failed(&error, language),
    }
}

fn about_drafts(drafts: usize) -> Option<Text> {
    (drafts > 0).then(|| text!("草稿 {drafts} 份没有公开", "{drafts} drafts are not published"))
}

/// What is to be done to a target, whichever verb asks for it.
pub(super) struct Wish<'a> {
    pub(super) destination: &'a Destination,
    /// The folder of the built site.
    pub(super) folder: &'a Path,
    /// Our own folder on this machine.
    pub(super) own: &'a Path,
    pub(super) options: Options,
    pub(super) asking: Asking,
    /// The public address that is looked at afterwards.
    pub(super) public: Option<String>,
    /// What of it is looked at where nothing has changed.
    pub(super) unchanged: Unchanged,
    /// What else should be said at the end.
    pub(super) notes: Option<Text>,
}

/// What is looked at where nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unchanged {
    /// Nothing.
    Trusted,
    /// Every file: somebody asked for it.
    Verified,
}

/// What is asked of people and shown to them.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) yes: bool,
    pub(super) dry_run: bool,
    pub(super) json: bool,
    pub(super) max_deletes: Option<usize>,
}

fn with_job<T>(wish: &Wish<'_>, target: &dyn Target, run: impl FnOnce(&Job<'_>) -> T) -> T {
    let journal = wish.own.join(wish.destination.file_name()).with_extension("journal");
    run(&Job {
        target,
        disk: &RealDisk,
        folder: wish.folder,
        journal: &journal,
        options: &wish.options,
        grace: GRACE,
        patience: &PATIENCE,
    })
}

/// Looks, asks, runs, verifies, and says what came of it.
pub(super) fn carry_out(wish: &Wish<'_>, target: &dyn Target, local: &Local, language: Language) -> Ending {
    let refused = Cell::new(None);
    let agree = |plan: &Plan| agree(plan, wish, language, &refused);
    let bar = UploadBar::new(wish.asking.json, language);
    let ended = with_job(wish, target, |job| session::publish(job, local, &agree, &bar));
    bar.finish();
    match ended {
        Err(stop) => stopped(&stop, wish.asking.json, language),
        Ok(Outcome::Declined) => refused.get().unwrap_or(Ending::Done),
        Ok(Outcome::Unchanged(generation)) => {
            let public = wish.public.as_ref().filter(|_| wish.unchanged == Unchanged::Verified);
            let everything = || local.manifest.files.keys().map(|path| (path.clone(), None)).collect();
            let (everything, nothing): (Before, Before) = (everything(), Before::new());
            let look = |url: &String| look_at(url, (&everything, &nothing), local, wish.asking.json, language);
            up_to_date(wish, generation, public.map(look), language)
        }
        Ok(Outcome::Done(plan, report)) => {
            let files = (&plan.changed, &plan.removed);
            let troubles = wish.public.as_ref().map(|url| look_at(url, files, local, wish.asking.json, language));
            told(wish, (&plan, report), troubles, language)
        }
    }
}

/// Shows the plan and asks; only people at a terminal are asked.
fn agree(plan: &Plan, wish: &Wish<'_>, language: Language, refused: &Cell<Option<Ending>>) -> bool {
    let Asking { yes, dry_run, json, max_deletes } = wish.asking;
    if dry_run {
        show_plan(plan, json, language);
        return false;
    }
    let summary = plan.summary;
    let (new, replaced, removed, size) = (summary.new, summary.replaced, summary.removed, bytes(summary.bytes));
    let name = &wish.destination.shown;
    let asks = !yes && !json && io::stdin().is_terminal() && io::stderr().is_terminal();
    let cap = max_deletes.unwrap_or((summary.before / 4).max(FEW));
    if removed > cap {
        let before = summary.before;
        let warning = text!(
            "这次要删除 {removed} 个文件（目标上共 {before} 个）",
            "this would remove {removed} of {before} files"
        );
        let question = Text { zh: format!("{}。继续吗？", warning.zh), en: format!("{}. Go on?", warning.en) };
        if !asks {
            let help = text!("核对无误后加 --max-deletes {removed}", "if that is right, add --max-deletes {removed}");
            complain(&warning, &help, language);
            refused.set(Some(Ending::Failed));
            return false;
        }
        return confirmed(&question, language, false);
    }
    let resumes = if plan.resumes {
        text!("接着上次中断的地方，", "going on where the last run stopped: ")
    } else {
        text!("", "")
    };
    let question = Text {
        zh: format!(
            "{}发布到 {name}：新增 {new} 个，更新 {replaced} 个，删除 {removed} 个（{size}）。继续吗？",
            resumes.zh
        ),
        en: format!(
            "{}publish to {name}: {new} new, {replaced} updated, {removed} removed ({size}). Go on?",
            resumes.en
        ),
    };
    !asks || confirmed(&question, language, true)
}

fn confirmed(question: &Text, language: Language, by_default: bool) -> bool {
    let hint = if by_default { "[Y/n]" } else { "[y/N]" };
    eprint!("{} {hint} ", question.in_language(language));
    let _ = io::stderr().flush();
    let mut line = String::new();
    let _ = io::stdin().lock().read_line(&mut line);
    match line.trim().to_lowercase().as_str() {
        "" => by_default,
        answer => matches!(answer, "y" | "yes" | "是" | "好"),
    }
}

fn hand_over(
    asked: &Publish,
    (out, left): (&Path, &[Written]),
    (own, path): (&Path, &PathBuf),
    entry: &PublishEntry,
    language: Language,
) -> Ending {
    let written = local::of(&RealDisk, out, left, &own.join("hashes.tsv"), &wanted(entry, false)).and_then(|local| {
        let files = local.origins.len();
        if asked.at.dry_run {
            return Ok((files, 0));
        }
        let bar = UploadBar::new(asked.at.json, language);
        bar.expect(files, local.manifest.files.values().map(|entry| entry.size).sum());
        let length = handover::write(&RealDisk, out, &local, path, &|bytes| bar.put_one(bytes));
        bar.finish();
        Ok((files, length?))
    });
    match written {
        Err(error) => failed(&error, language),
        Ok((files, length)) if asked.at.json => {
            say_json(&json!({ "format": 1, "published": !asked.at.dry_run, "files": files, "bytes": length }));
            Ending::Done
        }
        Ok((files, length)) => {
            let (path, size) = (path.display().to_string(), bytes(length));
            let said = if asked.at.dry_run {
                text!("试运行：会把 {files} 个文件写入 {path}", "dry run: {files} files would go into {path}")
            } else {
                text!("已写入 {path}：{files} 个文件，{size}", "Wrote {path}: {files} files, {size}")
            };
            println!("{}", said.in_language(language));
            Ending::Done
        }
    }
}

fn wanted(entry: &PublishEntry, takes_headers: bool) -> Wanted {
    let usual = Caching::default();
    let caching = Caching {
        hashed: entry.cache_hashed.clone().unwrap_or(usual.hashed),
        others: entry.cache.clone().unwrap_or(usual.others),
    };
    let named = |packing: &Packing| entry.compress.iter().any(|name| name == packing.name());
    Wanted { caching: takes_headers.then_some(caching), packings: Packing::ALL.into_iter().filter(named).collect() }
}

/// The public address that is looked at afterwards: the one that was named, unless nobody wants that.
pub(super) fn public(at: &AtTarget, site: &Path, destination: &Destination) -> Option<String> {
    let address = target::public_address(site, destination, at.base_url.as_deref());
    let (url, is_named) = address.filter(|_| !at.no_verify)?;
    (is_named || at.verify).then_some(url)
}

/// What of it is looked at where nothing has changed.
pub(super) fn unchanged(at: &AtTarget) -> Unchanged {
    if at.verify { Unchanged::Verified } else { Unchanged::Trusted }
}

/// How this run is told from others.
pub(super) fn options(keep: Option<usize>, over: Over, at: &AtTarget) -> Options {
    let who = target::who();
    let locking = if at.unlocked { Locking::Unlocked } else { Locking::Proven };
    Options {
        run: target::token(),
        who,
        day: Clock::system().today().to_string(),
        keep: keep.unwrap_or(3),
        over,
        locking,
    }
}
