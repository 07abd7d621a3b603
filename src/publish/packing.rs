//! Compressed siblings: `a.html.gz` and `a.html.br` beside `a.html`, for servers that hand them out as they are
//! (`gzip_static`, `brotli_static`). Such servers never compare a sibling with its source, so that the two are always
//! put and removed together.

use std::io::Write as _;

/// Smaller files are not worth a second one.
pub const LEAST: u64 = 1024;

/// A form of compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Packing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Brotli];

    /// The name in site.yaml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
        }
    }

    /// What the name of the sibling ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// Compresses; the same bytes give the same bytes.
    pub fn pack(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Gzip => {
                let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::best());
                let mut packed = vec![0; packer.gzip_compress_bound(bytes.len())];
                let length = packer.gzip_compress(bytes, &mut packed).expect("there is room");
                packed.truncate(length);
                packed
            }
            Self::Brotli => {
                // Quality 9: two levels more would take ten times as long for some per cent.
                let mut packer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 9, 22);
                packer.write_all(bytes).expect("memory takes all");
                packer.into_inner()
            }
        }
    }
}

/// The path of the file that a sibling belongs to.
pub fn source_of(path: &str) -> Option<&str> {
    Packing::ALL.into_iter().find_map(|packing| path.strip_suffix(packing.ending()))
}

/// Whether files of this name get smaller.
pub fn is_compressible(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "html" | "css" | "js" | "json" | "xml" | "csv" | "txt" | "svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_to_what_others_unpack() {
        let text = "政府信息公开".repeat(400).into_bytes();
        let gzip = Packing::Gzip.pack(&text);
        let mut unpacked = vec![0; text.len()];
        let length = libdeflater::Decompressor::new().gzip_decompress(&gzip, &mut unpacked).unwrap();
        assert_eq!(unpacked[..length], text);
        let brotli = Packing::Brotli.pack(&text);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &brotli[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert!(gzip.len() * 10 < text.len() && brotli.len() * 10 < text.len());
        assert_eq!(gzip, Packing::Gzip.pack(&text), "the same each time");
    }
}
