//! Packets cut into fragments, RFC 8200 4.5.

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::ip::{Fragment, proto};
use mip6_wire::layout::Auto;
use schemars::JsonSchema;
use serde::Deserialize;
use thiserror::Error;

use crate::fields::Written;

/// Octets of a Fragment header.
const OCTETS: usize = 8;

/// How a packet is cut: `{mtu: 1280}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fragmentation {
    /// Octets that an IP packet may have.
    pub mtu: usize,
    /// Identification that all fragments carry.
    #[serde(default = "one")]
    pub identification: u32,
    /// Which fragments go out, counted from 1, in this order; one that is named
    /// twice goes out twice, one that is not named is lost. All, if left out.
    pub order: Option<Vec<usize>>,
}

fn one() -> u32 {
    1
}

/// Why a packet cannot be cut.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FragmentError {
    /// Only IPv6 packets are cut.
    #[error("the packet has no IPv6 header to be fragmented")]
    NotIpv6,
    /// Not even 8 octets fit.
    #[error("{0} octets leave no room for a fragment, expected {1} at least")]
    Mtu(usize, usize),
    /// A fragment that there is not.
    #[error("fragment {0} of a packet that makes {1}")]
    Order(usize, usize),
    /// More than offsets can count.
    #[error("{0} octets to be fragmented, expected 65535 at most")]
    Long(usize),
}

impl Fragmentation {
    /// The fragments of a packet, each from its link layer on. A packet that fits
    /// goes out whole.
    pub fn apply(
        &self,
        headers: &[Header<'static>],
        codes: &'static Codes,
    ) -> Result<Vec<Vec<u8>>, FragmentError> {
        let ip = headers.iter().position(|h| matches!(h, Header::Ipv6(_)));
        let ip = ip.ok_or(FragmentError::NotIpv6)?;
        let written = Written::new(headers, codes);
        let whole = written.octets();
        if written.from_header(ip).len() <= self.mtu {
            return self.ordered(vec![whole.to_vec()]);
        }
        let behind = ip + 1 + unfragmentable(&headers[ip + 1..]);
        let part = written.from_header(behind);
        if part.len() > usize::from(u16::MAX) {
            return Err(FragmentError::Long(part.len()));
        }
        let front = written.from_header(ip).len() - part.len();
        let room = self.mtu.saturating_sub(front + OCTETS) / 8 * 8;
        if room == 0 {
            return Err(FragmentError::Mtu(self.mtu, front + OCTETS + 8));
        }
        let next = headers.get(behind).and_then(Header::protocol).unwrap_or(proto::NONE);
        let count = part.len().div_ceil(room);
        let fragments = part.chunks(room).enumerate().map(|(i, piece)| {
            // The offset counts 8 octets in the upper 13 bits: that is octets.
            let fragment = Fragment {
                next: Auto::Fixed(next),
                offset_word: (i * room) as u16 | u16::from(i + 1 < count),
                ident: self.identification,
                ..Fragment::default()
            };
            let mut headers = headers[..behind].to_vec();
            headers.push(Header::Fragment(fragment));
            headers.push(Header::Raw(piece.to_vec().into()));
            write_packet(&headers, codes)
        });
        self.ordered(fragments.collect())
    }

    fn ordered(&self, fragments: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, FragmentError> {
        let Some(order) = &self.order else { return Ok(fragments) };
        let one = |n: &usize| {
            let fragment = n.checked_sub(1).and_then(|i| fragments.get(i));
            fragment.cloned().ok_or(FragmentError::Order(*n, fragments.len()))
        };
        order.iter().map(one).collect()
    }
}

/// How many of the headers behind IPv6 every router on the way needs: all up to
/// a routing header, or else a Hop-by-Hop Options header.
fn unfragmentable(behind: &[Header<'static>]) -> usize {
    let extensions = behind.iter().take_while(|h| {
        matches!(h, Header::HopByHop(_) | Header::DestinationOptions(_) | Header::Routing(_))
    });
    let extensions = &behind[..extensions.count()];
    match extensions.iter().rposition(|h| matches!(h, Header::Routing(_))) {
        Some(routing) => routing + 1,
        None => usize::from(matches!(extensions.first(), Some(Header::HopByHop(_)))),
    }
}
