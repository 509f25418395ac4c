//! Writing capture files: pcap and pcapng, of either octet order.

use std::io::{self, Write};

use super::{LinkType, Timestamp};

/// What a capture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// pcap: one link type.
    Pcap {
        /// Nanoseconds instead of microseconds.
        nanos: bool,
    },
    /// pcapng with timestamps in nanoseconds.
    PcapNg,
}

/// Writes frames to a capture.
#[derive(Debug)]
pub struct CaptureWriter<W> {
    out: W,
    format: FileFormat,
    big_endian: bool,
    interfaces: u32,
    /// A block being put together.
    block: Vec<u8>,
}

/// Largest record that is announced, tcpdump's default.
const SNAPLEN: u32 = 262_144;

impl<W: Write> CaptureWriter<W> {
    /// A pcapng capture of little octet order; add an interface before the
    /// first frame.
    pub fn pcapng(out: W) -> io::Result<Self> {
        Self::new(out, FileFormat::PcapNg, false)
    }

    /// A capture of any format. The header is written with the first
    /// interface.
    pub fn new(out: W, format: FileFormat, big_endian: bool) -> io::Result<Self> {
        let mut w = Self { out, format, big_endian, interfaces: 0, block: Vec::new() };
        if format == FileFormat::PcapNg {
            w.u32(0x1a2b_3c4d);
            w.u16(1);
            w.u16(0);
            // Section length not given.
            w.block.extend_from_slice(&[0xff; 8]);
            w.end_block(0x0a0d_0d0a)?;
        }
        Ok(w)
    }

    /// Adds an interface and gives its number. pcap files have one.
    pub fn interface(&mut self, link: LinkType) -> io::Result<u32> {
        self.named_interface(link, "")
    }

    /// Adds an interface with a name (if_name; none if it is empty), which
    /// pcap has no room for.
    pub fn named_interface(&mut self, link: LinkType, name: &str) -> io::Result<u32> {
        match self.format {
            FileFormat::Pcap { .. } if self.interfaces > 0 => {
                return Err(io::Error::other("a pcap file has one interface"));
            }
            FileFormat::Pcap { nanos } => {
                self.u32(if nanos { 0xa1b2_3c4d } else { 0xa1b2_c3d4 });
                self.u16(2);
                self.u16(4);
                self.u32(0);
                self.u32(0);
                self.u32(SNAPLEN);
                self.u32(link.0);
                self.out.write_all(&self.block)?;
                self.block.clear();
            }
            FileFormat::PcapNg => {
                let link = u16::try_from(link.0)
                    .map_err(|_| io::Error::other("pcapng link types have 16 bits"))?;
                self.u16(link);
                self.u16(0);
                self.u32(SNAPLEN);
                self.text_option(2, name);
                // if_tsresol: 10^-9 s.
                self.u16(9);
                self.u16(1);
                self.block.extend_from_slice(&[9, 0, 0, 0]);
                self.u32(0);
                self.end_block(1)?;
            }
        }
        self.interfaces += 1;
        Ok(self.interfaces - 1)
    }

    /// Writes a frame that had `len` octets on the link.
    pub fn frame(
        &mut self,
        interface: u32,
        time: Timestamp,
        data: &[u8],
        len: u32,
    ) -> io::Result<()> {
        self.commented_frame(interface, time, data, len, "")
    }

    /// Writes a frame with a comment (opt_comment; none if it is empty), which
    /// pcap has no room for.
    pub fn commented_frame(
        &mut self,
        interface: u32,
        time: Timestamp,
        data: &[u8],
        len: u32,
        comment: &str,
    ) -> io::Result<()> {
        if interface >= self.interfaces {
            return Err(io::Error::other("no such interface in the capture"));
        }
        match self.format {
            FileFormat::Pcap { nanos } => {
                self.u32(time.secs as u32);
                self.u32(if nanos { time.nanos } else { time.nanos / 1_000 });
                self.u32(data.len() as u32);
                self.u32(len);
                self.out.write_all(&self.block)?;
                self.block.clear();
                self.out.write_all(data)
            }
            FileFormat::PcapNg => {
                let stamp = time.secs as u64 * 1_000_000_000 + u64::from(time.nanos);
                self.u32(interface);
                self.u32((stamp >> 32) as u32);
                self.u32(stamp as u32);
                self.u32(data.len() as u32);
                self.u32(len);
                self.block.extend_from_slice(data);
                self.pad();
                if !comment.is_empty() {
                    self.text_option(1, comment);
                    // opt_endofopt.
                    self.u32(0);
                }
                self.end_block(6)
            }
        }
    }

