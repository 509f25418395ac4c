//! Words in lines, and what they mean.

use std::net::IpAddr;

use super::{Algorithm, Fault, Placed};
use crate::algorithm::KeyError;

/// The words of a line, apart by white space; columns count from 1.
pub(crate) fn words(line: &str, number: usize) -> Vec<Placed<&str>> {
    let mut words = Vec::new();
    let mut rest = line;
    let mut column = 1;
    loop {
        let trimmed = rest.trim_start();
        column += rest.chars().count() - trimmed.chars().count();
        if trimmed.is_empty() {
            return words;
        }
        let end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        words.push(Placed { value: &trimmed[..end], line: number, column });
        column += trimmed[..end].chars().count();
        rest = &trimmed[end..];
    }
}

/// A number, in decimal or behind `0x`.
pub(crate) fn number(word: &Placed<&str>) -> Result<Placed<u32>, Fault> {
    let text = word.value;
    let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => text.parse(),
    };
    let value = value.map_err(|_| word.fault("expected an SPI, as 4096 or 0x1000"))?;
    Ok(Placed { value, line: word.line, column: word.column })
}

/// An address; a prefix length of a single address may follow.
pub(crate) fn address(word: &Placed<&str>) -> Result<IpAddr, Fault> {
    let text = word.value.split('/').next().unwrap_or_default();
    text.parse().map_err(|_| word.fault(format!("`{}` is no IP address", word.value)))
}

/// A key: hexadecimal digits behind `0x`, or text between quotes.
pub(super) fn key(word: &Placed<&str>) -> Result<Placed<Vec<u8>>, Fault> {
    let placed = |value| Placed { value, line: word.line, column: word.column };
    if let Some(text) = word.value.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        return Ok(placed(text.as_bytes().to_vec()));
    }
    let digits = word.value.strip_prefix("0x").or_else(|| word.value.strip_prefix("0X"));
    match digits.map(octets) {
        Some(Some(value)) => Ok(placed(value)),
        Some(None) => Err(word.fault("expected an even number of hexadecimal digits behind 0x")),
        None => Err(word.fault("expected a key: hexadecimal digits behind 0x, or text in quotes")),
    }
}

/// Octets of hexadecimal digits.
pub(super) fn octets(digits: &str) -> Option<Vec<u8>> {
    let digit = |b: &u8| (*b as char).to_digit(16);
    let bytes = digits.as_bytes();
    bytes
        .chunks(2)
        .map(|pair| match pair {
            [a, b] => Some((digit(a)? << 4 | digit(b)?) as u8),
            _ => None,
        })
        .collect()
}

/// An algorithm by name, with its key.
pub(super) fn algorithm<T>(
    name: &Placed<&str>,
    key: impl FnOnce() -> Result<Placed<Vec<u8>>, Fault>,
    parse: impl FnOnce(&str) -> Result<T, KeyError>,
) -> Result<Algorithm<T>, Fault> {
    let value = parse(name.value).map_err(|e| {
        // A name that was left out brings the key into its place.
        let is_key = name.value.len() > 30 || name.value.starts_with("0x");
        name.fault(if is_key { "expected an algorithm".to_owned() } else { e.to_string() })
    })?;
    let algorithm = Placed { value, line: name.line, column: name.column };
    Ok(Algorithm { algorithm, key: key()? })
}
