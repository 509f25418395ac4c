//! A capture as the inspector holds it: where each frame is, and the frames
//! themselves read again when somebody looks at them.

mod frames;
mod index;
mod input;
#[cfg(any(feature = "libpcap", test))]
pub(crate) mod live;
mod reader;
mod store;

pub use frames::{Entry, Frames};
pub use index::{IndexNews, start};
pub(crate) use input::At;
pub use input::{Gone, Interface, Opened, Source};
pub use reader::{Context, Reader};
pub use store::{SMALLEST, Start, Store};
