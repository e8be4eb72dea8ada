//! Texts made to be dear, and anything at all: judged to the end, the same twice, in time that grows with the text.

use super::*;
use crate::work;

/// Made to be dear: each stands for what some step could look at again and again.
const HOSTILE: &[&str] = &[
    "\u{301}",
    "a\u{301}\u{302}",
    "\u{3099}",
    "👨\u{200d}👩\u{200d}",
    "\u{200d}",
    "\u{202e}ab",
    "死○",
    "○死",
    "死・ね",
    "し ね ",
    "a - - ",
    "死・・・",
    "死ー",
    "ーーー",
    "@a#b",
    "<a.b@c.d>",
    "a@",
    "0-9 ",
    "http://a.b",
    "http://あ",
    "a.b)",
    "))",
    "ｶﾞﾞﾞ",
    "\n縦",
    "a1!",
    "東京都1丁目",
    "GB82",
    "GB8 ",
    "you are ",
    "you are such an idiot ",
    "お前…死ね",
    "死ね。",
    "死ね",
    "バカ",
    "月30万稼げる副業 LINE ",
    "090-1234-5678 ",
    "（笑）",
    "レよ",
    "ナタヒ",
];

#[test]
fn hostile_texts_are_judged_to_the_end_with_valid_spans() {
    let rulebook = Rulebook::embedded().unwrap();
    for unit in HOSTILE {
        // `judged` checks every span.
        judged(rulebook, &unit.repeat(100_000 / unit.len()));
    }
}

#[test]
fn twice_the_text_takes_at_most_twice_the_steps() {
    let rulebook = Rulebook::embedded().unwrap();
    for unit in HOSTILE {
        let steps = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            work::of(|| drop(judge(&post(&text), &Context::default(), rulebook, now())))
        };
        // What is compiled or set up when first needed is not of the text.
        steps(1_000);
        let (once, twice) = (steps(20_000), steps(40_000));
        assert!(once >= 19_000, "{unit:?}: {once} steps do not count every byte");
        assert!(twice <= 2 * once + once / 8, "{unit:?}: {once} steps become {twice}");
        assert!(twice <= 400 * 40_000, "{unit:?}: {twice} steps");
    }
}

proptest::proptest! {
    #[test]
    fn judging_anything_is_calm_and_the_same_twice(text in "\\PC{0,80}|[死ねしバカ○・ 4ね@0-9a-z.:/\u{200b}\u{301}\n]{0,80}") {
        let rulebook = Rulebook::embedded().unwrap();
        assert_eq!(judged(rulebook, &text), judged(rulebook, &text));
    }

    #[test]
    fn an_innocent_suffix_never_removes_a_literal(suffix in "[ 、。一-龥ァ-ヶ]{0,20}") {
        let rulebook = one("any = [\"馬鹿\"]");
        let text = format!("お前は馬鹿。{suffix}");
        assert!(fires(&rulebook, &text));
    }
}
