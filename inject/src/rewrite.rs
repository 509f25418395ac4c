//! Addresses of captured packets replaced by others, checksums mended.

mod sign;

use std::net::Ipv6Addr;
use std::str::FromStr;

use mip6_security::Associations;
use mip6_security::keys::Keys;
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::layout::{Auto, Field, Kind, Sink};
use mip6_wire::lke::wire_checksum;

use crate::alter::checksum;
use crate::datum;
use crate::script::LinkLayer;
use crate::unseal::{Opened, Part};
use sign::Signer;

/// `OLD=NEW`: an IPv6 address, an IPv6 prefix or a link-layer address, and what
/// stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Addresses that begin with a prefix; what is behind it stays.
    Prefix {
        /// The prefix, zero behind its length.
        from: Ipv6Addr,
        /// The new prefix, likewise.
        to: Ipv6Addr,
        /// Bits of both.
        length: u8,
    },
    /// A link-layer address.
    Station {
        /// The address.
        from: [u8; 6],
        /// The new one.
        to: [u8; 6],
    },
}

impl FromStr for Rewrite {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected OLD=NEW, both IPv6 addresses, prefixes of one length, or link-layer \
                 addresses; found `{text}`"
            )
        };
        let (from, to) = text.split_once('=').ok_or_else(wrong)?;
        let station = |t: &str| datum::hex(t).and_then(|o| <[u8; 6]>::try_from(o).ok());
        if let (Some(from), Some(to)) = (station(from), station(to)) {
            return Ok(Self::Station { from, to });
        }
        let prefix = |t: &str| {
            let (address, length) = t.split_once('/').unwrap_or((t, "128"));
            let length = length.parse().ok().filter(|n| *n <= 128)?;
            let address: Ipv6Addr = address.parse().ok()?;
            Some((Ipv6Addr::from_bits(address.to_bits() & mask(length)), length))
        };
        match (prefix(from), prefix(to)) {
            (Some((from, length)), Some((to, same))) if length == same => {
                Ok(Self::Prefix { from, to, length })
            }
            _ => Err(wrong()),
        }
    }
}

/// The bits of a prefix.
fn mask(length: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0)
}

impl Rewrite {
    /// Changes the octets of one address, if it is meant.
    fn apply(&self, kind: Kind, octets: &mut [u8]) -> bool {
        match (self, kind) {
            (Self::Prefix { from, to, length }, Kind::Ipv6) => {
                let Ok(old) = <[u8; 16]>::try_from(&*octets) else { return false };
                let (old, mask) = (u128::from_be_bytes(old), mask(*length));
                let meant = old & mask == from.to_bits();
                if meant {
                    octets.copy_from_slice(&(old & !mask | to.to_bits()).to_be_bytes());
                }
                meant
            }
            (Self::Station { from, to }, Kind::Link) => {
                let meant = octets == from;
                if meant {
                    octets.copy_from_slice(to);
                }
                meant
            }
            _ => false,
        }
    }
}

/// Puts other addresses into frames that follow each other.
#[derive(Debug)]
pub struct Rewriter<'k> {
    rewrites: Vec<Rewrite>,
    associations: &'k Associations,
    signer: Signer<'k>,
}

impl<'k> Rewriter<'k> {
    /// What is replaced, and keys that open packets and sign them anew.
    pub fn new(rewrites: Vec<Rewrite>, keys: &'k Keys) -> Self {
        let signer = Signer::new(&keys.authentication);
        Self { rewrites, associations: &keys.associations, signer }
    }

