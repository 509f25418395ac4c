//! The formats that numbers select, with the numbers IANA registered.

/// Declares the formats a number can select: an enum, its registry of
/// numbers, and for each format the name used in profiles and its title.
macro_rules! formats {
    (
        $(#[$doc:meta])* $name:ident, $registry:ident;
        $( $(#[$vdoc:meta])* $variant:ident = $($number:literal)|*, $slug:literal, $title:literal; )*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name {
            /// A number without a format here; its octets are kept.
            Unknown,
            $( $(#[$vdoc])* #[doc = $title] $variant, )*
        }

        impl $name {
            /// Every format but `Unknown`.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name used in profiles.
            pub const fn slug(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    $(Self::$variant => $slug,)*
                }
            }

            /// The name people use.
            pub const fn title(self) -> &'static str {
                match self {
                    Self::Unknown => "Unknown",
                    $(Self::$variant => $title,)*
                }
            }

            /// The format of this name.
            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|f| f.slug() == slug)
            }
        }

        /// Registered numbers.
        pub(super) const $registry: &[(u8, $name)] = &[$($(($number, $name::$variant),)*)*];
    };
}

formats! {
    /// Mobility Header messages.
    MhFormat, MH_REGISTRY;
    /// RFC 6275 6.1.2.
    BindingRefreshRequest = 0, "binding-refresh-request", "Binding Refresh Request";
    /// RFC 6275 6.1.3.
    HomeTestInit = 1, "home-test-init", "Home Test Init";
    /// RFC 6275 6.1.4.
    CareofTestInit = 2, "care-of-test-init", "Care-of Test Init";
    /// RFC 6275 6.1.5.
    HomeTest = 3, "home-test", "Home Test";
    /// RFC 6275 6.1.6.
    CareofTest = 4, "care-of-test", "Care-of Test";
    /// RFC 6275 6.1.7.
    BindingUpdate = 5, "binding-update", "Binding Update";
    /// RFC 6275 6.1.8.
    BindingAcknowledgement = 6, "binding-acknowledgement", "Binding Acknowledgement";
    /// RFC 6275 6.1.9.
    BindingError = 7, "binding-error", "Binding Error";
    /// RFC 5568 6.2.2.
    FastBindingUpdate = 8, "fast-binding-update", "Fast Binding Update";
    /// RFC 5568 6.2.3.
    FastBindingAcknowledgement = 9, "fast-binding-acknowledgement", "Fast Binding Acknowledgement";
    /// RFC 4068 6.3.3.
    FastNeighborAdvertisement = 10, "fast-neighbor-advertisement", "Fast Neighbor Advertisement";
    /// RFC 5096.
    Experimental = 11, "experimental", "Experimental Mobility Header";
    /// RFC 5142.
    HomeAgentSwitch = 12, "home-agent-switch", "Home Agent Switch";
    /// RFC 5847 3.3.
    Heartbeat = 13, "heartbeat", "Heartbeat";
    /// RFC 5568 6.2.1.1.
    HandoverInitiate = 14, "handover-initiate", "Handover Initiate";
    /// RFC 5568 6.2.1.2.
    HandoverAcknowledge = 15, "handover-acknowledge", "Handover Acknowledge";
    /// RFC 5846 5.
    BindingRevocation = 16, "binding-revocation", "Binding Revocation";
    /// RFC 6705 10.1.
    LocalizedRoutingInitiation = 17, "localized-routing-initiation", "Localized Routing Initiation";
    /// RFC 6705 10.2.
    LocalizedRoutingAcknowledgement = 18, "localized-routing-acknowledgement", "Localized Routing Acknowledgment";
    /// RFC 7077 4.1.
    UpdateNotification = 19, "update-notification", "Update Notification";
    /// RFC 7077 4.2.
    UpdateNotificationAcknowledgement = 20, "update-notification-acknowledgement", "Update Notification Acknowledgement";
    /// RFC 7109 6.1.
    FlowBinding = 21, "flow-binding", "Flow Binding";
    /// RFC 7161 4.3.1.
    SubscriptionQuery = 22, "subscription-query", "Subscription Query";
    /// RFC 7161 4.3.2.
    SubscriptionResponse = 23, "subscription-response", "Subscription Response";
    /// draft-liu-mobileip-lke-01 3.2.1.
    KeyExchangeRequest = , "lke.key-exchange-request", "Key Exchange Request";
    /// draft-liu-mobileip-lke-01 3.2.2.
    KeyExchangeAcknowledgement = , "lke.key-exchange-acknowledgement", "Key Exchange Acknowledgement";
    /// draft-liu-mobileip-lke-01 3.2.4.
    Finished = , "lke.finished", "Finished";
}

