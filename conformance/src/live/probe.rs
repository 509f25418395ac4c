//! Whether a node is there: it defends its addresses (RFC 4862 5.4.4).

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use mip6_inject::link::LinkError;
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::icmpv6::kind;
use mip6_wire::ip::{Ipv6, proto};
use mip6_wire::link::Ethernet;

use super::wires::Wires;
use crate::roles::Interface;
use crate::roles::host::{detection, group_station};

/// The link-layer address that asks: none that a case uses.
const ASKER: [u8; 6] = [0x02, 0x00, 0x5e, 0x00, 0x00, 0xfe];
/// How often is asked, and how long each answer is waited for.
const TRIES: u32 = 3;
const PATIENCE: Duration = Duration::from_millis(400);

/// Asks for an address at an interface of the node, as duplicate address detection
/// does, so that it takes no address here. The link-layer address of who answers.
pub(super) fn ask(
    wires: &mut Wires,
    interface: Interface,
    target: Ipv6Addr,
) -> Result<Option<[u8; 6]>, LinkError> {
    let frame = solicitation(target);
    for _ in 0..TRIES {
        wires.send(interface, &frame)?;
        let began = Instant::now();
        while let Some(rest) = PATIENCE.checked_sub(began.elapsed()) {
            let Some(came) = wires.next(&[], rest)? else { continue };
            if came.interface == interface && advertises(&came.octets, target) {
                return Ok(came.octets.get(6..12).and_then(|s| s.try_into().ok()));
            }
        }
    }
    Ok(None)
}

/// A Neighbor Solicitation of duplicate address detection, RFC 4862 5.4.2.
fn solicitation(target: Ipv6Addr) -> Vec<u8> {
    let p = detection(target);
    let destination = group_station(p.destination);
    let mut ip = Ipv6::new(Ipv6Addr::UNSPECIFIED, p.destination);
    ip.hop_limit = 255;
    let ethernet = Ethernet { destination, source: ASKER, ..Ethernet::default() };
    let mut headers = vec![Header::Ethernet(ethernet), Header::Ipv6(ip)];
    headers.extend(p.upper);
    write_packet(&headers, &RFC6275)
}

/// Whether a frame is a Neighbor Advertisement for an address, RFC 4861 4.4: no
/// extension headers, type 136.
fn advertises(frame: &[u8], target: Ipv6Addr) -> bool {
    frame.get(12..14) == Some(&[0x86, 0xdd])
        && frame.get(20) == Some(&proto::ICMPV6)
        && frame.get(54) == Some(&kind::NEIGHBOR_ADVERTISEMENT)
        && frame.get(62..78) == Some(&target.octets())
}
