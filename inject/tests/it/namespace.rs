//! A network namespace with a wire for tests of links.

use mip6_testkit::namespace::Namespace;

/// Moves this thread into a new namespace with a pair `lka` and `lkb`.
pub(crate) fn enter(test: &str) -> Option<Namespace> {
    let namespace = Namespace::new(test)?;
    namespace.enter();
    namespace.wire("lka", &namespace, "lkb");
    Some(namespace)
}

/// A frame of the tests.
pub(crate) fn frame(n: u8) -> Vec<u8> {
    let mut frame = vec![n; 60];
    frame[..14].copy_from_slice(&[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5]);
    frame
}
