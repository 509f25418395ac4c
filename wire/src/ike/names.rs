//! Names of IKE numbers.

use crate::layout::Names;

pub(super) static PAYLOADS: Names = &[
    (0, "None"),
    (1, "Security Association"),
    (2, "Proposal"),
    (3, "Transform"),
    (4, "Key Exchange"),
    (5, "Identification"),
    (6, "Certificate"),
    (7, "Certificate Request"),
    (8, "Hash"),
    (9, "Signature"),
    (10, "Nonce"),
    (11, "Notification"),
    (12, "Delete"),
    (13, "Vendor ID"),
    (14, "Attribute"),
    (20, "NAT Discovery"),
    (21, "NAT Original Address"),
    (33, "Security Association"),
    (34, "Key Exchange"),
    (35, "Identification - Initiator"),
    (36, "Identification - Responder"),
    (37, "Certificate"),
    (38, "Certificate Request"),
    (39, "Authentication"),
    (40, "Nonce"),
    (41, "Notify"),
    (42, "Delete"),
    (43, "Vendor ID"),
    (44, "Traffic Selector - Initiator"),
    (45, "Traffic Selector - Responder"),
    (46, "Encrypted and Authenticated"),
    (47, "Configuration"),
    (48, "Extensible Authentication"),
    (53, "Encrypted and Authenticated Fragment"),
    (130, "NAT Discovery (draft)"),
    (131, "NAT Original Address (draft)"),
];

pub(super) static EXCHANGES: Names = &[
    (0, "None"),
    (1, "Base"),
    (2, "Identity Protection (Main Mode)"),
    (3, "Authentication Only"),
    (4, "Aggressive"),
    (5, "Informational"),
    (6, "Transaction (Config Mode)"),
    (32, "Quick Mode"),
    (33, "New Group Mode"),
    (34, "IKE_SA_INIT"),
    (35, "IKE_AUTH"),
    (36, "CREATE_CHILD_SA"),
    (37, "INFORMATIONAL"),
    (38, "IKE_SESSION_RESUME"),
];

pub(super) static PROTOCOLS: Names = &[(1, "ISAKMP or IKE"), (2, "AH"), (3, "ESP"), (4, "IPCOMP")];

pub(super) static IDENTITIES: Names = &[
    (1, "ID_IPV4_ADDR"),
    (2, "ID_FQDN"),
    (3, "ID_USER_FQDN"),
    (4, "ID_IPV4_ADDR_SUBNET"),
    (5, "ID_IPV6_ADDR"),
    (6, "ID_IPV6_ADDR_SUBNET"),
    (7, "ID_IPV4_ADDR_RANGE"),
    (8, "ID_IPV6_ADDR_RANGE"),
    (9, "ID_DER_ASN1_DN"),
    (10, "ID_DER_ASN1_GN"),
    (11, "ID_KEY_ID"),
];

pub(super) static TRANSFORM_TYPES: Names = &[
    (1, "Encryption Algorithm (ENCR)"),
    (2, "Pseudo-random Function (PRF)"),
    (3, "Integrity Algorithm (INTEG)"),
    (4, "Diffie-Hellman Group (D-H)"),
    (5, "Extended Sequence Numbers (ESN)"),
];

pub(super) static ENCRYPTION: Names = &[
    (1, "ENCR_DES_IV64"),
    (2, "ENCR_DES"),
    (3, "ENCR_3DES"),
    (11, "ENCR_NULL"),
    (12, "ENCR_AES_CBC"),
    (13, "ENCR_AES_CTR"),
    (14, "ENCR_AES_CCM_8"),
    (15, "ENCR_AES_CCM_12"),
    (16, "ENCR_AES_CCM_16"),
    (18, "ENCR_AES_GCM_8"),
    (19, "ENCR_AES_GCM_12"),
    (20, "ENCR_AES_GCM_16"),
    (28, "ENCR_CHACHA20_POLY1305"),
];

pub(super) static PRFS: Names = &[
    (1, "PRF_HMAC_MD5"),
    (2, "PRF_HMAC_SHA1"),
    (3, "PRF_HMAC_TIGER"),
    (4, "PRF_AES128_XCBC"),
    (5, "PRF_HMAC_SHA2_256"),
    (6, "PRF_HMAC_SHA2_384"),
    (7, "PRF_HMAC_SHA2_512"),
    (8, "PRF_AES128_CMAC"),
];

pub(super) static INTEGRITY: Names = &[
    (0, "NONE"),
    (1, "AUTH_HMAC_MD5_96"),
    (2, "AUTH_HMAC_SHA1_96"),
    (3, "AUTH_DES_MAC"),
    (4, "AUTH_KPDK_MD5"),
    (5, "AUTH_AES_XCBC_96"),
    (8, "AUTH_AES_CMAC_96"),
    (12, "AUTH_HMAC_SHA2_256_128"),
    (13, "AUTH_HMAC_SHA2_384_192"),
    (14, "AUTH_HMAC_SHA2_512_256"),
];

