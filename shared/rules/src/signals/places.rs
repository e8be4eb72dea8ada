//! Addresses and identifiers that have a written form: e-mail, postal, IP, ids, wallets, accounts for contact.

use super::{Clue, Hints, SignalKind, Signals, original};
use crate::regexes::LazyRegex;
use crate::views::View;
use crate::work;

/// E-mail addresses, by their @.
pub(super) fn emails(plain: &View, signals: &mut Signals) {
    let text = plain.text();
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let mut done = 0;
    for (at, _) in text.match_indices('@').take(64) {
        let start = done
            + text[done..at]
                .rfind(|c| !local(c))
                .map_or(0, |before| before + text[done + before..].chars().next().map_or(1, char::len_utf8));
        let domain = &text[at + 1..];
        let length =
            domain.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(domain.len());
        work::add(length + at - done);
        let domain = domain[..length].trim_end_matches(['.', '-']);
        let suffix = domain.rsplit('.').next().unwrap_or_default();
        if start < at
            && domain.contains('.')
            && suffix.len() >= 2
            && suffix.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            signals.push(SignalKind::Email, original(plain, start, at + 1 + domain.len()));
        }
        done = at + 1;
    }
}

/// A written form.
struct Form {
    kind: SignalKind,
    /// One of its words must be in the text.
    clue: Option<Clue>,
    /// This must be in the text.
    sign: Option<u8>,
    /// So many digits in a row must be in the text.
    digits: usize,
    /// A letter with a digit behind it must be in the text.
    code: bool,
    regex: LazyRegex,
}

impl Form {
    fn new(kind: SignalKind, pattern: &str) -> Form {
        Form { kind, clue: None, sign: None, digits: 1, code: false, regex: LazyRegex::new(pattern.to_owned()) }
    }

    fn with(self, clue: Clue) -> Form {
        Form { clue: Some(clue), ..self }
    }

    fn with_sign(self, sign: u8) -> Form {
        Form { sign: Some(sign), ..self }
    }

    /// It has so many digits in a row.
    fn with_digits(self, digits: usize) -> Form {
        Form { digits, ..self }
    }

    fn with_code(self) -> Form {
        Form { code: true, ..self }
    }

    fn may_be_in(&self, hints: &Hints) -> bool {
        hints.longest_digits >= self.digits
            && (hints.has_code || !self.code)
            && self.clue.is_none_or(|clue| hints.has_clue(clue))
            && self.sign.is_none_or(|sign| hints.has(&[sign]))
            && (self.kind != SignalKind::Wallet || hints.longest_word >= 26)
            && (self.kind != SignalKind::IpAddress || hints.digits >= 4)
    }
}

