//! Profiles with one's own numbers, in YAML:
//!
//! ```yaml
//! name: lab
//! base: auto               # rfc6275, lke-01 or auto
//! lke:                     # numbers of Local Key Exchange
//!   key-exchange-request: 200
//!   capability: 253
//! readings: [D2a, C6a=222] # how Local Key Exchange is read
//! mobility-header:         # number: format
//!   201: heartbeat
//! mobility-option:
//!   220: alternate-care-of-address
//! nd-option:
//!   254: advertisement-interval
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mip6_security::mobility::local::Readings;
use mip6_wire::codes::{Codes, MhFormat, NdFormat, OptionFormat};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use thiserror::Error;

use super::{Mode, Profile};

/// What can be wrong with a profile.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The file could not be read.
    #[error(
        "{path}: cannot read profile: {source}; the built-in profiles are rfc6275, lke-01 and auto"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not YAML of the expected shape.
    #[error("{path}: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        message: String,
    },
    /// It names a format that does not exist.
    #[error("{path}: {section}: {number}: no format is called `{name}`; known are: {known}")]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// The table in it.
        section: &'static str,
        /// The number.
        number: u8,
        /// What it was to mean.
        name: String,
        /// What there is.
        known: String,
    },
}

/// A profile file: one's own numbers for formats.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "A profile of mip6")]
pub struct ProfileFile {
    /// What the profile is called; the file's name, if it is left out.
    name: Option<String>,
    /// The built-in profile it changes.
    #[serde(default)]
    base: Base,
    /// Numbers of Local Key Exchange, where they are not the draft's.
    #[serde(default)]
    lke: Lke,
    /// By which readings of the draft Local Key Exchange is spoken, where they are known:
    /// what depends on one is then judged by it.
    #[serde(default)]
    #[schemars(schema_with = "readings_schema")]
    readings: Vec<String>,
    /// Mobility Header types: number to format.
    #[serde(default)]
    mobility_header: BTreeMap<u8, String>,
    /// Mobility options: number to format.
    #[serde(default)]
    mobility_option: BTreeMap<u8, String>,
    /// Neighbor Discovery options: number to format.
    #[serde(default)]
    nd_option: BTreeMap<u8, String>,
}

/// A built-in profile.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
enum Base {
    /// Numbers mean what IANA registered.
    #[serde(rename = "rfc6275")]
    Plain,
    /// Numbers mean what draft-liu-mobileip-lke-01 says.
    #[serde(rename = "lke-01")]
    Lke,
    /// Decided packet by packet.
    #[default]
    #[serde(rename = "auto")]
    Auto,
}

/// Numbers of Local Key Exchange.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Lke {
    /// Mobility Header type, 8 in the draft.
    key_exchange_request: Option<u8>,
    /// Mobility Header type, 9 in the draft.
    key_exchange_acknowledgement: Option<u8>,
    /// Mobility Header type, 10 in the draft.
    finished: Option<u8>,
    /// Mobility option of a request, 3 in the draft.
    requested_lifetime: Option<u8>,
    /// Mobility option of an acknowledgement, 4 in the draft.
    ar_address: Option<u8>,
    /// Mobility option of an acknowledgement, 5 in the draft.
    hmac: Option<u8>,
    /// Mobility option of a Binding Acknowledgement, 6 in the draft.
    finished_request: Option<u8>,
    /// Option of a Router Advertisement, 6 in the draft.
    capability: Option<u8>,
    /// Option of a Neighbor Solicitation, 7 in the draft.
    dad_request: Option<u8>,
    /// Option of a Neighbor Advertisement, 8 in the draft.
    dad_reply: Option<u8>,
}

/// The schema of a list of readings of Local Key Exchange: what can be chosen, each in a
/// line.
pub fn readings_schema(_: &mut SchemaGenerator) -> Schema {
    let choices = Readings::choices().map(|(name, text)| match name.strip_suffix("NUMBER") {
        Some(id) => json_schema!({
            "type": "string",
            "pattern": format!("^{id}(0x[0-9a-fA-F]{{1,2}}|[0-9]{{1,3}})$"),
            "description": text,
        }),
        None if name == "C6a" => json_schema!({
            "type": "string",
            "pattern": "^C6a(=(0x[0-9a-fA-F]{2}|[0-9]{3}))?$",
            "description": text,
        }),
        None => json_schema!({ "const": name, "description": text }),
    });
    json_schema!({ "type": "array", "items": { "anyOf": choices.collect::<Vec<_>>() } })
}

