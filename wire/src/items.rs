//! Items of lists, made and changed, and the padding that IPv6 and mobility
//! options share.

use crate::codes::{Codes, NdFormat, OptionFormat};
use crate::dhcpv6::Dhcpv6Option;
use crate::icmpv6::mld;
use crate::icmpv6::nd::{NdBody, NdOption};
use crate::ip::options::{Ipv6Option, OptionBody as Ipv6Body};
use crate::layout::{Filler, Layout, Reader, Setter, Space, to_bytes};
use crate::mobility::options::{
    AccessNetworkOption, ContextRequestItem, FlowOption, MobilityOption, OptionBody,
};
use crate::transport::TcpOption;

/// What item is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An IPv6 option of this type.
    Ipv6(u8),
    /// A mobility option of this type and format.
    Mobility(u8, OptionFormat),
    /// A Neighbor Discovery option of this type and format, filled up with zeros
    /// to 8 octets.
    Nd(u8, NdFormat),
    /// An item of another list, whose type is a field like others.
    Of(Space),
}

/// The octets of a new item whose fields `filler` sets; `None` for a list whose
/// items are not made here.
pub fn make<'a, F: Filler<'a>>(item: Item, filler: &mut F, codes: &'a Codes) -> Option<Vec<u8>> {
    Some(match item {
        Item::Ipv6(kind) => {
            filled(Ipv6Option::new(kind, Ipv6Body::blank(kind, codes)), filler, codes)
        }
        Item::Mobility(kind, format) => {
            filled(MobilityOption::new(kind, OptionBody::blank(format)), filler, codes)
        }
        Item::Nd(kind, format) => {
            let mut option = NdOption::new(kind, NdBody::blank(format));
            Setter::new(filler, codes).fill(&mut option);
            option.to_padded(codes)
        }
        Item::Of(Space::Tcp) => filled(TcpOption::default(), filler, codes),
        Item::Of(Space::MldRecords) => filled(mld::Record::default(), filler, codes),
        Item::Of(Space::Flow) => filled(FlowOption::default(), filler, codes),
        Item::Of(Space::AccessNetwork) => filled(AccessNetworkOption::default(), filler, codes),
        Item::Of(Space::ContextRequests) => filled(ContextRequestItem::default(), filler, codes),
        Item::Of(_) => return None,
    })
}

fn filled<'a, L, F>(mut item: L, filler: &mut F, codes: &'a Codes) -> Vec<u8>
where
    L: Layout<'a> + Clone,
    F: Filler<'a>,
{
    Setter::new(filler, codes).fill(&mut item);
    to_bytes(&item, codes)
}

/// A list taken apart: the octets of each item, with `filler` having had its way
/// with their fields, and what could not be read as it stands. An IKE list is
/// one item.
pub fn refill<F>(space: Space, octets: &[u8], filler: &mut F, codes: &Codes) -> Vec<Vec<u8>>
where
    F: for<'x> Filler<'x>,
{
    match space {
        Space::Ipv6 => each(octets, Ipv6Option::default, filler, codes),
        Space::Mobility(within) => each(
            octets,
            || MobilityOption { within: Some(within), ..MobilityOption::default() },
            filler,
            codes,
        ),
        Space::Nd(within) => {
            each(octets, || NdOption { within, ..NdOption::default() }, filler, codes)
        }
        Space::Dhcpv6 => each(octets, Dhcpv6Option::default, filler, codes),
        Space::Tcp => each(octets, TcpOption::default, filler, codes),
        Space::AccessNetwork => each(octets, AccessNetworkOption::default, filler, codes),
        Space::ContextRequests => each(octets, ContextRequestItem::default, filler, codes),
        Space::Flow => each(octets, FlowOption::default, filler, codes),
        Space::MldRecords => each(octets, mld::Record::default, filler, codes),
        Space::Ike { .. }
        | Space::IkeProposals { .. }
        | Space::IkeTransforms { .. }
        | Space::IkeAttributes(_)
        | Space::IkeSelectors => vec![octets.to_vec()],
    }
}

fn each<'x, L, F>(
    mut octets: &'x [u8],
    blank: impl Fn() -> L,
    filler: &mut F,
    codes: &'x Codes,
) -> Vec<Vec<u8>>
where
    L: Layout<'x> + Clone,
    F: Filler<'x>,
{
    let mut items = Vec::new();
    while !octets.is_empty() {
        let mut item = blank();
        let mut reader = Reader::new(octets, octets.len(), codes);
        let read = reader.fill(&mut item).is_ok() && reader.problem().is_none();
        let used = reader.consumed();
        if !read || used == 0 {
            items.push(octets.to_vec());
            break;
        }
        items.push(filled(item, filler, codes));
        octets = &octets[used..];
    }
    items
}

/// Appends `n` octets of padding: Pad1 for one, PadN for more, as RFC 6275
/// 6.2.2 and RFC 8200 4.2 ask.
pub fn pad(list: &mut Vec<u8>, n: usize) {
    match n {
        0 => {}
        1 => list.push(0),
        n => {
            list.extend_from_slice(&[1, (n - 2) as u8]);
            list.resize(list.len() + n - 2, 0);
        }
    }
}
