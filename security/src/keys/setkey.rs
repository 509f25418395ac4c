//! `add` commands of setkey(8), which KAME and ipsec-tools have.
//!
//! ```text
//! add 2001:db8:a::1234 2001:db8:a::1 esp 0x1000 -m transport
//!     -E aes-cbc 0x… -A hmac-sha1 0x… ;
//! ```

use super::text::{address, algorithm, key, number, words};
use super::{Draft, Fault, Placed};
use crate::algorithm::{Encryption, Integrity};
use crate::association::{Mode, Protocol};

pub(super) fn parse(text: &str) -> Result<Vec<Draft>, Fault> {
    let commands = commands(text)?;
    commands.iter().filter(|c| c[0].value == "add").map(|c| add(c)).collect()
}

/// The words of each command, without the `;` behind it.
pub(crate) fn commands(text: &str) -> Result<Vec<Vec<Placed<&str>>>, Fault> {
    let mut commands = Vec::new();
    let mut command: Vec<Placed<&str>> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        for word in words(line, i + 1) {
            let text = word.value.trim_end_matches(';');
            let ends = text.len() < word.value.len();
            if !text.is_empty() {
                command.push(Placed { value: text, ..word });
            }
            if ends && !command.is_empty() {
                commands.push(std::mem::take(&mut command));
            }
        }
    }
    match command.first() {
        Some(first) => Err(first.fault("the command is not ended: expected `;`")),
        None => Ok(commands),
    }
}

/// The association of an `add` command.
pub(crate) fn add(words: &[Placed<&str>]) -> Result<Draft, Fault> {
    let [first, source, destination, protocol, spi, options @ ..] = words else {
        return Err(words[0].fault("expected `add SOURCE DESTINATION PROTOCOL SPI …`"));
    };
    let mut draft = Draft {
        source: Some(address(source)?),
        destination: Some(address(destination)?),
        protocol: match protocol.value {
            "esp" => Some(Protocol::Esp),
            "ah" => Some(Protocol::Ah),
            _ => return Err(protocol.fault("expected esp or ah")),
        },
        spi: number(spi)?,
        ..Draft::default()
    };
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let mut next = |what: &str| {
            rest.next().ok_or_else(|| option.fault(format!("expected {what} behind it")))
        };
        match option.value {
            "-m" => {
                let mode = next("a mode")?;
                draft.mode = match mode.value {
                    "transport" => Mode::Transport,
                    "tunnel" => Mode::Tunnel,
                    "any" => Mode::Any,
                    _ => return Err(mode.fault("expected transport, tunnel or any")),
                };
            }
            "-E" => {
                let name = next("an algorithm")?;
                let none = Encryption::parse(name.value) == Ok(Encryption::Null);
                let value = || if none { Ok(empty(name)) } else { key(next("a key")?) };
                draft.encryption = Some(algorithm(name, value, Encryption::parse)?);
            }
            "-A" => {
                let name = next("an algorithm")?;
                let none = Integrity::parse(name.value) == Ok(Integrity::Null);
                let value = || if none { Ok(empty(name)) } else { key(next("a key")?) };
                draft.integrity = Some(algorithm(name, value, Integrity::parse)?);
            }
            "-u" => {
                let reqid = next("a number")?;
                let wanted = "expected a number: what policies call it by";
                draft.reqid = Some(reqid.value.parse().map_err(|_| reqid.fault(wanted))?);
            }
            // Values that say nothing of keys.
            "-r" | "-f" | "-lh" | "-ls" | "-bh" | "-bs" => drop(next("a value")?),
            "-C" => return Err(option.fault("compression is not known")),
            _ => return Err(option.fault(format!("`{}` is not known", option.value))),
        }
    }
    if draft.encryption.is_none() && draft.integrity.is_none() {
        return Err(first.fault("expected an algorithm: -E or -A"));
    }
    Ok(draft)
}

fn empty(at: &Placed<&str>) -> Placed<Vec<u8>> {
    Placed { value: Vec::new(), line: at.line, column: at.column }
}
