//! `mip6 dissect --steps`: what sender and receiver do with protected packets.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_dissect::profile::Profile;
use mip6_security::steps::{Apply, Way, send_transport};
use mip6_security::{Association, Associations, Protocol};
use mip6_testkit::build::{self, CAREOF, HOME, HOME_AGENT, home_option, home_route, ip};
use mip6_testkit::collection;
use mip6_testkit::exercise::Exerciser;
use mip6_testkit::random::Random;
use mip6_testkit::steps::{IV, KEY, LISTINGS, SPI, Scene, ah, esp, scenes};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::layout::Value;

use crate::keys::{INTEGRITY, mip6, umip_keys, write};

/// A capture of IP packets.
fn capture(folder: &Path, packets: &[Vec<u8>]) -> PathBuf {
    let mut w = CaptureWriter::new(Vec::new(), FileFormat::PcapNg, false).unwrap();
    let interface = w.interface(LinkType::RAW).unwrap();
    for p in packets {
        w.frame(interface, Timestamp::default(), p, p.len() as u32).unwrap();
    }
    let path = folder.join("steps.pcapng");
    std::fs::write(&path, w.finish().unwrap()).unwrap();
    path
}

/// A key file of one association, called what a scene calls it; more of it as
/// YAML.
fn keys_with(folder: &Path, scene: &Scene, a: &Association, mac: u8, more: &str) -> PathBuf {
    let mut text = format!(
        "associations:\n  - {{name: {}, spi: {SPI:#x}, protocol: {}, {more}",
        scene.spi,
        a.protocol.name()
    );
    if a.protocol == Protocol::Esp {
        write!(text, "encryption: {{algorithm: aes-cbc, key: {}}}, ", Value::Bytes(&KEY[..16]))
            .unwrap();
    }
    let key = [mac; 20];
    writeln!(text, "integrity: {{algorithm: hmac-sha1-96, key: {}}}}}", Value::Bytes(&key))
        .unwrap();
    write(folder, "keys.yaml", &text)
}

fn keys(folder: &Path, scene: &Scene, a: &Association, mac: u8) -> PathBuf {
    keys_with(folder, scene, a, mac, "")
}

/// What `--steps` prints below the summary, with or without keys.
fn steps(capture: &Path, keys: Option<&Path>) -> String {
    let mut args = vec!["dissect", "--steps", capture.to_str().unwrap()];
    if let Some(keys) = keys {
        args.extend(["--keys", keys.to_str().unwrap()]);
    }
    let (code, out, err) = mip6(&args);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    out.split_once('\n').unwrap().1.to_owned()
}

/// Sections, step numbers and packets, in the form of `LISTINGS`.
fn listings(out: &str) -> String {
    let mut text = String::new();
    for line in out.lines().filter_map(|l| l.strip_prefix("    ")) {
        match line.strip_prefix("Step ").and_then(|l| l.split_once('.')) {
            Some((number, _)) => writeln!(text, "Step {number}.").unwrap(),
            None if line.contains(" = ") && !line.starts_with("   ") => {}
            None => writeln!(text, "{line}").unwrap(),
        }
    }
    text
}

#[test]
fn packets_of_every_section_are_listed_as_the_draft_does() {
    let folder = tempfile::tempdir().unwrap();
    for (a, header) in [(esp(), "ESP header"), (ah(), "Authentication header")] {
        let mut all = String::new();
        for scene in scenes() {
            let capture = capture(folder.path(), &[scene.wire(&a)]);
            let keys = keys(folder.path(), &scene, &a, KEY[0]);
            let out = steps(&capture, Some(&keys));
            for line in [
                "    home address = 2001:db8:0:100::99\n",
                "    care-of address = 2001:db8:0:200::99\n",
                "    home agent = 2001:db8:0:100::1\n",
                &format!("    {} = 0x1000\n", scene.spi),
            ] {
                assert!(out.contains(line), "{line}: {out}");
            }
            let peer = out.contains("    correspondent node = 2001:db8:0:400::5\n");
            assert_eq!(peer, scene.tunnel);
            all.push_str(&listings(&out));
        }
        let expected = LISTINGS.replace("\n\n", "\n").replace("ESP header", header);
        assert_eq!(all, expected);
    }
}

