//! Packets turned back into specs that make the same octets.

mod collect;
mod reduce;
mod yaml;

use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, read_packet};
use mip6_wire::layout::{Layout, Reader};
use mip6_wire::link::{Ethernet, Vlan};

pub use yaml::{write_head, write_item};

use crate::craft::Crafter;
use crate::datum::Datum;
use crate::script::LinkLayer;
use crate::spec::{HeaderSpec, PacketSpec, RawSpec};
use crate::term::Term;

/// The spec from which the same octets are made. `ip` is where the IP packet
/// begins in the frame, behind its link layer. What has no format, and what its
/// format would not write the same, is `raw`. A field is set where what is
/// computed would be another value.
///
/// ```
/// use mip6_inject::{LinkLayer, lift};
/// use mip6_wire::codes::RFC6275;
///
/// let octets = [0x60, 0, 0, 0, 0, 0, 59, 64].into_iter().chain([0; 32]).collect::<Vec<u8>>();
/// let spec = lift(&octets, LinkLayer::Raw, 0, &RFC6275);
/// assert_eq!(spec.headers.len(), 1);
/// ```
pub fn lift(octets: &[u8], link: LinkLayer, ip: usize, codes: &'static Codes) -> PacketSpec {
    let headers = headers(octets, link, ip.min(octets.len()), codes);
    let mut specs = Vec::with_capacity(headers.len());
    let mut at = 0;
    for header in &headers {
        let len = header.to_bytes(codes).len();
        let part = octets.get(at..at + len).unwrap_or_default();
        specs.push(collect::header(header, part, codes).unwrap_or_else(|| raw(part)));
        at += len;
    }
    let mut spec = PacketSpec { headers: specs };
    if !makes(&spec, octets, codes) {
        // Headers that are written alone as they were, and together are not.
        spec = PacketSpec { headers: vec![raw(octets)] };
    }
    reduce::reduce(&mut spec, octets, codes);
    spec
}

/// Whether a spec makes these octets.
fn makes(spec: &PacketSpec, octets: &[u8], codes: &'static Codes) -> bool {
    let made = Crafter::new(&(), codes).craft(spec);
    made.is_ok_and(|headers| mip6_wire::header::write_packet(&headers, codes) == octets)
}

fn raw(octets: &[u8]) -> HeaderSpec {
    HeaderSpec::Raw(RawSpec::Octets(Term::Literal(Datum::Octets(octets.to_vec()))))
}

/// The headers of a frame, from its link layer on.
pub(crate) fn headers<'a>(
    octets: &'a [u8],
    link: LinkLayer,
    ip: usize,
    codes: &'a Codes,
) -> Vec<Header<'a>> {
    let mut headers = Vec::new();
    let mut at = 0;
    if link == LinkLayer::Ethernet
        && let Some((ethernet, mut used)) = read::<Ethernet>(octets, codes)
    {
        headers.push(Header::Ethernet(ethernet));
        while used < ip
            && let Some((vlan, n)) = read::<Vlan>(&octets[used..ip], codes)
        {
            headers.push(Header::Vlan(vlan));
            used += n;
        }
        at = used;
    }
    if at < ip {
        headers.push(Header::Raw(octets[at..ip].into()));
        at = ip;
    }
    headers.extend(read_packet(&octets[at..], codes));
    headers
}

fn read<'a, L: Layout<'a>>(octets: &'a [u8], codes: &'a Codes) -> Option<(L, usize)> {
    let mut reader = Reader::new(octets, octets.len(), codes);
    let mut header = L::default();
    reader.fill(&mut header).ok()?;
    reader.problem().is_none().then(|| (header, reader.consumed()))
}
