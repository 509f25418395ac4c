//! What happens to local associations, told to whoever lists it.

use std::net::Ipv6Addr;

use super::Association;

/// What a packet did to a local binding security association.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalEvent {
    /// The care-of address that it is for.
    pub careof: Ipv6Addr,
    /// The mobile node's link-local address, if the exchange was captured.
    pub mobile: Option<Ipv6Addr>,
    /// The access router's link-local address, likewise.
    pub router: Option<Ipv6Addr>,
    /// The access router's address for bindings, once it is known.
    pub router_address: Option<Ipv6Addr>,
    /// Sequence number of the message, or of the last request.
    pub sequence: Option<u16>,
    /// Lifetime in seconds: asked for, granted, or of the binding.
    pub lifetime: u32,
    /// Whether the key is known.
    pub key_known: bool,
    /// What it did.
    pub what: LocalWhat,
}

/// What became of a local association.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalWhat {
    /// A Key Exchange Request asked for it.
    Requested,
    /// An acknowledgement made it.
    Acknowledged,
    /// An acknowledgement made it anew, before it expired.
    Renewed,
    /// An acknowledgement refused it, with this status.
    Refused(u8),
    /// Duplicate Address Detection was answered by the mobile node.
    Proved,
    /// It was answered by another node, or wrongly; or the acknowledgement was not
    /// made by the key.
    Invalidated,
    /// A binding to this care-of address was made by it.
    Used(Ipv6Addr),
    /// Its lifetime is over.
    Expired,
}

impl Association {
    /// An event with what is known of the association.
    pub(super) fn event(&self, careof: Ipv6Addr, what: LocalWhat) -> LocalEvent {
        let request = self.requests.last();
        let lifetime = match self.made {
            Some(made) => u32::from(made.lifetime) * 4,
            None => request.and_then(|r| r.lifetime).unwrap_or(0),
        };
        LocalEvent {
            careof,
            mobile: self.parties.map(|p| p.0),
            router: self.parties.map(|p| p.1),
            router_address: self.made.and_then(|m| m.router),
            sequence: request.map(|r| r.sequence),
            lifetime,
            key_known: match self.made {
                Some(made) => made.key.is_some(),
                None => request.is_some_and(|r| r.key.is_some()),
            },
            what,
        }
    }
}
