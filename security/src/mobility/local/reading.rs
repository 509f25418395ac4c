//! How draft-liu-mobileip-lke-01 is read where it leaves something open: the
//! readings that there are, by their names.

use std::fmt;

/// What the draft leaves open, by the passage that is about it. The letter tells of
/// what: B of how messages are laid out, C of what stands around them, D of
/// lifetimes, E of cryptography, F of what nodes do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Passage {
    /// B1: the MH Type.
    Type,
    /// B4: where the padding of a request stands.
    RequestPadding,
    /// B7: what fills an acknowledgement up.
    Filler,
    /// B9: where the padding of an authentication option stands.
    OptionPadding,
    /// B12: the authenticator of a Finished message.
    FinishedForm,
    /// C5: the source that checksums cover.
    PseudoHeader,
    /// C6: what carries the care-of address towards the mobile node.
    Carrier,
    /// D2: the unit of a requested lifetime.
    Unit,
    /// E1: how the public key is encoded.
    Encoding,
    /// E2: how a secret key is encrypted.
    Padding,
    /// E4: what an HMAC over a whole packet covers.
    Whole,
    /// E8: in which order an authenticator covers the addresses.
    Order,
    /// E10: which addresses it covers.
    Addresses,
    /// E11: whether it covers the checksum.
    Checksum,
    /// E12: whether it covers type and length of its option.
    OptionHeader,
    /// F2: what becomes of requests of nodes with an IPsec security association.
    Prohibited,
    /// F7: how often nobody's silence is asked again.
    Repetition,
    /// F9: when the first solicitation comes.
    AtOnce,
    /// F13: where the kept advertisement goes.
    Group,
    /// F17: flag H of a Binding Update to an access router.
    HomeFlag,
    /// F21: what becomes of Binding Updates that are not authentic.
    Forgery,
    /// F25: when a request is sent again.
    Timer,
    /// F28: which acknowledgements that cannot be verified count.
    Distrust,
}

impl Passage {
    /// How many there are.
    pub(super) const COUNT: usize = 23;

    /// All passages, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE
            .iter()
            .map(|row| row.passage)
            .scan(None, |last, p| {
                let fresh = last.replace(p) != Some(p);
                Some(fresh.then_some(p))
            })
            .flatten()
    }

    /// Its readings, the default first.
    pub fn readings(self) -> impl Iterator<Item = Reading> + Clone {
        TABLE.iter().filter(move |row| row.passage == self).map(|row| row.reading)
    }
}

/// How a passage that leaves something open is read. The first of each passage is
/// the reading that messages are made by unless another is chosen; the others are
/// recognized as far as that can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// MH Type of 8 bits and a reserved octet.
    ShortType,
    /// MH Type of 16 bits, as drafts of Mobile IPv6 before -19 had it.
    LongType,
    /// PadN behind the option of a request.
    PaddingBehind,
    /// Pad1 behind it.
    OctetsBehind,
    /// Padding between the data and the option.
    PaddingBefore,
    /// Two octets of zero behind each option of an acknowledgement.
    Zeros,
    /// PadN in their place.
    PadN,
    /// The HMAC of an authentication option, then four octets of padding.
    HmacFirst,
    /// Four octets of padding, then the HMAC.
    PaddingFirst,
    /// The authenticator of a Finished message is an option.
    AuthenticatorOption,
    /// It is bare octets behind the nonce.
    BareAuthenticator,
    /// The checksum of a message with a Home Address option covers the address in it.
    HomeSource,
    /// It covers the source of the IPv6 header.
    WireSource,
    /// A Type 2 routing header.
    RoutingHeader,
    /// A destination option made like the Home Address option.
    DestinationOption,
    /// Units of four seconds.
    FourSeconds,
    /// Seconds.
    Seconds,
    /// DER SubjectPublicKeyInfo, RFC 3279 2.3.1.
    SubjectPublicKeyInfo,
    /// DER RSAPublicKey, RFC 8017 A.1.1.
    RsaPublicKey,
    /// Exponent length, exponent, modulus: RFC 3110 2.
    Dnskey,
    /// The modulus alone; the exponent is 65537.
    Modulus,
    /// The secret key is encrypted by RSA with the padding of PKCS#1 v1.5.
    Pkcs1,
    /// With OAEP over SHA-1.
    Oaep,
    /// With no padding but zeros in front.
    Raw,
    /// The HMAC covers the packet from its IPv6 header on, as transmitted, with
    /// the HMAC and the checksum zero.
    WholePacket,
    /// It begins behind the IPv6 header.
    NoIpHeader,
    /// The checksum is that of the packet while the HMAC is zero.
    PacketChecksum,
    /// The addresses stand where the destination puts them: those of the Home
    /// Address option and the routing header in the IPv6 header.
    PacketSwapped,
    /// The HMAC is left out instead of zero.
    NoHmacField,
    /// An authenticator covers the source, then the destination.
    Literal,
    /// The addresses in the order of RFC 6275: care-of address, access router.
    BaseOrder,
    /// Those of the IPv6 header.
    WireAddresses,
    /// Those that upper layers see: home address and routing header instead.
    UpperAddresses,
    /// The checksum is zero.
    ZeroChecksum,
    /// The checksum is that of the message while the authenticator is zero.
    MessageChecksum,
    /// Type and length of the option are covered.
    WholeOption,
    /// They are not.
    NoOptionHeader,
    /// They are refused with status 129.
    Refused,
    /// They get no answer.
    Unanswered,
    /// A second solicitation goes out while nobody has answered.
    Repeated,
    /// One does.
    Once,
    /// Within a second of the acknowledgement.
    WithinOne,
    /// Within two.
    WithinTwo,
    /// To the group that it was sent to, all nodes.
    AllNodes,
    /// To the solicited-node group of its address.
    SolicitedNode,
    /// Flag H is set.
    Home,
    /// It is clear.
    NotHome,
    /// They are refused with a status.
    Answered,
    /// They are silently discarded.
    Discarded,
    /// After 3 seconds.
    ThreeSeconds,
    /// After one.
    OneSecond,
    /// Those of a request that waits.
    Outstanding,
    /// All that name the care-of address.
    Any,
}