/// Written forms that need a digit.
fn forms() -> &'static [Form] {
    use SignalKind::{IdNumber, IpAddress, Money, Percent, PostalAddress, PostalCode, Wallet};
    static FORMS: std::sync::OnceLock<Vec<Form>> = std::sync::OnceLock::new();
    FORMS.get_or_init(|| {
        vec![
            Form::new(PostalCode, r"〒 ?[0-9]{3}-?[0-9]{4}").with(Clue::PostMark),
            Form::new(PostalCode, r"郵便番号[はが:： ]{0,3}[0-9]{3}-?[0-9]{4}").with(Clue::PostCodeJa),
            Form::new(PostalAddress, r"[市区町村郡都府県][\p{Han}\p{Hiragana}\p{Katakana}ー]{0,10}[0-9一二三四五六七八九十]{1,4}(?:丁目|番地?|-)(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})?").with(Clue::BlockJa),
            Form::new(PostalAddress, r"(?:[\p{Han}\p{Katakana}ー]{2,12}(?:マンション|コーポ|ハイツ|アパート|荘|ビル|メゾン|団地|寮|レジデンス)|(?:マンション|コーポ|ハイツ|アパート|メゾン|レジデンス)[\p{Han}\p{Hiragana}\p{Katakana}ー]{0,10}) ?[0-9]{0,2}[- ]?[0-9]{1,4}号(?:室|棟)").with(Clue::FlatJa),
            // Number, name and kind of street (United States, Canada, United Kingdom, Ireland, Australia).
            Form::new(PostalAddress, r"\b[0-9]{1,5}[a-z]?,? (?:[a-zß-ɏ0-9'.-]{1,20} ){1,4}?(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|terrace|crescent|highway|hwy|parkway|pkwy|close|way|circle|cir|trail|gardens|grove|mews|alley|loop|plaza|hill)\b").with(Clue::Street),
            // Flats and boxes; military mail of the United States.
            Form::new(PostalAddress, r"(?:\b(?:suite|ste\.?|apt\.?|apartment|flat|unit) ?#? ?[0-9]{1,5}[a-z]?\b|\bp\.? ?o\.? box [0-9]{1,6}\b|\b(?:psc|cmr) [0-9]{1,5}\b)").with(Clue::Flat),
            Form::new(PostalCode, r"\b[afd]po,? (?:aa|ae|ap) [0-9]{5}\b").with(Clue::MilitaryMail),
            // Town, state and ZIP code of the United States.
            Form::new(PostalAddress, r"\b[a-zß-ɏ][a-zß-ɏ.' -]{1,30}, ?(?:a[lkzr]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[at]|w[aivy]) [0-9]{5}(?:-[0-9]{4})?\b").with_sign(b',')
            .with_digits(5),
            // Post codes of the United Kingdom and of Canada.
            Form::new(PostalCode, r"\b[a-z]{1,2}[0-9][0-9a-z]? [0-9][abd-hjlnp-uw-z]{2}\b").with_code(),
            Form::new(PostalCode, r"\b[abceghj-npr-tvxy][0-9][abceghj-npr-tv-z] [0-9][abceghj-npr-tv-z][0-9]\b").with_code(),
            // Kind of street as the end of its name, then the number (German, Dutch, Nordic).
            Form::new(PostalAddress, r"\b[a-zß-ɏ][a-zß-ɏ'.-]{2,30}(?:straße|strasse|str\.|weg|platz|gasse|allee|straat|laan|plein|gracht|gatan|vägen|gade|vej|gata|veien|katu|tie) [0-9]{1,4} ?[a-z]?\b").with(Clue::StreetEnding),
            // Number, kind and name (French).
            Form::new(PostalAddress, r"\b[0-9]{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|allée|chemin|impasse|quai) (?:de |du |des |la |le |les |d'|l')*[a-zß-ɏ][a-zß-ɏ'-]{2,}").with(Clue::Rue),
            // Kind and name, then the number (Italian, Spanish, Portuguese, Polish).
            Form::new(PostalAddress, r"\b(?:via|viale|piazza|corso|calle|avenida|paseo|plaza|rua|travessa|praça|ul\.|ulica|aleja) (?:de |del |della |di |da |do |dos |la |los )*[a-zß-ɏ][a-zß-ɏ'. -]{2,30}?,? (?:n[º°.] ?)?[0-9]{1,4}\b").with(Clue::Via),
            // Codes that are called so.
            Form::new(PostalCode, r"\b(?:(?:zip|postal|post) ?(?:code)?|plz)(?: is|:|#)? {0,2}[0-9]{3,6}(?:[- ][0-9]{2,4}| [a-z]{2})?\b").with(Clue::PostCode),
            // What a sentence itself calls somebody's address, in whatever order the country writes it.
            Form::new(PostalAddress, r"\b(?:(?:lives?|lived|living|resides?|residing) (?:at|on)|(?:new|my|our|home|postal|mailing|his|her|their) address(?: is| to|:)|address(?: of [^.\n]{1,40}?)? is|address: {1,8}) {0,2}(?:[0-9]{1,6},? [0-9a-zß-ɏ][a-zß-ɏ.'/ -]{3,40}|[a-zß-ɏ][a-zß-ɏ.'/ -]{2,50}? [0-9]{1,6}\b)").with(Clue::Address),
            Form::new(IpAddress, r"\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b").with_sign(b'.'),
            Form::new(IpAddress, r"\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b").with_sign(b':'),
            Form::new(IdNumber, r"(?:passport|(?:driver'?s? |driving )licen[cs]e|licen[cs]e plate|免許証?番号?|パスポート(?:番号)?|旅券番号?)[^0-9\n]{0,20}[a-z]{0,3}[0-9]{6,12}").with(Clue::Document),
            Form::new(IdNumber, r"[\p{Han}]{2,4} ?[0-9]{2,3} ?[あ-を] ?[0-9・]{1,2}-?[0-9]{2}").with(Clue::Plate),
            Form::new(Wallet, r"\b(?:0x[0-9a-f]{40}|bc1[0-9a-z]{25,59})\b"),
            Form::new(Wallet, r"\b(?:1|3|t)[0-9a-z]{25,34}\b"),
            Form::new(Money, r"(?:[¥$€£] ?[0-9][0-9,.]*(?:k|m)?|[0-9][0-9,.]* ?(?:[千万億]?円|万|億|ドル|usd|usdt|eur|btc|eth|dollars?|euros?|bucks|quid|pounds?)\b?)").with(Clue::Money),
            Form::new(Percent, r"[0-9]+(?:\.[0-9]+)? ?(?:%|percent|パーセント|割)").with(Clue::Percent),
        ]
    })
}

