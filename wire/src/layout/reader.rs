//! Reading: the driver that fills a layout from octets and, if somebody
//! listens, reports every field with its place.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::driver::{Auto, Bytes, Driver, Fix, Halt, Int, Layout, Space, Step};
use super::field::Field;
use super::value::Value;
use crate::codes::Codes;

/// Listens to the fields of what is being read.
pub trait Sink<'a> {
    /// Whether anybody listens; plain reading skips all reporting.
    const ACTIVE: bool;
    /// A field over `raw`, which begins at `at`; for a bit field `raw` is the
    /// containing word.
    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]);
    /// Whether anybody would look at this field; what is dear to find out is
    /// left out where nobody does.
    fn wants(&self, _f: &'static Field) -> bool {
        Self::ACTIVE
    }
    /// A value without octets of its own, that follows from what ends at `at`.
    fn derived(&mut self, _f: &'static Field, _at: usize, _v: Value<'a>) {}
    /// A group begins at `at`.
    fn open(&mut self, _at: usize) {}
    /// The group opened last ends before `end`.
    fn close(&mut self, _title: &'static str, _end: usize) {}
    /// Something inside could not be read.
    fn stop(&mut self, _stop: Stop) {}
}

/// Nobody listens.
impl Sink<'_> for () {
    const ACTIVE: bool = false;
    #[inline]
    fn leaf(&mut self, _: &'static Field, _: usize, _: &[u8]) {}
}

/// Whoever is lent listens too.
impl<'a, S: Sink<'a>> Sink<'a> for &mut S {
    const ACTIVE: bool = S::ACTIVE;
    #[inline]
    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]) {
        (**self).leaf(f, at, raw);
    }
    #[inline]
    fn wants(&self, f: &'static Field) -> bool {
        (**self).wants(f)
    }
    #[inline]
    fn derived(&mut self, f: &'static Field, at: usize, v: Value<'a>) {
        (**self).derived(f, at, v);
    }
    #[inline]
    fn open(&mut self, at: usize) {
        (**self).open(at);
    }
    #[inline]
    fn close(&mut self, title: &'static str, end: usize) {
        (**self).close(title, end);
    }
    #[inline]
    fn stop(&mut self, stop: Stop) {
        (**self).stop(stop);
    }
}

/// Where reading stopped, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Offset of the octet that could not be read, in the octets given.
    pub at: usize,
    /// The field that was wanted.
    pub field: Option<&'static Field>,
    /// Why it was not there.
    pub why: Why,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The capture holds fewer octets than the packet had.
    Cut {
        /// Octets that were wanted.
        need: usize,
        /// Octets that are there.
        have: usize,
    },
    /// The format needs more octets than the lengths around it allow.
    Short {
        /// Octets that were wanted.
        need: usize,
        /// Octets that are there.
        have: usize,
    },
    /// A length field points past the end of what contains it.
    Overrun {
        /// Octets the length field asks for.
        need: usize,
        /// Octets that are there.
        have: usize,
    },
    /// A value with which reading cannot go on.
    Invalid(&'static str),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Why::Cut { need, have } => write!(
                f,
                "cut by the capture: {need} octets wanted at offset {}, {have} captured",
                self.at
            )?,
            Why::Short { need, have } => {
                write!(f, "too short: {need} octets wanted at offset {}, {have} left", self.at)?;
            }
            Why::Overrun { need, have } => write!(
                f,
                "length goes past the end: {need} octets from offset {}, {have} there",
                self.at
            )?,
            Why::Invalid(what) => write!(f, "{what} at offset {}", self.at)?,
        }
        if let Some(field) = self.field {
            write!(f, " ({})", field.id)?;
        }
        Ok(())
    }
}

impl std::error::Error for Stop {}

/// Lists inside lists beyond this depth are left as octets: relayed DHCPv6
/// messages could nest as deep as a packet is long.
const MAX_DEPTH: u8 = 16;

/// Reads layouts from octets.
pub struct Reader<'a, S = ()> {
    data: &'a [u8],
    base: usize,
    pos: usize,
    start: usize,
    /// End of this layout by what lengths say; may lie past the captured octets.
    end: usize,
    codes: &'a Codes,
    stop: Option<Stop>,
    depth: u8,
    /// Who listens.
    pub sink: S,
}

impl<'a> Reader<'a, ()> {
    /// Reads from `data`. `len` is how many octets there were before the
    /// capture cut them, at least `data.len()`.
    #[inline]
    pub fn new(data: &'a [u8], len: usize, codes: &'a Codes) -> Self {
        Self::with_sink(data, len, 0, codes, ())
    }
}

