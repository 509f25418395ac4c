//! The layout of each message.

use super::Message;
use super::fields::*;
use crate::layout::{Driver, Layout, Step};

impl<'a> Layout<'a> for Message<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::BindingRefreshRequest { reserved } => d.int(&BRR_RESERVED, reserved),
            Self::HomeTestInit { reserved, cookie } => {
                d.int(&HOTI_RESERVED, reserved)?;
                d.int(&HOTI_COOKIE, cookie)
            }
            Self::CareofTestInit { reserved, cookie } => {
                d.int(&COTI_RESERVED, reserved)?;
                d.int(&COTI_COOKIE, cookie)
            }
            Self::HomeTest { nonce_index, cookie, token } => {
                d.int(&HOT_INDEX, nonce_index)?;
                d.int(&HOT_COOKIE, cookie)?;
                d.int(&HOT_TOKEN, token)
            }
            Self::CareofTest { nonce_index, cookie, token } => {
                d.int(&COT_INDEX, nonce_index)?;
                d.int(&COT_COOKIE, cookie)?;
                d.int(&COT_TOKEN, token)
            }
            Self::BindingUpdate { sequence, flags, lifetime } => {
                d.int(&BU_SEQUENCE, sequence)?;
                d.bits(
                    const {
                        &[
                            &BU_A,
                            &BU_H,
                            &BU_L,
                            &BU_K,
                            &BU_M,
                            &BU_R,
                            &BU_P,
                            &BU_F,
                            &BU_T,
                            &BU_B,
                            &BU_S,
                            &BU_D,
                            &BU_RESERVED,
                        ]
                    },
                    flags,
                )?;
                d.int(&BU_LIFETIME, lifetime)
            }
            Self::BindingAcknowledgement { status, flags, sequence, lifetime } => {
                d.int(&BA_STATUS, status)?;
                d.bits(
                    const { &[&BA_K, &BA_R, &BA_P, &BA_T, &BA_B, &BA_S, &BA_D, &BA_RESERVED] },
                    flags,
                )?;
                d.int(&BA_SEQUENCE, sequence)?;
                d.int(&BA_LIFETIME, lifetime)
            }
            Self::BindingError { status, reserved, home_address } => {
                d.int(&BE_STATUS, status)?;
                d.int(&BE_RESERVED, reserved)?;
                d.ipv6(&BE_HOME_ADDRESS, home_address)
            }
            Self::FastBindingUpdate { sequence, flags, reserved, lifetime } => {
                d.int(&FBU_SEQUENCE, sequence)?;
                d.bits(const { &[&FBU_A, &FBU_H, &FBU_L, &FBU_K, &FBU_RESERVED_BITS] }, flags)?;
                d.int(&FBU_RESERVED, reserved)?;
                d.int(&FBU_LIFETIME, lifetime)
            }
            Self::FastBindingAcknowledgement { status, flags, sequence, lifetime } => {
                d.int(&FBACK_STATUS, status)?;
                d.bits(const { &[&FBACK_K, &FBACK_RESERVED] }, flags)?;
                d.int(&FBACK_SEQUENCE, sequence)?;
                d.int(&FBACK_LIFETIME, lifetime)
            }
            Self::FastNeighborAdvertisement { reserved } => d.int(&FNA_RESERVED, reserved),
            Self::Opaque { data, .. } => d.rest(&MESSAGE_DATA, data),
            Self::HomeAgentSwitch { count, reserved, addresses } => {
                d.int(&HAS_COUNT, count)?;
                d.int(&HAS_RESERVED, reserved)?;
                d.list(&HAS_ADDRESS, 16, usize::from(*count), addresses)
            }
            Self::Heartbeat { flags, sequence } => {
                d.bits(const { &[&HB_RESERVED, &HB_U, &HB_R] }, flags)?;
                d.int(&HB_SEQUENCE, sequence)
            }
            Self::HandoverInitiate { sequence, flags, code } => {
                d.int(&HI_SEQUENCE, sequence)?;
                d.bits(const { &[&HI_S, &HI_U, &HI_P, &HI_F, &HI_RESERVED] }, flags)?;
                d.int(&HI_CODE, code)
            }
            Self::HandoverAcknowledge { sequence, flags, code } => {
                d.int(&HACK_SEQUENCE, sequence)?;
                d.bits(const { &[&HACK_U, &HACK_P, &HACK_F, &HACK_RESERVED] }, flags)?;
                d.int(&HACK_CODE, code)
            }
            Self::BindingRevocation { kind, code, sequence, flags } => {
                d.int(&BR_KIND, kind)?;
                let indication = *kind == 1;
                d.int(if indication { &BRI_TRIGGER } else { &BRA_STATUS }, code)?;
                d.int(&BR_SEQUENCE, sequence)?;
                if indication {
                    d.bits(const { &[&BRI_P, &BRI_V, &BRI_G, &BR_RESERVED] }, flags)
                } else {
                    d.bits(const { &[&BRA_P, &BRA_V, &BRA_G, &BR_RESERVED] }, flags)
                }
            }
            Self::LocalizedRoutingInitiation { sequence, reserved, lifetime } => {
                d.int(&LRI_SEQUENCE, sequence)?;
                d.int(&LRI_RESERVED, reserved)?;
                d.int(&LRI_LIFETIME, lifetime)
            }
            Self::LocalizedRoutingAcknowledgement { sequence, flags, status, lifetime } => {
                d.int(&LRA_SEQUENCE, sequence)?;
                d.bits(const { &[&LRA_U, &LRA_RESERVED] }, flags)?;
                d.int(&LRA_STATUS_FIELD, status)?;
                d.int(&LRA_LIFETIME, lifetime)
            }
            Self::UpdateNotification { sequence, reason, flags } => {
                d.int(&UPN_SEQUENCE, sequence)?;
                d.int(&UPN_REASON_FIELD, reason)?;
                d.bits(const { &[&UPN_A, &UPN_D, &UPN_RESERVED] }, flags)
            }
            Self::UpdateNotificationAcknowledgement { sequence, status, reserved } => {
                d.int(&UPA_SEQUENCE, sequence)?;
                d.int(&UPA_STATUS_FIELD, status)?;
                d.array(&UPA_RESERVED, reserved)
            }
            Self::FlowBinding { kind, sequence, code, flags } => {
                d.int(&FB_KIND, kind)?;
                d.int(&FB_SEQUENCE, sequence)?;
                d.int(if *kind == 1 { &FB_TRIGGER } else { &FB_STATUS }, code)?;
                d.bits(const { &[&FB_A, &FB_RESERVED] }, flags)
            }
            Self::SubscriptionQuery { sequence, reserved } => {
                d.int(&SQ_SEQUENCE, sequence)?;
                d.int(&SQ_RESERVED, reserved)
            }
            Self::SubscriptionResponse { sequence, flags } => {
                d.int(&SR_SEQUENCE, sequence)?;
                d.bits(const { &[&SR_I, &SR_RESERVED] }, flags)
            }
            Self::KeyExchangeRequest { sequence, data } => {
                d.int(&KER_SEQUENCE, sequence)?;
                let n = data.len();
                d.bytes(&KER_DATA, n, data)
            }
            Self::KeyExchangeAcknowledgement { status, reserved, sequence, lifetime } => {
                d.int(&KEA_STATUS, status)?;
                d.int(&KEA_RESERVED, reserved)?;
                d.int(&KEA_SEQUENCE, sequence)?;
                d.int(&KEA_LIFETIME, lifetime)
            }
            Self::Finished { status, reserved, sequence, lifetime, nonce, bare } => {
                d.int(&FIN_STATUS, status)?;
                d.int(&FIN_RESERVED, reserved)?;
                d.int(&FIN_SEQUENCE, sequence)?;
                d.int(&FIN_LIFETIME, lifetime)?;
                d.int(&FIN_NONCE, nonce)?;
                if bare.is_empty() && !d.given(&FIN_AUTHENTICATOR) {
                    return Ok(());
                }
                let n = bare.len();
                d.bytes(&FIN_AUTHENTICATOR, n, bare)
            }
        }
    }

    fn title(&self) -> &'static str {
        self.format().title()
    }
}
