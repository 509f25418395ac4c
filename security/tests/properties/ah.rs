//! AH: it covers what RFC 4302 3.3.3 says, with what RFC 6275 says of home
//! addresses, and nothing else.

use mip6_security::ah::{Unverified, seal, verify};
use mip6_security::esp::{self, Unopened};
use mip6_security::{Association, Encryption, Integrity};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::packet::{Packet, ipv4, ipv6, routed};
use crate::suite::{SPI, integrity_key};

/// What AH is sealed with.
#[derive(Clone, Debug)]
struct Terms {
    integrity: Integrity,
    keys: Vec<u8>,
    extended: bool,
    /// High half of the sequence number.
    high: u32,
}

fn terms() -> impl Strategy<Value = Terms> {
    let keys = vec(any::<u8>(), 64);
    let all = (select(&Integrity::ALL[1..]), keys, any::<bool>(), any::<u32>());
    all.prop_map(|(integrity, keys, extended, high)| Terms { integrity, keys, extended, high })
}

impl Terms {
    fn key(&self) -> (Integrity, &[u8]) {
        (self.integrity, &self.keys[..integrity_key(self.integrity)])
    }

    fn association(&self) -> Association {
        let mut a = Association::ah(SPI, self.key()).expect("a key of the right size");
        a.extended = self.extended;
        a
    }

    fn verify(&self, p: &Packet) -> Result<(), Unverified> {
        self.verify_at(&p.octets, p.at)
    }

    fn verify_at(&self, octets: &[u8], at: usize) -> Result<(), Unverified> {
        verify(&self.association(), octets, at, self.high, &mut vec![0xee; 9])
    }

    fn seal_at(&self, octets: &mut [u8], at: usize) -> Result<(), Unverified> {
        seal(&self.association(), octets, at, self.high)
    }

    /// Whether `icv` is that over `octets`: asked of ESP, which covers all that
    /// it has.
    fn covers(&self, octets: &[u8], icv: &[u8]) -> bool {
        let a = Association::esp(SPI, (Encryption::Null, &[]), self.key()).expect("likewise");
        let high = self.high.to_be_bytes();
        let high = if self.extended { &high[..] } else { &[] };
        let octets = [octets, high, icv].concat();
        esp::open(&a, &octets, 0, &mut Vec::new()) != Err(Unopened::Icv)
    }

    /// Seals the packet, over what it has to be sealed over and nothing else.
    fn sealed(&self, mut p: Packet) -> Result<Packet, TestCaseError> {
        let before = p.octets.clone();
        prop_assert_eq!(self.seal_at(&mut p.octets, p.at), Ok(()));
        prop_assert_eq!(self.verify(&p), Ok(()));
        let icv = p.at + 12..p.at + 12 + p.icv;
        prop_assert_eq!(&before[..icv.start], &p.octets[..icv.start], "in front of the ICV");
        prop_assert_eq!(&before[icv.end..], &p.octets[icv.end..], "behind the ICV");
        prop_assert!(self.covers(&p.form, &p.octets[icv]), "not over {:02x?}", p.form);
        Ok(p)
    }

    /// What may not change is noticed, what may is not.
    fn guards(&self, p: &Packet, places: &[u32]) -> Result<(), TestCaseError> {
        let mut changed = p.clone();
        for place in places {
            let bit = p.fixed_bit(*place as usize);
            changed.octets[bit / 8] ^= 0x80 >> (bit % 8);
            let verified = self.verify(&changed);
            prop_assert!(verified.is_err(), "bit {} of octet {}", bit % 8, bit / 8);
            changed.octets[bit / 8] ^= 0x80 >> (bit % 8);
        }
        for (i, octet) in changed.octets.iter_mut().enumerate() {
            let other = places[i % places.len()].rotate_left(i as u32) as u8;
            *octet = (*octet & !p.mutable[i]) | (other & p.mutable[i]);
        }
        prop_assert_eq!(self.verify(&changed), Ok(()), "changes on the way");
        Ok(())
    }

