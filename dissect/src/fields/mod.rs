//! Fields by name, and visiting them in a packet.

mod protection;
mod registry;
mod seek;
mod visit;

pub use protection::fields as protection_fields;
pub use registry::{Registry, UnknownField, frame, generated};
pub use seek::{Found, Seeker, Wanted};
pub use visit::{visit_frame, visit_layer};
