//! What the authenticator of a message covers (draft 2.1): passages E8, E10, E11 and
//! E12, each read for itself.

use super::{Reading, Readings};

/// One reading of each of these passages. Written as those that are no default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coverage(u8);

impl Coverage {
    /// The readings that are no default.
    pub const OTHERS: [Reading; 4] = [
        Reading::BaseOrder,
        Reading::UpperAddresses,
        Reading::MessageChecksum,
        Reading::NoOptionHeader,
    ];

    /// That of chosen readings.
    pub fn of(readings: &Readings) -> Self {
        Self::OTHERS.into_iter().filter(|r| readings.has(*r)).collect()
    }

    /// All, those with fewer other readings first.
    pub fn all() -> impl Iterator<Item = Self> {
        let most = Self::OTHERS.len() as u32;
        let of = move |n: u32| (0..1u8 << most).filter(move |set| set.count_ones() == n).map(Self);
        (0..=most).flat_map(of)
    }

    /// Whether it is by a reading that is no default.
    pub fn has(self, reading: Reading) -> bool {
        self.others().any(|r| r == reading)
    }

    /// Its readings that are no default.
    pub fn others(self) -> impl Iterator<Item = Reading> + Clone {
        let at = move |i: &usize| self.0 & 1 << i != 0;
        (0..Self::OTHERS.len()).filter(at).map(|i| Self::OTHERS[i])
    }
}

impl FromIterator<Reading> for Coverage {
    /// Of readings; those of other passages, and defaults, change nothing.
    fn from_iter<I: IntoIterator<Item = Reading>>(readings: I) -> Self {
        let bit = |r| Self::OTHERS.iter().position(|o| *o == r).map_or(0, |i| 1 << i);
        Self(readings.into_iter().fold(0, |set, r| set | bit(r)))
    }
}
