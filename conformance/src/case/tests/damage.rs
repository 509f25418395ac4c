//! Damaged files give mistakes, not panics.

use proptest::prelude::*;

use super::BASE;
use crate::case::Suite;

/// Pieces that YAML or cases give a meaning to.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "  ",
    "&a ",
    "*a",
    "<<: ",
    "|",
    ">",
    "'",
    "\"",
    "#",
    "$",
    "$$",
    "!!int ",
    "%",
    "---\n",
    "...",
    "\t",
    "\u{fe0f}",
    "\0",
    "null",
    "~",
    "-1",
    "1e9",
    "0x",
    "99999999999999999999999999999999999999999",
    "parameters: [{name: a, b: $b}]\n",
    "use: [x]\n",
    "é",
    "? ",
    "a: b\n",
];

#[derive(Clone, Debug)]
enum Damage {
    Insert(usize, &'static str),
    Remove(usize, usize),
    Copy(usize, usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..BASE.len() + 100;
    prop_oneof![
        (at(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (at(), 1..40usize).prop_map(|(at, len)| Damage::Remove(at, len)),
        (at(), 1..60usize, at()).prop_map(|(from, len, to)| Damage::Copy(from, len, to)),
    ]
}

fn apply(text: &mut Vec<char>, damage: &Damage) {
    let clip = |n: usize| n.min(text.len());
    match *damage {
        Damage::Insert(at, piece) => {
            let at = clip(at);
            text.splice(at..at, piece.chars());
        }
        Damage::Remove(at, len) => {
            let range = clip(at)..clip(at + len);
            text.drain(range);
        }
        Damage::Copy(from, len, to) => {
            let part = text[clip(from)..clip(from + len)].to_vec();
            let to = clip(to);
            text.splice(to..to, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_case_is_read_or_refused(list in prop::collection::vec(damage(), 1..8)) {
        let mut text: Vec<char> = BASE.chars().collect();
        for damage in &list {
            apply(&mut text, damage);
        }
        let text: String = text.into_iter().collect();
        let files = [("fragments/a.yaml", text.as_str()), ("a.yaml", &text), ("b.yaml", BASE)];
        if let Err(mistakes) = Suite::from_sources(files) {
            prop_assert!(!mistakes.list.is_empty());
            let shown = mistakes.to_string();
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert!(mistakes.list.iter().all(|m| m.place.line > 0 && m.place.column > 0));
        }
    }
}
