//! Combined algorithms: AES-GCM of draft-mcgrew-gcm-test-01, ChaCha20 and
//! Poly1305 of RFC 7634.

use mip6_security::{Association, Encryption, Integrity};

use crate::{Esp, hex};

fn check(
    name: &str,
    encryption: Encryption,
    key: &[u8],
    high: Option<u32>,
    plain: &[u8],
    packet: &[u8],
) {
    let spi = u32::from_be_bytes([0, 1, 2, 3].map(|i| packet[i]));
    let mut a = Association::esp(spi, (encryption, key), (Integrity::Null, &[]))
        .expect("a key of its size");
    a.extended = high.is_some();
    let esp = Esp { name, association: &a, packet, high: high.unwrap_or(0) };
    let (opened, found) = esp.opened();
    assert_eq!(found, plain, "{name}");
    // In RFC 7634 the padding is 1, 2 and the pad length 2: as it is here.
    assert!(esp.is_padded_as_here(&opened), "{name}");
    esp.seals_again(&opened, &found);
}

/// Section 4 of draft-mcgrew-gcm-test-01: key and salt, high half of the
/// sequence number if it is extended, plaintext with padding and trailer, packet.
const GCM: [(&str, Option<u32>, &str, &str); 14] = [
    (
        "4c80cdefbb5d10da906ac73c3613a6342e443b68",
        Some(0x87654321),
        "45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000
         00000000045f736970045f756470037369700963796265726369747902646b00
         0021000101020201",
        "00004321000000004956ed7e3b244cfefecf537e729d5b07dc30df528dd22b76
         8d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d
         15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732459018148f6cbe72
         2fd04796562dfdb4",
    ),
    (
        "feffe9928665731c6d6a8f9467308308cafebabe",
        None,
        "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d00100
         0001000000000000037369700963796265726369747902646b00000100010001",
        "0000a5f80000000afacedbaddecaf888deb22cd9b07c72c16e3a65beeb8df304
         a5a5897d33ae530f1ba76d5d114d2a5c3de81827c10e9a4f51330d0eec416642
         cfbb85a5b47e48a4ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a",
    ),
    (
        "abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344",
        None,
        "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000
         7002400020bf0000020405b40101040201020201",
        "4a2cbfe3000000020102030405060708ff425c9b724599df7a3bcd510194e00d
         6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99d
         ef842d8eb335f4eecfdbf831824b4c4915956c96",
    ),
    (
        "0000000000000000000000000000000000000000",
        None,
        "4500003c99c500008001cb7a40679318010101010800075c0200440061626364
         65666768696a6b6c6d6e6f707172737475767761626364656667686901020201",
        "000000000000000100000000000000004688daf2f973a392732909c331d56d60
         f694abaa414b5e7ff5fdcdfff5e9a284456476492719ffb64de7d9dca1e1d894
         bc3bd57873ed4d181d19d4d5c8c18af3f821d496eeb096e98ad2b69e4799c71d",
    ),
    (
        "3de09874b388e6491988d0c3607eae1f57690e43",
        Some(0x10101010),
        "4500003c99c300008001cb7c40679318010101010800085c0200430061626364
         65666768696a6b6c6d6e6f707172737475767761626364656667686901020201",
        "42f67e3f101010104e280000a2fca1a3fba2caa4853cf9f0f22cb10d86dd83b0
         fec75691cf1a04b00d1138ec9c35791765acbd8701ad79845bf9fe3fba487bc9
         1755e6662b4c8d0d1f5e22739530320ae0d731cc978ecafaeae88f00e80d6e48",
    ),
    (
        "3de09874b388e6491988d0c3607eae1f57690e43",
        Some(0x10101010),
        "4500001c42a200008001441f406793b6e00000020a00f5ff01020201",
        "42f67e3f101010104e280000a2fca1a3fba2ca845e5df9f0f22c3e6e86dd831e
         1fc65792cd1af9130e1379ed369f071f35e034be95f112e4e7d05d35",
    ),
    (
        "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
        None,
        "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e
         501016d075680001",
        "0000a5f80000000afacedbaddecaf888a5b1f8066029aea40e598b8122de0242
         0938b3ab33f828e687b8858b5bfbdbd0315b27452144cc7795457b9652037f53
         18027b5b4cd7a636",
    ),
    (
        "abbccddef00112233445566778899aabdecaf888",
        Some(0x00000000),
        "4500004933ba00007f119106c3fb1d10c2b1d326c02831ce0035dd7b800302d5
         00004e20001e8c18d75b81dc91baa0476b91b924b280389d92c963bac046ec95
         9b6266c04722b14923010101",
        "0000010000000001cafedebaceface7418a6fd42f72cbf4ab2a2ea901f73d814
         e3e7f243d95412e1c349c1d2fbec168f9190feebaf2cb01984e65863965d7472
         b79da345e0e780191f0d2f0e0f496c226f2127b27db35724e7845d68651f57e6
         5f354f75ff17015769623436",
    ),
    (
        "abbccddef00112233445566778899aababbccddef00112233445566778899aab73616c74",
        Some(0x156f3126),
        "45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbecb712602
         50101f646d540001",
        "17405e67dd0db99b616e640169766563f2d69ecdbd5a0d5b8d5ef38bad4da58d
         1f278fde98ef67549d524a3018d9a57ff4d3a31ce673119e451626c2415771e3
         b7eebca614c89b35",
    ),
    (
        "3de09874b388e6491988d0c3607eae1f57690e43",
        Some(0x10101010),
        "45000049333e00007f119182c3fb1d10c2b1d326c02831ce0035cb458003025b
         000001e0001e8c18d65759d52284a0352c71475c8880391c764d6e5ee0496b32
         5ae270c03899493915010101",
        "42f67e3f101010104e280000a2fca1a3fba2cad12fc1f9f00d3cebf305410db8
         3d7784b607323d220f24b0a97d54182800cadb0f68d99ef0e0c0c89ae9bea888
         4e52d65bc1afd0740f742444747b5b39ab533163aad4550ee5160975cdb608c5
         769189609763b8e18caa81e2",
    ),
    (
        "abbccddef00112233445566778899aababbccddef00112233445566778899aab73616c74",
        Some(0x156f3126),
        "636973636f0172756c657301746865016e6574776501646566696e6501746865
         746563686e6f6c6f67696573017468617477696c6c01646566696e65746f6d6f
         72726f7701020201",
        "17405e67dd0db99b616e640169766563d4b7ed86a1777f2ea13d6973d324c69e
         7b43f826fb56831226508bebd2dceb18d0a6df10e5487df074113e14c641024e
         3e6773d91a62ee429b043a10e3efe6b012a49363412364f8c0cac587f249e56b
         11e24f30e44ccc76",
    ),
    (
        "7d773d00c144c525ac619d18c84a3f47d9664267",
        None,
        "01020201",
        "335467aeffffffff43457e9182443bc6437f866bcb3f699fe9b0822bac961c45
         04bef270",
    ),
    (
        "abbccddef00112233445566778899aabdecaf888",
        Some(0x00000000),
        "746f016265016f72016e6f7401746f0162650001",
        "0000010000000001cafedebaceface7429c9fc69a197d038ccdd14e2ddfcaa05
         43332164412503524303ed3c6c5f283843af8c3e",
    ),
    (
        "6c6567616c697a656d6172696a75616e61616e64646f69746265666f726569617475726e",
        Some(0xffffffff),
        "45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364
         65666768696a6b6c6d6e6f707172737401020201",
        "796b6963ffffffff333021696765746df97ab2aa356d8edce17644ac8c78e25d
         d24dedbb29ebf1b64a274b39b49c3a864cd3d78ca4ae68a32b42458fb57dbe82
         1dcc63b9d0937ba2945f669368661a329fb4c053",
    ),
];

