//! For trying the site on a phone: this machine's address in its network, and a code to photograph.

use std::net::{IpAddr, UdpSocket};

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a code, as ISO/IEC 18004 wants them.
const MARGIN: i32 = 4;

/// The address at which other machines of the network reach this one; none where there is no network. Nothing is
/// sent: the system only says which of its addresses it would use. The far address is one for documentation
/// (RFC 5737) and belongs to nobody.
pub fn address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// A link as a code for terminals, two modules a character: light ones are drawn, because most terminals are dark.
pub fn code(link: &str) -> Option<String> {
    let code = QrCode::encode_text(link, QrCodeEcc::Medium).ok()?;
    let light = |column: i32, row: i32| row < code.size() + MARGIN && !code.get_module(column, row);
    let lines = (-MARGIN..code.size() + MARGIN).step_by(2).map(|row| {
        let characters =
            (-MARGIN..code.size() + MARGIN).map(|column| match (light(column, row), light(column, row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        characters.chain(['\n']).collect::<String>()
    });
    Some(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_every_module() {
        let link = "http://192.168.1.20:8686/";
        let drawn = code(link).unwrap();
        let code = QrCode::encode_text(link, QrCodeEcc::Medium).unwrap();
        let rows: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        assert!(rows.iter().all(|row| row.len() == (code.size() + 2 * MARGIN) as usize));
        for row in 0..code.size() {
            for column in 0..code.size() {
                let character = rows[((row + MARGIN) / 2) as usize][(column + MARGIN) as usize];
                let lights = if (row + MARGIN) % 2 == 0 { ['█', '▀'] } else { ['█', '▄'] };
                assert_eq!(lights.contains(&character), !code.get_module(column, row), "{column} {row}");
            }
        }
    }
}
