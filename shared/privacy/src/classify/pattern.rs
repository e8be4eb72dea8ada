//! The words of requests and inquiries. Texts come in NFKC and lower case.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// What a person may want done with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Purpose,
    ProvisionRecords,
    Access,
    Portability,
    Correction,
    StopProvision,
    OptOut,
    Restriction,
    Objection,
    HumanReview,
    Erasure,
}

/// What else a sentence may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Request,
    Question,
    Thanks,
    TakesBack,
    Asked,
    OurMeasure,
    Doubts,
    Objects,
    OnBehalf,
    NewAddress,
    AsksDeletion,
    PersonalData,
    XContent,
    YoutubeContent,
    Violation,
    Needless,
    OurAction,
    OtherPerson,
    Conflict,
    Guidelines,
    PlatformName,
    PlatformUse,
    Press,
}

/// A want is found by its own words; those that a narrower want explains are left out by [`Patterns::wants`].
const WANTS: [(Want, &str); 11] = [
    (
        Want::Purpose,
        r"利用目的|使用目的|purposes?\s+(?:of|for)\s+(?:use|using|processing|which)|why\s+(?:do\s+)?you\s+(?:use|process|collect)\s+my",
    ),
    (
        Want::ProvisionRecords,
        r"第三者.{0,8}提供.{0,12}(?:記録|履歴)|提供記録|(?:records?|list)\s+of\s+(?:third[- ]party\s+)?(?:disclosures?|provision|recipients)|who(?:m)?\s+(?:have\s+)?you\s+(?:have\s+)?shared\s+my",
    ),
    (
        Want::Access,
        r"開示|(?:個人情報|個人データ|保有データ|私の(?:情報|データ)).{0,16}(?:見せて|教えて|送って|閲覧|写し|コピー|確認したい)|(?:access\s+to|copy\s+of|copies\s+of|disclos\w*|provide|send|see)\s+(?:\w+\s+){0,4}?(?:data|information)|(?:data|information)\s+(?:that\s+)?you\s+(?:hold|have|store|keep|collected)|subject\s+access|\bdsar\b|right\s+(?:of\s+access|to\s+know)",
    ),
    (Want::Portability, r"ポータビリティ|機械可読|portab\w+|machine[- ]readable"),
    (
        Want::Correction,
        r"訂正|(?:情報|データ|氏名|名前|表示名|ニックネーム|登録内容|記録).{0,16}(?:修正|追加|間違|誤り|誤って|直して|事実と異な)|rectif\w+|correct(?:ion)?\s+(?:of\s+)?(?:\w+\s+){0,4}?(?:data|information|records?|name)|(?:inaccurate|incorrect|wrong)\s+(?:personal\s+)?(?:data|information|name)",
    ),
    (
        Want::StopProvision,
        r"第三者.{0,6}提供.{0,10}(?:停止|やめ|止め|中止)|stop\s+(?:sharing|providing|disclosing)\s+my",
    ),
    (Want::OptOut, r"オプトアウト|do\s+not\s+sell|opt(?:ing)?[- ]?out"),
    (
        Want::Restriction,
        r"利用.{0,4}停止|使用.{0,4}停止|処理.{0,4}(?:制限|停止)|(?:利用|使用)を(?:やめ|止め|中止)|使わないで|restrict\w*\s+(?:\w+\s+){0,3}?processing|stop\s+(?:using|processing)\s+my",
    ),
    (Want::Objection, r"(?:取扱い|処理|利用).{0,6}(?:異議|反対)|object\s+to\s+(?:\w+\s+){0,4}?(?:processing|use)"),
    (
        Want::HumanReview,
        r"自動(?:化された)?(?:処理|決定|判断).{0,20}(?:人|担当者)|human\s+(?:review|intervention)|automated\s+decision",
    ),
    (
        Want::Erasure,
        r"削除|消去|消して|抹消|忘れられる権利|\b(?:delete|erase|remove)\b|\b(?:deletion|erasure|removal)\b|right\s+to\s+be\s+forgotten",
    ),
];

