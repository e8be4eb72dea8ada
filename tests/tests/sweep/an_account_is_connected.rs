//! `account connect`: a person's consent becomes a grant in the vault, of our account and of no other.

use lambda_kit::vault::Vault;
use local::stack::{X_USER, YOUTUBE_CHANNEL};
use platforms::TokenSource;
use reqwest::Url;
use rules::Platform;
use secrecy::ExposeSecret;
use tests::World;
use tests::connect::{browse, connect, connect_with};
use tests::world::{COMMENTER, FAN};
use tokens::Grant;

#[tokio::test]
async fn a_consent_becomes_a_grant_that_works() {
    let world = World::new().await;
    for (platform, id) in [(Platform::X, X_USER), (Platform::YouTube, YOUTUBE_CHANNEL)] {
        let before = world.vault().read(platform.key()).await.unwrap().unwrap();
        connect(&world, platform).await.unwrap();
        let after = world.vault().read(platform.key()).await.unwrap().unwrap();
        assert_ne!(before.expose_secret(), after.expose_secret());
        let grant = Grant::read(&after).unwrap();
        let token = world.tokens_at(&world.engine.address).token(platform).await.unwrap();
        assert_eq!(token.expose_secret(), grant.access.expose_secret());
        let subject = match platform {
            Platform::X => world.x.simulator.state().tokens[token.expose_secret()].user.clone().unwrap(),
            Platform::YouTube => world.youtube.simulator.state().tokens[token.expose_secret()].channel.clone(),
        };
        assert_eq!(subject, id);
    }
}

#[tokio::test]
async fn somebody_elses_consent_is_refused_and_the_old_grant_stays() {
    let world = World::new().await;
    world.x.simulator.state().oauth.person = Some(FAN.to_owned());
    world.youtube.simulator.state().oauth.person = Some(COMMENTER.to_owned());
    for platform in [Platform::X, Platform::YouTube] {
        let before = world.vault().read(platform.key()).await.unwrap().unwrap();
        let refused = connect(&world, platform).await.unwrap_err().to_string();
        assert!(refused.contains("sign in"), "{refused}");
        let after = world.vault().read(platform.key()).await.unwrap().unwrap();
        assert_eq!(before.expose_secret(), after.expose_secret());
    }
}

#[tokio::test]
async fn a_return_with_another_state_is_turned_away_and_the_right_one_still_counts() {
    let world = World::new().await;
    connect_with(&world, Platform::X, |url| {
        let redirect = url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
        let url = url.clone();
        tokio::spawn(async move {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let forged = Url::parse_with_params(&redirect, [("state", "forged"), ("code", "code")]).unwrap();
            assert_eq!(client.get(forged).send().await.unwrap().status().as_u16(), 400);
            browse(&url);
        });
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_person_who_declines_is_told_of() {
    let world = World::new().await;
    let declined = connect_with(&world, Platform::X, |url| {
        let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned();
        let query = [("state", value("state")), ("error", "access_denied".to_owned())];
        browse(&Url::parse_with_params(&value("redirect_uri"), query).unwrap());
    });
    assert!(declined.await.unwrap_err().to_string().contains("access_denied"));
}

#[tokio::test]
async fn the_proof_of_who_began_is_demanded_by_the_platform() {
    let world = World::new().await;
    let mut challenge = String::new();
    connect_with(&world, Platform::X, |url| {
        let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned();
        challenge = value("code_challenge");
        assert_eq!(value("code_challenge_method"), "S256");
        assert!(value("redirect_uri").starts_with("http://127.0.0.1:"));
        browse(url);
    })
    .await
    .unwrap();
    assert_eq!(challenge.len(), 43);
    let exchanged = world.x_requests().into_iter().find(|request| request.path == "/2/oauth2/token").unwrap();
    let body = String::from_utf8(exchanged.body.to_vec()).unwrap();
    assert!(body.contains("code_verifier=") && !body.contains(&challenge));
}
