//! Keys of messages: what is made is verified, by the reading it was made by,
//! and anything else is not.

use std::net::Ipv6Addr;

use mip6_security::mobility::authentication::{AuthenticationKey, AuthenticationKeys, Kind};
use mip6_security::mobility::local::{
    Coverage, Envelope, LocalKey, Reading, RouterKey, RouterPublicKey, Signed, Whole,
};
use proptest::collection::vec;
use proptest::prelude::*;

const ROUTER: &str = include_str!("../../../testkit/src/router.pem");

fn router() -> RouterKey {
    RouterKey::from_pem(ROUTER).unwrap()
}

/// Addresses at other places than where the HMAC and the checksum are.
const CHECKSUM: usize = 64 + 4;
const HMAC: usize = 64 + 34;

fn whole(packet: &[u8]) -> Whole<'_> {
    Whole { packet, checksum: CHECKSUM, hmac: HMAC, home: None, route: Some(48), careof: None }
}

/// The one's complement sum of a packet, less what its checksum makes.
fn checksum(packet: &[u8]) -> u16 {
    let mut sum = packet
        .chunks(2)
        .map(|p| u32::from(u16::from_be_bytes([p[0], p.get(1).copied().unwrap_or(0)])))
        .sum::<u32>();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// The packet with its HMAC, and then its checksum.
fn sealed(mut packet: Vec<u8>, key: &LocalKey, reading: Reading) -> Vec<u8> {
    let with_checksum = |p: &mut Vec<u8>| {
        p[CHECKSUM..CHECKSUM + 2].fill(0);
        let sum = checksum(p);
        p[CHECKSUM..CHECKSUM + 2].copy_from_slice(&sum.to_be_bytes());
    };
    with_checksum(&mut packet);
    let made = key.hmac(&whole(&packet), reading).unwrap();
    packet[HMAC..HMAC + 20].copy_from_slice(&made);
    with_checksum(&mut packet);
    packet
}

const ADDRESSES: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1),
    Ipv6Addr::new(0x2001, 0xdb8, 2, 0, 0, 0, 0, 2),
    Ipv6Addr::new(0x2001, 0xdb8, 3, 0, 0, 0, 0, 3),
    Ipv6Addr::new(0x2001, 0xdb8, 4, 0, 0, 0, 0, 4),
];

