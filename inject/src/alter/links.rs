//! What headers say of the next one, when headers come and go.

use mip6_wire::header::Header;
use mip6_wire::layout::Auto;

/// The number by which a header announces the next one.
fn next<'h>(header: &'h mut Header<'_>) -> Option<&'h mut Auto<u8>> {
    Some(match header {
        Header::Ipv6(h) => &mut h.next,
        Header::Ipv4(h) => &mut h.protocol,
        Header::HopByHop(h) => &mut h.next,
        Header::DestinationOptions(h) => &mut h.next,
        Header::Routing(h) => &mut h.next,
        Header::Fragment(h) => &mut h.next,
        Header::Authentication(h) => &mut h.next,
        _ => return None,
    })
}

/// As `next`, by `EtherType`.
fn ether_type<'h>(header: &'h mut Header<'_>) -> Option<&'h mut Auto<u16>> {
    Some(match header {
        Header::Ethernet(h) => &mut h.kind,
        Header::Vlan(h) => &mut h.kind,
        _ => return None,
    })
}

/// Removes a header; the one in front announces the one behind.
pub(super) fn remove(headers: &mut Vec<Header<'static>>, at: usize) {
    let mut removed = headers.remove(at);
    let announced = next(&mut removed).map(|n| *n);
    announce(headers, at, announced);
}

/// Inserts a header; the one in front announces it, and it announces the one
/// behind.
pub(super) fn insert(headers: &mut Vec<Header<'static>>, at: usize, header: Header<'static>) {
    let front = at.checked_sub(1).and_then(|i| headers.get_mut(i));
    let announced = front.and_then(next).map(|n| *n);
    let set = announced_by(&header);
    headers.insert(at, header);
    announce(headers, at, None);
    if !set {
        announce(headers, at + 1, announced);
    }
}

/// Whether a header has been told what follows it.
fn announced_by(header: &Header<'static>) -> bool {
    let mut header = header.clone();
    next(&mut header).is_some_and(|n| *n != Auto::Computed)
}

/// Has the header in front of `at` announce the one there: by its kind, or, if
/// that has no number, as it was `announced` before.
fn announce(headers: &mut [Header<'static>], at: usize, announced: Option<Auto<u8>>) {
    let (front, behind) = headers.split_at_mut(at.min(headers.len()));
    let Some(front) = front.last_mut() else { return };
    let following = behind.first();
    if let Some(next) = next(front) {
        *next = match following {
            Some(h) if h.protocol().is_none() => announced.unwrap_or(Auto::Computed),
            _ => Auto::Computed,
        };
    }
    if let (Some(kind), true) =
        (ether_type(front), following.is_some_and(|h| h.ethertype().is_some()))
    {
        *kind = Auto::Computed;
    }
}
