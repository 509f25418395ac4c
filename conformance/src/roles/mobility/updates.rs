//! Binding Updates: what home agents and correspondents validate alike, RFC 6275
//! 9.5.1. Authentication is the role's own matter.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::{Codes, MhFormat};
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

use super::acknowledgements::status;
use super::faults;
use crate::roles::Faults;
use crate::roles::host::faults::ANSWERS_GROUPS;
use crate::roles::host::{Binding, Received, is_routable};
use crate::time::Instant;

/// Seconds in a unit of a lifetime, RFC 6275 6.1.7.
pub const UNIT: u64 = 4;

/// A Binding Update whose addresses and options are sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// Home address: that of the Home Address option, or the source.
    pub home: Ipv6Addr,
    /// Care-of address: that of the Alternate Care-of Address option, or the
    /// source.
    pub careof: Ipv6Addr,
    /// Source in the IPv6 header.
    pub source: Ipv6Addr,
    /// Who is to make the binding: the destination that upper layers see.
    pub correspondent: Ipv6Addr,
    /// It had a Home Address option.
    pub home_option: bool,
    /// Sequence number.
    pub sequence: u16,
    /// A, H, L and K; other bits are not minded.
    pub flags: UpdateFlags,
    /// Lifetime in units of 4 seconds.
    pub lifetime: u16,
    /// Home and care-of nonce index.
    pub indices: Option<(u16, u16)>,
    /// Binding Authorization Data option, the first.
    pub authorization: Option<Authorization>,
}

/// A Binding Authorization Data option, RFC 6275 6.2.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Where the authenticator begins in the Mobility Header.
    pub at: usize,
    /// Its octets.
    pub len: usize,
    /// Nothing comes behind it.
    pub last: bool,
}

/// Why a Binding Update is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Status of the Binding Acknowledgement.
    pub status: u8,
    /// Its sequence number.
    pub sequence: u16,
}

