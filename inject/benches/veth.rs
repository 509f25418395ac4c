//! Frames per second over a veth pair: by `play`, and by a loop of `sendmmsg` on one
//! batch that is always the same. In a network namespace of its own; where none can be
//! made it says so.

use std::io::IoSlice;
use std::os::fd::AsRawFd;
use std::time::Instant;

use mip6_inject::link::{Options, PacketLink, Timed, play};
use mip6_testkit::namespace::Namespace;
use nix::ifaddrs::getifaddrs;
use nix::sys::socket::{
    AddressFamily, LinkAddr, MsgFlags, MultiHeaders, SockFlag, SockProtocol, SockType, bind,
    sendmmsg, socket,
};

const FRAMES: u64 = 1_000_000;
const BATCH: usize = 64;
const ROUNDS: usize = 5;

/// Frames per second of a loop that does nothing but send.
fn bare(frame: &[u8]) -> f64 {
    let kinds = (AddressFamily::Packet, SockType::Raw, SockFlag::SOCK_CLOEXEC);
    let socket = socket(kinds.0, kinds.1, kinds.2, SockProtocol::EthAll).unwrap();
    let address = getifaddrs()
        .unwrap()
        .filter(|i| i.interface_name == "bencha")
        .find_map(|i| i.address?.as_link_addr().copied())
        .unwrap();
    bind(socket.as_raw_fd(), &address).unwrap();
    let slices = vec![[IoSlice::new(frame)]; BATCH];
    let addresses = vec![None; BATCH];
    let begin = Instant::now();
    let mut sent = 0;
    while sent < FRAMES {
        let mut headers = MultiHeaders::<LinkAddr>::preallocate(BATCH, None);
        let fd = socket.as_raw_fd();
        let done = sendmmsg(fd, &mut headers, &slices, &addresses, [], MsgFlags::empty()).unwrap();
        sent += done.count() as u64;
    }
    sent as f64 / begin.elapsed().as_secs_f64()
}

fn played(frame: &[u8]) -> f64 {
    let mut link = PacketLink::open("bencha", &Options::default()).unwrap();
    let frames = vec![Timed { at: std::time::Duration::ZERO, octets: frame.to_vec() }; 10 * BATCH];
    let (sent, took) = play(&mut link, &frames, None, Some(FRAMES)).unwrap();
    sent as f64 / took.as_secs_f64()
}

fn main() {
    let Some(namespace) = Namespace::new("bench") else { return };
    namespace.enter();
    namespace.wire("bencha", &namespace, "benchb");
    let mut frame = vec![0; 64];
    frame[..14].copy_from_slice(&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5]);
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (bare(&frame), played(&frame))).collect();
    drop(namespace);
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (bare, played) = rounds[ROUNDS / 2];
    let share = 100.0 * played / bare;
    println!("veth: {played:.0} frames/s played, {bare:.0} bare, {share:.0} %");
}
