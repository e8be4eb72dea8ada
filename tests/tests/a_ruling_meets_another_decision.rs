//! Two who decide on one post at the same time: the later one notices, and only the newest decision is carried out.

#![allow(clippy::unwrap_used)]

use casework::account::Mode;
use casework::decide::{DecideError, Ruled, Ruling, decide};
use casework::decision::{Decider, PostKey};
use casework::event::{Outbound, VideoNotice};
use casework::handle_post::{Handled, handle_post};
use casework::ledger::{
    Accounts, CaseFile, CaseRecord, Cases, Claim, Desk, History, Lease, LedgerError, QueueEntry, Recorded,
    RulingRecord, WaitsFor,
};
use casework::planned::ActionState;
use jiff::Timestamp;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use rules::{ActionKind, Clause, Platform, Post, TaskKind, Verdict};
use store::ACTION_LEASE_SECONDS;
use tests::World;
use tests::fault::{Fault, Proxy};
use tests::flow::{PRAISE, THREAT, x_account, x_key, youtube_key};
use tests::world::FAN;

type Result<T> = std::result::Result<T, LedgerError>;

async fn rule_at<D: Desk>(
    desk: &D,
    world: &World,
    key: &PostKey,
    ruling: Ruling,
) -> std::result::Result<Ruled, DecideError> {
    decide(desk, world.rulebook(), key, ruling, "looked at it", "reviewer", world.clock.now()).await
}

/// The author changes a comment.
fn edit(world: &World, id: &str, text: &str) {
    world.youtube.simulator.state().comments.get_mut(id).unwrap().text = text.to_owned();
}

/// A desk on which the case changes between a person's look and the ruling: the author edits, the machine decides.
struct EditedMeanwhile<'a> {
    world: &'a World,
    text: &'a str,
}

impl Desk for EditedMeanwhile<'_> {
    async fn case_file(&self, post: &PostKey, now: Timestamp) -> Result<Option<CaseFile>> {
        let file = self.world.store.case_file(post, now).await;
        edit(self.world, &post.id, self.text);
        assert!(matches!(self.world.decide_comment(&post.id).await, Handled::Decided { .. }));
        file
    }

    async fn queue(&self) -> Result<Vec<QueueEntry>> {
        self.world.store.queue().await
    }

    async fn record_ruling(&self, file: &CaseFile, ruling: &RulingRecord, now: Timestamp) -> Result<()> {
        self.world.store.record_ruling(file, ruling, now).await
    }
}

/// A store in which a person rules between the machine's first look and its record.
struct RuledMeanwhile<'a> {
    world: &'a World,
    ruling: tokio::sync::Mutex<Option<Ruling>>,
}

impl Cases for RuledMeanwhile<'_> {
    async fn claim(&self, post: &Post, now: Timestamp) -> Result<Claim> {
        self.world.store.claim(post, now).await
    }

    async fn forget_claim(&self, post: &Post, lease: &Lease) -> Result<()> {
        self.world.store.forget_claim(post, lease).await
    }

    async fn gather(&self, post: &Post, now: Timestamp) -> Result<History> {
        let history = self.world.store.gather(post, now).await;
        if let Some(ruling) = self.ruling.lock().await.take() {
            rule_at(&self.world.store, self.world, &store::keys::key_of(post), ruling).await.unwrap();
        }
        history
    }

    async fn record(&self, record: &CaseRecord<'_>, lease: &Lease, now: Timestamp) -> Result<Recorded> {
        self.world.store.record(record, lease, now).await
    }

    async fn record_outbound(&self, outbound: &Outbound, purpose: Option<&str>, now: Timestamp) -> Result<()> {
        self.world.store.record_outbound(outbound, purpose, now).await
    }

    async fn own_post_deleted(&self, post: &PostKey, now: Timestamp) -> Result<()> {
        self.world.store.own_post_deleted(post, now).await
    }

    async fn watch_video(&self, notice: &VideoNotice, gone: bool, now: Timestamp) -> Result<()> {
        self.world.store.watch_video(notice, gone, now).await
    }

    async fn record_unreadable(&self, platform: Platform, key: &str, reason: &str, now: Timestamp) -> Result<()> {
        self.world.store.record_unreadable(platform, key, reason, now).await
    }
}

#[tokio::test]
async fn a_ruling_on_a_case_that_changed_meanwhile_is_refused_whole() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    let key = youtube_key(&id);
    let desk = EditedMeanwhile { world: &world, text: "お前を必ず殺す" };
    let refused = rule_at(&desk, &world, &key, Ruling::Allow).await;
    assert!(matches!(refused, Err(DecideError::Ledger(LedgerError::Conflict(_)))), "{refused:?}");
    let case = world.case(&key).await;
    assert!(case.decisions.iter().all(|decision| decision.by == Decider::Machine));
    assert_eq!(case.decisions.len(), 2);
    assert!(case.actions.iter().all(|action| action.state == ActionState::Pending), "nothing was cancelled");

    // Looked at again, it can be ruled on.
    let ruled = rule_at(&world.store, &world, &key, Ruling::Allow).await.unwrap();
    assert_eq!((ruled.decision.number, ruled.cancelled.len()), (3, 2));
    world.tick().await;
    assert!(world.moderations().is_empty());
}

