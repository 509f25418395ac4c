//! Damage to the octets of a packet.

use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::layout::Auto;

use super::{AlterError, Altered, Damage};
use crate::craft;
use crate::fields::Written;
use crate::term::Scope;

/// The checksum of a header and the name of its field.
pub(crate) fn checksum<'h>(
    header: &'h mut Header<'_>,
) -> Option<(&'h mut Auto<u16>, &'static str)> {
    Some(match header {
        Header::Mobility(h) => (&mut h.checksum, "mip6.csum"),
        Header::Icmpv6(h) => (&mut h.checksum, "icmpv6.checksum"),
        Header::Udp(h) => (&mut h.checksum, "udp.checksum"),
        Header::Tcp(h) => (&mut h.checksum, "tcp.checksum"),
        Header::Ipv4(h) => (&mut h.checksum, "ip.checksum"),
        _ => return None,
    })
}

impl Damage {
    pub(super) fn apply(
        &self,
        headers: &mut Vec<Header<'static>>,
        scope: &dyn Scope,
        codes: &'static Codes,
    ) -> Result<(), AlterError> {
        if self.checksum {
            wrong_checksum(headers, codes)?;
        }
        if self.truncate.is_none() && self.append.is_none() && self.flip.is_none() {
            return Ok(());
        }
        let ip = headers
            .iter()
            .position(|h| matches!(h, Header::Ipv6(_) | Header::Ipv4(_)))
            .unwrap_or(headers.len());
        let ether_type = headers.get(ip).and_then(Header::ethertype);
        let mut octets = Written::new(headers, codes).from_header(ip).to_vec();
        if let Some(n) = self.truncate {
            if n > octets.len() {
                let octets = octets.len();
                return Err(AlterError::Beyond { at: "damage.truncate", offset: n, octets });
            }
            octets.truncate(n);
        }
        if let Some(raw) = &self.append {
            octets.extend(craft::octets(raw, scope).map_err(|f| f.at("damage.append"))?);
        }
        if let Some(flip) = &self.flip {
            let bits = craft::octet(&flip.bits, scope).map_err(|f| f.at("damage.flip.bits"))?;
            let (at, offset, len) = ("damage.flip.offset", flip.offset, octets.len());
            let octet = octets.get_mut(offset);
            *octet.ok_or(AlterError::Beyond { at, offset, octets: len })? ^= bits;
        }
        headers.truncate(ip);
        // What is damaged is octets, which announce nothing by themselves.
        match (headers.last_mut(), ether_type) {
            (Some(Header::Ethernet(h)), Some(kind)) if h.kind == Auto::Computed => {
                h.kind = Auto::Fixed(kind);
            }
            (Some(Header::Vlan(h)), Some(kind)) if h.kind == Auto::Computed => {
                h.kind = Auto::Fixed(kind);
            }
            _ => {}
        }
        headers.push(Header::Raw(octets.into()));
        Ok(())
    }
}

/// Sets a checksum that is not the right one, nor 0, which means none to UDP, nor
/// the other zero of ones' complement.
fn wrong_checksum(
    headers: &mut [Header<'static>],
    codes: &'static Codes,
) -> Result<(), AlterError> {
    let has = |h: &Header<'static>| checksum(&mut h.clone()).is_some();
    let innermost = headers.iter().rposition(has).ok_or(AlterError::NoChecksum)?;
    let Some((value, field)) = checksum(&mut headers[innermost]) else { return Ok(()) };
    *value = Auto::Computed;
    let written = Written::new(headers, codes);
    let right = written.fields(headers, codes).of(field);
    let right = right.last().and_then(|o| o.value.as_u64()).unwrap_or(0) as u16;
    let wrong = if right == 0x0101 { 0x0202 } else { right ^ 0x0101 };
    if let Some((value, _)) = checksum(&mut headers[innermost]) {
        *value = Auto::Fixed(wrong);
    }
    Ok(())
}

impl Altered {
    /// How often the packet is sent.
    pub const fn copies(self) -> usize {
        match self {
            Self::Untouched => 1,
            Self::Dropped => 0,
            Self::Sent { copies } => copies,
        }
    }
}
