//! Headers and options from YAML.

use std::collections::HashMap;

use mip6_inject::{Crafter, Datum};
use mip6_wire::codes::{LKE01, NdFormat, OptionFormat, RFC6275};
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::ip::{Ipv6, Ipv6Option, Ipv6OptionsBuilder};
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};

use crate::{craft, craft_error, octets, spec, spec_error, values};

/// A registration away from home, as RFC 6275 6.1.7 has it.
const REGISTRATION: &str = "
- ipv6: {ipv6.src: 2001:db8:b::99, ipv6.dst: 2001:db8:a::1}
- destination-options:
    options: [{home-address: {ipv6.opt.mipv6.home_address: 2001:db8:a::1234}}]
- mobility:
    mip6.mhtype: 5
    mip6.bu.seqnr: 7
    mip6.bu.a_flag: true
    mip6.bu.h_flag: 1
    mip6.bu.lifetime: 60
    options:
      - alternate-care-of-address: {mip6.acoa.acoa: 2001:db8:b::99}
      - nonce-indices: {mip6.ni.hni: 3, mip6.ni.cni: 4}
";

#[test]
fn a_binding_update_is_the_one_made_by_hand() {
    let care_of = "2001:db8:b::99".parse().unwrap();
    let list = OptionsBuilder::new(12)
        .option(3, OptionBody::AlternateCareof { address: care_of }, &RFC6275)
        .option(4, OptionBody::NonceIndices { home: 3, careof: 4 }, &RFC6275)
        .build();
    let update = Message::BindingUpdate {
        sequence: 7,
        flags: UpdateFlags::A | UpdateFlags::H,
        lifetime: 60,
    };
    let home = Ipv6Option::home_address("2001:db8:a::1234".parse().unwrap());
    let home = Ipv6OptionsBuilder::default().option(&home).build();
    let by_hand = [
        Header::Ipv6(Ipv6::new(care_of, "2001:db8:a::1".parse().unwrap())),
        Header::DestinationOptions(mip6_wire::ip::DestinationOptions::new(home)),
        Header::Mobility(Mobility::new(5, update, list)),
    ];
    assert_eq!(octets(&craft(REGISTRATION)), write_packet(&by_hand, &RFC6275));
}

