//! Radicals that stand in text from PDF in the place of the characters that look like them: ⼯ for 工.

/// The characters of U+2F00 to U+2FD5, in their order (Unicode, Kangxi Radicals: each is equivalent to its character).
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓\
彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸\
缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食\
首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Forms of U+2E80 to U+2EF3 that are whole characters of today. Unicode names no equivalents for most of them.
const SUPPLEMENT: &[(char, char)] = &[
    ('⺟', '母'),
    ('⺠', '民'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
    ('⻳', '龟'),
];

/// The character that a radical stands for; `None` for what is no radical, or stands for no character of its own.
pub(super) fn character(radical: char) -> Option<char> {
    match radical {
        '\u{2F00}'..='\u{2FD5}' => KANGXI.chars().nth(radical as usize - 0x2F00),
        '\u{2E80}'..='\u{2EF3}' => SUPPLEMENT.iter().find(|(form, _)| *form == radical).map(|found| found.1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn kangxi_radicals_are_their_equivalents() {
        for radical in '\u{2F00}'..='\u{2FD5}' {
            assert_eq!(character(radical), radical.nfkc().next(), "{radical}");
        }
        assert_eq!(['⺠', '⻅', '工'].map(character), [Some('民'), Some('见'), None]);
    }
}
