//! What is wrong with a filter, and where.

use std::fmt;
use std::ops::Range;

/// A filter that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The filter.
    pub filter: String,
    /// Octets of the filter that are at fault.
    pub at: Range<usize>,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl FilterError {
    pub(super) fn new(filter: &str, at: Range<usize>, message: impl Into<String>) -> Self {
        Self { filter: filter.to_owned(), at, message: message.into() }
    }
}

impl fmt::Display for FilterError {
    /// The message, then the filter with the fault underlined.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.filter.get(..self.at.start).unwrap_or("").chars().count();
        let width = self.filter.get(self.at.clone()).unwrap_or("").chars().count().max(1);
        writeln!(f, "filter: {} at column {}", self.message, column + 1)?;
        writeln!(f, "    {}", self.filter)?;
        write!(f, "    {}{}", " ".repeat(column), "^".repeat(width))
    }
}

impl std::error::Error for FilterError {}
