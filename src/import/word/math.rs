//! Formulas in one line: `a/b`, `x^2`, `√(x)`. A page has no other form for them, and says so.

use super::xml::{Element, Reader};
use crate::import::refusal::Result;

/// The formula that is open, in a line.
pub fn line(reader: &mut Reader<'_>) -> Result<String> {
    let mut line = String::new();
    reader.children(|reader, element| {
        line.push_str(&piece(reader, element)?);
        Ok(())
    })?;
    Ok(line)
}

fn piece(reader: &mut Reader<'_>, element: &Element) -> Result<String> {
    let parts = match element.name.as_str() {
        "m:t" | "w:t" => return reader.text(),
        "m:f" | "m:sSup" | "m:sSub" | "m:sSubSup" | "m:rad" | "m:d" | "m:nary" | "m:acc" => parts(reader)?,
        "m:rPr" | "m:ctrlPr" | "w:rPr" | "w:del" | "w:moveFrom" => return Ok(String::new()),
        _ => return line(reader),
    };
    let of = |name: &str| parts.iter().find(|(found, _)| found == name).map_or("", |(_, text)| text);
    Ok(match element.name.as_str() {
        "m:f" => format!("{}/{}", grouped(of("m:num")), grouped(of("m:den"))),
        "m:sSup" => format!("{}^{}", grouped(of("m:e")), grouped(of("m:sup"))),
        "m:sSub" => format!("{}_{}", grouped(of("m:e")), grouped(of("m:sub"))),
        "m:sSubSup" => format!("{}_{}^{}", grouped(of("m:e")), grouped(of("m:sub")), grouped(of("m:sup"))),
        "m:rad" => format!("{}√{}", of("m:deg"), grouped(of("m:e"))),
        "m:nary" => {
            let sign = parts.iter().find(|(name, _)| name == "chr").map_or("∫", |(_, sign)| sign);
            let bound = |mark: &str, text: &str| {
                if text.is_empty() { String::new() } else { format!("{mark}{}", grouped(text)) }
            };
            format!("{sign}{}{} {}", bound("_", of("m:sub")), bound("^", of("m:sup")), of("m:e"))
        }
        "m:d" => {
            let mark = |name: &str, plain: &'static str| {
                parts.iter().find(|(found, _)| found == name).map_or(plain.to_owned(), |(_, mark)| mark.clone())
            };
            let inside: Vec<&str> = parts.iter().filter(|(name, _)| name == "m:e").map(|(_, text)| &**text).collect();
            format!("{}{}{}", mark("begChr", "("), inside.join("|"), mark("endChr", ")"))
        }
        _ => parts.iter().filter(|(name, _)| name.starts_with("m:")).map(|(_, text)| text.as_str()).collect(),
    })
}

/// The arguments of an operator by name, and the signs that its properties set.
fn parts(reader: &mut Reader<'_>) -> Result<Vec<(String, String)>> {
    let mut parts = Vec::new();
    reader.children(|reader, element| {
        if element.name.ends_with("Pr") {
            return reader.children(|_, element| {
                if let "m:chr" | "m:begChr" | "m:endChr" = element.name.as_str() {
                    let sign = element.get("m:val").unwrap_or_default().to_owned();
                    parts.push((element.name["m:".len()..].to_owned(), sign));
                }
                Ok(())
            });
        }
        let text = line(reader)?;
        parts.push((element.name.clone(), text));
        Ok(())
    })?;
    Ok(parts)
}

/// More than one character is put into brackets.
fn grouped(text: &str) -> String {
    let text = text.trim();
    let is_one = text.chars().count() <= 1 || text.chars().all(|ch| ch.is_alphanumeric() || ch == '.');
    if is_one { text.to_owned() } else { format!("({text})") }
}
