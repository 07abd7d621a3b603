//! The loop: wait for a change, look, show. As short as it can be, and it ends only with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::preview::{Found, Preview};
use crate::config::SITE_FILE;
use crate::discover::CONTENT;
use crate::prepare::Hint;

/// A save is several events; this long after the last of them it is looked at.
const QUIET: Duration = Duration::from_millis(4);
/// Bad news may be the middle of a save: a file cut to nothing, one on its way to another name. It is told only if
/// it is still so after this time.
const PATIENCE: Duration = Duration::from_millis(150);
/// The longest that a storm of events is gathered before it is looked at.
const LONGEST: Duration = Duration::from_millis(200);
/// How often is looked where nobody tells of changes.
const POLL: Duration = Duration::from_millis(300);
/// And never more often than this many times as long as a look takes, so that a large site does not eat the machine.
const EASE: u32 = 4;

/// What of the site's folder pages are made from.
const WATCHED: [&str; 3] = [CONTENT, THEMES, SITE_FILE];
/// The folder of the site's own themes.
pub const THEMES: &str = "themes";

/// What may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// What is at these paths or below them, relative to the site's folder, with `/`.
    Paths(Vec<String>),
    /// Anything.
    Everything,
    /// Nobody will tell of changes: from now on look by yourself.
    Poll,
}

/// Where signals are sent to.
#[derive(Debug, Clone)]
pub struct Teller {
    signals: Sender<Signal>,
    alive: Arc<AtomicBool>,
}

impl Teller {
    /// A teller for the loop at the other end.
    pub fn new(signals: Sender<Signal>) -> Self {
        Self { signals, alive: Arc::default() }
    }

    /// Notes that an event came, of whatever kind, so that more can be hoped for.
    pub fn came(&self) {
        self.alive.store(true, Ordering::Relaxed);
    }

    /// Whether an event ever came.
    pub fn is_alive(&self) -> bool {
        self.alive.load(Ordering::Relaxed)
    }

    /// Tells the loop; one that has ended needs to hear nothing.
    pub fn tell(&self, signal: Signal) {
        let _ = self.signals.send(signal);
    }
}

/// Follows the changes of a site until nobody can tell of any. `shown` is called after each new state.
#[expect(clippy::disallowed_methods, reason = "how long a save takes is no part of any page")]
pub fn follow(preview: &Preview, signals: &Receiver<Signal>, shown: &dyn Fn()) {
    let mut heard = Heard::default();
    let mut took = Duration::ZERO;
    while heard.wait(signals, took) {
        let first = Instant::now();
        heard.gather(signals, QUIET, LONGEST);
        loop {
            let begun = Instant::now();
            let found = heard.look(preview);
            took = begun.elapsed();
            let waited = first.elapsed();
            if found == Found::Worse && waited < PATIENCE {
                heard.again(signals, PATIENCE - waited);
                continue;
            }
            if found != Found::Nothing && preview.show() {
                shown();
            }
            break;
        }
    }
}

/// What was heard and not looked at yet.
#[derive(Default)]
struct Heard {
    paths: Vec<String>,
    before: Vec<String>,
    everything: bool,
    polling: bool,
}

impl Heard {
    /// Waits for a signal, or where none will come, for the time to look; false when there is nobody left to tell.
    fn wait(&mut self, signals: &Receiver<Signal>, took: Duration) -> bool {
        self.before.clear();
        if !self.polling {
            return signals.recv().map(|signal| self.hear(signal)).is_ok();
        }
        match signals.recv_timeout(POLL.max(took * EASE)) {
            Ok(signal) => self.hear(signal),
            Err(RecvTimeoutError::Timeout) => self.everything = true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    /// Hears what comes until it is quiet, but not for ever.
    #[expect(clippy::disallowed_methods, reason = "how long a save takes is no part of any page")]
    fn gather(&mut self, signals: &Receiver<Signal>, quiet: Duration, longest: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < longest {
            match signals.recv_timeout(quiet) {
                Ok(signal) => self.hear(signal),
                Err(_) => return,
            }
        }
    }

    fn hear(&mut self, signal: Signal) {
        match signal {
            Signal::Paths(paths) => self.paths.extend(paths),
            Signal::Everything => self.everything = true,
            Signal::Poll => self.polling = true,
        }
    }

    fn look(&mut self, preview: &Preview) -> Found {
        self.paths.sort_unstable();
        self.paths.dedup();
        self.before = std::mem::take(&mut self.paths);
        match std::mem::take(&mut self.everything) {
            true => preview.look(Hint::Anything),
            false => preview.look(Hint::These(&self.before)),
        }
    }

    /// Waits for the rest of a save that seems unfinished, and looks at all of it again.
    fn again(&mut self, signals: &Receiver<Signal>, patience: Duration) {
        if let Ok(signal) = signals.recv_timeout(patience) {
            self.hear(signal);
            self.gather(signals, QUIET, LONGEST);
        }
        self.paths.append(&mut self.before);
        self.everything |= self.polling;
    }
}

/// What a watcher's event means for the site in `folder`; nothing where it is about what no page is made from. A
/// name that is no Unicode makes everything uncertain.
pub fn signal(folder: &Path, paths: &[PathBuf]) -> Option<Signal> {
    let below = paths.iter().filter_map(|path| path.strip_prefix(folder).ok());
    let of_interest =
        below.filter(|path| path.iter().next().is_some_and(|first| WATCHED.iter().any(|known| first == *known)));
    let names = of_interest.map(|path| path.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>());
    match names.map(|parts| parts.map(|parts| parts.join("/"))).collect::<Option<Vec<String>>>() {
        Some(names) if names.is_empty() => None,
        Some(names) => Some(Signal::Paths(names)),
        None => Some(Signal::Everything),
    }
}
