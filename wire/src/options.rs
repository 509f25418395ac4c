//! Lists of things inside messages: which item a list is made of.

use crate::dhcpv6::Dhcpv6Option;
use crate::icmpv6::{mld, nd::NdOption};
use crate::ike::{Attribute, Payload, Proposal, Selector, Transform};
use crate::ip::Ipv6Option;
use crate::layout::{Driver, Layout, Reader, Sink, Space};
use crate::mobility::MobilityOption;
use crate::mobility::options::{AccessNetworkOption, ContextRequestItem, FlowOption};
use crate::transport::TcpOption;

/// Reads the items of a list one after the other, up to its end or the first
/// that cannot be read.
pub(crate) fn walk<'a, S: Sink<'a>>(r: &mut Reader<'a, S>, space: Space) {
    match space {
        Space::Ipv6 => items(r, Ipv6Option::default),
        Space::Mobility(within) => {
            items(r, || MobilityOption { within: Some(within), ..MobilityOption::default() });
        }
        Space::Nd(within) => items(r, || NdOption { within, ..NdOption::default() }),
        Space::Dhcpv6 => items(r, Dhcpv6Option::default),
        Space::Tcp => items(r, TcpOption::default),
        Space::AccessNetwork => items(r, AccessNetworkOption::default),
        Space::ContextRequests => items(r, ContextRequestItem::default),
        Space::Flow => items(r, FlowOption::default),
        Space::MldRecords => items(r, mld::Record::default),
        Space::Ike { major, first } => payloads(r, major, first),
        Space::IkeProposals { major } => {
            items(r, || Proposal { major, ..Proposal::default() });
        }
        Space::IkeTransforms { major, protocol } => {
            items(r, || Transform { major, protocol, ..Transform::default() });
        }
        Space::IkeAttributes(owner) => items(r, || Attribute { owner, ..Attribute::default() }),
        Space::IkeSelectors => items(r, Selector::default),
    }
}

fn items<'a, S: Sink<'a>, L: Layout<'a>>(r: &mut Reader<'a, S>, blank: impl Fn() -> L) {
    while r.left() > 0 {
        let before = r.left();
        if r.nest(&mut blank()).is_err() || r.left() == before {
            return;
        }
    }
}

/// IKE payloads name the type of their successor.
fn payloads<'a, S: Sink<'a>>(r: &mut Reader<'a, S>, major: u8, first: u8) {
    let mut kind = first;
    while kind != 0 && r.left() > 0 {
        let mut payload = Payload { kind, major, ..Payload::default() };
        if r.nest(&mut payload).is_err() {
            return;
        }
        // The next payload of an encrypted one is inside it (RFC 7296 3.14).
        let encrypted =
            matches!(kind, crate::ike::kind::ENCRYPTED | crate::ike::kind::ENCRYPTED_FRAGMENT);
        kind = if encrypted { 0 } else { payload.next };
    }
}
