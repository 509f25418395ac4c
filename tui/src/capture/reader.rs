//! Frames read again and dissected, one at a time.

use std::sync::Arc;

use mip6_dissect::capture::{Place, Places};
use mip6_dissect::packet::{Dissector, Packet, Proto};
use mip6_dissect::profile::Profile;
use mip6_security::keys::Keys;

use super::{Frames, Store};

/// Frames in front of a fragment among which the others of its packet are
/// looked for.
const REACH: u64 = 512;

/// By what packets are read.
#[derive(Clone, Debug)]
pub struct Context {
    /// What code points mean.
    pub profile: Arc<Profile>,
    /// What opens protected packets, and what they are judged by.
    pub keys: Arc<Keys>,
}

impl Context {
    /// A dissector that reads so.
    pub fn dissector(&self) -> Dissector<'_> {
        Dissector::new(&self.profile).keys(&self.keys.associations)
    }
}

/// Reads frames of a capture in any order.
pub struct Reader {
    file: Arc<Store>,
    places: Option<Places>,
    buffer: Vec<u8>,
}

impl Reader {
    /// Of a file in which the frames are.
    pub fn new(file: Arc<Store>) -> Self {
        Self { file, places: None, buffer: Vec::new() }
    }

    /// From now on, frames are read so.
    pub fn set_places(&mut self, places: Places) {
        self.places = Some(places);
    }

    /// Dissects the frame of an index and shows it to `take`. `None` if there is
    /// no such frame, or no longer.
    ///
    /// A fragment that completes a packet is dissected after those in front of it.
    /// High halves of extended sequence numbers are not known here: they are
    /// taken for zero.
    pub fn look<R>(
        &mut self,
        frames: &Frames,
        index: u64,
        context: &Context,
        take: impl FnOnce(&Packet<'_>) -> R,
    ) -> Option<R> {
        let first = frames.began()?;
        let mut dissector = context.dissector();
        let place = frames.get(index)?.place();
        let places = self.places.as_mut()?;
        octets(&self.file, place, &mut self.buffer)?;
        let frame = places.frame(place, index + 1, &self.buffer)?;
        let mut packet = dissector.dissect(frame);
        packet.first = first;
        if !is_piece(&packet) {
            return Some(take(&packet));
        }
        let mut dissector = context.dissector();
        let mut before = Vec::new();
        for earlier in index.saturating_sub(REACH)..index {
            let Some(place) = frames.get(earlier).map(super::Entry::place) else { continue };
            if octets(&self.file, place, &mut before).is_none() {
                continue;
            }
            if let Some(frame) = places.frame(place, earlier + 1, &before) {
                dissector.dissect(frame);
            }
        }
        let frame = places.frame(place, index + 1, &self.buffer)?;
        let mut packet = dissector.dissect(frame);
        packet.first = first;
        Some(take(&packet))
    }
}

/// Whether a packet is a piece of one that is not all in this frame.
fn is_piece(packet: &Packet<'_>) -> bool {
    let piece = packet.chains.iter().any(|c| c.fragment && !c.quoted);
    piece && packet.layers.iter().any(|l| l.proto == Proto::Fragment && l.readable)
}

fn octets(file: &Store, place: Place, buffer: &mut Vec<u8>) -> Option<()> {
    buffer.resize(place.octets as usize, 0);
    file.read_exact_at(buffer, place.offset).ok()
}
