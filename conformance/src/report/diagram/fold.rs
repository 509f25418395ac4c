//! Folding what is of no interest.

use std::collections::BTreeSet;

use super::{Folded, Packet, Row};
use crate::report::evidence::{Evidence, Noise};

/// A diagram with more rows than this shows its beginning, its end, and what is
/// near to notes.
const MANY: usize = 400;
/// Rows at the beginning and at the end that are shown of a long diagram.
const ENDS: usize = 100;
/// Rows before and after a note that are shown of a long diagram.
const NEAR: usize = 5;

/// A run of neighbour discovery and of multicast listener discovery.
const BOTH: &str = "of neighbour and multicast listener discovery";

/// Folds runs of noise, then what is too much. Frames in `kept` are not noise.
pub(super) fn fold(rows: Vec<Row>, evidence: &Evidence, kept: &BTreeSet<u64>) -> Vec<Row> {
    let what = |row: &Row| match row {
        Row::Packet(p) => noise(p, evidence, kept),
        _ => None,
    };
    let rows = runs(rows, |_, row| what(row));
    if rows.len() <= MANY {
        return rows;
    }
    let noted = |row: &Row| match row {
        Row::Packet(p) => !p.notes.is_empty() || p.hops.iter().any(|h| kept.contains(&h.frame)),
        Row::Step(s) => !s.held,
        Row::Folded(_) => false,
    };
    let last = rows.len() - ENDS;
    let shown: Vec<bool> = (0..rows.len())
        .map(|i| {
            let near = &rows[i.saturating_sub(NEAR)..(i + NEAR + 1).min(rows.len())];
            i < ENDS || i >= last || near.iter().any(noted)
        })
        .collect();
    runs(rows, |i, row| match row {
        Row::Packet(_) | Row::Folded(_) if !shown[i] => Some("not shown"),
        _ => None,
    })
}

/// Puts neighbouring rows, at least two, that `what` has a word for into one; of two
/// words it can only be noise.
fn runs(rows: Vec<Row>, what: impl Fn(usize, &Row) -> Option<&'static str>) -> Vec<Row> {
    let mut out = Vec::with_capacity(rows.len());
    let mut run: Vec<Row> = Vec::new();
    let mut word = None;
    for (i, row) in rows.into_iter().enumerate() {
        let of = what(i, &row);
        if of.is_none() {
            end(&mut out, &mut run, word);
            out.push(row);
        } else {
            run.push(row);
        }
        word = if run.len() > 1 && of != word { Some(BOTH) } else { of };
    }
    end(&mut out, &mut run, word);
    out
}

fn end(out: &mut Vec<Row>, run: &mut Vec<Row>, word: Option<&'static str>) {
    let at = run.first().and_then(|row| match row {
        Row::Packet(p) => Some(p.at()),
        Row::Folded(f) => Some(f.at),
        Row::Step(_) => None,
    });
    match (at, word) {
        (Some(at), Some(what)) if run.len() > 1 => {
            let mut frames: Vec<u64> = run.drain(..).flat_map(numbers).collect();
            frames.sort_unstable();
            out.push(Row::Folded(Folded { at, frames, what }));
        }
        _ => out.append(run),
    }
}

fn numbers(row: Row) -> Vec<u64> {
    match row {
        Row::Packet(p) => p.hops.iter().map(|h| h.frame).collect(),
        Row::Folded(f) => f.frames,
        Row::Step(_) => Vec::new(),
    }
}

fn noise(p: &Packet, evidence: &Evidence, kept: &BTreeSet<u64>) -> Option<&'static str> {
    let hop = p.hops.first()?;
    let plain = p.notes.is_empty() && !hop.lost && !kept.contains(&hop.frame);
    match evidence.frame(hop.frame)?.noise.filter(|_| plain)? {
        Noise::Neighbors => Some("of neighbour discovery"),
        Noise::Listeners => Some("of multicast listener discovery"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Instant;

    #[test]
    fn noise_of_both_kinds_is_one_run() {
        let row = |n: u64, what: &'static str| {
            Row::Folded(Folded { at: Instant::from_micros(n), frames: vec![n], what })
        };
        let rows =
            vec![row(1, "a"), row(2, "b"), row(3, "a"), row(4, ""), row(5, "b"), row(6, "b")];
        let word = |row: &Row| match row {
            Row::Folded(f) => Some(f.what).filter(|what| !what.is_empty()),
            _ => None,
        };
        let folded = runs(rows, |_, row| word(row));
        let shown: Vec<(Vec<u64>, &str)> = folded
            .into_iter()
            .filter_map(|row| match row {
                Row::Folded(f) => Some((f.frames, f.what)),
                _ => None,
            })
            .collect();
        assert_eq!(shown, [(vec![1, 2, 3], BOTH), (vec![4], ""), (vec![5, 6], "b")]);
    }
}
