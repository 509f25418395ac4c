//! What must hold of every format, whatever the octets.

use mip6_wire::codes::{Codes, LKE01, RFC6275};
use mip6_wire::dhcpv6::Dhcpv6;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::ike::IkeMessage;
use mip6_wire::ip::{
    Authentication, DestinationOptions, Esp, Fragment, HopByHop, Ipv4, Ipv6, Routing,
};
use mip6_wire::layout::{
    Field, Layout, Reader, Sink, Stop, Why, read_plain, size_of_layout, to_bytes,
};
use mip6_wire::link::{CookedV1, CookedV2, Ethernet, Loopback, Vlan};
use mip6_wire::mobility::Mobility;
use mip6_wire::transport::{Tcp, Udp};
use proptest::prelude::*;

/// Octets of the leaves, which must lie side by side.
#[derive(Default)]
struct Tiles {
    end: usize,
    word: (usize, usize),
}

impl<'a> Sink<'a> for Tiles {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]) {
        // Bit fields share the octets of their word.
        if self.word == (at, raw.len()) && f.mask != 0 {
            return;
        }
        assert_eq!(at, self.end, "{}: a gap or an overlap", f.id);
        self.word = (at, raw.len());
        self.end = at + raw.len();
    }
}

/// What is read plainly is what a reader reads, without a problem.
fn plainly<'a, L: Layout<'a> + PartialEq + std::fmt::Debug>(
    data: &'a [u8],
    len: usize,
    codes: &'a Codes,
) {
    let mut plain = L::default();
    if let Some(used) = read_plain(data, len, codes, &mut plain) {
        let mut reader = Reader::new(data, len, codes);
        assert_eq!(reader.read::<L>().as_ref(), Ok(&plain));
        assert_eq!((reader.consumed(), reader.problem()), (used, None));
    }
}

/// What is read is written as the same octets, has their size, and its fields
/// cover them; what cannot be read says where it stopped, inside the octets.
fn holds<'a, L: Layout<'a> + Clone + PartialEq + std::fmt::Debug>(
    data: &'a [u8],
    codes: &'a Codes,
) {
    for more in [0, 1, 40] {
        plainly::<L>(data, data.len() + more, codes);
    }
    let mut reader = Reader::new(data, data.len(), codes);
    match reader.read::<L>() {
        Ok(value) => {
            if reader.problem().is_none() {
                let mut plain = L::default();
                assert_eq!(
                    read_plain(data, data.len(), codes, &mut plain),
                    Some(reader.consumed())
                );
            }
            let used = reader.consumed();
            assert!(used <= data.len());
            assert_eq!(to_bytes(&value, codes), &data[..used], "{value:?}");
            assert_eq!(size_of_layout(&value, codes), used, "{value:?}");

            let mut tiles = Tiles::default();
            let again = Reader::with_sink(data, data.len(), 0, codes, &mut tiles).read::<L>();
            assert_eq!(again.as_ref(), Ok(&value), "a sink changes nothing");
            assert_eq!(tiles.end, used, "fields cover what was read: {value:?}");
            // Cut short, it does not pretend to be whole.
            for end in [used / 2, used.saturating_sub(1)] {
                if end < used {
                    let cut = Reader::new(&data[..end], used, codes).read::<L>();
                    let shorter = cut.is_ok_and(|v| to_bytes(&v, codes).len() <= end);
                    let stops = Reader::new(&data[..end], used, codes).read::<L>().is_err();
                    assert!(shorter || stops, "{end} of {used} octets make {value:?}");
                }
            }
        }
        Err(Stop { at, why, .. }) => {
            assert!(at <= data.len(), "stopped at {at} of {}", data.len());
            if let Why::Short { need, have } | Why::Cut { need, have } = why {
                assert!(need > have);
            }
        }
    }
}

macro_rules! formats {
    ($($name:ident: $type:ty),* $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(2_000))]
            $(
                #[test]
                fn $name(data in octets(), lke: bool) {
                    holds::<$type>(&data, if lke { &LKE01 } else { &RFC6275 });
                }
            )*
        }
    };
}

/// Octets, small numbers among them often, so that lengths and types hit.
fn octets() -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![3 => 0u8..12, 1 => any::<u8>()];
    prop::collection::vec(octet, 0..160)
}

formats! {
    ethernet: Ethernet,
    vlan: Vlan,
    cooked_v1: CookedV1,
    cooked_v2: CookedV2,
    loopback: Loopback,
    ipv4: Ipv4<'_>,
    ipv6: Ipv6,
    hop_by_hop: HopByHop<'_>,
    destination_options: DestinationOptions<'_>,
    routing: Routing<'_>,
    fragment: Fragment,
    authentication: Authentication<'_>,
    esp: Esp<'_>,
    mobility: Mobility<'_>,
    icmpv6: Icmpv6<'_>,
    udp: Udp,
    tcp: Tcp<'_>,
    ike: IkeMessage<'_>,
    dhcpv6: Dhcpv6<'_>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Every message type is reached, not only those that chance finds.
    #[test]
    fn every_mobility_type(kind: u8, len in 0u8..16, mut data in octets(), lke: bool) {
        let needed = 8 * (usize::from(len) + 1);
        data.resize(needed.max(data.len()), 0);
        data[0] = 59;
        data[1] = len;
        data[2] = kind % 32;
        holds::<Mobility<'_>>(&data, if lke { &LKE01 } else { &RFC6275 });
    }

    /// Likewise of ICMPv6, whose types are spread wide.
    #[test]
    fn every_icmpv6_type(kind: u8, mut data in octets(), lke: bool) {
        const TYPES: [u8; 20] =
            [1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143, 144, 145, 146, 147, 154];
        data.resize(data.len().max(8), 0);
        data[0] = TYPES[usize::from(kind) % TYPES.len()];
        holds::<Icmpv6<'_>>(&data, if lke { &LKE01 } else { &RFC6275 });
    }
}
