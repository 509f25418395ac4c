//! The one table of keys: what they do, where, and how help and the last line
//! call it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Quit,
    Help,
    Show(View),
    NextPane,
    PreviousPane,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Open,
    Toggle,
    Grow,
    Shrink,
    Filter,
    FilterByField,
    FilterWithoutField,
    AllPackets,
    FollowBinding,
    FollowAssociation,
    FollowExchange,
    Find,
    FindNext,
    FindPrevious,
    GoTo,
    Mark,
    NextMark,
    Tail,
    TimeFormat,
    Columns,
    CopyField,
    CopyHex,
    CopySpec,
    Write,
    WriteShown,
    Steps,
    NextSource,
    Keys,
    Policy,
    Reload,
    Theme,
    Group,
    Back,
    Report,
}

/// A view of the capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Packets, fields and octets.
    #[default]
    Packets,
    /// What rules found.
    Findings,
    /// Who said what to whom.
    Conversations,
    /// What keys opened.
    Keys,
}

impl View {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Packets, Self::Findings, Self::Conversations, Self::Keys];

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Packets => "Packets",
            Self::Findings => "Findings",
            Self::Conversations => "Conversations",
            Self::Keys => "Keys",
        }
    }
}

/// Where keys go: a pane of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The list of packets.
    #[default]
    List,
    /// The field tree.
    Tree,
    /// The octets.
    Octets,
    /// The list of findings.
    Findings,
    /// Mobile nodes and their bindings.
    Nodes,
    /// The sequence diagram.
    Diagram,
    /// Security associations.
    Associations,
}

/// Sets of panes.
const EVERY: &[Pane] = &[
    Pane::List,
    Pane::Tree,
    Pane::Octets,
    Pane::Findings,
    Pane::Nodes,
    Pane::Diagram,
    Pane::Associations,
];
const PACKETS: &[Pane] = &[Pane::List, Pane::Tree, Pane::Octets];
const SEVERAL: &[Pane] = &[Pane::List, Pane::Tree, Pane::Octets, Pane::Nodes, Pane::Diagram];
const OTHERS: &[Pane] = &[Pane::Findings, Pane::Nodes, Pane::Diagram, Pane::Associations];
const LIST: &[Pane] = &[Pane::List];
const FIELDS: &[Pane] = &[Pane::Tree, Pane::Octets];
const FINDINGS: &[Pane] = &[Pane::Findings];
const FOLDED: &[Pane] = &[Pane::Tree, Pane::Findings];
const OPENED: &[Pane] = &[Pane::List, Pane::Nodes, Pane::Diagram, Pane::Associations];

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys, the first of which hints name.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// In which panes.
    pub panes: &'static [Pane],
    /// In a few words.
    pub help: &'static str,
    /// In a word, if the last line tells of it.
    pub hint: Option<&'static str>,
}

/// A key, perhaps with Control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    control: bool,
}

pub(crate) const fn c(c: char) -> Key {
    Key { code: KeyCode::Char(c), control: false }
}

pub(crate) const fn control(c: char) -> Key {
    Key { code: KeyCode::Char(c), control: true }
}

pub(crate) const fn k(code: KeyCode) -> Key {
    Key { code, control: false }
}

impl Key {
    /// Whether an event is this key. Shift is part of the character.
    pub(crate) fn is(self, event: &KeyEvent) -> bool {
        self.code == event.code
            && self.control == event.modifiers.contains(KeyModifiers::CONTROL)
            && !event.modifiers.contains(KeyModifiers::ALT)
    }

