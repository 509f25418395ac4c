//! Keys of access routers of unusual sizes: mobile nodes take them, and advertisements
//! with them stay whole (readings B10 and B11).

use std::fmt::Write as _;

use mip6_conformance::case::Suite;
use mip6_conformance::run::verdict::Verdict;
use mip6_conformance::run::{Options, run};

/// Made once by `openssl genrsa`, for nobody but this test.
const LARGE: &str = include_str!("rsa-4096.pem");

/// A link of the least MTU that IPv6 has, and an exchange over it that ends well.
const CASE: &str = "
id: ar.local.size
title: A key of any size is advertised whole and exchanged
role: access-router
requirements: [LKE-AR-KE-001]
needs: [local-key-exchange]
use: [topology/local]
topology:
  links: {foreign: {mtu: 1280}}
  nodes:
    ar: {access-router: {local-key-exchange: {KEY}}}
under-test: ar
steps:
  - expect:
      fields: {icmpv6.type: 134, lke.cap.public_key: present, ipv6.plen: {at-most: 1240}, ipv6.fraghdr.ident: absent}
      within: 20 s
  - expect: {fields: {lke.kea.status: 0}, within: 30 s}
  - expect: {from: mn, fields: {icmpv6.type: 136, lke.dad.nonce: present}, within: 5 s}
  - wait: 3 s
  - move: {node: mn, to: visited}
  - expect: {fields: {mip6.mhtype: 6, mip6.ba.status: 0, ipv6.dst: $mn.careof.visited}, within: 20 s}
";

/// What comes of the case with a key; the findings that say something of it.
fn exchanged(key: &str) -> (Verdict, String) {
    let fragments = Suite::embedded().unwrap().sources.iter();
    let fragments = fragments.filter(|s| s.path.starts_with("fragments/"));
    let files = fragments.map(|s| (s.path.clone(), s.text.clone()));
    let case = std::iter::once(("size.yaml".to_owned(), CASE.replace("KEY", key)));
    let suite = Suite::from_sources(files.chain(case)).unwrap_or_else(|e| panic!("{e}"));
    let (case, instance) = suite.instances().next().unwrap();
    let outcome = run(case, instance, &suite.sources, &Options { seed: 1, ..Options::default() });
    let mut text = outcome.message.unwrap_or_default();
    for (frame, finding) in outcome.findings {
        write!(text, "; frame {frame}: {}", finding.message()).unwrap();
    }
    (outcome.verdict, text)
}

#[test]
fn a_key_of_4096_bits_is_exchanged() {
    let pem = LARGE.replace('\n', "\\n");
    let (verdict, text) = exchanged(&format!("key: \"{pem}\""));
    assert_eq!(verdict, Verdict::Pass, "{text}");
    // Draft 4.1 recommends 1024.
    assert!(text.contains("an RSA key of 4096 bits"), "{text}");
}

#[test]
fn keys_of_odd_sizes_are_exchanged() {
    for bits in [512, 1000, 1023, 1032] {
        for encoding in ["E1", "E1a", "E1b", "E1c"] {
            // The first bit of its first octet is not set, by which it would be known.
            if (bits, encoding) == (1023, "E1c") {
                continue;
            }
            let key = format!("key-bits: {bits}, readings: [{encoding}]");
            let (verdict, text) = exchanged(&key);
            assert_eq!(verdict, Verdict::Pass, "{bits} bits, {encoding}: {text}");
            assert!(text.contains(&format!("an RSA key of {bits} bits")), "{bits}: {text}");
            assert!(!text.contains("octets behind the key"), "{bits}: {text}");
        }
    }
}
