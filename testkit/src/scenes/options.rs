//! Every mobility option, and lists of them that are wrong.

use mip6_wire::codes::RFC6275;
use mip6_wire::header::Header;
use mip6_wire::mobility::{AckFlags, Message, Mobility, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    ACCESS_ROUTER, CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, ah, authenticator,
    binding_acknowledgement, binding_update, home_option, home_route, ip, mobility_by,
    mobility_with, return_routability,
};
use crate::samples;

pub(super) fn scenes() -> Vec<Scene> {
    vec![every(), lists(), places()]
}

/// A proxy registration (RFC 5213 8.1) may carry about anything.
fn proxy_update(options: &[OptionBody<'_>]) -> Packet {
    vec![
        ip(ACCESS_ROUTER, HOME_AGENT),
        ah(3, 1),
        mobility_with(
            binding_update(UpdateFlags::A | UpdateFlags::H | UpdateFlags::P, 60),
            options,
        ),
    ]
}

fn every() -> Scene {
    let scene = Scene::new(
        "mip6/options",
        "One of each mobility option; most in a proxy registration, where nothing forbids them.",
    )
    .profile("rfc6275");
    samples::options().into_iter().fold(scene, |scene, option| {
        let title = option.format().title();
        let packet = match &option {
            OptionBody::BindingRefreshAdvice { .. } => vec![
                ip(HOME_AGENT, CAREOF),
                home_route(HOME),
                ah(2, 1),
                mobility_with(acknowledgement(60), &[option]),
            ],
            OptionBody::NonceIndices { .. } | OptionBody::BindingAuthorization { .. } => {
                crate::build::correspondent_update(UpdateFlags::A, 60)
            }
            _ => proxy_update(&[option]),
        };
        scene.good(title, packet)
    })
}

fn acknowledgement(lifetime: u16) -> Message<'static> {
    binding_acknowledgement(0, AckFlags::empty(), lifetime)
}

fn update() -> Message<'static> {
    binding_update(UpdateFlags::A, 60)
}

/// A message to or from a correspondent with a list of options as it is.
fn raw(message: Message<'static>, options: &[u8]) -> Packet {
    let list = options.to_vec();
    let header = Mobility { options: list.into(), ..mobility_by(&RFC6275, message, &[]) };
    vec![ip(CAREOF, CORRESPONDENT), Header::Mobility(header)]
}

