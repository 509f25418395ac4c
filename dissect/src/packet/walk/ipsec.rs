//! Steps over ESP and AH, into what they protect where there are keys.

use std::net::{IpAddr, Ipv6Addr};

use mip6_security::association::Addresses;
use mip6_security::{Association, Protocol, ah, esp};
use mip6_wire::ip::{Authentication, Esp, Ipv4};
use mip6_wire::layout::Reader;

use super::{Next, Walk};
use crate::packet::{Chain, Protection, Proto, Verdict};

impl<'a> Walk<'a, '_> {
    pub(super) fn authentication(&mut self) -> Next {
        let start = self.at;
        let Some(h) = self.read::<Authentication<'_>>(Proto::Authentication) else {
            return Next::Stop;
        };
        self.mark_ipsec();
        if self.keys.is_some() {
            self.verify(start, &h);
        }
        Next::Protocol(h.next.get())
    }

    /// Apart from the way of those who have no keys.
    #[inline(never)]
    fn verify(&mut self, start: usize, h: &Authentication<'_>) {
        let Some((number, key)) = self.key(Protocol::Ah, h.spi) else {
            return self.protect(None, Verdict::NoKey);
        };
        let verdict = match self.whole_packet() {
            None => Verdict::Incomplete,
            Some((packet, ip)) => {
                let mut form = Vec::new();
                self.with_high(number, key, h.sequence, |high| {
                    ah::verify(key, packet, start - ip, high, &mut form)
                })
                .map_or_else(Verdict::Unverified, |()| Verdict::Verified)
            }
        };
        self.protect(Some(number), verdict);
    }

    pub(super) fn esp(&mut self) -> Next {
        let octets = self.peek();
        let complete = self.at + octets.len() == self.end;
        let Some(h) = self.read::<Esp<'_>>(Proto::Esp) else { return Next::Stop };
        self.mark_ipsec();
        if self.keys.is_none() {
            return Next::Stop;
        }
        self.open_esp(octets, complete, &h)
    }

    /// Apart from the way of those who have no keys.
    #[inline(never)]
    fn open_esp(&mut self, octets: &'a [u8], complete: bool, h: &Esp<'_>) -> Next {
        let Some((number, key)) = self.key(Protocol::Esp, h.spi) else {
            self.protect(None, Verdict::NoKey);
            return Next::Stop;
        };
        if !complete || self.quoted {
            self.protect(Some(number), Verdict::Incomplete);
            return Next::Stop;
        }
        let mut plain = Vec::new();
        let opened = self
            .with_high(number, key, h.sequence, |high| esp::open(key, octets, high, &mut plain));
        let opened = match opened {
            Ok(opened) => opened,
            Err(why) => {
                self.protect(Some(number), Verdict::Unopened(why));
                return Next::Stop;
            }
        };
        let (next, payload) = (opened.next, opened.payload);
        self.protect(Some(number), Verdict::Opened(opened));
        let Some(slot) = self.arena.keep(plain) else { return Next::Stop };
        self.enter(slot, payload);
        Next::Protocol(next)
    }

    /// Goes on in octets that the dissection made, up to `end`.
    pub(super) fn enter(&mut self, slot: usize, end: usize) {
        self.source = slot as u8 + 1;
        self.octets = self.arena.get(slot);
        self.at = 0;
        self.end = end;
        self.with_chain(|c| {
            c.end = end as u32;
            c.complete = true;
        });
    }

    fn protect(&mut self, association: Option<usize>, verdict: Verdict) {
        let layer = self.last();
        self.protections.push(Protection::new(layer, association, verdict));
    }

    /// The association of the header read last, and its number.
    fn key(&self, protocol: Protocol, spi: u32) -> Option<(usize, &'a Association)> {
        let chain = self.chains.get(usize::from(self.chain?))?;
        self.keys?.find(protocol, spi, &self.addresses(chain))
    }

    fn addresses(&self, chain: &Chain) -> Addresses {
        let ip = &self.layers[chain.ip];
        if ip.proto == Proto::Ipv4 && ip.source == self.source {
            let octets = self.octets.get(ip.offset as usize..).unwrap_or_default();
            let codes = self.profile.codes(ip.dialect);
            if let Ok(h) = Reader::new(octets, octets.len(), codes).read::<Ipv4<'_>>() {
                let (source, destination) = (IpAddr::V4(h.source), IpAddr::V4(h.destination));
                return Addresses {
                    wire_source: source,
                    wire_destination: destination,
                    source,
                    destination,
                };
            }
        }
        let v6 = |a: Ipv6Addr| IpAddr::V6(a);
        Addresses {
            wire_source: v6(chain.wire_source),
            wire_destination: v6(chain.wire_destination),
            source: v6(chain.source()),
            destination: v6(chain.destination()),
        }
    }

    /// The packet around the header read last, from its IP header on, and where
    /// that begins; `None` unless all of it is there in one piece.
    fn whole_packet(&self) -> Option<(&'a [u8], usize)> {
        let chain = self.chains.get(usize::from(self.chain?))?;
        let ip = &self.layers[chain.ip];
        let whole = chain.complete && !chain.fragment && !chain.quoted && ip.source == self.source;
        let start = ip.offset as usize;
        whole.then(|| Some((self.octets.get(start..chain.end as usize)?, start)))?
    }

    /// Tries `open` with the high half of the sequence number as last seen, and
    /// with the next one, if the association has one (RFC 4303 A2).
    fn with_high<T, E>(
        &mut self,
        number: usize,
        key: &Association,
        low: u32,
        mut open: impl FnMut(u32) -> Result<T, E>,
    ) -> Result<T, E> {
        if !key.extended {
            return open(0);
        }
        let (high, last) = self.highs.get(&number).copied().unwrap_or_default();
        // Beyond half the circle behind the last number, it has gone round.
        let guess =
            if low < last && last - low > u32::MAX / 2 { high.wrapping_add(1) } else { high };
        let other = if guess == high { high.wrapping_add(1) } else { high };
        let (used, result) = match open(guess) {
            Ok(v) => (guess, Ok(v)),
            Err(e) => match open(other) {
                Ok(v) => (other, Ok(v)),
                Err(_) => return Err(e),
            },
        };
        if (used, low) > (high, last) || !self.highs.contains_key(&number) {
            self.highs.insert(number, (used, low));
        }
        result
    }
}
