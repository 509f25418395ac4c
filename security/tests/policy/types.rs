//! Names of protocols and of types of message.

use mip6_security::policy::{Direction, Selectors};

use crate::bound;
use crate::evaluation::{AGENT, HOME, decided, packet};

/// What a rule with this condition makes of a packet.
fn takes(condition: &str, packet: &Selectors) -> bool {
    let policy = bound(&format!("n SPD OUT:\n- IF {condition} THEN DISCARD\n"));
    decided(&policy, "n", Direction::Out, packet) == "Discard"
}

#[test]
fn protocols_go_by_many_names() {
    for (name, number) in [
        ("MH", 135),
        ("mobility-header", 135),
        ("135", 135),
        ("ICMPv6", 58),
        ("ipv6-icmp", 58),
        ("icmp6", 58),
        ("tcp", 6),
        ("UDP", 17),
        ("esp", 50),
        ("AH", 51),
        ("sctp", 132),
        ("ipv6", 41),
    ] {
        let condition = format!("proto = \"{name}\"");
        assert!(takes(&condition, &packet(HOME, AGENT, number, 0)), "{name}");
        assert!(!takes(&condition, &packet(HOME, AGENT, number - 1, 0)), "{name}");
    }
    assert!(takes("proto = any", &packet(HOME, AGENT, 200, 0)));
}

/// RFC 6275 6.1 and 6.7, 6.8; the abbreviations of RFC 4877.
#[test]
fn types_go_by_name_or_number() {
    for (field, name, proto, kind) in [
        ("mh_type", "BRR", 135, 0),
        ("mh_type", "HoTi", 135, 1),
        ("mh_type", "CoTI", 135, 2),
        ("mh_type", "HoT", 135, 3),
        ("mh_type", "CoT", 135, 4),
        ("mh_type", "BU", 135, 5),
        ("mh_type", "BAck", 135, 6),
        ("MH type", "BE", 135, 7),
        ("MH type", "16", 135, 16),
        ("icmp6_type", "MPS", 58, 146),
        ("icmpv6_type", "MPA", 58, 147),
        ("ICMPv6 type", "128", 58, 128),
    ] {
        let condition = format!("{field} = {name}");
        assert!(takes(&condition, &packet(HOME, AGENT, proto, kind)), "{condition}");
        assert!(!takes(&condition, &packet(HOME, AGENT, proto, kind + 1)), "{condition}");
        assert!(!takes(&condition, &packet(HOME, AGENT, 193 - proto, kind)), "{condition}");
    }
}

#[test]
fn prefixes_take_their_addresses() {
    for (source, inside) in [
        ("2001:db8:a::/64", true),
        ("2001:db8:a::ffff/64", true),
        ("2001:db8:a::1234/128", true),
        ("2001:db8:a::1235/128", false),
        ("2001:db8:a::1236/127", false),
        ("2001:db8:a::1236/126", true),
        ("::/0", true),
        ("0.0.0.0/0", false),
    ] {
        let condition = format!("source = {source}");
        assert_eq!(takes(&condition, &packet(HOME, AGENT, 6, 0)), inside, "{source}");
    }
}
