//! Replies to replies on X and comments on YouTube, held ones and likely spam included, are judged and acted on.

use casework::decide::Ruling;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::simulator::youtube::Moderation;
use local::stack::X_USER;
use rules::{ActionKind, Verdict};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_key};
use tests::world::{FAN, STRANGER};

#[tokio::test]
async fn a_reply_to_a_reply_in_our_thread_is_hidden() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let reply = world.write(FAN, PRAISE, Link::Reply(&root));
    let threat = world.write(STRANGER, THREAT, Link::Reply(&reply));
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&reply)).await, [Verdict::Allow]);
    assert_eq!(world.verdicts(&x_key(&threat)).await, [Verdict::Act]);
    world.tick().await;
    assert!(!world.x_visible(&threat), "it is still in sight");
    assert!(world.x_visible(&reply));
}

#[tokio::test]
async fn what_is_polled_again_is_decided_once_and_asked_for_from_where_it_was_left() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let reply = world.write(FAN, THREAT, Link::Reply(&root));
    let comment = world.comment(THREAT);
    for _ in 0..3 {
        world.poll().await;
        world.pass(2 * 3600);
    }
    assert_eq!(world.verdicts(&x_key(&reply)).await.len(), 1);
    assert_eq!(world.verdicts(&youtube_key(&comment)).await.len(), 1);
    let searches: Vec<String> = world
        .x_requests()
        .into_iter()
        .filter(|request| request.path == "/2/tweets/search/recent")
        .filter_map(|request| {
            let query = request.query.iter().any(|(name, value)| name == "query" && value.contains("conversation_id"));
            let (_, since) = request.query.into_iter().find(|(name, _)| name == "start_time")?;
            query.then_some(since)
        })
        .collect();
    assert_eq!(searches.len(), 3);
    // From the post's own time, and later from an hour behind the last poll, for edits.
    assert_eq!(searches, ["2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z", "2026-11-20T03:55:00Z"]);
}

#[tokio::test]
async fn comments_are_found_in_all_three_lists_of_the_owner() {
    let world = World::new().await;
    let shown = world.comment(THREAT);
    let (held, spam) = (world.comment(PRAISE), world.comment("副業で月収100万円 LINE追加はこちら"));
    world.set_moderation(&held, Moderation::HeldForReview);
    world.set_moderation(&spam, Moderation::LikelySpam);
    let reply = world.comment_reply(&shown, PRAISE);
    world.poll().await;
    assert_eq!(world.verdicts(&youtube_key(&shown)).await, [Verdict::Act]);
    assert_eq!(world.verdicts(&youtube_key(&held)).await, [Verdict::Review]);
    assert_eq!(world.verdicts(&youtube_key(&spam)).await.len(), 1);
    assert_eq!(world.verdicts(&youtube_key(&reply)).await, [Verdict::Allow]);
    world.tick().await;
    assert!(!world.youtube_visible(&shown));
}

/// A fan's words that the platform hides, and that the rules have nothing against, must not stay hidden in silence.
#[tokio::test]
async fn what_the_platform_holds_and_the_rules_allow_is_published_by_a_person() {
    let world = World::new().await;
    for moderation in [Moderation::HeldForReview, Moderation::LikelySpam] {
        let held = world.comment(PRAISE);
        world.set_moderation(&held, moderation);
        world.poll().await;
        let key = youtube_key(&held);
        let decision = world.case(&key).await.decisions.remove(0);
        assert_eq!((decision.verdict, decision.held), (Verdict::Review, true));
        assert_eq!(decision.limited.as_deref(), Some(casework::handle_post::HELD));
        world.tick().await;
        assert!(!world.youtube_visible(&held), "no machine publishes");

        assert_eq!(world.rule(&key, Ruling::Allow).await.planned, [ActionKind::Publish]);
        world.tick().await;
        assert!(world.youtube_visible(&held));
        assert_eq!(world.rule(&key, Ruling::Allow).await.planned, [], "it is published once");
        world.poll().await;
        assert_eq!(world.verdicts(&key).await, [Verdict::Review, Verdict::Allow, Verdict::Allow]);
    }
}

/// What the rules act on anyway is dealt with as if it were seen; its owner's queue is not the place where it ends.
#[tokio::test]
async fn what_the_platform_holds_and_the_rules_forbid_is_acted_on() {
    let world = World::new().await;
    let held = world.comment(THREAT);
    world.set_moderation(&held, Moderation::LikelySpam);
    world.poll().await;
    let key = youtube_key(&held);
    assert_eq!(world.verdicts(&key).await, [Verdict::Act]);
    world.tick().await;
    assert!(!world.youtube_visible(&held));
    world.rule(&key, Ruling::Undo).await;
    world.tick().await;
    assert!(world.youtube_visible(&held));
}

/// An event about a reply tells no name, so that whoever borrows ours is found out by the list.
#[tokio::test]
async fn a_borrowed_name_that_no_webhook_tells_is_found_by_the_list() {
    let world = World::new().await;
    world.x.simulator.state().add_user("9000000000000007003", "S0CKETS_JP", "SOCKETS 公式");
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    world.deliver(PostEvent::Create, &root).await;
    let lure = world.write("9000000000000007003", "お問い合わせはDMへどうぞ", Link::Reply(&root));
    let fan = world.write(FAN, PRAISE, Link::Reply(&root));
    for id in [&lure, &fan] {
        world.deliver(PostEvent::Reply, id).await;
    }
    let before = world.verdicts(&x_key(&lure)).await;
    assert_eq!(before.len(), 1);
    for _ in 0..3 {
        world.poll().await;
        world.pass(300);
    }
    let case = world.case(&x_key(&lure)).await;
    assert_eq!(case.decisions.len(), 2, "{:?}", case.decisions);
    assert!(case.decisions[1].findings.iter().any(|finding| finding.rule.starts_with("IMP")));
    assert!(case.decisions[1].verdict > before[0]);
    assert_eq!(world.verdicts(&x_key(&fan)).await.len(), 1, "whose name says nothing is decided once");
}

#[tokio::test]
async fn a_picture_without_words_waits_for_a_person() {
    let world = World::new().await;
    let picture = world.comment("");
    world.youtube.simulator.state().comments.get_mut(&picture).unwrap().image_url =
        Some("https://yt3.ggpht.com/picture".to_owned());
    world.poll().await;
    assert_eq!(world.verdicts(&youtube_key(&picture)).await, [Verdict::Review]);
}

#[tokio::test]
async fn our_own_comments_are_outbound_and_never_judged() {
    let world = World::new().await;
    let question = world.comment("次の動画はいつですか?");
    let ours = world.youtube.simulator.state().reply(&question, local::stack::YOUTUBE_CHANNEL, "来週です").unwrap();
    world.poll().await;
    let case = world.case(&youtube_key(&ours)).await;
    assert!(case.decisions.is_empty());
    assert_eq!(case.outbound.unwrap().text, "来週です");
}

#[tokio::test]
async fn a_terminated_account_is_not_polled() {
    use casework::account::Mode;
    use casework::ledger::Accounts;
    let world = World::new().await;
    world.comment(THREAT);
    world.reply(THREAT);
    for account in [tests::flow::x_account(), tests::flow::youtube_account()] {
        world.store.set_mode(&account, Mode::Terminated, world.clock.now()).await.unwrap();
    }
    world.poll().await;
    assert!(world.x_requests().is_empty() && world.youtube.simulator.requests().is_empty());
    assert!(world.items("POST#", "").await.is_empty());
}
