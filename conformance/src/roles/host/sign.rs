//! What keys of mobility make in packets on their way out.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::mobility::options::{OptionRef, Options};
use mip6_wire::mobility::{Mobility, OptionBody};

use super::super::local::LocalSign;

/// What signs a packet.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// A binding management key.
    Binding(BindingSign),
    /// The key of an association of Local Key Exchange.
    Local(LocalSign),
}

impl Sign {
    /// Fills in what it makes of a packet; what an alteration has set stays.
    pub fn apply(&self, headers: &mut [Header<'static>], codes: &Codes) {
        match self {
            Self::Binding(sign) => sign.apply(headers, codes),
            Self::Local(sign) => sign.apply(headers, codes),
        }
    }
}

/// What a Binding Authorization Data option is computed with, RFC 6275 6.2.7.
#[derive(Clone, Copy, Debug)]
pub struct BindingSign {
    /// Binding management key.
    pub key: BindingKey,
    /// Care-of address.
    pub careof: Ipv6Addr,
    /// The correspondent.
    pub correspondent: Ipv6Addr,
}

impl BindingSign {
    /// Fills in the authenticator of the last Binding Authorization Data option of
    /// the last header, if there is one; an authenticator that an alteration has set
    /// stays.
    fn apply(&self, headers: &mut [Header<'static>], codes: &Codes) {
        let Some(Header::Mobility(m)) = headers.last_mut() else { return };
        let fixed = m.fixed_octets();
        let authorization = Options::new(&m.options, m.format(), codes)
            .flatten()
            .filter(|o| matches!(o.body(), OptionBody::BindingAuthorization { .. }))
            .last();
        let empty = |o: &OptionRef<'_>| o.data.iter().all(|octet| *octet == 0);
        let Some(at) = authorization.filter(empty).map(|o| o.offset + 2) else { return };
        let octets = mip6_wire::layout::to_bytes::<Mobility<'_>>(m, codes);
        let mac = self.key.authenticator(self.careof, self.correspondent, &octets, fixed + at);
        if let (Some(mac), Some(place)) = (mac, m.options.to_mut().get_mut(at..at + 12)) {
            place.copy_from_slice(&mac);
        }
    }
}
