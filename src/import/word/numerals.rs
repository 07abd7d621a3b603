//! How Word writes the numbers of its lists (ECMA-376 part 1, 17.18.59), Chinese forms first.

/// A number in one of Word's forms; an unknown form is decimal, as in Word.
pub fn numeral(number: u32, form: &str) -> String {
    let n = number;
    match form {
        "none" => String::new(),
        "chineseCounting" | "taiwaneseCounting" => counting(n),
        "chineseCountingThousand" | "taiwaneseCountingThousand" | "japaneseCounting" => {
            thousands(n, &HAN, ["", "十", "百", "千"], '万', true)
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => digits(n, &HAN),
        "chineseLegalSimplified" => thousands(n, &LEGAL, ["", "拾", "佰", "仟"], '万', false),
        "ideographLegalTraditional" => thousands(n, &LEGAL_TRADITIONAL, ["", "拾", "佰", "仟"], '萬', false),
        "japaneseLegal" => thousands(n, &LEGAL_JAPANESE, ["", "拾", "百", "阡"], '萬', false),
        "ideographTraditional" => cycle(n, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => cycle(n, "子丑寅卯辰巳午未申酉戌亥"),
        "ideographZodiacTraditional" => match n {
            1..=60 => format!(
                "{}{}",
                nth("甲乙丙丁戊己庚辛壬癸", (n - 1) % 10),
                nth("子丑寅卯辰巳午未申酉戌亥", (n - 1) % 12)
            ),
            _ => n.to_string(),
        },
        "ideographEnclosedCircle" => cycle_or(n, "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", counting),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(n),
        "decimalEnclosedFullstop" => enclosed(n, '⒈', 20),
        "decimalEnclosedParen" => enclosed(n, '⑴', 20),
        "decimalFullWidth" | "decimalFullWidth2" => {
            digits(n, &['０', '１', '２', '３', '４', '５', '６', '７', '８', '９'])
        }
        "decimalZero" => format!("{n:02}"),
        "numberInDash" => format!("- {n} -"),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).to_lowercase(),
        "upperLetter" => letters(n, 'A'),
        "lowerLetter" => letters(n, 'a'),
        "ordinal" => ordinal(n),
        "cardinalText" => capitalized(&english(n)),
        "ordinalText" => capitalized(&english_ordinal(n)),
        "hex" => format!("{n:X}"),
        "aiueo" | "aiueoFullWidth" => {
            cycle(n, "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン")
        }
        "iroha" | "irohaFullWidth" => {
            cycle(n, "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン")
        }
        "ganada" => cycle(n, "가나다라마바사아자차카타파하"),
        "chosung" => cycle(n, "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
        "russianLower" => cycle(n, "абвгдежзиклмнопрстуфхцчшщыэюя"),
        "russianUpper" => cycle(n, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
        _ => zeros(n, form),
    }
}

const HAN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LEGAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const LEGAL_TRADITIONAL: [char; 10] = ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'];
const LEGAL_JAPANESE: [char; 10] = ['零', '壱', '弐', '参', '四', '伍', '六', '七', '八', '九'];

/// `001, 002, 003, ...`: a form of one's own that pads with zeros.
fn zeros(n: u32, form: &str) -> String {
    let first = form.split(',').next().unwrap_or_default().trim();
    let is_padded = first.ends_with('1') && first.trim_end_matches('1').bytes().all(|byte| byte == b'0');
    if is_padded { format!("{n:0width$}", width = first.len().min(9)) } else { n.to_string() }
}

fn nth(row: &str, at: u32) -> char {
    row.chars().nth(at as usize).unwrap_or('?')
}

fn cycle(n: u32, row: &str) -> String {
    cycle_or(n, row, |n| n.to_string())
}

fn cycle_or(n: u32, row: &str, beyond: impl Fn(u32) -> String) -> String {
    match n.checked_sub(1).and_then(|at| row.chars().nth(at as usize)) {
        Some(ch) => ch.to_string(),
        None => beyond(n),
    }
}

fn enclosed(n: u32, first: char, last: u32) -> String {
    let at = if (1..=last).contains(&n) { char::from_u32(first as u32 + n - 1) } else { None };
    at.map_or_else(|| n.to_string(), String::from)
}

fn circled(n: u32) -> String {
    let base = match n {
        0 => return '⓪'.into(),
        1..=20 => '①' as u32 + n - 1,
        21..=35 => '㉑' as u32 + n - 21,
        36..=50 => '㊱' as u32 + n - 36,
        _ => return n.to_string(),
    };
    char::from_u32(base).map(String::from).unwrap_or_default()
}

fn digits(n: u32, row: &[char; 10]) -> String {
    n.to_string().bytes().map(|digit| row[usize::from(digit - b'0')]).collect()
}

/// 一 to 九十九; from a hundred on digit by digit, as Word does.
fn counting(n: u32) -> String {
    if n < 100 { thousands(n, &HAN, ["", "十", "百", "千"], '万', true) } else { digits(n, &HAN) }
}

fn thousands(n: u32, row: &[char; 10], units: [&str; 4], myriad: char, bare_ten: bool) -> String {
    let zero = if row[0] == '〇' { '零' } else { row[0] };
    if n == 0 {
        return row[0].to_string();
    }
    if n >= 100_000_000 {
        return n.to_string();
    }
    let group = |group: u32, out: &mut String, leading: bool| {
        let mut gap = leading;
        for place in (0..4u32).rev() {
            let digit = group / 10u32.pow(place) % 10;
            if digit == 0 {
                gap |= !out.is_empty();
                continue;
            }
            if gap && !out.is_empty() {
                out.push(zero);
            }
            gap = false;
            out.push(row[digit as usize]);
            out.push_str(units[place as usize]);
        }
    };
    let mut out = String::new();
    if n >= 10_000 {
        group(n / 10_000, &mut out, false);
        out.push(myriad);
        group(n % 10_000, &mut out, n % 10_000 < 1_000);
    } else {
        group(n, &mut out, false);
    }
    if bare_ten && (10..20).contains(&n) { out.chars().skip(1).collect() } else { out }
}

fn roman(n: u32) -> String {
    if n == 0 || n > 3_999 {
        return n.to_string();
    }
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = n;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

/// A to Z, then AA, BB: one letter, repeated.
fn letters(n: u32, first: char) -> String {
    let Some(at) = n.checked_sub(1).filter(|at| *at < 780) else { return n.to_string() };
    let letter = char::from_u32(first as u32 + at % 26).unwrap_or(first);
    std::iter::repeat_n(letter, (at / 26 + 1) as usize).collect()
}

fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english(n: u32) -> String {
    match n {
        0..=19 => ONES[n as usize].to_owned(),
        20..=99 if n.is_multiple_of(10) => TENS[(n / 10) as usize].to_owned(),
        20..=99 => format!("{}-{}", TENS[(n / 10) as usize], ONES[(n % 10) as usize]),
        100..=999 if n.is_multiple_of(100) => format!("{} hundred", ONES[(n / 100) as usize]),
        100..=999 => format!("{} hundred {}", ONES[(n / 100) as usize], english(n % 100)),
        _ => n.to_string(),
    }
}

fn english_ordinal(n: u32) -> String {
    let cardinal = english(n);
    let (head, last) =
        cardinal.rsplit_once(['-', ' ']).map_or(("", &*cardinal), |(head, last)| (&cardinal[..=head.len()], last));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        word if word.ends_with('y') => format!("{}ieth", &word[..word.len() - 1]),
        word => format!("{word}th"),
    };
    format!("{head}{last}")
}

fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::numeral;

    #[test]
    fn writes_numbers_as_word_does() {
        for (number, form, written) in [
            (1, "chineseCounting", "一"),
            (10, "chineseCounting", "十"),
            (11, "chineseCounting", "十一"),
            (20, "chineseCounting", "二十"),
            (99, "chineseCounting", "九十九"),
            (101, "chineseCounting", "一〇一"),
            (11, "chineseCountingThousand", "十一"),
            (101, "chineseCountingThousand", "一百零一"),
            (110, "chineseCountingThousand", "一百一十"),
            (1_001, "chineseCountingThousand", "一千零一"),
            (10_010, "chineseCountingThousand", "一万零一十"),
            (12, "ideographDigital", "一二"),
            (10, "ideographDigital", "一〇"),
            (12, "chineseLegalSimplified", "壹拾贰"),
            (3, "ideographTraditional", "丙"),
            (11, "ideographTraditional", "11"),
            (12, "ideographZodiac", "亥"),
            (13, "ideographZodiacTraditional", "丙子"),
            (3, "decimalEnclosedCircleChinese", "③"),
            (21, "decimalEnclosedCircle", "㉑"),
            (51, "decimalEnclosedCircle", "51"),
            (2, "decimalEnclosedParen", "⑵"),
            (12, "decimalFullWidth", "１２"),
            (7, "decimalZero", "07"),
            (7, "001, 002, 003, ...", "007"),
            (4, "upperRoman", "IV"),
            (28, "lowerLetter", "bb"),
            (22, "ordinal", "22nd"),
            (12, "ordinalText", "Twelfth"),
            (21, "ordinalText", "Twenty-first"),
            (5, "none", ""),
            (5, "whatever", "5"),
        ] {
            assert_eq!(numeral(number, form), written, "{number} as {form}");
        }
    }
}
