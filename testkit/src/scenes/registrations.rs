//! Registrations with a home agent and with correspondents, and what they
//! forget.

use mip6_wire::mobility::{AckFlags, OptionBody, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, ah, authenticator, binding_acknowledgement,
    binding_update, correspondent_update, home_option, home_route, ip, mobility, mobility_with,
    registration, registration_answer,
};
use crate::samples::HOME_PREFIX;

pub(super) fn scenes() -> Vec<Scene> {
    vec![home(), correspondent(), networks()]
}

fn home() -> Scene {
    let both = UpdateFlags::A | UpdateFlags::H;
    let alternate = [OptionBody::AlternateCareof { address: CAREOF }];
    Scene::new("mip6/home-registration", "Registrations with the home agent.")
        .profile("rfc6275")
        .good("registration", registration(both | UpdateFlags::L | UpdateFlags::K, 60))
        .good("answer", registration_answer(0, AckFlags::K, 60))
        .bad("A clear", registration(UpdateFlags::H, 60), &["MIP6-MN-BU-002"])
        .bad(
            "in the clear",
            vec![
                ip(CAREOF, HOME_AGENT),
                home_option(HOME),
                mobility_with(binding_update(both, 60), &alternate),
            ],
            &["MIP6-SEC-001"],
        )
        .bad(
            "answer in the clear",
            vec![
                ip(HOME_AGENT, CAREOF),
                home_route(HOME),
                mobility(binding_acknowledgement(0, AckFlags::empty(), 60)),
            ],
            &["MIP6-SEC-001"],
        )
        .bad(
            "without Home Address option",
            vec![
                ip(CAREOF, HOME_AGENT),
                ah(1, 1),
                mobility_with(binding_update(both, 60), &alternate),
            ],
            &["IPSEC-FMT-001", "MIP6-MN-BU-003"],
        )
        .good(
            "in the clear, authenticated by RFC 4285",
            vec![
                ip(CAREOF, HOME_AGENT),
                home_option(HOME),
                mobility_with(
                    binding_update(both, 60),
                    &[
                        OptionBody::MobileNodeIdentifier {
                            subtype: 1,
                            identifier: b"mn@example.com".to_vec().into(),
                        },
                        OptionBody::Authentication {
                            subtype: 1,
                            spi: 0x1000,
                            data: vec![3; 12].into(),
                        },
                    ],
                ),
            ],
        )
        .good(
            "return home",
            vec![ip(HOME, HOME_AGENT), ah(1, 1), mobility(binding_update(both, 0))],
        )
}

fn correspondent() -> Scene {
    let a = UpdateFlags::A;
    let answer = |status, lifetime, options: &[OptionBody<'_>]| {
        vec![
            ip(CORRESPONDENT, CAREOF),
            home_route(HOME),
            mobility_with(binding_acknowledgement(status, AckFlags::empty(), lifetime), options),
        ]
    };
    let with = |options: &[OptionBody<'_>], lifetime| {
        vec![
            ip(CAREOF, CORRESPONDENT),
            home_option(HOME),
            mobility_with(binding_update(a, lifetime), options),
        ]
    };
    Scene::new("mip6/correspondent-registration", "Registrations with a correspondent node.")
        .profile("rfc6275")
        .good("registration", correspondent_update(a, 105))
        .good("answer", answer(0, 105, &[authenticator()]))
        .bad("longer than 420 seconds", correspondent_update(a, 106), &["MIP6-MN-CREG-012"])
        .bad(
            "granted longer than 420 seconds",
            answer(0, 106, &[authenticator()]),
            &["MIP6-RR-017"],
        )
        .bad("without options", with(&[], 60), &["MIP6-MN-CREG-007"])
        .bad("without Nonce Indices", with(&[authenticator()], 60), &["MIP6-MN-CREG-007"])
        .bad(
            "without Binding Authorization Data",
            with(&[OptionBody::NonceIndices { home: 1, careof: 1 }], 60),
            // Nonce Indices alone stand for nothing.
            &["MIP6-MN-CREG-007", "MIP6-OPT-015"],
        )
        .good(
            "deletion",
            vec![
                ip(HOME, CORRESPONDENT),
                mobility_with(
                    binding_update(a, 0),
                    &[OptionBody::NonceIndices { home: 3, careof: 0 }, authenticator()],
                ),
            ],
        )
        .bad("deletion with a care-of nonce", correspondent_update(a, 0), &["MIP6-MN-CREG-006"])
        .good("refusal: expired home nonce", answer(136, 0, &[]))
        .bad(
            "refusal for an expired nonce, authenticated",
            answer(137, 0, &[authenticator()]),
            &["MIP6-CN-BA-006"],
        )
        .bad("refusal without authenticator", answer(128, 0, &[]), &["MIP6-SEC-001"])
}

fn networks() -> Scene {
    let prefix = |reserved, len| OptionBody::Prefix {
        format: mip6_wire::codes::OptionFormat::MobileNetworkPrefix,
        reserved,
        len,
        prefix: HOME_PREFIX,
    };
    let router = |flags, option: OptionBody<'static>| {
        vec![
            ip(CAREOF, HOME_AGENT),
            home_option(HOME),
            ah(1, 1),
            mobility_with(
                binding_update(flags, 60),
                &[OptionBody::AlternateCareof { address: CAREOF }, option],
            ),
        ]
    };
    let all = UpdateFlags::A | UpdateFlags::H | UpdateFlags::R;
    let short = OptionBody::Unknown(vec![0, 64, 0x20, 1].into());
    Scene::new("mip6/mobile-routers", "Mobile routers register their networks (RFC 3963).")
        .profile("rfc6275")
        .good("a mobile router and its prefix", router(all, prefix(0, 64)))
        .bad(
            "R without H",
            correspondent_update(UpdateFlags::A | UpdateFlags::R, 60),
            &["NEMO-001"],
        )
        .bad("prefix with its reserved field set", router(all, prefix(1, 64)), &["NEMO-002"])
        .bad("prefix of 129 bits", router(all, prefix(0, 129)), &["NEMO-002"])
        .bad(
            "prefix option of 4 octets",
            {
                let mut p = router(all, prefix(0, 64));
                p.pop();
                let mut h = crate::build::mobility_by(
                    &mip6_wire::codes::RFC6275,
                    binding_update(all, 60),
                    &[OptionBody::AlternateCareof { address: CAREOF }],
                );
                let list = mip6_wire::mobility::options::OptionsBuilder::new(12)
                    .raw(&h.options)
                    .raw(&[1, 2, 0, 0])
                    .option(6, short, &mip6_wire::codes::RFC6275)
                    .build();
                h.options = list.into();
                p.push(mip6_wire::header::Header::Mobility(h));
                p
            },
            &["NEMO-002"],
        )
}
