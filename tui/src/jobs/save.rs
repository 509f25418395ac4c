//! Packets written to a capture of their own.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread::{JoinHandle, spawn};

use mip6_dissect::capture::{CaptureWriter, Frame, LinkType};

use super::{Scan, Then};
use crate::text::counted;

/// Starts the job: writes the frames of these indices (in ascending order), or all
/// that are known, to a pcapng file that is not there yet. Tells how many were
/// written, or why not.
pub fn save(
    scan: Scan,
    frames: Option<Vec<u32>>,
    path: PathBuf,
    tell: impl FnOnce(Result<String, String>) + Send + 'static,
) -> JoinHandle<()> {
    spawn(move || {
        let shown = path.display();
        let done = write(&scan, frames.as_deref(), &path);
        tell(match done {
            Ok((n, 0)) => Ok(format!("{} written to {shown}", counted(n, "packet"))),
            Ok((n, missed)) => Err(format!(
                "{} written to {shown}; {missed} had been let go before",
                counted(n, "packet")
            )),
            Err(e) => Err(format!("{shown}: {e}")),
        });
    })
}

/// How many were written, and how many of those wanted had been let go.
fn write(scan: &Scan, frames: Option<&[u32]>, path: &PathBuf) -> io::Result<(u64, u64)> {
    let writer = CaptureWriter::pcapng(BufWriter::new(File::create_new(path)?))?;
    let known = scan.known.frames.load(Ordering::Acquire);
    let mut out = Out { writer, interfaces: Vec::new(), written: 0 };
    let all = frames.map_or(known.saturating_sub(scan.file.start().frame), |f| f.len() as u64);
    let mut failed = None;
    let mut wanted = frames.map(|f| f.iter().map(|n| u64::from(*n)).peekable());
    let walked = scan.walk(
        |frame| {
            let index = frame.number - 1;
            let here = match &mut wanted {
                None => true,
                Some(wanted) => {
                    while wanted.next_if(|n| *n < index).is_some() {}
                    wanted.next_if(|n| *n == index).is_some()
                }
            };
            if here && let Err(e) = out.frame(&frame) {
                failed = Some(e);
                return Then::Stop;
            }
            let more = wanted.as_mut().is_none_or(|w| w.peek().is_some());
            if more && frame.number < known { Then::Go } else { Then::Stop }
        },
        |now| if now.waiting { Then::Stop } else { Then::Go },
    );
    match failed {
        Some(e) => return Err(e),
        None => walked.map_err(io::Error::other)?,
    }
    if scan.cancelled.load(Ordering::Relaxed) {
        return Err(io::Error::other("writing was given up"));
    }
    out.writer.finish()?.flush()?;
    Ok((out.written, all.saturating_sub(out.written)))
}

/// The capture that is written.
struct Out {
    writer: CaptureWriter<BufWriter<File>>,
    /// Interfaces of the one that is read, as they come.
    interfaces: Vec<(u32, LinkType)>,
    written: u64,
}

impl Out {
    fn frame(&mut self, f: &Frame<'_>) -> io::Result<()> {
        let key = (f.interface, f.link);
        let interface = if let Some(at) = self.interfaces.iter().position(|i| *i == key) {
            at as u32
        } else {
            self.interfaces.push(key);
            self.writer.interface(f.link)?
        };
        let comment = String::from_utf8_lossy(f.comment);
        self.writer.commented_frame(interface, f.time, f.data, f.len, &comment)?;
        self.written += 1;
        Ok(())
    }
}
