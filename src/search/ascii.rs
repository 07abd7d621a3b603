//! Bytes as text that can stand between quotes in a script, whatever encoding a server names: 13 bits in two of 91
//! printable ASCII characters. A quarter longer than the bytes, where Base64 is a third longer; compressed on the
//! way it costs next to nothing.

/// Printable ASCII without space, `"`, `<` and `\`.
const LETTERS: [u8; 91] = {
    let mut letters = [0; 91];
    let (mut at, mut letter) = (0, b'!');
    while letter <= b'~' {
        if !matches!(letter, b'"' | b'<' | b'\\') {
            letters[at] = letter;
            at += 1;
        }
        letter += 1;
    }
    letters
};

/// Appends the bytes as letters.
pub fn write(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() * 16 / 13 + 4);
    let (mut held, mut bits) = (0u32, 0);
    let mut put = |number: u32| out.extend([LETTERS[(number / 91) as usize], LETTERS[(number % 91) as usize]]);
    for &byte in bytes {
        held = held << 8 | u32::from(byte);
        bits += 8;
        if bits >= 13 {
            bits -= 13;
            put(held >> bits & 0x1FFF);
            held &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        put(held << (13 - bits) & 0x1FFF);
    }
}

/// The bytes again, and perhaps one of zeros behind them; `None` where a letter cannot be ours.
pub fn read(letters: &[u8]) -> Option<Vec<u8>> {
    let value = |letter: u8| LETTERS.binary_search(&letter).ok().map(|at| at as u32);
    let mut bytes = Vec::with_capacity(letters.len() * 13 / 16);
    let (mut held, mut bits) = (0u32, 0);
    for two in letters.chunks(2) {
        let &[a, b] = two else { return None };
        let number = value(a)? * 91 + value(b)?;
        if number > 0x1FFF {
            return None;
        }
        held = held << 13 | number;
        bits += 13;
        while bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
        held &= (1 << bits) - 1;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut letters = Vec::new();
            write(&bytes, &mut letters);
            prop_assert!(letters.iter().all(|letter| letter.is_ascii_graphic() && !b"\"\\<".contains(letter)));
            let read = read(&letters).unwrap();
            prop_assert!(read.starts_with(&bytes) && read.len() <= bytes.len() + 1);
        }
    }
}
