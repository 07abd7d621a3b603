//! Head, header and footer: the same on all pages of one depth and column, so made once for each.

use std::collections::BTreeMap;

use tera::{Context, Value};

use super::theme::Theme;
use crate::diagnostic::Diagnostic;
use crate::model::kind::Column;

/// Folders below the root that a page can lie in without its chrome being made anew.
const DEPTHS: usize = 4;

/// The ready parts, by depth and column.
pub(super) struct Chrome {
    made: Vec<Value>,
    /// The template of the header.
    header: &'static str,
}

impl Chrome {
    pub(super) fn new(theme: &Theme, site: &Value, header: &'static str) -> Result<Self, Box<Diagnostic>> {
        let mut made = Vec::with_capacity(DEPTHS * (Column::ALL.len() + 2));
        for depth in 0..DEPTHS {
            for column in columns() {
                made.push(parts(theme, site, &"../".repeat(depth), column, header)?);
            }
        }
        Ok(Self { made, header })
    }

    /// The parts for the page at `address` in the column with this id (or "").
    pub(super) fn of(
        &self,
        address: &str,
        column: &str,
        theme: &Theme,
        site: &Value,
    ) -> Result<Value, Box<Diagnostic>> {
        let depth = address.bytes().filter(|&byte| byte == b'/').count();
        let number = columns().position(|id| id == column).unwrap_or(0);
        match self.made.get(depth * columns().count() + number).filter(|_| address != "404.html") {
            Some(parts) => Ok(parts.clone()),
            None => {
                let root = site.get_from_path("base_url").and_then(Value::as_str).filter(|_| address == "404.html");
                parts(theme, site, root.unwrap_or(&"../".repeat(depth)), column, self.header)
            }
        }
    }
}

fn columns() -> impl Iterator<Item = &'static str> {
    ["", "home"].into_iter().chain(Column::ALL.into_iter().map(Column::id))
}

fn parts(theme: &Theme, site: &Value, root: &str, column: &str, header: &str) -> Result<Value, Box<Diagnostic>> {
    let mut context = Context::new();
    context.insert("root", root);
    context.insert_value("site", site.clone());
    context.insert("column", column);
    let part = |template: &str| {
        let mut bytes = Vec::new();
        theme.render(template, &context, &mut bytes)?;
        Ok::<_, Box<Diagnostic>>(Value::safe_string(String::from_utf8_lossy(&bytes).trim()))
    };
    Ok(Value::from(BTreeMap::from([
        ("head", part("chrome/head.html")?),
        ("header", part(header)?),
        ("footer", part("chrome/footer.html")?),
    ])))
}
