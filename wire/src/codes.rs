//! Code points: which number means which format. They are data, not
//! constants, because numbers were reused: the Local Key Exchange draft takes
//! Mobility Header types and options that mean other things elsewhere.

mod formats;

pub use formats::{MhFormat, NdFormat, OptionFormat};

/// A table from numbers to formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    mh: [MhFormat; 256],
    options: [OptionFormat; 256],
    nd: [NdFormat; 256],
    lke: Option<LkeCodes>,
}

/// The numbers of draft-liu-mobileip-lke-01. Options are scoped by the
/// message around them, so that they can share numbers with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LkeCodes {
    /// Mobility Header type of the Key Exchange Request, 3.2.1.
    pub request: u8,
    /// Mobility Header type of the Key Exchange Acknowledgement, 3.2.2.
    pub acknowledgement: u8,
    /// Mobility Header type of the Finished message, 3.2.4.
    pub finished: u8,
    /// Mobility option of a request: requested lifetime.
    pub requested_lifetime: u8,
    /// Mobility option of an acknowledgement: address of the access router.
    pub ar_address: u8,
    /// Mobility option of an acknowledgement: HMAC-SHA1.
    pub hmac: u8,
    /// Mobility option of a Binding Acknowledgement, 3.2.3.
    pub finished_request: u8,
    /// Neighbor Discovery option of a Router Advertisement, 3.1.1.
    pub capability: u8,
    /// Neighbor Discovery option of a Neighbor Solicitation, 3.1.2.
    pub dad_request: u8,
    /// Neighbor Discovery option of a Neighbor Advertisement, 3.1.3.
    pub dad_reply: u8,
    /// Destination option with the care-of address of a Key Exchange Acknowledgement
    /// or a Binding Acknowledgement, for those who take the draft's "Destination
    /// Address Option" for one (2.1). The draft gives no number. This one is for
    /// experiments (RFC 4727 3.1) and asks of those who do not know it what the Home
    /// Address option asks: to discard the packet and to say so.
    pub careof_option: u8,
}

impl LkeCodes {
    /// The numbers the draft uses.
    pub const DRAFT_01: Self = Self {
        request: 8,
        acknowledgement: 9,
        finished: 10,
        requested_lifetime: 3,
        ar_address: 4,
        hmac: 5,
        finished_request: 6,
        capability: 6,
        dad_request: 7,
        dad_reply: 8,
        careof_option: 0xde,
    };
}

/// The meaning IANA registered.
pub static RFC6275: Codes = Codes::iana();

/// The meaning of draft-liu-mobileip-lke-01 where it defines one, IANA's
/// elsewhere.
pub static LKE01: Codes = Codes::iana().with_lke(LkeCodes::DRAFT_01);

impl Codes {
    /// The registered numbers.
    pub const fn iana() -> Self {
        let mut c = Self {
            mh: [MhFormat::Unknown; 256],
            options: [OptionFormat::Unknown; 256],
            nd: [NdFormat::Unknown; 256],
            lke: None,
        };
        let mut i = 0;
        while i < formats::MH_REGISTRY.len() {
            let (number, format) = formats::MH_REGISTRY[i];
            c.mh[number as usize] = format;
            i += 1;
        }
        i = 0;
        while i < formats::OPTION_REGISTRY.len() {
            let (number, format) = formats::OPTION_REGISTRY[i];
            c.options[number as usize] = format;
            i += 1;
        }
        i = 0;
        while i < formats::ND_REGISTRY.len() {
            let (number, format) = formats::ND_REGISTRY[i];
            c.nd[number as usize] = format;
            i += 1;
        }
        c
    }

    /// The same table with Local Key Exchange on `lke`'s numbers.
    #[must_use]
    pub const fn with_lke(mut self, lke: LkeCodes) -> Self {
        self.mh[lke.request as usize] = MhFormat::KeyExchangeRequest;
        self.mh[lke.acknowledgement as usize] = MhFormat::KeyExchangeAcknowledgement;
        self.mh[lke.finished as usize] = MhFormat::Finished;
        self.lke = Some(lke);
        self
    }

    /// The same table with Mobility Header type `number` read as `format`.
    pub fn set_mh(&mut self, number: u8, format: MhFormat) {
        self.mh[usize::from(number)] = format;
    }

