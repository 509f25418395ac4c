//! How packets of Local Key Exchange are laid out by other readings of the draft than
//! the default: passages B and C6, and the numbers of A. Roles and crafted packets are
//! made by the default, and put into another form before anything is signed.

use std::sync::{Mutex, PoisonError};

use mip6_security::mobility::local::{Reading, Readings};
use mip6_wire::codes::{Codes, LKE01, LkeCodes, MhFormat, NdFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::NdOptions;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::ip::{DestinationOptions, RoutingBody, options as ip_options};
use mip6_wire::layout::Auto;
use mip6_wire::lke::wire_checksum;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, Mobility};

use super::mark::{HMAC_AT, PADDING};
use super::unit;
use crate::roles::mobility::updates::UNIT;

/// Octets of an authenticator and of the option around it.
const AUTHENTICATOR: usize = 12;
/// Octets of the requested lifetime option.
const LIFETIME: usize = 4;

/// The code points of readings. A table is made once for each set of numbers, and
/// kept: a program meets few.
pub fn codes(readings: &Readings) -> &'static Codes {
    static MADE: Mutex<Vec<(LkeCodes, &'static Codes)>> = Mutex::new(Vec::new());
    let numbers = readings.numbers();
    if numbers == LkeCodes::DRAFT_01 {
        return &LKE01;
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, codes)) = made.iter().find(|(n, _)| *n == numbers) {
        return codes;
    }
    let codes: &'static Codes = Box::leak(Box::new(Codes::iana().with_lke(numbers)));
    made.push((numbers, codes));
    codes
}

