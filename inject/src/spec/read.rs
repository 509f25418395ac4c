//! Specs read from YAML.

use std::fmt;
use std::marker::PhantomData;

use mip6_wire::names::nearest;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor, value,
};

use super::{
    Body, HeaderSpec, IcvSpec, OptionSpec, PacketSpec, Padding, RawSpec, SealSpec, Setting,
};
use crate::fields::{is_field, meant, suggestion};
use crate::kind::{HeaderKind, item_names};
use crate::term::{Term, float};

impl<'de> Deserialize<'de> for PacketSpec {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_seq(Headers)
    }
}

struct Headers;

impl<'de> Visitor<'de> for Headers {
    type Value = PacketSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of headers, one at least")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<PacketSpec, A::Error> {
        let mut headers = Vec::new();
        while let Some(header) = seq.next_element()? {
            headers.push(header);
        }
        if headers.is_empty() {
            return Err(de::Error::invalid_length(0, &self));
        }
        Ok(PacketSpec { headers })
    }
}

/// The header of a name.
pub(crate) fn header_kind<E: de::Error>(name: &str) -> Result<HeaderKind, E> {
    HeaderKind::from_name(name).ok_or_else(|| {
        let names: Vec<_> = HeaderKind::ALL.iter().map(|k| k.name()).collect();
        let meant = suggestion(&nearest(name, names.iter().copied()));
        let names = names.join(", ");
        E::custom(format_args!("unknown header `{name}`{meant}; expected one of {names}"))
    })
}

/// A map of one key, or a bare key.
struct OneKey<T> {
    expecting: &'static str,
    of: PhantomData<T>,
}

/// What a map of one key makes.
trait Keyed: Sized {
    /// The key, understood.
    type Key;
    fn key<E: de::Error>(name: &str) -> Result<Self::Key, E>;
    fn value<'de, A: MapAccess<'de>>(key: Self::Key, map: &mut A) -> Result<Self, A::Error>;
    fn bare<E: de::Error>(key: Self::Key) -> Result<Self, E>;
}

impl<'de, T: Keyed> Visitor<'de> for OneKey<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<T, E> {
        T::bare(T::key(v)?)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let Some(key) = map.next_key_seed(Key(PhantomData::<T>))? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let value = T::value(key, &mut map)?;
        match map.next_key::<String>()? {
            None => Ok(value),
            Some(second) => Err(de::Error::custom(format_args!(
                "a second key `{second}`, expected {}",
                self.expecting
            ))),
        }
    }
}

/// Understands the key where it stands, so that an error names its place.
struct Key<T>(PhantomData<T>);

impl<'de, T: Keyed> DeserializeSeed<'de> for Key<T> {
    type Value = T::Key;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<T::Key, D::Error> {
        T::key(&String::deserialize(d)?)
    }
}

impl<'de> Deserialize<'de> for HeaderSpec {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let expecting = "a header: a map of one key such as {ipv6: {ipv6.hlim: 1}}";
        d.deserialize_any(OneKey { expecting, of: PhantomData })
    }
}

impl Keyed for HeaderSpec {
    type Key = HeaderKind;

    fn key<E: de::Error>(name: &str) -> Result<HeaderKind, E> {
        header_kind(name)
    }

    fn value<'de, A: MapAccess<'de>>(kind: HeaderKind, map: &mut A) -> Result<Self, A::Error> {
        if kind == HeaderKind::Raw {
            return map.next_value().map(Self::Raw);
        }
        let Body { fields, options, padding, seal } =
            map.next_value_seed(BodySeed { of: kind.name(), options: Some(kind.option_names()) })?;
        if seal.is_some() && !matches!(kind, HeaderKind::Esp | HeaderKind::Ah) {
            let name = kind.name();
            return Err(de::Error::custom(format_args!(
                "`association` in {name}: only esp and ah have one"
            )));
        }
        Ok(Self::Of(kind, Body { fields, options, padding, seal }))
    }

    fn bare<E: de::Error>(kind: HeaderKind) -> Result<Self, E> {
        if kind == HeaderKind::Raw {
            return Err(E::custom("`raw` without octets, expected {raw: HEX}"));
        }
        Ok(Self::Of(kind, Body::default()))
    }
}

impl<'de> Deserialize<'de> for OptionSpec {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let expecting = "an option: a map of one key such as {nonce-indices: {mip6.ni.hni: 1}}";
        d.deserialize_any(OneKey { expecting, of: PhantomData })
    }
}

impl Keyed for OptionSpec {
    type Key = String;

    fn key<E: de::Error>(name: &str) -> Result<String, E> {
        if matches!(name, "raw" | "unknown") || item_names().any(|n| n == name) {
            return Ok(name.to_owned());
        }
        let meant = suggestion(&nearest(name, item_names()));
        Err(E::custom(format_args!("unknown option `{name}`{meant}")))
    }

    fn value<'de, A: MapAccess<'de>>(name: String, map: &mut A) -> Result<Self, A::Error> {
        match name.as_str() {
            "raw" => map.next_value().map(Self::Raw),
            "unknown" => {
                map.next_value::<Unknown>().map(|u| Self::Unknown { kind: u.kind, data: u.data })
            }
            _ => {
                let body = map.next_value_seed(BodySeed { of: &name, options: None })?;
                Ok(Self::Of(name, body))
            }
        }
    }