#[test]
fn aes_gcm_draft_mcgrew() {
    for (i, (key, high, plain, packet)) in GCM.into_iter().enumerate() {
        let (name, key) = (format!("packet {}", i + 1), hex(key));
        let (plain, packet) = (hex(plain), hex(packet));
        check(&name, Encryption::AesGcm16, &key, high, &plain, &packet);
        // RFC 4106 6: the shorter ICVs are the first octets of it.
        for (encryption, cut) in [(Encryption::AesGcm12, 4), (Encryption::AesGcm8, 8)] {
            let packet = &packet[..packet.len() - cut];
            check(&name, encryption, &key, high, &plain, packet);
        }
    }
    assert_eq!(GCM.iter().filter(|g| g.1.is_some()).count(), 9, "extended");
}

/// Appendix A of RFC 7634.
#[test]
fn chacha20_poly1305_rfc_7634() {
    let key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3");
    let plain = hex("45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10
                     0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223
                     2425262728292a2b2c2d2e2f3031323334353637 01020204");
    let packet = hex("0102030400000005 1011121314151617
                      24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6
                      14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3
                      cbec163fac469b502773f6fb94e664da9165b82829f641e0
                      76aaa8266b7fb0f7b11b369907e1ad43");
    check("appendix A", Encryption::ChaCha20Poly1305, &key, None, &plain, &packet);
}
