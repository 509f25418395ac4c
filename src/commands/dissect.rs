//! `mip6 dissect`: packets, field by field.

use std::io::Write;
use std::path::Path;

use mip6_dissect::capture::{Capture, CaptureError, Frame};
use mip6_dissect::fields::{Registry, Wanted};
use mip6_dissect::filter::Filter;
use mip6_dissect::packet::{Dissector, Packet};
use mip6_dissect::profile::Profile;
use mip6_dissect::rules::{Verdicts, judge};
use mip6_dissect::steps::{steps, write_steps};
use mip6_dissect::tree::{JsonPacket, Tree, columns, write_findings, write_summary, write_tree};
use mip6_security::Associations;
use smallvec::SmallVec;

use super::progress::Progress;
use super::specs::Specs;
use crate::args::{Dissect, DissectFormat};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout};

pub(crate) fn run(args: &Dissect) -> Result<Exit, Stop> {
    if args.list_fields {
        return list_fields();
    }
    let keys = super::keys::load(&args.keys)?;
    let mut printer = Printer::new(args, &keys.associations)?;
    let profile = Profile::load(&args.profile.profile).map_err(Stop::input)?;
    let mut dissector = Dissector::new(&profile).keys(&keys.associations);
    let path = args.file.as_deref().or(args.read.as_deref());
    match (path, &args.interface) {
        (Some(path), _) => from_file(path, args, &mut dissector, &mut printer),
        (None, Some(interface)) => live(interface, args, &mut dissector, &mut printer),
        (None, None) => Err(Stop::input("name a capture file or an interface")),
    }
}

fn from_file(
    path: &Path,
    args: &Dissect,
    dissector: &mut Dissector<'_>,
    printer: &mut Printer<'_>,
) -> Result<Exit, Stop> {
    let shown = path.display();
    let damaged = |e: CaptureError| format!("{shown}: {e}");
    let mut capture = Capture::open(path).map_err(|e| Stop::input(damaged(e)))?;
    let mut progress = Progress::new(path, false);
    let exit = loop {
        if args.count.is_some_and(|c| printer.printed >= c) {
            break Exit::Clean;
        }
        match capture.next_frame() {
            Ok(Some(frame)) => printer.frame(frame, dissector)?,
            Ok(None) => break Exit::Clean,
            Err(e) => {
                printer.out.flush()?;
                complain(&damaged(e));
                break Exit::Input;
            }
        }
        progress.at(capture.position());
    };
    if args.format == DissectFormat::Spec {
        printer.specs.finish(&mut printer.out)?;
    }
    printer.out.flush()?;
    Ok(exit)
}

#[cfg(feature = "libpcap")]
fn live(
    interface: &str,
    args: &Dissect,
    dissector: &mut Dissector<'_>,
    printer: &mut Printer<'_>,
) -> Result<Exit, Stop> {
    use mip6_dissect::capture::LiveCapture;
    let failed = |e: CaptureError| Stop::Failed(Exit::Environment, e.to_string());
    let mut capture =
        LiveCapture::open(interface, args.capture_filter.as_deref()).map_err(failed)?;
    while args.count.is_none_or(|c| printer.printed < c) {
        if let Some(frame) = capture.next_frame().map_err(failed)? {
            printer.frame(frame, dissector)?;
            printer.out.flush()?;
        }
    }
    Ok(Exit::Clean)
}

#[cfg(not(feature = "libpcap"))]
fn live(
    interface: &str,
    _: &Dissect,
    _: &mut Dissector<'_>,
    _: &mut Printer<'_>,
) -> Result<Exit, Stop> {
    let message = format!(
        "cannot capture from interface {interface}: this mip6 was built without libpcap \
         (feature `libpcap`)"
    );
    Err(Stop::Failed(Exit::Environment, message))
}

