//! The cookbook in `inject/specs/`, and captures turned into specs and back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use mip6_dissect::capture::{Capture, find};
use serde_json::Value;

use crate::root;

fn mip6(args: &[&Path]) -> Output {
    Command::new(cargo_bin!("mip6")).args(args).current_dir(root()).output().unwrap()
}

fn craft(spec: &Path, to: &Path) {
    let output = mip6(&["craft".as_ref(), spec, "-w".as_ref(), to]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", spec.display());
}

/// What frames hold and when they came, from the first on; up to where the capture
/// is damaged.
fn frames(path: &Path) -> Vec<((bool, u64, u32), Vec<u8>)> {
    let mut capture = Capture::open(path).unwrap();
    let mut frames = Vec::new();
    let mut first = None;
    while let Ok(Some(frame)) = capture.next_frame() {
        let first = *first.get_or_insert(frame.time);
        frames.push((frame.time.since(first), frame.data.to_vec()));
    }
    frames
}

fn specs() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("inject/specs")).unwrap();
    let mut specs: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    specs.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    specs.sort();
    specs
}

/// What `mip6 check` finds in a capture: ids, sorted, each once.
fn findings(capture: &Path, keys: Option<&Path>) -> Vec<String> {
    let mut args = vec!["check".as_ref(), "--format".as_ref(), "json".as_ref(), capture];
    args.extend(keys.map(|keys| ["--keys".as_ref(), keys]).into_iter().flatten());
    let output = mip6(&args);
    let mut ids = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if let (Some(id), None) = (line["id"].as_str(), line.get("inconclusive")) {
            ids.push(id.to_owned());
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn the_cookbook_makes_what_its_comments_promise() {
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("made.pcapng");
    let specs = specs();
    assert!(specs.len() >= 30, "{} specs", specs.len());
    for spec in specs {
        let text = fs::read_to_string(&spec).unwrap();
        let shown = spec.display();
        assert!(text.starts_with("# "), "{shown}: what is it for?");
        let promised = text.lines().find_map(|line| line.strip_prefix("# Finds: "));
        let promised = promised.unwrap_or_else(|| panic!("{shown}: what does a check find?"));
        let promised: Vec<&str> = promised.split(' ').filter(|id| *id != "nothing").collect();
        craft(&spec, &capture);
        assert!(!frames(&capture).is_empty(), "{shown}");
        let keys = text.lines().find_map(|line| line.strip_prefix("keys: "));
        let keys = keys.map(|name| spec.with_file_name(name));
        assert_eq!(findings(&capture, keys.as_deref()), promised, "{shown}");
    }
}

#[test]
fn every_capture_becomes_a_spec_that_makes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (spec, made) = (folder.path().join("spec.yaml"), folder.path().join("made.pcapng"));
    let mut packets = 0;
    for path in find(&[root().join("pcaps")]).unwrap() {
        let output = mip6(&["dissect".as_ref(), "-T".as_ref(), "spec".as_ref(), &path]);
        fs::write(&spec, output.stdout).unwrap();
        craft(&spec, &made);
        let (before, after) = (frames(&path), frames(&made));
        assert_eq!(before, after, "{}", path.display());
        packets += before.len();
    }
    assert!(packets > 1000, "{packets}");
}

#[test]
fn what_is_inside_esp_becomes_a_spec_that_seals_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (spec, made) = (folder.path().join("spec.yaml"), folder.path().join("made.pcapng"));
    let mut sealed = 0;
    for name in ["ipsec/policy", "conversations/security-associations"] {
        let capture = root().join(format!("pcaps/{name}.pcapng"));
        let keys = root().join(format!("pcaps/{name}.keys"));
        let with_keys: [&Path; 2] = ["--keys".as_ref(), &keys];
        let dissect: [&Path; 4] = ["dissect".as_ref(), "-T".as_ref(), "spec".as_ref(), &capture];
        let output = mip6(&[&dissect[..], &with_keys].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        sealed += text.matches("association: ").count();
        fs::write(&spec, text).unwrap();
        let craft: [&Path; 4] = ["craft".as_ref(), &spec, "-w".as_ref(), &made];
        let output = mip6(&[&craft[..], &with_keys].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(frames(&capture), frames(&made), "{}", capture.display());
    }
    assert!(sealed > 20, "{sealed}");
}

#[test]
fn the_name_of_a_capture_says_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let spec = root().join("inject/specs/fragments.yaml");
    let (pcap, pcapng) = (folder.path().join("a.pcap"), folder.path().join("a.pcapng"));
    craft(&spec, &pcap);
    craft(&spec, &pcapng);
    assert_eq!(frames(&pcap), frames(&pcapng));
    assert_eq!(fs::read(&pcap).unwrap()[..4], [0x4d, 0x3c, 0xb2, 0xa1]);
    let output = mip6(&["craft".as_ref(), &spec, "-w".as_ref(), "-".as_ref()]);
    assert_eq!(output.stdout, fs::read(&pcapng).unwrap());
    let raw = mip6(&["craft".as_ref(), &spec, "--link=raw".as_ref(), "-w".as_ref(), &pcap]);
    assert!(raw.status.success());
    let bare: Vec<_> = frames(&pcapng).into_iter().map(|(_, o)| o[14..].to_vec()).collect();
    assert_eq!(frames(&pcap).into_iter().map(|(_, o)| o).collect::<Vec<_>>(), bare);
    let output = mip6(&["craft".as_ref(), &spec, "-w".as_ref(), "a.txt".as_ref()]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_mistake_has_a_place_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (spec, made) = (folder.path().join("bad.yaml"), folder.path().join("made.pcap"));
    fs::write(&spec, "packets:\n  - [ipv6, udp]\n  - [{ipv6: {ipv6.hlim: 256}}]\n").unwrap();
    let output = mip6(&["craft".as_ref(), &spec, "-w".as_ref(), &made]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("bad.yaml:3:25: 256 does not fit in 8 bits"), "{said}");
    assert!(!made.exists());
}

/// Every block of YAML in the guide is a script that is made.
#[test]
fn examples_of_the_guide_are_made() {
    let guide = fs::read_to_string(root().join("docs/crafting.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let specs = root().join("inject/specs");
    fs::copy(specs.join("laboratory.keys"), folder.path().join("laboratory.keys")).unwrap();
    let (spec, made) = (folder.path().join("spec.yaml"), folder.path().join("made.pcapng"));
    let mut blocks = 0;
    for block in guide.split("```yaml\n").skip(1) {
        fs::write(&spec, block.split("```").next().unwrap()).unwrap();
        craft(&spec, &made);
        blocks += 1;
    }
    assert!(blocks >= 5, "{blocks}");
}
