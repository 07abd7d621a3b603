//! metadata.xml: the year and its reports in the terms of DA/T 46-2009. The element names are our reading of that
//! standard; the file says so itself.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::model::sealed::{Seal, SealedReport};

type Xml<'a> = Writer<&'a mut Vec<u8>>;

/// The file.
pub(super) fn xml(seal: &Seal, code: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut Writer::new_with_indent(&mut bytes, b' ', 1), seal, code).expect("memory takes every byte");
    bytes.push(b'\n');
    bytes
}

fn write(xml: &mut Xml<'_>, seal: &Seal, code: &str) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("电子文件包").with_attribute(("说明", "元素名称按编写者对 DA/T 46-2009 的理解"));
    root.write_inner_content(|xml| {
        leaf(xml, "聚合层次", "案卷")?;
        leaf(xml, "立档单位名称", seal.host.as_deref().unwrap_or(&seal.site))?;
        leaf(xml, "题名", &format!("{}{}年度政府信息公开", seal.site, seal.year))?;
        leaf(xml, "年度", &seal.year.to_string())?;
        leaf(xml, "版本", &seal.version.to_string())?;
        leaf(xml, "截止日期", &seal.as_of.to_string())?;
        leaf(xml, "文档创建程序", &seal.generator)?;
        leaf(xml, "文件数量", &seal.files.to_string())?;
        leaf(xml, "字节数", &seal.bytes.to_string())?;
        leaf(xml, "数字摘要算法", "SHA-256")?;
        leaf(xml, "封存码", code)?;
        leaf(xml, "默克尔根", &seal.root)?;
        seal.reports.iter().try_for_each(|report| file(xml, seal, report))
    })?;
    Ok(())
}

fn file(xml: &mut Xml<'_>, seal: &Seal, report: &SealedReport) -> std::io::Result<()> {
    xml.create_element("电子文件").write_inner_content(|xml| {
        leaf(xml, "聚合层次", "件")?;
        leaf(xml, "电子文件号", &report.index)?;
        leaf(xml, "题名", &report.title)?;
        leaf(xml, "责任者", &report.agency)?;
        if let Some(number) = &report.number {
            leaf(xml, "文件编号", number)?;
        }
        if !report.keywords.is_empty() {
            leaf(xml, "关键词", &report.keywords.join("；"))?;
        }
        if let Some(summary) = &report.summary {
            leaf(xml, "摘要", summary)?;
        }
        leaf(xml, "日期", &report.date.to_string())?;
        leaf(xml, "年度", &seal.year.to_string())?;
        leaf(xml, "文种", &report.kind)?;
        leaf(xml, "密级", "公开")?;
        leaf(xml, "格式信息", "HTML")?;
        leaf(xml, "计算机文件名", &report.address)?;
        for file in &report.files {
            let attachment = xml.create_element("附件").with_attributes([
                ("计算机文件名", file.address.as_str()),
                ("计算机文件大小", file.size.to_string().as_str()),
            ]);
            attachment.write_text_content(BytesText::new(
                file.name.as_deref().unwrap_or(file.path.rsplit('/').next().unwrap_or(&file.path)),
            ))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn leaf(xml: &mut Xml<'_>, name: &str, text: &str) -> std::io::Result<()> {
    // Characters that no XML document may hold (XML 1.0, production 2).
    let text = text.replace(|ch: char| ch.is_control() && !matches!(ch, '\t' | '\n'), "");
    xml.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}
