//! Packets written to a capture of their own.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread::{JoinHandle, spawn};

use mip6_dissect::capture::{Capture, CaptureWriter};

use super::Scan;
use crate::capture::At;
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
            Ok(n) => Ok(format!("{} written to {shown}", counted(n, "packet"))),
            Err(e) => Err(format!("{shown}: {e}")),
        });
    })
}

fn write(scan: &Scan, frames: Option<&[u32]>, path: &PathBuf) -> io::Result<u64> {
    let mut writer = CaptureWriter::pcapng(BufWriter::new(File::create_new(path)?))?;
    let mut capture = Capture::from_reader(At::new(&scan.file)).map_err(io::Error::other)?;
    let known = scan.known.frames.load(Ordering::Acquire);
    let mut wanted = frames.map(|f| f.iter().peekable());
    let (mut interfaces, mut written) = (Vec::new(), 0);
    for index in 0..known {
        if wanted.as_mut().is_some_and(|w| w.peek().is_none()) {
            break;
        }
        if scan.cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::other("writing was given up"));
        }
        let Some(f) = capture.next_frame().map_err(io::Error::other)? else { break };
        let here = |w: &mut std::iter::Peekable<std::slice::Iter<'_, u32>>| {
            w.next_if(|n| u64::from(**n) == index).is_some()
        };
        if !wanted.as_mut().is_none_or(here) {
            continue;
        }
        let key = (f.interface, f.link);
        let interface = if let Some(at) = interfaces.iter().position(|i| *i == key) {
            at as u32
        } else {
            interfaces.push(key);
            writer.interface(f.link)?
        };
        let comment = String::from_utf8_lossy(f.comment);
        writer.commented_frame(interface, f.time, f.data, f.len, &comment)?;
        written += 1;
    }
    writer.finish()?.flush()?;
    Ok(written)
}
