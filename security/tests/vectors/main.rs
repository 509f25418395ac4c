//! Packets and values that others have computed: those of RFCs and drafts,
//! those that Python's `cryptography` made once, and those of the collection
//! that `mip6_testkit::collection` finds, skipped where it is not.

mod ciphers;
mod collection;
mod combined;
mod dpdk;
mod integrity;
mod made;
mod oracle;
mod scapy;

use mip6_security::Association;
use mip6_security::esp::{Opened, Unopened, open, seal};

/// Octets from their digits; white space is left out.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("a hexadecimal digit"))
        .collect();
    assert!(digits.len().is_multiple_of(2), "half an octet");
    digits.chunks(2).map(|d| (d[0] << 4 | d[1]) as u8).collect()
}

/// Octets that count up.
fn counting(first: u8, n: usize) -> Vec<u8> {
    (0..n).map(|i| first.wrapping_add(i as u8)).collect()
}

/// An ESP packet, and what opens it.
struct Esp<'a> {
    name: &'a str,
    association: &'a Association,
    packet: &'a [u8],
    /// High half of its sequence number.
    high: u32,
}

impl Esp<'_> {
    fn open(&self) -> Result<(Opened, Vec<u8>), Unopened> {
        let mut plain = Vec::new();
        let opened = open(self.association, self.packet, self.high, &mut plain)?;
        Ok((opened, plain))
    }

    /// Opens, and says what was inside; one touched bit is noticed where
    /// something checks.
    fn opened(&self) -> (Opened, Vec<u8>) {
        let (opened, plain) = self.open().unwrap_or_else(|e| panic!("{}: {e}", self.name));
        assert_eq!(opened.checked, self.association.icv_octets() > 0, "{}", self.name);
        if opened.checked {
            let mut touched = self.packet.to_vec();
            touched[opened.icv.end - 1] ^= 1;
            let again = Esp { packet: &touched, ..*self };
            assert_eq!(again.open(), Err(Unopened::Icv), "{}", self.name);
        }
        (opened, plain)
    }

    /// Whether the padding is what `seal` puts there too.
    fn is_padded_as_here(&self, opened: &Opened) -> bool {
        let block = self.association.encryption().block_octets();
        opened.padding_is_right && usize::from(opened.pad_len) < block
    }

    /// Seals what was inside: the same octets.
    fn seals_again(&self, opened: &Opened, plain: &[u8]) {
        let low = u32::from_be_bytes([4, 5, 6, 7].map(|i| self.packet[i]));
        let sequence = u64::from(self.high) << 32 | u64::from(low);
        let (iv, payload) = (&self.packet[opened.iv.clone()], &plain[..opened.payload]);
        let mut sealed = Vec::new();
        seal(self.association, sequence, iv, opened.next, payload, &mut sealed);
        assert_eq!(sealed, self.packet, "{}", self.name);
    }
}
