//! Mobility options of RFC 4283, RFC 4285 and RFC 5026.

use mip6_wire::codes::OptionFormat;
use mip6_wire::layout::Value;
use mip6_wire::mobility::options::{OptionRef, fields as field};
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags};

use crate::rules::Level;
use crate::rules::id::*;
use crate::rules::judge::Judge;
use crate::rules::listed::Listed;

const MN_HA: u8 = 1;
const MN_AAA: u8 = 2;
/// Subtype of a Mobile Node Identifier, RFC 4283 3.1.
const NAI: u8 = 1;

pub(in crate::rules) fn judge(j: &mut Judge<'_, '_>, h: &Listed<'_>) {
    if !h.has_any(&[
        OptionFormat::Authentication,
        OptionFormat::ReplayProtection,
        OptionFormat::MobileNodeIdentifier,
        OptionFormat::DnsUpdate,
    ]) {
        return;
    }
    let fixed = h.fixed;
    let mut seen = Seen::default();
    for o in h.list() {
        let at = fixed + o.offset;
        match o.format {
            OptionFormat::Authentication => seen.authentication(j, h, &o, at),
            OptionFormat::ReplayProtection => {
                let n = o.data.len();
                j.holds(BOOT_AUTH_017, n == 8, |d| {
                    d.field(&field::OPTION_LEN, at + 1).found(n).wanted("8")
                });
            }
            OptionFormat::MobileNodeIdentifier => {
                identifier(j, &o, at);
                seen.nai |= o.data.first() == Some(&NAI);
                let before = seen.subtypes.is_empty();
                j.holds(BOOT_NAI_003, before, |d| {
                    d.at(at)
                        .found("Mobile Node Identifier behind an authentication option")
                        .wanted("in front of it")
                });
            }
            OptionFormat::DnsUpdate => dns_update(j, h, &o, at),
            _ => {}
        }
        if !matches!(o.format, OptionFormat::Pad1 | OptionFormat::PadN) {
            seen.last = Some(o.format);
        }
    }
    seen.end(j, h);
}

#[derive(Default)]
struct Seen {
    /// Subtypes of authentication options, and where they are.
    subtypes: smallvec::SmallVec<[(u8, usize); 2]>,
    /// The last option that is no padding.
    last: Option<OptionFormat>,
    /// The mobile node says who it is by an NAI.
    nai: bool,
}

impl Seen {
    fn authentication(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        o: &OptionRef<'_>,
        at: usize,
    ) {
        let n = o.data.len();
        j.holds(BOOT_AUTH_002, n >= 5, |d| {
            d.field(&field::OPTION_LEN, at + 1).found(n).wanted("at least 5")
        });
        let OptionBody::Authentication { subtype, spi, .. } = o.body() else { return };
        // Section 5 leaves room for subtypes to come.
        j.holds(BOOT_AUTH_002, matches!(subtype, MN_HA | MN_AAA), |d| {
            d.field(&field::AUTH_SUBTYPE_FIELD, at + 2)
                .level(Level::May)
                .found(subtype)
                .wanted("1 or 2")
        });
        let again = self.subtypes.iter().any(|(s, _)| *s == subtype);
        j.holds(BOOT_AUTH_003, !again, |d| {
            d.at(at)
                .found(format!("a second authentication option of subtype {subtype}"))
                .wanted("at most one of each subtype")
        });
        if subtype == MN_HA {
            let late = self.subtypes.iter().any(|(s, _)| *s == MN_AAA);
            j.holds(BOOT_AUTH_004, !late, |d| {
                d.at(at).found("MN-HA behind MN-AAA").wanted("MN-HA first")
            });
            j.holds(BOOT_AUTH_008, spi > 255, |d| {
                d.field(&field::AUTH_SPI, at + 3).found(spi).wanted("more than 255")
            });
        }
        if subtype == MN_AAA {
            let update = matches!(h.message, Message::BindingUpdate { .. });
            j.holds(BOOT_AUTH_013, update, |d| {
                d.at(at)
                    .found(format!("MN-AAA authentication in a {}", h.format().title()))
                    .wanted("only in a Binding Update")
            });
        }
        self.subtypes.push((subtype, at));
    }

    fn end(&self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let of = |(s, _): &&(u8, usize)| matches!(*s, MN_HA | MN_AAA);
        let Some((_, at)) = self.subtypes.iter().rev().find(of) else { return };
        // A proxy registers for others (RFC 5213).
        if let Message::BindingUpdate { flags, .. } = h.message
            && !flags.contains(UpdateFlags::P)
        {
            j.contains(BOOT_AUTH_001, self.nai, |d| {
                d.at(*at)
                    .found("an authentication option without a Mobile Node Identifier")
                    .wanted("one with the NAI of the mobile node in front of it")
            });
        }
        let last = self.last == Some(OptionFormat::Authentication);
        let aaa = self.subtypes.iter().any(|(s, _)| *s == MN_AAA);
        let r = if aaa { BOOT_AUTH_013 } else { BOOT_AUTH_006 };
        j.holds(r, last, |d| {
            d.at(*at)
                .found(format!("{} behind it", self.last.map_or("", OptionFormat::title)))
                .wanted("the authentication option last")
        });
    }
}

fn identifier(j: &mut Judge<'_, '_>, o: &OptionRef<'_>, at: usize) {
    let n = o.data.len();
    j.holds(BOOT_NAI_001, n >= 2, |d| {
        d.field(&field::OPTION_LEN, at + 1).found(n).wanted("at least 2: subtype and identifier")
    });
    let [1, nai @ ..] = o.data else { return };
    j.holds(BOOT_NAI_002, is_nai(nai), |d| {
        d.field(&field::MN_ID, at + 3).found(Value::Text(nai)).wanted("an NAI: user@realm")
    });
}

/// `username`, `@realm` or `username@realm`, RFC 4282 2.1.
fn is_nai(octets: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    if text.is_empty() || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return false;
    }
    match text.split_once('@') {
        None => true,
        Some((_, realm)) => {
            realm.contains('.')
                && realm.split('.').all(|l| {
                    !l.is_empty()
                        && !l.starts_with('-')
                        && !l.ends_with('-')
                        && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                })
        }
    }
}

fn dns_update(j: &mut Judge<'_, '_>, h: &Listed<'_>, o: &OptionRef<'_>, at: usize) {
    let OptionBody::DnsUpdate { status, flags, .. } = o.body() else { return };
    match &h.message {
        Message::BindingUpdate { .. } => {
            j.holds(BOOT_DNSU_002, status == 0, |d| {
                d.field(&field::DNS_STATUS_FIELD, at + 2).found(status).wanted("0")
            });
            let reserved = flags & 0x7f;
            j.holds(BOOT_DNSU_002, reserved == 0, |d| {
                d.field(&field::DNS_RESERVED, at + 3)
                    .found(format!("{reserved:#04x}"))
                    .wanted("0x00")
            });
        }
        Message::BindingAcknowledgement { .. } => {
            j.holds(BOOT_DNSU_005, matches!(status, 0 | 128..=130), |d| {
                d.field(&field::DNS_STATUS_FIELD, at + 2).found(status).wanted("0, 128, 129 or 130")
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_nai_has_a_realm_with_a_dot_or_none() {
        for good in ["joe", "joe@example.com", "@example.com", "a.b+c@x-1.example"] {
            assert!(is_nai(good.as_bytes()), "{good}");
        }
        for bad in ["", "a b", "joe@", "joe@localhost", "a@b@c.d", "x@-a.b", "x\u{7}@a.b"] {
            assert!(!is_nai(bad.as_bytes()), "{bad}");
        }
    }
}
