//! Every message, as it should be and with its own fields wrong.

use mip6_wire::codes::RFC6275;
use mip6_wire::header::Header;
use mip6_wire::layout::Auto;
use mip6_wire::mobility::{AckFlags, Message, Mobility, UpdateFlags};

use super::Scene;
use crate::build::{
    CAREOF, CORRESPONDENT, HOME, HOME_AGENT, Packet, ah, binding_acknowledgement, binding_update,
    home_option, home_route, ip, mobility, mobility_by, mobility_with, registration,
    registration_answer,
};
use crate::samples;

pub(super) fn scenes() -> Vec<Scene> {
    vec![every(), faults(), acknowledgements()]
}

/// Around a message what it needs to break nothing.
fn dressed(message: Message<'static>) -> Packet {
    match message {
        Message::BindingUpdate { flags, .. } => registration(flags, 60),
        Message::BindingAcknowledgement { status, flags, .. } => {
            registration_answer(status, flags, 60)
        }
        other => vec![ip(CAREOF, CORRESPONDENT), mobility(other)],
    }
}

fn every() -> Scene {
    let scene = Scene::new("mip6/messages", "One of each Mobility Header message, all in order.")
        .profile("rfc6275");
    samples::messages().into_iter().fold(scene, |scene, message| {
        let title = message.format().title();
        scene.good(title, dressed(message))
    })
}

/// A message with its header changed.
fn changed(message: Message<'static>, change: impl FnOnce(&mut Mobility<'static>)) -> Packet {
    let mut packet = dressed(message);
    if let Some(Header::Mobility(h)) = packet.last_mut() {
        change(h);
    }
    packet
}

fn faults() -> Scene {
    let hoti = || Message::HomeTestInit { reserved: 0, cookie: 1 };
    let coti = || Message::CareofTestInit { reserved: 0, cookie: 1 };
    let hot = || Message::HomeTest { nonce_index: 1, cookie: 1, token: 1 };
    let cot = || Message::CareofTest { nonce_index: 1, cookie: 1, token: 1 };
    let error = |status, reserved| Message::BindingError { status, reserved, home_address: HOME };
    let short = |message, len: u8| {
        changed(message, |h| {
            h.len = Auto::Fixed(len);
            h.options = Vec::new().into();
        })
    };
    Scene::new("mip6/message-faults", "Messages with fields that their formats forbid.")
        .profile("rfc6275")
        .good(
            "Binding Refresh Request without options",
            dressed(Message::BindingRefreshRequest { reserved: 0 }),
        )
        .bad(
            "Binding Refresh Request with its reserved field set",
            dressed(Message::BindingRefreshRequest { reserved: 1 }),
            &["MIP6-MSG-001"],
        )
        .bad(
            "Home Test Init with its reserved field set",
            dressed(Message::HomeTestInit { reserved: 0x8000, cookie: 1 }),
            &["MIP6-MSG-003"],
        )
        .bad(
            "Care-of Test Init with its reserved field set",
            dressed(Message::CareofTestInit { reserved: 0x00ff, cookie: 1 }),
            &["MIP6-MSG-005"],
        )
        .bad("Home Test Init with Header Len 0", short(hoti(), 0), &["MIP6-MSG-003"])
        .bad("Care-of Test Init with Header Len 0", short(coti(), 0), &["MIP6-MSG-005"])
        .bad("Home Test with Header Len 1", short(hot(), 1), &["MIP6-MSG-007"])
        .bad("Care-of Test with Header Len 1", short(cot(), 1), &["MIP6-MSG-008"])
        .bad("Binding Error with Header Len 1", short(error(1, 0), 1), &["MIP6-MSG-029"])
        .bad("Binding Error of status 3", dressed(error(3, 0)), &["MIP6-MSG-029"])
        .bad("Binding Error with its reserved field set", dressed(error(1, 9)), &["MIP6-MSG-029"])
        .bad(
            "Binding Error about a multicast home address",
            dressed(Message::BindingError {
                status: 2,
                reserved: 0,
                home_address: crate::build::ALL_NODES,
            }),
            &["MIP6-NODE-002"],
        )
        .bad(
            "Binding Update with a reserved flag bit",
            registration(UpdateFlags::A | UpdateFlags::H | UpdateFlags::from_bits_retain(1), 60),
            &["MIP6-MSG-009"],
        )
        .bad(
            "Binding Update with K towards a correspondent",
            crate::build::correspondent_update(UpdateFlags::A | UpdateFlags::K, 60),
            &["MIP6-MSG-014"],
        )
        .bad(
            "Binding Update without options that is longer than its padding asks for",
            vec![
                ip(HOME, HOME_AGENT),
                ah(1, 1),
                Header::Mobility(Mobility {
                    options: vec![1, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].into(),
                    ..mobility_by(&RFC6275, binding_update(UpdateFlags::A | UpdateFlags::H, 0), &[])
                }),
            ],
            &["MIP6-MSG-011"],
        )
        .bad(
            "Binding Update from a link-local care-of address without an alternate one",
            vec![
                ip(crate::build::MOBILE_LOCAL, CORRESPONDENT),
                home_option(HOME),
                mobility_with(
                    binding_update(UpdateFlags::A, 60),
                    &crate::build::return_routability(),
                ),
            ],
            &["MIP6-MSG-016"],
        )
}

fn acknowledgements() -> Scene {
    let answer = |status, flags| registration_answer(status, flags, 60);
    Scene::new("mip6/acknowledgements", "Binding Acknowledgements, right and wrong.")
        .profile("rfc6275")
        .good("accepted", answer(0, AckFlags::empty()))
        .good("refused: registration type change disallowed", answer(139, AckFlags::empty()))
        .bad("status 127, which is not registered", answer(127, AckFlags::K), &["MIP6-MSG-024"])
        .bad("reserved flag bit", answer(0, AckFlags::from_bits_retain(1)), &["MIP6-MSG-023"])
        .bad(
            "Header Len 0",
            changed(binding_acknowledgement(0, AckFlags::empty(), 60), |h| h.len = Auto::Fixed(0)),
            &["MIP6-MSG-023"],
        )
        .bad(
            "from a correspondent with K set",
            vec![
                ip(CORRESPONDENT, CAREOF),
                home_route(HOME),
                mobility_with(
                    binding_acknowledgement(0, AckFlags::K, 60),
                    &[crate::build::authenticator()],
                ),
            ],
            &["MIP6-MSG-025"],
        )
        .bad(
            "with Nonce Indices",
            vec![
                ip(HOME_AGENT, CAREOF),
                home_route(HOME),
                ah(2, 1),
                mobility_with(
                    binding_acknowledgement(0, AckFlags::empty(), 60),
                    &[mip6_wire::mobility::OptionBody::NonceIndices { home: 1, careof: 1 }],
                ),
            ],
            &["MIP6-MSG-028"],
        )
}
