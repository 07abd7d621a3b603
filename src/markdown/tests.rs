//! What bodies become, as pairs of Markdown and HTML.

use std::sync::Arc;

use super::article;
use crate::diagnostic::Checked;
use crate::model::article::{Article, Image, Link, Surroundings};

/// A small world: one page, one file, one image; hosts are outside, `listed.cn` is listed.
pub struct World;

impl Surroundings for World {
    fn link(&self, target: &str) -> Link {
        match target {
            "a.md" => Link::Inside("a.html".into()),
            "b.pdf" => Link::Attachment { href: "b.pdf".into(), about: "PDF, 1 KB".into(), name: "名单.pdf".into() },
            _ if target.starts_with("http") || target.starts_with("mailto:") => {
                Link::Outside { href: target.into(), listed: target.contains("listed.cn") }
            }
            _ if target.contains(':') => Link::Forbidden,
            _ => Link::Broken,
        }
    }

    fn image(&self, target: &str) -> Image {
        match target {
            "a.png" => Image::Inside { src: "a.png".into(), size: Some((40, 30)) },
            _ if target.starts_with("http") => Image::Foreign,
            _ => Image::Broken,
        }
    }
}

pub fn make(text: &str) -> Checked<Article> {
    let path: Arc<str> = "a.md".into();
    article(&path, text, 0, &World)
}

#[track_caller]
fn check(text: &str, html: &str) {
    let made = make(text);
    assert_eq!(made.value.html.trim_end(), html, "\n{text}");
    assert_eq!(made.diagnostics, [], "\n{text}");
}

#[track_caller]
fn check_fault(text: &str, html: &str, code: &str, underlined: &str) {
    let made = make(text);
    assert_eq!(made.value.html.trim_end(), html, "\n{text}");
    let found: Vec<_> = made
        .diagnostics
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().expect("every fault has its place");
            assert!(fault.help.is_some());
            (fault.code.0, &place.excerpt[place.underline.clone()])
        })
        .collect();
    assert_eq!(found, [(code, underlined)], "\n{text}");
}

#[test]
fn chinese_text_comes_out_as_typed() {
    for text in [
        "40*4",
        "PM_2.5",
        "40*4*3=480",
        "1、甲",
        "（1）甲",
        "①甲",
        "1．甲",
        "0～6岁，7～12岁",
        "0~6岁，7~12岁",
        "［1］",
        "a_（b）_c",
    ] {
        check(text, &format!("<p>{text}</p>"));
    }
    check("《<条例>》", "<p>《&lt;条例&gt;》</p>");
    check("甲\n乙", "<p>甲乙</p>");
    check("甲。\n“乙”", "<p>甲。“乙”</p>");
    check("甲\nword", "<p>甲\nword</p>");
    check("甲  \n乙", "<p>甲<br>\n乙</p>");
}

#[test]
fn chinese_emphasis() {
    check("中文**（强调）**中文", "<p>中文<strong>（强调）</strong>中文</p>");
    check("**100%**的", "<p><strong>100%</strong>的</p>");
    check("**“重点”**内容", "<p><strong>“重点”</strong>内容</p>");
    check("中~~（删）~~文", "<p>中<del>（删）</del>文</p>");
    check("`中**（`\\*甲**（乙）**丙", "<p><code>中**（</code>*甲<strong>（乙）</strong>丙</p>");
    check(
        "[中**（强）**调](a.md \"中**（\")",
        "<p><a href=\"a.html\" title=\"中**（\">中<strong>（强）</strong>调</a></p>",
    );
    check("`中**（a\nb`，甲**（乙）**丙", "<p><code>中**（a b</code>，甲<strong>（乙）</strong>丙</p>");
}

#[test]
fn headings_begin_at_two_without_gaps() {
    check("# 甲\n\n### 乙", "<h2 id=\"jia\">甲</h2>\n<h3 id=\"yi\">乙</h3>");
    check("### 一、主要举措和成效", "<h2 id=\"zhu-yao-ju-cuo-he-cheng-xiao\">一、主要举措和成效</h2>");
    check("## 甲\n## 甲 {#own}\n## 甲", "<h2 id=\"jia\">甲</h2>\n<h2 id=\"own\">甲</h2>\n<h2 id=\"jia-2\">甲</h2>");
    check("## 甲 {#main}", "<h2 id=\"jia\">甲</h2>");
    check("[甲](#jia)\n\n## 甲", "<p><a href=\"#jia\">甲</a></p>\n<h2 id=\"jia\">甲</h2>");
}

