//! Scripts: loops, times, fragments, keys, and what is said of mistakes.

use std::time::Duration;

use mip6_inject::{Made, RunError, Script, Stations};
use mip6_security::{Association, Associations, Encryption, Integrity};

fn run(yaml: &str) -> Result<Vec<(Duration, Vec<u8>)>, String> {
    let esp = Association::esp(
        0x1000,
        (Encryption::AesCbc, &[7; 16]),
        (Integrity::HmacSha1_96, &[9; 20]),
    );
    let mut esp = esp.unwrap();
    "mn-ha".clone_into(&mut esp.name);
    let mut keys = Associations::default();
    keys.add(esp).unwrap();
    let script = Script::parse(yaml).map_err(|e| e.to_string())?;
    let mut frames = Vec::new();
    let take = |made: Made<'_>| {
        frames.push((made.at, made.octets.to_vec()));
        Ok::<(), ()>(())
    };
    match script.run(&keys, Stations::default(), take) {
        Ok(()) => Ok(frames),
        Err(RunError::Script(e)) => Err(e.to_string()),
        Err(RunError::Taker(())) => unreachable!("the taker takes everything"),
    }
}

fn millis(frames: &[(Duration, Vec<u8>)]) -> Vec<u128> {
    frames.iter().map(|(at, _)| at.as_millis()).collect()
}

/// The first line of what is said, without the source.
fn mistake(yaml: &str) -> String {
    run(yaml).unwrap_err().lines().next().unwrap().to_owned()
}

