//! The header orders of RFC 3776 section 3, right and wrong: under ESP as far
//! as they show in the clear, under AH from end to end.

use mip6_wire::codes::{NdFormat, RFC6275};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6Body, kind};
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, PREVIOUS_CAREOF, Packet, ROUTERS, ah,
    binding_acknowledgement, binding_update, esp, home_option, home_route, icmpv6, ip, mobility,
    mobility_with, nd_options, prefix_solicitation, registration, registration_answer, udp,
};
use crate::samples::{HOME_PREFIX, home_prefix};

pub(super) fn scenes() -> Vec<Scene> {
    vec![registrations(), tests(), discovery(), payload(), under_esp()]
}

const BOTH: UpdateFlags = UpdateFlags::A.union(UpdateFlags::H);

fn update(lifetime: u16) -> Message<'static> {
    binding_update(BOTH, lifetime)
}

fn answer(lifetime: u16) -> Message<'static> {
    binding_acknowledgement(0, AckFlags::empty(), lifetime)
}

fn registrations() -> Scene {
    let alternate = |address| [OptionBody::AlternateCareof { address }];
    let away = |options: &[OptionBody<'_>]| {
        vec![
            ip(CAREOF, HOME_AGENT),
            home_option(HOME),
            ah(1, 1),
            mobility_with(update(60), options),
        ]
    };
    Scene::new("ipsec/registrations", "Home registrations under AH (RFC 3776 3.1).")
        .profile("rfc6275")
        .good("Binding Update, away", registration(BOTH, 60))
        .good("Binding Acknowledgement, away", registration_answer(0, AckFlags::empty(), 60))
        .good("Binding Update, at home", vec![ip(HOME, HOME_AGENT), ah(1, 2), mobility(update(0))])
        .good(
            "Binding Acknowledgement, at home",
            vec![ip(HOME_AGENT, HOME), ah(2, 2), mobility(answer(0))],
        )
        .good(
            "Binding Update in tunnel mode, as RFC 4877 allows",
            vec![
                ip(CAREOF, HOME_AGENT),
                ah(1, 1),
                ip(HOME, HOME_AGENT),
                mobility_with(update(60), &alternate(CAREOF)),
            ],
        )
        .bad(
            "Binding Update, away, without Home Address option",
            vec![ip(CAREOF, HOME_AGENT), ah(1, 1), mobility_with(update(60), &alternate(CAREOF))],
            &["IPSEC-FMT-001", "MIP6-MN-BU-003"],
        )
        .good("Binding Update without Alternate Care-of Address, which AH makes good", away(&[]))
        .bad(
            "the same without IPsec",
            vec![ip(CAREOF, HOME_AGENT), home_option(HOME), mobility(update(60))],
            &["MIP6-MN-BU-004", "MIP6-SEC-001"],
        )
        .bad(
            "Binding Update whose Alternate Care-of Address is another",
            away(&alternate(PREVIOUS_CAREOF)),
            &["IPSEC-FMT-001"],
        )
        .bad(
            "Home Address option behind AH",
            vec![
                ip(CAREOF, HOME_AGENT),
                ah(1, 1),
                home_option(HOME),
                mobility_with(update(60), &alternate(CAREOF)),
            ],
            &["IPSEC-FMT-018", "MIP6-HAO-003"],
        )
        .bad(
            "Binding Acknowledgement, away, without Type 2 routing header",
            vec![ip(HOME_AGENT, CAREOF), ah(2, 1), mobility(answer(60))],
            &["IPSEC-FMT-002"],
        )
        .bad(
            "Type 2 routing header behind AH",
            vec![ip(HOME_AGENT, CAREOF), ah(2, 1), home_route(HOME), mobility(answer(60))],
            &["IPSEC-FMT-018", "MIP6-RH2-008"],
        )
        .bad(
            "Binding Update, at home, under two AH",
            vec![ip(HOME, HOME_AGENT), ah(1, 1), ah(3, 1), mobility(update(0))],
            &["IPSEC-FMT-003"],
        )
        .bad(
            "Binding Acknowledgement, at home, under two AH",
            vec![ip(HOME_AGENT, HOME), ah(2, 1), ah(4, 1), mobility(answer(0))],
            &["IPSEC-FMT-004"],
        )
}

fn tests() -> Scene {
    let init = || mobility(Message::HomeTestInit { reserved: 0, cookie: 1 });
    let test = || mobility(Message::HomeTest { nonce_index: 1, cookie: 1, token: 2 });
    Scene::new("ipsec/return-routability", "Home tests through the tunnel (RFC 3776 3.2).")
        .profile("rfc6275")
        .good(
            "Home Test Init",
            vec![ip(CAREOF, HOME_AGENT), ah(1, 1), ip(HOME, CORRESPONDENT), init()],
        )
        .good("Home Test", vec![ip(HOME_AGENT, CAREOF), ah(2, 1), ip(CORRESPONDENT, HOME), test()])
        .good(
            "Home Test Init in somebody's tunnel on the way",
            vec![ip(ROUTERS[0], ROUTERS[1]), ip(HOME, CORRESPONDENT), init()],
        )
        .good(
            "Home Test in somebody's tunnel on the way",
            vec![ip(ROUTERS[1], ROUTERS[0]), ip(CORRESPONDENT, HOME), test()],
        )
        .bad(
            "Home Test Init in a tunnel in the clear",
            vec![ip(CAREOF, HOME_AGENT), ip(HOME, CORRESPONDENT), init()],
            &["MIP6-HA-RRP-003"],
        )
        .bad(
            "Home Test in a tunnel in the clear",
            vec![ip(HOME_AGENT, CAREOF), ip(CORRESPONDENT, HOME), test()],
            &["MIP6-HA-RRP-003"],
        )
        .bad(
            "Home Test Init with a Home Address option around the tunnel",
            vec![
                ip(CAREOF, HOME_AGENT),
                home_option(HOME),
                ah(1, 1),
                ip(HOME, CORRESPONDENT),
                init(),
            ],
            &["IPSEC-FMT-009"],
        )
        .bad(
            "Home Test Init in two tunnels",
            vec![
                ip(CAREOF, HOME_AGENT),
                ah(1, 1),
                ip(CAREOF, HOME_AGENT),
                ip(HOME, CORRESPONDENT),
                init(),
            ],
            &["IPSEC-FMT-007"],
        )
        .bad(
            "Home Test with a Type 2 routing header around the tunnel",
            vec![
                ip(HOME_AGENT, CAREOF),
                home_route(HOME),
                ah(2, 1),
                ip(CORRESPONDENT, HOME),
                test(),
            ],
            &["IPSEC-FMT-008"],
        )
}

