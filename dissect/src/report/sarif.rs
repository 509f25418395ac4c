//! SARIF 2.1.0, written as findings are made.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::json;

use super::{Found, Report};
use crate::check::{FileOutcome, Totals};
use crate::rules::{Level, Req};

/// Writes SARIF.
#[derive(Debug)]
pub struct Sarif<W> {
    out: W,
    rules: BTreeSet<Req>,
    first: bool,
}

const HEAD: &str = concat!(
    r#"{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","#,
    r#""runs":[{"columnKind":"unicodeCodePoints","results":["#
);

fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::May => "note",
    }
}

impl<W: Write> Sarif<W> {
    /// To `out`.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(HEAD.as_bytes())?;
        Ok(Self { out, rules: BTreeSet::new(), first: true })
    }
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(char::from(b));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

impl<W: Write> Report for Sarif<W> {
    fn finding(&mut self, f: &Found<'_>) -> io::Result<()> {
        let r = f.finding.requirement;
        self.rules.insert(r);
        let suppressions = if f.known {
            json!([{"kind": "external", "justification": "known to the baseline"}])
        } else {
            json!([])
        };
        let field = f.finding.field.map(|f| f.id);
        let result = json!({
            "ruleId": r.get().id,
            "level": level(f.finding.level),
            "message": {"text": format!("frame {}: {}", f.frame, f.finding.message())},
            "locations": [{
                "physicalLocation": {"artifactLocation": {"uri": uri(f.file)}},
                "logicalLocations": [{
                    "name": format!("frame {}", f.frame),
                    "fullyQualifiedName": format!("frame {}/{}", f.frame, f.finding.proto.id()),
                    "kind": "object",
                }],
            }],
            "properties": {
                "frame": f.frame,
                "offset": f.finding.offset,
                "field": field,
                "found": f.finding.found,
                "wanted": f.finding.wanted,
            },
            "suppressions": suppressions,
        });
        if !self.first {
            self.out.write_all(b",")?;
        }
        self.first = false;
        serde_json::to_writer(&mut self.out, &result)?;
        Ok(())
    }

    fn file(&mut self, _: &FileOutcome) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, outcomes: &[FileOutcome], _: &Totals) -> io::Result<()> {
        let rules: Vec<_> = self
            .rules
            .iter()
            .map(|r| {
                let r = r.get();
                json!({
                    "id": r.id,
                    "shortDescription": {"text": r.text},
                    "help": {"text": format!("{} {}", r.level.words(), r.source)},
                    "defaultConfiguration": {"level": level(r.level.severity())},
                })
            })
            .collect();
        let notifications: Vec<_> = outcomes
            .iter()
            .filter_map(|o| {
                Some(json!({
                    "level": "error",
                    "message": {"text": o.trouble()?},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&o.file)}}}],
                }))
            })
            .collect();
        let tool = json!({"driver": {
            "name": "mip6",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }});
        let invocation = json!([{
            "executionSuccessful": notifications.is_empty(),
            "toolExecutionNotifications": notifications,
        }]);
        write!(self.out, r#"],"tool":{tool},"invocations":{invocation}}}]}}"#)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}
