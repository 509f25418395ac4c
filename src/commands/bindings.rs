//! `mip6 bindings`: what became of registrations, over time.

use std::io::{self, Write};

use mip6_dissect::capture::Capture;
use mip6_dissect::packet::{Dissector, Packet};
use mip6_dissect::profile::Profile;
use mip6_dissect::report::schema::BindingLine;
use mip6_dissect::rules::{Verdicts, judge_with};
use mip6_dissect::trackers::{Event, Trackers, What};
use mip6_wire::mobility::message_fields;

use crate::args::{Bindings, ListFormat};
use crate::exit::Exit;
use crate::output::{Stop, complain, stdout};

pub(crate) fn run(args: &Bindings) -> Result<Exit, Stop> {
    let profile = Profile::load(&args.profile.profile).map_err(Stop::input)?;
    let keys = super::keys::load(&args.keys)?;
    let mut dissector = Dissector::new(&profile).keys(&keys.associations);
    let shown = args.file.display();
    let mut capture =
        Capture::open(&args.file).map_err(|e| Stop::input(format!("{shown}: {e}")))?;
    let (mut trackers, mut verdicts) = (Trackers::with_keys(&keys), Verdicts::new());
    let mut out = stdout();
    let mut exit = Exit::Clean;
    let mut alive = None;
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => {
                let packet = dissector.dissect(frame);
                verdicts.findings.clear();
                judge_with(&packet, &mut verdicts, Some(&mut trackers));
                alive = Some(frame.time);
                if let Some(event) = trackers.registrations.event() {
                    match args.format {
                        ListFormat::Human => human(&mut out, &packet, event)?,
                        ListFormat::Json => json(&mut out, &packet, event)?,
                    }
                }
            }
            Ok(None) => break,
            Err(e) => {
                out.flush()?;
                complain(&format!("{shown}: {e}"));
                exit = Exit::Input;
                break;
            }
        }
    }
    if let (ListFormat::Human, Some(end)) = (args.format, alive) {
        at_the_end(&mut out, &trackers, end)?;
    }
    out.flush()?;
    Ok(exit)
}

fn role(event: &Event) -> &'static str {
    match event.home_registration {
        Some(true) => "home agent",
        Some(false) => "correspondent",
        None => "peer",
    }
}

fn status_name(status: u8) -> String {
    match message_fields::BA_STATUS.name_of(u64::from(status)) {
        Some(name) => format!("{status}, {name}"),
        None => status.to_string(),
    }
}

fn human(out: &mut impl Write, packet: &Packet<'_>, e: &Event) -> io::Result<()> {
    let (_, secs, nanos) = packet.frame.time.since(packet.first);
    let what = match e.what {
        What::Asked => format!("asks for {} s", e.lifetime),
        What::AskedToDelete => "asks to be deleted".to_owned(),
        What::Accepted => format!("is bound for {} s", e.lifetime),
        What::Deleted => "is deleted".to_owned(),
        What::Refused(status) => format!("is refused: status {}", status_name(status)),
        What::Unasked(status) => {
            format!("is answered without having asked: status {}", status_name(status))
        }
    };
    writeln!(
        out,
        "{:>5} {secs:>5}.{:06} {} at {}, {} {}: {what} (sequence {})",
        packet.frame.number,
        nanos / 1_000,
        e.home,
        e.careof,
        role(e),
        e.peer,
        e.sequence
    )
}

fn json(out: &mut impl Write, packet: &Packet<'_>, e: &Event) -> Result<(), Stop> {
    let (event, status) = match e.what {
        What::Asked => ("asked", None),
        What::AskedToDelete => ("asked-to-delete", None),
        What::Accepted => ("accepted", None),
        What::Deleted => ("deleted", None),
        What::Refused(status) => ("refused", Some(status)),
        What::Unasked(status) => ("unasked", Some(status)),
    };
    let line = BindingLine {
        frame: packet.frame.number,
        time: packet.frame.time.to_string(),
        home: e.home,
        careof: e.careof,
        peer: e.peer,
        role: role(e).into(),
        event: event.into(),
        sequence: e.sequence,
        lifetime: e.lifetime,
        status,
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)?;
    Ok(())
}

/// Bindings that live when the capture ends.
fn at_the_end(
    out: &mut impl Write,
    trackers: &Trackers,
    end: mip6_dissect::capture::Timestamp,
) -> io::Result<()> {
    let mut any = false;
    for ((home, peer), registration) in trackers.registrations.iter() {
        let Some(binding) = registration.accepted() else { continue };
        let (_, age, _) = end.since(binding.since);
        let Some(left) = (u64::from(binding.lifetime) * 4).checked_sub(age) else { continue };
        if !any {
            writeln!(out, "\nBound at the end:")?;
            any = true;
        }
        writeln!(out, "      {home} at {}, with {peer}: {left} s left", binding.careof)?;
    }
    Ok(())
}
