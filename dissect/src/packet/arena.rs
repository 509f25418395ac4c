//! Octets that a dissection makes itself and that its layers borrow.

use std::cell::{Cell, OnceCell};

/// Room for the octets of reassembled packets while their layers borrow them.
/// One is used for a frame after the other: `clear` between them.
#[derive(Debug, Default)]
pub struct Arena {
    slots: [OnceCell<Vec<u8>>; SLOTS],
    used: Cell<usize>,
}

/// A frame completes one fragmented packet, which may hold a fragment that
/// completes another, and so on; deeper ones are left as they are.
const SLOTS: usize = 4;

impl Arena {
    /// An empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps `octets` and lends them; `None` if there is no room left.
    pub fn keep(&self, octets: Vec<u8>) -> Option<&[u8]> {
        let slot = self.slots.get(self.used.get())?;
        self.used.set(self.used.get() + 1);
        Some(slot.get_or_init(|| octets))
    }

    /// Forgets everything.
    #[inline]
    pub fn clear(&mut self) {
        if self.used.get() > 0 {
            *self = Self::default();
        }
    }
}
