//! Configuration of FRR's zebra, which sends Router Advertisements.

use std::fmt::Write;
use std::time::Duration;

use super::{RenderError, advertised};
use crate::roles::router::{INFINITE, PrefixConfig, RouterConfig};
use crate::run::Described;

/// What a router advertises. zebra has one interval, the longest; what else is not its
/// to be told stands in comments.
pub(super) fn render(node: &Described) -> Result<String, RenderError> {
    let mut out = String::from("frr defaults traditional\n");
    for (name, config) in advertised(node, "zebra")? {
        possible(&config)?;
        let _ = writeln!(out, "!\ninterface {name}");
        for line in of_interface(&config) {
            let _ = writeln!(out, " {line}");
        }
        for p in &config.prefixes {
            let _ = writeln!(out, " ipv6 nd prefix {}", of_prefix(p));
        }
        out.push_str("exit\n");
    }
    Ok(out)
}

fn possible(c: &RouterConfig) -> Result<(), RenderError> {
    let beyond = |what: &str| RenderError::Beyond { program: "zebra", what: what.to_owned() };
    if c.advertises && !c.unsolicited {
        return Err(beyond("to advertise on request alone"));
    }
    if !c.options.is_empty() {
        return Err(beyond("options of other kinds than its own"));
    }
    if c.prefixes.iter().any(|p| p.counts_down) {
        return Err(beyond("lifetimes of prefixes that count down"));
    }
    Ok(())
}

fn of_interface(c: &RouterConfig) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |on: bool, line: String| {
        if on {
            all.push(line);
        }
    };
    let sends = if c.advertises { "no ipv6 nd suppress-ra" } else { "ipv6 nd suppress-ra" };
    say(true, sends.to_owned());
    say(true, format!("! the shortest interval, {} ms, is not told", c.min_interval.as_millis()));
    say(
        true,
        match c.max_interval {
            whole if whole.subsec_nanos() == 0 && whole >= Duration::from_secs(1) => {
                format!("ipv6 nd ra-interval {}", whole.as_secs())
            }
            part => format!("ipv6 nd ra-interval msec {}", part.as_millis()),
        },
    );
    say(true, format!("ipv6 nd ra-lifetime {}", c.lifetime));
    say(true, format!("ipv6 nd ra-hop-limit {}", c.hop_limit));
    say(c.reachable > 0, format!("ipv6 nd reachable-time {}", c.reachable));
    say(c.retrans > 0, format!("ipv6 nd ra-retrans-interval {}", c.retrans));
    say(c.mtu.is_some(), format!("ipv6 nd mtu {}", c.mtu.unwrap_or_default()));
    say(c.managed, "ipv6 nd managed-config-flag".to_owned());
    say(c.other, "ipv6 nd other-config-flag".to_owned());
    say(c.interval_option, "ipv6 nd adv-interval-option".to_owned());
    say(!c.link_layer, "! the link-layer address is always told".to_owned());
    if let Some(agent) = c.home_agent {
        say(true, "ipv6 nd home-agent-config-flag".to_owned());
        say(agent.preference > 0, format!("ipv6 nd home-agent-preference {}", agent.preference));
        if let Some(lifetime) = agent.lifetime {
            say(true, format!("ipv6 nd home-agent-lifetime {lifetime}"));
        }
    }
    all
}

fn of_prefix(p: &PrefixConfig) -> String {
    let lifetime = |seconds: u32| match seconds {
        INFINITE => "infinite".to_owned(),
        other => other.to_string(),
    };
    let mut line =
        format!("{}/{} {} {}", p.prefix, p.len, lifetime(p.valid), lifetime(p.preferred));
    for (on, word) in [
        (!p.on_link, " off-link"),
        (!p.autonomous, " no-autoconfig"),
        (p.router_address.is_some(), " router-address"),
    ] {
        if on {
            line.push_str(word);
        }
    }
    line
}
