//! What a condition comes to: cases, each a range for every field. A condition
//! holds where one of its cases does.

use mip6_wire::ip::proto;
use smallvec::SmallVec;

use super::selector::{Network, Selector};
use super::written::Condition;

/// Cases that one condition may come to.
pub(super) const MAX_CASES: usize = 1024;

/// A condition with more than [`MAX_CASES`].
#[derive(Debug)]
pub(super) struct TooMany;

/// Sets of which two are nested or have nothing in common.
trait Set: Copy {
    fn covers(self, other: Self) -> bool;
}

/// Everything, or one value.
impl<T: Copy + PartialEq> Set for Option<T> {
    fn covers(self, other: Self) -> bool {
        self.is_none() || self == other
    }
}

impl Set for Network {
    fn covers(self, other: Self) -> bool {
        Self::covers(self, other)
    }
}

/// Ways into and out of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Any,
    To(Network),
    From(Network),
}

impl Set for Way {
    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::To(a), Self::To(b)) | (Self::From(a), Self::From(b)) => a.covers(b),
            _ => false,
        }
    }
}

/// A set, and what it lacks.
#[derive(Clone, Debug)]
struct Range<S> {
    within: S,
    except: SmallVec<[S; 1]>,
}

impl<S: Set> Range<S> {
    fn all(within: S) -> Self {
        Self { within, except: SmallVec::new() }
    }

    fn is_empty(&self) -> bool {
        self.except.iter().any(|e| e.covers(self.within))
    }

    /// What it has in common with a set, or what it has besides; false if
    /// nothing is left.
    fn narrow(&mut self, to: S, holds: bool) -> bool {
        if !holds {
            self.except.push(to);
        } else if self.within.covers(to) {
            self.within = to;
        } else if !to.covers(self.within) {
            return false;
        }
        !self.is_empty()
    }

    fn covers(&self, other: &Self) -> bool {
        self.within.covers(other.within)
            && self.except.iter().all(|e| {
                let apart = !e.covers(other.within) && !other.within.covers(*e);
                apart || other.except.iter().any(|o| o.covers(*e))
            })
    }

    fn overlaps(&self, other: &Self) -> bool {
        let common = if self.within.covers(other.within) {
            other.within
        } else if other.within.covers(self.within) {
            self.within
        } else {
            return false;
        };
        !self.except.iter().chain(&other.except).any(|e| e.covers(common))
    }
}

/// One case of a condition.
#[derive(Clone, Debug)]
pub(super) struct Case {
    way: Range<Way>,
    source: Range<Network>,
    destination: Range<Network>,
    proto: Range<Option<u8>>,
    /// Type of the Mobility Header or the ICMPv6 message.
    kind: Range<Option<u8>>,
    source_port: Range<Option<u16>>,
    destination_port: Range<Option<u16>>,
}

impl Case {
    fn everything() -> Self {
        Self {
            way: Range::all(Way::Any),
            source: Range::all(Network::Any),
            destination: Range::all(Network::Any),
            proto: Range::all(None),
            kind: Range::all(None),
            source_port: Range::all(None),
            destination_port: Range::all(None),
        }
    }

    /// The part of it where a selector holds, or where it does not.
    fn narrow(mut self, selector: Selector, holds: bool, out: &mut Vec<Self>) {
        let typed = match selector {
            Selector::MhType(kind) => Some((proto::MOBILITY, kind)),
            Selector::IcmpType(kind) => Some((proto::ICMPV6, kind)),
            _ => None,
        };
        if let Some((proto, kind)) = typed {
            // Not of this type: of another protocol, or of another type.
            if !holds {
                self.clone().narrow(Selector::Proto(proto), false, out);
            }
            if self.proto.narrow(Some(proto), true) && self.kind.narrow(Some(kind), holds) {
                out.push(self);
            }
            return;
        }
        let left = match selector {
            Selector::Anything => holds,
            Selector::TunnelTo(n) => self.way.narrow(Way::To(n), holds),
            Selector::TunnelFrom(n) => self.way.narrow(Way::From(n), holds),
            Selector::Source(n) => self.source.narrow(n, holds),
            Selector::Destination(n) => self.destination.narrow(n, holds),
            Selector::Proto(p) => self.proto.narrow(Some(p), holds),
            Selector::SourcePort(p) => self.source_port.narrow(Some(p), holds),
            Selector::DestinationPort(p) => self.destination_port.narrow(Some(p), holds),
            Selector::MhType(_) | Selector::IcmpType(_) => false,
        };
        if left {
            out.push(self);
        }
    }

    /// Whether every packet of the other case is one of this.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.way.covers(&other.way) && self.covers_but_for_interface(other)
    }

    /// The same for the selectors of an association, which know no interface.
    pub(super) fn covers_but_for_interface(&self, other: &Self) -> bool {
        self.source.covers(&other.source)
            && self.destination.covers(&other.destination)
            && self.proto.covers(&other.proto)
            && self.kind.covers(&other.kind)
            && self.source_port.covers(&other.source_port)
            && self.destination_port.covers(&other.destination_port)
    }

    /// Whether a packet may be one of both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.way.overlaps(&other.way)
            && self.source.overlaps(&other.source)
            && self.destination.overlaps(&other.destination)
            && self.proto.overlaps(&other.proto)
            && self.kind.overlaps(&other.kind)
            && self.source_port.overlaps(&other.source_port)
            && self.destination_port.overlaps(&other.destination_port)
    }

    /// Its part with this protocol.
    pub(super) fn with_proto(&self, proto: u8) -> Option<Self> {
        let mut case = self.clone();
        case.proto.narrow(Some(proto), true).then_some(case)
    }

    /// Whether all its packets are of this protocol.
    pub(super) fn is_proto(&self, proto: u8) -> bool {
        self.proto.within == Some(proto)
    }

    /// Whether all its packets go through a tunnel.
    pub(super) fn is_tunnel(&self) -> bool {
        self.way.within != Way::Any
    }

    /// Its source, if there is one only.
    pub(super) fn source(&self) -> Option<std::net::IpAddr> {
        self.source.within.single()
    }

    /// Its destination, if there is one only.
    pub(super) fn destination(&self) -> Option<std::net::IpAddr> {
        self.destination.within.single()
    }

    /// The end of its tunnel, if there is one only.
    pub(super) fn tunnel(&self) -> Option<std::net::IpAddr> {
        match self.way.within {
            Way::Any => None,
            Way::To(n) | Way::From(n) => n.single(),
        }
    }
}

/// The cases of a condition; none if it never holds.
pub(super) fn cases(condition: &Condition<Selector>) -> Result<Vec<Case>, TooMany> {
    refine(condition, true, vec![Case::everything()])
}

/// The parts of cases where a condition holds, or where it does not.
fn refine(
    condition: &Condition<Selector>,
    holds: bool,
    cases: Vec<Case>,
) -> Result<Vec<Case>, TooMany> {
    let mut out = Vec::new();
    match (condition, holds) {
        (Condition::Not(part), _) => out = refine(part, !holds, cases)?,
        (Condition::Is(selector), _) => {
            for case in cases {
                case.narrow(*selector, holds, &mut out);
            }
        }
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            out = parts.iter().try_fold(cases, |cases, part| refine(part, holds, cases))?;
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            for part in parts {
                out.append(&mut refine(part, holds, cases.clone())?);
                if out.len() > MAX_CASES {
                    return Err(TooMany);
                }
            }
        }
    }
    Ok(out)
}
