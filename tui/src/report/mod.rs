//! A report of `mip6 conform` on the screen, also while the run goes on: cases as
//! a tree, what became of each, and their evidence in the packet view.
//!
//! Of results, places are kept: what is said of a case is read again when
//! somebody looks at it.

mod again;
mod board;
mod case;
mod follow;
pub mod keys;
mod mouse;
mod outline;
mod seek;
mod view;
mod watch;

pub use board::{Board, Focus};
pub use case::{Case, Tone};
pub use follow::{News, Place, Plan, Row};
pub use outline::{Line, Only};
pub use seek::{Prompt, Question};
pub use view::draw;
pub(crate) use watch::Told;
pub use watch::{Watch, WatchConfig};