#[test]
fn run_in_headings_and_points() {
    let made = make("## 一、甲\n\n（一）加强领导。镇里做了。\n\n(二)健全制度\n\n（1）不算。\n\n（三）不予公开的；");
    assert!(
        made.value
            .html
            .contains("<p><strong class=\"run-in\" id=\"jia-qiang-ling-dao\">（一）加强领导。</strong>镇里做了。</p>")
    );
    assert!(made.value.html.contains("<p><strong class=\"run-in\" id=\"jian-quan-zhi-du\">(二)健全制度</strong></p>"));
    let outline: Vec<_> = made.value.outline.iter().map(|line| (line.level, &*line.title)).collect();
    assert_eq!(outline, [(1, "一、甲"), (2, "（一）加强领导"), (2, "(二)健全制度")]);
    check(
        "镇里：一是抓**学**习；二是抓落实。三是的",
        "<p>镇里：<span class=\"point\">一是</span>抓<strong>学</strong>习；<span class=\"point\">二是</span>抓落实。<span class=\"point\">三是</span>的</p>",
    );
    check("统一是好的，二是", "<p>统一是好的，二是</p>");
    check("（一）**加强**领导。甲", "<p>（一）<strong>加强</strong>领导。甲</p>");
    check(
        "（一）领导。一是学；二是做。",
        "<p><strong class=\"run-in\" id=\"ling-dao\">（一）领导。</strong><span class=\"point\">一是</span>学；<span class=\"point\">二是</span>做。</p>",
    );
}

#[test]
fn signatures() {
    let signed = "<div class=\"signature\">\n<p>丁市镇人民政府</p>\n<p><time datetime=\"2023-01-16\">2023年1月16日</time></p>\n</div>";
    check("甲。\n\n丁市镇人民政府\n\n2023年1月16日", &format!("<p>甲。</p>\n{signed}"));
    check("甲。\n\n　　丁市镇人民政府\n　　2023年1月16日", &format!("<p>甲。</p>\n{signed}"));
    check(
        "丁市镇人民政府\n\n2023年1月16日\n\n## 附件\n\n乙。",
        &format!("{signed}\n<h2 id=\"fu-jian\">附件</h2>\n<p>乙。</p>"),
    );
    check("附件：1. 名单", "<p class=\"attachment-note\">附件：1. 名单</p>");
    check("特此报告。\n\n2023年1月16日", "<p>特此报告。</p>\n<p>2023年1月16日</p>");
}

#[test]
fn lists_keep_their_numbers() {
    check("3. 甲\n4. 乙", "<ol start=\"3\">\n<li>甲</li>\n<li>乙</li>\n</ol>");
    check("1. 甲\n3. 乙\n4. 丙", "<ol>\n<li>甲</li>\n<li value=\"3\">乙</li>\n<li>丙</li>\n</ol>");
    check("1. 甲\n1. 乙\n1. 丙", "<ol>\n<li>甲</li>\n<li>乙</li>\n<li>丙</li>\n</ol>");
    check("1) 甲\n2) 乙", "<ol class=\"paren\">\n<li>甲</li>\n<li>乙</li>\n</ol>");
    check("- [x] 甲", "<ul>\n<li><span role=\"img\" aria-label=\"已完成\">☑</span> 甲</li>\n</ul>");
}

#[track_caller]
fn check_table(text: &str, inside: &str) {
    let made = make(text);
    let table = made.value.html.split_once("<table>\n").and_then(|(_, rest)| rest.split_once("</table>"));
    assert_eq!(table.map(|(inside, _)| inside.replace('\n', "")).as_deref(), Some(inside), "\n{text}");
}

#[test]
fn tables() {
    check_table(
        "表1 数量\n\n| 项 | 数 |\n|---|---|\n| 甲 | 1 |\n| 乙 | -2.5% |",
        "<caption>表1 数量</caption><thead><tr><th scope=\"col\">项</th><th scope=\"col\" class=\"num\">数</th></tr></thead>\
         <tbody><tr><th scope=\"row\">甲</th><td class=\"num\">1</td></tr>\
         <tr><th scope=\"row\">乙</th><td class=\"num\">-2.5%</td></tr></tbody>",
    );
    check_table(
        "| 项 | 数 | << |\n|---|---|---|\n| ^^ | **上年** | **今年** |\n| 甲 | 乙 | \\<\\< |\n| ^^ | ^^ | << |",
        "<thead><tr><th scope=\"col\" rowspan=\"2\">项</th><th scope=\"col\" colspan=\"2\">数</th></tr>\
         <tr><th scope=\"col\"><strong>上年</strong></th><th scope=\"col\"><strong>今年</strong></th></tr></thead>\
         <tbody><tr><td>甲</td><td colspan=\"2\">乙</td></tr></tbody>",
    );
    check_table(
        "| ^^ | a |\n|---|---|\n| << | b |",
        "<thead><tr><th scope=\"col\">^^</th><th scope=\"col\">a</th></tr></thead><tbody><tr><td>&lt;&lt;</td><td>b</td></tr></tbody>",
    );
    check_table("| | |\n|---|---|\n| 甲<br>乙 | b |", "<tbody><tr><td>甲<br>乙</td><td>b</td></tr></tbody>");
    let made = make("| a |\n|---|\n\n| b |\n|---|");
    assert!(made.value.html.contains("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"表格 2\">"));
}

