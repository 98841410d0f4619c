//! How far a long run has come, on a terminal. Nothing of it is in what a program reads.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};
use tidegate::verify::Progress;

/// A run that takes no longer shows no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// One line of standard error, which goes when the run ends.
pub struct Bar {
    bar: ProgressBar,
    since: Instant,
}

impl Bar {
    /// Hidden where standard error is no terminal.
    pub fn on_terminal() -> Bar {
        Bar::with(ProgressDrawTarget::stderr())
    }

    pub fn hidden() -> Bar {
        Bar::with(ProgressDrawTarget::hidden())
    }

    fn with(target: ProgressDrawTarget) -> Bar {
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} rounds  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar {
            bar,
            since: Instant::now(),
        }
    }

    pub fn show(&self, at: Progress<'_>) {
        if self.since.elapsed() < PATIENCE {
            return;
        }
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.bar.set_length(number(at.inserts * at.rounds));
        self.bar.set_message(format!("INSERT INTO {}", at.sink));
        self.bar
            .set_position(number(at.insert * at.rounds + at.round));
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
