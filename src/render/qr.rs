//! A page's address as a QR code, for readers of the printed page.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The code of an address. Readers take any of the eight masks; trying all for the handsomest costs ten times
/// the rest, so it is always the first, the checkerboard.
fn encode(address: &str) -> Option<QrCode> {
    let segments = QrSegment::make_segments(address);
    let (least, most) = (Version::MIN, Version::MAX);
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, least, most, Some(Mask::new(0)), false).ok()
}

/// An inline SVG without style attributes, so that it stands under a strict Content-Security-Policy. `None`
/// if the address is too long for a code.
pub(super) fn svg(address: &str) -> Option<String> {
    let code = encode(address)?;
    let size = code.size();
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
            let run = (column..size).take_while(|&at| code.get_module(at, row)).count() as i32;
            if run > 0 {
                match end {
                    None => {
                        svg.push('M');
                        push(&mut svg, column + margin);
                        svg.push(' ');
                        push(&mut svg, row + margin);
                        svg.push_str(".5h");
                    }
                    Some(end) => {
                        svg.push('m');
                        push(&mut svg, column - end);
                        svg.push_str(" 0h");
                    }
                }
                push(&mut svg, run);
                end = Some(column + run);
            }
            column += run + 1;
        }
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}

/// Appends a number below a thousand; no code is wider.
fn push(svg: &mut String, number: i32) {
    let digit = |number: i32| char::from(b'0' + (number % 10) as u8);
    if number >= 100 {
        svg.push(digit(number / 100));
    }
    if number >= 10 {
        svg.push(digit(number / 10));
    }
    svg.push(digit(number));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_every_module_once() {
        let address = "https://www.example.gov.cn/xxgk/dingshi/2023/fazhi.html";
        let drawn = svg(address).unwrap();
        let code = encode(address).unwrap();
        let dark = (0..code.size()).flat_map(|row| (0..code.size()).map(move |column| (column, row)));
        let dark = dark.filter(|&(column, row)| code.get_module(column, row)).count();
        let path = drawn.split("stroke=\"#000\" d=\"").nth(1).unwrap();
        let runs = path[..path.find('"').unwrap()].split('h').skip(1);
        let lengths =
            runs.map(|run| run.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<usize>().unwrap());
        assert_eq!(lengths.sum::<usize>(), dark);
        assert!(svg(&"x".repeat(5000)).is_none());
    }
}
