//! Nodes on real interfaces and by the clock on the wall: a reference node that
//! stands alone ([`Station`]), and a node under test among nodes that are played
//! here ([`Rig`]).

mod clock;
mod control;
pub mod description;
mod hook;
pub mod preflight;
mod probe;
mod quiet;
mod rig;
mod station;
mod wires;

pub use clock::Clock;
pub use control::{Answer, Client, Request};
pub use quiet::{Quiet, QuietError};
pub use rig::{Refusal, Rig, RigError};
pub use station::{Station, StationError};
pub use wires::Wires;
