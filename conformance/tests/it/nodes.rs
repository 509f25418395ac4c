//! Descriptions of nodes in `nodes/`, and what they name.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mip6_conformance::case::setting::NodeFile;
use mip6_conformance::subject::Subject;

/// The files in the folder whose names end so.
fn files(end: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("nodes");
    let all = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut found: Vec<PathBuf> =
        all.filter(|p| p.to_str().is_some_and(|p| p.ends_with(end))).collect();
    found.sort();
    assert!(!found.is_empty(), "{end}");
    found
}

fn is_node_file(path: &Path) -> bool {
    path.to_str().is_some_and(|p| p.ends_with(".node.yaml"))
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o111 != 0)
}

#[test]
fn every_description_can_be_read_and_its_hooks_are_there() {
    for path in files(".yaml").into_iter().filter(|p| !is_node_file(p)) {
        let subject = Subject::load(&path).unwrap_or_else(|e| panic!("{e}"));
        let Some(mut live) = subject.live else { continue };
        for hook in live.hooks.all_mut() {
            let program = Path::new(&hook.run[0]);
            assert!(is_executable(program), "{}: {}", path.display(), program.display());
            for file in hook.run.iter().filter(|a| a.ends_with(".node.yaml")) {
                let file = path.with_file_name(file);
                assert!(file.exists(), "{}: {}", path.display(), file.display());
            }
        }
    }
}

#[test]
fn every_node_file_can_be_read() {
    for path in files(".node.yaml") {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = NodeFile::parse(&path.display().to_string(), &text);
        let file = file.unwrap_or_else(|e| panic!("{e}"));
        assert!(file.node().is_some(), "{}", path.display());
    }
}

#[test]
fn scripts_are_those_of_any_shell() {
    for path in files(".sh") {
        assert!(is_executable(&path), "{}", path.display());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#!/bin/sh\n"), "{}", path.display());
        let checked = std::process::Command::new("sh").arg("-n").arg(&path).status().unwrap();
        assert!(checked.success(), "{}", path.display());
    }
}

#[test]
fn the_reference_is_what_it_is_described_as() {
    let [path] = &files("reference.yaml")[..] else { panic!("one reference") };
    let described = Subject::load(path).unwrap();
    assert_eq!(described, Subject::reference());
}

/// Descriptions and the node's file in docs/live.md can be read, and the files that it names are there.
#[test]
fn what_the_guide_shows_can_be_used() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/live.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let blocks: Vec<&str> = text.split("```yaml\n").skip(1).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let block = block.split("```").next().unwrap_or_default();
        if block.contains("play: ") {
            NodeFile::parse("docs/live.md", block).unwrap_or_else(|e| panic!("{e}"));
        } else {
            Subject::parse("docs/live.md", block).unwrap_or_else(|e| panic!("{e}"));
        }
    }
    let known: Vec<PathBuf> = [files(".yaml"), files(".sh")].concat();
    let names: Vec<&str> = known.iter().filter_map(|p| p.file_name()?.to_str()).collect();
    for word in text.split(['`', ' ', '\n', ',']) {
        let name = word.strip_prefix("conformance/nodes/").unwrap_or(word);
        let end = Path::new(name).extension().and_then(|e| e.to_str());
        let shown = matches!(end, Some("yaml" | "sh"));
        if shown && !word.starts_with("./") && !word.starts_with("their") {
            assert!(names.contains(&name), "{name}");
        }
    }
}
