//! Fields: what Word computes. Their results are text; their instructions are not.

use std::sync::Arc;

use crate::import::link;

/// Fields nested deeper than this are not told apart.
const DEEPEST: usize = 64;

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// Behind the mark that parts the instruction from its result.
    has_result: bool,
    /// Its result is a table of contents.
    is_contents: bool,
    link: Option<Arc<str>>,
}

/// The fields that are open, the innermost last.
#[derive(Debug, Default)]
pub struct Fields {
    open: Vec<Field>,
    /// Open beyond [`DEEPEST`].
    deeper: usize,
}

impl Fields {
    /// A field begins.
    pub fn begin(&mut self) {
        if self.open.len() < DEEPEST {
            self.open.push(Field::default());
        } else {
            self.deeper += 1;
        }
    }

    /// Adds to the instruction.
    pub fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut()
            && !field.has_result
            && field.instruction.len() < 4_096
        {
            field.instruction.push_str(text);
        }
    }

    /// The result begins. Returns a link that leads nowhere on the site, to be named.
    pub fn separate(&mut self) -> Option<String> {
        let field = self.open.last_mut().filter(|_| self.deeper == 0)?;
        field.has_result = true;
        let mut words = field.instruction.split_whitespace();
        match words.next().unwrap_or_default().to_uppercase().as_str() {
            "TOC" => field.is_contents = true,
            "HYPERLINK" => {
                let address = hyperlink(&field.instruction)?;
                field.link = link::allowed(&address);
                return field.link.is_none().then_some(address);
            }
            _ => {}
        }
        None
    }

    /// The innermost field ends. Returns its instruction if it showed nothing.
    pub fn end(&mut self) -> Option<String> {
        if self.deeper > 0 {
            self.deeper -= 1;
            return None;
        }
        let field = self.open.pop()?;
        (!field.has_result).then_some(field.instruction)
    }

    /// Whether what comes now is not seen: an instruction, or a table of contents.
    pub fn hide(&self) -> bool {
        self.open.iter().any(|field| !field.has_result || field.is_contents)
    }

    /// Whether what comes now belongs to the result of a table of contents.
    pub fn in_contents(&self) -> bool {
        self.open.iter().all(|field| field.has_result) && self.open.iter().any(|field| field.is_contents)
    }

    /// Where the words that come now lead.
    pub fn link(&self) -> Option<Arc<str>> {
        self.open.iter().rev().find_map(|field| field.link.clone())
    }
}

/// The address of `HYPERLINK "https://…" \l "place"`; a place alone is one in the document itself.
fn hyperlink(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start().get("HYPERLINK".len()..)?.trim_start();
    let quoted = |text: &str| text.strip_prefix('"').and_then(|rest| rest.split('"').next()).map(str::to_owned);
    if let Some(place) = rest.strip_prefix("\\l") {
        return quoted(place.trim_start()).map(|place| format!("#{place}"));
    }
    quoted(rest).or_else(|| rest.split_whitespace().next().map(str::to_owned)).filter(|address| !address.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_seen_and_instructions_are_not() {
        let mut fields = Fields::default();
        fields.begin();
        fields.instruct(" HYPERLINK \"https://a.gov.cn/\" ");
        assert!(fields.hide());
        assert_eq!(fields.separate(), None);
        assert!(!fields.hide());
        assert_eq!(fields.link().as_deref(), Some("https://a.gov.cn/"));
        fields.begin();
        fields.instruct("TOC \\o");
        fields.separate();
        assert!(fields.hide() && fields.in_contents());
        fields.end();
        fields.end();
        assert!(!fields.hide() && fields.link().is_none());
        fields.end();
    }

    #[test]
    fn reads_addresses() {
        assert_eq!(hyperlink("HYPERLINK \\l \"_Toc1\"").as_deref(), Some("#_Toc1"));
        assert_eq!(hyperlink(" HYPERLINK https://a.cn").as_deref(), Some("https://a.cn"));
        assert_eq!(hyperlink("HYPERLINK"), None);
    }
}
