//! Deadlines of data requests: each open one is in report, page and mail by its number and clock, and nobody's words are.

use local::desk::{DESK_ADDRESS, deliver};
use local::simulator::x::Link;
use privacy::law::DeadlineKind;
use sweep::audit::requests::Stage;
use tests::World;
use tests::desk::mail;
use tests::world::FAN;

use crate::support::{audit, page_of, pass_hours};

const WHO: &str = "taro.mihon@example.jp";

async fn asks(world: &World, id: &str, text: &str) {
    let raw = mail(WHO, &format!("{id}@example.jp"), "お願い", text);
    Box::pin(deliver(&world.desk(), id, &raw, WHO, DESK_ADDRESS, world.clock.now())).await.unwrap();
}

/// The newest mail of the audit.
fn summary(world: &World) -> String {
    let folder = std::fs::read_dir(world.folder.path().join("outbox")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mails = paths.iter().map(|path| privacy::mail::read(&std::fs::read(path).unwrap()));
    mails.rev().find(|mail| mail.subject.contains("関所")).unwrap().text
}

#[tokio::test]
async fn a_deadline_is_near_then_late_then_gone_with_its_request() {
    let world = World::new().await;
    asks(&world, "ses00000001", "私のアカウント @fan_mihon について、保有個人データの開示を請求します。").await;
    pass_hours(&world, 60);
    let post = world.write(FAN, "消してほしい言葉です", Link::None);
    let deletion = format!("私のツイートを削除してください。\nhttps://x.com/fan_mihon/status/{post}");
    asks(&world, "ses00000002", &deletion).await;
    pass_hours(&world, 2);

    let report = audit(&world).await.requests;
    assert_eq!((report.open, report.late, report.near), (2, 0, 1), "{report:?}");
    let [first, second] = &report.named[..] else { panic!("{report:?}") };
    // Little of its day has gone, and yet it ends before the next night's report.
    assert_eq!((first.deadline, first.stage), (DeadlineKind::XContent, Stage::Near));
    assert_eq!(first.due, world.clock.now() + jiff::SignedDuration::from_hours(22));
    assert!(second.due > first.due && second.stage < Stage::Near, "{second:?}");
    for told in [page_of(&world), summary(&world)] {
        assert!(told.contains(&first.request) && told.contains("Xの投稿データの削除"), "{told}");
        for theirs in ["taro", "fan_mihon", &post] {
            assert!(!told.contains(theirs), "{theirs}");
        }
    }
    assert!(page_of(&world).contains(&second.request) && page_of(&world).contains("期限間近"));

    pass_hours(&world, 24);
    let report = audit(&world).await.requests;
    assert_eq!((report.open, report.late, report.named[0].stage), (2, 1, Stage::Late), "{report:?}");
    assert!(page_of(&world).contains("期限を過ぎた個人情報の請求が1件あります。"));
    assert!(summary(&world).contains("1 data request is past the deadline."));

    // Nobody verifies either: both are closed, and none is open.
    pass_hours(&world, 24 * 31);
    world.desk().handle(local::stack::tick_event()).await.unwrap();
    let report = audit(&world).await.requests;
    assert_eq!((report.open, report.named.len()), (0, 0), "{report:?}");
    assert!(page_of(&world).contains("対応中の請求はありません。"));
}

#[tokio::test]
async fn a_page_of_open_files_goes_on_after_the_last() {
    let world = World::new().await;
    for number in 1..=7 {
        let text = format!("私のアカウント @fan_mihon{number} について、保有個人データの開示を請求します。");
        asks(&world, &format!("ses0000000{number}"), &text).await;
    }
    let (mut seen, mut place) = (Vec::new(), None::<String>);
    loop {
        let page = world.requests().open_files(place.as_deref(), 3).await.unwrap();
        assert!(page.items.len() <= 3);
        seen.extend(page.items.into_iter().map(|file| file.ticket.to_string()));
        place = page.next;
        if place.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted() && seen.len() == 7, "{seen:?}");
    assert_eq!(audit(&world).await.requests.open, 7);
}
