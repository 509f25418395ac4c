//! Asking a packet.

use std::cmp::Ordering;

use super::parser::{Expr, Function, Member, Operand, Relation, Right, Slice, Source};
use super::value::{Datum, Literal};
use crate::fields::Found;
use crate::packet::Packet;

pub(super) fn matches(e: &Expr, packet: &Packet<'_>, found: &[Found<'_>]) -> bool {
    let ask = |e: &Expr| matches(e, packet, found);
    match e {
        Expr::And(a, b) => ask(a) && ask(b),
        Expr::Or(a, b) => ask(a) || ask(b),
        Expr::Xor(a, b) => ask(a) != ask(b),
        Expr::Not(a) => !ask(a),
        Expr::Present(o) => present(o, packet, found),
        Expr::Compare { left, relation, every, right } => match right {
            Right::Literal(l) => test(left, *every, packet, found, |d| {
                l.compare(d).is_some_and(|o| holds(*relation, o))
            }),
            Right::Operand(o) => {
                let mut others = Vec::new();
                values(o, packet, found, &mut |d| {
                    others.push(owned(d));
                    true
                });
                test(left, *every, packet, found, |d| {
                    let holds_with =
                        |other: &Datum<'_>| order(d, other).is_some_and(|o| holds(*relation, o));
                    if *every {
                        others.iter().all(holds_with)
                    } else {
                        others.iter().any(holds_with)
                    }
                }) && !others.is_empty()
            }
        },
        Expr::In { left, every, set } => test(left, *every, packet, found, |d| {
            set.iter().any(|m| match m {
                Member::One(l) => l.compare(d) == Some(Ordering::Equal),
                Member::Range(low, high) => {
                    matches!(low.compare(d), Some(Ordering::Greater | Ordering::Equal))
                        && matches!(high.compare(d), Some(Ordering::Less | Ordering::Equal))
                }
            })
        }),
        Expr::Contains { left, every, right } => test(left, *every, packet, found, |d| {
            let octets = d.octets();
            right.is_empty() || octets.windows(right.len()).any(|w| w == right)
        }),
        Expr::Matches { left, every, right } => {
            test(left, *every, packet, found, |d| match right {
                Literal::Regex(r) => r.is_match(d.octets()),
                _ => false,
            })
        }
    }
}

fn holds(r: Relation, o: Ordering) -> bool {
    match r {
        Relation::Equal => o == Ordering::Equal,
        Relation::NotEqual => o != Ordering::Equal,
        Relation::Less => o == Ordering::Less,
        Relation::LessOrEqual => o != Ordering::Greater,
        Relation::Greater => o == Ordering::Greater,
        Relation::GreaterOrEqual => o != Ordering::Less,
    }
}

fn order(a: &Datum<'_>, b: &Datum<'_>) -> Option<Ordering> {
    match (a, b) {
        (Datum::Number(a), Datum::Number(b)) => Some(a.cmp(b)),
        (Datum::Octets(a), Datum::Octets(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn owned(d: &Datum<'_>) -> Datum<'static> {
    match d {
        Datum::Number(n) => Datum::Number(*n),
        Datum::Octets(o) => Datum::Octets(o.to_vec().into()),
    }
}

/// Whether any value (or every one, if there is one) passes.
fn test(
    o: &Operand,
    every: bool,
    packet: &Packet<'_>,
    found: &[Found<'_>],
    pass: impl Fn(&Datum<'_>) -> bool,
) -> bool {
    let (mut any, mut all, mut one) = (false, true, false);
    values(o, packet, found, &mut |d| {
        one = true;
        let ok = pass(d);
        any |= ok;
        all &= ok;
        // Go on until the answer cannot change.
        if every { all } else { !any }
    });
    if every { one && all } else { any }
}

fn present(o: &Operand, packet: &Packet<'_>, found: &[Found<'_>]) -> bool {
    if o.slices.is_empty() && o.mask.is_none() {
        return match o.source {
            Source::Field(slot) => found.iter().any(|f| f.slot == slot),
            Source::Proto(p) => packet.layers.iter().any(|l| l.proto == p),
            Source::Frame => true,
        };
    }
    test(o, false, packet, found, |d| match d {
        Datum::Number(n) => *n != 0,
        Datum::Octets(o) => !o.is_empty(),
    })
}

/// Gives every value of an operand to `take` until it says no.
fn values(
    o: &Operand,
    packet: &Packet<'_>,
    found: &[Found<'_>],
    take: &mut dyn FnMut(&Datum<'_>) -> bool,
) {
    let mut count = 0;
    let mut one = |raw: &[u8], datum: Option<Datum<'_>>| {
        let datum = match (o.slices.is_empty(), datum) {
            (true, Some(d)) => d,
            (true, None) => Datum::Octets(raw.into()),
            (false, _) => match slice(&o.slices, raw) {
                Some(octets) => Datum::Octets(octets.into()),
                // What is not there cannot be compared.
                None => return true,
            },
        };
        count += 1;
        match o.function {
            Some(Function::Count) => true,
            Some(Function::Len) => {
                let n = match &datum {
                    Datum::Octets(o) => o.len(),
                    Datum::Number(_) => raw.len(),
                };
                take(&Datum::Number(n as i128))
            }
            Some(Function::Lower) => {
                take(&Datum::Octets(datum.octets().to_ascii_lowercase().into()))
            }
            Some(Function::Upper) => {
                take(&Datum::Octets(datum.octets().to_ascii_uppercase().into()))
            }
            None => match (datum, o.mask) {
                (Datum::Number(n), Some(mask)) => take(&Datum::Number(n & mask)),
                (d, _) => take(&d),
            },
        }
    };
    match o.source {
        Source::Field(slot) => {
            for f in found.iter().filter(|f| f.slot == slot) {
                if !one(f.raw, Some(Datum::from_value(&f.value, f.raw))) {
                    return;
                }
            }
        }
        Source::Proto(p) => {
            for layer in packet.layers.iter().filter(|l| l.proto == p) {
                if !one(packet.octets(layer), None) {
                    return;
                }
            }
        }
        Source::Frame => {
            one(packet.frame.data, None);
        }
    }
    if o.function == Some(Function::Count) {
        take(&Datum::Number(count));
    }
}

/// The parts of `raw` one after the other; `None` if one is not there.
fn slice(slices: &[Slice], raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for s in slices {
        let start = if s.offset < 0 {
            raw.len().saturating_sub(s.offset.unsigned_abs() as usize)
        } else {
            s.offset as usize
        };
        let end = s.len.map_or(raw.len(), |l| start.saturating_add(l));
        out.extend_from_slice(raw.get(start..end)?);
    }
    Some(out)
}