    /// What it writes to.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Flushes and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    /// Writes an option that holds text, cut to the length an option can have;
    /// nothing if there is no text.
    fn text_option(&mut self, code: u16, text: &str) {
        let text = &text[..text.floor_char_boundary(usize::from(u16::MAX))];
        if text.is_empty() {
            return;
        }
        self.u16(code);
        self.u16(text.len() as u16);
        self.block.extend_from_slice(text.as_bytes());
        self.pad();
    }

    /// Pads what has been put together to 4 octets.
    fn pad(&mut self) {
        self.block.resize(self.block.len().next_multiple_of(4), 0);
    }

    fn u16(&mut self, v: u16) {
        let octets = if self.big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
        self.block.extend_from_slice(&octets);
    }

    fn u32(&mut self, v: u32) {
        let octets = self.octets(v);
        self.block.extend_from_slice(&octets);
    }

    fn octets(&self, v: u32) -> [u8; 4] {
        if self.big_endian { v.to_be_bytes() } else { v.to_le_bytes() }
    }

    /// Writes what has been put together as a block: type, length, body padded
    /// to 4 octets, length again.
    fn end_block(&mut self, kind: u32) -> io::Result<()> {
        self.pad();
        let len = self.octets((self.block.len() + 12) as u32);
        self.out.write_all(&self.octets(kind))?;
        self.out.write_all(&len)?;
        self.out.write_all(&self.block)?;
        self.out.write_all(&len)?;
        self.block.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Capture;

    /// Octets of a capture of three frames, the first two with comments.
    fn commented(big_endian: bool, comments: [&str; 3]) -> Vec<u8> {
        let mut w = CaptureWriter::new(Vec::new(), FileFormat::PcapNg, big_endian).unwrap();
        let home = w.named_interface(LinkType::ETHERNET, "home").unwrap();
        let other = w.interface(LinkType::ETHERNET).unwrap();
        for (i, comment) in comments.into_iter().enumerate() {
            let data = &[0xab; 20][..15 + i];
            let interface = if i == 1 { other } else { home };
            w.commented_frame(interface, Timestamp::default(), data, 20, comment).unwrap();
        }
        w.finish().unwrap()
    }

    #[test]
    fn comments_and_names_come_back() {
        for big_endian in [false, true] {
            let long = "é".repeat(40_000);
            let comments = ["why it failed", long.as_str(), ""];
            let octets = commented(big_endian, comments);
            let mut capture = Capture::from_reader(io::Cursor::new(octets)).unwrap();
            for (i, comment) in comments.iter().enumerate() {
                let frame = capture.next_frame().unwrap().unwrap();
                assert_eq!(frame.data, &[0xab; 20][..15 + i]);
                // 2 octets a letter; an option has no more than 65535.
                let kept = &comment.as_bytes()[..comment.len().min(65_534)];
                assert!(frame.comment == kept, "frame {}", i + 1);
            }
            assert!(capture.next_frame().unwrap().is_none());
            assert_eq!(capture.interface_name(0), Some("home"));
            assert_eq!(capture.interface_name(1), None);
            assert_eq!(capture.interface_name(2), None);
        }
    }

    #[test]
    fn options_that_do_not_fit_hold_no_comment() {
        let octets = commented(false, ["comment", "", ""]);
        let at = octets.windows(7).position(|w| w == b"comment").unwrap() - 2;
        for len in [0x40, 0xff] {
            let mut octets = octets.clone();
            octets[at] = len;
            let mut capture = Capture::from_reader(io::Cursor::new(octets)).unwrap();
            if let Ok(frame) = capture.next_frame() {
                assert_eq!(frame.unwrap().comment, b"");
            }
        }
    }
}
