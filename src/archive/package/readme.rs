//! README.txt of every package: what it is, and how to prove it with tools that every system has.

use crate::model::sealed::Seal;
use crate::seal::manifest::Algorithm;
use crate::seal::{digest::sha256, seal_file};

/// The text, for an archivist who knows nothing of this program.
pub(super) fn text(seal: &Seal, code: &str) -> String {
    let Seal { year, version, site, as_of, files, bytes, root, generator, .. } = seal;
    let host = seal.host.as_deref().unwrap_or(site);
    let reports = seal.reports.len();
    let (by_sha256, by_sm3) = (Algorithm::Sha256.file(*year), Algorithm::Sm3.file(*year));
    let seal_path = seal_file(*year);
    // The name tells of the exporting program; a later one may pack in another way.
    let exporter = concat!("gongkai ", env!("CARGO_PKG_VERSION"));
    let previous = seal.previous.clone().unwrap_or_else(|| "无（这是第一次封存）".to_owned());
    let short = &sha256(code.as_bytes())[..8];
    format!(
        "{site}\n{year}年度政府信息公开归档包（第{version}版）\n\n\
一、这是什么\n\
立档单位：{host}\n\
内容：{year}年度的报告 {reports} 份，连同附件、图片、样式和目录，共 {files} 个文件，{bytes} 字节\n\
内容截至：{as_of}\n\
封存程序：{generator}；打包程序：{exporter}\n\
从 index.html 或 years/{year}/index.html 开始阅读，不需要网络，也不需要安装软件。\n\
WACZ 包可以用 ReplayWeb.page 或 pywb 重放；BagIt 包的内容在 data 文件夹里。\n\n\
二、怎样核验（只用通用工具）\n\
1. 在内容的根目录（有 README.txt 的文件夹）运行：\n\
   sha256sum -c {by_sha256}\n\
   每个文件都应显示 OK。Windows 可以用 PowerShell 的 Get-FileHash 逐个对照。\n\
2. 国密 SM3 的清单是 {by_sm3}，可以用 openssl dgst -sm3 对照。\n\
3. 运行 sha256sum {seal_path}，结果就是封存码，应为：\n\
   {code}\n\
   请与立档单位另行保存的封存码（纸面、公文或时间戳）核对；只有这一步能发现整个包被重做。\n\
4. 默克尔根（RFC 6962）：\n\
   {root}\n\
5. 上一次封存的封存码：{previous}\n\n\
三、元数据\n\
metadata.xml 按 DA/T 46-2009《文书类电子文件元数据方案》的元素名称编写，参照 DA/T 80-2019《政府网站网页归档指南》的范围；\n\
这是本程序编写者的理解，没有逐条对照标准原文，著录时请以标准为准。years/{year}/catalogue.csv 是目录清单。\n\n\
包标识：{year}-v{version}-{short}\n"
    )
}
