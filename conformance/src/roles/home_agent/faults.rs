//! What home agents can do wrong.

use crate::roles::faults::faults;

faults! {
    // Who may register.

    /// RFC 6275 5.1 and 10.3.1.
    ACCEPTS_UNPROTECTED = "ha.accepts-unprotected",
        "accepts what policy wants protected without protection",
        ["MIP6-HA-BU-001", "IPSEC-PRO-008", "IPSEC-IKE2-018", "IPSEC-IKE2-024", "MIP6-CN-BA-001", "MIP6-CN-BU-014"];
    /// RFC 3776 3.1 and 4.2.
    ANY_ASSOCIATION = "ha.any-association",
        "accepts what is protected by any security association",
        ["MIP6-HA-BU-002", "MIP6-SEC-003", "IPSEC-FMT-006", "IPSEC-POL-010", "IPSEC-STEP-002",
         "IPSEC-POL-001", "IPSEC-IKE2-008"];
    /// RFC 4877 5.
    CHECKS_PROTECTED_TUNNELS = "ha.checks-protected-tunnels",
        "discards what comes through a protected tunnel from a new care-of address",
        ["IPSEC-IKE2-033"];
    /// RFC 6275 15.3.
    FORGETS_REPLAYS = "ha.forgets-replays",
        "forgets over a restart what its security associations have received",
        ["MIP6-SEC-011"];
    /// RFC 6275 9.3.1 and 10.3.1.
    WANTS_BINDING_FIRST = "ha.wants-binding-first",
        "answers a first registration with a Binding Error", ["MIP6-HA-BU-008", "MIP6-HAO-011", "MIP6-NODE-021"];
    /// RFC 6275 10.3.1.
    SERVES_ANY_SUBNET = "ha.serves-any-subnet",
        "registers home addresses that are not on the home link", ["MIP6-HA-BU-004"];
    /// RFC 6275 10.3.1.
    SILENT_ON_SUBNET = "ha.silent-on-subnet",
        "does not answer for home addresses that are not on the home link", ["MIP6-HA-BU-005"];
    /// RFC 6275 10.3.1.
    UNSPECIFIC_ON_SUBNET = "ha.unspecific-on-subnet",
        "refuses home addresses that are not on the home link with status 128",
        ["MIP6-HA-BU-005"];
    /// RFC 6275 10.3.1.
    SERVES_ANYBODY = "ha.serves-anybody",
        "registers home addresses that it is not to serve", ["MIP6-HA-BU-006"];
    /// RFC 6275 10.3.1.
    UNSPECIFIC_ON_ROOM = "ha.unspecific-on-room",
        "refuses for want of room with status 128", ["MIP6-HA-BU-006"];
    /// RFC 6275 10.3.1.
    REPLACES_REGISTRATIONS = "ha.replaces-registrations",
        "drops a home registration to make room for another",
        ["MIP6-HA-BU-010", "MIP6-NODE-016"];
    /// RFC 6275 8.4.
    ONE_REGISTRATION = "ha.one-registration",
        "forgets one mobile node over another", ["MIP6-NODE-016"];
    /// RFC 6275 10.3.1.
    NEEDS_NO_OPTION = "ha.needs-no-option",
        "registers without a Home Address option", ["MIP6-HA-BU-007"];

    // What a registration does.

    /// RFC 6275 10.3.1.
    NO_DETECTION = "ha.no-detection",
        "accepts without duplicate address detection",
        ["MIP6-HA-BU-011", "MIP6-HA-BU-012", "MIP6-HA-BU-014"];
    /// RFC 6275 10.3.1.
    DETECTS_AGAIN = "ha.detects-again",
        "looks for duplicates of addresses that it defends", ["MIP6-HA-BU-011"];
    /// RFC 6275 10.3.1.
    ANSWERS_BEFORE_DETECTION = "ha.answers-before-detection",
        "accepts before duplicate address detection has ended", ["MIP6-HA-BU-011"];
    /// RFC 6275 10.3.1.
    IGNORES_DUPLICATES = "ha.ignores-duplicates",
        "accepts though somebody else has the address", ["MIP6-HA-BU-012"];
    /// RFC 6275 10.3.1.
    SILENT_ON_DUPLICATE = "ha.silent-on-duplicate",
        "does not say that somebody else has the address", ["MIP6-HA-BU-012"];
    /// RFC 6275 10.3.1.
    IGNORES_LOCAL = "ha.ignores-link-local",
        "does not defend the link-local address that L asks for",
        ["MIP6-HA-BU-014", "MIP6-HA-ND-002", "MIP6-HA-TUN-003", "MIP6-HA-TUN-004"];
    /// RFC 6275 10.3.1.
    ALWAYS_LOCAL = "ha.always-link-local",
        "defends the link-local address without L", ["MIP6-HA-BU-013", "MIP6-HA-ND-010"];
    /// RFC 6275 10.3.1.
    KEEPS_CAREOF = "ha.keeps-care-of",
        "goes on with the care-of address that was registered first",
        ["MIP6-HA-BU-022", "MIP6-HA-RRP-002", "IPSEC-FMT-011", "IPSEC-FMT-012", "IPSEC-PRO-007", "MIP6-HA-BU-021"];
    /// RFC 6275 10.3.1.
    GRANTS_MORE = "ha.grants-more",
        "grants twice the lifetime", ["MIP6-HA-BU-015", "MIP6-HA-BA-007"];
    /// RFC 6275 10.3.1 and 10.6.4.
    OUTLIVES_PREFIX = "ha.outlives-prefix",
        "lets bindings live longer than their prefix",
        ["MIP6-HA-BU-016", "MIP6-HA-BU-018", "MIP6-HA-MPD-021"];
    /// RFC 6275 10.3.1.
    BOUND_BY_PREFERRED = "ha.bound-by-preferred",
        "grants no more than the preferred lifetime of the prefix", ["MIP6-HA-BU-017"];
    /// RFC 6275 10.3.1.
    NEVER_EXPIRES = "ha.never-expires",
        "keeps bindings when their lifetime ends",
        ["MIP6-HA-BU-020", "MIP6-HA-BU-018", "MIP6-HA-BU-019"];

    // What an acknowledgement says.

    /// RFC 6275 10.3.1.
    NEVER_PREFIX_DISCOVERY = "ha.never-prefix-discovery",
        "says 0 where the prefix ends before the binding", ["MIP6-HA-BA-002"];
    /// RFC 6275 10.3.1.
    ALWAYS_PREFIX_DISCOVERY = "ha.always-prefix-discovery",
        "says 1 where the prefix outlives the binding", ["MIP6-HA-BA-002"];
    /// RFC 6275 10.3.1.
    CLAIMS_KEY_MOBILITY = "ha.claims-key-mobility",
        "sets K though keys are set by hand", ["MIP6-HA-BA-003", "MIP6-HA-DEREG-006"];
    /// RFC 6275 10.3.1.
    WRONG_SEQUENCE = "ha.wrong-sequence",
        "acknowledges another sequence number",
        ["MIP6-HA-BA-006", "MIP6-MSG-026", "MIP6-HA-DEREG-003"];
    /// RFC 6275 10.3.1.
    ACKNOWLEDGES_REQUESTED_LIFETIME = "ha.acknowledges-requested-lifetime",
        "acknowledges the lifetime that was asked for and grants less",
        ["MIP6-HA-BA-007", "MIP6-HA-BU-016", "MIP6-HA-MPD-021"];
    /// RFC 6275 6.2.4 and 10.3.1.
    ADVISES_TOO_LATE = "ha.advises-too-late",
        "advises to refresh when the lifetime ends", ["MIP6-HA-BA-009", "MIP6-OPT-012"];

    /// RFC 6275 5.1.
    ANSWERS_UNPROTECTED = "ha.answers-unprotected",
        "sends acknowledgements without protection",
        ["MIP6-HA-BA-011", "MIP6-SEC-001", "MIP6-SEC-002"];

    // The end of a registration.

    /// RFC 6275 10.3.2.
    REFUSES_DELETED = "ha.refuses-deleted",
        "refuses to register what has been deleted just before", ["MIP6-HA-DEREG-008"];

    /// RFC 6275 10.3.2.
    RELEASES_ANYTHING = "ha.releases-anything",
        "accepts the deletion of a binding that it does not have", ["MIP6-HA-DEREG-001"];
    /// RFC 6275 10.3.2.
    SILENT_ON_UNKNOWN = "ha.silent-on-unknown",
        "does not answer the deletion of a binding that it does not have",
        ["MIP6-HA-DEREG-002"];
    /// RFC 6275 10.3.2.
    UNSPECIFIC_ON_UNKNOWN = "ha.unspecific-on-unknown",
        "refuses the deletion of a binding that it does not have with status 128",
        ["MIP6-HA-DEREG-002"];
    /// RFC 6275 10.3.2.
    IGNORES_DEREGISTRATION = "ha.ignores-deregistration",
        "takes a lifetime of 0 for one that has no place in the home network",
        ["MIP6-HA-DEREG-003", "MIP6-HA-DEREG-004", "MIP6-HA-DEREG-005", "MIP6-HA-DEREG-011", "MIP6-MSG-020"];
    /// RFC 6275 10.3.2.
    ADVISES_AT_END = "ha.advises-at-end",
        "advises to refresh a binding that it deletes", ["MIP6-HA-DEREG-003"];
    /// RFC 6275 10.3.2.
    LIFETIME_AT_END = "ha.lifetime-at-end",
        "acknowledges a lifetime for a binding that it deletes", ["MIP6-HA-DEREG-003"];
    /// RFC 6275 10.3.2.
    WANTS_OPTION_AT_HOME = "ha.wants-option-at-home",
        "discards de-registrations without Home Address option", ["MIP6-HA-DEREG-004"];
    /// RFC 6275 10.3.2.
    ONLY_FROM_HOME = "ha.only-from-home",
        "refuses de-registrations from foreign links", ["MIP6-HA-DEREG-005"];
    /// RFC 6275 10.3.2.
    RESOLVES_FOR_REFUSALS = "ha.resolves-for-refusals",
        "sends refusals to the home address as it sends everything there",
        ["MIP6-HA-DEREG-007"];
    /// RFC 6275 10.3.2.
    FORGETS_DELETED = "ha.forgets-deleted",
        "removes deleted bindings at once", ["MIP6-HA-DEREG-008", "MIP6-TMR-012"];
    /// RFC 6275 10.3.2 and 12.
    REMEMBERS_DELETED = "ha.remembers-deleted",
        "remembers deleted bindings for a minute", ["MIP6-HA-DEREG-010", "MIP6-TMR-012"];
    /// RFC 6275 10.3.2.
    KEEPS_INTERCEPTING = "ha.keeps-intercepting",
        "answers for the home address when the binding has ended",
        ["MIP6-HA-DEREG-009", "MIP6-HA-DEREG-011", "MIP6-HA-ND-009", "MIP6-HA-BU-020",
         "IPSEC-POL-005", "IPSEC-IKE2-012"];

    // Addresses of mobile nodes on the home link.

    /// RFC 6275 10.4.1.
    NO_PROXY = "ha.no-proxy",
        "does not answer for mobile nodes",
        ["MIP6-HA-ND-007", "MIP6-HA-ND-008", "MIP6-HA-ND-013", "MIP6-NODE-017",
         "MIP6-HA-BU-009", "MIP6-HA-BU-021"];
    /// RFC 6275 10.4.1.
    NO_ANNOUNCEMENT = "ha.no-announcement",
        "does not tell the home link that it answers for a mobile node", ["MIP6-HA-ND-001"];
    /// RFC 6275 10.4.1.
    NO_LOCAL_ANNOUNCEMENT = "ha.no-link-local-announcement",
        "does not tell the home link that it answers for a link-local address",
        ["MIP6-HA-ND-002"];
    /// RFC 6275 10.4.1.
    MANY_ANNOUNCEMENTS = "ha.many-announcements",
        "tells the home link six times", ["MIP6-HA-ND-006"];
    /// RFC 6275 10.4.1.
    ROUTER_FLAG = "ha.announces-router",
        "sets R when it tells the home link", ["MIP6-HA-ND-004"];
    /// RFC 6275 10.4.1.
    SOLICITED_FLAG = "ha.announces-solicited",
        "sets S when it tells the home link", ["MIP6-HA-ND-004"];
    /// RFC 6275 10.4.1.
    NO_OVERRIDE = "ha.announces-without-override",
        "does not set O when it tells the home link", ["MIP6-HA-ND-004"];
    /// RFC 6275 10.4.1.
    ANNOUNCES_AS_MOBILE = "ha.announces-as-mobile-node",
        "tells the home link from the home address", ["MIP6-HA-ND-005"];
    /// RFC 6275 10.4.1.
    NO_STATION = "ha.announces-no-station",
        "tells the home link no link-layer address", ["MIP6-HA-ND-003"];
    /// RFC 6275 10.4.1.
    ANSWERS_FOR_ANYBODY = "ha.answers-for-anybody",
        "answers solicitations for addresses that nobody has registered",
        ["MIP6-HA-ND-009"];
    /// RFC 6275 10.4.1.
    PROXY_IS_ROUTER = "ha.proxy-is-router",
        "sets R when it answers for a mobile node", ["MIP6-HA-ND-007"];
    /// RFC 4861 7.2.4.
    PROXY_OVERRIDES = "ha.proxy-overrides",
        "sets O when it answers for a mobile node", ["MIP6-HA-ND-012"];
    /// RFC 4861 7.2.4.
    PROXY_UNSOLICITED = "ha.proxy-unsolicited",
        "sets S the wrong way when it answers for a mobile node",
        ["MIP6-HA-ND-011", "MIP6-HA-ND-013"];
    /// RFC 6275 10.4.1.
    NO_DEFENCE = "ha.no-defence",
        "lets others take home addresses", ["MIP6-HA-ND-008", "MIP6-HA-ND-013"];

    // Tunnels.

    /// RFC 6275 10.4.2.
    NO_TUNNEL = "ha.no-tunnel",
        "swallows packets for mobile nodes",
        ["MIP6-HA-TUN-001", "MIP6-NODE-018", "MIP6-HA-BU-021", "IPSEC-STEP-007",
         "IPSEC-FMT-016", "MIP6-HA-RRP-001", "MIP6-NODE-026"];
    /// RFC 6275 10.4.2.
    TUNNELS_AS_SENDER = "ha.tunnels-as-sender",
        "puts the sender's address into the tunnel header", ["MIP6-HA-TUN-001"];
    /// RFC 6275 10.4.2.
    TUNNELS_OWN = "ha.tunnels-own",
        "sends own packets to mobile nodes through the tunnel", ["MIP6-HA-TUN-002"];
    /// RFC 6275 10.4.2.
    TUNNELS_LINK_LOCAL = "ha.tunnels-link-local",
        "tunnels packets for link-local addresses", ["MIP6-HA-TUN-003", "MIP6-HA-TUN-004"];
    /// RFC 6275 10.4.2.
    SILENT_ON_LINK_LOCAL = "ha.silent-on-link-local",
        "does not say that it discards packets for link-local addresses",
        ["MIP6-HA-TUN-004"];
    /// RFC 6275 10.4.5.
    NO_REVERSE_TUNNEL = "ha.no-reverse-tunnel",
        "swallows packets from mobile nodes",
        ["MIP6-HA-TUN-009", "MIP6-NODE-019", "MIP6-HA-RRP-001", "MIP6-HA-RRP-005",
         "IPSEC-STEP-006"];
    /// RFC 6275 10.4.5.
    ANY_TUNNEL_SOURCE = "ha.any-tunnel-source",
        "forwards for mobile nodes that are elsewhere", ["MIP6-HA-TUN-010", "MIP6-NODE-020"];
    /// RFC 6275 5.5.
    ANY_INNER_SOURCE = "ha.any-inner-source",
        "forwards for those who are not registered",
        ["MIP6-HA-TUN-012", "IPSEC-POL-005"];
    /// RFC 6275 5.5, RFC 3776 6.6.
    ANY_TUNNEL_PROTECTION = "ha.any-tunnel-protection",
        "forwards what policy wants protected otherwise",
        ["IPSEC-STEP-006", "IPSEC-SUP-007", "IPSEC-SPD-005", "MIP6-SEC-008"];
    /// RFC 6275 10.4.6.
    REWRITES_SOURCE = "ha.rewrites-source",
        "forwards with its own address", ["MIP6-HA-TUN-009", "MIP6-HA-RRP-005"];
    /// RFC 2473 7.1.
    NO_TOO_BIG = "ha.no-too-big",
        "fragments tunnel packets instead of saying that they are too big",
        ["MIP6-HA-TUN-013"];
    /// RFC 2473 8, RFC 6275 9.3.4.
    RELAYS_NO_ERRORS = "ha.relays-no-errors",
        "does not relay errors about tunnel packets", ["MIP6-CN-PKT-014", "MIP6-HA-TUN-013"];
    /// RFC 2473 8.2.
    RELAYS_SMALL = "ha.relays-small",
        "relays that packets of 1280 octets are too big", ["MIP6-HA-TUN-013"];
    /// RFC 2473 8.2.
    RELAYS_OUTER_MTU = "ha.relays-outer-mtu",
        "relays the MTU without room for the tunnel header", ["MIP6-HA-TUN-013"];
    /// RFC 6275 15.1, RFC 2473 4.1.1.
    NESTS_FOR_EVER = "ha.nests-for-ever",
        "puts no limit to tunnels in tunnels", ["MIP6-HA-TUN-014"];

    /// RFC 6275 6.1 and 9.5.5.
    ROUTES_REFRESH_REQUESTS = "ha.routes-refresh-requests",
        "sends Binding Refresh Requests through a routing header", ["MIP6-MH-014"];

    // Groups.

    /// RFC 6275 10.4.2.
    TUNNELS_NARROW_GROUPS = "ha.tunnels-narrow-groups",
        "tunnels multicast of less than global scope", ["MIP6-HA-TUN-005", "MIP6-HA-TUN-006"];
    /// RFC 6275 10.4.3.
    IGNORES_REPORTS = "ha.ignores-reports",
        "takes in no group membership though it says so", ["MIP6-HA-TUN-007", "MIP6-NODE-027"];
    /// RFC 6275 10.4.3.
    COMPLAINS_OF_REPORTS = "ha.complains-of-reports",
        "answers group membership that it does not take in with errors", ["MIP6-HA-TUN-015"];

    // Dynamic home agent address discovery.

    /// RFC 6275 10.5.1.
    SILENT_ON_DISCOVERY = "ha.silent-on-discovery",
        "does not answer Home Agent Address Discovery Requests",
        ["MIP6-HA-DHAAD-001", "MIP6-NODE-023", "MIP6-ICMP-003"];
    /// RFC 6275 6.5.
    MINDS_REQUEST_RESERVED = "ha.minds-request-reserved",
        "discards requests whose reserved bits are set", ["MIP6-ICMP-002"];
    /// RFC 6275 10.5.1.
    REPLIES_AS_ANYCAST = "ha.replies-as-anycast",
        "replies from the anycast address", ["MIP6-HA-DHAAD-002"];
    /// RFC 6275 10.5.1.
    LISTS_ITSELF_ALONE = "ha.lists-itself-alone",
        "tells of no other home agents", ["MIP6-HA-DHAAD-003"];
    /// RFC 6275 8.4.
    FIXED_PREFERENCE = "ha.fixed-preference",
        "has a preference of 0 whatever is configured", ["MIP6-NODE-024"];
    /// RFC 6275 8.4.
    ONE_LIST = "ha.one-list",
        "has one list for all links", ["MIP6-NODE-022"];
    /// RFC 6275 7.1.
    HIDES_ITSELF = "ha.hides-itself",
        "does not set H in its advertisements", ["MIP6-ND-001"];
    /// RFC 6275 7.2.
    ADVERTISES_BARE_PREFIX = "ha.advertises-bare-prefix",
        "sets R where the prefix stands in the place of its address", ["MIP6-ND-002"];
    /// RFC 6275 7.4.
    NO_INFORMATION = "ha.no-information",
        "never sends the Home Agent Information option", ["MIP6-ND-008", "MIP6-NODE-024"];
    /// RFC 6275 7.5.
    HIDES_STATION = "ha.hides-link-layer-address",
        "advertises itself without its link-layer address", ["MIP6-ND-019"];
    /// RFC 6275 10.5.1.
    IGNORES_PREFERENCE = "ha.ignores-preference",
        "lists home agents in random order", ["MIP6-HA-DHAAD-004", "MIP6-ND-011"];
    /// RFC 6275 10.5.1.
    FIXED_ORDER = "ha.fixed-order",
        "lists what is equally preferred in the same order each time",
        ["MIP6-HA-DHAAD-005", "MIP6-HA-DHAAD-006"];
    /// RFC 6275 10.5.1.
    LONG_REPLIES = "ha.long-replies",
        "lists more addresses than fit into 1280 octets", ["MIP6-HA-DHAAD-007"];
    /// RFC 6275 10.5.1.
    KEEPS_FORMER_AGENTS = "ha.keeps-former-agents",
        "keeps routers that are no longer home agents", ["MIP6-HA-DHAAD-008"];
    /// RFC 6275 10.5.1.
    KEEPS_ENDED_AGENTS = "ha.keeps-ended-agents",
        "keeps home agents that advertise a lifetime of 0", ["MIP6-HA-DHAAD-009"];
    /// RFC 6275 10.5.1.
    WRONG_AGENT_DEFAULTS = "ha.wrong-agent-defaults",
        "takes home agents that say nothing of themselves for ended ones",
        ["MIP6-HA-DHAAD-010", "MIP6-ND-011"];
    /// RFC 6275 10.1.
    KEEPS_EXPIRED_AGENTS = "ha.keeps-expired-agents",
        "keeps home agents beyond their lifetime", ["MIP6-HA-DHAAD-011"];
    /// RFC 6275 10.1.
    KEEPS_ENDED_ADDRESSES = "ha.keeps-ended-addresses",
        "keeps addresses of home agents whose prefix has ended", ["MIP6-HA-DHAAD-012"];
    /// RFC 6275 10.5.1.
    LISTS_BARE_PREFIXES = "ha.lists-bare-prefixes",
        "takes prefixes without R for addresses", ["MIP6-HA-DHAAD-013"];
    /// RFC 6275 10.5.1.
    NEVER_UPDATES_AGENTS = "ha.never-updates-agents",
        "goes on with the first preference and lifetime of a home agent",
        ["MIP6-HA-DHAAD-014", "MIP6-HA-DHAAD-015"];

    // Mobile prefix discovery.

    /// RFC 6275 10.6.2.
    SILENT_ON_SOLICITATIONS = "ha.silent-on-solicitations",
        "does not answer Mobile Prefix Solicitations",
        ["MIP6-HA-MPD-001", "MIP6-NODE-025", "MIP6-HA-MPD-016"];
    /// RFC 6275 6.7.
    MINDS_SOLICITATION_EXTRAS = "ha.minds-solicitation-extras",
        "discards solicitations with options or reserved bits", ["MIP6-ICMP-007"];
    /// RFC 6275 8.4.
    ALWAYS_TELLS = "ha.always-tells-prefixes",
        "tells prefixes though that is switched off", ["MIP6-NODE-025"];
    /// RFC 6275 15.6.
    TELLS_ANYBODY = "ha.tells-anybody",
        "tells prefixes to those who are not registered", ["MIP6-HA-MPD-022"];
    /// RFC 6275 6.8.
    WRONG_IDENTIFIER = "ha.wrong-identifier",
        "answers solicitations with another identifier", ["MIP6-ICMP-010"];
    /// RFC 6275 6.8.
    PREFIXES_WITHOUT_ROUTE = "ha.prefixes-without-route",
        "sends prefixes without a routing header",
        ["MIP6-ICMP-009", "MIP6-HA-MPD-015", "MIP6-HA-MPD-019", "IPSEC-POL-009"];
    /// RFC 6275 10.6.2.
    ONE_PREFIX = "ha.one-prefix",
        "tells the first prefix alone", ["MIP6-HA-MPD-007", "MIP6-HA-MPD-004"];
    /// RFC 6275 10.6.2.
    IGNORES_PREFIX_CHANGES = "ha.ignores-prefix-changes",
        "does not tell that prefixes have changed",
        ["MIP6-HA-MPD-002", "MIP6-HA-MPD-003", "MIP6-HA-MPD-004"];
    /// RFC 6275 10.6.2.
    PREFIXES_AT_ONCE = "ha.prefixes-at-once",
        "tells of prefixes without a random delay", ["MIP6-HA-MPD-008", "MIP6-NODE-046"];
    /// RFC 6275 10.6.2.
    NEVER_RETRIES = "ha.never-retries",
        "tells of prefixes once, acknowledged or not", ["MIP6-HA-MPD-009"];
    /// RFC 6275 10.6.2.
    RETRIES_EVENLY = "ha.retries-evenly",
        "repeats prefixes every 3 seconds", ["MIP6-HA-MPD-010", "MIP6-TMR-010"];
    /// RFC 6275 10.6.2.
    RETRIES_FOR_EVER = "ha.retries-for-ever",
        "repeats prefixes without end", ["MIP6-HA-MPD-010", "MIP6-TMR-010"];
    /// RFC 6275 10.6.2.
    IGNORES_ACKNOWLEDGING = "ha.ignores-acknowledging",
        "repeats prefixes that have been acknowledged", ["MIP6-HA-MPD-009", "MIP6-ICMP-014"];
    /// RFC 6275 10.6.2.
    ADVERTISES_AFTER_EXPIRY = "ha.advertises-after-expiry",
        "tells of prefixes when the binding has expired",
        ["MIP6-HA-MPD-011", "MIP6-HA-MPD-014"];
    /// RFC 6275 10.6.2.
    NEVER_BEGINS_AGAIN = "ha.never-begins-again",
        "does not tell again what was missed", ["MIP6-HA-MPD-012"];
    /// RFC 6275 10.6.3.
    DROPS_DHCP_FLAGS = "ha.drops-dhcp-flags",
        "does not pass M and O on", ["MIP6-HA-MPD-017"];
    /// RFC 6275 6.8 and 10.4.4.
    CLAIMS_DHCP = "ha.claims-dhcp",
        "sets M and O without DHCPv6", ["MIP6-HA-TUN-017", "MIP6-ICMP-015"];
}
