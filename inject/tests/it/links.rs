//! Links of other kinds than packet sockets, and links by their names.

use std::net::UdpSocket;
use std::time::Duration;

use mip6_inject::link::{Link, LinkError, Options, open, wait};

use crate::namespace::{enter, frame};

fn link(spec: &str) -> Box<dyn Link> {
    open(spec, &Options::default()).unwrap()
}

fn refused(spec: &str, options: &Options) -> LinkError {
    match open(spec, options) {
        Ok(_) => panic!("{spec} was opened"),
        Err(e) => e,
    }
}

/// The next frame of the tests: the kernel may have others.
fn next(link: &mut dyn Link) -> Option<Vec<u8>> {
    loop {
        let received = link.receive(Duration::from_secs(2)).unwrap()?;
        if received.octets.get(12..14) == Some(&[0x88, 0xb5]) {
            return Some(received.octets.to_vec());
        }
    }
}

/// Whether this is so before long: a program that another test has started may hold
/// what was closed for a moment.
fn soon(is: impl Fn() -> bool) -> bool {
    (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        is()
    })
}

fn there_is(name: &str) -> bool {
    nix::net::if_::if_nametoindex(name).is_ok()
}

#[test]
fn a_tap_interface_carries_frames_both_ways_and_goes() {
    let Some(namespace) = enter("tap") else { return };
    {
        let mut tap = link("tap:mt0");
        assert!(there_is("mt0"));
        assert_eq!((tap.name(), tap.mtu()), ("mt0", 1500));
        let mut kernel = link("mt0");
        assert_ne!(tap.station(), kernel.station());
        assert_eq!(tap.send(&[&frame(1), &frame(2)]).unwrap(), 2);
        assert_eq!(kernel.send(&[&frame(3)]).unwrap(), 1);
        assert_eq!(next(&mut *kernel).unwrap(), frame(1));
        assert_eq!(next(&mut *kernel).unwrap(), frame(2));
        assert_eq!(wait(&[&*tap], Duration::from_secs(5)), [true]);
        assert_eq!(next(&mut *tap).unwrap(), frame(3));
        namespace.ip(&["link", "set", "mt0", "mtu", "1400"]);
        let long = tap.send(&[&[0; 1415]]).unwrap_err();
        assert!(matches!(long, LinkError::Long { octets: 1401, mtu: 1400, .. }), "{long}");
        assert!(matches!(refused("tap:mt0", &Options::default()), LinkError::Busy(_)));
        namespace.ip(&["link", "set", "mt0", "down"]);
        assert!(matches!(tap.send(&[&frame(1)]), Err(LinkError::Down(_))));
    }
    assert!(soon(|| !there_is("mt0")));
}

#[test]
fn a_tap_interface_has_vlans() {
    let Some(_namespace) = enter("taptags") else { return };
    let mut tap = open("tap:mt0", &Options { vlan: Some(42), ..Options::default() }).unwrap();
    let mut kernel = link("mt0.42");
    tap.send(&[&frame(1)]).unwrap();
    assert_eq!(next(&mut *kernel).unwrap(), frame(1));
    link("mt0").send(&[&frame(2)]).unwrap();
    kernel.send(&[&frame(3)]).unwrap();
    assert_eq!(next(&mut *tap).unwrap(), frame(3));
}

#[test]
fn an_interface_that_stays_is_found_again() {
    let Some(namespace) = enter("stays") else { return };
    namespace.ip(&["tuntap", "add", "mode", "tap", "name", "mt0"]);
    drop(link("tap:mt0"));
    assert!(soon(|| open("tap:mt0", &Options::default()).is_ok()));
    assert!(there_is("mt0"));
    assert!(soon(|| !matches!(refused("tun:mt0", &Options::default()), LinkError::Busy(_))));
    let other = refused("tun:mt0", &Options::default());
    assert!(matches!(other, LinkError::NotTun { .. }), "{other}");
}

