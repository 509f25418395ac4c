//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod backoff;
mod key_management;
mod paths;
mod registrations;
mod routability;
mod sequences;
mod table;
mod time;

use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::ike::IkeMessage;
use mip6_wire::mobility::Message;

use crate::packet::{ChecksumStatus, checksum_status};
use crate::rules::{Judge, Listed};

use key_management::KeyManagement;
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
    key_management: KeyManagement,
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
}

impl Trackers {
    /// Another packet comes.
    pub(crate) fn begin(&mut self) {
        self.registrations.forget_event();
        self.routability.forget_event();
        self.sequences.forget_event();
    }

    /// Takes in a message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        match h.message {
            Message::BindingUpdate { .. } => {
                sequences::strength(j, false);
                self.routability.update(j, h);
                self.registrations.update(j, h);
            }
            Message::BindingAcknowledgement { .. } => {
                sequences::strength(j, false);
                let home = self.registrations.acknowledgement(j, h);
                self.routability.acknowledgement(j, h, home);
            }
            Message::HomeTestInit { cookie, .. } => {
                sequences::strength(j, true);
                self.routability.init(j, cookie, true, &self.registrations);
            }
            Message::CareofTestInit { cookie, .. } => {
                paths::careof_test(j, &self.registrations);
                self.routability.init(j, cookie, false, &self.registrations);
            }
            Message::HomeTest { nonce_index, cookie, token } => {
                sequences::strength(j, true);
                self.routability.test(j, nonce_index, cookie, token, true);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                paths::careof_test(j, &self.registrations);
                self.routability.test(j, nonce_index, cookie, token, false);
            }
            Message::BindingRefreshRequest { .. } => self.registrations.request(j),
            Message::BindingError { .. } => self.registrations.error(j, h),
            _ => {}
        }
    }

    /// Takes in an ICMPv6 message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn icmpv6(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
        let _ = h;
        if checksum_status(j.packet, j.here()) == ChecksumStatus::Bad {
            return;
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
        [association, registration, test].into_iter().flatten()
    }

    /// How many conversations had to be forgotten for room.
    pub fn forgotten(&self) -> u64 {
        self.registrations.forgotten()
            + self.routability.forgotten()
            + self.sequences.forgotten()
            + self.key_management.forgotten()
    }
}
