//! Tables of nodes that are only looked up, each entry in the same time however many
//! there are: a home agent has one for each thing it knows of a hundred thousand
//! mobile nodes.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

/// Entries by key. Their order is arbitrary, though the same whenever the same was
/// done: what can be seen from outside is sorted first.
pub type Table<K, V> = HashMap<K, V, FixedState>;

/// Keys alone.
pub(super) type Set<K> = HashSet<K, FixedState>;
