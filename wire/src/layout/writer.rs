//! Writing and sizing: drivers that turn a layout into octets, or count them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::driver::{Auto, Bytes, Driver, Fix, Int, Layout, Space, Step};
use super::field::Field;
use crate::codes::Codes;

/// Appends layouts to a buffer. What a layout can compute by itself is filled
/// in when it ends; what depends on its neighbours stays pending.
pub struct Writer<'a> {
    out: Vec<u8>,
    start: usize,
    pending: Vec<Pending>,
    codes: &'a Codes,
}

/// An integer still to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Offset in the output.
    pub at: usize,
    /// Width.
    pub octets: usize,
    /// What goes there.
    pub fix: Fix,
    /// Offset of the header that it belongs to.
    pub start: usize,
}

impl Pending {
    /// Writes `value` into its place, cut to its width.
    pub fn fill(&self, out: &mut [u8], value: u64) {
        let octets = value.to_be_bytes();
        out[self.at..self.at + self.octets].copy_from_slice(&octets[8 - self.octets..]);
    }
}

impl<'a> Writer<'a> {
    /// An empty output.
    pub fn new(codes: &'a Codes) -> Self {
        Self { out: Vec::new(), start: 0, pending: Vec::new(), codes }
    }

    /// Appends one layout.
    pub fn write<L: Layout<'a> + Clone>(&mut self, v: &L) {
        // A layout borrows its struct mutably because reading must; writing
        // works on a copy so that callers keep theirs.
        let _ = self.nest(&mut v.clone());
    }

    /// Appends octets as they are.
    pub fn raw(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    /// Octets written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The output and what could not be computed yet.
    pub fn finish(self) -> (Vec<u8>, Vec<Pending>) {
        (self.out, self.pending)
    }

    fn push<T: Int>(&mut self, v: T) {
        let octets = v.to_u64().to_be_bytes();
        self.out.extend_from_slice(&octets[8 - T::OCTETS..]);
    }
}

/// The octets of one layout on its own; what depends on neighbours is zero.
pub fn to_bytes<'a, L: Layout<'a> + Clone>(v: &L, codes: &'a Codes) -> Vec<u8> {
    let mut w = Writer::new(codes);
    w.write(v);
    w.finish().0
}

impl<'a> Driver<'a> for Writer<'a> {
    const READING: bool = false;

    fn codes(&self) -> &'a Codes {
        self.codes
    }

    fn int<T: Int>(&mut self, _: &'static Field, v: &mut T) -> Step {
        self.push(*v);
        Ok(())
    }

    fn bits<T: Int>(&mut self, _: &'static [&'static Field], v: &mut T) -> Step {
        self.push(*v);
        Ok(())
    }

    fn auto<T: Int>(&mut self, _: &'static Field, v: &mut Auto<T>, fix: Fix) -> Step {
        if matches!(v, Auto::Computed) {
            self.pending.push(Pending {
                at: self.out.len(),
                octets: T::OCTETS,
                fix,
                start: self.start,
            });
        }
        self.push(v.get());
        Ok(())
    }

    fn ipv6(&mut self, _: &'static Field, v: &mut Ipv6Addr) -> Step {
        self.out.extend_from_slice(&v.octets());
        Ok(())
    }

    fn ipv4(&mut self, _: &'static Field, v: &mut Ipv4Addr) -> Step {
        self.out.extend_from_slice(&v.octets());
        Ok(())
    }

    fn array<const N: usize>(&mut self, _: &'static Field, v: &mut [u8; N]) -> Step {
        self.out.extend_from_slice(v);
        Ok(())
    }

    fn bytes(&mut self, _: &'static Field, _: usize, v: &mut Bytes<'a>) -> Step {
        self.out.extend_from_slice(v);
        Ok(())
    }

    fn rest(&mut self, _: &'static Field, v: &mut Bytes<'a>) -> Step {
        self.out.extend_from_slice(v);
        Ok(())
    }

    fn list(&mut self, _: &'static Field, _: usize, _: usize, v: &mut Bytes<'a>) -> Step {
        self.out.extend_from_slice(v);
        Ok(())
    }

    fn area(&mut self, _: Space, v: &mut Bytes<'a>) -> Step {
        self.out.extend_from_slice(v);
        Ok(())
    }

    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        let (start, first) = (self.start, self.pending.len());
        self.start = self.out.len();
        let step = v.layout(self);
        let own = self.start;
        let total = self.out.len() - own;
        for i in (first..self.pending.len()).rev() {
            let p = self.pending[i];
            if let (Fix::Own { unit, less }, true) = (p.fix, p.start == own) {
                p.fill(&mut self.out, (total / unit).saturating_sub(less) as u64);
                self.pending.remove(i);
            }
        }
        self.start = start;
        step
    }

    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool {
        v.layout(self).is_ok()
    }

    fn limit(&mut self, _: usize) -> Step {
        Ok(())
    }

    fn left(&self) -> usize {
        0
    }

    fn at(&self) -> usize {
        self.out.len() - self.start
    }
}

/// Counts the octets that writing a layout would produce.
pub fn size_of_layout<'a, L: Layout<'a> + Clone>(v: &L, codes: &'a Codes) -> usize {
    let mut s = Sizer { len: 0, start: 0, codes };
    let _ = s.nest(&mut v.clone());
    s.len
}

struct Sizer<'a> {
    len: usize,
    start: usize,
    codes: &'a Codes,
}

impl<'a> Driver<'a> for Sizer<'a> {
    const READING: bool = false;

    fn codes(&self) -> &'a Codes {
        self.codes
    }
    fn int<T: Int>(&mut self, _: &'static Field, _: &mut T) -> Step {
        self.len += T::OCTETS;
        Ok(())
    }
    fn bits<T: Int>(&mut self, _: &'static [&'static Field], _: &mut T) -> Step {
        self.len += T::OCTETS;
        Ok(())
    }
    fn auto<T: Int>(&mut self, _: &'static Field, _: &mut Auto<T>, _: Fix) -> Step {
        self.len += T::OCTETS;
        Ok(())
    }
    fn ipv6(&mut self, _: &'static Field, _: &mut Ipv6Addr) -> Step {
        self.len += 16;
        Ok(())
    }
    fn ipv4(&mut self, _: &'static Field, _: &mut Ipv4Addr) -> Step {
        self.len += 4;
        Ok(())
    }
    fn array<const N: usize>(&mut self, _: &'static Field, _: &mut [u8; N]) -> Step {
        self.len += N;
        Ok(())
    }
    fn bytes(&mut self, _: &'static Field, _: usize, v: &mut Bytes<'a>) -> Step {
        self.len += v.len();
        Ok(())
    }
    fn rest(&mut self, _: &'static Field, v: &mut Bytes<'a>) -> Step {
        self.len += v.len();
        Ok(())
    }
    fn list(&mut self, _: &'static Field, _: usize, _: usize, v: &mut Bytes<'a>) -> Step {
        self.len += v.len();
        Ok(())
    }
    fn area(&mut self, _: Space, v: &mut Bytes<'a>) -> Step {
        self.len += v.len();
        Ok(())
    }
    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        let start = self.start;
        self.start = self.len;
        let step = v.layout(self);
        self.start = start;
        step
    }
    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool {
        v.layout(self).is_ok()
    }

    fn limit(&mut self, _: usize) -> Step {
        Ok(())
    }
    fn left(&self) -> usize {
        0
    }
    fn at(&self) -> usize {
        self.len - self.start
    }
}