pub(super) fn find(
    written: &str,
    plain: &View,
    hints: &Hints,
    wanted: &impl Fn(SignalKind) -> bool,
    signals: &mut Signals,
) {
    let text = plain.text();
    for form in forms() {
        if !form.may_be_in(hints) || !wanted(form.kind) {
            continue;
        }
        for (start, end) in form.regex.find(text).unwrap_or_default() {
            let span = original(plain, start, end);
            let plausible = if form.kind == SignalKind::Wallet {
                mixed(&text[start..end])
            } else {
                form.kind != SignalKind::PostalAddress
                    || (is_name(&written[span.start..span.end]) || is_told(&text[..start]))
                        && !is_of_a_public_place(&text[end..])
            };
            if plausible {
                signals.push(form.kind, span);
            }
        }
    }
}

/// Whether a street is written like a name, with a capital; Japanese has none.
fn is_name(address: &str) -> bool {
    let words = || address.split_whitespace().skip(1);
    let last =
        words().filter(|word| word.starts_with(char::is_alphabetic)).last().or(address.split_whitespace().next_back());
    let begins = |part: &str| part.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    // L'Exemple, de l'Exemple: an article may stand before the capital.
    let capital = |word: &str| word.split(['\'', '’']).any(begins);
    last.is_some_and(|word| !word.starts_with(|c: char| c.is_ascii_lowercase())) || words().any(capital)
}

/// Whether the text goes on to say that a place lies there: the address of a station, a school or a shop is public and
/// no personal data. Somebody's home that lies there is.
fn is_of_a_public_place(after: &str) -> bool {
    let near: String = after.chars().take(8).collect();
    let lies = ["にある", "に所在", "に位置", "に立地", "にあった"];
    let home = ["家", "自宅", "実家", "部屋", "住まい", "マンション", "アパート"];
    let beyond: String = after.chars().take(16).collect();
    lies.iter().any(|word| near.contains(word)) && !home.iter().any(|word| beyond.contains(word))
}

/// Whether the words before say that an address follows.
fn is_told(before: &str) -> bool {
    let from = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    ["address", "lives", "living", "live at", "located", "ship to", "send to"]
        .iter()
        .any(|word| before[from..].contains(word))
}

/// Whether a run of characters looks random rather than written.
fn mixed(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && text.len() - digits >= 4
}

