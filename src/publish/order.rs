//! In which order files go up, so that no reader ever meets a link to what is not there yet.
//!
//! New files are out of anybody's reach until a file that was there before begins to link to them. So what pages
//! need comes first, then everything that is new, then what replaces something: pages, listings, and last the files
//! that machines begin with. A new listing goes before a replaced page because that page's breadcrumb may lead to it.

use serde::Serialize;

/// What a file is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// What pages need or offer: stylesheets, scripts, images, attachments, segments of the search.
    Asset,
    /// One document.
    Page,
    /// A page that names others.
    Listing,
    /// Feeds, site maps, catalogues, the root of the search.
    Root,
}

impl Role {
    const ALL: [Self; 4] = [Self::Asset, Self::Page, Self::Listing, Self::Root];

    /// Its name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Page => "page",
            Self::Listing => "listing",
            Self::Root => "root",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// One stage of a run. None begins before the one before it has ended without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The next generation is taken.
    Claim,
    /// Folders are made, old bytes kept, the new manifest put.
    Prepare,
    /// What pages need, new and replaced.
    Assets,
    /// Pages that were not there before.
    NewPages,
    /// Listings that were not there before.
    NewListings,
    /// Pages that replace others.
    Pages,
    /// Listings that replace others.
    Listings,
    /// Feeds, site maps, catalogues, the root of the search.
    Roots,
    /// The generation becomes the current one.
    Switch,
    /// What it no longer has is removed.
    Remove,
    /// The target's own folder is put in order.
    Tidy,
}

impl Stage {
    /// The name that people see, in Chinese and English.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Claim => ("占用", "claim"),
            Self::Prepare => ("准备", "prepare"),
            Self::Assets => ("样式、图片和附件", "assets and attachments"),
            Self::NewPages => ("新页面", "new pages"),
            Self::NewListings => ("新列表", "new listings"),
            Self::Pages => ("页面", "pages"),
            Self::Listings => ("列表", "listings"),
            Self::Roots => ("订阅、网站地图和查找", "feeds, site maps, search"),
            Self::Switch => ("切换", "switch"),
            Self::Remove => ("删除", "remove"),
            Self::Tidy => ("整理", "tidy up"),
        }
    }
}

/// What the file at `path` is; `source` is the document that it comes and goes with, empty where it comes from all.
/// A compressed sibling is what its source is.
pub fn role(path: &str, source: &str) -> Role {
    let plain = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".br")).filter(|plain| plain.contains('.'));
    let path = plain.unwrap_or(path);
    if matches!(path, "search/root.js" | "search/fold.js") {
        return Role::Root;
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let in_tree = path.starts_with("search/") || path.starts_with("assets/");
    match ending {
        _ if in_tree => Role::Asset,
        "html" if !source.is_empty() => Role::Page,
        "html" => Role::Listing,
        "xml" | "json" | "csv" | "txt" if source.is_empty() => Role::Root,
        _ => Role::Asset,
    }
}

/// When a file goes up.
pub fn stage(role: Role, is_new: bool) -> Stage {
    match (role, is_new) {
        (Role::Asset, _) => Stage::Assets,
        (Role::Page, true) => Stage::NewPages,
        (Role::Listing, true) => Stage::NewListings,
        (Role::Page, false) => Stage::Pages,
        (Role::Listing, false) => Stage::Listings,
        (Role::Root, _) => Stage::Roots,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_role() {
        for (path, source, role_of) in [
            ("assets/style-d002408c.css", "", Role::Asset),
            ("search/2021-c7888133/days.js", "", Role::Asset),
            ("search/root.js", "", Role::Root),
            ("files/a/b.csv", "content/a/b.md", Role::Asset),
            ("a/2024/fazhi.html", "content/a/2024/fazhi.md", Role::Page),
            ("a/2024/fazhi.html.gz", "content/a/2024/fazhi.md", Role::Page),
            ("index.html", "", Role::Listing),
            ("index.html.br", "", Role::Listing),
            ("feed.xml", "", Role::Root),
            ("years/2024/catalogue.json", "", Role::Root),
            ("sitemap-2.xml", "", Role::Root),
            ("files/packed.gz", "content/a.md", Role::Asset),
        ] {
            assert_eq!(role(path, source), role_of, "{path}");
        }
    }
}
