//! Mobile IPv6 packets that scapy built, with what is inside them. Names that
//! end in INVALID are to be refused.

use mip6_security::ah::{self, Unverified};
use mip6_security::esp::Unopened;
use mip6_security::{Association, Encryption, Integrity};
use serde_json::Value;

use crate::collection::{AH, ESP, file, find, text, vectors};
use crate::{Esp, hex};

/// Octets of the Ethernet header.
const ETHERNET: usize = 14;
/// Octets of AH with an ICV of 12.
const HEADER: usize = 24;

#[test]
fn scapy_oracle() {
    let Some(file) = file("peers/scapy-mip6-oracle.json") else { return };
    let (mut opened, mut verified, mut refused, mut clear) = (0, 0, 0, 0);
    for vector in vectors(&file) {
        let name = text(vector, "name");
        let packet = &hex(text(vector, "frame"))[ETHERNET..];
        let Some(protocol) = vector["sa"]["proto"].as_u64() else {
            clear += 1;
            continue;
        };
        let inside = hex(text(vector, "plain_ipv6"));
        let done = match (protocol as u8, name.ends_with("INVALID")) {
            (ESP, invalid) => open(name, &vector["sa"], packet, &inside, invalid),
            (AH, invalid) => verify(name, &vector["sa"], packet, &inside, invalid),
            (other, _) => panic!("{name}: protocol {other}"),
        };
        match done {
            Done::Opened => opened += 1,
            Done::Verified => verified += 1,
            Done::Refused => refused += 1,
        }
    }
    println!("{opened} opened, {verified} verified, {refused} refused, {clear} in the clear");
    assert!(opened > 0 && verified > 0 && refused > 0);
    assert_eq!(opened + verified + refused + clear, vectors(&file).len());
}

enum Done {
    Opened,
    Verified,
    Refused,
}

fn spi(sa: &Value) -> u32 {
    sa["spi"].as_u64().expect("an SPI") as u32
}

fn integrity(sa: &Value) -> (Integrity, Vec<u8>) {
    (Integrity::parse(text(sa, "auth")).expect("a name"), hex(text(sa, "auth_key")))
}

fn open(name: &str, sa: &Value, packet: &[u8], inside: &[u8], invalid: bool) -> Done {
    let encryption = Encryption::parse(text(sa, "enc")).expect("a name");
    let (integrity, integrity_key) = integrity(sa);
    let keys = (hex(text(sa, "enc_key")), integrity_key);
    let a = Association::esp(spi(sa), (encryption, &keys.0), (integrity, &keys.1)).expect("keys");
    let at = find(packet, ESP);
    let esp = Esp { name, association: &a, packet: &packet[at..], high: 0 };
    assert_eq!(esp.packet[..4], a.spi.to_be_bytes(), "{name}");
    if invalid {
        assert_eq!(esp.open(), Err(Unopened::Icv), "{name}");
        // Its last octet alone was touched.
        let mut mended = esp.packet.to_vec();
        *mended.last_mut().unwrap() ^= 1;
        let mended = Esp { packet: &mended, ..esp };
        let (opened, plain) = mended.opened();
        holds(name, sa, &plain[..opened.payload], opened.next, inside);
        return Done::Refused;
    }
    let (opened, plain) = esp.opened();
    holds(name, sa, &plain[..opened.payload], opened.next, inside);
    assert!(esp.is_padded_as_here(&opened), "{name}");
    esp.seals_again(&opened, &plain);
    Done::Opened
}

fn verify(name: &str, sa: &Value, packet: &[u8], inside: &[u8], invalid: bool) -> Done {
    let (integrity, key) = integrity(sa);
    let a = Association::ah(spi(sa), (integrity, &key)).expect("a key");
    let at = find(packet, AH);
    assert_eq!(packet[at + 4..at + 8], a.spi.to_be_bytes(), "{name}");
    let verified = ah::verify(&a, packet, at, 0, &mut Vec::new());
    if invalid {
        // Computed without moving the home address.
        assert_eq!(verified, Err(Unverified::WireAddresses), "{name}");
        return Done::Refused;
    }
    assert_eq!(verified, Ok(()), "{name}");
    holds(name, sa, &packet[at + HEADER..], packet[at], inside);

    let mut again = packet.to_vec();
    again[at + 12..at + HEADER].fill(0);
    assert_eq!(ah::seal(&a, &mut again, at, 0), Ok(()), "{name}");
    assert_eq!(again, packet, "{name}");
    Done::Verified
}

/// A tunnel holds the whole packet, transport mode what was behind its headers.
fn holds(name: &str, sa: &Value, payload: &[u8], next: u8, inside: &[u8]) {
    if text(sa, "mode") == "tunnel" {
        assert_eq!((payload, next), (inside, 41), "{name}");
    } else {
        assert!(!payload.is_empty() && inside.ends_with(payload), "{name}");
        let at = inside.len() - payload.len();
        assert_eq!(find(inside, next), at, "{name}: what is in front of it");
    }
}
