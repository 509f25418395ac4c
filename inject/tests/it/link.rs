//! Frames over a veth pair in a network namespace of their own. Where that needs
//! rights that are not there, the tests say so and pass.

use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use mip6_inject::link::{Link, LinkError, Options, PacketLink, Timed, play, wait};

use crate::namespace::{enter, frame};

fn open(name: &str, options: &Options) -> PacketLink {
    PacketLink::open(name, options).unwrap()
}

/// The next frame of the tests: the kernel may have others.
fn next(link: &mut PacketLink) -> Option<(SystemTime, Vec<u8>)> {
    loop {
        let received = link.receive(Duration::from_secs(2)).unwrap()?;
        let kinds = [&[0x88, 0xb5][..], &[0x81, 0x00]];
        if received.octets.get(12..14).is_some_and(|k| kinds.contains(&k)) {
            return Some((received.at, received.octets.to_vec()));
        }
    }
}

#[test]
fn frames_go_over_a_link_in_order_with_times() {
    let Some(_namespace) = enter("link") else { return };
    let mut a = open("lka", &Options::default());
    let mut b = open("lkb", &Options::default());
    assert_ne!(a.station(), b.station());
    let frames: Vec<Timed> = (0..100)
        .map(|n| Timed { at: Duration::from_millis(n / 50 * 40), octets: frame(n as u8) })
        .collect();
    let before = SystemTime::now();
    let (sent, _) = play(&mut a, &frames, None, None).unwrap();
    assert_eq!(sent, 100);
    let received: Vec<_> = std::iter::from_fn(|| next(&mut b)).take(100).collect();
    let octets: Vec<_> = received.iter().map(|(_, o)| o.clone()).collect();
    assert_eq!(octets, frames.iter().map(|f| f.octets.clone()).collect::<Vec<_>>());
    assert!(received[0].0 >= before);
    // However long the first half took.
    let late = received[50].0.duration_since(before).unwrap();
    assert!(late >= Duration::from_millis(40), "{late:?}");
    // What does not fit is told before anything goes out.
    let long = [
        Timed { at: Duration::ZERO, octets: frame(1) },
        Timed { at: Duration::ZERO, octets: vec![0; 15 + a.mtu()] },
    ];
    let refused = play(&mut a, &long, None, None);
    assert!(matches!(refused, Err(LinkError::Long { octets, mtu, .. }) if octets == mtu + 1));
    assert!(b.receive(Duration::from_millis(50)).unwrap().is_none());
}

/// A frame of the tests in this VLAN.
fn in_vlan(n: u8, tci: u16) -> Vec<u8> {
    let mut frame = frame(n);
    let [high, low] = tci.to_be_bytes();
    frame.splice(12..12, [0x81, 0, high, low]);
    frame
}

#[test]
fn own_frames_come_only_if_wanted_and_are_told() {
    let Some(_namespace) = enter("own") else { return };
    let mut sender = open("lka", &Options::default());
    let mut deaf = open("lka", &Options::default());
    let mut all = open("lka", &Options { own: true, ..Options::default() });
    let mut other = open("lkb", &Options::default());
    assert_eq!(sender.send(&[&frame(1)]).unwrap(), 1);
    assert_eq!(other.send(&[&frame(2)]).unwrap(), 1);
    let own = |link: &mut PacketLink| -> Vec<(bool, u8)> {
        std::iter::from_fn(|| {
            let received = link.receive(Duration::from_millis(20)).unwrap()?;
            Some((received.own, received.octets[20]))
        })
        .collect()
    };
    assert_eq!(own(&mut sender), [(false, 2)]);
    assert_eq!(own(&mut deaf), [(false, 2)]);
    assert_eq!(own(&mut all), [(true, 1), (false, 2)]);
}

