//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod authentication;
mod local;
mod registrations;
mod routability;
mod table;
mod time;

use mip6_security::keys::Keys;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::mobility::Message;

use crate::packet::{ChecksumStatus, Packet, checksum_status};
use crate::rules::{Judge, Listed};

pub use authentication::Authentication;
pub use local::{Local, LocalEvent, LocalWhat};
pub use registrations::{Event, Registration, Registrations, What};
pub use routability::Routability;

/// Follows all conversations of a capture.
#[derive(Debug, Default)]
pub struct Trackers {
    /// Binding Updates and their acknowledgements.
    pub registrations: Registrations,
    /// Return routability.
    pub routability: Routability,
    /// Local Key Exchange.
    pub local: Local,
    /// The authentication option of RFC 4285.
    pub authentication: Authentication,
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
        self.local.begin(packet.frame.time);
    }

    /// Takes in a message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        match h.message {
            Message::BindingUpdate { .. } => {
                self.routability.update(j, h);
                self.registrations.update(j, h);
                self.local.registered(self.registrations.event(), j);
                self.local.update(j, h);
                self.authentication.update(j, h);
            }
            Message::BindingAcknowledgement { .. } => {
                let home = self.registrations.acknowledgement(j, h);
                self.routability.acknowledgement(j, h, home);
                self.local.registered(self.registrations.event(), j);
                self.local.acknowledgement(j, h, home);
                self.authentication.acknowledgement(j, h, home);
            }
            Message::HomeTestInit { cookie, .. } => {
                self.routability.init(j, cookie, true);
                self.authentication.without_protection(j);
            }
            Message::CareofTestInit { cookie, .. } => self.routability.init(j, cookie, false),
            Message::HomeTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, true);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, false);
            }
            Message::KeyExchangeRequest { .. } => self.local.request(j, h),
            Message::KeyExchangeAcknowledgement { .. } => self.local.answer(j, h),
            Message::Finished { .. } => self.local.finished(j, h),
            _ => {}
        }
    }

    /// Takes in an ICMPv6 message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn icmpv6(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
        if checksum_status(j.packet, j.here()) == ChecksumStatus::Bad {
            return;
        }
        self.local.icmpv6(j, h);
        self.authentication.icmpv6(j, h);
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
            + self.local.forgotten()
            + self.authentication.forgotten()
    }
}
