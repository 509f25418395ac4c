//! Packets that something happened to.

use crate::random::Random;
use crate::scenes;

/// Packets of every scene, to be damaged.
pub struct Damage {
    packets: Vec<Vec<u8>>,
    random: Random,
}

impl Damage {
    /// The damage of a seed.
    pub fn new(seed: u64) -> Self {
        // Ethernet frames only: they are most, and the header stays whole.
        let packets = scenes::all()
            .into_iter()
            .filter(|s| s.link == mip6_dissect::capture::LinkType::ETHERNET)
            .flat_map(|s| s.shots)
            .map(|s| s.octets)
            .collect();
        Self { packets, random: Random::new(seed) }
    }

    /// The next damaged frame.
    pub fn frame(&mut self) -> Vec<u8> {
        let r = &mut self.random;
        let mut octets = r.pick(&self.packets).clone();
        for _ in 0..=r.below(3) {
            match r.below(8) {
                0..4 => {
                    let at = r.below(octets.len());
                    octets[at] = r.bits() as u8;
                }
                4 => {
                    let at = r.below(octets.len());
                    octets[at] ^= 1 << r.below(8);
                }
                5 => octets.truncate(1 + r.below(octets.len())),
                6 => {
                    let n = r.below(40);
                    let more = r.octets(n);
                    let at = r.below(octets.len());
                    octets.splice(at..at, more);
                }
                _ => {
                    // The end of another packet behind the start of this one.
                    let other = r.pick(&self.packets).clone();
                    let (keep, from) = (r.below(octets.len()), r.below(other.len()));
                    octets.truncate(keep.max(1));
                    octets.extend_from_slice(&other[from..]);
                }
            }
        }
        octets
    }
}
