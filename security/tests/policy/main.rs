//! SPD and SAD in the notation of draft-ietf-mobileip-mipv6-ha-ipsec-04 5.1:
//! read, written, evaluated, and found to contradict themselves.

mod evaluation;
mod faults;
mod files;
mod kernels;
mod notation;
mod properties;
mod scale;
mod specification;
mod types;

use std::fmt::Write as _;
use std::path::Path;

use mip6_security::keys::KeyFileError;
use mip6_security::policy::{self, Policy};

/// What names in the examples of the draft mean.
const NAMES: [(&str, &str); 14] = [
    ("home_address_1", "2001:db8:a::1234"),
    ("home_agent_1", "2001:db8:a::1"),
    ("care_of_address_1", "2001:db8:b::34"),
    ("X", "tcp"),
    ("spi_a", "0x1000"),
    ("spi_b", "0x1001"),
    ("spi_c", "0x1004"),
    ("spi_d", "0x1005"),
    ("spi_e", "0x1002"),
    ("spi_f", "0x1003"),
    ("spi_g", "4102"),
    ("spi_h", "4103"),
    ("user_1", "user@example.org"),
    ("tunnels", "any"),
];

/// A key file: the notation as a block, and the names.
fn yaml(notation: &str, names: &[(&str, &str)]) -> String {
    let mut text = String::from("policy: |\n");
    for line in notation.lines() {
        writeln!(text, "  {line}").unwrap();
    }
    text.push_str("names:\n");
    for (name, value) in names {
        writeln!(text, "  {name}: \"{value}\"").unwrap();
    }
    text
}

fn bound(notation: &str) -> Policy {
    load(&yaml(notation, &NAMES)).unwrap_or_else(|e| panic!("{e}:\n{notation}"))
}

fn load(text: &str) -> Result<Policy, KeyFileError> {
    policy::parse(Path::new("policy"), text)
}

/// White space made equal.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Both nodes with the rules and associations of the draft's manual
/// configuration: registrations, return routability, prefix discovery, payload.
fn manual() -> String {
    let mut text = String::new();
    for (node, peer, away, home) in [
        ("mobile node", "home_agent_1", "OUT", "IN"),
        ("home agent", "home_address_1", "IN", "OUT"),
    ] {
        let (to, from) = if away == "OUT" { ("to", "from") } else { ("from", "to") };
        let up = "source = home_address_1 & destination = home_agent_1";
        let down = "source = home_agent_1 & destination = home_address_1";
        let (up_any, down_any) = (
            "source = home_address_1 & destination = any",
            "source = any & destination = home_address_1",
        );
        writeln!(
            text,
            "{node} SPD {away}:\n\
             - IF {up} & proto = MH THEN USE SA1\n\
             - IF interface = tunnel {to} {peer} & {up_any} & proto = MH THEN USE SA3\n\
             - IF {up} & proto = ICMPv6 THEN USE SA5\n\
             - IF interface = tunnel {to} {peer} & {up_any} & proto = X THEN USE SA7\n\
             {node} SPD {home}:\n\
             - IF {down} & proto = MH THEN USE SA2\n\
             - IF interface = tunnel {from} {peer} & {down_any} & proto = MH THEN USE SA4\n\
             - IF {down} & proto = ICMPv6 THEN USE SA6\n\
             - IF interface = tunnel {from} {peer} & {down_any} & proto = X THEN USE SA8\n\
             {node} SAD:\n\
             - SA1({away}, spi_a, home_agent_1, ESP, TRANSPORT): {up} & proto = MH\n\
             - SA2({home}, spi_b, home_address_1, ESP, TRANSPORT): {down} & proto = MH\n\
             - SA3({away}, spi_c, home_agent_1, ESP, TUNNEL): {up_any} & proto = MH\n\
             - SA4({home}, spi_d, home_address_1, ESP, TUNNEL): {down_any} & proto = MH\n\
             - SA5({away}, spi_e, home_agent_1, ESP, TRANSPORT): {up} & proto = ICMPv6\n\
             - SA6({home}, spi_f, home_address_1, ESP, TRANSPORT): {down} & proto = ICMPv6\n\
             - SA7({away}, spi_g, home_agent_1, ESP, TUNNEL): {up_any} & proto = X\n\
             - SA8({home}, spi_h, home_address_1, ESP, TUNNEL): {down_any} & proto = X\n"
        )
        .unwrap();
    }
    text
}
