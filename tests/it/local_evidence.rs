//! Local Key Exchange in the cases: what the reference nodes and the runner make, openssl
//! makes too, from the octets of the evidence at the offsets of the draft's figures.

use std::collections::BTreeMap;
use std::io::Write as _;

use mip6_conformance::case::Suite;
use mip6_conformance::roles::local::verify;
use mip6_conformance::run::{Options, run};
use mip6_dissect::capture::Capture;
use mip6_security::mobility::local::LocalKey;
use mip6_wire::codes::LKE01;

use crate::local::{hmac_sha1, openssl};

/// Octets of an Ethernet header.
const ETHERNET: usize = 14;

/// A packet from its IPv6 header on: its upper layer, and where that begins.
struct Packet<'f> {
    octets: &'f [u8],
    protocol: u8,
    at: usize,
}

/// Headers are skipped by their lengths alone.
fn packet(frame: &[u8]) -> Option<Packet<'_>> {
    let octets = frame.get(ETHERNET..).filter(|_| frame[12..14] == [0x86, 0xdd])?;
    let (mut protocol, mut at) = (*octets.get(6)?, 40);
    while matches!(protocol, 0 | 43 | 60) {
        protocol = *octets.get(at)?;
        at += (usize::from(*octets.get(at + 1)?) + 1) * 8;
    }
    Some(Packet { octets, protocol, at })
}

/// What is signed in a packet, and what the signature should be of.
enum Signed {
    /// 20 octets over all of it.
    Whole { sent: Vec<u8>, covered: Vec<u8> },
    /// 12 octets over source, destination and message.
    Message { sent: Vec<u8>, covered: Vec<u8> },
}

impl Packet<'_> {
    fn signed(&self) -> Option<Signed> {
        let upper = self.octets.get(self.at..)?;
        let whole = |checksum: usize, hmac: usize| {
            let (checksum, hmac) = (self.at + checksum, self.at + hmac);
            let mut covered = self.octets.to_vec();
            let sent = covered.get(hmac..hmac + 20)?.to_vec();
            covered[hmac..hmac + 20].fill(0);
            covered[checksum..checksum + 2].fill(0);
            Some(Signed::Whole { sent, covered })
        };
        let message = || {
            let at = upper.windows(2).rposition(|w| w == [5, 12])? + 2;
            let mut message = upper.to_vec();
            let sent: Vec<u8> = message.get(at..at + 12)?.to_vec();
            message.drain(at..at + 12);
            message[4..6].fill(0);
            Some(Signed::Message { sent, covered: [&self.octets[8..40], &message].concat() })
        };
        match (self.protocol, upper.first()?, upper.get(2)?) {
            // 3.2.2: option 5 begins at 32.
            (135, _, 9) if upper.get(32..34)? == [5, 20] => whole(4, 34),
            (135, _, 5 | 6 | 10) => message(),
            (58, 135, _) => self.authentication(7).and_then(|at| whole(2, at)),
            (58, 136, _) => self.authentication(8).and_then(|at| whole(2, at)),
            _ => None,
        }
    }

    /// Offset of the HMAC in the option of draft 3.1.2 or 3.1.3, of 48 octets.
    fn authentication(&self, kind: u8) -> Option<usize> {
        let upper = self.octets.get(self.at..)?;
        let mut at = 24;
        loop {
            let (found, units) = (*upper.get(at)?, *upper.get(at + 1)?);
            if (found, units) == (kind, 6) {
                return Some(at + 24);
            }
            at += usize::from(units.max(1)) * 8;
        }
    }

    /// Key Exchange Data by the length of the modulus, of requests.
    fn data(&self, modulus: usize) -> Option<&[u8]> {
        let upper = self.octets.get(self.at..)?;
        (self.protocol == 135 && *upper.get(2)? == 8).then_some(())?;
        upper.get(8..8 + modulus)
    }
}

/// Private keys in a key file, each in a file of its own.
fn routers(key_file: &str, folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for text in key_file.split("-----BEGIN").skip(1) {
        let path = folder.join(format!("router-{}.pem", all.len()));
        let body = text.split("-----END").next().unwrap_or_default();
        let mut pem = String::from("-----BEGIN ");
        for line in body.lines().map(str::trim).filter(|l| !l.is_empty()) {
            pem.push_str(line);
            pem.push('\n');
        }
        pem += "-----END RSA PRIVATE KEY-----\n";
        std::fs::write(&path, pem).unwrap();
        all.push(path);
    }
    all
}

#[test]
fn openssl_makes_the_same_of_the_evidence() {
    if openssl(&["version"], &[]).is_none() {
        eprintln!("skipped: no openssl");
        return;
    }
    let suite = Suite::embedded().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut opened, mut right, mut wrong) = (0, BTreeMap::new(), 0);
    for (case, instance) in suite.instances().filter(|(case, _)| case.id.contains(".local.")) {
        let outcome =
            run(case, instance, &suite.sources, &Options { seed: 1, ..Options::default() });
        let path = folder.path().join("evidence.pcapng");
        std::fs::File::create(&path).unwrap().write_all(&outcome.evidence).unwrap();
        let routers = routers(&outcome.key_file, folder.path());
        let mut keys: Vec<Vec<u8>> = Vec::new();
        let mut capture = Capture::open(&path).unwrap();
        while let Some(frame) = capture.next_frame().unwrap() {
            let Some(packet) = packet(frame.data) else { continue };
            if let Some(data) = packet.data(128) {
                let found = routers.iter().find_map(|pem| {
                    let args = ["pkeyutl", "-decrypt", "-inkey", pem.to_str().unwrap()];
                    openssl(&args, data).filter(|key| key.len() == LocalKey::OCTETS)
                });
                if let Some(key) = found {
                    opened += 1;
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
            }
            let Some(signed) = packet.signed() else { continue };
            for key in &keys {
                let made = match &signed {
                    Signed::Whole { sent, covered } => *sent == hmac_sha1(key, covered),
                    Signed::Message { sent, covered } => *sent == hmac_sha1(key, covered)[..12],
                };
                let octets: [u8; LocalKey::OCTETS] = key.as_slice().try_into().unwrap();
                let ours = verify(packet.octets, &LocalKey::new(octets), &LKE01);
                let upper = &packet.octets[packet.at..];
                assert_eq!(ours, made, "{} frame {}", instance.id, frame.number);
                if made {
                    let kind = if packet.protocol == 58 { upper[0] } else { upper[2] };
                    *right.entry((packet.protocol, kind)).or_insert(0u32) += 1;
                } else {
                    wrong += 1;
                }
            }
        }
    }
    // Of each kind of packet there are many, and of forged ones too.
    eprintln!("{opened} keys opened, {right:?} right, {wrong} of another key or wrong");
    let kinds = [(135, 9), (135, 5), (135, 6), (135, 10), (58, 135), (58, 136)];
    assert!(kinds.iter().all(|k| right.get(k).is_some_and(|n| *n >= 3)), "{right:?}");
    assert!(opened > 100 && wrong > 10, "{opened} opened, {wrong} wrong");
}
