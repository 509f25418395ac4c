//! A capture as the inspector holds it: where each frame is, and the frames
//! themselves read again when somebody looks at them.

mod frames;
mod index;
mod input;
mod reader;

pub use frames::{Entry, Frames};
pub use index::{IndexNews, start};
pub(crate) use input::At;
pub use input::{Gone, Opened, Source};
pub use reader::{Context, Reader};
