//! A word that one site writes in another way.

/// One entry of the site's own list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// What is not to be written.
    pub wrong: String,
    /// What belongs in its place; where nothing is named, somebody must think.
    pub right: Option<String>,
    /// Why, for whoever wrote it.
    pub reason: Option<String>,
}