impl Update {
    /// Reads a Binding Update and validates what needs no state. `None` if the
    /// packet is another message; an error says why it is silently discarded.
    pub fn read(
        p: &Received,
        codes: &Codes,
        faults: &Faults,
    ) -> Option<Result<Self, &'static str>> {
        let header = p.mobility(codes)?;
        let Message::BindingUpdate { sequence, flags, lifetime } = header.message else {
            return None;
        };
        let fixed = header.fixed_octets();
        let known = UpdateFlags::A | UpdateFlags::H | UpdateFlags::L | UpdateFlags::K;
        let mut update = Self {
            home: p.source,
            careof: p.wire_source,
            source: p.wire_source,
            correspondent: p.destination,
            home_option: p.home_option,
            sequence,
            flags: flags & known,
            lifetime,
            indices: None,
            authorization: None,
        };
        for option in Options::new(&header.options, MhFormat::BindingUpdate, codes).flatten() {
            match option.body() {
                OptionBody::AlternateCareof { address } => {
                    if update.indices.is_some() && faults.has(&faults::WANTS_ORDER) {
                        return Some(Err("options are not in order"));
                    }
                    if !faults.has(&faults::IGNORES_ALTERNATE) {
                        update.careof = address;
                    }
                }
                OptionBody::NonceIndices { home, careof } => update.indices = Some((home, careof)),
                OptionBody::BindingAuthorization { authenticator }
                    if update.authorization.is_none() =>
                {
                    let end = option.offset + option.octets().len();
                    update.authorization = Some(Authorization {
                        at: fixed + option.offset + 2,
                        len: authenticator.len(),
                        last: end == header.options.len(),
                    });
                }
                _ => {}
            }
        }
        if flags != update.flags && faults.has(&faults::MINDS_UPDATE_RESERVED) {
            return Some(Err("reserved flags are set"));
        }
        Some(update.sound(faults).map(|()| update))
    }

    /// Addresses and options, RFC 6275 9.5.1 and 6.1.7.
    fn sound(&self, faults: &Faults) -> Result<(), &'static str> {
        let many = self.source.is_multicast() && !faults.has(&ANSWERS_GROUPS);
        if self.source.is_unspecified() || many {
            return Err("its source is no unicast address");
        }
        if !is_routable(self.home) && !faults.has(&faults::ACCEPTS_UNROUTABLE_HOME) {
            return Err("its home address is not unicast routable");
        }
        if !is_routable(self.careof) && !faults.has(&faults::ACCEPTS_UNROUTABLE_CAREOF) {
            return Err("its care-of address is not unicast routable");
        }
        let home = self.flags.contains(UpdateFlags::H);
        if home && self.indices.is_some() && !faults.has(&faults::ACCEPTS_HOME_INDICES) {
            return Err("it has nonce indices, but is a home registration");
        }
        Ok(())
    }

    /// Whether it asks for a binding to be deleted.
    pub fn deletes(&self) -> bool {
        self.lifetime == 0
    }

    /// It is a home registration (H).
    pub fn is_home(&self) -> bool {
        self.flags.contains(UpdateFlags::H)
    }

    /// The care-of address that authenticators cover: the home address if the
    /// binding is to be deleted (RFC 6275 6.2.7).
    pub fn registered(&self) -> Ipv6Addr {
        if self.deletes() { self.home } else { self.careof }
    }

    /// Sequence number and registration type against the binding that there is,
    /// deleted ones included.
    pub fn check(&self, existing: Option<&Binding>, faults: &Faults) -> Result<(), Refusal> {
        let last = existing.map(|b| b.sequence);
        let last = last.or_else(|| faults.has(&faults::BEGINS_AT_ZERO).then_some(0));
        if let Some(last) = last
            && !self.is_new(last, faults)
        {
            let echo = faults.has(&faults::ECHOES_SEQUENCE);
            let sequence = if echo { self.sequence } else { last };
            return Err(Refusal { status: status::SEQUENCE, sequence });
        }
        let changes = existing.is_some_and(|b| !b.deleted && b.home != self.is_home());
        if changes && !faults.has(&faults::CHANGES_TYPE) {
            return Err(Refusal { status: status::TYPE_CHANGE, sequence: self.sequence });
        }
        Ok(())
    }

    fn is_new(&self, last: u16, faults: &Faults) -> bool {
        if faults.has(&faults::IGNORES_SEQUENCE) {
            true
        } else if faults.has(&faults::COMPARES_PLAINLY) {
            self.sequence > last
        } else {
            is_greater(self.sequence, last)
        }
    }

    /// The binding that it makes for a granted lifetime, in units of 4 seconds.
    pub fn binding(&self, now: Instant, lifetime: u16, faults: &Faults) -> Binding {
        Binding {
            careof: self.careof,
            home: self.is_home(),
            sequence: self.sequence,
            flags: self.flags,
            since: now,
            until: now + duration(lifetime, faults),
            deleted: false,
            used: now,
            asked: None,
        }
    }
}

/// Whether a sequence number is greater than another, modulo 2^16: it is none of
/// that number and the 32768 in front of it.
pub fn is_greater(sequence: u16, last: u16) -> bool {
    (1..0x8000).contains(&sequence.wrapping_sub(last))
}

/// How long a lifetime in units of 4 seconds is.
pub fn duration(lifetime: u16, faults: &Faults) -> Duration {
    let unit = if faults.has(&faults::COUNTS_SECONDS) { 1 } else { UNIT };
    Duration::from_secs(u64::from(lifetime) * unit)
}

/// Whole units of 4 seconds in a time, as many as fit into the field.
pub fn units(time: Duration) -> u16 {
    u16::try_from(time.as_secs() / UNIT).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6275 9.5.1 has these for a last number of 15.
    #[test]
    fn the_example_of_the_specification() {
        let greater = |s| is_greater(s, 15);
        assert!((0..=15).chain(32783..=65535).all(|s| !greater(s)));
        assert!((16..=32782).all(greater));
    }

    proptest! {
        /// What is not greater lies in the last number and the 32768 in front of it.
        #[test]
        fn sequence_numbers_go_round(last: u16, sequence: u16) {
            let behind = last.wrapping_sub(sequence);
            prop_assert_eq!(is_greater(sequence, last), behind > 32768);
        }

        /// Units never make a lifetime longer.
        #[test]
        fn units_are_rounded_down(seconds in 0u64..300_000) {
            let time = Duration::from_secs(seconds);
            prop_assert!(duration(units(time), &Faults::none()) <= time);
        }
    }
}
