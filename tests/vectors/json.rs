//! Reading vectors from JSON.

use std::path::Path;

use mip6_dissect::capture::CaptureError;
use serde_json::Value;
use thiserror::Error;

use crate::claim::Want;

/// A file of vectors that is not as its reader knows it.
#[derive(Debug, Error)]
pub(crate) enum Bad {
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("capture {0}: {1}")]
    Capture(String, CaptureError),
    #[error("{0}")]
    Shape(String),
}

/// Name of a file without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn read(path: &Path) -> Result<Value, Bad> {
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

/// The list under a key.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> Result<&'v [Value], Bad> {
    let list = value.get(key).and_then(Value::as_array);
    list.map(Vec::as_slice).ok_or_else(|| Bad::Shape(format!("no list `{key}` in {value}")))
}

/// The text under a key.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Bad> {
    let text = value.get(key).and_then(Value::as_str);
    text.ok_or_else(|| Bad::Shape(format!("no text `{key}` in {value}")))
}

/// The number under a key.
pub(crate) fn number(value: &Value, key: &str) -> Result<u64, Bad> {
    let number = value.get(key).and_then(Value::as_u64);
    number.ok_or_else(|| Bad::Shape(format!("no number `{key}` in {value}")))
}

/// The object under a key, as its members.
pub(crate) fn members<'v>(
    value: &'v Value,
    key: &str,
) -> Result<impl Iterator<Item = (&'v String, &'v Value)>, Bad> {
    let object = value.get(key).and_then(Value::as_object);
    object.map(|o| o.iter()).ok_or_else(|| Bad::Shape(format!("no object `{key}` in {value}")))
}

/// Octets written as hexadecimal digits.
pub(crate) fn octets(hex: &str) -> Result<Vec<u8>, Bad> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| d.try_into().ok())).collect();
    digits
        .filter(|d| d.len() % 2 == 0)
        .map(|d| d.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
        .ok_or_else(|| Bad::Shape(format!("`{hex}` is not octets")))
}

/// The octets under a key.
pub(crate) fn hex(value: &Value, key: &str) -> Result<Vec<u8>, Bad> {
    octets(text(value, key)?)
}

/// An asserted value: `{"hex": "00"}` are octets, true and false are 1 and 0.
pub(crate) fn want(value: &Value) -> Result<Want, Bad> {
    Ok(match value {
        Value::Bool(b) => Want::Number(u64::from(*b)),
        Value::String(text) => Want::Text(text.clone()),
        Value::Array(items) => Want::Many(items.iter().map(want).collect::<Result<_, _>>()?),
        Value::Object(_) => Want::Octets(hex(value, "hex")?),
        Value::Number(n) => Want::Number(
            n.as_u64().ok_or_else(|| Bad::Shape(format!("{n} is no number of a packet")))?,
        ),
        Value::Null => return Err(Bad::Shape("nothing is asserted".into())),
    })
}
