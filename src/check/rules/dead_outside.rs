//! 外部链接打不开 / A link to another host that cannot be opened
//!
//! 只有加上 `--online` 才查：每个网站一次只问一页，两次之间隔一秒，先问 HEAD，不行再问 GET。对方说没有这一页（404、410），或者域名已不存在，
//! 就是失效的链接，普查要扣分（国办秘函〔2019〕19号）。改成新的地址，或者去掉链接。一时连不上的只作建议。
//!
//! Looked at only with `--online`: one page of a host at a time, a second apart, HEAD first and GET where that is refused.
//! Where the page (404, 410) or the host is no more, the link is dead, which inspections count (国办秘函〔2019〕19号). Write
//! the new address, or remove the link. What could not be reached just now is only advice.
//!
//! ```text
//! [通知](https://www.example.gov.cn/2019/old.html)
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};

/// What it finds is found by [`crate::review::online`], which asks the hosts.
pub(in crate::check) static RULE: Rule =
    Rule { reach: Reach::Site, ..Rule::new(codes::DEAD_OUTSIDE, Severity::Warning, include_str!("dead_outside.rs")) };
