//! Packages of a sealed year: the validators of WACZ, WARC and BagIt, and `sha256sum`.

use std::path::Path;

use super::{gongkai, must, python, run, sealed};

#[test]
fn validators_of_others_take_the_packages() {
    let folder = sealed();
    let base = "https://www.example.gov.cn/xxgk/";
    let to = ["archive", "export", "2023", "--site", "site", "--to", "out", "--base-url", base];
    must(&gongkai(&to, folder.path()));
    let out = folder.path().join("out");
    must(&run(&python("wacz"), &["validate", "-f", "2023-v1.wacz"], &out));
    must(&run(&python("python"), &["-m", "zipfile", "-e", "2023-v1.wacz", "unpacked"], &out));
    must(&run(&python("warcio"), &["check", "unpacked/archive/data.warc.gz"], &out));
    must(&run(&python("python"), &["-m", "bagit", "--validate", "2023-v1-bag"], &out));
    must(&run(&python("python"), &["-m", "zipfile", "-e", "2023-v1.zip", "plain"], &out));
    for root in [out.join("plain"), out.join("2023-v1-bag/data"), folder.path().join("site/public")] {
        must(&run(Path::new("sha256sum"), &["--check", "--quiet", "years/2023/manifest-sha256.txt"], &root));
    }
}
