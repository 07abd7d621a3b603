//! The nouns that the stages hand to each other. A type per stage; none is ever half-filled.

pub mod article;
pub mod catalogue;
pub mod contents;
pub mod document;
pub mod kind;
pub mod page;
pub mod sealed;
pub mod structure;
pub mod word;
