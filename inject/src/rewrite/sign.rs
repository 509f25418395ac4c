//! Authenticators of Mobile IPv6's own messages, made anew for other addresses.

use std::collections::VecDeque;
use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_security::mobility::authentication::{AuthenticationKeys, Kind};
use mip6_wire::codes::Codes;
use mip6_wire::header::Header;
use mip6_wire::ip::RoutingBody;
use mip6_wire::layout::to_bytes;
use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Message, Mobility, OptionBody};

/// Tokens and keys of each kind that are remembered: of as many exchanges that are
/// under way at the same time.
const ROOM: usize = 1024;
/// Octets of a Binding Authorization Data option's authenticator (RFC 6275 6.2.7).
const AUTHENTICATOR: usize = 12;
/// Octets in front of the authentication data (RFC 4285 5): type, length, subtype
/// and SPI.
const DATA_AT: usize = 7;

/// What makes authenticators: keys that are known beforehand, and keygen tokens that
/// went by.
#[derive(Debug)]
pub(super) struct Signer<'k> {
    keys: &'k AuthenticationKeys,
    /// Keygen tokens with their nonce indices (RFC 6275 5.2.5).
    home: VecDeque<(u16, u64)>,
    careof: VecDeque<(u16, u64)>,
    /// Keys of Binding Updates, which sign the acknowledgements too.
    bindings: VecDeque<BindingKey>,
}

/// Remembers what came last, and forgets what came first.
fn remember<T: PartialEq>(all: &mut VecDeque<T>, item: T) {
    all.retain(|known| *known != item);
    if all.len() == ROOM {
        all.pop_back();
    }
    all.push_front(item);
}

impl<'k> Signer<'k> {
    pub(super) fn new(keys: &'k AuthenticationKeys) -> Self {
        Self { keys, home: VecDeque::new(), careof: VecDeque::new(), bindings: VecDeque::new() }
    }

    /// Signs the messages in `after`, which are those in `before` with other
    /// addresses, where what is there was right in `before`. Takes in the tokens that
    /// go by.
    pub(super) fn sign(&mut self, before: &[Header<'_>], after: &mut [Header<'_>], codes: &Codes) {
        for (i, old) in before.iter().enumerate() {
            let Header::Mobility(old) = old else { continue };
            match old.message {
                Message::HomeTest { nonce_index, token, .. } => {
                    remember(&mut self.home, (nonce_index, token));
                }
                Message::CareofTest { nonce_index, token, .. } => {
                    remember(&mut self.careof, (nonce_index, token));
                }
                _ => {}
            }
            let ends = Ends::of(before, i, codes).zip(Ends::of(after, i, codes));
            if let (Some((was, is)), Some(Header::Mobility(new))) = (ends, after.get_mut(i)) {
                self.message(old, &was, new, &is, codes);
            }
        }
    }

    /// Signs a message, one option after the other: later ones cover those before.
    fn message(
        &mut self,
        old: &Mobility<'_>,
        was: &Ends,
        new: &mut Mobility<'_>,
        is: &Ends,
        codes: &Codes,
    ) {
        let sent = to_bytes::<Mobility<'_>>(old, codes);
        let fixed = old.fixed_octets();
        for option in Options::new(&old.options, old.format(), codes).flatten() {
            let signed = to_bytes::<Mobility<'_>>(new, codes);
            let (at, made) = match option.body() {
                OptionBody::BindingAuthorization { .. } => {
                    let at = fixed + option.offset + 2;
                    let key = self.binding_key(old, was, &sent, at, codes);
                    let made = key.and_then(|k| k.authenticator(is.careof, is.peer, &signed, at));
                    (at, made.map(|m| m.to_vec()))
                }
                OptionBody::Authentication { subtype, spi, .. } => {
                    let at = fixed + option.offset + DATA_AT;
                    let kind = Kind::of(subtype);
                    let key = kind.and_then(|kind| {
                        self.keys.maker((kind, spi), &[was.careof], was.home, &sent, at)
                    });
                    (at, key.and_then(|k| k.data(is.careof, is.home, &signed, at)))
                }
                _ => continue,
            };
            let at = at.saturating_sub(fixed);
            if let Some(made) = made
                && let Some(place) = new.options.to_mut().get_mut(at..at + made.len())
            {
                place.copy_from_slice(&made);
            }
        }
    }

    /// The key that made the authenticator at `at` of a message.
    fn binding_key(
        &mut self,
        message: &Mobility<'_>,
        ends: &Ends,
        octets: &[u8],
        at: usize,
        codes: &Codes,
    ) -> Option<BindingKey> {
        let sent = octets.get(at..at + AUTHENTICATOR)?;
        let makes = |key: &BindingKey| {
            let made = key.authenticator(ends.careof, ends.peer, octets, at);
            made.is_some_and(|made| made == sent)
        };
        if let Some(key) = self.bindings.iter().find(|k| makes(k)) {
            return Some(*key);
        }
        let indices =
            Options::new(&message.options, message.format(), codes).flatten().find_map(|o| match o
                .body()
            {
                OptionBody::NonceIndices { home, careof } => Some((home, careof)),
                _ => None,
            });
        let (home, careof) = indices?;
        let of = |all: &VecDeque<(u16, u64)>, index: u16| -> Vec<u64> {
            all.iter().filter(|(i, _)| *i == index).map(|(_, token)| *token).collect()
        };
        let careofs = of(&self.careof, careof);
        let key = of(&self.home, home).into_iter().find_map(|home| {
            // A binding is deleted by the home keygen token alone.
            let careofs = careofs.iter().copied().map(Some).chain([None]);
            careofs.map(|careof| BindingKey::new(home, careof)).find(makes)
        })?;
        remember(&mut self.bindings, key);
        Some(key)
    }
}

/// The addresses that a binding is about.
struct Ends {
    careof: Ipv6Addr,
    home: Ipv6Addr,
    /// The other node: correspondent or home agent.
    peer: Ipv6Addr,
}

impl Ends {
    /// Of a Binding Update or Acknowledgement, by the headers in front of it.
    fn of(headers: &[Header<'_>], number: usize, codes: &Codes) -> Option<Self> {
        let Some(Header::Mobility(message)) = headers.get(number) else { return None };
        let front = headers.get(..number)?;
        let at = front.iter().rposition(|h| matches!(h, Header::Ipv6(_)))?;
        let Some(Header::Ipv6(ip)) = front.get(at) else { return None };
        let (mut source, mut destination) = (None, None);
        for header in front.get(at..)? {
            match header {
                Header::DestinationOptions(h) => {
                    let mut options = h.list().flatten();
                    source = source.or(options.find_map(|o| o.home_address()));
                }
                Header::Routing(h) => {
                    if let RoutingBody::Home { home_address, .. } = &h.body {
                        destination = Some(*home_address);
                    }
                }
                _ => {}
            }
        }
        let far = destination.unwrap_or(ip.destination);
        let near = source.unwrap_or(ip.source);
        match message.message {
            Message::BindingUpdate { .. } => {
                let alternate = Options::new(&message.options, message.format(), codes)
                    .flatten()
                    .find_map(|o| match o.body() {
                        OptionBody::AlternateCareof { address } => Some(address),
                        _ => None,
                    });
                Some(Self { careof: alternate.unwrap_or(ip.source), home: near, peer: far })
            }
            Message::BindingAcknowledgement { .. } => {
                Some(Self { careof: ip.destination, home: far, peer: near })
            }
            _ => None,
        }
    }
}
