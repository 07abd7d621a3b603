//! A page's address as a QR code, for readers of the printed page: a picture of one bit a module, within the page.
//!
//! Codes are linear: data bits, their check bits and the mask are joined by exclusive or. So the code of an address is
//! that of the site's own address with zero bytes behind it, and one pattern laid over it for each byte that stands
//! there instead. The patterns are got from the library when first needed; a site of ten thousand reports lays them ten
//! thousand times, at a fortieth of what encoding anew would cost.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// White modules around the code, so that it stands apart on any background; the stylesheet adds some more.
const MARGIN: i32 = 2;
/// Versions whose data begins with the same twelve bits, mode and length (ISO/IEC 18004, table 3): up to 180 bytes.
const SHORT: u8 = 9;

/// The codes of a site's addresses.
pub(super) struct Codes {
    /// What nearly all addresses begin with.
    site: String,
    versions: [OnceLock<Patterns>; SHORT as usize],
}

/// What the codes of one version are laid together from.
struct Patterns {
    version: Version,
    /// The code of the site's address and so many zero bytes, by their number.
    begun: Vec<OnceLock<Bitmap>>,
    /// The code of so many zero bytes, by their number.
    zeros: Vec<OnceLock<Bitmap>>,
    /// What each bit of the data changes, by its place.
    bits: Vec<OnceLock<Bitmap>>,
    /// What each byte of the data changes, by its place and its value.
    bytes: Vec<[OnceLock<Bitmap>; 256]>,
}

/// The modules of a code with its margin as the rows of a bitmap of one bit a pixel, the lowest first, each row a
/// whole number of four bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bitmap(Vec<u8>);

impl Codes {
    /// The codes of addresses of which most begin with `site`.
    pub(super) fn new(site: &str) -> Self {
        Self { site: site.to_owned(), versions: Default::default() }
    }

    /// A `data:` address of the picture, which `img-src data:` of a Content-Security-Policy lets through. Bits have a
    /// sixth of the bytes of an SVG of the same modules, and those do not pack. `None` if the address is too long for
    /// a code.
    pub(super) fn picture(&self, address: &str) -> Option<String> {
        let data = address.as_bytes();
        let short = (1..=SHORT).find(|&version| data.len() <= capacity(version));
        let (version, bitmap) = match short {
            Some(number) => {
                let patterns = self.versions[usize::from(number) - 1].get_or_init(|| Patterns::new(number));
                let bitmap = match data.strip_prefix(self.site.as_bytes()) {
                    Some(rest) => patterns.bitmap(self.site.as_bytes(), rest),
                    None => patterns.encoded(data),
                };
                (patterns.version, bitmap)
            }
            None => {
                let code = encode(data, Version::new(SHORT + 1), Version::MAX)?;
                (code.version(), Bitmap::of(&code))
            }
        };
        let mut url = String::with_capacity(768);
        url.push_str("data:image/bmp;base64,");
        BASE64.encode_string(bitmap.file(version), &mut url);
        Some(url)
    }
}

/// The bytes that a version holds at error correction level M (ISO/IEC 18004, table 7).
fn capacity(version: u8) -> usize {
    [14, 26, 42, 62, 84, 106, 122, 152, 180][usize::from(version) - 1]
}

/// Readers take any of the eight masks; trying all for the handsomest costs ten times the rest, so it is always the
/// first, the checkerboard.
fn encode(data: &[u8], least: Version, most: Version) -> Option<QrCode> {
    let segment = QrSegment::make_bytes(data);
    QrCode::encode_segments_advanced(&[segment], QrCodeEcc::Medium, least, most, Some(Mask::new(0)), false).ok()
}

impl Patterns {
    fn new(number: u8) -> Self {
        let cells = |count: usize| std::iter::repeat_with(OnceLock::new).take(count).collect();
        let most = capacity(number);
        let bytes = std::iter::repeat_with(|| [const { OnceLock::new() }; 256]).take(most).collect();
        let (begun, zeros, bits) = (cells(most + 1), cells(most + 1), cells(most * 8));
        Self { version: Version::new(number), begun, zeros, bits, bytes }
    }

    fn encoded(&self, data: &[u8]) -> Bitmap {
        Bitmap::of(&encode(data, self.version, self.version).expect("the data fits the version"))
    }

    fn zeros(&self, length: usize) -> &Bitmap {
        self.zeros[length].get_or_init(|| self.encoded(&vec![0; length]))
    }

