//! What a mobile node can do wrong in Local Key Exchange.

use crate::roles::faults::faults;

faults! {
    /// Draft 2.1.
    IGNORES_CAPABILITY = "mn.ignores-capability",
        "stays with a router without Local Key Exchange where another has it", ["LKE-RA-012"];
    /// Draft 2.1.
    EXCHANGES_UNOFFERED = "mn.exchanges-unoffered",
        "sends Key Exchange Requests to routers that do not offer it", ["LKE-RA-013", "LKE-KER-002"];
    /// Draft 3.1.1.
    REQUESTS_OF_ANOTHER = "mn.requests-of-another",
        "sends its Key Exchange Request to another router than the one that offers it", ["LKE-RA-014", "LKE-KER-002"];
    /// Draft 3.2.1.
    REQUESTS_FROM_CAREOF = "mn.requests-from-care-of",
        "sends Key Exchange Requests from its care-of address", ["LKE-KER-001"];
    /// Draft 3.2.1.
    REQUESTS_NEAR = "mn.requests-with-hop-limit",
        "sends Key Exchange Requests with a hop limit of 64", ["LKE-KER-003"];
    /// Draft 2.1.
    REQUESTS_FOR_HOME = "mn.requests-for-home",
        "asks for a key for its home address", ["LKE-KER-005"];
    /// Draft 3.2.1.
    SHORT_KEY = "mn.short-local-key",
        "makes secret keys of 8 octets", ["LKE-KER-006"];
    /// Draft 3.2.1.
    NO_LIFETIME = "mn.requests-no-lifetime",
        "leaves the requested lifetime out", ["LKE-KER-007"];
    /// Draft 3.2.1.
    ASKS_TOO_LONG = "mn.requests-too-long",
        "asks for a longer lifetime than the access router offers", ["LKE-KER-008"];
    /// Draft 3.2.1.
    REPEATS_SEQUENCE = "mn.repeats-request-sequence",
        "sends each Key Exchange Request with the same sequence number", ["LKE-KER-009"];
    /// Draft 5.2.
    NO_RETRANSMISSION = "mn.no-request-retransmission",
        "does not send its Key Exchange Request again", ["LKE-KER-010"];
    /// Draft 5.2.
    CHANGES_KEY = "mn.changes-local-key",
        "sends another key in each Key Exchange Request", ["LKE-KER-010"];
    /// Draft 2.1 and 6.3.
    EXCHANGES_EARLY = "mn.exchanges-early",
        "asks for a key before its home agent has accepted it", ["LKE-KER-011", "LKE-SEC-004"];
    /// Draft 2.1.
    NO_RENEWAL = "mn.no-local-renewal",
        "does not renew associations before they end", ["LKE-KER-012"];
    /// Draft 5.1.
    REUSES_KEY = "mn.reuses-local-key",
        "uses the same secret key in each exchange", ["LKE-KER-013"];
    /// Draft 5.2.
    ACCEPTS_BAD_HMAC = "mn.accepts-bad-key-acknowledgement",
        "does not verify Key Exchange Acknowledgements", ["LKE-KEA-009", "LKE-KEA-010", "LKE-KEA-011"];
    /// Draft 5.2.
    KEEPS_DISTRUSTED = "mn.keeps-distrusted-association",
        "keeps its association when an acknowledgement cannot be verified", ["LKE-KEA-010"];
    /// Draft 5.2 and 5.3.
    NO_RESTART = "mn.no-local-restart",
        "does not exchange a key again when an association has failed", ["LKE-KEA-011", "LKE-DAD-MN-006"];
    /// Draft 5.2.
    ACCEPTS_UNASKED = "mn.accepts-unasked-key-acknowledgement",
        "accepts Key Exchange Acknowledgements of any sequence number, whoever made them", ["LKE-KEA-012"];
    /// Draft 6.
    ACCEPTS_FROM_AFAR = "mn.accepts-far-key-acknowledgement",
        "accepts Key Exchange Acknowledgements from other links", ["LKE-KEA-013"];
    /// Draft 3.2.2.
    IGNORES_ADDRESS = "mn.ignores-router-address",
        "sends Binding Updates to an address that the access router did not give", ["LKE-KEA-014"];
    /// Draft 5.3.
    NO_AUTHENTICATION = "mn.no-authenticated-reply",
        "answers the access router without authentication reply", ["LKE-DAD-MN-001"];
    /// Draft 3.1.3.
    OWN_NONCE = "mn.own-nonce",
        "does not copy the nonce of the solicitation", ["LKE-DAD-MN-002"];
    /// Draft 5.3.
    ANSWERS_ANY_ROUTER = "mn.answers-any-router",
        "does not look at the access router's address in a solicitation", ["LKE-DAD-MN-003"];
    /// Draft 3.1.2.
    BELIEVES_SOLICITATIONS = "mn.believes-solicitations",
        "does not verify the HMAC of a solicitation", ["LKE-DAD-MN-004"];
    /// Draft 5.3.
    IGNORES_CLAIMS = "mn.ignores-claims",
        "keeps its association though somebody else claims its address", ["LKE-DAD-MN-005", "LKE-DAD-MN-006"];
    /// Draft 2.1.
    ALWAYS_AUTHENTICATES = "mn.always-authenticates",
        "puts an authentication reply into each defence of its address", ["LKE-DAD-MN-007"];
    /// Draft 2.1.
    UPDATES_FOR_HOME = "mn.local-update-for-home",
        "sends its home address to the access router in place of the care-of address", ["LKE-BU-001"];
    /// Draft 2.1.
    BAD_AUTHENTICATOR = "mn.bad-local-authenticator",
        "authorizes Binding Updates to access routers by another key", ["LKE-BU-002"];
    /// Draft 2.1.
    NO_UPDATE = "mn.no-local-update",
        "sends no Binding Update to the access router before", ["LKE-BU-005"];
    /// Draft 5.4.
    LETS_EXPIRE = "mn.lets-associations-expire",
        "does not register with its home agent before its associations end", ["LKE-BU-006"];
    /// Draft 2.1.
    USES_EXPIRED = "mn.uses-expired-association",
        "sends Binding Updates under associations that have ended", ["LKE-BU-007"];
    /// Draft 2.1.
    NO_FINISHED = "mn.no-finished",
        "does not send Finished messages", ["LKE-BA-004"];
    /// Draft 3.2.3.
    FINISHES_UNASKED = "mn.finishes-unasked",
        "sends a Finished message though flag r is clear", ["LKE-BA-005"];
    /// Draft 3.2.4.
    FINISHES_OTHERWISE = "mn.finishes-otherwise",
        "does not copy the nonce into a Finished message", ["LKE-BA-006"];
    /// Draft 2.1.
    FINISHES_FOR_HOME = "mn.finishes-for-home",
        "sends Finished messages for its home address", ["LKE-BA-007"];
    /// Draft 2.1.
    BAD_FINISHED = "mn.bad-finished-authenticator",
        "authenticates Finished messages by another key", ["LKE-BA-008"];
    /// Draft 2.1.
    ACCEPTS_BAD_BINDING = "mn.accepts-bad-local-acknowledgement",
        "does not verify Binding Acknowledgements of access routers", ["LKE-BA-011"];
}
