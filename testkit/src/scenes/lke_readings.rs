//! Local Key Exchange by other readings of the draft than the default.

use mip6_security::mobility::local::{Coverage, Passage, Reading, Readings};
use mip6_wire::codes::{LKE01, LkeCodes};
use mip6_wire::header::Header;
use mip6_wire::ip::Ipv6Option;
use mip6_wire::ip::options::OptionBody as IpBody;
use mip6_wire::layout::{Auto, Bytes};
use mip6_wire::lke::checksum;
use mip6_wire::mobility::UpdateFlags;
use std::net::Ipv6Addr;

use super::Scene;
use super::lke_conversations::{
    NONCE, home_answer, home_update, please, registered, scene, with_router,
};
use super::lke_packets::{Ask, Bind, Detect, Grant, advertise, offer, offer_as};
use crate::build::{CAREOF, HOME, destination_options, home_route, registration};

/// Every reading but the default is recognized, and told.
pub(super) fn recognized() -> Scene {
    let mut scene = registered(with_router(
        "lke/other-readings",
        "What other readings of the draft make: recognized, and named in a note.",
    ));
    let mut number = 0;
    for padding in [Reading::Oaep, Reading::Raw] {
        number += 1;
        let sequence = u16::from(number);
        let ask = Ask { padding, ..Ask::new(sequence, number) };
        scene = scene
            .bad(padding.text(), ask.packet(), &["LKE-KER-006"])
            .good("acknowledged", Grant::new(sequence, number).packet())
            .pause(60);
    }
    for reading in &Reading::WHOLE[1..] {
        number += 1;
        let (sequence, reading) = (u16::from(number), *reading);
        let test = || Detect { reading, ..Detect::new(u32::from(sequence), number) };
        scene = scene.good("request", Ask::new(sequence, number).packet()).bad(
            format!("acknowledged {}", reading.text()),
            Grant { reading, ..Grant::new(sequence, number) }.packet(),
            &["LKE-KEA-007"],
        );
        // Neither option nor routing header changes an address there.
        let breaks = reading != Reading::PacketSwapped;
        scene = scene
            .bad("tested", test().solicitation(), if breaks { &["LKE-DAD-AR-003"] } else { &[] })
            .bad("claimed", test().reply(), if breaks { &["LKE-DAD-MN-002"] } else { &[] })
            .pause(60);
    }
    let each = Coverage::OTHERS.iter().map(std::slice::from_ref);
    for (i, readings) in (1..).zip(each.chain([&Coverage::OTHERS[..]])) {
        let coverage: Coverage = readings.iter().copied().collect();
        let bind = || Bind { coverage, ..Bind::new(i, number) };
        // Upwards, the order of RFC 6275 is that of the packet.
        let up = readings != [Reading::BaseOrder];
        let text = match readings {
            [one] => one.text(),
            _ => "an authenticator by another reading of each passage",
        };
        scene = scene
            .bad(text, bind().update(), if up { &["LKE-BU-002"] } else { &[] })
            .bad("acknowledged", bind().answer(0, &please()), &["LKE-BA-002"])
            .bad("finished", bind().finished(0, NONCE), if up { &["LKE-BA-008"] } else { &[] });
    }
    scene
}

