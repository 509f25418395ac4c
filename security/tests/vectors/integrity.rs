//! Integrity alone: RFC 2202, RFC 3566, RFC 4868. Their messages are no
//! packets; ESP without encryption covers all that stands in front of the ICV,
//! so that a message is taken for a packet: whatever else is wrong with it, its
//! ICV is not. Left out are messages shorter than an ESP header and trailer (10
//! octets) and keys of another size than IPsec has.

use mip6_security::esp::{Unopened, open};
use mip6_security::{Association, Encryption, Integrity};

use crate::{counting, hex};

fn signs(name: &str, integrity: (Integrity, &[u8]), message: &[u8], value: &str) {
    let icv = &hex(value)[..integrity.0.icv_octets()];
    let covers = |message: &[u8], high: &[u8], icv: &[u8]| {
        let mut a = Association::esp(1, (Encryption::Null, &[]), integrity).expect(name);
        a.extended = !high.is_empty();
        let high = high.try_into().map_or(0, u32::from_be_bytes);
        open(&a, &[message, icv].concat(), high, &mut Vec::new()) != Err(Unopened::Icv)
    };
    assert!(covers(message, &[], icv), "{name}");
    // The last four octets may be the half of the number that is not sent.
    let (front, high) = message.split_at(message.len() - 4);
    assert!(covers(front, high, icv), "{name}");

    let mut touched = message.to_vec();
    touched[message.len() / 2] ^= 1;
    assert!(!covers(&touched, &[], icv), "{name}");
    let mut other = icv.to_vec();
    other[0] ^= 0x80;
    assert!(!covers(message, &[], &other), "{name}");
}

/// RFC 3566 4, cases 3 to 7.
#[test]
fn aes_xcbc_rfc_3566() {
    let key = counting(0, 16);
    for (n, value) in [
        (16, "d2a246fa349b68a79998a4394ff7a263"),
        (20, "47f51b4564966215b8985c63055ed308"),
        (32, "f54f0ec8d2b9f3d36807734bd5283fd4"),
        (34, "becbb3bccdb518a30677d5481fb6b4d8"),
    ] {
        signs(&format!("{n} octets"), (Integrity::AesXcbc96, &key), &counting(0, n), value);
    }
    let value = "f0dafee895db30253761103b5d84528f";
    signs("1000 octets", (Integrity::AesXcbc96, &key), &[0; 1000], value);
}

/// RFC 2202 2, cases 3 and 5; the first is in the appendix of RFC 2104 too.
#[test]
fn hmac_md5_rfc_2202() {
    let value = "56be34521d144c88dbb8c733f0e8b3f6";
    signs("case 3", (Integrity::HmacMd5_96, &[0xaa; 16]), &[0xdd; 50], value);
    let value = "56461ef2342edc00f9bab995690efd4c";
    signs("case 5", (Integrity::HmacMd5_96, &[0x0c; 16]), b"Test With Truncation", value);
}

/// RFC 2202 3, cases 3 and 5.
#[test]
fn hmac_sha1_rfc_2202() {
    let value = "125d7342b9ac11cd91a39af48aa17b4f63f175d3";
    signs("case 3", (Integrity::HmacSha1_96, &[0xaa; 20]), &[0xdd; 50], value);
    let value = "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04";
    signs("case 5", (Integrity::HmacSha1_96, &[0x0c; 20]), b"Test With Truncation", value);
}

/// RFC 4868 2.7.2, AUTH256, AUTH384 and AUTH512, cases 2 to 4.
#[test]
fn hmac_sha2_rfc_4868() {
    let values = [
        (
            Integrity::HmacSha256_128,
            counting(1, 32),
            [
                "167f928588c5cc2eef8e3093caa0e87c",
                "cdcb1220d1ecccea91e53aba3092f962",
                "372efcf9b40b35c2115b1346903d2ef4",
            ],
        ),
        (
            Integrity::HmacSha384_192,
            [counting(1, 32), counting(10, 16)].concat(),
            [
                "2c7353974f1842fd66d53c452ca42122b28c0b594cfb184d",
                "809f439be00274321d4a538652164b53554a508184a0c316",
                "5b540085c6e6358096532b2493609ed1cb298f774f87bb5c",
            ],
        ),
        (
            Integrity::HmacSha512_256,
            counting(1, 64),
            [
                "cb370917ae8a7ce28cfd1d8f4705d6141c173b2a9362c15df235dfb251b15454",
                "2ee7acd783624ca9398710f3ee05ae41b9f9b0510c87e49e586cc9bf961733d8",
                "5e6688e5a3daec826ca32eaea224eff5e700628947470e13ad01302561bab108",
            ],
        ),
    ];
    for (integrity, counted, values) in values {
        let n = counted.len();
        let cases: [(Vec<u8>, &[u8]); 3] = [
            (b"Jefe".repeat(n / 4), b"what do ya want for nothing?"),
            (vec![0xaa; n], &[0xdd; 50]),
            (counted, &[0xcd; 50]),
        ];
        for ((key, message), value) in cases.iter().zip(values) {
            signs(value, (integrity, key), message, value);
            // The same, cut as Linux did before RFC 4868.
            if let Some(shorter) = integrity.cut_to(96) {
                assert_eq!(shorter, Integrity::HmacSha256_96);
                signs(value, (shorter, key), message, value);
            }
        }
    }
}
