//! Spans of time in scripts.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A span of time: `20 ms`, `1.5 s`, `300 us`, `2 min`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span(pub Duration);

/// Units and their nanoseconds.
const UNITS: [(&str, u64); 5] =
    [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000)];
/// Digits in front of the point.
const DIGITS: usize = 9;

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a time like `20 ms` or `1.5 s`, found `{text}`");
        let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
        let (_, nanos) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits =
            |s: &str| (1..=DIGITS).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(wrong());
        }
        let number = |s: &str| s.parse::<u128>().map_err(|_| wrong());
        let nanos = u128::from(*nanos);
        let part = number(decimals)? * nanos / 10u128.pow(decimals.len() as u32);
        let nanos = number(whole)? * nanos + part;
        let secs = (nanos / 1_000_000_000) as u64;
        Ok(Self(Duration::new(secs, (nanos % 1_000_000_000) as u32)))
    }
}

impl fmt::Display for Span {
    /// As a script writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (secs, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        if nanos == 0 {
            return write!(f, "{secs} s");
        }
        let decimals = format!("{nanos:09}");
        write!(f, "{secs}.{} s", decimals.trim_end_matches('0'))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time like `20 ms` or `1.5 s`")
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<Span, E> {
                v.parse().map_err(E::custom)
            }
        }

        d.deserialize_any(Text)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A span of time: 20 ms, 1.5 s",
            "type": "string",
            "pattern": "^[0-9]{1,9}(\\.[0-9]{1,9})? (ns|us|ms|s|min)$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written() {
        for (text, nanos) in [
            ("20 ms", 20_000_000),
            ("1.5 s", 1_500_000_000),
            ("7 ns", 7),
            ("0.5 min", 30_000_000_000),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.0, Duration::from_nanos(nanos), "{text}");
            assert_eq!(span.to_string().parse(), Ok(span));
        }
        for wrong in ["", "20", "20ms", "-1 s", "1. s", "1 h", "99999999999 s"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }
}