const MEANINGS: [(Meaning, &str); 23] = [
    (
        Meaning::Request,
        r"請求|求め|希望|願[いう]|ください|下さい|くれ(?:ます|ません)|欲しい|ほしい|したい|したく|いただけ|頂け|いただきたい|頂きたい|もらえ|要求|申請|申し(?:込|立|入)|申立|できますか|できるでしょうか|可能ですか|やめて|\bplease\b|\brequest(?:ing|s|ed)?\b|\bi\s+(?:also\s+)?(?:want|wish|would\s+like|demand|ask|need|hereby|object|exercise)|i'd\s+like|i\s+am\s+(?:asking|exercising|writing\s+to)|(?:can|could|would|will)\s+you|exercis(?:e|ing)\s+my\s+right|\bdo\s+not\s+sell|\b(?:delete|erase|remove|stop|send\s+me|correct)\s+(?:all\s+)?(?:of\s+)?my\b",
    ),
    (
        Meaning::Question,
        r"[?]|ですか|ますか|でしょうか|教えて|知りたい|質問|問い合わせ|伺い|どう(?:すれば|したら|やって)|why|how|what|question|wonder",
    ),
    (
        Meaning::Thanks,
        r"ありがとう|有難う|有り難う|感謝|御礼|お礼|thank(?:s|\s+you)\s+for\s+(?:the\s+|your\s+|deleting|removing|sending|disclos)",
    ),
    // Said of what was asked, as done by saying it: "I withdraw my request", not "how can I withdraw".
    (
        Meaning::TakesBack,
        r"(?:取り?下げ|撤回|取り?消し?|取りやめ|キャンセル)(?:を|に|と)?(?:ます|たい|させて|いたし|致し|し(?:ます|たい|て(?:ください|下さい|ほしい|いただ|頂))|てください|て下さい|て(?:いただ|頂)|(?:お願い|希望|請求|依頼)(?:し|いた|致))|\b(?:withdraw|cancel|retract|take\s+back|drop)\s+(?:\w+\s+){0,3}?(?:requests?|inquir(?:y|ies)|enquir(?:y|ies)|applications?|questions?)\b|\b(?:request|inquiry|enquiry|application)\s+(?:is\s+)?(?:hereby\s+)?withdrawn\b",
    ),
    // What a person asked, as the person calls it: what is taken back besides may be anything.
    (
        Meaning::Asked,
        r"請求|依頼|申請|申し?(?:込|立|出)|問い?合わ?せ|質問|取り?下げ|\b(?:requests?|inquir(?:y|ies)|enquir(?:y|ies)|applications?|questions?)\b",
    ),
    // What was done by us, which a person may want taken back.
    (
        Meaning::OurMeasure,
        r"非表示|ブロック|措置|処分|制限|凍結|\b(?:hid(?:e|den|ing)|block\w*|bann?\w*|restrict\w*)\b",
    ),
    // What keeps a sentence from being taken at its word: negated, asked, or about consent, which is no request.
    (
        Meaning::Doubts,
        r"ません|ない|同意|もし|場合|仮に|[?？]|ですか|ますか|でしょうか|方法|\bnot\b|n't\b|\bnever\b|consent|\bif\b|\bhow\b|\bcan\s+i\b|\bunless\b|\bwithout\b",
    ),
    // What keeps thanks or a greeting from being all that a sentence says: a turn, or something amiss.
    (
        Meaning::Objects,
        r"(?:です|ます|でした|ました)が|が[、,]|けど|けれど|のに|しかし|ただし|まだ|残って|間違|違って|空でし|失敗|エラー|\b(?:but|however|although|still|yet|cannot|unable|fail(?:s|ed)?|error|empty|missing|wrong)\b",
    ),
    (
        Meaning::OnBehalf,
        r"代理人(?:として|の|で(?:す|ある|、))|代理(?:で|として|請求|申請)|委任(?:を受け|状)|に(?:代わって|代わり(?:、|まして)).{0,20}(?:請求|申請|申し|連絡|依頼)|(?:依頼者|依頼人|相談者)(?:の|から|である)|受任(?:し|いた|して)|(?:親権者|未成年後見人|成年後見人|法定代理人)(?:として|です|で、|の)|\bon\s+behalf\s+of\s+(?:my|our|a|the|mr|ms|mrs)\b|\bauthori[sz]ed\s+agent\b|\bmy\s+client(?:'s)?\b|power\s+of\s+attorney|\bas\s+(?:the\s+|a\s+|her\s+|his\s+|their\s+)?(?:legal\s+)?(?:guardian|representative|agent|attorney)\s+(?:of|for)\b",
    ),
    (
        Meaning::NewAddress,
        r"(?:連絡先|返信先|送り先|送信先|宛先|メールアドレス|アドレス)(?:を|は|の).{0,60}(?:変更|変え|切り替え)|(?:今後|以後|これから)は?.{0,60}(?:宛|に)(?:に)?(?:ご)?(?:連絡|返信|送)|\b(?:change|update|switch)\s+(?:\w+\s+){0,3}?(?:e-?mail|address)|\b(?:new|different|other)\s+(?:e-?mail\s+)?address\b",
    ),
    (
        Meaning::AsksDeletion,
        r"(?:削除|消去|抹消)(?:を|も)?(?:お|ご)?(?:して(?:ください|下さい|ほしい|欲しい|いただ|頂|もら|くれ)|ください|下さい|願|請求|求め|希望|申請)|消して(?:ください|下さい|ほしい|欲しい|いただ|頂|もら|くれ)|(?:please|you|want\s+to|request)\s+(?:\w+\s+){0,2}?(?:delete|erase|remove)",
    ),
    (
        Meaning::PersonalData,
        r"個人(?:情報|データ)|保有.{0,4}データ|私(?:の|に関する)(?:すべての|全ての|全)?(?:情報|データ|個人)|自分の(?:情報|データ)|アカウント情報|登録情報|プロフィール|(?:personal|my|about\s+me).{0,12}(?:data|information)|(?:data|information)\s+(?:about|on)\s+me|everything\s+(?:you\s+have\s+)?about\s+me",
    ),
    (
        Meaning::XContent,
        r"ポスト|ツイート|リプライ|リツイート|リポスト|つぶやき|\b(?:my|the|this|these)\s+(?:posts?|tweets?|repl(?:y|ies)|retweets?)\b|(?:\bx|twitter|ツイッター).{0,8}投稿|^.{0,80}投稿|(?:x|twitter)\.com/\w+/status",
    ),
    (
        Meaning::YoutubeContent,
        r"(?:youtube|ユーチューブ|動画|チャンネル).{0,20}(?:コメント|データ|情報|投稿|履歴)|コメント|(?:my|the|this)\s+(?:youtube\s+)?comments?\b|youtube\s+data|youtu\.?be\S*/\S+",
    ),
    (
        Meaning::Violation,
        r"違反|違法|不正|目的外|同意(?:なく|なし|していない|を得ず)|無断|violat|unlawful|illegal|without\s+(?:my\s+)?consent",
    ),
    (
        Meaning::Needless,
        r"不要|必要(?:が|は|で)?(?:ない|なくな|ありません)|漏え?い|漏洩|流出|権利.{0,8}(?:害|侵)|退会|no\s+longer\s+(?:need|necessary)|leak|breach|harm",
    ),
    (
        Meaning::OurAction,
        r"(?:削除|非表示|ブロック|消去|制限)に?され|消され|(?:削除|ブロック|非表示).{0,6}(?:した|された)?理由|(?:なぜ|何故|どうして).{0,30}(?:削除|ブロック|非表示|消)|ブロック.{0,6}解除|異議(?:申|を)|不服|納得(?:でき|いか)|(?:was|were|been|got)\s+(?:\w+\s+){0,3}?(?:removed|deleted|hidden|blocked|banned)|\bunblock|\breinstate|\bappeal\b|why\s+(?:did|have|has)\s+you\w*\s+(?:\w+\s+)?(?:remove|delete|hide|block)",
    ),
    (
        Meaning::OtherPerson,
        r"(?:他|別|ほか)の(?:ユーザ|利用者|人|アカウント|方)|(?:ある|あの|特定の|この)(?:ユーザ|利用者|人|アカウント)|第三者から|誰か|相手|フォロワー|さん(?:が|から|に|と|の投稿|のコメント|のポスト)|(?:another|other|some|a|certain)\s+(?:user|person|account|follower|commenter)s?|someone|somebody",
    ),
    (
        Meaning::Conflict,
        r"誹謗|中傷|嫌がらせ|いやがらせ|悪口|暴言|罵|揉め|もめ|トラブル|争い|喧嘩|いじめ|やめさせ|注意して|通報|被害|なりすま|脅|harass|insult|bully|bullie|disput|abus|defam|slander|threat|attack|impersonat|fight|argu|\bstop\s+(?:him|her|them)",
    ),
    (
        Meaning::Guidelines,
        r"ガイドライン|運用(?:方針|ポリシー)|ソーシャルメディアポリシー|guidelines?|community\s+rules|social\s+media\s+policy",
    ),
    (Meaning::PlatformName, r"\bx\b|xの|twitter|ツイッター|youtube|ユーチューブ"),
    (
        Meaning::PlatformUse,
        r"使い方|ログイン|パスワード|設定|不具合|バグ|仕様|機能|凍結|認証|アプリ|操作|投稿(?:の)?(?:方法|できない|できません)|登録(?:方法|できない)|退会|log\s?in|password|settings?|suspend|\bbug|feature|\bapp\b|verif(?:y|ied)\s+badge|how\s+(?:do|can)\s+i\s+(?:use|post|upload|change)|not\s+work",
    ),
    (
        Meaning::Press,
        r"取材|記者|報道|新聞社|編集部|インタビュー|掲載(?:依頼|させて)|\bpress\s+(?:inquiry|enquiry|request)|journalist|reporter|interview|media\s+(?:inquiry|enquiry|request)",
    ),
];