fn lists() -> Scene {
    let hoti = || Message::HomeTestInit { reserved: 0, cookie: 1 };
    let update_with = |options: &[u8]| {
        let mut p = raw(update(), options);
        p.insert(1, home_option(HOME));
        p
    };
    // Nonce Indices at an offset of 2n, Binding Authorization Data at 8n+2.
    let nonces = [4, 4, 0, 3, 0, 4];
    let auth = [5, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let right: Vec<u8> = [&nonces[..], &auth[..]].concat();
    Scene::new("mip6/option-lists", "Lists of mobility options: padding, lengths, places.")
        .profile("rfc6275")
        .good("authorized Binding Update", update_with(&right))
        .bad(
            "PadN behind the authenticator",
            update_with(&[&right[..], &[1, 6, 0, 0, 0, 0, 0, 0]].concat()),
            &["MIP6-OPT-003"],
        )
        .bad(
            "Nonce Indices behind the authenticator",
            update_with(&[&[1, 4, 0, 0, 0, 0][..], &auth[..], &nonces[..], &[0, 0]].concat()),
            // The padding at the end stands behind the authenticator too.
            &["MIP6-OPT-002", "MIP6-OPT-003", "MIP6-OPT-003", "MIP6-OPT-007"],
        )
        .good("PadN of six octets", raw(hoti(), &[1, 6, 0, 0, 0, 0, 0, 0]))
        .bad("PadN that is not zero", raw(hoti(), &[1, 6, 0, 0, 9, 0, 0, 0]), &["MIP6-OPT-009"])
        .bad(
            "an option that ends behind the header, which leaves open what else there is",
            update_with(&[6, 0x2a, 2, 0]),
            &["MIP6-MH-010"],
        )
        .bad("a row of Pad1", raw(hoti(), &[0; 8]), &["MIP6-OPT-007"])
        .bad("Pad1 instead of PadN", raw(hoti(), &[0, 0, 1, 4, 0, 0, 0, 0]), &["MIP6-OPT-007"])
        .bad(
            "octets that are no option behind the fixed part",
            raw(hoti(), &[200, 200, 0, 0, 0, 0, 0, 0]),
            &["MIP6-MH-010"],
        )
        .bad(
            "an option that ends behind the header",
            raw(hoti(), &[1, 0, 200, 99, 0, 0, 0, 0]),
            &["MIP6-OPT-004"],
        )
        .bad(
            "an option type in the last octet",
            raw(hoti(), &[1, 5, 0, 0, 0, 0, 0, 200]),
            &["MIP6-OPT-001"],
        )
        .bad(
            "Alternate Care-of Address off its boundary",
            {
                let mut list = vec![3, 16];
                list.extend(CAREOF.octets());
                list.extend([1, 0]);
                let mut p = proxy_update(&[]);
                if let Some(Header::Mobility(h)) = p.last_mut() {
                    h.options = list.into();
                }
                p
            },
            &["MIP6-OPT-006"],
        )
}

fn places() -> Scene {
    let answer = |options: &[OptionBody<'_>]| {
        vec![
            ip(HOME_AGENT, CAREOF),
            home_route(HOME),
            ah(2, 1),
            mobility_with(acknowledgement(60), options),
        ]
    };
    let plain = |message, options: &[OptionBody<'_>]| {
        vec![ip(CAREOF, CORRESPONDENT), mobility_with(message, options)]
    };
    let hoti = || Message::HomeTestInit { reserved: 0, cookie: 1 };
    let refresh = |interval| OptionBody::BindingRefreshAdvice { interval };
    Scene::new("mip6/option-places", "Options in messages that must not have them.")
        .profile("rfc6275")
        .good("Binding Refresh Advice below the lifetime", answer(&[refresh(59)]))
        .bad(
            "Binding Refresh Advice as long as the lifetime",
            answer(&[refresh(60)]),
            &["MIP6-OPT-012"],
        )
        .bad(
            "Binding Refresh Advice in a Home Test Init",
            plain(hoti(), &[refresh(5)]),
            &["MIP6-OPT-011"],
        )
        .bad(
            "Binding Refresh Advice from a correspondent",
            vec![
                ip(CORRESPONDENT, CAREOF),
                home_route(HOME),
                mobility_with(acknowledgement(60), &[refresh(5), authenticator()]),
            ],
            &["MIP6-OPT-011"],
        )
        .bad(
            "Alternate Care-of Address in a Home Test Init",
            plain(hoti(), &[OptionBody::AlternateCareof { address: CAREOF }]),
            &["MIP6-OPT-013"],
        )
        .bad(
            "Nonce Indices in a Home Test Init",
            plain(hoti(), &[OptionBody::NonceIndices { home: 1, careof: 2 }]),
            &["MIP6-OPT-015"],
        )
        .bad(
            "Nonce Indices in a home registration",
            vec![
                ip(CAREOF, HOME_AGENT),
                home_option(HOME),
                ah(1, 1),
                mobility_with(
                    binding_update(UpdateFlags::A | UpdateFlags::H, 60),
                    &[
                        OptionBody::AlternateCareof { address: CAREOF },
                        OptionBody::NonceIndices { home: 1, careof: 2 },
                    ],
                ),
            ],
            &["MIP6-OPT-015"],
        )
        .bad(
            "Binding Authorization Data in a Home Test Init",
            plain(hoti(), &[authenticator()]),
            &["MIP6-OPT-017"],
        )
        .bad(
            "Binding Authorization Data of 20 octets",
            vec![
                ip(CAREOF, CORRESPONDENT),
                home_option(HOME),
                mobility_with(
                    update(),
                    &[
                        OptionBody::NonceIndices { home: 1, careof: 2 },
                        OptionBody::BindingAuthorization { authenticator: vec![7; 20].into() },
                    ],
                ),
            ],
            &["MIP6-OPT-017"],
        )
        .good(
            "Nonce Indices and Binding Authorization Data towards a correspondent",
            vec![
                ip(CAREOF, CORRESPONDENT),
                home_option(HOME),
                mobility_with(update(), &return_routability()),
            ],
        )
}
