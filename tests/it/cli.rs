//! The command line: what it says of bad input, and its exit codes.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use mip6_dissect::capture::{CaptureWriter, FileFormat, LinkType, Timestamp};
use mip6_testkit::build::{self, mobility_with};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::write_packet;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

use crate::lab::{Lab, Run};
use crate::root;

fn pcap(name: &str) -> PathBuf {
    root().join("pcaps").join(name)
}

/// A capture of frames, at 1970-01-01.
fn capture_of(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut w = CaptureWriter::new(Vec::new(), FileFormat::PcapNg, false).unwrap();
    let interface = w.interface(LinkType::ETHERNET).unwrap();
    for f in frames {
        w.frame(interface, Timestamp::default(), f, f.len() as u32).unwrap();
    }
    w.finish().unwrap()
}

#[test]
fn comments_of_frames_are_shown_and_control_nothing() {
    let lab = Lab::new();
    let mut w = CaptureWriter::pcapng(Vec::new()).unwrap();
    let home = w.named_interface(LinkType::ETHERNET, "home").unwrap();
    let update = update_of(b"node");
    for comment in ["", "status \u{1b}[31m135\n"] {
        let len = update.len() as u32;
        w.commented_frame(home, Timestamp::default(), &update, len, comment).unwrap();
    }
    lab.file("commented.pcapng", w.finish().unwrap());
    let fields = ["dissect", "-T", "fields", "-e", "frame.number", "-e", "frame.comment"];
    let run = lab.run(&[&fields[..], &["commented.pcapng"]].concat());
    assert_eq!(run.out, "1\t\n2\tstatus \\u{1b}[31m135\\n\n");
    let tree =
        lab.run(&["dissect", "-V", "-Y", "frame.comment contains \"135\"", "commented.pcapng"]);
    assert!(tree.out.contains("    [Comment: status \\u{1b}[31m135\\n]\n"), "{}", tree.out);
    assert!(tree.out.starts_with("Frame 2: ") && !tree.out.contains("Frame 1: "));
}

/// A Binding Update without the protection it must have, that calls its sender
/// `identifier`.
fn update_of(identifier: &[u8]) -> Vec<u8> {
    let update = Message::BindingUpdate {
        sequence: 1,
        flags: UpdateFlags::A | UpdateFlags::H,
        lifetime: 10,
    };
    let identifier =
        OptionBody::MobileNodeIdentifier { subtype: 1, identifier: identifier.to_vec().into() };
    let packet = [
        build::ethernet(),
        build::ip(build::CAREOF, build::HOME_AGENT),
        build::home_option(build::HOME),
        mobility_with(update, &[identifier]),
    ];
    write_packet(&packet, &RFC6275)
}

#[test]
fn files_that_are_no_captures() {
    let lab = Lab::new();
    lab.file("empty.pcap", "");
    lab.file("letter.pcap", "Dear reader, this is a letter.");
    let whole = std::fs::read(pcap("mip6/messages.pcapng")).unwrap();
    lab.file("stub.pcapng", &whole[..10]);
    std::fs::create_dir(lab.0.path().join("folder")).unwrap();
    for command in ["dissect", "check"] {
        lab.run(&[command, "none.pcap"]).fails(2, &["none.pcap: cannot open", "No such file"]);
        lab.run(&[command, "empty.pcap"]).fails(2, &["empty.pcap: is empty", "pcapng"]);
        lab.run(&[command, "letter.pcap"]).fails(2, &["letter.pcap: is no capture", "expected"]);
        lab.run(&[command, "stub.pcapng"]).fails(2, &["truncated at octet 0", "12 octets"]);
        lab.run(&[command, "folder"]).fails(2, &["folder: "]);
    }
    lab.run(&["check", "folder"]).fails(2, &["no captures in this folder"]);
}