/// Account ids given for contact: a service's name and an id.
pub(super) fn handle_ids(plain: &View, signals: &mut Signals) {
    static FORM: std::sync::OnceLock<LazyRegex> = std::sync::OnceLock::new();
    let text = plain.text();
    let form = FORM.get_or_init(|| {
        LazyRegex::new(
            // A service, a sign, an id; in English prose (`line is`, `telegram is`) only what looks like an id.
            r"(?:(?:ライン|telegram|テレグラム|カカオ|kakao|whatsapp|wechat|discord|wickr|snap(?:chat)?|skype|signal|instagram|インスタ)(?: ?(?:id|アカウント|アカ))?(?: ?(?::|→|は|@|id) ?@?| - @?|[ 　](?:me )?@)[a-z0-9_.-]{4,}|\bline(?: ?(?:id|アカウント|アカ)(?: ?(?::|→|は|is|-|@))? ?@?|[ 　]?(?:me )?@)[a-z0-9_.-]{4,}|(?:\bline|telegram|kakao|whatsapp|wechat|discord|wickr|snap(?:chat)?|skype|signal|instagram)(?: is|:|→|は| -) ?@?[a-z][a-z.-]{1,30}[0-9_][a-z0-9_.-]*)"
                .to_owned(),
        )
    });
    for (start, end) in form.find(text).unwrap_or_default() {
        signals.push(SignalKind::HandleId, original(plain, start, end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::Clues;
    use crate::views::Views;

    fn kinds(text: &str) -> Vec<SignalKind> {
        let views = Views::of(text);
        let mut signals = Signals::default();
        let hints = Hints::of(&views.plain, Clues::of(views.plain.text()));
        find(text, &views.plain, &hints, &|_| true, &mut signals);
        emails(&views.plain, &mut signals);
        handle_ids(&views.plain, &mut signals);
        signals.hits.into_iter().map(|hit| hit.kind).collect()
    }

    #[test]
    fn written_forms() {
        use SignalKind::{Email, HandleId, IdNumber, IpAddress, Money, Percent, PostalAddress, PostalCode, Wallet};
        for (text, kind) in [
            ("メールは a.b@example.co.jp まで", Email),
            ("〒100-0001", PostalCode),
            ("東京都千代田区架空町1-2-3", PostalAddress),
            ("架空市見本1丁目2番3号", PostalAddress),
            ("コーポ見本201号室", PostalAddress),
            ("lives at 9 Example Road, go", PostalAddress),
            ("ip 48.90.248.226 blocked", IpAddress),
            ("my passport number is AB1234567", IdNumber),
            ("send to 0x52908400098527886E0F7030069857D2E4169EE7", Wallet),
            ("月30万円", Money),
            ("$500 a day", Money),
            ("勝率90%", Percent),
            ("LINE ID: sample_id", HandleId),
            ("telegram @sample_fx", HandleId),
            ("my telegram is sample_fx", HandleId),
            ("LINEはsample01です", HandleId),
            ("my zip code is 76400", PostalCode),
            ("She lives at 172 Example 75, Samplefors", PostalAddress),
            ("42 Example Circle", PostalAddress),
            ("ship it to Sampletown, CA 90001", PostalAddress),
            ("P.O. Box 123", PostalAddress),
            ("SW1A 1AA, London", PostalCode),
            ("K1A 0B1 Ottawa", PostalCode),
            ("Musterstraße 12a, 12345 Musterstadt", PostalAddress),
            ("Voorbeeldlaan 7 te Amsterdam", PostalAddress),
            ("12 bis rue de l'Exemple, Paris", PostalAddress),
            ("abita in Via Esempio 14", PostalAddress),
            ("Rua Modelo 14, Lisboa", PostalAddress),
            ("東京都千代田区架空町1-2-3にある自宅", PostalAddress),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn everyday_texts_have_none() {
        for text in [
            "今日は@you と3人",
            "第2回の結果",
            "I have 2 ways to win",
            "up to 12 people came this way",
            "1丁のお豆腐",
            "version 1.2.3",
            "架空県見本市例町3-5にある駅",
            "we went 2 places and had 5 star service on the way",
            "Via email 24 hours a day",
            "in CA 10 years ago, or 20",
            "Flying this high with no safety line is pure madness",
            "Telegram is reportedly slow in some places",
        ] {
            assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
        }
    }
}
