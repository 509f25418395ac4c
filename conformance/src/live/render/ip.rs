//! Commands of iproute2 and sysctl.

use std::fmt::Write;

use super::{RenderError, name};
use crate::case::fixed::Station;
use crate::run::Described;

/// Link-layer addresses, addresses, routes and forwarding. Link-local addresses are
/// set too: the kernel forms them once, when the interface comes up.
pub(super) fn render(node: &Described) -> Result<String, RenderError> {
    let mut out = String::new();
    let _ =
        writeln!(out, "sysctl -qw net.ipv6.conf.all.forwarding={}", u8::from(node.host.forwards));
    for (i, interface) in node.interfaces.iter().enumerate() {
        let dev = name(interface)?;
        let station = Station(interface.station);
        let _ = writeln!(out, "ip link set dev {dev} address {station} up");
        let _ = writeln!(out, "ip -6 address flush dev {dev}");
        let _ = writeln!(out, "ip -6 address add {}/64 dev {dev} nodad", interface.link_local);
        let here =
            node.host.addresses.iter().filter(|a| a.interface.is_some_and(|at| at.index() == i));
        for a in here {
            let _ =
                writeln!(out, "ip -6 address add {}/{} dev {dev} nodad", a.address, a.prefix_len);
        }
    }
    for route in &node.host.routes {
        let Some(interface) = node.interfaces.get(route.interface.index()) else { continue };
        let dev = name(interface)?;
        let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
        let _ = writeln!(out, "ip -6 route replace {}/{}{via} dev {dev}", route.prefix, route.len);
    }
    Ok(out)
}
