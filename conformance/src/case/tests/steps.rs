//! Steps that cannot be: these words at this place.

use super::{BASE, mistakes, says};

#[test]
fn steps() {
    says(&[
        (
            "mip6.mhtype: 6, ",
            "mip6.mhtyp: 6, ",
            &["16:16: no field is called `mip6.mhtyp`; did you mean mip6.mhtype?"],
        ),
        (
            "{mip6.mhtype: 6, ipv6.dst: $mn.careof}",
            "{}",
            &["15:5: any packet is like this: expected one or more `fields`"],
        ),
        (
            "$mn.careof",
            "$nm.careof",
            &[
                "16:42: `$nm.careof` is no parameter, no field saved before, no node and no link; there are router, ha, mn, home, foreign",
            ],
        ),
        (
            "$mn.careof",
            "$mn.carof",
            &["16:42: `mn` has no attribute `carof`; did you mean careof?"],
        ),
        (
            "$mn.careof",
            "$mn",
            &[
                "16:42: `$mn` lacks an attribute: expected one of address, link-local, mac, home, home-link-local, careof, home-agent",
            ],
        ),
        ("$mn.careof", "$mn.careof.hone", &["16:42: no link is called `hone`; did you mean home?"]),
        (
            "$mn.careof",
            "$mn.home.home",
            &["16:42: `home` is of the whole node: expected no link behind it"],
        ),
        (
            "$mn.careof",
            "$router.careof",
            &[
                "16:42: `router` has no attribute `careof`; expected one of address, link-local, mac",
            ],
        ),
        (
            "$mn.careof",
            "$home.prefx",
            &["16:42: `home` has no attribute `prefx`; did you mean prefix?"],
        ),
        (
            "$mn.careof",
            "$seq",
            &[
                "16:42: `$seq` is no parameter, no field saved before, no node and no link; there are router, ha, mn, home, foreign",
            ],
        ),
        ("node: mn", "node: nm", &["14:16: no node is called `nm`; there are router, ha, mn"]),
        (
            "      as: answer",
            "      from: nobody\n      on: nowhere",
            &[
                "18:13: no node is called `nobody`; there are router, ha, mn",
                "19:11: no link is called `nowhere`; there are home, foreign",
            ],
        ),
        (
            "mip6.ba.seqnr",
            "mip6.ba.seqno",
            &[
                "17:19: no field is called `mip6.ba.seqno`; did you mean mip6.ba.seqnr or mip6.bu.seqnr or mip6.fb.seqnr?",
            ],
        ),
        ("{seq:", "{ha:", &["17:14: a node or link is called `ha` too: expected another name"]),
        ("{seq:", "{Seq:", &["17:14: expected a name in small letters, digits and hyphens"]),
        (
            "      within: 1 s",
            "      after: {packet: answr, between: [1 s, 2 s]}",
            &["19:23: no packet of an earlier step is called `answr`; there is none"],
        ),
        (
            "      within: 1 s",
            "  - expect: {fields: {udp: present}, after: {packet: answer, between: [3 s, 2 s]}}",
            &[
                "19:23: `udp` is a protocol: expected one of its fields",
                "19:71: expected the shorter time first, found 3 s and 2 s",
            ],
        ),
        (
            "      within: 1 s",
            "  - expect: {fields: {udp.srcport: 1}, as: answer}",
            &["19:44: a packet is called `answer` already: expected another name"],
        ),
        (
            "      within: 1 s",
            "      requirements: [MIP6-HA-BU-010]",
            &["19:22: `MIP6-HA-BU-010` is not among the requirements of the case"],
        ),
        (
            "      within: 1 s",
            "      requirements: [MIP6-HA-BU-0090]",
            &[
                "19:22: no requirement is called `MIP6-HA-BU-0090`; did you mean MIP6-HA-BU-009 or MIP6-HA-BA-009 or MIP6-HA-BU-001?",
            ],
        ),
        ("      within: 1 s", "  - wait: 0 s", &["19:5: `wait` of no time: expected some"]),
        (
            "      within: 1 s",
            "  - silence: {fields: {udp.srcport: 1}, for: 0 s}",
            &["19:5: `for` of no time: expected some"],
        ),
        (
            "      within: 1 s",
            "  - silence: {fields: {udp.srcport: 1}}",
            &["19:14: expected key `for` here"],
        ),
        (
            "      within: 1 s",
            "  - count: {fields: {udp.srcport: 1}, for: 1 s}",
            &["19:5: expected `exactly`, `at-least` or `at-most`"],
        ),
        (
            "      within: 1 s",
            "  - count: {fields: {udp.srcport: 1}, for: 1 s, exactly: 1, at-most: 2}",
            &["19:5: expected `exactly`, or `at-least` and `at-most`, not both"],
        ),
        (
            "      within: 1 s",
            "  - count: {fields: {udp.srcport: 1}, for: 1 s, at-least: 3, at-most: 2}",
            &["19:5: at least 3 and at most 2: expected some between"],
        ),
        (
            "      within: 1 s",
            "  - count: {fields: {udp.srcport: 1}, for: 1 s, at-least: 0}",
            &["19:5: at least 0 is always so: expected 1 or more"],
        ),
        (
            "      within: 1 s",
            "  - repeat: {fields: {udp.srcport: 1}, times: 1, first: 1 s, factor: 0, at-most: 500 ms}",
            &[
                "19:47: expected 2 or more: an interval is between two packets",
                "19:70: expected 1 or more",
                "19:82: expected at least the first interval, 1 s",
            ],
        ),
        (
            "      within: 1 s",
            "  - network: {link: home}",
            &["19:5: nothing changes: expected `mtu`, `delay`, `loss`, `drop` or the like"],
        ),
        (
            "      within: 1 s",
            "  - network: {link: hme, loss: 1 %, drop: {fields: {}}}",
            &[
                "19:5: any packet is like this: expected one or more `fields`",
                "19:21: no link is called `hme`; did you mean home?",
            ],
        ),
        (
            "      within: 1 s",
            "  - move: {node: mn, to: frgn}",
            &["19:26: no link is called `frgn`; there are home, foreign"],
        ),
        ("      within: 1 s", "  - state: {}", &["19:5: expected `bindings` or `fields`"]),
        (
            "      within: 1 s",
            "  - send: {from: router, packet: [udp]}",
            &["19:18: `router` is on several links: expected key `on`"],
        ),
        (
            "command: register",
            "command: {update: {flags: AHX}}",
            &["14:46: expected flags by their letters, of A, H, L, K, M, R and P, each once"],
        ),
        (
            "command: register",
            "command: advertise",
            &[
                "14:29: `mn` is a mobile-node: `advertise` is for a home-agent or router or access-router",
            ],
        ),
        (
            "command: register",
            "command: {update: {nonce-indices: [1]}}",
            &["14:54: expected a list of 2, found 1"],
        ),
        (
            "command: register",
            "command: {update: {nonce-indices: [1, 2, 3]}}",
            &["14:61: expected 2 here, found more"],
        ),
        (
            "command: register",
            "command: {echo: {to: $mn.home, size: 70000}}",
            &["14:57: expected a number from 0 to 65535, found 70000"],
        ),
        (
            "6, ipv6.dst: $mn.careof",
            "six, ipv6.dst: 5",
            &["16:29: six, expected a number", "16:44: 5, expected an IPv6 address"],
        ),
        (
            "ipv6.dst: $mn.careof",
            "ipv6.dst: {within: $home.prefix, in: [::1, one]}",
            &["16:42: one, expected an IPv6 address"],
        ),
        (
            "ipv6.dst: $mn.careof",
            "ipv6.dst: {within: 2001:db8::1/32}",
            &["16:42: `2001:db8::1/32` has bits behind its length of 32: expected zeros"],
        ),
        (
            "ipv6.dst: $mn.careof",
            "ipv6.dst: {count: none}",
            &["16:42: none is no count: expected a number"],
        ),
        (
            "ipv6.dst: $mn.careof",
            "ipv6.dst: {}",
            &["16:42: an empty map, expected a condition such as {not: 0}"],
        ),
        (
            "ipv6.dst: $mn.careof",
            "ipv6.dst: {nto: 5}",
            &[
                "16:42: unknown key `nto`: expected not, below, above, at-least, at-most, in, within, count, first, last, value, plus",
            ],
        ),
        (
            "ipv6.dst: $mn.careof",
            "mip6.bu.a_flag: 2",
            &["16:48: 2 does not fit the field: expected at most 1"],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, packet: []}",
            &["19:30: expected a list of headers, one at least, found 0"],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, packet: [{ipv6: {ipv6.hlimm: 1}}, {mobilty: {}}]}",
            &[
                "19:39: unknown field `ipv6.hlimm`, did you mean ipv6.hlim?",
                "19:57: unknown header `mobilty`, did you mean mobility?; expected one of ethernet, vlan, ipv6, hop-by-hop, destination-options, routing, fragment, ah, esp, mobility, icmpv6, udp, tcp, ipv4, raw",
            ],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, packet: [{ipv6: {ipv6.hlim: $seqq}}]}",
            &[
                "19:50: `$seqq` is no parameter, no field saved before, no node and no link; did you mean $seq?",
            ],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, authorize: {home-token: $seqq}, packet: [ipv6]}",
            &[
                "19:46: `$seqq` is no parameter, no field saved before, no node and no link; did you mean $seq?",
            ],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, authorize: {careof-token: 1}, packet: [ipv6]}",
            &["19:33: expected key `home-token` here"],
        ),
        (
            "      within: 1 s",
            "  - send: {from: ha, local-key: {key: '0x1', router: ha, readings: [A4=5]}, packet: [ipv6]}",
            &[
                "19:39: expected an even number of hexadecimal digits",
                "19:54: `ha` exchanges no keys: expected an access router",
                "19:69: `A4=5` is no choice: expected an MH Type from 8 to 255, as in `A4=200`",
            ],
        ),
        (
            "      within: 1 s",
            "  - expect: {fields: {mip6.mhtype: 6}, tolerates: A4=200}",
            &["19:51: `A4=200` excuses nothing: expected a reading, as `F21a`"],
        ),
        (
            "      within: 1 s",
            "  - rules: {hold: []}",
            &["19:5: nothing is to hold: expected requirements in `hold`"],
        ),
        (
            "      within: 1 s",
            "  - alter: {node: ha, change: {}}",
            &["19:31: nothing changes: expected `set`, `drop`, `options` or the like"],
        ),
        (
            "      within: 1 s",
            "  - alter: {node: ha, times: 0, change: {drop: true}}",
            &["19:41: `times: 0` changes nothing: expected 1 or more"],
        ),
        (
            "      within: 1 s",
            "  - alter: {node: ha, change: {set: {mip6.ba.statu: 1}}}",
            &[
                "19:38: unknown field `mip6.ba.statu`, did you mean mip6.ba.status, mip6.be.status, mip6.bi.status?",
            ],
        ),
    ]);
}

#[test]
fn a_case_that_cannot_fail() {
    let steps = BASE.split_once("steps:\n").unwrap().0;
    assert_eq!(
        mistakes(steps),
        ["1:1: expected key `steps`: what is done and what is expected, one or more"]
    );
    assert_eq!(
        mistakes(&format!("{steps}steps:\n  - wait: 1 s\n")),
        ["14:5: no step can fail: expected `expect`, `silence`, `count`, `repeat`, `rules` or \
             `state` among `steps`"]
    );
}
