//! What is no YAML, and what is none of a case: these words at this place.

use super::{mistakes, says};

#[test]
fn what_is_no_case_at_all() {
    let missing = [
        "expected key `id`: a name that never changes, like `ha.registration.accept`",
        "expected key `title`: what holds if the case passes, in a sentence",
        "expected key `requirements`: ids of what the case is about, one or more",
        "expected key `role`: the role under test",
        "expected nodes: `topology`, or a fragment that has one",
        "expected key `steps`: what is done and what is expected, one or more",
    ];
    assert_eq!(mistakes(""), missing.map(|m| format!("1:1: {m}")));
    assert_eq!(mistakes("just text"), ["1:1: expected a map, found `just text`"]);
    assert_eq!(mistakes("- a"), ["1:1: expected a map, found a list"]);
    assert_eq!(mistakes("a: [1, 2"), ["1:4: unclosed bracket '['"]);
    assert_eq!(mistakes("a: *b"), ["1:4: alias references unknown anchor"]);
}

#[test]
fn all_at_once() {
    let text = "x: 1\nrole: 5\ntags: 3\nsteps: [1, {wait: 2}, {wait: 2 s}]\n";
    let wanted = [
        "1:1: unknown key `x`: expected id, title, role, requirements, tags, needs, use, topology, under-test, security, readings, parameters, setup, steps, cleanup",
        "2:7: expected one of home-agent, mobile-node, correspondent, router, access-router, host, puppet",
        "3:7: expected a list, found 3",
        "4:9: expected one of do, send, alter, expect, silence, count, repeat, wait, network, move, state, rules",
        "4:19: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found 2",
    ];
    assert_eq!(mistakes(text), wanted);
}

#[test]
fn what_is_no_yaml() {
    says(&[
        ("title: A first", "title: [A first", &["3:5: illegal placement of ':' indicator"]),
        (
            "role: home-agent\nreq",
            "role: home-agent\nrole: home-agent\nreq",
            &["4:1: key `role` twice: expected once"],
        ),
        ("mtu: 1500", "mtu: 1500, mtu: 1500", &["8:26: key `mtu` twice: expected once"]),
        (
            "role: home-agent\nreq",
            "role: &a home-agent\n<<: *a\nreq",
            &["4:1: `<<` is not read here: expected a fragment in `use`"],
        ),
    ]);
}

#[test]
fn keys_and_values() {
    says(&[
        (
            "title: A first",
            "titel: A first",
            &[
                "2:1: unknown key `titel`: expected id, title, role, requirements, tags, needs, use, topology, under-test, security, readings, parameters, setup, steps, cleanup",
            ],
        ),
        (
            "topology:\n",
            "topology:\n  extra: 1\n",
            &["6:3: unknown key `extra`: expected links, nodes"],
        ),
        ("mtu: 1500", "mtu: big", &["8:20: expected a number from 0 to 4294967295, found `big`"]),
        ("mtu: 1500", "mtu: -1", &["8:20: expected a number from 0 to 4294967295, found -1"]),
        (
            "mtu: 1500",
            "mtu: 5000000000",
            &["8:20: expected a number from 0 to 4294967295, found 5000000000"],
        ),
        ("role: router", "role: rooter", &["10:20: unknown `rooter`; did you mean router?"]),
        ("role: router, ", "", &["10:13: expected key `role` here"]),
        (
            "role: home-agent\n",
            "role: homeagent\n",
            &["3:7: unknown `homeagent`; did you mean home-agent?"],
        ),
        (
            "within: 1 s",
            "within: 1s",
            &["19:15: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found `1s`"],
        ),
        (
            "within: 1 s",
            "within: 1.5 min",
            &[
                "19:15: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found `1.5 min`",
            ],
        ),
        (
            "within: 1 s",
            "within: 99999999999 s",
            &["19:15: expected at most 4294967295 s, found `99999999999 s`"],
        ),
        (
            "within: 1 s",
            "within: 5",
            &["19:15: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found 5"],
        ),
        (
            "  - do:",
            "  - done:",
            &[
                "14:5: unknown `done`: expected do, send, alter, expect, silence, count, repeat, wait, network, move, state, rules",
            ],
        ),
        (
            "  - do: {node: mn, command: register}",
            "  - {}",
            &[
                "14:5: expected one key of do, send, alter, expect, silence, count, repeat, wait, network, move, state, rules; found none",
            ],
        ),
        (
            "  - do: {node: mn, command: register}",
            "  - {do: {node: mn, command: register}, wait: 1 s}",
            &[
                "14:5: expected one key of do, send, alter, expect, silence, count, repeat, wait, network, move, state, rules; found do, wait",
            ],
        ),
        (
            "  - do: {node: mn, command: register}",
            "  - 7",
            &[
                "14:5: expected one of do, send, alter, expect, silence, count, repeat, wait, network, move, state, rules",
            ],
        ),
        (
            "command: register",
            "command: regster",
            &["14:29: unknown `regster`; did you mean register or deregister?"],
        ),
        (
            "command: register",
            "command: {register: {lifetime: 3}}",
            &["14:51: expected a span of time like `500 ms`, `2 s`, `1 min` or `1 h`, found 3"],
        ),
        (
            "command: register",
            "command: {register: {life: 3 s}}",
            &["14:41: unknown key `life`: expected lifetime"],
        ),
        ("command: register", "command: test-init", &["14:29: expected key `peer` here"]),
        ("command: register", "command: {deregister: 1}", &["14:42: expected a map, found 1"]),
        (
            "foreign: {mtu: 1500}",
            "foreign: {mtu: 1500, loss: 101 %}",
            &["8:32: expected at most 100 %, found `101 %`"],
        ),
        (
            "foreign: {mtu: 1500}",
            "foreign: {mtu: 1500, loss: 10%}",
            &["8:32: expected a share like `10 %` or `0.5 %`, found `10%`"],
        ),
        (
            "foreign: {mtu: 1500}",
            "foreign: {prefixes: [{prefix: 2001:db8::1/64}]}",
            &["8:35: `2001:db8::1/64` has bits behind its length of 64: expected zeros"],
        ),
        (
            "foreign: {mtu: 1500}",
            "foreign: {prefixes: [{prefix: 2001:db8::/129}]}",
            &["8:35: expected a prefix like `2001:db8:a::/64`, found `2001:db8::/129`"],
        ),
        (
            "requirements: [MIP6-HA-BU-009]",
            "requirements: MIP6-HA-BU-009",
            &["4:15: expected a list, found `MIP6-HA-BU-009`"],
        ),
        ("on: [home, foreign]", "on: {home: 1}", &["10:32: expected a list, found a map"]),
        (
            "home-agent: ha}",
            "home-agent: [ha]}",
            &["12:68: expected the name of a node, or options of a home agent, found a list"],
        ),
        (
            "home-agent: ha}",
            "home-agent: ha, manual: maybe}",
            &["12:80: expected true or false, found `maybe`"],
        ),
    ]);
}