#[test]
fn every_header_is_read_back() {
    let packets = [
        (
            "[ipv6, {hop-by-hop: {options: [{router-alert: {ipv6.opt.router_alert: 0}}]}}, {raw: '00'}]",
            "ipv6.opt.router_alert",
            "0",
        ),
        (
            "[ipv6, {routing: {ipv6.routing.type: 2, ipv6.routing.mipv6.home_address: '2001:db8::5'}}, udp]",
            "ipv6.routing.segleft",
            "1",
        ),
        (
            "[ipv6, {routing: {ipv6.routing.type: 0, ipv6.routing.src.addr: ['2001:db8::5', '2001:db8::6']}}, udp]",
            "ipv6.routing.segleft",
            "2",
        ),
        (
            "[ipv6, {fragment: {ipv6.fraghdr.offset: 3, ipv6.fraghdr.more: true}}, {raw: '0102030405060708'}]",
            "ipv6.fraghdr.offset",
            "3",
        ),
        (
            "[ipv6, {ah: {ah.spi: 0x1000, ah.icv: 000102030405060708090a0b}}, {udp: {udp.dstport: 9}}]",
            "ah.spi",
            "0x00001000",
        ),
        ("[ipv6, {esp: {esp.spi: 0x1000, esp.data: '00010203'}}]", "esp.data", "00010203"),
        (
            "[ipv6, {mobility: {mip6.mhtype: 1, mip6.hoti.cookie: 0x0102030405060708}}]",
            "mip6.hoti.cookie",
            "0x0102030405060708",
        ),
        (
            "[ipv6, {icmpv6: {icmpv6.type: 128, icmpv6.echo.identifier: 7, icmpv6.data: ff00}}]",
            "icmpv6.data",
            "ff00",
        ),
        (
            "[ipv6, {udp: {udp.srcport: 1, udp.dstport: 2}}, {raw: {octets: 10}}]",
            "udp.length",
            "18",
        ),
        (
            "[ipv6, {tcp: {tcp.flags.syn: true, options: [{item: {tcp.option_kind: 2, tcp.option_data: 05b4}}]}}]",
            "tcp.hdr_len",
            "24",
        ),
        ("[{ipv4: {ip.src: 192.0.2.1, ip.dst: 192.0.2.2}}, udp]", "ip.src", "192.0.2.1"),
        ("[ipv6, {ipv6: {ipv6.hlim: 9}}, udp]", "ipv6.nxt", "41 17"),
        (
            "[ipv6, {mobility: {mip6.mhtype: 12, mip6.has.address: ['2001:db8::1', '2001:db8::2']}}]",
            "mip6.has.num_addrs",
            "2",
        ),
        (
            "[ipv6, {icmpv6: {icmpv6.type: 130, icmpv6.mld.maximum_response_code: 5, icmpv6.mld.source_address: '2001:db8::1'}}]",
            "icmpv6.mld.nb_sources",
            "1",
        ),
        ("[ipv6, {icmpv6: {icmpv6.type: 135}}]", "ipv6.hlim", "255"),
        ("[{ipv6: {ipv6.hlim: 3}}, {icmpv6: {icmpv6.type: 135}}]", "ipv6.hlim", "3"),
    ];
    for (yaml, field, value) in packets {
        let headers = craft(yaml);
        assert_eq!(values(&headers, field).join(" "), value, "{yaml}");
        let octets = octets(&headers);
        let again = read_packet(&octets, &RFC6275);
        assert_eq!(again.len(), headers.len(), "{yaml}");
        assert_eq!(values(&again, field).join(" "), value, "{yaml}");
    }
}

#[test]
fn link_layers_announce_what_follows() {
    let headers = craft(
        "[{ethernet: {eth.dst: 02:00:00:00:00:01}}, {vlan: {vlan.id: 7}}, ipv6, {raw: 'ff'}]",
    );
    assert_eq!(values(&headers, "eth.type"), ["0x8100"]);
    assert_eq!(values(&headers, "eth.dst"), ["02:00:00:00:00:01"]);
    assert_eq!(values(&headers, "vlan.etype"), ["0x86dd"]);
    assert_eq!(values(&headers, "ipv6.nxt"), ["59"]);
}

#[test]
fn what_is_set_is_sent() {
    let headers = craft(
        "
- ipv6: {ipv6.plen: 5, ipv6.nxt: 99, ipv6.version: 7}
- mobility:
    mip6.mhtype: 5
    mip6.hlen: 9
    mip6.csum: 0x1234
    mip6.proto: 17
    padding: none
    options: [{nonce-indices: {mip6.mobility_opt.len: 77}}]
",
    );
    let octets = write_packet(&headers, &RFC6275);
    assert_eq!(octets[0], 0x70);
    assert_eq!(octets[4..7], [0, 5, 99]);
    // No padding: an option at once behind the 12 octets of the message.
    assert_eq!(octets[40..], [17, 9, 5, 0, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 4, 77, 0, 0, 0, 0]);
}

#[test]
fn every_mobility_option_has_its_name() {
    for format in OptionFormat::ALL {
        let lke = format.slug().starts_with("lke.");
        let kind = match format {
            OptionFormat::RequestedLifetime => 8,
            OptionFormat::ArAddress | OptionFormat::LkeHmac => 9,
            OptionFormat::FinishedRequest => 6,
            _ => 5,
        };
        let codes = if lke { &LKE01 } else { &RFC6275 };
        let yaml = format!("[mobility: {{mip6.mhtype: {kind}, options: [{}]}}]", format.slug());
        let headers = Crafter::new(&(), codes).craft(&spec(&yaml)).unwrap();
        let Header::Mobility(mobility) = &headers[0] else { panic!("{yaml}") };
        let found =
            mip6_wire::mobility::options::Options::new(&mobility.options, mobility.format(), codes);
        assert!(found.flatten().any(|o| o.format == *format), "{yaml}: {mobility:?}");
    }
}