    /// A frame with other addresses, wherever its headers and options hold one: the
    /// first rewrite that fits each. What was right is right again: checksums, ESP
    /// and AH that keys open and verify, the authentication option (RFC 4285) where
    /// its key is known, and Binding Authorization Data where the keygen tokens went
    /// by before. What was wrong, and what keys do not make, stays. `ip` is where the
    /// IP packet begins.
    pub fn frame(
        &mut self,
        frame: &[u8],
        link: LinkLayer,
        ip: usize,
        codes: &'static Codes,
    ) -> Vec<u8> {
        let before = Opened::of(frame, link, ip, codes, self.associations);
        let mut after = before.clone();
        let mut changed = false;
        for part in &mut after.parts {
            changed |= replace(part, &self.rewrites, codes);
        }
        let was = before.headers(codes);
        let mut headers = after.headers(codes);
        if headers.len() != was.len() {
            // No other address makes another header; what does is left alone.
            return frame.to_vec();
        }
        self.signer.sign(&was, &mut headers, codes);
        if !changed {
            return frame.to_vec();
        }
        let right = right_checksums(&before, codes);
        for (header, right) in headers.iter_mut().zip(right) {
            if let (true, Some((value, _))) = (right, checksum(header)) {
                *value = Auto::Computed;
            }
        }
        // Others sum up Local Key Exchange by another reading.
        if let Some(Header::Mobility(m)) = was.last()
            && m.format().is_lke()
            && wire_checksum(&was, codes) == Some(m.checksum.get())
            && let Some(sum) = wire_checksum(&headers, codes)
            && let Some((value, _)) = headers.last_mut().and_then(checksum)
        {
            *value = Auto::Fixed(sum);
        }
        let closed = after.close(headers, codes, self.associations);
        closed.unwrap_or_else(|| frame.to_vec())
    }
}

/// Replaces the addresses in octets that are in the clear; whether there were any.
fn replace(part: &mut Part, rewrites: &[Rewrite], codes: &'static Codes) -> bool {
    let mut octets = part.octets.clone();
    let mut at = 0;
    for header in part.headers(codes) {
        let len = header.to_bytes(codes).len();
        let mut places = Places(Vec::new());
        header.visit(part.octets.get(at..at + len).unwrap_or_default(), at, codes, &mut places);
        for (kind, at, len) in places.0 {
            let Some(address) = octets.get_mut(at..at + len) else { continue };
            rewrites.iter().any(|r| r.apply(kind, address));
        }
        at += len;
    }
    let changed = octets != part.octets;
    part.octets = octets;
    changed
}

/// Of each header, whether it has a checksum that is right.
fn right_checksums(opened: &Opened, codes: &'static Codes) -> Vec<bool> {
    // Checksums inside ESP go by the headers around it.
    let clear = |headers: &[Header<'_>]| {
        let numbered = headers.iter().enumerate().filter(|(n, _)| !opened.is_open(*n));
        let headers: Vec<Header<'_>> = numbered.map(|(_, h)| h.clone()).collect();
        write_packet(&headers, codes)
    };
    let headers = opened.headers(codes);
    let whole = clear(&headers);
    let right = |i: usize| {
        let mut computed = headers.clone();
        let (value, _) = computed.get_mut(i).and_then(checksum)?;
        *value = Auto::Computed;
        Some(clear(&computed) == whole)
    };
    (0..headers.len()).map(|i| right(i).unwrap_or(false)).collect()
}

/// Where addresses stand.
struct Places(Vec<(Kind, usize, usize)>);