#[test]
fn what_cannot_be_opened_is_told_as_far_as_it_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let [update, answer, init, ..] = scenes();
    let wire = capture(folder.path(), &[update.wire(&esp())]);
    let out = steps(&wire, None);
    assert!(out.contains("    Protected Packet to the Home Agent, as in 6.1\n"), "{out}");
    assert!(
        out.contains("Step 3. ESP is processed; what it protects cannot be seen here: no key.")
    );
    assert!(out.contains("       ESP header (SPI = 0x1000)\n       (protected data)\n"));
    assert!(!out.contains("Step 4. The packet is within"), "{out}");

    let wrong = keys(folder.path(), &update, &esp(), 0);
    let out = steps(&wire, Some(&wrong));
    assert!(
        out.contains(
            "Step 3. IPsec processing fails: wrong integrity check value. The home agent discards \
             the packet.\n\n    home address = "
        ),
        "{out}"
    );

    // Under AH the message shows whether or not it is right.
    let wire = capture(folder.path(), &[answer.wire(&ah())]);
    let out = steps(&wire, None);
    assert!(out.contains("    6.4 Binding Acknowledgement from the Home Agent\n"), "{out}");
    assert!(out.contains("    The integrity check value has not been checked: no key.\n"));
    let wrong = keys(folder.path(), &answer, &ah(), 0);
    let out = steps(&wire, Some(&wrong));
    assert!(
        out.contains("Step 3. IPsec processing fails: wrong integrity check value. The mobile")
    );
    assert!(!out.contains("Step 4. The packet is within"), "{out}");

    // Outside of a tunnel nothing tells who is mobile.
    let wire = capture(folder.path(), &[init.wire(&esp())]);
    let out = steps(&wire, None);
    assert_eq!(
        out,
        "    Protected by IPsec, but what ESP protects cannot be seen (no key), and nothing says \
         who is the mobile node.\n"
    );
}

/// The mobile node is the one whose address in the association is not outside,
/// or that is in the prefix of the other end.
#[test]
fn the_ends_of_a_tunnel_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let [.., out, back] = scenes();
    for (scene, addresses, section) in [
        (&out, [HOME, HOME_AGENT], "    Protected Packet to the Home Agent, as in 6.13\n"),
        (&back, [HOME_AGENT, HOME], "    Protected Packet to the Mobile Node, as in 6.15\n"),
    ] {
        let wire = capture(folder.path(), &[scene.wire(&esp())]);
        let [source, destination] = addresses;
        let more = format!("mode: tunnel, source: \"{source}\", destination: \"{destination}\", ");
        let wrong = keys_with(folder.path(), scene, &esp(), 0, &more);
        let told = steps(&wire, Some(&wrong));
        assert!(told.contains(section), "{told}");
        assert!(told.contains("Step 2. IPsec processing fails: wrong integrity check value."));
        // Its name does not tell which end it is at.
        let ends = keys_with(folder.path(), scene, &esp(), 0, "mode: tunnel, ");
        assert!(steps(&wire, Some(&ends)).contains("nothing says who is the mobile node"));
    }
    // A tunnel between two sites, neither of which is a home link; a connection
    // between two hosts.
    let far = |mut scene: Scene| {
        let Header::Ipv6(header) = &mut scene.packet[0] else { panic!("IPv6 comes first") };
        header.source = "3fff::1".parse().unwrap();
        // Some bits are always the same.
        header.destination = "2001:1::1".parse().unwrap();
        scene
    };
    let [.., out, _] = scenes();
    let tunnel = far(out);
    let [update, .., out, _] = scenes();
    let hosts = Scene { packet: out.packet.clone(), ..update };
    let apply = Apply { association: &esp(), sequence: 1, iv: &IV };
    let direct = send_transport(&hosts.packet, Way::ToHomeAgent, None, &apply, &RFC6275).unwrap();
    for wire in [tunnel.wire(&esp()), write_packet(&direct.packet, &RFC6275)] {
        let keys = keys(folder.path(), &tunnel, &esp(), KEY[0]);
        let told = steps(&capture(folder.path(), &[wire]), Some(&keys));
        assert_eq!(told, "    Protected by IPsec, but nothing says who is the mobile node.\n");
    }
}

