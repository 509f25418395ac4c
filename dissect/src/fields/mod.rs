//! Fields by name, and visiting them in a packet.

mod registry;
mod seek;
mod visit;

pub use registry::{Registry, UnknownField, frame, generated};
pub use seek::{Found, Seeker, Wanted};
pub use visit::{visit_frame, visit_layer};
