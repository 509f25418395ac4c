//! Packets turned back into specs that make the same octets.

mod collect;
mod reduce;
mod yaml;

use mip6_security::Associations;
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::layout::{Layout, Reader};
use mip6_wire::link::{Ethernet, Vlan};

pub use yaml::{write_head, write_item};

use crate::craft::Crafter;
use crate::datum::Datum;
use crate::kind::HeaderKind;
use crate::script::LinkLayer;
use crate::spec::{Body, HeaderSpec, PacketSpec, RawSpec};
use crate::term::Term;
use crate::unseal::{Known, Opened};

/// The spec from which the same octets are made. `ip` is where the IP packet
/// begins in the frame, behind its link layer. What has no format, and what its
/// format would not write the same, is `raw`. A field is set where what is
/// computed would be another value. ESP that `keys` open, and AH that they verify, is
/// sealed by the name of its association, with its sequence number.
///
/// ```
/// use mip6_inject::{LinkLayer, lift};
/// use mip6_security::Associations;
/// use mip6_wire::codes::RFC6275;
///
/// let octets = [0x60, 0, 0, 0, 0, 0, 59, 64].into_iter().chain([0; 32]).collect::<Vec<u8>>();
/// let spec = lift(&octets, LinkLayer::Raw, 0, &RFC6275, &Associations::default());
/// assert_eq!(spec.headers.len(), 1);
/// ```
pub fn lift(
    octets: &[u8],
    link: LinkLayer,
    ip: usize,
    codes: &'static Codes,
    keys: &Associations,
) -> PacketSpec {
    let opened = Opened::of(octets, link, ip, codes, keys);
    let goal = Goal { octets, codes, keys };
    let mut spec = whole(&opened, codes);
    if !goal.is_made_by(&spec) && opened.parts.len() > 1 {
        // Headers inside that are not written the same stay inside.
        spec = whole(&Opened::of(octets, link, ip, codes, &Associations::default()), codes);
    }
    if !goal.is_made_by(&spec) {
        // Headers that are written alone as they were, and together are not.
        spec = PacketSpec { headers: vec![raw(octets)] };
    }
    reduce::reduce(&mut spec, &goal);
    spec
}

/// A spec with everything set.
fn whole(opened: &Opened, codes: &'static Codes) -> PacketSpec {
    let mut specs = Vec::new();
    for part in &opened.parts {
        let mut at = 0;
        for header in part.headers(codes) {
            let len = header.to_bytes(codes).len();
            let octets = part.octets.get(at..at + len).unwrap_or_default();
            let number = specs.len();
            let spec = match opened.seal(number) {
                Some(body) if opened.is_open(number) => {
                    Some(HeaderSpec::Of(HeaderKind::Esp, body.clone()))
                }
                seal => collect::header(&header, octets, codes).map(|spec| sealed(spec, seal)),
            };
            specs.push(spec.unwrap_or_else(|| raw(octets)));
            at += len;
        }
    }
    PacketSpec { headers: specs }
}

/// AH that is sealed says how, and not what comes of it.
fn sealed(mut spec: HeaderSpec, seal: Option<&Body>) -> HeaderSpec {
    if let (HeaderSpec::Of(_, body), Some(seal)) = (&mut spec, seal) {
        body.fields.retain(|(name, _)| name != "ah.icv");
        body.seal.clone_from(&seal.seal);
    }
    spec
}

/// What a spec is to make, and with what.
struct Goal<'g> {
    octets: &'g [u8],
    codes: &'static Codes,
    keys: &'g Associations,
}

impl Goal<'_> {
    /// Whether a spec makes it.
    fn is_made_by(&self, spec: &PacketSpec) -> bool {
        let known = Known(self.keys);
        let made = Crafter::new(&(), self.codes).with_keys(&known).craft(spec);
        made.is_ok_and(|headers| write_packet(&headers, self.codes) == self.octets)
    }
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
