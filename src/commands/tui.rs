//! `mip6 tui`: a capture, or a report of a conformance run, in the terminal.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use mip6_dissect::packet::Packet;
use mip6_dissect::profile::Profile;
use mip6_security::Associations;
use mip6_tui::capture::{Interface, Source};
use mip6_tui::session::SpecWriter;
use mip6_tui::{Config, Failure, WatchConfig, saved};

use super::specs::Specs;
use crate::args::Tui;
use crate::exit::Exit;
use crate::output::{Stop, complain, use_color};

pub(crate) fn run(args: Tui) -> Result<Exit, Stop> {
    let profile = Profile::load(&args.profile.profile).map_err(Stop::input)?;
    // What is wrong with keys is said while there is somebody to read it.
    super::keys::load(&args.keys)?;
    if let Some(path) = &args.policy {
        mip6_security::policy::load(path).map_err(Stop::input)?;
    }
    // What goes wrong with an interface is no fault of an input.
    let (source, shown, trouble) = match (args.file, args.interface) {
        (_, Some(name)) => {
            let (filter, limit) = (args.capture_filter, args.limit.saturating_mul(1 << 20));
            let shown = name.clone();
            (Source::Interface(Interface { name, filter, limit }), shown, Exit::Environment)
        }
        (Some(folder), None) if folder.is_dir() => {
            if args.keys.keys.is_some() || args.policy.is_some() {
                let why = "evidence of a report has its own keys: without --keys and --policy";
                return Err(Stop::input(why));
            }
            return report(folder, profile);
        }
        (Some(file), None) => {
            let shown = file.display().to_string();
            (Source::File(file), shown, Exit::Input)
        }
        (None, None) => return Err(Stop::input("name a capture file or an interface")),
    };
    let config = Config {
        source,
        profile,
        keys: args.keys.keys,
        policy: args.policy,
        spec: spec_writer,
        settings: saved::load(),
        plain: !use_color(),
    };
    match mip6_tui::run(config) {
        Ok(None) => Ok(Exit::Clean),
        Ok(Some(said)) => {
            complain(&format!("{shown}: {said}"));
            Ok(trouble)
        }
        Err(e) => Err(stop(&e, &shown, trouble)),
    }
}

/// Why the inspector could not begin with what is shown, or ended.
fn stop(e: &Failure, shown: &str, trouble: Exit) -> Stop {
    match e {
        Failure::Capture(_) | Failure::Report(_) => Stop::Failed(trouble, format!("{shown}: {e}")),
        Failure::Terminal(_) => Stop::Failed(Exit::Environment, e.to_string()),
        Failure::Internal => Stop::Failed(Exit::Internal, e.to_string()),
    }
}

/// Shows a report; verdicts in it are no trouble of ours.
fn report(folder: PathBuf, profile: Profile) -> Result<Exit, Stop> {
    let shown = folder.display().to_string();
    let program = std::env::current_exe()
        .map_err(|e| Stop::Failed(Exit::Environment, format!("where is this program? {e}")))?;
    let config = WatchConfig {
        folder,
        program,
        profile,
        spec: spec_writer,
        settings: saved::load(),
        plain: !use_color(),
        clock: now,
    };
    match mip6_tui::watch(config) {
        Ok(()) => Ok(Exit::Clean),
        Err(e) => Err(stop(&e, &shown, Exit::Input)),
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Packets as a spec for `mip6 craft`.
fn spec_writer(keys: &Associations) -> SpecWriter<'_> {
    let mut specs = Specs::new(keys);
    Box::new(move |packet: &Packet<'_>| {
        let mut out = Vec::new();
        match specs.packet(&mut out, packet) {
            Ok(()) => String::from_utf8(out).map_err(|e| e.to_string()),
            Err(Stop::Failed(_, message)) => Err(message),
            Err(Stop::ReaderGone) => Err("the spec could not be written".to_owned()),
        }
    })
}
