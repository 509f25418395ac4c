//! Configuration of radvd, as in radvd.conf(5).

use std::fmt::Write;

use super::{RenderError, advertised, switch};
use crate::roles::router::{INFINITE, PrefixConfig, RouterConfig};
use crate::run::Described;

/// What a router advertises. Where a whole address is to be advertised (R), it stands in
/// the place of the prefix: radvd sends what stands there.
pub(super) fn render(node: &Described) -> Result<String, RenderError> {
    let mut out = String::new();
    for (name, config) in advertised(node, "radvd")? {
        if !config.options.is_empty() {
            let what = "options of other kinds than its own".to_owned();
            return Err(RenderError::Beyond { program: "radvd", what });
        }
        let _ = writeln!(out, "interface {name}\n{{");
        for (key, value) in of_interface(&config) {
            let _ = writeln!(out, "    {key} {value};");
        }
        for p in &config.prefixes {
            let whole = p.router_address.unwrap_or(p.prefix);
            let _ = writeln!(out, "    prefix {whole}/{}\n    {{", p.len);
            for (key, value) in of_prefix(p) {
                let _ = writeln!(out, "        {key} {value};");
            }
            out.push_str("    };\n");
        }
        out.push_str("};\n");
    }
    Ok(out)
}

fn of_interface(c: &RouterConfig) -> Vec<(&'static str, String)> {
    let seconds = |d: std::time::Duration| format!("{}", d.as_secs_f64());
    let mut all = vec![
        ("AdvSendAdvert", switch(c.advertises).to_owned()),
        // On request alone: then to who asks.
        ("UnicastOnly", switch(!c.unsolicited).to_owned()),
        ("AdvRASolicitedUnicast", switch(c.unicast || !c.unsolicited).to_owned()),
        ("MinRtrAdvInterval", seconds(c.min_interval)),
        ("MaxRtrAdvInterval", seconds(c.max_interval)),
        ("MinDelayBetweenRAs", seconds(c.min_delay)),
        ("AdvManagedFlag", switch(c.managed).to_owned()),
        ("AdvOtherConfigFlag", switch(c.other).to_owned()),
        ("AdvCurHopLimit", c.hop_limit.to_string()),
        ("AdvDefaultLifetime", c.lifetime.to_string()),
        ("AdvReachableTime", c.reachable.to_string()),
        ("AdvRetransTimer", c.retrans.to_string()),
        ("AdvSourceLLAddress", switch(c.link_layer).to_owned()),
        ("AdvIntervalOpt", switch(c.interval_option).to_owned()),
    ];
    if let Some(mtu) = c.mtu {
        all.push(("AdvLinkMTU", mtu.to_string()));
    }
    if let Some(agent) = c.home_agent {
        let lifetime = agent.lifetime.unwrap_or(c.lifetime);
        // The option is left out where it would say what is so without it (RFC 6275 7.4).
        let says = lifetime > 0 && (agent.preference, lifetime) != (0, c.lifetime);
        all.push(("AdvHomeAgentFlag", switch(true).to_owned()));
        all.push(("AdvHomeAgentInfo", switch(says).to_owned()));
        if says {
            all.push(("HomeAgentPreference", agent.preference.to_string()));
            all.push(("HomeAgentLifetime", lifetime.to_string()));
        }
    }
    all
}

fn of_prefix(p: &PrefixConfig) -> Vec<(&'static str, String)> {
    let lifetime = |seconds: u32| match seconds {
        INFINITE => "infinity".to_owned(),
        other => other.to_string(),
    };
    vec![
        ("AdvOnLink", switch(p.on_link).to_owned()),
        ("AdvAutonomous", switch(p.autonomous).to_owned()),
        ("AdvRouterAddr", switch(p.router_address.is_some()).to_owned()),
        ("AdvValidLifetime", lifetime(p.valid)),
        ("AdvPreferredLifetime", lifetime(p.preferred)),
        ("DecrementLifetimes", switch(p.counts_down).to_owned()),
    ]
}
