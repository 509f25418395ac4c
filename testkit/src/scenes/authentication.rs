//! Registrations under the authentication option of RFC 4285, with keys: each
//! requirement broken, and what comes close.

use std::net::Ipv6Addr;

use mip6_security::keys::Keys;
use mip6_security::mobility::authentication::{AuthenticationKey, HMAC_SHA1_SPI, Kind};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::write_packet;
use mip6_wire::layout::Value;
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, ah, home_option, home_route, ip, mobility,
    mobility_with, prefix_solicitation,
};

pub(super) fn scenes() -> Vec<Scene> {
    vec![registrations(), broken(), without_keys()]
}

const SPI: u32 = 0x1000;
const MN_HA: [u8; 16] = *b"0123456789abcdef";
const MN_AAA: [u8; 20] = *b"a key of the AAA one";
/// An NTP timestamp in 2026.
const NOW: u64 = 0xed00_5d80_1234_5678;

/// A message and how it is authenticated.
struct Authentic {
    message: Message<'static>,
    key: [u8; 16],
    mn_ha: bool,
    mn_aaa: bool,
    timestamp: Option<u64>,
}

fn update(sequence: u16) -> Authentic {
    let flags = UpdateFlags::A | UpdateFlags::H;
    Authentic {
        message: Message::BindingUpdate { sequence, flags, lifetime: 60 },
        key: MN_HA,
        mn_ha: true,
        mn_aaa: false,
        timestamp: None,
    }
}

fn answer(sequence: u16, status: u8) -> Authentic {
    let flags = AckFlags::empty();
    let lifetime = if status < 128 { 60 } else { 0 };
    let message = Message::BindingAcknowledgement { status, flags, sequence, lifetime };
    Authentic { message, ..update(sequence) }
}

impl Authentic {
    fn at(self, timestamp: u64) -> Self {
        Self { timestamp: Some(timestamp), ..self }
    }

    fn up(&self) -> Packet {
        self.packet(&[ip(CAREOF, HOME_AGENT), home_option(HOME)])
    }

    fn down(&self) -> Packet {
        self.packet(&[ip(HOME_AGENT, CAREOF), home_route(HOME)])
    }

