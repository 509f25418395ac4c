//! ESP that Linux sealed, in scapy's tests.

use mip6_security::{Association, Encryption, Integrity, esp};
use serde_json::Value;

use crate::collection::{Foreign, any_encryption, file, text, vectors};
use crate::{Esp, hex};

const FOREIGN: &[Foreign] = &[
    Foreign {
        vector: "IPv4 / ESP - Transport - Blowfish - NULL",
        names: &["Blowfish", "blowfish-cbc", "cbc(blowfish)"],
        reason: "Blowfish (RFC 2451): no RFC of Mobile IPv6 asks for it",
    },
    Foreign {
        vector: "IPv4 / ESP - Transport - CAST - NULL",
        names: &["CAST", "cast5-cbc", "cast128-cbc", "cbc(cast5)"],
        reason: "CAST-128 (RFC 2451): no RFC of Mobile IPv6 asks for it",
    },
    Foreign {
        vector: "IPv4 / ESP - Transport - AES-NULL-GMAC - NULL",
        names: &["AES-NULL-GMAC", "aes-gmac", "rfc4543(gcm(aes))"],
        reason: "AES-GMAC (RFC 4543): no RFC of Mobile IPv6 asks for it",
    },
];

/// Whoever collected the vectors could not open this one: its sequence number
/// is extended, `esn` is the high half, and RFC 4106 5 has it between SPI and
/// sequence number in what is authenticated.
const NOT_OPENED_THERE: &str = "IPv4 / ESP - Transport - AES-GCM - NULL -- ESN";

/// What their note says where they opened one.
const STARTS: &str = "inner starts ";

#[test]
fn scapy() {
    let Some(file) = file("third-party/vectors/dev/scapy_ipsec_esp.json") else { return };
    let (mut opened, mut foreign, mut extended) = (0, 0, 0);
    for vector in vectors(&file) {
        let name = text(vector, "test");
        if let Some(entry) = FOREIGN.iter().find(|f| f.vector == name) {
            entry.is_needed();
            does_not_open(name, vector);
            foreign += 1;
            continue;
        }
        let a = association(vector);
        let packet = packet(vector);
        let high = vector["sa"]["esn"].as_u64().unwrap_or(0) as u32;
        let esp = Esp { name, association: &a, packet: &packet, high };
        let (found, plain) = esp.opened();
        assert!(is_icmp(found.next, &plain[..found.payload]), "{name}");
        let note = text(vector, "verified_here");
        assert_eq!(note.starts_with(STARTS), name != NOT_OPENED_THERE, "{name}");
        if let Some(start) = note.strip_prefix(STARTS) {
            assert!(plain.starts_with(&hex(start)), "{name}");
        }
        assert!(esp.is_padded_as_here(&found), "{name}");
        esp.seals_again(&found, &plain);
        opened += 1;
        extended += usize::from(a.extended);
    }
    println!("{opened} opened, {extended} with extended numbers, {foreign} foreign");
    assert!(opened > 0 && extended > 0);
    assert_eq!(foreign, FOREIGN.len(), "an entry without its vector");
}

/// From the SPI on.
fn packet(vector: &Value) -> Vec<u8> {
    let fields = &vector["fields"];
    let word = |key: &str| fields[key].as_u64().expect("a number") as u32;
    let mut packet = [word("spi"), word("seq")].map(u32::to_be_bytes).concat();
    packet.extend(hex(text(&fields["data"], "hex")));
    packet
}

fn key(vector: &Value) -> Vec<u8> {
    hex(text(&vector["sa"]["crypt_key"], "hex"))
}

fn association(vector: &Value) -> Association {
    let sa = &vector["sa"];
    assert_eq!(text(sa, "auth_algo"), "NULL");
    let encryption = match text(sa, "crypt_algo") {
        "DES" => Encryption::DesCbc,
        "AES-GCM" => Encryption::AesGcm16,
        other => panic!("{other}"),
    };
    let spi = sa["spi"].as_u64().expect("an SPI") as u32;
    let made = Association::esp(spi, (encryption, &key(vector)), (Integrity::Null, &[]));
    let mut a = made.expect("a key");
    a.extended = sa["esn_en"].as_bool().unwrap_or(false);
    a
}

/// What all of them hold: ICMP in IPv4, in a tunnel.
fn is_icmp(next: u8, payload: &[u8]) -> bool {
    next == 4 && payload.len() > 20 && payload[0] == 0x45 && payload[9] == 1
}

/// Nor does it with any other algorithm that takes the key.
fn does_not_open(name: &str, vector: &Value) {
    for a in any_encryption(&key(vector)) {
        let mut plain = Vec::new();
        let opened = esp::open(&a, &packet(vector), 0, &mut plain);
        let opens = opened.is_ok_and(|o| is_icmp(o.next, &plain[..o.payload]));
        assert!(!opens, "{name} opens as {:?}", a.encryption());
    }
}
