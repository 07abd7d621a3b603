//! A bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::diagnostic::Language;
use crate::prepare::Progress;
use crate::publish::order::Stage;
use crate::publish::plan::Summary;
use crate::publish::run::Watcher;

/// How far a run has come, for people who watch.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar; where `quiet`, one that nobody sees.
    pub(super) fn new(quiet: bool) -> Self {
        Self(bar(quiet, "{bar:40} {pos}/{len}"))
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn bar(quiet: bool, template: &str) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

impl Progress for Bar {
    fn begin(&self, steps: usize) {
        self.0.reset();
        self.0.set_length(steps as u64);
    }

    fn step(&self) {
        self.0.inc(1);
    }
}

/// How far a publish has come: files and bytes, and what is being put.
pub(super) struct UploadBar {
    files: ProgressBar,
    bytes: ProgressBar,
    language: Language,
}

impl UploadBar {
    /// A bar that stays hidden until something is put.
    pub(super) fn new(quiet: bool, language: Language) -> Self {
        let files = ProgressBar::hidden();
        Self { files, bytes: bar(quiet, "{bar:30} {bytes}/{total_bytes} {msg}"), language }
    }

    /// A bar for looking at so many files of the public address.
    #[cfg(feature = "net")]
    pub(super) fn looking(quiet: bool, language: Language, files: usize) -> Self {
        let shown = bar(quiet, "{bar:30} {pos}/{len} {msg}");
        shown.set_length(files as u64);
        shown.set_message(if language == Language::Chinese {
            "核对公众地址"
        } else {
            "looking at the public address"
        });
        Self { files: ProgressBar::hidden(), bytes: shown, language }
    }

    /// So much will come.
    pub(super) fn expect(&self, files: usize, bytes: u64) {
        self.files.set_length(files as u64);
        self.bytes.set_length(bytes);
    }

    /// One file was put.
    pub(super) fn put_one(&self, bytes: u64) {
        self.files.inc(1);
        self.bytes.inc(bytes);
        let (done, all) = (self.files.position(), self.files.length().unwrap_or_default());
        self.bytes.set_message(match self.language {
            Language::Chinese => format!("{done}/{all} 个文件"),
            Language::English => format!("{done}/{all} files"),
        });
    }

    /// One file was looked at.
    #[cfg(feature = "net")]
    pub(super) fn looked(&self) {
        self.bytes.inc(1);
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bytes.finish_and_clear();
    }
}

impl Watcher for UploadBar {
    fn begin(&self, summary: &Summary) {
        self.expect(summary.new + summary.replaced, summary.bytes);
    }

    fn stage(&self, stage: Stage) {
        let (zh, en) = stage.name();
        self.bytes.set_message(if self.language == Language::Chinese { zh } else { en });
    }

    fn put(&self, bytes: u64) {
        self.put_one(bytes);
    }
}
