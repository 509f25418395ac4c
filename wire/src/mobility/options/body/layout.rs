//! The layout of each option.

use super::super::fields::*;
use super::OptionBody;
use crate::codes::OptionFormat;
use crate::layout::{Driver, Field, Layout, Space, Step};

impl<'a> Layout<'a> for OptionBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&OPTION_DATA, data),
            Self::Pad1 => Ok(()),
            Self::PadN(data) => d.rest(&PADN, data),
            Self::BindingRefreshAdvice { interval } => d.int(&REFRESH_INTERVAL, interval),
            Self::AlternateCareof { address } => d.ipv6(&ALTERNATE_COA, address),
            Self::NonceIndices { home, careof } => {
                d.int(&HOME_INDEX, home)?;
                d.int(&CAREOF_INDEX, careof)
            }
            Self::BindingAuthorization { authenticator } => d.rest(&AUTHENTICATOR, authenticator),
            Self::Prefix { reserved, len, prefix, .. } => {
                d.int(&MNP_RESERVED, reserved)?;
                d.int(&MNP_LEN, len)?;
                d.ipv6(&MNP_PREFIX, prefix)
            }
            Self::LinkLayerAddress { code, address } => {
                d.int(&LLA_CODE_FIELD, code)?;
                d.rest(&LLA, address)
            }
            Self::MobileNodeIdentifier { subtype, identifier } => {
                d.int(&MN_ID_SUBTYPE_FIELD, subtype)?;
                d.rest(&MN_ID, identifier)
            }
            Self::Authentication { subtype, spi, data } => {
                d.int(&AUTH_SUBTYPE_FIELD, subtype)?;
                d.int(&AUTH_SPI, spi)?;
                d.rest(&AUTH_DATA, data)
            }
            Self::ReplayProtection { timestamp } => d.int(&REPLAY_TIMESTAMP, timestamp),
            Self::Opaque { format, data } => d.rest(opaque_field(*format), data),
            Self::DnsUpdate { status, flags, identity } => {
                d.int(&DNS_STATUS_FIELD, status)?;
                d.bits(const { &[&DNS_R, &DNS_RESERVED] }, flags)?;
                d.rest(&DNS_IDENTITY, identity)
            }
            Self::VendorSpecific { vendor, subtype, data } => {
                d.int(&VENDOR, vendor)?;
                d.int(&VENDOR_SUBTYPE, subtype)?;
                d.rest(&VENDOR_DATA, data)
            }
            Self::ServiceSelection { identifier } => d.rest(&SERVICE, identifier),
            Self::FastBindingAuthorization { spi, authenticator } => {
                d.int(&BADF_SPI, spi)?;
                d.rest(&BADF_AUTHENTICATOR, authenticator)
            }
            Self::HandoffIndicator { reserved, indicator } => {
                d.int(&HANDOFF_RESERVED, reserved)?;
                d.int(&HANDOFF_INDICATOR, indicator)
            }
            Self::AccessTechnology { reserved, technology } => {
                d.int(&ATT_RESERVED, reserved)?;
                d.int(&ATT, technology)
            }
            Self::LinkLayerIdentifier { reserved, identifier } => {
                d.int(&LLI_RESERVED, reserved)?;
                d.rest(&LLI, identifier)
            }
            Self::Address { format, address } => match format {
                OptionFormat::ServingMaar => d.ipv6(&MAAR_ADDRESS, address),
                OptionFormat::DlifLinkLocal => d.ipv6(&DLIF_LINK_LOCAL, address),
                _ => d.ipv6(&LINK_LOCAL, address),
            },
            Self::Timestamp { timestamp } => d.int(&TIMESTAMP, timestamp),
            Self::RestartCounter { counter } => d.int(&RESTART_COUNTER, counter),
            Self::Ipv4HomeAddress { flags, address } => {
                d.bits(const { &[&V4HA_LEN, &V4HA_P, &V4HA_RESERVED_BITS] }, flags)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4AddressAcknowledgement { status, len, address } => {
                d.int(&V4AA_STATUS, status)?;
                d.bits(const { &[&V4AA_LEN, &V4AA_RESERVED] }, len)?;
                d.ipv4(&V4HA, address)
            }
            Self::NatDetection { flags, refresh } => {
                d.bits(const { &[&NAT_F, &NAT_RESERVED] }, flags)?;
                d.int(&NAT_REFRESH, refresh)
            }
            Self::Ipv4CareofAddress { reserved, address } => {
                d.int(&V4COA_RESERVED, reserved)?;
                d.ipv4(&V4COA, address)
            }
            Self::GreKey { reserved, key } => {
                d.int(&GRE_RESERVED, reserved)?;
                if D::READING {
                    *key = (d.left() >= 4).then_some(0);
                }
                if d.given(&GRE_KEY) {
                    key.get_or_insert(0);
                }
                match key {
                    Some(key) => d.int(&GRE_KEY, key),
                    None => Ok(()),
                }
            }
            Self::Ipv6AddressPrefix { code, len, address } => {
                d.int(&AP_CODE_FIELD, code)?;
                d.int(&AP_LEN, len)?;
                d.ipv6(if *code == 4 { &AP_PREFIX } else { &AP_ADDRESS }, address)
            }
            Self::BindingIdentifier { bid, status, flags, careof } => {
                d.int(&BID, bid)?;
                d.int(&BID_STATUS, status)?;
                d.bits(const { &[&BID_H, &BID_PRIORITY] }, flags)?;
                careof.layout(d, &BID_IPV4, &BID_IPV6)
            }
            Self::Ipv4HomeAddressRequest { flags, address } => {
                d.bits(const { &[&V4REQ_LEN, &V4REQ_RESERVED] }, flags)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4HomeAddressReply { status, len, address } => {
                d.int(&V4REP_STATUS, status)?;
                d.bits(const { &[&V4REP_LEN, &V4REP_RESERVED] }, len)?;
                d.ipv4(&V4HA, address)
            }
            Self::Ipv4DefaultRouter { reserved, address } => {
                d.int(&V4ROUTER_RESERVED, reserved)?;
                d.ipv4(&V4ROUTER, address)
            }
            Self::Ipv4DhcpSupport { flags } => {
                d.bits(const { &[&V4DHCP_RESERVED, &V4DHCP_S] }, flags)
            }
            Self::ContextRequest { reserved, requests } => {
                d.int(&CONTEXT_RESERVED, reserved)?;
                d.area(Space::ContextRequests, requests)
            }
            Self::MobilityAnchorAddress { code, reserved, address } => {
                d.int(&LMA_CODE_FIELD, code)?;
                d.int(&LMA_RESERVED, reserved)?;
                address.layout(d, &LMA_IPV4, &LMA_IPV6)
            }
            Self::InterfaceIdentifier { reserved, identifier } => {
                d.int(&IID_RESERVED, reserved)?;
                d.array(&IID, identifier)
            }
            Self::TransientBinding { flags, lifetime } => {
                d.bits(const { &[&TRANSIENT_RESERVED, &TRANSIENT_L] }, flags)?;
                d.int(&TRANSIENT_LIFETIME, lifetime)
            }
            Self::FlowSummary { ids } => {
                let n = d.left() / 2;
                d.list(&FLOW_SUMMARY_ID, 2, n, ids)
            }
            Self::FlowIdentification { id, priority, reserved, status, options } => {
                d.int(&FLOW_ID, id)?;
                d.int(&FLOW_PRIORITY, priority)?;
                d.int(&FLOW_RESERVED, reserved)?;
                d.int(&FLOW_STATUS, status)?;
                d.area(Space::Flow, options)
            }
            Self::RedirectCapability { reserved } => d.int(&CAPABILITY_RESERVED, reserved),
            Self::Redirect { flags, address } => {
                d.bits(const { &[&REDIRECT_K, &REDIRECT_N, &REDIRECT_RESERVED] }, flags)?;
                address.layout(d, &REDIRECT_IPV4, &REDIRECT_IPV6)
            }
            Self::LoadInformation { priority, sessions, max_sessions, used, max } => {
                d.int(&LOAD_PRIORITY, priority)?;
                d.int(&LOAD_SESSIONS, sessions)?;
                d.int(&LOAD_MAX_SESSIONS, max_sessions)?;
                d.int(&LOAD_USED, used)?;
                d.int(&LOAD_MAX, max)
            }
            Self::AlternateIpv4Careof { address } => d.ipv4(&ALTERNATE_IPV4, address),
            Self::NodeGroupIdentifier { subtype, reserved, id } => {
                d.int(&GROUP_SUBTYPE, subtype)?;
                d.int(&GROUP_RESERVED, reserved)?;
                d.int(&GROUP_ID, id)
            }
            Self::MagAddress { reserved, len, address } => {
                d.int(&MAG_RESERVED, reserved)?;
                d.int(&MAG_LEN, len)?;
                d.ipv6(&MAG_ADDRESS, address)
            }
            Self::AccessNetworkIdentifier { options } => d.area(Space::AccessNetwork, options),
            Self::Ipv4TrafficOffload { flags, options } => {
                d.bits(const { &[&OFFLOAD_M, &OFFLOAD_RESERVED] }, flags)?;
                d.area(Space::Flow, options)
            }
            Self::MulticastSelector { protocol, flags, count, records } => {
                d.int(&SELECTOR_PROTOCOL, protocol)?;
                d.bits(const { &[&SELECTOR_M, &SELECTOR_RESERVED] }, flags)?;
                d.int(&SELECTOR_COUNT, count)?;
                d.rest(&SELECTOR_DATA, records)
            }
            Self::DelegatedPrefix { flags, len, prefix } => {
                d.bits(const { &[&DELEGATED_V, &DELEGATED_RESERVED] }, flags)?;
                d.int(&DELEGATED_LEN, len)?;
                prefix.layout(d, &DELEGATED_IPV4, &DELEGATED_IPV6)
            }
            Self::MulticastSubscription { protocol, context, .. } => {
                d.int(&SUBSCRIPTION_TYPE, protocol)?;
                d.rest(&SUBSCRIPTION_DATA, context)
            }
            Self::QualityOfService { id, class, operation, reserved, attributes } => {
                d.int(&QOS_SR, id)?;
                d.int(&QOS_CLASS, class)?;
                d.int(&QOS_OPERATION, operation)?;
                d.int(&QOS_RESERVED, reserved)?;
                d.rest(&QOS_ATTRIBUTES, attributes)
            }
            Self::UserPlaneAddress { reserved, address } => {
                d.int(&USER_PLANE_RESERVED, reserved)?;
                address.layout(d, &USER_PLANE_IPV4, &USER_PLANE_IPV6)
            }
            Self::Multicast { code, status, data, .. } => {
                d.int(&MULTICAST_CODE, code)?;
                d.int(&MULTICAST_STATUS, status)?;
                d.rest(&MULTICAST_DATA, data)
            }
            Self::MultipathBinding { technology, label, bid, flags } => {
                d.int(&MULTIPATH_ATT, technology)?;
                d.int(&MULTIPATH_LABEL, label)?;
                d.int(&MULTIPATH_BID, bid)?;
                d.bits(const { &[&MULTIPATH_B, &MULTIPATH_O, &MULTIPATH_RESERVED] }, flags)
            }
            Self::MagIdentifier { subtype, reserved, identifier } => {
                d.int(&MAG_ID_SUBTYPE, subtype)?;
                d.int(&MAG_ID_RESERVED, reserved)?;
                d.rest(&MAG_ID, identifier)
            }
            Self::PreviousMaar { reserved, len, address, prefix } => {
                d.int(&MAAR_RESERVED, reserved)?;
                d.int(&MAAR_LEN, len)?;
                d.ipv6(&MAAR_ADDRESS, address)?;
                d.ipv6(&MAAR_PREFIX, prefix)
            }
            Self::DlifLinkLayer { reserved, address } => {
                d.int(&DLIF_RESERVED, reserved)?;
                d.rest(&DLIF_LINK_LAYER, address)
            }
            Self::RequestedLifetime { lifetime } => d.int(&REQUESTED_LIFETIME, lifetime),
            Self::ArAddress { address } => d.ipv6(&AR_ADDRESS, address),
            Self::LkeHmac { hmac } => d.array(&LKE_HMAC, hmac),
            Self::FinishedRequest { flags, nonce } => {
                d.bits(const { &[&FINISHED_R, &FINISHED_RESERVED] }, flags)?;
                d.int(&FINISHED_NONCE, nonce)
            }
        }
    }

    fn title(&self) -> &'static str {
        self.format().title()
    }
}

/// The field over the octets of an option that is nothing else.
fn opaque_field(format: OptionFormat) -> &'static Field {
    match format {
        OptionFormat::CgaParameters => &CGA_PARAMETERS,
        OptionFormat::Signature => &SIGNATURE,
        OptionFormat::PermanentKeygenToken => &PERMANENT_TOKEN,
        OptionFormat::CareofTestOption => &CAREOF_TOKEN,
        OptionFormat::ExperimentalOption => &EXPERIMENTAL,
        OptionFormat::MagParameters => &MAG_PARAMETERS,
        _ => &OPTION_DATA,
    }
}
