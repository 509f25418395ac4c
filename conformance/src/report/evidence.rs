//! The evidence of a case, frame by frame.

use std::hash::{DefaultHasher, Hasher};
use std::io::Cursor;

use mip6_dissect::capture::Capture;
use mip6_dissect::packet::{Dissector, Layer, Packet, Proto};
use mip6_dissect::profile::Profile;
use mip6_dissect::tree::columns;
use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::icmpv6::nd::NdOptions;

use crate::run::verdict::Outcome;
use crate::time::Instant;

/// The frames of a case's evidence, in order.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The frames.
    pub frames: Vec<Sight>,
    /// Names of links by the number of their interface; empty where it has
    /// none.
    pub links: Vec<String>,
    /// Why the evidence cannot be read to its end.
    pub trouble: Option<String>,
}

/// A frame on a link, as far as a line tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Number in the evidence, from 1.
    pub number: u64,
    /// When it was sent.
    pub at: Instant,
    /// Interface in the evidence: the link.
    pub interface: u32,
    /// Who sent it, on Ethernet.
    pub source: Option<[u8; 6]>,
    /// Whom it was sent to, on Ethernet.
    pub destination: Option<[u8; 6]>,
    /// Source and destination of its innermost IP header.
    pub addresses: (String, String),
    /// What it is about, with what was opened: `… [tunnel] [ESP]`.
    pub info: String,
    /// An IP header stands in another.
    pub tunnelled: bool,
    /// What every link has a lot of.
    pub noise: Option<Noise>,
    /// Digest of the IPv6 packet, which routers leave as it is but for its hop
    /// limit; none without such a packet.
    pub(super) digest: Option<u64>,
}

/// What every link has a lot of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// Neighbor Discovery, RFC 4861.
    Neighbors,
    /// Multicast Listener Discovery, RFC 2710 and 3810.
    Listeners,
}

impl Evidence {
    /// Reads what a case has left. Never fails: what could be read is there.
    pub fn read(outcome: &Outcome) -> Self {
        let mut evidence = Self::default();
        if outcome.evidence.is_empty() {
            return evidence;
        }
        let mut capture = match Capture::from_reader(Cursor::new(outcome.evidence.clone())) {
            Ok(capture) => capture,
            Err(e) => {
                evidence.trouble = Some(e.to_string());
                return evidence;
            }
        };
        let profile = Profile::auto();
        let mut dissector = Dissector::new(&profile).keys(&outcome.keys.associations);
        loop {
            match capture.next_frame() {
                Ok(Some(frame)) => {
                    evidence.frames.push(Sight::new(&dissector.dissect(frame), outcome));
                }
                Ok(None) => break,
                Err(e) => {
                    evidence.trouble = Some(e.to_string());
                    break;
                }
            }
        }
        let links = evidence.frames.iter().map(|f| f.interface + 1).max().unwrap_or(0);
        let name = |i| capture.interface_name(i).unwrap_or_default().to_owned();
        evidence.links = (0..links).map(name).collect();
        evidence
    }

    /// The frame of a number.
    pub fn frame(&self, number: u64) -> Option<&Sight> {
        self.frames.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Name of the link that a frame was on.
    pub fn link(&self, frame: &Sight) -> &str {
        self.links.get(frame.interface as usize).map_or("", String::as_str)
    }
}

impl Sight {
    fn new(packet: &Packet<'_>, outcome: &Outcome) -> Self {
        let columns = columns(packet);
        let (source, destination) = match packet.layers.first().map(|l| packet.header(l)) {
            Some(Header::Ethernet(h)) => (Some(h.source), Some(h.destination)),
            _ => (None, None),
        };
        let mut info = columns.info;
        let protection = [(Proto::Esp, " [ESP]"), (Proto::Authentication, " [AH]")];
        for (proto, words) in protection {
            let there = packet.layers.iter().any(|l| l.proto == proto);
            if there && columns.protocol != proto.column() {
                info.push_str(words);
            }
        }
        let tunnelled = packet.chains.len() > 1 && packet.chains.iter().all(|c| !c.quoted);
        let (before, secs, nanos) = packet.frame.time.since(outcome.started);
        let micros = if before {
            0
        } else {
            secs.saturating_mul(1_000_000).saturating_add(u64::from(nanos / 1_000))
        };
        Self {
            number: packet.frame.number,
            at: Instant::from_micros(micros),
            interface: packet.frame.interface,
            source,
            destination,
            addresses: (columns.source, columns.destination),
            info,
            tunnelled,
            noise: noise(packet),
            digest: digest(packet),
        }
    }
}

/// Only what is nothing else: under IPsec, or with options of Local Key
/// Exchange, a message matters.
fn noise(packet: &Packet<'_>) -> Option<Noise> {
    let last = packet.layers.last()?;
    let plain = packet.chains.len() == 1 && !packet.layers.iter().any(Layer::is_protection);
    if last.proto != Proto::Icmpv6 || !plain || packet.problem.is_some() || lke(packet, last) {
        return None;
    }
    match last.kind {
        133..=137 => Some(Noise::Neighbors),
        130..=132 | 143 => Some(Noise::Listeners),
        _ => None,
    }
}

/// Whether a message of Neighbor Discovery has an option of Local Key Exchange.
fn lke(packet: &Packet<'_>, layer: &Layer) -> bool {
    let Some(h) = packet.read::<Icmpv6<'_>>(layer) else { return false };
    let Some(options) = h.body.nd_options() else { return false };
    let codes = packet.profile.codes(layer.dialect);
    NdOptions::new(options, h.kind, codes).flatten().any(|o| {
        matches!(
            o.format,
            NdFormat::LkeCapability
                | NdFormat::DadAuthenticationRequest
                | NdFormat::DadAuthenticationReply
        )
    })
}

fn digest(packet: &Packet<'_>) -> Option<u64> {
    let ip = packet.layers.iter().find(|l| l.proto == Proto::Ipv6 && l.source == 0)?;
    let octets = packet.frame.data.get(ip.offset as usize..)?;
    // The hop limit is the eighth octet (RFC 8200 3).
    let (head, rest) = (octets.get(..7)?, octets.get(8..)?);
    let mut hasher = DefaultHasher::new();
    hasher.write(head);
    hasher.write(rest);
    Some(hasher.finish())
}
