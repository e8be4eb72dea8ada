//! What the patterns cannot read of a person's mail waits for one of us.

use privacy::file::RequestFile;
use privacy::law::Right;

use super::{Office, TARO, mail, noon};

const ASKS: &str = "個人データの開示を請求します。";

fn only_file(office: &Office) -> RequestFile {
    office.requests.files().remove(0)
}

#[test]
fn a_request_that_is_only_passed_on_is_read_as_one() {
    let office = Office::new();
    let text = format!("差出人: 太郎\n送信日時: 今日\n宛先: 広報\n件名: お願い\n\n{ASKS}");
    office.arrive("1", &mail(TARO, "Subject: FW: x\n", &text), noon());
    assert_eq!(only_file(&office).items[0].right(), Some(Right::AppiDisclosure));
}
