//! X takes a refresh token once: two at once, a crash at each step and lost answers never lose the grant where it can
//! be kept; and a grant that is gone stops the account, aloud.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use casework::ledger::Accounts;
use casework::platform::PlatformError;
use lambda_kit::secrets::SecretError;
use lambda_kit::vault::Vault;
use local::simulator::deliver::x_event;
use local::simulator::x::Link;
use local::simulator::{Effect, Fault, Matcher};
use local::stack::X_USER;
use platforms::TokenSource;
use rules::{Platform, Verdict};
use secrecy::{ExposeSecret, SecretString};
use tests::fault::{Fault as StoreFault, Proxy};
use tests::flow::{THREAT, x_account, x_key};
use tests::world::FAN;
use tests::{World, deliver};
use tokens::Grant;

/// Half of an access token's life on X.
const HALF: i64 = 3_600;
const WHOLE: i64 = 7_200;

fn refreshes(world: &World) -> usize {
    world.x_requests().iter().filter(|request| request.path == "/2/oauth2/token").count()
}

fn alive(world: &World) -> bool {
    world.x.simulator.state().oauth.has_grant(X_USER)
}

/// Whether X accepts a token.
fn accepted(world: &World, token: &SecretString) -> bool {
    world.x.simulator.state().tokens.contains_key(token.expose_secret())
}

fn token_endpoint() -> Matcher {
    Matcher::call(Method::POST, "/2/oauth2/token")
}

#[tokio::test]
async fn a_token_is_used_until_half_of_its_life_and_then_replaced() {
    let world = World::new().await;
    let tokens = world.tokens_at(&world.engine.address);
    let first = tokens.token(Platform::X).await.unwrap();
    world.pass(HALF - 1);
    assert_eq!(tokens.token(Platform::X).await.unwrap().expose_secret(), first.expose_secret());
    world.pass(1);
    let second = tokens.token(Platform::X).await.unwrap();
    assert_ne!(second.expose_secret(), first.expose_secret());
    assert_eq!(refreshes(&world), 1);
    let kept = world.vault().read("x").await.unwrap().unwrap();
    assert_eq!(Grant::read(&kept).unwrap().access.expose_secret(), second.expose_secret());
    let status = world.store.grant_status(&x_account()).await.unwrap();
    assert_eq!((status.refreshed_at, status.uncertain), (Some(world.clock.now()), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sandboxes_at_once_refresh_once_and_all_have_the_new_token() {
    for passed in [HALF, WHOLE + 1] {
        let world = Arc::new(World::new().await);
        world.pass(passed);
        let sandboxes: Vec<_> = (0..6)
            .map(|_| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    let tokens = world.tokens_at(&world.engine.address);
                    tokens.token(Platform::X).await
                })
            })
            .collect();
        for sandbox in sandboxes {
            let token = sandbox.await.unwrap().unwrap();
            assert!(passed == HALF || accepted(&world, &token), "a token that X does not accept");
        }
        assert_eq!(refreshes(&world), 1, "after {passed} seconds");
        assert!(alive(&world), "the grant died");
    }
}

/// A vault that never finishes a write.
struct Dying<V>(V);

impl<V: Vault> Vault for Dying<V> {
    async fn read(&self, name: &str) -> Result<Option<SecretString>, SecretError> {
        self.0.read(name).await
    }

    async fn write(&self, _: &str, _: &SecretString) -> Result<(), SecretError> {
        std::future::pending().await
    }
}

