//! Any field of any format, set and read back.

use mip6_inject::{
    Body, Crafter, Datum, Fault, HeaderKind, HeaderSpec, Occurrence, OptionSpec, PacketSpec,
    Setting, Term, Written,
};
use mip6_wire::codes::{Codes, LKE01, NdFormat, OptionFormat, RFC6275};
use mip6_wire::header::Header;
use mip6_wire::ip::options::kind::SLUGS;
use mip6_wire::layout::{Bytes, Field, Filler, Given, Misfit, Space};
use proptest::prelude::*;

/// Fields that say where others end or what they are: with any other value the
/// octets are read as something else. Their octets are looked at elsewhere.
const STRUCTURE: &[&str] = &[
    "mip6.mhtype",
    "mip6.hlen",
    "icmpv6.type",
    "ipv6.routing.type",
    "ipv6.routing.len",
    "ipv6.hopopts.len",
    "ipv6.dstopts.len",
    "ah.length",
    "ip.hdr_words",
    "tcp.hdr_words",
    "mip6.mobility_opt",
    "mip6.mobility_opt.len",
    "ipv6.opt.type",
    "ipv6.opt.type.action",
    "ipv6.opt.type.change",
    "ipv6.opt.type.rest",
    "ipv6.opt.length",
    "icmpv6.opt.type",
    "icmpv6.opt.length",
    "mip6.has.num_addrs",
    "icmpv6.mld.nb_sources",
    "ipv6.routing.srh.last_entry",
    "mip6.bri_br.type",
    "mip6.fb.type",
    "mip6.mhipv6ap.opt_code",
    "tcp.option_kind",
    "tcp.option_len",
    // Known by its zeros.
    "lke.dad.front",
];

