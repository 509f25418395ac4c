//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod registrations;
mod routability;
mod table;
mod time;

use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::mobility::Message;

use crate::packet::{ChecksumStatus, checksum_status};
use crate::rules::{Judge, Listed};

pub use registrations::{Event, Registration, Registrations, What};
pub use routability::Routability;

/// Follows all conversations of a capture.
#[derive(Debug, Default)]
pub struct Trackers {
    /// Binding Updates and their acknowledgements.
    pub registrations: Registrations,
    /// Return routability.
    pub routability: Routability,
}

impl Trackers {
    /// Another packet comes.
    pub(crate) fn begin(&mut self) {
        self.registrations.forget_event();
    }

    /// Takes in a message, and judges it together with those before.
    #[inline(never)]
    pub(crate) fn message(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        match h.message {
            Message::BindingUpdate { .. } => {
                self.routability.update(j, h);
                self.registrations.update(j, h);
            }
            Message::BindingAcknowledgement { .. } => {
                let home = self.registrations.acknowledgement(j, h);
                self.routability.acknowledgement(j, h, home);
            }
            Message::HomeTestInit { cookie, .. } => self.routability.init(j, cookie, true),
            Message::CareofTestInit { cookie, .. } => self.routability.init(j, cookie, false),
            Message::HomeTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, true);
            }
            Message::CareofTest { nonce_index, cookie, token } => {
                self.routability.test(j, nonce_index, cookie, token, false);
            }
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
        let _ = j;
    }

    /// Takes in an IPv6 header.
    pub(crate) fn header(&mut self, j: &mut Judge<'_, '_>) {
        let _ = j;
    }

    /// How many conversations had to be forgotten for room.
    pub fn forgotten(&self) -> u64 {
        self.registrations.forgotten() + self.routability.forgotten()
    }
}