/// Lets a refresh run until it stands still, then kills its sandbox.
async fn dies_in_refresh(world: &World, address: &str) {
    let tokens = world.tokens_at(address);
    let _ = tokio::time::timeout(Duration::from_secs(5), tokens.token(Platform::X)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_dies_at_a_store_call_of_a_refresh_does_not_take_the_grant_along() {
    for (place, after) in [(0, false), (0, true), (1, false), (1, true), (2, false), (2, true)] {
        let world = World::new().await;
        world.pass(HALF);
        let proxy = Proxy::start(&world.engine.address, vec![(place, StoreFault::Dead { after })]).await;
        dies_in_refresh(&world, &proxy.address).await;
        // Its lock ends, and another sandbox takes over.
        world.pass(61);
        let token = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
        assert!(accepted(&world, &token) && alive(&world), "dead at call {place}, after {after}");
        world.pass(WHOLE);
        let token = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
        assert!(accepted(&world, &token) && alive(&world), "later, dead at call {place}, after {after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_request_never_arrived_is_repeated_only_when_nothing_else_is_left() {
    let world = World::new().await;
    world.pass(HALF);
    world.x.simulator.fail_next(token_endpoint(), Fault::Timeout { effect: Effect::NotPerformed });
    let old = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    assert!(accepted(&world, &old), "the old token serves on");
    assert!(world.store.grant_status(&x_account()).await.unwrap().uncertain);
    world.pass(HALF - 60);
    world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    assert_eq!(refreshes(&world), 1, "a token that may be used up is not tried while the old access token lives");
    world.pass(61);
    let new = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    assert!(accepted(&world, &new) && alive(&world));
    assert!(!world.store.grant_status(&x_account()).await.unwrap().uncertain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_answer_got_lost_leaves_the_rest_of_the_old_tokens_life() {
    let world = World::new().await;
    world.pass(HALF);
    world.x.simulator.fail_next(token_endpoint(), Fault::CloseConnection { effect: Effect::Performed });
    let old = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    for _ in 0..10 {
        world.pass(300);
        let token = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
        assert_eq!(token.expose_secret(), old.expose_secret());
        assert!(accepted(&world, &token) && alive(&world), "the grant died for a second use");
    }
    // The successor is lost with the answer: in the end there is nothing but to ask, and to be told.
    world.pass(HALF);
    let end = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap_err();
    assert!(matches!(end, PlatformError::Disconnected { .. }), "{end}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_dies_before_the_vault_is_written_leaves_the_old_token_alone() {
    let world = World::new().await;
    world.pass(HALF);
    let dying = world.tokens_in(&world.engine.address, Dying(world.vault()));
    assert!(tokio::time::timeout(Duration::from_secs(2), dying.token(Platform::X)).await.is_err());
    world.pass(61);
    let token = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    assert!(accepted(&world, &token) && alive(&world), "reusing the refresh token killed the grant");
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn a_vault_that_cannot_be_written_for_a_while_gets_the_grant_later() {
    let world = World::new().await;
    world.pass(HALF);
    let kept = world.vault().read("x").await.unwrap().unwrap();
    let flaky = world.tokens_in(&world.engine.address, Flaky { vault: world.vault(), fails: 5.into() });
    let new = flaky.token(Platform::X).await.unwrap();
    assert!(accepted(&world, &new));
    let still = world.vault().read("x").await.unwrap().unwrap();
    assert_eq!(still.expose_secret(), kept.expose_secret(), "not written yet");
    let again = flaky.token(Platform::X).await.unwrap();
    assert_eq!(again.expose_secret(), new.expose_secret());
    let now_kept = world.vault().read("x").await.unwrap().unwrap();
    assert_eq!(Grant::read(&now_kept).unwrap().access.expose_secret(), new.expose_secret());
    assert_eq!(refreshes(&world), 1);
}

/// A vault whose first writes fail.
struct Flaky<V> {
    vault: V,
    fails: std::sync::atomic::AtomicUsize,
}

impl<V: Vault> Vault for Flaky<V> {
    async fn read(&self, name: &str) -> Result<Option<SecretString>, SecretError> {
        self.vault.read(name).await
    }

    async fn write(&self, name: &str, secret: &SecretString) -> Result<(), SecretError> {
        use std::sync::atomic::Ordering::SeqCst;
        if self.fails.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(SecretError::SecretsManager("down on demand".to_owned()));
        }
        self.vault.write(name, secret).await
    }
}

#[tokio::test]
async fn a_vault_that_is_read_behind_makes_nobody_use_a_token_twice() {
    let world = World::new().await;
    let before = world.vault().read("x").await.unwrap().unwrap();
    world.pass(HALF);
    world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    let renewed = world.vault().read("x").await.unwrap().unwrap();
    world.vault().write("x", &before).await.unwrap();
    world.pass(WHOLE);
    let refused = world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap_err();
    assert_eq!(refused, PlatformError::Transient { reason: "vault-behind".to_owned() });
    assert!(alive(&world) && refreshes(&world) == 1);

    world.vault().write("x", &renewed).await.unwrap();
    world.tokens_at(&world.engine.address).token(Platform::X).await.unwrap();
    assert!(alive(&world) && refreshes(&world) == 2);
}

#[tokio::test]
async fn a_revocation_that_is_told_again_ends_no_grant_that_came_after_it() {
    let world = World::new().await;
    let told = || x_event::access_revoked(X_USER, "77", world.clock.now(), "1");
    let revoked = told();
    let deliver = async |body: &[u8]| {
        assert_eq!(deliver::x(&world, &world.webhook(), body).await, 200);
        world.store.account(&x_account()).await.unwrap().disconnected.is_some()
    };
    assert!(deliver(&revoked).await);
    world.pass(60);
    tests::connect::connect(&world, Platform::X).await.unwrap();
    assert!(!deliver(&revoked).await, "the account was connected since");
    world.pass(60);
    assert!(deliver(&told()).await);
}

#[tokio::test]
async fn a_revoked_grant_disconnects_the_account_and_what_was_missed_is_found_once_it_is_back() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    world.poll().await;
    {
        let state = &mut world.x.simulator.state();
        let dead = state.oauth.revoke_subject(X_USER);
        state.tokens.retain(|value, _| !dead.contains(value));
    }
    world.pass(180);
    let threat = world.write(FAN, THREAT, Link::Reply(&root));
    world.poll().await;
    let state = world.store.account(&x_account()).await.unwrap();
    assert!(state.disconnected.is_some(), "nobody would know");
    let sent = world.x_requests().len();
    world.pass(180);
    world.poll().await;
    assert_eq!(world.x_requests().len(), sent, "a dead grant is not tried again and again");

    tests::connect::connect(&world, Platform::X).await.unwrap();
    assert!(world.store.account(&x_account()).await.unwrap().disconnected.is_none());
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&threat)).await, [Verdict::Act]);
    world.tick().await;
    assert!(!world.x_visible(&threat));
}

#[tokio::test]
async fn googles_refresh_token_stays_and_its_access_token_is_replaced() {
    let world = World::new().await;
    let comment = world.comment(THREAT);
    world.pass(3_000);
    world.poll().await;
    assert_eq!(world.verdicts(&tests::flow::youtube_key(&comment)).await, [Verdict::Act]);
    let before = Grant::read(&world.vault().read("youtube").await.unwrap().unwrap()).unwrap();
    assert_eq!(before.refresh.expose_secret(), world.secrets.youtube_refresh_token);
    assert_ne!(before.access.expose_secret(), world.secrets.youtube_token);
    world.pass(30 * 86_400);
    world.youtube.simulator.state().tokens.clear();
    let tokens = world.tokens_at(&world.engine.address);
    let token = tokens.token(Platform::YouTube).await.unwrap();
    assert!(world.youtube.simulator.state().tokens.contains_key(token.expose_secret()));
}
