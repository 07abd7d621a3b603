//! Markdown to an article. pulldown-cmark and syntect live only here.