#[test]
fn no_time_is_no_wait_and_held_frames_count() {
    let Some(namespace) = enter("wait") else { return };
    let (mut a, mut b) = (open("lka", &Options::default()), open("lkb", &Options::default()));
    let begin = Instant::now();
    assert!(b.receive(Duration::ZERO).unwrap().is_none());
    assert!(begin.elapsed() < Duration::from_millis(10));
    assert!(b.receive(Duration::from_micros(30_500)).unwrap().is_none());
    assert!(begin.elapsed() >= Duration::from_micros(30_500));
    assert_eq!(wait(&[&a, &b], Duration::from_millis(20)), [false, false]);
    a.send(&[&frame(1), &frame(2)]).unwrap();
    assert_eq!(wait(&[&a, &b], Duration::from_secs(5)), [false, true]);
    assert_eq!(b.receive(Duration::ZERO).unwrap().unwrap().octets, frame(1));
    // The second one is held by the link, and the descriptor knows nothing of it.
    assert_eq!(wait(&[&b, &a], Duration::from_secs(5)), [true, false]);
    assert_eq!(b.receive(Duration::ZERO).unwrap().unwrap().octets, frame(2));
    assert!(b.receive(Duration::ZERO).unwrap().is_none());
    // A link that goes down has something to say.
    namespace.ip(&["link", "set", "lkb", "down"]);
    assert_eq!(wait(&[&b], Duration::from_secs(5)), [true]);
    assert!(matches!(b.receive(Duration::ZERO), Err(LinkError::Down(name)) if name == "lkb"));
}

#[test]
fn tags_are_as_on_the_link_or_taken_off() {
    let Some(_namespace) = enter("tags") else { return };
    let mut a = open("lka", &Options::default());
    let mut b = open("lkb", &Options::default());
    let vlan = Options { vlan: Some(42), ..Options::default() };
    let (mut from, mut to) = (open("lka", &vlan), open("lkb", &vlan));
    let frames = [frame(1), in_vlan(2, 42), in_vlan(3, 43), in_vlan(4, 0xe02a)];
    let frames: Vec<&[u8]> = frames.iter().map(|f| &f[..]).collect();
    assert_eq!(a.send(&frames).unwrap(), 4);
    assert_eq!(from.send(&[&frame(5)]).unwrap(), 1);
    let came: Vec<_> = std::iter::from_fn(|| next(&mut b)).take(5).map(|(_, o)| o).collect();
    assert_eq!(came[..4], frames);
    assert_eq!(came[4], in_vlan(5, 42));
    let came: Vec<_> = std::iter::from_fn(|| next(&mut to)).take(3).map(|(_, o)| o).collect();
    assert_eq!(came, [frame(2), frame(4), frame(5)]);
    assert!(to.receive(Duration::ZERO).unwrap().is_none());
}

#[test]
fn a_promiscuous_link_is_so_until_it_is_closed() {
    let Some(_namespace) = enter("promiscuous") else { return };
    let promiscuous = || {
        let told = Command::new("ip").args(["-d", "link", "show", "lka"]).output().unwrap();
        String::from_utf8(told.stdout).unwrap().contains("promiscuity 1")
    };
    assert!(!promiscuous());
    let link = open("lka", &Options { promiscuous: true, ..Options::default() });
    assert!(promiscuous());
    drop(link);
    assert!(!promiscuous());
}

#[test]
fn frames_that_found_no_room_are_counted() {
    let Some(_namespace) = enter("lost") else { return };
    let mut a = open("lka", &Options::default());
    let mut small = open("lkb", &Options { buffer: 2048, ..Options::default() });
    let mut roomy = open("lkb", &Options::default());
    let one = frame(7);
    assert_eq!(a.send(&vec![&one[..]; 2000]).unwrap(), 2000);
    let count = |link: &mut PacketLink| std::iter::from_fn(|| next_now(link)).count() as u64;
    let came = count(&mut small);
    assert!(came < 2000);
    assert_eq!((came + small.lost(), small.lost()), (2000, 2000 - came));
    assert_eq!((count(&mut roomy), roomy.lost()), (2000, 0));
}

/// A frame that is here already.
fn next_now(link: &mut PacketLink) -> Option<()> {
    link.receive(Duration::from_millis(20)).unwrap().map(|_| ())
}
