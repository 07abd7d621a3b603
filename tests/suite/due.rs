//! `gongkai check --due`, and the sums of the statutory tables on tables that were made at random.

use gongkai::review::due::{self, State};
use proptest::prelude::*;

use crate::sites;

fn yearly(town: &str, year: i16, kind: &str, published: &str) -> String {
    format!(
        "---\ntitle: {town}{year}年报告\ntown: {town}\nyear: {year}\ndate: {published}\nkind: {kind}\n---\n正文。\n"
    )
}

#[test]
fn says_what_is_due_late_and_missing() {
    let files = [
        ("content/a.md", yearly("丁市镇", 2022, "nianbao", "2023-01-31")),
        ("content/b.md", yearly("丁市镇", 2024, "nianbao", "2025-02-01")),
        ("content/c.md", yearly("丁市镇", 2024, "fazhi", "2025-03-20")),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let duties = sites::due(&sites::disk(&files));
    let told: Vec<_> = duties.iter().map(|duty| (duty.kind.as_str(), duty.year, duty.state)).collect();
    let (nianbao, fazhi) = ("nianbao", "fazhi");
    assert_eq!(
        told,
        [
            (nianbao, 2022, State::Done),
            (nianbao, 2023, State::Missing),
            (nianbao, 2024, State::Late),
            (nianbao, 2025, State::Due),
            (fazhi, 2024, State::Done),
            (fazhi, 2025, State::Due),
        ]
    );
    assert!(duties[4].reported_late, "it was made after 1 March");
    let table = due::as_table(&duties, gongkai::diagnostic::Language::Chinese);
    assert!(table.contains("缺      丁市镇  2023  政府信息公开工作年度报告  2024-01-31\n"), "{table}");
    assert!(table.ends_with("应公开 6 份：按时 2，迟 1，缺 1，待公开 2\n"), "{table}");
    assert_eq!(due::as_json(&duties)[2]["day"], "2025-02-01");
}

#[test]
fn a_county_sets_its_own_day() {
    let site = "name: 测试站\nkinds:\n  - { id: nianbao, name: 年报, yearly: true, column: annual, due: \"02-20\" }\n";
    let report = yearly("丁市镇", 2024, "nianbao", "2025-02-20");
    let disk = sites::disk(&[("site.yaml", site.as_bytes()), ("content/a.md", report.as_bytes())]);
    let duties = sites::due(&disk);
    assert_eq!(duties.iter().find(|duty| duty.year == 2024 && duty.kind == "nianbao").unwrap().state, State::Done);
}

/// The labels of table 三 between its first two rows and the total.
const RESULTS: [&str; 21] = [
    "（一）予以公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息",
    "2.没有现成信息需要另行制作",
    "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
];

/// A table whose sums are right: 新收, 上年结转, the results, their total, 结转下年度; seven columns each.
fn right(results: &[[u16; 6]], carried: [u16; 6], next: [u16; 6]) -> Vec<[i64; 7]> {
    let with_total = |six: [i64; 6]| std::array::from_fn(|at| if at < 6 { six[at] } else { six.iter().sum() });
    let column = |at: usize| results.iter().map(|row| i64::from(row[at])).sum::<i64>();
    let total: [i64; 6] = std::array::from_fn(column);
    // What was carried over cannot be more than what was dealt with.
    let carried: [i64; 6] = std::array::from_fn(|at| i64::from(carried[at]).min(total[at] + i64::from(next[at])));
    let new: [i64; 6] = std::array::from_fn(|at| total[at] + i64::from(next[at]) - carried[at]);
    let mut rows = vec![with_total(new), with_total(carried)];
    rows.extend(results.iter().map(|row| with_total(row.map(i64::from))));
    rows.extend([with_total(total), with_total(next.map(i64::from))]);
    rows
}

fn written(rows: &[[i64; 7]]) -> String {
    let labels = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"];
    let labels = labels.into_iter().chain(RESULTS).chain(["（七）总计", "四、结转下年度继续办理"]);
    let mut text = String::from(
        "| | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (label, row) in labels.zip(rows) {
        let cells: Vec<String> = row.iter().map(i64::to_string).collect();
        text += &format!("| {label} | {} |\n", cells.join(" | "));
    }
    text
}

fn findings(rows: &[[i64; 7]]) -> usize {
    let report = sites::report("丁市镇2024年政府信息公开工作年度报告", "丁市镇", 2024, &written(rows));
    let review = sites::review(&sites::disk(&[("content/a.md", report.as_bytes())]));
    assert_eq!(review.documents, 1);
    review.diagnostics.iter().filter(|fault| fault.code.0 == "GK-R005").count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn right_sums_are_never_wrong_and_a_changed_one_always_is(
        results in prop::collection::vec(prop::array::uniform6(0_u16..40), 21),
        carried in prop::array::uniform6(0_u16..20),
        next in prop::array::uniform6(0_u16..20),
        (row, column) in (0_usize..25, 0_usize..7),
        more in 1_i64..500,
    ) {
        let mut rows = right(&results, carried, next);
        prop_assert_eq!(findings(&rows), 0);
        rows[row][column] += more;
        prop_assert!(findings(&rows) > 0, "row {}, column {}", row, column);
    }
}
