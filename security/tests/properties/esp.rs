//! ESP: what is sealed opens, what has been touched does not.

use mip6_security::esp::{Opened, Unopened, open, seal};
use mip6_security::{Association, Encryption, Integrity, KeyError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::suite::{self, KEYS, SPI, Suite, encryption_keys, integrity_key};

/// What is sealed, and with what.
#[derive(Clone, Debug)]
struct Sealing {
    keys: Vec<u8>,
    extended: bool,
    sequence: u64,
    iv: [u8; 16],
    next: u8,
    payload: Vec<u8>,
}

fn sealing() -> impl Strategy<Value = Sealing> {
    let keys = vec(any::<u8>(), KEYS);
    let payload = vec(any::<u8>(), 0..300);
    let all = (keys, any::<bool>(), any::<u64>(), any::<[u8; 16]>(), any::<u8>(), payload);
    all.prop_map(|(keys, extended, sequence, iv, next, payload)| Sealing {
        keys,
        extended,
        sequence,
        iv,
        next,
        payload,
    })
}

/// One packet that is always the same.
fn fixed(extended: bool) -> Sealing {
    Sealing {
        keys: (0..KEYS as u8).collect(),
        extended,
        sequence: 0x1_0000_0002,
        iv: [0xa5; 16],
        next: 135,
        payload: (0..21).collect(),
    }
}

/// Each pair that notices changes, with both kinds of sequence numbers.
fn fixed_protected() -> impl Iterator<Item = (Suite, Sealing)> {
    suite::protected().flat_map(|s| [(s, fixed(false)), (s, fixed(true))])
}

impl Sealing {
    fn association(&self, suite: &Suite) -> Association {
        suite.association(&self.keys, self.extended)
    }

    fn high(&self) -> u32 {
        (self.sequence >> 32) as u32
    }

    fn seal(&self, a: &Association) -> Vec<u8> {
        let mut out = Vec::new();
        let iv = &self.iv[..a.encryption().iv_octets()];
        seal(a, self.sequence, iv, self.next, &self.payload, &mut out);
        out
    }

    fn open(&self, a: &Association, octets: &[u8]) -> Result<Opened, Unopened> {
        open(a, octets, self.high(), &mut Vec::new())
    }
}

/// Null encryption and no integrity: the plaintext as it is.
fn plain() -> Association {
    Association::esp(SPI, (Encryption::Null, &[]), (Integrity::Null, &[])).expect("no keys")
}

fn flip(octets: &mut [u8], bit: usize) {
    octets[bit / 8] ^= 0x80 >> (bit % 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sealed_opens(s in sealing(), in_front: Vec<u8>, other: u32) {
        for suite in suite::all() {
            let a = s.association(&suite);
            let mut out = in_front.clone();
            let iv_len = a.encryption().iv_octets();
            seal(&a, s.sequence, &s.iv[..iv_len], s.next, &s.payload, &mut out);
            prop_assert_eq!(&out[..in_front.len()], &in_front[..], "appended: {:?}", suite);
            let octets = &out[in_front.len()..];
            prop_assert_eq!(octets.len() % 4, 0, "{:?}", suite);
            prop_assert_eq!(&octets[..4], SPI.to_be_bytes());
            prop_assert_eq!(&octets[4..8], (s.sequence as u32).to_be_bytes());
            prop_assert_eq!(&octets[8..8 + iv_len], &s.iv[..iv_len]);

            let mut plain = vec![0xee; 40];
            let opened = open(&a, octets, s.high(), &mut plain);
            let opened = opened.map_err(|e| TestCaseError::fail(format!("{e}: {suite:?}")))?;
            prop_assert_eq!(opened.payload, s.payload.len());
            prop_assert_eq!(&plain[..opened.payload], &s.payload[..]);
            prop_assert_eq!(opened.next, s.next);
            prop_assert!(opened.padding_is_right);
            prop_assert_eq!(plain.len(), opened.payload + usize::from(opened.pad_len) + 2);
            let block = a.encryption().block_octets();
            prop_assert!(usize::from(opened.pad_len) < block, "no more than it must");
            prop_assert_eq!(&opened.iv, &(8..8 + iv_len));
            prop_assert_eq!(&opened.icv, &(octets.len() - a.icv_octets()..octets.len()));
            let cipher = &octets[8 + iv_len..opened.icv.start];
            prop_assert_eq!(cipher.len(), plain.len());
            prop_assert_eq!(cipher == plain, a.encryption() == Encryption::Null);
            prop_assert_eq!(opened.checked, suite.is_protected());
            if !a.extended {
                prop_assert_eq!(open(&a, octets, other, &mut Vec::new()), Ok(opened));
            }
        }
    }

    #[test]
    fn flipped_bits_are_noticed(s in sealing(), places: [Index; 4]) {
        for suite in suite::protected() {
            let a = s.association(&suite);
            let mut octets = s.seal(&a);
            for bit in places.map(|p| p.index(octets.len() * 8)) {
                flip(&mut octets, bit);
                prop_assert_eq!(s.open(&a, &octets), Err(Unopened::Icv), "{}: {:?}", bit, suite);
                flip(&mut octets, bit);
            }
            prop_assert!(s.open(&a, &octets).is_ok());
        }
    }

    #[test]
    fn a_wrong_key_is_noticed(s in sealing(), place: Index) {
        for suite in suite::protected() {
            let octets = s.seal(&s.association(&suite));
            let mut wrong = s.clone();
            let key = &mut wrong.keys[suite.noticing_key()];
            flip(key, place.index(key.len() * 8));
            let a = wrong.association(&suite);
            prop_assert_eq!(wrong.open(&a, &octets), Err(Unopened::Icv), "{:?}", suite);
        }
    }

    #[test]
    fn a_wrong_high_half_is_noticed(s in sealing(), other: u32) {
        prop_assume!(other != s.high());
        for suite in suite::protected() {
            let a = suite.association(&s.keys, true);
            let octets = s.seal(&a);
            prop_assert!(s.open(&a, &octets).is_ok());
            let opened = open(&a, &octets, other, &mut Vec::new());
            prop_assert_eq!(opened, Err(Unopened::Icv), "{:?}", suite);
            // Nor is it taken for one with numbers of 32 bits, or the reverse.
            let short = suite.association(&s.keys, false);
            prop_assert_eq!(s.open(&short, &octets), Err(Unopened::Icv), "{:?}", suite);
            prop_assert_eq!(s.open(&a, &s.seal(&short)), Err(Unopened::Icv), "{:?}", suite);
        }
    }

    #[test]
    fn nothing_opens_cut(s in sealing(), place: Index) {
        for suite in suite::all() {
            let a = s.association(&suite);
            let octets = s.seal(&a);
            let have = place.index(octets.len());
            let opened = s.open(&a, &octets[..have]);
            if suite.is_protected() {
                prop_assert!(opened.is_err(), "{} octets of {:?}", have, suite);
            }
            let need = 8 + a.encryption().iv_octets() + 2 + a.icv_octets();
            if have < need {
                prop_assert_eq!(opened, Err(Unopened::Short { need, have }));
            } else if !suite.is_protected() && have % 8 != 0 && a.encryption().block_octets() > 4 {
                let ragged = matches!(opened, Err(Unopened::Ragged { .. }));
                prop_assert!(ragged, "{} octets of {:?}: {:?}", have, suite, opened);
            }
        }
    }

    /// Another sender may pad more than it must and with anything.
    #[test]
    fn any_padding_opens(
        payload in vec(any::<u8>(), 0..300),
        padding in vec(any::<u8>(), 0..=255),
        right: bool,
        next: u8,
    ) {
        let counted: Vec<u8> = (1..=255).take(padding.len()).collect();
        let pad_len = padding.len() as u8;
        let padding_is_right = right || padding == counted;
        let padding = if right { counted } else { padding };
        let octets = [&[0; 8][..], &payload, &padding, &[pad_len, next]].concat();
        let mut out = Vec::new();
        let opened = open(&plain(), &octets, 0, &mut out).unwrap();
        prop_assert_eq!((opened.payload, opened.next), (payload.len(), next));
        prop_assert_eq!(&out[..], &octets[8..]);
        prop_assert_eq!((opened.pad_len, opened.padding_is_right), (pad_len, padding_is_right));
        prop_assert!(!opened.checked);
        // One that reaches over the start does not fit.
        if let Some((_, rest)) = padding.split_first() {
            let octets = [&[0; 8][..], rest, &[pad_len, next]].concat();
            let have = rest.len() + 2;
            let refused = Err(Unopened::Padding { pad_len, have });
            prop_assert_eq!(open(&plain(), &octets, 0, &mut out), refused);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_octets_never_panic(
        suite in select(suite::all()),
        keys in vec(any::<u8>(), KEYS),
        extended: bool,
        octets in vec(any::<u8>(), 0..200),
        high: u32,
    ) {
        let a = suite.association(&keys, extended);
        let opened = open(&a, &octets, high, &mut Vec::new());
        if suite.is_protected() {
            prop_assert!(opened.is_err());
        }
    }

    /// A combined algorithm with an integrity algorithm besides is refused when
    /// the association is made, or works.
    #[test]
    fn any_two_algorithms_never_panic(
        encryption in select(&Encryption::ALL[..]),
        size: Index,
        integrity in prop_oneof![
            select(&Integrity::ALL[..]),
            any::<u8>().prop_map(Integrity::Unchecked),
        ],
        s in sealing(),
        octets in vec(any::<u8>(), 0..300),
    ) {
        let sizes = encryption_keys(encryption);
        let key = &s.keys[..sizes[size.index(sizes.len())]];
        let other = &s.keys[36..36 + integrity_key(integrity)];
        let Ok(mut a) = Association::esp(SPI, (encryption, key), (integrity, other)) else {
            prop_assert!(encryption.is_combined());
            return Ok(());
        };
        a.extended = s.extended;
        let _ = s.open(&a, &octets);
        let opened = s.open(&a, &s.seal(&a));
        prop_assert_eq!(opened.map(|o| (o.payload, o.next)), Ok((s.payload.len(), s.next)));
    }

    #[test]
    fn keys_of_another_size_are_refused(key in vec(any::<u8>(), 0..80)) {
        for encryption in Encryption::ALL {
            let made = Association::esp(SPI, (encryption, &key), (Integrity::Null, &[]));
            let right = encryption_keys(encryption).contains(&key.len());
            prop_assert_eq!(made.is_ok(), right, "{:?}", encryption);
            if let Err(e) = made {
                let said = matches!(e, KeyError::Size { algorithm, found, .. }
                    if algorithm == encryption.name() && found == key.len());
                prop_assert!(said, "{}", e);
            }
        }
        for integrity in Integrity::ALL {
            let right = integrity_key(integrity) == key.len();
            let made = Association::esp(SPI, (Encryption::Null, &[]), (integrity, &key));
            prop_assert_eq!(made.is_ok(), right, "{:?}", integrity);
            let made = Association::ah(SPI, (integrity, &key));
            prop_assert_eq!(made.is_ok(), right, "{:?}", integrity);
        }
    }

    /// An ICV that is not checked is left out, whatever it says.
    #[test]
    fn what_is_unchecked_opens(s in sealing(), icv in vec(any::<u8>(), 0..=255)) {
        let sealer = Suite { encryption: Encryption::AesCbc, key: 32, integrity: Integrity::Null };
        let sealed = s.seal(&s.association(&sealer));
        let octets = [&sealed[..], &icv].concat();
        let opener = Suite { integrity: Integrity::Unchecked(icv.len() as u8), ..sealer };
        let opened = s.open(&s.association(&opener), &octets).unwrap();
        prop_assert_eq!((opened.payload, opened.next), (s.payload.len(), s.next));
        prop_assert_eq!(opened.icv, sealed.len()..octets.len());
        prop_assert!(!opened.checked);
    }
}

/// Each bit of one packet, for each pair of algorithms.
#[test]
fn every_flipped_bit_is_noticed() {
    for (suite, s) in fixed_protected() {
        let a = s.association(&suite);
        let mut octets = s.seal(&a);
        assert!(s.open(&a, &octets).is_ok());
        for bit in 0..octets.len() * 8 {
            flip(&mut octets, bit);
            assert_eq!(s.open(&a, &octets), Err(Unopened::Icv), "bit {bit} of {suite:?}");
            flip(&mut octets, bit);
        }
    }
}

#[test]
fn every_cut_is_noticed() {
    for (suite, s) in fixed_protected() {
        let a = s.association(&suite);
        let octets = s.seal(&a);
        for n in 0..octets.len() {
            assert!(s.open(&a, &octets[..n]).is_err(), "{n} octets of {suite:?}");
        }
    }
}

/// The longest padding there can be.
#[test]
fn padding_of_255_octets_opens() {
    let padding: Vec<u8> = (1..=255).collect();
    let octets = [&[0; 8][..], &padding, &[255, 59]].concat();
    let opened = open(&plain(), &octets, 0, &mut Vec::new()).unwrap();
    assert_eq!((opened.payload, opened.pad_len, opened.padding_is_right), (0, 255, true));
}

#[test]
fn an_iv_of_another_size_panics() {
    let suite = Suite { encryption: Encryption::AesCbc, key: 16, integrity: Integrity::Null };
    let a = suite.association(&[0; KEYS], false);
    for n in [0, 8, 15, 17] {
        let sealed = std::panic::catch_unwind(|| {
            seal(&a, 1, &[0; 17][..n], 59, &[], &mut Vec::new());
        });
        assert!(sealed.is_err(), "{n} octets");
    }
}
