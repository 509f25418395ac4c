//! ESP and AH of packets that are made: sealed as their spec wants.

use mip6_security::{Association, Protocol, ah, esp};
use mip6_wire::codes::Codes;
use mip6_wire::header::{Header, write_packet};
use mip6_wire::ip::{Authentication, Esp, proto};
use mip6_wire::layout::Auto;

use crate::craft::{self, CraftError, Fault};
use crate::spec::{Body, HeaderSpec, IcvSpec, PacketSpec, SealSpec};
use crate::term::Scope;

/// Security associations by name.
pub trait Keyring {
    /// What to seal a packet with.
    fn sealing(&self, name: &str) -> Option<Sealing<'_>>;
}

/// No association has a name.
impl Keyring for () {
    fn sealing(&self, _: &str) -> Option<Sealing<'_>> {
        None
    }
}

/// What a packet is sealed with.
#[derive(Clone, Copy, Debug)]
pub struct Sealing<'k> {
    /// The association.
    pub association: &'k Association,
    /// The sequence number, unless the spec sets `esp.sequence` or
    /// `ah.sequence`.
    pub sequence: u64,
}

/// Seals what is behind each ESP and AH header whose spec names an association,
/// the innermost first.
pub(crate) fn seal(
    headers: &mut Vec<Header<'_>>,
    spec: &PacketSpec,
    scope: &dyn Scope,
    keys: &dyn Keyring,
    codes: &'static Codes,
) -> Result<(), CraftError> {
    for (i, header) in spec.headers.iter().enumerate().rev() {
        let HeaderSpec::Of(kind, body @ Body { seal: Some(seal), .. }) = header else { continue };
        let at = format!("packet[{i}].{}", kind.name());
        let sealing = keys.sealing(&seal.association);
        let sealing =
            sealing.ok_or_else(|| Fault::NoAssociation(seal.association.clone()).at(&at))?;
        let job = Job { body, seal, sealing, scope, codes };
        let sealed = match headers[i].clone() {
            Header::Esp(set) => job.esp(headers, i, &set),
            Header::Authentication(set) => job.ah(headers, i, &set),
            _ => continue,
        };
        sealed.map_err(|fault| fault.at(&at))?;
    }
    Ok(())
}

/// The initialization vector where none is set: the sequence number in its last octets.
pub(crate) fn usual_iv(octets: usize, sequence: u64) -> Vec<u8> {
    let mut iv = vec![0; octets];
    for (to, from) in iv.iter_mut().rev().zip(sequence.to_be_bytes().iter().rev()) {
        *to = *from;
    }
    iv
}

struct Job<'j> {
    body: &'j Body,
    seal: &'j SealSpec,
    sealing: Sealing<'j>,
    scope: &'j dyn Scope,
    codes: &'static Codes,
}

