//! Packets under ESP and AH, turned back into specs and sealed again with other
//! addresses.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mip6_inject::{
    CodeTable, Datum, HeaderKind, HeaderSpec, LinkLayer, PacketSpec, Rewrite, Rewriter, Script,
    Stations, lift, write_head, write_item,
};
use mip6_security::Associations;
use mip6_security::keys::{self, Keys};
use mip6_security::mobility::authentication::{AuthenticationKey, Kind};

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
        let kinds: Vec<HeaderKind> = specs[0].headers.iter().map(HeaderSpec::kind).collect();
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

/// What `map` makes of a frame on its own.
fn rewritten(frame: &[u8], associations: &Associations) -> Vec<u8> {
    let keys = Keys { associations: associations.clone(), ..Keys::default() };
    let codes = CodeTable::Rfc6275.codes();
    Rewriter::new(map(), &keys).frame(frame, LinkLayer::Ethernet, IP, codes)
}

fn map() -> Vec<Rewrite> {
    let map = ["2001:db8:b::/64=fd00:b::/64", "2001:db8:a::1234=2001:db8:a::77"];
    map.iter().map(|m| m.parse().unwrap()).collect()
}

/// The same spec with the addresses that `map` makes.
fn elsewhere(yaml: &str) -> String {
    let other = yaml.replace("2001:db8:b::99", "fd00:b::99");
    let other = other.replace("2001:db8:a::1234", "2001:db8:a::77");
    assert_ne!(other, yaml);
    other
}

#[test]
fn other_addresses_are_sealed_anew() {
    let keys = laboratory();
    let there = SEALED.map(|(name, _)| read(name));
    for text in there.iter().map(String::as_str).chain([NESTED]) {
        let frames: Vec<_> = made(text, &keys).iter().map(|f| rewritten(f, &keys)).collect();
        assert_eq!(frames, made(&elsewhere(text), &keys), "{text}");
    }
    // A wrong value is as wrong as before, and so is everything without keys.
    let wrong = &made(&read("esp-wrong-value.yaml"), &keys)[0];
    let none = Associations::default();
    assert_eq!(rewritten(wrong, &keys), rewritten(wrong, &none));
    let sealed = &made(&read("esp-binding-update.yaml"), &keys)[0];
    assert_ne!(rewritten(sealed, &keys), rewritten(sealed, &none));
}

/// Return routability, a registration and its acknowledgement, and the end of the
/// binding, with a correspondent.
const CORRESPONDENT: &str = "
names:
  mn: 2001:db8:b::99
  home: 2001:db8:a::1234
  cn: 2001:db8:c::7
  zeros: '000000000000000000000000'
packets:
  - - ipv6: {ipv6.src: $cn, ipv6.dst: $home}
    - mobility: {mip6.mhtype: 3, mip6.hot.nindex: 1, mip6.hot.token: 0x58d0b61febecd114}
  - - ipv6: {ipv6.src: $cn, ipv6.dst: $mn}
    - mobility: {mip6.mhtype: 4, mip6.cot.nindex: 2, mip6.cot.token: 0x3998865ce793470b}
  - authorize:
      home-token: '58d0b61febecd114'
      care-of-token: '3998865ce793470b'
      care-of: $mn
      correspondent: $cn
    packet:
      - ipv6: {ipv6.src: $mn, ipv6.dst: $cn}
      - destination-options:
          options: [{home-address: {ipv6.opt.mipv6.home_address: $home}}]
      - mobility:
          mip6.mhtype: 5
          mip6.bu.lifetime: 100
          options:
            - nonce-indices: {mip6.ni.hni: 1, mip6.ni.cni: 2}
            - binding-authorization-data: {mip6.bad.auth: $zeros}
  - authorize:
      home-token: '58d0b61febecd114'
      care-of-token: '3998865ce793470b'
      care-of: $mn
      correspondent: $cn
    packet:
      - ipv6: {ipv6.src: $cn, ipv6.dst: $mn}
      - routing: {ipv6.routing.type: 2, ipv6.routing.mipv6.home_address: $home}
      - mobility:
          mip6.mhtype: 6
          mip6.ba.lifetime: 100
          options: [{binding-authorization-data: {mip6.bad.auth: $zeros}}]
  - authorize: {home-token: '58d0b61febecd114', care-of: $home, correspondent: $cn}
    packet:
      - ipv6: {ipv6.src: $home, ipv6.dst: $cn}
      - mobility:
          mip6.mhtype: 5
          options:
            - nonce-indices: {mip6.ni.hni: 1, mip6.ni.cni: 0}
            - binding-authorization-data: {mip6.bad.auth: $zeros}
