//! Reading frames of a capture again, in any order.

use super::pcap::Pcap;
use super::pcapng::PcapNg;
use super::{Capture, CaptureError, Format, Frame};

/// Sections of a capture that are told apart.
const MAX_SECTIONS: usize = 1 << 16;

/// Where the record or block of a frame is in the (decompressed) capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Octets in front of it.
    pub offset: u64,
    /// Octets of it, head and frame.
    pub octets: u32,
}

/// What it takes to read frames again from their places: octet order, link
/// types and clocks, section by section. Holds for all frames that had been read
/// when it was asked for.
#[derive(Clone, Debug)]
pub struct Places {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Pcap(Pcap),
    /// Where each section ends and what it is, in order.
    PcapNg(Vec<(u64, PcapNg)>),
}

impl Places {
    /// A section ends at an octet of the capture.
    pub(super) fn end_of_section(&mut self, at: u64, was: &PcapNg) -> Result<(), CaptureError> {
        if let (Kind::PcapNg(sections), true) = (&mut self.kind, at > 0) {
            if sections.len() >= MAX_SECTIONS {
                let what = format!("more than {MAX_SECTIONS} sections");
                return Err(CaptureError::Damaged { at, what });
            }
            sections.push((at, was.clone()));
        }
        Ok(())
    }

    /// Reads a frame again: `octets` are those at its place, `number` is its
    /// number. `None` if they are not what they were.
    pub fn frame<'a>(&mut self, place: Place, number: u64, octets: &'a [u8]) -> Option<Frame<'a>> {
        let found = match &mut self.kind {
            Kind::Pcap(pcap) => pcap.again(octets),
            Kind::PcapNg(sections) => {
                let i = sections.partition_point(|(end, _)| *end <= place.offset);
                let (_, section) = sections.get_mut(i)?;
                section.again(octets, place.offset).ok().flatten()
            }
        };
        Some(found?.frame(number, octets))
    }
}

impl Capture {
    /// Keeps what it takes to read frames again (`Capture::places`), which else
    /// is forgotten. To be called in front of the first frame.
    pub fn keep_places(&mut self) {
        self.places = Some(match &self.format {
            Format::Pcap(p) => Places { kind: Kind::Pcap(p.clone()) },
            Format::PcapNg(_) => Places { kind: Kind::PcapNg(Vec::new()) },
        });
    }

    /// Whether `places` hold for every frame that has been read.
    pub fn covers(&self, places: &Places) -> bool {
        match (&self.format, &places.kind) {
            (Format::PcapNg(now), Kind::PcapNg(sections)) => {
                let before = match &self.places {
                    Some(Places { kind: Kind::PcapNg(past) }) => past.len(),
                    _ => 0,
                };
                sections.len() == before + 1
                    && sections
                        .last()
                        .is_some_and(|(_, then)| then.interfaces() == now.interfaces())
            }
            _ => true,
        }
    }

    /// Where the frame that was read last is.
    pub fn place(&self) -> Place {
        let offset = self.position().saturating_sub(u64::from(self.last));
        Place { offset, octets: self.last }
    }

    /// What it takes to read the frames again that have been read so far;
    /// `None` if it was not kept.
    pub fn places(&self) -> Option<Places> {
        let mut places = self.places.clone()?;
        if let (Kind::PcapNg(sections), Format::PcapNg(now)) = (&mut places.kind, &self.format) {
            sections.push((u64::MAX, now.clone()));
        }
        Some(places)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};

    /// A capture with two frames.
    fn section(format: FileFormat, big_endian: bool, link: LinkType) -> Vec<u8> {
        let mut w = CaptureWriter::new(Vec::new(), format, big_endian).unwrap();
        let interface = w.interface(link).unwrap();
        for i in 0..2u32 {
            let time = Timestamp { secs: 1_700_000_000 + i64::from(i), nanos: 5_000 };
            w.commented_frame(interface, time, &[i as u8; 21], 30 + i, "comment").unwrap();
        }
        w.finish().unwrap()
    }

    #[test]
    fn frames_are_the_same_again() {
        let pcap = FileFormat::Pcap { nanos: false };
        let pcapng = FileFormat::PcapNg;
        let two =
            [section(pcapng, false, LinkType::ETHERNET), section(pcapng, true, LinkType::RAW)];
        for octets in [section(pcap, true, LinkType::ETHERNET), two.concat()] {
            let mut capture = Capture::from_reader(Cursor::new(octets.clone())).unwrap();
            capture.keep_places();
            let mut seen = Vec::new();
            while let Some(frame) = capture.next_frame().unwrap() {
                let said = format!("{frame:?}");
                seen.push((capture.place(), said));
            }
            assert!(seen.len() >= 2);
            let mut places = capture.places().unwrap();
            for (i, (place, said)) in seen.iter().enumerate().rev() {
                let record = &octets[place.offset as usize..][..place.octets as usize];
                let frame = places.frame(*place, i as u64 + 1, record).unwrap();
                assert_eq!(format!("{frame:?}"), *said);
                // Octets that have changed since do no harm.
                for n in 0..record.len() {
                    let _ = places.frame(*place, 1, &record[..n]);
                }
            }
        }
    }
}
