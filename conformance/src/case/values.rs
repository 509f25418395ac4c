//! Small values of cases: spans of time, shares, prefixes, names with values.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::net::Ipv6Addr;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::place::{At, Place};

/// A span of time: `500 ms`, `2 s`, `1 min` or `1 h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(pub Duration);

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found `{text}`"
            )
        };
        let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
        let (millis, most_decimals) = match unit {
            "ms" => (1, 0),
            "s" => (1_000, 3),
            "min" => (60_000, 0),
            "h" => (3_600_000, 0),
            _ => return Err(wrong()),
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let dotted = number.contains('.');
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || dotted && (!digits(decimals) || decimals.len() > most_decimals) {
            return Err(wrong());
        }
        let thousandths = format!("{decimals:0<3}");
        let whole = whole.parse::<u64>().ok().and_then(|n| n.checked_mul(millis));
        let rest = if dotted { thousandths.parse().unwrap_or(0) } else { 0 };
        let millis = whole.and_then(|n| n.checked_add(rest));
        // Longer than any lifetime of the protocol: 2^32 seconds.
        let millis = millis.filter(|n| *n <= u64::from(u32::MAX) * 1_000);
        millis
            .map(|n| Self(Duration::from_millis(n)))
            .ok_or_else(|| format!("expected at most {} s, found `{text}`", u32::MAX))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        if millis.is_multiple_of(3_600_000) && millis > 0 {
            write!(f, "{} h", millis / 3_600_000)
        } else if millis.is_multiple_of(60_000) && millis > 0 {
            write!(f, "{} min", millis / 60_000)
        } else if millis.is_multiple_of(1_000) {
            write!(f, "{} s", millis / 1_000)
        } else {
            write!(f, "{millis} ms")
        }
    }
}

/// A share of a whole: `10 %`, `0.5 %`; at most 100 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent {
    /// Hundredths of a percent, 0 to 10000.
    pub hundredths: u16,
}

impl Percent {
    /// As a share of one.
    pub fn share(self) -> f64 {
        f64::from(self.hundredths) / 10_000.0
    }

    /// This share of a span of time.
    pub fn of(self, period: Duration) -> Duration {
        period * u32::from(self.hundredths) / 10_000
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a share like `10 %` or `0.5 %`, found `{text}`");
        let number = text.strip_suffix('%').and_then(|s| s.strip_suffix(' ')).ok_or_else(wrong)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |s: &str| (1..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(wrong());
        }
        let decimals: u16 = format!("{decimals:0<2}").parse().map_err(|_| wrong())?;
        let hundredths = whole.parse::<u16>().map_err(|_| wrong())? * 100 + decimals;
        if hundredths > 10_000 {
            return Err(format!("expected at most 100 %, found `{text}`"));
        }
        Ok(Self { hundredths })
    }
}

/// A prefix: `2001:db8:a::/64`. Bits behind its length are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    /// The address, zero behind the prefix.
    pub address: Ipv6Addr,
    /// Bits, 0 to 128.
    pub length: u8,
}

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a prefix like `2001:db8:a::/64`, found `{text}`");
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let address: Ipv6Addr = address.parse().map_err(|_| wrong())?;
        let length: u8 = length.parse().ok().filter(|n| *n <= 128).ok_or_else(wrong)?;
        let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
        if address.to_bits() & !mask != 0 {
            return Err(format!("`{text}` has bits behind its length of {length}: expected zeros"));
        }
        Ok(Self { address, length })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl serde::Serialize for Prefix {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Reads text by `FromStr`, and says what the schema is.
macro_rules! as_text {
    ($type:ident, $expected:literal, $pattern:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                d.deserialize_str(Text)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "pattern": $pattern})
            }
        }
    };
}

as_text!(
    Period,
    "a span of time like `500 ms`, `2 s`, `1 min` or `1 h`",
    r"^[0-9]+(\.[0-9]{1,3})? (ms|s|min|h)$"
);
as_text!(Percent, "a share like `10 %` or `0.5 %`", r"^[0-9]{1,3}(\.[0-9]{1,2})? %$");
as_text!(Prefix, "a prefix like `2001:db8:a::/64`", r"^[0-9A-Fa-f:.]+/[0-9]{1,3}$");

/// Names with values, in the order in which they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<V> {
    entries: Vec<(At<String>, V)>,
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> Map<V> {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.entries.iter().find(|(k, _)| k.value == name).map(|(_, v)| v)
    }

    /// The place of a name in the order, from 0.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|(k, _)| k.value == name)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.entries.iter().map(|(k, v)| (k.value.as_str(), v))
    }

    /// Names in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.entries.iter().map(|(k, _)| k.value.as_str())
    }

    /// Names with the places where they were written, and values, in order.
    pub fn placed(&self) -> impl ExactSizeIterator<Item = (Place, &str, &V)> {
        self.entries.iter().map(|(k, v)| (k.place, k.value.as_str(), v))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Map<V> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Map<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Map { entries })
            }
        }

        d.deserialize_map(Entries(PhantomData))
    }
}

impl<V: JsonSchema> JsonSchema for Map<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, V>::json_schema(generator)
    }
}
