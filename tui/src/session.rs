//! The state and all that is outside of it: the file, the threads, the
//! clipboard. Takes messages, does what `update` asks for, and reads what the
//! screen is about to show.

mod effects;
#[cfg(test)]
mod live;
mod look;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use mip6_dissect::capture::CaptureError;
use mip6_dissect::packet::Packet;
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::Verdicts;
use mip6_security::Associations;

use crate::capture::{Context, IndexNews, Opened, Reader, SMALLEST, Source, Store, start};
use crate::jobs::{Job, Known};
use crate::state::settings::Settings;
use crate::state::{LiveStatus, State};
use crate::update::{Msg, go_to, update};

/// Writes packets as a spec of `mip6 craft`, one after the other: what is to be
/// appended for each, or why it cannot be.
pub type SpecWriter<'k> = Box<dyn FnMut(&Packet<'_>) -> Result<String, String> + 'k>;

/// Makes a writer of a new spec; what these associations open is sealed by them in
/// it.
pub type WriteSpec = for<'k> fn(&'k Associations) -> SpecWriter<'k>;

/// What a session begins with.
pub struct Config {
    /// What is opened.
    pub source: Source,
    /// What code points mean.
    pub profile: Profile,
    /// The key file, if there is one.
    pub keys: Option<PathBuf>,
    /// The policy file, if there is one.
    pub policy: Option<PathBuf>,
    /// Writes specs.
    pub spec: WriteSpec,
    /// What was kept of the last run.
    pub settings: Settings,
    /// No colours.
    pub plain: bool,
}

impl Config {
    /// What is opened and what writes specs; without keys and policy, everything else as
    /// at the first time.
    pub fn new(source: Source, spec: WriteSpec) -> Self {
        let (profile, settings) = (Profile::auto(), Settings::default());
        Self { source, profile, keys: None, policy: None, spec, settings, plain: false }
    }
}

/// A capture being looked at.
pub struct Session {
    /// What the screen shows.
    pub state: State,
    /// Text for the clipboard that nobody has taken yet.
    pub clipboard: Option<String>,
    file: Arc<Store>,
    reader: Reader,
    context: Context,
    known: Arc<Known>,
    stop: Arc<AtomicBool>,
    sender: Sender<Msg>,
    receiver: Receiver<Msg>,
    /// When the screen was last drawn, or was about to be.
    drawn: Instant,
    filtering: Option<Job>,
    finding: Option<Job>,
    judging: Option<Job>,
    saving: Option<Job>,
    verdicts: Verdicts,
    spec: WriteSpec,
}

impl Session {
    /// Opens a capture, for a terminal of so many columns and rows.
    pub fn new(config: Config, size: (u16, u16)) -> Result<Self, CaptureError> {
        let opened = Opened::new(&config.source)?;
        Ok(Self::of(opened, config, size))
    }

    /// Of a capture that has been opened.
    pub(crate) fn of(mut opened: Opened, config: Config, size: (u16, u16)) -> Self {
        let (sender, receiver) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let mut state = State::new(&opened.name, config.settings, size);
        if let Source::Interface(interface) = &config.source {
            let limit = interface.limit.max(SMALLEST);
            state.live = Some(LiveStatus { limit, ..LiveStatus::default() });
            state.packets.tail = true;
            state.findings.newest = true;
            state.conversations.newest = true;
        }
        state.plain = config.plain;
        (state.keys.path, state.keys.policy) = (config.keys.clone(), config.policy.clone());
        let profile = Arc::new(config.profile);
        let context = Context { profile, keys: Arc::default() };
        let news = sender.clone();
        // Whoever does not listen any more has ended.
        let tell = move |n| drop(news.send(Msg::Index(n)));
        start(&mut opened, tell, Arc::clone(&stop));
        let mut session = Self {
            state,
            clipboard: None,
            reader: Reader::new(Arc::clone(&opened.file)),
            file: opened.file,
            context,
            known: Arc::default(),
            stop,
            sender,
            receiver,
            drawn: Instant::now(),
            filtering: None,
            finding: None,
            judging: None,
            saving: None,
            verdicts: Verdicts::new(),
            spec: config.spec,
        };
        if config.keys.is_some() || config.policy.is_some() {
            session.load(config.keys.as_deref(), config.policy.as_deref());
        }
        session
    }

    /// Whoever has a message for the session sends it here.
    pub fn sender(&self) -> Sender<Msg> {
        self.sender.clone()
    }

    /// Goes to the frame of an index, as soon as it is known.
    pub fn go_to(&mut self, frame: u64) {
        for effect in go_to(&mut self.state, frame, None) {
            self.perform(effect);
        }
    }

    /// Takes a message in, and does what follows from it. Whether the screen is to
    /// be drawn as if nothing were on it.
    pub fn handle(&mut self, msg: Msg) -> bool {
        let msg = self.know(msg);
        let mut redraw = false;
        for effect in update(&mut self.state, msg) {
            redraw |= self.perform(effect);
        }
        redraw
    }

    /// What the session itself has to know of a message.
    fn know(&mut self, mut msg: Msg) -> Msg {
        match &mut msg {
            Msg::Index(IndexNews::Frames(frames, places)) => {
                if let Some(places) = places.take() {
                    self.reader.set_places(places);
                }
                if let Some(first) = frames.first() {
                    self.known.began.get_or_init(|| first.time());
                }
                self.known.frames.fetch_add(frames.len() as u64, Ordering::Release);
            }
            Msg::Index(IndexNews::Ended(_)) => self.known.ended.store(true, Ordering::Release),
            Msg::Keys(keys, _) => self.context.keys = Arc::clone(keys),
            _ => {}
        }
        msg
    }

    /// Waits for messages, at most so long, and takes all in that there are.
    /// Whether there were any, and whether the screen is to be drawn as if nothing
    /// were on it.
    pub fn wait(&mut self, timeout: Duration) -> (bool, bool) {
        /// Messages are taken in for so long before the screen is drawn.
        const SLICE: Duration = Duration::from_millis(30);
        /// News alone draw the screen not more often than this.
        const PACE: Duration = Duration::from_millis(25);
        let first = match self.receiver.recv_timeout(timeout) {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return (false, false);
            }
        };
        let begun = Instant::now();
        let mut input = first.is_input();
        let mut redraw = self.handle(first);
        while begun.elapsed() < SLICE && !self.state.quit {
            // Whoever presses a key is not kept waiting.
            let rest =
                if input { Duration::ZERO } else { PACE.saturating_sub(self.drawn.elapsed()) };
            let Ok(msg) = self.receiver.recv_timeout(rest) else { break };
            input |= msg.is_input();
            redraw |= self.handle(msg);
        }
        self.drawn = Instant::now();
        (true, redraw)
    }

    /// Whether something is still going on that will change the screen.
    pub fn is_busy(&self) -> bool {
        let state = &self.state;
        !state.capture.caught_up
            || state.searching
            || state.saving
            || state.filter_share().is_some()
            || state.judged_share().is_some()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
