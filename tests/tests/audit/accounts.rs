//! How our accounts stand.

use casework::account::{AccountStop, Mode};
use casework::ledger::Accounts;
use rules::Platform;
use tests::World;
use tests::flow::{x_account, youtube_account};

use crate::support::{audit, revoke_youtube};

#[tokio::test]
async fn what_stopped_an_account_is_told() {
    let world = World::new().await;
    let now = world.clock.now();
    world.store.set_mode(&x_account(), Mode::Paused, now).await.unwrap();
    world.store.stop(&x_account(), &AccountStop::SpendingStopped("usage-capped".to_owned()), now).await.unwrap();
    world.store.stop(&youtube_account(), &AccountStop::Disconnected("invalid_grant".to_owned()), now).await.unwrap();
    let report = audit(&world).await;
    let problems = |platform: Platform| -> Vec<String> {
        let account = report.accounts.accounts.iter().find(|account| account.platform == platform).unwrap();
        account.problems.iter().map(|problem| problem.what.clone()).collect()
    };
    let x = problems(Platform::X);
    assert!(x.contains(&"paused".to_owned()) && x.contains(&"spending_stopped".to_owned()), "{x:?}");
    assert!(problems(Platform::YouTube).contains(&"disconnected".to_owned()));
}

#[tokio::test]
async fn a_grant_that_is_revoked_on_the_platform_is_found_by_asking() {
    let world = World::new().await;
    revoke_youtube(&world);
    let report = audit(&world).await;
    let account = report.accounts.accounts.iter().find(|account| account.platform == Platform::YouTube).unwrap();
    assert!(account.problems.iter().any(|problem| problem.what == "not_reached"), "{:?}", account.problems);
}