fn signed(message: &[u8], at: usize) -> Signed<'_> {
    let [a, b, c, d] = ADDRESSES;
    Signed { message, at, wire: (a, b), upper: (c, d), upwards: false, bare: false }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_hmac_is_recognized_by_its_reading(
        packet in vec(any::<u8>(), 120..200),
        octets: [u8; 16],
        which in 0..Reading::WHOLE.len(),
        bit in 0..120usize * 8,
    ) {
        let (key, reading) = (LocalKey::new(octets), Reading::WHOLE[which]);
        let sent = sealed(packet, &key, reading);
        prop_assert_eq!(key.verify_hmac(&whole(&sent)), Some(reading));
        let mut other = octets;
        other[bit % 16] ^= 1;
        prop_assert_eq!(LocalKey::new(other).verify_hmac(&whole(&sent)), None);
        let mut flipped = sent;
        flipped[bit / 8] ^= 1 << (bit % 8);
        let found = key.verify_hmac(&whole(&flipped));
        // The checksum is not covered but by the reading that says so, nor is the
        // IPv6 header by the one without, nor Segments Left where it is set.
        let free = match bit / 8 {
            CHECKSUM..70 => reading != Reading::PacketChecksum,
            ..40 => reading == Reading::NoIpHeader,
            43 => reading == Reading::PacketSwapped,
            _ => false,
        };
        prop_assert_eq!(found, free.then_some(reading));
    }

    #[test]
    fn an_authenticator_is_recognized_by_its_readings(
        mut message in vec(any::<u8>(), 28..80),
        octets: [u8; 16],
        which in 0..16usize,
        bit in 0..28usize * 8,
    ) {
        message.truncate(message.len() / 4 * 4);
        let at = message.len() - 12;
        let (key, coverage) = (LocalKey::new(octets), Coverage::all().nth(which).unwrap());
        let made = key.authenticator(&signed(&message, at), coverage).unwrap();
        // The checksum follows the authenticator: what it loses, it gains.
        let fix = |message: &mut Vec<u8>, octets: &[u8]| {
            let before = checksum(&message[at..]);
            message[at..].copy_from_slice(octets);
            let (old, new) = (u16::from_be_bytes([message[4], message[5]]), checksum(&message[at..]));
            let mut sum = u32::from(old) + u32::from(new) + u32::from(!before);
            while sum > 0xffff {
                sum = (sum & 0xffff) + (sum >> 16);
            }
            message[4..6].copy_from_slice(&(sum as u16).to_be_bytes());
        };
        prop_assume!(message[4..6] != [0, 0] && message[4..6] != [0xff, 0xff]);
        fix(&mut message, &made);
        prop_assert_eq!(key.verify_authenticator(&signed(&message, at)), Some(coverage));
        let mut flipped = message.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let option = at - 2..at;
        let free = match bit / 8 {
            4 | 5 => !coverage.has(Reading::MessageChecksum),
            n => option.contains(&n) && coverage.has(Reading::NoOptionHeader),
        };
        let found = key.verify_authenticator(&signed(&flipped, at));
        prop_assert_eq!(found, free.then_some(coverage));
    }

    #[test]
    fn offsets_outside_of_a_packet_verify_nothing(
        packet in vec(any::<u8>(), 0..120),
        checksum in 0..300usize,
        hmac in 0..300usize,
        route in 0..300usize,
    ) {
        let key = LocalKey::new([7; 16]);
        let whole =
            Whole { packet: &packet, checksum, hmac, home: Some(route), route: Some(route), careof: Some(route) };
        prop_assert_eq!(key.verify_hmac(&whole), None);
        prop_assert_eq!(key.verify_authenticator(&signed(&packet, hmac)), None);
    }

    #[test]
    fn authentication_data_are_recognized(
        message in vec(any::<u8>(), 40..80),
        at in 8..28usize,
        bit in 0..28usize * 8,
        aaa: bool,
    ) {
        let (kind, spi) = if aaa { (Kind::MnAaa, 3) } else { (Kind::MnHa, 0x1000) };
        let [careof, home, other, _] = ADDRESSES;
        let key = AuthenticationKey::new(kind, spi, Some(home), &[5; 16]).unwrap();
        let made = key.data(careof, home, &message, at).unwrap();
        prop_assert_eq!(made.len(), if aaa { 20 } else { 12 });
        let mut keys = AuthenticationKeys::default();
        prop_assert_eq!(keys.verify((kind, spi), &[careof], home, &message, at), None);
        keys.add(key);
        let mut sent = message;
        sent.truncate(at);
        sent.extend(&made);
        let verify = |message: &[u8], careof, home| {
            keys.verify((kind, spi), &[careof], home, message, at)
        };
        prop_assert_eq!(verify(&sent, careof, home), Some(true));
        prop_assert_eq!(verify(&sent, other, home), Some(false));
        // The key is another mobile node's.
        prop_assert_eq!(verify(&sent, careof, other), None);
        prop_assert_eq!(keys.verify((kind, 9), &[careof], home, &sent, at), None);
        sent[bit / 8 % at] ^= 1 << (bit % 8);
        let checksum = (4..6).contains(&(bit / 8 % at));
        prop_assert_eq!(verify(&sent, careof, home), Some(checksum));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn key_exchange_data_open_by_their_padding(
        octets: [u8; 16],
        random in vec(any::<u8>(), 128),
        which in 0..Reading::PADDING.len(),
        bit in 0..1024usize,
    ) {
        let (router, key) = (router(), LocalKey::new(octets));
        let reading = Reading::PADDING[which];
        let data = router.public().seal(&key, &Envelope { reading, random: &random }).unwrap();
        prop_assert_eq!(data.len(), 128);
        prop_assert_eq!(router.open(&data), Some((key, reading)));
        let mut flipped = data.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(router.open(&flipped), Some((key, reading)));
        prop_assert_eq!(router.open(&data[1..]), None);
    }
}

#[test]
fn readings_have_names_of_their_own() {
    let all = [&Reading::PADDING[..], &Reading::WHOLE].concat();
    let mut ids: Vec<_> = all.iter().map(|r| r.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    for list in [&Reading::PADDING[..], &Reading::WHOLE] {
        let defaults: Vec<_> = list.iter().filter(|r| r.is_default()).collect();
        assert_eq!(defaults, [&list[0]]);
        assert!(list.iter().all(|r| r.default_of() == list[0]));
    }
}

/// A public key that others read, and data that they encrypt: RSA as they do it.
#[test]
fn openssl_encrypts_what_opens() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let run = |args: &[&str], input: &[u8]| {
        let mut child = Command::new("openssl")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(input).ok()?;
        let output = child.wait_with_output().ok()?;
        output.status.success().then_some(output.stdout)
    };
    if run(&["version"], &[]).is_none() {
        eprintln!("skipped: no openssl");
        return;
    }
    let folder = std::env::temp_dir().join(format!("mip6-openssl-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let pem = folder.join("router.pem");
    std::fs::write(&pem, ROUTER).unwrap();
    let pem = pem.to_str().unwrap();
    let secret = *b"sixteen octets!!";
    for (padding, reading) in [("pkcs1", Reading::Pkcs1), ("oaep", Reading::Oaep)] {
        let mode = format!("rsa_padding_mode:{padding}");
        let args = ["pkeyutl", "-encrypt", "-inkey", pem, "-pkeyopt", &mode];
        let data = run(&args, &secret).unwrap();
        assert_eq!(router().open(&data), Some((LocalKey::new(secret), reading)));
    }
    let public = run(&["rsa", "-in", pem, "-RSAPublicKey_out", "-outform", "DER"], &[]).unwrap();
    assert_eq!(router().public().pkcs1(), public);
    let info = run(&["rsa", "-in", pem, "-pubout", "-outform", "DER"], &[]).unwrap();
    assert_eq!(router().public().subject_public_key_info(), info);
    for (mut octets, padding) in [(public, 4), (info, 6)] {
        octets.extend(vec![0; padding]);
        assert_eq!(RouterPublicKey::read(&octets), Some(router().public()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