#[test]
fn a_tun_interface_has_packets_beneath_ethernet() {
    let Some(namespace) = enter("tun") else { return };
    let mut tun = link("tun:mt0");
    namespace.ip(&["link", "set", "lo", "up"]);
    namespace.ip(&["addr", "add", "fd00::1/64", "dev", "mt0", "nodad"]);
    let socket = UdpSocket::bind("[fd00::1]:9000").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket.send_to(b"from the kernel", "[fd00::2]:9000").unwrap();
    let mut packet = loop {
        let received = tun.receive(Duration::from_secs(5)).unwrap().unwrap();
        // Next Header is UDP: the kernel solicits routers as well.
        if received.octets[20] == 17 {
            break received.octets.to_vec();
        }
    };
    assert_eq!(packet[..6], tun.station());
    assert_eq!(packet[12..14], [0x86, 0xdd]);
    assert!(packet.ends_with(b"from the kernel"));
    // The other way: addresses and ports change places, which leaves the sum as it is.
    let (source, destination) = (packet[22..38].to_vec(), packet[38..54].to_vec());
    packet[22..38].copy_from_slice(&destination);
    packet[38..54].copy_from_slice(&source);
    assert_eq!(tun.send(&[&packet]).unwrap(), 1);
    let mut came = [0; 64];
    let (octets, from) = socket.recv_from(&mut came).unwrap();
    assert_eq!(
        (&came[..octets], from.to_string()),
        (&b"from the kernel"[..], "[fd00::2]:9000".into())
    );
    assert!(matches!(tun.send(&[&frame(1)]), Err(LinkError::NotIp(_))));
    let vlan = Options { vlan: Some(1), ..Options::default() };
    assert!(matches!(refused("tun:mt1", &vlan), LinkError::NoVlan(_)));
}

#[test]
fn names_are_interfaces_before_they_are_vlans() {
    let Some(namespace) = enter("names") else { return };
    let (mut vlan, mut all) = (link("lka.42"), link("lkb"));
    vlan.send(&[&frame(1)]).unwrap();
    let received = all.receive(Duration::from_secs(2)).unwrap().unwrap();
    assert_eq!(received.octets[12..16], [0x81, 0, 0, 42]);
    for name in ["lka.4096", "lka.x", "nowhere.1", "lka.", ".1"] {
        let said = refused(name, &Options::default()).to_string();
        assert!(said.starts_with(&format!("there is no interface {name}; there are")), "{said}");
    }
    let twice = Options { vlan: Some(1), ..Options::default() };
    assert!(matches!(refused("lka.42", &twice), LinkError::Unknown { .. }));
    namespace.ip(&["link", "add", "lka.7", "type", "veth", "peer", "name", "lkc"]);
    namespace.ip(&["link", "set", "lka.7", "up"]);
    namespace.ip(&["link", "set", "lkc", "up"]);
    let mut other = link("lkc");
    link("lka.7").send(&[&frame(2)]).unwrap();
    assert_eq!(next(&mut *other).unwrap(), frame(2));
    let filter = Options { filter: Some("ip6".to_owned()), ..Options::default() };
    assert!(matches!(refused("lka", &filter), LinkError::NoFilter(_)));
}

#[cfg(feature = "libpcap")]
#[test]
fn libpcap_gives_the_same_frames() {
    use std::time::{Instant, SystemTime};

    let Some(namespace) = enter("pcap") else { return };
    let filter = Some("ether proto 0x88b5".to_owned());
    let mut a = link("pcap:lka");
    let mut b = open("pcap:lkb", &Options { filter, ..Options::default() }).unwrap();
    let begin = Instant::now();
    assert!(b.receive(Duration::ZERO).unwrap().is_none());
    assert!(b.receive(Duration::from_millis(30)).unwrap().is_none());
    assert!(begin.elapsed() >= Duration::from_millis(30));
    assert!(begin.elapsed() < Duration::from_millis(500));
    let before = SystemTime::now();
    let mut other = frame(1);
    other[13] = 0xb6;
    assert_eq!(a.send(&[&other, &frame(1), &frame(2)]).unwrap(), 3);
    assert_eq!(wait(&[&*b], Duration::from_secs(5)), [true]);
    let received = b.receive(Duration::from_secs(1)).unwrap().unwrap();
    assert_eq!(received.octets, frame(1));
    let late = received.at.duration_since(before).unwrap();
    assert!(late < Duration::from_secs(5), "{late:?}");
    assert_eq!(b.receive(Duration::from_secs(1)).unwrap().unwrap().octets, frame(2));
    // What the link itself sent does not come back.
    assert!(a.receive(Duration::from_millis(20)).unwrap().is_none());
    let filter = Some("no filter at all".to_owned());
    let wrong = refused("pcap:lka", &Options { filter, ..Options::default() });
    assert!(matches!(wrong, LinkError::Filter { .. }), "{wrong}");
    assert!(matches!(refused("pcap:nowhere", &Options::default()), LinkError::Unknown { .. }));
    namespace.ip(&["link", "set", "lkb", "down"]);
    let down = b.send(&[&frame(1)]).unwrap_err();
    assert!(matches!(down, LinkError::Down(_)), "{down}");
}