impl<'a> Sink<'a> for Places {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]) {
        if matches!(f.kind, Kind::Ipv6 | Kind::Link) {
            self.0.push((f.kind, at, raw.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Crafter, PacketSpec};
    use mip6_wire::codes::{LKE01, RFC6275};

    fn made(care_of: &str, home: &str, station: &str, checksum: &str) -> Vec<u8> {
        let yaml = format!(
            "
- ethernet: {{eth.src: '{station}', eth.dst: '02:00:00:00:00:09'}}
- ipv6: {{ipv6.src: '{care_of}', ipv6.dst: 2001:db8:a::1}}
- destination-options:
    options: [{{home-address: {{ipv6.opt.mipv6.home_address: '{home}'}}}}]
- mobility:
    mip6.mhtype: 5
    {checksum}
    options: [{{alternate-care-of-address: {{mip6.acoa.acoa: '{care_of}'}}}}]
"
        );
        let spec: PacketSpec = serde_yaml::from_str(&yaml).unwrap();
        write_packet(&Crafter::new(&(), &RFC6275).craft(&spec).unwrap(), &RFC6275)
    }

    fn rewrites(texts: &[&str]) -> Vec<Rewrite> {
        texts.iter().map(|t| t.parse().unwrap()).collect()
    }

    #[test]
    fn addresses_change_wherever_they_are_and_checksums_with_them() {
        let old = made("2001:db8:b::99", "2001:db8:a::1234", "02:00:00:00:00:01", "");
        let new = made("fd00::99", "2001:db8:a::5678", "02:00:00:00:00:77", "");
        let rewrites = rewrites(&[
            "2001:db8:b::/64=fd00::/64",
            "2001:db8:a::1234=2001:db8:a::5678",
            "02:00:00:00:00:01=02:00:00:00:00:77",
        ]);
        let (ethernet, keys) = (LinkLayer::Ethernet, Keys::default());
        let mut rewriter = Rewriter::new(rewrites, &keys);
        assert_eq!(rewriter.frame(&old, ethernet, 14, &RFC6275), new);
        assert_eq!(rewriter.frame(&new, ethernet, 14, &RFC6275), new);
    }

    #[test]
    fn a_wrong_checksum_stays() {
        let wrong = "mip6.csum: 0x1234";
        let old = made("2001:db8:b::99", "2001:db8:a::1234", "02:00:00:00:00:01", wrong);
        let new = made("2001:db8:c::99", "2001:db8:a::1234", "02:00:00:00:00:01", wrong);
        let rewrites = rewrites(&["2001:db8:b::/48=2001:db8:c::/48"]);
        let keys = Keys::default();
        let mut rewriter = Rewriter::new(rewrites, &keys);
        assert_eq!(rewriter.frame(&old, LinkLayer::Ethernet, 14, &RFC6275), new);
    }

    /// Over the source in the IPv6 header, which Local Key Exchange may be read for.
    #[test]
    fn a_checksum_by_another_reading_stays_one() {
        let made = |careof: &str, local: &str| {
            let yaml = format!(
                "
- ipv6: {{ipv6.src: '{local}', ipv6.dst: 'fe80::1', ipv6.hlim: 255}}
- destination-options:
    options: [{{home-address: {{ipv6.opt.mipv6.home_address: '{careof}'}}}}]
- mobility: {{mip6.mhtype: 10, lke.fin.nonce: 7}}
"
            );
            let spec: PacketSpec = serde_yaml::from_str(&yaml).unwrap();
            let mut headers = Crafter::new(&(), &LKE01).craft(&spec).unwrap();
            let sum = wire_checksum(&headers, &LKE01).unwrap();
            *checksum(headers.last_mut().unwrap()).unwrap().0 = Auto::Fixed(sum);
            write_packet(&headers, &LKE01)
        };
        let (old, new) = (made("2001:db8:b::99", "fe80::9"), made("2001:db8:c::99", "fe80::a"));
        let rewrites = rewrites(&["2001:db8:b::/48=2001:db8:c::/48", "fe80::9=fe80::a"]);
        let keys = Keys::default();
        let mut rewriter = Rewriter::new(rewrites, &keys);
        assert_eq!(rewriter.frame(&old, LinkLayer::Raw, 0, &LKE01), new);
    }

    #[test]
    fn what_is_no_rewrite_is_told() {
        for wrong in ["", "2001:db8::1", "::1=::2/64", "::/64=::/48", "::1=02:00:00:00:00:01"] {
            assert!(wrong.parse::<Rewrite>().is_err(), "{wrong}");
        }
    }
}