#[test]
fn loops_give_names_and_times() {
    let frames = run("
link: raw
names: {base: 64}
packets:
  - [{ipv6: {ipv6.hlim: $base}}]
  - after: 1 s
    for: {n: 1..2}
    every: 500 ms
    packets:
      - [{ipv6: {ipv6.hlim: {value: $base, plus: $n}}}]
      - {after: 20 ms, packet: [{ipv6: {ipv6.hlim: $n}}]}
  - {times: 2, for: {n: [7, $base]}, packet: [{ipv6: {ipv6.hlim: $n}}]}
")
    .unwrap();
    assert_eq!(millis(&frames), [0, 1000, 1020, 1500, 1520, 1520, 1520, 1520, 1520]);
    let limits: Vec<u8> = frames.iter().map(|(_, o)| o[7]).collect();
    assert_eq!(limits, [64, 65, 1, 66, 2, 7, 64, 7, 64]);
}

#[test]
fn ethernet_stands_in_front_where_the_packet_has_none() {
    let frames = run("
stations: {to: '02:00:00:00:00:77'}
packets:
  - [{ipv6: {ipv6.dst: 2001:db8::1}}]
  - [{ipv6: {ipv6.dst: ff02::1:ff00:1}}]
  - [{ethernet: {eth.dst: '02:00:00:00:00:88'}}, ipv6]
  - [{raw: '0102'}]
")
    .unwrap();
    assert_eq!(frames[0].1[..14], [2, 0, 0, 0, 0, 0x77, 2, 0, 0x5e, 0x10, 0, 1, 0x86, 0xdd]);
    assert_eq!(frames[1].1[..6], [0x33, 0x33, 0xff, 0, 0, 1]);
    assert_eq!(frames[2].1[..14], [2, 0, 0, 0, 0, 0x88, 0, 0, 0, 0, 0, 0, 0x86, 0xdd]);
    assert_eq!(frames[3].1, [1, 2]);
}

#[test]
fn fragments_cover_the_packet_and_go_out_in_order() {
    let packet = "
      - ipv6
      - hop-by-hop: {options: [{router-alert: {ipv6.opt.router_alert: 0}}]}
      - udp
      - raw: {octets: 100}
";
    let cut = |order: &str| {
        let yaml =
            format!("link: raw\npackets:\n  - fragment: {{mtu: 96{order}}}\n    packet:{packet}");
        run(&yaml)
    };
    let frames = cut("").unwrap();
    // 96 less IPv6, Hop-by-Hop Options and Fragment header: 40 octets each of 108.
    let sizes: Vec<usize> = frames.iter().map(|(_, o)| o.len()).collect();
    assert_eq!(sizes, [96, 96, 84]);
    for (i, (_, o)) in frames.iter().enumerate() {
        assert_eq!((o[6], o[40], o[48]), (0, 44, 17));
        let more = u8::from(i < 2);
        assert_eq!(o[48..56], [17, 0, 0, (i as u8 * 40) | more, 0, 0, 0, 1]);
        assert_eq!(usize::from(o[5]) + 40, o.len());
    }
    let pieces: Vec<u8> = frames.iter().flat_map(|(_, o)| o[56..].to_vec()).collect();
    let whole = run(&format!("link: raw\npackets:\n  - packet:{packet}")).unwrap();
    assert_eq!(pieces, whole[0].1[48..]);
    let order: Vec<Vec<u8>> =
        cut(", order: [3, 1, 1]").unwrap().into_iter().map(|(_, o)| o).collect();
    assert_eq!(order, [frames[2].1.clone(), frames[0].1.clone(), frames[0].1.clone()]);
    assert!(cut(", order: [4]").unwrap_err().contains("fragment 4 of a packet that makes 3"));
}

#[test]
fn associations_count_their_packets() {
    let frames = run("
link: raw
packets:
  - {times: 3, packet: [ipv6, {esp: {association: mn-ha}}, udp]}
  - [ipv6, {esp: {association: mn-ha, esp.sequence: 2}}, udp]
")
    .unwrap();
    let sequences: Vec<u8> = frames.iter().map(|(_, o)| o[47]).collect();
    assert_eq!(sequences, [1, 2, 3, 2]);
}

/// The authenticator was computed by Python's hmac over the parts of RFC 6275 6.2.7.
#[test]
fn an_authenticator_follows_from_the_tokens() {
    let spec = include_str!("../../specs/binding-update-to-correspondent.yaml");
    let frames = run(spec).unwrap();
    let octets = &frames[0].1;
    assert_eq!(octets[octets.len() - 12..], AUTHENTICATOR);
    let without = spec.replace("binding-authorization-data", "binding-refresh-advice");
    assert!(run(&without.replace("{mip6.bad.auth: '000000000000000000000000'}", "{}")).is_err());
}

const AUTHENTICATOR: [u8; 12] =
    [0xcb, 0xbd, 0xf5, 0x72, 0x46, 0x1c, 0x7e, 0x11, 0xc4, 0x15, 0xf6, 0x57];

#[test]
fn damage_is_done_last() {
    let frames = run("
link: raw
packets:
  - alter: {damage: {truncate: 41}, duplicate: 1}
    packet: [ipv6, udp]
")
    .unwrap();
    assert_eq!(frames.iter().map(|(_, o)| o.len()).collect::<Vec<_>>(), [41, 41]);
}

#[test]
fn mistakes_have_a_place() {
    let mut wrong = Vec::new();
    for (yaml, wanted) in [
        ("packets:\n  - [{ipv6: {ipv6.hlimit: 3}}]\n", "2:14: unknown field `ipv6.hlimit`"),
        ("packets:\n  - [{ipv6: {ipv6.hlim: 300}}]\n", "2:25: 300 does not fit in 8 bits"),
        ("packets:\n  - packet:\n      - ipv6: {ipv6.src: $mn}\n", "3:26: $mn has no value here"),
        (
            "packets:\n  - packets:\n      - packet: [ipv6, {mobility: {mip6.bu.seqnr: 1}}]\n",
            "3:25: `mip6.mhtype` is not set",
        ),
        ("packets:\n  - fragment: {mtu: 40}\n    packet: [ipv6, udp]\n", "2:5: 40 octets leave"),
        ("names: {a: $b, b: $a}\npackets: []\n", "1:12: $b has no value here"),
        ("packets:\n  - {for: {n: 3..1}, packet: [ipv6]}\n", "2:15: the range 3..1 is empty"),
        ("packets:\n  - {every: 1 s, packet: [ipv6]}\n", "2:5: `every` of what is sent once"),
        ("packets:\n  - {times: 1}\n", "2:5: expected one of `packet` and `packets`"),
        ("packets:\n  - {after: 3, packet: [ipv6]}\n", "2:6: invalid type: integer `3`"),
        ("packet: []\n", "1:1: unknown field `packet`"),
        (
            "packets:\n  - [ipv6, {esp: {association: x}}]\n",
            "2:13: no security association is called x",
        ),
        (
            "packets:\n  - alter: {set: {udp.length: 3}}\n    packet: [ipv6]\n",
            "2:31: the packet has no such field",
        ),
    ] {
        let said = mistake(yaml);
        if !said.starts_with(wanted) {
            wrong.push(format!("{said}\nwanted {wanted}\n{yaml}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