/// Layouts, encodings, units and times of other readings: recognized, and told where a
/// node had better not make them.
pub(super) fn forms() -> Scene {
    let mut scene = registered(with_router(
        "lke/other-forms",
        "Packets laid out by other readings of the draft.",
    ));
    for encoding in Passage::Encoding.readings().skip(1) {
        scene = scene.bad(encoding.text(), offer_as(encoding), &["LKE-RA-008"]);
    }
    scene = scene.good("the key as before", offer());
    let forms = [
        Reading::LongType,
        Reading::OctetsBehind,
        Reading::PaddingBefore,
        Reading::PadN,
        Reading::PaddingFirst,
        Reading::BareAuthenticator,
        Reading::DestinationOption,
        Reading::WireSource,
    ];
    for (number, form) in (1..).zip(forms) {
        let sequence = u16::from(number);
        let (reading, form) = (form, Readings::default().with(form));
        let test = || Detect { form, ..Detect::new(u32::from(number), number) };
        let bind = || Bind { form, ..Bind::new(sequence, number) };
        let answer = match reading {
            Reading::LongType => &["LKE-KEA-001"][..],
            Reading::DestinationOption => &["LKE-KEA-002"],
            _ => &[],
        };
        let finished = match reading {
            Reading::LongType | Reading::BareAuthenticator => &["LKE-BA-006"][..],
            Reading::WireSource => &["MIP6-MH-007"],
            _ => &[],
        };
        let carried = match reading {
            Reading::DestinationOption => &["MIP6-CN-BA-011"][..],
            _ => &[],
        };
        let asked = match reading {
            Reading::LongType => &["LKE-KER-001"][..],
            // RFC 6275 6.2.2: one PadN.
            Reading::OctetsBehind => &["MIP6-OPT-007"],
            Reading::WireSource => &["MIP6-MH-007"],
            _ => &[],
        };
        scene = scene
            .bad(reading.text(), Ask { form, ..Ask::new(sequence, number) }.packet(), asked)
            .bad("acknowledged", Grant { form, ..Grant::new(sequence, number) }.packet(), answer)
            .good("tested", test().solicitation())
            .good("claimed", test().reply())
            .good("a binding", bind().update())
            .bad("accepted", bind().answer(0, &please()), carried)
            .bad("finished", bind().finished(0, NONCE), finished)
            .pause(60);
    }
    let form = Readings::default().by(["C6a=254"]);
    scene = scene
        .good("a request", Ask::new(9, 9).packet())
        .bad(
            "acknowledged with an option of another type",
            Grant { form, ..Grant::new(9, 9) }.packet(),
            &["LKE-KEA-002"],
        )
        .pause(60);
    // 7200 s if it is in seconds, four times as long else.
    scene
        .inconclusive("LKE-KER-008", 1)
        .good("a lifetime in seconds", Ask { lifetime: 7200, ..Ask::new(10, 10) }.packet())
        .bad("which gets what it wants", Grant::new(10, 10).packet(), &["LKE-AR-KE-011"])
        .pause(60)
        .good("a request", Ask { lifetime: 400, ..Ask::new(11, 11) }.packet())
        .bad(
            "a quarter of it",
            Grant { lifetime: 100, ..Grant::new(11, 11) }.packet(),
            &["LKE-AR-KE-011"],
        )
}

/// An option of the type that reading C6a has, where nobody speaks Local Key Exchange.
pub(super) fn option_of_others() -> Scene {
    Scene::new("lke/option-of-others", "A destination option for experiments is another's.").good(
        "in a home registration",
        {
            let mut p = registration(UpdateFlags::A | UpdateFlags::H, 60);
            p.insert(3, experiment());
            p
        },
    )
}

/// Nor is it a routing header, to whom no key has been exchanged with.
pub(super) fn option_for_route() -> Scene {
    let scene = Scene::new(
        "lke/option-for-route",
        "The option of Local Key Exchange in a registration with the home agent.",
    );
    scene
        .profile("lke-01")
        .conversation(400)
        .good("a home registration", home_update(CAREOF, 1))
        .bad(
            "acknowledged with an option for a routing header",
            {
                let mut p = home_answer(CAREOF, 1, 0);
                let body = IpBody::CareofAddress { address: HOME };
                let kind = LkeCodes::DRAFT_01.careof_option;
                p.remove(1);
                p.insert(2, destination_options(&[Ipv6Option::new(kind, body)]));
                p
            },
            &["MIP6-CN-BA-011", "IPSEC-FMT-002"],
        )
}

/// An option of 16 octets.
fn experiment() -> Header<'static> {
    let data = IpBody::Unknown(Bytes::Borrowed(&[0x20; 16]));
    destination_options(&[Ipv6Option::new(LkeCodes::DRAFT_01.careof_option, data)])
}

