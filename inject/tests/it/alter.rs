//! A dozen alterations.

use mip6_inject::{AlterError, Alteration, Altered};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, read_packet, write_packet};

use crate::{alteration, craft, octets, values};

const ACKNOWLEDGEMENT: &str = "
- ethernet: {eth.dst: 02:00:00:00:00:01}
- ipv6: {ipv6.src: 2001:db8:a::1, ipv6.dst: 2001:db8:b::99}
- routing: {ipv6.routing.type: 2, ipv6.routing.mipv6.home_address: 2001:db8:a::1234}
- mobility:
    mip6.mhtype: 6
    mip6.ba.seqnr: 7
    mip6.ba.lifetime: 60
    options:
      - binding-refresh-advice: {mip6.bra.interval: 30}
      - binding-authorization-data: {mip6.bad.auth: 000102030405060708090a0b}
";

/// The packet as a capture gives it: everything in it is set.
fn received(yaml: &str) -> Vec<Header<'static>> {
    let made = craft(yaml);
    let written = write_packet(&made[1..], &RFC6275).leak();
    let mut headers = vec![made[0].clone()];
    headers.extend(read_packet(written, &RFC6275));
    headers
}

fn alter(yaml: &str) -> Vec<Header<'static>> {
    let mut headers = received(ACKNOWLEDGEMENT);
    let altered = alteration(yaml).apply(&mut headers, &(), &RFC6275);
    assert_eq!(altered, Ok(Altered::Sent { copies: 1 }), "{yaml}");
    assert!(is_sound(&headers), "{yaml}: {headers:?}");
    headers
}

fn refused(yaml: &str) -> AlterError {
    alteration(yaml).apply(&mut received(ACKNOWLEDGEMENT), &(), &RFC6275).unwrap_err()
}

