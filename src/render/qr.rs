//! A page's address as a QR code, for readers of the printed page.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

/// An inline SVG without style attributes, so that it stands under a strict Content-Security-Policy. `None`
/// if the address is too long for a code.
pub(super) fn svg(address: &str) -> Option<String> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let size = code.size;
    let margin = 2;
    let full = size + 2 * margin;
    // Each run of dark modules is one stroke, from where the last one ended: a third of the bytes of boxes.
    let mut svg = format!(
        r##"<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" aria-hidden="true" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{full}v{full}H0z"/><path stroke="#000" d=""##
    );
    for row in 0..size {
        let mut end = None;
        let mut column = 0;
        while column < size {
            let run = (column..size).take_while(|&at| code[row][at].value()).count();
            if run > 0 {
                let _ = match end {
                    None => write!(svg, "M{} {}.5h{run}", column + margin, row + margin),
                    Some(end) => write!(svg, "m{} 0h{run}", column - end),
                };
                end = Some(column + run);
            }
            column += run + 1;
        }
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}
