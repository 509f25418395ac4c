//! All there is to know of what the screen shows. Changed by `update` alone,
//! read by `view`.

pub mod conversations;
pub mod detail;
pub mod findings;
pub mod follow;
pub mod keys;
pub mod line;
pub mod list;
pub mod packets;
pub mod prompt;
pub mod settings;

use mip6_dissect::filter::Filter;

use crate::capture::{Frames, Gone};
use crate::jobs::Protected;
use crate::keymap::{Pane, View};
use crate::layout::Regions;
use conversations::Conversations;
use findings::Findings;
use keys::Keys;
use packets::Packets;
use prompt::Prompt;
use settings::{Column, Settings};

/// The state.
#[derive(Debug, Default)]
pub struct State {
    /// What is shown, in a word; fit for a terminal.
    pub name: String,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Frames that are known.
    pub frames: Frames,
    /// How the capture stands.
    pub capture: CaptureStatus,
    /// What comes from an interface; `None` of a file.
    pub live: Option<LiveStatus>,
    /// The view that is shown.
    pub view: View,
    /// The pane that keys go to, for each view.
    pub panes: Panes,
    /// Packets.
    pub packets: Packets,
    /// The display filter.
    pub filter: FilterStatus,
    /// What was looked for last.
    pub sought: String,
    /// What was looked for last in views that are no lists of packets.
    pub sought_text: String,
    /// A search is under way.
    pub searching: bool,
    /// Packets are being written to a file.
    pub saving: bool,
    /// How far the capture has been judged; `None` if nobody asked for it.
    pub judged: Option<Judged>,
    /// What rules found.
    pub findings: Findings,
    /// Who said what to whom.
    pub conversations: Conversations,
    /// What keys opened.
    pub keys: Keys,
    /// What is asked for.
    pub prompt: Option<Prompt>,
    /// Help is shown, from this line on.
    pub help: Option<u16>,
    /// Something to be said.
    pub notice: Option<Notice>,
    /// What is kept between runs.
    pub settings: Settings,
    /// Colours are not wanted, whatever the settings say.
    pub plain: bool,
    /// Columns of the list.
    pub columns: Vec<Column>,
    /// Rises when keys or columns change: what was read before holds no longer.
    pub generation: u64,
    /// The border that the mouse drags.
    pub dragged: Option<Border>,
    /// It was opened from a report.
    pub of_report: bool,
    /// It is to be left for the report again.
    pub left: bool,
    /// The end.
    pub quit: bool,
}

/// The pane that keys go to, for each view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panes {
    /// Of the packets.
    pub packets: Pane,
    /// Of the conversations.
    pub conversations: Pane,
}

impl Default for Panes {
    fn default() -> Self {
        Self { packets: Pane::List, conversations: Pane::Nodes }
    }
}

/// How a capture stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaptureStatus {
    /// Its end has been reached; more may come.
    pub caught_up: bool,
    /// No more will come.
    pub ended: bool,
    /// Why it could not be read to its end.
    pub error: Option<String>,
    /// Octets of a record that is not there as a whole.
    pub waiting: u64,
    /// What has become of the file.
    pub gone: Option<Gone>,
}

/// What comes from an interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveStatus {
    /// Packets a second.
    pub rate: u64,
    /// Packets lost so far.
    pub dropped: u64,
    /// The interface is down.
    pub down: bool,
    /// Octets of packets that are kept at most.
    pub limit: u64,
}

/// How the display filter stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterStatus {
    /// The filter; empty if there is none.
    pub text: String,
    /// Which filter it is, counted.
    pub number: u64,
    /// Frames looked at.
    pub scanned: u64,
    /// Frames that were let go before they could be looked at.
    pub missed: u64,
    /// All have been looked at.
    pub ended: bool,
}

/// How far a capture has been judged.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Which run it is, counted.
    pub number: u64,
    /// Frames judged.
    pub frames: u64,
    /// Frames that were let go before they could be judged.
    pub missed: u64,
    /// All have been judged.
    pub ended: bool,
    /// Protected flows.
    pub protected: Vec<Protected>,
}

/// Something to be said in the line of status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What, in a line.
    pub text: String,
    /// Something is wrong.
    pub bad: bool,
}

/// A border between panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Below the list of packets.
    List,
    /// Between tree and octets.
    Octets,
    /// Below the upper pane of other views.
    Upper,
}

impl State {
    /// Of a capture, with what was kept of the last run.
    pub fn new(name: &str, settings: Settings, size: (u16, u16)) -> Self {
        let settings = settings.sound();
        let columns = Column::parse_all(&settings.columns).unwrap_or_default();
        let name = mip6_dissect::tree::escape_line(name);
        Self { name, size, settings, columns, ..Self::default() }
    }

    /// The pane that keys go to.
    pub fn pane(&self) -> Pane {
        match self.view {
            View::Packets => self.panes.packets,
            View::Findings => Pane::Findings,
            View::Conversations => self.panes.conversations,
            View::Keys => Pane::Associations,
        }
    }

    /// Where everything is on the screen.
    pub fn regions(&self) -> Regions {
        Regions::new(self)
    }

    /// Says something.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), bad: false });
    }

    /// Says that something is wrong.
    pub fn complain(&mut self, text: impl AsRef<str>) {
        let text = mip6_dissect::tree::escape_line(text.as_ref().lines().next().unwrap_or(""));
        self.notice = Some(Notice { text, bad: true });
    }

    /// Per cent of the packets that have been filtered, while some have not.
    pub fn filter_share(&self) -> Option<u64> {
        let f = &self.filter;
        let under_way = !f.text.is_empty() && !f.ended && f.scanned < self.frames.len();
        under_way.then(|| f.scanned * 100 / self.frames.len().max(1))
    }

    /// Per cent of the packets that have been judged, while some have not and
    /// somebody wants to know.
    pub fn judged_share(&self) -> Option<u64> {
        let judged = self.judged.as_ref()?;
        let under_way = !judged.ended && judged.frames < self.frames.len();
        under_way.then(|| judged.frames * 100 / self.frames.len().max(1))
    }

    /// The display filter, if there is one and it can be understood.
    pub fn parsed_filter(&self) -> Option<Filter> {
        let text = self.filter.text.trim();
        if text.is_empty() { None } else { Filter::parse(text).ok() }
    }
}
