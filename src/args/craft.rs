//! The command lines of what makes and sends packets.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::KeysArg;

/// `mip6 craft`.
#[derive(Args, Debug)]
pub(crate) struct Craft {
    /// Spec of packets (YAML, `mip6 schema spec`); `-` is standard input.
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Capture to write, by its name pcap or pcapng; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) write: PathBuf,
    /// What frames begin with, whatever the spec says.
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<LinkArg>,
    /// What seals packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// What frames begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkArg {
    /// Ethernet.
    Ethernet,
    /// An IP packet.
    Raw,
}

/// `mip6 inject`.
#[derive(Args, Debug)]
pub(crate) struct Inject {
    /// Spec of packets (YAML, `mip6 schema spec`); `-` is standard input.
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// Where frames go.
    #[command(flatten)]
    pub(crate) out: OutArg,
    /// Send so many frames, from the beginning again where the spec makes fewer.
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u64>,
    /// What seals packets.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// `mip6 replay`.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Capture file (pcap or pcapng, perhaps gzip); `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where frames go.
    #[command(flatten)]
    pub(crate) out: OutArg,
    /// So many times as fast as captured; 0.5 is half as fast.
    #[arg(long, value_name = "X", conflicts_with = "rate", value_parser = positive)]
    pub(crate) speed: Option<f64>,
    /// Replace an IPv6 address, a prefix or a link-layer address wherever headers
    /// and options hold it, and mend checksums; may be given several times.
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) map: Vec<mip6_inject::Rewrite>,
    /// What opens packets, and seals them again with their new addresses.
    #[command(flatten)]
    pub(crate) keys: KeysArg,
}

/// Where frames go, and how fast.
#[derive(Args, Debug)]
pub(crate) struct OutArg {
    /// Interface to send from; NAME.VLAN, tap:NAME, tun:NAME and pcap:NAME are links too.
    #[arg(short, long, value_name = "IFACE")]
    pub(crate) interface: String,
    /// Send so many frames a second, whatever their times are.
    #[arg(long, value_name = "R", value_parser = positive)]
    pub(crate) rate: Option<f64>,
    /// Link-layer address that frames without one of their own go to.
    #[arg(long, value_name = "MAC", value_parser = station)]
    pub(crate) to: Option<[u8; 6]>,
    /// Put frames into this VLAN.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u16).range(0..4096))]
    pub(crate) vlan: Option<u16>,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

fn station(text: &str) -> Result<[u8; 6], String> {
    let octet = |part: &str| u8::from_str_radix(part, 16).ok().filter(|_| part.len() == 2);
    let octets: Option<Vec<u8>> = text.split(':').map(octet).collect();
    let octets = octets.and_then(|o| <[u8; 6]>::try_from(o).ok());
    octets.ok_or_else(|| "expected a link-layer address such as 02:00:5e:10:00:01".to_owned())
}
