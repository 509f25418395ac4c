//! `mip6 bindings`: what became of registrations and what belongs to them, over
//! time.

use std::io::{self, Write};

use mip6_dissect::capture::{Capture, Timestamp};
use mip6_dissect::packet::{Dissector, Packet};
use mip6_dissect::profile::Profile;
use mip6_dissect::report::schema::BindingLine;
use mip6_dissect::rules::{Verdicts, judge_with};
use mip6_dissect::trackers::{
    AssociationNews, DiscoveryEvent, Event, Found, LocalEvent, LocalWhat, News, TestEvent,
    Trackers, What,
};
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
    let mut end = None;
    loop {
        match capture.next_frame() {
            Ok(Some(frame)) => {
                let packet = dissector.dissect(frame);
                verdicts.findings.clear();
                judge_with(&packet, &mut verdicts, Some(&mut trackers));
                end = Some(frame.time);
                for news in trackers.news() {
                    let line = line(&packet, &news);
                    match args.format {
                        ListFormat::Human => human(&mut out, &packet, &line)?,
                        ListFormat::Json => {
                            serde_json::to_writer(&mut out, &line)?;
                            writeln!(out)?;
                        }
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
    if let (ListFormat::Human, Some(end)) = (args.format, end) {
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

fn line(packet: &Packet<'_>, news: &News<'_>) -> BindingLine {
    let (frame, time) = (packet.frame.number, packet.frame.time.to_string());
    match news {
        News::Registration(e) => {
            let (event, status) = match e.what {
                What::Asked => ("asked", None),
                What::AskedToDelete => ("asked-to-delete", None),
                What::Accepted => ("accepted", None),
                What::Deleted => ("deleted", None),
                What::Refused(status) => ("refused", Some(status)),
                What::Unasked(status) => ("unasked", Some(status)),
            };
            BindingLine::Binding {
                frame,
                time,
                home: e.home,
                careof: e.careof,
                peer: e.peer,
                role: role(e).into(),
                event: event.into(),
                sequence: e.sequence,
                lifetime: e.lifetime,
                status,
            }
        }
        News::Test(TestEvent { address, peer, home, answer }) => BindingLine::Test {
            frame,
            time,
            address: *address,
            peer: *peer,
            test: if *home { "home" } else { "care-of" }.into(),
            event: if answer.is_some() { "answered" } else { "asked" }.into(),
            nonce_index: *answer,
        },
        News::Discovery(e) => discovery(e, frame, time),
        News::Local(e) => local(e, frame, time),
        News::Association(e) => BindingLine::Association {
            frame,
            time,
            protocol: e.protocol.id().into(),
            spi: e.spi,
            source: e.between.0,
            destination: e.between.1,
            name: e.association.and_then(|n| Some(packet.keys?[n].name.clone())),
            event: match e.what {
                AssociationNews::First => "first",
                AssociationNews::WrongIntegrity => "wrong-integrity",
                AssociationNews::Anew => "anew",
            }
            .into(),
        },
    }
}

fn discovery(e: &DiscoveryEvent, frame: u64, time: String) -> BindingLine {
    let (of, asked, count) = match e.what {
        Found::AskedHomeAgents => ("home-agents", true, None),
        Found::HomeAgents { count, asked } => ("home-agents", asked, Some(count)),
        Found::AskedPrefixes => ("prefixes", true, None),
        Found::Prefixes { count, asked } => ("prefixes", asked, Some(count)),
    };
    let event = match (count, asked) {
        (None, _) => "asked",
        (Some(_), true) => "answered",
        (Some(_), false) => "unasked",
    };
    BindingLine::Discovery {
        frame,
        time,
        node: e.node,
        peer: e.peer,
        identifier: e.identifier,
        of: of.into(),
        event: event.into(),
        count,
    }
}

fn local(e: &LocalEvent, frame: u64, time: String) -> BindingLine {
    let (event, status, binding) = match e.what {
        LocalWhat::Requested => ("requested", None, None),
        LocalWhat::Acknowledged => ("acknowledged", None, None),
        LocalWhat::Renewed => ("renewed", None, None),
        LocalWhat::Refused(status) => ("refused", Some(status), None),
        LocalWhat::Proved => ("proved", None, None),
        LocalWhat::Invalidated => ("invalidated", None, None),
        LocalWhat::Used(careof) => ("used", None, Some(careof)),
        LocalWhat::Expired => ("expired", None, None),
    };
    BindingLine::LocalAssociation {
        frame,
        time,
        careof: e.careof,
        router: e.router_address.or(e.router),
        lifetime: e.lifetime,
        key_known: e.key_known,
        event: event.into(),
        status,
        binding,
    }
}

fn human(out: &mut impl Write, packet: &Packet<'_>, line: &BindingLine) -> io::Result<()> {
    let (_, secs, nanos) = packet.frame.time.since(packet.first);
    write!(out, "{:>5} {secs:>5}.{:06} ", packet.frame.number, nanos / 1_000)?;
    match line {
        BindingLine::Binding {
            home,
            careof,
            peer,
            role,
            event,
            sequence,
            lifetime,
            status,
            ..
        } => {
            let status = status.map_or(String::new(), status_name);
            let what = match event.as_ref() {
                "asked" => format!("asks for {lifetime} s"),
                "asked-to-delete" => "asks to be deleted".to_owned(),
                "accepted" => format!("is bound for {lifetime} s"),
                "deleted" => "is deleted".to_owned(),
                "refused" => format!("is refused: status {status}"),
                _ => format!("is answered without having asked: status {status}"),
            };
            writeln!(out, "{home} at {careof}, {role} {peer}: {what} (sequence {sequence})")
        }
        BindingLine::Test { address, peer, test, nonce_index, .. } => {
            write!(out, "{address}, correspondent {peer}: {test} test ")?;
            match nonce_index {
                None => writeln!(out, "begins"),
                Some(index) => writeln!(out, "gives a token (nonce index {index})"),
            }
        }
        BindingLine::Discovery { node, peer, identifier, of, event, count, .. } => {
            let of = of.replace('-', " ");
            let count = count.unwrap_or_default();
            let what = match event.as_ref() {
                "asked" => format!("asks {peer} for {of}"),
                "answered" => format!("is told {count} {of} by {peer}"),
                _ => format!("is told {count} {of} by {peer}, unasked"),
            };
            writeln!(out, "{node} {what} (identifier {identifier})")
        }
        BindingLine::LocalAssociation {
            careof,
            router,
            lifetime,
            event,
            status,
            binding,
            key_known,
            ..
        } => {
            let key = if *key_known { "" } else { ", key not known" };
            let what = match event.as_ref() {
                "requested" => format!("is asked for, for {lifetime} s"),
                "acknowledged" => format!("is made for {lifetime} s"),
                "renewed" => format!("is renewed for {lifetime} s"),
                "refused" => format!("is refused: status {}", status.unwrap_or_default()),
                "proved" => "is proved by duplicate address detection".to_owned(),
                "invalidated" => "is invalidated".to_owned(),
                "used" => match binding {
                    Some(to) => format!("makes a binding to {to}"),
                    None => "makes a binding".to_owned(),
                },
                _ => "expires".to_owned(),
            };
            let with = router.map_or(String::new(), |r| format!(" with {r}"));
            writeln!(out, "local key of {careof}{with}{key}: {what}")
        }
        BindingLine::Association { protocol, spi, source, destination, name, event, .. } => {
            let what = match event.as_ref() {
                "first" => "its first packet",
                "wrong-integrity" => "a wrong integrity check value",
                _ => "its sequence numbers begin anew",
            };
            let name = name.as_ref().map_or(String::new(), |n| format!("{n}, "));
            let protocol = protocol.to_uppercase();
            writeln!(out, "{name}{protocol} {spi:#x} from {source} to {destination}: {what}")
        }
    }
}

/// Bindings that live when the capture ends.
fn at_the_end(out: &mut impl Write, trackers: &Trackers, end: Timestamp) -> io::Result<()> {
    let mut any = false;
    for ((home, peer), registration) in trackers.registrations.iter() {
        let Some(binding) = registration.accepted() else { continue };
        let Some(left) = binding.left(end) else { continue };
        if !any {
            writeln!(out, "\nBound at the end:")?;
            any = true;
        }
        writeln!(out, "      {home} at {}, with {peer}: {left} s left", binding.careof)?;
    }
    Ok(())
}
