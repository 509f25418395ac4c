//! Encryption alone: RFC 3602, RFC 3686, NIST SP 800-38A, FIPS 81. What is no
//! packet is sealed as a payload: its ciphertext comes first in counter mode
//! and, up to whole blocks, in CBC mode.

use mip6_security::esp::{open, seal};
use mip6_security::{Association, Encryption, Integrity};

use crate::{Esp, counting, hex};

fn association(encryption: Encryption, key: &[u8], spi: u32) -> Association {
    Association::esp(spi, (encryption, key), (Integrity::Null, &[])).expect("a key")
}

fn seals(name: &str, a: &Association, iv: &str, plain: &[u8], cipher: &str) {
    let (iv, cipher) = (hex(iv), hex(cipher));
    assert_eq!(plain.len(), cipher.len(), "{name}");
    let mut packet = Vec::new();
    seal(a, 1, &iv, 59, plain, &mut packet);
    let start = 8 + iv.len();
    assert_eq!(packet[start..start + cipher.len()], cipher, "{name}");
    let mut out = Vec::new();
    let opened = open(a, &packet, 0, &mut out).expect(name);
    assert_eq!(out[..opened.payload], *plain, "{name}");
}

/// Key, IV, plaintext, ciphertext: RFC 3602 4, cases 1 to 4.
#[test]
fn aes_cbc_rfc_3602() {
    let cases: [(&str, &str, Vec<u8>, &str); 4] = [
        (
            "06a9214036b8a15b512e03d534120006",
            "3dafba429d9eb430b422da802c9fac41",
            b"Single block msg".to_vec(),
            "e353779c1079aeb82708942dbe77181a",
        ),
        (
            "c286696d887c9aa0611bbb3e2025a45a",
            "562e17996d093d28ddb3ba695a2e6f58",
            counting(0, 32),
            "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1",
        ),
        (
            "6c3ea0477630ce21a2ce334aa746c2cd",
            "c782dc4c098c66cbd9cd27d825682c81",
            b"This is a 48-byte message (exactly 3 AES blocks)".to_vec(),
            "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5
             021c19216bad525c8579695d83ba2684",
        ),
        (
            "56e47a38c5598974bc46903dba290349",
            "8ce82eefbea0da3c44699ed7db51b7d9",
            counting(0xa0, 64),
            "c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e
             35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55",
        ),
    ];
    for (i, (key, iv, plain, cipher)) in cases.iter().enumerate() {
        let a = association(Encryption::AesCbc, &hex(key), 1);
        seals(&format!("case {}", i + 1), &a, iv, plain, cipher);
    }
}

/// Whole packets of RFC 3602 4: case, key, packet, next header, payload.
const PACKETS: [(&str, &str, &str, u8, &str); 4] = [
    (
        "case 5: transport mode, ping",
        "90d382b410eeba7ad938c46cec1a82bf",
        "0000432100000001 e96e8c08ab465763fd098d45dd3ff893
         f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856
         a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a
         a269add047ad2d5913ac19b7cfbad4a6",
        1,
        "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f1011121314151617
         18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637",
    ),
    (
        "case 6: transport mode, short ping",
        "90d382b410eeba7ad938c46cec1a82bf",
        "0000432100000008 69d08df7d203329db093fc4924e5bd80
         f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75",
        1,
        "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777",
    ),
    (
        "case 7: tunnel mode, ping",
        "0123456789abcdef0123456789abcdef",
        "0000876500000002 f4e765244f6407adf13dc1380f673f37
         773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8
         e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5
         c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d",
        4,
        "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d
         02a2040008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223
         2425262728292a2b2c2d2e2f3031323334353637",
    ),
    (
        "case 8: tunnel mode, ping with a pattern",
        "0123456789abcdef0123456789abcdef",
        "0000876500000005 85d47224b5f3dd5d2101d4ea8dffab22
         15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb5
         0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3
         d2726d9b5ef6affc6d17a0decbb13892",
        4,
        "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083d
         a3de0300ffffffffffffffffffffffffffffffffffffffffffffffffffffffff
         ffffffff",
    ),
];