#[test]
fn every_neighbor_discovery_option_has_its_name() {
    for format in NdFormat::ALL {
        let codes = if format.slug().starts_with("lke.") { &LKE01 } else { &RFC6275 };
        let yaml = format!("[icmpv6: {{icmpv6.type: 134, options: [{}]}}]", format.slug());
        let headers = Crafter::new(&(), codes).craft(&spec(&yaml)).unwrap();
        let Header::Icmpv6(message) = &headers[0] else { panic!("{yaml}") };
        let list = message.body.nd_options().unwrap();
        assert_eq!(list.len() % 8, 0, "{yaml}");
        assert_eq!(Some(list[0]), codes.nd_number(*format), "{yaml}");
    }
}

#[test]
fn options_without_a_format_and_octets_as_they_are() {
    let headers = craft(
        "[mobility: {mip6.mhtype: 0, options: [{unknown: {type: 200, data: 'abcd'}}, {raw: 'ffee'}, padn]}]",
    );
    let octets = headers[0].to_bytes(&RFC6275);
    assert_eq!(octets[8..], [200, 2, 0xab, 0xcd, 0xff, 0xee, 1, 0]);
}

#[test]
fn names_have_the_values_of_their_scope() {
    let scope = HashMap::from([
        ("seq".to_owned(), Datum::Number(65535)),
        ("mn.careof".to_owned(), Datum::Text("2001:db8:b::99".to_owned())),
        ("prefix".to_owned(), Datum::Address("2001:db8:b::".parse().unwrap())),
        ("payload".to_owned(), Datum::Octets(vec![1, 2])),
    ]);
    let spec = spec(
        "
- ipv6: {ipv6.src: $mn.careof, ipv6.dst: {value: $prefix, plus: 7}}
- mobility: {mip6.mhtype: 5, mip6.bu.seqnr: {value: $seq, plus: 2}}
- raw: $payload
",
    );
    let headers = Crafter::new(&scope, &RFC6275).craft(&spec).unwrap();
    assert_eq!(values(&headers, "ipv6.src"), ["2001:db8:b::99"]);
    assert_eq!(values(&headers, "ipv6.dst"), ["2001:db8:b::7"]);
    assert_eq!(values(&headers, "mip6.bu.seqnr"), ["1"], "wraps at 16 bits");
    assert!(matches!(&headers[2], Header::Raw(o) if **o == [1, 2]));
}

