//! A capture as the inspector holds it: where each frame is, and the frames
//! themselves read again when somebody looks at them.

mod frames;
mod index;
mod input;
#[cfg(feature = "libpcap")]
mod live;
mod reader;

pub use frames::{Entry, Frames};
pub use index::{IndexNews, start};
pub(crate) use input::At;
pub use input::{Gone, Interface, Opened, Source};
pub use reader::{Context, Reader};
