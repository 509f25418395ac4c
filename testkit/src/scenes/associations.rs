//! Security associations: sequence numbers, integrity check values, padding, and
//! algorithms that are too weak.

use std::fmt::Write as _;

use mip6_security::{Association, Encryption, Integrity, KeyError, ah as authentication, esp};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::ip::{Authentication, proto};
use mip6_wire::mobility::{AckFlags, Message, OptionBody};

use super::Scene;
use super::conversations::{answer, update};
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, ethernet, home_option, home_route, ip,
    mobility, mobility_with,
};

pub(super) fn scenes() -> Vec<Scene> {
    // The keys fit, or the scenes would not be what they are called.
    associations().map_or_else(|_| Vec::new(), |all| vec![scene(&all)])
}

const ENCRYPTION: [u8; 16] = *b"mip6 test key  1";
const INTEGRITY: [u8; 20] = *b"mip6 test key      2";
/// SPIs: registrations under ESP and AH each way, and two that are too weak.
const UP: u32 = 0x1000;
const DOWN: u32 = 0x1001;
const AH_UP: u32 = 0x2000;
const AH_DOWN: u32 = 0x2001;
const UNCHECKED: u32 = 0x3000;
const READABLE: u32 = 0x3001;
/// Octets of an AH with an integrity check value of 96 bits.
const AH_LEN: usize = 24;

struct All {
    up: Association,
    down: Association,
    ah_up: Association,
    ah_down: Association,
    unchecked: Association,
    readable: Association,
}

fn associations() -> Result<All, KeyError> {
    let cipher = (Encryption::AesCbc, &ENCRYPTION[..]);
    let integrity = (Integrity::HmacSha1_96, &INTEGRITY[..]);
    Ok(All {
        up: Association::esp(UP, cipher, integrity)?,
        down: Association::esp(DOWN, cipher, integrity)?,
        ah_up: Association::ah(AH_UP, integrity)?,
        ah_down: Association::ah(AH_DOWN, integrity)?,
        unchecked: Association::esp(UNCHECKED, cipher, (Integrity::Null, &[]))?,
        readable: Association::esp(READABLE, (Encryption::Null, &[]), integrity)?,
    })
}

fn key_file() -> String {
    let hex = |octets: &[u8]| {
        octets.iter().fold(String::new(), |mut out, o| {
            let _ = write!(out, "{o:02x}");
            out
        })
    };
    let (encryption, integrity) = (hex(&ENCRYPTION), hex(&INTEGRITY));
    let encryption = format!("encryption: {{algorithm: aes-cbc, key: {encryption}}}");
    let integrity = format!("integrity: {{algorithm: hmac-sha1-96, key: {integrity}}}");
    let mut out =
        String::from("# Keys of no use but for the capture beside this file.\nassociations:\n");
    for (spi, protocol, keys) in [
        (UP, "esp", format!("{encryption}, {integrity}")),
        (DOWN, "esp", format!("{encryption}, {integrity}")),
        (AH_UP, "ah", integrity.clone()),
        (AH_DOWN, "ah", integrity.clone()),
        (UNCHECKED, "esp", encryption.clone()),
        (READABLE, "esp", integrity),
    ] {
        let _ = writeln!(out, "  - {{spi: {spi:#x}, protocol: {protocol}, {keys}}}");
    }
    out
}

/// How ESP is to be wrong.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Damage {
    None,
    /// Its last octet.
    Icv,
    /// Padding of zeros.
    Padding,
}

