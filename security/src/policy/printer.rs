//! From [`Written`] to text, in the notation of
//! draft-ietf-mobileip-mipv6-ha-ipsec-04 5.1.

use std::fmt::{self, Display, Formatter};

use super::lexer::is_plain;
use super::written::*;
use crate::association::{Mode, Protocol};

/// Columns that lines are filled to.
const WIDTH: usize = 68;

impl Display for Written {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, block) in self.blocks.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            match &block.part {
                Part::Spd(direction, rules) => {
                    writeln!(f, "{} SPD {}:", block.node.text, direction.name())?;
                    rules.iter().try_for_each(|r| rule(f, r))?;
                }
                Part::Sad(associations) => {
                    writeln!(f, "{} SAD:", block.node.text)?;
                    associations.iter().try_for_each(|a| association(f, a))?;
                }
            }
        }
        Ok(())
    }
}

fn rule(f: &mut Formatter<'_>, rule: &WrittenRule) -> fmt::Result {
    let mut text = Pieces::new("  - IF ");
    text.condition(&rule.condition);
    text.fill(f, 7)?;
    let mut text = Pieces::new("    THEN ");
    text.action(&rule.action);
    text.fill(f, 8)
}

fn association(f: &mut Formatter<'_>, a: &WrittenAssociation) -> fmt::Result {
    let (direction, protocol, mode) =
        (a.direction.name(), protocol_name(a.protocol), mode_name(a.mode));
    let (name, spi, destination) = (quoted(&a.name), quoted(&a.spi), quoted(&a.destination));
    writeln!(f, "  - {name}({direction}, {spi}, {destination}, {protocol}, {mode}):")?;
    let mut text = Pieces::new("    ");
    text.condition(&a.selectors);
    text.fill(f, 4)
}

fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Esp => "ESP",
        Protocol::Ah => "AH",
    }
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Any => "ANY",
        Mode::Transport => "TRANSPORT",
        Mode::Tunnel => "TUNNEL",
    }
}

/// A word, in quotes where it needs them.
fn quoted(word: &Word) -> String {
    if is_plain(&word.text) { word.text.clone() } else { format!("\"{}\"", word.text) }
}

/// Text that may be broken into lines between its pieces.
struct Pieces(Vec<String>);

impl Pieces {
    fn new(first: &str) -> Self {
        Self(vec![first.to_owned()])
    }

    fn push(&mut self, text: &str) {
        if let Some(last) = self.0.last_mut() {
            last.push_str(text);
        }
    }

    fn next(&mut self) {
        self.0.push(String::new());
    }

    fn condition(&mut self, condition: &Condition<WrittenSelector>) {
        match condition {
            Condition::Any(parts) => self.chain(parts, " |", 1),
            Condition::All(parts) => self.chain(parts, " &", 2),
            Condition::Not(part) => {
                self.push("not ");
                self.inner(part, 3);
            }
            Condition::Is(s) => self.push(&format!("{} {}", s.field.phrase(), quoted(&s.value))),
        }
    }

    fn chain(&mut self, parts: &[Condition<WrittenSelector>], mark: &str, above: u8) {
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.push(mark);
                self.next();
            }
            self.inner(part, above);
        }
    }

    /// In parentheses, unless it binds more tightly than what is around it.
    fn inner(&mut self, part: &Condition<WrittenSelector>, above: u8) {
        let binds = match part {
            Condition::Any(_) => 1,
            Condition::All(_) => 2,
            Condition::Not(_) | Condition::Is(_) => 4,
        };
        if binds > above {
            self.condition(part);
        } else {
            self.push("(");
            self.condition(part);
            self.push(")");
        }
    }

    fn action(&mut self, action: &WrittenAction) {
        match action {
            WrittenAction::Use(name) => self.push(&format!("USE {}", quoted(name))),
            WrittenAction::Create(pattern) => self.pattern(pattern),
            WrittenAction::Bypass => self.push("BYPASS"),
            WrittenAction::Discard => self.push("DISCARD"),
        }
    }

    fn pattern(&mut self, pattern: &WrittenPattern) {
        let (protocol, mode) = (protocol_name(pattern.protocol), mode_name(pattern.mode));
        self.push(&format!("CREATE {protocol} {mode} SA"));
        let terms = [
            ("gateway", &pattern.gateway),
            ("local phase 1 identity", &pattern.local_identity),
            ("peer phase 1 identity", &pattern.peer_identity),
        ];
        let mut mark = ":";
        for (term, value) in terms {
            if let Some(value) = value {
                self.push(mark);
                self.next();
                self.push(&format!("{term} = {}", quoted(value)));
                mark = " &";
            }
        }
    }

    /// Writes the pieces; lines after the first begin behind so many columns.
    fn fill(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        let mut column = 0;
        for (i, piece) in self.0.iter().enumerate() {
            let length = piece.chars().count();
            if i > 0 && column + 1 + length > WIDTH {
                write!(f, "\n{:indent$}", "")?;
                column = indent;
            } else if i > 0 {
                f.write_str(" ")?;
                column += 1;
            }
            f.write_str(piece)?;
            column += length;
        }
        writeln!(f)
    }
}
