//! One declaration per format, several drivers over it.
//!
//! A format implements [`Layout`]: one function that visits its fields in
//! wire order. [`Reader`] fills it from octets and can report each field to a
//! [`Sink`]; [`read_plain`] does no more than fill it; [`Writer`] turns it into
//! octets, computing lengths that are not set; [`size_of_layout`] counts. [`Setter`]
//! sets fields by name, from what a [`Filler`] gives.

mod driver;
mod field;
mod plain;
mod reader;
mod setter;
mod value;
mod writer;

pub(crate) use driver::flag_word;
pub use driver::{Auto, Bytes, Driver, Fix, Halt, Int, Layout, Space, Step, U24};
pub(crate) use field::fields;
pub use field::{Field, Kind, Names};
pub use plain::read_plain;
pub use reader::{Reader, Sink, Stop, Why};
pub use setter::{Filler, Given, Misfit, Setter};
pub use value::{Value, escape, timestamp};
pub use writer::{Pending, Writer, size_of_layout, to_bytes};

/// Octets inside a message that no format claims.
pub static UNREAD: Field = Field::new("data.data", "Octets not understood", Kind::Bytes);
