//! A bar on standard error while a long file is read.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Files below this are read before a bar could be seen.
const LONG: u64 = 32 * 1024 * 1024;
/// Octets between two looks at the clock.
const STEP: u64 = 1024 * 1024;

/// Progress through a file, shown when standard error is a terminal and nothing
/// else is written to it meanwhile.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    next: u64,
}

impl Progress {
    /// `quiet`: nothing is written to standard output while the file is read.
    pub(crate) fn new(path: &Path, quiet: bool) -> Self {
        let len = std::fs::metadata(path).map_or(0, |m| m.len());
        let compressed = path.extension().is_some_and(|e| e == "gz");
        let show = std::io::stderr().is_terminal() && (quiet || !std::io::stdout().is_terminal());
        let bar = (len >= LONG && show && !compressed).then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(len), ProgressDrawTarget::stderr_with_hz(10));
            let style = "{msg} {bar:40} {bytes}/{total_bytes} {eta}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            bar.set_message(mip6_dissect::tree::escape_line(&name.unwrap_or_default()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, next: STEP }
    }

    #[inline]
    pub(crate) fn at(&mut self, position: u64) {
        if position >= self.next {
            self.next = position + STEP;
            if let Some(bar) = &self.bar {
                bar.set_position(position);
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Progress through a number of things to do, shown when standard error is a
/// terminal and standard output is written to at the end.
pub(crate) struct Steps {
    bar: Option<ProgressBar>,
}

impl Steps {
    /// `what` is what is counted.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            let style = "{msg} {bar:40} {pos}/{len} {eta}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar
        });
        Self { bar }
    }

    pub(crate) fn at(&mut self, done: usize, of: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
