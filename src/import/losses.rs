//! What an import leaves behind, place by place: nothing goes without being named.

use crate::diagnostic::Text;
use crate::text;

/// Longest words of the document that are repeated in one line.
const LONGEST: usize = 60;
/// So many of one kind are listed; of more only the number is told.
const MOST: usize = 2_000;

/// A kind of thing that is left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text that somebody deleted while changes were tracked.
    Deleted,
    /// A comment in the margin.
    Comment,
    /// Text that is hidden.
    Hidden,
    /// A header or footer.
    Margin,
    /// A table of contents: the site makes its own.
    Contents,
    /// A picture that no browser shows, or that lies outside the file.
    Picture,
    /// A chart, a diagram, an embedded file.
    Object,
    /// A formula, written in a line.
    Formula,
    /// A link that leads nowhere on the site.
    Link,
    /// A character of a symbol font.
    Symbol,
    /// A look that the site does not have.
    Look,
    /// What the file says of its author.
    Properties,
    /// Bookmarks.
    Bookmark,
    /// A part that cannot be read.
    Part,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Deleted => text!("修订中删去的文字", "text deleted under tracked changes"),
            Self::Comment => text!("批注", "comments"),
            Self::Hidden => text!("隐藏文字", "hidden text"),
            Self::Margin => text!("页眉页脚", "headers and footers"),
            Self::Contents => text!("目录（网站自动生成）", "table of contents (the site makes its own)"),
            Self::Picture => text!("图片", "pictures"),
            Self::Object => text!("图表和嵌入的文件", "charts and embedded files"),
            Self::Formula => text!("公式（改写成一行文字）", "formulas (written in a line)"),
            Self::Link => text!("链接（只留文字）", "links (their words are kept)"),
            Self::Symbol => text!("符号字体的字", "characters of symbol fonts"),
            Self::Look => {
                text!("网页上没有的格式（文字保留）", "looks that the page does not have (the words are kept)")
            }
            Self::Properties => text!("文件属性", "document properties"),
            Self::Bookmark => text!("书签", "bookmarks"),
            Self::Part => text!("读不出的部分", "parts that cannot be read"),
        }
    }

    /// Whether a reader of the report misses something that a reader of the document saw.
    pub fn matters(self) -> bool {
        matches!(self, Self::Picture | Self::Object | Self::Formula | Self::Symbol | Self::Part)
    }
}

/// One thing that was left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What kind of thing.
    pub kind: Kind,
    /// The paragraph or line where it stood; 0 where it stood in none.
    pub place: usize,
    /// Its words, or what can be said of it.
    pub what: String,
}

/// Everything that was left behind.
#[derive(Debug, Default)]
pub struct Losses {
    list: Vec<Loss>,
    more: usize,
    left_out: String,
}

impl Losses {
    /// Adds one; pieces of one kind in one paragraph that follow each other are told as one.
    pub fn add(&mut self, kind: Kind, place: usize, what: &str) {
        let what = what.trim();
        if matches!(kind, Kind::Contents | Kind::Hidden) {
            self.leave_out(what);
        }
        if let Some(last) = self.list.last_mut()
            && (last.kind, last.place) == (kind, place)
            && matches!(kind, Kind::Deleted | Kind::Hidden | Kind::Look)
        {
            if last.what != what && last.what.chars().count() < LONGEST {
                last.what.push_str(what);
            }
            return;
        }
        if self.list.len() >= MOST {
            self.more += 1;
            return;
        }
        let mut words: String = what.chars().take(LONGEST).map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
        if what.chars().count() > LONGEST {
            words.push('…');
        }
        self.list.push(Loss { kind, place, what: words });
    }

    /// All of them by kind, each kind in the order of the document.
    pub fn sorted(&self) -> Vec<&Loss> {
        let mut sorted: Vec<&Loss> = self.list.iter().collect();
        sorted.sort_by_key(|loss| loss.kind);
        sorted
    }

    /// Keeps words that a reader of the document saw, and that were left out on purpose.
    pub fn leave_out(&mut self, words: &str) {
        self.left_out.push_str(words);
    }

    /// All words that a reader of the document could see or find, and that were left out on purpose: tables of
    /// contents and hidden text.
    pub fn left_out(&self) -> &str {
        &self.left_out
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// Whether nothing was left behind.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
