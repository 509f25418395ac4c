//! Conversations: what packets say of each other.
//!
//! A tracker follows one kind of exchange and judges, at the packet that shows
//! it, what takes several to tell. What was not seen (the capture began late,
//! frames were lost, one direction is missing) is no fault: the requirement is
//! then not judged. State is bounded; what had to be forgotten is counted.

mod registrations;
mod routability;
mod table;

use mip6_wire::mobility::{Message, Mobility};

use crate::packet::{ChecksumStatus, Layer, Packet, Proto, checksum_status};
use crate::rules::{Judge, Verdicts};

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
    /// Takes a packet in, and judges what it shows together with those before.
    pub fn follow(&mut self, packet: &Packet<'_>, verdicts: &mut Verdicts) {
        self.registrations.forget_event();
        // A Mobility Header is the last header, or something unread follows it.
        for (i, layer) in packet.layers.iter().enumerate().rev().take(2) {
            if layer.proto == Proto::Mobility && layer.readable && layer.is_complete() {
                self.layer(packet, i, layer, verdicts);
            }
        }
    }

    #[inline(never)]
    fn layer(&mut self, packet: &Packet<'_>, i: usize, layer: &Layer, verdicts: &mut Verdicts) {
        let Some(chain) = packet.chain(layer) else { return };
        // Whoever receives a wrong checksum discards the message.
        if chain.quoted || chain.fragment || checksum_status(packet, layer) == ChecksumStatus::Bad {
            return;
        }
        let Some(h) = packet.read::<Mobility<'_>>(layer) else { return };
        self.message(&mut Judge::at(packet, i, verdicts), &h);
    }

    fn message(&mut self, j: &mut Judge<'_, '_>, h: &Mobility<'_>) {
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

    /// How many conversations had to be forgotten for room.
    pub fn forgotten(&self) -> u64 {
        self.registrations.forgotten() + self.routability.forgotten()
    }
}