";

#[test]
fn tokens_that_went_by_authorize_other_addresses() {
    let none = Associations::default();
    let keys = Keys::default();
    let codes = CodeTable::Rfc6275.codes();
    let frames = made(CORRESPONDENT, &none);
    let wanted = made(&elsewhere(CORRESPONDENT), &none);
    let mut rewriter = Rewriter::new(map(), &keys);
    let mut rewritten = |frame: &Vec<u8>| rewriter.frame(frame, LinkLayer::Ethernet, IP, codes);
    assert_eq!(frames.iter().map(&mut rewritten).collect::<Vec<_>>(), wanted);
    // Without the tokens the authenticator, which ends the frame, stays.
    let mut rewriter = Rewriter::new(map(), &keys);
    let alone = rewriter.frame(&frames[2], LinkLayer::Ethernet, IP, codes);
    assert_eq!(alone[alone.len() - 12..], frames[2][frames[2].len() - 12..]);
    assert_ne!(alone, wanted[2]);
}

#[test]
fn keys_of_the_authentication_option_sign_other_addresses() {
    /// Subtype and SPI, which the data follow.
    const FRONT: [u8; 5] = [1, 0, 0, 0x10, 0];
    /// Ethernet, IPv6, and Destination Options with a home address.
    const MESSAGE: usize = 14 + 40 + 24;
    let key = AuthenticationKey::new(Kind::MnHa, 0x1000, None, &[7; 16]).unwrap();
    let none = Associations::default();
    let yaml = |data: &str| {
        format!(
            "
packets:
  - - ipv6: {{ipv6.src: 2001:db8:b::99, ipv6.dst: 2001:db8:d::1}}
    - destination-options:
        options: [{{home-address: {{ipv6.opt.mipv6.home_address: 2001:db8:a::1234}}}}]
    - mobility:
        mip6.mhtype: 5
        mip6.bu.h_flag: true
        mip6.bu.lifetime: 150
        options:
          - authentication:
              mip6.auth.subtype: 1
              mip6.auth.mobility_spi: 0x1000
              mip6.auth.auth_data: '{data}'
"
        )
    };
    // The frame with the data that its addresses make.
    let signed = |yaml: &dyn Fn(&str) -> String, careof: &str, home: &str| {
        let open = made(&yaml("000000000000000000000000"), &none).remove(0);
        let message = &open[MESSAGE..];
        let at = message.windows(FRONT.len()).position(|w| w == FRONT).unwrap() + FRONT.len();
        let data = key.data(careof.parse().unwrap(), home.parse().unwrap(), message, at);
        let digits = Datum::Octets(data.unwrap()).to_string();
        made(&yaml(&digits), &none).remove(0)
    };
    let old = signed(&yaml, "2001:db8:b::99", "2001:db8:a::1234");
    let new = signed(&|data| elsewhere(&yaml(data)), "fd00:b::99", "2001:db8:a::77");
    let mut keys = Keys::default();
    keys.authentication.add(key.clone());
    let codes = CodeTable::Rfc6275.codes();
    let known = Rewriter::new(map(), &keys).frame(&old, LinkLayer::Ethernet, IP, codes);
    assert_eq!(known, new);
    assert_ne!(rewritten(&old, &none), new);
}