fn discovery() -> Scene {
    let solicitation = || prefix_solicitation(1, 0);
    let advertisement = || {
        let prefix = (NdFormat::PrefixInformation, home_prefix(HOME_PREFIX));
        icmpv6(
            kind::PREFIX_ADVERTISEMENT,
            Icmpv6Body::PrefixAdvertisement {
                identifier: 1,
                flags: 0,
                options: nd_options(&RFC6275, &[prefix]).into(),
            },
        )
    };
    Scene::new("ipsec/prefix-discovery", "Prefix discovery under AH (RFC 3776 3.3).")
        .profile("rfc6275")
        .good(
            "Mobile Prefix Solicitation",
            vec![ip(CAREOF, HOME_AGENT), home_option(HOME), ah(1, 1), solicitation()],
        )
        .good(
            "Mobile Prefix Advertisement",
            vec![ip(HOME_AGENT, CAREOF), home_route(HOME), ah(2, 1), advertisement()],
        )
        .bad(
            "Mobile Prefix Solicitation without Home Address option",
            vec![ip(CAREOF, HOME_AGENT), ah(1, 1), solicitation()],
            &["IPSEC-FMT-013", "MIP6-ICMP-005"],
        )
        .bad(
            "Mobile Prefix Advertisement without Type 2 routing header",
            vec![ip(HOME_AGENT, CAREOF), ah(2, 1), advertisement()],
            &["IPSEC-FMT-014", "MIP6-ICMP-009"],
        )
        .bad(
            "Home Address option behind AH",
            vec![ip(CAREOF, HOME_AGENT), ah(1, 1), home_option(HOME), solicitation()],
            &["IPSEC-FMT-018", "MIP6-HAO-003"],
        )
}

fn payload() -> Scene {
    let data = |headers: Vec<Header<'static>>| {
        let mut p: Packet = headers;
        p.extend(udp(5004, 5004, vec![0x77; 16]));
        p
    };
    Scene::new("ipsec/payload", "Payload through the tunnel under AH (RFC 3776 3.4).")
        .profile("rfc6275")
        .good("up", data(vec![ip(CAREOF, HOME_AGENT), ah(1, 1), ip(HOME, CORRESPONDENT)]))
        .good("down", data(vec![ip(HOME_AGENT, CAREOF), ah(2, 1), ip(CORRESPONDENT, HOME)]))
        .good(
            "between networks without mobile nodes",
            data(vec![
                ip(ROUTERS[0], ROUTERS[1]),
                ip(PREVIOUS_CAREOF, HOME_AGENT),
                ah(1, 1),
                ip(CAREOF, CORRESPONDENT),
            ]),
        )
        .bad(
            "up, with a Home Address option around the tunnel",
            data(vec![
                ip(CAREOF, HOME_AGENT),
                home_option(HOME),
                ah(1, 1),
                ip(HOME, CORRESPONDENT),
            ]),
            &["IPSEC-FMT-015"],
        )
        .bad(
            "down, with a Type 2 routing header around the tunnel",
            data(vec![ip(HOME_AGENT, CAREOF), home_route(HOME), ah(2, 1), ip(CORRESPONDENT, HOME)]),
            &["IPSEC-FMT-016"],
        )
        .good(
            "up, tunnelled in the clear",
            data(vec![ip(CAREOF, HOME_AGENT), ip(HOME, CORRESPONDENT)]),
        )
}

fn under_esp() -> Scene {
    let secret =
        |n: u8| esp(0x100 + u32::from(n), 1, (0..48u8).map(|i| i.wrapping_mul(n) ^ 0x5c).collect());
    Scene::new("ipsec/esp", "The formats of RFC 3776 3 under ESP: what precedes it shows.")
        .profile("rfc6275")
        .good("up, away", vec![ip(CAREOF, HOME_AGENT), home_option(HOME), secret(1)])
        .good("down, away", vec![ip(HOME_AGENT, CAREOF), home_route(HOME), secret(2)])
        .good("up, at home", vec![ip(HOME, HOME_AGENT), secret(3)])
        .good("down, at home", vec![ip(HOME_AGENT, HOME), secret(4)])
        .good("up, in a tunnel", vec![ip(CAREOF, HOME_AGENT), secret(5)])
        .bad(
            "Type 2 routing header behind the Home Address option",
            vec![ip(CAREOF, HOME_AGENT), home_option(HOME), home_route(HOME), secret(6)],
            &["MIP6-HAO-003"],
        )
        .good("under ESP and AH", vec![ip(HOME, HOME_AGENT), ah(1, 1), secret(7)])
}
