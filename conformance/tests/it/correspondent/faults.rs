//! Each fault shows where its requirement is tried, and the honest node passes.

use std::time::Duration;

use mip6_conformance::roles::Fault;
use mip6_conformance::roles::correspondent::faults as cn;
use mip6_conformance::roles::correspondent::{Correspondent, CorrespondentConfig};
use mip6_conformance::roles::mobility::Mobility;
use mip6_wire::mobility::UpdateFlags;

use super::packets::PACKETS;
use super::scene::{Bu, Scene};
use super::trials::{BINDINGS, Trial, update_with};

fn trials() -> impl Iterator<Item = (Trial, &'static [&'static Fault])> {
    BINDINGS.iter().chain(PACKETS).copied()
}

#[test]
fn each_fault_shows_and_the_honest_node_does_not() {
    for (n, (trial, faults)) in trials().enumerate() {
        assert!(trial(&mut Scene::new(None)), "trial {n} fails the honest node");
        for fault in faults {
            assert!(!trial(&mut Scene::new(Some(fault))), "trial {n} does not see {}", fault.name);
        }
    }
}

#[test]
fn faults_that_need_another_correspondent() {
    let off = CorrespondentConfig { route_optimization: false, ..CorrespondentConfig::default() };
    assert!(Scene::with(off.clone(), None).home_test().is_none());
    assert!(Scene::with(off, Some(&cn::ALWAYS_ON)).home_test().is_some());

    let full = |fault| {
        let config = CorrespondentConfig { max_bindings: 0, ..CorrespondentConfig::default() };
        let mut s = Scene::with(config, fault);
        update_with(&mut s, |b| b.flags = UpdateFlags::empty())
    };
    assert_eq!((full(None), full(Some(&cn::SILENT_WHEN_FULL))), (Some(130), None));

    let signed = |fault| {
        let mut s = Scene::new(fault);
        s.update(&Bu::new(1, (7, 7), (8, 8)));
        s.messages().iter().any(|(_, m)| m.options.len() >= 14)
    };
    assert!(!signed(None) && signed(Some(&cn::SIGNS_NONCE_REFUSALS)));

    // A node that holds Mobility without route optimization ignores what is not for
    // it.
    let off = CorrespondentConfig { route_optimization: false, ..CorrespondentConfig::default() };
    let modules: Vec<Box<dyn mip6_conformance::roles::Module>> =
        vec![Box::new(Mobility::default()), Box::new(Correspondent::new(off))];
    let mut s = Scene::of(modules, None, 1);
    assert!(s.home_test().is_none() && s.answers().is_empty());
    s.network.run_for(Duration::from_secs(1));
}