struct Row {
    reading: Reading,
    passage: Passage,
    id: &'static str,
    text: &'static str,
}

const fn row(reading: Reading, passage: Passage, id: &'static str, text: &'static str) -> Row {
    Row { reading, passage, id, text }
}

/// In the order of `Reading`, passages together, the default of each first.
#[rustfmt::skip]
static TABLE: &[Row] = {
    use {Passage as P, Reading as R};
    &[
        row(R::ShortType, P::Type, "B1", "an MH Type of 8 bits and a reserved octet"),
        row(R::LongType, P::Type, "B1a", "an MH Type of 16 bits"),
        row(R::PaddingBehind, P::RequestPadding, "B4", "PadN behind the option of a request"),
        row(R::OctetsBehind, P::RequestPadding, "B4a", "Pad1 behind the option of a request"),
        row(R::PaddingBefore, P::RequestPadding, "B4b", "padding in front of the option of a request"),
        row(R::Zeros, P::Filler, "B7", "two zeros behind each option of an acknowledgement"),
        row(R::PadN, P::Filler, "B7a", "PadN behind each option of an acknowledgement"),
        row(R::HmacFirst, P::OptionPadding, "B9", "four octets of padding behind the HMAC of an authentication option"),
        row(R::PaddingFirst, P::OptionPadding, "B9a", "four octets of padding in front of the HMAC of an authentication option"),
        row(R::AuthenticatorOption, P::FinishedForm, "B12", "a Finished message with an option for its authenticator"),
        row(R::BareAuthenticator, P::FinishedForm, "B12a", "a Finished message with twelve bare octets for its authenticator"),
        row(R::HomeSource, P::PseudoHeader, "C5", "a checksum over the address of the Home Address option"),
        row(R::WireSource, P::PseudoHeader, "C5a", "a checksum over the source of the IPv6 header"),
        row(R::RoutingHeader, P::Carrier, "C6", "the care-of address in a Type 2 routing header"),
        row(R::DestinationOption, P::Carrier, "C6a", "the care-of address in a destination option"),
        row(R::FourSeconds, P::Unit, "D2", "a requested lifetime in units of 4 s"),
        row(R::Seconds, P::Unit, "D2a", "a requested lifetime in seconds"),
        row(R::SubjectPublicKeyInfo, P::Encoding, "E1", "a public key as DER SubjectPublicKeyInfo"),
        row(R::RsaPublicKey, P::Encoding, "E1a", "a public key as DER RSAPublicKey of PKCS#1"),
        row(R::Dnskey, P::Encoding, "E1b", "a public key as exponent and modulus of RFC 3110"),
        row(R::Modulus, P::Encoding, "E1c", "a public key as its modulus alone"),
        row(R::Pkcs1, P::Padding, "E2", "RSA with the padding of PKCS#1 v1.5"),
        row(R::Oaep, P::Padding, "E2a", "RSA with OAEP over SHA-1"),
        row(R::Raw, P::Padding, "E2b", "RSA without padding, which is not safe"),
        row(R::WholePacket, P::Whole, "E4", "over the packet, HMAC and checksum zero"),
        row(R::NoIpHeader, P::Whole, "E4a", "over the packet without its IPv6 header"),
        row(R::PacketChecksum, P::Whole, "E4b", "over the packet with its checksum"),
        row(R::PacketSwapped, P::Whole, "E4c", "over the packet with the addresses its destination sees"),
        row(R::NoHmacField, P::Whole, "E4d", "over the packet without the octets of the HMAC"),
        row(R::Literal, P::Order, "E8", "an authenticator over source, then destination"),
        row(R::BaseOrder, P::Order, "E8a", "an authenticator over care-of address, then access router"),
        row(R::WireAddresses, P::Addresses, "E10", "an authenticator over the addresses of the IPv6 header"),
        row(R::UpperAddresses, P::Addresses, "E10a", "an authenticator over the addresses that upper layers see"),
        row(R::ZeroChecksum, P::Checksum, "E11", "an authenticator over a checksum of zero"),
        row(R::MessageChecksum, P::Checksum, "E11a", "an authenticator over the checksum"),
        row(R::WholeOption, P::OptionHeader, "E12", "an authenticator over type and length of its option"),
        row(R::NoOptionHeader, P::OptionHeader, "E12a", "an authenticator without type and length of its option"),
        row(R::Refused, P::Prohibited, "F2", "status 129 for nodes with an IPsec security association"),
        row(R::Unanswered, P::Prohibited, "F2a", "no answer for nodes with an IPsec security association"),
        row(R::Repeated, P::Repetition, "F7", "a second solicitation while nobody has answered"),
        row(R::Once, P::Repetition, "F7a", "one solicitation"),
        row(R::WithinOne, P::AtOnce, "F9", "the first solicitation within a second of the acknowledgement"),
        row(R::WithinTwo, P::AtOnce, "F9a", "the first solicitation within two seconds of the acknowledgement"),
        row(R::AllNodes, P::Group, "F13", "the kept advertisement to all nodes, as it came"),
        row(R::SolicitedNode, P::Group, "F13a", "the kept advertisement to the solicited-node group"),
        row(R::Home, P::HomeFlag, "F17", "flag H in Binding Updates to access routers"),
        row(R::NotHome, P::HomeFlag, "F17a", "no flag H in Binding Updates to access routers"),
        row(R::Answered, P::Forgery, "F21", "a refusal of Binding Updates that are not authentic"),
        row(R::Discarded, P::Forgery, "F21a", "silence on Binding Updates that are not authentic"),
        row(R::ThreeSeconds, P::Timer, "F25", "a request again after 3 s"),
        row(R::OneSecond, P::Timer, "F25a", "a request again after 1 s"),
        row(R::Outstanding, P::Distrust, "F28", "acknowledgements that answer a request end associations, if they are wrong"),
        row(R::Any, P::Distrust, "F28a", "acknowledgements of any number end associations, if they are wrong"),
    ]
};