pub(super) static GROUPS: Names = &[
    (0, "NONE"),
    (1, "768-bit MODP"),
    (2, "1024-bit MODP"),
    (5, "1536-bit MODP"),
    (14, "2048-bit MODP"),
    (15, "3072-bit MODP"),
    (16, "4096-bit MODP"),
    (17, "6144-bit MODP"),
    (18, "8192-bit MODP"),
    (19, "256-bit random ECP"),
    (20, "384-bit random ECP"),
    (21, "521-bit random ECP"),
    (31, "Curve25519"),
    (32, "Curve448"),
];

pub(super) static NOTIFICATIONS: Names = &[
    (1, "UNSUPPORTED_CRITICAL_PAYLOAD"),
    (4, "INVALID_IKE_SPI"),
    (5, "INVALID_MAJOR_VERSION"),
    (7, "INVALID_SYNTAX"),
    (9, "INVALID_MESSAGE_ID"),
    (11, "INVALID_SPI"),
    (14, "NO_PROPOSAL_CHOSEN"),
    (17, "INVALID_KE_PAYLOAD"),
    (24, "AUTHENTICATION_FAILED"),
    (34, "SINGLE_PAIR_REQUIRED"),
    (35, "NO_ADDITIONAL_SAS"),
    (36, "INTERNAL_ADDRESS_FAILURE"),
    (37, "FAILED_CP_REQUIRED"),
    (38, "TS_UNACCEPTABLE"),
    (39, "INVALID_SELECTORS"),
    (42, "USE_ASSIGNED_HoA"),
    (16384, "INITIAL_CONTACT"),
    (16385, "SET_WINDOW_SIZE"),
    (16386, "ADDITIONAL_TS_POSSIBLE"),
    (16387, "IPCOMP_SUPPORTED"),
    (16388, "NAT_DETECTION_SOURCE_IP"),
    (16389, "NAT_DETECTION_DESTINATION_IP"),
    (16390, "COOKIE"),
    (16391, "USE_TRANSPORT_MODE"),
    (16392, "HTTP_CERT_LOOKUP_SUPPORTED"),
    (16393, "REKEY_SA"),
    (16394, "ESP_TFC_PADDING_NOT_SUPPORTED"),
    (16395, "NON_FIRST_FRAGMENTS_ALSO"),
    (16396, "MOBIKE_SUPPORTED"),
    (16400, "UPDATE_SA_ADDRESSES"),
    (16403, "AUTH_LIFETIME"),
    (16404, "MULTIPLE_AUTH_SUPPORTED"),
    (16406, "REDIRECT_SUPPORTED"),
    (16407, "REDIRECT"),
    (16408, "REDIRECTED_FROM"),
    (16430, "IKEV2_FRAGMENTATION_SUPPORTED"),
    (16431, "SIGNATURE_HASH_ALGORITHMS"),
];

pub(super) static AUTH_METHODS: Names = &[
    (1, "RSA Digital Signature"),
    (2, "Shared Key Message Integrity Code"),
    (3, "DSS Digital Signature"),
    (9, "ECDSA with SHA-256 on P-256"),
    (10, "ECDSA with SHA-384 on P-384"),
    (11, "ECDSA with SHA-512 on P-521"),
    (14, "Digital Signature"),
];

pub(super) static SELECTORS: Names = &[(7, "TS_IPV4_ADDR_RANGE"), (8, "TS_IPV6_ADDR_RANGE")];

pub(super) static CONFIGURATION: Names =
    &[(1, "CFG_REQUEST"), (2, "CFG_REPLY"), (3, "CFG_SET"), (4, "CFG_ACK")];

pub(super) static CONFIGURATION_ATTRIBUTES: Names = &[
    (1, "INTERNAL_IP4_ADDRESS"),
    (2, "INTERNAL_IP4_NETMASK"),
    (3, "INTERNAL_IP4_DNS"),
    (4, "INTERNAL_IP4_NBNS"),
    (6, "INTERNAL_IP4_DHCP"),
    (7, "APPLICATION_VERSION"),
    (8, "INTERNAL_IP6_ADDRESS"),
    (10, "INTERNAL_IP6_DNS"),
    (12, "INTERNAL_IP6_DHCP"),
    (13, "INTERNAL_IP4_SUBNET"),
    (14, "SUPPORTED_ATTRIBUTES"),
    (15, "INTERNAL_IP6_SUBNET"),
    (16, "MIP6_HOME_PREFIX"),
    (19, "HOME_AGENT_ADDRESS"),
];

pub(super) static PHASE1_ATTRIBUTES: Names = &[
    (1, "Encryption Algorithm"),
    (2, "Hash Algorithm"),
    (3, "Authentication Method"),
    (4, "Group Description"),
    (11, "Life Type"),
    (12, "Life Duration"),
    (14, "Key Length"),
];

pub(super) static PHASE2_ATTRIBUTES: Names = &[
    (1, "SA Life Type"),
    (2, "SA Life Duration"),
    (3, "Group Description"),
    (4, "Encapsulation Mode"),
    (5, "Authentication Algorithm"),
    (6, "Key Length"),
];

pub(super) static TRANSFORM_ATTRIBUTES: Names = &[(14, "Key Length")];