/// All patterns, compiled once.
pub(super) struct Patterns {
    wants: Option<RegexSet>,
    meanings: Vec<Option<Regex>>,
}

pub(super) static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    wants: RegexSet::new(WANTS.iter().map(|(_, pattern)| pattern)).ok(),
    meanings: MEANINGS.iter().map(|(_, pattern)| Regex::new(pattern).ok()).collect(),
});

impl Patterns {
    pub(super) fn has(&self, meaning: Meaning, text: &str) -> bool {
        let index = MEANINGS.iter().position(|(of, _)| *of == meaning);
        index.and_then(|index| self.meanings[index].as_ref()).is_some_and(|pattern| pattern.is_match(text))
    }

    /// The wants of a sentence. Where a narrow one is named, the wide one whose words it contains is not.
    pub(super) fn wants(&self, text: &str) -> Vec<Want> {
        let Some(set) = &self.wants else { return Vec::new() };
        let found: Vec<Want> = set.matches(text).iter().map(|index| WANTS[index].0).collect();
        let named = |want| found.contains(&want);
        let explained = |want: &Want| match want {
            Want::Access => {
                named(Want::ProvisionRecords)
                    || named(Want::Portability)
                    || named(Want::Purpose) && !text.contains("開示")
                    || named(Want::Correction) && !text.contains("開示") && !text.contains("copy")
                    || named(Want::Erasure)
                        && !text.contains("開示")
                        && !text.contains("copy")
                        && !text.contains("access")
                    || (named(Want::Restriction) || named(Want::OptOut))
                        && !text.contains("開示")
                        && !text.contains("copy")
            }
            Want::Restriction => named(Want::StopProvision),
            Want::Purpose
            | Want::ProvisionRecords
            | Want::Portability
            | Want::Correction
            | Want::StopProvision
            | Want::OptOut
            | Want::Objection
            | Want::HumanReview
            | Want::Erasure => false,
        };
        found.iter().copied().filter(|want| !explained(want)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(PATTERNS.wants.is_some());
        for (index, pattern) in PATTERNS.meanings.iter().enumerate() {
            assert!(pattern.is_some(), "{:?}", MEANINGS[index].0);
        }
    }
}
