//! A bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::prepare::Progress;

/// How far a run has come, for people who watch.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar; where `quiet`, one that nobody sees.
    pub(super) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
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
