//! Packets from YAML, read back; alterations; predicates.

mod alter;
mod craft;
mod every_field;
mod lift;
mod link;
mod links;
mod namespace;
mod predicate;
mod resealed;
mod schema;
mod script;
mod sealed;

use mip6_inject::{Alteration, CraftError, Crafter, Fields, PacketSpec, Written};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};

fn spec(yaml: &str) -> PacketSpec {
    serde_yaml::from_str(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"))
}

fn craft(yaml: &str) -> Vec<Header<'static>> {
    Crafter::new(&(), &RFC6275).craft(&spec(yaml)).unwrap_or_else(|e| panic!("{e}\n{yaml}"))
}

fn craft_error(yaml: &str) -> CraftError {
    Crafter::new(&(), &RFC6275).craft(&spec(yaml)).unwrap_err()
}

/// The first line of what is said of a spec that cannot be read.
fn spec_error(yaml: &str) -> String {
    serde_yaml::from_str::<PacketSpec>(yaml).unwrap_err().to_string()
}

fn alteration(yaml: &str) -> Alteration {
    serde_yaml::from_str(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"))
}

/// The values of a field in a packet as it goes out, as they are printed.
fn values(headers: &[Header<'_>], field: &str) -> Vec<String> {
    let written = Written::new(headers, &RFC6275);
    let fields: Fields<'_> = written.fields(headers, &RFC6275);
    fields.of(field).iter().map(|o| o.value.to_string()).collect()
}

/// The octets of a packet; what is read from them is written as the same.
fn octets(headers: &[Header<'_>]) -> Vec<u8> {
    let octets = write_packet(headers, &RFC6275);
    let again = read_packet(&octets, &RFC6275);
    assert_eq!(write_packet(&again, &RFC6275), octets);
    octets
}