    /// As people call it.
    pub fn name(self) -> String {
        match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) if self.control => format!("^{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

const fn bind(
    keys: &'static [Key],
    action: Action,
    panes: &'static [Pane],
    help: &'static str,
    hint: Option<&'static str>,
) -> Binding {
    Binding { keys, action, panes, help, hint }
}

/// The table. Of two lines for a key, the first that holds in a pane counts.
pub const BINDINGS: &[Binding] = &[
    bind(&[c('?'), k(KeyCode::F(1))], Action::Help, EVERY, "this help", Some("help")),
    bind(&[c('q'), control('c')], Action::Quit, EVERY, "quit", Some("quit")),
    bind(&[c('1')], Action::Show(View::Packets), EVERY, "packets", None),
    bind(&[c('2')], Action::Show(View::Findings), EVERY, "findings: broken rules", None),
    bind(&[c('3')], Action::Show(View::Conversations), EVERY, "conversations and bindings", None),
    bind(&[c('4')], Action::Show(View::Keys), EVERY, "keys: what was opened, what was not", None),
    bind(&[k(KeyCode::Tab)], Action::NextPane, SEVERAL, "next pane", Some("pane")),
    bind(&[k(KeyCode::BackTab)], Action::PreviousPane, SEVERAL, "pane before", None),
    bind(&[k(KeyCode::Down), c('j')], Action::Down, EVERY, "down", None),
    bind(&[k(KeyCode::Up), c('k')], Action::Up, EVERY, "up", None),
    bind(
        &[k(KeyCode::Left), c('h')],
        Action::Left,
        EVERY,
        "left; close, or to what it is part of",
        None,
    ),
    bind(&[k(KeyCode::Right), c('l')], Action::Right, EVERY, "right; open", None),
    bind(
        &[k(KeyCode::PageDown), control('f'), control('d')],
        Action::PageDown,
        EVERY,
        "a page down",
        None,
    ),
    bind(
        &[k(KeyCode::PageUp), control('b'), control('u')],
        Action::PageUp,
        EVERY,
        "a page up",
        None,
    ),
    bind(&[k(KeyCode::Home), c('g')], Action::Top, EVERY, "to the first", None),
    bind(&[k(KeyCode::End), c('G')], Action::Bottom, EVERY, "to the last", None),
    bind(
        &[k(KeyCode::Enter)],
        Action::Open,
        OPENED,
        "look at it: fields, or the packet",
        Some("open"),
    ),
    bind(&[k(KeyCode::Enter), c(' ')], Action::Toggle, FOLDED, "open or close", None),
    bind(&[k(KeyCode::Esc)], Action::Back, EVERY, "back to the list; forget the message", None),
    bind(
        &[k(KeyCode::Backspace)],
        Action::Report,
        EVERY,
        "back to the report that this was opened from",
        None,
    ),
    bind(&[c('/')], Action::Filter, EVERY, "display filter, in Wireshark's syntax", Some("filter")),
    bind(
        &[c('=')],
        Action::FilterByField,
        FIELDS,
        "only packets with this field's value",
        Some("filter by field"),
    ),
    bind(&[c('!')], Action::FilterWithoutField, FIELDS, "only packets without it", None),
    bind(&[c('u')], Action::AllPackets, EVERY, "all packets: no filter", None),
    bind(
        &[c('b')],
        Action::FollowBinding,
        PACKETS,
        "follow the binding of this packet",
        Some("binding"),
    ),
    bind(&[c('a')], Action::FollowAssociation, PACKETS, "follow its security association", None),
    bind(
        &[c('e')],
        Action::FollowExchange,
        PACKETS,
        "follow its exchange: request and answer",
        None,
    ),
    bind(
        &[c('f')],
        Action::Find,
        PACKETS,
        "find text in packets; after `=`, a filter",
        Some("find"),
    ),
    bind(&[c('f')], Action::Find, OTHERS, "find text", Some("find")),
    bind(&[c('n')], Action::FindNext, PACKETS, "find the next", None),
    bind(&[c('n')], Action::FindNext, OTHERS, "find the next", None),
    bind(&[c('N')], Action::FindPrevious, PACKETS, "find the one before", None),
    bind(&[c('N')], Action::FindPrevious, OTHERS, "find the one before", None),
    bind(&[c(':')], Action::GoTo, EVERY, "go to a packet by its number", Some("go to")),
    bind(&[c('m')], Action::Mark, PACKETS, "mark the packet, or unmark it", Some("mark")),
    bind(&[c('\'')], Action::NextMark, PACKETS, "to the next marked packet", None),
    bind(&[c('F')], Action::Tail, LIST, "stay at the end while the capture grows", None),
    bind(
        &[c('t')],
        Action::TimeFormat,
        EVERY,
        "time: relative, between packets, of day, date",
        None,
    ),
    bind(&[c('C')], Action::Columns, PACKETS, "choose columns: names, or fields", None),
    bind(
        &[c('y')],
        Action::CopyField,
        PACKETS,
        "copy the line or field to the clipboard",
        Some("copy"),
    ),
    bind(&[c('x')], Action::CopyHex, PACKETS, "copy the packet in hexadecimal", None),
    bind(&[c('s')], Action::CopySpec, PACKETS, "copy the packet as a spec for mip6 craft", None),
    bind(
        &[c('w')],
        Action::Write,
        PACKETS,
        "write packets to a file: .pcapng, .yaml (spec), .hex",
        None,
    ),
    bind(
        &[c('W')],
        Action::WriteShown,
        PACKETS,
        "write all packets that are shown to a file, likewise",
        None,
    ),
    bind(
        &[c('i')],
        Action::Steps,
        PACKETS,
        "what its nodes do under IPsec, step by step",
        Some("steps"),
    ),
    bind(
        &[c('o')],
        Action::NextSource,
        PACKETS,
        "octets: of the frame, put together, opened",
        None,
    ),
    bind(&[c('K')], Action::Keys, EVERY, "load a key file", None),
    bind(&[c('P')], Action::Policy, EVERY, "load a policy file", None),
    bind(&[c('R')], Action::Reload, EVERY, "read key and policy files again", None),
    bind(
        &[c('o')],
        Action::Group,
        FINDINGS,
        "order: by severity, requirement, node",
        Some("order"),
    ),
    bind(&[c('+'), c('>')], Action::Grow, EVERY, "more room for this pane", None),
    bind(&[c('-'), c('<')], Action::Shrink, EVERY, "less room for this pane", None),
    bind(&[c('T')], Action::Theme, EVERY, "colours: dark, light, colour-blind, none", None),
];

/// What a key does in a pane.
pub fn action(pane: Pane, event: &KeyEvent) -> Option<Action> {
    let here = BINDINGS.iter().filter(|b| b.panes.contains(&pane));
    here.into_iter().find(|b| b.keys.iter().any(|k| k.is(event))).map(|b| b.action)
}

/// What the last line tells of in a pane: what is particular to it first.
pub fn hints(pane: Pane) -> impl Iterator<Item = (String, &'static str)> {
    let here = BINDINGS.iter().filter(move |b| b.panes.contains(&pane));
    let mut hints: Vec<_> =
        here.filter_map(|b| Some((b.panes.len(), b.keys.first()?.name(), b.hint?))).collect();
    hints.sort_by_key(|(n, _, _)| *n);
    hints.into_iter().map(|(_, key, hint)| (key, hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_a_pane() {
        for pane in EVERY {
            let here: Vec<_> = BINDINGS.iter().filter(|b| b.panes.contains(pane)).collect();
            let mut keys: Vec<Key> = Vec::new();
            for b in here {
                for key in b.keys {
                    let twice = keys.contains(key);
                    assert!(!twice, "{} in {pane:?}", key.name());
                    keys.push(*key);
                }
            }
        }
    }

    #[test]
    fn control_is_not_the_letter() {
        let event = KeyEvent::new(KeyCode::Char('f'), KeyModifiers::CONTROL);
        assert_eq!(action(Pane::List, &event), Some(Action::PageDown));
        let event = KeyEvent::new(KeyCode::Char('f'), KeyModifiers::NONE);
        assert_eq!(action(Pane::List, &event), Some(Action::Find));
    }
}