/// Fields that a header or option has if somebody wants them.
#[derive(Default)]
struct Recorder(Vec<&'static Field>);

impl<'a> Filler<'a> for Recorder {
    fn give(&mut self, f: &'static Field) -> Option<Given> {
        self.0.push(f);
        None
    }
    fn has(&self, _: &'static Field) -> bool {
        true
    }
    fn misfit(&mut self, _: &'static Field, _: Misfit) {}
    fn area(&mut self, _: Space, _: usize, _: &mut Bytes<'a>) {}
}

fn number(n: u64) -> Setting {
    Setting::One(n.into())
}

/// A header with nothing set but what selects its format, and perhaps an option.
pub(crate) struct Format {
    pub(crate) codes: &'static Codes,
    pub(crate) kind: HeaderKind,
    selector: Option<(&'static str, u64)>,
    option: Option<&'static str>,
}

impl Format {
    pub(crate) fn spec(&self, set: Option<(&'static Field, Setting)>) -> PacketSpec {
        let mut body = Body::default();
        body.fields.extend(self.selector.map(|(name, n)| (name.to_owned(), number(n))));
        let set = set.map(|(f, s)| (f.id.to_owned(), s));
        match self.option {
            Some(name) => {
                let fields = set.into_iter().collect();
                let option = Body { fields, ..Body::default() };
                body.options.push(OptionSpec::Of(name.to_owned(), option));
            }
            None => body.fields.extend(set),
        }
        PacketSpec { headers: vec![HeaderSpec::Of(self.kind, body)] }
    }

    fn craft(&self, set: Option<(&'static Field, Setting)>) -> Result<Vec<Header<'static>>, Fault> {
        Crafter::new(&(), self.codes).craft(&self.spec(set)).map_err(|e| e.fault)
    }

    pub(crate) fn fields(&self) -> Vec<&'static Field> {
        let mut recorder = Recorder::default();
        match self.option {
            None => self.craft(None).unwrap()[0].fill(&mut recorder, self.codes),
            Some(name) => {
                let item = match self.kind {
                    HeaderKind::Mobility => {
                        let format = OptionFormat::from_slug(name).unwrap();
                        let within = self.codes.mh(self.selector.unwrap().1 as u8);
                        let number = self.codes.option_number(within, format).unwrap();
                        mip6_wire::items::Item::Mobility(number, format)
                    }
                    HeaderKind::Icmpv6 => {
                        mip6_wire::items::Item::Nd(1, NdFormat::from_slug(name).unwrap())
                    }
                    _ => {
                        let slug = SLUGS.iter().find(|(slug, _)| *slug == name).unwrap();
                        mip6_wire::items::Item::Ipv6(slug.1)
                    }
                };
                mip6_wire::items::make(item, &mut recorder, self.codes).unwrap();
            }
        }
        let mut fields = recorder.0;
        fields.retain(|f| !STRUCTURE.contains(&f.id));
        fields
    }

    /// Sets a field to something made of `seed` and reads it back.
    fn holds(&self, f: &'static Field, seed: u64) {
        let what = format!("{} in {:?} {:?}", f.id, self.selector, self.option);
        // A sum wraps at the width, whatever that is.
        let sum = Term::Sum { value: Box::new(seed.into()), plus: Box::new(0.into()) };
        let Ok(headers) = self.craft(Some((f, Setting::One(sum)))) else {
            // A field of octets. How many there can be depends on what is around.
            let holds = [14, 8, 16, 6, 10, 4, 3, 5, 12, 20].map(|n| self.holds_octets(f, seed, n));
            assert!(holds.contains(&true), "{what}");
            return;
        };
        let written = Written::new(&headers, self.codes);
        let found = written.fields(&headers, self.codes).of(f.id);
        // Reserved bits may lie around another field.
        let seed = i128::from(seed & f.extract(u64::MAX));
        let is = |o: &Occurrence<'_>| {
            let low = (1 << o.bits.min(64)) - 1;
            match Datum::from(o.value) {
                // Signed numbers have the same bits.
                Datum::Number(n) => n & low == seed & low,
                _ => Datum::Number(seed & low).is(&o.value) == Ok(true),
            }
        };
        assert!(found.iter().any(is), "{what} = {seed:#x}: {found:?}");
    }

    fn holds_octets(&self, f: &'static Field, seed: u64, n: usize) -> bool {
        // No zero octets: text may be padded with them.
        let octets: Vec<u8> =
            (0..n).map(|i| seed.to_be_bytes()[i % 8].wrapping_add(i as u8) | 1).collect();
        let set = Setting::One(Term::Literal(Datum::Octets(octets.clone())));
        let Ok(headers) = self.craft(Some((f, set))) else { return false };
        let written = Written::new(&headers, self.codes);
        if f.id.rsplit('.').next() == Some("extra") {
            // Behind octets without an end of their own they are more of them.
            return written.octets().windows(n).any(|w| w == octets);
        }
        let found = written.fields(&headers, self.codes).of(f.id);
        found.iter().any(|o| o.value == f.value(&octets))
    }
}

pub(crate) fn formats() -> Vec<Format> {
    let mut formats = Vec::new();
    let plain = |kind| Format { codes: &RFC6275, kind, selector: None, option: None };
    for kind in HeaderKind::ALL {
        match kind {
            HeaderKind::Routing => formats.extend(
                [0, 2, 3, 4, 9]
                    .map(|n| Format { selector: Some(("ipv6.routing.type", n)), ..plain(*kind) }),
            ),
            HeaderKind::Mobility => {
                formats.extend(
                    (0..=24).map(|n| Format { selector: Some(("mip6.mhtype", n)), ..plain(*kind) }),
                );
                formats.extend((8..=10).map(|n| Format {
                    codes: &LKE01,
                    selector: Some(("mip6.mhtype", n)),
                    ..plain(*kind)
                }));
            }
            HeaderKind::Icmpv6 => {
                let types = [
                    1, 2, 3, 4, 100, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143, 144,
                    145, 146, 147, 154,
                ];
                formats.extend(
                    types.map(|n| Format { selector: Some(("icmpv6.type", n)), ..plain(*kind) }),
                );
            }
            HeaderKind::Raw => {}
            kind => formats.push(plain(*kind)),
        }
    }
    for (slug, _) in SLUGS {
        formats.push(Format { option: Some(slug), ..plain(HeaderKind::DestinationOptions) });
    }
    for format in OptionFormat::ALL {
        let (codes, message) = match format {
            OptionFormat::RequestedLifetime => (&LKE01, 8),
            OptionFormat::ArAddress | OptionFormat::LkeHmac => (&LKE01, 9),
            OptionFormat::FinishedRequest => (&LKE01, 6),
            _ => (&RFC6275, 5),
        };
        formats.push(Format {
            codes,
            selector: Some(("mip6.mhtype", message)),
            option: Some(format.slug()),
            ..plain(HeaderKind::Mobility)
        });
    }
    for format in NdFormat::ALL {
        let (codes, message) = match format {
            // Nine units tell it from the registered option.
            NdFormat::LkeCapability => continue,
            NdFormat::DadAuthenticationRequest => (&LKE01, 135),
            NdFormat::DadAuthenticationReply => (&LKE01, 136),
            _ => (&RFC6275, 134),
        };
        formats.push(Format {
            codes,
            selector: Some(("icmpv6.type", message)),
            option: Some(format.slug()),
            ..plain(HeaderKind::Icmpv6)
        });
    }
    formats
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_field_is_read_back_as_it_was_set(seed: u64) {
        for format in formats() {
            for f in format.fields() {
                format.holds(f, seed);
            }
        }
    }
}

#[test]
fn hardly_a_field_is_left_out() {
    let mut reached: Vec<_> = formats().iter().flat_map(Format::fields).map(|f| f.id).collect();
    reached.sort_unstable();
    reached.dedup();
    assert!(reached.len() > 400, "{} fields", reached.len());
}
