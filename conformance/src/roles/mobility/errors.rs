//! Binding Errors, RFC 6275 9.3.3.

use std::net::Ipv6Addr;

use mip6_wire::codes::MhFormat;
use mip6_wire::header::Header;
use mip6_wire::mobility::{Message, Mobility};

use super::faults;
use crate::roles::Context;
use crate::roles::host::faults::ANSWERS_GROUPS;
use crate::roles::host::{Outgoing, Received};

/// Status of a Binding Error: a Home Address option without a binding.
pub const UNKNOWN_BINDING: u8 = 1;
/// Status of a Binding Error: an MH Type that is not known.
pub const UNKNOWN_TYPE: u8 = 2;

/// Answers a packet with a Binding Error: to the source that it had on the wire,
/// about the home address of its Home Address option. As many as there may be
/// ICMPv6 errors, and like those to no source but a unicast address and about no
/// packet to many.
pub fn binding_error(cx: &mut Context<'_>, p: &Received, status: u8) {
    let source = p.wire_source;
    let many = source.is_multicast() && !cx.host.faults.has(&ANSWERS_GROUPS);
    if source.is_unspecified() || many {
        return;
    }
    if p.wire_destination.is_multicast() {
        return;
    }
    let faulty = cx.host.faults.clone();
    if !faulty.has(&faults::UNLIMITED_ERRORS) && !cx.host.may_send_error(cx.now) {
        return;
    }
    let mut home_address = if p.home_option { p.source } else { Ipv6Addr::UNSPECIFIED };
    if faulty.has(&faults::ERROR_WITHOUT_HOME) {
        home_address = source;
    }
    let message = Message::BindingError { status, reserved: 0, home_address };
    let kind = cx.codes().mh_number(MhFormat::BindingError).unwrap_or(7);
    let header = Header::Mobility(Mobility::new(kind, message, Vec::new()));
    let to = if faulty.has(&faults::ERROR_TO_HOME) { p.source } else { source };
    let mut out = Outgoing::new(to, vec![header]);
    let own = |a: &Ipv6Addr| cx.host.has(*a) || cx.host.is_home_address(*a);
    out.source = Some(p.destination).filter(own);
    cx.event(format!("Binding Error with status {status} to {to}"));
    cx.send(out);
}