fn list_fields() -> Result<Exit, Stop> {
    let mut out = stdout();
    for (name, field) in Registry::get().names() {
        writeln!(out, "{name}\t{}\t{:?}", field.label, field.kind)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

/// What is printed of each packet.
struct Printer<'k> {
    filter: Option<Filter>,
    format: DissectFormat,
    verbose: bool,
    steps: bool,
    /// Fields named with -e.
    wanted: Wanted,
    verdicts: Verdicts,
    specs: Specs<'k>,
    printed: u64,
    /// A line of JSON being put together.
    line: Vec<u8>,
    out: std::io::BufWriter<std::io::StdoutLock<'static>>,
}

impl<'k> Printer<'k> {
    fn new(args: &Dissect, keys: &'k Associations) -> Result<Self, Stop> {
        // As in tshark, no condition lets every packet through.
        let filter = args.filter.as_deref().filter(|f| !f.trim().is_empty());
        let filter = filter.map(Filter::parse).transpose().map_err(Stop::input)?;
        let mut wanted = Wanted::default();
        for name in &args.fields {
            let fields = Registry::get().lookup(name).map_err(Stop::input)?;
            wanted.add(fields);
        }
        if args.format == DissectFormat::Fields && args.fields.is_empty() {
            return Err(Stop::input("-T fields wants fields: name them with -e"));
        }
        if args.steps && args.format != DissectFormat::Text {
            return Err(Stop::input("--steps are text: leave out -T, or take -T text"));
        }
        Ok(Self {
            filter,
            format: args.format,
            verbose: args.verbose,
            steps: args.steps,
            wanted,
            verdicts: Verdicts::new(),
            specs: Specs::new(keys),
            printed: 0,
            line: Vec::new(),
            out: stdout(),
        })
    }

    fn frame(&mut self, frame: Frame<'_>, dissector: &mut Dissector<'_>) -> Result<(), Stop> {
        let packet = dissector.dissect(frame);
        if self.filter.as_ref().is_some_and(|f| !f.matches(&packet)) {
            return Ok(());
        }
        self.printed += 1;
        self.print(&packet)
    }

    fn print(&mut self, packet: &Packet<'_>) -> Result<(), Stop> {
        match self.format {
            DissectFormat::Fields => self.fields(packet)?,
            DissectFormat::Spec => self.specs.packet(&mut self.out, packet)?,
            DissectFormat::Text if self.verbose => {
                self.judge(packet);
                write_tree(&mut self.out, packet, &Tree::new(packet))?;
                write_findings(&mut self.out, &self.verdicts.findings)?;
                writeln!(self.out)?;
            }
            DissectFormat::Text => write_summary(&mut self.out, &columns(packet))?,
            DissectFormat::Json => {
                self.judge(packet);
                let findings = &self.verdicts.findings;
                let wanted = (self.wanted.slots() > 0).then_some(&self.wanted);
                let json = JsonPacket { packet, wanted, findings };
                self.line.clear();
                serde_json::to_writer(&mut self.line, &json)?;
                self.line.push(b'\n');
                self.out.write_all(&self.line)?;
            }
        }
        if self.steps {
            write_steps(&mut self.out, &steps(packet))?;
        }
        Ok(())
    }

    fn judge(&mut self, packet: &Packet<'_>) {
        self.verdicts.findings.clear();
        judge(packet, &mut self.verdicts);
    }

    /// Values separated by tabs; several of one field by commas, as in tshark.
    fn fields(&mut self, packet: &Packet<'_>) -> Result<(), Stop> {
        let mut found = SmallVec::new();
        self.wanted.seek(packet, &mut found);
        for slot in 0..self.wanted.slots() {
            if slot > 0 {
                self.out.write_all(b"\t")?;
            }
            for (i, f) in found.iter().filter(|f| f.slot == slot).enumerate() {
                if i > 0 {
                    self.out.write_all(b",")?;
                }
                write!(self.out, "{}", f.value)?;
            }
        }
        self.out.write_all(b"\n")?;
        Ok(())
    }
}