#[test]
fn what_stands_before_the_damage_is_reported() {
    let lab = Lab::new();
    let whole = std::fs::read(pcap("mip6/header-faults.pcapng")).unwrap();
    let all = lab.run(&[
        "check",
        "--format",
        "json",
        pcap("mip6/header-faults.pcapng").to_str().unwrap(),
    ]);
    assert_eq!(all.code, Some(1));
    let path = lab.file("cut.pcapng", &whole[..whole.len() * 2 / 3]);
    let shown = lab.run(&["dissect", "cut.pcapng"]);
    shown.fails(2, &["cut.pcapng: truncated at octet", "are left"]);
    assert!(shown.out.lines().count() > 3, "{}", shown.out);
    let cut = lab.run(&["check", "--format", "json", path.to_str().unwrap()]);
    cut.fails(2, &["truncated at octet"]);
    let findings = |run: &Run| run.out.lines().filter(|l| l.contains("\"id\":")).count();
    assert!(findings(&cut) > 2 && findings(&cut) < findings(&all));
    assert!(cut.out.lines().last().unwrap().contains("\"unreadable\":1"), "{}", cut.out);
    for format in ["junit", "sarif", "human"] {
        let run = lab.run(&["check", "--format", format, "cut.pcapng"]);
        run.fails(2, &["truncated at octet"]);
        assert!(run.out.contains("truncated at octet"), "{format}: {}", run.out);
    }
    // The captures behind a damaged one are judged all the same.
    let good = pcap("mip6/messages.pcapng");
    let both = lab.run(&["check", "--format", "json", "cut.pcapng", good.to_str().unwrap()]);
    both.fails(2, &["cut.pcapng"]);
    assert!(both.out.lines().last().unwrap().contains("\"files\":2"), "{}", both.out);
}

#[test]
fn filters_that_cannot_be_understood() {
    let lab = Lab::new();
    let file = pcap("mip6/messages.pcapng");
    let filtered = |filter: &str| lab.run(&["dissect", "-Y", filter, file.to_str().unwrap()]);
    filtered("mip6.mhtypo == 5")
        .fails(2, &["mip6.mhtypo", "did you mean mip6.mhtype", "column 1", "    ^^^^^^^^^^^"]);
    filtered("mip6.mhtype ==").fails(2, &["expected a number", "column 15"]);
    filtered("ipv6.src == 1.2.3").fails(2, &["expected an IPv6 address", "column 13"]);
    filtered("(mip6").fails(2, &["expected `)`"]);
    filtered("mip6 && \"abc").fails(2, &["not closed"]);
    filtered("mip6.mnid.identifier matches \"(\"").fails(2, &["regular expression"]);
    filtered(&"(".repeat(100_000)).fails(2, &["filter: "]);
    // As in tshark, no condition at all lets everything through.
    assert_eq!(filtered("").out.lines().count(), filtered("frame").out.lines().count());
    lab.run(&["dissect", "-T", "fields", "-e", "mip6.mhtypo", file.to_str().unwrap()])
        .fails(2, &["did you mean mip6.mhtype"]);
    lab.run(&["dissect", "-T", "fields", file.to_str().unwrap()]).fails(2, &["-e"]);
}

#[test]
fn wrong_usage() {
    let lab = Lab::new();
    lab.file("numbers.yaml", "mobility_options: [1, 2");
    lab.file("typo.yaml", "basis: rfc6275\n");
    let pcaps = root().join("pcaps");
    let pcaps = pcaps.to_str().unwrap();
    lab.run::<&str>(&[]).fails(2, &["Usage"]);
    lab.run(&["frobnicate"]).fails(2, &["frobnicate"]);
    lab.run(&["check"]).fails(2, &["PATH"]);
    lab.run(&["dissect"]).fails(2, &["FILE"]);
    lab.run(&["check", "--select", "MIP7", pcaps]).fails(2, &["`MIP7` is no requirement"]);
    lab.run(&["check", "--profile", "lke-02", pcaps]).fails(2, &["lke-02", "lke-01"]);
    lab.run(&["check", "--profile", "numbers.yaml", pcaps]).fails(2, &["numbers.yaml", "line 1"]);
    lab.run(&["check", "--profile", "typo.yaml", pcaps])
        .fails(2, &["typo.yaml", "basis", "line 1"]);
    lab.run(&["rules", "MIP7"]).fails(2, &["MIP7", "MIP6-MH"]);
    // Nothing has this name, with libpcap or without.
    lab.run(&["dissect", "-i", "no-such-link"]).fails(3, &["no-such-link"]);
}