    /// What the bit at this place, counted from the highest of the first byte, changes.
    fn bit(&self, place: usize) -> &Bitmap {
        self.bits[place].get_or_init(|| {
            let mut data = vec![0; place / 8 + 1];
            data[place / 8] = 0x80 >> (place % 8);
            let mut bitmap = self.encoded(&data);
            bitmap.lay(self.zeros(data.len()));
            bitmap
        })
    }

    /// What a byte at this place changes.
    fn byte(&self, place: usize, byte: u8) -> &Bitmap {
        self.bytes[place][usize::from(byte)].get_or_init(|| {
            let mut ones = (0..8).filter(|bit| byte & (0x80 >> bit) != 0).map(|bit| self.bit(place * 8 + bit));
            let mut bitmap = ones.next().expect("a zero byte changes nothing").clone();
            ones.for_each(|one| bitmap.lay(one));
            bitmap
        })
    }

    /// The code of `site` and `rest`.
    fn bitmap(&self, site: &[u8], rest: &[u8]) -> Bitmap {
        let begun = self.begun[rest.len()].get_or_init(|| self.encoded(&[site, &vec![0; rest.len()]].concat()));
        let mut bitmap = begun.clone();
        for (place, &byte) in (site.len()..).zip(rest).filter(|&(_, &byte)| byte != 0) {
            bitmap.lay(self.byte(place, byte));
        }
        bitmap
    }
}

impl Bitmap {
    fn of(code: &QrCode) -> Self {
        let full = code.size() + 2 * MARGIN;
        let row = row_of(full);
        let mut bytes = vec![0; row * full as usize];
        for (y, x) in (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (y, x))) {
            if code.get_module(x, y) {
                let at = (x + MARGIN) as usize;
                bytes[(full - 1 - y - MARGIN) as usize * row + at / 8] |= 0x80 >> (at % 8);
            }
        }
        Self(bytes)
    }

    fn lay(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(byte, other)| *byte ^= other);
    }

    /// The whole file, a Windows bitmap: every browser shows it, and it needs neither packing nor check sums.
    fn file(&self, version: Version) -> Vec<u8> {
        const HEAD: u32 = 14 + 40 + 8;
        let length = self.0.len() as u32;
        let full = u32::from(version.value()) * 4 + 17 + 2 * MARGIN as u32;
        let mut file = Vec::with_capacity((HEAD + length) as usize);
        file.extend_from_slice(b"BM");
        // Length of the file, where its pixels begin; length of the second head, width, height.
        for word in [HEAD + length, 0, HEAD, 40, full, full] {
            file.extend_from_slice(&word.to_le_bytes());
        }
        // One plane of one bit, not packed; no resolution is said; two colours, white and black.
        for word in [1 | 1 << 16, 0, length, 0, 0, 2, 0, 0x00FF_FFFF, 0] {
            file.extend_from_slice(&u32::to_le_bytes(word));
        }
        file.extend_from_slice(&self.0);
        file
    }
}

/// Bytes of a row of so many pixels.
fn row_of(pixels: i32) -> usize {
    (pixels as usize).div_ceil(32) * 4
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_module_is_in_its_place() {
        let code =
            encode(b"https://www.example.gov.cn/xxgk/dingshi/2023/fazhi.html", Version::MIN, Version::MAX).unwrap();
        let full = code.size() + 2 * MARGIN;
        let file = Bitmap::of(&code).file(code.version());
        for (y, x) in (0..full).flat_map(|y| (0..full).map(move |x| (y, x))) {
            let byte = file[62 + (full - 1 - y) as usize * row_of(full) + x as usize / 8];
            assert_eq!(byte & (0x80 >> (x % 8)) != 0, code.get_module(x - MARGIN, y - MARGIN), "{x}, {y}");
        }
        assert_eq!(file.len(), 62 + row_of(full) * full as usize);
        assert!(Codes::new("").picture(&"x".repeat(5000)).is_none());
    }

    proptest! {
        #[test]
        fn laid_together_is_as_encoded(address in "https://[a-z0-9.-]{1,40}(/[a-z0-9-]{0,40}){0,5}") {
            let code = encode(address.as_bytes(), Version::MIN, Version::MAX).unwrap();
            let file = Bitmap::of(&code).file(code.version());
            for site in ["", "https://", &address, "https://elsewhere.example/"] {
                let picture = Codes::new(site).picture(&address).unwrap();
                prop_assert_eq!(picture.split_once(',').unwrap().1, BASE64.encode(&file));
            }
        }
    }
}