#[tokio::test]
async fn the_machine_judges_again_when_a_person_ruled_meanwhile() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    edit(&world, &id, "お前を必ず殺す");
    let post = world.listed(&id).await;
    let cases = RuledMeanwhile { world: &world, ruling: tokio::sync::Mutex::new(Some(Ruling::Allow)) };
    let handled = handle_post(&cases, &world.rulebook().into(), &post, || world.clock.now()).await.unwrap();
    assert_eq!(handled, Handled::Decided { verdict: Verdict::Act, actions: 1 });
    let case = world.case(&youtube_key(&id)).await;
    let by: Vec<_> = case.decisions.iter().map(|decision| decision.by.clone()).collect();
    assert_eq!(by, [Decider::Machine, Decider::Person("reviewer".to_owned()), Decider::Machine]);
    world.tick().await;
    assert_eq!(world.youtube.simulator.effects(&id).changes, 1, "held for what the edit says");
}

#[tokio::test]
async fn a_pending_action_whose_post_was_decided_anew_is_cancelled() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    edit(&world, &id, PRAISE);
    assert_eq!(world.decide_comment(&id).await, Handled::Decided { verdict: Verdict::Allow, actions: 0 });
    world.tick().await;
    let action = world.only_action(&youtube_key(&id)).await;
    assert_eq!(action.state, ActionState::Cancelled);
    assert_eq!(action.outcome.as_deref(), Some("cancelled: a newer decision took its place"));
    assert!(world.moderations().is_empty() && world.youtube_visible(&id));
}

#[tokio::test]
async fn of_two_reviewers_at_once_one_is_refused() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.tick().await;
    let key = x_key(&id);
    let other = tests::world::store(&world.engine.address, &world.secrets);
    let (one, two) =
        tokio::join!(rule_at(&world.store, &world, &key, Ruling::Undo), rule_at(&other, &world, &key, Ruling::Undo));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
    let case = world.case(&key).await;
    assert_eq!((case.decisions.len(), case.actions.len()), (2, 2));
    world.tick().await;
    assert!(world.x_visible(&id));
}

#[tokio::test]
async fn undoing_what_is_being_done_waits_for_it_and_wins() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let key = x_key(&id);
    // Hidden, but nobody knows yet: the sandbox died before its record.
    let proxy = Proxy::on(&world.engine.address, &["list_append"], Fault::Dead { after: false }).await;
    world.enforce_at(&proxy.address).handle(world.stream_event().await).await.unwrap();
    assert!(!world.x_visible(&id));

    let ruled = rule_at(&world.store, &world, &key, Ruling::Undo).await.unwrap();
    assert_eq!((ruled.cancelled.as_slice(), ruled.planned.as_slice()), (&[][..], &[ActionKind::UnhideReply][..]));
    world.pass(ACTION_LEASE_SECONDS - 1);
    world.tick().await;
    assert_eq!(world.x_effects(&id).calls, 1, "not while somebody may still be hiding it");
    world.pass(1);
    world.tick().await;
    assert!(world.x_visible(&id));
    let states: Vec<_> = world.case(&key).await.actions.iter().map(|action| (action.key.kind, action.state)).collect();
    assert_eq!(states, [(ActionKind::HideReply, ActionState::Cancelled), (ActionKind::UnhideReply, ActionState::Done)]);
    world.pass(24 * 3600);
    world.tick().await;
    assert!(world.x_visible(&id), "and stays so");
}

#[tokio::test]
async fn the_queue_tells_what_waits_how_long_and_for_what() {
    let world = World::new().await;
    let mention = world.write(FAN, &format!("@SOCKETS_JP {THREAT}"), Link::None);
    world.deliver(PostEvent::Mention, &mention).await;
    let since = world.clock.now();
    world.pass(60);
    world.store.set_mode(&x_account(), Mode::Paused, world.clock.now()).await.unwrap();
    let held_back = world.decided_reply(THREAT).await;

    let queue = world.store.queue().await.unwrap();
    let first = &queue[0];
    assert_eq!((&first.post, first.since), (&x_key(&mention), since), "the longest waiting first");
    assert!(queue.iter().any(|entry| entry.waits_for == WaitsFor::Task(TaskKind::ReportPost)));
    let last = queue.last().unwrap();
    assert_eq!(
        (&last.post, last.since, last.waits_for),
        (&x_key(&held_back), world.clock.now(), WaitsFor::Ruling(Verdict::Review))
    );
    assert_eq!(last.decision.clause(), Some(Clause::Criminal));
    assert_eq!(last.post.platform, Platform::X);

    rule_at(&world.store, &world, &x_key(&held_back), Ruling::Allow).await.unwrap();
    assert!(world.store.queue().await.unwrap().iter().all(|entry| entry.post == x_key(&mention)));
}
