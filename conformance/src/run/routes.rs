//! Routes between the routers of a case that has several.

use std::collections::{BTreeSet, VecDeque};

use super::plan::Plan;
use crate::case::topology::Role;
use crate::roles::Interface;
use crate::roles::host::Route;

/// Whether a node forwards packets between links.
fn is_router(plan: &Plan, node: usize) -> bool {
    matches!(plan.nodes[node].role, Role::Router | Role::AccessRouter)
}

/// Links that a node is on, each with its interface.
fn links(plan: &Plan, node: usize) -> impl Iterator<Item = (usize, Interface)> + '_ {
    let interfaces = plan.nodes[node].interfaces.iter().enumerate();
    interfaces.filter_map(|(i, at)| Some((at.link?, Interface(i as u16))))
}

/// The routes of a router to all links that it is not on: by as few other routers as
/// can be, the first named of those that are as near.
pub(super) fn of_router(plan: &Plan, router: usize) -> Vec<Route> {
    let mut routes = Vec::new();
    let mut known: BTreeSet<usize> = links(plan, router).map(|(l, _)| l).collect();
    let mut passed = BTreeSet::from([router]);
    let neighbours = |near: &BTreeSet<usize>, passed: &BTreeSet<usize>| -> Vec<usize> {
        (0..plan.nodes.len())
            .filter(|n| is_router(plan, *n) && !passed.contains(n))
            .filter(|n| links(plan, *n).any(|(l, _)| near.contains(&l)))
            .collect()
    };
    // Routers by distance, each with the first hop towards it.
    let mut queue = VecDeque::new();
    for next in neighbours(&known, &passed) {
        let shared = links(plan, router).find(|(l, _)| links(plan, next).any(|(k, _)| k == *l));
        let Some((link, interface)) = shared else { continue };
        passed.insert(next);
        queue.push_back((next, interface, plan.address(next, link)));
    }
    while let Some((at, interface, via)) = queue.pop_front() {
        let own: BTreeSet<usize> = links(plan, at).map(|(l, _)| l).collect();
        for link in &own {
            if known.insert(*link) {
                let of = &plan.links[*link];
                let more = of.more.iter().copied();
                let all = std::iter::once((of.prefix, of.len)).chain(more);
                routes.extend(all.map(|(prefix, len)| Route { prefix, len, interface, via }));
            }
        }
        for next in neighbours(&own, &passed) {
            passed.insert(next);
            queue.push_back((next, interface, via));
        }
    }
    routes
}
