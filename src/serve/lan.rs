//! For trying the site on a phone: this machine's address in its network, and a code to photograph.

use std::net::{IpAddr, UdpSocket};

use fast_qr::{ECL, QRBuilder};

/// The address at which other machines of the network reach this one; none where there is no network. Nothing is
/// sent: the system only says which of its addresses it would use. The far address is one for documentation
/// (RFC 5737) and belongs to nobody.
pub fn address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// A link as a code of half blocks, two modules a line, dark on light as cameras want it.
pub fn code(link: &str) -> Option<String> {
    let code = QRBuilder::new(link).ecl(ECL::M).build().ok()?;
    Some(code.to_str())
}
