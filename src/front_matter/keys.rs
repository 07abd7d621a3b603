//! The keys of the front matter, their Chinese names, and the nearest one to a misspelt key.

macro_rules! keys {
    ($($name:ident = $english:literal, $chinese:literal;)*) => {
        /// A known key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Key { $($name),* }

        /// All keys: the key, its English name, its Chinese name.
        pub(super) const ALL: &[(Key, &str, &str)] = &[$((Key::$name, $english, $chinese)),*];

        /// The key of this name, in either language.
        pub(super) fn find(name: &str) -> Option<Key> {
            match name {
                $($english | $chinese => Some(Key::$name),)*
                _ => None,
            }
        }
    };
}

keys! {
    Title = "title", "标题";
    Town = "town", "乡镇";
    Year = "year", "年度";
    Date = "date", "成文日期";
    Kind = "kind", "类别";
    Agency = "agency", "发布机构";
    Number = "number", "文号";
    Index = "index", "索引号";
    Published = "published", "发布日期";
    Effective = "effective", "生效日期";
    Repealed = "repealed", "废止日期";
    Summary = "summary", "内容概述";
    Keywords = "keywords", "关键词";
    Slug = "slug", "网址名";
    Aliases = "aliases", "旧网址";
    Attachments = "attachments", "附件";
    Draft = "draft", "草稿";
}

impl Key {
    /// The English name, which is the canonical one.
    pub fn english(self) -> &'static str {
        ALL[self as usize].1
    }

    /// The Chinese name.
    pub fn chinese(self) -> &'static str {
        ALL[self as usize].2
    }
}

/// Whether a key of an attachment names its path.
pub(super) fn is_file(name: &str) -> bool {
    matches!(name, "file" | "文件")
}

/// Whether a key of an attachment names what readers see.
pub(super) fn is_name(name: &str) -> bool {
    matches!(name, "name" | "名称")
}

/// What other generators and other forms call the same thing.
const FOREIGN: &[(&str, Key)] = &[
    ("name", Key::Title),
    ("headline", Key::Title),
    ("题目", Key::Title),
    ("名称", Key::Title),
    ("镇街", Key::Town),
    ("单位", Key::Agency),
    ("author", Key::Agency),
    ("发布单位", Key::Agency),
    ("日期", Key::Date),
    ("tags", Key::Keywords),
    ("tag", Key::Keywords),
    ("关键字", Key::Keywords),
    ("标签", Key::Keywords),
    ("description", Key::Summary),
    ("摘要", Key::Summary),
    ("简介", Key::Summary),
    ("category", Key::Kind),
    ("categories", Key::Kind),
    ("type", Key::Kind),
    ("类型", Key::Kind),
    ("分类", Key::Kind),
    ("发文字号", Key::Number),
    ("permalink", Key::Slug),
    ("url", Key::Slug),
    ("redirect_from", Key::Aliases),
    ("发布时间", Key::Published),
    ("公开日期", Key::Published),
    ("失效日期", Key::Repealed),
];

/// The name that was probably meant, in the language of the one written.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let folded = name.trim().to_lowercase();
    if let Some((_, key)) = FOREIGN.iter().find(|(foreign, _)| *foreign == folded) {
        return Some(if folded.is_ascii() { key.english() } else { key.chinese() });
    }
    nearest_of(&folded, ALL.iter().flat_map(|&(_, english, chinese)| [english, chinese]))
}

/// The nearest of some names, if one is near: a third of its letters may differ, and half of a Chinese name.
pub(super) fn nearest_of(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    if name.len() > 64 {
        return None;
    }
    let near = known.map(|known| (strsim::damerau_levenshtein(name, known), known)).filter(|(distance, known)| {
        let letters = known.chars().count();
        *distance <= if known.is_ascii() { (letters / 3).max(1) } else { letters / 2 }
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        for (written, meant) in [
            ("Title", Some("title")),
            ("titel", Some("title")),
            ("　标题", Some("标题")),
            ("年份", Some("年度")),
            ("发文日期", Some("成文日期")),
            ("tags", Some("keywords")),
            ("layout", None),
            ("备注", None),
        ] {
            assert_eq!(nearest(written), meant, "{written}");
        }
    }
}
