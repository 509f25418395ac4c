//! The packets of each step are those that section 6 prints.

use std::collections::BTreeMap;

use mip6_security::steps::{Case, Step};
use mip6_testkit::collection;
use mip6_testkit::steps::{LISTINGS, SPI, Scene, ah, esp, scenes};
use mip6_wire::codes::RFC6275;
use mip6_wire::header::write_packet;

/// Title, and the lines of each step's packet.
type Sections = BTreeMap<u8, (String, Vec<Vec<String>>)>;

/// Sections `6.x`, their steps and the packets in these, which are indented.
fn read(text: &str) -> Sections {
    let mut sections = Sections::new();
    let mut current = 0;
    for line in text.lines() {
        if let Some((number, title)) = line.strip_prefix("6.").and_then(|l| l.split_once(' ')) {
            current = number.parse().unwrap_or_default();
            sections.insert(current, (title.trim().to_owned(), Vec::new()));
        }
        let Some((_, steps)) = sections.get_mut(&current) else { continue };
        if let Some(number) = line.strip_prefix("Step ").and_then(|l| l.split_once('.')) {
            steps.push(Vec::new());
            assert_eq!(number.0, steps.len().to_string(), "6.{current}");
        } else if let (Some(lines), true) = (steps.last_mut(), line.starts_with("   ")) {
            lines.push(line.trim_end().to_owned());
        }
    }
    for lines in sections.values_mut().flat_map(|(_, steps)| steps) {
        let indent = |l: &String| l.len() - l.trim_start().len();
        let least = lines.iter().map(indent).min().unwrap_or_default();
        for line in lines {
            *line = line[least..].to_owned();
        }
    }
    sections
}

/// The draft's own text, where the collection of captures has it beside it.
fn draft() -> Option<String> {
    let folder = collection::folder()?.join("../spec/seeds");
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|f| std::fs::read_to_string(f.path()).ok());
    let heading = "\n6. Processing Steps within a Node\n";
    let found = texts.map(|t| t.replace('\u{a0}', " ")).find_map(|t| {
        let at = t.rfind(heading)?;
        Some(t[at + heading.len()..].to_owned())
    });
    if found.is_none() {
        eprintln!("skipped: no text of the draft in {}", folder.display());
    }
    found
}

/// The packets in `steps`; those that have none are empty.
fn packets(scene: &Scene, steps: &[Step], case: &Case) -> Vec<Vec<String>> {
    let mut names = case.names();
    names.name_spi(SPI, scene.spi);
    let numbered = steps.iter().zip(1..);
    numbered
        .map(|(s, number)| {
            assert_eq!(s.number, number);
            assert_eq!(s.text.ends_with(':'), s.packet.is_some(), "{}", s.text);
            s.packet.as_ref().map_or_else(Vec::new, |p| p.lines(&names))
        })
        .collect()
}

fn hold_against(sections: &Sections, last: u8) {
    let mut compared = 0;
    for scene in scenes().iter().filter(|s| s.sections[0] <= last) {
        let a = esp();
        let sent = scene.send(&a, 1).expect("can be sent");
        let octets = write_packet(&sent.packet, &RFC6275);
        let received = scene.receive(&octets, &a, 0).expect("is accepted");
        let titles = sent.case.sections();
        assert_eq!(titles, received.case.sections());
        for (i, (steps, case)) in
            [(&sent.steps, &sent.case), (&received.steps, &received.case)].into_iter().enumerate()
        {
            let number = scene.sections[i];
            let (title, expected) = &sections[&number];
            assert_eq!(titles[i].to_string(), format!("6.{number} {title}"));
            assert_eq!(&packets(scene, steps, case), expected, "6.{number}");
            compared += 1;
        }
    }
    assert_eq!(compared, usize::from(last));
}

#[test]
fn every_step_of_6_1_to_6_16() {
    hold_against(&read(LISTINGS), 16);
}

/// Its slips, which `LISTINGS` tells of, are put right; `read` does so for the
/// indentation.
#[test]
fn every_step_that_the_draft_prints() {
    let Some(text) = draft() else { return };
    let mut sections = read(&text.replace("Mobility Header", "Mobility header"));
    for number in [7, 8] {
        let (_, steps) = sections.get_mut(&number).expect("the section is there");
        let mut corrected = 0;
        for line in steps.iter_mut().flatten().filter(|l| l.trim() == "Home Test Init") {
            *line = line.replace("Home Test Init", "Home Test");
            corrected += 1;
        }
        assert_eq!(corrected, 2, "6.{number}");
    }
    hold_against(&sections, 8);
    // Of the others it prints the titles alone.
    for scene in &scenes()[4..] {
        let case = scene.send(&esp(), 1).expect("can be sent").case;
        for (number, section) in scene.sections.into_iter().zip(case.sections()) {
            assert_eq!(sections[&number], (section.title.clone(), Vec::new()));
            assert_eq!(section.number, format!("6.{number}"));
        }
    }
}

#[test]
fn ah_in_the_place_of_esp() {
    let expected = read(&LISTINGS.replace("ESP header", "Authentication header"));
    for scene in scenes() {
        let a = ah();
        let sent = scene.send(&a, 1).expect("can be sent");
        assert_eq!(packets(&scene, &sent.steps, &sent.case), expected[&scene.sections[0]].1);
        let received = scene.receive(&scene.wire(&a), &a, 0).expect("is accepted");
        assert_eq!(
            packets(&scene, &received.steps, &received.case),
            expected[&scene.sections[1]].1
        );
    }
}
