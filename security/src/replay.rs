//! Which sequence numbers have come: the anti-replay window of RFC 4303 3.4.3 and
//! RFC 4302 3.4.3.

/// Numbers behind the highest that a window remembers, 64 by RFC 4303 3.4.3.
pub const WINDOW: u64 = 64;

/// An anti-replay window over sequence numbers of 64 bits; those of 32 bits are the
/// low half of one ([`Window::extend`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The highest number, in the lowest bit, and those behind it.
    seen: u64,
    highest: u64,
}

/// How a sequence number stands to those that have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Greater than all of them, or the first.
    Ahead,
    /// Behind the highest, and new.
    Late,
    /// It has come before: a replay.
    Twice,
    /// Too far behind to be known; a receiver discards it.
    Behind,
}

impl Window {
    /// Nothing has come yet.
    pub fn is_empty(&self) -> bool {
        self.seen == 0
    }

    /// The highest number that has come.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// The number whose low half is in a packet: the one nearest to the highest
    /// (RFC 4303 A2.2, without a check by the ICV).
    pub fn extend(&self, low: u32) -> u64 {
        const HALF: u64 = 1 << 31;
        let near = self.highest & !u64::from(u32::MAX) | u64::from(low);
        if near + HALF < self.highest {
            near.saturating_add(1 << 32)
        } else if near > self.highest.saturating_add(HALF) {
            near.checked_sub(1 << 32).unwrap_or(near)
        } else {
            near
        }
    }

    /// Where a number stands, without taking it in: what a receiver asks before it
    /// verifies a packet.
    pub fn place(&self, number: u64) -> Place {
        if self.is_empty() || number > self.highest {
            return Place::Ahead;
        }
        match self.highest - number {
            WINDOW.. => Place::Behind,
            back if self.seen >> back & 1 != 0 => Place::Twice,
            _ => Place::Late,
        }
    }

    /// Takes a number in, once its packet has been verified. One that is behind the
    /// window changes nothing.
    pub fn take(&mut self, number: u64) -> Place {
        let place = self.place(number);
        match place {
            Place::Ahead => {
                let ahead = number - self.highest;
                self.seen = if self.is_empty() || ahead >= WINDOW { 0 } else { self.seen << ahead };
                self.seen |= 1;
                self.highest = number;
            }
            Place::Late => self.seen |= 1 << (self.highest - number),
            Place::Twice | Place::Behind => {}
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a set of all numbers.
        #[test]
        fn a_window_knows_what_has_come(
            start in prop_oneof![Just(0u64), Just((1 << 32) - 100), Just(u64::MAX - 3_000)],
            steps in prop::collection::vec(0u64..200, 1..300),
        ) {
            let (mut window, mut all) = (Window::default(), BTreeSet::new());
            for (i, step) in steps.into_iter().enumerate() {
                // Forward by and by, and back again.
                let number = start + (i as u64 * 7 + step) % 2_000;
                let highest = all.last().copied();
                let wanted = match highest {
                    None => Place::Ahead,
                    Some(h) if number > h => Place::Ahead,
                    Some(h) if h - number >= WINDOW => Place::Behind,
                    Some(_) if all.contains(&number) => Place::Twice,
                    Some(_) => Place::Late,
                };
                prop_assert_eq!(window.place(number), wanted);
                prop_assert_eq!(window.take(number), wanted);
                if wanted != Place::Behind {
                    all.insert(number);
                }
                prop_assert_eq!(Some(window.highest()), all.last().copied());
            }
        }

        /// Within two thousand million of the highest, the low half is enough.
        #[test]
        fn the_low_half_tells_the_number(
            highest in 0u64..1 << 62,
            off in -(1i64 << 31) + 1..(1i64 << 31) - 1,
        ) {
            let number = highest.saturating_add_signed(off);
            let mut window = Window::default();
            window.take(highest);
            // Numbers below 0 there are none.
            if i64::try_from(highest).is_ok_and(|h| h + off >= 0) {
                prop_assert_eq!(window.extend(number as u32), number);
            }
        }
    }
}
