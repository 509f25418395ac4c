//! DPDK's IPsec vectors: a clear packet and what its gateway makes of it.

use mip6_security::{Association, Encryption, Integrity, ah};
use serde_json::Value;

use crate::collection::{AH, ESP, Foreign, any_integrity, file, find, text, vectors};
use crate::{Esp, hex};

const FOREIGN: &[Foreign] = &[Foreign {
    vector: "pkt_ah_ipv4_aes_gmac_128",
    names: &["aes-gmac", "aes-128-gmac", "rfc4543(gcm(aes))"],
    reason: "AES-GMAC (RFC 4543): no RFC of Mobile IPv6 asks for it",
}];

/// Vectors whose clear packet and ESP packet stand in each other's place.
const REVERSED: &[&str] = &["pkt_aes_128_cbc_null"];

#[derive(Default)]
struct Count {
    opened: usize,
    sealed: usize,
    verified: usize,
    foreign: usize,
}

#[test]
fn dpdk() {
    let Some(file) = file("third-party/vectors/dev/dpdk_ipsec.json") else { return };
    let mut count = Count::default();
    for vector in vectors(&file) {
        let name = text(vector, "name");
        let (mut clear, mut packet) = (field(vector, "input_text"), field(vector, "output_text"));
        if REVERSED.contains(&name) {
            std::mem::swap(&mut clear, &mut packet);
        }
        if let Some(foreign) = FOREIGN.iter().find(|f| f.vector == name) {
            foreign.is_needed();
            let at = find(&packet, AH);
            for a in any_integrity(&field(vector, "auth_key")) {
                let verified = ah::verify(&a, &packet, at, 0, &mut Vec::new());
                assert!(verified.is_err(), "{name} verifies as {:?}", a.integrity());
            }
            count.foreign += 1;
        } else if text(vector, "proto") == "AH" {
            verify(name, &ah(vector), &clear, &packet);
            count.verified += 1;
        } else {
            count.opened += 1;
            count.sealed += usize::from(open(name, &esp(vector), vector, &clear, &packet));
        }
    }
    let Count { opened, sealed, verified, foreign } = count;
    println!("{opened} opened, {sealed} sealed again, {verified} verified, {foreign} foreign");
    assert!(opened > 0 && sealed > 0 && verified > 0);
    assert_eq!(foreign, FOREIGN.len(), "an entry without its vector");
}

/// Octets of a field; none if it is not there.
fn field(vector: &Value, key: &str) -> Vec<u8> {
    hex(vector[key].as_str().unwrap_or_default())
}

fn spi(vector: &Value) -> u32 {
    let spi = text(vector, "spi");
    let hexadecimal = spi.strip_prefix("0x").map(|digits| u32::from_str_radix(digits, 16));
    hexadecimal.unwrap_or_else(|| spi.parse()).expect("an SPI")
}

fn algorithms(vector: &Value) -> Vec<&str> {
    let algorithms = vector["algos"].as_array().expect("algorithms");
    algorithms.iter().map(|a| a.as_str().expect("a name")).collect()
}

fn integrity(vector: &Value) -> Integrity {
    let whole = algorithms(vector).into_iter().find_map(|name| match name {
        "AUTH_SHA256_HMAC" => Some(Integrity::HmacSha256_128),
        "AUTH_SHA384_HMAC" => Some(Integrity::HmacSha384_192),
        "AUTH_SHA512_HMAC" => Some(Integrity::HmacSha512_256),
        "AUTH_AES_XCBC_MAC" => Some(Integrity::AesXcbc96),
        "AUTH_NULL" | "AEAD_AES_GCM" => Some(Integrity::Null),
        _ => None,
    });
    let whole = whole.unwrap_or_else(|| panic!("integrity of {vector}"));
    if whole == Integrity::Null {
        return whole;
    }
    let octets: u32 = vector["digest_length"][0].as_str().and_then(|d| d.parse().ok()).unwrap();
    whole.cut_to(octets * 8).expect("a length that it is cut to")
}

fn encryption(vector: &Value) -> Encryption {
    let found = algorithms(vector).into_iter().find_map(|name| match name {
        "CIPHER_NULL" => Some(Encryption::Null),
        "CIPHER_DES_CBC" => Some(Encryption::DesCbc),
        "CIPHER_3DES_CBC" => Some(Encryption::TripleDesCbc),
        "CIPHER_AES_CBC" => Some(Encryption::AesCbc),
        "CIPHER_AES_CTR" => Some(Encryption::AesCtr),
        "AEAD_AES_GCM" => Some(Encryption::AesGcm16),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("encryption of {vector}"))
}

fn esp(vector: &Value) -> Association {
    // The salt is in there of the algorithms that have one.
    let key = [field(vector, "key"), field(vector, "salt")].concat();
    let integrity_key = field(vector, "auth_key");
    let algorithms = ((encryption(vector), &key[..]), (integrity(vector), &integrity_key[..]));
    Association::esp(spi(vector), algorithms.0, algorithms.1).expect("keys")
}

fn ah(vector: &Value) -> Association {
    Association::ah(spi(vector), (integrity(vector), &field(vector, "auth_key"))).expect("a key")
}

/// Opens the packet; whether it could be sealed again.
fn open(name: &str, a: &Association, vector: &Value, clear: &[u8], packet: &[u8]) -> bool {
    let esp = Esp { name, association: a, packet: &packet[find(packet, ESP)..], high: 0 };
    let (opened, plain) = esp.opened();
    assert_eq!(esp.packet[..4], a.spi.to_be_bytes(), "{name}");
    assert_eq!(plain[..opened.payload], *clear, "{name}");
    assert_eq!(opened.next, if clear[0] >> 4 == 4 { 4 } else { 41 }, "{name}");
    assert_eq!(esp.packet[opened.iv.clone()], field(vector, "iv"), "{name}");
    let again = esp.is_padded_as_here(&opened);
    if again {
        esp.seals_again(&opened, &plain);
    }
    again
}

fn verify(name: &str, a: &Association, clear: &[u8], packet: &[u8]) {
    let at = find(packet, AH);
    let mut form = Vec::new();
    assert_eq!(ah::verify(a, packet, at, 0, &mut form), Ok(()), "{name}");
    assert_eq!(packet[at + 4..at + 8], a.spi.to_be_bytes(), "{name}");
    let inside = at + (usize::from(packet[at + 1]) + 2) * 4;
    assert_eq!(packet[inside..], *clear, "{name}");

    let mut again = packet.to_vec();
    again[at + 12..inside].fill(0);
    assert_eq!(ah::verify(a, &again, at, 0, &mut form), Err(ah::Unverified::Icv), "{name}");
    assert_eq!(ah::seal(a, &mut again, at, 0), Ok(()), "{name}");
    assert_eq!(again, packet, "{name}");
}
