//! Spellings by which words are hidden, through a whole rulebook.

use super::*;

#[test]
fn every_disguise_that_the_views_promise_to_read_is_read() {
    let rulebook = one(
        r#"any = ["死ね", "|しね|", "殺す", "氏ね", "タヒね", "4ね", "ばか", "株式会社", "idiot", "ちんこ", "援交"]
unless = ["楽しね"]
mask = true"#,
    );
    for text in [
        // 伏字
        "死○",
        "死◯。",
        "お前を○す",
        "お前を○す。",
        "援○したい",
        "ち○こ",
        // Kept apart
        "し ね",
        "し・ね",
        "し\u{200b}ね",
        "し👍ね",
        "お前死・ね",
        // 当て字
        "氏ね",
        "タヒね",
        "ﾀﾋね",
        "4ね",
        "４ね",
        "しnE",
        "siね",
        // ギャル文字
        "ιね",
        "ㄘんこ",
        "歹匕ね",
        "援交しナこい",
        // Kana
        "ﾊﾞｶ",
        "は゛か",
        "バーーカ",
        "ハ\u{3099}カ",
        "㍿です",
        // Latin words
        "1d10t",
        "ⓘⓓⓘⓞⓣ",
        "ｉｄｉｏｔ",
        "i d i o t",
        "іdіоt",
        "iiiidiot",
    ] {
        assert!(fires(&rulebook, text), "{text}");
    }
    for text in [
        "楽しね",
        "おしね",
        "しねま",
        "○す",
        "答えは○ね",
        "勉強○する",
        "はか",
        "墓",
        "パカ",
        "ばが",
        "株式",
        "日本刀",
        "¥1000",
        "y1000",
        "idiotic",
    ] {
        assert!(!fires(&rulebook, text), "{text}");
    }
    // 縦読み
    let downwards = one("any = [\"しね\"]\nviews = [\"lines\"]");
    assert!(fires(&downwards, "しっかりやります\nねこも元気です\nよろしく") && !fires(&downwards, "しあわせ\nねこ"));
    let apart = one(r#"any = ["パパ", "日本n", "y1000"]"#);
    for text in ["ババ", "はは", "日本刀", "¥1000"] {
        assert!(!fires(&apart, text), "{text}");
    }
    // Look-alikes of other scripts are read as Latin letters in Latin words only.
    let latin = one(r#"any = ["copoka"]"#);
    assert!(fires(&latin, "сорока") && !fires(&latin, "белая сорока летит"));
}
