//! stub
use crate::diagnostic::Checked;
use crate::model::article::*;
use std::sync::Arc;
pub fn article(_p: &Arc<str>, text: &str, body: usize, _s: &dyn Surroundings) -> Checked<Article> {
    Checked::clean(Article { html: text[body..].replace('&', "").replace('<', ""), ..Default::default() })
}
pub fn code_stylesheet() -> &'static str {
    ".x{}"
}
pub fn references(_b: &str) -> Vec<String> {
    vec![]
}
