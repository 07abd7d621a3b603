//! The words of one paragraph, with emphasis, links, pictures and marks of notes.

use super::escape::{self, Context};
use crate::import::document::{Document, Height, Inline, Look, Paragraph, is_blank};
use crate::markdown;

/// What a paragraph is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Running text.
    Paragraph,
    /// One line; its own look is the heading's.
    Heading,
    /// A cell of a table.
    Cell,
}

/// Whether emphasis is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// As in the document.
    Shown,
    /// Not at all.
    Dropped,
}

/// Writes one paragraph.
pub struct Pen<'a> {
    /// The document.
    pub document: &'a Document,
    /// Names of its pictures.
    pub names: super::Names<'a>,
    /// What it is written as.
    pub place: Place,
    /// The paragraph below, which may be the caption of a picture.
    pub below: Option<&'a Paragraph>,
}

/// Marks of emphasis that are open, outermost first.
type Open = Vec<&'static str>;

impl Pen<'_> {
    /// The paragraph's Markdown.
    pub fn write(&self, paragraph: &Paragraph, emphasis: Emphasis) -> String {
        let pieces = self.pieces(paragraph, emphasis);
        let tildes = pieces.iter().map(|piece| piece.text().matches('~').count()).sum::<usize>() > 1;
        let mut out = String::new();
        let mut open = Open::new();
        let mut link: Option<&str> = None;
        for (at, piece) in pieces.iter().enumerate() {
            let wanted = match piece {
                Piece::Words { look, .. } => marks(*look),
                _ => Vec::new(),
            };
            let target = match piece {
                Piece::Words { link, .. } => link.as_deref(),
                _ => None,
            };
            if target != link {
                close(&mut out, &mut open, 0);
                if let Some(address) = link {
                    out.push_str(&format!("]({})", escape::address(address)));
                }
                if target.is_some() {
                    out.push('[');
                }
                link = target;
            }
            let common = open.iter().zip(&wanted).take_while(|(open, wanted)| open == wanted).count();
            close(&mut out, &mut open, common);
            for mark in &wanted[common..] {
                out.push_str(mark);
                open.push(mark);
            }
            match piece {
                Piece::Words { text, .. } => {
                    let context = Context {
                        in_table: self.place == Place::Cell,
                        in_link: link.is_some(),
                        tildes,
                        before: out.chars().next_back(),
                        mark_follows: at + 1 < pieces.len(),
                    };
                    escape::push(&mut out, text, context);
                }
                Piece::Break => out.push_str(self.line_break()),
                Piece::Picture(number, description) => out.push_str(&self.picture(*number, description)),
                Piece::Note(label) => out.push_str(&format!("[^{label}]")),
            }
        }
        close(&mut out, &mut open, 0);
        if let Some(address) = link {
            out.push_str(&format!("]({})", escape::address(address)));
        }
        self.finished(&out)
    }

    fn line_break(&self) -> &'static str {
        match self.place {
            Place::Paragraph => "\\\n",
            Place::Heading => " ",
            Place::Cell => "<br>",
        }
    }

    fn finished(&self, out: &str) -> String {
        match self.place {
            Place::Cell => {
                let lines = out.split("<br>").map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty());
                lines.collect::<Vec<_>>().join("<br>")
            }
            Place::Heading => {
                let out = out.trim_matches(is_blank);
                // A heading's own signs at its end, and braces that would be its attributes.
                let ends_in_signs = out.ends_with('#');
                let out = if ends_in_signs { format!("{}\\#", &out[..out.len() - 1]) } else { out.to_owned() };
                if out.ends_with('}') { out.replace('{', "\\{").replace('}', "\\}") } else { out }
            }
            Place::Paragraph => {
                let lines = out.split("\\\n").map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty());
                lines.map(escape::line_start).collect::<Vec<_>>().join("\\\n")
            }
        }
    }

    fn picture(&self, number: usize, description: &str) -> String {
        let caption = self.below.map(Paragraph::text).unwrap_or_default();
        let caption = caption.trim();
        let is_caption = caption.starts_with('图') && caption.chars().count() <= 60 && !caption.ends_with('。');
        let description = if description.is_empty() && is_caption { caption } else { description };
        let mut alt = String::new();
        let context = Context {
            in_table: self.place == Place::Cell,
            in_link: true,
            tildes: true,
            before: None,
            mark_follows: true,
        };
        escape::push(&mut alt, description, context);
        format!("![{}]({})", alt.trim(), escape::address(&(self.names)(number)))
    }

    /// Whether the site reads the paragraph's words out of what was written, no more and no fewer.
    pub fn reads_back(&self, paragraph: &Paragraph, written: &str) -> bool {
        let mut expected = String::new();
        for piece in self.pieces(paragraph, Emphasis::Dropped) {
            match piece {
                Piece::Words { text, .. } => expected.push_str(&text),
                // Without its note, the mark is text.
                Piece::Note(label) => expected.push_str(&format!("[^{label}]")),
                Piece::Break | Piece::Picture(..) => {}
            }
        }
        let written = match self.place {
            Place::Heading => format!("# {written}"),
            _ => written.to_owned(),
        };
        let bare = |text: &str| text.chars().filter(|ch| !is_blank(*ch) && !ch.is_control()).collect::<String>();
        bare(&expected) == bare(&markdown::plain(&written))
    }

    /// Whether any words of the paragraph have a look.
    pub fn has_emphasis(&self, paragraph: &Paragraph) -> bool {
        self.pieces(paragraph, Emphasis::Shown)
            .iter()
            .any(|piece| matches!(piece, Piece::Words { look, .. } if !marks(*look).is_empty()))
    }

    /// Words that are raised or lowered in the document and not on the page.
    pub fn lost_heights(&self, paragraph: &Paragraph) -> String {
        let lost = paragraph.inlines.iter().filter_map(|inline| match inline {
            Inline::Text(span) => match span.look.height {
                Height::Line => None,
                Height::Raised => escape::raised(&span.text).is_none().then_some(span.text.trim()),
                Height::Lowered => escape::lowered(&span.text).is_none().then_some(span.text.trim()),
            },
            _ => None,
        });
        lost.collect::<Vec<_>>().join(" ")
    }

    /// The paragraph in pieces, white space between two looks in the look that both share.
    fn pieces(&self, paragraph: &Paragraph, emphasis: Emphasis) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if let Some(number) = paragraph.number.as_ref().filter(|number| !number.is_bullet()) {
            pieces.push(Piece::Words { text: number.text.clone(), look: Look::default(), link: None });
        }
        let run_in = if self.place == Place::Paragraph { run_in_end(paragraph) } else { 0 };
        let mut at = 0;
        for inline in &paragraph.inlines {
            match inline {
                Inline::Break => pieces.push(Piece::Break),
                Inline::Picture(number, description) => pieces.push(Piece::Picture(*number, description.clone())),
                Inline::Note(number) => {
                    if let Some(note) = self.document.notes.get(*number) {
                        pieces.push(Piece::Note(note.label.clone()));
                    }
                }
                Inline::Text(span) => {
                    let text = match span.look.height {
                        Height::Raised => escape::raised(&span.text),
                        Height::Lowered => escape::lowered(&span.text),
                        Height::Line => None,
                    };
                    let text = text.unwrap_or_else(|| span.text.clone());
                    let mut look = match emphasis {
                        Emphasis::Shown => span.look,
                        Emphasis::Dropped => Look::default(),
                    };
                    if self.place == Place::Heading {
                        look.bold = false;
                    }
                    let link = span.link.as_deref().map(str::to_owned);
                    // The site sets a run-in heading in bold by itself.
                    let plain = text.len().min(run_in.saturating_sub(at));
                    let plain = if text.is_char_boundary(plain) { plain } else { 0 };
                    at += text.len();
                    if plain > 0 {
                        let look = Look { bold: false, ..look };
                        pieces.push(Piece::Words { text: text[..plain].to_owned(), look, link: link.clone() });
                    }
                    spread(&mut pieces, &text[plain..], look, link);
                }
            }
        }
        level_spaces(&mut pieces);
        pieces
    }
}

