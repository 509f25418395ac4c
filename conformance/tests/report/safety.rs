//! Nothing from packets, cases or nodes is more than text.

use std::process::Command;

use mip6_conformance::report::Evidence;
use mip6_conformance::report::diagram::{Diagram, svg};
use mip6_dissect::capture::Capture;

use crate::{expect, html, human, json, junit, sample};

/// Characters that a terminal or a browser may take for more than a letter.
fn is_hidden(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[test]
fn nothing_controls_a_terminal() {
    for (what, text) in
        [("human", human(false)), ("json", json()), ("junit", junit()), ("html", html())]
    {
        let hidden = text.chars().find(|c| is_hidden(*c));
        assert_eq!(hidden, None, "{what}");
        assert!(text.contains("evil"), "{what} leaves out what is hostile");
    }
    // Colour is all that there is of escape sequences.
    let colored = human(true);
    let sequences = colored.split('\u{1b}').skip(1);
    let colors = sequences.clone().filter(|s| {
        let (code, _) = s.split_once('m').unwrap_or((s, ""));
        code.strip_prefix('[').is_some_and(|c| c.bytes().all(|b| b.is_ascii_digit() || b == b';'))
    });
    assert_eq!(sequences.count(), colors.count());
    let plain = |text: &str| {
        text.split('\u{1b}')
            .enumerate()
            .map(|(i, s)| if i == 0 { s } else { s.split_once('m').map_or("", |(_, rest)| rest) })
            .collect::<String>()
    };
    assert_eq!(plain(&colored), human(false));
}

/// Elements and attributes of markup, whose tags must be closed in order
/// (`void` ones need not), and whose text has no stray `<` or `>`.
fn tags(markup: &str, void: &[&str]) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    let mut rest = markup;
    while let Some(at) = rest.find(['<', '>']) {
        assert_eq!(&rest[at..=at], "<", "stray > after …{}", tail(&rest[..at]));
        let tag = &rest[at + 1..];
        let end = tag_end(tag);
        let (tag, after) = (&tag[..end], &tag[end + 1..]);
        rest = after;
        if tag.starts_with('!') || tag.starts_with('?') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closes </{name}>");
            continue;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap();
        all.push(tag.to_owned());
        if name == "script" || name == "style" {
            let closing = format!("</{name}>");
            rest = &rest[rest.find(&closing).expect("it is closed") + closing.len()..];
        } else if !tag.ends_with('/') && !void.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "open at the end: {open:?}");
    all
}

fn tail(text: &str) -> &str {
    &text[text.floor_char_boundary(text.len().saturating_sub(60))..]
}

/// Where a tag ends: at the first `>` that stands in no value.
fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b'>' && !quoted
    });
    end.expect("the tag ends")
}

#[test]
fn svg_is_well_formed_and_complete() {
    for o in sample::all().iter().filter(|o| !o.evidence.is_empty()) {
        let drawn = svg(&Diagram::new(o, &Evidence::read(o)));
        let tags = tags(&drawn, &[]);
        assert!(tags[0].starts_with("svg xmlns=\"http://www.w3.org/2000/svg\""), "{}", tags[0]);
        assert!(tags[1].starts_with("title"), "{}", tags[1]);
        assert!(!tags.iter().any(|t| t.starts_with("script") || t.contains("onload=")));
        assert!(!drawn.contains("&amp;amp;amp;"));
    }
}

#[test]
fn pages_have_no_markup_but_their_own() {
    let page = html();
    let void = ["meta", "input", "br"];
    let tags = tags(&page, &void);
    assert_eq!(tags.iter().filter(|t| *t == "script").count(), 1);
    for tag in &tags {
        // Values come in quotes, which text cannot close.
        let names = tag.split('"').step_by(2).collect::<String>();
        assert!(!names.contains("onload"), "{tag}");
        let link = tag.split_once("href=\"").map(|(_, l)| l);
        assert!(link.is_none_or(|l| l.starts_with('#') || !l.contains(':')), "{tag}");
        for attribute in ["src=", "@import", "url("] {
            assert!(!tag.contains(attribute), "{tag}");
        }
    }
    assert!(
        !page.contains("https://")
            && page.matches("http://").count() == page.matches("xmlns=").count()
    );
}

#[test]
fn xml_of_junit_is_well_formed() {
    let xml = junit();
    let tags = tags(&xml, &[]);
    assert_eq!(tags.iter().filter(|t| t.starts_with("testcase ")).count(), 5);
    assert_eq!(tags.iter().filter(|t| t.starts_with("skipped")).count(), 2);
    assert_eq!(tags.iter().filter(|t| t.starts_with("failure")).count(), 1);
    assert_eq!(tags.iter().filter(|t| t.starts_with("error")).count(), 1);
    assert!(xml.contains("name=\"evidence\" value=\"evidence/mn.movement.return.pcapng\""));
}

#[test]
fn comments_of_the_evidence_are_read_here_and_by_tshark() {
    let evidence = sample::failed().evidence;
    let mut capture = Capture::from_reader(std::io::Cursor::new(evidence.clone())).unwrap();
    let mut comments = Vec::new();
    while let Some(f) = capture.next_frame().unwrap() {
        comments.push(String::from_utf8(f.comment.to_vec()).unwrap());
    }
    let expected = "expected status 135, is 0";
    assert_eq!(comments.iter().position(|c| c == expected), Some(5));
    assert_eq!(comments.iter().filter(|c| !c.is_empty()).count(), 1);
    let links: Vec<_> = (0..4).map(|i| capture.interface_name(i)).collect();
    assert_eq!(links, [Some("home"), Some("foreign"), Some("far"), None]);

    let path = std::env::temp_dir().join(format!("mip6-comments-{}.pcapng", std::process::id()));
    std::fs::write(&path, evidence).unwrap();
    let fields =
        ["-T", "fields", "-e", "frame.number", "-e", "frame.comment", "-e", "frame.interface_name"];
    let tshark = Command::new("tshark").arg("-r").arg(&path).args(fields).output();
    std::fs::remove_file(&path).unwrap();
    // A machine without tshark has heard our own reader.
    let Ok(output) = tshark else { return };
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), comments.len(), "{lines:?}");
    assert_eq!(lines[5], format!("6\t{expected}\tforeign").as_str());
    assert_eq!(lines[0], "1\t\tforeign");
}

#[test]
fn diagrams_are_as_expected() {
    for (name, o) in [
        ("passed.svg", sample::passed()),
        ("failed.svg", sample::failed()),
        ("inconclusive.svg", sample::inconclusive()),
    ] {
        expect(name, &svg(&Diagram::new(&o, &Evidence::read(&o))));
    }
}
