//! A body, parsed: HTML with its outline, and what the rest of the page must know of it.

/// The body of a report or standing page as HTML, made by [`crate::markdown`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// The body. Safe to put into a page as it is.
    pub html: String,
    /// Headings and run-in headings, in the order of the text.
    pub outline: Vec<Heading>,
    /// The first sentences as plain text, at most 120 characters, for descriptions and feeds.
    pub opening: String,
    /// Whether the page needs the stylesheet for code.
    pub has_code: bool,
}

/// One line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 for the highest level in this body, 2 below it, 3 below that; never deeper.
    pub level: u8,
    /// ASCII, unique on the page, made from the heading's own words.
    pub id: String,
    /// The heading as plain text, with its number.
    pub title: String,
}

/// What a body may ask about the world around it: where links and images lead.
pub trait Surroundings {
    /// Where a link written as `target` leads from this page.
    fn link(&self, target: &str) -> Link;
    /// Where an image written as `target` stands.
    fn image(&self, target: &str) -> Image;
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Inside the site: a relative address, or a fragment of this page.
    Inside(String),
    /// An attachment of the site, with its kind and size in words (`PDF, 1.2 MB`) and its own file name.
    Attachment {
        /// Relative address.
        href: String,
        /// Kind and size for readers.
        about: String,
        /// The name under which it is saved.
        name: String,
    },
    /// Another host; `listed` if the site names it as one that needs no leaving notice.
    Outside {
        /// Absolute address.
        href: String,
        /// Whether the host is on the site's list.
        listed: bool,
    },
    /// A page or file of the site that is not there.
    Broken,
    /// A scheme that could run script or leave the web (`javascript:`, `data:`, `file:`).
    Forbidden,
}

/// What an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// An image of the site; width and height in pixels where they could be read.
    Inside {
        /// Relative address.
        src: String,
        /// Width and height in pixels.
        size: Option<(u32, u32)>,
    },
    /// An image on another host, which the site does not show.
    Foreign,
    /// An image that is not there.
    Broken,
}
