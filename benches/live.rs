//! Frames received on an interface and dissected: a veth pair carries the traffic of
//! `mip6-testkit traffic` at 200,000 frames a second for 10 seconds, and none may be
//! lost. In a network namespace of its own; where none can be made it says so.
//! `MIP6_BENCH_RATE` and `MIP6_BENCH_SECONDS` are other numbers.

use std::env;
use std::hint::black_box;
use std::io::Cursor;
use std::thread;
use std::time::{Duration, Instant};

use mip6_dissect::capture::{Capture, Frame, LinkType};
use mip6_dissect::packet::Dissector;
use mip6_dissect::profile::Profile;
use mip6_inject::link::{Link, Options, PacketLink, Timed, play};
use mip6_testkit::namespace::Namespace;
use mip6_testkit::traffic;
use nix::time::{ClockId, clock_gettime};

const PACKETS: usize = 10_000;
/// How long nothing comes once everything was sent.
const SILENCE: Duration = Duration::from_millis(500);

fn number(name: &str, otherwise: f64) -> f64 {
    env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// Seconds that this thread has computed.
fn computed() -> f64 {
    let spent = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("there is such a clock");
    Duration::from(spent).as_secs_f64()
}

/// The traffic, as frames that are all due at once.
fn frames() -> Vec<Timed> {
    let mut file = Vec::new();
    traffic::write(&mut file, PACKETS).expect("memory takes everything");
    let mut capture = Capture::from_reader(Cursor::new(file)).expect("it is a capture");
    let mut frames = Vec::new();
    while let Some(f) = capture.next_frame().expect("it is whole") {
        frames.push(Timed { at: Duration::ZERO, octets: f.data.to_vec() });
    }
    frames
}

fn main() {
    let Some(namespace) = Namespace::new("live") else { return };
    namespace.enter();
    namespace.wire("livea", &namespace, "liveb");
    for end in ["livea", "liveb"] {
        namespace.ip(&["link", "set", end, "mtu", "9000"]);
    }
    let (rate, seconds) =
        (number("MIP6_BENCH_RATE", 200_000.0), number("MIP6_BENCH_SECONDS", 10.0));
    let count = (rate * seconds) as u64;
    let mut from = PacketLink::open("livea", &Options::default()).expect("it is up");
    let mut to = PacketLink::open("liveb", &Options::default()).expect("it is up");

    let sender = thread::spawn(move || {
        let sent = play(&mut from, &frames(), Some(rate), Some(count));
        (sent.expect("the link is there"), computed())
    });
    let profile = Profile::auto();
    let mut dissector = Dissector::new(&profile);
    let (mut came, mut layers, mut last) = (0, 0, Instant::now());
    while came < count && (!sender.is_finished() || last.elapsed() < SILENCE) {
        let Some(received) = to.receive(SILENCE).expect("the link is there") else { continue };
        came += 1;
        let packet = dissector.dissect(Frame {
            number: came,
            time: received.at.into(),
            len: received.octets.len() as u32,
            data: received.octets,
            link: LinkType::ETHERNET,
            interface: 0,
            comment: &[],
        });
        layers += black_box(packet.layers.len());
        last = Instant::now();
    }
    let receiving = computed();
    let ((sent, took), sending) = sender.join().expect("it does not fail");
    drop(namespace);
    let took = took.as_secs_f64();
    println!(
        "live: {sent} frames sent in {took:.2} s ({:.0}/s), {came} received and dissected \
         ({layers} layers), {} lost; of one processor {:.0} % sending, {:.0} % receiving",
        sent as f64 / took,
        to.lost(),
        100.0 * sending / took,
        100.0 * receiving / took,
    );
    if sent as f64 / took < 0.95 * rate {
        println!("live: this machine was too busy to send {rate:.0} frames/s: that is not shown");
    }
    assert_eq!((came, to.lost()), (sent, 0), "frames were lost");
}
