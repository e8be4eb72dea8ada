#![allow(clippy::unwrap_used)]
use super::*;

fn kinds_of(text: &str) -> Vec<(String, Vec<SignalKind>)> {
    let organisation = Organisation { domains: vec!["sockets.co.jp".into()], ..Organisation::default() };
    let views = Views::of(text);
    in_view(text, &views.plain, &organisation, false).into_iter().map(|link| (link.domain, link.kinds)).collect()
}

fn domains(text: &str) -> Vec<String> {
    kinds_of(text).into_iter().map(|(domain, _)| domain).collect()
}

fn has(text: &str, kind: SignalKind) -> bool {
    kinds_of(text).iter().any(|(_, kinds)| kinds.contains(&kind))
}

#[test]
fn links_in_every_spelling() {
    assert_eq!(domains("詳細はhttps://a.example.co.jp/x。"), ["example.co.jp"]);
    assert_eq!(domains("ｈｔｔｐｓ：／／ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ／ｎ に"), ["example.com"]);
    assert_eq!(domains("see hxxps://sunny[.]example now"), ["sunny.example"]);
    assert_eq!(domains("go to www.foo.com, or bar.net/x!"), ["foo.com", "bar.net"]);
    assert_eq!(domains("kidsmedia  . com"), ["kidsmedia.com"]);
    assert_eq!(domains("https://日本語.jp/道"), ["日本語.jp"]);
    assert_eq!(domains("e.g. this, end.So is v1.2.3 or a@b.com and Mr.Smith"), Vec::<String>::new());
}

#[test]
fn what_is_suspicious_about_links() {
    assert!(has("https://bit.ly/x", SignalKind::Shortener));
    assert!(has("https://lin.ee/x", SignalKind::Messenger) && has("t.me/abc", SignalKind::Messenger));
    assert!(
        has("https://xn--pple-43d.com", SignalKind::Punycode) && has("https://xn--pple-43d.com", SignalKind::Lookalike)
    );
    assert!(has("https://paypaI-login.com", SignalKind::RiskyDomain));
    assert!(
        has("https://rnercari.com", SignalKind::ForeignLink) && has("https://arnazon.xyz", SignalKind::ForeignLink)
    );
    assert!(has("https://s0ckets.co.jp", SignalKind::Lookalike));
    assert!(!has("https://www.sockets.co.jp/", SignalKind::ForeignLink));
    assert!(!has("https://www.amazon.co.jp/dp/1", SignalKind::Lookalike));
    assert!(has("http://192.0.2.1/a", SignalKind::IpLink) && has("https://a.example/x.exe?y", SignalKind::Executable));
    assert!(!has("https://x.com/a/status/1", SignalKind::ForeignLink));
}

proptest::proptest! {
    #[test]
    fn there_is_no_link_where_none_may_be(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "http://", "hxxp://", "https:", "//", "ab", "a.com", "com", ".", "...", " ", " . com", "(dot)", "[.]", " dot ", "dot",
            ":", "jp/x", "日本", "192.0.2.1", "/a", "(", ")", "\n",
        ]), 0..7),
    ) {
        let text = pieces.concat();
        let views = Views::of(&text);
        let found = in_view(&text, &views.plain, &Organisation::default(), false);
        assert!(found.is_empty() || may_hold_link(&views.plain), "{text:?}: {found:?}");
    }
}

#[test]
fn a_known_source_that_leads_on_is_none() {
    assert!(has("https://en.wikipedia.org/wiki/HTTP", SignalKind::PublicLink));
    for leading_on in ["?link=https://evil.example", "?link=https%3A%2F%2Fevil.example", "url/https://evil.example"] {
        assert!(has(&format!("https://maps.app.goo.gl/{leading_on}"), SignalKind::ForeignLink), "{leading_on}");
    }
}

#[test]
fn a_host_ends_where_browsers_end_it() {
    let text = r"https://evil.example\@www3.nhk.or.jp/";
    let raw = Raw { start: 0, end: text.len(), text, scheme: true, defanged: false };
    assert_eq!(parse(&raw, &Organisation::default()).unwrap().host, "evil.example");
}
