//! What tests of this crate share.

use std::path::PathBuf;

use mip6_dissect::capture::{Capture, find};
use mip6_dissect::packet::{Dissector, Packet};
use mip6_dissect::profile::Profile;
use mip6_security::keys;

/// Gives every packet of the project's captures, opened with the keys beside
/// them, to `each`.
pub(crate) fn each_packet(mut each: impl FnMut(&Packet<'_>)) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../pcaps");
    let profile = Profile::auto();
    for path in find(&[folder]).unwrap() {
        let keys = path.with_extension("keys");
        let keys = if keys.exists() { keys::load(&keys).unwrap() } else { keys::Keys::default() };
        let mut dissector = Dissector::new(&profile).keys(&keys.associations);
        let Ok(mut capture) = Capture::open(&path) else { continue };
        while let Ok(Some(frame)) = capture.next_frame() {
            each(&dissector.dissect(frame));
        }
    }
}
