//! The value of a field, understood but not yet printed.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A field's value. `Display` prints it as tshark does with `-T fields`;
/// octets from packets never reach the output unescaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Unsigned integer; `hex_digits` 0 prints it in decimal.
    Uint {
        /// The number.
        value: u64,
        /// Digits of the hexadecimal form, 0 for decimal.
        hex_digits: u8,
    },
    /// Signed integer.
    Int(i64),
    /// True or false; prints as 1 or 0.
    Bool(bool),
    /// IPv6 address.
    Ipv6(Ipv6Addr),
    /// IPv4 address.
    Ipv4(Ipv4Addr),
    /// Link-layer address.
    Link(&'a [u8]),
    /// Octets.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a [u8]),
    /// Domain names in DNS wire encoding.
    Domain(&'a [u8]),
    /// 64-bit NTP timestamp.
    Ntp(u64),
    /// 64-bit timestamp of RFC 3971.
    Send(u64),
    /// A span of time, or one since 1970-01-01 UTC.
    Time {
        /// Below zero.
        negative: bool,
        /// Whole seconds.
        secs: u64,
        /// Nanoseconds, below 10^9.
        nanos: u32,
    },
    /// Nothing but presence.
    None,
}

impl Value<'_> {
    /// The value as a number, where it is one.
    pub fn as_u64(&self) -> Option<u64> {
        match *self {
            Self::Uint { value, .. } => Some(value),
            Self::Bool(b) => Some(u64::from(b)),
            Self::Int(i) => u64::try_from(i).ok(),
            _ => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Uint { value, hex_digits: 0 } => write!(f, "{value}"),
            Self::Uint { value, hex_digits } => {
                write!(f, "0x{value:0width$x}", width = usize::from(hex_digits))
            }
            Self::Int(v) => write!(f, "{v}"),
            Self::Bool(v) => f.write_str(if v { "1" } else { "0" }),
            Self::Ipv6(v) => write!(f, "{v}"),
            Self::Ipv4(v) => write!(f, "{v}"),
            Self::Link(b) => b.iter().enumerate().try_for_each(|(i, o)| {
                let separator = if i == 0 { "" } else { ":" };
                write!(f, "{separator}{o:02x}")
            }),
            Self::Bytes(b) => b.iter().try_for_each(|o| write!(f, "{o:02x}")),
            Self::Text(t) => escape(t, f),
            Self::Domain(d) => domain(d, f),
            Self::Ntp(t) => {
                // Seconds from 1900 to 1970: 70 years with 17 leap days.
                let secs = (t >> 32) as i64 - 2_208_988_800;
                let nanos = ((t & 0xffff_ffff) * 1_000_000_000) >> 32;
                timestamp(secs, nanos as u32, f)
            }
            Self::Send(t) => {
                let nanos = ((t & 0xffff) * 1_000_000_000) >> 16;
                timestamp((t >> 16) as i64, nanos as u32, f)
            }
            Self::Time { negative, secs, nanos } => {
                let sign = if negative { "-" } else { "" };
                write!(f, "{sign}{secs}.{nanos:09}")
            }
            Self::None => Ok(()),
        }
    }
}

/// Writes `text`, escaping what is not printable: control characters, invalid
/// UTF-8, and characters that change the direction or layout of a line.
pub fn escape(text: &[u8], f: &mut impl fmt::Write) -> fmt::Result {
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\t' => f.write_str("\\t")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                c if c.is_control() || is_format_control(c) => {
                    write!(f, "\\u{{{:x}}}", u32::from(c))?;
                }
                c => f.write_char(c)?,
            }
        }
        for b in chunk.invalid() {
            write!(f, "\\x{b:02x}")?;
        }
    }
    Ok(())
}

/// Characters without a glyph that reorder, join or hide text, those that only
/// look like a space among them.
fn is_format_control(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Writes names in DNS wire encoding (RFC 1035 3.1, no compression), dotted
/// and separated by commas. What does not parse is written as octets.
fn domain(mut raw: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut fresh = true;
    let mut any = false;
    while let Some((&len, rest)) = raw.split_first() {
        let len = usize::from(len);
        if len == 0 {
            if rest.iter().all(|b| *b == 0) {
                return Ok(());
            }
            f.write_str(",")?;
            fresh = true;
            raw = rest;
            continue;
        }
        let Some(label) = rest.get(..len).filter(|_| len < 64) else {
            let sep = if any { " " } else { "" };
            write!(f, "{sep}\\x{}", Value::Bytes(raw))?;
            return Ok(());
        };
        if !fresh {
            f.write_str(".")?;
        }
        escape(label, f)?;
        fresh = false;
        any = true;
        raw = &rest[len..];
    }
    Ok(())
}

/// Writes a point in time in UTC: `2011-03-05T10:20:30.123456789Z`; outside the
/// years 0 to 9999 the seconds since 1970.
pub fn timestamp(secs: i64, nanos: u32, f: &mut impl fmt::Write) -> fmt::Result {
    let days = secs.div_euclid(86_400);
    let s = secs.rem_euclid(86_400);
    // Civil date from days since 1970-01-01, in 400-year eras that begin in March.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    if !(0..=9999).contains(&year) {
        return write!(f, "{secs}.{nanos:09}");
    }
    // By hand: every line of output has one.
    let mut text = *b"0000-00-00T00:00:00.000000000Z";
    digits(&mut text[..4], year as u32);
    digits(&mut text[5..7], month as u32);
    digits(&mut text[8..10], day as u32);
    digits(&mut text[11..13], (s / 3600) as u32);
    digits(&mut text[14..16], (s / 60 % 60) as u32);
    digits(&mut text[17..19], (s % 60) as u32);
    digits(&mut text[20..29], nanos);
    f.write_str(std::str::from_utf8(&text).unwrap_or_default())
}

/// Writes the last digits of `n` over `out`.
fn digits(out: &mut [u8], mut n: u32) {
    for d in out.iter_mut().rev() {
        *d = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_hides_or_reorders_text_is_shown_by_its_number() {
        let hidden = [
            '\u{0}',
            '\u{7}',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{34f}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{e0041}',
            '\u{e01ef}',
        ];
        for c in hidden {
            let mut out = String::new();
            escape(format!("a{c}b").as_bytes(), &mut out).unwrap();
            assert_eq!(out, format!("a\\u{{{:x}}}b", u32::from(c)));
        }
        for text in ["plain", "é", "東京", "🙂"] {
            let mut out = String::new();
            escape(text.as_bytes(), &mut out).unwrap();
            assert_eq!(out, text);
        }
    }
}