#[test]
fn levels_decide_the_exit_code() {
    let lab = Lab::new();
    let path = lab.file("update.pcapng", capture_of(&[update_of(b"mn@example.com")]));
    let path = path.to_str().unwrap();
    let code = |args: &[&str]| lab.run(&[&["check", path], args].concat()).code;
    let ids = lab.run(&["check", "--format", "json", path]).out;
    assert!(ids.contains("\"level\":\"must\""), "{ids}");
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["--fail-on", "may"]), Some(1));
    assert_eq!(code(&["--ignore", "MIP6,IPSEC,BOOT,NEMO,LKE"]), Some(0));
    assert_eq!(code(&["--select", "LKE"]), Some(0));
    // A recommendation alone fails the gate only when asked.
    let should = should_only(&lab);
    let code = |args: &[&str]| lab.run(&[&["check", should.as_str()], args].concat()).code;
    assert_eq!(code(&["--fail-on", "must"]), Some(0));
    assert_eq!(code(&["--fail-on", "should"]), Some(1));
    assert_eq!(code(&["--fail-on", "may"]), Some(1));
}

/// A capture of a packet of the project's that keeps every MUST and departs from
/// a SHOULD.
fn should_only(lab: &Lab) -> String {
    let json = lab.run(&["check", "--format", "json", root().join("pcaps").to_str().unwrap()]).out;
    let (mut must, mut should) = (Vec::new(), Vec::new());
    for line in json.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let place = (line["file"].clone(), line["frame"].clone());
        match line["level"].as_str() {
            Some("must") => must.push(place),
            Some("should") => should.push(place),
            _ => {}
        }
    }
    let (file, frame) = should.into_iter().find(|p| !must.contains(p)).unwrap();
    let mut capture =
        mip6_dissect::capture::Capture::open(Path::new(file.as_str().unwrap())).unwrap();
    loop {
        let f = capture.next_frame().unwrap().unwrap();
        if f.number == frame.as_u64().unwrap() {
            let octets = capture_of(&[f.data.to_vec()]);
            return lab.file("should.pcapng", octets).to_str().unwrap().to_owned();
        }
    }
}

