//! The captures in `pcaps/`: each a scene of packets, and for every packet
//! which requirements it breaks. What is expected follows from the
//! specifications, not from what the program says.

mod advertisements;
mod associations;
mod authentication;
mod bootstrapping;
mod conversations;
mod correspondents;
mod discovery;
mod headers;
mod icmpv6;
mod ipsec;
mod links;
mod lke;
mod lke_conversations;
mod lke_packets;
mod lke_readings;
mod messages;
mod movement;
mod neighbors;
mod options;
mod policy;
mod registrations;
mod retransmission;
mod routability;
mod shapes;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_security::keys::Keys;
use mip6_wire::codes::{LKE01, RFC6275};
use mip6_wire::header::{Header, write_packet};
use mip6_wire::link::Ethernet;

use crate::build::{Packet, ah, ethernet};

/// A link-layer address.
type Station = [u8; 6];

/// A capture to be.
pub struct Scene {
    /// Path in `pcaps/`, without extension.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Profile to judge it by.
    pub profile: &'static str,
    /// What its frames begin with.
    pub link: LinkType,
    /// How it is written.
    pub file: FileFormat,
    /// Big octet order instead of little.
    pub big_endian: bool,
    /// Compressed by gzip.
    pub gzip: bool,
    /// Octets kept of each frame.
    pub snaplen: usize,
    /// Octets cut off the end of the file.
    pub cut: usize,
    /// Its packets have nothing to do with each other.
    pub alone: bool,
    /// Time from one packet to the next, in milliseconds.
    pub step: u64,
    /// When the next packet comes, in milliseconds.
    clock: u64,
    /// The last sequence number under each SPI of AH.
    sequences: BTreeMap<u32, u32>,
    /// Requirements that cannot be judged in it, and how often.
    pub inconclusive: Vec<(&'static str, u64)>,
    /// The key file to judge it with, which stands beside it as `NAME.keys`.
    pub keys: Option<String>,
    /// Its packets.
    pub shots: Vec<Shot>,
}

/// A packet in a scene.
pub struct Shot {
    /// What it is.
    pub note: String,
    /// When it comes, in milliseconds from the start.
    pub time: u64,
    /// The frame.
    pub octets: Vec<u8>,
    /// Ids of the requirements it breaks, once for each time.
    pub breaks: Vec<&'static str>,
}

impl Scene {
    /// A pcapng capture of Ethernet frames for profile `auto`.
    fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            profile: "auto",
            link: LinkType::ETHERNET,
            file: FileFormat::PcapNg,
            big_endian: false,
            gzip: false,
            snaplen: usize::MAX,
            cut: 0,
            alone: true,
            step: 100,
            clock: 0,
            sequences: BTreeMap::new(),
            inconclusive: Vec::new(),
            keys: None,
            shots: Vec::new(),
        }
    }

    fn profile(mut self, name: &'static str) -> Self {
        self.profile = name;
        self
    }

    /// Packets that answer each other, so many milliseconds apart.
    fn conversation(mut self, step: u64) -> Self {
        self.alone = false;
        self.step = step;
        self
    }

    /// The text of a key file that opens it.
    fn keys(mut self, keys: impl Into<String>) -> Self {
        self.keys = Some(keys.into());
        self
    }

    /// A requirement that cannot be judged, so many times in all.
    fn inconclusive(mut self, id: &'static str, times: u64) -> Self {
        self.inconclusive.push((id, times));
        self
    }

    /// Seconds in which nothing is said.
    fn pause(mut self, seconds: u64) -> Self {
        self.clock += seconds * 1_000;
        self
    }

    /// The next packet comes so many milliseconds after the last.
    fn after(mut self, milliseconds: u64) -> Self {
        let last = self.shots.last().map_or(0, |s| s.time);
        self.clock = last + milliseconds;
        self
    }

    /// A packet that breaks nothing.
    fn good(self, note: impl Into<String>, packet: Packet) -> Self {
        self.bad(note, packet, &[])
    }

    /// A packet that breaks requirements.
    fn bad(mut self, note: impl Into<String>, packet: Packet, breaks: &[&'static str]) -> Self {
        let codes = if self.profile == "lke-01" { &LKE01 } else { &RFC6275 };
        let mut headers = Vec::new();
        if self.link == LinkType::ETHERNET {
            headers.push(ethernet());
        }
        headers.extend(packet);
        if !self.alone {
            self.count(&mut headers);
        }
        self.frame(note, write_packet(&headers, codes), breaks)
    }

    /// In a conversation, packets under AH count: where one has the number 1, it
    /// gets the next of its security association.
    fn count(&mut self, headers: &mut [Header<'static>]) {
        for header in headers {
            let Header::Authentication(h) = header else { continue };
            let last = self.sequences.entry(h.spi).or_default();
            if h.sequence == 1 {
                *header = ah(h.spi, *last + 1);
                *last += 1;
            } else {
                *last = h.sequence;
            }
        }
    }

    /// A packet that one station hands to another.
    fn on(
        mut self,
        (from, to): (Station, Station),
        note: impl Into<String>,
        packet: Packet,
        breaks: &[&'static str],
    ) -> Self {
        let mut headers = vec![Header::Ethernet(Ethernet {
            destination: to,
            source: from,
            ..Ethernet::default()
        })];
        headers.extend(packet);
        if !self.alone {
            self.count(&mut headers);
        }
        self.frame(note, write_packet(&headers, &RFC6275), breaks)
    }

    /// A frame as it is.
    fn frame(mut self, note: impl Into<String>, octets: Vec<u8>, breaks: &[&'static str]) -> Self {
        let time = self.clock;
        self.clock += self.step;
        self.shots.push(Shot { note: note.into(), time, octets, breaks: breaks.to_vec() });
        self
    }

    /// File name, with extension.
    pub fn file_name(&self) -> String {
        let extension = match self.file {
            FileFormat::Pcap { .. } => "pcap",
            FileFormat::PcapNg => "pcapng",
        };
        format!("{}.{extension}{}", self.name, if self.gzip { ".gz" } else { "" })
    }

    /// The capture's octets.
    pub fn capture(&self) -> io::Result<Vec<u8>> {
        let mut w = CaptureWriter::new(Vec::new(), self.file, self.big_endian)?;
        let interface = w.interface(self.link)?;
        for shot in &self.shots {
            // From 2026-01-01 on.
            let time = Timestamp {
                secs: 1_767_225_600 + (shot.time / 1_000) as i64,
                nanos: (shot.time % 1_000) as u32 * 1_000_000,
            };
            let kept = &shot.octets[..shot.octets.len().min(self.snaplen)];
            w.frame(interface, time, kept, shot.octets.len() as u32)?;
        }
        let mut octets = w.finish()?;
        octets.truncate(octets.len() - self.cut);
        if self.gzip {
            let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            io::Write::write_all(&mut e, &octets)?;
            octets = e.finish()?;
        }
        Ok(octets)
    }

    /// What is expected of it, as the gate reads it.
    pub fn expected(&self) -> String {
        let mut out = format!("# {}\nprofile {}\n", self.about, self.profile);
        // Writing to a String cannot fail.
        if self.cut > 0 {
            let _ = writeln!(out, "damaged");
        }
        if self.alone {
            let _ = writeln!(out, "alone");
        }
        if self.keys.is_some() {
            let file = self.name.rsplit('/').next().unwrap_or(self.name);
            let _ = writeln!(out, "keys {file}.keys");
        }
        for (id, times) in &self.inconclusive {
            let _ = writeln!(out, "inconclusive {id} {times}");
        }
        for (i, shot) in self.shots.iter().enumerate() {
            let number = i + 1;
            let _ = writeln!(out, "\n# {number}: {}", shot.note);
            for id in &shot.breaks {
                let _ = writeln!(out, "{number} {id}");
            }
        }
        out
    }
}

/// Every scene.
pub fn all() -> Vec<Scene> {
    [
        messages::scenes(),
        options::scenes(),
        headers::scenes(),
        registrations::scenes(),
        icmpv6::scenes(),
        ipsec::scenes(),
        lke::scenes(),
        bootstrapping::scenes(),
        conversations::scenes(),
        routability::scenes(),
        movement::scenes(),
        correspondents::scenes(),
        retransmission::scenes(),
        associations::scenes(),
        policy::scenes(),
        lke_conversations::scenes(),
        authentication::scenes(),
        discovery::scenes(),
        advertisements::scenes(),
        neighbors::scenes(),
        shapes::scenes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Keys of the messages in scenes, as far as they take no time to use.
pub fn keys() -> Keys {
    let mut keys = Keys::default();
    keys.local.add(crate::build::CAREOF, lke_packets::key(1));
    authentication::add_keys(&mut keys);
    keys
}

/// Writes every capture and what is expected of it into a folder.
pub fn write(folder: &Path) -> io::Result<usize> {
    let scenes = all();
    for scene in &scenes {
        let capture = folder.join(scene.file_name());
        if let Some(parent) = capture.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&capture, scene.capture()?)?;
        std::fs::write(expected_path(&capture), scene.expected())?;
        if let Some(keys) = &scene.keys {
            std::fs::write(folder.join(scene.name).with_extension("keys"), keys)?;
        }
    }
    std::fs::write(folder.join("lke").join(lke_packets::ROUTER_FILE), lke_packets::ROUTER)?;
    Ok(scenes.len())
}

/// Where what is expected of a capture stands: `NAME.pcapng.expected`.
pub fn expected_path(capture: &Path) -> std::path::PathBuf {
    let mut name = capture.as_os_str().to_owned();
    name.push(".expected");
    name.into()
}