#[test]
fn packets_of_rfc_3602() {
    for (name, key, packet, next, payload) in PACKETS {
        let (packet, payload) = (hex(packet), hex(payload));
        let spi = u32::from_be_bytes([0, 1, 2, 3].map(|i| packet[i]));
        let a = association(Encryption::AesCbc, &hex(key), spi);
        let esp = Esp { name, association: &a, packet: &packet, high: 0 };
        let (opened, plain) = esp.opened();
        assert_eq!((opened.next, opened.payload), (next, payload.len()), "{name}");
        assert_eq!(plain[..opened.payload], payload, "{name}");
        assert!(esp.is_padded_as_here(&opened), "{name}");
        esp.seals_again(&opened, &plain);
    }
}

/// NIST SP 800-38A F.2.1, F.2.3 and F.2.5.
#[test]
fn aes_cbc_sp_800_38a() {
    let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
                     30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    for (key, cipher) in [
        (
            "2b7e151628aed2a6abf7158809cf4f3c",
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2
             73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
        ),
        (
            "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
            "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a
             571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd",
        ),
        (
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d
             39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
        ),
    ] {
        let a = association(Encryption::AesCbc, &hex(key), 1);
        seals(key, &a, "000102030405060708090a0b0c0d0e0f", &plain, cipher);
    }
}

/// FIPS 81 appendix C, table C2.
#[test]
fn des_cbc_fips_81() {
    let a = association(Encryption::DesCbc, &hex("0123456789abcdef"), 1);
    let cipher = "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6";
    seals("table C2", &a, "1234567890abcdef", b"Now is the time for all ", cipher);
    // Three times the same key is the same cipher.
    let key = "0123456789abcdef".repeat(3);
    let a = association(Encryption::TripleDesCbc, &hex(&key), 1);
    seals("thrice", &a, "1234567890abcdef", b"Now is the time for all ", cipher);
}

/// RFC 3686 6, vectors 1 to 9: key, nonce, IV, ciphertext.
#[test]
fn aes_ctr_rfc_3686() {
    let vectors = [
        (
            "ae6852f8121067cc4bf7a5765577f39e",
            "00000030",
            "0000000000000000",
            "e4095d4fb7a7b3792d6175a3261311b8",
        ),
        (
            "7e24067817fae0d743d6ce1f32539163",
            "006cb6db",
            "c0543b59da48d90b",
            "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28",
        ),
        (
            "7691be035e5020a8ac6e618529f9a0dc",
            "00e0017b",
            "27777f3f4a1786f0",
            "c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef31053
             25b2072f",
        ),
        (
            "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515",
            "00000048",
            "36733c147d6d93cb",
            "4b55384fe259c9c84e7935a003cbe928",
        ),
        (
            "7c5cb2401b3dc33c19e7340819e0f69c678c3db8e6f6a91a",
            "0096b03b",
            "020c6eadc2cb500d",
            "453243fc609b23327edfaafa7131cd9f8490701c5ad4a79cfc1fe0ff42f4fb00",
        ),
        (
            "02bf391ee8ecb159b959617b0965279bf59b60a786d3e0fe",
            "0007bdfd",
            "5cbd60278dcc0912",
            "96893fc55e5c722f540b7dd1ddf7e758d288bc95c69165884536c811662f2188
             abee0935",
        ),
        (
            "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104",
            "00000060",
            "db5672c97aa8f0b2",
            "145ad01dbf824ec7560863dc71e3e0c0",
        ),
        (
            "f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884",
            "00faac24",
            "c1585ef15a43d875",
            "f05e231b3894612c49ee000b804eb2a9b8306b508f839d6a5530831d9344af1c",
        ),
        (
            "ff7a617ce69148e4f1726e2f43581de2aa62d9f805532edff1eed687fb54153d",
            "001cc5b7",
            "51a51d70a1c11148",
            "eb6c52821d0bbbf7ce7594462aca4faab407df866569fd07f48cc0b583d6071f
             1ec0e6b8",
        ),
    ];
    for (i, (key, nonce, iv, cipher)) in vectors.iter().enumerate() {
        let n = hex(cipher).len();
        let plain = if n == 16 { b"Single block msg".to_vec() } else { counting(0, n) };
        let key = [hex(key), hex(nonce)].concat();
        let a = association(Encryption::AesCtr, &key, 1);
        seals(&format!("vector {}", i + 1), &a, iv, &plain, cipher);
    }
}