impl Job<'_> {
    /// The association, under the SPI that the spec sets, if it does.
    fn association(&self, protocol: Protocol, spi: (&str, u32)) -> Result<Association, Fault> {
        let mut a = self.sealing.association.clone();
        if a.protocol != protocol {
            return Err(Fault::Seal(format!(
                "security association {} is for {}, expected one for {}",
                self.seal.association,
                a.protocol.name(),
                protocol.name()
            )));
        }
        if self.body.sets(spi.0) {
            a.spi = spi.1;
        }
        Ok(a)
    }

    fn sequence(&self, set: (&str, u32)) -> u64 {
        if self.body.sets(set.0) {
            // The high half of an extended number is not in the packet.
            self.sealing.sequence & !0xffff_ffff | u64::from(set.1)
        } else {
            self.sealing.sequence
        }
    }

    fn esp(&self, headers: &mut Vec<Header<'_>>, i: usize, set: &Esp<'_>) -> Result<(), Fault> {
        if self.body.sets("esp.data") {
            return Err(Fault::Seal("both `association` and `esp.data`, expected one".to_owned()));
        }
        let a = self.association(Protocol::Esp, ("esp.spi", set.spi))?;
        let sequence = self.sequence(("esp.sequence", set.sequence));
        let iv = self.iv(&a, sequence)?;
        let next = headers.get(i + 1).and_then(Header::protocol).unwrap_or(proto::NONE);
        // Checksums inside go by the headers around ESP.
        let start = write_packet(&headers[..i], self.codes).len();
        headers.remove(i);
        let plain = write_packet(headers, self.codes);
        headers.truncate(i);
        let mut data = Vec::new();
        esp::seal(&a, sequence, &iv, next, &plain[start..], &mut data);
        // SPI and sequence number stand in fields of their own.
        data.drain(..8);
        self.icv(&mut data, a.icv_octets())?;
        headers.push(Header::Esp(Esp { spi: a.spi, sequence: sequence as u32, data: data.into() }));
        Ok(())
    }

    fn ah(
        &self,
        headers: &mut [Header<'_>],
        i: usize,
        set: &Authentication<'_>,
    ) -> Result<(), Fault> {
        const FIXED: usize = 12;
        if self.body.sets("ah.icv") {
            return Err(Fault::Seal("both `association` and `ah.icv`, expected one".to_owned()));
        }
        let a = self.association(Protocol::Ah, ("ah.spi", set.spi))?;
        let sequence = self.sequence(("ah.sequence", set.sequence));
        let is_ip = |h: &Header<'_>| matches!(h, Header::Ipv6(_) | Header::Ipv4(_));
        let ip = headers[..i].iter().rposition(is_ip);
        let ip = ip.ok_or_else(|| Fault::Seal("AH without an IP header in front".to_owned()))?;
        // To a multiple of 8 octets, in IPv6: RFC 4302 2.6.
        let icv = (FIXED + a.integrity().icv_octets()).next_multiple_of(8) - FIXED;
        let sequence32 = sequence as u32;
        let mut header = Authentication {
            spi: a.spi,
            sequence: sequence32,
            icv: vec![0; icv].into(),
            ..set.clone()
        };
        if header.next == Auto::Computed {
            let next = headers.get(i + 1).and_then(Header::protocol).unwrap_or(proto::NONE);
            header.next = Auto::Fixed(next);
        }
        headers[i] = Header::Authentication(header.clone());
        let (from, at) = (
            write_packet(&headers[..ip], self.codes).len(),
            write_packet(&headers[..i], self.codes).len(),
        );
        let mut octets = write_packet(headers, self.codes).split_off(from);
        let start = at - from;
        ah::seal(&a, &mut octets, start, (sequence >> 32) as u32)
            .map_err(|e| Fault::Seal(format!("AH cannot be computed: {e}")))?;
        let mut value = octets[start + FIXED..start + FIXED + icv].to_vec();
        self.icv(&mut value, icv)?;
        header.icv = value.into();
        headers[i] = Header::Authentication(header);
        Ok(())
    }

    /// The initialization vector: set, or the usual one.
    fn iv(&self, a: &Association, sequence: u64) -> Result<Vec<u8>, Fault> {
        let need = a.encryption().iv_octets();
        let iv = if let Some(term) = &self.seal.iv {
            craft::hex(term, self.scope)?
        } else {
            usual_iv(need, sequence)
        };
        if iv.len() != need {
            let have = iv.len();
            return Err(Fault::Seal(format!(
                "an initialization vector of {have} octets, expected {need}"
            )));
        }
        Ok(iv)
    }

    /// Puts another integrity check value at the end, if the spec wants that;
    /// the right one has `octets`.
    fn icv(&self, data: &mut [u8], octets: usize) -> Result<(), Fault> {
        let at = data.len().saturating_sub(octets);
        let icv = &mut data[at..];
        match &self.seal.icv {
            None => {}
            Some(IcvSpec::Wrong) => {
                // The last octets of AH may be padding.
                if let Some(first) = icv.first_mut() {
                    *first = !*first;
                }
            }
            Some(IcvSpec::Octets(term)) => {
                let set = craft::hex(term, self.scope)?;
                if set.len() != icv.len() {
                    return Err(Fault::Seal(format!(
                        "an integrity check value of {} octets, expected {}",
                        set.len(),
                        icv.len()
                    )));
                }
                icv.copy_from_slice(&set);
            }
        }
        Ok(())
    }
}
