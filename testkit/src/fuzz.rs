//! What the fuzz targets do with their input, and what they start from.

use std::cell::RefCell;
use std::io::{self, Cursor};
use std::path::Path;

use mip6_dissect::capture::{Capture, Frame, LinkType, Timestamp};
use mip6_dissect::filter::Filter;
use mip6_dissect::profile::Profile;
use mip6_security::{keys, policy};

use crate::exercise::{Exerciser, FILTERS};
use crate::nodes::Treatment;
use crate::scenes;

const LINKS: [LinkType; 10] = [
    LinkType::ETHERNET,
    LinkType::RAW,
    LinkType::NULL,
    LinkType::LOOP,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::IEEE802_11,
    LinkType::IEEE802_11_RADIOTAP,
    LinkType::IPV4,
    LinkType::IPV6,
];

/// Key files and policies of other forms.
const KEYS: [&str; 4] = [
    "mobile node SPD OUT:\n  - IF source = home_address_1 & destination = any & proto = MH\n    \
     THEN CREATE ESP TUNNEL SA: gateway = home_agent_1 & local phase 1 identity = user_1\n",
    "\"IPv6\",\"*\",\"2001:db8::1\",\"0x10\",\"AES-CBC [RFC3602]\",\"0x000102030405060708090a0b0c0d0e0f\",\
     \"NULL\",\"\"\n",
    "src 2001:db8::2 dst 2001:db8::1\n\tproto esp spi 0x00001000 reqid 1 mode transport\n\t\
     auth-trunc hmac(sha1) 0x1112131415161718191a1b1c1d1e1f2021222324 96\n\
     src 2001:db8::2/128 dst ::/0 proto 135\n\tdir out priority 1\n\ttmpl src :: dst ::\n\t\t\
     proto esp reqid 1 mode transport\n",
    "add 2001:db8::2 2001:db8::1 esp 0x10 -m transport -E null -A hmac-sha1 \"hmacsha1authenticati\";\n\
     spdadd 2001:db8::2 2001:db8::1 135 -P out ipsec esp/transport//require;\n",
];

thread_local! {
    /// One for each built-in profile, for the life of the fuzzer.
    static EXERCISERS: RefCell<[Exerciser<'static>; 3]> = RefCell::new(
        [Profile::auto(), Profile::rfc6275(), Profile::lke01()]
            .map(|profile| Exerciser::new(Box::leak(Box::new(profile)))),
    );
}

/// A frame: an octet says of which link type and profile, the rest is the
/// frame, or several, each behind its length.
pub fn packet(data: &[u8]) {
    let Some((kind, mut rest)) = data.split_first() else { return };
    let link = LINKS[usize::from(*kind) % LINKS.len()];
    let profile = usize::from(*kind) / LINKS.len() % 3;
    EXERCISERS.with_borrow_mut(|all| {
        // Several, for fragments to meet.
        while let [high, low, behind @ ..] = rest {
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            let (octets, next) = behind.split_at(len.min(behind.len()));
            all[profile].octets(octets, link);
            rest = next;
        }
    });
}

/// A capture file.
pub fn capture(data: &[u8]) {
    let Ok(mut capture) = Capture::from_reader(Cursor::new(data.to_vec())) else { return };
    EXERCISERS.with_borrow_mut(|all| {
        // What is compressed may be long.
        for _ in 0..64 {
            let Ok(Some(frame)) = capture.next_frame() else { break };
            all[0].frame(frame);
        }
    });
}

/// Steps of a node's treatment, see [`Treatment::apply`].
pub fn node(data: &[u8]) {
    TREATMENT.with(|treatment| treatment.apply(data));
}

/// A display filter.
///
/// # Panics
/// If a filter that can be understood cannot be told what it matches.
pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Filter::parse(text) {
        Err(e) => assert!(!e.to_string().is_empty()),
        Ok(filter) => {
            let profile = Profile::rfc6275();
            let mut dissector = mip6_dissect::packet::Dissector::new(&profile);
            for octets in SHOTS.with(Clone::clone).iter() {
                let frame = Frame {
                    number: 1,
                    time: Timestamp::default(),
                    len: octets.len() as u32,
                    data: octets,
                    link: LinkType::ETHERNET,
                    interface: 0,
                    comment: &[],
                };
                filter.matches(&dissector.dissect(frame));
            }
        }
    }
}

/// A key file or a policy.
///
/// # Panics
/// If a policy that can be read does not read back from what it prints.
pub fn keys(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let path = Path::new("keys");
    if let Err(e) = keys::parse_file(path, text) {
        assert!(!e.to_string().is_empty());
    }
    if let Ok(written) = policy::parse_notation(path, text) {
        let again = policy::parse_notation(path, &written.to_string());
        assert_eq!(again.ok().as_ref(), Some(&written));
    }
}

thread_local! {
    /// With the frames of one honest run, for the life of the fuzzer.
    static TREATMENT: Treatment = Treatment::default();
    /// One packet of each scene, for filters to look at.
    static SHOTS: std::rc::Rc<[Vec<u8>]> = scenes::all()
        .into_iter()
        .filter(|s| s.link == LinkType::ETHERNET)
        .filter_map(|s| Some(s.shots.into_iter().next()?.octets))
        .collect();
}

/// Writes inputs to start from into `folder`, in a folder for each target.
pub fn write_seeds(folder: &Path) -> io::Result<usize> {
    let mut n = 0;
    let mut write = |target: &str, octets: &[u8]| {
        let folder = folder.join(target);
        std::fs::create_dir_all(&folder)?;
        n += 1;
        std::fs::write(folder.join(format!("{n:05}")), octets)
    };
    for scene in scenes::all() {
        let Some(link) = LINKS.iter().position(|l| *l == scene.link) else { continue };
        let capture = scene.capture()?;
        write("capture", &capture)?;
        // Sixteen strokes on a terminal of 100 by 29 cells.
        let strokes: Vec<u8> = (0..16).map(|i| i * 3 + scene.shots.len() as u8).collect();
        write("inspector", &[&[16, 80, 24][..], &strokes, &capture].concat())?;
        for shot in &scene.shots {
            let mut seed = vec![link as u8];
            // Seeds are shorter than 64 KiB.
            seed.extend((shot.octets.len() as u16).to_be_bytes());
            seed.extend(&shot.octets);
            write("packet", &seed)?;
        }
    }
    for text in scenes::all().iter().filter_map(|s| s.keys.as_deref()) {
        write("keys", text.as_bytes())?;
    }
    for text in KEYS {
        write("keys", text.as_bytes())?;
    }
    for seed in Treatment::default().seeds() {
        write("node", &seed)?;
    }
    for filter in FILTERS {
        write("filter", filter.as_bytes())?;
    }
    Ok(n)
}
