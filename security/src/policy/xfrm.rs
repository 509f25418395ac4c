//! What `ip xfrm policy` prints, beside what `ip xfrm state` prints.
//!
//! ```text
//! src 2001:db8:a::1234/128 dst 2001:db8:a::1/128 proto 135 type 5
//!     dir out priority 10 ptype main
//!     tmpl src :: dst ::
//!         proto esp reqid 1 mode transport
//! ```

use super::Names;
use super::foreign::{Foreign, ForeignAction, State, Template, Upper, word, written};
use super::written::*;
use super::{Policy, bind};
use crate::association::{Mode, Protocol};
use crate::keys::text::{address, number};
use crate::keys::xfrm::{Record, records, state};
use crate::keys::{Fault, Placed};

/// The policy in the output of `ip xfrm policy` and `ip xfrm state`; `None` if
/// only the latter is there.
pub(crate) fn parse(text: &str) -> Result<Option<Policy>, Fault> {
    let records = records(text)?;
    let (mut policies, mut drafts) = (Vec::new(), Vec::new());
    for record in &records {
        if record.is_policy() {
            policies.extend(policy(record)?);
        } else if let Some(draft) = state(record)? {
            let sel = record.lines.iter().find(|l| l[0].value == "sel");
            let selectors = sel.map(|l| selectors(&l[1..])).transpose()?;
            drafts.push((draft, selectors.map(|s| s.0).unwrap_or_default()));
        }
    }
    if !records.iter().any(Record::is_policy) {
        return Ok(None);
    }
    let states: Vec<_> = drafts
        .iter()
        .map(|(draft, selectors)| State { draft, selectors: selectors.clone() })
        .collect();
    bind(written(policies, &states), &Names::default()).map(Some)
}

/// Selectors in the words of a line, and its interface.
fn selectors<'a>(
    words: &'a [Placed<&'a str>],
) -> Result<(Vec<WrittenSelector>, Option<Placed<&'a str>>), Fault> {
    let mut found = Vec::new();
    let (mut upper, mut device) = (Upper::default(), None);
    for pair in words.chunks(2) {
        let [key, value] = pair else {
            return Err(pair[0].fault("expected a value behind it"));
        };
        let selector = |field| WrittenSelector { field, value: word(value, value.value) };
        match key.value {
            "src" => found.push(selector(Field::Source)),
            "dst" => found.push(selector(Field::Destination)),
            "proto" => upper.proto = Some(value.clone()),
            "type" | "sport" => upper.source = Some(value.clone()),
            "code" | "dport" => upper.destination = Some(value.clone()),
            "dev" => device = Some(value.clone()),
            _ => {}
        }
    }
    upper.add_to(&mut found)?;
    Ok((found, device))
}

/// A policy; `None` for that of a single socket.
fn policy(record: &Record<'_>) -> Result<Option<Foreign>, Fault> {
    let (selectors, device) = selectors(&record.head)?;
    let mut policy = Foreign {
        direction: Direction::Out,
        priority: 0,
        selectors,
        action: ForeignAction::Bypass,
    };
    let mut lines = record.lines.iter();
    while let Some(line) = lines.next() {
        let value = |key: &str| {
            let pair = line.windows(2).find(|pair| pair[0].value == key);
            pair.map(|pair| &pair[1])
        };
        match line[0].value {
            "socket" => return Ok(None),
            "dir" => {
                policy.direction = match value("dir").map(|d| d.value) {
                    Some("out") => Direction::Out,
                    Some("in" | "fwd") => Direction::In,
                    _ => return Err(line[0].fault("expected in, out or fwd behind it")),
                };
                if let Some(priority) = value("priority") {
                    let wanted = "expected a priority: a number";
                    policy.priority = priority.value.parse().map_err(|_| priority.fault(wanted))?;
                }
                if value("action").is_some_and(|a| a.value == "block") {
                    policy.action = ForeignAction::Discard;
                }
            }
            "tmpl" => {
                if matches!(policy.action, ForeignAction::Protect(_)) {
                    return Err(line[0].fault("bundles are not known: expected one template"));
                }
                let template = lines.next().filter(|l| l[0].value == "proto");
                let template = template
                    .ok_or_else(|| line[0].fault("expected a line `proto …` behind this one"))?;
                policy.action = ForeignAction::Protect(self::template(line, template)?);
            }
            _ => {}
        }
    }
    if let Some(device) = device {
        policy.enter_tunnel(&device)?;
    }
    Ok(Some(policy))
}

/// `tmpl src … dst …` and the line behind it.
fn template(first: &[Placed<&str>], second: &[Placed<&str>]) -> Result<Template, Fault> {
    fn value<'a>(line: &'a [Placed<&'a str>], key: &str) -> Option<&'a Placed<&'a str>> {
        line.windows(2).find(|pair| pair[0].value == key).map(|pair| &pair[1])
    }
    let end = |key| {
        let end = value(first, key).map(address).transpose()?;
        Ok::<_, Fault>(end.filter(|a| !a.is_unspecified()))
    };
    let protocol = match value(second, "proto").map(|p| p.value) {
        Some("esp") => Protocol::Esp,
        Some("ah") => Protocol::Ah,
        _ => return Err(second[0].fault("expected esp or ah behind it")),
    };
    let mode = match value(second, "mode").map(|p| p.value) {
        Some("transport") => Mode::Transport,
        Some("tunnel") => Mode::Tunnel,
        _ => return Err(second[0].fault("expected `mode transport` or `mode tunnel` here")),
    };
    let some = |key| {
        let text = value(second, key).map(|p| Placed {
            // `0x00001000(4096)` in older ones.
            value: p.value.split('(').next().unwrap_or_default(),
            ..p.clone()
        });
        let number = text.as_ref().map(number).transpose()?;
        Ok::<_, Fault>(number.map(|n| n.value).filter(|n| *n != 0))
    };
    Ok(Template {
        protocol,
        mode,
        spi: some("spi")?,
        reqid: some("reqid")?,
        source: end("src")?,
        destination: end("dst")?,
        at: word(&first[0], ""),
    })
}
