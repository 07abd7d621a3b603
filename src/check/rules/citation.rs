//! 引用的文件已经失效或文号写错 / A citation that is superseded or wrong
//!
//! 年报格式的文号是国办公开办函〔2021〕30号，常被误写成国办发〔2021〕30号；它替代了国办公开办函〔2019〕60号。合同法、物权法、婚姻法等自 2021 年
//! 1 月 1 日民法典施行起废止；《信访条例》自 2022 年 5 月 1 日起由《信访工作条例》代替。改成现行的文件；说明“废止”的不提示。
//!
//! The form of the yearly report is 国办公开办函〔2021〕30号, often miswritten 国办发〔2021〕30号; it takes the place of
//! 国办公开办函〔2019〕60号. 合同法, 物权法, 婚姻法 and others were repealed when 民法典 came into force on 1 January 2021.
//! 《信访工作条例》 took the place of 《信访条例》 on 1 May 2022. Cite what is in force; where the text says that something was
//! repealed, nothing is found.
//!
//! ```text
//! 按照国办发〔2021〕30号的格式
//! ```

use crate::check::rule::Rule;
use crate::check::words::before;
use crate::diagnostic::{Severity, codes};
use crate::text;

const CODE: &str = "《中华人民共和国民法典》";

/// What is written, what is right, and the first report year in which it is wrong.
const CITATIONS: &[(&str, &str, i16)] = &[
    ("国办发〔2021〕30号", "国办公开办函〔2021〕30号", 0),
    ("国办函〔2021〕30号", "国办公开办函〔2021〕30号", 0),
    ("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号", 2021),
    ("《国家行政机关公文处理办法》", "《党政机关公文处理工作条例》", 2013),
    ("《信访条例》", "《信访工作条例》", 2022),
    ("国务院令第492号", "国务院令第711号（《政府信息公开条例》2019年修订）", 2019),
    ("《合同法》", "《民法典》", 2021),
    ("《物权法》", "《民法典》", 2021),
    ("《婚姻法》", "《民法典》", 2021),
    ("《继承法》", "《民法典》", 2021),
    ("《侵权责任法》", "《民法典》", 2021),
    ("《中华人民共和国合同法》", CODE, 2021),
    ("《中华人民共和国物权法》", CODE, 2021),
    ("《中华人民共和国婚姻法》", CODE, 2021),
    ("《中华人民共和国继承法》", CODE, 2021),
    ("《中华人民共和国侵权责任法》", CODE, 2021),
    ("《中华人民共和国民法总则》", CODE, 2021),
    ("《中华人民共和国民法通则》", CODE, 2021),
    ("《中华人民共和国担保法》", CODE, 2021),
    ("《中华人民共和国收养法》", CODE, 2021),
];

const NEEDLES: &[&str] = &{
    let mut needles = [""; CITATIONS.len()];
    let mut at = 0;
    while at < needles.len() {
        needles[at] = CITATIONS[at].0;
        at += 1;
    }
    needles
};

pub(in crate::check) static RULE: Rule = Rule {
    needles: NEEDLES,
    hit: |subject, needle, range, findings| {
        let (words, right, since) = CITATIONS[needle];
        // What is said to have been repealed is rightly named.
        let sentence = |rest: &str| rest.split(['。', '；', '\n']).next().unwrap_or_default().to_owned();
        let around = before(subject.text, range.start, 12).to_owned() + &sentence(&subject.text[range.end..]);
        let is_past = ["废止", "失效", "原《", "修订前", "代替", "取代"].iter().any(|word| around.contains(word));
        if !is_past && subject.kind.yearly && subject.head.year.is_some_and(|year| year >= since) {
            findings
                .at(subject, range, text!("{words}已经失效或写错", "{words} is no longer in force, or miswritten"))
                .help(text!("现行的是{right}", "in force is {right}"));
        }
    },
    ..Rule::new(codes::CITATION, Severity::Warning, include_str!("citation.rs"))
};
