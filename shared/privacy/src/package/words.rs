//! The words of the page, in both languages.

use super::Record;
use crate::classify::Language;
use crate::letters::DataItem;

/// Headings and sentences. All of them are ours and need no escaping.
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) account: &'static str,
    pub(super) made_at: &'static str,
    pub(super) source: &'static str,
    pub(super) read_at: &'static str,
    pub(super) purpose: &'static str,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) kept_until: &'static str,
    pub(super) address: &'static str,
    pub(super) id: &'static str,
    pub(super) matched: &'static str,
    pub(super) decided: &'static str,
    pub(super) clauses: &'static str,
    pub(super) guidelines: &'static str,
    pub(super) action: &'static str,
    pub(super) ticket: &'static str,
    pub(super) asks: &'static str,
    pub(super) state: &'static str,
    pub(super) direction: &'static str,
    pub(super) bytes: &'static str,
    pub(super) name: &'static str,
    pub(super) not_held: &'static str,
    pub(super) records: &'static str,
    pub(super) expiring: &'static str,
    pub(super) struck: &'static str,
    items: [&'static str; 6],
    kinds: [&'static str; 8],
}

const JA: Words = Words {
    lang: "ja",
    title: "保有個人データの開示",
    intro: "ご本人のアカウントについて当社が保有している個人データです。時刻は協定世界時（UTC）です。",
    account: "アカウント",
    made_at: "日時",
    source: "取得元",
    read_at: "取得日時",
    purpose: "利用目的",
    first: "最初",
    last: "最後",
    kept_until: "自動的に消去される日時",
    address: "投稿のURL",
    id: "投稿のID",
    matched: "ルールに該当した語句",
    decided: "判断",
    clauses: "該当条項・ルール",
    guidelines: "適用したガイドライン",
    action: "措置",
    ticket: "受付番号",
    asks: "ご請求の内容",
    state: "状況",
    direction: "受信／送信",
    bytes: "大きさ（バイト）",
    name: "名称",
    not_held: "保有していない項目",
    records: "記録の数",
    expiring: "このほか、処理の記録（ログ）と一時的に保管した受信データは、ご請求によらず最長{days}日で自動的に消去されます。",
    struck: "■■■は、ご本人以外の方に関する部分を伏せたものです。",
    items: ["公開されている氏名", "ニックネーム", "プロフィール写真", "性別", "ネットワーク", "ユーザーID"],
    kinds: [
        "取得項目",
        "記録の期間",
        "投稿",
        "投稿への判断と措置",
        "違反の記録",
        "ご請求",
        "メール",
        "作成したファイル",
    ],
};

const EN: Words = Words {
    lang: "en",
    title: "Disclosure of personal data held",
    intro: "This is the personal data that we hold about your account. Times are in UTC.",
    account: "Account",
    made_at: "Time",
    source: "Source",
    read_at: "Read at",
    purpose: "Purpose",
    first: "First",
    last: "Last",
    kept_until: "Erased by itself at",
    address: "Address of the post",
    id: "Id of the post",
    matched: "Words that rules matched",
    decided: "Decision",
    clauses: "Clauses and rules",
    guidelines: "Guidelines applied",
    action: "Action",
    ticket: "Ticket",
    asks: "What was asked",
    state: "State",
    direction: "In or out",
    bytes: "Size in bytes",
    name: "Name",
    not_held: "Items that we do not hold",
    records: "Number of records",
    expiring: "Besides, logs and deliveries kept for a while are erased by themselves after at most {days} days, \
               whether asked for or not.",
    struck: "■■■ stands where something about another person was struck out.",
    items: ["Published name", "Nickname", "Profile photograph", "Gender", "Network", "User ID"],
    kinds: [
        "Item read",
        "Time span",
        "Post",
        "Decisions and actions on a post",
        "Record of a breach",
        "Request",
        "Mail",
        "File made for you",
    ],
};

impl Words {
    pub(super) fn of(language: Language) -> &'static Words {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }

    pub(super) fn item(&self, item: DataItem) -> &'static str {
        let place = DataItem::ALL.iter().position(|other| *other == item).unwrap_or(0);
        self.items[place]
    }

    pub(super) fn kind(&self, record: &Record) -> &'static str {
        let place = match record {
            Record::Item { .. } => 0,
            Record::Seen { .. } => 1,
            Record::Post { .. } => 2,
            Record::Case { .. } => 3,
            Record::Strike { .. } => 4,
            Record::Request { .. } => 5,
            Record::Mail { .. } => 6,
            Record::File { .. } => 7,
        };
        self.kinds[place]
    }
}
