//! One publish from the first look to the last request, on one screen.

use std::time::Duration;

use super::journal::{Journal, Prior};
use super::local::Local;
use super::plan::{Options, Plan, plan};
use super::remote::{Question, glance, look};
use super::run::{Job, Report, Watcher, run};
use super::stop::Stop;
use super::target::Over;

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// The target already is as wanted; the generation that stands.
    Unchanged(u64),
    /// Whoever was asked did not agree.
    Declined,
    /// It is done.
    Done(Plan, Report),
}

/// Somebody who has just taken a generation says within this time who they are.
const INTRODUCTION: Duration = Duration::from_secs(2);
/// So often a generation may be snatched away before this is called a day.
const MOST_TRIES: usize = 5;

/// The generation that stands, if it has the manifest with this hash and no run is unfinished; nothing is changed.
pub fn stands(job: &Job<'_>, manifest: &str) -> Result<Option<u64>, Stop> {
    let journal = open_journal(job)?;
    if journal.prior.is_some() {
        return Ok(None);
    }
    let remote = glance(job.target, &question(job, manifest, &journal, 0))?;
    Ok(remote.current.filter(|_| remote.is_same).map(|current| current.generation))
}

/// Brings a target to what is wanted. `agree` is asked once, with the whole plan.
pub fn publish(
    job: &Job<'_>,
    local: &Local,
    agree: &dyn Fn(&Plan) -> bool,
    watcher: &dyn Watcher,
) -> Result<Outcome, Stop> {
    let mut journal = open_journal(job)?;
    let wanted = local.manifest.hash();
    let mut skip = 0;
    let mut agreed = false;
    for _ in 0..MOST_TRIES {
        let (plan, options) = match prepare(job, (local, &wanted), &mut journal, skip)? {
            Ok(prepared) => prepared,
            Err(stands) => return Ok(Outcome::Unchanged(stands)),
        };
        if !agreed && !agree(&plan) {
            return Ok(Outcome::Declined);
        }
        agreed = true;
        match run(job, (&plan, &options), &journal, watcher) {
            Err(Stop::Contended(generation)) => {
                if super::remote::read_holder(job.target, generation)?.is_none() {
                    // Where it was our own run that was killed in the very moment, nobody will introduce himself.
                    if journal.prior.as_ref().is_none_or(|prior| prior.generation != generation) {
                        std::thread::sleep(INTRODUCTION);
                    }
                    skip = generation;
                }
            }
            ended => return ended.map(|report| Outcome::Done(plan, report)),
        }
    }
    Err(Stop::TakenOver)
}

/// Whoever has just ended may hold the journal for a moment more, in a program that it was starting.
fn open_journal(job: &Job<'_>) -> Result<Journal, Stop> {
    for _ in 0..20 {
        if let Some(journal) = Journal::open(job.journal)? {
            return Ok(journal);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(Stop::Busy)
}

/// Looks and plans; the generation that stands where nothing is to be done.
fn prepare(
    job: &Job<'_>,
    (local, wanted): (&Local, &str),
    journal: &mut Journal,
    skip: u64,
) -> Result<Result<(Plan, Options), u64>, Stop> {
    let remote = look(job.target, &question(job, wanted, journal, skip))?;
    let stands = remote.current.as_ref().map_or(0, |current| current.generation);
    if journal.prior.as_ref().is_some_and(|prior| prior.generation <= stands) {
        journal.forget();
    }
    let prior = journal.prior.as_ref();
    // A run that goes on does so under its old name.
    let run = prior.map_or(&job.options.run, |Prior { run, .. }| run).clone();
    let options = Options { run, ..job.options.clone() };
    Ok(plan(&remote, local, prior, job.target.abilities(), &options).map(|plan| (plan, options)).ok_or(stands))
}

fn question<'a>(job: &Job<'_>, wanted: &'a str, journal: &'a Journal, skip: u64) -> Question<'a> {
    let Options { keep, over, .. } = *job.options;
    Question { wanted, prior: journal.prior.as_ref(), skip, keep, adopt: over == Over::Ours }
}