#[test]
fn known_findings_pass_and_new_ones_fail() {
    let lab = Lab::new();
    let one = capture_of(&[update_of(b"mn@example.com")]);
    let two = capture_of(&[update_of(b"mn@example.com"), update_of(b"mn@example.com")]);
    lab.file("c.pcapng", &one);
    assert_eq!(lab.run(&["check", "c.pcapng"]).code, Some(1));
    let written = lab.run(&["check", "--write-baseline", "known.json", "c.pcapng"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    let known = lab.run(&["check", "--baseline", "known.json", "c.pcapng"]);
    assert_eq!(known.code, Some(0));
    assert!(known.out.contains("known"), "{}", known.out);
    lab.file("c.pcapng", &two);
    assert_eq!(lab.run(&["check", "--baseline", "known.json", "c.pcapng"]).code, Some(1));

    lab.file("broken.json", "{\"version\":1,\n\"findings\":[{]}");
    lab.run(&["check", "--baseline", "broken.json", "c.pcapng"])
        .fails(2, &["broken.json", "broken baseline", "line 2", "expected"]);
    lab.file("future.json", "{\"version\":9,\"findings\":[]}");
    lab.run(&["check", "--baseline", "future.json", "c.pcapng"]).fails(2, &["version 9"]);
    lab.run(&["check", "--baseline", "none.json", "c.pcapng"])
        .fails(2, &["none.json: cannot read"]);
}

#[test]
fn standard_input_and_compressed_files() {
    let lab = Lab::new();
    let path = pcap("mip6/messages.pcapng");
    let whole = std::fs::read(&path).unwrap();
    let from_file = lab.run(&["dissect", path.to_str().unwrap()]).out;
    assert!(from_file.contains("Binding Update"));
    assert_eq!(lab.piped(&["dissect", "-"], &whole).out, from_file);
    assert_eq!(lab.piped(&["dissect", "-r", "-"], &whole).out, from_file);
    // The same packets, compressed.
    let gz = std::fs::read(pcap("files/gzip.pcapng.gz")).unwrap();
    let from_file = lab.run(&["dissect", pcap("files/pcapng.pcapng").to_str().unwrap()]).out;
    assert!(!from_file.is_empty());
    assert_eq!(lab.piped(&["dissect", "-"], &gz).out, from_file);
    let judged = lab.piped(&["check", "--alone", "-"], &whole);
    assert_eq!(judged.code, Some(0), "{}", judged.out);
    lab.piped(&["check", "-"], b"").fails(2, &["is empty"]);
    lab.piped(&["dissect", "-"], &gz[..gz.len() / 2]).fails(2, &["-: "]);
}

#[test]
fn what_packets_and_file_names_hold_reaches_no_terminal_and_no_markup() {
    let lab = Lab::new();
    let hostile = b"\x1b[31m\x07<script>&\"']]>\x00\xff\xc2\x9b@x\r\n";
    let octets = capture_of(&[update_of(hostile), update_of(b"\xe2\x80\xae drowssap")]);
    let name = "a\u{1b}[31m<b>&\"'.pcapng";
    lab.file(name, octets);
    let mut runs = vec![
        lab.run(&["dissect", name]),
        lab.run(&["dissect", "-V", name]),
        lab.run(&["dissect", "-T", "json", name]),
        lab.run(&["dissect", "-T", "fields", "-e", "mip6.mnid.identifier", name]),
        lab.run(&["dissect", &format!("{name}x")]),
        lab.run(&["dissect", "-Y", "mip6 == \u{1b}[31m", name]),
        lab.run(&["check", "--all", name]),
    ];
    for format in ["human", "json", "junit", "sarif"] {
        runs.push(lab.run(&["check", "--format", format, name]));
    }
    for run in &runs {
        for text in [&run.out, &run.err] {
            let bad = text.chars().find(|c| {
                (c.is_control() && !matches!(c, '\n' | '\t'))
                    || ('\u{202a}'..='\u{202e}').contains(c)
            });
            assert_eq!(bad, None, "{text}");
        }
    }
    let junit = &runs[9].out;
    assert!(junit.contains("<testsuite "), "{junit}");
    assert!(!junit.contains("<b>") && !junit.contains("<script>"), "{junit}");
    for line in runs[2].out.lines().chain(runs[8].out.lines()) {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    serde_json::from_str::<serde_json::Value>(&runs[10].out).unwrap();
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let lab = Lab::new();
    let frames = vec![update_of(b"mn@example.com"); 5_000];
    lab.file("long.pcapng", capture_of(&frames));
    for args in [vec!["dissect", "-V", "long.pcapng"], vec!["check", "--all", "long.pcapng"]] {
        let mut command = lab.command(&args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = Run::from(child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn colour_only_where_it_is_wanted() {
    let lab = Lab::new();
    lab.file("c.pcapng", capture_of(&[update_of(b"mn@example.com")]));
    let args = ["check", "c.pcapng"];
    assert!(!lab.run(&args).out.contains('\u{1b}'));
    let forced = Run::of(lab.command(&args).env("CLICOLOR_FORCE", "1"));
    assert!(forced.out.contains("\u{1b}["), "{}", forced.out);
    let refused = Run::of(lab.command(&args).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"));
    assert!(!refused.out.contains('\u{1b}'));
}

#[test]
fn completions_and_manual_pages() {
    let lab = Lab::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = lab.run(&["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("dissect") && run.out.contains("baseline"), "{shell}");
    }
    assert!(lab.run(&["man"]).out.contains(".TH mip6"));
    assert_eq!(lab.run(&["man", "--dir", "pages"]).code, Some(0));
    for page in ["mip6.1", "mip6-dissect.1", "mip6-check.1", "mip6-rules.1"] {
        assert!(lab.0.path().join("pages").join(page).is_file(), "{page}");
    }
}

#[test]
fn requirements_are_listed_and_explained() {
    let lab = Lab::new();
    let all = lab.run(&["rules"]);
    assert_eq!(all.code, Some(0));
    assert!(all.out.contains("MIP6-MH-001") && all.out.contains("LKE-RA-001"));
    let one = lab.run(&["rules", "MIP6-MH-007"]).out;
    assert!(one.contains("MIP6-MH-007") && one.contains("6275"), "{one}");
    assert!(!one.contains("MIP6-MH-006"), "{one}");
    let fields = lab.run(&["dissect", "--list-fields"]).out;
    assert!(fields.lines().count() > 500);
    assert!(fields.lines().any(|l| l.starts_with("mip6.mhtype\t")));
}
