//! Key management while its mobile node moves, RFC 3776 4.4, RFC 4877 4.4 and
//! 7.4, RFC 6275 10.3.1 and 11.7.3.

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use mip6_wire::ike::{IkeMessage, attribute_fields as attribute};
use mip6_wire::ip::ipv6_fields;
use smallvec::SmallVec;

use super::Registrations;
use super::table::Table;
use super::time::{SECOND, now};
use crate::fields::Wanted;
use crate::packet::Chain;
use crate::rules::Judge;
use crate::rules::id::*;

const ROOM: usize = 100_000;
/// Key management may come a little later than the binding.
const GRACE: i64 = 2 * SECOND;
/// Exchange types that begin an IKE security association: main mode and
/// aggressive mode of IKEv1, `IKE_SA_INIT`.
const BEGINNINGS: [u8; 3] = [MAIN_MODE, 4, 34];
const MAIN_MODE: u8 = 2;
/// Attribute type of the authentication method, and its value for a preshared key,
/// RFC 2409 Appendix A.
const METHOD: u8 = 3;
const PRESHARED: [u8; 2] = [0, 1];

/// Follows IKE security associations of mobile nodes.
#[derive(Debug)]
pub(super) struct KeyManagement {
    /// By the initiator's SPI and the home agent: where the mobile node was.
    connections: Table<([u8; 8], Ipv6Addr), Option<Ipv6Addr>>,
}

impl Default for KeyManagement {
    fn default() -> Self {
        Self { connections: Table::new(ROOM) }
    }
}

impl KeyManagement {
    pub(super) fn forgotten(&self) -> u64 {
        self.connections.forgotten()
    }

    /// Takes in an IKE message.
    pub(super) fn message(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &IkeMessage<'_>,
        registrations: &Registrations,
    ) {
        let Some(chain) = j.chain().filter(|c| c.outer.is_none()) else { return };
        home_address(j, chain, registrations);
        let (source, destination) = (chain.wire_source, chain.wire_destination);
        for (careof, agent, up) in [(source, destination, true), (destination, source, false)] {
            let Some(home) = registrations.at_careof(careof) else { continue };
            let Some((of, known)) = registrations.home(home) else { continue };
            let Some(accepted) = known.accepted() else { continue };
            if of != agent {
                continue;
            }
            let time = now(j);
            let moved = known.before().filter(|(_, when)| time - when > GRACE);
            if let (false, true, Some((old, _))) = (up, accepted.key_mobility, moved) {
                let wanted = accepted.careof;
                j.holds(MIP6_HA_BA_005, careof != old || old == wanted, |d| {
                    d.layer(chain.ip)
                        .field(&ipv6_fields::DESTINATION, 24)
                        .found(format!("{careof}, which the mobile node left"))
                        .wanted(format!("{wanted}: K moves key management there"))
                });
            }
            self.connection(j, h, careof, agent, accepted.key_mobility);
            if !up && (h.major(), h.exchange) == (1, MAIN_MODE) && !h.is_encrypted() {
                chosen(j);
            }
        }
    }

    /// Without K a mobile node that has moved begins anew.
    fn connection(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &IkeMessage<'_>,
        careof: Ipv6Addr,
        agent: Ipv6Addr,
        moves: bool,
    ) {
        let place = self.connections.entry((h.initiator_spi, agent));
        let before = place.replace(careof);
        if BEGINNINGS.contains(&h.exchange) {
            return;
        }
        let Some(before) = before else { return };
        let r = if h.major() == 1 { IPSEC_DYN_006 } else { IPSEC_IKE2_025 };
        j.holds(r, moves || before == careof, |d| {
            d.found(format!("a connection begun at {before} goes on at {careof} without K"))
                .wanted("a new one from the new care-of address")
        });
    }
}

/// RFC 3776 4.4: with preshared keys, main mode knows its peer by the address alone,
/// which is a care-of address. What the home agent chose is judged.
fn chosen(j: &mut Judge<'_, '_>) {
    static ATTRIBUTES: LazyLock<Wanted> = LazyLock::new(|| {
        let mut wanted = Wanted::default();
        wanted.add(&[&attribute::IKE_TYPE]);
        wanted.add(&[&attribute::IKE_VALUE]);
        wanted
    });
    let mut found = SmallVec::new();
    ATTRIBUTES.seek(j.packet, &mut found);
    let values = |slot| found.iter().filter(move |f| f.slot == slot).map(|f| f.raw);
    // Types have a format bit in front.
    let method = values(0)
        .zip(values(1))
        .find(|(kind, _)| matches!(kind, [high, low] if (high & 0x7f, *low) == (0, METHOD)));
    let Some((_, method)) = method else { return };
    j.holds(IPSEC_DYN_002, method != PRESHARED, |d| {
        d.found("main mode with a preshared key").wanted("aggressive mode, which tells who it is")
    });
}

/// RFC 3776 4.4: away, a mobile node negotiates from its care-of address.
fn home_address(j: &mut Judge<'_, '_>, chain: &Chain, registrations: &Registrations) {
    let Some((agent, known)) = registrations.home(chain.source()) else {
        let careof = registrations.at_careof(chain.wire_source);
        if careof.and_then(|h| registrations.home(h)).is_some() {
            j.holds(IPSEC_DYN_003, true, |d| d);
        }
        return;
    };
    let time = now(j);
    let away = known.accepted().filter(|a| a.until() > time && a.since + GRACE < time);
    if let Some(away) = away
        && agent == chain.wire_destination
    {
        j.holds(IPSEC_DYN_003, false, |d| {
            d.layer(chain.ip)
                .field(&ipv6_fields::SOURCE, 8)
                .found(format!("the home address {}", chain.source()))
                .wanted(format!("the care-of address {}", away.careof))
        });
    }
}
