//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod advertisements;
mod backoff;
mod discovery;
mod homes;
mod link;
mod moves;
mod neighbors;
mod registrations;
mod routability;
mod table;
mod time;

use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::mobility::Message;

use crate::packet::{ChecksumStatus, checksum_status};
use crate::rules::{Judge, Listed};

use advertisements::Advertisements;
pub use discovery::{Discovery, Event as DiscoveryEvent, Found};
use homes::Homes;
pub use registrations::{Event, Registration, Registrations, What};
pub use routability::Routability;

/// Follows all conversations of a capture.
#[derive(Debug, Default)]
pub struct Trackers {
    /// Binding Updates and their acknowledgements.
    pub registrations: Registrations,
    /// Return routability.
    pub routability: Routability,
    /// Home agent address discovery and mobile prefix discovery.
    pub discovery: Discovery,
    homes: Homes,
    advertisements: Advertisements,
}

impl Trackers {
    /// Another packet comes.
    pub(crate) fn begin(&mut self) {
        self.registrations.forget_event();
        self.discovery.forget_event();
    }

    /// Takes in a message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        match h.message {
            Message::BindingUpdate { .. } => {
                self.routability.update(j, h);
                self.registrations.update(j, h);
                if let Some(e) = self.registrations.event() {
                    self.homes.update(j, h, e, &self.advertisements);
                    self.discovery.update(j, e, &self.homes);
                }
            }
            Message::BindingAcknowledgement { .. } => {
                let home = self.registrations.acknowledgement(j, h);
                self.routability.acknowledgement(j, h, home);
                if let Some(e) = self.registrations.event() {
                    self.homes.acknowledgement(j, h, e, &self.advertisements);
                    self.discovery.acknowledgement(e);
                }
            }
            Message::HomeTestInit { cookie, .. } => {
                self.routability.init(j, cookie, true);
                self.homes.test_init(j, true);
            }
            Message::CareofTestInit { cookie, .. } => {
                self.routability.init(j, cookie, false);
                self.homes.test_init(j, false);
            }
            Message::HomeTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, true);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, false);
            }
            Message::BindingError { status: 1, home_address, .. } => {
                self.registrations.unknown(j, home_address);
            }
            _ => {}
        }
    }

    /// Takes in an ICMPv6 message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn icmpv6(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
        let known = kind::ROUTER_SOLICITATION..=kind::NEIGHBOR_ADVERTISEMENT;
        let discovery = kind::HOME_AGENT_REQUEST..=kind::PREFIX_ADVERTISEMENT;
        if !(known.contains(&h.kind) || discovery.contains(&h.kind))
            || checksum_status(j.packet, j.here()) == ChecksumStatus::Bad
        {
            return;
        }
        let (homes, routers) = (&mut self.homes, &mut self.advertisements);
        match &h.body {
            Icmpv6Body::RouterSolicitation { .. } => {
                neighbors::router_solicitation(j, homes, routers);
            }
            Icmpv6Body::RouterAdvertisement { .. } => routers.advertisement(j, h, homes),
            Icmpv6Body::NeighborSolicitation { target, .. } => {
                neighbors::solicitation(j, *target, homes, routers);
            }
            Icmpv6Body::NeighborAdvertisement { .. } => {
                neighbors::advertisement(j, h, homes, routers);
            }
            _ => self.discovery.message(j, h, homes),
        }
    }

    /// Takes in an ESP header or AH.
    pub(crate) fn protection(&mut self, j: &mut Judge<'_, '_>) {
        let _ = j;
    }

    /// Takes in an IPv6 header.
    pub(crate) fn header(&mut self, j: &mut Judge<'_, '_>) {
        let _ = j;
    }

    /// How many conversations had to be forgotten for room.
    pub fn forgotten(&self) -> u64 {
        self.registrations.forgotten()
            + self.routability.forgotten()
            + self.discovery.forgotten()
            + self.homes.forgotten()
            + self.advertisements.forgotten()
    }
}