/// A frame: headers in front of ESP, and what is under it.
pub(super) fn sealed(
    a: &Association,
    sequence: u32,
    front: &[Header<'static>],
    inside: &[Header<'static>],
    damage: Damage,
) -> Vec<u8> {
    let mut around = vec![ethernet()];
    around.extend_from_slice(front);
    let before = write_packet(&around, &RFC6275).len();
    let whole = [&around[..], inside].concat();
    let content = write_packet(&whole, &RFC6275).split_off(before);
    let next = match inside.first() {
        Some(Header::Ipv6(_)) => proto::IPV6,
        Some(Header::Icmpv6(_)) => proto::ICMPV6,
        _ => proto::MOBILITY,
    };
    let iv = vec![sequence as u8; a.encryption().iv_octets()];
    let mut data = Vec::new();
    if damage == Damage::Padding {
        // Under a cipher that changes nothing, the padding can be reached; its
        // integrity check value is made over what it is then.
        seal_with_zeros(a, sequence, next, &content, &mut data);
    } else {
        esp::seal(a, u64::from(sequence), &iv, next, &content, &mut data);
    }
    if damage == Damage::Icv
        && let Some(last) = data.last_mut()
    {
        *last ^= 1;
    }
    around.push(crate::build::esp(a.spi, sequence, data.split_off(8)));
    write_packet(&around, &RFC6275)
}

/// ESP without encryption whose padding is zeros: the padding is made part of
/// the payload, with a trailer behind it and no padding of its own.
fn seal_with_zeros(a: &Association, sequence: u32, next: u8, content: &[u8], out: &mut Vec<u8>) {
    // RFC 4303 2.4 aligns to four octets: with four more, the trailer that is
    // added behind them has two octets of padding, 1 and 2, of its own. The
    // octets in front say so of themselves instead.
    let mut plain = content.to_vec();
    plain.extend_from_slice(&[0, 0, 2, next]);
    let mut wrong = Vec::new();
    esp::seal(a, u64::from(sequence), &[], next, &plain, &mut wrong);
    // Cut what was added, and sign what is left.
    let icv = a.icv_octets();
    let end = 8 + plain.len();
    wrong.truncate(end);
    let covered = wrong.clone();
    wrong.resize(end + icv, 0);
    a.sign(&covered, &mut wrong[end..]);
    out.extend_from_slice(&wrong);
}

/// A frame under AH, its value computed over the final addresses or those on the
/// wire.
fn authenticated(
    a: &Association,
    sequence: u32,
    front: &[Header<'static>],
    inside: &[Header<'static>],
    wire: bool,
) -> Vec<u8> {
    let header = Header::Authentication(Authentication {
        spi: a.spi,
        sequence,
        icv: vec![0; 12].into(),
        ..Authentication::default()
    });
    let packet = [front, &[header], inside].concat();
    let mut octets = write_packet(&packet, &RFC6275);
    let at = write_packet(front, &RFC6275).len();
    if wire {
        let covered = wire_form(&octets);
        a.sign(&covered, &mut octets[at + 12..at + AH_LEN]);
    } else if authentication::seal(a, &mut octets, at, 0).is_err() {
        return Vec::new();
    }
    let mut frame = write_packet(&[ethernet()], &RFC6275);
    frame.extend(octets);
    // Ethernet's type is told by what follows.
    frame[12..14].copy_from_slice(&[0x86, 0xdd]);
    frame
}

/// What changes on the way zeroed, RFC 4302 3.3.3.1.2, the addresses as they
/// stand.
fn wire_form(octets: &[u8]) -> Vec<u8> {
    let mut form = octets.to_vec();
    form[0] = 0x60;
    form[1..4].fill(0);
    form[7] = 0;
    form
}

fn scene(all: &All) -> Scene {
    let none = AckFlags::empty();
    let away = [ip(CAREOF, HOME_AGENT), home_option(HOME)];
    let back = [ip(HOME_AGENT, CAREOF), home_route(HOME)];
    let registration = |sequence| {
        let alternate = [OptionBody::AlternateCareof { address: CAREOF }];
        vec![mobility_with(update(sequence, 60), &alternate)]
    };
    let acknowledgement = |sequence| vec![mobility(answer(sequence, 0, none, 60))];
    let tunnel = [ip(CAREOF, HOME_AGENT)];
    let test = |cookie: u64| -> Packet {
        let init = mobility(Message::HomeTestInit { reserved: 0, cookie });
        vec![ip(HOME, CORRESPONDENT), init]
    };
    let nested = [ip(HOME, CORRESPONDENT), crate::build::esp(READABLE + 1, 1, vec![0xa5; 40])];
    use Damage::{Icv, None as Whole, Padding};
    let first = sealed(&all.up, 1, &away, &registration(1), Whole);
    Scene::new("conversations/security-associations", "Protected packets, with the keys beside.")
        .conversation(2_000)
        .keys(key_file())
        .inconclusive("IPSEC-SA-001", 2)
        // The tests have no answers here.
        .inconclusive("MIP6-TMR-002", 1)
        .frame("registration", first.clone(), &[])
        .after(50)
        .frame("the same packet behind a router", first.clone(), &[])
        .frame("its answer", sealed(&all.down, 1, &back, &acknowledgement(1), Whole), &[])
        .frame("another", sealed(&all.up, 3, &away, &registration(2), Whole), &[])
        .frame("its answer", sealed(&all.down, 2, &back, &acknowledgement(2), Whole), &[])
        .frame("one that was overtaken", sealed(&all.up, 2, &away, &registration(3), Whole), &[])
        .frame("its answer", sealed(&all.down, 3, &back, &acknowledgement(3), Whole), &[])
        .frame(
            "a number that was used",
            sealed(&all.up, 3, &away, &registration(4), Whole),
            &["IPSEC-SA-002"],
        )
        .frame("its answer", sealed(&all.down, 4, &back, &acknowledgement(4), Whole), &[])
        .frame("a replay of the first", first, &["IPSEC-SA-002", "MIP6-MN-CREG-009"])
        .frame(
            "a wrong integrity check value",
            sealed(&all.up, 5, &away, &registration(5), Icv),
            &["IPSEC-SA-001"],
        )
        .frame("a far greater number", sealed(&all.up, 1_000, &away, &registration(5), Whole), &[])
        .frame("its answer", sealed(&all.down, 5, &back, &acknowledgement(5), Whole), &[])
        .frame(
            "and from the beginning",
            sealed(&all.up, 1, &away, &registration(6), Whole),
            &["IPSEC-SA-002"],
        )
        .frame("its answer", sealed(&all.down, 6, &back, &acknowledgement(6), Whole), &[])
        .frame("under AH", authenticated(&all.ah_up, 1, &away, &registration(7), false), &[])
        .frame("its answer", authenticated(&all.ah_down, 1, &back, &acknowledgement(7), false), &[])
        .frame(
            "over the care-of address",
            authenticated(&all.ah_up, 2, &away, &registration(8), true),
            &["MIP6-MN-PKT-011"],
        )
        .frame(
            "answered over it as well",
            authenticated(&all.ah_down, 2, &back, &acknowledgement(8), true),
            &["MIP6-CN-PKT-004"],
        )
        .frame(
            "no integrity at all",
            sealed(&all.unchecked, 1, &away, &registration(9), Whole),
            &["IPSEC-PRO-001"],
        )
        .frame("its answer", sealed(&all.down, 7, &back, &acknowledgement(9), Whole), &[])
        .frame("a test in the tunnel", sealed(&all.up, 2, &tunnel, &test(1), Whole), &[])
        .frame(
            "that anyone can read",
            sealed(&all.readable, 1, &tunnel, &test(2), Whole),
            &["IPSEC-PRO-002"],
        )
        .frame(
            "a registration in readable ESP, with padding of zeros",
            sealed(&all.readable, 2, &away, &registration(10), Padding),
            &["IPSEC-SA-003"],
        )
        .frame("ESP in ESP", sealed(&all.up, 3, &tunnel, &nested, Whole), &["IPSEC-SPD-006"])
        .frame("no key for it", unknown(&away), &[])
}

pub(super) fn unknown(front: &[Header<'static>]) -> Vec<u8> {
    let mut packet = vec![ethernet()];
    packet.extend_from_slice(front);
    packet.push(crate::build::esp(0x4000, 1, vec![0x5a; 48]));
    write_packet(&packet, &RFC6275)
}