impl MhFormat {
    /// Whether this is a message of Local Key Exchange.
    pub const fn is_lke(self) -> bool {
        matches!(self, Self::KeyExchangeRequest | Self::KeyExchangeAcknowledgement | Self::Finished)
    }
}

formats! {
    /// Mobility options.
    OptionFormat, OPTION_REGISTRY;
    /// RFC 6275 6.2.2.
    Pad1 = 0, "pad1", "Pad1";
    /// RFC 6275 6.2.3.
    PadN = 1, "padn", "PadN";
    /// RFC 6275 6.2.4.
    BindingRefreshAdvice = 2, "binding-refresh-advice", "Binding Refresh Advice";
    /// RFC 6275 6.2.5.
    AlternateCareof = 3, "alternate-care-of-address", "Alternate Care-of Address";
    /// RFC 6275 6.2.6.
    NonceIndices = 4, "nonce-indices", "Nonce Indices";
    /// RFC 6275 6.2.7.
    BindingAuthorization = 5, "binding-authorization-data", "Binding Authorization Data";
    /// RFC 3963 4.3.
    MobileNetworkPrefix = 6, "mobile-network-prefix", "Mobile Network Prefix";
    /// RFC 5568 6.4.3.
    LinkLayerAddress = 7, "link-layer-address", "Mobility Header Link-Layer Address";
    /// RFC 4283 3.
    MobileNodeIdentifier = 8, "mobile-node-identifier", "Mobile Node Identifier";
    /// RFC 4285 5.
    Authentication = 9, "authentication", "Mobility Message Authentication";
    /// RFC 4285 6.
    ReplayProtection = 10, "replay-protection", "Mobility Message Replay Protection";
    /// RFC 4866 5.
    CgaRequest = 11, "cga-parameters-request", "CGA Parameters Request";
    /// RFC 4866 5.
    CgaParameters = 12, "cga-parameters", "CGA Parameters";
    /// RFC 4866 5.
    Signature = 13, "signature", "Signature";
    /// RFC 4866 5.
    PermanentKeygenToken = 14, "permanent-home-keygen-token", "Permanent Home Keygen Token";
    /// RFC 4866 5.
    CareofTestInitOption = 15, "care-of-test-init-option", "Care-of Test Init";
    /// RFC 4866 5.
    CareofTestOption = 16, "care-of-test-option", "Care-of Test";
    /// RFC 5026 8.1.
    DnsUpdate = 17, "dns-update", "DNS Update";
    /// RFC 5096 4.
    ExperimentalOption = 18, "experimental-option", "Experimental";
    /// RFC 5094.
    VendorSpecific = 19, "vendor-specific", "Vendor Specific";
    /// RFC 5149 3.
    ServiceSelection = 20, "service-selection", "Service Selection";
    /// RFC 5568 6.4.5.
    FastBindingAuthorization = 21, "fast-binding-authorization-data", "Binding Authorization Data for FMIPv6";
    /// RFC 5213 8.3.
    HomeNetworkPrefix = 22, "home-network-prefix", "Home Network Prefix";
    /// RFC 5213 8.4.
    HandoffIndicator = 23, "handoff-indicator", "Handoff Indicator";
    /// RFC 5213 8.5.
    AccessTechnology = 24, "access-technology-type", "Access Technology Type";
    /// RFC 5213 8.6.
    LinkLayerIdentifier = 25, "link-layer-identifier", "Mobile Node Link-layer Identifier";
    /// RFC 5213 8.7.
    LinkLocalAddress = 26, "link-local-address", "Link-local Address";
    /// RFC 5213 8.8.
    Timestamp = 27, "timestamp", "Timestamp";
    /// RFC 5847 3.4.
    RestartCounter = 28, "restart-counter", "Restart Counter";
    /// RFC 5555 3.1.1.
    Ipv4HomeAddress = 29, "ipv4-home-address", "IPv4 Home Address";
    /// RFC 5555 3.2.1.
    Ipv4AddressAcknowledgement = 30, "ipv4-address-acknowledgement", "IPv4 Address Acknowledgement";
    /// RFC 5555 3.2.2.
    NatDetection = 31, "nat-detection", "NAT Detection";
    /// RFC 5555 3.1.2.
    Ipv4CareofAddress = 32, "ipv4-care-of-address", "IPv4 Care-of Address";
    /// RFC 5845 6.4.
    GreKey = 33, "gre-key", "GRE Key";
    /// RFC 5568 6.4.2.
    Ipv6AddressPrefix = 34, "ipv6-address-prefix", "Mobility Header IPv6 Address/Prefix";
    /// RFC 5648 4.1.
    BindingIdentifier = 35, "binding-identifier", "Binding Identifier";
    /// RFC 5844 3.3.1.
    Ipv4HomeAddressRequest = 36, "ipv4-home-address-request", "IPv4 Home Address Request";
    /// RFC 5844 3.3.2.
    Ipv4HomeAddressReply = 37, "ipv4-home-address-reply", "IPv4 Home Address Reply";
    /// RFC 5844 3.3.3.
    Ipv4DefaultRouter = 38, "ipv4-default-router-address", "IPv4 Default-Router Address";
    /// RFC 5844 3.3.4.
    Ipv4DhcpSupport = 39, "ipv4-dhcp-support-mode", "IPv4 DHCP Support Mode";
    /// RFC 5949 6.2.1.
    ContextRequest = 40, "context-request", "Context Request";
    /// RFC 5949 6.2.2.
    MobilityAnchorAddress = 41, "local-mobility-anchor-address", "Local Mobility Anchor Address";
    /// RFC 5949 6.2.3.
    InterfaceIdentifier = 42, "link-local-interface-identifier", "Mobile Node Link-local Address Interface Identifier";
    /// RFC 6058 4.5.
    TransientBinding = 43, "transient-binding", "Transient Binding";
    /// RFC 6089 4.3.
    FlowSummary = 44, "flow-summary", "Flow Summary";
    /// RFC 6089 4.2.
    FlowIdentification = 45, "flow-identification", "Flow Identification";
    /// RFC 6463 4.1.
    RedirectCapability = 46, "redirect-capability", "Redirect-Capability";
    /// RFC 6463 4.2.
    Redirect = 47, "redirect", "Redirect";
    /// RFC 6463 4.3.
    LoadInformation = 48, "load-information", "Load Information";
    /// RFC 6463 4.4.
    AlternateIpv4Careof = 49, "alternate-ipv4-care-of-address", "Alternate IPv4 Care-of Address";
    /// RFC 6602 4.2.
    NodeGroupIdentifier = 50, "mobile-node-group-identifier", "Mobile Node Group Identifier";
    /// RFC 6705 11.1.
    MagAddress = 51, "mag-ipv6-address", "MAG IPv6 Address";
    /// RFC 6757 3.
    AccessNetworkIdentifier = 52, "access-network-identifier", "Access Network Identifier";
    /// RFC 6909 4.
    Ipv4TrafficOffload = 53, "ipv4-traffic-offload-selector", "IPv4 Traffic Offload Selector";
    /// RFC 7028 5.
    MulticastSelector = 54, "dynamic-ip-multicast-selector", "Dynamic IP Multicast Selector";
    /// RFC 7148 4.
    DelegatedPrefix = 55, "delegated-mobile-network-prefix", "Delegated Mobile Network Prefix";
    /// RFC 7161 4.1.
    MulticastSubscriptionIpv4 = 56, "active-multicast-subscription-ipv4", "Active Multicast Subscription IPv4";
    /// RFC 7161 4.1.
    MulticastSubscriptionIpv6 = 57, "active-multicast-subscription-ipv6", "Active Multicast Subscription IPv6";
    /// RFC 7222 4.1.
    QualityOfService = 58, "quality-of-service", "Quality-of-Service";
    /// RFC 7389 4.1.
    UserPlaneAddress = 59, "lma-user-plane-address", "LMA User-Plane Address";
    /// RFC 7411 5.3.
    MulticastMobility = 60, "multicast-mobility", "Multicast Mobility";
    /// RFC 7411 5.4.
    MulticastAcknowledgement = 61, "multicast-acknowledgement", "Multicast Acknowledgement";
    /// RFC 8127 3.
    MagParameters = 62, "lma-controlled-mag-parameters", "LMA-Controlled MAG Parameters";
    /// RFC 8278 4.1.
    MultipathBinding = 63, "mag-multipath-binding", "MAG Multipath-Binding";
    /// RFC 8278 4.2.
    MagIdentifier = 64, "mag-identifier", "MAG Identifier";
    /// RFC 8885 4.3.
    AnchoredPrefix = 65, "anchored-prefix", "Anchored Prefix";
    /// RFC 8885 4.4.
    LocalPrefix = 66, "local-prefix", "Local Prefix";
    /// RFC 8885 4.5.
    PreviousMaar = 67, "previous-maar", "Previous MAAR";
    /// RFC 8885 4.6.
    ServingMaar = 68, "serving-maar", "Serving MAAR";
    /// RFC 8885 4.7.
    DlifLinkLocal = 69, "dlif-link-local-address", "DLIF Link-Local Address";
    /// RFC 8885 4.8.
    DlifLinkLayer = 70, "dlif-link-layer-address", "DLIF Link-Layer Address";
    /// draft-liu-mobileip-lke-01 3.2.1.
    RequestedLifetime = , "lke.requested-lifetime", "Requested Lifetime";
    /// draft-liu-mobileip-lke-01 3.2.2.
    ArAddress = , "lke.ar-address", "Access Router Address";
    /// draft-liu-mobileip-lke-01 3.2.2.
    LkeHmac = , "lke.hmac", "HMAC-SHA1";
    /// draft-liu-mobileip-lke-01 3.2.3.
    FinishedRequest = , "lke.finished-request", "Finished Message Request";
}