#[test]
fn what_does_not_fit_is_an_error_with_its_place() {
    let errors = [
        (
            "[ipv6, {mobility: {mip6.mhtype: 5, mip6.bu.seqnr: 65536}}]",
            "packet[1].mobility.mip6.bu.seqnr: 65536 does not fit in 16 bits",
        ),
        (
            "[ipv6, {mobility: {mip6.mhtype: 5, mip6.bu.a_flag: 2}}]",
            "packet[1].mobility.mip6.bu.a_flag: 2 does not fit: the field has 1 bit, expected 0 or 1",
        ),
        ("[{ipv6: {ipv6.flow: -1}}]", "packet[0].ipv6.ipv6.flow: -1 does not fit in 20 bits"),
        ("[{ipv6: {ipv6.src: house}}]", "packet[0].ipv6.ipv6.src: house, expected an IPv6 address"),
        (
            "[{ethernet: {eth.src: 203}}]",
            "packet[0].ethernet.eth.src: 203, expected a link-layer address",
        ),
        ("[{ethernet: {eth.src: '0203'}}]", "packet[0].ethernet.eth.src: 2 octets, expected 6"),
        ("[{ipv6: {mip6.mhtype: 5}}]", "packet[0].ipv6.mip6.mhtype: not a field of ipv6"),
        (
            "[mobility: {mip6.mhtype: 5, mip6.ba.status: 0}]",
            "packet[0].mobility.mip6.ba.status: not a field of Binding Update",
        ),
        (
            "[mobility: {mip6.mhtype: 300}]",
            "packet[0].mobility.mip6.mhtype: 300, expected a number up to 255",
        ),
        (
            "[mobility]",
            "packet[0].mobility: `mip6.mhtype` is not set, expected a number: it selects the message",
        ),
        ("[{udp: {udp.dstport: $port}}]", "packet[0].udp.udp.dstport: $port has no value here"),
        (
            "[icmpv6: {icmpv6.type: 128, options: [mtu]}]",
            "packet[0].icmpv6: Echo Request has no options",
        ),
        (
            "[mobility: {mip6.mhtype: 5, options: [{nonce-indices: {mip6.ni.hni: 1, mip6.acoa.acoa: '::1'}}]}]",
            "packet[0].mobility.options[0].nonce-indices.mip6.acoa.acoa: not a field of this option",
        ),
        ("[{raw: {octets: 70000}}]", "packet[0]: 70000, expected a number of octets up to 65535"),
        ("[{esp: {association: SA1}}]", "packet[0].esp: no security association is called SA1"),
        (
            "[icmpv6: {icmpv6.type: 145, icmpv6.mip6.home_agent_address: '0102'}]",
            "expected an IPv6 address",
        ),
        (
            "[mobility: {mip6.mhtype: 5, options: [{link-local-interface-identifier: {mip6.iid.iid: '01'}}]}]",
            "link-local-interface-identifier.mip6.iid.iid: 1 octets, expected 8",
        ),
        (
            "[icmpv6: {icmpv6.type: 128, icmpv6.data: 12}]",
            "packet[0].icmpv6.icmpv6.data: a number, expected hexadecimal digits in quotes",
        ),
    ];
    for (yaml, wanted) in errors {
        let error = craft_error(yaml).to_string();
        assert!(error.contains(wanted), "{yaml}\n{error}\n{wanted}");
    }
}

#[test]
fn mistakes_in_a_spec_have_a_place_and_a_suggestion() {
    let errors = [
        ("- ipv6: {}\n- mobilty: {}", "unknown header `mobilty`, did you mean mobility?", "line 2"),
        (
            "- ipv6:\n    ipv6.hlimt: 3",
            "unknown field `ipv6.hlimt`, did you mean ipv6.hlim?",
            "line 2",
        ),
        (
            "- mobility:\n    mip6.mhtype: 5\n    options:\n      - nonce-index: {}",
            "unknown option `nonce-index`, did you mean nonce-indices?",
            "line 4",
        ),
        (
            "- mobility:\n    options: [router-alert]",
            "`router-alert` is no option of mobility",
            "line 2",
        ),
        ("- udp:\n    options: []", "`options` in udp, which has none", "line 2"),
        ("- udp:\n    association: SA1", "only esp and ah have one", "line"),
        ("- ipv6: {}\n  udp: {}", "a second key `udp`", "line"),
        ("- ipv6: {ipv6.hlim: 1.5}", "expected a whole number", "line 1"),
        ("- raw: xyz", "hexadecimal digits in quotes", "line 1"),
        ("[]", "expected a list of headers, one at least", ""),
        ("- ipv6: {ipv6.hlim: {value: 1}}", "missing field `plus`", "line 1"),
        (
            "- mobility: {padding: some}",
            "unknown variant `some`, expected one of aligned, none",
            "line 1",
        ),
    ];
    for (yaml, wanted, place) in errors {
        let error = spec_error(yaml);
        assert!(error.contains(wanted) && error.contains(place), "{yaml}\n{error}");
    }
}
