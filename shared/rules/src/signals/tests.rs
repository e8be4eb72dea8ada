//! Every signal by its name, through a rule that asks for it: found where it is, and not where it is not.

#![allow(clippy::unwrap_used)]

use crate::evaluate::Row;
use crate::{Context, Media, Post, Rulebook, SignalKind, judge};

fn rulebook(kind: SignalKind) -> Rulebook {
    let organisation = r#"
name = "Sockets Inc."
names = ["ソケッツ"]
products = ["オトノモリ"]
competitors = ["Rivalsound"]
stakeholders = ["見本太郎"]
domains = ["sockets.co.jp"]
accounts = [{ platform = "x", handle = "SOCKETS_JP", name = "SOCKETS Inc." }]
"#;
    let rule = format!(
        r#"[[rule]]
id = "TST001"
title = {{ ja = "題", en = "title" }}
status = "enforce"
confidence = 0.95
any = ["<{}>"]
why = {{ ja = "理由", en = "reason" }}
case.match = ["x"]
case.clear = ["y"]
"#,
        kind.key()
    );
    let shared = Rulebook::embedded_files().filter(|(path, _)| ["guidelines.toml", "policy.toml"].contains(&&**path));
    let own = [("organisation.toml".to_owned(), organisation.to_owned()), ("rules/nuisance.toml".to_owned(), rule)];
    Rulebook::from_files(shared.chain(own)).unwrap()
}

fn post(text: &str) -> Post {
    let row = format!(r#"{{"id":"1","text":{}}}"#, serde_json::to_string(text).unwrap());
    serde_json::from_str::<Row>(&row).unwrap().post("2026-06-01T00:00:00Z".parse().unwrap())
}

fn fires(rulebook: &Rulebook, post: &Post) -> bool {
    !judge(post, &Context::default(), rulebook, post.created_at).violations.is_empty()
}

/// A text that has the signal and one that comes close; `None` for signals that no text shows.
fn texts(kind: SignalKind) -> Option<(&'static str, &'static str)> {
    use SignalKind as S;
    Some(match kind {
        S::Link => ("見て www.example.com", "見て v1.2.3"),
        S::ForeignLink => (
            "https://example.net/a",
            "https://www.sockets.co.jp/ https://youtu.be/a https://x.com/a https://www3.nhk.or.jp/a",
        ),
        S::PublicLink => (
            "https://www3.nhk.or.jp/a",
            "https://evil-nhk.or.jp/ https://go.jp.evil.example/ https://maps.app.goo.gl/?link=https://evil.example",
        ),
        S::Shortener => ("https://bit.ly/3abcdef", "https://notbit.ly.example/3abcdef https://maps.app.goo.gl/a1"),
        S::Fundraiser => ("https://camp-fire.jp/projects/1", "https://camp-fire.example/projects/1"),
        S::Messenger => ("https://lin.ee/abcdefg", "https://line-art.example/a"),
        S::Punycode => ("https://xn--pple-43d.com/", "https://日本語.jp/"),
        S::Lookalike => ("https://s0ckets.co.jp/login", "https://sockets.co.jp/login"),
        S::IpLink => ("http://203.0.113.9/a", "version 1.2.3.4"),
        S::Executable => ("https://example.net/setup.apk", "setup.apk が起動しない"),
        S::RiskyDomain => ("https://wallet-claim.xyz/", "https://gallery.example/"),
        S::Defanged => ("hxxps://example[.]com/a", "https://example.com/a"),
        S::Email => ("a.b@example.co.jp", "@example hello.com へ"),
        S::Phone => ("090-1234-5678", "2024-12-25 10:30"),
        S::PostalCode => ("〒100-0001", "100-0001"),
        S::PostalAddress => ("東京都千代田区架空町1-2-3", "東京都千代田区は広い"),
        S::MyNumber => ("マイナンバーは1234 5678 9018", "マイナンバーは1234 5678 9012"),
        S::Card => ("use 4111 1111 1111 1111 in order to pay", "4111 1111 1111 1112"),
        S::Iban => ("GB82 WEST 1234 5698 7654 32", "GB83 WEST 1234 5698 7654 32"),
        S::BankAccount => ("見本銀行 本店 普通 1234567", "再生 1234567 回"),
        S::Ssn => ("ssn 078-05-1120", "078-05-11"),
        S::IpAddress => ("from 203.0.113.9 again", "from 303.0.113.9 again"),
        S::IdNumber => ("my passport number is AB1234567", "my passport is lost"),
        S::Mention => ("hi @someone", "a @ b"),
        S::Hashtag => ("#新曲 いい", "# 1 位"),
        S::ManyMentions => ("@a1 @b2 @c3 @d4 @e5", "@a1 @b2"),
        S::ManyHashtags => ("#a #b #c #d #e", "#a #b"),
        S::EmojiWall => ("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "楽しい😀😀"),
        S::Repeat => ("spam spam spam spam spam spam", "so good so good"),
        S::Gibberish => ("asdkjfhqwlkjzxcvbnmqpwrtslkdjfhgz", "extraordinarily"),
        S::Injection => ("<script>alert(1)</script>", "<3 script"),
        S::Wallet => ("0x52908400098527886E0F7030069857D2E4169EE7", "0x5290"),
        S::Competitor => ("Rivalsoundの方が好き", "rival sounds"),
        S::Product => ("オトノモリを使ってる", "音の森"),
        S::Stakeholder => ("見本太郎さんへ", "見本をください"),
        S::OurName => ("ソケッツさん", "ソケット"),
        S::Digits => ("番号は1234", "番号は12"),
        S::Money => ("月30万円", "三十円玉"),
        S::Percent => ("勝率90%", "勝率は高い"),
        S::HandleId => ("LINE ID: sample_id", "LINE ミュージックで聴く"),
        S::Question => ("いつ直りますか？", "いつか直る"),
        S::NameLikeOurs | S::ClaimsOfficial | S::Image | S::Always => return None,
    })
}

#[test]
fn every_signal_is_found_where_it_is_and_not_beside_it() {
    for &kind in SignalKind::ALL {
        let Some((has, has_not)) = texts(kind) else { continue };
        let rulebook = rulebook(kind);
        assert!(fires(&rulebook, &post(has)), "<{}> in {has:?}", kind.key());
        assert!(!fires(&rulebook, &post(has_not)), "<{}> in {has_not:?}", kind.key());
    }
}

#[test]
fn signals_of_the_author_and_of_pictures() {
    let named = |name: &str, handle: &str| {
        let mut post = post("こんにちは");
        (post.author.name, post.author.handle) = (Some(name.into()), Some(handle.into()));
        post
    };
    let like_ours = rulebook(SignalKind::NameLikeOurs);
    for (name, handle) in
        [("たなか", "SOCKETS_JP_"), ("たなか", "s0ckets_jp"), ("SOСKETS Inc.", "abc"), ("SOCKETS Inc. 公式", "abc")]
    {
        assert!(fires(&like_ours, &named(name, handle)), "{name} {handle}");
    }
    assert!(!fires(&like_ours, &named("靴下好き", "socks_fan")));
    let official = rulebook(SignalKind::ClaimsOfficial);
    assert!(fires(&official, &named("カスタマーサポート", "a")) && fires(&official, &named("A", "brand_official")));
    assert!(!fires(&official, &named("たなか", "tanaka")));
    let image = rulebook(SignalKind::Image);
    assert!(fires(&image, &Post { media: Media::Attached, ..post("見て") }) && !fires(&image, &post("見て")));
    assert!(fires(&rulebook(SignalKind::Always), &post("あ")));
}
