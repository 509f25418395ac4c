//! Links by their names.

use super::tun::{TunKind, TunLink};
use super::{Link, LinkError, Options, PacketLink};

/// Opens a link by what a user calls it:
///
/// | | |
/// |---|---|
/// | `NAME` | an interface of this machine |
/// | `NAME.VLAN` | a VLAN on an interface, if no interface has that name |
/// | `tap:NAME` | the other end of a TAP interface |
/// | `tun:NAME` | the other end of a TUN interface |
/// | `pcap:NAME` | an interface through libpcap, where that is built in |
pub fn open(spec: &str, options: &Options) -> Result<Box<dyn Link>, LinkError> {
    let by_pcap = spec.starts_with("pcap:");
    if options.filter.is_some() && !by_pcap {
        return Err(LinkError::NoFilter(spec.to_owned()));
    }
    Ok(match spec.split_once(':') {
        Some(("tap", name)) => Box::new(TunLink::open(name, TunKind::Tap, options)?),
        Some(("tun", name)) => Box::new(TunLink::open(name, TunKind::Tun, options)?),
        Some(("pcap", name)) => pcap(name, options)?,
        _ => Box::new(interface(spec, options)?),
    })
}

/// An interface, or a VLAN on one.
fn interface(spec: &str, options: &Options) -> Result<PacketLink, LinkError> {
    let unknown = match PacketLink::open(spec, options) {
        Err(unknown @ LinkError::Unknown { .. }) => unknown,
        other => return other,
    };
    let parts = spec.rsplit_once('.').and_then(|(name, vlan)| {
        let vlan = vlan.parse::<u16>().ok().filter(|v| *v < 4096)?;
        Some((name, vlan))
    });
    let Some((name, vlan)) = parts.filter(|_| options.vlan.is_none()) else { return Err(unknown) };
    match PacketLink::open(name, &Options { vlan: Some(vlan), ..options.clone() }) {
        Err(LinkError::Unknown { .. }) => Err(unknown),
        other => other,
    }
}

#[cfg(feature = "libpcap")]
fn pcap(name: &str, options: &Options) -> Result<Box<dyn Link>, LinkError> {
    Ok(Box::new(super::PcapLink::open(name, options)?))
}

#[cfg(not(feature = "libpcap"))]
fn pcap(_: &str, _: &Options) -> Result<Box<dyn Link>, LinkError> {
    Err(LinkError::NoPcap)
}