/// Whether lengths, checksums and next headers are those that would be computed.
fn is_sound(headers: &[Header<'static>]) -> bool {
    let octets = octets(&headers[1..]);
    let mut computed = read_packet(&octets, &RFC6275);
    for header in &mut computed {
        match header {
            Header::Ipv6(h) => h.payload_len = mip6_wire::layout::Auto::Computed,
            Header::Mobility(h) => {
                h.checksum = mip6_wire::layout::Auto::Computed;
                h.len = mip6_wire::layout::Auto::Computed;
            }
            _ => {}
        }
    }
    computed.len() == headers.len() - 1 && write_packet(&computed, &RFC6275) == octets
}

#[test]
fn nothing_changes_nothing() {
    let before = received(ACKNOWLEDGEMENT);
    assert_eq!(alter("{}"), before);
    let mut same = before.clone();
    let set = alteration("{set: {mip6.ba.seqnr: 7}}");
    set.apply(&mut same, &(), &RFC6275).unwrap();
    assert_eq!(octets(&same[1..]), octets(&before[1..]));
}

#[test]
fn fields_are_set_and_the_checksum_follows() {
    let headers = alter("{packets: {mip6.mhtype: 6}, set: {mip6.ba.status: 135, ipv6.hlim: 3}}");
    assert_eq!(values(&headers, "mip6.ba.status"), ["135"]);
    assert_eq!(values(&headers, "ipv6.hlim"), ["3"]);
}

#[test]
fn an_address_in_front_changes_the_checksum_too() {
    let headers = alter("{set: {ipv6.routing.mipv6.home_address: 2001:db8:a::4321}}");
    assert_ne!(values(&headers, "mip6.csum"), values(&received(ACKNOWLEDGEMENT), "mip6.csum"));
}

#[test]
fn a_checksum_that_is_set_stays() {
    let mut headers = received(ACKNOWLEDGEMENT);
    let set = alteration("{set: {mip6.csum: 0x1111, mip6.ba.status: 1}}");
    set.apply(&mut headers, &(), &RFC6275).unwrap();
    assert_eq!(values(&headers, "mip6.csum"), ["0x1111"]);
}

#[test]
fn others_are_left_alone() {
    let mut headers = received(ACKNOWLEDGEMENT);
    let other = alteration("{packets: {mip6.mhtype: 5}, drop: true}");
    assert_eq!(other.apply(&mut headers, &(), &RFC6275), Ok(Altered::Untouched));
    assert_eq!(headers, received(ACKNOWLEDGEMENT));
}

#[test]
fn fields_of_options_are_set() {
    let headers = alter("{set: {mip6.bra.interval: 31}}");
    assert_eq!(values(&headers, "mip6.bra.interval"), ["31"]);
    let longer = alter("{set: {mip6.bad.auth: '000102030405060708090a0b0c0d0e0f'}}");
    assert_eq!(values(&longer, "mip6.bad.auth"), ["000102030405060708090a0b0c0d0e0f"]);
    assert_eq!(values(&longer, "mip6.mobility_opt.len").last().unwrap(), "2", "padding behind");
}

#[test]
fn options_are_removed_and_added() {
    let headers = alter(
        "
options:
  remove: [binding-refresh-advice]
  front: [{nonce-indices: {mip6.ni.hni: 1}}]
  back: [{unknown: {type: 200, data: '0102'}}]
",
    );
    assert_eq!(values(&headers, "mip6.bra.interval"), Vec::<String>::new());
    let kinds = values(&headers, "mip6.mobility_opt");
    let kinds: Vec<_> = kinds.iter().filter(|k| !matches!(k.as_str(), "0" | "1")).collect();
    assert_eq!(kinds, ["4", "5", "200"]);
    let authenticator = values(&headers, "mip6.bad.auth");
    assert_eq!(authenticator, ["000102030405060708090a0b"]);
}

#[test]
fn padding_can_be_left_out() {
    let mut headers = received(ACKNOWLEDGEMENT);
    let none = alteration("{options: {remove: [padn], padding: none}}");
    none.apply(&mut headers, &(), &RFC6275).unwrap();
    assert_eq!(values(&headers, "mip6.mobility_opt"), ["2", "5"]);
}

#[test]
fn headers_are_removed_and_inserted() {
    let headers = alter("{headers: {remove: [routing]}}");
    assert_eq!(values(&headers, "ipv6.nxt"), ["135"]);
    let headers = alter(
        "{headers: {insert: [{after: ipv6, header: hop-by-hop}, {before: mobility, header: {destination-options: {options: [{home-address: {ipv6.opt.mipv6.home_address: '2001:db8::5'}}]}}}]}}",
    );
    assert_eq!(values(&headers, "ipv6.nxt"), ["0"]);
    assert_eq!(values(&headers, "ipv6.hopopts.nxt"), ["43"]);
    assert_eq!(values(&headers, "ipv6.routing.nxt"), ["60"]);
    assert_eq!(values(&headers, "ipv6.dstopts.nxt"), ["135"]);
}

#[test]
fn what_has_no_name_keeps_its_number() {
    let mut headers = craft("[{ipv6: {ipv6.nxt: 47}}, {raw: '01020304'}]");
    let insert = alteration("{headers: {insert: [{after: ipv6, header: destination-options}]}}");
    insert.apply(&mut headers, &(), &RFC6275).unwrap();
    assert_eq!(values(&headers, "ipv6.dstopts.nxt"), ["47"]);
    let remove = alteration("{headers: {remove: [destination-options]}}");
    remove.apply(&mut headers, &(), &RFC6275).unwrap();
    assert_eq!(values(&headers, "ipv6.nxt"), ["47"]);
}

#[test]
fn a_wrong_checksum_is_the_only_damage() {
    let mut headers = received(ACKNOWLEDGEMENT);
    let before = octets(&headers[1..]);
    alteration("{damage: {checksum: true}}").apply(&mut headers, &(), &RFC6275).unwrap();
    let after = octets(&headers[1..]);
    let differ: Vec<_> = (0..before.len()).filter(|i| before[*i] != after[*i]).collect();
    assert_eq!(differ, [40 + 24 + 4, 40 + 24 + 5]);
}

#[test]
fn octets_are_cut_added_and_turned() {
    let before = octets(&received(ACKNOWLEDGEMENT)[1..]);
    let mut headers = received(ACKNOWLEDGEMENT);
    let damage =
        alteration("{damage: {truncate: 50, append: ffff, flip: {offset: 7, bits: 0x81}}}");
    damage.apply(&mut headers, &(), &RFC6275).unwrap();
    let [ethernet, Header::Raw(after)] = &headers[..] else { panic!("{headers:?}") };
    assert!(matches!(ethernet, Header::Ethernet(h) if h.kind.get() == 0x86dd));
    assert_eq!(after.len(), 52);
    assert_eq!(after[7], before[7] ^ 0x81);
    assert_eq!(after[8..50], before[8..50]);
    assert_eq!(after[50..], [0xff, 0xff]);
}

#[test]
fn packets_are_lost_and_doubled() {
    let apply = |yaml| alteration(yaml).apply(&mut received(ACKNOWLEDGEMENT), &(), &RFC6275);
    assert_eq!(apply("{drop: true}").map(Altered::copies), Ok(0));
    assert_eq!(apply("{duplicate: 2}").map(Altered::copies), Ok(3));
}

#[test]
fn what_has_no_use_is_an_error() {
    for (yaml, wanted) in [
        ("{set: {mip6.bu.seqnr: 1}}", "set.mip6.bu.seqnr: the packet has no such field"),
        ("{set: {mip6.ba.status: 256}}", "set.mip6.ba.status: 256 does not fit in 8 bits"),
        (
            "{options: {remove: [nonce-indices]}}",
            "options.remove: the packet has no option `nonce-indices`",
        ),
        (
            "{options: {back: [router-alert]}}",
            "options.back[0]: the packet has no list of options for it",
        ),
        (
            "{options: {in: routing, back: [padn]}}",
            "options.back[0]: the packet has no list of options for it",
        ),
        ("{headers: {remove: [udp]}}", "headers.remove[0]: the packet has no header `udp`"),
        (
            "{headers: {insert: [{after: esp, header: udp}]}}",
            "headers.insert[0]: the packet has no header `esp`",
        ),
        ("{damage: {truncate: 5000}}", "damage.truncate: octet 5000 of a packet of"),
        ("{packets: {ipv6.src: house}}", "packets.ipv6.src: house, expected an IPv6 address"),
    ] {
        let error = refused(yaml).to_string();
        assert!(error.starts_with(wanted), "{yaml}\n{error}");
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (yaml, wanted) in [
        ("set:\n  mip6.ba.stat: 1", "unknown field `mip6.ba.stat`"),
        ("sett: {}", "unknown field `sett`"),
        (
            "options:\n  remove: [nonce-index]",
            "unknown option `nonce-index`, did you mean nonce-indices?",
        ),
        ("headers:\n  insert: [{header: udp}]", "expected one of `before` and `after`"),
        ("damage: {flip: {offset: 1}}", "missing field `bits`"),
    ] {
        let error = serde_yaml::from_str::<Alteration>(yaml).unwrap_err().to_string();
        assert!(error.contains(wanted) && error.contains("line"), "{yaml}\n{error}");
    }
}
