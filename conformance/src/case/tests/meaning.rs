//! Names of nothing, and values that cannot be: these words at this place.

use super::{base, mistakes, says};

#[test]
fn the_head() {
    says(&[
        (
            "id: ha.registration.accept\n",
            "",
            &["1:1: expected key `id`: a name that never changes, like `ha.registration.accept`"],
        ),
        (
            "id: ha.registration.accept",
            "id: accept",
            &[
                "1:5: expected an id like `ha.registration.accept`: two or more names with dots between, in small letters, digits and hyphens",
            ],
        ),
        (
            "id: ha.registration.accept",
            "id: ha.Registration",
            &[
                "1:5: expected an id like `ha.registration.accept`: two or more names with dots between, in small letters, digits and hyphens",
            ],
        ),
        (
            "title: A first registration is accepted\n",
            "",
            &["1:1: expected key `title`: what holds if the case passes, in a sentence"],
        ),
        (
            "title: A first registration is accepted",
            "title: ''",
            &["2:8: expected one line of text"],
        ),
        ("role: home-agent\nreq", "req", &["1:1: expected key `role`: the role under test"]),
        (
            "role: home-agent\nreq",
            "role: router\nreq",
            &[
                "3:7: a router is not judged: expected home-agent, mobile-node, correspondent or access-router",
            ],
        ),
        (
            "requirements: [MIP6-HA-BU-009]\n",
            "",
            &["1:1: expected key `requirements`: ids of what the case is about, one or more"],
        ),
        (
            "[MIP6-HA-BU-009]",
            "[MIP6-HA-BU-0099]",
            &[
                "4:16: no requirement is called `MIP6-HA-BU-0099`; did you mean MIP6-HA-BU-009 or MIP6-HA-BA-009 or MIP6-HA-BU-001?",
            ],
        ),
        ("[MIP6-HA-BU-009]", "[NOTHING]", &["4:16: no requirement is called `NOTHING`"]),
        (
            "[MIP6-HA-BU-009]",
            "[MIP6-HA-BU-009, MIP6-HA-BU-009]",
            &["4:32: `MIP6-HA-BU-009` twice: expected once"],
        ),
        (
            "[MIP6-HA-BU-009]\n",
            "[MIP6-HA-BU-009]\ntags: [Big]\n",
            &["5:8: expected a name in small letters, digits and hyphens"],
        ),
        (
            "[MIP6-HA-BU-009]\n",
            "[MIP6-HA-BU-009]\nneeds: [ipsecc]\n",
            &["5:9: no need is called `ipsecc`; did you mean ipsec?"],
        ),
        (
            "[MIP6-HA-BU-009]\n",
            "[MIP6-HA-BU-009]\nunder-test: mn\n",
            &["5:13: `mn` is a mobile-node: expected a home-agent"],
        ),
        (
            "[MIP6-HA-BU-009]\n",
            "[MIP6-HA-BU-009]\nunder-test: hb\n",
            &["5:13: no node is called `hb`; there are router, ha, mn"],
        ),
        (
            "    router: {role: router, on: [home, foreign]}",
            "    hb: {role: home-agent, on: [home, foreign]}",
            &["1:1: several nodes are a home-agent: expected key `under-test`"],
        ),
        (
            "    ha: {role: home-agent, on: [home]}",
            "    ha: {role: router, on: [home]}",
            &[
                "1:1: no node of the topology is a home-agent",
                "12:68: `ha` is a router: expected a home-agent",
            ],
        ),
    ]);
}

