//! Frames over a veth pair in a network namespace of their own. Where that needs
//! rights that are not there, the tests say so and pass.

use std::fs::File;
use std::process::Command;
use std::time::{Duration, SystemTime};

use mip6_inject::link::{Link, LinkError, PacketLink, Timed, play};
use nix::sched::{CloneFlags, setns};

struct Namespace(String);

impl Namespace {
    /// Moves this thread into a new namespace with a pair `lka` and `lkb`.
    fn enter(test: &str) -> Option<Self> {
        let name = format!("mip6-{test}-{}", std::process::id());
        if !ip(&["netns", "add", &name]) {
            eprintln!("skipped: no right to make network namespaces (run as root, with iproute2)");
            return None;
        }
        let namespace = Self(name);
        let file = File::open(format!("/run/netns/{}", namespace.0)).unwrap();
        setns(file, CloneFlags::CLONE_NEWNET).unwrap();
        assert!(ip(&["link", "add", "lka", "type", "veth", "peer", "name", "lkb"]));
        for end in ["lka", "lkb"] {
            // The kernel sends nothing of its own.
            assert!(ip(&["link", "set", end, "addrgenmode", "none"]));
            assert!(ip(&["link", "set", end, "up"]));
        }
        Some(namespace)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        ip(&["netns", "del", &self.0]);
    }
}

fn ip(args: &[&str]) -> bool {
    Command::new("ip").args(args).output().is_ok_and(|o| o.status.success())
}

fn frame(n: u8) -> Vec<u8> {
    let mut frame = vec![n; 60];
    frame[..14].copy_from_slice(&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5]);
    frame
}

/// The next frame of the tests: the kernel may have others.
fn next(link: &mut PacketLink) -> Option<(SystemTime, Vec<u8>)> {
    loop {
        let received = link.receive(Duration::from_secs(2)).unwrap()?;
        if received.octets.get(12..14) == Some(&[0x88, 0xb5]) {
            return Some((received.at, received.octets.to_vec()));
        }
    }
}

#[test]
fn frames_go_over_a_link_in_order_with_times() {
    let Some(_namespace) = Namespace::enter("link") else { return };
    let mut a = PacketLink::open("lka", None).unwrap();
    let mut b = PacketLink::open("lkb", None).unwrap();
    assert_ne!(a.station(), b.station());
    let frames: Vec<Timed> = (0..100)
        .map(|n| Timed { at: Duration::from_millis(n / 50 * 40), octets: frame(n as u8) })
        .collect();
    let before = SystemTime::now();
    let (sent, _) = play(&mut a, "lka", &frames, None, None).unwrap();
    assert_eq!(sent, 100);
    let received: Vec<_> = std::iter::from_fn(|| next(&mut b)).take(100).collect();
    let octets: Vec<_> = received.iter().map(|(_, o)| o.clone()).collect();
    assert_eq!(octets, frames.iter().map(|f| f.octets.clone()).collect::<Vec<_>>());
    assert!(received[0].0 >= before);
    let gap = received[50].0.duration_since(received[49].0).unwrap();
    assert!(gap >= Duration::from_millis(35), "{gap:?}");
    // What does not fit is told before anything goes out.
    let long = [
        Timed { at: Duration::ZERO, octets: frame(1) },
        Timed { at: Duration::ZERO, octets: vec![0; 15 + a.mtu()] },
    ];
    let refused = play(&mut a, "lka", &long, None, None);
    assert!(matches!(refused, Err(LinkError::Long { octets, mtu, .. }) if octets == mtu + 1));
    assert!(b.receive(Duration::from_millis(50)).unwrap().is_none());
}
