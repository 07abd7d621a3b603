//! A page's address as a QR code, for readers of the printed page.

use fast_qr::{ECL, QRBuilder};

/// An inline SVG without style attributes, so that it stands under a strict Content-Security-Policy. `None`
/// if the address is too long for a code.
pub(super) fn svg(address: &str) -> Option<String> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let size = code.size;
    let margin = 2;
    let full = size + 2 * margin;
    let mut svg = format!(
        r##"<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" role="img" aria-label="本页地址二维码" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{full}v{full}H0z"/><path fill="#000" d=""##
    );
    for row in 0..size {
        let mut column = 0;
        while column < size {
            let run = (column..size).take_while(|&at| code[row][at].value()).count();
            if run > 0 {
                svg.push_str(&format!("M{} {}h{run}v1h-{run}z", column + margin, row + margin));
            }
            column += run + 1;
        }
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}
