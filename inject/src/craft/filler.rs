//! Values of a spec on their way into fields.

use mip6_wire::codes::Codes;
use mip6_wire::layout::{Bytes, Field, Filler, Given, Misfit, Space};

use super::{CraftError, Fault};
use crate::list::{self, Place};
use crate::spec::{Body, Padding, Setting};
use crate::term::{Scope, Term};

/// Gives the values of a body to the fields of one header or option, and notes
/// what had no use.
pub(crate) struct Values<'s> {
    body: &'s Body,
    used: Vec<bool>,
    scope: &'s dyn Scope,
    codes: &'static Codes,
    /// Where the body stands.
    at: String,
    /// What it is the body of.
    title: &'static str,
    /// Whether there was a list for the options.
    listed: bool,
    error: Option<CraftError>,
}

impl<'s> Values<'s> {
    /// Values of `body`, which stands at `at` and belongs to a `title`.
    pub(crate) fn new(
        body: &'s Body,
        scope: &'s dyn Scope,
        codes: &'static Codes,
        at: String,
        title: &'static str,
    ) -> Self {
        let used = vec![false; body.fields.len()];
        Self { body, used, scope, codes, at, title, listed: false, error: None }
    }

    /// The first thing that went wrong; a value without use is such.
    pub(crate) fn finish(self) -> Result<(), CraftError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let unused = self.body.fields.iter().zip(&self.used).find(|(_, used)| !**used);
        if let Some(((name, _), _)) = unused {
            return Err(Fault::NotHere(self.title).at(&format!("{}.{name}", self.at)));
        }
        if !self.listed && !self.body.options.is_empty() {
            return Err(Fault::NoOptions(self.title).at(&self.at));
        }
        Ok(())
    }

    fn fault(&mut self, f: &Field, fault: Fault) {
        let at = format!("{}.{}", self.at, f.id);
        self.error.get_or_insert_with(|| fault.at(&at));
    }
}

/// The value of a setting for a field.
pub(crate) fn given(setting: &Setting, f: &Field, scope: &dyn Scope) -> Result<Given, Fault> {
    let one = |term: &Term| term.given(f, scope).map_err(Fault::from);
    match setting {
        Setting::One(term) => one(term),
        Setting::Many(terms) => terms.iter().map(one).collect::<Result<_, _>>().map(Given::Items),
    }
}

impl<'a> Filler<'a> for Values<'_> {
    fn give(&mut self, f: &'static Field) -> Option<Given> {
        let i = self.body.fields.iter().position(|(name, _)| name == f.id)?;
        self.used[i] = true;
        given(&self.body.fields[i].1, f, self.scope).map_err(|fault| self.fault(f, fault)).ok()
    }

    fn has(&self, f: &'static Field) -> bool {
        self.body.sets(f.id)
    }

    fn misfit(&mut self, f: &'static Field, why: Misfit) {
        self.fault(f, Fault::Misfit(why));
    }

    fn area(&mut self, space: Space, at: usize, octets: &mut Bytes<'a>) {
        self.listed = true;
        let place = Place {
            space,
            at,
            padding: self.body.padding == Padding::Aligned,
            scope: self.scope,
            codes: self.codes,
            title: self.title,
            path: &self.at,
        };
        match list::make(&self.body.options, &place) {
            Ok(list) => *octets = list.into(),
            Err(error) => {
                self.error.get_or_insert(error);
            }
        }
    }
}
