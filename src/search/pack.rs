//! The text from which excerpts are cut, made small: frequent characters as one byte, the others as two, then
//! deflated. The browser unpacks it with forty lines of script and the GBK table that it has anyway.
//!
//! A byte below 0x80, or one of [`SPARE`], is a character of [`FREQUENT`]. A GB 2312 character of rows A1 and B0 to
//! F7 is its own two bytes; printable ASCII that is not frequent borrows the full-width forms of row A3. A byte
//! from 0x81 to 0x88 and the next are one of the site's [`Phrases`]. Everything else is the byte 0x80 and a UTF-16
//! unit.

use encoding_rs::GBK;

use super::phrases::Phrases;

/// The characters of one byte: what numbers are made of, and the most frequent ones of official Chinese.
pub const FREQUENT: &str = "\n 0123456789.%-，的、。人第条法行和定应十当民规政理以管有业关者会设部务；国一工）（或机建用门市二作保区生公地不事三本施其发制等在产员主对经全责合动实进为物可府位处提五中安单上及资四大出院级构通化依由证护体权方照水要家监成展内所下查自时他并代文审重同加开项得报利防品程件执划委标改准案违新职任按能治期组性交年请议款县情专信收据六力";
/// Bytes that GB 2312 leaves free, for the characters of [`FREQUENT`] behind the 128th.
const SPARE: [std::ops::Range<u8>; 4] = [0x89..0xA1, 0xA2..0xA3, 0xA4..0xB0, 0xF8..0xFF];

/// Character to code, for the whole Basic Multilingual Plane.
pub struct Codes {
    /// 0 where a character has neither one nor two bytes, or its code plus 1.
    codes: Vec<u16>,
    rows: Vec<[u16; 94]>,
    /// The characters of one byte; 0 where there is none.
    frequent: [u16; 0x100],
}

impl Codes {
    /// The table, made when it is first needed.
    pub fn get() -> &'static Self {
        static MADE: std::sync::LazyLock<Codes> = std::sync::LazyLock::new(Codes::new);
        &MADE
    }

    fn new() -> Self {
        let mut codes = vec![0; 0x1_0000];
        let mut rows = vec![[0; 94]; 0x80];
        for row in std::iter::once(0xA1).chain(0xB0..=0xF7u8) {
            for cell in 0xA1..=0xFEu8 {
                let pair = [row, cell];
                let (text, _, wrong) = GBK.decode(&pair);
                let Some(ch) = text.chars().next().filter(|&ch| !wrong && !('\u{E000}'..='\u{F8FF}').contains(&ch))
                else {
                    continue;
                };
                codes[ch as usize] = u16::from_be_bytes(pair) + 1;
                rows[usize::from(row - 0x80)][usize::from(cell - 0xA1)] = ch as u16;
            }
        }
        for ascii in b'!'..=b'~' {
            codes[usize::from(ascii)] = u16::from_be_bytes([0xA3, ascii + 0x80]) + 1;
            rows[0x23][usize::from(ascii - b'!')] = u16::from(ascii);
        }
        let mut frequent = [0; 0x100];
        for (byte, ch) in (0..0x80).chain(SPARE.into_iter().flatten()).zip(FREQUENT.chars()) {
            codes[ch as usize] = u16::from(byte) + 1;
            frequent[usize::from(byte)] = ch as u16;
        }
        Self { codes, rows, frequent }
    }

    /// The 3,755 everyday characters: GB 2312, first level.
    pub fn common(&self) -> impl Iterator<Item = char> {
        let units = self.rows[0x30..=0x57].iter().flatten().filter(|&&unit| unit > 0);
        units.filter_map(|&unit| char::from_u32(u32::from(unit)))
    }

    /// Appends the bytes of a text.
    pub fn write(&self, text: &[u16], phrases: &Phrases, bytes: &mut Vec<u8>) {
        bytes.reserve(text.len() * 2);
        let mut at = 0;
        while at < text.len() {
            if let Some((number, length)) = phrases.at(&text[at..]) {
                bytes.extend([FIRST_PHRASE + (number >> 8) as u8, number as u8]);
                at += length;
                continue;
            }
            match self.codes[usize::from(text[at])] {
                0 => {
                    bytes.push(0x80);
                    bytes.extend(text[at].to_be_bytes());
                }
                code @ ..=0x100 => bytes.push((code - 1) as u8),
                code => bytes.extend((code - 1).to_be_bytes()),
            }
            at += 1;
        }
    }

    /// The text again; what cannot be read is U+FFFD.
    pub fn read(&self, bytes: &[u8], phrases: &Phrases) -> String {
        let mut units: Vec<u16> = Vec::with_capacity(bytes.len());
        let mut bytes = bytes.iter().copied();
        let mut next = || bytes.next().map(usize::from);
        while let Some(first) = next() {
            let unit = match (first, self.frequent[first]) {
                (0x80, _) => next().zip(next()).map_or(0, |(high, low)| (high << 8 | low) as u16),
                (_, unit @ 1..) => unit,
                (0x81..0x89, _) => {
                    let number = next().map_or(usize::MAX, |low| (first - usize::from(FIRST_PHRASE)) << 8 | low);
                    units.extend_from_slice(phrases.get(number));
                    continue;
                }
                _ => {
                    let cell = next().and_then(|cell| cell.checked_sub(0xA1)).filter(|&cell| cell < 94);
                    cell.map_or(0, |cell| self.rows.get(first - 0x80).map_or(0, |row| row[cell]))
                }
            };
            units.push(if unit == 0 { 0xFFFD } else { unit });
        }
        String::from_utf16_lossy(&units)
    }
}

