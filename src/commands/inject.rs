//! `mip6 inject` and `mip6 replay`: frames onto an interface.

use std::io::Write;
use std::time::Duration;

use mip6_dissect::capture::{Capture, LinkType};
use mip6_dissect::packet::{Dissector, Packet, Proto};
use mip6_dissect::profile::Profile;
use mip6_inject::link::{self, Link, LinkError, Options, Timed, play};
use mip6_inject::{CodeTable, LinkLayer, Rewriter, Stations};

use super::craft::{load, trouble};
use crate::args::{Inject, OutArg, Replay};
use crate::exit::Exit;
use crate::output::{Stop, stdout};
use crate::privilege;

/// `mip6 inject`.
pub(crate) fn inject(args: &Inject) -> Result<Exit, Stop> {
    let (script, keys) = load(&args.spec, &args.keys)?;
    if script.link() != LinkLayer::Ethernet {
        return Err(Stop::input(format!(
            "{}: `link: {}` is for captures: frames on an interface begin with Ethernet",
            args.spec.display(),
            script.link().name()
        )));
    }
    // All frames before the first goes out: a mistake at the end sends nothing.
    let frames = |stations: Stations| {
        let mut frames = Vec::new();
        script
            .run(&keys.associations, stations, |made| {
                frames.push(Timed { at: made.at, octets: made.octets.to_vec() });
                Ok::<(), Stop>(())
            })
            .map_err(|e| trouble(&args.spec, e))?;
        Ok::<_, Stop>(frames)
    };
    frames(Stations::default())?;
    let mut link = open(&args.out)?;
    let frames = frames(Stations { from: link.station(), to: args.out.to })?;
    send(&mut *link, &args.out, &frames, args.count)
}

/// `mip6 replay`.
pub(crate) fn replay(args: &Replay) -> Result<Exit, Stop> {
    let shown = args.file.display();
    let failed = |e| Stop::input(format!("{shown}: {e}"));
    let mut capture = Capture::open(&args.file).map_err(failed)?;
    let keys = super::keys::load(&args.keys)?;
    let mut rewriter = Rewriter::new(args.map.clone(), &keys);
    let profile = Profile::auto();
    let mut dissector = Dissector::new(&profile);
    let mut read = Vec::new();
    let mut first = None;
    while let Some(frame) = capture.next_frame().map_err(failed)? {
        let number = frame.number;
        if frame.data.len() < frame.len as usize {
            return Err(Stop::input(format!(
                "{shown}: frame {number}: {} of its {} octets were captured, expected all",
                frame.data.len(),
                frame.len
            )));
        }
        let first = *first.get_or_insert(frame.time);
        let at = match frame.time.since(first) {
            (false, secs, nanos) => Duration::new(secs, nanos),
            _ => Duration::ZERO,
        };
        let at = args.speed.map_or(at, |speed| {
            Duration::try_from_secs_f64(at.as_secs_f64() / speed).unwrap_or(Duration::MAX)
        });
        let packet = dissector.dissect(frame);
        read.push((at, replayed(args, &packet, &mut rewriter)?));
    }
    let mut link = open(&args.out)?;
    let stations = Stations { from: link.station(), to: args.out.to };
    let ready = |(at, frame): (Duration, Replayed)| {
        let octets = match frame {
            Replayed::Ethernet(octets) => octets,
            Replayed::Ip(packet) => framed(&packet, stations),
        };
        Timed { at, octets }
    };
    let frames: Vec<Timed> = read.into_iter().map(ready).collect();
    send(&mut *link, &args.out, &frames, None)
}

/// A captured frame with its new addresses.
enum Replayed {
    Ethernet(Vec<u8>),
    /// From its IP header on, on links of other kinds.
    Ip(Vec<u8>),
}

fn replayed(
    args: &Replay,
    packet: &Packet<'_>,
    rewriter: &mut Rewriter<'_>,
) -> Result<Replayed, Stop> {
    let frame = &packet.frame;
    let is_ip = |p: Proto| matches!(p, Proto::Ipv4 | Proto::Ipv6);
    let ip = packet.layers.iter().find(|l| is_ip(l.proto) && l.source == 0);
    let lke = packet.layers.iter().any(|l| l.proto == Proto::Mobility && l.dialect.lke);
    let codes = if lke { CodeTable::Lke01 } else { CodeTable::Rfc6275 }.codes();
    if frame.link == LinkType::ETHERNET {
        let at = ip.map_or(frame.data.len(), |l| l.offset as usize);
        let octets = rewriter.frame(frame.data, LinkLayer::Ethernet, at, codes);
        return Ok(Replayed::Ethernet(octets));
    }
    let octets = ip.and_then(|l| frame.data.get(l.offset as usize..)).ok_or_else(|| {
        Stop::input(format!(
            "{}: frame {}: neither Ethernet nor an IP packet: it cannot go onto an interface",
            args.file.display(),
            frame.number
        ))
    })?;
    Ok(Replayed::Ip(rewriter.frame(octets, LinkLayer::Raw, 0, codes)))
}

/// An IP packet with an Ethernet header in front.
fn framed(packet: &[u8], stations: Stations) -> Vec<u8> {
    let v6 = packet.first().is_some_and(|o| o >> 4 == 6);
    let group = packet.get(24..40).filter(|a| v6 && a[0] == 0xff);
    let to = match group {
        // RFC 2464 7: the last four octets of the group.
        Some(a) => [0x33, 0x33, a[12], a[13], a[14], a[15]],
        None => stations.to.unwrap_or([0xff; 6]),
    };
    let kind: [u8; 2] = if v6 { [0x86, 0xdd] } else { [0x08, 0x00] };
    [&to[..], &stations.from, &kind, packet].concat()
}

/// Opens the link; from then on this needs no right, and has none.
fn open(out: &OutArg) -> Result<Box<dyn Link>, Stop> {
    let options = Options { vlan: out.vlan, ..Options::default() };
    let link = link::open(&out.interface, &options).map_err(|e| stop(&e))?;
    privilege::drop_all()?;
    Ok(link)
}

fn stop(e: &LinkError) -> Stop {
    Stop::Failed(Exit::Environment, e.to_string())
}

fn send(
    link: &mut dyn Link,
    out: &OutArg,
    frames: &[Timed],
    count: Option<u64>,
) -> Result<Exit, Stop> {
    let (sent, took) = play(link, frames, out.rate, count).map_err(|e| stop(&e))?;
    let mut told = stdout();
    let took = took.as_secs_f64();
    writeln!(told, "{sent} frames sent on {} in {took:.3} s", out.interface)?;
    told.flush()?;
    Ok(Exit::Clean)
}
