//! `spdadd` commands of setkey(8), beside its `add` commands.
//!
//! ```text
//! spdadd 2001:db8:a::1234 2001:db8:a::1 135 -P out ipsec esp/transport//require;
//! ```

use super::Names;
use super::foreign::{Foreign, ForeignAction, State, Template, Upper, word, written};
use super::written::*;
use super::{Policy, bind};
use crate::association::{Mode, Protocol};
use crate::keys::setkey::{add, commands};
use crate::keys::text::address;
use crate::keys::{Fault, Placed};

/// The policy in a file for setkey; `None` if it adds none.
pub(crate) fn parse(text: &str) -> Result<Option<Policy>, Fault> {
    let commands = commands(text)?;
    let (mut policies, mut drafts) = (Vec::new(), Vec::new());
    for command in &commands {
        match command[0].value {
            "add" => drafts.push(add(command)?),
            "spdadd" => policies.push(policy(command)?),
            _ => {}
        }
    }
    if policies.is_empty() {
        return Ok(None);
    }
    let states: Vec<_> =
        drafts.iter().map(|draft| State { draft, selectors: Vec::new() }).collect();
    bind(written(policies, &states), &Names::default()).map(Some)
}

fn policy(words: &[Placed<&str>]) -> Result<Foreign, Fault> {
    let first = &words[0];
    let wanted = "expected `spdadd SOURCE DESTINATION PROTOCOL -P DIRECTION POLICY`";
    let options = words[1..].iter().take_while(|w| w.value.starts_with('-')).count();
    let words = &words[1 + options..];
    let Some(at) = words.iter().position(|w| w.value == "-P") else {
        return Err(first.fault(wanted));
    };
    let ([source, destination, proto, kind @ ..], [_, direction, rest @ ..]) = words.split_at(at)
    else {
        return Err(first.fault(wanted));
    };
    let mut selectors = Vec::new();
    let mut upper = Upper { proto: Some(proto.clone()), ..Upper::default() };
    for (field, range) in [(Field::Source, source), (Field::Destination, destination)] {
        let (network, port) = range.value.split_once('[').unwrap_or((range.value, ""));
        selectors.push(WrittenSelector { field, value: word(range, network) });
        let port = port.trim_end_matches(']');
        let port = (!port.is_empty()).then(|| Placed { value: port, ..range.clone() });
        match field {
            Field::Source => upper.source = port,
            _ => upper.destination = port,
        }
    }
    // `icmp6 135,0`: type and code.
    if let Some(kind) = kind.first() {
        let (kind_of, code) = kind.value.split_once(',').unwrap_or((kind.value, "any"));
        upper.source = Some(Placed { value: kind_of, ..kind.clone() });
        upper.destination = Some(Placed { value: code, ..kind.clone() });
    }
    upper.add_to(&mut selectors)?;
    let (priority, rest) = priority(rest)?;
    let [what, requests @ ..] = rest else {
        return Err(direction.fault("expected ipsec, none or discard behind it"));
    };
    Ok(Foreign {
        direction: match direction.value {
            "out" => Direction::Out,
            "in" | "fwd" => Direction::In,
            _ => return Err(direction.fault("expected in, out or fwd")),
        },
        priority,
        selectors,
        action: match (what.value, requests) {
            ("none" | "entrust", []) => ForeignAction::Bypass,
            ("discard", []) => ForeignAction::Discard,
            ("ipsec", [request]) => ForeignAction::Protect(template(request)?),
            ("ipsec", [_, second, ..]) => {
                return Err(second.fault("bundles are not known: expected one request"));
            }
            _ => return Err(what.fault("expected `ipsec REQUEST`, none or discard")),
        },
    })
}

/// `prio 10`, `prio low + 5`: the greater comes first.
fn priority<'a, 'b>(words: &'a [Placed<&'b str>]) -> Result<(i64, &'a [Placed<&'b str>]), Fault> {
    const BASE: i64 = 1 << 30;
    let [Placed { value: "prio" | "priority", .. }, first, rest @ ..] = words else {
        return Ok((0, words));
    };
    let number = |word: &Placed<&str>| {
        word.value.parse::<i32>().map_err(|_| word.fault("expected a number, low, def or high"))
    };
    let base = match first.value {
        "low" => -BASE,
        "def" => 0,
        "high" => BASE,
        _ => return Ok((-i64::from(number(first)?), rest)),
    };
    match rest {
        [sign @ Placed { value: "+" | "-", .. }, offset, rest @ ..] => {
            let offset = i64::from(number(offset)?);
            let offset = if sign.value == "-" { -offset } else { offset };
            Ok((-(base + offset), rest))
        }
        _ => Ok((-base, rest)),
    }
}

fn template(request: &Placed<&str>) -> Result<Template, Fault> {
    let mut parts = request.value.split('/');
    let mut part = || parts.next().unwrap_or_default();
    let (protocol, mode, ends, level) = (part(), part(), part(), part());
    let protocol = match protocol {
        "esp" => Protocol::Esp,
        "ah" => Protocol::Ah,
        _ => return Err(request.fault("expected esp or ah first")),
    };
    let mode = match mode {
        "transport" => Mode::Transport,
        "tunnel" => Mode::Tunnel,
        _ => return Err(request.fault("expected transport or tunnel behind the first `/`")),
    };
    let (mut source, mut destination) = (None, None);
    if mode == Mode::Tunnel {
        let wanted =
            || request.fault("expected the ends of the tunnel, as 2001:db8::1-2001:db8::2");
        let (from, to) = ends.split_once('-').ok_or_else(wanted)?;
        let end = |value: &str| {
            // A port may stand behind it.
            let value = value.split('[').next().unwrap_or_default();
            address(&Placed { value, ..request.clone() })
        };
        (source, destination) = (Some(end(from)?), Some(end(to)?));
    }
    let reqid = level
        .strip_prefix("unique:")
        .map(|n| n.parse().map_err(|_| request.fault("expected a number behind `unique:`")));
    let reqid = reqid.transpose()?;
    Ok(Template { protocol, mode, spi: None, reqid, source, destination, at: word(request, "") })
}
