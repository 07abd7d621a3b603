//! Older Office and WPS files (.doc, .xls, .wps): their containers are not taken apart, but long numbers stand in
//! them as plain digits of one or two bytes and can be found for sure.

use super::taking::Taking;
use crate::model::contents::Contents;
use crate::package::CONTAINER;
use crate::text;

/// The shortest number that may be somebody's.
const SHORTEST: usize = 11;

/// The long numbers of a file, one a line; `None` where it is in no such container.
pub(super) fn read(bytes: &[u8]) -> Option<Contents> {
    if !bytes.starts_with(&CONTAINER) {
        return None;
    }
    let mut taking = Taking::default();
    taking.stretch(text!("文件内", "within the file"), false);
    for width in [1, 2] {
        numbers(bytes, width, |number| _ = taking.line(number));
    }
    Some(taking.finish())
}

/// Runs of digits, each followed by `width - 1` zero bytes, with what could be their check digit.
fn numbers(bytes: &[u8], width: usize, mut see: impl FnMut(&str)) {
    let mut run = String::new();
    let mut at = 0;
    while at + width <= bytes.len() {
        let is_single = bytes[at + 1..at + width].iter().all(|&byte| byte == 0);
        match bytes[at] {
            digit @ b'0'..=b'9' if is_single => {
                run.push(char::from(digit));
                at += width;
            }
            last => {
                if run.len() >= SHORTEST {
                    if matches!(last, b'X' | b'x') && is_single {
                        run.push('X');
                    }
                    see(&run);
                }
                // After a run of two-byte digits the next one may begin at any byte.
                at += 1;
                run.clear();
            }
        }
        if run.len() > 64 {
            run.clear();
        }
    }
    if run.len() >= SHORTEST {
        see(&run);
    }
}
