//! 与另一份报告几乎相同 / Nearly the same as another report
//!
//! 正文去掉年份、数字、乡镇名称和表格以后，与本乡镇上一年的报告，或与同年度同类别另一乡镇的报告有八成以上相同。内容雷同、敷衍
//! 塞责的年报要追究责任（国办公开办函〔2021〕30号）。照实际情况改写；本来就该相同的，写一条注释说明理由。
//!
//! Without years, figures, names of towns and tables, four fifths of the text are those of last year's report of the
//! same town or of another town's report of the same kind and year. 国办公开办函〔2021〕30号 holds people responsible
//! for reports that are copied. Write what was done; where the same words are right, say so in a comment.
//!
//! ```text
//! content/dingshi/2024/fazhi.md 与 content/dingshi/2023/fazhi.md 约 93% 相同
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::check::copies`], which sees more than one document.
pub(in crate::check) static RULE: Rule =
    Rule { reach: Reach::Site, ..Rule::new(codes::NEAR_COPY, Severity::Advice, include_str!("near_copy.rs")) };
