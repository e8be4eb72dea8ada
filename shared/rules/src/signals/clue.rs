//! Words without which a signal is not in a text. They are looked for together with the words of the rules.

use serde::{Deserialize, Serialize};

macro_rules! clues {
    ($($(#[$doc:meta])* $clue:ident $words:expr;)*) => {
        /// A list of words of which one has to be there.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub(crate) enum Clue {
            $($(#[$doc])* $clue,)*
        }

        impl Clue {
            pub(crate) const ALL: &'static [Clue] = &[$(Clue::$clue,)*];

            /// The words, in small letters, as the plain view has them.
            pub(crate) fn words(self) -> &'static [&'static str] {
                match self {
                    $(Clue::$clue => &$words,)*
                }
            }
        }
    };
}

clues! {
    /// A service at which one is found by an id.
    Service [
        "line", "ライン", "telegram", "テレグラム", "カカオ", "kakao", "whatsapp", "wechat", "discord", "wickr", "snap",
        "skype", "signal", "instagram", "インスタ",
    ];
    Injection INJECTIONS;
    PostMark ["〒"];
    PostCodeJa ["郵便番号"];
    BlockJa ["丁目", "番地", "番", "-"];
    FlatJa ["号室", "号棟"];
    Street [
        "street", " st", "road", " rd", "avenue", " ave", "lane", " ln", "drive", " dr", "boulevard", "blvd", "court",
        " ct", "place", " pl", "square", "terrace", "way", "crescent", "highway", "hwy", "parkway", "pkwy", "close",
        "circle", " cir", "trail", "gardens", "grove", "mews", "alley", "loop", "plaza", "hill",
    ];
    Flat ["suite", "ste", "apt", "apartment", "flat", "unit", "box", "psc ", "cmr "];
    MilitaryMail ["apo ", "fpo ", "dpo "];
    StreetEnding [
        "str", "weg", "platz", "gasse", "allee", "laan", "plein", "gracht", "gatan", "vägen", "gade", "vej", "gata",
        "veien", "katu", "tie ",
    ];
    Rue ["rue ", "avenue ", "boulevard ", "place ", "allée ", "chemin ", "impasse ", "quai "];
    Via [
        "via ", "viale ", "piazza ", "corso ", "calle ", "avenida ", "paseo ", "plaza ", "rua ", "travessa ", "praça ",
        "ul. ", "ulica ", "aleja ",
    ];
    PostCode ["zip", "postal", "post code", "postcode", "plz"];
    Address ["lives ", "lived ", "live at", "living ", "resid", "address"];
    Document ["passport", "licen", "免許", "パスポート", "旅券", "plate"];
    Plate ["ナンバー", "車", "号車"];
    Money [
        "円", "¥", "$", "€", "£", "万", "億", "usd", "btc", "eth", "dollar", "euro", "buck", "k ", "ドル",
    ];
    Percent ["%", "percent", "パーセント", "割"];
}

/// Script, SQL and templates that only attackers write.
pub(crate) const INJECTIONS: [&str; 22] = [
    "<script",
    "javascript:",
    "onerror=",
    "onload=",
    "onclick=",
    "<iframe",
    "<svg/onload",
    "<img src=x",
    "; drop table",
    "' or '1'='1",
    "' or 1=1",
    "union select",
    "union all select",
    "{{7*7}}",
    "${jndi:",
    "${7*7}",
    "<?php",
    "../../etc/passwd",
    "document.cookie",
    "xp_cmdshell",
    "%3cscript",
    "data:text/html",
];

/// The clues that a text holds, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clues(u32);

impl Clues {
    pub(crate) fn add(&mut self, clue: Clue) {
        self.0 |= 1 << clue as u32;
    }

    pub(crate) fn has(self, clue: Clue) -> bool {
        self.0 & 1 << clue as u32 != 0
    }

    /// Looked for one by one.
    #[cfg(test)]
    pub(crate) fn of(plain: &str) -> Clues {
        let mut clues = Clues::default();
        let there = |clue: &&Clue| clue.words().iter().any(|word| plain.contains(word));
        Clue::ALL.iter().filter(there).for_each(|&clue| clues.add(clue));
        clues
    }
}
