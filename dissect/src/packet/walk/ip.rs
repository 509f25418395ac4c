//! Steps over IP headers and what extends them.

use std::net::Ipv6Addr;

use mip6_wire::ip::{DestinationOptions, Fragment, Ipv4, Ipv6, Routing, proto};
use mip6_wire::layout::{Stop, Why};

use super::{Next, Walk};
use crate::packet::reassembly::Key;
use crate::packet::{Chain, HomeAddress, Proto};

impl Walk<'_, '_> {
    pub(super) fn open_chain(&mut self, wire: (Ipv6Addr, Ipv6Addr), hop_limit: u8, end: usize) {
        let captured = self.octets.len();
        let ip = self.last();
        let chain = Chain {
            ip,
            outer: self.chain,
            wire_source: wire.0,
            wire_destination: wire.1,
            hop_limit,
            home: None,
            home_count: 0,
            route: None,
            careof: None,
            ipsec: None,
            quoted: self.quoted,
            fragment: false,
            end: end as u32,
            complete: end <= captured && end <= self.end,
        };
        self.end = self.end.min(end);
        let index = self.chains.len() as u8;
        self.chains.push(chain);
        self.chain = Some(index);
        self.layers[ip].chain = Some(index);
    }

    #[inline]
    pub(super) fn ipv6(&mut self) -> Next {
        let start = self.at;
        let Some(h) = self.read::<Ipv6>(Proto::Ipv6) else { return Next::Stop };
        let (next, len) = (h.next.get(), usize::from(h.payload_len.get()));
        let (version, wire, hop_limit) = (h.version(), (h.source, h.destination), h.hop_limit);
        if version != 6 {
            self.note(Stop { at: start, field: None, why: Why::Invalid("IP version is not 6") });
            return Next::Data;
        }
        let mut end = self.at + len;
        if len == 0 && next != proto::NONE {
            // A jumbogram, or a packet taken before its length was filled in:
            // it goes to the end of the frame.
            end = self.end;
        } else if end > self.end && !self.quoted {
            let (need, have) = (len, self.end - self.at);
            self.note(Stop { at: self.at, field: None, why: Why::Overrun { need, have } });
        }
        self.open_chain(wire, hop_limit, end);
        Next::Protocol(next)
    }

    pub(super) fn ipv4(&mut self) -> Next {
        let start = self.at;
        let Some(h) = self.read::<Ipv4<'_>>(Proto::Ipv4) else { return Next::Stop };
        let (next, len, ttl) = (h.protocol.get(), usize::from(h.len.get()), h.ttl);
        let (version, fragment) = (h.version(), h.more() || h.offset() > 0);
        if version != 4 {
            self.note(Stop { at: start, field: None, why: Why::Invalid("IP version is not 4") });
            return Next::Data;
        }
        let end = if len < self.at - start { self.end } else { start + len };
        let any = (Ipv6Addr::UNSPECIFIED, Ipv6Addr::UNSPECIFIED);
        self.open_chain(any, ttl, end);
        if fragment {
            self.with_chain(|c| c.fragment = true);
            return Next::Data;
        }
        // These numbers announce IPv6 extension headers; IPv4 has none.
        match next {
            proto::HOP_BY_HOP
            | proto::ROUTING
            | proto::FRAGMENT
            | proto::DESTINATION_OPTIONS
            | proto::MOBILITY
            | proto::ICMPV6 => Next::Data,
            next => Next::Protocol(next),
        }
    }

    #[inline]
    pub(super) fn with_chain(&mut self, change: impl FnOnce(&mut Chain)) {
        if let Some(c) = self.chain {
            change(&mut self.chains[usize::from(c)]);
        }
    }

    /// The layer appended last protects the chain.
    pub(super) fn mark_ipsec(&mut self) {
        let layer = self.last();
        self.with_chain(|c| c.ipsec = c.ipsec.or(Some(layer)));
    }

    pub(super) fn destination_options(&mut self) -> Next {
        let chain = self.chain.map(|c| &self.chains[usize::from(c)]);
        let dialect = self.profile.options_dialect(self.peek(), chain);
        let Some(h) =
            self.read_as::<DestinationOptions<'_>>(Proto::DestinationOptions, dialect, |_| 0)
        else {
            return Next::Stop;
        };
        let (next, layer) = (h.next.get(), self.last());
        let codes = self.profile.codes(dialect);
        let (mut found, mut careof) = (None, None);
        let mut count = 0;
        for option in h.list().flatten() {
            if let Some(address) = option.home_address() {
                found = Some(HomeAddress { address, layer, offset: option.offset });
                count += 1;
            } else if let Some(address) = option.careof_address(codes) {
                careof = Some(HomeAddress { address, layer, offset: option.offset });
            }
        }
        if found.is_some() {
            self.with_chain(|c| {
                c.home = found;
                c.home_count += count;
            });
        }
        if careof.is_some() {
            self.with_chain(|c| c.careof = careof);
        }
        Next::Protocol(next)
    }

    pub(super) fn routing(&mut self) -> Next {
        let dialect = self.profile.dialect();
        let Some(h) = self.read_as::<Routing<'_>>(Proto::Routing, dialect, |h| h.kind) else {
            return Next::Stop;
        };
        let layer = self.last();
        if let Some(address) = h.final_destination() {
            self.with_chain(|c| c.route = Some((layer, address)));
        }
        Next::Protocol(h.next.get())
    }

    pub(super) fn fragment(&mut self) -> Next {
        let Some(h) = self.read::<Fragment>(Proto::Fragment) else { return Next::Stop };
        if h.is_atomic() {
            return Next::Protocol(h.next.get());
        }
        let data = self.peek();
        let captured = self.at + data.len() == self.end;
        let key = match self.chain.map(|c| &self.chains[usize::from(c)]) {
            Some(c) if captured && !self.quoted => {
                Key { source: c.wire_source, destination: c.wire_destination, ident: h.ident }
            }
            _ => {
                self.with_chain(|c| c.fragment = true);
                return Next::Data;
            }
        };
        let whole = self.reassembler.add(key, h.offset(), h.more(), h.next.get(), data);
        let Some((next, slot)) = whole.and_then(|(n, w)| Some((n, self.arena.keep(w)?))) else {
            self.with_chain(|c| c.fragment = true);
            return Next::Data;
        };
        self.enter(slot, self.arena.get(slot).len());
        Next::Protocol(next)
    }
}
