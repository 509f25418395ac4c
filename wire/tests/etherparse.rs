//! A second opinion on what is not Mobile IPv6: etherparse writes headers, and
//! what is read here says the same and is written as the same octets.

use etherparse::{
    Ethernet2Header, IpFragOffset, IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6FragmentHeader,
    Ipv6Header, SingleVlanHeader, TcpHeader, UdpHeader, VlanId, VlanPcp,
};
use mip6_wire::checksum::Sum;
use mip6_wire::codes::RFC6275;
use mip6_wire::ip::{Fragment, Ipv4, Ipv6};
use mip6_wire::layout::{Layout, Reader, to_bytes};
use mip6_wire::link::{Ethernet, Vlan};
use mip6_wire::transport::{Tcp, Udp};
use proptest::prelude::*;

fn read<'a, L: Layout<'a> + Clone>(octets: &'a [u8]) -> L {
    let value = Reader::new(octets, octets.len(), &RFC6275).read::<L>();
    let value = value.unwrap_or_else(|e| panic!("{e}: {octets:02x?}"));
    assert_eq!(to_bytes(&value, &RFC6275), octets);
    value
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Vec<u8> {
    let mut octets = Vec::new();
    write(&mut octets).unwrap();
    octets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn ethernet_and_vlan(source: [u8; 6], destination: [u8; 6], kind: u16, id in 0u16..4096, priority in 0u8..8, drop: bool) {
        let theirs = Ethernet2Header { source, destination, ether_type: kind.into() };
        let octets = theirs.to_bytes();
        let ours: Ethernet = read(&octets);
        prop_assert_eq!((ours.source, ours.destination), (source, destination));
        prop_assert_eq!(ours.kind.get(), kind);
        let theirs = SingleVlanHeader {
            pcp: VlanPcp::try_new(priority).unwrap(),
            drop_eligible_indicator: drop,
            vlan_id: VlanId::try_new(id).unwrap(),
            ether_type: kind.into(),
        };
        let octets = theirs.to_bytes();
        let ours: Vlan = read(&octets);
        prop_assert_eq!(ours.tag & 0xfff, id);
        prop_assert_eq!(ours.tag >> 13, u16::from(priority));
        prop_assert_eq!(ours.tag & 0x1000 != 0, drop);
        prop_assert_eq!(ours.kind.get(), kind);
    }

    #[test]
    fn ipv6(class: u8, flow in 0u32..1 << 20, length: u16, next: u8, hops: u8, source: [u8; 16], destination: [u8; 16]) {
        let theirs = Ipv6Header {
            traffic_class: class,
            flow_label: Ipv6FlowLabel::try_new(flow).unwrap(),
            payload_length: length,
            next_header: IpNumber(next),
            hop_limit: hops,
            source,
            destination,
        };
        let octets = theirs.to_bytes();
        let ours: Ipv6 = read(&octets);
        prop_assert_eq!(ours.version(), 6);
        prop_assert_eq!(ours.first_word >> 20 & 0xff, u32::from(class));
        prop_assert_eq!(ours.first_word & 0xf_ffff, flow);
        prop_assert_eq!((ours.payload_len.get(), ours.next.get(), ours.hop_limit), (length, next, hops));
        prop_assert_eq!((ours.source.octets(), ours.destination.octets()), (source, destination));
    }

    #[test]
    fn ipv4(ttl: u8, protocol: u8, source: [u8; 4], destination: [u8; 4], payload in 0u16..1400, words in 0usize..=10) {
        let mut theirs = Ipv4Header::new(payload, ttl, IpNumber(protocol), source, destination).unwrap();
        theirs.options = vec![1u8; words * 4].as_slice().try_into().unwrap();
        theirs.total_len = payload + theirs.header_len() as u16;
        theirs.header_checksum = theirs.calc_header_checksum();
        let octets = written(|out| theirs.write(out));
        let ours: Ipv4<'_> = read(&octets);
        prop_assert_eq!((ours.ttl, ours.protocol.get()), (ttl, protocol));
        prop_assert_eq!((ours.source.octets(), ours.destination.octets()), (source, destination));
        prop_assert_eq!(ours.options.len(), words * 4);
        prop_assert_eq!(ours.checksum.get(), theirs.header_checksum);
        prop_assert!(Sum::default().over(&octets).is_right());
    }

    #[test]
    fn fragment(next: u8, offset in 0u16..1 << 13, more: bool, id: u32) {
        let theirs = Ipv6FragmentHeader {
            next_header: IpNumber(next),
            fragment_offset: IpFragOffset::try_new(offset).unwrap(),
            more_fragments: more,
            identification: id,
        };
        let octets = theirs.to_bytes();
        let ours: Fragment = read(&octets);
        prop_assert_eq!(ours.next.get(), next);
        prop_assert_eq!((ours.offset(), ours.more()), (usize::from(offset) * 8, more));
        prop_assert_eq!(ours.ident, id);
    }

    #[test]
    fn udp_and_tcp(source: u16, destination: u16, from: [u8; 16], to: [u8; 16], payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let ip = Ipv6Header { source: from, destination: to, ..Ipv6Header::default() };
        let (from, to) = (from.into(), to.into());

        let theirs = UdpHeader::with_ipv6_checksum(source, destination, &ip, &payload).unwrap();
        let octets = theirs.to_bytes();
        let ours: Udp = read(&octets);
        prop_assert_eq!((ours.source, ours.destination), (source, destination));
        let datagram = [&octets[..], &payload].concat();
        let sum = Sum::pseudo_v6(&from, &to, datagram.len(), 17);
        prop_assert!(sum.over(&datagram).is_right());

        let mut theirs = TcpHeader::new(source, destination, 7, 9);
        theirs.set_options_raw(&[1, 1, 1, 0]).unwrap();
        theirs.checksum = theirs.calc_checksum_ipv6(&ip, &payload).unwrap();
        let octets = written(|out| theirs.write(out));
        let ours: Tcp<'_> = read(&octets);
        prop_assert_eq!((ours.source, ours.destination), (source, destination));
        prop_assert_eq!((ours.sequence, ours.window), (7, 9));
        prop_assert_eq!(ours.header_octets(), 24);
        let segment = [&octets[..], &payload].concat();
        let sum = Sum::pseudo_v6(&from, &to, segment.len(), 6);
        prop_assert!(sum.over(&segment).is_right());
    }
}
