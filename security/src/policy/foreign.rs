//! Policies of kernels: selectors, templates and associations that are found
//! for them, put into the notation.

use std::net::IpAddr;

use super::names::protocol;
use super::written::*;
use crate::association::{Mode, Protocol};
use crate::keys::{Draft, Fault, Placed};

/// A policy of a kernel.
pub(super) struct Foreign {
    pub(super) direction: Direction,
    /// The lesser comes first; those of one priority in their order.
    pub(super) priority: i64,
    pub(super) selectors: Vec<WrittenSelector>,
    pub(super) action: ForeignAction,
}

pub(super) enum ForeignAction {
    Protect(Template),
    Bypass,
    Discard,
}

/// The association that a policy wants.
pub(super) struct Template {
    pub(super) protocol: Protocol,
    pub(super) mode: Mode,
    pub(super) spi: Option<u32>,
    pub(super) reqid: Option<u32>,
    /// Ends of a tunnel.
    pub(super) source: Option<IpAddr>,
    pub(super) destination: Option<IpAddr>,
    /// Where it stands.
    pub(super) at: Word,
}

/// An association and its selectors, if it has any.
pub(super) struct State<'a> {
    pub(super) draft: &'a Draft,
    pub(super) selectors: Vec<WrittenSelector>,
}

pub(super) fn word(at: &Placed<&str>, text: impl Into<String>) -> Word {
    Word { text: text.into(), line: at.line, column: at.column }
}

impl Template {
    /// Whether an association is of this kind, between the addresses of the
    /// policy or the ends of the tunnel.
    fn takes(&self, draft: &Draft, policy: &Foreign) -> bool {
        let (source, destination) = match self.mode {
            Mode::Tunnel => (self.source, self.destination),
            _ => (policy.address(Field::Source), policy.address(Field::Destination)),
        };
        let is = |a: Option<IpAddr>, b: Option<IpAddr>| a.zip(b).is_none_or(|(a, b)| a == b);
        draft.protocol == Some(self.protocol)
            && (draft.mode == self.mode || draft.mode == Mode::Any)
            && self.spi.is_none_or(|spi| spi == draft.spi.value)
            && self.reqid.is_none_or(|reqid| Some(reqid) == draft.reqid)
            && is(source, draft.source)
            && is(destination, draft.destination)
    }

    /// What is to be negotiated where there is no association.
    fn pattern(&self, direction: Direction) -> WrittenPattern {
        let peer = match direction {
            Direction::Out => self.destination,
            Direction::In => self.source,
        };
        let gateway = peer.filter(|_| self.mode == Mode::Tunnel);
        WrittenPattern {
            protocol: self.protocol,
            mode: self.mode,
            gateway: gateway.map(|a| Word { text: a.to_string(), ..self.at.clone() }),
            local_identity: None,
            peer_identity: None,
        }
    }
}

impl Foreign {
    /// The single address of a selector.
    fn address(&self, field: Field) -> Option<IpAddr> {
        let selector = self.selectors.iter().find(|s| s.field == field)?;
        let text = selector.value.text.as_str();
        let address = text.strip_suffix("/128").or_else(|| text.strip_suffix("/32"));
        address.unwrap_or(text).parse().ok()
    }

    /// Interfaces are known by the tunnel that begins or ends there.
    pub(super) fn enter_tunnel(&mut self, device: &Placed<&str>) -> Result<(), Fault> {
        let ForeignAction::Protect(Template { mode: Mode::Tunnel, source, destination, .. }) =
            &self.action
        else {
            return Err(device.fault(
                "interfaces are known by their tunnels: expected a template in tunnel mode",
            ));
        };
        let (field, end) = match self.direction {
            Direction::Out => (Field::TunnelTo, destination),
            Direction::In => (Field::TunnelFrom, source),
        };
        let end = end.map_or_else(|| "any".to_owned(), |a| a.to_string());
        self.selectors.insert(0, WrittenSelector { field, value: word(device, end) });
        Ok(())
    }
}

