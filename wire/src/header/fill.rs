//! Headers whatever they are: their fields set, and visited.

use super::Header;
use crate::codes::Codes;
use crate::layout::{Filler, Layout, Reader, Setter, Sink};

impl<'a> Header<'a> {
    /// Sets the fields of this header to what `filler` gives. `Raw` has none.
    pub fn fill<F: Filler<'a>>(&mut self, filler: &mut F, codes: &'a Codes) {
        let mut setter = Setter::new(filler, codes);
        super::with_layout!(self, layout => setter.fill(layout), _raw => ());
    }

    /// Reports the fields of `octets`, a header of the same kind as this one and
    /// `at` octets into its packet. What does not fit is reported as such.
    pub fn visit<'o>(&self, octets: &'o [u8], at: usize, codes: &'o Codes, sink: impl Sink<'o>) {
        let read = Visit { octets, at, codes };
        match self {
            Self::Ethernet(_) => read.visit::<crate::link::Ethernet>(sink),
            Self::Vlan(_) => read.visit::<crate::link::Vlan>(sink),
            Self::CookedV1(_) => read.visit::<crate::link::CookedV1>(sink),
            Self::CookedV2(_) => read.visit::<crate::link::CookedV2>(sink),
            Self::Loopback(_) => read.visit::<crate::link::Loopback>(sink),
            Self::Ipv4(_) => read.visit::<crate::ip::Ipv4<'o>>(sink),
            Self::Ipv6(_) => read.visit::<crate::ip::Ipv6>(sink),
            Self::HopByHop(_) => read.visit::<crate::ip::HopByHop<'o>>(sink),
            Self::DestinationOptions(_) => read.visit::<crate::ip::DestinationOptions<'o>>(sink),
            Self::Routing(_) => read.visit::<crate::ip::Routing<'o>>(sink),
            Self::Fragment(_) => read.visit::<crate::ip::Fragment>(sink),
            Self::Authentication(_) => read.visit::<crate::ip::Authentication<'o>>(sink),
            Self::Esp(_) => read.visit::<crate::ip::Esp<'o>>(sink),
            Self::Mobility(_) => read.visit::<crate::mobility::Mobility<'o>>(sink),
            Self::Icmpv6(_) => read.visit::<crate::icmpv6::Icmpv6<'o>>(sink),
            Self::Udp(_) => read.visit::<crate::transport::Udp>(sink),
            Self::Tcp(_) => read.visit::<crate::transport::Tcp<'o>>(sink),
            Self::Ike(_) => read.visit::<crate::ike::IkeMessage<'o>>(sink),
            Self::Dhcpv6(_) => read.visit::<crate::dhcpv6::Dhcpv6<'o>>(sink),
            Self::Raw(_) => {}
        }
    }
}

struct Visit<'o> {
    octets: &'o [u8],
    at: usize,
    codes: &'o Codes,
}

impl<'o> Visit<'o> {
    fn visit<L: Layout<'o>>(&self, sink: impl Sink<'o>) {
        let len = self.octets.len();
        let mut reader = Reader::with_sink(self.octets, len, self.at, self.codes, sink);
        // What stops the reader it reports to the sink.
        let _ = reader.fill(&mut L::default());
    }
}