/// Puts a packet that was made by the draft's numbers, its requested lifetime in units
/// of 4 seconds, into the numbers and the unit of readings.
pub fn translate(headers: &mut [Header<'static>], readings: &Readings) {
    let codes = codes(readings);
    match headers.last_mut() {
        Some(Header::Mobility(m)) => {
            let format = m.format();
            if LKE01.mh_number(format) == Some(m.kind) && format.is_lke() {
                m.kind = codes.mh_number(format).unwrap_or(m.kind);
            }
            let ours = [
                OptionFormat::RequestedLifetime,
                OptionFormat::ArAddress,
                OptionFormat::LkeHmac,
                OptionFormat::FinishedRequest,
            ];
            let list = m.options.to_vec();
            for o in Options::new(&list, format, &LKE01).flatten() {
                let octets = m.options.to_mut();
                if ours.contains(&o.format) {
                    octets[o.offset] = codes.option_number(format, o.format).unwrap_or(o.kind);
                }
                if o.format == OptionFormat::RequestedLifetime
                    && let Ok(units) = <[u8; 2]>::try_from(o.data)
                {
                    let seconds = u32::from(u16::from_be_bytes(units)) * UNIT as u32;
                    let asked = u16::try_from(seconds / unit(readings)).unwrap_or(u16::MAX);
                    octets[o.offset + 2..o.offset + 4].copy_from_slice(&asked.to_be_bytes());
                }
            }
        }
        Some(Header::Icmpv6(m)) => {
            let kind = m.kind;
            let Some(options) = options_mut(m) else { return };
            let list = options.clone();
            for o in NdOptions::new(&list, kind, &LKE01).flatten() {
                let ours = [
                    NdFormat::LkeCapability,
                    NdFormat::DadAuthenticationRequest,
                    NdFormat::DadAuthenticationReply,
                ];
                if ours.contains(&o.format) {
                    options[o.offset] = codes.nd_number(o.format).unwrap_or(o.kind);
                }
            }
        }
        _ => {}
    }
}

/// Lays a packet out by readings. A Binding Acknowledgement is taken for one of an
/// access router.
pub fn lay_out(headers: &mut Vec<Header<'static>>, readings: &Readings, codes: &Codes) {
    if readings.are_default() {
        return;
    }
    let mut carries = false;
    match headers.last_mut() {
        Some(Header::Mobility(m)) => {
            carries = matches!(
                m.format(),
                MhFormat::KeyExchangeAcknowledgement | MhFormat::BindingAcknowledgement
            );
            message(m, readings, codes);
        }
        Some(Header::Icmpv6(m)) if readings.has(Reading::PaddingFirst) => {
            let kind = m.kind;
            if let Some(list) = options_mut(m) {
                padding_first(list, kind, codes);
            }
        }
        _ => {}
    }
    if carries && readings.has(Reading::DestinationOption) {
        for header in headers {
            if let Header::Routing(routing) = header
                && let RoutingBody::Home { home_address, .. } = &routing.body
            {
                let number = readings.numbers().careof_option;
                let body = ip_options::OptionBody::CareofAddress { address: *home_address };
                let option = ip_options::Ipv6Option::new(number, body);
                // Where the Home Address option would stand: 8n+6.
                let list = ip_options::Ipv6OptionsBuilder::default().raw(&[1, 2, 0, 0]);
                *header = Header::DestinationOptions(DestinationOptions::new(
                    list.option(&option).build(),
                ));
            }
        }
    }
}

/// Computes the checksum of a message that only Local Key Exchange has over the source
/// on the wire, if readings say so (C5) and nothing has set it. Nothing that it covers
/// may change behind this.
pub fn sum_up(headers: &mut [Header<'static>], readings: &Readings, codes: &Codes) {
    let ours = |m: &Mobility<'_>| m.format().is_lke() && matches!(m.checksum, Auto::Computed);
    let is_ours = matches!(headers.last(), Some(Header::Mobility(m)) if ours(m));
    let sum = (is_ours && readings.has(Reading::WireSource)).then(|| wire_checksum(headers, codes));
    if let (Some(Some(sum)), Some(Header::Mobility(m))) = (sum, headers.last_mut()) {
        m.checksum = Auto::Fixed(sum);
    }
}

fn message(m: &mut Mobility<'static>, readings: &Readings, codes: &Codes) {
    let format = m.format();
    match format {
        MhFormat::KeyExchangeRequest => {
            let asked = |o: &mip6_wire::mobility::options::OptionRef<'_>| {
                o.format == OptionFormat::RequestedLifetime
            };
            let list = m.options.to_vec();
            let mut all = Options::new(&list, format, codes).flatten();
            let option = all.find(asked).map(|o| o.octets()).filter(|o| o.len() == LIFETIME);
            let Some(option) = option else { return long_type(m, readings) };
            // A crafted list that has more is left as it is.
            let padding = list.len() - LIFETIME;
            if padding < 8 && readings.has(Reading::OctetsBehind) {
                let mut octets = option.to_vec();
                octets.resize(list.len(), 0);
                m.options = octets.into();
            } else if padding < 8 && readings.has(Reading::PaddingBefore) {
                let mut octets = pad(padding);
                octets.extend_from_slice(option);
                m.options = octets.into();
            }
        }
        MhFormat::KeyExchangeAcknowledgement if readings.has(Reading::PadN) => {
            let octets = m.options.to_mut();
            let pads: Vec<usize> = Options::new(&octets.clone(), format, codes)
                .flatten()
                .filter(|o| o.format == OptionFormat::Pad1)
                .map(|o| o.offset)
                .collect();
            for pair in pads.chunks_exact(2).filter(|p| p[1] == p[0] + 1) {
                octets[pair[0]..pair[0] + 2].copy_from_slice(&pad(2));
            }
        }
        MhFormat::Finished if readings.has(Reading::BareAuthenticator) => {
            let list = m.options.to_vec();
            let found = Options::new(&list, format, codes)
                .flatten()
                .find(|o| o.format == OptionFormat::BindingAuthorization)
                .filter(|o| o.data.len() == AUTHENTICATOR);
            if let (Some(o), Message::Finished { bare, .. }) = (found, &mut m.message) {
                *bare = o.data.to_vec().into();
                m.options = pad(PADDING).into();
            }
        }
        _ => {}
    }
    long_type(m, readings);
}

/// MH Type of 16 bits.
fn long_type(m: &mut Mobility<'static>, readings: &Readings) {
    if readings.has(Reading::LongType) && m.format().is_lke() && m.reserved == 0 {
        (m.kind, m.reserved) = (0, m.kind);
    }
}

/// So many octets of padding.
fn pad(octets: usize) -> Vec<u8> {
    let mut out = vec![0; octets];
    if octets > 1 {
        (out[0], out[1]) = (1, octets as u8 - 2);
    }
    out
}

/// Puts the padding of authentication options in front of their HMAC.
fn padding_first(list: &mut [u8], kind: u8, codes: &Codes) {
    let ours = [NdFormat::DadAuthenticationRequest, NdFormat::DadAuthenticationReply];
    let before = list.to_vec();
    for o in NdOptions::new(&before, kind, codes).flatten().filter(|o| ours.contains(&o.format)) {
        let rest = o.offset + HMAC_AT..o.offset + usize::from(o.units) * 8;
        if let Some(rest) = list.get_mut(rest).filter(|r| r.len() == 24) {
            rest.rotate_right(PADDING);
        }
    }
}

/// The options of a message of Neighbor Discovery.
fn options_mut<'m>(m: &'m mut Icmpv6<'static>) -> Option<&'m mut Vec<u8>> {
    match &mut m.body {
        Icmpv6Body::RouterAdvertisement { options, .. }
        | Icmpv6Body::NeighborSolicitation { options, .. }
        | Icmpv6Body::NeighborAdvertisement { options, .. } => Some(options.to_mut()),
        _ => None,
    }
}