pub(super) fn load(path: &Path) -> Result<Profile, ProfileError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ProfileError::Read { path: path.to_owned(), source })?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Profile, ProfileError> {
    let file: ProfileFile = serde_yaml::from_str(text)
        .map_err(|e| ProfileError::Parse { path: path.to_owned(), message: e.to_string() })?;
    let wrong = |message| ProfileError::Parse { path: path.to_owned(), message };
    let numbers = file.lke.names();
    let names = numbers.iter().chain(&file.readings).map(String::as_str);
    let readings = Readings::chosen(names).map_err(|e| wrong(e.to_string()))?;
    if matches!(file.base, Base::Plain) && !file.readings.is_empty() {
        let message = "`readings` with `base: rfc6275`, which has no Local Key Exchange: expected \
                       `lke-01` or `auto`";
        return Err(wrong(message.to_owned()));
    }
    let (mut plain, mut lke) = (Codes::iana(), Codes::iana().with_lke(readings.numbers()));
    for codes in [&mut plain, &mut lke] {
        for (number, name) in &file.mobility_header {
            let format = MhFormat::from_slug(name);
            codes.set_mh(
                *number,
                found(path, "mobility-header", *number, name, format, || {
                    slugs(MhFormat::ALL, |f| f.slug())
                })?,
            );
        }
        for (number, name) in &file.mobility_option {
            let format = OptionFormat::from_slug(name);
            codes.set_option(
                *number,
                found(path, "mobility-option", *number, name, format, || {
                    slugs(OptionFormat::ALL, |f| f.slug())
                })?,
            );
        }
        for (number, name) in &file.nd_option {
            let format = NdFormat::from_slug(name);
            codes.set_nd(
                *number,
                found(path, "nd-option", *number, name, format, || {
                    slugs(NdFormat::ALL, |f| f.slug())
                })?,
            );
        }
    }
    let mode = match file.base {
        Base::Plain => Mode::Plain,
        Base::Lke => Mode::Lke,
        Base::Auto => Mode::Auto,
    };
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned());
    let name = file.name.or(stem).unwrap_or_default();
    Ok(Profile { readings, ..Profile::new(&name, mode, plain, lke) })
}

impl Lke {
    /// The same as names of readings.
    fn names(&self) -> Vec<String> {
        let numbers = [
            ("A1", self.capability),
            ("A2", self.dad_request),
            ("A3", self.dad_reply),
            ("A4", self.key_exchange_request),
            ("A5", self.key_exchange_acknowledgement),
            ("A6", self.finished),
            ("A7", self.requested_lifetime),
            ("A8", self.ar_address),
            ("A9", self.hmac),
            ("A10", self.finished_request),
        ];
        numbers.iter().filter_map(|(id, n)| Some(format!("{id}={}", n.as_ref()?))).collect()
    }
}

fn found<T>(
    path: &Path,
    section: &'static str,
    number: u8,
    name: &str,
    format: Option<T>,
    known: impl Fn() -> String,
) -> Result<T, ProfileError> {
    format.ok_or_else(|| ProfileError::UnknownFormat {
        path: path.to_owned(),
        section,
        number,
        name: name.to_owned(),
        known: known(),
    })
}

fn slugs<T>(all: &[T], slug: impl Fn(&T) -> &'static str) -> String {
    all.iter().map(slug).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use mip6_security::mobility::local::Reading;

    use super::*;

    #[test]
    fn own_numbers_replace_the_drafts() {
        let profile = parse(
            "lab.yaml".as_ref(),
            "base: lke-01\nlke: {key-exchange-request: 200}\nmobility-header: {201: heartbeat}\n",
        )
        .unwrap();
        let codes = profile.codes(profile.dialect());
        assert_eq!(profile.name(), "lab");
        assert_eq!(codes.mh(200), MhFormat::KeyExchangeRequest);
        assert_eq!(codes.mh(8), MhFormat::FastBindingUpdate);
        assert_eq!(codes.mh(201), MhFormat::Heartbeat);
    }

    #[test]
    fn readings_are_chosen_with_their_numbers() {
        let profile = parse("p".as_ref(), "readings: [D2a, A1=253]").unwrap();
        assert!(profile.readings().has(Reading::Seconds));
        assert_eq!(profile.codes(profile.dialect()).nd(134, 253, 10), NdFormat::LkeCapability);
        let e = parse("p".as_ref(), "readings: [D3a]").unwrap_err().to_string();
        assert!(e.contains("no reading is called `D3a`"), "{e}");
    }

    #[test]
    fn what_cannot_be_read_so_is_told() {
        let told = |text| parse("p".as_ref(), text).unwrap_err().to_string();
        assert!(told("lke: {key-exchange-request: 9}").contains("`A4` and `A5` are both 9"));
        assert!(told("lke: {key-exchange-request: 5}").contains("from 8 to 255"));
        assert!(told("base: rfc6275\nreadings: [D2a]").contains("no Local Key Exchange"));
    }

    #[test]
    fn an_unknown_format_is_named_with_what_there_is() {
        let e = parse("p".as_ref(), "mobility-header: {9: hartbeat}").unwrap_err().to_string();
        assert!(e.contains("mobility-header: 9: no format is called `hartbeat`"), "{e}");
        assert!(e.contains("heartbeat"), "{e}");
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_place() {
        let e = parse("p".as_ref(), "base: auto\nmobilty-header: {}\n").unwrap_err().to_string();
        assert!(e.contains("mobilty-header"), "{e}");
        assert!(e.contains('2'), "{e}");
    }
}