    /// The same table with mobility option `number` read as `format`.
    pub fn set_option(&mut self, number: u8, format: OptionFormat) {
        self.options[usize::from(number)] = format;
    }

    /// The same table with Neighbor Discovery option `number` read as `format`.
    pub fn set_nd(&mut self, number: u8, format: NdFormat) {
        self.nd[usize::from(number)] = format;
    }

    /// The numbers of Local Key Exchange, where it is spoken.
    #[inline]
    pub fn lke(&self) -> Option<&LkeCodes> {
        self.lke.as_ref()
    }

    /// Whether a destination option is that of Local Key Exchange for a care-of
    /// address.
    #[inline]
    pub fn is_careof_option(&self, kind: u8) -> bool {
        self.lke.as_ref().is_some_and(|lke| lke.careof_option == kind)
    }

    /// The lowest Mobility Header type that means `format`.
    pub fn mh_number(&self, format: MhFormat) -> Option<u8> {
        (0..=255).find(|n| self.mh(*n) == format)
    }

    /// The number of mobility option `format` inside message `within`.
    pub fn option_number(&self, within: MhFormat, format: OptionFormat) -> Option<u8> {
        let lke = self.lke.as_ref().and_then(|lke| match (within, format) {
            (MhFormat::KeyExchangeRequest, OptionFormat::RequestedLifetime) => {
                Some(lke.requested_lifetime)
            }
            (MhFormat::KeyExchangeAcknowledgement, OptionFormat::ArAddress) => Some(lke.ar_address),
            (MhFormat::KeyExchangeAcknowledgement, OptionFormat::LkeHmac) => Some(lke.hmac),
            (MhFormat::BindingAcknowledgement, OptionFormat::FinishedRequest) => {
                Some(lke.finished_request)
            }
            _ => None,
        });
        lke.or_else(|| (0..=255).find(|n| self.options[usize::from(*n)] == format))
    }

    /// The number of Neighbor Discovery option `format`.
    pub fn nd_number(&self, format: NdFormat) -> Option<u8> {
        let lke = self.lke.as_ref().and_then(|lke| match format {
            NdFormat::LkeCapability => Some(lke.capability),
            NdFormat::DadAuthenticationRequest => Some(lke.dad_request),
            NdFormat::DadAuthenticationReply => Some(lke.dad_reply),
            _ => None,
        });
        lke.or_else(|| (0..=255).find(|n| self.nd[usize::from(*n)] == format))
    }

    /// What a Mobility Header type means.
    #[inline]
    pub fn mh(&self, kind: u8) -> MhFormat {
        self.mh[usize::from(kind)]
    }

    /// What a mobility option of type `kind` with `len` octets of data means
    /// inside message `within`.
    #[inline]
    pub fn option(&self, within: MhFormat, kind: u8, len: usize) -> OptionFormat {
        if let Some(lke) = &self.lke {
            match within {
                MhFormat::KeyExchangeRequest if kind == lke.requested_lifetime => {
                    return OptionFormat::RequestedLifetime;
                }
                MhFormat::KeyExchangeAcknowledgement if kind == lke.ar_address => {
                    return OptionFormat::ArAddress;
                }
                MhFormat::KeyExchangeAcknowledgement if kind == lke.hmac => {
                    return OptionFormat::LkeHmac;
                }
                MhFormat::BindingAcknowledgement if kind == lke.finished_request && len == 6 => {
                    return OptionFormat::FinishedRequest;
                }
                _ => {}
            }
        }
        self.options[usize::from(kind)]
    }

    /// What a Neighbor Discovery option of type `kind`, `units` times 8 octets
    /// long, means in an ICMPv6 message of type `message`.
    #[inline]
    pub fn nd(&self, message: u8, kind: u8, units: u8) -> NdFormat {
        let registered = self.nd[usize::from(kind)];
        if let Some(lke) = &self.lke {
            let free = matches!(registered, NdFormat::Unknown);
            match message {
                134 if kind == lke.capability && (units >= 9 || free) => {
                    return NdFormat::LkeCapability;
                }
                135 if kind == lke.dad_request && (matches!(units, 5 | 6) || free) => {
                    return NdFormat::DadAuthenticationRequest;
                }
                136 if kind == lke.dad_reply && (matches!(units, 5 | 6) || free) => {
                    return NdFormat::DadAuthenticationReply;
                }
                _ => {}
            }
        }
        registered
    }
}