/// First byte of the first phrases.
const FIRST_PHRASE: u8 = 0x81;

/// Makes texts small; keeps its memory from one to the next.
pub struct Packer {
    deflate: libdeflater::Compressor,
    units: Vec<u16>,
    plain: Vec<u8>,
    small: Vec<u8>,
}

impl Default for Packer {
    fn default() -> Self {
        // Level 6 of 12: higher ones take much more time for one part in a hundred.
        let level = libdeflater::CompressionLvl::new(6).expect("the level is one of twelve");
        let deflate = libdeflater::Compressor::new(level);
        Self { deflate, units: Vec::new(), plain: Vec::new(), small: Vec::new() }
    }
}

impl Packer {
    /// A text, packed.
    pub fn pack(&mut self, text: &str, phrases: &Phrases) -> &[u8] {
        self.units.clear();
        self.units.extend(text.encode_utf16());
        self.plain.clear();
        Codes::get().write(&self.units, phrases, &mut self.plain);
        self.small.resize(self.deflate.deflate_compress_bound(self.plain.len()), 0);
        let length = self.deflate.deflate_compress(&self.plain, &mut self.small).expect("the bound was asked for");
        &self.small[..length]
    }
}

/// No packed text is longer: a report is at most 8 MiB.
const LONGEST: usize = 64 << 20;

/// A text, unpacked; `None` where the bytes are not whole.
pub fn unpack(packed: &[u8], phrases: &Phrases) -> Option<String> {
    use libdeflater::{DecompressionError, Decompressor};
    let mut plain = vec![0; packed.len() * 6 + 1024];
    let mut inflate = Decompressor::new();
    loop {
        match inflate.deflate_decompress(packed, &mut plain) {
            Ok(length) => return Some(Codes::get().read(&plain[..length], phrases)),
            Err(DecompressionError::InsufficientSpace) if plain.len() < LONGEST => plain.resize(plain.len() * 2, 0),
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_frequent_character_has_a_byte_of_its_own() {
        let mut all: Vec<char> = FREQUENT.chars().collect();
        let count = 0x80 + SPARE.into_iter().flatten().count();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    proptest! {
        #[test]
        fn texts_come_back(text in "(\\PC|[一-龥]|[ -~]|[、-〗]|[Ａ-ｚ]|\n|政府信息公开|政府工作报告){0,300}") {
            let mut packer = Packer::default();
            let phrases = Phrases::new(["政府信息公开", "政府信息公", "工作报告"].map(String::from).to_vec());
            let mut packed = packer.pack(&text, &phrases).to_vec();
            packed.push(0);
            prop_assert_eq!(unpack(&packed, &phrases), Some(text));
        }
    }
}