    /// Nothing verifies with another key, another half of the number, or cut.
    fn is_exact(&self, p: &Packet, place: usize) -> Result<(), TestCaseError> {
        let mut wrong = self.clone();
        let bit = place % (integrity_key(self.integrity) * 8);
        wrong.keys[bit / 8] ^= 0x80 >> (bit % 8);
        prop_assert_eq!(wrong.verify(p), Err(Unverified::Icv), "another key");
        wrong = self.clone();
        wrong.high ^= 1 << (place % 32);
        let expected = if self.extended { Err(Unverified::Icv) } else { Ok(()) };
        prop_assert_eq!(wrong.verify(p), expected, "another high half");
        wrong = self.clone();
        wrong.extended = !self.extended;
        prop_assert_eq!(wrong.verify(p), Err(Unverified::Icv), "numbers of another size");

        let mut cut = p.octets[..place % p.octets.len()].to_vec();
        prop_assert!(self.verify_at(&cut, p.at).is_err(), "{} octets", cut.len());
        let whole = cut.len() >= p.at + p.header();
        prop_assert_eq!(self.seal_at(&mut cut, p.at).is_ok(), whole, "{} octets", cut.len());
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn over_ipv6(terms in terms(), sketch in ipv6(), passed: Index, places: [u32; 16]) {
        let passed = passed.index(sketch.stops().unwrap_or(0) + 1);
        let p = terms.sealed(sketch.packet(passed, terms.integrity.icv_octets()))?;
        terms.guards(&p, &places)?;
        terms.is_exact(&p, places[0] as usize)?;
    }

    #[test]
    fn over_ipv4(terms in terms(), sketch in ipv4(), places: [u32; 16]) {
        let p = terms.sealed(sketch.packet(terms.integrity.icv_octets()))?;
        terms.guards(&p, &places)?;
        terms.is_exact(&p, places[0] as usize)?;
    }

    /// RFC 6275 6.4: sent to the care-of address with the home address in a type
    /// 2 routing header, received the other way round. Type 0 likewise, at each
    /// of its stops.
    #[test]
    fn one_icv_all_the_way(terms in terms(), sketch in routed(), from: Index) {
        let stops = sketch.stops().unwrap_or(0);
        let len = terms.integrity.icv_octets();
        let sent = terms.sealed(sketch.packet(from.index(stops + 1), len))?;
        for passed in 0..=stops {
            let mut there = sketch.packet(passed, len);
            let icv = there.at + 12..there.at + 12 + len;
            there.octets[icv.clone()].copy_from_slice(&sent.octets[icv]);
            prop_assert_eq!(terms.verify(&there), Ok(()), "{} of {} stops", passed, stops);
        }
    }

    /// Room for a shorter ICV than the algorithm's is not enough.
    #[test]
    fn a_short_icv_is_refused(terms in terms(), sketch in ipv6(), words in 0usize..8) {
        let need = terms.integrity.icv_octets();
        let mut p = sketch.packet(0, words * 4);
        let have = p.header() - 12;
        if have < need {
            let refused = Err(Unverified::Size { need, have });
            prop_assert_eq!(terms.verify(&p), refused);
            prop_assert_eq!(terms.seal_at(&mut p.octets, p.at), refused);
        }
    }

    /// Another header in front of AH, or AH elsewhere, cannot be followed.
    #[test]
    fn other_headers_are_refused(
        terms in terms(),
        sketch in ipv6(),
        number: u8,
        kind: u8,
        left in 1u8..,
        at: Index,
    ) {
        let p = terms.sealed(sketch.packet(0, terms.integrity.icv_octets()))?;
        let mut other = p.clone();
        if !matches!(number, 0 | 43 | 51 | 60) {
            other.octets[6] = number;
            prop_assert_eq!(terms.verify(&other), Err(Unverified::Headers), "header {}", number);
        }
        let at = at.index(p.octets.len());
        if at != p.at {
            let verified = terms.verify_at(&p.octets, at);
            let refused = matches!(verified, Err(Unverified::Headers | Unverified::Size { .. }));
            prop_assert!(refused, "at {}: {:?}", at, verified);
        }
        if let Some(routing) = p.routing {
            if !matches!(kind, 0 | 2) {
                other = p.clone();
                other.octets[routing + 2] = kind;
                prop_assert_eq!(terms.verify(&other), Err(Unverified::Headers), "type {}", kind);
            }
            other = p.clone();
            other.octets[routing + 3] = left.saturating_add(sketch.stops().unwrap_or(0) as u8);
            prop_assert_eq!(terms.verify(&other), Err(Unverified::Headers), "left: {}", left);
        }
    }
}

/// Any octets, some of which begin as an IP packet does.
fn any_octets() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![any::<u8>(), Just(0x60), 0x45u8..0x50];
    let next = select(vec![0u8, 43, 51, 60]);
    (vec(any::<u8>(), 0..200), first, next).prop_map(|(mut octets, first, next)| {
        for (at, octet) in [(0, first), (6, next)] {
            if let Some(o) = octets.get_mut(at) {
                *o = octet;
            }
        }
        octets
    })
}

