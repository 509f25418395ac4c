//! Mobility options, RFC 6275 6.2.

use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::layout::{Stop, Why};
use mip6_wire::mobility::options::{OptionRef, alignment, fields as field};
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

use super::is_base;
use crate::rules::Level;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    if h.options.is_empty() {
        return;
    }
    let fixed = h.fixed;
    let mut walk =
        List { fixed, before: None, ones: 0, authenticated: None, seen: Seen::default() };
    for o in h.list() {
        walk.option(j, h, &o);
    }
    if let Some(stop) = &h.stop {
        return overrun(j, fixed, walk.before.is_none(), stop);
    }
    j.holds(MIP6_MH_010, true, |d| d);
    j.holds(MIP6_OPT_001, true, |d| d);
    j.holds(MIP6_OPT_004, true, |d| d);
    walk.end(j, h);
}

/// The list does not end where the header does.
fn overrun(j: &mut Judge<'_, '_>, fixed: usize, first: bool, stop: &Stop) {
    let (need, have) = match stop.why {
        Why::Overrun { need, have } | Why::Short { need, have } | Why::Cut { need, have } => {
            (need, have)
        }
        Why::Invalid(_) => (0, 0),
    };
    let at = fixed + stop.at;
    if matches!(stop.why, Why::Short { .. }) {
        // A type octet at the very end, without room for its length.
        return j.holds(MIP6_OPT_001, false, |d| {
            d.at(at)
                .found("an option type in the last octet")
                .wanted("options that fill the header")
        });
    }
    // What follows the fixed part is no option at all, or one of the options
    // is too long.
    let r = if first { MIP6_MH_010 } else { MIP6_OPT_004 };
    j.holds(r, false, |d| {
        d.field(&field::OPTION_LEN, at + 1)
            .found(format!(
                "{} (the option would end {} octets after the header)",
                need - 2,
                need - have
            ))
            .wanted(format!("at most {}", have.saturating_sub(2)))
    });
}

#[derive(Default)]
struct Seen {
    nonces: Option<usize>,
    refresh: Option<(usize, u16)>,
}

struct List {
    fixed: usize,
    before: Option<OptionFormat>,
    /// Pad1 options in a row.
    ones: usize,
    /// Where Binding Authorization Data began.
    authenticated: Option<usize>,
    seen: Seen,
}

impl List {
    fn option(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>, o: &OptionRef<'_>) {
        let at = self.fixed + o.offset;
        let padding = matches!(o.format, OptionFormat::Pad1 | OptionFormat::PadN);
        if let Some(auth) = self.authenticated {
            let r = if padding { MIP6_OPT_003 } else { MIP6_OPT_002 };
            j.holds(r, false, |d| {
                d.at(at)
                    .found(format!("{} behind the authenticator at {auth}", o.format.title()))
                    .wanted("Binding Authorization Data last, without padding behind")
            });
        }
        if let Some((n, m)) = alignment(o.format, o.data.len()) {
            j.holds(MIP6_OPT_006, at % n == m, |d| {
                d.at(at)
                    .found(format!("{} option at offset {at}", o.format.title()))
                    .wanted(format!("an offset of {n}n+{m}"))
            });
        }
        match o.format {
            OptionFormat::Pad1 => {
                // One finding for a row of them. The figure of a Key Exchange
                // Acknowledgement has zeros behind its options.
                self.ones += 1;
                let drawn = h.format() == MhFormat::KeyExchangeAcknowledgement;
                if self.ones <= 2 && !drawn {
                    j.holds(MIP6_OPT_007, self.ones < 2, |d| {
                        d.at(at).level(Level::May).found("a second Pad1").wanted("one PadN")
                    });
                }
            }
            OptionFormat::PadN => {
                j.holds(MIP6_OPT_009, o.data.iter().all(|b| *b == 0), |d| {
                    d.field(&field::PADN, at + 2)
                        .found(mip6_wire::layout::Value::Bytes(o.data))
                        .wanted("zeros")
                });
            }
            _ if is_base(h.format()) => self.base(j, h, o, at),
            _ => {}
        }
        if o.format != OptionFormat::Pad1 {
            self.ones = 0;
        }
        self.before = Some(o.format);
    }

    /// Options of RFC 6275 in messages of RFC 6275.
    fn base(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>, o: &OptionRef<'_>, at: usize) {
        let update = matches!(h.message, Message::BindingUpdate { .. });
        let ack = matches!(h.message, Message::BindingAcknowledgement { .. });
        let title = h.format().title();
        match o.format {
            OptionFormat::BindingRefreshAdvice => {
                j.holds(MIP6_OPT_011, ack, |d| {
                    d.at(at)
                        .found(format!("Binding Refresh Advice in a {title}"))
                        .wanted("only in a home agent's Binding Acknowledgement")
                });
                if let OptionBody::BindingRefreshAdvice { interval } = o.body() {
                    self.seen.refresh = Some((at, interval));
                }
            }
            // In an acknowledgement both are judged as MIP6-MSG-028.
            OptionFormat::AlternateCareof if !ack => {
                j.holds(MIP6_OPT_013, update, |d| {
                    d.at(at)
                        .found(format!("Alternate Care-of Address in a {title}"))
                        .wanted("only in a Binding Update")
                });
            }
            OptionFormat::NonceIndices if !ack => {
                j.holds(MIP6_OPT_015, update, |d| {
                    d.at(at)
                        .found(format!("Nonce Indices in a {title}"))
                        .wanted("only in a Binding Update to a correspondent")
                });
                self.seen.nonces = Some(at);
            }
            OptionFormat::BindingAuthorization => {
                self.authenticated = Some(at);
                j.holds(MIP6_OPT_017, update || ack, |d| {
                    d.at(at)
                        .found(format!("Binding Authorization Data in a {title}"))
                        .wanted("only in a Binding Update or Binding Acknowledgement")
                });
                let len = o.data.len();
                j.holds(MIP6_OPT_017, len == 12, |d| {
                    d.field(&field::OPTION_LEN, at + 1).found(len).wanted("12")
                });
            }
            _ => {}
        }
    }

    fn end(&self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        if self.authenticated.is_some() {
            j.holds(MIP6_OPT_002, true, |d| d);
            j.holds(MIP6_OPT_003, true, |d| d);
        }
        if let (Some(at), Message::BindingUpdate { flags, .. }) = (self.seen.nonces, &h.message) {
            let home = flags.contains(UpdateFlags::H);
            j.holds(MIP6_OPT_015, !home && self.authenticated.is_some(), |d| {
                d.at(at)
                    .found(if home {
                        "Nonce Indices in a home registration"
                    } else {
                        "Nonce Indices without Binding Authorization Data"
                    })
                    .wanted("both, and only towards a correspondent")
            });
        }
        let Message::BindingAcknowledgement { status, lifetime, .. } = h.message else { return };
        if let Some((at, interval)) = self.seen.refresh {
            if self.authenticated.is_some() {
                j.holds(MIP6_OPT_011, false, |d| {
                    d.at(at)
                        .found("Binding Refresh Advice beside an authenticator")
                        .wanted("only in answer to a home registration")
                });
            }
            if status < 128 {
                j.holds(MIP6_OPT_012, interval < lifetime, |d| {
                    d.field(&field::REFRESH_INTERVAL, at + 2)
                        .found(interval)
                        .wanted(format!("less than the lifetime of {lifetime}"))
                });
            }
        }
    }
}
