//! `mip6 craft`: packets from specs, into a capture.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_inject::{LinkLayer, RunError, Script, Stations};
use mip6_security::keys::Keys;

use crate::args::{Craft, KeysArg, LinkArg};
use crate::exit::Exit;
use crate::output::{Stop, stdout};

pub(crate) fn run(args: &Craft) -> Result<Exit, Stop> {
    let (mut script, keys) = load(&args.spec, &args.keys)?;
    if let Some(link) = args.link {
        script = script.with_link(match link {
            LinkArg::Ethernet => LinkLayer::Ethernet,
            LinkArg::Raw => LinkLayer::Raw,
        });
    }
    // All of it before the file is made: a mistake at the end leaves nothing behind.
    let mut capture = Vec::new();
    let number = LinkType(script.link().number());
    let mut writer = CaptureWriter::new(&mut capture, format(&args.write)?, false)?;
    let interface = writer.interface(number)?;
    let made = script.run(&keys.associations, Stations::default(), |frame| {
        let len = frame.octets.len() as u32;
        let time = timestamp(frame.at)?;
        writer.frame(interface, time, frame.octets, len).map_err(Stop::from)
    });
    made.map_err(|e| trouble(&args.spec, e))?;
    writer.finish()?;
    if args.write == Path::new("-") {
        let mut out = stdout();
        out.write_all(&capture)?;
        out.flush()?;
    } else {
        let write = || -> io::Result<()> {
            let mut out = BufWriter::new(File::create(&args.write)?);
            out.write_all(&capture)?;
            out.flush()
        };
        write().map_err(|e| {
            Stop::Failed(Exit::Environment, format!("{}: {e}", args.write.display()))
        })?;
    }
    Ok(Exit::Clean)
}

/// Reads a script and the keys that it or the command line names.
pub(crate) fn load(path: &Path, keys: &KeysArg) -> Result<(Script, Keys), Stop> {
    let shown = path.display();
    let text = if path == Path::new("-") {
        io::read_to_string(io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|e| Stop::input(format!("{shown}: {e}")))?;
    let script = Script::parse(&text).map_err(|e| Stop::input(format!("{shown}:{e}")))?;
    let beside = script.keys().map(|name| path.with_file_name(name));
    let keys = super::keys::load(&KeysArg { keys: keys.keys.clone().or(beside) })?;
    Ok((script, keys))
}

/// What ended a script: it, or what took its frames.
pub(crate) fn trouble<E: Into<Stop>>(path: &Path, e: RunError<E>) -> Stop {
    match e {
        RunError::Script(e) => Stop::input(format!("{}:{e}", path.display())),
        RunError::Taker(e) => e.into(),
    }
}

/// The format of a capture by its name.
fn format(path: &Path) -> Result<FileFormat, Stop> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("pcap" | "cap") => Ok(FileFormat::Pcap { nanos: true }),
        Some("pcapng") => Ok(FileFormat::PcapNg),
        None if path == Path::new("-") => Ok(FileFormat::PcapNg),
        _ => Err(Stop::input(format!(
            "{}: expected a name that ends in .pcap or .pcapng, or `-`",
            path.display()
        ))),
    }
}

/// When a frame goes out, as captures count: from 1970 on.
fn timestamp(at: Duration) -> Result<Timestamp, Stop> {
    let secs = u32::try_from(at.as_secs()).map_err(|_| {
        let secs = at.as_secs();
        Stop::input(format!("a packet {secs} s after the first, expected at most {} s", u32::MAX))
    })?;
    Ok(Timestamp { secs: secs.into(), nanos: at.subsec_nanos() })
}