fn any_offset() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0usize..250, 1 => any::<usize>(), 1 => usize::MAX - 300..=usize::MAX]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_octets_never_panic(
        terms in terms(),
        mut octets in any_octets(),
        at in any_offset(),
    ) {
        prop_assert!(terms.verify_at(&octets, at).is_err());
        let _ = terms.seal_at(&mut octets, at);
    }

    /// What still looks like a packet, overwritten here and there.
    #[test]
    fn damaged_packets_never_panic(
        terms in terms(),
        six in ipv6(),
        four in ipv4(),
        damage in vec(any::<(Index, u8)>(), 1..6),
        at in any_offset(),
    ) {
        let icv = terms.integrity.icv_octets();
        for mut p in [six.packet(0, icv), four.packet(icv)] {
            for (place, octet) in &damage {
                let place = place.index(p.octets.len());
                p.octets[place] = *octet;
            }
            for at in [p.at, at] {
                let _ = terms.verify_at(&p.octets, at);
                let _ = terms.seal_at(&mut p.octets, at);
            }
        }
    }

    /// An ICV that is not checked is right, whatever it says.
    #[test]
    fn what_is_unchecked_verifies(sketch in ipv6(), n: u8, words in 0usize..70) {
        let mut p = sketch.packet(0, words * 4);
        let (have, need) = (p.header() - 12, usize::from(n));
        let a = Association::ah(SPI, (Integrity::Unchecked(n), &[])).unwrap();
        let expected = if have < need { Err(Unverified::Size { need, have }) } else { Ok(()) };
        prop_assert_eq!(verify(&a, &p.octets, p.at, 0, &mut Vec::new()), expected);
        prop_assert_eq!(seal(&a, &mut p.octets, p.at, 0), expected);
    }
}

/// An offset that no packet has.
#[test]
fn an_offset_beyond_all_is_refused() {
    let a = Association::ah(SPI, (Integrity::HmacMd5_96, &[0; 16])).unwrap();
    for at in [100, usize::MAX - 1, usize::MAX] {
        let verified = verify(&a, &[0x60; 100], at, 0, &mut Vec::new());
        assert_eq!(verified, Err(Unverified::Headers), "at {at}");
    }
}

/// RFC 791 3.1: the length counts type and length. Were a shorter one taken for
/// an option that may change, it could stand in the place of padding.
#[test]
fn an_ipv4_option_shorter_than_itself_is_refused() {
    let a = Association::ah(SPI, (Integrity::HmacMd5_96, &[0; 16])).unwrap();
    let mut packet = vec![0; 24 + 24];
    packet[0] = 0x46;
    packet[9] = 51;
    packet[24 + 1] = 4;
    assert_eq!(seal(&a, &mut packet, 24, 0), Ok(()));
    assert_eq!(verify(&a, &packet, 24, 0, &mut Vec::new()), Ok(()));
    for len in [0, 1] {
        packet[20..22].copy_from_slice(&[7, len]);
        assert!(verify(&a, &packet, 24, 0, &mut Vec::new()).is_err(), "length {len}");
    }
}
