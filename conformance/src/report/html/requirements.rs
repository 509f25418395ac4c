//! The table of requirements.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mip6_dissect::rules::{GROUPS, Req};

use crate::report::markup::Text;
use crate::run::verdict::{Outcome, Verdict};

/// Cases by requirement.
#[derive(Debug, Default)]
pub(super) struct Requirements {
    known: BTreeMap<Req, Vec<Entry>>,
    /// Names that no requirement has.
    unknown: BTreeMap<String, Vec<Entry>>,
}

/// A case of a requirement.
#[derive(Debug)]
struct Entry {
    number: u64,
    case: String,
    verdict: Verdict,
}

impl Requirements {
    /// Takes in a case, the `number`-th of the run.
    pub(super) fn add(&mut self, number: u64, o: &Outcome) {
        for id in &o.requirements {
            let entries = match Req::find(id) {
                Some(r) => self.known.entry(r).or_default(),
                None => self.unknown.entry(id.clone()).or_default(),
            };
            entries.push(Entry { number, case: o.case.clone(), verdict: o.verdict });
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.known.len() + self.unknown.len()
    }

    /// Writes the table, group by group in the order of the registry.
    pub(super) fn write(&self, page: &mut String) {
        if self.len() == 0 {
            return;
        }
        page.push_str("<section id=\"requirements\">\n<h2>Requirements</h2>\n");
        for (group, heading) in GROUPS {
            let of = || self.known.iter().filter(|(r, _)| r.get().group() == *group);
            if of().next().is_none() {
                continue;
            }
            head(page, &format!("{group} {heading}"), of().map(|(_, entries)| entries));
            for (r, entries) in of() {
                let r = r.get();
                row(page, r.id, r.level.words(), r.source, r.text, entries);
            }
            page.push_str("</tbody></table>\n</details>\n");
        }
        if !self.unknown.is_empty() {
            head(page, "Not in the registry", self.unknown.values());
            for (id, entries) in &self.unknown {
                row(page, id, "", "", "", entries);
            }
            page.push_str("</tbody></table>\n</details>\n");
        }
        page.push_str("</section>\n");
    }
}

fn head<'e>(page: &mut String, heading: &str, entries: impl Iterator<Item = &'e Vec<Entry>>) {
    let verdicts: Vec<Verdict> = entries.map(|e| worst(e)).collect();
    // Writing to a String cannot fail.
    let _ = write!(page, "<details open>\n<summary><h3>{}</h3>", Text(heading));
    for v in Verdict::ALL {
        let n = verdicts.iter().filter(|w| **w == v).count();
        if n > 0 {
            let name = v.name();
            let _ = write!(page, " <span class=\"verdict {name}\">{n} {name}</span>");
        }
    }
    page.push_str(
        "</summary>\n<table class=\"requirements\"><thead><tr><th>verdict</th><th>requirement</th>\
         <th>level</th><th>source</th><th>says</th><th>cases</th></tr></thead><tbody>\n",
    );
}

fn row(page: &mut String, id: &str, level: &str, source: &str, says: &str, entries: &[Entry]) {
    let verdict = worst(entries).name();
    let (id, source, says) = (Text(id), Text(source), Text(says));
    let _ = write!(
        page,
        "<tr><td><span class=\"verdict {verdict}\">{verdict}</span></td><td><code>{id}</code></td>\
         <td>{level}</td><td>{source}</td><td>{says}</td><td><ul>"
    );
    for e in entries {
        let (number, case, verdict) = (e.number, Text(&e.case), e.verdict.name());
        let _ = write!(
            page,
            "<li><a class=\"{verdict}\" href=\"#case-{number}\" title=\"{verdict}\">{case}</a></li>"
        );
    }
    page.push_str("</ul></td></tr>\n");
}

/// What cases together say of a requirement.
fn worst(entries: &[Entry]) -> Verdict {
    let order = [Verdict::Fail, Verdict::Error, Verdict::Inconclusive, Verdict::Pass];
    order.into_iter().find(|v| entries.iter().any(|e| e.verdict == *v)).unwrap_or(Verdict::Skip)
}