impl<'a, S: Sink<'a>> Reader<'a, S> {
    /// As `new`, reporting to `sink`, with offsets counted from `base`.
    #[inline]
    pub fn with_sink(data: &'a [u8], len: usize, base: usize, codes: &'a Codes, sink: S) -> Self {
        Self {
            data,
            base,
            pos: 0,
            start: 0,
            end: len.max(data.len()),
            codes,
            stop: None,
            depth: 0,
            sink,
        }
    }

    /// Reads one layout from the front. `Err` if its fixed part is not all
    /// there; see `problem` for lengths that did not fit.
    #[inline]
    pub fn read<L: Layout<'a>>(&mut self) -> Result<L, Stop> {
        let mut v = L::default();
        self.read_into(&mut v).map(|()| v)
    }

    /// As `read`, into a layout that was given what it cannot know by itself.
    #[inline]
    pub fn read_into<L: Layout<'a>>(&mut self, v: &mut L) -> Result<(), Stop> {
        self.fill(v).map_err(|Halt| {
            let at = self.base + self.pos;
            self.stop.unwrap_or(Stop { at, field: None, why: Why::Invalid("unreadable") })
        })
    }

    /// As `read_into`; what went wrong is in `problem`.
    #[inline]
    pub fn fill<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        self.nest(v)?;
        if self.end > self.data.len() && self.pos == self.data.len() {
            self.cut();
        }
        Ok(())
    }

    /// Octets consumed so far.
    #[inline]
    pub fn consumed(&self) -> usize {
        self.pos.min(self.data.len())
    }

    /// The first thing that did not fit, even if reading went on.
    #[inline]
    pub fn problem(&self) -> Option<Stop> {
        self.stop
    }

    /// Remembers the first reason only.
    #[cold]
    fn note(&mut self, at: usize, field: Option<&'static Field>, why: Why) {
        let stop = Stop { at: self.base + at, field, why };
        if self.stop.is_none() {
            self.stop = Some(stop);
        }
        self.sink.stop(stop);
    }

    #[cold]
    fn halt(&mut self, field: &'static Field, need: usize) -> Halt {
        let have_by_length = self.end.saturating_sub(self.pos);
        let captured = self.data.len().saturating_sub(self.pos);
        let why = if need > have_by_length {
            Why::Short { need, have: have_by_length }
        } else {
            Why::Cut { need, have: captured }
        };
        self.note(self.pos, Some(field), why);
        Halt
    }

    /// A value with which reading cannot go on.
    #[cold]
    pub fn invalid(&mut self, what: &'static str) -> Halt {
        self.note(self.pos, None, Why::Invalid(what));
        Halt
    }

    #[inline]
    fn take(&mut self, f: &'static Field, n: usize) -> Result<&'a [u8], Halt> {
        let stop = self.end.min(self.data.len());
        if n <= stop.saturating_sub(self.pos) {
            let raw = &self.data[self.pos..self.pos + n];
            self.pos += n;
            Ok(raw)
        } else {
            Err(self.halt(f, n))
        }
    }

    #[inline]
    fn leaf(&mut self, f: &'static Field, n: usize) -> Result<&'a [u8], Halt> {
        let at = self.base + self.pos;
        let raw = self.take(f, n)?;
        if S::ACTIVE {
            self.sink.leaf(f, at, raw);
        }
        Ok(raw)
    }

    /// Octets of this layout that are left and captured.
    #[inline]
    fn remaining(&mut self) -> usize {
        if self.end > self.data.len() {
            self.cut();
        }
        self.end.min(self.data.len()).saturating_sub(self.pos)
    }

    #[cold]
    fn cut(&mut self) {
        let why = Why::Cut {
            need: self.end - self.pos.min(self.end),
            have: self.data.len().saturating_sub(self.pos),
        };
        self.note(self.pos, None, why);
    }

    /// Reads the items of `space` one after the other from what is left, for
    /// the sink's sake. An item that cannot be read ends the list; its octets
    /// are reported as a whole.
    fn items(&mut self, space: Space) {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            crate::options::walk(self, space);
            self.depth -= 1;
        }
        let left = self.remaining();
        if left > 0 {
            let _ = self.leaf(&super::UNREAD, left);
        }
    }
}

#[inline]
pub(super) fn be<T: Int>(raw: &[u8]) -> T {
    T::from_u64(raw.iter().fold(0, |w, b| w << 8 | u64::from(*b)))
}

impl<'a, S: Sink<'a>> Driver<'a> for Reader<'a, S> {
    const READING: bool = true;