    fn bare<E: de::Error>(name: String) -> Result<Self, E> {
        match name.as_str() {
            "raw" => Err(E::custom("`raw` without octets, expected {raw: HEX}")),
            "unknown" => Err(E::custom("`unknown` without a type, expected {unknown: {type: N}}")),
            _ => Ok(Self::Of(name, Body::default())),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Unknown {
    #[serde(rename = "type")]
    kind: Term,
    data: Option<Term>,
}

/// Reads what is set in a header or option called `of`.
struct BodySeed<'n> {
    of: &'n str,
    /// Names of options, where that is known.
    options: Option<Vec<&'static str>>,
}

impl<'de> DeserializeSeed<'de> for BodySeed<'_> {
    type Value = Body;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Body, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BodySeed<'_> {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map of fields of {}", self.of)
    }

    /// `udp:` with nothing behind it.
    fn visit_unit<E>(self) -> Result<Body, E> {
        Ok(Body::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let mut body = Body::default();
        let (mut association, mut iv, mut icv) = (None, None, None);
        while let Some(key) = map.next_key_seed(FieldKey)? {
            match key.as_str() {
                "options" => body.options = self.options(map.next_value()?)?,
                "padding" => body.padding = map.next_value()?,
                "association" => association = Some(map.next_value()?),
                "iv" => iv = Some(map.next_value()?),
                "icv" => icv = Some(map.next_value()?),
                _ if body.sets(&key) => {
                    return Err(de::Error::custom(format_args!("`{key}` twice")));
                }
                _ => body.fields.push((key, map.next_value()?)),
            }
        }
        if association.is_none() && (iv.is_some() || icv.is_some()) {
            return Err(de::Error::missing_field("association"));
        }
        body.seal = association.map(|association| SealSpec { association, iv, icv });
        Ok(body)
    }
}

impl BodySeed<'_> {
    /// Checks that options are such as the header has.
    fn options<E: de::Error>(&self, options: Vec<OptionSpec>) -> Result<Vec<OptionSpec>, E> {
        let Some(names) = &self.options else { return Ok(options) };
        if names.is_empty() {
            return Err(E::custom(format_args!("`options` in {}, which has none", self.of)));
        }
        for option in &options {
            if let OptionSpec::Of(name, _) = option
                && !names.contains(&name.as_str())
            {
                let meant = suggestion(&nearest(name, names.iter().copied()));
                return Err(E::custom(format_args!("`{name}` is no option of {}{meant}", self.of)));
            }
        }
        Ok(options)
    }
}

/// A key of a body: a field's name, or one of five words.
struct FieldKey;

impl<'de> DeserializeSeed<'de> for FieldKey {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<String, D::Error> {
        let key = String::deserialize(d)?;
        let word = matches!(key.as_str(), "options" | "padding" | "association" | "iv" | "icv");
        if word || is_field(&key) {
            return Ok(key);
        }
        Err(de::Error::custom(format_args!("unknown field `{key}`{}", meant(&key))))
    }
}

impl<'de> Deserialize<'de> for Padding {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match String::deserialize(d)?.as_str() {
            "none" => Ok(Self::None),
            "aligned" => Ok(Self::Aligned),
            other => Err(de::Error::unknown_variant(other, &["aligned", "none"])),
        }
    }
}

impl<'de> Deserialize<'de> for IcvSpec {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let term = Term::deserialize(d)?;
        Ok(if term == Term::from("wrong") { Self::Wrong } else { Self::Octets(term) })
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(SettingVisitor)
    }
}

struct SettingVisitor;

impl<'de> Visitor<'de> for SettingVisitor {
    type Value = Setting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, $name, {value: $name, plus: N}, or a list of values")
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Setting, E> {
        one(v)
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Setting, E> {
        one(v)
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Setting, E> {
        one(v)
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Setting, E> {
        Err(float(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Setting, E> {
        one(v)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Setting, A::Error> {
        Term::deserialize(value::MapAccessDeserializer::new(map)).map(Setting::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Setting, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(Setting::Many)
    }
}

/// A scalar, as a term has it.
fn one<'de, E: de::Error, V: de::IntoDeserializer<'de, E>>(v: V) -> Result<Setting, E> {
    Term::deserialize(v.into_deserializer()).map(Setting::One)
}

impl<'de> Deserialize<'de> for RawSpec {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hexadecimal digits in quotes, $name, or {octets: N}")
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<RawSpec, E> {
        if !v.starts_with('$') && crate::datum::hex(v).is_none() {
            return Err(E::invalid_value(de::Unexpected::Str(v), &self));
        }
        Ok(RawSpec::Octets(v.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawSpec, A::Error> {
        let mut octets = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "octets" => octets = Some(map.next_value()?),
                _ => return Err(de::Error::unknown_field(&key, &["octets"])),
            }
        }
        octets.map(RawSpec::Count).ok_or_else(|| de::Error::missing_field("octets"))
    }
}