#[test]
fn links_nodes_and_protection() {
    says(&[
        (
            "on: [home, foreign]",
            "on: [home, forein]",
            &["10:39: no link is called `forein`; did you mean foreign?"],
        ),
        ("on: [home, foreign]", "on: [home, home]", &["10:39: `home` twice: expected once"]),
        ("mtu: 1500", "mtu: 1000", &["8:20: expected an MTU from 1280 to 65535, found 1000"]),
        (
            "    router: {role",
            "    home: {role",
            &["10:5: a link is called `home` too: expected another name"],
        ),
        (
            "    router: {role",
            "    Router: {role",
            &["10:5: expected a name in small letters, digits and hyphens"],
        ),
        (
            "home: home, home-agent: ha",
            "home-agent: ha",
            &["12:5: a mobile node has a home link: expected key `home`"],
        ),
        ("on: [home]}", "on: [home], home: home}", &["11:46: only a mobile node has a home link"]),
        (
            "on: [foreign], home",
            "on: [foreign, home], home",
            &["12:5: a mobile node is on one link at a time: expected one in `on`"],
        ),
        (
            "home-agent: ha}",
            "home-agent: router}",
            &["12:68: `router` is a router: expected a home-agent"],
        ),
        ("home-agent: ha}", "home-agent: {}}", &["12:68: expected the name of a node"]),
        (
            "on: [home]}",
            "on: [home], home-agent: mn}",
            &["11:52: expected options of a home agent: a map"],
        ),
        (
            "on: [home, foreign]}",
            "on: [home, foreign], home-agent: ha}",
            &["10:61: a router has no home agent"],
        ),
        (
            "on: [home, foreign]}",
            "on: [home, foreign], mobile-node: {}}",
            &["10:62: `mobile-node` has no meaning for a router"],
        ),
        (
            "home-agent: ha}",
            "home-agent: ha, mobile-node: {lifetime: 262144 s}}",
            &["12:96: expected at most 262140 s, found 262144 s"],
        ),
        (
            "home-agent: ha}",
            "home-agent: ha, mobile-node: {lifetime: 6 s}}",
            &["12:96: expected a multiple of 4 s, found 6 s"],
        ),
        (
            "on: [home]}",
            "on: [home], home-agent: {lifetime: 65536 s}}",
            &["11:63: expected at most 65535 s, found 65536 s"],
        ),
        (
            "on: [home]}",
            "on: [home], home-agent: {lifetime: 0 s}}",
            &["11:63: expected a home agent lifetime of 1 s or more (RFC 6275 7.4)"],
        ),
        (
            "on: [home]}",
            "on: [home], home-agent: {serves: [mx]}}",
            &["11:62: no node is called `mx`; there are router, ha, mn"],
        ),
        (
            "on: [home]}",
            "on: [home], home-agent: {preference: 70000}}",
            &["11:65: expected a number from 0 to 65535, found 70000"],
        ),
        (
            "mtu: 1500",
            "prefixes: [{valid: 1 h, preferred: 2 h}]",
            &["8:50: the preferred lifetime is longer than the valid one (RFC 4861 4.6.2)"],
        ),
        (
            "mtu: 1500",
            "advertise: {lifetime: 500 ms}",
            &["8:37: expected whole seconds, found 500 ms"],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha]}]\nsteps:",
            &["13:22: nothing is protected: expected `mobility: esp`, or no entry"],
        ),
        (
            "steps:",
            "security: [{between: [mn], mobility: esp}]\nsteps:",
            &["13:22: expected two nodes: a mobile node and a home agent"],
        ),
        (
            "steps:",
            "security: [{between: [ha, mn], mobility: esp}]\nsteps:",
            &[
                "13:23: `ha` is a home-agent: expected a mobile-node",
                "13:27: `mn` is a mobile-node: expected a home-agent",
            ],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha], mobility: esp, encryption: rot13}]\nsteps:",
            &[
                "13:59: unknown algorithm `rot13`; known are: null, des-cbc, 3des-cbc, aes-cbc, aes-ctr, aes-gcm-8, aes-gcm-12, aes-gcm-16, chacha20-poly1305",
            ],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha], mobility: espp}]\nsteps:",
            &["13:42: unknown `espp`; did you mean esp?"],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha], mobility: esp, policy: x}]\nsteps:",
            &["13:55: expected a policy or kinds of traffic, not both"],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha], mobility: esp, names: {a: b}}]\nsteps:",
            &["13:55: `a` is a name for a policy, of which there is none"],
        ),
        (
            "steps:",
            "security: [{between: [mn, ha], mobility: esp}, {between: [mn, ha], mobility: esp}]\nsteps:",
            &["13:58: these two have an entry already: expected one"],
        ),
    ]);
}

#[test]
fn mobile_nodes_and_home_agents_are_correspondents_too() {
    for name in ["mn", "ha"] {
        let role = format!("role: correspondent\nunder-test: {name}\n");
        let case = base("role: home-agent\nrequirements", &format!("{role}requirements"));
        assert_eq!(mistakes(&case), [""; 0]);
    }
    let router = base(
        "role: home-agent\nrequirements",
        "role: correspondent\nunder-test: router\nrequirements",
    );
    assert_eq!(mistakes(&router), ["4:13: `router` is a router: expected a correspondent"]);
}