impl Reading {
    /// How a secret key is encrypted.
    pub const PADDING: [Self; 3] = [Self::Pkcs1, Self::Oaep, Self::Raw];
    /// What an HMAC over a whole packet covers.
    pub const WHOLE: [Self; 5] = [
        Self::WholePacket,
        Self::NoIpHeader,
        Self::PacketChecksum,
        Self::PacketSwapped,
        Self::NoHmacField,
    ];

    /// The reading of a name: `E4a`.
    pub fn named(id: &str) -> Option<Self> {
        Self::all().find(|r| r.id() == id)
    }

    /// All readings, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.reading)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// What it is a reading of.
    pub fn passage(self) -> Passage {
        self.row().passage
    }

    /// Its name: that of the passage, and a letter where it is not the default.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// Its name with a number, if it has one: `C6a=254`.
    pub fn name(self, number: Option<u8>) -> String {
        match number {
            Some(number) => format!("{}={number}", self.id()),
            None => self.id().to_owned(),
        }
    }

    /// In words.
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// Whether messages are made by it unless another is chosen.
    pub fn is_default(self) -> bool {
        self.default_of() == self
    }

    /// The default of the same passage.
    #[must_use]
    pub fn default_of(self) -> Self {
        let passage = self.passage();
        TABLE.iter().find(|row| row.passage == passage).map_or(self, |row| row.reading)
    }
}

impl fmt::Display for Reading {
    /// Words and name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (reading {})", self.text(), self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_readings() {
        for (i, row) in TABLE.iter().enumerate() {
            assert_eq!(row.reading as usize, i, "{}", row.id);
            assert_eq!(Reading::named(row.id), Some(row.reading));
        }
        let passages: Vec<Passage> = Passage::all().collect();
        assert_eq!(passages.len(), Passage::COUNT);
        for (i, passage) in passages.into_iter().enumerate() {
            assert_eq!(passage as usize, i, "{passage:?}");
            assert!(passage.readings().next().is_some_and(Reading::is_default));
        }
    }
}
