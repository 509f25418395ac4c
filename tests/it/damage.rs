//! Whatever the octets are: no panic, and what must hold holds.

use mip6_dissect::capture::{self, Capture, Frame, LinkType, Timestamp};
use mip6_dissect::profile::Profile;
use mip6_testkit::damage::Damage;
use mip6_testkit::exercise::Exerciser;
use mip6_testkit::random::Random;
use mip6_testkit::scenes::{self, Scene};

fn profiles() -> [Profile; 3] {
    [Profile::auto(), Profile::rfc6275(), Profile::lke01()]
}

#[test]
fn every_truncation_of_every_packet() {
    let scenes = scenes::all();
    std::thread::scope(|threads| {
        for profile in profiles() {
            let scenes = &scenes;
            threads.spawn(move || every_truncation(scenes, &profile));
        }
    });
}

fn every_truncation(scenes: &[Scene], profile: &Profile) {
    let mut exerciser = Exerciser::new(profile);
    for scene in scenes {
        for shot in &scene.shots {
            for end in 0..=shot.octets.len() {
                let data = &shot.octets[..end];
                // Cut by the capture, and short on the link.
                for len in [shot.octets.len(), end] {
                    exerciser.frame(Frame {
                        number: 1,
                        time: Timestamp::default(),
                        len: len as u32,
                        data,
                        link: scene.link,
                        interface: 0,
                        comment: &[],
                    });
                }
            }
        }
    }
}

/// `MIP6_DAMAGED` says how many; the number grows with patience.
#[test]
fn damaged_packets() {
    let n: u64 = std::env::var("MIP6_DAMAGED").ok().and_then(|n| n.parse().ok()).unwrap_or(60_000);
    let seed = 3775;
    for (i, profile) in profiles().iter().enumerate() {
        let mut exerciser = Exerciser::new(profile);
        let mut damage = Damage::new(seed + i as u64);
        for _ in 0..n / 3 {
            exerciser.octets(&damage.frame(), LinkType::ETHERNET);
        }
    }
    eprintln!("{n} damaged packets from seed {seed}");
}

#[test]
fn noise_on_every_link() {
    let links = [
        LinkType::NULL,
        LinkType::ETHERNET,
        LinkType::RAW,
        LinkType::IEEE802_11,
        LinkType::LOOP,
        LinkType::LINUX_SLL,
        LinkType::IEEE802_11_RADIOTAP,
        LinkType::IPV4,
        LinkType::IPV6,
        LinkType::LINUX_SLL2,
        LinkType(9_999),
    ];
    let profile = Profile::auto();
    let mut exerciser = Exerciser::new(&profile);
    let mut random = Random::new(4877);
    for _ in 0..500 {
        for link in links {
            let n = random.below(200);
            let octets = random.octets(n);
            exerciser.octets(&octets, link);
        }
    }
}

/// A damaged capture file gives frames or an error, never a panic or a loop.
#[test]
fn damaged_capture_files() {
    let mut random = Random::new(6610);
    let files: Vec<Vec<u8>> = scenes::all()
        .into_iter()
        .filter(|s| s.name.starts_with("files/"))
        .map(|s| s.capture().unwrap())
        .collect();
    for _ in 0..6_000 {
        let mut octets = random.pick(&files).clone();
        for _ in 0..=random.below(4) {
            let at = random.below(octets.len());
            octets[at] = random.bits() as u8;
        }
        if random.once_in(3) {
            octets.truncate(random.below(octets.len()));
        }
        let len = octets.len() as u64;
        let Ok(mut capture) = Capture::from_reader(std::io::Cursor::new(octets)) else { continue };
        let mut frames = 0;
        while let Ok(Some(frame)) = capture.next_frame() {
            frames += 1;
            assert!(frame.len as usize >= frame.data.len());
        }
        // Compressed ones may hold more frames than octets.
        assert!(frames <= len * 1_000, "{frames} frames in {len} octets");
    }
}

#[test]
fn every_capture_of_the_collection() {
    let Some(folder) = mip6_testkit::collection::folder() else { return };
    let profile = Profile::auto();
    for path in capture::find(&[folder]).unwrap() {
        let mut exerciser = Exerciser::new(&profile);
        let Ok(mut capture) = Capture::open(&path) else { continue };
        // One has tens of thousands of frames that are all alike.
        let mut left = 3_000;
        while let (Ok(Some(frame)), true) = (capture.next_frame(), left > 0) {
            exerciser.frame(frame);
            left -= 1;
        }
    }
}
