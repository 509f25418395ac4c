//! The readings of the draft that its cryptography is tried by.

use std::fmt;

/// How a passage that leaves something open is read. The first of each list is
/// the reading that messages are made by; the others are recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
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
    /// The authenticator covers source and destination of the IPv6 header, then
    /// the message with its checksum zero, type and length of the option
    /// included.
    Wire,
    /// The addresses in the order of RFC 6275: care-of address, access router.
    BaseOrder,
    /// Those that upper layers see: home address and routing header instead.
    UpperAddresses,
    /// The checksum is that of the message while the authenticator is zero.
    MessageChecksum,
    /// Type and length of the option are not covered.
    NoOptionHeader,
}

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
    /// What the authenticator of a message covers.
    pub const MESSAGE: [Self; 5] = [
        Self::Wire,
        Self::BaseOrder,
        Self::UpperAddresses,
        Self::MessageChecksum,
        Self::NoOptionHeader,
    ];

    /// The reading of a name: `E4a`.
    pub fn named(id: &str) -> Option<Self> {
        Self::all().find(|r| r.id() == id)
    }

    /// All readings.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Self::PADDING.into_iter().chain(Self::WHOLE).chain(Self::MESSAGE)
    }

    /// Its name: that of the passage, and a letter where it is not the default.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pkcs1 => "E2",
            Self::Oaep => "E2a",
            Self::Raw => "E2b",
            Self::WholePacket => "E4",
            Self::NoIpHeader => "E4a",
            Self::PacketChecksum => "E4b",
            Self::PacketSwapped => "E4c",
            Self::NoHmacField => "E4d",
            Self::Wire => "E8",
            Self::BaseOrder => "E8a",
            Self::UpperAddresses => "E10",
            Self::MessageChecksum => "E11",
            Self::NoOptionHeader => "E12",
        }
    }

    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA with the padding of PKCS#1 v1.5",
            Self::Oaep => "RSA with OAEP over SHA-1",
            Self::Raw => "RSA without padding, which is not safe",
            Self::WholePacket => "over the packet, HMAC and checksum zero",
            Self::NoIpHeader => "over the packet without its IPv6 header",
            Self::PacketChecksum => "over the packet with its checksum",
            Self::PacketSwapped => "over the packet with the addresses its destination sees",
            Self::NoHmacField => "over the packet without the octets of the HMAC",
            Self::Wire => "over source, destination and message, checksum zero",
            Self::BaseOrder => "over care-of address, access router and message",
            Self::UpperAddresses => "over the addresses that upper layers see and the message",
            Self::MessageChecksum => "over source, destination and message with its checksum",
            Self::NoOptionHeader => {
                "over source, destination and message without type and length of the option"
            }
        }
    }

    /// Whether messages are made by it.
    pub const fn is_default(self) -> bool {
        matches!(self, Self::Pkcs1 | Self::WholePacket | Self::Wire)
    }

    /// The default of the same passage.
    #[must_use]
    pub const fn default_of(self) -> Self {
        match self {
            Self::Pkcs1 | Self::Oaep | Self::Raw => Self::Pkcs1,
            Self::WholePacket
            | Self::NoIpHeader
            | Self::PacketChecksum
            | Self::PacketSwapped
            | Self::NoHmacField => Self::WholePacket,
            Self::Wire
            | Self::BaseOrder
            | Self::UpperAddresses
            | Self::MessageChecksum
            | Self::NoOptionHeader => Self::Wire,
        }
    }
}

impl fmt::Display for Reading {
    /// Words and name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (reading {})", self.text(), self.id())
    }
}