/// A lifetime of 770 units looks like the beginning of the option that it is in (reading
/// B5): where the data end, the advertised key says.
pub(super) fn vague() -> Scene {
    let ask = |sequence| Ask { lifetime: 0x0302, ..Ask::new(sequence, 1) }.packet();
    let grant = |sequence| Grant { lifetime: 800, ..Grant::new(sequence, 1) }.packet();
    scene("lke/vague", "Requests whose data could end in two places.")
        .good("a request to a router that was not heard", ask(1))
        .good("which grants more", grant(1))
        .pause(60)
        .good("the access router offers Local Key Exchange", offer())
        .good("the same request", ask(2))
        .bad("which grants more", grant(2), &["LKE-AR-KE-011"])
        .pause(60)
        .bad("an offer with no key that can be read", advertise(7200, Some(vec![0x30; 90])), NO_KEY)
        .good("a request to which it does not fit", ask(3))
        .inconclusive("LKE-AR-KE-011", 1)
        .inconclusive("LKE-KER-002", 1)
        .inconclusive("LKE-KER-006", 3)
        .inconclusive("LKE-KER-007", 2)
        .inconclusive("LKE-KER-008", 2)
        .inconclusive("LKE-KER-011", 3)
        .inconclusive("LKE-KEA-004", 1)
        .inconclusive("LKE-KEA-007", 2)
}

const NO_KEY: &[&str] = &["LKE-RA-008"];

/// What stands behind the data is known where the key is.
pub(super) fn behind_the_data() -> Scene {
    let ask = |sequence, octets: &'static [u8]| {
        let mut packet = Ask::new(sequence, sequence as u8).packet();
        if let Some(Header::Mobility(m)) = packet.last_mut() {
            m.options = octets.into();
        }
        packet
    };
    let alone = &["LKE-KER-007"];
    registered(with_router("lke/behind-the-data", "Requests with other options behind their data."))
        .good("an option that nobody knows", ask(1, &[3, 2, 0, 9, 0xc8, 2, 0xaa, 0xbb]))
        .pause(60)
        .bad("two lifetimes", ask(2, &[3, 2, 0, 9, 3, 2, 0, 10]), alone)
        .pause(60)
        .bad("none, but an option that nobody knows", ask(3, &[0xc8, 6, 1, 2, 3, 4, 5, 6]), alone)
        .pause(60)
        .bad("nothing but padding", ask(4, &[1, 6, 0, 0, 0, 0, 0, 0]), alone)
}

/// Checksums over addresses that no reading has, and a care-of address of another.
pub(super) fn strange_checksums() -> Scene {
    let other = Readings::default().by(["C6a=254"]);
    let stranger = Ipv6Addr::new(0x2001, 0xdb8, 0xb, 0, 0, 0, 0, 0x77);
    let mut routed = Grant::new(1, 1).packet();
    let option = Grant { form: other, careof: stranger, ..Grant::new(1, 1) }.packet();
    if let (Some(Header::Mobility(to)), Some(Header::Mobility(from))) =
        (routed.last_mut(), option.last())
    {
        to.checksum = from.checksum;
    }
    routed.insert(2, option[1].clone());
    let mut finished = Bind::new(1, 2).finished(0, NONCE);
    finished.insert(1, home_route(stranger));
    let wire = vec![finished[0].clone(), finished[3].clone()];
    let sum = checksum(&wire, &LKE01);
    if let (Some(sum), Some(Header::Mobility(m))) = (sum, finished.last_mut()) {
        m.checksum = Auto::Fixed(sum);
    }
    let scene = registered(with_router("lke/strange-checksums", "Checksums that no reading has."));
    scene
        .good("a request", Ask::new(1, 1).packet())
        .bad("over an option where there is a routing header", routed, &["MIP6-MH-006"])
        .pause(60)
        .good("a request", Ask::new(2, 2).packet())
        .bad(
            "an option of another type, with the address of another",
            Grant { form: other, careof: stranger, ..Grant::new(2, 2) }.packet(),
            &["LKE-KEA-002", "LKE-KEA-002", "LKE-KEA-006"],
        )
        .bad("over both addresses of the IPv6 header", finished, &["MIP6-MH-007"])
}
