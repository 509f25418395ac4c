//! Reading what is there as a whole: the driver for almost all headers, which
//! keeps no account of where it is and of what went wrong. What it cannot read
//! is for [`Reader`](super::Reader), which says why.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::driver::{Auto, Bytes, Driver, Fix, Halt, Int, Layout, Space, Step};
use super::field::Field;
use super::reader::be;
use crate::codes::Codes;

/// Reads `v` from the front of `data`, of which there were `len` octets before
/// the capture cut them. Gives how many octets it took. `None` if anything does
/// not fit, or may have been cut: [`Reader`](super::Reader) tells then how much
/// can be read all the same. `v` is then to be read anew.
#[inline]
pub fn read_plain<'a, L: Layout<'a>>(
    data: &'a [u8],
    len: usize,
    codes: &'a Codes,
    v: &mut L,
) -> Option<usize> {
    let mut plain = Plain { own: data, rest: data, cut: len > data.len(), doubtful: false, codes };
    plain.nest(v).ok()?;
    let ends_in_cut = plain.cut && plain.rest.is_empty();
    (!plain.doubtful && !ends_in_cut).then(|| data.len() - plain.rest.len())
}

/// What is left to be read, and no more.
struct Plain<'a> {
    /// All octets of this layout.
    own: &'a [u8],
    /// Those that are left, at the end of `own`.
    rest: &'a [u8],
    /// The capture holds fewer octets of this layout than there were.
    cut: bool,
    /// Something did not fit that a reader goes on with.
    doubtful: bool,
    codes: &'a Codes,
}

impl<'a> Plain<'a> {
    #[inline]
    fn take(&mut self, n: usize) -> Result<&'a [u8], Halt> {
        let (raw, rest) = self.rest.split_at_checked(n).ok_or(Halt)?;
        self.rest = rest;
        Ok(raw)
    }

    #[inline]
    fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], Halt> {
        let (raw, rest) = self.rest.split_first_chunk().ok_or(Halt)?;
        self.rest = rest;
        Ok(raw)
    }

    #[inline]
    fn number<T: Int>(&mut self) -> Result<T, Halt> {
        self.take(T::OCTETS).map(be)
    }

    #[inline]
    fn doubt(&mut self) -> Halt {
        self.doubtful = true;
        Halt
    }

    /// All that is left, if it is all there was.
    #[inline]
    fn all(&mut self) -> Result<&'a [u8], Halt> {
        if self.cut { Err(self.doubt()) } else { Ok(std::mem::take(&mut self.rest)) }
    }
}

impl<'a> Driver<'a> for Plain<'a> {
    const READING: bool = true;

    #[inline]
    fn codes(&self) -> &'a Codes {
        self.codes
    }

    #[inline]
    fn int<T: Int>(&mut self, _: &'static Field, v: &mut T) -> Step {
        *v = self.number()?;
        Ok(())
    }

    #[inline]
    fn bits<T: Int>(&mut self, _: &'static [&'static Field], v: &mut T) -> Step {
        *v = self.number()?;
        Ok(())
    }

    #[inline]
    fn auto<T: Int>(&mut self, _: &'static Field, v: &mut Auto<T>, _: Fix) -> Step {
        *v = Auto::Fixed(self.number()?);
        Ok(())
    }

    #[inline]
    fn ipv6(&mut self, _: &'static Field, v: &mut Ipv6Addr) -> Step {
        *v = Ipv6Addr::from(*self.chunk()?);
        Ok(())
    }

    #[inline]
    fn ipv4(&mut self, _: &'static Field, v: &mut Ipv4Addr) -> Step {
        *v = Ipv4Addr::from(*self.chunk()?);
        Ok(())
    }

    #[inline]
    fn array<const N: usize>(&mut self, _: &'static Field, v: &mut [u8; N]) -> Step {
        *v = *self.chunk()?;
        Ok(())
    }

    #[inline]
    fn bytes(&mut self, _: &'static Field, n: usize, v: &mut Bytes<'a>) -> Step {
        *v = Bytes::Borrowed(if n == 0 { &[] } else { self.take(n)? });
        Ok(())
    }

    #[inline]
    fn rest(&mut self, _: &'static Field, v: &mut Bytes<'a>) -> Step {
        *v = Bytes::Borrowed(self.all()?);
        Ok(())
    }

    #[inline]
    fn list(&mut self, _: &'static Field, each: usize, n: usize, v: &mut Bytes<'a>) -> Step {
        let octets = n.checked_mul(each).ok_or(Halt)?;
        *v = Bytes::Borrowed(if n == 0 { &[] } else { self.take(octets)? });
        Ok(())
    }

    #[inline]
    fn area(&mut self, _: Space, v: &mut Bytes<'a>) -> Step {
        *v = Bytes::Borrowed(self.all()?);
        Ok(())
    }

    #[inline]
    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        let (own, cut, outer) = (self.own, self.cut, self.rest);
        self.own = outer;
        v.layout(self)?;
        if self.own.len() < outer.len() {
            // The layout set its own end: what it left unread is still its own.
            self.rest = &outer[self.own.len()..];
        }
        (self.own, self.cut) = (own, cut);
        Ok(())
    }

    #[inline]
    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool {
        let mut probe = Plain { ..*self };
        let read = v.layout(&mut probe).is_ok();
        self.doubtful |= probe.doubtful;
        if read {
            self.rest = &self.own[probe.at()..];
        }
        read
    }

    #[inline]
    fn peek(&self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    fn limit(&mut self, total: usize) -> Step {
        let at = self.at();
        match self.own.get(..total) {
            Some(own) if at <= total => {
                (self.own, self.rest, self.cut) = (own, &own[at..], false);
                Ok(())
            }
            _ => Err(self.doubt()),
        }
    }

    #[inline]
    fn left(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    fn at(&self) -> usize {
        self.own.len() - self.rest.len()
    }
}
