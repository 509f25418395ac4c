//! Options of packet sockets (packet(7)) that `nix` does not name.

use nix::libc::{self, packet_mreq, tpacket_stats};
use nix::{getsockopt_impl, setsockopt_impl, sockopt_impl};

sockopt_impl!(
    /// Frames that this host sends do not come.
    IgnoreOutgoing,
    SetOnly,
    libc::SOL_PACKET,
    libc::PACKET_IGNORE_OUTGOING,
    bool
);
sockopt_impl!(
    /// Each frame comes with what the kernel took out of it.
    AuxiliaryData,
    SetOnly,
    libc::SOL_PACKET,
    libc::PACKET_AUXDATA,
    bool
);
sockopt_impl!(
    /// Until the socket is closed, frames for other stations come.
    AddMembership,
    SetOnly,
    libc::SOL_PACKET,
    libc::PACKET_ADD_MEMBERSHIP,
    packet_mreq
);
sockopt_impl!(
    /// Frames that came, and that were lost, since this was asked.
    Statistics,
    GetOnly,
    libc::SOL_PACKET,
    libc::PACKET_STATISTICS,
    tpacket_stats
);

/// All stations of an interface, by its index.
pub(super) fn everything(interface: usize) -> packet_mreq {
    packet_mreq {
        mr_ifindex: interface as i32,
        mr_type: libc::PACKET_MR_PROMISC as u16,
        mr_alen: 0,
        mr_address: [0; 8],
    }
}

/// What the kernel says about a frame beside it (`struct tpacket_auxdata`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Auxiliary {
    /// A VLAN tag that it took out, as on the link.
    pub(super) tag: Option<[u8; 4]>,
    /// Whether the sum of the transport header is yet to be computed.
    pub(super) unsummed: bool,
}

/// Octets of `struct tpacket_auxdata`.
pub(super) const AUXILIARY: usize = 20;

impl Auxiliary {
    /// Reads a `struct tpacket_auxdata`: numbers in the host's order.
    pub(super) fn read(octets: &[u8]) -> Self {
        const UNSUMMED: u32 = 1 << 3;
        const TAGGED: u32 = 1 << 4;
        const KIND_TOLD: u32 = 1 << 6;
        let Some(octets) = octets.first_chunk::<AUXILIARY>() else { return Self::default() };
        let status = u32::from_ne_bytes([octets[0], octets[1], octets[2], octets[3]]);
        let tci = u16::from_ne_bytes([octets[16], octets[17]]).to_be_bytes();
        let kind = u16::from_ne_bytes([octets[18], octets[19]]).to_be_bytes();
        let kind = if status & KIND_TOLD == 0 { super::vlan::KIND } else { kind };
        let tag = (status & TAGGED != 0).then_some([kind[0], kind[1], tci[0], tci[1]]);
        Self { tag, unsummed: status & UNSUMMED != 0 }
    }
}
