//! Requests that are damaged: never a panic, never an association.

use mip6_security::mobility::local::{Envelope, Reading};
use mip6_wire::checksum::Sum;
use mip6_wire::header::write_packet;

use super::scene::*;

/// The Mobility Header begins behind IPv6 header and Home Address option.
const MESSAGE_AT: usize = 40 + 24;

fn assert_nothing(scene: &Scene, what: &str) {
    assert_eq!(scene.state("lbsas").as_deref(), Some("0"), "{what}");
}

/// Of every length, the lengths in the headers right and wrong.
#[test]
fn requests_cut_short() {
    let mut scene = Scene::new(None);
    let whole = write_packet(&Asks::new(Mobile::new(1), 7, 1).packet(&scene.key.clone()), CODES);
    for len in 0..whole.len() {
        // Each from a station and an address of its own.
        let mobile = Mobile::new(100 + len as u16);
        let mut octets = write_packet(&Asks::new(mobile, 7, 1).packet(&scene.key.clone()), CODES);
        octets.truncate(len.max(40));
        let payload = (octets.len() - 40) as u16;
        octets[4..6].copy_from_slice(&payload.to_be_bytes());
        scene.put_near(mobile.station, &octets);
        if len > MESSAGE_AT + 8 {
            octets[MESSAGE_AT + 1] = ((octets.len() - MESSAGE_AT) / 8).saturating_sub(1) as u8;
            mend(&mut octets, mobile);
            scene.put_near(mobile.station, &octets);
        }
        scene.wait(5);
        assert_nothing(&scene, &format!("{len} octets"));
    }
}

/// Puts the right checksum in: for the care-of address, as receivers see it.
fn mend(octets: &mut [u8], mobile: Mobile) {
    let len = (usize::from(octets[MESSAGE_AT + 1]) + 1) * 8;
    let Some(message) = octets.get(MESSAGE_AT..MESSAGE_AT + len) else { return };
    let mut message = message.to_vec();
    message[4..6].fill(0);
    let mut destination = [0; 16];
    destination.copy_from_slice(&octets[24..40]);
    let sum = Sum::pseudo_v6(&mobile.careof, &destination.into(), len, 135).over(&message);
    octets[MESSAGE_AT + 4..MESSAGE_AT + 6].copy_from_slice(&sum.checksum().to_be_bytes());
}

#[test]
fn data_of_the_wrong_length_or_content() {
    let mut scene = Scene::new(None);
    let router = scene.key.clone();
    let random = vec![0x5a; 512];
    let mut n = 0;
    let mut send = |scene: &mut Scene, data: Vec<u8>, what: &str| {
        n += 1;
        let asks = Asks::new(Mobile::new(n), 7, 1);
        let packet = asks.with_data(data);
        scene.near(asks.mobile.station, &packet);
        let said = scene.wait(5);
        let refused = matches!(said[..], [] | [Said::Exchange(128..=135, 7, 0)]);
        assert!(refused, "{what}: {said:?}");
        assert_nothing(scene, what);
    };
    for len in [0, 8, 16, 64, 120, 136, 192, 256, 1024] {
        send(&mut scene, vec![0x31; len], &format!("{len} octets"));
    }
    for octet in [0, 1, 0x80, 0xff] {
        send(&mut scene, vec![octet; 128], &format!("{octet:#04x} throughout"));
    }
    for padding in [Reading::Pkcs1, Reading::Oaep] {
        for len in [0, 1, 15, 17, 32, 80] {
            let envelope = Envelope { reading: padding, random: &random };
            let data = router.public().seal_octets(&vec![7; len], &envelope).unwrap();
            send(&mut scene, data, &format!("a secret of {len} octets"));
        }
    }
}

#[test]
fn options_that_are_none() {
    let mut scene = Scene::new(None);
    let envelope = Envelope { reading: Reading::Pkcs1, random: &[0x5a; 128] };
    let data = scene.key.public().seal(&key(1), &envelope).unwrap();
    let lists: [&[u8]; 10] = [
        &[],
        &[0; 8],
        &[3, 2, 0, 0, 0, 0, 0, 0],
        &[3, 1, 9, 0, 0, 0, 0, 0],
        &[3, 0, 0, 0, 0, 0, 0, 0],
        &[3, 255, 0, 9, 0, 0, 0, 0],
        &[3],
        &[1, 200, 0, 0, 0, 0, 0, 0],
        &[5, 2, 0, 9, 0, 0, 0, 0],
        &[200, 6, 1, 2, 3, 4, 5, 6],
    ];
    for (i, list) in lists.iter().enumerate() {
        let asks = Asks::new(Mobile::new(i as u16 + 1), 7, 1);
        let packet = asks.with(data.clone(), list.to_vec());
        scene.near(asks.mobile.station, &packet);
        let said = scene.wait(5);
        assert!(matches!(said[..], [] | [Said::Exchange(128, 7, 0)]), "{list:?}: {said:?}");
        assert_nothing(&scene, &format!("{list:?}"));
    }
    // Padding in front of the option, or twice the option, is no damage.
    for list in
        [&[0, 0, 0, 0, 3, 2, 0, 9][..], &[3, 2, 0, 9, 3, 2, 0, 8], &[1, 2, 0, 0, 3, 2, 0, 9]]
    {
        let asks = Asks::new(Mobile::new(u16::from(list[0]) + u16::from(list[4]) + 50), 7, 1);
        let packet = asks.with(data.clone(), list.to_vec());
        scene.near(asks.mobile.station, &packet);
        let said = scene.wait(5);
        assert!(matches!(said[..], [Said::Exchange(0, 7, 9)]), "{list:?}: {said:?}");
    }
}

/// Any bit of the addresses and the message of a Binding Update.
#[test]
fn bits_that_are_turned_authorize_nothing() {
    let mobile = Mobile::new(1);
    let mut scene = Scene::new(None);
    scene.associate(&Asks::new(mobile, 7, 1), 1);
    let whole = write_packet(&Updates::new(mobile, 500, 1).packet(), CODES);
    // Traffic class, flow label and hop limit are not signed, nor what is in front of
    // the address in its option.
    for bit in (8 * 8..40 * 8).chain(48 * 8..whole.len() * 8) {
        let mut octets = whole.clone();
        octets[bit / 8] ^= 1 << (bit % 8);
        // To the router's station on the near link: how it gets there is nobody's matter.
        scene.put_near(mobile.station, &octets);
    }
    scene.wait(1000);
    assert_eq!(scene.state("bindings").as_deref(), Some("0"));
}