/// Whatever was protected, by somebody who has the keys.
#[test]
fn noise_under_esp() {
    let mut associations = Associations::default();
    associations.add(esp()).unwrap();
    let profile = Profile::auto();
    let mut exerciser = Exerciser::new(&profile).keys(&associations);
    let mut random = Random::new(3776);
    let fronts = [
        vec![ip(CAREOF, HOME_AGENT), home_option(HOME)],
        vec![ip(HOME_AGENT, CAREOF), home_route(HOME)],
        vec![ip(CAREOF, HOME_AGENT)],
    ];
    let kinds = [0, 4, 6, 17, 41, 43, 44, 50, 51, 58, 59, 60, 135, 200];
    for i in 0..3_000 {
        let len = random.below(120);
        let mut payload = random.octets(len);
        let next = *random.pick(&kinds);
        if let (41, Some(first)) = (next, payload.first_mut()) {
            *first = 0x60;
        }
        let mut data = Vec::new();
        mip6_security::esp::seal(&esp(), i, &IV, next, &payload, &mut data);
        let mut packet = random.pick(&fronts).clone();
        packet.push(build::esp(SPI, i as u32, data[8..].to_vec()));
        exerciser.octets(&write_packet(&packet, &RFC6275), LinkType::RAW);
    }
}

#[test]
fn without_ipsec_messages_alone_are_remarked_upon() {
    let folder = tempfile::tempdir().unwrap();
    for scene in scenes() {
        let wire = capture(folder.path(), &[write_packet(&scene.packet, &RFC6275)]);
        let remark = if scene.protocol == 17 { "" } else { "    Not protected by IPsec.\n" };
        assert_eq!(steps(&wire, None), remark);
    }
}

#[test]
fn steps_are_text() {
    let pcap = crate::root().join("pcaps/ipsec/esp.pcapng");
    for format in ["json", "fields"] {
        let args = ["dissect", "--steps", "-T", format, "-e", "esp.spi", pcap.to_str().unwrap()];
        let (code, _, err) = mip6(&args);
        assert!(code == Some(2) && err.contains("--steps") && err.contains("-T"), "{err}");
    }
    let (code, out, _) = mip6(&["dissect", "--steps", "-V", pcap.to_str().unwrap()]);
    assert!(code == Some(0) && out.contains("Encapsulating") && out.contains("Step 1."), "{out}");
}

/// The names of associations come from a file, and control no terminal.
#[test]
fn names_are_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let [mut update, ..] = scenes();
    let wire = capture(folder.path(), &[update.wire(&esp())]);
    update.spi = "\"a\\e[2Jb\"";
    let out = steps(&wire, Some(&keys(folder.path(), &update, &esp(), KEY[0])));
    assert!(out.contains("(SPI = a\\u{1b}[2Jb)") && !out.contains('\u{1b}'), "{out}");
}

/// Every protected message of real nodes is told in the section about it, and
/// its addresses are those that the nodes were given.
#[test]
fn real_nodes_under_esp() {
    let Some(collection) = collection::folder() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keys = write(folder.path(), "umip.yaml", &umip_keys(INTEGRITY));
    let mut told = 0;
    for link in ["A", "B", "C"] {
        let capture = collection.join(format!("umip/08-esp-br{link}.pcap"));
        let (keys, capture) = (keys.to_str().unwrap(), capture.to_str().unwrap());
        let run = |more: &[&str]| {
            let args = [&["dissect", "-Y", "esp", "--keys", keys, capture], more].concat();
            let (code, out, err) = mip6(&args);
            assert_eq!((code, err.as_str()), (Some(0), ""));
            out
        };
        let types = run(&["-T", "fields", "-e", "mip6.mhtype"]);
        let expected = types.lines().map(|t| match t {
            "5" => ("6.1 Binding Update to the Home Agent", "6.2 "),
            "6" => ("6.3 Binding Acknowledgement to the Mobile Node", "6.4 "),
            "1" => ("6.5 Home Test Init to the Home Agent", "6.6 "),
            "3" => ("6.7 Home Test to the Mobile Node", "6.8 "),
            other => panic!("MH type {other}"),
        });
        let out = run(&["--steps"]);
        let found: Vec<&str> = out.lines().filter_map(|l| l.strip_prefix("    6.")).collect();
        let mut sections = found.chunks(2);
        for (sender, receiver) in expected {
            let found = sections.next().expect("two sections for each packet");
            let at_home = found[0].replace(", at home", "");
            assert_eq!(
                (format!("6.{at_home}").as_str(), &format!("6.{}", found[1])[..4]),
                (sender, receiver)
            );
            told += 1;
        }
        assert!(sections.next().is_none());
        for role in ["home address = 2001:db8:a::1234", "home agent = 2001:db8:a::1"] {
            assert_eq!(out.lines().filter(|l| l.trim() == role).count(), types.lines().count());
        }
        assert!(!out.contains("discards") && !out.contains("not been checked"));
    }
    assert_eq!(told, 16);
}
