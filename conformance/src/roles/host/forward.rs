//! Packets for others.

use std::net::Ipv6Addr;

use mip6_wire::ip::Ipv6;

use super::super::Interface;
use super::{Host, Problem, is_link_local};
use crate::time::Instant;

impl Host {
    /// Sends on a packet that is for somebody else, from its IPv6 header on: with
    /// one hop less, or an error back to its source. `from` is where it came in;
    /// `None` out of a tunnel.
    pub fn forward(&mut self, now: Instant, mut octets: Vec<u8>, from: Option<Interface>) {
        let Some((source, destination)) = ends(&octets) else { return };
        if is_link_local(source) || source.is_unspecified() || destination.is_multicast() {
            return;
        }
        if octets[7] <= 1 {
            self.problem(now, &octets, Problem::HopLimit);
            return;
        }
        let Some((interface, next)) = self.next_hop(destination, None, None) else {
            self.problem(now, &octets, Problem::NoRoute);
            return;
        };
        let mtu = self.mtu(interface);
        if octets.len() > mtu {
            self.problem(now, &octets, Problem::TooBig(mtu));
            return;
        }
        // It would go back to where it came from: a redirect is not needed here,
        // a loop is to be avoided.
        if from == Some(interface) && next == source {
            return;
        }
        octets[7] -= 1;
        self.transmit(now, interface, next, octets);
    }
}

/// Source and destination of a packet.
pub fn ends(octets: &[u8]) -> Option<(Ipv6Addr, Ipv6Addr)> {
    let header = octets.get(..Ipv6::OCTETS)?;
    if header[0] >> 4 != 6 {
        return None;
    }
    let address = |at: usize| {
        let mut a = [0; 16];
        a.copy_from_slice(&header[at..at + 16]);
        Ipv6Addr::from(a)
    };
    Some((address(8), address(24)))
}
