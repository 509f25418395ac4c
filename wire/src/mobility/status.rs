//! Names of status values and triggers.

use crate::layout::Names;

/// Status of a Binding Acknowledgement: RFC 6275 6.1.8 and the registry.
pub static BINDING_STATUS: Names = &[
    (0, "Binding Update accepted"),
    (1, "Accepted but prefix discovery necessary"),
    (2, "GRE key option not required"),
    (3, "GRE tunneling but TLV-header not supported"),
    (4, "MCoA notification complete"),
    (5, "MCoA returned home without network discovery"),
    (6, "PBU accepted, TB ignored"),
    (128, "Reason unspecified"),
    (129, "Administratively prohibited"),
    (130, "Insufficient resources"),
    (131, "Home registration not supported"),
    (132, "Not home subnet"),
    (133, "Not home agent for this mobile node"),
    (134, "Duplicate Address Detection failed"),
    (135, "Sequence number out of window"),
    (136, "Expired home nonce index"),
    (137, "Expired care-of nonce index"),
    (138, "Expired nonces"),
    (139, "Registration type change disallowed"),
    (140, "Mobile router operation not permitted"),
    (141, "Invalid prefix"),
    (142, "Not authorized for prefix"),
    (143, "Forwarding setup failed"),
    (144, "MIPV6-ID-MISMATCH"),
    (145, "MIPV6-MESG-ID-REQD"),
    (146, "MIPV6-AUTH-FAIL"),
    (147, "Permanent home keygen token unavailable"),
    (148, "CGA and signature verification failed"),
    (149, "Permanent home keygen token exists"),
    (150, "Non-null home nonce index expected"),
    (151, "Service authorization failed"),
    (152, "Proxy registration not enabled"),
    (153, "Not LMA for this mobile node"),
    (154, "MAG not authorized for proxy registration"),
    (155, "Not authorized for home network prefix"),
    (156, "Timestamp mismatch"),
    (157, "Timestamp lower than previously accepted"),
    (158, "Missing home network prefix option"),
    (159, "Binding and PBU prefixes do not match"),
    (160, "Missing MN identifier option"),
    (161, "Missing handoff indicator option"),
    (162, "Missing access technology type option"),
    (163, "GRE key option required"),
    (164, "MCoA malformed"),
    (165, "MCoA non-MCoA binding exists"),
    (166, "MCoA prohibited"),
    (167, "MCoA unknown CoA"),
    (168, "MCoA bulk registration prohibited"),
    (169, "MCoA simultaneous home and foreign prohibited"),
    (170, "Not authorized for IPv4 mobility service"),
    (171, "Not authorized for IPv4 home address"),
    (172, "Not authorized for IPv6 mobility service"),
    (173, "Multiple IPv4 home address assignment not supported"),
    (174, "Invalid care-of address"),
    (175, "Invalid mobile node group identifier"),
    (176, "Reinit SA with HAC"),
    (177, "Not authorized for delegated MNP"),
    (178, "Requested DMNP in use"),
    (179, "Cannot meet QoS service request"),
];

/// Status of a Binding Error, RFC 6275 6.1.9.
pub static BINDING_ERROR_STATUS: Names = &[
    (1, "Unknown binding for Home Address destination option"),
    (2, "Unrecognized MH Type value"),
];

/// Status of a Fast Binding Acknowledgement, RFC 5568 6.2.3.
pub static FAST_BINDING_STATUS: Names = &[
    (0, "Fast Binding Update accepted"),
    (1, "Accepted but new care-of address is invalid"),
    (128, "Reason unspecified"),
    (129, "Administratively prohibited"),
    (130, "Insufficient resources"),
    (131, "Incorrect interface identifier length"),
];

/// Revocation trigger, RFC 5846 5.1.
pub static BINDING_REVOCATION_TRIGGER: Names = &[
    (0, "Unspecified"),
    (1, "Administrative reason"),
    (2, "Inter-MAG handover, same access type"),
    (3, "Inter-MAG handover, different access type"),
    (4, "Inter-MAG handover, unknown"),
    (5, "User-initiated session termination"),
    (6, "Access network session termination"),
    (7, "Possible out-of-sync BCE state"),
    (128, "Per-peer policy"),
    (129, "Revoking mobility node local policy"),
];

/// Status of a Binding Revocation Acknowledgement, RFC 5846 5.2.
pub static BINDING_REVOCATION_STATUS: Names = &[
    (0, "Success"),
    (1, "Partial success"),
    (128, "Binding does not exist"),
    (129, "IPv4 home address option required"),
    (130, "Global revocation not authorized"),
    (131, "Revoked mobile nodes identity required"),
    (132, "Revocation failed, MN is attached"),
    (133, "Revocation trigger not supported"),
    (134, "Revocation function not supported"),
    (135, "Proxy binding revocation not supported"),
];
