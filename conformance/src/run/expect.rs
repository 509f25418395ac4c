//! Steps that wait for packets and judge them.

use std::time::Duration;

use mip6_security::mobility::local::Reading;

use super::engine::{Engine, Failure, WINDOW, Wanted};
use super::tell;
use crate::case::At;
use crate::case::step::{Count, Expect, Repeat, Silence, State};
use crate::case::values::Map;

impl Engine<'_> {
    fn wanted<'s>(
        &self,
        from: Option<&At<String>>,
        on: Option<&At<String>>,
        fields: &'s crate::case::step::Fields,
    ) -> Result<Wanted<'s>, Failure> {
        let from = from.map_or(Ok(self.under_test), |n| self.node(&n.value))?;
        let on = on.map(|l| self.link(&l.value)).transpose()?;
        Ok(Wanted { from, on, fields })
    }

    /// A packet must come.
    pub(super) fn expect(&mut self, s: &Expect) -> Result<(), Failure> {
        let wanted = self.wanted(s.from.as_ref(), s.on.as_ref(), &s.fields)?;
        let mut window = s.within.map_or(WINDOW, |p| p.0) + self.tolerance;
        let mut bounds = None;
        if let Some(after) = &s.after {
            let Some(from) = self.named.get(&after.packet.value).copied() else {
                return Err(Failure::undone(
                    format!("a packet called {}", after.packet.value),
                    "none has come",
                ));
            };
            let began = self.lab.network.sent()[from].at;
            let (least, most) = after.between.value;
            let (least, most) = (began + least.0 - self.tolerance, began + most.0 + self.tolerance);
            window = most.since(self.lab.now());
            bounds = Some((least, most, began));
        }
        let since = self.since;
        let until = self.lab.now() + window;
        let Some(found) = self.wait_for(wanted, until, since)? else {
            // Unless another reading was chosen.
            let readings = self.lab.plan.nodes[wanted.from].readings;
            let tolerated = reading_of(s.tolerates.as_ref());
            let tolerated =
                tolerated.filter(|r| readings.said(r.passage()).is_none_or(|said| said == *r));
            let expected = tell::expect(s);
            // What is excused is silence, not another answer.
            if let Some(reading) = tolerated.filter(|_| self.nearest(wanted, since).is_none()) {
                if self.lost() > 0 {
                    let observed = format!("the links lost {} frames", self.lost());
                    return Err(Failure::undone(expected, observed));
                }
                self.notes.push(format!("{expected}: nothing of the kind, which is {reading}"));
                return Ok(());
            }
            let observed = self.describe_nearest(wanted, since);
            return Err(self.failed(Failure::new(expected, observed)));
        };
        if let Some((least, most, began)) = bounds {
            let at = self.lab.network.sent()[found].at;
            if at < least || at > most {
                self.mark(found, "came at the wrong time", true);
                let took = at.since(began);
                let observed = format!("it came after {:.3} s", took.as_secs_f64());
                return Err(self.failed(Failure::new(tell::expect(s), observed)));
            }
        }
        self.take_frame(found, tell::expect(s), &s.save, s.name.as_ref())
    }

    /// An expectation has been met by a frame.
    fn take_frame(
        &mut self,
        found: usize,
        comment: String,
        save: &Map<At<String>>,
        name: Option<&At<String>>,
    ) -> Result<(), Failure> {
        self.taken.push(found);
        self.mark(found, comment, false);
        for (as_name, field) in save.iter() {
            let value = self.observer.frame(found).and_then(|f| f.value(&field.value));
            let Some(value) = value else {
                return Err(Failure::new(format!("{} to be there", field.value), "it is not"));
            };
            self.saved.insert(as_name.to_owned(), value);
        }
        if let Some(name) = name {
            self.named.insert(name.value.clone(), found);
        }
        Ok(())
    }

    fn describe_nearest(&mut self, wanted: Wanted<'_>, since: usize) -> String {
        match self.nearest(wanted, since) {
            Some((frame, differs)) => {
                self.mark(frame, format!("came nearest: {differs}"), true);
                format!("nothing of the kind; nearest is frame {}, where {differs}", frame + 1)
            }
            None => "nothing of the kind".to_owned(),
        }
    }

    /// No such packet may come.
    pub(super) fn silence(&mut self, s: &Silence) -> Result<(), Failure> {
        let wanted = self.wanted(s.from.as_ref(), s.on.as_ref(), &s.fields)?;
        let until = self.lab.now() + s.period.0;
        let since = self.since;
        if let Some(found) = self.wait_for(wanted, until, since)? {
            self.mark(found, "must not come", true);
            let at = self.lab.network.sent()[found].at;
            let observed = format!("frame {} came at {at}", found + 1);
            let readings = self.lab.plan.nodes[wanted.from].readings;
            if let Some(reading) = reading_of(s.tolerates.as_ref()).filter(|r| readings.has(*r)) {
                let observed = format!("{observed}, which is {reading}");
                return Err(Failure::undone(tell::silence(s), observed));
            }
            return Err(self.failed(Failure::new(tell::silence(s), observed)));
        }
        // Nothing came; if what was to bring it about was lost, that says nothing.
        match self.lost() {
            0 => Ok(()),
            n => Err(Failure::undone(tell::silence(s), format!("the links lost {n} frames"))),
        }
    }

    /// So many packets must come.
    pub(super) fn count(&mut self, s: &Count) -> Result<(), Failure> {
        let wanted = self.wanted(s.from.as_ref(), s.on.as_ref(), &s.fields)?;
        self.pass(s.period.0);
        let mut at = self.since;
        let mut n = 0;
        while let Some(found) = self.search(wanted, &mut at)? {
            n += 1;
            self.mark(found, format!("number {n}"), false);
        }
        let right = s.exactly.is_none_or(|x| n == x)
            && s.at_least.is_none_or(|x| n >= x)
            && s.at_most.is_none_or(|x| n <= x);
        if right {
            Ok(())
        } else {
            Err(self.failed(Failure::new(tell::count(s), format!("{n} came"))))
        }
    }

    /// A packet must be repeated at growing intervals.
    pub(super) fn repeat(&mut self, s: &Repeat) -> Result<(), Failure> {
        let wanted = self.wanted(s.from.as_ref(), s.on.as_ref(), &s.fields)?;
        let tolerance = self.tolerance;
        let slack = |d: Duration| {
            let share = s.tolerance.map_or(Duration::ZERO, |p| p.of(d));
            // The clock of the trace counts microseconds.
            share.max(Duration::from_millis(1)) + tolerance
        };
        let factor = s.factor.as_ref().map_or(1, |f| f.value);
        let most = s.at_most.as_ref().map_or(Duration::MAX, |p| p.value.0);
        let mut interval = s.first.0;
        let mut last: Option<usize> = None;
        for n in 1..=s.times.value {
            let (window, since): (Duration, usize) = match last {
                None => (s.within.map_or(WINDOW, |p| p.0) + tolerance, self.since),
                Some(previous) => {
                    let due = self.lab.network.sent()[previous].at + interval + slack(interval);
                    (due.since(self.lab.now()), previous + 1)
                }
            };
            let until = self.lab.now() + window;
            let Some(found) = self.wait_for(wanted, until, since)? else {
                let expected = format!("{}, number {n}", tell::repeat(s));
                let observed = self.describe_nearest(wanted, since);
                return Err(self.failed(Failure::new(expected, observed)));
            };
            if let Some(previous) = last {
                let sent = self.lab.network.sent();
                let took = sent[found].at.since(sent[previous].at);
                if took + slack(interval) < interval {
                    self.mark(found, "came too early", true);
                    let observed = format!(
                        "number {n} came {:.3} s after the one before, {:.3} s are due",
                        took.as_secs_f64(),
                        interval.as_secs_f64()
                    );
                    return Err(self.failed(Failure::new(tell::repeat(s), observed)));
                }
                interval = (interval * factor).min(most);
            }
            self.taken.push(found);
            self.mark(found, format!("number {n}"), false);
            last = Some(found);
        }
        match last {
            Some(found) => self.take_frame(found, tell::repeat(s), &s.save, s.name.as_ref()),
            None => Ok(()),
        }
    }

    /// What a node says of itself.
    pub(super) fn state(&mut self, s: &State) -> Result<(), Failure> {
        let node = s.node.as_ref().map_or(Ok(self.under_test), |n| self.node(&n.value))?;
        let said = self.lab.network.state(crate::network::NodeId(node));
        if said.is_empty() {
            return Err(Failure::undone(tell::state(s), "the node says nothing of itself"));
        }
        let get = |name: &str| said.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        if let Some(wanted) = s.bindings {
            let have = get("bindings").unwrap_or("unknown");
            if have != wanted.to_string() {
                return Err(Failure::new(tell::state(s), format!("bindings: {have}")));
            }
        }
        for (name, predicate) in s.fields.iter() {
            let value = get(name);
            let occurrences: Vec<mip6_inject::Occurrence<'_>> = value
                .into_iter()
                .map(|v| mip6_inject::Occurrence::derived(tell::value_of(v)))
                .collect();
            let holds = predicate
                .value
                .holds(&occurrences, &self.names())
                .map_err(|e| Failure::undone(tell::state(s), e.to_string()))?;
            if !holds {
                let have = value.unwrap_or("absent");
                return Err(Failure::new(tell::state(s), format!("{name}: {have}")));
            }
        }
        Ok(())
    }
}

/// The reading that a step tolerates.
fn reading_of(tolerates: Option<&At<String>>) -> Option<Reading> {
    tolerates.and_then(|name| Reading::named(&name.value))
}