/// One node with these policies, and those of the associations that they use.
pub(super) fn written(mut policies: Vec<Foreign>, states: &[State<'_>]) -> Written {
    policies.sort_by_key(|p| p.priority);
    let node = Word::new("node");
    let (mut out, mut r#in, mut sad) = (Vec::new(), Vec::new(), Vec::new());
    let mut names: Vec<Option<Word>> = vec![None; states.len()];
    for policy in policies {
        let action = match &policy.action {
            ForeignAction::Bypass => WrittenAction::Bypass,
            ForeignAction::Discard => WrittenAction::Discard,
            ForeignAction::Protect(template) => {
                match states.iter().position(|s| template.takes(s.draft, &policy)) {
                    None => WrittenAction::Create(template.pattern(policy.direction)),
                    Some(number) => {
                        if names[number].is_none() {
                            let entry = association(&states[number], template, &policy, &names);
                            names[number] = Some(entry.name.clone());
                            sad.push(entry);
                        }
                        let text = names[number].as_ref().map(|n| n.text.clone());
                        let at = template.at.clone();
                        WrittenAction::Use(Word { text: text.unwrap_or_default(), ..at })
                    }
                }
            }
        };
        let rules = if policy.direction == Direction::Out { &mut out } else { &mut r#in };
        let rule = WrittenRule { condition: all(policy.selectors), action };
        // Linux has a policy twice, for what it receives and what it forwards.
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    let parts = [Part::Spd(Direction::Out, out), Part::Spd(Direction::In, r#in), Part::Sad(sad)];
    Written { blocks: parts.map(|part| Block { node: node.clone(), part }).into() }
}

fn association(
    state: &State<'_>,
    template: &Template,
    policy: &Foreign,
    names: &[Option<Word>],
) -> WrittenAssociation {
    let spi = &state.draft.spi;
    let at = |text: String| Word { text, line: spi.line, column: spi.column };
    let base = format!("{}:{:#x}", template.protocol.name(), spi.value);
    let mut name = base.clone();
    let mut more = 1;
    while names.iter().flatten().any(|n| n.text == name) {
        more += 1;
        name = format!("{base}-{more}");
    }
    let destination = state.draft.destination.or(template.destination);
    let destination = destination.or_else(|| policy.address(Field::Destination));
    let any = |field| WrittenSelector { field, value: Word::new("any") };
    let selectors = if state.selectors.is_empty() {
        vec![any(Field::Source), any(Field::Destination)]
    } else {
        state.selectors.clone()
    };
    WrittenAssociation {
        name: at(name),
        direction: policy.direction,
        spi: at(format!("{:#x}", spi.value)),
        destination: at(destination.map_or_else(|| "::".to_owned(), |a| a.to_string())),
        protocol: template.protocol,
        mode: template.mode,
        selectors: all(selectors),
    }
}

fn all(selectors: Vec<WrittenSelector>) -> Condition<WrittenSelector> {
    Condition::All(selectors.into_iter().map(Condition::Is).collect())
}

/// Selectors of protocol, type of message and ports. Kernels hold types in the
/// place of ports.
#[derive(Default)]
pub(super) struct Upper<'a> {
    pub(super) proto: Option<Placed<&'a str>>,
    pub(super) source: Option<Placed<&'a str>>,
    pub(super) destination: Option<Placed<&'a str>>,
}

impl Upper<'_> {
    pub(super) fn add_to(self, selectors: &mut Vec<WrittenSelector>) -> Result<(), Fault> {
        let proto = self.proto.as_ref().filter(|p| p.value != "any" && p.value != "0");
        if let Some(at) = proto {
            let value = word(at, at.value);
            selectors.push(WrittenSelector { field: Field::Proto, value });
        }
        let number = proto.and_then(|p| protocol(p.value));
        let typed = match number {
            Some(mip6_wire::ip::proto::MOBILITY) => Some(Field::MhType),
            Some(mip6_wire::ip::proto::ICMPV6) => Some(Field::IcmpType),
            _ => None,
        };
        let (source, mut destination) = (self.source, self.destination);
        let mut first = typed.unwrap_or(Field::SourcePort);
        if typed == Some(Field::MhType) && source.is_none() {
            first = Field::DestinationPort;
        } else if typed.is_some() {
            // A code: no message of Mobile IPv6 has another than 0.
            if let Some(code) = destination.take().filter(|c| c.value != "0" && c.value != "any") {
                return Err(code.fault("codes are not told apart: expected a type alone"));
            }
        }
        let second = typed.filter(|_| first == Field::DestinationPort);
        let second = second.unwrap_or(Field::DestinationPort);
        for (field, value) in [(first, source), (second, destination)] {
            if let Some(value) = value.filter(|v| v.value != "any") {
                selectors.push(WrittenSelector { field, value: word(&value, value.value) });
            }
        }
        Ok(())
    }
}