    #[inline]
    fn codes(&self) -> &'a Codes {
        self.codes
    }

    #[inline]
    fn int<T: Int>(&mut self, f: &'static Field, v: &mut T) -> Step {
        *v = be(self.leaf(f, T::OCTETS)?);
        Ok(())
    }

    #[inline]
    fn bits<T: Int>(&mut self, fields: &'static [&'static Field], v: &mut T) -> Step {
        let at = self.base + self.pos;
        let raw = self.take(fields[0], T::OCTETS)?;
        if S::ACTIVE {
            for f in fields {
                self.sink.leaf(f, at, raw);
            }
        }
        *v = be(raw);
        Ok(())
    }

    #[inline]
    fn auto<T: Int>(&mut self, f: &'static Field, v: &mut Auto<T>, _: Fix) -> Step {
        *v = Auto::Fixed(be(self.leaf(f, T::OCTETS)?));
        Ok(())
    }

    #[inline]
    fn ipv6(&mut self, f: &'static Field, v: &mut Ipv6Addr) -> Step {
        let raw = self.leaf(f, 16)?;
        if let Ok(a) = <[u8; 16]>::try_from(raw) {
            *v = Ipv6Addr::from(a);
        }
        Ok(())
    }

    #[inline]
    fn ipv4(&mut self, f: &'static Field, v: &mut Ipv4Addr) -> Step {
        let raw = self.leaf(f, 4)?;
        if let Ok(a) = <[u8; 4]>::try_from(raw) {
            *v = Ipv4Addr::from(a);
        }
        Ok(())
    }

    #[inline]
    fn array<const N: usize>(&mut self, f: &'static Field, v: &mut [u8; N]) -> Step {
        let raw = self.leaf(f, N)?;
        v.copy_from_slice(raw);
        Ok(())
    }

    #[inline]
    fn bytes(&mut self, f: &'static Field, n: usize, v: &mut Bytes<'a>) -> Step {
        *v = Bytes::Borrowed(if n == 0 { &[] } else { self.leaf(f, n)? });
        Ok(())
    }

    #[inline]
    fn rest(&mut self, f: &'static Field, v: &mut Bytes<'a>) -> Step {
        let n = self.remaining();
        self.bytes(f, n, v)
    }

    fn list(&mut self, f: &'static Field, each: usize, n: usize, v: &mut Bytes<'a>) -> Step {
        let there = self.left() / each.max(1);
        let at = self.base + self.pos;
        let raw = if n == 0 { &[] } else { self.take(f, n.min(there) * each)? };
        if S::ACTIVE {
            for (i, item) in raw.chunks_exact(each).enumerate() {
                self.sink.leaf(f, at + i * each, item);
            }
        }
        if n > there {
            return Err(self.halt(f, (n - there) * each));
        }
        *v = Bytes::Borrowed(raw);
        Ok(())
    }

    #[inline]
    fn area(&mut self, space: Space, v: &mut Bytes<'a>) -> Step {
        let n = self.remaining();
        *v = Bytes::Borrowed(&self.data[self.pos..self.pos + n]);
        if S::ACTIVE && n > 0 {
            self.items(space);
        } else {
            self.pos += n;
        }
        Ok(())
    }

    #[inline]
    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        let (start, end) = (self.start, self.end);
        self.start = self.pos;
        if S::ACTIVE {
            self.sink.open(self.base + self.pos);
        }
        let step = v.layout(self);
        if step.is_ok() && self.end != end {
            // The layout set its own end: what it left unread is still its own.
            let gap = self.end.min(self.data.len()).saturating_sub(self.pos);
            if S::ACTIVE && gap > 0 {
                let _ = self.leaf(&super::UNREAD, gap);
            }
            self.pos = self.end.min(self.data.len());
        }
        if S::ACTIVE {
            self.sink.close(v.title(), self.base + self.consumed());
        }
        self.start = start;
        self.end = end;
        step
    }

    #[inline]
    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool {
        let mut probe = Reader {
            data: self.data,
            base: self.base,
            pos: self.pos,
            start: self.start,
            end: self.end,
            codes: self.codes,
            stop: None,
            depth: self.depth,
            sink: (),
        };
        if v.layout(&mut probe).is_err() {
            return false;
        }
        if S::ACTIVE {
            return v.layout(self).is_ok();
        }
        self.pos = probe.pos;
        true
    }

    #[inline]
    fn peek(&self) -> &'a [u8] {
        let stop = self.end.min(self.data.len());
        self.data.get(self.pos..stop).unwrap_or_default()
    }

    #[inline]
    fn limit(&mut self, total: usize) -> Step {
        let end = self.start + total;
        if end < self.pos {
            let have = total;
            let need = self.pos - self.start;
            self.note(self.start, None, Why::Short { need, have });
            return Err(Halt);
        }
        if end <= self.end {
            self.end = end;
        } else {
            let have = self.end - self.start;
            self.note(self.start, None, Why::Overrun { need: total, have });
        }
        Ok(())
    }

    #[inline]
    fn left(&self) -> usize {
        self.end.min(self.data.len()).saturating_sub(self.pos)
    }

    #[inline]
    fn at(&self) -> usize {
        self.pos - self.start
    }

    #[inline]
    fn derived(&mut self, f: &'static Field, v: u64) {
        if S::ACTIVE {
            let v = Value::Uint { value: v, hex_digits: 0 };
            self.sink.derived(f, self.base + self.pos, v);
        }
    }
}
