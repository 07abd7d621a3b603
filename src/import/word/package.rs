//! How large the parts of a Word file may be, and what is wrong with its package in words for a clerk.

use crate::import::refusal::Refusal;
use crate::package::Fault;
use crate::text;

pub use crate::package::Package;

/// Largest file that is opened. Bytes.
pub const LARGEST_FILE: u64 = 64 << 20;
/// Largest part of text, unpacked. A report of 500 pages has 10 MB.
pub const LARGEST_XML: u64 = 32 << 20;
/// Largest picture.
pub const LARGEST_PICTURE: u64 = 32 << 20;

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::damaged(text!(
                "文件损坏，或没有下载完整",
                "the file is damaged, or was not downloaded to its end"
            )),
            Fault::UnknownPacking => {
                Self::damaged(text!("文件的压缩方式不认识", "the file is packed in a way that is not known"))
            }
            Fault::Encrypted => Self::encrypted(),
            Fault::TooManyEntries => Self::beyond(text!("压缩包里的条目太多", "the file has far too many entries")),
            Fault::LeadsOut(name) => Self::unsafe_entry(&name),
            Fault::TooTight(name) => Self::beyond(text!(
                "“{name}”压缩得太狠，解开会占满内存",
                "`{name}` is packed so tightly that it would fill the memory"
            )),
            Fault::TooLarge(name) => Self::beyond(text!("“{name}”太大", "`{name}` is too large")),
        }
    }
}
