//! Packets under ESP and AH, turned back into specs and sealed again with other
//! addresses.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mip6_inject::{
    CodeTable, HeaderKind, LinkLayer, PacketSpec, Rewrite, Script, Stations, lift, rewrite,
    write_head, write_item,
};
use mip6_security::Associations;
use mip6_security::keys;

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

fn laboratory() -> Associations {
    keys::load(&specs().join("laboratory.keys")).unwrap().associations
}

fn read(name: &str) -> String {
    std::fs::read_to_string(specs().join(name)).unwrap()
}

/// The frames that a spec makes.
fn made(yaml: &str, keys: &Associations) -> Vec<Vec<u8>> {
    let script = Script::parse(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"));
    let mut frames = Vec::new();
    let run = script.run(keys, Stations::default(), |frame| {
        frames.push(frame.octets.to_vec());
        Ok::<(), ()>(())
    });
    run.unwrap_or_else(|e| panic!("{e:?}\n{yaml}"));
    frames
}

const IP: usize = 14;

/// Specs of frames, and what they make.
fn lifted(frames: &[Vec<u8>], keys: &Associations) -> (String, Vec<PacketSpec>) {
    let codes = CodeTable::Rfc6275;
    let mut yaml = Vec::new();
    write_head(&mut yaml, LinkLayer::Ethernet).unwrap();
    let specs: Vec<PacketSpec> =
        frames.iter().map(|f| lift(f, LinkLayer::Ethernet, IP, codes.codes(), keys)).collect();
    for spec in &specs {
        write_item(&mut yaml, spec, 1, Duration::ZERO, codes).unwrap();
    }
    (String::from_utf8(yaml).unwrap(), specs)
}

/// The specs that are there with ESP or AH, and which header their packets have
/// behind that.
const SEALED: [(&str, HeaderKind); 4] = [
    ("esp-binding-update.yaml", HeaderKind::Mobility),
    ("esp-tunnel-home-test-init.yaml", HeaderKind::Ipv6),
    ("esp-replayed.yaml", HeaderKind::Mobility),
    ("ah-binding-update.yaml", HeaderKind::Mobility),
];

/// ESP in ESP in AH, and a packet of the other direction.
const NESTED: &str = "
packets:
  - - ipv6: {ipv6.src: 2001:db8:b::99, ipv6.dst: 2001:db8:a::1}
    - ah: {association: mn-ha-ah}
    - esp: {association: mn-ha}
    - ipv6: {ipv6.src: 2001:db8:a::1234, ipv6.dst: 2001:db8:c::7}
    - esp: {association: mn-ha, esp.sequence: 300}
    - udp: {udp.srcport: 5000, udp.dstport: 9}
    - raw: '010203'
  - - ipv6: {ipv6.src: 2001:db8:a::1, ipv6.dst: 2001:db8:b::99}
    - routing: {ipv6.routing.type: 2, ipv6.routing.mipv6.home_address: 2001:db8:a::1234}
    - esp: {association: mn-ha}
    - mobility: {mip6.mhtype: 6, mip6.csum: 0x1234}
";

#[test]
fn what_keys_open_is_described_and_sealed_the_same() {
    let keys = laboratory();
    for (name, behind) in SEALED {
        let frames = made(&read(name), &keys);
        let (yaml, specs) = lifted(&frames, &keys);
        assert_eq!(made(&yaml, &keys), frames, "{name}\n{yaml}");
        let kinds: Vec<HeaderKind> = specs[0].headers.iter().map(|h| h.kind()).collect();
        let at = kinds.iter().position(|k| matches!(k, HeaderKind::Esp | HeaderKind::Ah));
        assert_eq!(kinds[at.unwrap() + 1], behind, "{name}\n{yaml}");
        assert!(yaml.contains("association: "), "{name}\n{yaml}");
        assert!(!yaml.contains("esp.data") && !yaml.contains("ah.icv"), "{name}\n{yaml}");
    }
    let frames = made(NESTED, &keys);
    let (yaml, _) = lifted(&frames, &keys);
    assert_eq!(made(&yaml, &keys), frames, "{yaml}");
    assert_eq!(yaml.matches("association: ").count(), 4, "{yaml}");
}

#[test]
fn an_iv_that_is_not_the_usual_one_is_said() {
    let keys = laboratory();
    let iv = "'000102030405060708090a0b0c0d0e0f'";
    let yaml = read("esp-binding-update.yaml");
    let yaml = yaml.replace("association: mn-ha", &format!("association: mn-ha, iv: {iv}"));
    let frames = made(&yaml, &keys);
    let (lifted, _) = lifted(&frames, &keys);
    assert!(lifted.contains(&format!("iv: {iv}")), "{lifted}");
    assert_eq!(made(&lifted, &keys), frames);
}

#[test]
fn what_keys_do_not_open_stays_closed() {
    let keys = laboratory();
    let wrong = made(&read("esp-wrong-value.yaml"), &keys);
    let (yaml, _) = lifted(&wrong, &keys);
    assert!(yaml.contains("esp.data"), "{yaml}");
    assert_eq!(made(&yaml, &keys), wrong);
    let frames = made(&read("esp-binding-update.yaml"), &keys);
    let none = Associations::default();
    let (yaml, _) = lifted(&frames, &none);
    assert!(yaml.contains("esp.data"), "{yaml}");
    assert_eq!(made(&yaml, &none), frames);
}

#[test]
fn other_addresses_are_sealed_anew() {
    let keys = laboratory();
    let map: Vec<Rewrite> = ["2001:db8:b::/64=fd00:b::/64", "2001:db8:a::1234=2001:db8:a::77"]
        .iter()
        .map(|m| m.parse().unwrap())
        .collect();
    let codes = CodeTable::Rfc6275.codes();
    let rewritten =
        |frame: &Vec<u8>, keys| rewrite(frame, LinkLayer::Ethernet, IP, &map, codes, keys);
    let there = SEALED.map(|(name, _)| read(name));
    for text in there.iter().map(String::as_str).chain([NESTED]) {
        let other = text
            .replace("2001:db8:b::99", "fd00:b::99")
            .replace("2001:db8:a::1234", "2001:db8:a::77");
        assert_ne!(text, other);
        let frames: Vec<_> = made(text, &keys).iter().map(|f| rewritten(f, &keys)).collect();
        assert_eq!(frames, made(&other, &keys), "{text}");
    }
    // A wrong value is as wrong as before, and so is everything without keys.
    let wrong = &made(&read("esp-wrong-value.yaml"), &keys)[0];
    let none = Associations::default();
    assert_eq!(rewritten(wrong, &keys), rewritten(wrong, &none));
    let sealed = &made(&read("esp-binding-update.yaml"), &keys)[0];
    assert_ne!(rewritten(sealed, &keys), rewritten(sealed, &none));
}
