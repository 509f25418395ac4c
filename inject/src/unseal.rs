//! Packets whose ESP is open, so that they can be described or changed and sealed
//! again with the same keys.

use mip6_security::{Association, Associations, Protocol, esp};
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, read_payload, write_packet};

use crate::datum::Datum;
use crate::kind::HeaderKind;
use crate::lift;
use crate::script::LinkLayer;
use crate::seal::{self, Keyring, Sealing};
use crate::spec::{Body, HeaderSpec, PacketSpec, RawSpec, SealSpec, Setting};
use crate::term::Term;

/// A packet, and what is inside its ESP as far as keys open it and sealing makes the
/// same octets again.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// The frame, then what was inside each ESP, the outermost first.
    pub(crate) parts: Vec<Part>,
    /// How headers are sealed, by their number in the whole packet.
    seals: Vec<(usize, HeaderKind, Body)>,
}

/// Octets that follow each other in the clear, perhaps with ESP at the end.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) octets: Vec<u8>,
    begins: Begins,
}

#[derive(Clone, Copy, Debug)]
enum Begins {
    /// With a link layer; the IP packet begins so many octets later.
    Frame(LinkLayer, usize),
    /// With a header of this IP protocol.
    Payload(u8),
}

impl Part {
    pub(crate) fn headers<'p>(&'p self, codes: &'p Codes) -> Vec<Header<'p>> {
        match self.begins {
            Begins::Frame(link, ip) => lift::headers(&self.octets, link, ip, codes),
            Begins::Payload(protocol) => read_payload(protocol, &self.octets, codes),
        }
    }
}

impl Opened {
    /// Opens a frame. `ip` is where its IP packet begins.
    pub(crate) fn of(
        frame: &[u8],
        link: LinkLayer,
        ip: usize,
        codes: &'static Codes,
        keys: &Associations,
    ) -> Self {
        let begins = Begins::Frame(link, ip.min(frame.len()));
        let part = Part { octets: frame.to_vec(), begins };
        let mut opened = Self { parts: vec![part], seals: Vec::new() };
        let same = |o: &Self| o.close(o.headers(codes), codes, keys).is_some_and(|c| c == frame);
        while let Some(deeper) = opened.deeper(codes, keys).into_iter().find(same) {
            opened = deeper;
        }
        for verified in opened.authenticated(codes, keys) {
            let mut trial = opened.clone();
            trial.seals.push(verified);
            if same(&trial) {
                opened = trial;
            }
        }
        opened
    }

    /// All headers, in order.
    pub(crate) fn headers(&self, codes: &'static Codes) -> Vec<Header<'_>> {
        self.parts.iter().flat_map(|p| p.headers(codes)).collect()
    }

    /// How a header is sealed, by its number.
    pub(crate) fn seal(&self, number: usize) -> Option<&Body> {
        self.seals.iter().find(|(n, ..)| *n == number).map(|(.., body)| body)
    }

    /// Whether a header is ESP that is open.
    pub(crate) fn is_open(&self, number: usize) -> bool {
        self.seals.iter().any(|(n, kind, _)| *n == number && *kind == HeaderKind::Esp)
    }

    /// Seals headers, as many as there were, and writes them. `None` if they cannot be
    /// sealed.
    pub(crate) fn close(
        &self,
        mut headers: Vec<Header<'_>>,
        codes: &'static Codes,
        keys: &Associations,
    ) -> Option<Vec<u8>> {
        let spec = |number| match self.seals.iter().find(|(n, ..)| *n == number) {
            Some((_, kind, body)) => HeaderSpec::Of(*kind, body.clone()),
            None => HeaderSpec::Raw(RawSpec::Octets(octets(&[]))),
        };
        let spec = PacketSpec { headers: (0..headers.len()).map(spec).collect() };
        seal::seal(&mut headers, &spec, &(), &Known(keys), codes).ok()?;
        Some(write_packet(&headers, codes))
    }

    /// With one ESP more open, by each association that opens it.
    fn deeper(&self, codes: &'static Codes, keys: &Associations) -> Vec<Self> {
        let number = self.headers(codes).len().saturating_sub(1);
        let Some(last) = self.parts.last() else { return Vec::new() };
        let headers = last.headers(codes);
        let Some(Header::Esp(sealed)) = headers.last() else { return Vec::new() };
        let head = [sealed.spi.to_be_bytes(), sealed.sequence.to_be_bytes()].concat();
        let whole = [&head, &sealed.data[..]].concat();
        let mut plain = Vec::new();
        let mut deeper = Vec::new();
        for a in known(keys, Protocol::Esp, sealed.spi, sealed.sequence) {
            let Ok(opened) = esp::open(a, &whole, 0, &mut plain) else { continue };
            let iv = whole.get(opened.iv.clone()).unwrap_or_default();
            // The one that sealing takes goes without saying.
            let iv = (iv != seal::usual_iv(iv.len(), sealed.sequence.into())).then(|| octets(iv));
            let inside = plain.get(..opened.payload).unwrap_or_default().to_vec();
            let mut trial = self.clone();
            trial.parts.push(Part { octets: inside, begins: Begins::Payload(opened.next) });
            let body = body(a, "esp.sequence", sealed.sequence, iv);
            trial.seals.push((number, HeaderKind::Esp, body));
            deeper.push(trial);
        }
        deeper
    }

    /// AH, with the associations that may have made it.
    fn authenticated(
        &self,
        codes: &'static Codes,
        keys: &Associations,
    ) -> Vec<(usize, HeaderKind, Body)> {
        let mut all = Vec::new();
        for (number, header) in self.headers(codes).into_iter().enumerate() {
            let Header::Authentication(ah) = header else { continue };
            for a in known(keys, Protocol::Ah, ah.spi, ah.sequence) {
                let body = body(a, "ah.sequence", ah.sequence, None);
                all.push((number, HeaderKind::Ah, body));
            }
        }
        all
    }
}

/// Associations with an SPI. The sequence number 0 is never sent (RFC 4303 2.2), and
/// no spec can say it without setting it.
fn known(
    keys: &Associations,
    protocol: Protocol,
    spi: u32,
    sequence: u32,
) -> impl Iterator<Item = &Association> {
    keys.iter().filter(move |a| a.protocol == protocol && a.spi == spi && sequence != 0)
}

fn octets(octets: &[u8]) -> Term {
    Term::Literal(Datum::Octets(octets.to_vec()))
}

/// Sealed by an association, with a sequence number.
fn body(a: &Association, field: &str, sequence: u32, iv: Option<Term>) -> Body {
    Body {
        fields: vec![(field.to_owned(), Setting::One(u64::from(sequence).into()))],
        seal: Some(SealSpec { association: a.name.clone(), iv, icv: None }),
        ..Body::default()
    }
}

/// Associations by name; sequence numbers are set where they are used.
pub(crate) struct Known<'k>(pub(crate) &'k Associations);

impl Keyring for Known<'_> {
    fn sealing(&self, name: &str) -> Option<Sealing<'_>> {
        let association = self.0.iter().find(|a| a.name == name)?;
        Some(Sealing { association, sequence: 0 })
    }
}
