//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod advertisements;
mod authentication;
mod backoff;
mod discovery;
mod homes;
mod key_management;
mod link;
mod local;
mod moves;
mod neighbors;
mod paths;
mod registrations;
mod routability;
mod sequences;
mod table;
mod time;
mod transmissions;

use mip6_security::keys::Keys;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ike::IkeMessage;
use mip6_wire::mobility::Message;

use crate::packet::{ChecksumStatus, Packet, checksum_status};
use crate::rules::{Judge, Listed};

use advertisements::Advertisements;
pub use authentication::Authentication;
pub use discovery::{Discovery, Event as DiscoveryEvent, Found};
use homes::Homes;
use key_management::KeyManagement;
pub use local::{Local, LocalEvent, LocalWhat};
pub use registrations::{Accepted, Event, Registration, Registrations, What};
pub use routability::{Routability, TestEvent};
pub use sequences::{AssociationEvent, AssociationNews, Sequences};

/// Follows all conversations of a capture.
#[derive(Debug, Default)]
pub struct Trackers {
    /// Binding Updates and their acknowledgements.
    pub registrations: Registrations,
    /// Return routability.
    pub routability: Routability,
    /// Security associations.
    pub sequences: Sequences,
    /// Home agent address discovery and mobile prefix discovery.
    pub discovery: Discovery,
    /// Local Key Exchange.
    pub local: Local,
    /// The authentication option of RFC 4285.
    pub authentication: Authentication,
    key_management: KeyManagement,
    homes: Homes,
    advertisements: Advertisements,
}

/// What a packet did to what trackers follow.
#[derive(Clone, Copy, Debug)]
pub enum News<'t> {
    /// To a binding.
    Registration(&'t Event),
    /// To a return routability exchange.
    Test(&'t TestEvent),
    /// To a security association.
    Association(&'t AssociationEvent),
    /// To the discovery of home agents or prefixes.
    Discovery(&'t DiscoveryEvent),
    /// To an association of Local Key Exchange.
    Local(&'t LocalEvent),
}

impl Trackers {
    /// Trackers that verify what these keys make.
    pub fn with_keys(keys: &Keys) -> Self {
        Self {
            local: Local::new(keys.local.clone()),
            authentication: Authentication::new(keys.authentication.clone()),
            ..Self::default()
        }
    }

    /// Another packet comes.
    pub(crate) fn begin(&mut self, packet: &Packet<'_>) {
        self.registrations.forget_event();
        self.routability.forget_event();
        self.sequences.forget_event();
        self.discovery.forget_event();
        self.local.begin(packet.frame.time);
    }

    /// Takes in a message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        match h.message {
            Message::BindingUpdate { .. } => {
                sequences::strength(j, false);
                self.routability.update(j, h);
                self.registrations.update(j, h);
                if let Some(e) = self.registrations.event() {
                    self.homes.update(j, h, e, &self.advertisements);
                    self.discovery.update(j, e, &self.homes);
                }
                self.local.registered(self.registrations.event(), j);
                self.local.update(j, h);
                self.authentication.update(j, h);
            }
            Message::BindingAcknowledgement { .. } => {
                sequences::strength(j, false);
                let home = self.registrations.acknowledgement(j, h, &self.local);
                self.routability.acknowledgement(j, h, home);
                if let Some(e) = self.registrations.event() {
                    self.homes.acknowledgement(j, h, e, &self.advertisements);
                    self.discovery.acknowledgement(e);
                }
                self.local.registered(self.registrations.event(), j);
                self.local.acknowledgement(j, h, home);
                self.authentication.acknowledgement(j, h, home);
            }
            Message::HomeTestInit { cookie, .. } => {
                sequences::strength(j, true);
                self.routability.init(j, cookie, true, &self.registrations);
                self.homes.test_init(j, true);
                self.authentication.without_protection(j);
            }
            Message::CareofTestInit { cookie, .. } => {
                paths::careof_test(j, true, &self.registrations);
                self.routability.init(j, cookie, false, &self.registrations);
                self.homes.test_init(j, false);
            }
            Message::HomeTest { nonce_index, cookie, token } => {
                sequences::strength(j, true);
                self.routability.test(j, nonce_index, cookie, token, true);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                paths::careof_test(j, false, &self.registrations);
                self.routability.test(j, nonce_index, cookie, token, false);
            }
            Message::BindingRefreshRequest { .. } => self.registrations.request(j),
            Message::BindingError { .. } => self.registrations.error(j, h),
            Message::KeyExchangeRequest { .. } => self.local.request(j, h),
            Message::KeyExchangeAcknowledgement { .. } => self.local.answer(j, h),
            Message::Finished { .. } => self.local.finished(j, h),
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
        self.local.icmpv6(j, h);
        self.authentication.icmpv6(j, h);
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
        self.sequences.packet(j);
    }

    /// Takes in an IPv6 header.
    pub(crate) fn header(&mut self, j: &mut Judge<'_, '_>) {
        paths::judge(j, &self.registrations);
    }

    /// Takes in an IKE message.
    pub(crate) fn key_exchange(&mut self, j: &mut Judge<'_, '_>, h: &IkeMessage<'_>) {
        self.key_management.message(j, h, &self.registrations);
    }

    /// What the packet taken in last did.
    pub fn news(&self) -> impl Iterator<Item = News<'_>> {
        let association = self.sequences.event().map(News::Association);
        let registration = self.registrations.event().map(News::Registration);
        let test = self.routability.event().map(News::Test);
        let discovery = self.discovery.event().map(News::Discovery);
        let one = [association, registration, test, discovery];
        one.into_iter().flatten().chain(self.local.events().iter().map(News::Local))
    }

    /// How many conversations had to be forgotten for room.
    pub fn forgotten(&self) -> u64 {
        self.registrations.forgotten()
            + self.routability.forgotten()
            + self.sequences.forgotten()
            + self.key_management.forgotten()
            + self.local.forgotten()
            + self.authentication.forgotten()
            + self.discovery.forgotten()
            + self.homes.forgotten()
            + self.advertisements.forgotten()
    }
}
