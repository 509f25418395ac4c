//! What `ip xfrm state` prints.
//!
//! ```text
//! src 2001:db8:a::1234 dst 2001:db8:a::1
//!     proto esp spi 0x00001000 reqid 1 mode transport
//!     auth-trunc hmac(sha1) 0x… 96
//!     enc cbc(aes) 0x…
//! ```

use super::text::{address, algorithm, key, number, words};
use super::{Draft, Fault, Placed};
use crate::algorithm::{Encryption, Integrity};
use crate::association::{Mode, Protocol};

pub(super) fn parse(text: &str) -> Result<Vec<Draft>, Fault> {
    records(text)?.iter().filter(|r| !r.is_policy()).filter_map(|r| state(r).transpose()).collect()
}

/// A line that begins with `src`, and the lines that belong to it.
pub(crate) struct Record<'a> {
    /// Words of the first line.
    pub(crate) head: Vec<Placed<&'a str>>,
    /// Words of the others: one at least in each.
    pub(crate) lines: Vec<Vec<Placed<&'a str>>>,
}

impl Record<'_> {
    /// Whether `ip xfrm policy` printed it.
    pub(crate) fn is_policy(&self) -> bool {
        let first = self.lines.first().map(|line| line[0].value);
        matches!(first, Some("dir" | "socket"))
    }
}

pub(crate) fn records(text: &str) -> Result<Vec<Record<'_>>, Fault> {
    let mut records: Vec<Record<'_>> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let words = words(line, i + 1);
        let Some(first) = words.first() else { continue };
        if first.value == "src" && !line.starts_with(char::is_whitespace) {
            records.push(Record { head: words, lines: Vec::new() });
            continue;
        }
        let Some(record) = records.last_mut() else {
            return Err(first.fault("expected `src ADDRESS dst ADDRESS` first"));
        };
        record.lines.push(words);
    }
    Ok(records)
}

/// The association of a record; `None` for what carries neither ESP nor AH
/// (IPComp, route optimization) and has no keys.
pub(crate) fn state(record: &Record<'_>) -> Result<Option<Draft>, Fault> {
    let mut draft = addresses(&record.head)?;
    for words in &record.lines {
        property(&mut draft, words)?;
    }
    Ok(draft.protocol.is_some().then_some(draft))
}

fn addresses(words: &[Placed<&str>]) -> Result<Draft, Fault> {
    let [_, source, Placed { value: "dst", .. }, destination, ..] = words else {
        return Err(words[0].fault("expected `src ADDRESS dst ADDRESS`"));
    };
    let any = |a: std::net::IpAddr| (!a.is_unspecified()).then_some(a);
    Ok(Draft {
        source: any(address(source)?),
        destination: any(address(destination)?),
        ..Draft::default()
    })
}

fn property(draft: &mut Draft, words: &[Placed<&str>]) -> Result<(), Fault> {
    let missing = |what: &str| words[words.len() - 1].fault(format!("expected {what} behind it"));
    let word = |i: usize, what: &str| words.get(i).ok_or_else(|| missing(what));
    match words[0].value {
        "proto" => {
            draft.protocol = match word(1, "a protocol")?.value {
                "esp" => Some(Protocol::Esp),
                "ah" => Some(Protocol::Ah),
                _ => None,
            };
            for pair in words.windows(2) {
                match pair[0].value {
                    "spi" => {
                        // `0x00001000(4096)` in older ones.
                        let text = pair[1].value.split('(').next().unwrap_or_default();
                        draft.spi = number(&Placed { value: text, ..pair[1].clone() })?;
                    }
                    "reqid" => {
                        let text = pair[1].value.split('(').next().unwrap_or_default();
                        draft.reqid = text.parse().ok();
                    }
                    "mode" => {
                        draft.mode = match pair[1].value {
                            "transport" => Mode::Transport,
                            "tunnel" => Mode::Tunnel,
                            _ => Mode::Any,
                        }
                    }
                    _ => {}
                }
            }
        }
        "auth" | "auth-trunc" => {
            let (name, value) = (word(1, "an algorithm")?, word(2, "a key")?);
            let mut a = algorithm(name, || key(value), Integrity::parse)?;
            // Linux cuts SHA-256 to 96 bits unless told otherwise.
            let bits = match words.get(3) {
                Some(bits) => number(bits)?.value,
                None if a.algorithm.value == Integrity::HmacSha256_128 => 96,
                None => a.algorithm.value.icv_octets() as u32 * 8,
            };
            a.algorithm.value = a.algorithm.value.cut_to(bits).ok_or_else(|| {
                name.fault(format!("{} cut to {bits} bits is not known", name.value))
            })?;
            draft.integrity = Some(a);
        }
        "enc" => {
            let (name, value) = (word(1, "an algorithm")?, words.get(2));
            let value = match value {
                Some(v) if v.value != "\"\"" => key(v),
                _ => Ok(Placed { value: Vec::new(), line: name.line, column: name.column }),
            };
            draft.encryption = Some(algorithm(name, || value, Encryption::parse)?);
        }
        "aead" => {
            let (name, value, bits) =
                (word(1, "an algorithm")?, word(2, "a key")?, word(3, "the bits of the ICV")?);
            let known = match (name.value, bits.value) {
                ("rfc4106(gcm(aes))", "64") => Encryption::AesGcm8,
                ("rfc4106(gcm(aes))", "96") => Encryption::AesGcm12,
                ("rfc4106(gcm(aes))", "128") => Encryption::AesGcm16,
                ("rfc7539esp(chacha20,poly1305)", "128") => Encryption::ChaCha20Poly1305,
                (other, bits) => {
                    return Err(name.fault(format!("{other} with {bits} bits is not known")));
                }
            };
            draft.encryption = Some(algorithm(name, || key(value), |_| Ok(known))?);
        }
        "replay-window" | "flag" => {
            draft.extended |= words.iter().any(|w| w.value == "esn");
        }
        _ => {}
    }
    Ok(())
}