#[test]
fn links_and_images() {
    check("[甲](a.md)", "<p><a href=\"a.html\">甲</a></p>");
    check("[甲](b.pdf)", "<p><a class=\"attachment\" href=\"b.pdf\" download=\"名单.pdf\">甲</a>（PDF, 1 KB）</p>");
    check(
        "<https://x.cn>",
        "<p><a class=\"outside\" href=\"https://x.cn\" rel=\"noopener external nofollow\">https://x.cn</a></p>",
    );
    check(
        "[甲](https://listed.cn)",
        "<p><a class=\"outside\" href=\"https://listed.cn\" rel=\"noopener external nofollow\" data-listed>甲</a></p>",
    );
    check(
        "![图](a.png \"题\")",
        "<figure><img src=\"a.png\" alt=\"图\" width=\"40\" height=\"30\" loading=\"lazy\" decoding=\"async\"><figcaption>题</figcaption></figure>",
    );
    check_fault("甲[乙](c.md)", "<p>甲乙</p>", "GK-L001", "[乙](c.md)");
    check_fault("[乙](#no)。", "<p>乙。</p>", "GK-L001", "[乙](#no)");
    check_fault("[乙](javascript:x)", "<p>乙</p>", "GK-L005", "[乙](javascript:x)");
    check_fault("甲![图](c.png)", "<p>甲图</p>", "GK-L002", "![图](c.png)");
    check_fault(
        "![](a.png)",
        "<figure><img src=\"a.png\" alt=\"\" width=\"40\" height=\"30\" loading=\"lazy\" decoding=\"async\"></figure>",
        "GK-L004",
        "![](a.png)",
    );
    check_fault(
        "![图](https://x.cn/a.png)",
        "<p><a class=\"outside\" href=\"https://x.cn/a.png\" rel=\"noopener external nofollow\">图</a></p>",
        "GK-L006",
        "![图](https://x.cn/a.png)",
    );
}

#[test]
fn raw_html_is_text_and_comments_vanish() {
    check_fault("甲<b>乙</b>", "<p>甲&lt;b&gt;乙&lt;/b&gt;</p>", "GK-M001", "<b>");
    check_fault("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>", "GK-M001", "<script>x</script>");
    check("甲<foo>乙", "<p>甲&lt;foo&gt;乙</p>");
    check("甲<!-- x -->乙\n\n<!-- 丙 -->\n\n丁", "<p>甲乙</p>\n<p>丁</p>");
    check_fault("<!-- 甲 -->", "", "GK-M005", "");
    check_fault("\n", "", "GK-M005", "");
}

#[test]
fn footnotes() {
    check(
        "甲[^a]乙[^a]\n\n[^a]: 注",
        "<p>甲<sup class=\"note\"><a id=\"fnref-1\" href=\"#fn-1\" aria-label=\"注释 1\">[1]</a></sup>\
         乙<sup class=\"note\"><a id=\"fnref-1-2\" href=\"#fn-1\" aria-label=\"注释 1\">[1]</a></sup></p>\n\
         <section class=\"footnotes\" aria-label=\"注释\">\n<ol>\n<li id=\"fn-1\">\n\
         <p>注 <a class=\"back\" href=\"#fnref-1\" aria-label=\"回到正文中的注释 1\">↩</a> \
         <a class=\"back\" href=\"#fnref-1-2\" aria-label=\"回到正文中的注释 1\">↩</a></p>\n</li>\n</ol>\n</section>",
    );
    check_fault("甲[^b]", "<p>甲[^b]</p>", "GK-M004", "[^b]");
}

#[test]
fn code() {
    let made = make("```json\n{\"a\": 1}\n```");
    assert!(made.value.html.starts_with(
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-json\"><span class=\"hl-source hl-json\">"
    ));
    assert!(made.value.has_code && made.diagnostics.is_empty());
    check_fault(
        "```yuyan\n<\n```",
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-yuyan\">&lt;\n</code></pre>",
        "GK-M003",
        "```yuyan",
    );
    check_fault("```\n甲", "<pre class=\"code\" tabindex=\"0\"><code>甲</code></pre>", "GK-M002", "```");
}

#[test]
fn opening_is_running_text() {
    assert_eq!(make("## 题\n\n甲**乙**。\n\n| a |\n|---|\n\n丙[丁](a.md)").value.opening, "甲乙。丙丁");
}

#[test]
fn the_body_starts_behind_the_front_matter() {
    let path: Arc<str> = "a.md".into();
    let text = "---\ntitle: 甲\n---\n第一行\n\n[乙](c.md)\n";
    let made = article(&path, text, text.find("第").unwrap(), &World);
    let place = made.diagnostics[0].place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (6, 1));
}