formats! {
    /// Neighbor Discovery options.
    NdFormat, ND_REGISTRY;
    /// RFC 4861 4.6.1.
    SourceLinkLayer = 1, "source-link-layer-address", "Source Link-Layer Address";
    /// RFC 4861 4.6.1.
    TargetLinkLayer = 2, "target-link-layer-address", "Target Link-Layer Address";
    /// RFC 4861 4.6.2, RFC 6275 7.2.
    PrefixInformation = 3, "prefix-information", "Prefix Information";
    /// RFC 4861 4.6.3.
    RedirectedHeader = 4, "redirected-header", "Redirected Header";
    /// RFC 4861 4.6.4.
    Mtu = 5, "mtu", "MTU";
    /// RFC 2491 5.3.1.
    ShortcutLimit = 6, "nbma-shortcut-limit", "NBMA Shortcut Limit";
    /// RFC 6275 7.3.
    AdvertisementInterval = 7, "advertisement-interval", "Advertisement Interval";
    /// RFC 6275 7.4.
    HomeAgentInformation = 8, "home-agent-information", "Home Agent Information";
    /// RFC 3122 3.1.
    SourceAddressList = 9, "source-address-list", "Source Address List";
    /// RFC 3122 3.1.
    TargetAddressList = 10, "target-address-list", "Target Address List";
    /// RFC 3971 5.1.
    Cga = 11, "cga", "CGA";
    /// RFC 3971 5.2.
    RsaSignature = 12, "rsa-signature", "RSA Signature";
    /// RFC 3971 5.3.1.
    Timestamp = 13, "timestamp", "Timestamp";
    /// RFC 3971 5.3.2.
    Nonce = 14, "nonce", "Nonce";
    /// RFC 3971 6.4.3.
    TrustAnchor = 15, "trust-anchor", "Trust Anchor";
    /// RFC 3971 6.4.4.
    Certificate = 16, "certificate", "Certificate";
    /// RFC 5568 6.4.1.
    AddressPrefix = 17, "ip-address-prefix", "IP Address/Prefix";
    /// RFC 4068 6.4.2.
    NewRouterPrefix = 18, "new-router-prefix", "New Router Prefix Information";
    /// RFC 5568 6.4.3.
    LinkLayer = 19, "link-layer-address", "Link-Layer Address";
    /// RFC 5568 6.4.6.
    NeighborAck = 20, "neighbor-advertisement-acknowledgment", "Neighbor Advertisement Acknowledgment";
    /// RFC 5380 4.
    MobilityAnchorPoint = 23, "mobility-anchor-point", "Mobility Anchor Point";
    /// RFC 4191 2.3.
    RouteInformation = 24, "route-information", "Route Information";
    /// RFC 8106 5.1.
    DnsServers = 25, "recursive-dns-server", "Recursive DNS Server";
    /// RFC 5175 4.
    FlagsExpansion = 26, "flags-expansion", "RA Flags Extension";
    /// RFC 5269 5.1.1.
    HandoverKeyRequest = 27, "handover-key-request", "Handover Key Request";
    /// RFC 5269 5.1.2.
    HandoverKeyReply = 28, "handover-key-reply", "Handover Key Reply";
    /// RFC 5271 5.1.
    HandoverAssist = 29, "handover-assist-information", "Handover Assist Information";
    /// RFC 5271 5.2.
    MobileNodeIdentifier = 30, "mobile-node-identifier", "Mobile Node Identifier";
    /// RFC 8106 5.2.
    DnsSearchList = 31, "dns-search-list", "DNS Search List";
    /// RFC 8910 2.3.
    CaptivePortal = 37, "captive-portal", "Captive-Portal";
    /// RFC 8781 4.
    Pref64 = 38, "pref64", "PREF64";
    /// draft-liu-mobileip-lke-01 3.1.1.
    LkeCapability = , "lke.capability", "LKE Capability Advertisement";
    /// draft-liu-mobileip-lke-01 3.1.2.
    DadAuthenticationRequest = , "lke.dad-authentication-request", "DAD Authentication Request";
    /// draft-liu-mobileip-lke-01 3.1.3.
    DadAuthenticationReply = , "lke.dad-authentication-reply", "DAD Authentication Reply";
}
