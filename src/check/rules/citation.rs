//! 引用的文件已经失效或文号写错 / A citation that is superseded or wrong
//!
//! 年报格式的文号是国办公开办函〔2021〕30号，常被误写成国办发〔2021〕30号；它替代了国办公开办函〔2019〕60号。合同法、物权法、婚姻法等自 2021 年
//! 1 月 1 日民法典施行起废止。改成现行的文件。
//!
//! The form of the yearly report is 国办公开办函〔2021〕30号, often miswritten 国办发〔2021〕30号; it takes the place of
//! 国办公开办函〔2019〕60号. 合同法, 物权法, 婚姻法 and others were repealed when 民法典 came into force on 1 January 2021.
//! Cite what is in force.
//!
//! ```text
//! 按照国办发〔2021〕30号的格式
//! ```

use crate::check::rule::Rule;
use crate::diagnostic::{Severity, codes};
use crate::text;

const CODE: &str = "《中华人民共和国民法典》";

/// What is written, what is right, and the first report year in which it is wrong.
const CITATIONS: &[(&str, &str, i16)] = &[
    ("国办发〔2021〕30号", "国办公开办函〔2021〕30号", 0),
    ("国办函〔2021〕30号", "国办公开办函〔2021〕30号", 0),
    ("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号", 2021),
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
        if subject.kind.yearly && subject.head.year.is_some_and(|year| year >= since) {
            findings
                .at(subject, range, text!("{words}已经失效或写错", "{words} is no longer in force, or miswritten"))
                .help(text!("现行的是{right}", "in force is {right}"));
        }
    },
    ..Rule::new(codes::CITATION, Severity::Warning, include_str!("citation.rs"))
};
