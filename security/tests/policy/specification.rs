//! The examples of the specifications as they are printed, where a copy of the
//! texts lies beside the collection of captures.

use std::path::{Path, PathBuf};

use mip6_security::policy::{Part, parse_notation};

use crate::{NAMES, load, plain, yaml};

/// A text beside the collection; where there is none, says so.
fn text(name: &str) -> Option<String> {
    let folder = mip6_testkit::collection::folder()?.join("../spec");
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in [folder.join("seeds"), folder.join("rfc")] {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        files.extend(entries.flatten().map(|e| e.path()));
    }
    let named =
        |p: &PathBuf| p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(name));
    let found = files.iter().find(|p| named(p));
    if found.is_none() {
        eprintln!("skipped: no {name} in {}", folder.display());
    }
    found.map(|p| std::fs::read_to_string(p).unwrap().replace('\u{a0}', " "))
}

/// Lines of a section that are indented like its examples.
fn examples(text: &str, from: &str, to: &str, indent: usize) -> String {
    let lines =
        text.lines().skip_while(|l| !l.starts_with(from)).take_while(|l| !l.starts_with(to));
    let mut out = String::new();
    for line in lines.filter(|l| l.starts_with(&" ".repeat(indent)) && !l.contains("TOC")) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Blocks, rules and associations.
fn counts(text: &str) -> (usize, usize, usize) {
    let written = parse_notation(Path::new("policy"), text).unwrap_or_else(|e| panic!("{e}"));
    let printed = written.to_string();
    assert_eq!(parse_notation(Path::new("printed"), &printed).unwrap(), written);
    let (mut rules, mut associations) = (0, 0);
    for block in &written.blocks {
        match &block.part {
            Part::Spd(_, list) => rules += list.len(),
            Part::Sad(list) => associations += list.len(),
        }
    }
    (written.blocks.len(), rules, associations)
}

fn printed(text: &str) -> String {
    plain(&parse_notation(Path::new("policy"), text).unwrap().to_string())
}

#[test]
fn the_drafts_examples_print_back() {
    let Some(draft) = text("003_") else { return };
    let manual = examples(&draft, "5.2 ", "5.3 ", 2);
    let dynamic = examples(&draft, "5.3 ", "6. ", 2);
    // Four times six blocks with a rule in each SPD and two associations in
    // each SAD; four times four blocks with a rule.
    assert_eq!(counts(&manual), (24, 16, 16));
    assert_eq!(counts(&dynamic), (16, 16, 0));
    assert_eq!(printed(&manual), plain(&manual).replace("SA5. ", "SA5 "));
    assert_eq!(printed(&dynamic), plain(&dynamic));
}

#[test]
fn the_drafts_examples_contradict_nothing() {
    let Some(draft) = text("003_") else { return };
    for (from, to) in [
        ("5.2 ", "5.3 "),
        ("5.2.1", "5.2.2"),
        ("5.2.2", "5.2.3"),
        ("5.2.3", "5.2.4"),
        ("5.2.4", "5.3 "),
        ("5.3 ", "6. "),
    ] {
        let text = yaml(&examples(&draft, from, to, 2), &NAMES);
        let policy = load(&text).unwrap_or_else(|e| panic!("{from}: {e}"));
        assert!(policy.warnings.is_empty(), "{from}: {:?}", policy.warnings);
        assert_eq!(policy.nodes.len(), 2);
    }
}

#[test]
fn rfc_3776_reads_as_the_draft() {
    let (Some(rfc), Some(draft)) = (text("rfc3776"), text("003_")) else { return };
    let manual = examples(&rfc, "5.2. ", "5.3. ", 5);
    let dynamic = examples(&rfc, "5.3. ", "6. ", 5);
    assert_eq!(counts(&manual), (24, 16, 16));
    assert_eq!(counts(&dynamic), (16, 16, 0));
    // The RFC sends tunnels to the care-of address.
    let draft_manual = examples(&draft, "5.2 ", "5.3 ", 2);
    let at_home = printed(&manual).replace("care_of_address_1, ESP", "home_address_1, ESP");
    assert_eq!(at_home, printed(&draft_manual));
    assert_eq!(printed(&dynamic), printed(&examples(&draft, "5.3 ", "6. ", 2)));
    for text in [manual, dynamic] {
        let policy = load(&yaml(&text, &NAMES)).unwrap_or_else(|e| panic!("{e}"));
        assert!(policy.warnings.is_empty(), "{:?}", policy.warnings);
    }
}
