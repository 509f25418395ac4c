//! Specs without what is computed anyway.

use super::Goal;
use crate::spec::{Body, HeaderSpec, OptionSpec, PacketSpec};

/// Takes out the settings that make no difference to the octets.
pub(super) fn reduce(spec: &mut PacketSpec, goal: &Goal<'_>) {
    let mut kept = 0;
    loop {
        let mut less = spec.clone();
        let mut left = kept;
        if !less.headers.iter_mut().any(|header| match header {
            HeaderSpec::Of(_, body) => remove(body, &mut left),
            HeaderSpec::Raw(_) => false,
        }) {
            return;
        }
        if goal.is_made_by(&less) {
            *spec = less;
        } else {
            kept += 1;
        }
    }
}

/// Removes a setting, after `left` others; false if there are not so many, which
/// `left` then is without these.
fn remove(body: &mut Body, left: &mut usize) -> bool {
    if *left < body.fields.len() {
        body.fields.remove(*left);
        return true;
    }
    *left -= body.fields.len();
    body.options.iter_mut().any(|option| match option {
        OptionSpec::Of(_, body) => remove(body, left),
        OptionSpec::Raw(_) | OptionSpec::Unknown { .. } => false,
    })
}
