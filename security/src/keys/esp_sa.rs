//! Wireshark's table of ESP associations: a line for each, values in quotes.
//!
//! ```text
//! "IPv6","3ffe::1","3ffe::2","10","AES-CBC [RFC3602]","0x…","HMAC-SHA-1-96 [RFC2404]","0x…"
//! ```

use std::net::IpAddr;

use super::text::{algorithm, key, number};
use super::{Draft, Fault, Placed};
use crate::algorithm::{Encryption, Integrity};
use crate::association::Protocol;

pub(super) fn parse(text: &str) -> Result<Vec<Draft>, Fault> {
    let lines = text.lines().enumerate().map(|(i, l)| (i + 1, l));
    let lines = lines.filter(|(_, l)| {
        let l = l.trim_start();
        l.starts_with('"') || l.starts_with("esp_sa:")
    });
    lines.map(|(number, line)| association(number, line)).collect()
}

fn association(line_number: usize, line: &str) -> Result<Draft, Fault> {
    let values = values(line_number, line)?;
    let [
        _,
        source,
        destination,
        spi,
        encryption,
        encryption_key,
        integrity,
        integrity_key,
        rest @ ..,
    ] = &values[..]
    else {
        let message = format!("{} values in quotes, expected at least 8", values.len());
        return Err(Fault::new(line_number, 1, message));
    };
    let key_of = |word: &Placed<&str>| match word.value {
        "" => Ok(Placed { value: Vec::new(), line: word.line, column: word.column }),
        hex if hex.starts_with("0x") || hex.starts_with("0X") => key(word),
        text => {
            Ok(Placed { value: text.as_bytes().to_vec(), line: word.line, column: word.column })
        }
    };
    let mut encryption = algorithm(encryption, || key_of(encryption_key), Encryption::parse)?;
    // In older tables the plain name stands for an ICV that is not looked at,
    // or checked by the integrity algorithm beside it.
    if encryption.algorithm.value == Encryption::Null {
        encryption.key.value.clear();
    }
    let mut integrity = algorithm(integrity, || key_of(integrity_key), Integrity::parse)?;
    if matches!(integrity.algorithm.value, Integrity::Null | Integrity::Unchecked(_)) {
        integrity.key.value.clear();
        // Older tables put beside AES-GCM the ICV that it makes itself.
        if encryption.algorithm.value.is_combined() {
            integrity.algorithm.value = Integrity::Null;
        }
    }
    Ok(Draft {
        protocol: Some(Protocol::Esp),
        spi: number(spi)?,
        source: address(source)?,
        destination: address(destination)?,
        extended: rest.first().is_some_and(|w| w.value.starts_with("64")),
        encryption: Some(encryption),
        integrity: Some(integrity),
        ..Draft::default()
    })
}

/// `*` is any address. Patterns of part of an address are any address too: the
/// SPI tells.
fn address(word: &Placed<&str>) -> Result<Option<IpAddr>, Fault> {
    if word.value.is_empty() || word.value.contains('*') {
        return Ok(None);
    }
    super::text::address(word).map(Some)
}

fn values(number: usize, line: &str) -> Result<Vec<Placed<&str>>, Fault> {
    let mut values = Vec::new();
    let Some(mut at) = line.find('"') else {
        return Err(Fault::new(number, 1, "expected values in quotes"));
    };
    loop {
        let start = at + 1;
        let column = line[..start].chars().count() + 1;
        let Some(end) = line[start..].find('"') else {
            return Err(Fault::new(number, column, "the quotes are not closed"));
        };
        values.push(Placed { value: &line[start..start + end], line: number, column });
        let behind = start + end + 1;
        match line[behind..].trim_start().strip_prefix(',').map(str::trim_start) {
            Some(rest) if rest.starts_with('"') => at = line.len() - rest.len(),
            _ => return Ok(values),
        }
    }
}