    /// Each authentication option is made over all in front of its data.
    fn packet(&self, around: &[mip6_wire::header::Header<'static>]) -> Packet {
        let identifier = b"mn@example.com".to_vec().into();
        let mut options = vec![OptionBody::MobileNodeIdentifier { subtype: 1, identifier }];
        options.extend(self.timestamp.map(|timestamp| OptionBody::ReplayProtection { timestamp }));
        let front = write_packet(around, &RFC6275).len();
        let whole = |options: &[OptionBody<'static>]| {
            let mut packet = around.to_vec();
            packet.push(mobility_with(self.message.clone(), options));
            packet
        };
        let mut add = |kind: Kind, spi: u32, key: &[u8], octets: usize| {
            let option = |data: Vec<u8>| OptionBody::Authentication {
                subtype: kind.subtype(),
                spi,
                data: data.into(),
            };
            options.push(option(vec![0xa7; octets]));
            let written = write_packet(&whole(&options), &RFC6275);
            // The length octet counts the message as it will be.
            let message = &written[front..];
            let at = message.windows(octets).rposition(|w| w.iter().all(|b| *b == 0xa7));
            let made = AuthenticationKey::new(kind, spi, None, key).ok().and_then(|k| {
                let mut message = message.to_vec();
                message[1] = self.units();
                k.data(CAREOF, HOME, &message, at?)
            });
            options.pop();
            options.push(option(made.unwrap_or_default()));
        };
        if self.mn_ha {
            add(Kind::MnHa, SPI, &self.key, 12);
        }
        if self.mn_aaa {
            add(Kind::MnAaa, HMAC_SHA1_SPI, &MN_AAA, 20);
        }
        whole(&options)
    }

    /// Header Len of the message with all its options.
    fn units(&self) -> u8 {
        let data = |n: usize| vec![0; n].into();
        let identifier = b"mn@example.com".to_vec().into();
        let mut options = vec![OptionBody::MobileNodeIdentifier { subtype: 1, identifier }];
        options.extend(self.timestamp.map(|timestamp| OptionBody::ReplayProtection { timestamp }));
        if self.mn_ha {
            options.push(OptionBody::Authentication { subtype: 1, spi: SPI, data: data(12) });
        }
        if self.mn_aaa {
            options.push(OptionBody::Authentication { subtype: 2, spi: 3, data: data(20) });
        }
        let octets = write_packet(&[mobility_with(self.message.clone(), &options)], &RFC6275);
        (octets.len() / 8 - 1) as u8
    }
}

fn scene(name: &'static str, about: &'static str) -> Scene {
    Scene::new(name, about).profile("rfc6275").conversation(1_000)
}

/// The keys of these scenes.
pub(super) fn add_keys(keys: &mut Keys) {
    for (kind, spi, key) in [(Kind::MnHa, SPI, &MN_HA[..]), (Kind::MnAaa, HMAC_SHA1_SPI, &MN_AAA)] {
        if let Ok(key) = AuthenticationKey::new(kind, spi, None, key) {
            keys.authentication.add(key);
        }
    }
}

fn key_file() -> String {
    format!(
        "# Test keys.\nauthentication:\n  - {{kind: mn-ha, spi: {SPI:#x}, key: {}, home: \"{HOME}\"}}\n  \
         - {{kind: mn-aaa, spi: {HMAC_SHA1_SPI}, key: {}}}\n",
        Value::Bytes(&MN_HA),
        Value::Bytes(&MN_AAA)
    )
}

fn registrations() -> Scene {
    scene("conversations/authentication", "Registrations under RFC 4285, with its keys.")
        .keys(key_file())
        .good("MN-HA", update(1).up())
        .good("answered", answer(1, 0).down())
        .good("MN-HA and MN-AAA", Authentic { mn_aaa: true, ..update(2) }.up())
        .good("answered by MN-HA", answer(2, 0).down())
        .good("with a timestamp", update(3).at(NOW).up())
        .good("answered with it", answer(3, 0).at(NOW).down())
        .good("with a later one, out of time", update(4).at(NOW + 1).up())
        .good(
            "refused, with the time of the home agent",
            answer(4, 144).at(NOW + (9 << 32) + 1).down(),
        )
        .good("an earlier one than was refused", update(5).at(NOW + 1).up())
        .good("refused for another reason", answer(5, 130).at(NOW + 1).down())
        .good("Home Test Init under protection", init(true))
        .good("the timestamp again, under protection and without authentication", protected(7, NOW))
        .good("MN-AAA of another algorithm", Authentic { mn_ha: false, ..update(8) }.other())
}

impl Authentic {
    /// With MN-AAA under an SPI whose algorithm is not known here.
    fn other(&self) -> Packet {
        let identifier = b"mn@example.com".to_vec().into();
        let options = [
            OptionBody::MobileNodeIdentifier { subtype: 1, identifier },
            OptionBody::Authentication { subtype: 2, spi: 5, data: vec![9; 16].into() },
        ];
        vec![
            ip(CAREOF, HOME_AGENT),
            home_option(HOME),
            mobility_with(self.message.clone(), &options),
        ]
    }
}

/// A registration under AH, with a timestamp that nothing authenticates.
fn protected(sequence: u16, timestamp: u64) -> Packet {
    let options = [
        OptionBody::AlternateCareof { address: CAREOF },
        OptionBody::ReplayProtection { timestamp },
    ];
    vec![
        ip(CAREOF, HOME_AGENT),
        home_option(HOME),
        ah(1, 1),
        mobility_with(update(sequence).message, &options),
    ]
}

/// Home Test Init through the home agent.
fn init(protected: bool) -> Packet {
    let init = mobility(Message::HomeTestInit { reserved: 0, cookie: 0x77 });
    let mut packet = vec![ip(CAREOF, HOME_AGENT)];
    packet.extend(protected.then(|| ah(1, 1)));
    packet.extend([ip(HOME, CORRESPONDENT), init]);
    packet
}

fn broken() -> Scene {
    let none = |a: Authentic| Authentic { mn_ha: false, ..a };
    scene("conversations/broken-authentication", "Registrations under RFC 4285 that break it.")
        .keys(key_file())
        .good("MN-HA", update(1).up())
        .bad("answered without", none(answer(1, 0)).down(), &["BOOT-AUTH-009", "MIP6-SEC-001"])
        .bad("by another key", Authentic { key: [7; 16], ..update(2) }.up(), &["BOOT-AUTH-007"])
        .bad(
            "answered by another key",
            Authentic { key: [8; 16], ..answer(2, 146) }.down(),
            &["BOOT-AUTH-007"],
        )
        .bad("MN-AAA over something else", flipped(), &["BOOT-AUTH-015"])
        .bad(
            "answered without MN-HA",
            none(answer(3, 0)).down(),
            &["BOOT-AUTH-014", "MIP6-SEC-001"],
        )
        .bad("a registration without", unsigned(4), &["BOOT-AUTH-010", "MIP6-SEC-001"])
        .bad("without identity", nameless(5), &["BOOT-AUTH-001"])
        .after(2_000)
        .good("with a timestamp", update(6).at(NOW).up())
        .bad("answered with another", answer(6, 0).at(NOW + 1).down(), &["BOOT-AUTH-020"])
        .bad("the same timestamp again", update(7).at(NOW).up(), &["BOOT-AUTH-018"])
        .bad("answered without one", answer(7, 0).down(), &["BOOT-AUTH-020"])
        .good("a later one", update(8).at(NOW + 5).up())
        .bad("refused, with other low bits", answer(8, 144).at(NOW + 6).down(), &["BOOT-AUTH-020"])
        .bad("Home Test Init in the clear", init(false), &["BOOT-AUTH-025", "MIP6-HA-RRP-003"])
        .bad(
            "prefix discovery in the clear",
            vec![ip(CAREOF, HOME_AGENT), home_option(HOME), prefix_solicitation(1, 0)],
            &["BOOT-AUTH-025", "MIP6-ICMP-006"],
        )
}

/// An update with MN-AAA whose lifetime was changed on the way.
fn flipped() -> Packet {
    let mut packet = Authentic { mn_ha: false, mn_aaa: true, ..update(3) }.up();
    if let Some(mip6_wire::header::Header::Mobility(h)) = packet.last_mut() {
        let flags = UpdateFlags::A | UpdateFlags::H;
        h.message = Message::BindingUpdate { sequence: 3, flags, lifetime: 61 };
    }
    packet
}

/// A registration in the clear without any authentication.
fn unsigned(sequence: u16) -> Packet {
    let alternate = [OptionBody::AlternateCareof { address: CAREOF }];
    vec![
        ip(CAREOF, HOME_AGENT),
        home_option(HOME),
        mobility_with(update(sequence).message, &alternate),
    ]
}

/// An update that does not say whose it is.
fn nameless(sequence: u16) -> Packet {
    let message = update(sequence).message;
    let draft = |data: Vec<u8>| {
        let option = OptionBody::Authentication { subtype: 1, spi: SPI, data: data.into() };
        vec![ip(CAREOF, HOME_AGENT), home_option(HOME), mobility_with(message.clone(), &[option])]
    };
    let packet = draft(vec![0xa7; 12]);
    let front = write_packet(&packet[..2], &RFC6275).len();
    let octets = write_packet(&packet, &RFC6275);
    let at = octets[front..].windows(12).position(|w| w == [0xa7; 12]);
    let key = AuthenticationKey::new(Kind::MnHa, SPI, None, &MN_HA).ok();
    let made = key.and_then(|k| k.data(CAREOF, HOME, &octets[front..], at?));
    made.map_or(packet, draft)
}

fn without_keys() -> Scene {
    let other: Ipv6Addr = CORRESPONDENT;
    scene("conversations/authentication-without-keys", "The same without keys.")
        .inconclusive("BOOT-AUTH-007", 4)
        .inconclusive("BOOT-AUTH-015", 1)
        .inconclusive("MIP6-MSG-026", 1)
        .good("MN-HA and MN-AAA", Authentic { mn_aaa: true, ..update(1) }.up())
        .good("answered", answer(1, 0).down())
        .good(
            "an answer to what was not captured",
            answer(9, 0).at(NOW).packet(&[ip(other, CAREOF), home_route(HOME)]),
        )
        .good("a registration of long ago, renewed", update(2).at(NOW).up())
}
