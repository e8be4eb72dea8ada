//! Identity documents that nobody asked for: recognised by what the mail says of them, never by opening them.

use crate::mail::Mail;

/// Words for identity documents, in lower case.
const WORDS: [&str; 22] = [
    "免許証",
    "運転免許",
    "マイナンバー",
    "個人番号",
    "保険証",
    "パスポート",
    "旅券",
    "在留カード",
    "住民票",
    "身分証",
    "本人確認書類",
    "戸籍",
    "passport",
    "driver",
    "licence",
    "license",
    "id card",
    "id_card",
    "idcard",
    "identity",
    "mynumber",
    "menkyo",
];

/// Words in the names of files that show a mandate, in lower case.
const MANDATE: [&str; 5] = ["委任状", "mandate", "attorney", "ininjo", "inin-jo"];

/// Whether a picture or document that came along is likely an identity document: its own name says so, or the text
/// speaks of one. `text` is what its sender wrote: our own letters, which answers quote, speak of such documents too.
pub(super) fn came_along(mail: &Mail, text: &str) -> bool {
    let speaks = |text: &str| {
        let text = text.to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    let told = || speaks(text) || speaks(&mail.subject);
    // The power of attorney of an agent is asked for; the words around it say nothing against it.
    let mandate = |name: &str| MANDATE.iter().any(|word| name.to_lowercase().contains(word));
    mail.attachments.iter().any(|attached| {
        let shown = ["image/", "application/pdf", "application/octet-stream", "application/zip"]
            .iter()
            .any(|kind| attached.media_type.to_lowercase().starts_with(kind));
        attached.name.as_deref().is_some_and(speaks)
            || shown && !attached.name.as_deref().is_some_and(mandate) && told()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mail::read;

    fn known(text: &str, kind: &str, name: &str) -> bool {
        let raw = format!(
            "From: a@example.jp\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
             Content-Type: text/plain; charset=utf-8\n\n{text}\n--b\n\
             Content-Type: {kind}\nContent-Disposition: attachment; filename={name}\n\nAAAA\n--b--\n"
        );
        came_along(&read(raw.as_bytes()), text)
    }

    #[test]
    fn a_document_is_known_by_its_name_or_by_what_is_said_of_it() {
        assert!(known("開示を請求します。", "image/png", "mynumber-card.png"));
        assert!(known("免許証を添付します。", "image/jpeg", "IMG_0001.jpg"));
        assert!(!known("委任状を送ります。身分証は送りません。", "application/pdf", "ininjo.pdf"));
        assert!(!known("この投稿です。", "image/png", "screenshot.png"));
        assert!(!known("免許証は送りません。", "text/x-log", "log.txt"));
        assert!(!came_along(&read(b"From: a@example.jp\n\nmy passport"), "my passport"));
    }
}
