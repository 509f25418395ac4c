//! Steps that leave the judgement to passive rules.

use std::collections::BTreeMap;

use mip6_dissect::rules::{Level, Req, Undecided};

use super::engine::{Engine, Failure};
use super::{evidence, tell};
use crate::case::step::Rules;
use crate::network::NodeId;

impl Engine<'_> {
    /// Rules find nothing against requirements in what a node has sent since the
    /// last stimulus.
    pub(super) fn rules(&mut self, s: &Rules) -> Result<(), Failure> {
        let from = s.from.as_ref().map_or(Ok(self.under_test), |n| self.node(&n.value))?;
        if let Some(period) = s.period {
            self.pass(period.0);
        }
        let wanted: Vec<Req> = s.hold.iter().filter_map(|id| Req::find(&id.value)).collect();
        let mut before = vec![0; wanted.len()];
        let mut judged = vec![0; wanted.len()];
        let mut found = None;
        let mut open = None;
        // How often each was left open by a reading, up to the last frame.
        let mut left = BTreeMap::new();
        let since = self.since;
        evidence::judge(&self.lab, |i, sender, verdicts| {
            for (n, requirement) in wanted.iter().enumerate() {
                let all = verdicts.applied(*requirement);
                if i >= since && sender == NodeId(from) {
                    judged[n] += all - before[n];
                }
                before[n] = all;
            }
            let asked = i >= since && sender == NodeId(from);
            for ((requirement, why), n) in verdicts.all_undecided() {
                if let (true, Undecided::Reading(r)) = (wanted.contains(&requirement), why) {
                    let last = left.insert((requirement.get().id, r.id()), n).unwrap_or(0);
                    if asked && n > last {
                        open = Some((requirement, r));
                    }
                }
            }
            if !asked {
                return;
            }
            let counts = |level| level != Level::May || s.strictly;
            let finding = verdicts
                .findings
                .iter()
                .find(|f| wanted.contains(&f.requirement) && counts(f.level));
            if let Some(finding) = finding
                && found.is_none()
            {
                let id = finding.requirement.get().id;
                found = Some((i, format!("{id}: {}", finding.message())));
            }
        });
        if let Some((frame, text)) = found {
            self.mark(frame, text.clone(), true);
            let observed = format!("frame {}: {text}", frame + 1);
            return Err(self.failed(Failure::new(tell::rules(s), observed)));
        }
        if let Some((requirement, reading)) = open {
            let observed = format!(
                "{} depends on how the draft is read: {reading}, or by the default {}; `readings` in \
                 the description of the node decides",
                requirement.get().id,
                reading.default_of().id()
            );
            return Err(Failure::undone(tell::rules(s), observed));
        }
        match judged.iter().position(|n| *n == 0) {
            None => Ok(()),
            Some(n) => {
                let observed = format!("nothing was sent that {} is about", wanted[n].get().id);
                Err(Failure::undone(tell::rules(s), observed))
            }
        }
    }
}
