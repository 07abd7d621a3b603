//! Which body a name belongs to: 酉阳土家族苗族自治县丁市镇人民政府 is that of 丁市镇.

/// What a unit's name ends with, longest first.
const UNITS: [&str; 12] =
    ["特别行政区", "自治区", "自治州", "自治县", "自治旗", "街道", "省", "市", "县", "区", "镇", "乡"];
/// What stands behind a unit's name where it acts.
const BODIES: [&str; 5] = ["人民政府", "办事处", "委员会", "人大常委会", "政府"];
/// After these another unit, one below, may begin.
const ABOVE: [&str; 8] = ["自治区", "自治州", "自治县", "自治旗", "省", "市", "县", "区"];

/// Words that end like a unit and are none.
const NO_UNITS: [&str; 22] = [
    "乡镇", "城镇", "城乡", "村镇", "市县", "城区", "辖区", "社区", "园区", "地区", "小区", "山区", "景区", "库区",
    "灾区", "校区", "片区", "专区", "特区", "城市", "上市", "超市",
];
/// Words that begin a sentence and no name.
const NO_NAMES: [&str; 24] = [
    "加强",
    "推进",
    "进一步",
    "做好",
    "开展",
    "印发",
    "规范",
    "完善",
    "健全",
    "建设",
    "实施",
    "促进",
    "深化",
    "公司",
    "诉",
    "某",
    "全国",
    "我",
    "本",
    "该",
    "各",
    "全",
    "某某",
    "对",
];
/// Units whose names need nobody's word.
const PROVINCES: [&str; 31] = [
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "内蒙古自治区",
    "广西壮族自治区",
    "西藏自治区",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
];

/// The unit whose government a name is: `丁市镇` of `中共酉阳县丁市镇委员会`.
pub fn of_body(name: &str) -> Option<String> {
    let name = name.trim().strip_prefix("中共").or_else(|| name.strip_prefix("中国共产党")).unwrap_or(name.trim());
    let unit = BODIES.iter().find_map(|body| {
        let at = name.find(body)?;
        // An office of the government signs for it.
        let rest = &name[at + body.len()..];
        let is_office = rest.is_empty() || rest.ends_with("办公室") || rest.ends_with('办');
        (at > 0 && is_office).then(|| &name[..at])
    })?;
    last_unit(unit)
}

/// The last unit of a chain such as 呼伦贝尔市海拉尔区.
pub fn last_unit(chain: &str) -> Option<String> {
    let suffix = UNITS.iter().find(|unit| chain.ends_with(**unit))?;
    if !chain.chars().all(is_of_name) || *suffix == "特别行政区" {
        return None;
    }
    let own = &chain[..chain.len() - suffix.len()];
    let mut start = 0;
    for (at, _) in chain.char_indices() {
        let ends_above = ABOVE.iter().any(|above| chain[..at].ends_with(above) && at > above.len() + 2);
        // A name has two characters at least: 市中街道 is not 中街道.
        if ends_above && at < own.len() && own[at..].chars().count() >= 2 {
            start = at;
        }
    }
    let length = chain[start..].chars().count();
    let unit = &chain[start..];
    let is_name = !NO_UNITS.iter().any(|word| unit.ends_with(word))
        && !NO_NAMES.iter().any(|word| {
            if word.chars().count() > 1 || *word == "诉" { chain.contains(word) } else { unit.starts_with(word) }
        });
    (own.len() > start && (2..=14).contains(&length) && is_name).then(|| chain[start..].to_owned())
}

/// The unit that a title begins with, with or without its year: `2026年云南省政府工作报告`.
pub fn of_title(title: &str) -> Option<String> {
    let title = title.trim_start_matches("关于");
    let behind_year = title.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let title = behind_year.strip_prefix("年度").or_else(|| behind_year.strip_prefix('年')).unwrap_or(title);
    // The shortest beginning that ends like a unit and is followed by what a unit's title goes on with.
    let follows = ["人民政府", "政府", "办事处", "委员会", "人大", "党工委", "关于", "人民代表大会"];
    for (at, _) in title.char_indices().skip(2).take(24) {
        let (chain, rest) = title.split_at(at);
        if !chain.chars().all(is_of_name) {
            break;
        }
        if !UNITS.iter().any(|unit| chain.ends_with(unit)) {
            continue;
        }
        let goes_on = follows.iter().any(|word| rest.starts_with(word));
        let has_year = rest.starts_with(|ch: char| ch.is_ascii_digit());
        let unit = last_unit(chain);
        if goes_on || has_year {
            return unit;
        }
    }
    // A title that goes on with its subject: 重庆市动物防疫条例.
    PROVINCES.iter().find(|province| title.starts_with(**province)).map(|province| (*province).to_owned())
}

/// The unit before whose assembly something was held or passed: 在云南省第十四届人民代表大会.
pub fn of_assembly(line: &str) -> Option<String> {
    let end = line.find("届人民代表大会")?;
    let front = line[..end].trim_end_matches(|ch: char| ch.is_ascii_digit() || "一二三四五六七八九十".contains(ch));
    let front = front.strip_suffix('第').unwrap_or(front);
    let start = front
        .rfind(|ch: char| !is_of_name(ch))
        .map_or(0, |at| at + front[at..].chars().next().map_or(1, char::len_utf8));
    let chain = &front[start..];
    let chain = chain.rsplit_once('在').map_or(chain, |(_, chain)| chain);
    let chain = chain.rsplit_once('日').map_or(chain, |(_, chain)| chain);
    last_unit(chain)
}

fn is_of_name(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9fff}' | '〇' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_unit_of_a_body() {
        for (name, unit) in [
            ("丁市镇人民政府", Some("丁市镇")),
            ("酉阳土家族苗族自治县丁市镇人民政府", Some("丁市镇")),
            ("荆州市荆州区沙市镇人民政府", Some("沙市镇")),
            ("中共示例县青河镇委员会", Some("青河镇")),
            ("示例县城关街道办事处", Some("城关街道")),
            ("海拉尔区人民政府办公室", Some("海拉尔区")),
            ("湖㳇镇人民政府", Some("湖㳇镇")),
            ("潜江市住建局", None),
            ("国务院办公厅", None),
        ] {
            assert_eq!(of_body(name).as_deref(), unit, "{name}");
        }
    }

    #[test]
    fn finds_the_unit_of_a_title() {
        for (title, unit) in [
            ("丁市镇2023年法治政府建设年度报告", Some("丁市镇")),
            ("2026年云南省政府工作报告", Some("云南省")),
            ("示例县青河镇人民政府关于印发办法的通知", Some("青河镇")),
            ("重庆市动物防疫条例", Some("重庆市")),
            ("关于开展2024年度工作总结的通知", None),
            ("政府工作报告", None),
            ("国务院办公厅关于印发办法的通知", None),
        ] {
            assert_eq!(of_title(title).as_deref(), unit, "{title}");
        }
        assert_eq!(
            of_assembly("——2019年3月4日在呼伦贝尔市海拉尔区第十五届人民代表大会第三次会议上").as_deref(),
            Some("海拉尔区")
        );
        assert_eq!(of_assembly("2026年1月27日在甘肃省十四届人民代表大会第四次会议上").as_deref(), Some("甘肃省"));
        assert_eq!(of_assembly("2005年2月28日第十届全国人民代表大会通过"), None);
    }
}
