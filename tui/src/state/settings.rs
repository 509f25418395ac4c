//! What is kept between runs.

use serde::{Deserialize, Serialize};

use crate::theme::ThemeName;

/// Filters that are remembered.
const HISTORY: usize = 100;

/// What is kept between runs. What a later version does not know is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {
    /// Colours.
    pub theme: ThemeName,
    /// How times are shown.
    pub time: TimeFormat,
    /// Columns, as names that [`Column::parse`] understands.
    pub columns: Vec<String>,
    /// Per cent of the height that the list of packets takes.
    pub list: u16,
    /// Per cent that the octets take of what is below it: of the width, or of
    /// the height on narrow terminals.
    pub octets: u16,
    /// Per cent of the height that the upper pane of other views takes.
    pub upper: u16,
    /// Filters, the latest last.
    pub history: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeName::default(),
            time: TimeFormat::default(),
            columns: Column::default_names().map(str::to_owned).to_vec(),
            list: 45,
            octets: 47,
            upper: 40,
            history: Vec::new(),
        }
    }
}

impl Settings {
    /// Makes what a file says usable.
    #[must_use]
    pub fn sound(mut self) -> Self {
        for share in [&mut self.list, &mut self.octets, &mut self.upper] {
            *share = (*share).clamp(10, 90);
        }
        if Column::parse_all(&self.columns).is_err() || self.columns.is_empty() {
            self.columns = Self::default().columns;
        }
        let excess = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..excess);
        self.history.retain(|filter| !filter.chars().any(char::is_control));
        self
    }

    /// Remembers a filter.
    pub fn remember(&mut self, filter: &str) {
        self.history.retain(|f| f != filter);
        self.history.push(filter.to_owned());
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
    }
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeFormat {
    /// Seconds since the first packet.
    #[default]
    Relative,
    /// Seconds since the packet before it.
    Delta,
    /// Time of day, UTC.
    Day,
    /// Date and time, UTC.
    Date,
}

impl TimeFormat {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Relative => Self::Delta,
            Self::Delta => Self::Day,
            Self::Day => Self::Date,
            Self::Date => Self::Relative,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Relative => "seconds since the first packet",
            Self::Delta => "seconds since the packet before",
            Self::Day => "time of day, UTC",
            Self::Date => "date and time, UTC",
        }
    }
}

/// A column of the list of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Number in the capture.
    Number,
    /// Time.
    Time,
    /// Source address.
    Source,
    /// Destination address.
    Destination,
    /// Protocol.
    Protocol,
    /// Octets on the link.
    Length,
    /// What it is about.
    Info,
    /// The values of a field.
    Field(&'static str),
}

impl Column {
    const NAMED: [(&'static str, Self); 7] = [
        ("number", Self::Number),
        ("time", Self::Time),
        ("source", Self::Source),
        ("destination", Self::Destination),
        ("protocol", Self::Protocol),
        ("length", Self::Length),
        ("info", Self::Info),
    ];

    fn default_names() -> [&'static str; 7] {
        Self::NAMED.map(|(name, _)| name)
    }

    /// The column of a name: one of its own, or a field's.
    pub fn parse(name: &str) -> Result<Self, String> {
        if let Some((_, column)) = Self::NAMED.iter().find(|(n, _)| *n == name) {
            return Ok(*column);
        }
        let fields = mip6_dissect::fields::Registry::get();
        let found = fields.names().find(|(n, _)| *n == name).map(|(n, _)| Self::Field(n));
        found.ok_or_else(|| {
            let own = Self::default_names().join(", ");
            match fields.lookup(name) {
                Err(e) => format!("{e}; columns are {own}, and all fields"),
                Ok(_) => format!("`{name}` is no column"),
            }
        })
    }

    /// The columns of names.
    pub fn parse_all(names: &[String]) -> Result<Vec<Self>, String> {
        names.iter().map(|n| Self::parse(n)).collect()
    }

    /// What stands above it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Number => "No.",
            Self::Time => "Time",
            Self::Source => "Source",
            Self::Destination => "Destination",
            Self::Protocol => "Protocol",
            Self::Length => "Length",
            Self::Info => "Info",
            Self::Field(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_from_a_file_are_made_sound() {
        let text = r#"{"list": 5000, "columns": ["bogus"], "history": ["a\u001b[2Jb", "esp"],
                       "theme": "colour-blind", "unknown": 1}"#;
        let settings = serde_json::from_str::<Settings>(text).unwrap().sound();
        assert_eq!(settings.list, 90);
        assert_eq!(settings.columns, Settings::default().columns);
        assert_eq!(settings.history, ["esp"]);
        assert_eq!(settings.theme, ThemeName::ColourBlind);
    }

    #[test]
    fn columns_are_names_or_fields() {
        assert_eq!(Column::parse("info"), Ok(Column::Info));
        assert_eq!(Column::parse("mip6.mhtype"), Ok(Column::Field("mip6.mhtype")));
        assert!(Column::parse("mip6.mhtyp").unwrap_err().contains("mip6.mhtype"));
    }
}
