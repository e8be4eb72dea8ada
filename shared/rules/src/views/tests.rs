#![allow(clippy::unwrap_used)]
use super::*;

fn plain_of(text: &str) -> String {
    Views::of(text).plain.text().to_owned()
}

fn joined_of(text: &str) -> String {
    Views::of(text).compact().text().to_owned()
}

#[test]
fn japanese_survives_folding() {
    for text in ["日本刀", "¥1000", "パパ", "ばば", "はか", "ばか"] {
        assert_eq!(folded(text).chars().count(), text.chars().count(), "{text}");
    }
    assert_ne!(folded("パパ"), folded("ババ"));
    assert_ne!(folded("ハカ"), folded("バカ"));
    assert_eq!(folded("日本刀"), "日本刀");
    assert_eq!(folded("¥1000"), "¥1000");
    assert_eq!(plain_of("㍿ﾊﾞｶ ＡＢＣ"), "株式会社バカ abc");
    assert_eq!(folded("ﾊﾞｶ"), "ばか");
    assert_eq!(folded("は゛か"), "ばか");
}

#[test]
fn the_same_text_is_known_behind_other_marks_and_addressees() {
    let text = same_text("毎日を音で満たそう。続きは固定の投稿にて。");
    for same in
        ["@SOCKETS_JP 毎日を音で満たそう。続きは固定の投稿にて！", "毎日を 音で満たそう…続きは固定の投稿にて✨✨"]
    {
        assert_eq!(same_text(same), text);
    }
    assert_ne!(same_text("毎日を音で満たそう。続きは明日の投稿にて。"), text);
    assert_eq!(same_text("👏👏"), folded("👏👏"));
    assert_eq!(same_text("見て @abc_12"), "見て");
}

#[test]
fn latin_disguises_are_read() {
    assert_eq!(folded("L0v3 th15 4 y0u, 15% 0ff"), "love this 4 you, 15% off");
    assert_eq!(folded("соusіn wоrks"), "cousin works");
    assert_eq!(folded("Привет мир"), "привет мир");
    assert_eq!(folded("fuuuuck  YOU!!!!"), "fuck you!");
    assert_eq!(folded("𝐓𝐨𝐨𝐤"), "took");
    assert_eq!(folded("N\u{200b}o\u{200b}b\u{200b}ody"), "nobody");
}

#[test]
fn characters_kept_apart_are_joined() {
    assert_eq!(joined_of("し ね"), "しね");
    assert_eq!(joined_of("部・落・の・や・つ"), "部落のやつ");
    assert_eq!(joined_of("お　前　も　t　.　m　e　/　x"), "お前もt.me/x");
    assert_eq!(joined_of("T h e  b a t t e r y  died"), "the battery died");
    assert_eq!(joined_of("I  h a t e  y o u"), "i hate you");
    assert_eq!(joined_of("f.u.c.k you"), "fuck you");
    assert_eq!(joined_of("死👍ね"), "死ね");
    assert_eq!(joined_of("副・業で稼ぐ"), "副業で稼ぐ");
    assert_eq!(joined_of("し . ね . よ"), "しねよ");
    assert_eq!(joined_of("住、所、は、ここ"), "住所は、ここ");
    assert_eq!(joined_of("ブ…ス…は…帰…れ"), "ぶすは帰れ");
    assert_eq!(joined_of("ば / か  や / ろ / う"), "ばか やろう");
    assert_eq!(joined_of("ばくだn、はやku"), "ばくだん、はやく");
    assert_eq!(joined_of("お前死・ね"), "お前死ね");
    assert_eq!(joined_of("what a r-e-t-a-r-d"), "what a retard");
    assert_eq!(joined_of("バーーカ"), "ばか");
    assert_eq!(joined_of("ㄑso"), "くそ");
    assert_eq!(joined_of("ㄘんㄘん"), "ちんちん");
    assert_eq!(joined_of("このバ力!"), "このばか!");
    assert_eq!(joined_of("亻ヌがいる"), "いぬがいる");
    for untouched in [
        "I am a man",
        "はい、いいえ",
        "最高です。ね",
        "ジャン・コクトー",
        "1. a\n2. b",
        "ネットの力",
        "シフト工程",
        "プラス三点",
        "二人の口ぐせ",
    ] {
        assert!(Views::of(untouched).joined.is_none(), "{untouched}: {}", joined_of(untouched));
    }
}

#[test]
fn letters_drawn_in_pieces_are_read() {
    for (drawn, read) in [
        ("タヒね", "死ね"),
        ("お前もうタヒねよ", "お前もう死ねよ"),
        ("歹匕ねばいい", "死ねばいい"),
        ("ιニくい", "にくい"),
        ("|こくい", "にくい"),
        ("ιね", "しね"),
        ("レよやく消えろ", "はやく消えろ"),
        ("ナょんでナこのむ", "なんでたのむ"),
        ("カゝえれ", "かえれ"),
        ("ぅざレヽ", "うざい"),
        ("ネ申の曲", "神の曲"),
        ("禾ムのこと", "私のこと"),
        ("糸色対に", "絶対に"),
        ("ぁσ子", "あの子"),
    ] {
        assert_eq!(joined_of(drawn), read, "{drawn}");
    }
    for untouched in [
        "タヒチの海",
        "アレよりこれ",
        "アレまだ?",
        "レナさん",
        "(よろしく)",
        "コレ、いい",
        "(´・ω・`)",
        "女子の方",
        "イ本",
    ] {
        assert!(Views::of(untouched).joined.is_none(), "{untouched}: {}", joined_of(untouched));
    }
}

#[test]
fn lines_are_read_downwards() {
    assert_eq!(Views::of("しあわせ\nねこ\nよる").lines.unwrap().text(), "しねよ");
    assert!(Views::of("しあわせ\nねこ").lines.is_none());
}

proptest::proptest! {
    #[test]
    fn spans_are_on_character_boundaries_and_in_order(text in "\\PC{0,60}|[ぁ-んァ-ヶｦ-ﾟ゛゜ーa-z0-9@$!・ \u{200b}\u{301}\u{3099}亜-腕\n]{0,60}") {
        let views = Views::of(&text);
        for kind in ViewKind::ALL {
            let Some(view) = views.get(kind) else { continue };
            let mut at = 0;
            assert!(view.chars.len() == view.places.len() && view.chars.len() == view.classes.len());
            for (number, place) in view.places.iter().enumerate() {
                assert!(place.start < place.end);
                assert!(text.is_char_boundary(place.start as usize) && text.is_char_boundary(place.end as usize));
                assert!(place.start >= at, "{kind:?} goes backwards");
                at = place.start;
                let byte: usize = view.chars[..number].iter().map(|c| c.len_utf8()).sum();
                assert_eq!(view.char_at(byte), number);
            }
        }
    }

    #[test]
    fn folding_twice_changes_nothing_in_japanese(text in "[ぁ-んァ-ヶ亜-腕、。]{0,30}") {
        assert_eq!(folded(&folded(&text)), folded(&text));
    }
}
