//! Colours. What they say is also said by a word, a sign, or by bold and
//! reversed text: nothing depends on them.

use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Serialize};

/// A choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// Blue, orange and brightness alone, which are told apart with any kind of
    /// colour vision.
    ColourBlind,
    /// None.
    Plain,
}

impl ThemeName {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::ColourBlind,
            Self::ColourBlind => Self::Plain,
            Self::Plain => Self::Dark,
        }
    }

    /// As people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::ColourBlind => "colour-blind",
            Self::Plain => "no colours",
        }
    }
}

/// What things look like.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Plain text.
    pub text: Style,
    /// What matters less.
    pub dim: Style,
    /// Head lines of panes.
    pub title: Style,
    /// The head line of the pane that keys go to.
    pub title_focused: Style,
    /// The line of the cursor.
    pub cursor: Style,
    /// The line of the cursor in a pane that keys do not go to.
    pub cursor_away: Style,
    /// Octets of what is selected.
    pub octets: Style,
    /// The bar of views.
    pub bar: Style,
    /// The view that is shown.
    pub bar_here: Style,
    /// Keys in hints.
    pub key: Style,
    /// What is wrong.
    pub error: Style,
    /// A requirement was broken.
    pub must: Style,
    /// A recommendation was not followed.
    pub should: Style,
    /// For information.
    pub may: Style,
    /// Marked packets.
    pub mark: Style,
    /// Messages of mobility.
    pub mobility: Style,
    /// What IPsec protects.
    pub protected: Style,
    /// What is of the link.
    pub neighbors: Style,
    /// What went well.
    pub good: Style,
}

const fn fg(color: Color) -> Style {
    Style::new().fg(color)
}

impl Theme {
    /// The colours of a theme.
    pub const fn new(name: ThemeName) -> Self {
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let dim = Style::new().add_modifier(Modifier::DIM);
        let plain = Self {
            text: Style::new(),
            dim,
            title: dim,
            title_focused: bold,
            cursor: reversed,
            cursor_away: Style::new().add_modifier(Modifier::UNDERLINED),
            octets: reversed,
            bar: Style::new(),
            bar_here: reversed,
            key: bold,
            error: bold,
            must: bold,
            should: Style::new(),
            may: dim,
            mark: bold,
            mobility: bold,
            protected: Style::new(),
            neighbors: dim,
            good: Style::new(),
        };
        match name {
            ThemeName::Plain => plain,
            ThemeName::Dark => Self {
                title: fg(Color::DarkGray),
                title_focused: fg(Color::Cyan).add_modifier(Modifier::BOLD),
                cursor: Style::new().fg(Color::Black).bg(Color::Cyan),
                cursor_away: Style::new().fg(Color::White).bg(Color::DarkGray),
                octets: Style::new().fg(Color::Black).bg(Color::Yellow),
                bar_here: Style::new().fg(Color::Black).bg(Color::Cyan),
                key: fg(Color::Cyan),
                error: fg(Color::LightRed).add_modifier(Modifier::BOLD),
                must: fg(Color::LightRed),
                should: fg(Color::Yellow),
                may: fg(Color::Gray),
                mark: fg(Color::LightMagenta).add_modifier(Modifier::BOLD),
                mobility: fg(Color::LightCyan),
                protected: fg(Color::LightGreen),
                neighbors: fg(Color::Gray),
                good: fg(Color::LightGreen),
                ..plain
            },
            ThemeName::Light => Self {
                title: fg(Color::Gray),
                title_focused: fg(Color::Blue).add_modifier(Modifier::BOLD),
                cursor: Style::new().fg(Color::White).bg(Color::Blue),
                cursor_away: Style::new().fg(Color::Black).bg(Color::Gray),
                octets: Style::new().fg(Color::Black).bg(Color::Yellow),
                bar_here: Style::new().fg(Color::White).bg(Color::Blue),
                key: fg(Color::Blue),
                error: fg(Color::Red).add_modifier(Modifier::BOLD),
                must: fg(Color::Red),
                should: fg(Color::Magenta),
                may: fg(Color::DarkGray),
                mark: fg(Color::Magenta).add_modifier(Modifier::BOLD),
                mobility: fg(Color::Blue),
                protected: fg(Color::Green),
                neighbors: fg(Color::DarkGray),
                good: fg(Color::Green),
                ..plain
            },
            // Of the palette of Okabe and Ito, as near as 256 colours come.
            ThemeName::ColourBlind => {
                let (blue, orange, sky) =
                    (Color::Indexed(32), Color::Indexed(214), Color::Indexed(117));
                Self {
                    title_focused: fg(sky).add_modifier(Modifier::BOLD),
                    cursor: Style::new().fg(Color::Indexed(15)).bg(blue),
                    cursor_away: Style::new().fg(Color::Indexed(15)).bg(Color::Indexed(240)),
                    octets: Style::new().fg(Color::Indexed(16)).bg(orange),
                    bar_here: Style::new().fg(Color::Indexed(15)).bg(blue),
                    key: fg(sky),
                    error: fg(orange).add_modifier(Modifier::BOLD),
                    must: fg(orange).add_modifier(Modifier::BOLD),
                    should: fg(orange),
                    mark: fg(orange).add_modifier(Modifier::UNDERLINED),
                    mobility: fg(sky),
                    protected: fg(sky).add_modifier(Modifier::BOLD),
                    good: fg(sky),
                    ..plain
                }
            }
        }
    }
}