/// Where the run-in heading of a paragraph ends, in bytes of its text without its number.
fn run_in_end(paragraph: &Paragraph) -> usize {
    let number = paragraph.number.as_ref().map_or(0, |number| number.text.len());
    let text = paragraph.text();
    if crate::import::outline::mark(&text) != Some(crate::import::outline::Mark::HanInBrackets) {
        return 0;
    }
    let end = text.find('。').map_or(text.len(), |at| at + '。'.len_utf8());
    end.saturating_sub(number)
}

#[derive(Debug, Clone)]
enum Piece {
    Words { text: String, look: Look, link: Option<String> },
    Break,
    Picture(usize, String),
    Note(String),
}

impl Piece {
    fn text(&self) -> &str {
        match self {
            Self::Words { text, .. } => text,
            _ => "",
        }
    }
}

/// Cuts the white space off both ends of words, so that marks touch what they mark.
fn spread(pieces: &mut Vec<Piece>, text: &str, look: Look, link: Option<String>) {
    let inner = text.trim_matches(is_blank);
    if inner.is_empty() {
        if !text.is_empty() {
            pieces.push(Piece::Words { text: text.to_owned(), look: Look::default(), link: None });
        }
        return;
    }
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let end = start + inner.len();
    for (piece, look, link) in
        [(&text[..start], Look::default(), None), (inner, look, link), (&text[end..], Look::default(), None)]
    {
        if !piece.is_empty() {
            pieces.push(Piece::Words { text: piece.to_owned(), look, link });
        }
    }
}

/// White space between words of one look takes that look, so that no mark closes and opens around it.
fn level_spaces(pieces: &mut [Piece]) {
    for at in 1..pieces.len().saturating_sub(1) {
        let is_space = matches!(&pieces[at], Piece::Words { text, .. } if text.chars().all(is_blank));
        if !is_space {
            continue;
        }
        if let (Piece::Words { look: before, link: left, .. }, Piece::Words { look: after, link: right, .. }) =
            (pieces[at - 1].clone(), &pieces[at + 1])
        {
            let shared = Look {
                bold: before.bold && after.bold,
                italic: before.italic && after.italic,
                struck: before.struck && after.struck,
                height: Height::Line,
            };
            let same = if left == *right { left } else { None };
            if let Piece::Words { look, link, .. } = &mut pieces[at] {
                *look = shared;
                *link = same;
            }
        }
    }
}

fn marks(look: Look) -> Vec<&'static str> {
    let mut marks = Vec::new();
    if look.bold {
        marks.push("**");
    }
    if look.struck {
        marks.push("~~");
    }
    if look.italic {
        marks.push("*");
    }
    marks
}

fn close(out: &mut String, open: &mut Open, keep: usize) {
    while open.len() > keep {
        out.push_str(open.pop().unwrap_or_default());
    }
}
