//! Octets that a dissection makes itself and that its layers borrow.

use std::cell::{Cell, OnceCell};

/// Room for the octets of packets that were put together or opened, while their
/// layers borrow them.
#[derive(Debug, Default)]
pub(super) struct Arena {
    slots: [OnceCell<Vec<u8>>; SLOTS],
    used: Cell<usize>,
}

/// A frame completes one fragmented packet, which may hold a fragment that
/// completes another, or a protected packet inside a protected one, and so on;
/// deeper ones are left as they are.
const SLOTS: usize = 8;

impl Arena {
    /// Keeps `octets`; gives the number of their slot, `None` if there is no
    /// room left.
    pub(super) fn keep(&self, octets: Vec<u8>) -> Option<usize> {
        let number = self.used.get();
        self.slots.get(number)?.set(octets).ok()?;
        self.used.set(number + 1);
        Some(number)
    }

    /// Octets in a slot.
    pub(super) fn get(&self, slot: usize) -> &[u8] {
        self.slots.get(slot).and_then(OnceCell::get).map_or(&[], Vec::as_slice)
    }

    /// Forgets everything.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.used.get() > 0 {
            *self = Self::default();
        }
    }
}
